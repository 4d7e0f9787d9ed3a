//! Damaging of files: random changes of the kinds that break parsers.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Boundary values of binary fields.
const EDGES: [&[u8]; 8] = [
    &[0xff; 8],
    &[0; 8],
    &[0xff, 0xff, 0xff, 0x7f],
    &[0xff, 0xff, 0xff, 0xff],
    &[0, 0, 0, 0x80],
    &[0xff, 0xff],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    &[0x50, 0x4b, 5, 6],
];
/// Boundary values and delimiters in text.
const WORDS: [&[u8]; 20] = [
    b"18446744073709551616",
    b"4294967296",
    b"-1",
    b"1e999",
    b"0.0000001",
    b"null",
    b"true",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b",",
    b"\\u0000",
    b"\\ud800",
    b"\r\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"'=",
    b"\"\"",
];

/// Damages a binary file.
pub fn bytes(file: Vec<u8>, random: &mut ChaCha8Rng) -> Vec<u8> {
    damaged(file, &EDGES, random)
}

/// Damages a text file.
pub fn text(file: Vec<u8>, random: &mut ChaCha8Rng) -> Vec<u8> {
    damaged(file, &WORDS, random)
}

fn damaged(mut file: Vec<u8>, pieces: &[&[u8]], random: &mut ChaCha8Rng) -> Vec<u8> {
    // Some files stay intact, so that the code after parsing is tested as well.
    for _ in 0..random.random_range(0..6) {
        if file.is_empty() {
            return file;
        }
        let at = random.random_range(0..file.len());
        let end = (at + random.random_range(0..24)).min(file.len());
        match random.random_range(0..7) {
            0 => file[at] ^= 1 << random.random_range(0..8),
            1 => file[at] = random.random(),
            2 => file.truncate(at),
            3 => drop(file.drain(at..end)),
            4 => {
                let again = file[at..end].repeat(random.random_range(1..40));
                file.splice(at..at, again);
            }
            5 => {
                let piece = pieces[random.random_range(0..pieces.len())];
                let end = (at + piece.len()).min(file.len());
                file.splice(at..end, piece.iter().copied());
            }
            _ => {
                let piece = pieces[random.random_range(0..pieces.len())];
                file.splice(at..at, piece.iter().copied());
            }
        }
    }
    file
}
