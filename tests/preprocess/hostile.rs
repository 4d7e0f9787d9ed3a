//! Hostile files: mutated ones, and a folder of collected ones where it is available. None may panic.

use std::io::Cursor;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shoal::error::Coded;
use shoal::preprocess::{Framing, decode, first_visible_frame, fit, probe, raw_preview, tiff_pages};

use crate::tiff_tiles::tiled_tiff;

/// How often each file is mutated, and each of a rare kind.
const MUTATIONS: usize = 400;
const RARE_MUTATIONS: usize = 60;

#[test]
fn mutated_files_never_panic() {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(40, 24, |x, y| Rgb([x as u8 * 6, y as u8 * 9, 77])));
    let formats = [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::WebP,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::Ico,
        ImageFormat::Qoi,
        ImageFormat::Pnm,
    ];
    let mut files: Vec<(String, Vec<u8>)> = formats
        .iter()
        .map(|&format| {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, format).unwrap();
            (format!("{format:?}"), bytes.into_inner())
        })
        .collect();
    for (height_px, bits, planar) in [(32, 16, true), (32, 8, true), (20, 16, false)] {
        files.push((format!("tiled TIFF of {height_px} px"), tiled_tiff(height_px, bits, planar)));
    }
    let common = files.len();
    files.extend(crate::tiff_kinds::files());
    files.extend(crate::other_formats::files());
    let mut panics = Vec::new();
    for (index, (name, original)) in files.iter().enumerate() {
        let mutations = if index < common { MUTATIONS } else { RARE_MUTATIONS };
        let mut random = ChaCha8Rng::seed_from_u64(original.len() as u64);
        for mutation in 0..mutations {
            let mut bytes = original.clone();
            for _ in 0..random.random_range(1..4) {
                // Headers are at the beginning, a TIFF's directory is at the end.
                let near = random.random_range(0..bytes.len().min(256));
                let at = if random.random() { near } else { bytes.len() - 1 - near };
                bytes[at] = if random.random() { random.random() } else { random.random_range(0..4) };
            }
            if catch_unwind(|| run(&bytes)).is_err() {
                panics.push(format!("{name}, mutation {mutation}"));
            }
        }
    }
    assert!(panics.is_empty(), "{panics:?}");
}

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
    // Their results matter elsewhere; here they only must not panic.
    let _ = (raw_preview(bytes), first_visible_frame(bytes), tiff_pages(Cursor::new(bytes)));
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
