//! Noise for rough surfaces.

/// A hash of a position on a grid, from 0 to 1.
pub(super) fn hash(x: i32, y: i32, seed: u32) -> f32 {
    let mut bits = seed ^ (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77);
    for _ in 0..2 {
        bits = (bits ^ (bits >> 15)).wrapping_mul(0x2C1B_3C6D);
        bits = (bits ^ (bits >> 12)).wrapping_mul(0x297A_2D39);
    }
    ((bits ^ (bits >> 15)) >> 8) as f32 / (1 << 24) as f32
}

/// Smooth noise from 0 to 1 whose lumps are about one unit wide.
pub(super) fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (across, down) = (x - left, y - top);
    let (across, down) = (across * across * (3.0 - 2.0 * across), down * down * (3.0 - 2.0 * down));
    let (left, top) = (left as i32, top as i32);
    let corner = |dx, dy| hash(left + dx, top + dy, seed);
    let upper = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * across;
    let lower = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * across;
    upper + (lower - upper) * down
}

/// Noise from 0 to 1 with finer lumps upon the coarse ones.
pub(super) fn rough(x: f32, y: f32, octaves: i32, seed: u32) -> f32 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for octave in 0..octaves {
        let finer = 2.0_f32.powi(octave);
        sum += noise(x * finer, y * finer, seed.wrapping_add(octave as u32)) / finer;
        weights += 1.0 / finer;
    }
    sum / weights
}
