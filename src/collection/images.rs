//! The images of the collection, by path.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::numbered_paths::NumberedPaths;
use crate::capture::Capture;

/// Identifies an image while the program runs; never reused for another image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImageId(pub u32);

/// An image's metadata; the file itself stays where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The unique path: the dropped folder's name, then the folders below it and the file's name, separated by `/`.
    pub path: String,
    /// The number of bytes; 0 if unknown.
    pub byte_size: u64,
    /// SHA-256 of the bytes; [`UNKNOWN_SHA256`] if unknown. See [`super::content_hash`] for its text form.
    pub sha256: [u8; 32],
    /// CRC-32 of the bytes, as in zip files.
    pub crc32: u32,
    /// When the file was last modified, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
    /// The displayed width, in pixels.
    pub width_px: u32,
    /// The displayed height, in pixels.
    pub height_px: u32,
    /// How the image was taken, if the file says so.
    pub capture: Option<Capture>,
}

/// Stands for an unknown SHA-256: a features file may name images whose files have not been read.
pub const UNKNOWN_SHA256: [u8; 32] = [0; 32];

impl Image {
    /// An image of which only the path is known.
    pub fn from_path(path: String) -> Self {
        Self {
            path,
            byte_size: 0,
            sha256: UNKNOWN_SHA256,
            crc32: 0,
            modified_ms: 0.0,
            width_px: 0,
            height_px: 0,
            capture: None,
        }
    }

    /// SHA-256 of the bytes, if known.
    pub fn known_sha256(&self) -> Option<&[u8; 32]> {
        Some(&self.sha256).filter(|sha256| **sha256 != UNKNOWN_SHA256)
    }
}

/// Where a new file belongs in the collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The same image already exists.
    Reused(ImageId),
    /// The file is a new image with this path.
    New(String),
}

/// The images, each with a unique path.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    ids_by_path: BTreeMap<String, ImageId>,
    images: BTreeMap<ImageId, Image>,
    numbered: NumberedPaths<ImageId>,
    next_id: u32,
}

impl Collection {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// Determines where a file with this path and content hash belongs, without adding it.
    ///
    /// The same path with the same bytes is the same image. With other bytes, the path's first folder gets the lowest number
    /// for which the path is free or belongs to the same bytes: `trip (2)/day1/a.jpg`; a file outside of any folder gets the
    /// number before its extension: `a (2).jpg`.
    pub fn place(&self, path: &str, sha256: &[u8; 32]) -> Placement {
        match self.by_path(path) {
            None => Placement::New(path.to_owned()),
            Some((id, image)) if image.sha256 == *sha256 => Placement::Reused(id),
            Some(_) => match self.numbered.with_content(path, sha256) {
                Some(id) => Placement::Reused(id),
                None => Placement::New(self.numbered.first_free(path)),
            },
        }
    }

    /// Adds an image under its path, which [`Self::place`] determines. Returns `None`, and changes nothing, if the path is taken.
    pub fn insert(&mut self, image: Image) -> Option<ImageId> {
        if self.contains_path(&image.path) {
            return None;
        }
        let id = ImageId(self.next_id);
        self.next_id = self.next_id.checked_add(1)?;
        self.ids_by_path.insert(image.path.clone(), id);
        self.numbered.insert(&image.path, &image.sha256, id);
        self.images.insert(id, image);
        Some(id)
    }

    /// Replaces everything but the path of an image. Ignores unknown ids.
    pub fn set_details(&mut self, id: ImageId, details: Image) {
        if let Some(image) = self.images.get_mut(&id) {
            self.numbered.remove(&image.path, &image.sha256);
            let path = std::mem::take(&mut image.path);
            *image = Image { path, ..details };
            self.numbered.insert(&image.path, &image.sha256, id);
        }
    }

    /// Removes an image and returns it.
    pub fn remove(&mut self, id: ImageId) -> Option<Image> {
        let image = self.images.remove(&id)?;
        self.ids_by_path.remove(&image.path);
        self.numbered.remove(&image.path, &image.sha256);
        Some(image)
    }

    /// Removes all images. Their ids are not reused.
    pub fn clear(&mut self) {
        self.ids_by_path.clear();
        self.numbered.clear();
        self.images.clear();
    }

    /// The image with this id.
    pub fn get(&self, id: ImageId) -> Option<&Image> {
        self.images.get(&id)
    }

    /// The image with this path.
    pub fn by_path(&self, path: &str) -> Option<(ImageId, &Image)> {
        let id = *self.ids_by_path.get(path)?;
        Some((id, self.images.get(&id)?))
    }

    /// Whether an image has this path.
    pub fn contains_path(&self, path: &str) -> bool {
        self.ids_by_path.contains_key(path)
    }

    /// The images in the byte order of their paths, which is the order of rows in every matrix.
    pub fn in_path_order(&self) -> impl Iterator<Item = (ImageId, &Image)> {
        self.ids_by_path.values().filter_map(|id| Some((*id, self.images.get(id)?)))
    }
}

/// The last component of a path: the file's name.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
