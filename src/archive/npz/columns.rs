//! Reading the arrays that have one value a row.

use std::collections::HashSet;
use std::io::{Read, Seek};

use super::body::Body;
use super::directory::Member;
use super::npy::{self, Element};
use crate::archive::npz::FeaturesError;
use crate::collection::hex;

/// The names. There must be one at least, none empty, no two alike.
pub fn names<R: Read + Seek>(body: Body<R>) -> Result<(Vec<String>, R), FeaturesError> {
    let mut seen = HashSet::new();
    let (names, reader) = each("names", body, None, |element, value| {
        let name = text(element, value).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| FeaturesError::Format("a name is empty or no text".into()))?;
        if !seen.insert(name.clone()) {
            return Err(FeaturesError::Format(format!("the name {name:?} is there twice")));
        }
        Ok(name)
    })?;
    if names.is_empty() {
        return Err(FeaturesError::Shape("there is no picture in it".into()));
    }
    Ok((names, reader))
}

/// Whole numbers, one for each of `rows`.
pub fn integers<R: Read + Seek>(name: &str, body: Body<R>, rows: usize) -> Result<(Vec<i64>, R), FeaturesError> {
    each(name, body, Some(rows), |element, value| {
        let Element::Integer { bytes, signed } = element else {
            return Err(FeaturesError::Format(format!("{name} are no whole numbers")));
        };
        let mut wide = [if signed && value.last().is_some_and(|top| *top >= 0x80) { 0xff } else { 0 }; 8];
        wide[..bytes].copy_from_slice(value);
        let number = i64::from_le_bytes(wide);
        if !signed && number < 0 {
            return Err(FeaturesError::Format(format!("{name} hold a number beyond 2^63")));
        }
        Ok(number)
    })
}

/// SHA-256 hashes in hexadecimal, one for each of `rows`.
pub fn hashes<R: Read + Seek>(body: Body<R>, rows: usize) -> Result<(Vec<[u8; 32]>, R), FeaturesError> {
    each("content_hashes", body, Some(rows), |element, value| {
        let hash = text(element, value).and_then(|text| hex::from_hex(&text));
        hash.ok_or_else(|| {
            FeaturesError::Format("content_hashes hold something else than SHA-256 in hexadecimal".into())
        })
    })
}

/// Reads an array of one axis, value by value: what is held grows with what is there, not with what is claimed.
fn each<R: Read + Seek, T>(
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
            "{name} say that there are {length}, which is not what the file holds"
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

/// A text without the zeros that fill it up, where it is one.
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

/// The largest text that `shoal.json` may be, in bytes.
const LONGEST_JSON: u64 = 1 << 16;

/// The bytes of a small member.
pub fn small<R: Read + Seek>(reader: R, member: &Member) -> Result<(Vec<u8>, R), FeaturesError> {
    if member.byte_size > LONGEST_JSON {
        return Err(FeaturesError::Format("shoal.json is too long".into()));
    }
    let mut body = Body::open(reader, member)?;
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    Ok((bytes, body.finish()?))
}
