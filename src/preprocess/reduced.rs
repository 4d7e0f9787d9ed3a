//! The size at which a JPEG is decoded, if reduced.
//!
//! A JPEG decoder can produce an image at any number of eighths of its size in less time than the whole: it computes fewer
//! values of every 8 x 8 block (`scale_num` of the Independent JPEG Group's library).

/// Above this many eighths, reduced decoding is no faster than decoding the whole image.
const MAX_EIGHTHS: u32 = 4;

/// The smallest size, in pixels, at which an image of `width` x `height` pixels can be decoded such that its shorter side has
/// at least `least_px`. `None` if that is more than half of the full size.
pub fn reduced_size(width: u32, height: u32, least_px: u32) -> Option<(u32, u32)> {
    let scaled = |side: u32, eighths: u32| (u64::from(side) * u64::from(eighths)).div_ceil(8) as u32;
    (1..=MAX_EIGHTHS)
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
