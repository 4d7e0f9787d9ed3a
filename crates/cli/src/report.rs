//! `shoal report`: a session as an HTML file.

use std::path::PathBuf;

use serde::Serialize;
use shoal_native::folder::{self, Listing};
use shoal_native::result::read_clustering;
use shoal_native::{NativeError, features_file, report, write_new};

use crate::arguments::ReportCommand;
use crate::output::{Outcome, Output};

/// What `report` reports.
#[derive(Serialize)]
struct Written {
    output: PathBuf,
}

/// Runs the subcommand.
pub fn run(options: &ReportCommand, output: &Output) -> Result<Outcome, NativeError> {
    if options.output.exists() {
        return Err(NativeError::OutputExists(options.output.clone()));
    }
    let clustering = read_clustering(&options.session)?;
    let spec = match &options.features {
        Some(features) => features_file::open(features)?.head().spec.clone(),
        None => None,
    };
    let Listing { files, .. } = folder::list(&options.sources, &[])?;
    let html = report::html(&clustering, &files, spec.as_ref())?;
    write_new(&options.output, html.as_bytes())?;
    output.result(&Written { output: options.output.clone() }, || format!("{} is written.", options.output.display()));
    Ok(Outcome::Done)
}
