//! The kernel that takes most of the time: a few places times eight output channels, summed in registers.
//!
//! An output tile is `ROWS` places by [`COLUMNS`] channels. For each input channel two vectors of weights are loaded and, for
//! each place, one input value is broadcast to a vector: `2 * ROWS` multiply-adds for `ROWS + 2` loads. With six rows the sums
//! take twelve registers, the weights two and the input one: the fifteen that engines on x86-64 have for a function. Without
//! a fused multiply-add the product takes one more, so that five rows fit.
//!
//! This holds only if the instructions keep the order of the source: by default LLVM loads all inputs first, and the engine,
//! which keeps that order, spills them to the stack, at half the speed. Hence the option `-pre-RA-sched=source` in
//! `scripts/build-site`.

use super::vector::{LANES, f32x4, load, mul_add};

/// Output channels of a tile: two vectors. Every layer has a multiple of it.
pub const COLUMNS: usize = 2 * LANES;

/// The weights of [`COLUMNS`] output channels for one input channel.
pub type Weights = [f32; COLUMNS];

/// The largest number of places in a tile.
const ROWS_MAX: usize = if cfg!(target_feature = "relaxed-simd") { 6 } else { 5 };

/// A tile's sums: two vectors per place.
pub type Tile<const ROWS: usize> = [[f32x4; 2]; ROWS];

/// A tile that starts with the bias of its channels.
#[inline(always)]
pub fn begin<const ROWS: usize>(bias: &[f32], first_column: usize) -> Tile<ROWS> {
    [[load(bias, first_column), load(bias, first_column + LANES)]; ROWS]
}

/// Adds `inputs[row][channel] * weights[channel][column]` to a tile, over all channels of `weights`.
#[inline(always)]
pub fn accumulate<const ROWS: usize>(sums: &mut Tile<ROWS>, inputs: [&[f32]; ROWS], weights: &[Weights]) {
    // With equal lengths the loop needs no bounds checks.
    let inputs = inputs.map(|row| &row[..weights.len()]);
    for (channel, weights) in weights.iter().enumerate() {
        let (low, high) = (load(weights, 0), load(weights, LANES));
        for (sums, input) in sums.iter_mut().zip(inputs) {
            let x = f32x4::splat(input[channel]);
            sums[0] = mul_add(x, low, sums[0]);
            sums[1] = mul_add(x, high, sums[1]);
        }
    }
}

/// Weights `[out, in]` in the order in which they are read: panels of [`COLUMNS`] output channels, each `[in, COLUMNS]`.
pub fn pack(weights_out_in: &[f32], channels_in: usize) -> Vec<Weights> {
    let pack_panel = |panel: &[f32]| -> Vec<Weights> {
        let of_channel = |channel| std::array::from_fn(|column| panel[column * channels_in + channel]);
        (0..channels_in).map(of_channel).collect()
    };
    weights_out_in.chunks_exact(COLUMNS * channels_in).flat_map(pack_panel).collect()
}

/// How many of the `left` places the next tile takes: as many as fit, except that the last two tiles are of equal size.
pub fn next_rows(left: usize) -> usize {
    if left <= ROWS_MAX {
        left
    } else if left < 2 * ROWS_MAX {
        left.div_ceil(2)
    } else {
        ROWS_MAX
    }
}

/// Calls `tile::<ROWS>(arguments)` for `rows`, a result of [`next_rows`].
macro_rules! dispatch_rows {
    ($rows:expr, $object:ident.$tile:ident($($argument:expr),*)) => {
        match $rows {
            1 => $object.$tile::<1, _>($($argument),*),
            2 => $object.$tile::<2, _>($($argument),*),
            3 => $object.$tile::<3, _>($($argument),*),
            4 => $object.$tile::<4, _>($($argument),*),
            5 => $object.$tile::<5, _>($($argument),*),
            _ => $object.$tile::<6, _>($($argument),*),
        }
    };
}
pub(super) use dispatch_rows;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_every_place_once() {
        for places in 1..200 {
            let mut left = places;
            while left > 0 {
                let rows = next_rows(left);
                assert!((1..=ROWS_MAX).contains(&rows) && rows <= left, "{rows} of {left}");
                assert!(rows > 2 || places < 3, "{places} places leave a tile of {rows}");
                left -= rows;
            }
        }
    }

    #[test]
    fn packed_weights_are_in_reading_order() {
        let weights: Vec<f32> = (0..16 * 3).map(|value| value as f32).collect();
        let packed = pack(&weights, 3);
        assert_eq!(packed.len(), 2 * 3);
        assert_eq!(packed[1], [1.0, 4.0, 7.0, 10.0, 13.0, 16.0, 19.0, 22.0], "channel 1 of outputs 0 to 7");
        assert_eq!(packed[3][0], 24.0, "channel 0 of output 8");
    }
}
