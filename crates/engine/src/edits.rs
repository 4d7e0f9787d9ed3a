//! The engine's edits of clusters. An edit shows at once; its scores follow.

use std::rc::Rc;

use shoal::collection::Clustering;
use shoal::collection::arrangement::{Arrangement, Edit};
use shoal_browser::api_error::ApiError;

use crate::clustering::{Context, SearchParams, adopted_folders};
use crate::events::{Event, Stage};
use crate::operation::Operation;
use crate::settings::Settings;
use crate::{Duplicates, Engine, Inner, JoinCall, Lockable};

/// From this number of images on, evaluation takes long enough to be shown.
const SLOW_TO_EVALUATE: usize = 4000;

impl Engine {
    /// Moves images into a cluster; `None` excludes them. They stay there when images are clustered again.
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

    /// Keeps the best of each of these groups of duplicates, and excludes the others.
    pub async fn keep_best(&self, groups: &[Duplicates]) -> Result<Rc<Clustering>, ApiError> {
        let others: Vec<String> =
            groups.iter().flat_map(|group| group.paths.iter().filter(|path| **path != group.best)).cloned().collect();
        self.move_images(&others, None).await
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
            clusters.apply(edit)?;
            self.emit_edited();
        }
        self.evaluate_edits().await?;
        self.suggest_names().await;
        Ok(clusters.require_result()?)
    }

    /// Makes the folders of the images the clusters, and pins them. Images outside the folders are unassigned.
    pub async fn adopt_folders(&self) -> Result<Rc<Clustering>, ApiError> {
        let operation = self.0.queue.begin().await?;
        let clusters = adopted_folders(&self.0.collection)?;
        let settings = self.settings();
        let options = settings.cluster_options()?;
        let params = SearchParams { recipe: options.recipe(), seed: options.seed, ..SearchParams::default() };
        self.replace_clusters(&operation, &settings, Edit::Adopt { clusters, locked: true }, params).await
    }

    /// Lets unassigned images join their nearest cluster, those excluded by hand apart. An image whose cosine with the centre is
    /// below the call's similarity stays unassigned.
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

    /// Replaces the clusters by an edit, with the parameters of the search that they come from.
    pub(crate) async fn replace_clusters(
        &self,
        operation: &Operation,
        settings: &Settings,
        edit: Edit,
        params: SearchParams,
    ) -> Result<Rc<Clustering>, ApiError> {
        let Inner { collection, clusters, .. } = &*self.0;
        operation.progress(Stage::Clustering, 0, 0);
        // Before anything changes: features that are not available must not leave clusters without scores.
        let (client, origin) = self.current_features(operation, settings).await?;
        let context = Context { operation, collection, client: &client, origin: &origin };
        clusters.transform(context, &collection.ids(), params.recipe).await?;
        clusters.apply(edit)?;
        clusters.set_params(params);
        self.evaluate_now(operation, settings).await
    }

    /// Makes an edit when it may run, shows it, and evaluates the clusters.
    async fn edit(&self, make: impl FnOnce(&Self) -> Result<Edit, ApiError>) -> Result<Rc<Clustering>, ApiError> {
        self.change(|arrangement| Ok(arrangement.apply(make(self)?).map(|()| true)?)).await
    }

    /// Changes the arrangement when it may run, shows that, and evaluates the clusters. `change` returns whether anything
    /// changed.
    async fn change(
        &self,
        change: impl FnOnce(&mut Arrangement) -> Result<bool, ApiError>,
    ) -> Result<Rc<Clustering>, ApiError> {
        {
            let _operation = self.0.queue.begin_quietly().await?;
            self.0.clusters.require_result()?;
            let is_changed = change(&mut self.0.clusters.arrangement_mut())?;
            if is_changed {
                self.emit_edited();
            }
        }
        self.evaluate_edits().await
    }

    /// Evaluates the clusters as they are, unless another operation does. Operations that wait go first, and cancelling leaves
    /// the old scores: the edit itself is kept.
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
                // Stopped for an operation that waits.
                Err(error) if error.is_cancelled() && !operation.is_cancelled() => {}
                Err(error) if error.is_cancelled() => return Ok(clusters.require_result()?),
                Err(error) => return Err(error),
            }
        }
    }

    async fn evaluate_now(&self, operation: &Operation, settings: &Settings) -> Result<Rc<Clustering>, ApiError> {
        self.evaluate(operation, settings, || true).await
    }

    /// Evaluates the clusters as they are, and emits the result. `keep_on` is asked now and then whether to continue.
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
