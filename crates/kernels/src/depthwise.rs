//! Depthwise convolution: each channel filtered by itself, 3x3 or 5x5, with bias and ReLU6.
//!
//! A few neighbouring output places are computed together, since their filters overlap: each input is loaded once. Four
//! channels at a time keep the sums, a row of taps and an input in registers: with four places and five taps a row that is
//! eleven of the fifteen that engines on x86-64 have for a function.

use super::vector::{LANES, f32x4, load, mul_add, relu6, store};

/// A depthwise convolution, followed by ReLU6.
#[derive(Debug)]
pub struct Depthwise {
    kernel: usize,
    /// For every four channels their bias, then their `kernel * kernel` taps: the order in which they are read.
    weights: Vec<[f32; LANES]>,
}

impl Depthwise {
    /// From weights `[channels, kernel, kernel]` and bias `[channels]`; `channels` is a multiple of 4, `kernel` is 3 or 5.
    pub fn new(weights_chw: &[f32], kernel: usize, bias: &[f32]) -> Self {
        let taps = kernel * kernel;
        let mut weights = Vec::with_capacity(bias.len() / LANES * (1 + taps));
        for (filters, bias) in weights_chw.chunks_exact(LANES * taps).zip(bias.as_chunks::<LANES>().0) {
            weights.push(*bias);
            weights.extend((0..taps).map(|tap| std::array::from_fn(|channel| filters[channel * taps + tap])));
        }
        Self { kernel, weights }
    }

    /// The side of the filters.
    pub fn kernel(&self) -> usize {
        self.kernel
    }

    /// How many channels there are.
    pub fn channels(&self) -> usize {
        self.weights.len() / (1 + self.kernel * self.kernel) * LANES
    }

    /// One output row, `[width, channels]`, from the `kernel` input rows under its filters: `rows(tap)` is the input row of
    /// that row of taps. An input row begins at the place under the first output's left taps.
    pub fn row<'a>(&self, stride: usize, rows: impl Fn(usize) -> &'a [f32], output: &mut [f32]) {
        match (self.kernel, stride) {
            (3, 1) => self.strided_row::<3, 10, 1, 4>(std::array::from_fn(rows), output),
            (3, _) => self.strided_row::<3, 10, 2, 2>(std::array::from_fn(rows), output),
            (_, 1) => self.strided_row::<5, 26, 1, 4>(std::array::from_fn(rows), output),
            (_, _) => self.strided_row::<5, 26, 2, 4>(std::array::from_fn(rows), output),
        }
    }

    /// `VECTORS` is one bias and `KERNEL` * `KERNEL` taps.
    fn strided_row<const KERNEL: usize, const VECTORS: usize, const STRIDE: usize, const TOGETHER: usize>(
        &self,
        rows: [&[f32]; KERNEL],
        output: &mut [f32],
    ) {
        let width = output.len() / self.channels();
        let mut place = 0;
        while place < width {
            if width - place >= TOGETHER {
                self.outputs::<KERNEL, VECTORS, STRIDE, TOGETHER>(rows, place, output);
                place += TOGETHER;
            } else {
                self.outputs::<KERNEL, VECTORS, STRIDE, 1>(rows, place, output);
                place += 1;
            }
        }
    }

    /// `COUNT` neighbouring outputs from `place` on.
    #[inline(always)]
    fn outputs<const KERNEL: usize, const VECTORS: usize, const STRIDE: usize, const COUNT: usize>(
        &self,
        rows: [&[f32]; KERNEL],
        place: usize,
        output: &mut [f32],
    ) {
        let channels = self.channels();
        let columns = STRIDE * (COUNT - 1) + KERNEL;
        let rows = rows.map(|row| &row[place * STRIDE * channels..][..columns * channels]);
        let output = &mut output[place * channels..][..COUNT * channels];
        for (group, vectors) in self.weights.as_chunks::<VECTORS>().0.iter().enumerate() {
            let channel = group * LANES;
            let [bias, taps @ ..] = vectors.as_slice() else { continue };
            let mut sums = [load(bias, 0); COUNT];
            for (row, taps) in rows.into_iter().zip(taps.as_chunks::<KERNEL>().0) {
                let taps: [f32x4; KERNEL] = std::array::from_fn(|tap| load(&taps[tap], 0));
                for column in 0..columns {
                    let x = load(row, column * channels + channel);
                    for (index, sum) in sums.iter_mut().enumerate() {
                        if let Some(tap) = column.checked_sub(index * STRIDE).filter(|tap| *tap < KERNEL) {
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
