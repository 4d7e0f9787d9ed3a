//! What a person does to the groups. An edit shows at once; its scores follow.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::Array;

use crate::add::unexpected;
use crate::grouping::{SEARCHED, free};
use crate::{Engine, Event, Operation};
use shoal::cluster::check_k;
use shoal::collection::arrangement::EditError;
use shoal::collection::arrangement::{Arrangement, Edit};
use shoal::collection::{Clustering, ImageId};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::bulk_u32;
use shoal_protocol::{FromWorker, ToWorker};

/// With so many pictures or more, judging takes long enough to be shown.
const SLOW_TO_EVALUATE: usize = 4000;
/// How many times KMeans starts anew to split one group.
const SPLIT_RESTARTS: u32 = 10;

/// What is locked, or let go: pictures by path, clusters by id.
#[derive(Clone, Debug, Default)]
pub struct Lockable {
    /// Pictures' paths.
    pub paths: Vec<String>,
    /// Clusters' ids.
    pub clusters: Vec<u32>,
}

impl Engine {
    /// Moves pictures into a cluster; `None` sets them aside. They stay there when pictures are grouped again.
    pub async fn move_pictures(&self, paths: &[String], to: Option<u32>) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|engine| Ok(Edit::Move { images: engine.known(paths)?, to })).await
    }

    /// Names a cluster.
    pub async fn rename(&self, id: u32, name: String) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|_| Ok(Edit::Rename { id, name })).await
    }

    /// Makes one cluster of several: the first.
    pub async fn merge(&self, ids: Vec<u32>) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|_| Ok(Edit::Merge { ids })).await
    }

    /// Makes a cluster of these pictures.
    pub async fn new_cluster(&self, name: Option<String>, paths: &[String]) -> Result<Rc<Clustering>, ApiError> {
        self.edit(|engine| Ok(Edit::NewCluster { name, images: engine.known(paths)? })).await?;
        self.name_groups().await;
        self.current()
    }

    /// Holds pictures and clusters where they are, or lets go of them.
    pub async fn lock(&self, what: Lockable, on: bool) -> Result<Rc<Clustering>, ApiError> {
        let Lockable { paths, clusters } = what;
        self.edit(|engine| Ok(Edit::Lock { images: engine.known(&paths)?, clusters, on })).await
    }

    /// Takes the last edit back, where there is one.
    pub async fn undo(&self) -> Result<Rc<Clustering>, ApiError> {
        self.change(|arrangement| Ok(arrangement.undo())).await
    }

    /// Makes the edit again that was taken back last, where there is one.
    pub async fn redo(&self) -> Result<Rc<Clustering>, ApiError> {
        self.change(|arrangement| Ok(arrangement.redo())).await
    }

    /// Whether there is an edit to take back, and one to make again.
    pub fn can_undo_and_redo(&self) -> (bool, bool) {
        let arrangement = self.0.arrangement.borrow();
        (arrangement.can_undo(), arrangement.can_redo())
    }

    /// Splits a cluster into `k` by KMeans on its pictures.
    pub async fn split(&self, id: u32, k: usize) -> Result<Rc<Clustering>, ApiError> {
        {
            let operation = self.begin().await?;
            self.current()?;
            let parts = self.parts(&operation, id, k).await?;
            self.0.arrangement.borrow_mut().apply(Edit::Split { id, parts })?;
            self.show_edited();
        }
        self.settle().await?;
        self.name_groups().await;
        self.current()
    }

    async fn parts(&self, operation: &Operation<'_>, id: u32, k: usize) -> Result<Vec<Vec<ImageId>>, ApiError> {
        let (ids, rows) = {
            let arrangement = self.0.arrangement.borrow();
            if arrangement.cluster(id).is_none() {
                return Err(EditError::UnknownCluster { cluster: id }.into());
            }
            let ids = self.ids();
            let rows: Vec<usize> = (0..ids.len()).filter(|&row| arrangement.cluster_of(ids[row]) == Some(id)).collect();
            (ids, rows)
        };
        check_k(k, rows.len())?;
        let embedder = self.fresh(operation).await?;
        let pool = embedder.pool();
        let (recipe, seed) = {
            let grouping = self.0.grouping.borrow();
            (grouping.recipe, grouping.seed)
        };
        let space = self.space(operation, pool, &ids, recipe).await?;
        let found = async {
            space.evaluated.only(&rows).put_everywhere(operation, pool, SEARCHED).await?;
            let mut fits = stream::iter(0..SPLIT_RESTARTS)
                .map(|restart| {
                    let message = ToWorker::FitKMeans { matrix: SEARCHED, k, seed, restart };
                    pool.run(message, None, Array::new())
                })
                .buffered(pool.workers() * 4);
            let mut best: Option<(f64, Array)> = None;
            while let Some(fit) = fits.next().await {
                operation.check()?;
                let (FromWorker::Fitted { inertia }, bulk) = fit? else { return Err(unexpected()) };
                if best.as_ref().is_none_or(|(known, _)| inertia < *known) {
                    best = Some((inertia, bulk));
                }
            }
            let (_, bulk) = best.ok_or_else(unexpected)?;
            bulk_u32(&bulk, 0)
        }
        .await;
        free(pool);
        let mut parts = vec![Vec::new(); k];
        for (&row, label) in rows.iter().zip(found?) {
            parts[label as usize].push(ids[row]);
        }
        Ok(parts)
    }

    /// Makes an edit when its turn comes, shows it, and has it judged.
    pub(super) async fn edit(
        &self,
        make: impl FnOnce(&Self) -> Result<Edit, ApiError>,
    ) -> Result<Rc<Clustering>, ApiError> {
        self.change(|arrangement| Ok(arrangement.apply(make(self)?).map(|()| true)?)).await
    }

    /// Changes the arrangement when its turn comes, shows that, and has it judged.
    async fn change(
        &self,
        change: impl FnOnce(&mut Arrangement) -> Result<bool, ApiError>,
    ) -> Result<Rc<Clustering>, ApiError> {
        {
            let _operation = self.begin_quietly().await?;
            self.current()?;
            let changed = change(&mut self.0.arrangement.borrow_mut())?;
            if changed {
                self.show_edited();
            }
        }
        self.settle().await
    }

    /// Has the groups judged as they stand, unless others do it. What waits goes first, and cancelling leaves the scores as
    /// they are: the edit itself is kept.
    pub(super) async fn settle(&self) -> Result<Rc<Clustering>, ApiError> {
        loop {
            let operation = match self.begin_after_others(self.len() < SLOW_TO_EVALUATE).await {
                Ok(operation) => operation,
                Err(failure) if failure.is_cancelled() => return self.current(),
                Err(failure) => return Err(failure),
            };
            if self.is_evaluated() {
                return self.current();
            }
            match self.evaluate_now(&operation, || !self.0.queue.is_wanted()).await {
                Ok(clustering) => {
                    self.tell(Event::Result(Some(clustering.clone())));
                    return Ok(clustering);
                }
                Err(failure) if failure.is_cancelled() && !operation.is_cancelled() => {}
                Err(failure) if failure.is_cancelled() => return self.current(),
                Err(failure) => return Err(failure),
            }
        }
    }

    /// The latest answer.
    ///
    /// # Errors
    /// `nothing-clustered` before the first.
    pub(super) fn current(&self) -> Result<Rc<Clustering>, ApiError> {
        self.clustering().ok_or_else(|| ApiError::new("nothing-clustered", "there are no groups yet"))
    }

    /// The pictures under these paths.
    pub(super) fn known(&self, paths: &[String]) -> Result<Vec<ImageId>, ApiError> {
        let store = self.0.store.borrow();
        paths
            .iter()
            .map(|path| {
                let known = store.collection.by_path(path).map(|(id, _)| id);
                known.ok_or_else(|| ApiError::new("unknown-picture", format!("there is no picture {path}")))
            })
            .collect()
    }
}
