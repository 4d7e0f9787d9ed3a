//! Animations whose first frame shows nothing: the first one that shows something stands for them.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, Frames, ImageDecoder, ImageFormat};

use super::pixels::{Rgba, check_pixels};

/// By how much the values of a channel may differ in an image that shows nothing: compression leaves traces.
const TRACES: u8 = 8;
/// How many pixels of frames are looked at.
const PIXELS_MAX: u64 = 500_000_000;

/// Whether an image (red, green, blue and straight alpha) shows nothing: all of its pixels have about the same colour, or none is
/// visible.
pub fn is_blank(rgba_pixels: &[u8]) -> bool {
    let (mut least, mut most) = ([u8::MAX; 4], [0; 4]);
    rgba_pixels.as_chunks::<4>().0.iter().all(|pixel| {
        // The colour of what is invisible does not count.
        let pixel = if pixel[3] == 0 { [0; 4] } else { *pixel };
        (0..4).all(|channel| {
            least[channel] = least[channel].min(pixel[channel]);
            most[channel] = most[channel].max(pixel[channel]);
            most[channel] - least[channel] <= TRACES
        })
    })
}

/// Whether a file that begins with `bytes` may be an animation that [`first_visible_frame`] knows.
pub fn may_be_animated(bytes: &[u8]) -> bool {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Gif) => true,
        // A flag of the extended header.
        Ok(ImageFormat::WebP) => {
            matches!(bytes.get(12..21), Some([b'V', b'P', b'8', b'X', .., flags]) if flags & 2 != 0)
        }
        // The chunk that says so comes before the first with pixels.
        Ok(ImageFormat::Png) => {
            let mut words = bytes.windows(4);
            words.find(|word| matches!(*word, b"acTL" | b"IDAT")).is_some_and(|word| word == b"acTL")
        }
        _ => false,
    }
}

/// The first frame of an animation (GIF, animated PNG or WebP) that is not [blank](is_blank). `None` if there is none, and if the
/// file is no animation or damaged.
pub fn first_visible_frame(bytes: &[u8]) -> Option<Rgba> {
    let reader = || Cursor::new(bytes);
    match image::guess_format(bytes).ok()? {
        ImageFormat::Gif => {
            let decoder = GifDecoder::new(reader()).ok()?;
            let size = decoder.dimensions();
            visible(size, decoder.into_frames())
        }
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(reader()).ok().filter(WebPDecoder::has_animation)?;
            let size = decoder.dimensions();
            visible(size, decoder.into_frames())
        }
        ImageFormat::Png => {
            let decoder = PngDecoder::new(reader()).ok()?;
            let size = decoder.dimensions();
            let is_animated = decoder.is_apng().ok()?;
            if is_animated { visible(size, decoder.apng().ok()?.into_frames()) } else { None }
        }
        _ => None,
    }
}

fn visible((width, height): (u32, u32), frames: Frames<'_>) -> Option<Rgba> {
    check_pixels(width, height).ok()?;
    let looked_at = PIXELS_MAX / (u64::from(width) * u64::from(height));
    let shown = frames.take(looked_at as usize).map_while(Result::ok).map(|frame| frame.into_buffer());
    let found = { shown }.find(|frame| !is_blank(frame))?;
    let (width, height) = found.dimensions();
    Some(Rgba { width, height, pixels_rgba_u8: found.into_raw() })
}
