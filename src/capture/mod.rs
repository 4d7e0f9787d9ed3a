//! When and with what an image was taken, as its file says. Where it was taken is never read.
//!
//! | file | contents |
//! | --- | --- |
//! | `exif` | EXIF data, in whatever container or raw file they are |
//! | `xmp` | XMP packets |
//! | `png_text` | text chunks of PNG |
//! | `date` | dates as these write them |

mod date;
mod exif;
mod png_text;
mod xmp;

use serde::{Deserialize, Serialize};

pub use date::wall_clock_ms;

/// Where a capture time was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum CaptureSource {
    /// In EXIF data.
    Exif,
    /// In an XMP packet.
    Xmp,
    /// In the file format's own data.
    Container,
}

impl CaptureSource {
    /// The name in results and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exif => "exif",
            Self::Xmp => "xmp",
            Self::Container => "container",
        }
    }
}

/// When and with what an image was taken. Unknown values are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Capture {
    /// The time by the camera's clock, as in ISO 8601: `2024-05-03T14:22:05`, with fractions of a second and the offset from UTC
    /// (`+02:00`) if the file has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
    /// Where that time was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<CaptureSource>,
    /// The camera's maker and model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<String>,
    /// How the pixels in the file must be turned to be upright: an EXIF orientation, 1 to 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orientation: Option<u8>,
}

impl Capture {
    /// When the image was taken, in milliseconds since 1970 by the camera's clock, whatever its time zone: in this order the
    /// images of a journey follow each other.
    pub fn taken_ms(&self) -> Option<f64> {
        wall_clock_ms(self.taken.as_deref()?)
    }
}

/// Reads how an image was taken from its file, or from the beginning of it: what lies beyond is ignored. `None` if the file says
/// nothing of it. Damaged data count as missing.
pub fn read(bytes: &[u8]) -> Option<Capture> {
    let from_exif = exif::read(bytes);
    let other = || {
        let from_xmp = xmp::read(bytes);
        if from_xmp.taken.is_some() { from_xmp } else { merged(from_xmp, png_text::read(bytes)) }
    };
    let capture = if from_exif.taken.is_some() { from_exif } else { merged(from_exif, other()) };
    Some(capture).filter(|capture| *capture != Capture::default())
}

/// What `first` says, completed by `second`.
fn merged(first: Capture, second: Capture) -> Capture {
    let (taken, source) =
        if first.taken.is_some() { (first.taken, first.source) } else { (second.taken, second.source) };
    Capture {
        taken,
        source,
        camera: first.camera.or(second.camera),
        orientation: first.orientation.or(second.orientation),
    }
}

/// The name of a camera: its model, preceded by its maker unless the model begins with the maker's name.
fn camera(maker: Option<String>, model: Option<String>) -> Option<String> {
    let clean = |text: Option<String>| {
        let text: String = text?.chars().filter(|letter| !letter.is_control()).take(CAMERA_CHARS_MAX).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    match (clean(maker), clean(model)) {
        (Some(maker), Some(model)) => {
            let first_word = maker.split_whitespace().next().unwrap_or_default().to_lowercase();
            Some(if model.to_lowercase().starts_with(&first_word) { model } else { format!("{maker} {model}") })
        }
        (maker, model) => model.or(maker),
    }
}

/// The most characters of a maker's or a model's name.
const CAMERA_CHARS_MAX: usize = 80;
