//! The shipped f16 network against the f32 weights it is made of, on every photograph at hand.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::{fs, thread};

use shoal::options::{DEFAULT_SIZE_PX, FeatureKind};
use shoal::preprocess::{Framing, decode, fit};
use shoal_model::convert::convert;
use shoal_model::embed::Embedder;

const LOWEST_COSINE: f64 = 0.9995;

/// Runs a future that never waits, as all of the CPU's do.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the CPU made us wait"),
    }
}

fn photographs(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(photographs(&path));
        } else if path.extension().is_some_and(|extension| extension == "jpg") {
            found.push(path);
        }
    }
    found
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The lowest cosine over `paths`, and where it is.
fn lowest(paths: &[PathBuf], weights: [&[u8]; 2]) -> (f64, PathBuf) {
    let networks = weights.map(|bytes| Embedder::from_weights(bytes, None).unwrap());
    let of = |path: &PathBuf| {
        let picture = decode(&fs::read(path).unwrap()).unwrap();
        let (width, height) = (picture.width, picture.height);
        let square = fit(&picture.pixels_rgba_u8, width, height, DEFAULT_SIZE_PX, Framing::CropCentre).unwrap();
        let [a, b] = networks
            .each_ref()
            .map(|network| now(network.embed(&square, DEFAULT_SIZE_PX, FeatureKind::Pooled)).unwrap().into_values());
        (cosine(&a, &b), path.clone())
    };
    paths.iter().map(of).min_by(|(a, _), (b, _)| a.total_cmp(b)).unwrap()
}

#[test]
fn folding_and_shortening_leave_the_features_of_every_photograph() {
    let shared = std::env::var("SHOAL_SHARED").unwrap_or_else(|_| "../shared".into());
    let (dir, file) = (Path::new(&shared).join("photos"), Path::new(&shared).join("weights/mobilenet_v2.safetensors"));
    let (true, Ok(whole)) = (dir.is_dir(), fs::read(&file)) else {
        println!("skipped: there are no photographs in {} or no f32 weights at {}", dir.display(), file.display());
        return;
    };
    let short = convert(&whole).unwrap().backbone;
    let paths = photographs(&dir);
    let share = paths.len().div_ceil(thread::available_parallelism().map_or(1, usize::from));
    let found: Vec<(f64, PathBuf)> = thread::scope(|scope| {
        let workers: Vec<_> =
            paths.chunks(share).map(|paths| scope.spawn(|| lowest(paths, [&whole, &short]))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let (cosine, path) = found.into_iter().min_by(|(a, _), (b, _)| a.total_cmp(b)).unwrap();
    println!("{} photographs; the lowest cosine is {cosine:.6}, of {}", paths.len(), path.display());
    assert!(cosine >= LOWEST_COSINE, "{cosine} of {}", path.display());
}
