//! The pictures that were taken in, by path.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Names a picture for as long as the program runs; never given to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImageId(pub u32);

/// What is kept of a picture; the file itself stays where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Its unique name: the dropped folder's own name, then the folders below it, with `/` between.
    pub path: String,
    /// Number of bytes; 0 where nobody has seen them.
    pub byte_size: u64,
    /// SHA-256 of the bytes, [`UNSEEN`] where nobody has seen them; see [`super::hex`] for its text.
    pub sha256: [u8; 32],
    /// CRC-32 of the bytes, as zip files use it.
    pub crc32: u32,
    /// When the file was last changed, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
    /// Width as displayed, in pixels.
    pub width_px: u32,
    /// Height as displayed, in pixels.
    pub height_px: u32,
}

/// What stands for the SHA-256 of bytes that nobody has seen: a features file may tell of pictures that it only names.
pub const UNSEEN: [u8; 32] = [0; 32];

impl Image {
    /// A picture of which nothing but the path is known.
    pub fn unseen(path: String) -> Self {
        Self { path, byte_size: 0, sha256: UNSEEN, crc32: 0, modified_ms: 0.0, width_px: 0, height_px: 0 }
    }

    /// SHA-256 of the bytes, where anybody has seen them.
    pub fn seen_sha256(&self) -> Option<&[u8; 32]> {
        Some(&self.sha256).filter(|sha256| **sha256 != UNSEEN)
    }
}

/// Where a dropped file belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// It is here already.
    Reused(ImageId),
    /// It is new and goes by this path.
    New(String),
}

/// The pictures, each under a path of its own.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    ids_by_path: BTreeMap<String, ImageId>,
    pictures: BTreeMap<ImageId, Image>,
    next_id: u32,
}

impl Collection {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of pictures.
    pub fn len(&self) -> usize {
        self.pictures.len()
    }

    /// Whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// Where a file belongs that was dropped as `path` and whose bytes hash to `sha256`. Changes nothing.
    ///
    /// The same path with the same bytes is the same picture. With other bytes, the path's first folder takes the first
    /// number under which the path is free or these very bytes are known: `trip (2)/day1/a.jpg`; a lone file takes it
    /// before its extension: `a (2).jpg`.
    pub fn place(&self, path: &str, sha256: &[u8; 32]) -> Placement {
        let mut candidate = path.to_owned();
        let mut number = 2_u64;
        loop {
            let Some(picture) = self.by_path(&candidate) else { return Placement::New(candidate) };
            if picture.1.sha256 == *sha256 {
                return Placement::Reused(picture.0);
            }
            candidate = numbered(path, number);
            number += 1;
        }
    }

    /// Takes a picture in under its path, which [`Self::place`] gives. `None`, and nothing changes, when that is taken.
    pub fn insert(&mut self, picture: Image) -> Option<ImageId> {
        if self.contains_path(&picture.path) {
            return None;
        }
        let id = ImageId(self.next_id);
        self.next_id = self.next_id.checked_add(1)?;
        self.ids_by_path.insert(picture.path.clone(), id);
        self.pictures.insert(id, picture);
        Some(id)
    }

    /// Notes what was found out about a picture; its path stays. Unknown ids are passed over.
    pub fn identify(&mut self, id: ImageId, found: Image) {
        if let Some(picture) = self.pictures.get_mut(&id) {
            let path = std::mem::take(&mut picture.path);
            *picture = Image { path, ..found };
        }
    }

    /// Takes a picture out and hands it back.
    pub fn remove(&mut self, id: ImageId) -> Option<Image> {
        let picture = self.pictures.remove(&id)?;
        self.ids_by_path.remove(&picture.path);
        Some(picture)
    }

    /// Takes every picture out. Their ids stay used.
    pub fn clear(&mut self) {
        self.ids_by_path.clear();
        self.pictures.clear();
    }

    /// The picture that `id` names.
    pub fn get(&self, id: ImageId) -> Option<&Image> {
        self.pictures.get(&id)
    }

    /// The picture under `path`.
    pub fn by_path(&self, path: &str) -> Option<(ImageId, &Image)> {
        let id = *self.ids_by_path.get(path)?;
        Some((id, self.pictures.get(&id)?))
    }

    /// Whether a picture has this path.
    pub fn contains_path(&self, path: &str) -> bool {
        self.ids_by_path.contains_key(path)
    }

    /// The pictures in the byte order of their paths: the order of rows everywhere.
    pub fn in_path_order(&self) -> impl Iterator<Item = (ImageId, &Image)> {
        self.ids_by_path.values().filter_map(|id| Some((*id, self.pictures.get(id)?)))
    }
}

/// `path` with a number at its first folder, or before a lone file's extension.
fn numbered(path: &str, number: u64) -> String {
    if let Some((folder, rest)) = path.split_once('/') {
        return format!("{folder} ({number})/{rest}");
    }
    match path.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{stem} ({number}).{extension}"),
        _ => format!("{path} ({number})"),
    }
}

/// The last part of a path: a file's name without its folders.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
