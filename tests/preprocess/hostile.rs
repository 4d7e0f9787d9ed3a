//! Hostile files, where a folder of them is available: none may panic.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use shoal::error::Coded;
use shoal::preprocess::{Framing, decode, fit, probe};

#[test]
fn hostile_files_never_escape() {
    let shared = std::env::var("SHOAL_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder = Path::new(&shared).join("nasty");
    if !folder.is_dir() {
        println!("skipped: there are no hostile files at {}", folder.display());
        return;
    }
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let mut panics = Vec::new();
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        let told = path.strip_prefix(&folder).unwrap_or(path).display().to_string();
        match catch_unwind(|| run(&bytes)) {
            Ok(what) => println!("{told}: {what}"),
            Err(_) => panics.push(told),
        }
    }
    println!("{} files, {} panicked: {panics:?}", files.len(), panics.len());
    assert!(panics.is_empty(), "these panicked: {panics:?}");
}

fn run(bytes: &[u8]) -> String {
    let probed = match probe(bytes) {
        Ok(probed) => probed,
        Err(error) => return format!("probe: {}", error.code()),
    };
    let decoded = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(error) => return format!("{probed:?}, decode: {} ({error})", error.code()),
    };
    let fitted = fit(&decoded.pixels_rgba_u8, decoded.width, decoded.height, 64, Framing::CropCentre).unwrap();
    assert_eq!(fitted.len(), 64 * 64 * 3);
    format!("{probed:?}, {} x {}", decoded.width, decoded.height)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
