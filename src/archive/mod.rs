//! What a visitor takes home: a zip with one folder a cluster, a table, and the session.
//!
//! [`plan`] gives every picture a name in its cluster's folder, [`zip_segments`] writes everything in a zip but the
//! pictures themselves, [`scripts`] writes what moves those instead, [`tables`] writes `assignments.csv` and
//! `assignments.json`, which [`session`] reads back, [`npz`] writes and reads features.

pub mod names;
pub mod npz;
mod plan;
mod pretty;
pub mod scripts;
pub mod session;
pub mod tables;
mod time;
mod zip;

pub use plan::{ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, Placed, UNSORTED, plan};
pub use scripts::{powershell_script, sh_script};
pub use session::{Matched, Session, match_session, read_session};
pub use tables::{SESSION_FORMAT, SESSION_VERSION, assignments_csv, assignments_json};
pub use zip::{Entry, Segment, zip_segments, zip_size};
