//! The image of a group of duplicates to keep, and why.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::traits::Traits;

/// A copy with at least this share of the most detail counts as equally detailed.
pub const DETAIL_SHARE: f32 = 0.8;
/// A copy with at least this share of the sharpest copy's sharpness counts as equally sharp.
pub const SHARP_SHARE: f32 = 0.8;

/// Why an image is kept rather than its duplicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum KeepReason {
    /// All files are identical: it is the first.
    Identical,
    /// It shows the most detail.
    Detail,
    /// It has the most pixels; how much detail they show is unknown.
    Pixels,
    /// Others are blurred.
    Sharpness,
    /// Others are in a format that images are converted to.
    Format,
    /// Others lack the camera's data.
    Exif,
    /// It was taken first.
    CaptureTime,
    /// Its file is the largest.
    Bytes,
    /// Nothing tells them apart: it is the first.
    Order,
}

/// The image to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its row.
    pub row: u32,
    /// Why it is kept: the criterion that left it alone.
    pub reason: KeepReason,
}

/// The image to keep of `rows`, each a row of `traits`; `None` without rows.
///
/// The criteria, in this order, each applied to the images that the one before leaves: most detail, within
/// [`DETAIL_SHARE`], or most pixels unless the detail of all is known; not blurred, within [`SHARP_SHARE`], if they have the same
/// size; a format that images are taken in; EXIF data; the earliest capture time; no pixels without detail; most bytes; the first.
/// Finer differences of detail and sharpness are ignored, since compression artefacts look like both.
///
/// # Panics
/// Panics if a row is out of range.
pub fn best(traits: &[Traits], rows: &[u32]) -> Option<Kept> {
    let one = |row: u32| &traits[row as usize];
    let mut left: Vec<u32> = Vec::with_capacity(rows.len());
    let mut contents = HashSet::with_capacity(rows.len());
    left.extend(rows.iter().copied().filter(|&row| contents.insert(one(row).content)));
    let first = *left.first()?;
    if left.len() == 1 {
        return Some(Kept { row: first, reason: KeepReason::Identical });
    }
    let by_detail = left.iter().all(|&row| one(row).detail.is_some());
    let criteria = [
        if by_detail { KeepReason::Detail } else { KeepReason::Pixels },
        KeepReason::Sharpness,
        KeepReason::Format,
        KeepReason::Exif,
        KeepReason::CaptureTime,
        // What is left is equally detailed: this leaves out enlarged copies.
        KeepReason::Detail,
        KeepReason::Bytes,
    ];
    for (place, reason) in criteria.into_iter().enumerate() {
        let score = |row: u32| -> f64 {
            let image = one(row);
            match reason {
                KeepReason::Detail if !by_detail => 0.0,
                KeepReason::Detail if place == 0 => f64::from(image.detail.unwrap_or(0.0)),
                KeepReason::Detail => f64::from(image.detail.unwrap_or(0.0)) / image.pixels.max(1) as f64,
                KeepReason::Pixels => image.pixels as f64,
                KeepReason::Sharpness => f64::from(image.sharpness.filter(|value| !value.is_nan()).unwrap_or(0.0)),
                KeepReason::Format => f64::from(u8::from(image.is_original_format)),
                KeepReason::Exif => f64::from(u8::from(image.has_exif)),
                KeepReason::CaptureTime => -image.captured_ms.unwrap_or(f64::INFINITY),
                _ => image.byte_size as f64,
            }
        };
        let share = match reason {
            KeepReason::Detail => f64::from(DETAIL_SHARE),
            KeepReason::Sharpness => f64::from(SHARP_SHARE),
            _ => 1.0,
        };
        // Only images of the same size have comparable sharpness.
        let are_of_one_size = || left.iter().all(|&row| one(row).pixels == one(left[0]).pixels);
        if reason == KeepReason::Sharpness && !are_of_one_size() {
            continue;
        }
        let highest = left.iter().map(|&row| score(row)).fold(f64::NEG_INFINITY, f64::max);
        let least = if highest > 0.0 { share * highest } else { highest };
        left.retain(|&row| score(row) >= least);
        if let [row] = left[..] {
            return Some(Kept { row, reason });
        }
    }
    left.into_iter().min().map(|row| Kept { row, reason: KeepReason::Order })
}
