//! `add`: reading, looking up and embedding files.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use shoal::archive::npz::FeatureSpec;
use shoal::collection::sidecars::FileKind;
use shoal::collection::{Image, ImageId, Placement};
use shoal_browser::api_error::ApiError;
use shoal_protocol::InspectFile;

use super::sources::Gathered;
use super::{Ingest, attach_sidecars, reject};
use crate::cache::{Cache, CachedImage};
use crate::collection::{
    EmbeddedImage, FeatureOrigin, ImageCollection, Lookup, MissingSourceFiles, Processor, SourceFile, StoredImage,
};
use crate::compute::{ComputeError, Embedder};
use crate::events::{Event, Stage};
use crate::operation::Operation;
use crate::reports::{Added, PagedFile};
use crate::settings::Embedding;

/// What a call of `add` works with.
pub struct AddImages<'a> {
    /// The call.
    pub operation: &'a Operation,
    /// Where images go.
    pub collection: &'a ImageCollection,
    /// Features that were computed earlier.
    pub cache: &'a Cache,
    /// Embeds the other images.
    pub embedder: &'a Embedder,
    /// How features are computed.
    pub spec: Rc<FeatureSpec>,
}

/// Receives notifications while images are added.
pub trait IngestObserver {
    /// An image was added to the collection.
    fn on_image(&self, id: ImageId);

    /// The collection has this many `images`, and `left` files have not been read yet.
    fn on_progress(&mut self, images: usize, left: usize) -> impl Future<Output = ()>;
}

/// The state of a call.
struct Progress<'a> {
    call: &'a AddImages<'a>,
    origin: Rc<FeatureOrigin>,
    missing: MissingSourceFiles,
    added: Added,
    /// The images of this call, with the paths of their files.
    taken: Vec<(String, ImageId)>,
    done: usize,
    total: usize,
}

/// What a file turned out to be.
enum Read {
    /// The file of an image in the collection.
    Loaded { id: ImageId, is_unread: bool },
    /// A new image that was embedded.
    Embedded(EmbeddedImage),
    /// A new image whose features were already known.
    Matched { image: EmbeddedImage, is_unread: bool },
}

impl Ingest {
    /// Adds the images among these files. A file that cannot be read is rejected. Images that were added before
    /// the operation is cancelled stay.
    pub async fn add(
        &self,
        call: AddImages<'_>,
        gathered: Gathered,
        observer: &mut impl IngestObserver,
    ) -> Result<Added, ApiError> {
        for rejection in &gathered.rejected {
            call.collection.sidecars_mut().reject(rejection.clone(), None);
        }
        let elapsed = self.timings.start();
        let mut progress = Progress {
            call: &call,
            origin: Rc::new(FeatureOrigin::Network((*call.spec).clone())),
            missing: call.collection.images().missing_source_files(),
            added: Added { rejected: gathered.rejected, ..Added::default() },
            taken: Vec::new(),
            done: 0,
            total: 0,
        };
        let mut found = gathered.found;
        // Images first, so that sidecars can be attached to them.
        for rank in FileKind::ALL {
            let (of_rank, later) = found.into_iter().partition(|source| FileKind::of(&source.path) == rank);
            found = later;
            let images = attach_sidecars(call.collection, of_rank, &progress.taken, &mut progress.added);
            if !self.add_all(images, &mut progress, observer).await? {
                progress.added.cancelled = true;
                break;
            }
        }
        let added = progress.added;
        drop(elapsed);
        self.emit_added(call.collection, &added);
        Ok(added)
    }

    /// Reads files and adds the images among them. Returns `false` if it was cancelled.
    async fn add_all(
        &self,
        files: Vec<SourceFile>,
        progress: &mut Progress<'_>,
        observer: &mut impl IngestObserver,
    ) -> Result<bool, ApiError> {
        let AddImages { operation, collection, cache, embedder, ref spec } = *progress.call;
        let cached = match cache.look_up(operation, collection, embedder.client(), &files, spec).await {
            Err(error) if error.is_cancelled() => return Ok(false),
            cached => cached?,
        };
        progress.total += files.len();
        operation.progress(Stage::Embedding, progress.done, progress.total);
        let (call, missing) = (progress.call, std::mem::take(&mut progress.missing));
        // In order, since which of two files keeps a path must not depend on which is read first.
        let mut reads = stream::iter(files.into_iter().zip(cached))
            .map(async |(source, cached)| {
                let read = match operation.check() {
                    Ok(()) => self.read(call, &source, cached, &missing).await,
                    Err(error) => Err(error),
                };
                (source, read)
            })
            .buffered(embedder.concurrency());
        let mut is_complete = true;
        while let Some((source, read)) = reads.next().await {
            // Checked again, since the collection may have been cleared after the worker replied.
            if operation.is_cancelled() {
                is_complete = false;
                break;
            }
            let is_matched = matches!(read, Ok(Read::Matched { .. }));
            let pages = match &read {
                Ok(Read::Embedded(image) | Read::Matched { image, .. }) => image.facts.pages,
                _ => 1,
            };
            match read.and_then(|read| self.insert(progress, &missing, &source, read, observer)) {
                Ok((id, is_reused)) => {
                    let added = &mut progress.added;
                    added.added += 1;
                    added.reused += usize::from(is_reused);
                    added.matched += usize::from(is_matched && !is_reused);
                    if pages > 1 {
                        added.paged.push(PagedFile { path: source.path.clone(), pages });
                    }
                    collection.sidecars_mut().accept(&source.path);
                    progress.taken.push((source.path, id));
                }
                Err(error) if error.is_cancelled() => {
                    is_complete = false;
                    break;
                }
                // It is no fault of the file.
                Err(error) if ComputeError::is_worker_failure(&error) => return Err(error),
                Err(error) => reject(collection, source, error, &mut progress.added),
            }
            progress.done += 1;
            operation.progress(Stage::Embedding, progress.done, progress.total);
            observer.on_progress(collection.len(), progress.total - progress.done).await;
        }
        drop(reads);
        progress.missing = missing;
        Ok(is_complete)
    }

    /// Looks up a file, and embeds it if it is unknown.
    async fn read(
        &self,
        call: &AddImages<'_>,
        source: &SourceFile,
        cached: Option<CachedImage>,
        missing: &MissingSourceFiles,
    ) -> Result<Read, ApiError> {
        let AddImages { collection, embedder, ref spec, .. } = *call;
        let embedding = Embedding { features: spec.features, size_px: spec.size_px };
        let mut known = collection.look_up(source, missing, spec);
        if matches!(known, Lookup::NeedsDigest) {
            let digest = match &cached {
                Some(cached) => cached.image.digest().clone(),
                None => embedder.client().digest(&source.file).await?,
            };
            known = collection.look_up_digest(source, &digest, missing, spec);
        }
        match (known, cached) {
            (Lookup::Loaded { id, is_unread }, _) => Ok(Read::Loaded { id, is_unread }),
            (Lookup::Imported(features), _) => {
                let Embedding { features: kind, size_px } = embedding;
                let file = source.file.clone();
                let request = |memory_bytes| InspectFile { file: file.clone(), size_px, features: kind, memory_bytes };
                let facts = embedder.client().decode(&source.file, request).await?;
                self.timings.add(facts.times);
                // A features file does not say what computed the features, and every browser has the workers.
                let image = EmbeddedImage { facts, features, processor: Processor::Cpu };
                Ok(Read::Matched { image, is_unread: false })
            }
            (_, Some(CachedImage { image, is_unread })) => Ok(Read::Matched { image, is_unread }),
            (_, None) => {
                let image = embedder.embed(&source.file, embedding).await?;
                self.timings.add(image.facts.times);
                Ok(Read::Embedded(image))
            }
        }
    }

    /// Inserts what was read into the collection. Returns the image, and whether it was there before.
    fn insert(
        &self,
        progress: &Progress<'_>,
        missing: &MissingSourceFiles,
        source: &SourceFile,
        read: Read,
        observer: &impl IngestObserver,
    ) -> Result<(ImageId, bool), ApiError> {
        let collection = progress.call.collection;
        let mut images = collection.images_mut();
        let (image, is_unread) = match read {
            Read::Loaded { id, is_unread } => {
                if images.stored(id).is_none() {
                    // The collection was cleared meanwhile.
                    return Err(ApiError::cancelled());
                }
                images.set_source_file(id, source.file.clone(), is_unread);
                return Ok((id, true));
            }
            Read::Embedded(image) => (image, false),
            Read::Matched { image, is_unread } => (image, is_unread),
        };
        let digest = image.digest().clone();
        // Another file of this call may have been the same image.
        if let Some(id) = images.find(missing, &source.path, &digest.sha256) {
            images.set_source_file(id, source.file.clone(), is_unread);
            return Ok((id, true));
        }
        let Placement::New(path) = images.collection.place(&source.path, &digest.sha256) else {
            return Err(ApiError::cancelled());
        };
        let inserted = images.collection.insert(Image {
            path: path.clone(),
            byte_size: digest.byte_size,
            sha256: digest.sha256,
            crc32: digest.crc32,
            modified_ms: source.file.last_modified(),
            width_px: image.facts.width_px,
            height_px: image.facts.height_px,
            capture: image.facts.capture.clone(),
        });
        // `place` has just found the path free.
        let Some(id) = inserted else { return Err(ApiError::cancelled()) };
        images.store(id, StoredImage::embedded(source.file.clone(), is_unread, image, progress.origin.clone()));
        let url = images.thumbnail_url(&path).unwrap_or_default();
        drop(images);
        observer.on_image(id);
        self.events.emit(Event::Image { url });
        Ok((id, false))
    }
}
