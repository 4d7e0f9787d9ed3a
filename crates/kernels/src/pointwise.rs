//! A 1x1 convolution: the product of places and weights.

use super::product::{COLUMNS, Tile, Weights, accumulate, begin, dispatch_rows, next_rows, pack};
use super::vector::f32x4;

/// Weights of at most this many values stay in the first-level cache while all places are computed; of more, a panel does.
const NEAR_VALUES: usize = 6 * 1024;

/// A 1x1 convolution with its bias, before any activation.
#[derive(Debug)]
pub struct Pointwise {
    channels_in: usize,
    weights: Vec<Weights>,
    bias: Vec<f32>,
}

impl Pointwise {
    /// From weights `[out, in]` and bias `[out]`; `out` is a multiple of [`COLUMNS`].
    pub fn new(weights_out_in: &[f32], bias: Vec<f32>) -> Self {
        let channels_in = weights_out_in.len() / bias.len();
        Self { channels_in, weights: pack(weights_out_in, channels_in), bias }
    }

    /// Channels of the input.
    pub fn channels_in(&self) -> usize {
        self.channels_in
    }

    /// Channels of the output.
    pub fn channels_out(&self) -> usize {
        self.bias.len()
    }

    /// Convolves `input`, shape `[places, channels_in]`. Every eight values go to `finish(place, first channel, values)`,
    /// which applies the activation and stores them.
    #[inline(always)]
    pub fn run(&self, input: &[f32], mut finish: impl FnMut(usize, usize, [f32x4; 2])) {
        let places = input.len() / self.channels_in;
        let panels = self.channels_out() / COLUMNS;
        if self.weights.len() * COLUMNS <= NEAR_VALUES {
            for_tiles(places, |place, rows| {
                for panel in 0..panels {
                    dispatch_rows!(rows, self.tile(input, place, panel, &mut finish));
                }
            });
        } else {
            for panel in 0..panels {
                for_tiles(places, |place, rows| {
                    dispatch_rows!(rows, self.tile(input, place, panel, &mut finish));
                });
            }
        }
    }

    #[inline(always)]
    fn tile<const ROWS: usize, F: FnMut(usize, usize, [f32x4; 2])>(
        &self,
        input: &[f32],
        first_place: usize,
        panel: usize,
        finish: &mut F,
    ) {
        let channels = self.channels_in;
        let rows = std::array::from_fn(|row| &input[(first_place + row) * channels..][..channels]);
        let mut sums: Tile<ROWS> = begin(&self.bias, panel * COLUMNS);
        accumulate(&mut sums, rows, &self.weights[panel * channels..][..channels]);
        for (row, sums) in sums.into_iter().enumerate() {
            finish(first_place + row, panel * COLUMNS, sums);
        }
    }
}

#[inline(always)]
fn for_tiles(places: usize, mut tile: impl FnMut(usize, usize)) {
    let mut place = 0;
    while place < places {
        let rows = next_rows(places - place);
        tile(place, rows);
        place += rows;
    }
}
