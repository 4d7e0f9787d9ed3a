//! The engine's operations: each waits until it may run, then connects the owners.

use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use shoal::archive::npz::FeatureSpec;
use shoal::backbones::Backbone;
use shoal::collection::{Clustering, ImageId};
use shoal::plot::{ChartKind, ChartView};
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::next_task;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File};

use crate::clustering::{Context, PreviewSchedule, neighbours};
use crate::collection::FeatureOrigin;
use crate::compute::weights::ManifestFile;
use crate::compute::{Chosen, Client};
use crate::events::{Event, Stage};
use crate::export::{ExportContext, export_folder, export_plot};
use crate::import::{FileFeatures, OpenedSession, read_features, read_session_file};
use crate::ingest::{AddImages, IngestObserver, feature_spec, gather};
use crate::operation::Operation;
use crate::settings::{Assets, Settings, WeightsSource};
use crate::{
    Added, ClusterCall, Duplicates, DuplicatesCall, Engine, EngineInfo, ExportFormat, ExportOptions, FolderReport,
    Imported, Inner, Measured, Neighbour, PlotFormat, Reopened,
};

impl Engine {
    /// Starts the workers, and the GPU where it is used, unless they run already.
    ///
    /// # Errors
    /// Those of the weights and the workers; `bad-option`; `webgpu-unavailable`.
    pub async fn ready(&self) -> Result<EngineInfo, ApiError> {
        let _operation = self.0.queue.begin().await?;
        let settings = self.settings();
        let info = self.info(&settings, &self.0.compute.embedder(&settings).await?)?;
        self.0.announced.replace(Some(info.clone()));
        self.0.events.emit(Event::Ready(info.clone()));
        Ok(info)
    }

    /// Emits what embeds images, if it has changed since it was last emitted.
    fn announce(&self, settings: &Settings, chosen: &Chosen) -> Result<(), ApiError> {
        let info = self.info(settings, chosen)?;
        if self.0.announced.replace(Some(info.clone())).as_ref() != Some(&info) {
            self.0.events.emit(Event::Ready(info));
        }
        Ok(())
    }

    fn info(&self, settings: &Settings, Chosen { embedder, timing }: &Chosen) -> Result<EngineInfo, ApiError> {
        let network = embedder.client().network();
        let embedding = settings.embedding(network.model.backbone)?;
        Ok(EngineInfo {
            backend: embedder.processor().name(),
            workers: embedder.client().workers(),
            dims: embedding.features.columns(network.model.feature_columns, embedding.size_px),
            model: network.model.name.clone(),
            network: network.model.backbone.name().into(),
            networks: self.0.compute.known_site_models(),
            size_px: embedding.size_px,
            measured: Measured { cpu_ms: network.cpu_ms, workers_ms: timing.workers_ms, webgpu_ms: timing.webgpu_ms },
        })
    }

    /// Uses the weights in this file from now on or, with `None`, those that the attributes name. If they cannot be used,
    /// nothing changes.
    ///
    /// # Errors
    /// As [`Engine::ready`]; `weights-too-large` and `weights-unreadable`.
    pub async fn use_weights(&self, file: Option<File>) -> Result<EngineInfo, ApiError> {
        let before = self.0.settings.borrow_mut().choose_weights(file);
        let ready = self.ready().await;
        if ready.is_err() {
            self.0.settings.borrow_mut().choose_weights(before);
        }
        ready
    }

    /// Adds the images in an array of files, entries and folder handles. A file that cannot be read is rejected;
    /// the others are added. Images that were added before the call is cancelled stay.
    ///
    /// The program's own samples make way for them.
    pub async fn add(&self, sources: Array) -> Result<Added, ApiError> {
        if self.has_samples() {
            self.clear();
        }
        self.add_files(sources).await
    }

    async fn add_files(&self, sources: Array) -> Result<Added, ApiError> {
        let Inner { queue, events, collection, compute, cache, ingest, clusters, .. } = &*self.0;
        // Before the call's turn comes, since a dropped folder is only readable during the event.
        let turn = queue.enqueue();
        let token = turn.token().clone();
        let on_progress = |found| {
            events.progress(Stage::Reading, found, 0);
            !token.is_cancelled()
        };
        let Ok(gathered) = token.or_cancelled(gather(&sources, &on_progress)).await else {
            return Ok(Added { cancelled: true, ..Added::default() });
        };
        self.keep_folders(&sources).await;
        let cancelled = Added { rejected: gathered.rejected.clone(), cancelled: true, ..Added::default() };
        let operation = match turn.begin().await {
            Err(error) if error.is_cancelled() => return Ok(cancelled),
            operation => operation?,
        };
        let settings = self.settings();
        if collection.is_external() {
            let client = match compute.client(&settings).await {
                Err(error) if error.is_cancelled() => return Ok(cancelled),
                client => client?,
            };
            let on_seen = |id| cache.invalidate(id);
            let added = ingest.match_external(&operation, collection, &client, gathered, on_seen).await?;
            if added.reused > 0
                && let Some(result) = clusters.result()
            {
                // Only thumbnails have changed.
                events.emit(Event::Edited(result));
            }
            return Ok(added);
        }
        let chosen = match compute.embedder(&settings).await {
            Err(error) if error.is_cancelled() => return Ok(cancelled),
            chosen => chosen?,
        };
        self.announce(&settings, &chosen)?;
        let embedder = chosen.embedder;
        let spec = Rc::new(feature_spec(&settings, embedder.client())?);
        let mut observer = AddObserver {
            inner: &self.0,
            operation: &operation,
            settings: &settings,
            client: embedder.client(),
            origin: Rc::new(FeatureOrigin::Network((*spec).clone())),
            previews: PreviewSchedule::new(),
        };
        let call = AddImages { operation: &operation, collection, cache, embedder: &embedder, spec };
        ingest.add(call, gathered, &mut observer).await
    }

    /// Replaces the collection by the program's own sample images.
    pub async fn add_samples(&self) -> Result<Added, ApiError> {
        let files = {
            let operation = self.0.queue.begin().await?;
            let client = self.0.compute.client(&self.settings()).await?;
            self.0.ingest.draw_samples(&operation, &client).await?
        };
        self.clear();
        self.0.collection.set_samples(true);
        self.add_files(files).await
    }

    /// Whether the images are the program's own samples.
    pub fn has_samples(&self) -> bool {
        self.0.collection.is_samples()
    }

    /// Draws the source files of sample images again, if they are missing.
    async fn restore_samples(&self, operation: &Operation) -> Result<(), ApiError> {
        let Inner { collection, compute, ingest, .. } = &*self.0;
        if !collection.is_samples() || collection.images().missing_source_file_count() == 0 {
            return Ok(());
        }
        let client = compute.client(&self.settings()).await?;
        ingest.restore_samples(operation, collection, &client).await
    }

    /// Clusters the images, and suggests names. Pinned images and clusters stay. Nothing changes if it fails or is cancelled.
    pub async fn cluster(&self, call: ClusterCall) -> Result<Rc<Clustering>, ApiError> {
        let Inner { queue, collection, clusters, events, .. } = &*self.0;
        let result = {
            let operation = queue.begin().await?;
            let settings = self.settings();
            let options = call.over(settings.cluster_options()?)?;
            clusters.check_call(collection, &options)?;
            let (client, origin) = self.current_features(&operation, &settings).await?;
            let context = Context { operation: &operation, collection, client: &client, origin: &origin };
            clusters.cluster(context, &options).await?;
            // So that the interface renders the result in a separate task. The collection may be cleared meanwhile.
            next_task().await;
            clusters.result().ok_or_else(ApiError::cancelled)?
        };
        events.emit(Event::Result(Some(result.clone())));
        // So that the result is shown before names are computed.
        next_task().await;
        self.suggest_names().await;
        Ok(self.clustering().unwrap_or(result))
    }

    /// The `count` images most similar to one.
    ///
    /// # Errors
    /// `unknown-picture`.
    pub async fn neighbours(&self, path: &str, count: usize) -> Result<Vec<Neighbour>, ApiError> {
        let _operation = self.0.queue.begin_quietly().await?;
        self.current_neighbours(path, count).await
    }

    /// As [`Self::neighbours`], while other calls may run.
    ///
    /// # Errors
    /// `unknown-picture`.
    pub async fn current_neighbours(&self, path: &str, count: usize) -> Result<Vec<Neighbour>, ApiError> {
        Ok(neighbours(&self.0.collection, path, count).await?)
    }

    /// Groups of images that are duplicates of each other.
    pub async fn duplicates(&self, call: DuplicatesCall) -> Result<Vec<Duplicates>, ApiError> {
        let cosine = call.cosine()?;
        let operation = self.0.queue.begin().await?;
        if self.len() < 2 {
            return Ok(Vec::new());
        }
        let (client, origin) = self.current_features(&operation, &self.settings()).await?;
        let context =
            Context { operation: &operation, collection: &self.0.collection, client: &client, origin: &origin };
        self.0.clusters.duplicates(context, cosine).await
    }

    /// Imports features from a file, for the images of the collection and for images added later. If the collection is empty
    /// and the features were not computed with the current settings, they become a collection of their own. Nothing changes if
    /// the call fails.
    ///
    /// # Errors
    /// The codes of `FeaturesError`; `features-incompatible`.
    pub async fn import_features(&self, blob: &Blob) -> Result<Imported, ApiError> {
        let Inner { queue, collection, compute, clusters, events, .. } = &*self.0;
        let operation = queue.begin().await?;
        let settings = self.settings();
        let client = compute.client(&settings).await?;
        let (mut spec, columns) = spec_and_columns(&settings, &client)?;
        let mut read = read_features(&operation, collection, &client, blob, &spec, columns).await?;
        if let Some(kept) = self.keep_network_of(&mut read).await? {
            spec = kept;
        }
        if let Some(origin) = read.external().cloned() {
            let (imported, ids) = read.into_collection(&operation, collection, origin).await?;
            clusters.arrangement_mut().add(ids);
            collection.emit_changed(events);
            return Ok(imported);
        }
        let imported = read.apply(collection, &spec);
        if imported.reused > 0 {
            clusters.features_replaced();
        }
        Ok(imported)
    }

    /// If another network of the site computed the features that were read and the user has not chosen one, uses that network
    /// from here on, so that the images need not be embedded again. Returns how it computes features; `None` if it would not
    /// compute the same.
    async fn keep_network_of(&self, read: &mut FileFeatures) -> Result<Option<FeatureSpec>, ApiError> {
        let Inner { settings, compute, collection, .. } = &*self.0;
        let found = read.external().and_then(|origin| origin.spec());
        let Some(backbone) = found.and_then(|spec| Backbone::of_architecture(&spec.model)) else { return Ok(None) };
        let before = settings.borrow_mut().keep_model(Some(backbone));
        let with_it = self.settings();
        let same = async {
            let (spec, columns) = spec_and_columns(&with_it, &compute.client(&with_it).await?)?;
            Ok((!collection.is_external() && read.become_part_of(&spec, columns)).then_some(spec))
        };
        let same: Result<Option<FeatureSpec>, ApiError> = same.await;
        if !matches!(same, Ok(Some(_))) {
            settings.borrow_mut().keep_model(before);
        }
        match same {
            Err(error) if !error.is_cancelled() => Ok(None),
            same => same,
        }
    }

    /// Restores the clusters, names and pins of a session, or the labels of a table, for the images of the collection. This
    /// can be undone; nothing changes if it fails.
    pub async fn import_session(&self, file: &Blob) -> Result<Reopened, ApiError> {
        let turn = self.0.queue.enqueue();
        let session = turn.token().or_cancelled(read_session_file(file)).await??;
        let operation = turn.begin().await?;
        let settings = self.settings();
        let opened = OpenedSession::of(&session, &self.0.collection, settings.cluster_options()?.recipe())?;
        let OpenedSession { edit, params, reopened } = opened;
        self.0.clusters.kept_duplicates_mut().extend(session.kept_duplicates);
        self.replace_clusters(&operation, &settings, edit, params).await?;
        Ok(reopened)
    }

    /// Exports one file.
    pub async fn export(&self, format: ExportFormat, options: ExportOptions) -> Result<Blob, ApiError> {
        let operation = self.0.queue.begin().await?;
        self.restore_samples(&operation).await?;
        format.export(&self.export_context(&operation, &self.settings()), options).await
    }

    /// Copies the images of the latest result into a folder.
    pub async fn export_folder(&self, target: JsValue, options: ExportOptions) -> Result<FolderReport, ApiError> {
        let operation = self.0.queue.begin().await?;
        self.restore_samples(&operation).await?;
        export_folder(&self.export_context(&operation, &self.settings()), target, options).await
    }

    /// Exports a chart in a view. Where the latest result has no curve over the number of clusters, the curve of `swept` is used.
    pub async fn export_plot(
        &self,
        kind: ChartKind,
        format: PlotFormat,
        view: ChartView,
        swept: Option<Rc<Clustering>>,
    ) -> Result<Blob, ApiError> {
        let operation = self.0.queue.begin_quietly().await?;
        export_plot(&self.export_context(&operation, &self.settings()), kind, format, view, swept).await
    }

    /// Brings all features up to date with the settings. Returns the workers, and how the features were computed.
    pub(crate) async fn current_features(
        &self,
        operation: &Operation,
        settings: &Settings,
    ) -> Result<(Client, Rc<FeatureOrigin>), ApiError> {
        let Inner { collection, compute, ingest, .. } = &*self.0;
        if !collection.is_external() {
            self.announce(settings, &compute.embedder(settings).await?)?;
        }
        ingest.current_features(operation, collection, compute, settings).await
    }

    /// Suggests names for unnamed clusters. A cluster keeps its number if the network is unsure, and all do if the classifier
    /// is unavailable, which is not an error. Without waiting for a download that stalls: names are then suggested when it ends.
    pub(crate) async fn suggest_names(&self) {
        let Some((classifier, base_url)) = self.missing_names() else { return };
        let file = self.0.clusters.classifier().clone();
        let (sender, receiver) = oneshot::channel::<()>();
        spawn_local({
            let (inner, file) = (Rc::downgrade(&self.0), file.clone());
            async move {
                // No operation runs meanwhile, and the engine may be dropped.
                let bytes = file.fetch(&classifier, &base_url).await;
                if let (Some(bytes), Some(inner)) = (bytes, inner.upgrade()) {
                    Engine(inner).suggest_names_by(&classifier, bytes).await;
                }
                drop(sender);
            }
        });
        // Fails when the sender is dropped, which is what is waited for.
        let named = async {
            let _ = receiver.await;
        };
        let token = self.0.queue.token();
        // A call that is cancelled here has done its work, and only lacks names.
        let _ = token.or_cancelled(file.while_advancing(named)).await;
    }

    /// The classifier for the clusters without a name, and the URL below which it is, if it can suggest any.
    fn missing_names(&self) -> Option<(ManifestFile, String)> {
        let Inner { collection, compute, clusters, .. } = &*self.0;
        let Ok(Assets { base_url, weights: WeightsSource::Site(_) }) = self.settings().assets() else { return None };
        let (classifier, weights_sha256) = compute.known_classifier(&base_url)?;
        let is_needed = !collection.is_external() && clusters.lacks_names(collection, &weights_sha256);
        is_needed.then_some((classifier, base_url))
    }

    async fn suggest_names_by(&self, classifier: &ManifestFile, bytes: Uint8Array) {
        let Inner { queue, collection, compute, clusters, events, .. } = &*self.0;
        let Ok(operation) = queue.begin_quietly().await else { return };
        let is_needed = self.missing_names().is_some_and(|(needed, _)| needed.sha256 == classifier.sha256);
        if !is_needed {
            return;
        }
        let suggested = async {
            let client = compute.client(&self.settings()).await?;
            clusters.suggest_names(collection, &client, classifier, bytes).await
        };
        if suggested.await.unwrap_or(false)
            && !operation.is_cancelled()
            && let Some(result) = clusters.update_result(collection)
        {
            events.emit(Event::Edited(result));
        }
    }

    fn export_context<'a>(&'a self, operation: &'a Operation, settings: &'a Settings) -> ExportContext<'a> {
        let Inner { collection, clusters, compute, ingest, .. } = &*self.0;
        ExportContext { operation, settings, collection, clusters, compute, ingest }
    }
}

/// How features are computed with these settings, and how many an image has.
fn spec_and_columns(settings: &Settings, client: &Client) -> Result<(FeatureSpec, usize), ApiError> {
    let spec = feature_spec(settings, client)?;
    let columns = spec.features.columns(client.network().model.feature_columns, spec.size_px);
    Ok((spec, columns))
}

/// Registers added images, and shows previews of their clusters.
struct AddObserver<'a> {
    inner: &'a Inner,
    operation: &'a Operation,
    settings: &'a Settings,
    client: &'a Client,
    origin: Rc<FeatureOrigin>,
    previews: PreviewSchedule,
}

impl IngestObserver for AddObserver<'_> {
    fn on_image(&self, id: ImageId) {
        self.inner.clusters.arrangement_mut().add([id]);
    }

    async fn on_progress(&mut self, images: usize, left: usize) {
        if self.previews.is_due(images, left)
            && let Ok(options) = self.settings.cluster_options()
        {
            let Inner { collection, clusters, .. } = self.inner;
            let context = Context { operation: self.operation, collection, client: self.client, origin: &self.origin };
            clusters.preview(context, &options).await;
        }
    }
}
