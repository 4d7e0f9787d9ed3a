//! Duplicates: hashes compared with NumPy's, groups with the definition, turned and enlarged copies of drawn images.

mod best;
mod detail;
mod groups;
mod hashes;
mod kept;
mod turned;

use shoal::collection::duplicates::Traits;

/// An image with these bytes, of one pixel.
fn image(content: u32) -> Traits {
    Traits {
        content,
        pixels: 1,
        detail: None,
        byte_size: 1,
        sharpness: None,
        is_original_format: true,
        has_exif: false,
        captured_ms: None,
    }
}
