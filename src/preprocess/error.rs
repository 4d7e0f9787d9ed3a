//! Errors of reading an image.

use thiserror::Error;

use crate::error::Coded;

/// An image that cannot be read. It does not affect the other images.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ImageError {
    /// The file has no bytes.
    #[error("the file is empty")]
    EmptyFile,
    /// The format is unknown to this program.
    #[error("this is not a picture, or its format is not supported")]
    NotAPicture,
    /// The image is HEIC or HEIF, and the browser has no decoder for it.
    #[error(
        "this browser cannot open HEIC pictures: open this page in Safari, or convert them to JPEG first (on a Mac in Preview \
         by Export; on an iPhone choose Settings > Camera > Formats > Most Compatible for new ones)"
    )]
    HeicNotDecodable,
    /// The format is known, and the file is of a kind that cannot be decoded.
    #[error("this {format} file cannot be opened: {reason}")]
    Unsupported {
        /// The format's name.
        format: &'static str,
        /// What is special about the file, or what to do.
        reason: String,
    },
    /// A raw image has no preview that is large enough.
    #[error("this raw picture has no preview of at least {least_px} px: export it as JPEG")]
    NoRawPreview {
        /// The least number of pixels of the preview's longer side.
        least_px: u32,
    },
    /// The format is known but the data is damaged.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    /// The header claims more pixels than can be decoded safely.
    #[error("the picture claims {width} x {height} pixels, more than the limit of {limit_megapixels} megapixels")]
    TooLarge {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
        /// The limit, in millions of pixels.
        limit_megapixels: u32,
    },
    /// The header asks for more memory than the largest supported image takes, or than a 32-bit address space has.
    #[error("the picture's header asks for more memory than is available")]
    TooMuchMemory,
    /// The requested size is outside [`crate::options::SIZE_PX_RANGE`], or not a multiple of 32.
    #[error("a size of {0} px is outside 64 to 320, or not a multiple of 32")]
    BadSize(u32),
}

impl Coded for ImageError {
    fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty-file",
            Self::NotAPicture => "not-a-picture",
            Self::Unsupported { .. } => "picture-unsupported",
            Self::NoRawPreview { .. } => "no-raw-preview",
            Self::HeicNotDecodable => "heic-not-decodable",
            Self::Damaged(_) => "damaged-picture",
            Self::TooLarge { .. } | Self::TooMuchMemory => "picture-too-large",
            Self::BadSize(_) => "bad-option",
        }
    }
}
