//! How much smaller a JPEG may be decoded than it is.
//!
//! A JPEG decoder can give a picture at any number of eighths of its size for less than the whole would take: it computes
//! fewer values of every 8 x 8 block (Independent JPEG Group's `scale_num`).

/// Above this many eighths a reduced decoding is no quicker than a whole one.
const MOST_EIGHTHS: u32 = 4;

/// The size, in pixels, of a reduced decoding of a picture of `width` x `height` pixels: the smallest whose shorter side
/// has at least `least_px`. `None` where only more than half of the size would do.
pub fn reduced_size(width: u32, height: u32, least_px: u32) -> Option<(u32, u32)> {
    let scaled = |side: u32, eighths: u32| (u64::from(side) * u64::from(eighths)).div_ceil(8) as u32;
    (1..=MOST_EIGHTHS)
        .find(|&eighths| scaled(width.min(height), eighths) >= least_px)
        .map(|eighths| (scaled(width, eighths), scaled(height, eighths)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_is_enough_is_taken() {
        assert_eq!(reduced_size(4000, 3000, 256), Some((500, 375)));
        assert_eq!(reduced_size(3000, 4000, 375), Some((375, 500)));
        assert_eq!(reduced_size(4000, 3000, 376), Some((1000, 750)));
        assert_eq!(reduced_size(1001, 513, 257), Some((501, 257)));
        assert_eq!(reduced_size(640, 480, 256), None);
        assert_eq!(reduced_size(u32::MAX, u32::MAX, 1), Some((1 << 29, 1 << 29)));
    }
}
