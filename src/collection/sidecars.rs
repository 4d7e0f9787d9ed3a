//! Sidecars: files that a camera or an editor puts next to an image and that belong to it.
//!
//! A sidecar is recognised by its name alone: it is in the image's folder, and its name extends the image's stem (`IMG_1.xmp`)
//! or full name (`IMG_1.jpg.xmp`). Darktable, Lightroom, digiKam and the exports of Apple and Google follow this pattern.

use std::collections::HashMap;

use super::images::file_name;

/// Extensions of raw images.
const RAW: [&str; 27] = [
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "gpr", "iiq", "kdc", "mef", "mos", "mrw", "nef", "nrw",
    "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f", "fff",
];
/// Extensions of editor settings, captions, the videos of Live Photos and the voice notes of cameras.
const SIDECARS: [&str; 11] = ["aae", "caption", "dop", "json", "mov", "mp4", "on1", "pp3", "txt", "wav", "xmp"];

/// The kind of a file by its extension, in the order in which files are processed: images come before files that may belong to
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// An image or any other file that belongs to no image.
    Image,
    /// A raw image: it may be a sidecar of another image, and may have sidecars itself.
    Raw,
    /// A file that is only useful with its image.
    Sidecar,
}

impl FileKind {
    /// All kinds, in order.
    pub const ALL: [Self; 3] = [Self::Image, Self::Raw, Self::Sidecar];

    /// The kind of a file, by its extension.
    pub fn of(path: &str) -> Self {
        let extension = file_name(path).rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some(extension) if RAW.contains(&extension) => Self::Raw,
            Some(extension) if SIDECARS.contains(&extension) => Self::Sidecar,
            _ => Self::Image,
        }
    }
}

/// Images by the names that their sidecars would have, ignoring case as most file systems do.
#[derive(Clone, Debug)]
pub struct SidecarIndex<T> {
    by_name: HashMap<String, T>,
    by_stem: HashMap<String, T>,
}

impl<T: Copy> SidecarIndex<T> {
    /// Indexes the images with these paths. If several share a stem, its sidecars belong to the first.
    pub fn new<P: AsRef<str>>(images: impl IntoIterator<Item = (P, T)>) -> Self {
        let mut index = Self { by_name: HashMap::new(), by_stem: HashMap::new() };
        for (path, image) in images {
            let path = path.as_ref().to_ascii_lowercase();
            let stem = path[..path.len() - file_name(&path).len() + stem_of(file_name(&path)).len()].to_owned();
            index.by_stem.entry(stem).or_insert(image);
            index.by_name.entry(path).or_insert(image);
        }
        index
    }

    /// The image that the file at `path` belongs to, if its kind may belong to an image.
    pub fn image_of(&self, path: &str) -> Option<T> {
        if FileKind::of(path) == FileKind::Image {
            return None;
        }
        let path = path.to_ascii_lowercase();
        let name_start = path.len() - file_name(&path).len();
        let dots = path.rmatch_indices('.').map(|(dot, _)| dot).take_while(|&dot| dot > name_start);
        // Longest first: an image's full name is more specific than a stem.
        let mut beginnings = dots.map(|dot| &path[..dot]);
        let last = beginnings.next()?;
        let named = |beginning: &str| self.by_name.get(beginning).copied();
        named(last).or_else(|| beginnings.find_map(named)).or_else(|| self.by_stem.get(last).copied())
    }
}

/// The new name of a sidecar of `image` after the image is renamed to `renamed`.
pub fn renamed_with(sidecar: &str, image: &str, renamed: &str) -> String {
    let (sidecar, image) = (file_name(sidecar), file_name(image));
    match sidecar.get(..image.len()) {
        Some(beginning) if beginning.eq_ignore_ascii_case(image) => {
            format!("{renamed}{}", &sidecar[image.len()..])
        }
        _ => format!("{}{}", stem_of(renamed), &sidecar[stem_of(sidecar).len()..]),
    }
}

/// A file's name without its extension.
fn stem_of(name: &str) -> &str {
    match name.rfind('.') {
        Some(dot) if dot > 0 => &name[..dot],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{FileKind, SidecarIndex, renamed_with};

    #[test]
    fn sidecars_are_recognised_by_their_names() {
        let index = SidecarIndex::new([
            ("t/IMG_1.JPG", 1),
            ("t/IMG_1.png", 2),
            ("t/b/IMG_2.heic", 3),
            ("lone.jpg", 4),
            ("t/.x", 5),
        ]);
        for (path, image) in [
            ("t/IMG_1.xmp", Some(1)),
            ("t/img_1.CR3", Some(1)),
            ("t/IMG_1.png.xmp", Some(2)),
            ("t/IMG_1.jpg.supplemental-metadata.json", Some(1)),
            ("t/b/IMG_2.MOV", Some(3)),
            ("t/IMG_2.mov", None),
            ("b/IMG_2.mov", None),
            ("lone.aae", Some(4)),
            ("t/lone.aae", None),
            ("t/IMG_1.pdf", None),
            ("t/IMG_10.xmp", None),
            ("t/.xmp", None),
            ("xmp", None),
            ("t/名前.xmp", None),
        ] {
            assert_eq!(index.image_of(path), image, "{path}");
        }
    }

    #[test]
    fn sidecars_are_renamed_with_their_image() {
        for (sidecar, image, renamed, expected) in [
            ("t/a.xmp", "t/a.jpg", "a (2).jpg", "a (2).xmp"),
            ("t/a.jpg.xmp", "t/a.jpg", "a (2).jpg", "a (2).jpg.xmp"),
            ("t/A.JPG.XMP", "t/a.jpg", "a.jpg", "a.jpg.XMP"),
            ("t/a.b.xmp", "t/a.b.jpg", "a.b.jpg", "a.b.xmp"),
            ("é.mov", "é.heic", "é (3).heic", "é (3).mov"),
        ] {
            assert_eq!(renamed_with(sidecar, image, renamed), expected);
        }
    }

    #[test]
    fn the_extension_determines_the_kind() {
        assert_eq!(
            ["a.jpg", "a.DNG", "a.txt", "dng", "a.b/c"].map(FileKind::of),
            [FileKind::Image, FileKind::Raw, FileKind::Sidecar, FileKind::Image, FileKind::Image]
        );
    }
}
