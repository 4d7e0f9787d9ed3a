//! Errors of the collection.

use shoal::error::Coded;
use shoal_protocol::FileUnreadable;
use thiserror::Error;

/// How many paths a message names.
const PATHS_NAMED: usize = 5;

/// Errors of the collection.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CollectionError {
    /// No image has this path.
    #[error("there is no picture {path}")]
    UnknownImage {
        /// The path.
        path: String,
    },
    /// Source files are needed but missing.
    #[error("{} not available, and this needs {}: drop the folder again ({})",
        if paths.len() == 1 { "1 original is".to_owned() } else { format!("{} originals are", paths.len()) },
        if paths.len() == 1 { "it" } else { "them" }, some_of(paths))]
    SourceFilesMissing {
        /// The paths of the images that lack them.
        paths: Vec<String>,
    },
    /// A file has the path of an image, but the features of that image were computed from another file.
    #[error("the features here are those of another file of this name")]
    OtherFile,
    /// A collection of external features has no features for a file.
    #[error(
        "these features came from a file that has none for this picture: choose \"Clear all\" to sort it by itself"
    )]
    NoExternalFeatures,
    /// The browser cannot open a file or folder.
    #[error("the file or folder could not be opened: {0}")]
    Unreadable(String),
    /// Files have several pages, of which only the first is used.
    #[error("{}: {path} has {pages} pages",
        if *count == 1 { "only the first page of 1 file is used".to_owned() }
        else { format!("only the first pages of {count} files are used") })]
    FirstPages {
        /// How many files.
        count: usize,
        /// The path of one of them.
        path: String,
        /// The number of its pages.
        pages: u32,
    },
    /// A file is only in a cloud.
    #[error("the cloud has not downloaded this file: open its folder, download it, and add it again")]
    InCloud,
    /// A folder contains itself.
    #[error("this folder leads back to one that contains it, or lies too deep")]
    FolderLoop,
    /// Something that is neither a file nor a folder was added.
    #[error("this is neither a file nor a folder")]
    NotAFile,
}

/// The first of these paths, and how many others there are.
fn some_of(paths: &[String]) -> String {
    let named = paths.iter().take(PATHS_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match paths.len().saturating_sub(PATHS_NAMED) {
        0 => named,
        others => format!("{named} and {others} more"),
    }
}

impl Coded for CollectionError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownImage { .. } => "unknown-picture",
            Self::SourceFilesMissing { .. } => "originals-missing",
            Self::OtherFile | Self::NoExternalFeatures => "features-incompatible",
            Self::Unreadable(_) => FileUnreadable::CODE,
            Self::FirstPages { .. } => "first-pages",
            Self::InCloud => "not-downloaded",
            Self::FolderLoop => "folder-loop",
            Self::NotAFile => "not-a-file",
        }
    }
}
