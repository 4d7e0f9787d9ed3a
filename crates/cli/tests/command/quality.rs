//! The quality check as a program: on the sample images in folders, with files among them that are not images.

use std::path::Path;

use crate::support::{Folder, Run, command};
use shoal_samples::{COUNT, KINDS, draw};

/// Runs the program with MobileNetV2 alone: `SHOAL_WEIGHTS` names a folder that is not there.
fn quality(arguments: &[&Path]) -> Run {
    command().env("SHOAL_WEIGHTS", "/nonexistent").arg("quality").args(arguments).output().unwrap().into()
}

/// The size, recipe, NMI and accuracy of each row in the table.
fn rows(table: &str) -> Vec<(String, String, f64, f64)> {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = table.lines().map(cells).filter(|cells| cells.len() == 11 && cells[2].ends_with("px"));
    rows.map(|cells| {
        let nmi = cells[4].split(' ').next().unwrap().parse().unwrap();
        (cells[2].clone(), cells[3].clone(), nmi, cells[6].parse().unwrap())
    })
    .collect()
}

#[test]
fn the_kinds_of_samples_are_found_at_every_size_and_unreadable_files_are_named() {
    let folder = Folder::new();
    for index in 0..COUNT {
        let picture = draw(index);
        let name = Path::new(&picture.path).file_name().unwrap().to_str().unwrap().to_owned();
        folder.write(&format!("{}/{name}", KINDS[picture.kind]), &picture.bytes);
    }
    let whole = draw(0).bytes;
    folder.write("notes/read me.txt", b"not an image");
    folder.write("boat/cut.jpg", &whole[..100]);
    folder.write("boat/.DS_Store", b"left behind");
    let Run { code, stdout: table, stderr: named } = quality(&[&folder.path("")]);
    println!("{table}\n{named}");
    assert_eq!(code, 0);
    assert!(table.contains("60 images in 6 folders, 2 skipped"));
    assert!(named.contains("notes/read me.txt: not-a-picture") && named.contains("boat/cut.jpg: damaged-picture"));
    assert!(!named.contains(".DS_Store"));
    assert!(named.contains("efficientnet-lite0 is left out"));
    let rows = rows(&table);
    let spherical: Vec<_> = rows.iter().filter(|(_, recipe, ..)| recipe == "spherical").collect();
    assert_eq!(spherical.iter().map(|(size, ..)| size.as_str()).collect::<Vec<_>>(), ["128 px", "224 px"]);
    for (size, _, nmi, accuracy) in &spherical {
        assert!(*nmi >= 0.9 && *accuracy >= 0.9, "{size}: NMI {nmi}, accuracy {accuracy}");
    }
    let notebook = rows.iter().find(|(size, ..)| size == "64 px").unwrap();
    assert!(notebook.2 < spherical[0].2, "the notebook's features do worse");
}

#[test]
fn unusable_arguments_are_refused() {
    let folder = Folder::new();
    folder.write("one/a.png", &draw(0).bytes);
    let failure = |arguments: &[&Path]| {
        let output = quality(arguments);
        assert_ne!(output.code, 0);
        output.stderr
    };
    assert!(failure(&[&folder.path("")]).contains("no two folders"));
    assert!(failure(&[&folder.path("nowhere")]).contains("file-unreadable"));
    assert!(failure(&[]).contains("Usage"));
    let weights = folder.path("weights.pth");
    folder.write("weights.pth", b"PK\x03\x04 not weights");
    assert!(failure(&[&folder.path(""), Path::new("--weights"), &weights]).contains("weights-format"));
}
