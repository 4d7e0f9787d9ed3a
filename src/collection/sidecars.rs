//! Files that belong to a picture without being one: what a camera or an editor puts beside it.
//!
//! One is told by its name alone: in the picture's folder, with the picture's stem (`IMG_1.xmp`) or after its whole name
//! (`IMG_1.jpg.xmp`), as darktable, Lightroom, digiKam, Apple's and Google's exports name them.

use std::collections::HashMap;

use super::images::file_name;

/// A picture as the camera's sensor saw it.
const RAW: [&str; 27] = [
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "gpr", "iiq", "kdc", "mef", "mos", "mrw", "nef", "nrw",
    "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f", "fff",
];
/// Settings of editors, captions, the video of a Live Photo and the spoken note of a camera.
const BESIDE: [&str; 11] = ["aae", "caption", "dop", "json", "mov", "mp4", "on1", "pp3", "txt", "wav", "xmp"];

/// In which order files are looked at: what may belong to a picture after the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// What can only stand for itself.
    Image,
    /// A raw picture: it may belong to another, and others may belong to it.
    Raw,
    /// What hangs on a picture.
    Beside,
}

impl Rank {
    /// Every rank, in order.
    pub const ALL: [Self; 3] = [Self::Image, Self::Raw, Self::Beside];

    /// The rank of a file, by its extension.
    pub fn of(path: &str) -> Self {
        let extension = file_name(path).rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some(extension) if RAW.contains(&extension) => Self::Raw,
            Some(extension) if BESIDE.contains(&extension) => Self::Beside,
            _ => Self::Image,
        }
    }
}

/// Pictures by the names that their sidecars would have. Case does not count, as it does not on most disks.
#[derive(Clone, Debug)]
pub struct Owners<T> {
    by_name: HashMap<String, T>,
    by_stem: HashMap<String, T>,
}

impl<T: Copy> Owners<T> {
    /// The pictures with these paths. Of several with one stem the first has its sidecars.
    pub fn new<P: AsRef<str>>(pictures: impl IntoIterator<Item = (P, T)>) -> Self {
        let mut owners = Self { by_name: HashMap::new(), by_stem: HashMap::new() };
        for (path, picture) in pictures {
            let path = path.as_ref().to_ascii_lowercase();
            let stem = path[..path.len() - file_name(&path).len() + stem_of(file_name(&path)).len()].to_owned();
            owners.by_stem.entry(stem).or_insert(picture);
            owners.by_name.entry(path).or_insert(picture);
        }
        owners
    }

    /// The picture that the file at `path` belongs to, if it is of a kind that belongs to pictures.
    pub fn owner_of(&self, path: &str) -> Option<T> {
        if Rank::of(path) == Rank::Image {
            return None;
        }
        let path = path.to_ascii_lowercase();
        let name_start = path.len() - file_name(&path).len();
        let dots = path.rmatch_indices('.').map(|(dot, _)| dot).take_while(|&dot| dot > name_start);
        // The longest first: the whole name of a picture tells more than a stem.
        let mut beginnings = dots.map(|dot| &path[..dot]);
        let last = beginnings.next()?;
        let named = |beginning: &str| self.by_name.get(beginning).copied();
        named(last).or_else(|| beginnings.find_map(named)).or_else(|| self.by_stem.get(last).copied())
    }
}

/// What a sidecar is called beside a picture that is called `renamed`, both having been named after `picture`.
pub fn renamed_with(sidecar: &str, picture: &str, renamed: &str) -> String {
    let (sidecar, picture) = (file_name(sidecar), file_name(picture));
    match sidecar.get(..picture.len()) {
        Some(beginning) if beginning.eq_ignore_ascii_case(picture) => {
            format!("{renamed}{}", &sidecar[picture.len()..])
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
    use super::{Owners, Rank, renamed_with};

    #[test]
    fn companions_are_told_by_their_names() {
        let owners =
            Owners::new([("t/IMG_1.JPG", 1), ("t/IMG_1.png", 2), ("t/b/IMG_2.heic", 3), ("lone.jpg", 4), ("t/.x", 5)]);
        for (path, owner) in [
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
            assert_eq!(owners.owner_of(path), owner, "{path}");
        }
    }

    #[test]
    fn a_pair_stays_one_when_it_is_renamed() {
        for (sidecar, picture, renamed, expected) in [
            ("t/a.xmp", "t/a.jpg", "a (2).jpg", "a (2).xmp"),
            ("t/a.jpg.xmp", "t/a.jpg", "a (2).jpg", "a (2).jpg.xmp"),
            ("t/A.JPG.XMP", "t/a.jpg", "a.jpg", "a.jpg.XMP"),
            ("t/a.b.xmp", "t/a.b.jpg", "a.b.jpg", "a.b.xmp"),
            ("é.mov", "é.heic", "é (3).heic", "é (3).mov"),
        ] {
            assert_eq!(renamed_with(sidecar, picture, renamed), expected);
        }
    }

    #[test]
    fn pictures_come_first() {
        assert_eq!(
            ["a.jpg", "a.DNG", "a.txt", "dng", "a.b/c"].map(Rank::of),
            [Rank::Image, Rank::Raw, Rank::Beside, Rank::Image, Rank::Image]
        );
    }
}
