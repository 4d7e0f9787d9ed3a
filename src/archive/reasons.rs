//! Tables of the files that were not taken home as they should have been, and why.

use super::plan::Placed;
use super::tables::inert;
use crate::archive::ArchiveError;
use crate::collection::Rejection;

/// What was left out, as a table after RFC 4180 in which a spreadsheet computes nothing: `path,code,reason`.
///
/// # Errors
/// [`ArchiveError::Csv`] when the table cannot be written.
pub fn left_out_csv(left_out: &[Rejection]) -> Result<Vec<u8>, ArchiveError> {
    table(
        ["path", "code", "reason"],
        left_out.iter().map(|rejection| [&*rejection.path, &rejection.code, &rejection.reason]),
    )
}

/// What could not be read, and where it lies, likewise: `path,file,code,reason`.
///
/// # Errors
/// [`ArchiveError::Csv`] when the table cannot be written.
pub fn reasons_csv(unread: &[(Placed, Rejection)]) -> Result<Vec<u8>, ArchiveError> {
    let row = |(placed, rejection): &'_ (Placed, Rejection)| -> [String; 4] {
        [&placed.path, &placed.entry_name, &rejection.code, &rejection.reason].map(String::clone)
    };
    table(["path", "file", "code", "reason"], unread.iter().map(row))
}

fn table<const N: usize, T: AsRef<str>>(
    titles: [&str; N],
    rows: impl Iterator<Item = [T; N]>,
) -> Result<Vec<u8>, ArchiveError> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(titles)?;
    for row in rows {
        table.write_record(row.iter().map(|cell| inert(cell.as_ref()).into_owned()))?;
    }
    table.into_inner().map_err(|error| ArchiveError::Csv(error.into_error().into()))
}
