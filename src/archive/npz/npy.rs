//! The header of an `.npy` array, as specified by `numpy.lib.format`.
//!
//! It is parsed by hand because the recursive parser of the `npyz` crate overflows the stack on hostile files. NumPy writes the
//! header of a plain array as a dictionary of three entries in one line.

use std::io::Read;

use super::FeaturesError;

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// The data starts at a multiple of this many bytes, so that it can be memory-mapped.
const ALIGNMENT: usize = 64;
/// The most bytes of a header; that of a plain array has fewer than 128.
const HEADER_BYTES_MAX: usize = 4096;

/// The type of an array's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Single-precision floats (`<f4`).
    F32,
    /// Integers of 1, 2, 4 or 8 bytes.
    Integer {
        /// The number of bytes.
        bytes: usize,
        /// Whether the integers are signed.
        signed: bool,
    },
    /// Texts of up to this many characters (`<U`), 4 bytes each.
    Text(usize),
    /// Texts of up to this many bytes (`|S`).
    Bytes(usize),
}

/// The contents of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The type of the values.
    pub element: Element,
    /// The length of each axis.
    pub shape: Vec<u64>,
}

impl Element {
    /// The number of bytes of a value.
    pub fn byte_size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::Integer { bytes, .. } | Self::Bytes(bytes) => bytes,
            Self::Text(characters) => 4 * characters,
        }
    }

    fn parse(descr: &str) -> Result<Self, FeaturesError> {
        let reject = |why: &str| FeaturesError::Format(format!("an array has the type {descr:?}: {why}"));
        let Some((order, kind, count)) = split(descr) else { return Err(reject("unknown type")) };
        match (order, kind, count) {
            (_, "O", _) => Err(reject("pickled objects are never read")),
            (">", ..) => Err(reject("only little-endian arrays are read")),
            ("<", "f", 4) => Ok(Self::F32),
            ("<" | "|", "i" | "u", bytes @ (1 | 2 | 4 | 8)) => Ok(Self::Integer { bytes, signed: kind == "i" }),
            ("<", "U", 1..=TEXT_CHARS_MAX) => Ok(Self::Text(count)),
            ("|", "S", 1..=TEXT_CHARS_MAX) => Ok(Self::Bytes(count)),
            _ => Err(reject("unsupported type")),
        }
    }
}

/// The most characters of a text.
const TEXT_CHARS_MAX: usize = 1 << 15;

/// Splits `<U12` into `<`, `U` and 12.
fn split(descr: &str) -> Option<(&str, &str, usize)> {
    let (order, rest) = descr.split_at_checked(1)?;
    let (kind, count) = rest.split_at_checked(1)?;
    if count.is_empty() {
        return Some((order, kind, 0));
    }
    let digits = count.bytes().all(|byte| byte.is_ascii_digit());
    Some((order, kind, count.parse().ok().filter(|_| digits)?))
}

/// Writes the header of an array in C order with values of type `descr`, for instance `<f4`.
pub fn write(descr: &str, shape: &[usize]) -> Vec<u8> {
    let axes: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let axes = if shape.len() == 1 { axes.trim_end() } else { axes.trim_end_matches(", ") };
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({axes}), }}");
    let prefix_bytes = MAGIC.len() + 4;
    let padded = (prefix_bytes + text.len() + 1).next_multiple_of(ALIGNMENT);
    text.extend(std::iter::repeat_n(' ', padded - prefix_bytes - text.len() - 1));
    text.push('\n');
    let mut header = Vec::with_capacity(padded);
    header.extend(MAGIC);
    header.extend([1, 0]);
    header.extend((text.len() as u16).to_le_bytes());
    header.extend(text.bytes());
    header
}

/// Reads a header and leaves `reader` at the first value. Also returns the header's size in bytes.
///
/// # Errors
/// [`FeaturesError::Format`] if the data is not an `.npy` array of plain values in C order.
pub fn read(reader: &mut impl Read) -> Result<(Header, u64), FeaturesError> {
    let mut start = [0; 8];
    reader.read_exact(&mut start)?;
    let (magic, version) = start.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(format("an array does not begin with NumPy's signature"));
    }
    let (length, prefix_bytes) = match version {
        [1, 0] => {
            let mut length = [0; 2];
            reader.read_exact(&mut length)?;
            (usize::from(u16::from_le_bytes(length)), 10)
        }
        [2 | 3, 0] => {
            let mut length = [0; 4];
            reader.read_exact(&mut length)?;
            (u32::from_le_bytes(length) as usize, 12)
        }
        _ => return Err(format("an array is of a version of numpy's format that is not known here")),
    };
    if length > HEADER_BYTES_MAX {
        return Err(format("an array's header is too long"));
    }
    let mut text = vec![0; length];
    reader.read_exact(&mut text)?;
    let text = str::from_utf8(&text).map_err(|_| format("an array's header is no text"))?;
    Ok((parse(text)?, (prefix_bytes + length) as u64))
}

fn parse(text: &str) -> Result<Header, FeaturesError> {
    let unreadable = || format("an array's header is not one of a plain array");
    let inside = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or_else(unreadable)?;
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    let mut rest = inside.trim_start();
    while !rest.is_empty() {
        let (key, after) = quoted(rest).ok_or_else(unreadable)?;
        rest = after.trim_start().strip_prefix(':').ok_or_else(unreadable)?.trim_start();
        let twice = match key {
            "descr" => {
                let (value, after) = quoted(rest).ok_or_else(|| format("structured arrays are not supported"))?;
                rest = after;
                descr.replace(value).is_some()
            }
            "fortran_order" => {
                let (value, after) = boolean(rest).ok_or_else(unreadable)?;
                rest = after;
                fortran.replace(value).is_some()
            }
            "shape" => {
                let (value, after) = axes(rest).ok_or_else(unreadable)?;
                rest = after;
                shape.replace(value).is_some()
            }
            _ => true,
        };
        rest = rest.trim_start();
        if twice || !(rest.is_empty() || rest.starts_with(',')) {
            return Err(unreadable());
        }
        rest = rest.strip_prefix(',').unwrap_or_default().trim_start();
    }
    let (Some(descr), Some(fortran), Some(shape)) = (descr, fortran, shape) else { return Err(unreadable()) };
    if fortran && shape.len() > 1 {
        return Err(format("an array is in Fortran order: save numpy.ascontiguousarray of it"));
    }
    Ok(Header { element: Element::parse(descr)?, shape })
}

/// A text in single or double quotes, and the rest after it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let (value, rest) = text[1..].split_once(quote)?;
    (!value.contains('\\')).then_some((value, rest))
}

fn boolean(text: &str) -> Option<(bool, &str)> {
    let known = [("True", true), ("False", false)];
    known.into_iter().find_map(|(word, value)| Some((value, text.strip_prefix(word)?)))
}

/// A tuple of integers, and the rest after it.
fn axes(text: &str) -> Option<(Vec<u64>, &str)> {
    let (inside, rest) = text.strip_prefix('(')?.split_once(')')?;
    let mut lengths = inside.trim();
    lengths = lengths.strip_suffix(',').unwrap_or(lengths);
    if lengths.is_empty() {
        return Some((Vec::new(), rest));
    }
    let number = |length: &str| {
        let length = length.trim();
        length.bytes().all(|byte| byte.is_ascii_digit()).then(|| length.parse().ok())?
    };
    Some((lengths.split(',').map(number).collect::<Option<_>>()?, rest))
}

fn format(message: &str) -> FeaturesError {
    FeaturesError::Format(message.into())
}
