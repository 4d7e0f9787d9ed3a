//! What storing weights in fewer bits costs and saves: `storage CHECKPOINT PHOTOS [SIZE_PX]`.
//!
//! Prints, for several ways to store a network, its size after gzip and the cosines between its pooled features and those of
//! the f32 weights, lowest and median over all JPEG files below `PHOTOS`.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::{env, fs, thread};

use flate2::Compression;
use flate2::write::GzEncoder;
use shoal::options::FeatureKind;
use shoal::preprocess::{Framing, decode, fit};
use shoal_kernels::CpuNet;
use shoal_model::Backbone;
use shoal_model::convert::{convert_with, default_storage};
use shoal_model::storage::Storage;

/// A way to store a tensor, by its network, name and shape.
type Policy = fn(Backbone, &str, &[usize]) -> Storage;

const POLICIES: [(&str, Policy); 8] = [
    ("as the site ships it", default_storage),
    ("f16", |_, _, _| Storage::F16),
    ("8 bits everywhere", |_, name, _| if name.ends_with(".weight") { Storage::Bits(8) } else { Storage::F16 }),
    ("8 bits", |_, name, shape| bits(name, shape, [8, 8, 8, 8])),
    ("8 bits, early 10", |_, name, shape| bits(name, shape, [10, 8, 8, 8])),
    ("expansions 7, projections 9, head 8, early 10", |_, name, shape| bits(name, shape, [10, 7, 9, 8])),
    ("expansions 7, projections 9, head 7, early 10", |_, name, shape| bits(name, shape, [10, 7, 9, 7])),
    ("10 bits", |_, name, shape| bits(name, shape, [10, 10, 10, 10])),
];

/// So many bits for the pointwise layers of the first half of the network, later expansions, later projections, and the head;
/// f16 for all others.
fn bits(name: &str, shape: &[usize], [early, expand, project, head]: [u32; 4]) -> Storage {
    let block: Option<usize> = name.strip_prefix("blocks.").and_then(|rest| rest.split('.').next()?.parse().ok());
    match (shape, block) {
        ([_, _, 1, 1], None) => Storage::Bits(head),
        ([_, _, 1, 1], Some(0..8)) => Storage::Bits(early),
        ([_, _, 1, 1], Some(_)) => Storage::Bits(if name.contains("expand") { expand } else { project }),
        _ => Storage::F16,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (checkpoint, photos, size_px) = match arguments.as_slice() {
        [checkpoint, photos] => (checkpoint, photos, 224),
        [checkpoint, photos, size_px] => (checkpoint, photos, size_px.parse()?),
        _ => return Err("usage: storage CHECKPOINT PHOTOS [SIZE_PX]".into()),
    };
    let checkpoint = fs::read(checkpoint)?;
    let mut squares = Vec::new();
    for path in photographs(photos.into())? {
        let image = decode(&fs::read(path)?)?;
        squares.push(fit(&image.pixels_rgba_u8, image.width, image.height, size_px, Framing::CropCentre)?);
    }
    let reference = features(&checkpoint, &squares, size_px)?;
    println!("{} photographs at {size_px} px", squares.len());
    println!("| storage | bytes | gzip | lowest cosine | median |\n| --- | --- | --- | --- | --- |");
    for (name, policy) in POLICIES {
        let bytes = convert_with(&checkpoint, policy)?.backbone;
        let found = features(&bytes, &squares, size_px)?;
        let mut cosines: Vec<f64> = found.iter().zip(&reference).map(|(found, wanted)| cosine(found, wanted)).collect();
        cosines.sort_by(f64::total_cmp);
        let (lowest, median) = (cosines[0], cosines[cosines.len() / 2]);
        println!("| {name} | {} | {} | {lowest:.5} | {median:.5} |", bytes.len(), gzip_bytes(&bytes)?);
    }
    Ok(())
}

fn photographs(dir: PathBuf) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let (mut found, mut open) = (Vec::new(), vec![dir]);
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jpg") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The pooled features of every image, computed on all cores.
fn features(weights: &[u8], squares: &[Vec<u8>], size_px: u32) -> Result<Vec<Vec<f32>>, Box<dyn Error>> {
    let net = || CpuNet::from_weights(weights, None);
    net()?;
    let share = squares.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(1);
    let of = |squares: &[Vec<u8>]| -> Result<Vec<Vec<f32>>, _> {
        let mut net = net()?;
        squares.iter().map(|square| Ok(net.embed(square, size_px, FeatureKind::Pooled)?.into_values())).collect()
    };
    let parts: Vec<Result<Vec<Vec<f32>>, shoal_model::error::ModelError>> = thread::scope(|scope| {
        let workers: Vec<_> = squares.chunks(share).map(|part| scope.spawn(move || of(part))).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
    });
    Ok(parts.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn gzip_bytes(bytes: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
