//! File and folder names that Windows, macOS and Linux all accept.
//!
//! Sources: Microsoft, "Naming Files, Paths, and Namespaces"; Unicode Technical Report 36, section 2.10.2, for bidirectional
//! control characters, which can disguise an extension; Unicode Standard Annex 15 for names that macOS writes decomposed.

use std::collections::HashMap;

use crate::collection::file_name;

/// The most UTF-16 units of a folder's name, including its number.
pub const FOLDER_UNITS_MAX: usize = 100;
/// The most bytes of any name: the limit of ext4 and APFS.
const NAME_BYTES_MAX: usize = 255;
/// The most UTF-16 units of a path in an export. Windows opens paths of up to 259, which includes where the export lies.
pub const PATH_UNITS_MAX: usize = 240;
/// The fewest units to which a file's name is cut for the sake of its path.
const SHORTEST_NAME: usize = 40;
/// The name of a folder if cleaning leaves nothing of its name.
const FALLBACK_FOLDER: &str = "group";
/// The name of a file if cleaning leaves nothing of its name.
const FALLBACK_FILE: &str = "picture";

/// Makes a folder's name safe: at most [`FOLDER_UNITS_MAX`] units, not hidden, and without path traversal.
pub(super) fn safe_folder_name(name: &str) -> String {
    let cleaned = cleaned(name);
    let visible = cleaned.trim_start_matches(['.', ' ']);
    let short = shortened(visible, FOLDER_UNITS_MAX - 1, NAME_BYTES_MAX - 1);
    let trimmed = short.trim_end_matches(['.', ' ']);
    if trimmed.is_empty() { FALLBACK_FOLDER.into() } else { unreserved(trimmed) }
}

/// The last component of a path as a safe file name, changed only where an operating system would reject it.
pub(super) fn safe_file_name(path: &str) -> String {
    let cleaned = cleaned(file_name(path));
    let trimmed = cleaned.trim_end_matches(['.', ' ']);
    if trimmed.is_empty() {
        FALLBACK_FILE.into()
    } else {
        with_suffix(&unreserved(trimmed), "", Kind::File, NAME_BYTES_MAX)
    }
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
    with_suffix(name, &format!(" ({number})"), kind, NAME_BYTES_MAX)
}

/// Text in Unicode's Normalization Form C. The browser has the tables, so that the program needs none.
pub type Normalize = fn(&str) -> String;

/// Assigns unique names within one folder. Names are compared in Normalization Form C and without regard to case, as macOS and
/// Windows do.
#[derive(Clone, Debug)]
pub(super) struct UniqueNames {
    normalize: Normalize,
    /// The most UTF-16 units of a file's name.
    units_max: usize,
    next_numbers: HashMap<String, u64>,
}

impl UniqueNames {
    /// The names in `folder`, which is a path in the export, or empty for the export itself.
    pub fn in_folder(folder: &str, normalize: Normalize) -> Self {
        let used = folder.encode_utf16().count() + 1;
        let units_max = PATH_UNITS_MAX.saturating_sub(used).clamp(SHORTEST_NAME, NAME_BYTES_MAX);
        Self { normalize, units_max, next_numbers: HashMap::new() }
    }

    /// Claims `name`, or the first of `name (2)`, `name (3)`, .. that is free. `name` must be safe; a file's name is shortened if
    /// its path would be too long.
    pub fn claim(&mut self, name: &str, kind: Kind) -> String {
        let name = &self.fitted(name, "", kind, 0);
        let key = self.key(name);
        let Some(&next) = self.next_numbers.get(&key) else {
            self.next_numbers.insert(key, 2);
            return name.to_owned();
        };
        let mut number = next;
        loop {
            let candidate = self.fitted(name, &format!(" ({number})"), kind, 0);
            number += 1;
            let taken = self.key(&candidate);
            if !self.next_numbers.contains_key(&taken) {
                self.next_numbers.insert(taken, 2);
                // Stored per name, so that thousands of equal names do not each count up from 2.
                self.next_numbers.insert(key, number);
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
        let units = |name: &String| name.encode_utf16().count();
        let own_units = units(&name.to_owned());
        // A sidecar's name contains that of its file.
        let longer = sidecar_names(name).iter().map(|sidecar| units(sidecar).saturating_sub(own_units)).max();
        let longer = longer.unwrap_or_default();
        let key = self.key(&self.fitted(name, "", Kind::File, longer));
        let mut number = self.next_numbers.get(&key).copied().unwrap_or(1);
        loop {
            let suffix = if number == 1 { String::new() } else { format!(" ({number})") };
            let candidate = self.fitted(name, &suffix, Kind::File, longer);
            number += 1;
            let sidecars = sidecar_names(&candidate);
            let is_free = |name: &String| !self.next_numbers.contains_key(&self.key(name));
            if is_free(&candidate) && sidecars.iter().all(is_free) {
                self.next_numbers.insert(self.key(&candidate), 2);
                self.next_numbers.insert(key, number);
                // Two sidecars may have the same name; the second then gets its own number.
                let sidecars = sidecars.iter().map(|sidecar| self.claim(sidecar, Kind::File)).collect();
                return (candidate, sidecars);
            }
        }
    }

    /// `name` with `suffix`, a file's name shortened so that its path and one that is `longer` by some units are not too long.
    fn fitted(&self, name: &str, suffix: &str, kind: Kind, longer: usize) -> String {
        with_suffix(name, suffix, kind, self.units_max.saturating_sub(longer).max(SHORTEST_NAME))
    }

    /// What is equal for names that a file system may take for the same. Upper case first: some letters differ only in lower
    /// case, such as the two forms of a small sigma.
    fn key(&self, name: &str) -> String {
        (self.normalize)(name).chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
    }
}

/// `name` with `suffix`, shortened as necessary; a file's name to `file_units_max` UTF-16 units.
fn with_suffix(name: &str, suffix: &str, kind: Kind, file_units_max: usize) -> String {
    let (stem, extension, units_max) = match kind {
        Kind::Folder => (name, "", FOLDER_UNITS_MAX),
        // A longer suffix after a dot is not an extension, and would leave no space for the name.
        Kind::File => match name.rfind('.').filter(|&dot| dot > 0 && name.len() - dot <= 32) {
            Some(dot) => (&name[..dot], &name[dot..], file_units_max),
            None => (name, "", file_units_max),
        },
    };
    let used = suffix.len() + extension.encode_utf16().count();
    let bytes = suffix.len() + extension.len();
    let stem = shortened(stem, units_max.saturating_sub(used), NAME_BYTES_MAX.saturating_sub(bytes));
    let stem = match (suffix, extension) {
        // Windows drops dots and spaces at the end of a name.
        ("", "") => stem.trim_end_matches(['.', ' ']),
        ("", _) => stem,
        _ => stem.trim_end(),
    };
    format!("{stem}{suffix}{extension}")
}

/// The longest prefix of `text` within both limits.
fn shortened(text: &str, units_max: usize, bytes_max: usize) -> &str {
    let mut units = 0;
    let end = text
        .char_indices()
        .take_while(|(start, character)| {
            units += character.len_utf16();
            units <= units_max && start + character.len_utf8() <= bytes_max
        })
        .last()
        .map_or(0, |(start, character)| start + character.len_utf8());
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
