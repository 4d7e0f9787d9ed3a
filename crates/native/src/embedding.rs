//! From images to features, on all cores. Each thread holds one image at a time.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use sha2::{Digest, Sha256};
use shoal::collection::Rejection;
use shoal::error::Coded;
use shoal::options::FeatureKind;
use shoal::preprocess::{Framing, ImageError, decode, fit, is_heif, is_other_format, probe};
use shoal_kernels::CpuNet;

use crate::folder::{Listed, rejection};
use crate::network::Network;
use crate::{NativeError, Observer};

/// How many bytes of a file are read before it is known to be an image: enough for a header that follows a long colour profile.
const HEADER_BYTES: u64 = 4 << 20;
/// How many finished images per thread may wait to be taken.
const FINISHED_PER_THREAD: usize = 4;

/// How images are embedded.
#[derive(Clone, Debug)]
pub struct Embedding<'a> {
    /// The network.
    pub network: &'a Network,
    /// The side that images are resized to, in pixels.
    pub size_px: u32,
    /// Which output of the network the features are.
    pub features: FeatureKind,
    /// The number of threads; `None` for one per core.
    pub threads: Option<NonZeroUsize>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// The file's index in the list that was given.
    pub index: usize,
    /// The image, or why there is none.
    pub image: Result<Image, Rejection>,
}

/// An image that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The file's number of bytes.
    pub byte_size: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// The features; `None` if an image with this SHA-256 was known.
    pub features: Option<Vec<f32>>,
}

impl Embedding<'_> {
    /// The number of threads.
    pub fn threads(&self) -> usize {
        self.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
    }

    /// Embeds the files at `indices` of `files`. Files whose SHA-256 is in `known` are read but not decoded. `take` gets every
    /// file in the order in which they are finished. Stops early, without an error, if the observer says so; the files
    /// that were begun are still taken.
    ///
    /// # Errors
    /// [`NativeError::Model`], and whatever `take` returns, which ends the work.
    pub fn run(
        &self,
        files: &[Listed],
        indices: &[usize],
        known: &HashSet<[u8; 32]>,
        observer: &dyn Observer,
        mut take: impl FnMut(Embedded) -> Result<(), NativeError>,
    ) -> Result<(), NativeError> {
        let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let threads = self.threads().min(indices.len()).max(1);
        let (finished, results) = mpsc::sync_channel(threads * FINISHED_PER_THREAD);
        let work = |finished: mpsc::SyncSender<Result<Embedded, NativeError>>| {
            let mut net = match self.network.load() {
                Ok(net) => net,
                Err(error) => return drop(finished.send(Err(error))),
            };
            while !failed.load(Ordering::Relaxed) && !observer.is_stopped() {
                let Some(&index) = indices.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                let embedded = self.embed_file(&files[index], &mut net, known);
                let embedded = embedded.map(|image| Embedded { index, image });
                if finished.send(embedded).is_err() {
                    return;
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..threads {
                let finished = finished.clone();
                scope.spawn(|| work(finished));
            }
            drop(finished);
            let mut outcome = Ok(());
            // Drained to the end, since a thread may be waiting to send.
            for result in results {
                if outcome.is_ok() {
                    outcome = result.and_then(&mut take);
                    failed.store(outcome.is_err(), Ordering::Relaxed);
                }
            }
            outcome
        })
    }

    fn embed_file(
        &self,
        file: &Listed,
        net: &mut CpuNet,
        known: &HashSet<[u8; 32]>,
    ) -> Result<Result<Image, Rejection>, NativeError> {
        let bytes = match read_image(&file.file) {
            Ok(bytes) => bytes,
            Err(fault) => return Ok(Err(fault.rejection(&file.path))),
        };
        let (byte_size, sha256) = (bytes.len() as u64, Sha256::digest(&bytes).into());
        if known.contains(&sha256) {
            return Ok(Ok(Image { byte_size, sha256, features: None }));
        }
        Ok(match self.embed_bytes(&bytes, net)? {
            Ok(features) => Ok(Image { byte_size, sha256, features: Some(features) }),
            Err(error) => Err(Fault::Image(error).rejection(&file.path)),
        })
    }

    /// The features of the image in `bytes`, computed by `net`, a copy of the network.
    ///
    /// # Errors
    /// [`NativeError::Model`]; the inner error is the image's own.
    pub fn embed_bytes(&self, bytes: &[u8], net: &mut CpuNet) -> Result<Result<Vec<f32>, ImageError>, NativeError> {
        // A decoder may panic on hostile bytes, which must not end the run.
        let decoded = catch_unwind(AssertUnwindSafe(|| {
            let rgba = decode(bytes)?;
            let framing = Framing::new(self.features, rgba.width, rgba.height);
            fit(&rgba.pixels_rgba_u8, rgba.width, rgba.height, self.size_px, framing)
        }));
        let square = match decoded.unwrap_or_else(|_| Err(ImageError::Damaged("its decoder panicked".into()))) {
            Ok(square) => square,
            Err(error) => return Ok(Err(error)),
        };
        Ok(Ok(net.embed(&square, self.size_px, self.features)?.into_values()))
    }
}

/// Why a file has no features.
enum Fault {
    Image(ImageError),
    Unreadable(std::io::Error),
}

impl Fault {
    fn rejection(self, path: &str) -> Rejection {
        match self {
            Self::Image(error) => {
                Rejection { path: path.to_owned(), code: error.code().to_owned(), reason: error.to_string() }
            }
            Self::Unreadable(error) => rejection(path.to_owned(), format!("the file cannot be read: {error}")),
        }
    }
}

/// The bytes of a file, of which only the beginning is read unless it can be an image.
fn read_image(path: &Path) -> Result<Vec<u8>, Fault> {
    let mut file = File::open(path).map_err(Fault::Unreadable)?;
    let mut bytes = Vec::new();
    (&mut file).take(HEADER_BYTES).read_to_end(&mut bytes).map_err(Fault::Unreadable)?;
    if is_heif(&bytes) {
        return Err(Fault::Image(ImageError::HeicNotDecodable));
    }
    let size = catch_unwind(|| probe(&bytes));
    match size.unwrap_or_else(|_| Err(ImageError::Damaged("its decoder panicked".into()))) {
        Ok(Some(_)) => {}
        Ok(None) if is_other_format(&bytes) => {}
        Ok(None) => return Err(Fault::Image(ImageError::NotAPicture)),
        // A longer header may still be whole.
        Err(ImageError::Damaged(_)) if bytes.len() as u64 == HEADER_BYTES => {}
        Err(error) => return Err(Fault::Image(error)),
    }
    file.read_to_end(&mut bytes).map_err(Fault::Unreadable)?;
    Ok(bytes)
}
