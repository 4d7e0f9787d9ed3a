//! `add`: from dropped files to pictures with features.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::Array;
use serde::Serialize;
use web_sys::File;

use crate::embedding::{Embedded, Embedder};
use crate::feature_origin::FeatureOrigin;
use crate::grouping::Previews;
use crate::pool::Pool;
use crate::remembered::Recalled;
use crate::sources::{Found, gather};
use crate::store::{Away, StoredImage};
use crate::{Engine, Event, Operation, Stage};
use shoal::archive::npz::FeatureSpec;
use shoal::collection::sidecars::FileKind;
use shoal::collection::{Image, ImageId, Placement, Rejection, SidecarIndex};
use shoal_browser::api_error::ApiError;
use shoal_protocol::{FromWorker, Identity, ToWorker};

/// What `add` resolves with.
#[derive(Clone, Debug, Default, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Added {
    /// Pictures of this call that are in the collection, the reused ones included.
    pub added: usize,
    /// Pictures of this call that were in the collection before.
    pub reused: usize,
    /// Pictures of this call that were not embedded, because a file told their features, or this browser remembers them.
    pub matched: usize,
    /// Files of this call that belong to a picture, and travel with it.
    pub sidecars: usize,
    /// What could not be read, and why.
    pub rejected: Vec<Rejection>,
    /// Whether it was stopped before its end.
    pub cancelled: bool,
}

/// A call of `add` on its way.
struct Intake<'a> {
    operation: &'a Operation<'a>,
    embedder: &'a Embedder,
    made: &'a Rc<FeatureSpec>,
    feature_origin: &'a Rc<FeatureOrigin>,
    away: &'a Away,
    added: Added,
    /// The pictures of this call, by the paths that they were found under.
    taken: Vec<(String, ImageId)>,
    previews: Previews,
    done: usize,
    total: usize,
}

/// What was found out about one file.
enum Read {
    /// It is that of a picture in the collection: by its bytes or, unread, by its looks.
    ImportedFeatures { identity: Identity, is_unread: bool },
    /// It was embedded.
    Embedded(Embedded),
    /// A features file knows it, or this browser: it was not embedded.
    Previewed(Recalled),
}

impl Engine {
    /// Adds pictures from an array of files, entries and folder handles. A file that cannot be read is refused and the
    /// rest goes on; when it is cancelled, what is done stays.
    pub async fn add(&self, sources: Array) -> Result<Added, ApiError> {
        // Begun before the turn is waited for: a dropped folder may not wait.
        let generation = self.0.generation.get();
        let gathered = gather(&sources, &|found| {
            self.progress(Stage::Reading, found, 0);
            generation == self.0.generation.get()
        })
        .await;
        self.keep_folders(&sources).await;
        let added = Added { rejected: gathered.refused, ..Added::default() };
        let operation = match self.begin().await {
            Ok(operation) if generation == self.0.generation.get() => operation,
            Ok(_) => return Ok(Added { cancelled: true, ..added }),
            Err(failure) if failure.is_cancelled() => return Ok(Added { cancelled: true, ..added }),
            Err(failure) => return Err(failure),
        };
        if self.is_own() {
            return self.match_files(&operation, gathered.found, added).await;
        }
        let embedder = match self.embedder().await {
            Err(failure) if failure.is_cancelled() => return Ok(Added { cancelled: true, ..added }),
            chosen => chosen?.embedder,
        };
        let made = &self.made(embedder.pool()).await?;
        let feature_origin = &Rc::new(FeatureOrigin::Network(FeatureSpec::clone(made)));
        let away = &self.0.store.borrow().away();
        for rejection in &added.rejected {
            self.0.beside.borrow_mut().refuse(rejection.clone(), None);
        }
        let wall = self.start_wall();
        let mut intake = Intake {
            operation: &operation,
            embedder: &embedder,
            made,
            feature_origin,
            away,
            added,
            taken: Vec::new(),
            previews: Previews::new(),
            done: 0,
            total: 0,
        };
        let mut found = gathered.found;
        for rank in FileKind::ALL {
            let (now, later) = found.into_iter().partition(|one| FileKind::of(&one.path) == rank);
            found = later;
            let alone = self.attach(now, &intake.taken, &mut intake.added);
            if !self.take_all(alone, &mut intake).await? {
                intake.added.cancelled = true;
                break;
            }
        }
        let added = intake.added;
        drop(wall);
        self.conclude(&added);
        Ok(added)
    }

    /// Tells what came of adding, apart from the pictures themselves.
    pub(super) fn conclude(&self, added: &Added) {
        if added.reused > 0 {
            self.tell_collection();
        }
        if !added.rejected.is_empty() {
            self.tell(Event::Refused(added.rejected.clone()));
        }
    }

    /// Keeps files with the pictures that they belong to: those `taken` in by this call, by the paths that they were found
    /// under, or those from before. Gives back the files that belong to none.
    pub(super) fn attach(&self, files: Vec<Found>, taken: &[(String, ImageId)], added: &mut Added) -> Vec<Found> {
        if files.iter().all(|found| FileKind::of(&found.path) == FileKind::Image) {
            return files;
        }
        let store = self.0.store.borrow();
        let of_this_call = taken.iter().map(|(path, id)| (path.as_str(), *id));
        let before = store.collection.in_path_order().map(|(id, picture)| (picture.path.as_str(), id));
        let owners = SidecarIndex::new(of_this_call.chain(before));
        let mut beside = self.0.beside.borrow_mut();
        let mut alone = Vec::new();
        for found in files {
            match owners.image_of(&found.path) {
                Some(picture) => {
                    beside.attach(picture, found);
                    added.sidecars += 1;
                }
                None => alone.push(found),
            }
        }
        alone
    }

    /// Keeps a file aside that is no picture of the collection.
    pub(super) fn turn_away(&self, found: Found, failure: ApiError, added: &mut Added) {
        let rejection = Rejection { path: found.path, code: failure.code, reason: failure.message };
        added.rejected.push(rejection.clone());
        self.0.beside.borrow_mut().refuse(rejection, Some(found.file));
    }

    /// Reads files and takes in the pictures among them. Whether it got to the end.
    async fn take_all(&self, files: Vec<Found>, intake: &mut Intake<'_>) -> Result<bool, ApiError> {
        let Intake { operation, embedder, made, feature_origin, away, .. } = *intake;
        let recalled = match self.recall(operation, embedder.pool(), &files, made).await {
            Err(failure) if failure.is_cancelled() => return Ok(false),
            recalled => recalled?,
        };
        intake.total += files.len();
        self.progress(Stage::Embedding, intake.done, intake.total);
        // In order, not as they come: which of two files keeps a path must not depend on which was quicker.
        let mut reads = stream::iter(files.into_iter().zip(recalled))
            .map(async |(found, recalled)| {
                if operation.is_cancelled() {
                    return (found, Err(ApiError::cancelled()));
                }
                let read = match recalled {
                    Some(recalled) => Ok(Read::Previewed(recalled)),
                    None => self.read(embedder, &found, made, away).await,
                };
                (found, read)
            })
            .buffered(embedder.ahead());
        while let Some((found, read)) = reads.next().await {
            // Asked again: `clear()` may have come since the worker answered.
            if operation.is_cancelled() {
                return Ok(false);
            }
            let is_recognised = matches!(read, Ok(Read::Previewed(_)));
            let added = &mut intake.added;
            match read.and_then(|read| self.take(&found, read, feature_origin, away)) {
                Ok((picture, reused)) => {
                    added.added += 1;
                    added.reused += usize::from(reused);
                    added.matched += usize::from(is_recognised && !reused);
                    self.0.beside.borrow_mut().accept(&found.path);
                    intake.taken.push((found.path, picture));
                }
                Err(failure) if failure.is_cancelled() => return Ok(false),
                Err(failure) => self.turn_away(found, failure, added),
            }
            intake.done += 1;
            self.progress(Stage::Embedding, intake.done, intake.total);
            if intake.previews.are_due(self.len(), intake.total - intake.done) {
                self.preview(operation, embedder.pool()).await;
            }
        }
        Ok(true)
    }

    /// Embeds a file, unless it is that of a picture at hand or in a features file.
    async fn read(
        &self,
        embedder: &Embedder,
        found: &Found,
        made: &FeatureSpec,
        away: &Away,
    ) -> Result<Read, ApiError> {
        if let Some(identity) = self.0.store.borrow().unchanged(&found.path, &found.file) {
            return Ok(Read::ImportedFeatures { identity, is_unread: true });
        }
        let may_be_known = self.0.store.borrow().collection.contains_path(&found.path);
        if may_be_known || away.has_size(found.file.size() as u64) {
            let identity = self.identify(embedder.pool(), &found.file).await?;
            if self.0.store.borrow().known(away, &found.path, &identity.sha256).is_some() {
                return Ok(Read::ImportedFeatures { identity, is_unread: false });
            }
        }
        if let Some(matched) = self.match_imported(embedder.pool(), found, made).await? {
            self.count(matched.times);
            return Ok(Read::Previewed(Recalled { embedded: matched, is_unread: false }));
        }
        let embedded = embedder.embed(&found.file, (made.features, made.size_px)).await?;
        self.count(embedded.times);
        Ok(Read::Embedded(embedded))
    }

    /// Who a file is.
    pub(super) async fn identify(&self, pool: &Pool, file: &File) -> Result<Identity, ApiError> {
        let reply = pool.run(ToWorker::Identify, Some(file.clone()), Array::new()).await?;
        let FromWorker::Identified { identity } = reply.0 else { return Err(unexpected()) };
        Ok(identity)
    }

    /// Puts what was read into the collection; whether it was there before comes second.
    fn take(
        &self,
        found: &Found,
        read: Read,
        made: &Rc<FeatureOrigin>,
        away: &Away,
    ) -> Result<(ImageId, bool), ApiError> {
        let mut store = self.0.store.borrow_mut();
        let (identity, embedded, is_unread) = match read {
            Read::ImportedFeatures { identity, is_unread } => (identity, None, is_unread),
            Read::Embedded(embedded) => (embedded.identity.clone(), Some(embedded), false),
            Read::Previewed(Recalled { embedded, is_unread }) => (embedded.identity.clone(), Some(embedded), is_unread),
        };
        if let Some(id) = store.known(away, &found.path, &identity.sha256) {
            store.renew_file(id, found.file.clone(), is_unread);
            return Ok((id, true));
        }
        match (store.collection.place(&found.path, &identity.sha256), embedded) {
            (Placement::New(path), Some(embedded)) => {
                let inserted = store.collection.insert(Image {
                    path: path.clone(),
                    byte_size: identity.byte_size,
                    sha256: identity.sha256,
                    crc32: identity.crc32,
                    modified_ms: found.file.last_modified(),
                    width_px: embedded.width_px,
                    height_px: embedded.height_px,
                });
                // `place` has just found the path to be free.
                let Some(id) = inserted else { return Err(unexpected()) };
                store.hold(id, StoredImage::embedded(found.file.clone(), is_unread, embedded, made.clone()));
                let url = store.thumbnail_url(&path).unwrap_or_default();
                drop(store);
                self.0.arrangement.borrow_mut().add([id]);
                self.tell(Event::Image { url });
                Ok((id, false))
            }
            // The picture that it equalled is gone: it was cleared in between.
            (Placement::New(_) | Placement::Reused(_), _) => Err(ApiError::cancelled()),
        }
    }

    /// Embeds anew every picture whose features were made otherwise than the settings say.
    ///
    /// # Errors
    /// `originals-missing` before anything changes, when the original of one of them is away.
    pub(super) async fn refresh(&self, embedder: &Embedder, made: &Rc<FeatureSpec>) -> Result<(), ApiError> {
        let is_stale = |stored: &StoredImage| stored.made.made() != Some(&**made);
        let stale: Vec<ImageId> = {
            let store = self.0.store.borrow();
            let ids = store.collection.in_path_order().map(|(id, _)| id);
            ids.filter(|&id| store.stored(id).is_some_and(is_stale)).collect()
        };
        let stale: Vec<(ImageId, File)> = stale.iter().copied().zip(self.originals(&stale)?).collect();
        let feature_origin = Rc::new(FeatureOrigin::Network(FeatureSpec::clone(made)));
        let total = stale.len();
        let _wall = (total > 0).then(|| self.start_wall());
        let mut embedded = stream::iter(stale)
            .map(async |(id, file)| (id, embedder.embed(&file, (made.features, made.size_px)).await))
            .buffered(embedder.ahead())
            .enumerate();
        while let Some((index, (id, embedded))) = embedded.next().await {
            let Embedded { features, processor, times, .. } = embedded?;
            self.count(times);
            self.0.store.borrow_mut().update(id, features, processor, feature_origin.clone());
            self.progress(Stage::Embedding, index + 1, total);
        }
        Ok(())
    }
}

pub(super) fn unexpected() -> ApiError {
    ApiError::new("bad-message", "a worker answered something else than was asked")
}
