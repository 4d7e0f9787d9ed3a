//! The bytes of a zip member: inflated if necessary, bounded, and verified by checksum.

use std::io::{self, Read, Seek, SeekFrom, Take};

use flate2::read::DeflateDecoder;

use super::FeaturesError;
use super::directory::Member;

/// Reads a member's bytes, at most as many as the directory declares.
pub struct Body<R> {
    inner: Inner<R>,
    left: u64,
    sum: crc32fast::Hasher,
    crc32: u32,
}

enum Inner<R> {
    Stored(Take<R>),
    Deflated(Box<DeflateDecoder<Take<R>>>),
}

impl<R: Read + Seek> Body<R> {
    /// Opens a member at its first byte.
    pub fn open(mut reader: R, member: &Member) -> Result<Self, FeaturesError> {
        reader.seek(SeekFrom::Start(member.start))?;
        let stored = reader.take(member.stored_bytes);
        let inner = match member.is_deflated {
            true => Inner::Deflated(Box::new(DeflateDecoder::new(stored))),
            false => Inner::Stored(stored),
        };
        Ok(Self { inner, left: member.byte_size, sum: crc32fast::Hasher::new(), crc32: member.crc32 })
    }

    /// The number of bytes left, according to the directory.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Checks that all bytes were read and that their checksum is right; returns the underlying reader.
    pub fn finish(mut self) -> Result<R, FeaturesError> {
        let more = match &mut self.inner {
            Inner::Stored(_) => 0,
            Inner::Deflated(decoder) => decoder.read(&mut [0])?,
        };
        if self.left != 0 || more != 0 {
            return Err(FeaturesError::Format("a member's size differs from the declared one".into()));
        }
        if self.sum.clone().finalize() != self.crc32 {
            return Err(FeaturesError::Format("a member's checksum is wrong: the file is damaged".into()));
        }
        Ok(self.into_reader())
    }

    /// Returns the underlying reader without any check.
    pub fn into_reader(self) -> R {
        match self.inner {
            Inner::Stored(stored) => stored.into_inner(),
            Inner::Deflated(decoder) => decoder.into_inner().into_inner(),
        }
    }
}

impl<R: Read> Read for Body<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..wanted];
        let count = match &mut self.inner {
            Inner::Stored(stored) => stored.read(buffer)?,
            Inner::Deflated(decoder) => decoder.read(buffer)?,
        };
        self.left -= count as u64;
        self.sum.update(&buffer[..count]);
        Ok(count)
    }
}
