//! What can go wrong, one enum a stage. Every error has a stable code, which is part of the public API.

use thiserror::Error;

/// An error with a stable, kebab-case code that programs may match on.
pub trait Coded: std::error::Error {
    /// The code, for instance `k-out-of-range`.
    fn code(&self) -> &'static str;
}

/// The number of values does not make whole rows.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{values} values do not make whole rows of {columns}")]
pub struct ShapeError {
    /// How many values there were.
    pub values: usize,
    /// How many columns were asked for.
    pub columns: usize,
}

impl Coded for ShapeError {
    fn code(&self) -> &'static str {
        "bad-shape"
    }
}

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
    #[error("a size of {0} px is outside 64 to 224, or not a multiple of 32")]
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

/// Groups that cannot be made.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ClusterError {
    /// There is nothing to group.
    #[error("there are no pictures to group yet")]
    NoPictures,
    /// Too few pictures for what was asked.
    #[error("{found} picture(s) cannot be grouped so: at least {needed} are needed")]
    TooFewPictures {
        /// How many pictures there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// `k` is outside 2..=n.
    #[error("{k} groups cannot be made of {pictures} pictures: choose from 2 to {pictures}")]
    KOutOfRange {
        /// The number of groups that was asked for.
        k: usize,
        /// How many pictures there are.
        pictures: usize,
    },
    /// The least size of a cluster is outside 2..=n.
    #[error("groups of at least {size} cannot be found among {pictures} pictures: choose from 2 to {pictures}")]
    MinClusterSizeOutOfRange {
        /// The least size that was asked for.
        size: usize,
        /// How many pictures there are.
        pictures: usize,
    },
    /// A feature is NaN or infinite.
    #[error("the features of picture {row} hold a value that is not finite")]
    NotFinite {
        /// The row of the first such picture.
        row: usize,
    },
    /// Rows and labels do not belong together.
    #[error("{labels} labels do not fit {rows} rows")]
    LabelCount {
        /// How many labels there were.
        labels: usize,
        /// How many rows there were.
        rows: usize,
    },
    /// A picture was put in a cluster that is not there.
    #[error("there is no cluster {cluster} among {k}")]
    UnknownCluster {
        /// The cluster.
        cluster: u32,
        /// How many clusters there are, with ids from 0.
        k: usize,
    },
    /// Rows were asked for that are not there.
    #[error("rows {start} to {end} are not among {rows}")]
    RowsOutOfRange {
        /// The first row.
        start: usize,
        /// One past the last row.
        end: usize,
        /// How many rows there are.
        rows: usize,
    },
    /// A parameter is out of its range.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// The values do not make whole rows.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

impl Coded for ClusterError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoPictures => "no-pictures",
            Self::TooFewPictures { .. } => "too-few-pictures",
            Self::KOutOfRange { .. } => "k-out-of-range",
            Self::MinClusterSizeOutOfRange { .. } => "min-cluster-size-out-of-range",
            Self::NotFinite { .. } => "features-not-finite",
            Self::LabelCount { .. } | Self::RowsOutOfRange { .. } => "bad-shape",
            Self::UnknownCluster { .. } => "unknown-cluster",
            Self::Option(error) => error.code(),
            Self::Shape(error) => error.code(),
        }
    }
}

/// An edit of the clusters that cannot be made. Nothing has changed then.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EditError {
    /// A cluster was named that is not there.
    #[error("there is no cluster {cluster}")]
    UnknownCluster {
        /// The cluster's id.
        cluster: u32,
    },
    /// A picture was named that is not there.
    #[error("there is no picture {picture}")]
    UnknownPicture {
        /// The picture's id.
        picture: u32,
    },
    /// A cluster is to be split by a picture that is not in it.
    #[error("picture {picture} is not in cluster {cluster}")]
    NotInCluster {
        /// The picture's id.
        picture: u32,
        /// The cluster's id.
        cluster: u32,
    },
    /// A picture is to be in two places.
    #[error("picture {picture} cannot be in two places")]
    PictureTwice {
        /// The picture's id.
        picture: u32,
    },
    /// A cluster is to be two.
    #[error("cluster {cluster} cannot be there twice")]
    ClusterTwice {
        /// The cluster's id.
        cluster: u32,
    },
    /// A name has no character that can be shown.
    #[error("a name needs at least one character")]
    BadName,
    /// Too little was named for there to be anything to do.
    #[error("there is nothing to edit")]
    NothingToEdit,
    /// Every id has been used.
    #[error("no more clusters can be made")]
    TooManyClusters,
}

impl Coded for EditError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownCluster { .. } => "unknown-cluster",
            Self::UnknownPicture { .. } => "unknown-picture",
            Self::NotInCluster { .. } => "not-in-cluster",
            Self::PictureTwice { .. } => "picture-twice",
            Self::ClusterTwice { .. } => "cluster-twice",
            Self::BadName => "bad-name",
            Self::NothingToEdit => "nothing-to-edit",
            Self::TooManyClusters => "too-many-clusters",
        }
    }
}

/// An option whose value is not one of those allowed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{name} is \"{value}\", but must be {allowed}")]
pub struct OptionError {
    /// The option's name, for instance `recipe`.
    pub name: &'static str,
    /// What it was set to.
    pub value: String,
    /// What it may be, in words.
    pub allowed: &'static str,
}

impl Coded for OptionError {
    fn code(&self) -> &'static str {
        "bad-option"
    }
}

/// A chart that cannot be drawn.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PlotError {
    /// There is no curve over the number of groups.
    #[error("there is no curve: the number of groups was not left to the program")]
    NoCurve,
    /// Drawing failed.
    #[error("the chart could not be drawn: {0}")]
    Draw(String),
}

impl Coded for PlotError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoCurve => "no-curve",
            Self::Draw(_) => "plot-failed",
        }
    }
}

/// An archive or table that cannot be written.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// A name is longer than a zip can hold.
    #[error("a name of {0} bytes is too long for a zip")]
    NameTooLong(usize),
    /// The pictures are larger together than a zip can say.
    #[error("the pictures are too large together for a zip")]
    TooLarge,
    /// A table could not be written.
    #[error("the table could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// The session file could not be written.
    #[error("the session file could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

impl Coded for ArchiveError {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTooLong(_) | Self::TooLarge => "zip-failed",
            Self::Csv(_) => "table-failed",
            Self::Json(_) => "session-failed",
        }
    }
}

/// A session file that cannot be read. Nothing has changed then.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SessionError {
    /// It is neither a session nor a table of assignments.
    #[error("this is not a saved session: {0}")]
    NotASession(String),
    /// It was written by a later program, in a way that this one does not know.
    #[error("the session has version {version}, but only versions up to {known} are known here")]
    TooNew {
        /// The file's version.
        version: u64,
        /// The latest version that is read.
        known: u32,
    },
    /// It is a session, but cut off, or it contradicts itself.
    #[error("the session is damaged: {0}")]
    Damaged(String),
    /// It is larger, or holds more, than what is read.
    #[error("the session is too large: {0}")]
    TooLarge(String),
}

impl Coded for SessionError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotASession(_) => "session-not-a-session",
            Self::TooNew { .. } => "session-too-new",
            Self::Damaged(_) => "session-damaged",
            Self::TooLarge(_) => "session-too-large",
        }
    }
}

/// A features file that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FeaturesError {
    /// It is no features file, or it is damaged.
    #[error("the features cannot be read: {0}")]
    Format(String),
    /// Its arrays do not belong together, or are not as large as they say.
    #[error("the features have a wrong shape: {0}")]
    Shape(String),
    /// It is larger than what is read.
    #[error("the features file is too large: {0}")]
    TooLarge(String),
    /// A feature is NaN or infinite.
    #[error("the features in row {row} hold a value that is not finite")]
    NotFinite {
        /// The first such row.
        row: usize,
    },
    /// The file could not be read at all.
    #[error("the features file could not be read: {0}")]
    Unreadable(String),
}

impl Coded for FeaturesError {
    fn code(&self) -> &'static str {
        match self {
            Self::Format(_) => "features-format",
            Self::Shape(_) => "features-shape",
            Self::TooLarge(_) => "features-too-large",
            Self::NotFinite { .. } => "features-not-finite",
            Self::Unreadable(_) => "unreadable-file",
        }
    }
}

impl From<std::io::Error> for FeaturesError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::UnexpectedEof => Self::Format("the file ends too early".into()),
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Self::Format(error.to_string()),
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
