//! Files and folders to ignore silently: what systems, sync programs and photo tools leave behind. Anything else that begins with
//! a dot is the user's.

use super::images::file_name;
use super::sidecars::RAW_EXTENSIONS;

/// Folders of operating systems, network drives, version control and photo tools, in lowercase.
const FOLDERS: [&str; 29] = [
    "__macosx",
    "#recycle",
    "#snapshot",
    "$recycle.bin",
    "@eadir",
    "@recycle",
    "@recently-snapshot",
    "@sharebin",
    "@tmp",
    ".appledb",
    ".appledesktop",
    ".appledouble",
    ".cache",
    ".comments",
    ".documentrevisions-v100",
    ".dtrash",
    ".fseventsd",
    ".git",
    ".hg",
    ".snapshot",
    ".snapshots",
    ".spotlight-v100",
    ".stversions",
    ".svn",
    ".temporaryitems",
    ".thumbnails",
    ".xvpics",
    "lost+found",
    "system volume information",
];
/// How the names of trash folders begin, in lowercase.
const TRASH: &str = ".trash";
/// Files that are never of interest, in lowercase.
const FILES: [&str; 3] = ["desktop.ini", "ehthumbs.db", "thumbs.db"];
/// How the names of hidden files begin that are no images, whatever their extension: macOS's other halves of files, and what
/// Android has deleted or not finished.
const HIDDEN: [&str; 3] = ["._", ".trashed-", ".pending-"];
/// Extensions of images, in lowercase; those of raw images are [`RAW_EXTENSIONS`].
const IMAGES: [&str; 31] = [
    "apng", "avif", "bmp", "dib", "gif", "heic", "heics", "heif", "heifs", "hif", "icns", "ico", "jfif", "jp2", "jpe",
    "jpeg", "jpg", "jxl", "pbm", "pcx", "pgm", "png", "pnm", "ppm", "psb", "psd", "qoi", "tga", "tif", "tiff", "webp",
];
/// The extension of the files that iCloud leaves in place of others.
const CLOUD: &str = ".icloud";

/// Whether to ignore everything in a folder of this name.
pub fn is_ignored_folder(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    FOLDERS.contains(&name.as_str()) || name.starts_with(TRASH)
}

/// Whether to ignore a file: one in a folder that is [ignored](is_ignored_folder), such as `Thumbs.db` and `desktop.ini`, and
/// hidden files that are no images, such as `.DS_Store`. Its name decides; its contents are not read.
///
/// `path` has `/` between its components. Ignored files are not reported as rejected.
pub fn is_ignored(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let mut folders = path.split('/').rev().skip(1);
    if FILES.contains(&name.as_str()) || folders.any(is_ignored_folder) {
        return true;
    }
    if !name.starts_with('.') || is_in_cloud(path) {
        return false;
    }
    let extension = name.rsplit('.').next().unwrap_or_default();
    let is_image = IMAGES.contains(&extension) || RAW_EXTENSIONS.contains(&extension);
    !is_image || HIDDEN.iter().any(|beginning| name.starts_with(beginning))
}

/// Whether a file stands for one that iCloud has not downloaded: `.IMG_1.HEIC.icloud`.
pub fn is_in_cloud(path: &str) -> bool {
    let name = file_name(path);
    name.len() > 1 + CLOUD.len() && name.starts_with('.') && name.to_ascii_lowercase().ends_with(CLOUD)
}
