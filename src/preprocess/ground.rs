//! The colour behind a transparent image, on which its content is visible.

const RGBA: usize = 4;
/// White, behind most images: their transparent parts are margins or shadows.
const LIGHT: u8 = 255;
/// The grey behind light content.
const DARK: u8 = 32;
/// An image is mostly opaque, and stays on white, if it is less transparent than this on average, 0 to 1.
const LEAST_TRANSPARENCY: f64 = 0.05;
/// Content whose mean luma differs by less than this share of the range from white is hardly visible on it.
const LEAST_CONTRAST: f64 = 0.15;

/// The grey, 0 to 255, over which an image is composited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground(u8);

impl Ground {
    /// White: that of opaque images.
    pub const WHITE: Self = Self(LIGHT);

    /// The ground of an image (red, green, blue and straight alpha): dark if it is transparent and its content so light that it
    /// would be lost on white, such as white glyphs; otherwise white.
    pub fn of(rgba_pixels: &[u8]) -> Self {
        let (mut opacity, mut darkness) = (0_u64, 0_u64);
        let pixels = rgba_pixels.as_chunks::<RGBA>().0;
        for &[red, green, blue, alpha] in pixels {
            let luma = (299 * u64::from(red) + 587 * u64::from(green) + 114 * u64::from(blue)) / 1000;
            opacity += u64::from(alpha);
            darkness += u64::from(alpha) * (255 - luma);
        }
        let opaque = pixels.len() as f64 * 255.0;
        let is_transparent = opacity > 0 && 1.0 - opacity as f64 / opaque >= LEAST_TRANSPARENCY;
        let is_light = (darkness as f64) < LEAST_CONTRAST * 255.0 * opacity as f64;
        if is_transparent && is_light { Self(DARK) } else { Self::WHITE }
    }

    /// Red, green and blue, 0 to 255.
    pub fn rgb(self) -> [u8; 3] {
        [self.0; 3]
    }

    /// `colour`, 0 to 255, of straight `alpha`, composited over this ground.
    pub(super) fn under(self, colour: u8, alpha: u8) -> u8 {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        ((colour * alpha + u32::from(self.0) * (255 - alpha) + 127) / 255) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_content_lies_on_a_dark_ground() {
        let glyph = |ink: [u8; 3], covered: usize| -> Vec<u8> {
            let pixel = |place| if place < covered { [ink[0], ink[1], ink[2], 255] } else { [0; 4] };
            (0..100).flat_map(pixel).collect()
        };
        for (ink, covered, ground) in [
            ([255; 3], 20, DARK),
            ([250, 250, 220], 90, DARK),
            ([255; 3], 96, LIGHT),
            ([255; 3], 0, LIGHT),
            ([200; 3], 20, LIGHT),
            ([0; 3], 20, LIGHT),
            ([255, 255, 0], 20, DARK),
            ([255, 0, 0], 20, LIGHT),
        ] {
            assert_eq!(Ground::of(&glyph(ink, covered)), Ground(ground), "{ink:?} {covered}");
        }
        assert_eq!(Ground::of(&[]), Ground::WHITE);
    }
}
