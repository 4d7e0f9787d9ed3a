//! How much detail an image really shows: an enlarged or blurred copy has more pixels than it has detail.
//!
//! The power spectrum of images of nature falls with the square of the frequency (Field, "Relations between the statistics of
//! natural images and the response properties of cortical cells", 1987). Multiplied by that square it is about level up to the
//! frequency at which the detail ends, whatever the number of pixels.

use std::f32::consts::TAU;

/// The side of the tiles in which detail is measured, in pixels of the whole image; a smaller image has smaller tiles.
pub const TILE_PX: u32 = 256;
/// The number of tiles along each side of the image.
const TILES: u32 = 3;
/// The number of bands of frequencies; the side of a tile is a multiple of twice as many pixels.
const BANDS: usize = 32;
/// One of so many lines of a tile is measured.
const LINE_STEP: usize = 8;
/// The power of rounding and compression, in squared grey levels, which is no detail.
const NOISE: f32 = 1.0;

/// The upper left corners and the side, in pixels, of the tiles that are measured of an image; `None` if it is too small.
pub fn tile_corners(width: u32, height: u32) -> Option<(Vec<(u32, u32)>, u32)> {
    let unit = 2 * BANDS as u32;
    let side = width.min(height).min(TILE_PX) / unit * unit;
    if side == 0 {
        return None;
    }
    // A small image has few tiles: overlapping ones would add nothing.
    let starts = |length: u32| -> Vec<u32> {
        let room = length - side;
        let count = TILES.min(1 + room / side);
        (0..count).map(|index| room * (2 * index + 1) / (2 * count)).collect()
    };
    let columns = starts(width);
    let tiles = starts(height).into_iter().flat_map(|top| columns.iter().map(move |&left| (left, top)));
    Some((tiles.collect(), side))
}

/// The share of an image's pixels, above 0 and at most 1, that would suffice for its detail. `tiles` are grey values of square
/// tiles with this `side`, in pixels, as [`tile_corners`] gives it. 1 for an image without any contrast, of which nothing can be
/// said.
pub fn detail_share(tiles: &[Vec<u8>], side: u32) -> f32 {
    let side = side as usize;
    let rows = |tile: &[u8], line: usize| -> Vec<f32> {
        tile[line * side..][..side].iter().map(|&grey| grey.into()).collect()
    };
    let columns =
        |tile: &[u8], line: usize| -> Vec<f32> { tile[line..].iter().step_by(side).map(|&grey| grey.into()).collect() };
    filled_share(tiles, side, rows) * filled_share(tiles, side, columns)
}

/// The share of the frequencies along the lines that `line_of` reads from the tiles in which there is detail.
fn filled_share(tiles: &[Vec<u8>], side: usize, line_of: impl Fn(&[u8], usize) -> Vec<f32>) -> f32 {
    let spectrum = Spectrum::new(side);
    let mut powers = [0.0_f32; BANDS];
    let mut count = 0.0_f32;
    for tile in tiles {
        for line in (0..side).step_by(LINE_STEP) {
            spectrum.add_powers(&line_of(tile, line), &mut powers);
            count += 1.0;
        }
    }
    let mut level = [0.0_f32; BANDS];
    for (band, level) in level.iter_mut().enumerate() {
        *level = (powers[band] / count.max(1.0) - NOISE).max(0.0) * (band as f32 + 0.5).powi(2);
    }
    // The lowest band is that of light and shade, not of detail.
    let highest = level[1..].iter().copied().fold(0.0, f32::max);
    if highest <= 0.0 {
        return 1.0;
    }
    // Squared, since the interpolation between pixels leaves weak copies of the detail at frequencies that have none.
    level[1..].iter().map(|level| (level / highest).powi(2)).sum::<f32>() / (BANDS - 1) as f32
}

/// A discrete Fourier transform of lines of pixels, of which only the power in bands is wanted.
struct Spectrum {
    side: usize,
    cosines: Vec<f32>,
    window: Vec<f32>,
}

impl Spectrum {
    fn new(side: usize) -> Self {
        let cosines: Vec<f32> = (0..side).map(|at| (TAU * at as f32 / side as f32).cos()).collect();
        // Hann's window: without it, the ends of a line would look like an edge. Its mean square is 3/8.
        let window = cosines.iter().map(|cosine| (1.0 - cosine) / 2.0 / (0.375 * side as f32).sqrt()).collect();
        Self { side, cosines, window }
    }

    /// Adds the mean power of each band: 1 in all bands for noise of variance 1.
    fn add_powers(&self, line: &[f32], powers: &mut [f32; BANDS]) {
        let mean = line.iter().sum::<f32>() / self.side as f32;
        let line: Vec<f32> = line.iter().zip(&self.window).map(|(grey, window)| (grey - mean) * window).collect();
        let width = self.side / 2 / BANDS;
        for (band, power) in powers.iter_mut().enumerate() {
            for frequency in band * width..(band + 1) * width {
                let (mut real, mut imaginary) = (0.0, 0.0);
                let mut phase = 0;
                for value in &line {
                    real += value * self.cosines[phase];
                    // A quarter further, the cosine is the sine.
                    let quarter = phase + self.side / 4;
                    imaginary += value * self.cosines[if quarter < self.side { quarter } else { quarter - self.side }];
                    phase += frequency;
                    if phase >= self.side {
                        phase -= self.side;
                    }
                }
                *power += (real * real + imaginary * imaginary) / width as f32;
            }
        }
    }
}
