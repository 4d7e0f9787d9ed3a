//! A 3x3 convolution of each channel by itself, with bias and ReLU6.
//!
//! A few neighbouring output places are computed together, since they look at many of the same inputs: each is loaded once.
//! Four channels at a time keep the sums, a row of taps and an input in registers.

use super::vector::{LANES, f32x4, load, mul_add, relu6, store};

const TAPS_A_ROW: usize = 3;
const TAPS: usize = TAPS_A_ROW * TAPS_A_ROW;

/// A depthwise 3x3 convolution, followed by ReLU6.
#[derive(Debug)]
pub struct Depthwise {
    /// For every four channels their bias, then their nine taps: the order in which they are read.
    weights: Vec<[[f32; LANES]; 1 + TAPS]>,
}

impl Depthwise {
    /// From weights `[channels, 3, 3]` and bias `[channels]`; `channels` is a multiple of 4.
    pub fn new(weights_chw: &[f32], bias: &[f32]) -> Self {
        let filters = weights_chw.as_chunks::<TAPS>().0.as_chunks::<LANES>().0;
        let pack = |(filters, bias): (&[[f32; TAPS]; LANES], &[f32; LANES])| {
            let mut packed = [*bias; 1 + TAPS];
            for (tap, packed) in packed[1..].iter_mut().enumerate() {
                *packed = filters.map(|filter| filter[tap]);
            }
            packed
        };
        Self { weights: filters.iter().zip(bias.as_chunks::<LANES>().0).map(pack).collect() }
    }

    /// How many channels there are.
    pub fn channels(&self) -> usize {
        self.weights.len() * LANES
    }

    /// One output row, `[width, channels]`, from the three input rows that it looks at. Their first place is the one that
    /// the first output's left taps look at.
    pub fn row(&self, stride: usize, inputs: [&[f32]; TAPS_A_ROW], output: &mut [f32]) {
        match stride {
            1 => self.strided_row::<1, 4>(inputs, output),
            _ => self.strided_row::<2, 2>(inputs, output),
        }
    }

    fn strided_row<const STRIDE: usize, const TOGETHER: usize>(
        &self,
        inputs: [&[f32]; TAPS_A_ROW],
        output: &mut [f32],
    ) {
        let width = output.len() / self.channels();
        let mut place = 0;
        while place < width {
            if width - place >= TOGETHER {
                self.outputs::<STRIDE, TOGETHER>(inputs, place, output);
                place += TOGETHER;
            } else {
                self.outputs::<STRIDE, 1>(inputs, place, output);
                place += 1;
            }
        }
    }

    /// `COUNT` neighbouring outputs from `place` on.
    #[inline(always)]
    fn outputs<const STRIDE: usize, const COUNT: usize>(
        &self,
        inputs: [&[f32]; TAPS_A_ROW],
        place: usize,
        output: &mut [f32],
    ) {
        let channels = self.channels();
        let columns = STRIDE * (COUNT - 1) + TAPS_A_ROW;
        let inputs = inputs.map(|input| &input[place * STRIDE * channels..][..columns * channels]);
        let output = &mut output[place * channels..][..COUNT * channels];
        for (group, [bias, weights @ ..]) in self.weights.iter().enumerate() {
            let channel = group * LANES;
            let mut sums = [load(bias, 0); COUNT];
            for (input, taps) in inputs.into_iter().zip(weights.as_chunks::<TAPS_A_ROW>().0) {
                let taps: [f32x4; TAPS_A_ROW] = std::array::from_fn(|tap| load(&taps[tap], 0));
                for column in 0..columns {
                    let x = load(input, column * channels + channel);
                    for (index, sum) in sums.iter_mut().enumerate() {
                        if let Some(tap) = column.checked_sub(index * STRIDE).filter(|tap| *tap < TAPS_A_ROW) {
                            *sum = mul_add(x, taps[tap], *sum);
                        }
                    }
                }
            }
            for (index, sum) in sums.into_iter().enumerate() {
                store(output, index * channels + channel, relu6(sum));
            }
        }
    }
}
