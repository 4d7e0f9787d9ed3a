//! The engine's edits of clusters. An edit is emitted at once, and the new scores when they have been computed.

use std::rc::Rc;

use shoal::collection::arrangement::{Adoption, Arrangement, Edit};
use shoal::collection::{Clustering, ImageId};
use shoal_browser::api_error::ApiError;

use crate::clustering::{Context, SearchParams, adopted_folders, contents};
use crate::events::{Event, Stage};
use crate::operation::Operation;
use crate::settings::Settings;
use crate::{Engine, Inner, JoinCall, Lockable};

/// From this number of images on, evaluation takes long enough to be shown.
const SLOW_TO_EVALUATE: usize = 4000;

impl Engine {
    /// Moves images into a cluster; `None` excludes them. Clustering again keeps them there.
    pub async fn move_images(&self, paths: &[String], to: Option<u32>) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|engine| Ok(Edit::Move { images: engine.0.collection.ids_of(paths)?, to })).await
    }

    /// Names a cluster.
    pub async fn rename(&self, id: u32, name: String) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|_| Ok(Edit::Rename { id, name })).await
    }

    /// Merges clusters into the first.
    pub async fn merge(&self, ids: Vec<u32>) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|_| Ok(Edit::Merge { ids })).await
    }

    /// Creates a cluster of these images.
    pub async fn new_cluster(&self, name: Option<String>, paths: &[String]) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|engine| Ok(Edit::NewCluster { name, images: engine.0.collection.ids_of(paths)? })).await?;
        self.suggest_names().await;
        Ok(self.0.clusters.require_result()?)
    }

    /// Pins images and clusters, or unpins them.
    pub async fn lock(&self, what: Lockable, on: bool) -> Result<Rc<Clustering>, ApiError> {
        let Lockable { paths, clusters } = what;
        self.edit(|engine| Ok(Edit::Lock { images: engine.0.collection.ids_of(&paths)?, clusters, on })).await
    }

    /// Remembers that all images of each of these groups of duplicates are kept, so that the groups are not offered again. Images
    /// whose content is unknown are remembered nowhere.
    ///
    /// # Errors
    /// `unknown-picture`.
    pub async fn keep_duplicates(&self, groups: &[Vec<String>]) -> Result<(), ApiError> {
        let Inner { queue, collection, clusters, .. } = &*self.0;
        let _operation = queue.begin_quietly().await?;
        let groups: Vec<Vec<ImageId>> =
            groups.iter().map(|paths| collection.ids_of(paths)).collect::<Result<_, _>>()?;
        for ids in groups {
            if let Some(contents) = contents(collection, ids) {
                clusters.kept_duplicates_mut().keep(contents);
            }
        }
        self.save_if_on();
        Ok(())
    }

    /// Forgets which groups of duplicates were kept.
    pub fn forget_kept_duplicates(&self) {
        self.0.clusters.kept_duplicates_mut().clear();
        self.save_if_on();
    }

    /// The number of groups of duplicates that are not offered, because all of their images were kept.
    pub fn kept_duplicates(&self) -> usize {
        self.0.clusters.kept_duplicates().len()
    }

    /// Undoes the last edit, if there is one.
    pub async fn undo(&self) -> Result<Rc<Clustering>, ApiError> {
        self.change(|arrangement| Ok(arrangement.undo())).await
    }

    /// Redoes the edit that was undone last, if there is one.
    pub async fn redo(&self) -> Result<Rc<Clustering>, ApiError> {
        self.change(|arrangement| Ok(arrangement.redo())).await
    }

    /// Splits a cluster into `k` by KMeans on its images.
    pub async fn split(&self, id: u32, k: usize) -> Result<Rc<Clustering>, ApiError> {
        let Inner { queue, collection, clusters, .. } = &*self.0;
        {
            let operation = queue.begin().await?;
            clusters.require_result()?;
            clusters.check_split(&collection.ids(), id, k)?;
            let (client, origin) = self.current_features(&operation, &self.settings()).await?;
            let context = Context { operation: &operation, collection, client: &client, origin: &origin };
            let edit = clusters.split(context, id, k).await?;
            self.0.cache.edits_written().await;
            clusters.apply(edit)?;
            self.emit_edited();
        }
        self.evaluate_edits().await?;
        self.suggest_names().await;
        Ok(clusters.require_result()?)
    }

    /// Turns the folders of the images into clusters, and pins them. Images outside these folders become unassigned.
    pub async fn adopt_folders(&self) -> Result<Rc<Clustering>, ApiError> {
        let operation = self.0.queue.begin().await?;
        let clusters = adopted_folders(&self.0.collection)?;
        let settings = self.settings();
        let options = settings.cluster_options()?;
        let params = SearchParams { recipe: options.recipe(), seed: options.seed, ..SearchParams::default() };
        self.replace_clusters(&operation, &settings, Edit::Adopt { clusters, from: Adoption::Folders }, params).await
    }

    /// Assigns unassigned images to their nearest cluster, except those excluded by hand. An image that is less similar to it than
    /// the call demands stays unassigned.
    pub async fn join(&self, call: JoinCall) -> Result<Rc<Clustering>, ApiError> {
        let similarity = call.similarity()?;
        let Inner { queue, collection, clusters, .. } = &*self.0;
        let operation = queue.begin().await?;
        clusters.require_result()?;
        operation.progress(Stage::Clustering, 0, 0);
        let settings = self.settings();
        let (client, origin) = self.current_features(&operation, &settings).await?;
        let context = Context { operation: &operation, collection, client: &client, origin: &origin };
        let edit = clusters.join(context, similarity).await?;
        clusters.apply(edit)?;
        self.evaluate_now(&operation, &settings).await
    }

    /// Replaces the clusters by an edit. `params` are those of the search that the new clusters come from.
    pub(crate) async fn replace_clusters(
        &self,
        operation: &Operation,
        settings: &Settings,
        edit: Edit,
        params: SearchParams,
    ) -> Result<Rc<Clustering>, ApiError> {
        let Inner { collection, clusters, .. } = &*self.0;
        operation.progress(Stage::Clustering, 0, 0);
        // Before anything changes, so that missing features do not leave clusters without scores.
        let (client, origin) = self.current_features(operation, settings).await?;
        let context = Context { operation, collection, client: &client, origin: &origin };
        clusters.transform(context, &collection.ids(), params.recipe).await?;
        clusters.apply(edit)?;
        clusters.set_params(params);
        self.evaluate_now(operation, settings).await
    }

    /// Applies an edit when it may run, emits it, and evaluates the clusters.
    async fn edit(&self, make: impl FnOnce(&Self) -> Result<Edit, ApiError>) -> Result<Rc<Clustering>, ApiError> {
        self.change(|arrangement| Ok(arrangement.apply(make(self)?).map(|()| true)?)).await
    }

    /// Changes the arrangement when the operation may run, emits the change, and evaluates the clusters. `change` returns
    /// whether anything changed.
    async fn change(
        &self,
        change: impl FnOnce(&mut Arrangement) -> Result<bool, ApiError>,
    ) -> Result<Rc<Clustering>, ApiError> {
        {
            let _operation = self.0.queue.begin_quietly().await?;
            self.0.cache.edits_written().await;
            self.0.clusters.require_result()?;
            let is_changed = change(&mut self.0.clusters.arrangement_mut())?;
            if is_changed {
                self.emit_edited();
            }
        }
        self.evaluate_edits().await
    }

    /// Evaluates the current clusters, unless another operation does. Waiting operations run first. Cancelling leaves the old
    /// scores and keeps the edit.
    async fn evaluate_edits(&self) -> Result<Rc<Clustering>, ApiError> {
        let Inner { queue, clusters, .. } = &*self.0;
        loop {
            let operation = match queue.begin_after_others(self.len() < SLOW_TO_EVALUATE).await {
                Ok(operation) => operation,
                Err(error) if error.is_cancelled() => return Ok(clusters.require_result()?),
                Err(error) => return Err(error),
            };
            if clusters.is_evaluated() {
                return Ok(clusters.require_result()?);
            }
            match self.evaluate(&operation, &self.settings(), || !operation.is_waited_for()).await {
                Ok(result) => return Ok(result),
                // Interrupted by an operation that waits: try again after it.
                Err(error) if error.is_cancelled() && !operation.is_cancelled() => {}
                Err(error) if error.is_cancelled() => return Ok(clusters.require_result()?),
                Err(error) => return Err(error),
            }
        }
    }

    async fn evaluate_now(&self, operation: &Operation, settings: &Settings) -> Result<Rc<Clustering>, ApiError> {
        self.evaluate(operation, settings, || true).await
    }

    /// Evaluates the current clusters, and emits the result. Stops with `cancelled` when `keep_on`, which is called repeatedly,
    /// returns `false`.
    async fn evaluate(
        &self,
        operation: &Operation,
        settings: &Settings,
        keep_on: impl Fn() -> bool,
    ) -> Result<Rc<Clustering>, ApiError> {
        let Inner { collection, compute, clusters, .. } = &*self.0;
        let (client, transform) = match clusters.current_transform(collection) {
            Some(transform) => (compute.client(settings).await?, transform),
            None => {
                let (client, origin) = self.current_features(operation, settings).await?;
                let context = Context { operation, collection, client: &client, origin: &origin };
                let transform = clusters.transform(context, &collection.ids(), clusters.params().recipe).await?;
                (client, transform)
            }
        };
        let result = clusters.evaluate(operation, collection, &client, &transform, keep_on).await?;
        operation.emit(Event::Result(Some(result.clone())));
        Ok(result)
    }

    fn emit_edited(&self) {
        if let Some(result) = self.0.clusters.update_result(&self.0.collection) {
            self.0.events.emit(Event::Edited(result));
        }
    }
}
