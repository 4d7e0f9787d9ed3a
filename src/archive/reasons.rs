//! Tables of the files that an export left out or could not read, with reasons.

use super::ArchiveError;
use super::plan::Placed;
use super::tables::{guarded, table_writer};
use crate::collection::Rejection;

/// The files that were left out, as a table according to RFC 4180 with guarded formulas: `path,code,reason`.
///
/// # Errors
/// [`ArchiveError::Csv`] if the table cannot be written.
pub fn left_out_csv(left_out: &[Rejection]) -> Result<Vec<u8>, ArchiveError> {
    table(
        ["path", "code", "reason"],
        left_out.iter().map(|rejection| [&*rejection.path, &rejection.code, &rejection.reason]),
    )
}

/// The files that could not be read, with their exported names, in the same format: `path,file,code,reason`.
///
/// # Errors
/// [`ArchiveError::Csv`] if the table cannot be written.
pub fn reasons_csv(unreadable: &[(Placed, Rejection)]) -> Result<Vec<u8>, ArchiveError> {
    let row = |(placed, rejection): &'_ (Placed, Rejection)| -> [String; 4] {
        [&placed.path, &placed.entry_name, &rejection.code, &rejection.reason].map(String::clone)
    };
    table(["path", "file", "code", "reason"], unreadable.iter().map(row))
}

fn table<const N: usize, T: AsRef<str>>(
    titles: [&str; N],
    rows: impl Iterator<Item = [T; N]>,
) -> Result<Vec<u8>, ArchiveError> {
    let mut table = table_writer();
    table.write_record(titles)?;
    for row in rows {
        table.write_record(row.iter().map(|cell| guarded(cell.as_ref()).into_owned()))?;
    }
    table.into_inner().map_err(|error| ArchiveError::Csv(error.into_error().into()))
}
