//! From files to features, with every network at every setting, on all cores.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io, thread};

use shoal::backbones::Backbone;
use shoal::error::Coded;
use shoal::matrix::Matrix;
use shoal::options::{FeatureKind, Recipe};
use shoal::preprocess::{Framing, ImageError, decode, fit};
use shoal_kernels::CpuNet;
use shoal_kernels::error::ModelError;
use shoal_native::folder::Listed;

use super::networks::Network;

/// The transforms of pooled features.
const RECIPES: &[Recipe] = &[Recipe::Spherical, Recipe::Smooth, Recipe::Umap, Recipe::Plain];
/// The sides of pooled features: the two networks' default sizes.
const SIZES_PX: [u32; 2] = [128, 224];

/// One way from images to features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The network's index.
    pub network: usize,
    /// What the features are.
    pub kind: FeatureKind,
    /// The side that images are resized to, in pixels.
    pub size_px: u32,
    /// How the features are transformed before clustering.
    pub recipes: &'static [Recipe],
}

/// Every network's pooled features at several sizes, and MobileNetV2's flattened ones, as in the notebook.
pub fn settings(networks: &[Network]) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (network, Network { backbone, .. }) in networks.iter().enumerate() {
        let pooled = |size_px| Setting { network, kind: FeatureKind::Pooled, size_px, recipes: RECIPES };
        settings.extend(SIZES_PX.map(pooled));
        if *backbone == Backbone::MobilenetV2 {
            settings.push(Setting { network, kind: FeatureKind::Flat, size_px: 64, recipes: &[Recipe::Plain] });
        }
    }
    settings
}

/// The features of all images.
#[derive(Debug)]
pub struct Embedded {
    /// The images that could be read, in the order in which they were given.
    pub paths: Vec<String>,
    /// For each setting these images' features, shape `[n, d]`.
    pub features: Vec<Matrix>,
    /// The images that could not be read.
    pub skipped: Vec<Skipped>,
}

/// An image that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its path.
    pub path: String,
    /// The stable code of the error.
    pub code: &'static str,
    /// The error's message.
    pub reason: String,
}

/// An image's features at every setting, or why there are none.
type OneImage = Result<Vec<Vec<f32>>, Skipped>;

/// Embeds `images` at all `settings` of `networks`. Each core holds one decoded image at a time.
///
/// # Errors
/// A [`ModelError`] when a network cannot be loaded or fails; an image's own faults are in [`Embedded::skipped`].
pub fn embed(images: &[Listed], networks: &[Network], settings: &[Setting]) -> Result<Embedded, ModelError> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, OneImage)>, ModelError> {
        let load = |network: &Network| CpuNet::from_weights(&network.weights, None);
        let mut nets = networks.iter().map(load).collect::<Result<Vec<_>, _>>()?;
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(image) = images.get(index) else { return Ok(done) };
            if index > 0 && index.is_multiple_of(100) {
                eprintln!("{index} of {} images", images.len());
            }
            done.push((index, embed_one(image, &mut nets, settings)?));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut results = Vec::with_capacity(images.len());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            let done = worker.join().map_err(|_| ModelError::Readback("a thread panicked".into()))?;
            results.extend(done?);
        }
        Ok(())
    })?;
    results.sort_by_key(|(index, _)| *index);
    gather(images, results, settings.len())
}

fn gather(images: &[Listed], results: Vec<(usize, OneImage)>, settings: usize) -> Result<Embedded, ModelError> {
    let mut values = vec![Vec::new(); settings];
    let (mut paths, mut skipped) = (Vec::new(), Vec::new());
    for (index, result) in results {
        match result {
            Ok(features) => {
                paths.push(images[index].path.clone());
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

fn embed_one(image: &Listed, nets: &mut [CpuNet], settings: &[Setting]) -> Result<OneImage, ModelError> {
    let skip = |code, reason: String| Ok(Err(Skipped { path: image.path.clone(), code, reason }));
    let bytes = match fs::read(&image.file) {
        Ok(bytes) => bytes,
        Err(error) => return skip("file-unreadable", unreadable(&error)),
    };
    // A decoder may panic on hostile bytes, which must not end the run.
    let squares = match catch_unwind(AssertUnwindSafe(|| squares(&bytes, settings))) {
        Ok(Ok(squares)) => squares,
        Ok(Err(error)) => return skip(error.code(), error.to_string()),
        Err(_) => return skip("damaged-picture", "its decoder panicked".into()),
    };
    let mut features = Vec::with_capacity(settings.len());
    for (setting, square) in settings.iter().zip(squares) {
        features.push(nets[setting.network].embed(&square, setting.size_px, setting.kind)?.into_values());
    }
    Ok(Ok(features))
}

fn unreadable(error: &io::Error) -> String {
    format!("the file cannot be read: {error}")
}

/// The image as a network takes it, for every setting.
fn squares(bytes: &[u8], settings: &[Setting]) -> Result<Vec<Vec<u8>>, ImageError> {
    let rgba = decode(bytes)?;
    settings
        .iter()
        .map(|setting| {
            let framing = Framing::new(setting.kind, rgba.width, rgba.height);
            fit(&rgba.pixels_rgba_u8, rgba.width, rgba.height, setting.size_px, framing)
        })
        .collect()
}
