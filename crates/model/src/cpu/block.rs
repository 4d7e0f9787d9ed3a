//! An inverted residual, computed in bands of rows: the widened map, six times the input, never exists as a whole.
//!
//! For a band of output rows the widened rows that it looks at are computed into a small buffer, each channel is filtered by
//! itself, and the result is narrowed into the output. The last rows of a band's buffer are the first of the next, so that
//! no row is widened twice. What is passed on from step to step stays in the processor's second cache.

use std::ops::Range;

use super::depthwise::Depthwise;
use super::pointwise::Pointwise;
use super::vector::{LANES, load, relu6, store};
use crate::Padding;

/// A band's widened rows have about this many values (256 KiB).
const BAND_VALUES: usize = 64 * 1024;
/// Fewer places than this at a time would spend more on fetching weights than on using them.
const FEWEST_PLACES: usize = 24;
/// Rows and columns that a 3x3 filter looks at.
const TAPS: usize = 3;

/// Height and width of a map, in places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub height: usize,
    pub width: usize,
}

impl Extent {
    /// After a convolution at this stride.
    pub fn strided(self, stride: usize) -> Self {
        Self { height: self.height.div_ceil(stride), width: self.width.div_ceil(stride) }
    }

    /// Number of places.
    pub fn places(self) -> usize {
        self.height * self.width
    }
}

/// How many places of padding lie before a side of this length.
pub fn padding_before(padding: Padding, stride: usize, side: usize) -> usize {
    match padding {
        Padding::Tensorflow if stride == 2 && side.is_multiple_of(2) => 0,
        _ => 1,
    }
}

/// What blocks compute in, used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Widened rows, each `[1 + width + 1, channels]` with a place of padding on both sides.
    wide: Vec<f32>,
    /// Filtered rows, `[width, channels]`.
    filtered: Vec<f32>,
    /// Where each place of the widened rows lies in `wide`.
    offsets: Vec<usize>,
}

/// An inverted residual with its weights packed.
#[derive(Debug)]
pub struct Block {
    pub expand: Option<Pointwise>,
    pub depthwise: Depthwise,
    pub project: Pointwise,
    pub stride: usize,
    pub residual: bool,
    pub padding: Padding,
}

impl Block {
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

    /// Like [`Self::forward`], with the widened rows from elsewhere: `widen(rows, offsets, wide)` computes these rows, the
    /// place `p` of them going to `wide[offsets[p]..]`.
    pub fn forward_from(
        &self,
        mut widen: impl FnMut(Range<usize>, &[usize], &mut [f32]),
        shortcut: Option<&[f32]>,
        extent: Extent,
        scratch: &mut Scratch,
        output: &mut [f32],
    ) {
        let channels = self.depthwise.channels();
        let row_values = (extent.width + 2) * channels;
        let out = extent.strided(self.stride);
        let band_rows = self.band_rows(row_values, out);
        let most_rows = (band_rows - 1) * self.stride + TAPS;
        let Scratch { wide, filtered, offsets } = scratch;
        grow(wide, most_rows * row_values);
        grow(filtered, band_rows * out.width * channels);
        offsets.clear();
        offsets.extend(
            (0..most_rows * extent.width)
                .map(|place| place / extent.width * row_values + (place % extent.width + 1) * channels),
        );

        let before = padding_before(self.padding, self.stride, extent.height);
        let left = (1 - padding_before(self.padding, self.stride, extent.width)) * channels;
        // Rows are counted with one of padding above the first.
        let mut done = 0_usize;
        for first_out in (0..out.height).step_by(band_rows) {
            let band = first_out..(first_out + band_rows).min(out.height);
            let first = band.start * self.stride + 1 - before;
            let end = (band.end - 1) * self.stride + 1 - before + TAPS;
            // What the band before has left over moves to the front.
            let kept = done.saturating_sub(first);
            let moved = (band_rows * self.stride) * row_values;
            wide.copy_within(moved..moved + kept * row_values, 0);
            for row in first + kept..end {
                let values = &mut wide[(row - first) * row_values..][..row_values];
                if (1..=extent.height).contains(&row) {
                    values[..channels].fill(0.0);
                    values[row_values - channels..].fill(0.0);
                } else {
                    values.fill(0.0);
                }
            }
            let fresh = (first + kept).max(1)..end.min(extent.height + 1);
            if !fresh.is_empty() {
                let rows = fresh.start - 1..fresh.end - 1;
                widen(
                    rows.clone(),
                    &offsets[..rows.len() * extent.width],
                    &mut wide[(fresh.start - first) * row_values..],
                );
            }
            done = end;

            for (index, filtered) in filtered.chunks_exact_mut(out.width * channels).take(band.len()).enumerate() {
                let tap_row = |tap| &wide[(index * self.stride + tap) * row_values + left..][..row_values - left];
                self.depthwise.row(self.stride, std::array::from_fn(tap_row), filtered);
            }
            let first_place = band.start * out.width;
            self.narrow(&filtered[..band.len() * out.width * channels], first_place, shortcut, output);
        }
    }

    fn narrow(&self, filtered: &[f32], first_place: usize, shortcut: Option<&[f32]>, output: &mut [f32]) {
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
        let that_fit = (BAND_VALUES / row_values).saturating_sub(TAPS) / self.stride + 1;
        that_fit.max(FEWEST_PLACES.div_ceil(out.width)).min(out.height)
    }
}

/// Makes room for `length` values. What was there may stay: it is written before it is read.
fn grow(values: &mut Vec<f32>, length: usize) {
    if values.len() < length {
        values.resize(length, 0.0);
    }
}
