//! Sidecars: files that a camera or an editor puts next to an image and that belong to it.
//!
//! A sidecar is recognised by its name alone: it is in the image's folder, and its name extends the image's stem (`IMG_1.xmp`)
//! or full name (`IMG_1.jpg.xmp`). Darktable, Lightroom, digiKam and the exports of Apple and Google follow this pattern.
//! Pixel phones, iPhones, bursts and Google Takeout have rules of their own.

use std::collections::{BTreeMap, HashMap};

use super::images::file_name;

/// Extensions of raw images, in lowercase.
pub const RAW_EXTENSIONS: [&str; 27] = [
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "gpr", "iiq", "kdc", "mef", "mos", "mrw", "nef", "nrw",
    "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f", "fff",
];
/// Extensions of editor settings, captions, the videos of Live Photos and the voice notes of cameras.
const SIDECARS: [&str; 12] = ["aae", "caption", "dop", "json", "mov", "mp", "mp4", "on1", "pp3", "txt", "wav", "xmp"];
/// After how many characters Google Takeout cuts names, without `.json`.
const TAKEOUT_CHARS: usize = 46;
/// What Google Takeout adds to an image's name, or the beginning of it.
const TAKEOUT_WORD: &str = "supplemental-metadata";

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
            Some(extension) if RAW_EXTENSIONS.contains(&extension) => Self::Raw,
            Some(extension) if SIDECARS.contains(&extension) => Self::Sidecar,
            _ => Self::Image,
        }
    }
}

/// Images by the names that their sidecars would have, ignoring case as most file systems do.
#[derive(Clone, Debug)]
pub struct SidecarIndex<T> {
    by_name: BTreeMap<String, T>,
    by_stem: HashMap<String, T>,
}

impl<T: Copy> SidecarIndex<T> {
    /// Indexes the images with these paths. If several share a stem, its sidecars belong to the first.
    pub fn new<P: AsRef<str>>(images: impl IntoIterator<Item = (P, T)>) -> Self {
        let mut index = Self { by_name: BTreeMap::new(), by_stem: HashMap::new() };
        for (path, image) in images {
            let path = path.as_ref().to_ascii_lowercase();
            let stem = &path[..path.len() - file_name(&path).len() + stem_of(file_name(&path)).len()];
            index.by_stem.entry(stem.to_owned()).or_insert(image);
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
        let (folder, name) = path.split_at(name_start);
        let dots = path.rmatch_indices('.').map(|(dot, _)| dot).take_while(|&dot| dot > name_start);
        // Longest first: an image's full name is more specific than a stem.
        let mut beginnings = dots.map(|dot| &path[..dot]);
        let last = beginnings.next()?;
        let named = |beginning: &str| self.by_name.get(beginning).copied();
        let of_stem = |stem: &str| self.by_stem.get(stem).copied();
        let in_folder = |stem: String| self.by_stem.get(&format!("{folder}{stem}")).copied();
        named(last)
            .or_else(|| beginnings.find_map(named))
            .or_else(|| of_stem(last))
            .or_else(|| of_stem(&path))
            .or_else(|| makers_stems(name).into_iter().find_map(in_folder))
            .or_else(|| self.of_takeout(folder, name))
    }

    /// The image of metadata that Google Takeout exported. A number is behind the whole name, not before the image's extension, and
    /// names are cut after 46 characters.
    fn of_takeout(&self, folder: &str, name: &str) -> Option<T> {
        let titled = name.strip_suffix(".json")?;
        let numbered = titled.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        let (titled, number) = match numbered.filter(|(_, number)| number.parse::<u32>().is_ok()) {
            Some((before, number)) => (before, format!("({number})")),
            None => (titled, String::new()),
        };
        let is_cut = titled.chars().count() + number.chars().count() + 1 >= TAKEOUT_CHARS;
        let image = match titled.rsplit_once('.') {
            Some((image, word)) if TAKEOUT_WORD.starts_with(word) => image,
            _ => titled,
        };
        let (stem, extension) = image.split_at(stem_of(image).len());
        let exact = self.by_name.get(&format!("{folder}{stem}{number}{extension}")).copied();
        // The image's name is cut too, but later.
        let begins = format!("{folder}{image}");
        let cut = || {
            let mut found = self.by_name.range(begins.clone()..).take_while(|(name, _)| name.starts_with(&begins));
            let first = found.next().filter(|_| found.next().is_none() && number.is_empty())?;
            Some(*first.1)
        };
        exact.or_else(|| if is_cut { cut() } else { None })
    }
}

/// The stems, in lowercase, that the image of the sidecar `name` may have by its maker's rules; see the table of the tests.
fn makers_stems(name: &str) -> Vec<String> {
    let stem = stem_of(name);
    let mut stems = Vec::new();
    // Pixel: the camera's JPEG is the cover of the raw image.
    if let Some(burst) = stem.strip_suffix(".raw-02.original") {
        stems.extend(["raw-01.cover", "raw-01.mp.cover"].map(|cover| format!("{burst}.{cover}")));
    }
    // iPhone: an edited image has an E, its settings have none or an O.
    if let Some(number) = stem.strip_prefix("img_").filter(|_| name.ends_with(".aae")) {
        let plain = number.strip_prefix(['e', 'o']).unwrap_or(number);
        stems.extend([format!("img_{plain}"), format!("img_e{plain}")]);
    }
    // Android: what belongs to a burst belongs to its cover.
    if stem.contains("burst") {
        stems.push(format!("{stem}_cover"));
    }
    stems
}

/// The new name of a sidecar of `image` after the image is renamed to `renamed`.
pub fn renamed_with(sidecar: &str, image: &str, renamed: &str) -> String {
    let (sidecar, image) = (file_name(sidecar), file_name(image));
    if let Some(beginning) = sidecar.get(..image.len())
        && beginning.eq_ignore_ascii_case(image)
    {
        return format!("{renamed}{}", &sidecar[image.len()..]);
    }
    if sidecar.eq_ignore_ascii_case(stem_of(image)) {
        return stem_of(renamed).to_owned();
    }
    let (stem, extension) = sidecar.split_at(stem_of(sidecar).len());
    match stem_of(renamed).strip_prefix(stem_of(image)) {
        // A maker's sidecar keeps its own stem, and gets what was added to the image's.
        Some(added) if !stem.eq_ignore_ascii_case(stem_of(image)) => format!("{stem}{added}{extension}"),
        _ => format!("{}{extension}", stem_of(renamed)),
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
    fn makers_and_services_have_rules_of_their_own() {
        let long = "a_very_long_name_of_a_picture_that_nobody_would_type";
        for (image, sidecar) in [
            ("PXL_1.RAW-01.COVER.jpg", "PXL_1.RAW-02.ORIGINAL.dng"),
            ("PXL_1.RAW-01.MP.COVER.jpg", "PXL_1.RAW-02.ORIGINAL.dng"),
            ("PXL_2.MP.jpg", "PXL_2.MP"),
            ("PXL_2.MP.jpg", "PXL_2.MP.mp4"),
            ("MVIMG_3.jpg", "MVIMG_3.mp4"),
            ("20240101_120000.jpg", "20240101_120000.mp4"),
            ("IMG-20240101-WA0007.jpg", "IMG-20240101-WA0007.mp4"),
            ("a.jpg", "a.jpg.json"),
            ("a.jpg", "a.jpg.supplemental-metadata.json"),
            ("a.jpg", "a.jpg.supplemental-me.json"),
            ("a.jpg", "a.jpg.s.json"),
            ("a(1).jpg", "a.jpg(1).json"),
            ("a(1).jpg", "a.jpg.supplemental-metadata(1).json"),
            ("a(12).jpg", "a.jpg.supplem(12).json"),
            (&format!("{}.jpg", &long[..47]), &format!("{}.json", &long[..46])),
            (&format!("{}.jpg", &long[..40]), &format!("{}.jpg.s.json", &long[..40])),
            ("IMG_1234.HEIC", "IMG_1234.AAE"),
            ("IMG_1234.HEIC", "IMG_O1234.AAE"),
            ("IMG_E1234.JPG", "IMG_1234.AAE"),
            ("IMG_E1234.JPG", "IMG_E1234.AAE"),
            ("IMG_E1234.JPG", "IMG_E1234.MOV"),
            ("00001IMG_00001_BURST20200101_COVER.jpg", "00001IMG_00001_BURST20200101.mp4"),
        ] {
            let index = SidecarIndex::new([(format!("t/{image}"), 1), ("t/b.jpg".into(), 2)]);
            assert_eq!(index.image_of(&format!("t/{sidecar}")), Some(1), "{sidecar} of {image}");
            assert_eq!(index.image_of(&format!("u/{sidecar}")), None, "{sidecar}");
        }
        // The original has its settings before the edited image, which has its own video.
        let index = SidecarIndex::new([("IMG_1234.HEIC", 1), ("IMG_E1234.JPG", 2), ("a.jpg", 3), ("a(1).jpg", 4)]);
        let images = ["IMG_1234.AAE", "IMG_O1234.AAE", "IMG_E1234.MOV", "a.jpg.json", "a.jpg(1).json", "a.jpg(2).json"];
        assert_eq!(images.map(|path| index.image_of(path)), [Some(1), Some(1), Some(2), Some(3), Some(4), None]);
        // Two images begin with what is left of a cut name.
        let [one, other] = ["1", "2"].map(|end| format!("{}{end}.jpg", &long[..46]));
        assert_eq!(SidecarIndex::new([(one, 1), (other, 2)]).image_of(&format!("{}.json", &long[..46])), None);
    }

    #[test]
    fn sidecars_are_renamed_with_their_image() {
        for (sidecar, image, renamed, expected) in [
            ("t/a.xmp", "t/a.jpg", "a (2).jpg", "a (2).xmp"),
            ("t/a.jpg.xmp", "t/a.jpg", "a (2).jpg", "a (2).jpg.xmp"),
            ("t/A.JPG.XMP", "t/a.jpg", "a.jpg", "a.jpg.XMP"),
            ("t/a.b.xmp", "t/a.b.jpg", "a.b.jpg", "a.b.xmp"),
            ("é.mov", "é.heic", "é (3).heic", "é (3).mov"),
            ("p.RAW-02.ORIGINAL.dng", "p.RAW-01.COVER.jpg", "p.RAW-01.COVER.jpg", "p.RAW-02.ORIGINAL.dng"),
            ("p.RAW-02.ORIGINAL.dng", "p.RAW-01.COVER.jpg", "p.RAW-01.COVER (2).jpg", "p.RAW-02.ORIGINAL (2).dng"),
            ("p.MP", "p.MP.jpg", "p.MP (2).jpg", "p.MP (2)"),
            ("IMG_1.AAE", "IMG_E1.jpg", "IMG_E1 (2).jpg", "IMG_1 (2).AAE"),
            ("a.jpg(1).json", "a(1).jpg", "a(1) (2).jpg", "a.jpg(1) (2).json"),
            ("a.xmp", "a.jpg", "cut.jpg", "cut.xmp"),
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
