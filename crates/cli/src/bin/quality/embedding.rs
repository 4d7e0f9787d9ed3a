//! From files to features, at every setting that is compared, on all cores.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io, thread};

use shoal::error::Coded;
use shoal::matrix::Matrix;
use shoal::options::{FeatureKind, Recipe};
use shoal::preprocess::ImageError;
use shoal::preprocess::{Framing, decode, fit};
use shoal_model::CpuNet;
use shoal_model::error::ModelError;

use crate::folder::Listed;

/// One way from pictures to points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What the features are.
    pub kind: FeatureKind,
    /// The side that pictures are resized to, in pixels.
    pub size_px: u32,
    /// What is done to the features.
    pub recipe: Recipe,
}

/// The shipped recipe at several sizes, then the notebook's way.
pub const SETTINGS: [Setting; 5] = [
    Setting { kind: FeatureKind::Pooled, size_px: 96, recipe: Recipe::Spherical },
    Setting { kind: FeatureKind::Pooled, size_px: 128, recipe: Recipe::Spherical },
    Setting { kind: FeatureKind::Pooled, size_px: 160, recipe: Recipe::Spherical },
    Setting { kind: FeatureKind::Pooled, size_px: 224, recipe: Recipe::Spherical },
    Setting { kind: FeatureKind::Flat, size_px: 64, recipe: Recipe::Plain },
];

/// What came of the pictures.
#[derive(Debug)]
pub struct Embedded {
    /// The pictures that could be read, in the order in which they were given.
    pub paths: Vec<String>,
    /// For each of [`SETTINGS`] these pictures' features, shape `[n, d]`.
    pub features: Vec<Matrix>,
    /// The pictures that could not be read.
    pub skipped: Vec<Skipped>,
}

/// A picture that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its path.
    pub path: String,
    /// The stable code of what was wrong.
    pub code: &'static str,
    /// What was wrong.
    pub reason: String,
}

/// A picture's features at every setting, or why there are none.
type Clustering = Result<Vec<Vec<f32>>, Skipped>;

/// Embeds `pictures` with the network in `weights`, a weights file. Memory holds one decoded picture a core.
///
/// # Errors
/// A [`ModelError`] when the network cannot be loaded or fails; a picture's own faults are in [`Embedded::skipped`].
pub fn embed(pictures: &[Listed], weights: &[u8]) -> Result<Embedded, ModelError> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Clustering)>, ModelError> {
        let mut net = CpuNet::from_weights(weights, None)?;
        let mut clusterings = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(picture) = pictures.get(index) else { return Ok(clusterings) };
            if index > 0 && index.is_multiple_of(100) {
                eprintln!("{index} of {} pictures", pictures.len());
            }
            clusterings.push((index, clustering(picture, &mut net)?));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut clusterings = Vec::with_capacity(pictures.len());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            let done = worker.join().map_err(|_| ModelError::Readback("a thread crashed".into()))?;
            clusterings.extend(done?);
        }
        Ok(())
    })?;
    clusterings.sort_by_key(|(index, _)| *index);
    gather(pictures, clusterings)
}

fn gather(pictures: &[Listed], clusterings: Vec<(usize, Clustering)>) -> Result<Embedded, ModelError> {
    let mut values = vec![Vec::new(); SETTINGS.len()];
    let (mut paths, mut skipped) = (Vec::new(), Vec::new());
    for (index, clustering) in clusterings {
        match clustering {
            Ok(features) => {
                paths.push(pictures[index].path.clone());
                values.iter_mut().zip(features).for_each(|(all, one)| all.extend(one));
            }
            Err(one) => skipped.push(one),
        }
    }
    let features = values.into_iter().map(|values| {
        let columns = (values.len() / paths.len().max(1)).max(1);
        Matrix::from_rows(values, columns).map_err(|error| ModelError::Readback(error.to_string()))
    });
    Ok(Embedded { features: features.collect::<Result<_, _>>()?, paths, skipped })
}

fn clustering(picture: &Listed, net: &mut CpuNet) -> Result<Clustering, ModelError> {
    let skip = |code, reason: String| Ok(Err(Skipped { path: picture.path.clone(), code, reason }));
    let bytes = match fs::read(&picture.file) {
        Ok(bytes) => bytes,
        Err(error) => return skip("file-unreadable", unreadable(&error)),
    };
    // A decoder may panic on hostile bytes, which must not end the others.
    let squares = match catch_unwind(AssertUnwindSafe(|| squares(&bytes))) {
        Ok(Ok(squares)) => squares,
        Ok(Err(error)) => return skip(error.code(), error.to_string()),
        Err(_) => return skip("damaged-picture", "its decoder crashed".into()),
    };
    let mut features = Vec::with_capacity(SETTINGS.len());
    for (setting, square) in SETTINGS.iter().zip(squares) {
        features.push(net.embed(&square, setting.size_px, setting.kind)?.into_values());
    }
    Ok(Ok(features))
}

fn unreadable(error: &io::Error) -> String {
    format!("the file cannot be read: {error}")
}

/// The picture as the network takes it, for every setting.
fn squares(bytes: &[u8]) -> Result<Vec<Vec<u8>>, ImageError> {
    let rgba = decode(bytes)?;
    SETTINGS
        .iter()
        .map(|setting| {
            let framing = Framing::for_kind(setting.kind);
            fit(&rgba.pixels_rgba_u8, rgba.width, rgba.height, setting.size_px, framing)
        })
        .collect()
}
