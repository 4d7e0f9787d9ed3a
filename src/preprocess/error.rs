//! What can go wrong with an image.

use thiserror::Error;

use crate::error::Coded;

/// A picture that cannot be read. The rest of the pictures go on without it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ImageError {
    /// The file has no bytes.
    #[error("the file is empty")]
    EmptyFile,
    /// The bytes are no picture that this program or the browser knows.
    #[error("this is not a picture, or of a kind that cannot be read here")]
    NotAPicture,
    /// It is a HEIC or HEIF picture, and the browser has no decoder for it.
    #[error(
        "this browser cannot open HEIC pictures: open this page in Safari, or convert them to JPEG first (on a Mac in Preview \
         by Export; on an iPhone choose Settings > Camera > Formats > Most Compatible for new ones)"
    )]
    HeicNotDecodable,
    /// The format is known but its data is damaged.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    /// The header claims more pixels than can be decoded safely.
    #[error("the picture claims {width} x {height} pixels, more than the {limit_megapixels} megapixels that are read")]
    TooLarge {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
        /// The most that is read, in millions of pixels.
        limit_megapixels: u32,
    },
    /// The header asks for more memory than the largest picture that is read takes, or than this processor can address.
    #[error("the picture's header asks for more memory than can be given")]
    TooMuchMemory,
    /// The size asked for is outside [`crate::options::SIZE_PX_RANGE`].
    #[error("a size of {0} px is outside 64 to 320, or not a multiple of 32")]
    BadSize(u32),
}

impl Coded for ImageError {
    fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty-file",
            Self::NotAPicture => "not-a-picture",
            Self::HeicNotDecodable => "heic-not-decodable",
            Self::Damaged(_) => "damaged-picture",
            Self::TooLarge { .. } | Self::TooMuchMemory => "picture-too-large",
            Self::BadSize(_) => "bad-option",
        }
    }
}
