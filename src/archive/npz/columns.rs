//! Reading the arrays with one value per row.

use std::collections::HashSet;
use std::io::{Read, Seek};

use super::FeaturesError;
use super::body::Body;
use super::directory::Member;
use super::npy::{self, Element};
use crate::collection::content_hash;

/// Reads the names: at least one, none empty, all distinct.
pub fn names<R: Read + Seek>(body: Body<R>) -> Result<(Vec<String>, R), FeaturesError> {
    let mut seen = HashSet::new();
    let (names, reader) = read_values("names", body, None, |element, value| {
        let name = text(element, value).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| FeaturesError::Format("a name is empty or not text".into()))?;
        if !seen.insert(name.clone()) {
            return Err(FeaturesError::Format(format!("the name {name:?} occurs twice")));
        }
        Ok(name)
    })?;
    if names.is_empty() {
        return Err(FeaturesError::Shape("it contains no pictures".into()));
    }
    Ok((names, reader))
}

/// Reads integers, one for each of `rows`.
pub fn integers<R: Read + Seek>(name: &str, body: Body<R>, rows: usize) -> Result<(Vec<i64>, R), FeaturesError> {
    read_values(name, body, Some(rows), |element, value| {
        let Element::Integer { bytes, signed } = element else {
            return Err(FeaturesError::Format(format!("{name} are not integers")));
        };
        let mut wide = [if signed && value.last().is_some_and(|top| *top >= 0x80) { 0xff } else { 0 }; 8];
        wide[..bytes].copy_from_slice(value);
        let number = i64::from_le_bytes(wide);
        if !signed && number < 0 {
            return Err(FeaturesError::Format(format!("{name} contain a number beyond 2^63")));
        }
        Ok(number)
    })
}

/// Reads SHA-256 hashes in hexadecimal, one for each of `rows`.
pub fn hashes<R: Read + Seek>(body: Body<R>, rows: usize) -> Result<(Vec<[u8; 32]>, R), FeaturesError> {
    read_values("content_hashes", body, Some(rows), |element, value| {
        let hash = text(element, value).and_then(|text| content_hash::from_hex(&text));
        hash.ok_or_else(|| {
            FeaturesError::Format("content_hashes contain something other than SHA-256 in hexadecimal".into())
        })
    })
}

/// Reads a one-dimensional array value by value, so that memory grows with the actual data, not with the declared length.
fn read_values<R: Read + Seek, T>(
    name: &str,
    mut body: Body<R>,
    rows: Option<usize>,
    mut value_of: impl FnMut(Element, &[u8]) -> Result<T, FeaturesError>,
) -> Result<(Vec<T>, R), FeaturesError> {
    let (header, _) = npy::read(&mut body)?;
    let [length] = header.shape[..] else {
        return Err(FeaturesError::Shape(format!("{name} have {} axes, but must have one", header.shape.len())));
    };
    if rows.is_some_and(|rows| rows as u64 != length) {
        return Err(FeaturesError::Shape(format!("there are {length} {name}, but {} names", rows.unwrap_or_default())));
    }
    let value_bytes = header.element.byte_size();
    if length.checked_mul(value_bytes as u64) != Some(body.left()) {
        return Err(FeaturesError::Shape(format!(
            "{name} declare {length} values, but the file has a different number"
        )));
    }
    let mut value = vec![0; value_bytes];
    let mut values = Vec::new();
    for _ in 0..length {
        body.read_exact(&mut value)?;
        values.push(value_of(header.element, &value)?);
    }
    Ok((values, body.finish()?))
}

/// A text value without its zero padding; `None` if the value is not valid text.
fn text(element: Element, value: &[u8]) -> Option<String> {
    match element {
        Element::Text(_) => {
            let characters: Option<String> =
                value.as_chunks().0.iter().map(|code| char::from_u32(u32::from_le_bytes(*code))).collect();
            Some(characters?.trim_end_matches('\0').to_owned())
        }
        Element::Bytes(_) => Some(str::from_utf8(value).ok()?.trim_end_matches('\0').to_owned()),
        Element::F32 | Element::Integer { .. } => None,
    }
}

/// The most bytes of `shoal.json`.
const JSON_BYTES_MAX: u64 = 1 << 16;

/// Reads all bytes of a small member.
pub fn small<R: Read + Seek>(reader: R, member: &Member) -> Result<(Vec<u8>, R), FeaturesError> {
    if member.byte_size > JSON_BYTES_MAX {
        return Err(FeaturesError::Format("shoal.json is too long".into()));
    }
    let mut body = Body::open(reader, member)?;
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    Ok((bytes, body.finish()?))
}
