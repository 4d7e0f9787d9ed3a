//! Zips that every reader opens, at any size and number of entries.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::Command;

use shoal::archive::{Entry, ZipWriter};
use shoal::error::Coded;

use crate::zip_segments::{Segment, zip_segments};

/// A temporary file that is removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("shoal-{}-{name}", std::process::id())))
    }

    fn create(&self) -> File {
        File::options().read(true).write(true).create(true).truncate(true).open(&self.0).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A failure to clean up is not a test failure.
        drop(std::fs::remove_file(&self.0));
    }
}

/// Runs another program on a zip; prints a message and returns `None` if it is not installed.
fn reads(program: &str, arguments: &[&str], zip: &Scratch) -> Option<String> {
    match Command::new(program).args(arguments).arg(&zip.0).output() {
        Err(error) => {
            println!("{program} is not installed, skipping: {error}");
            None
        }
        Ok(output) => {
            let output_text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{program}: {output_text}{}", String::from_utf8_lossy(&output.stderr));
            Some(output_text)
        }
    }
}

fn entry(name: &str, body: &[u8], modified_ms: f64) -> Entry {
    Entry { name: name.into(), byte_size: body.len() as u64, crc32: crc32fast::hash(body), modified_ms }
}

fn concatenated(segments: &[Segment], bodies: &[&[u8]]) -> Vec<u8> {
    let part = |segment: &Segment| match segment {
        Segment::Bytes(bytes) => bytes.clone(),
        Segment::Body(index) => bodies[*index].to_vec(),
    };
    segments.iter().flat_map(part).collect()
}

/// The number of bytes of the zip made of `segments`.
fn zip_size(segments: &[Segment], entries: &[Entry]) -> u64 {
    let size = |segment: &Segment| match segment {
        Segment::Bytes(bytes) => bytes.len() as u64,
        Segment::Body(index) => entries.get(*index).map_or(0, |entry| entry.byte_size),
    };
    segments.iter().map(size).sum()
}

#[test]
fn dates_are_local_in_the_dos_fields_and_utc_in_the_timestamp() {
    // Summer time: two hours ahead of UTC. 2024-07-31 23:30:00 UTC.
    let entry = entry("a.jpg", b"", 1_722_468_600_000.0);
    let mut writer = ZipWriter::new(|_| 7_200_000.0);
    let mut bytes = writer.begin(&entry).unwrap();
    bytes.extend(writer.end().unwrap());
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let file = archive.by_index(0).unwrap();
    assert_eq!(file.last_modified().unwrap().to_string(), "2024-08-01 01:30:00");
    let utc = file.extra_data_fields().find_map(|field| match field {
        zip::extra_fields::ExtraField::ExtendedTimestamp(timestamp) => timestamp.mod_time(),
        _ => None,
    });
    assert_eq!(utc, Some(1_722_468_600));
}

const PYTHON_LIST: &str = "import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist():
    print(i.filename, i.file_size, '%04d-%02d-%02d %02d:%02d:%02d' % i.date_time, i.compress_type, i.flag_bits)";

#[test]
fn zips_are_read_back_byte_for_byte() {
    let bodies: [&[u8]; 4] = [b"first", b"", &[0x50, 0x4b, 5, 6, 0, 0, 255], b"last"];
    // 2024-02-29 13:37:43 UTC, before 1980, not a number, after 2107.
    let times = [1_709_213_863_000.0, 1000.0, f64::NAN, 9e15];
    let names = ["Żółw/a.jpg", "unsorted/b.jpg", "🐢/c (2).jpg", "assignments.csv"];
    let entries: Vec<_> = (0..4).map(|index| entry(names[index], bodies[index], times[index])).collect();
    let segments = zip_segments(&entries).unwrap();
    let bytes = concatenated(&segments, &bodies);
    assert_eq!(zip_size(&segments, &entries), bytes.len() as u64);

    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(archive.len(), 4);
    for index in 0..4 {
        let mut file = archive.by_index(index).unwrap();
        let mut body = Vec::new();
        file.read_to_end(&mut body).unwrap();
        assert_eq!((file.name().unwrap().as_ref(), body.as_slice()), (names[index], bodies[index]));
        assert_eq!(file.unix_mode(), Some(0o100_644));
    }

    let scratch = Scratch::new("small.zip");
    scratch.create().write_all(&bytes).unwrap();
    reads("unzip", &["-tqq"], &scratch);
    reads("7zz", &["t"], &scratch);
    if let Some(output_text) = python(PYTHON_LIST, &scratch) {
        let lines: Vec<_> = output_text.lines().collect();
        assert_eq!(
            lines,
            [
                "Żółw/a.jpg 5 2024-02-29 13:37:42 0 2048",
                "unsorted/b.jpg 0 1980-01-01 00:00:00 0 2048",
                "🐢/c (2).jpg 7 1980-01-01 00:00:00 0 2048",
                "assignments.csv 4 2107-12-31 23:59:58 0 2048",
            ]
        );
    }
}

fn python(script: &str, zip: &Scratch) -> Option<String> {
    reads("python3", &["-X", "utf8", "-c", script], zip)
}

#[test]
fn an_empty_zip_is_a_zip() {
    let segments = zip_segments(&[]).unwrap();
    let bytes = concatenated(&segments, &[]);
    assert_eq!(bytes.len(), 22);
    assert_eq!(zip::ZipArchive::new(Cursor::new(bytes)).unwrap().len(), 0);
}

#[test]
fn more_than_65535_entries_are_read_back() {
    for count in [65_534, 65_535, 65_600] {
        let entries: Vec<_> = (0..count).map(|index| entry(&format!("g/{index}.jpg"), b"x", 1.7e12)).collect();
        let bodies = vec![b"x".as_slice(); count];
        let bytes = concatenated(&zip_segments(&entries).unwrap(), &bodies);
        assert_eq!(zip::ZipArchive::new(Cursor::new(&bytes)).unwrap().len(), count);
        if count == 65_600 {
            let scratch = Scratch::new("many.zip");
            scratch.create().write_all(&bytes).unwrap();
            reads("unzip", &["-tqq"], &scratch);
            reads("7zz", &["t"], &scratch);
            let output_text = python(PYTHON_LIST, &scratch);
            assert!(output_text.is_none_or(|output_text| output_text.lines().count() == count));
        }
    }
}

#[test]
fn entries_beyond_4_gib_are_read_back() {
    // A size that just fills its field, a larger one, and a small entry beyond 4 GiB. The file is sparse.
    let sizes = [u64::from(u32::MAX), (5 << 30) + 1, 4];
    let entries: Vec<_> = (0..3)
        .map(|index| Entry {
            name: format!("g/{index}.jpg"),
            byte_size: sizes[index],
            crc32: if index == 2 { crc32fast::hash(b"tail") } else { 0 },
            modified_ms: 1.7e12,
        })
        .collect();
    let segments = zip_segments(&entries).unwrap();
    assert!(segments.iter().all(|segment| !matches!(segment, Segment::Bytes(bytes) if bytes.len() > 1000)));
    let scratch = Scratch::new("large.zip");
    let mut file = scratch.create();
    for segment in &segments {
        match segment {
            Segment::Bytes(bytes) => file.write_all(bytes).unwrap(),
            Segment::Body(2) => file.write_all(b"tail").unwrap(),
            Segment::Body(index) => drop(file.seek(SeekFrom::Current(sizes[*index] as i64)).unwrap()),
        }
    }
    assert_eq!(file.stream_position().unwrap(), zip_size(&segments, &entries));

    let mut archive = zip::ZipArchive::new(file).unwrap();
    for (index, size) in sizes.iter().enumerate() {
        assert_eq!(archive.by_index(index).unwrap().size(), *size);
    }
    let mut tail = String::new();
    archive.by_index(2).unwrap().read_to_string(&mut tail).unwrap();
    assert_eq!(tail, "tail");

    // Python also checks the names in the local headers; the script reads their sizes.
    let script = "import sys, zipfile, struct
z = zipfile.ZipFile(sys.argv[1])
print(*[i.file_size for i in z.infolist()], z.infolist()[2].header_offset, z.read('g/2.jpg').decode())
f = open(sys.argv[1], 'rb')
for i in z.infolist():
    assert z.open(i).read(1) in (b'\\0', b't')
    f.seek(i.header_offset)
    h = struct.unpack('<4s5H3I2H', f.read(30))
    f.read(h[9])
    extra = f.read(h[10])
    print(h[1], h[7], h[8], *(struct.unpack('<HHQQ', extra[:20]) if h[8] == 0xffffffff else ()))";
    if let Some(output_text) = python(script, &scratch) {
        let full = u32::MAX;
        let expected = format!(
            "4294967295 5368709121 4 {} tail\n45 {full} {full} 1 16 4294967295 4294967295\n\
             45 {full} {full} 1 16 5368709121 5368709121\n10 4 4\n",
            sizes[0] + sizes[1] + 2 * (30 + 7 + 20 + 9)
        );
        assert_eq!(output_text, expected);
    }
    reads("unzip", &["-l"], &scratch);
    reads("7zz", &["l"], &scratch);
}

#[test]
fn names_and_sizes_beyond_the_format_are_rejected() {
    let long = entry(&"x".repeat(65_536), b"", 0.0);
    assert_eq!(zip_segments(&[long]).unwrap_err().code(), "zip-failed");
    let vast = Entry { byte_size: u64::MAX - 40, ..entry("a", b"", 0.0) };
    assert_eq!(zip_segments(&[vast]).unwrap_err().code(), "zip-failed");
}
