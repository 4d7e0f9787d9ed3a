//! A 3x3 convolution of each channel by itself, with bias and ReLU6.

use super::vector::{LANES, f32x4, load, mul_add, relu6, store};

/// Output places computed together: they share inputs, and with the nine weights fill the registers.
const TOGETHER: usize = 2;

/// A depthwise 3x3 convolution, followed by ReLU6.
#[derive(Debug)]
pub struct Depthwise {
    /// `[9, channels]`: a tap's weights for all channels lie together.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Depthwise {
    /// From weights `[channels, 3, 3]` and bias `[channels]`; `channels` is a multiple of 4.
    pub fn new(weights_chw: &[f32], bias: Vec<f32>) -> Self {
        let weights = (0..9).flat_map(|tap| weights_chw.iter().skip(tap).step_by(9).copied()).collect();
        Self { weights, bias }
    }

    /// How many channels there are.
    pub fn channels(&self) -> usize {
        self.bias.len()
    }

    /// One output row, `[width, channels]`, from the three input rows that it looks at. Their first place is the one that
    /// the first output's left taps look at.
    pub fn row(&self, stride: usize, inputs: [&[f32]; 3], output: &mut [f32]) {
        match stride {
            1 => self.strided_row::<1>(inputs, output),
            _ => self.strided_row::<2>(inputs, output),
        }
    }

    fn strided_row<const STRIDE: usize>(&self, inputs: [&[f32]; 3], output: &mut [f32]) {
        let channels = self.channels();
        let width = output.len() / channels;
        for channel in (0..channels).step_by(LANES) {
            let weights: [f32x4; 9] = std::array::from_fn(|tap| load(&self.weights, tap * channels + channel));
            let bias = load(&self.bias, channel);
            let mut place = 0;
            while place < width {
                let from = place * STRIDE * channels + channel;
                let to = place * channels + channel;
                if width - place >= TOGETHER {
                    let sums = outputs::<STRIDE, TOGETHER>(inputs, from, channels, &weights, bias);
                    for (index, sum) in sums.into_iter().enumerate() {
                        store(output, to + index * channels, relu6(sum));
                    }
                    place += TOGETHER;
                } else {
                    let [sum] = outputs::<STRIDE, 1>(inputs, from, channels, &weights, bias);
                    store(output, to, relu6(sum));
                    place += 1;
                }
            }
        }
    }
}

/// `COUNT` neighbouring outputs of four channels. Each input is loaded once, for all outputs that look at it.
#[inline(always)]
fn outputs<const STRIDE: usize, const COUNT: usize>(
    inputs: [&[f32]; 3],
    from: usize,
    channels: usize,
    weights: &[f32x4; 9],
    bias: f32x4,
) -> [f32x4; COUNT] {
    let mut sums = [bias; COUNT];
    for (tap_row, input) in inputs.into_iter().enumerate() {
        for column in 0..STRIDE * (COUNT - 1) + 3 {
            let x = load(input, from + column * channels);
            for (index, sum) in sums.iter_mut().enumerate() {
                if let Some(tap_column) = column.checked_sub(index * STRIDE).filter(|tap| *tap < 3) {
                    *sum = mul_add(x, weights[tap_row * 3 + tap_column], *sum);
                }
            }
        }
    }
    sums
}
