//! Exports. To add a format that produces one file, add a module and a line in the list below.
//!
//! | file | what |
//! | --- | --- |
//! | `zip`, `scripts`, `session`, `features`, `report` | the formats |
//! | `plot` | charts as PNG and SVG |
//! | `folder`, `folder_writer` | copying into a folder |
//! | `export_set` | the files to export, each with its place |
//! | `zip_blob` | zips of references to files |
//! | `thumbnails` | thumbnails as data URIs |

mod error;
mod export_set;
mod folder;
mod folder_writer;
mod plot;
mod thumbnails;
mod zip_blob;

use std::rc::Rc;

use serde::Deserialize;
use shoal_browser::api_error::ApiError;
use web_sys::Blob;

use crate::clustering::Clusters;
use crate::collection::{FeatureOrigin, ImageCollection};
use crate::compute::{Client, Compute};
use crate::ingest::Ingest;
use crate::operation::Operation;
use crate::settings::Settings;
pub use folder::export_folder;
pub use plot::{PlotFormat, export_plot};

/// Declares the formats' modules and builds [`ExportFormat`] from `module: Variant` lines. Each module has a struct named like
/// its variant.
macro_rules! formats {
    ($($module:ident: $variant:ident),+ $(,)?) => {
        $(mod $module;)+

        /// A format that produces one file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ExportFormat {
            $(
                #[doc = concat!("The format `", stringify!($module), "`.")]
                $variant,
            )+
        }

        impl ExportFormat {
            /// Every format, in the order in which the interface lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The format's descriptor.
            pub const fn info(self) -> &'static FormatInfo {
                match self {
                    $(Self::$variant => &<$module::$variant as Format>::INFO,)+
                }
            }

            /// The file.
            pub async fn export(self, context: &ExportContext<'_>, options: ExportOptions) -> Result<Blob, ApiError> {
                match self {
                    $(Self::$variant => <$module::$variant as Format>::export(context, options).await,)+
                }
            }
        }
    };
}

formats! {
    zip: Zip,
    scripts: Scripts,
    session: Session,
    features: Features,
    report: Report,
}

/// An export format that produces one file.
trait Format {
    /// The format's descriptor.
    const INFO: FormatInfo;

    /// The file.
    async fn export(context: &ExportContext<'_>, options: ExportOptions) -> Result<Blob, ApiError>;
}

/// Where the interface offers a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatPlace {
    /// The primary button of a result.
    Primary,
    /// The export panel.
    Panel,
    /// Next to the button that opens the same kind of file.
    BesideOpen,
}

/// The descriptor of an export format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatInfo {
    /// Its name in the interface.
    pub label: &'static str,
    /// What it is for, in one line.
    pub hint: &'static str,
    /// The name of the file.
    pub file_name: &'static str,
    /// Where the interface offers it.
    pub place: FormatPlace,
}

/// What exports have in common.
pub struct ExportContext<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The settings when the operation began.
    pub settings: &'a Settings,
    /// The images.
    pub collection: &'a ImageCollection,
    /// The clusters.
    pub clusters: &'a Clusters,
    /// The workers.
    pub compute: &'a Compute,
    /// Brings features up to date with the settings.
    pub ingest: &'a Ingest,
}

impl ExportContext<'_> {
    /// The workers, started if necessary.
    async fn client(&self) -> Result<Client, ApiError> {
        self.compute.client(self.settings).await
    }

    /// Brings all features up to date with the settings. Returns how they were computed.
    async fn current_features(&self) -> Result<Rc<FeatureOrigin>, ApiError> {
        let (_, origin) =
            self.ingest.current_features(self.operation, self.collection, self.compute, self.settings).await?;
        Ok(origin)
    }
}

/// The options of an export of files.
#[derive(Clone, Copy, Debug, Default, Deserialize, tsify::Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportOptions {
    /// Whether unreadable files are included, in a folder of their own.
    pub include_unreadable: bool,
    /// Whether the folders that files came in are kept below those of the clusters.
    pub keep_folders: bool,
}
