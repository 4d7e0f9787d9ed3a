//! The first convolution: 3x3 at stride 2 from three colours, with ReLU6.

use super::product::{COLUMNS, Tile, Weights, accumulate, begin, dispatch_rows, next_rows, pack};
use super::vector::{LANES, relu6, store};

const COLOURS: usize = 3;
/// Values under one row of a filter: three adjacent places of three colours.
const TAPS_PER_ROW: usize = 3 * COLOURS;
const STRIDE: usize = 2;

/// The first convolution with its bias, followed by ReLU6.
#[derive(Debug)]
pub struct Stem {
    weights: Vec<Weights>,
    bias: Vec<f32>,
}

impl Stem {
    /// From weights `[out, 3, 3, 3]` (out, colour, row, column) and bias `[out]`; `out` is a multiple of [`COLUMNS`].
    pub fn new(weights_ochw: &[f32], bias: Vec<f32>) -> Self {
        let mut by_row_column_colour = Vec::with_capacity(weights_ochw.len());
        for filter in weights_ochw.chunks_exact(9 * COLOURS) {
            by_row_column_colour.extend((0..9 * COLOURS).map(|tap| filter[tap % COLOURS * 9 + tap / COLOURS]));
        }
        Self { weights: pack(&by_row_column_colour, 9 * COLOURS), bias }
    }

    /// Channels of the output.
    pub fn channels_out(&self) -> usize {
        self.bias.len()
    }

    /// One output row, `[width, channels_out]`, from the three input rows (`[.., 3]`) under its filters. They begin at the
    /// place under the first output's left taps.
    pub fn row(&self, inputs: [&[f32]; 3], output: &mut [f32]) {
        let width = output.len() / self.channels_out();
        let mut place = 0;
        while place < width {
            let rows = next_rows(width - place);
            for panel in 0..self.channels_out() / COLUMNS {
                dispatch_rows!(rows, self.tile(inputs, place, panel, &mut *output));
            }
            place += rows;
        }
    }

    #[inline(always)]
    fn tile<const ROWS: usize, O: AsMut<[f32]>>(
        &self,
        inputs: [&[f32]; 3],
        first_place: usize,
        panel: usize,
        mut output: O,
    ) {
        let mut sums: Tile<ROWS> = begin(&self.bias, panel * COLUMNS);
        let weights = &self.weights[panel * 9 * COLOURS..][..9 * COLOURS];
        for (input, weights) in inputs.into_iter().zip(weights.chunks_exact(TAPS_PER_ROW)) {
            let taps = |row| &input[(first_place + row) * STRIDE * COLOURS..][..TAPS_PER_ROW];
            accumulate(&mut sums, std::array::from_fn(taps), weights);
        }
        for (row, [low, high]) in sums.into_iter().enumerate() {
            let index = (first_place + row) * self.channels_out() + panel * COLUMNS;
            store(output.as_mut(), index, relu6(low));
            store(output.as_mut(), index + LANES, relu6(high));
        }
    }
}
