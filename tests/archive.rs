//! What is taken home: names that every system takes, zips that every reader opens, tables that compute nothing.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use shoal::archive::names::{Kind, Names, safe_file_name, safe_folder_name};
use shoal::archive::{Entry, Segment, assignments_csv, assignments_json, plan, zip_segments, zip_size};
use shoal::collection::{
    Arrangement, ClusterFacts, Clustering, ClusteringParts, Collection, Image, RowFacts, Scores, assemble,
};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

/// An clustering with one cluster per name; a row whose label is `None` is set aside.
fn clustering(names: &[&str], rows: &[(&str, Option<u32>)]) -> Clustering {
    let pca3 = Matrix::from_rows((0..3 * rows.len()).map(|value| value as f32 - 1.5).collect(), 3).unwrap();
    let clusters = (0..).zip(names).map(|(id, name)| cluster(id, name)).collect();
    let row = |&(path, label): &(&str, Option<u32>)| RowFacts {
        path: path.into(),
        label,
        locked: false,
        silhouette: -0.25,
        next_label: None,
        distance: 0.1,
    };
    assemble(ClusteringParts {
        clusters,
        seed: 0,
        recipe: Recipe::Spherical,
        method: ClusterMethod::KMeans,
        backend: "cpu".into(),
        rows: rows.iter().map(row).collect(),
        pca3: &pca3,
        representatives: vec![vec![]; names.len()],
        inertia: 1.0,
        explained: [None; 3],
        variance_kept: None,
        scores: Scores::default(),
        curve: None,
        proposals: None,
    })
    .unwrap()
}

fn cluster(id: u32, name: &str) -> ClusterFacts {
    ClusterFacts { id, name: name.into(), suggested: false, locked: false }
}

#[test]
fn folder_names_are_safe_everywhere() {
    for (name, safe) in [
        ("Cats", "Cats"),
        ("Żółw 🐢", "Żółw 🐢"),
        ("", "group"),
        ("..", "group"),
        (" . . ", "group"),
        ("../../etc", "_.._etc"),
        ("a/b\\c:d", "a_b_c_d"),
        ("what? <yes>|*\"", "what_ _yes____"),
        ("trailing. . ", "trailing"),
        (".hidden", "hidden"),
        ("CON", "CON_"),
        ("con.txt", "con_.txt"),
        ("Com1", "Com1_"),
        ("lpt¹.x", "lpt¹_.x"),
        ("COM10", "COM10"),
        ("console", "console"),
        ("nul ", "nul_"),
        ("a\u{0}b\nc\u{7f}", "abc"),
        ("gpj\u{202e}exe\u{2066}", "gpjexe"),
    ] {
        assert_eq!(safe_folder_name(name), safe, "{name:?}");
    }
    assert_eq!(safe_folder_name(&"é".repeat(300)).chars().count(), 99);
    assert!(safe_folder_name(&"🐢".repeat(300)).len() < 255);
}

#[test]
fn file_names_are_kept_where_they_can_be() {
    for (path, safe) in [
        ("trip/day 1/IMG_0001.JPG", "IMG_0001.JPG"),
        ("трип/фото (3).jpeg", "фото (3).jpeg"),
        ("-rf.jpg", "-rf.jpg"),
        ("a\\b:c.jpg", "a_b_c.jpg"),
        ("aux.jpg", "aux_.jpg"),
        ("x/..", "picture"),
        ("a\u{202e}gpj.exe", "agpj.exe"),
    ] {
        assert_eq!(safe_file_name(path), safe, "{path:?}");
    }
    let long = safe_file_name(&format!("{}.jpg", "長".repeat(200)));
    assert!(long.len() <= 255 && long.ends_with("長.jpg"));
}

#[test]
fn names_are_unique_whatever_their_case() {
    let mut names = Names::default();
    let mut file = |name: &str| names.claim(name, Kind::File);
    assert_eq!(file("a.jpg"), "a.jpg");
    assert_eq!(file("A.JPG"), "A (2).JPG");
    assert_eq!(file("a.jpg"), "a (3).jpg");
    assert_eq!(file("a (2).jpg"), "a (2) (2).jpg");
    assert_eq!(file("noextension"), "noextension");
    assert_eq!(file("noextension"), "noextension (2)");
    let mut folders = Names::default();
    let name = "v1.5 ".to_owned() + &"x".repeat(95);
    assert_eq!(folders.claim(&name, Kind::Folder), name);
    let second = folders.claim(&name, Kind::Folder);
    assert!(second.ends_with("x (2)") && second.chars().count() <= 100);
}

proptest! {
    #[test]
    fn any_name_becomes_a_safe_one(name in "\\PC{0,80}|[.: /\\\\a-cCON\u{0}-\u{20}\u{202a}-\u{202f}]{0,300}") {
        for safe in [safe_folder_name(&name), safe_file_name(&name)] {
            prop_assert!(!safe.is_empty() && safe.len() <= 255);
            prop_assert!(!safe.ends_with(['.', ' ']));
            let refused = |character: char| character.is_control() || "<>:\"/\\|?*\u{202e}".contains(character);
            prop_assert!(!safe.contains(refused));
        }
        prop_assert!(!safe_folder_name(&name).starts_with('.'));
        // A safe name is safe already.
        prop_assert_eq!(safe_folder_name(&safe_folder_name(&name)), safe_folder_name(&name));
    }

    #[test]
    fn no_name_is_given_twice(names in prop::collection::vec("[aA]( \\([23]\\))?(\\.j)?", 0..40)) {
        let mut taken = Names::default();
        let mut given: Vec<_> = names.iter().map(|name| taken.claim(name, Kind::File).to_lowercase()).collect();
        given.sort();
        given.dedup();
        prop_assert_eq!(given.len(), names.len());
    }
}

#[test]
fn every_picture_has_one_place_in_its_clusters_folder() {
    let clustering = clustering(
        &["Cats", "cats", "unsorted", "../up", "assignments.csv"],
        &[
            ("t/a.jpg", Some(0)),
            ("t/b/a.jpg", Some(0)),
            ("t/c.jpg", Some(1)),
            ("t/d.jpg", Some(2)),
            ("t/e.jpg", None),
            ("t/f.jpg", Some(3)),
            ("t/g.jpg", Some(4)),
        ],
    );
    let placed = plan(&clustering);
    let names: Vec<_> = placed.iter().map(|placed| placed.entry_name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Cats/a.jpg",
            "Cats/a (2).jpg",
            "cats (2)/c.jpg",
            "unsorted (2)/d.jpg",
            "unsorted/e.jpg",
            "_up/f.jpg",
            "assignments.csv (2)/g.jpg",
        ]
    );
    assert!(placed.iter().zip(&clustering.items).all(|(placed, item)| placed.path == item.path));
}

/// A file in the system's temporary folder, gone at the end.
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
        // Nothing depends on its being gone.
        drop(std::fs::remove_file(&self.0));
    }
}

/// Runs a reader on a zip. Says so and passes where the program is not installed.
fn reads(program: &str, arguments: &[&str], zip: &Scratch) -> Option<String> {
    match Command::new(program).args(arguments).arg(&zip.0).output() {
        Err(error) => {
            println!("{program} is not here, so not asked: {error}");
            None
        }
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{program}: {told}{}", String::from_utf8_lossy(&output.stderr));
            Some(told)
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

const PYTHON_LIST: &str = "import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist():
    print(i.filename, i.file_size, '%04d-%02d-%02d %02d:%02d:%02d' % i.date_time, i.compress_type, i.flag_bits)";

#[test]
fn zips_are_read_back_byte_for_byte() {
    let bodies: [&[u8]; 4] = [b"first", b"", &[0x50, 0x4b, 5, 6, 0, 0, 255], b"last"];
    // 2024-02-29 13:37:43 UTC, before 1980, not a time at all, after 2107.
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
    if let Some(told) = python(PYTHON_LIST, &scratch) {
        let lines: Vec<_> = told.lines().collect();
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
fn more_entries_than_two_bytes_count_are_read_back() {
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
            let told = python(PYTHON_LIST, &scratch);
            assert!(told.is_none_or(|told| told.lines().count() == count));
        }
    }
}

#[test]
fn an_entry_beyond_four_gigabytes_is_read_back() {
    // Exactly full fields, one beyond them, and a small entry that begins far out. The bodies are holes in the file.
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

    // Python also compares each local header's name; the sizes there are read by hand.
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
    if let Some(told) = python(script, &scratch) {
        let full = u32::MAX;
        let expected = format!(
            "4294967295 5368709121 4 {} tail\n45 {full} {full} 1 16 4294967295 4294967295\n\
             45 {full} {full} 1 16 5368709121 5368709121\n10 4 4\n",
            sizes[0] + sizes[1] + 2 * (30 + 7 + 20 + 9)
        );
        assert_eq!(told, expected);
    }
    reads("unzip", &["-l"], &scratch);
    reads("7zz", &["l"], &scratch);
}

#[test]
fn what_a_zip_cannot_hold_is_refused() {
    use shoal::error::Coded;
    let long = entry(&"x".repeat(65_536), b"", 0.0);
    assert_eq!(zip_segments(&[long]).unwrap_err().code(), "zip-failed");
    let vast = Entry { byte_size: u64::MAX - 40, ..entry("a", b"", 0.0) };
    assert_eq!(zip_segments(&[vast]).unwrap_err().code(), "zip-failed");
}

#[test]
fn the_table_is_rfc_4180_and_computes_nothing() {
    let clustering = clustering(
        &["=HYPERLINK(\"x\")", "a,b"],
        &[("@t/a.jpg", Some(0)), ("-t/\"q\".jpg", Some(1)), ("t/c\n.jpg", None)],
    );
    let table = String::from_utf8(assignments_csv(&clustering).unwrap()).unwrap();
    assert_eq!(
        table,
        "path,cluster,cluster_name,silhouette,distance,pca_1,pca_2,pca_3\r\n\
         '@t/a.jpg,0,\"'=HYPERLINK(\"\"x\"\")\",-0.25,0.1,-1.5,-0.5,0.5\r\n\
         \"'-t/\"\"q\"\".jpg\",1,\"a,b\",-0.25,0.1,1.5,2.5,3.5\r\n\
         \"t/c\n.jpg\",,,-0.25,0.1,4.5,5.5,6.5\r\n"
    );
}

#[test]
fn the_session_is_the_outcome_and_who_the_pictures_are() {
    let clustering = clustering(&["Cats", "Dogs"], &[("t/a.jpg", Some(0)), ("t/b.jpg", None)]);
    let mut collection = Collection::new();
    collection.insert(Image {
        path: "t/a.jpg".into(),
        byte_size: 5 << 30,
        sha256: [0xab; 32],
        crc32: 0,
        modified_ms: 0.0,
        width_px: 1,
        height_px: 1,
    });
    let bytes = assignments_json(&clustering, &collection, &Arrangement::new()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((&json["format"], &json["version"]), (&"shoal-session".into(), &1.into()));
    assert_eq!(json["items"][0]["byteSize"], 5_u64 << 30);
    assert_eq!(json["items"][0]["sha256"], "ab".repeat(32));
    assert!(json["items"][1].get("sha256").is_none() && json["items"][1]["cluster"].is_null());
    assert_eq!(serde_json::from_value::<Clustering>(json).unwrap(), clustering);

    let text = String::from_utf8(bytes).unwrap();
    // One line a picture, and numbers as short as they are.
    assert!(
        text.lines().any(|line| line.starts_with("    {\"path\": \"t/a.jpg\", ") && line.contains("0.1, ")),
        "{text}"
    );
    assert!(text.lines().any(|line| line == "  \"k\": 2,"), "{text}");
}
