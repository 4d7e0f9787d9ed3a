//! Tables of the files that were not taken home as they should have been, and why.

use super::plan::Placed;
use super::tables::inert;
use crate::error::ArchiveError;
use crate::library::Refusal;

/// What was left out, as a table after RFC 4180 in which a spreadsheet computes nothing: `path,code,reason`.
///
/// # Errors
/// [`ArchiveError::Csv`] when the table cannot be written.
pub fn left_out_csv(left_out: &[Refusal]) -> Result<Vec<u8>, ArchiveError> {
    table(["path", "code", "reason"], left_out.iter().map(|refusal| [&*refusal.path, &refusal.code, &refusal.reason]))
}

/// What could not be read, and where it lies, likewise: `path,file,code,reason`.
///
/// # Errors
/// [`ArchiveError::Csv`] when the table cannot be written.
pub fn reasons_csv(unread: &[(Placed, Refusal)]) -> Result<Vec<u8>, ArchiveError> {
    let row = |(placed, refusal): &'_ (Placed, Refusal)| -> [String; 4] {
        [&placed.path, &placed.entry_name, &refusal.code, &refusal.reason].map(String::clone)
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
