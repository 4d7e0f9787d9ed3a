//! Escaping of text for HTML and XML.

use std::fmt::Write;

/// Escapes `text` for an element's content or a quoted attribute, and replaces characters that XML forbids.
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

/// Replaces characters that XML forbids (XML 1.0, section 2.2), for a writer that does its own escaping.
pub fn printable(text: &str) -> String {
    text.chars().map(allowed).collect()
}

/// Appends an element with this text as its content.
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
