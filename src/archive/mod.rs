//! What a visitor takes home: a zip with one folder a cluster, a table, and the session.
//!
//! [`Planner`] gives every file a name in its cluster's folder, [`ZipWriter`] writes everything in a zip but the
//! pictures themselves, [`scripts`] writes what moves those instead, [`tables`] writes `assignments.csv` and
//! `assignments.json`, which [`session`] reads back, [`reasons`] says what was left out,
//! [`Report`] is all that for reading and printing, [`npz`] writes and reads features.

mod error;
pub mod file_names;
pub mod npz;
mod plan;
mod pretty;
pub mod reasons;
mod report;
pub mod scripts;
pub mod session;
pub mod tables;
mod time;
mod zip;

pub use error::ArchiveError;
pub use plan::{ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, LEFT_OUT_CSV, Placed, Planner, REASONS_CSV, UNREAD, UNSORTED};
pub use reasons::{left_out_csv, reasons_csv};
pub use report::Report;
pub use scripts::{powershell_script, sh_script};
pub use session::{Matched, Session, SessionError, match_session, read_session};
pub use tables::{SESSION_FORMAT, SESSION_VERSION, assignments_csv, assignments_json};
pub use zip::{Entry, ZipWriter};
