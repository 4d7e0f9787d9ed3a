//! Exports: zip, scripts, tables, session, features, report; and reading sessions and features back.
//!
//! | item | contents |
//! | --- | --- |
//! | [`Planner`] | assigns every file a name in its cluster's folder |
//! | [`ZipWriter`] | writes a zip's headers; the caller adds the files |
//! | [`scripts`] | scripts that move files into their clusters' folders |
//! | [`tables`] | `assignments.csv` and the session, `assignments.json` |
//! | [`session`] | reads both back |
//! | [`reasons`] | tables of files that were left out or could not be read |
//! | [`Report`] | an HTML report |
//! | [`npz`] | features as NumPy arrays, written and read |

mod error;
pub mod file_names;
pub mod npz;
mod plan;
mod pretty_json;
pub mod reasons;
mod report;
pub mod scripts;
pub mod session;
pub mod tables;
mod time;
mod zip;

pub use error::ArchiveError;
pub use plan::{
    ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, LEFT_OUT_CSV, Placed, Planner, REASONS_CSV, UNASSIGNED_FOLDER, UNREADABLE_FOLDER,
};
pub use reasons::{left_out_csv, reasons_csv};
pub use report::{Report, report_facts};
pub use scripts::{powershell_script, sh_script};
pub use session::{Matched, Session, SessionError, match_session, read_session};
pub use tables::{SESSION_FORMAT, SESSION_VERSION, assignments_csv, assignments_json};
pub use zip::{Entry, ZipWriter};
