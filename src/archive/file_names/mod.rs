//! File and folder names that Windows, macOS and Linux all accept.
//!
//! Sources: Microsoft, "Naming Files, Paths, and Namespaces"; Unicode Technical Report 36, section 2.10.2, for bidirectional
//! control characters, which can disguise an extension.

use std::collections::HashMap;

use crate::collection::file_name;

/// The most characters of a folder's name, including its number.
pub const FOLDER_CHARS_MAX: usize = 100;
/// The most bytes of any name: the limit of ext4 and APFS.
const NAME_BYTES_MAX: usize = 255;
/// The name of a folder if cleaning leaves nothing of its name.
const FALLBACK_FOLDER: &str = "group";
/// The name of a file if cleaning leaves nothing of its name.
const FALLBACK_FILE: &str = "picture";

/// Makes a folder's name safe: at most [`FOLDER_CHARS_MAX`] characters, not hidden, and without path traversal.
pub(super) fn safe_folder_name(name: &str) -> String {
    let cleaned = cleaned(name);
    let visible = cleaned.trim_start_matches(['.', ' ']);
    let short = shortened(visible, FOLDER_CHARS_MAX - 1, NAME_BYTES_MAX - 1);
    let trimmed = short.trim_end_matches(['.', ' ']);
    if trimmed.is_empty() { FALLBACK_FOLDER.into() } else { unreserved(trimmed) }
}

/// The last component of a path as a safe file name, changed only where an operating system would reject it.
pub(super) fn safe_file_name(path: &str) -> String {
    let cleaned = cleaned(file_name(path));
    let trimmed = cleaned.trim_end_matches(['.', ' ']);
    if trimmed.is_empty() { FALLBACK_FILE.into() } else { with_suffix(&unreserved(trimmed), "", Kind::File) }
}

/// Whether a name is a folder's or a file's, which determines where its number goes and how long it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder: the number goes last.
    Folder,
    /// A file: the number goes before the extension.
    File,
}

/// `name` with a number, such as `a (2).jpg`, for a name that is already taken.
pub fn numbered(name: &str, number: u64, kind: Kind) -> String {
    with_suffix(name, &format!(" ({number})"), kind)
}

/// Assigns unique names within one folder, ignoring case.
#[derive(Clone, Debug, Default)]
pub(super) struct UniqueNames {
    next_numbers: HashMap<String, u64>,
}

impl UniqueNames {
    /// Claims `name`, or the first of `name (2)`, `name (3)`, .. that is free. `name` must be safe.
    pub fn claim(&mut self, name: &str, kind: Kind) -> String {
        let Some(&next) = self.next_numbers.get(&name.to_lowercase()) else {
            self.next_numbers.insert(name.to_lowercase(), 2);
            return name.to_owned();
        };
        let mut number = next;
        loop {
            let candidate = numbered(name, number, kind);
            number += 1;
            let folded = candidate.to_lowercase();
            if !self.next_numbers.contains_key(&folded) {
                self.next_numbers.insert(folded, 2);
                // Stored per name, so that thousands of equal names do not each count up from 2.
                self.next_numbers.insert(name.to_lowercase(), number);
                return candidate;
            }
        }
    }

    /// Claims `name` for a file as [`Self::claim`] does, with a number for which the names of its sidecars, as `sidecar_names`
    /// derives them from the file's name, are free too. Returns the file's name and the sidecars' names.
    pub fn claim_with_sidecars(
        &mut self,
        name: &str,
        sidecar_names: impl Fn(&str) -> Vec<String>,
    ) -> (String, Vec<String>) {
        let folded = name.to_lowercase();
        let mut number = self.next_numbers.get(&folded).copied().unwrap_or(1);
        loop {
            let candidate = match number {
                1 => name.to_owned(),
                _ => numbered(name, number, Kind::File),
            };
            number += 1;
            let sidecars = sidecar_names(&candidate);
            let is_free = |name: &String| !self.next_numbers.contains_key(&name.to_lowercase());
            if is_free(&candidate) && sidecars.iter().all(is_free) {
                self.next_numbers.insert(candidate.to_lowercase(), 2);
                self.next_numbers.insert(folded, number);
                // Two sidecars may have the same name; the second then gets its own number.
                let sidecars = sidecars.iter().map(|sidecar| self.claim(sidecar, Kind::File)).collect();
                return (candidate, sidecars);
            }
        }
    }
}

/// `name` with `suffix`, shortened as necessary.
fn with_suffix(name: &str, suffix: &str, kind: Kind) -> String {
    let (stem, extension, chars_max) = match kind {
        Kind::Folder => (name, "", FOLDER_CHARS_MAX),
        // A longer suffix after a dot is not an extension, and would leave no space for the name.
        Kind::File => match name.rfind('.').filter(|&dot| dot > 0 && name.len() - dot <= 32) {
            Some(dot) => (&name[..dot], &name[dot..], NAME_BYTES_MAX),
            None => (name, "", NAME_BYTES_MAX),
        },
    };
    let used = suffix.len() + extension.len();
    let stem = shortened(stem, chars_max.saturating_sub(used), NAME_BYTES_MAX.saturating_sub(used));
    format!("{}{suffix}{extension}", if suffix.is_empty() { stem } else { stem.trim_end() })
}

/// The longest prefix of `text` within both limits.
fn shortened(text: &str, chars_max: usize, bytes_max: usize) -> &str {
    let end = text
        .char_indices()
        .map(|(start, character)| start + character.len_utf8())
        .take(chars_max)
        .take_while(|&end| end <= bytes_max)
        .last()
        .unwrap_or(0);
    &text[..end]
}

/// `name` without invisible characters, and with `_` for characters that are special to a file system.
fn cleaned(name: &str) -> String {
    name.chars()
        .filter(|&character| !character.is_control() && !reorders(character))
        .map(|character| if r#"<>:"/\|?*"#.contains(character) { '_' } else { character })
        .collect()
}

/// Whether a character is a bidirectional control character, a line or paragraph separator, or a byte-order mark.
fn reorders(character: char) -> bool {
    matches!(
        character,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// `name`, with `_` after the part before the first dot if Windows reserves that part as a device name.
fn unreserved(name: &str) -> String {
    let first = name.split('.').next().unwrap_or(name);
    let word = first.trim_end().to_uppercase();
    let is_device = match word.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => word
            .strip_prefix("COM")
            .or_else(|| word.strip_prefix("LPT"))
            .is_some_and(|port| matches!(port.chars().collect::<Vec<_>>()[..], ['0'..='9' | '¹' | '²' | '³'])),
    };
    if is_device { format!("{first}_{}", &name[first.len()..]) } else { name.to_owned() }
}

#[cfg(test)]
mod tests;
