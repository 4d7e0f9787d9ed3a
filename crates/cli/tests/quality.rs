//! The quality check as a program: on the sample pictures in folders, with files among them that are no pictures.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use shoal::samples::{COUNT, KINDS, draw};

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("shoal-quality-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn quality(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_quality")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The size, NMI and accuracy of each row in the table.
fn rows(table: &str) -> Vec<(String, f64, f64)> {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = table.lines().map(cells).filter(|cells| cells.len() == 8 && cells[2].ends_with("px"));
    rows.map(|cells| {
        let nmi = cells[3].split(' ').next().unwrap().parse().unwrap();
        (cells[2].clone(), nmi, cells[5].parse().unwrap())
    })
    .collect()
}

#[test]
fn the_samples_kinds_are_told_apart_at_every_size_and_what_is_no_picture_is_named() {
    let folder = Folder::new("samples");
    for index in 0..COUNT {
        let picture = draw(index);
        let name = Path::new(&picture.path).file_name().unwrap().to_str().unwrap().to_owned();
        folder.write(&format!("{}/{name}", KINDS[picture.kind]), &picture.bytes);
    }
    let whole = draw(0).bytes;
    folder.write("notes/read me.txt", b"no picture");
    folder.write("boat/cut.jpg", &whole[..100]);
    folder.write("boat/.DS_Store", b"left behind");
    let output = quality(&[&folder.0]);
    let (table, named) = (text(&output.stdout), text(&output.stderr));
    println!("{table}\n{named}");
    assert!(output.status.success());
    assert!(table.contains("60 pictures in 6 folders, 2 skipped"));
    assert!(named.contains("notes/read me.txt: not-a-picture") && named.contains("boat/cut.jpg: damaged-picture"));
    assert!(!named.contains(".DS_Store"));
    let rows = rows(&table);
    let sizes: Vec<&str> = rows.iter().map(|(size, ..)| size.as_str()).collect();
    assert_eq!(sizes, ["96 px", "128 px", "160 px", "224 px", "64 px"]);
    for (size, nmi, accuracy) in &rows[..4] {
        assert!(*nmi >= 0.9 && *accuracy >= 0.9, "{size}: NMI {nmi}, accuracy {accuracy}");
    }
    assert!(rows[4].1 < rows[1].1, "the notebook's way does worse");
}

#[test]
fn what_cannot_be_measured_is_said() {
    let folder = Folder::new("faults");
    folder.write("one/a.png", &draw(0).bytes);
    let failure = |arguments: &[&Path]| {
        let output = quality(arguments);
        assert!(!output.status.success());
        text(&output.stderr)
    };
    assert!(failure(&[&folder.0]).contains("no two folders"));
    assert!(failure(&[&folder.0.join("nowhere")]).contains("could not read"));
    assert!(failure(&[]).contains("usage"));
    let weights = folder.0.join("weights.pth");
    fs::write(&weights, b"PK\x03\x04 not weights").unwrap();
    assert!(failure(&[&folder.0, Path::new("--weights"), &weights]).contains("weights-format"));
}
