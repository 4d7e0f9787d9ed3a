//! Names that Windows, macOS and Linux all accept.
//!
//! Sources: Microsoft, "Naming Files, Paths, and Namespaces"; Unicode Technical Report 36, section 2.10.2, for
//! characters that reorder the text around them and so disguise an extension.

use std::collections::HashMap;

use crate::collection::file_name;

/// The most characters of a folder's name, a number included.
pub const FOLDER_CHARS_MAX: usize = 100;
/// The most bytes of any name: what ext4 and APFS hold.
const NAME_BYTES_MAX: usize = 255;
/// What a folder is called of whose name nothing is left.
const EMPTY_FOLDER: &str = "group";
/// What a file is called of whose name nothing is left.
const EMPTY_FILE: &str = "picture";

/// A folder's name, made safe: at most [`FOLDER_CHARS_MAX`] characters, neither hidden nor a way out of its parent.
pub fn safe_folder_name(name: &str) -> String {
    let cleaned = cleaned(name);
    let visible = cleaned.trim_start_matches(['.', ' ']);
    let short = shortened(visible, FOLDER_CHARS_MAX - 1, NAME_BYTES_MAX - 1);
    let trimmed = short.trim_end_matches(['.', ' ']);
    if trimmed.is_empty() { EMPTY_FOLDER.into() } else { unreserved(trimmed) }
}

/// A file's own name, without the folders before it, changed only where a system would refuse it.
pub fn safe_file_name(path: &str) -> String {
    let cleaned = cleaned(file_name(path));
    let trimmed = cleaned.trim_end_matches(['.', ' ']);
    if trimmed.is_empty() { EMPTY_FILE.into() } else { with_suffix(&unreserved(trimmed), "", Kind::File) }
}

/// What a name belongs to, which decides where a number goes and how long it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The number goes last.
    Folder,
    /// The number goes before the extension.
    File,
}

/// `name` with a number, as [`Names`] gives it to a name that is taken.
pub fn numbered(name: &str, number: u64, kind: Kind) -> String {
    with_suffix(name, &format!(" ({number})"), kind)
}

/// Hands out names of one folder, none twice, not even in another case.
#[derive(Clone, Debug, Default)]
pub struct Names {
    next_numbers: HashMap<String, u64>,
}

impl Names {
    /// Takes `name`, or the first of `name (2)`, `name (3)`, .. that is free. `name` is safe already.
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
                // Kept per name, so that thousands of equal names do not count up from 2 each time.
                self.next_numbers.insert(name.to_lowercase(), number);
                return candidate;
            }
        }
    }

    /// Takes `name` as [`Self::claim`] does for a file, but only with a number that leaves free what `beside` calls the files
    /// that go with it; these names are taken too and given second.
    pub fn claim_with(&mut self, name: &str, beside: impl Fn(&str) -> Vec<String>) -> (String, Vec<String>) {
        let folded = name.to_lowercase();
        let mut number = self.next_numbers.get(&folded).copied().unwrap_or(1);
        loop {
            let candidate = match number {
                1 => name.to_owned(),
                _ => numbered(name, number, Kind::File),
            };
            number += 1;
            let others = beside(&candidate);
            let is_free = |name: &String| !self.next_numbers.contains_key(&name.to_lowercase());
            if is_free(&candidate) && others.iter().all(is_free) {
                self.next_numbers.insert(candidate.to_lowercase(), 2);
                self.next_numbers.insert(folded, number);
                // Two of them may want one name: then the second takes a number of its own.
                let others = others.iter().map(|other| self.claim(other, Kind::File)).collect();
                return (candidate, others);
            }
        }
    }
}

/// `name` with `suffix`, the name being shortened where both are too long together.
fn with_suffix(name: &str, suffix: &str, kind: Kind) -> String {
    let (stem, extension, chars_max) = match kind {
        Kind::Folder => (name, "", FOLDER_CHARS_MAX),
        // An extension as long as a name is none, and would leave no room.
        Kind::File => match name.rfind('.').filter(|&dot| dot > 0 && name.len() - dot <= 32) {
            Some(dot) => (&name[..dot], &name[dot..], NAME_BYTES_MAX),
            None => (name, "", NAME_BYTES_MAX),
        },
    };
    let used = suffix.len() + extension.len();
    let stem = shortened(stem, chars_max.saturating_sub(used), NAME_BYTES_MAX.saturating_sub(used));
    format!("{}{suffix}{extension}", if suffix.is_empty() { stem } else { stem.trim_end() })
}

/// The longest beginning of `text` within both limits.
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

/// `name` without characters that are not seen, and with `_` for those that a system gives a meaning to.
fn cleaned(name: &str) -> String {
    name.chars()
        .filter(|&character| !character.is_control() && !reorders(character))
        .map(|character| if r#"<>:"/\|?*"#.contains(character) { '_' } else { character })
        .collect()
}

/// Whether a character is a bidirectional control, a line separator or a byte-order mark.
fn reorders(character: char) -> bool {
    matches!(
        character,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// `name`, with `_` after its first part when Windows takes that for a device whatever follows its first dot.
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
