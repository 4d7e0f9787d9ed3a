//! Text within HTML and XML.

use std::fmt::Write;

/// `text` for an element's content or a quoted attribute: nothing in it is markup, and no character is one that XML forbids.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            character => safe.push(allowed(character)),
        }
    }
    safe
}

/// `text` without characters that XML forbids (XML 1.0, 2.2), for a writer that escapes markup itself.
pub fn printable(text: &str) -> String {
    text.chars().map(allowed).collect()
}

/// Appends an element with text in it.
pub(crate) fn element(out: &mut String, tag: &str, attributes: &str, text: &str) {
    let gap = if attributes.is_empty() { "" } else { " " };
    // Writing to a string cannot fail.
    let _ = write!(out, "<{tag}{gap}{attributes}>{}</{tag}>", escaped(text));
}

fn allowed(character: char) -> char {
    match character {
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        other => other,
    }
}
