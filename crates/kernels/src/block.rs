//! An inverted residual, computed in bands of rows: the expanded map, six times the input, never exists as a whole.
//!
//! For a band of output rows the expanded rows under its filters are computed into a small buffer, each channel is filtered by
//! itself, and the result is projected into the output. The last rows of a band's buffer are the first of the next, so that
//! no row is expanded twice. The data between these steps stays in the second-level cache.

use std::ops::Range;

use shoal::backbones::Padding;

use super::depthwise::Depthwise;
use super::pointwise::Pointwise;
use super::vector::{LANES, load, relu6, store};

/// A band's expanded rows have about this many values (256 KiB).
const BAND_VALUES: usize = 64 * 1024;
/// With fewer places at a time, loading weights would take longer than using them.
const PLACES_MIN: usize = 24;

/// Height and width of a map, in places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Rows of places.
    pub height: usize,
    /// Places in a row.
    pub width: usize,
}

impl Extent {
    /// The extent after a convolution at this stride.
    pub fn strided(self, stride: usize) -> Self {
        Self { height: self.height.div_ceil(stride), width: self.width.div_ceil(stride) }
    }

    /// The number of places.
    pub fn places(self) -> usize {
        self.height * self.width
    }
}

/// Buffers for the insides of blocks, reused from block to block.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Expanded rows, each `[margin + width + margin, channels]`, where the margin is half a filter of padding.
    wide: Vec<f32>,
    /// Filtered rows, `[width, channels]`.
    filtered: Vec<f32>,
    /// The index in `wide` of each place of the expanded rows.
    offsets: Vec<usize>,
}

/// An inverted residual with its weights packed.
#[derive(Debug)]
pub struct Block {
    pub(crate) expand: Option<Pointwise>,
    pub(crate) depthwise: Depthwise,
    pub(crate) project: Pointwise,
    pub(crate) stride: usize,
    pub(crate) residual: bool,
    pub(crate) padding: Padding,
}

impl Block {
    /// Channels of the input.
    pub fn channels_in(&self) -> usize {
        self.expand.as_ref().map_or(self.depthwise.channels(), Pointwise::channels_in)
    }

    /// Channels of the output.
    pub fn channels_out(&self) -> usize {
        self.project.channels_out()
    }

    /// From `input` (`[height, width, channels_in]`) to `output` (`[height / stride, width / stride, channels_out]`).
    pub fn forward(&self, input: &[f32], extent: Extent, scratch: &mut Scratch, output: &mut [f32]) {
        let row_values = input.len() / extent.height;
        let shortcut = self.residual.then_some(input);
        let expand = |rows: Range<usize>, offsets: &[usize], wide: &mut [f32]| {
            let input = &input[rows.start * row_values..rows.end * row_values];
            match &self.expand {
                Some(expand) => expand.run(input, |place, channel, [low, high]| {
                    let index = offsets[place] + channel;
                    store(wide, index, relu6(low));
                    store(wide, index + LANES, relu6(high));
                }),
                None => {
                    let channels = self.depthwise.channels();
                    for (place, &offset) in input.chunks_exact(channels).zip(offsets) {
                        wide[offset..offset + channels].copy_from_slice(place);
                    }
                }
            }
        };
        self.forward_from(expand, shortcut, extent, scratch, output);
    }

    /// Like [`Self::forward`], with the expanded rows from elsewhere: `expand(rows, offsets, wide)` computes these rows,
    /// the place `p` of them into `wide[offsets[p]..]`.
    pub(crate) fn forward_from(
        &self,
        mut expand: impl FnMut(Range<usize>, &[usize], &mut [f32]),
        shortcut: Option<&[f32]>,
        extent: Extent,
        scratch: &mut Scratch,
        output: &mut [f32],
    ) {
        let (channels, kernel, stride) = (self.depthwise.channels(), self.depthwise.kernel(), self.stride);
        let margin = kernel / 2;
        let row_values = (extent.width + 2 * margin) * channels;
        let out = extent.strided(stride);
        let band_rows = self.band_rows(row_values, out);
        let rows_max = (band_rows - 1) * stride + kernel;
        let Scratch { wide, filtered, offsets } = scratch;
        grow(wide, rows_max * row_values);
        grow(filtered, band_rows * out.width * channels);
        offsets.clear();
        offsets.extend(
            (0..rows_max * extent.width)
                .map(|place| place / extent.width * row_values + (place % extent.width + margin) * channels),
        );

        // Rows are counted with the upper margin before the first; where less padding is due, the filters begin inside it.
        let top = margin - self.padding.before(kernel, stride, extent.height);
        let left = (margin - self.padding.before(kernel, stride, extent.width)) * channels;
        let inside = margin..margin + extent.height;
        let mut done = 0_usize;
        for first_out in (0..out.height).step_by(band_rows) {
            let band = first_out..(first_out + band_rows).min(out.height);
            let first = band.start * stride + top;
            let end = (band.end - 1) * stride + top + kernel;
            // The rows that overlap with the previous band move to the front.
            let kept = done.saturating_sub(first);
            let moved = band_rows * stride * row_values;
            wide.copy_within(moved..moved + kept * row_values, 0);
            for row in first + kept..end {
                let values = &mut wide[(row - first) * row_values..][..row_values];
                if inside.contains(&row) {
                    values[..margin * channels].fill(0.0);
                    values[row_values - margin * channels..].fill(0.0);
                } else {
                    values.fill(0.0);
                }
            }
            let new = (first + kept).max(inside.start)..end.min(inside.end);
            if !new.is_empty() {
                let rows = new.start - margin..new.end - margin;
                let offsets = &offsets[..rows.len() * extent.width];
                expand(rows, offsets, &mut wide[(new.start - first) * row_values..]);
            }
            done = end;

            for (index, filtered) in filtered.chunks_exact_mut(out.width * channels).take(band.len()).enumerate() {
                let tap_row = |tap| &wide[(index * stride + tap) * row_values + left..][..row_values - left];
                self.depthwise.row(stride, tap_row, filtered);
            }
            let first_place = band.start * out.width;
            self.project(&filtered[..band.len() * out.width * channels], first_place, shortcut, output);
        }
    }

    fn project(&self, filtered: &[f32], first_place: usize, shortcut: Option<&[f32]>, output: &mut [f32]) {
        let channels = self.channels_out();
        match shortcut {
            Some(shortcut) => self.project.run(filtered, |place, channel, [low, high]| {
                let index = (first_place + place) * channels + channel;
                store(output, index, low + load(shortcut, index));
                store(output, index + LANES, high + load(shortcut, index + LANES));
            }),
            None => self.project.run(filtered, |place, channel, [low, high]| {
                let index = (first_place + place) * channels + channel;
                store(output, index, low);
                store(output, index + LANES, high);
            }),
        }
    }

    fn band_rows(&self, row_values: usize, out: Extent) -> usize {
        let that_fit = (BAND_VALUES / row_values).saturating_sub(self.depthwise.kernel()) / self.stride + 1;
        that_fit.max(PLACES_MIN.div_ceil(out.width)).min(out.height)
    }
}

/// Makes room for `length` values, of which every one is written before it is read.
fn grow(values: &mut Vec<f32>, length: usize) {
    if values.len() < length {
        values.resize(length, 0.0);
    }
}
