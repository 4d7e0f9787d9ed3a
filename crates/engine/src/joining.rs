//! Folders that a person already has as groups, and pictures that join groups without disturbing them.

use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Array, Uint32Array};

use crate::add::unexpected;
use crate::grouping::{EVALUATED, Grouping, free};
use crate::{Engine, Event, Operation, Stage};
use shoal::collection::arrangement::{Adopted, Edit};
use shoal::collection::{Clustering, ImageId, folders};
use shoal::options::ClusterOptions;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{bulk_f32, bulk_u32, read_labels, wire_labels};
use shoal_protocol::{FromWorker, ToWorker};

impl Engine {
    /// Makes the folders that pictures came in the groups, and locks them. Pictures beside the folders are in none.
    pub async fn adopt_folders(&self) -> Result<Rc<Clustering>, ApiError> {
        let operation = self.begin().await?;
        let clusters: Vec<Adopted> = {
            let store = self.0.store.borrow();
            let paths: Vec<(ImageId, &str)> =
                store.collection.in_path_order().map(|(id, picture)| (id, picture.path.as_str())).collect();
            let named = folders(&paths.iter().map(|(_, path)| *path).collect::<Vec<_>>());
            let adopted = named.into_iter().map(|folder| Adopted {
                keep_id: None,
                name: Some(folder.name),
                images: folder.rows.iter().map(|&row| paths[row].0).collect(),
            });
            adopted.collect()
        };
        if clusters.is_empty() {
            let message = "the pictures came in no folders that could be groups";
            return Err(ApiError::new("no-folders", message));
        }
        let ClusterOptions { recipe, seed, .. } = self.0.settings.borrow().cluster_options()?;
        self.progress(Stage::Clustering, 0, 0);
        // Before anything changes: features that cannot be had must not leave groups without scores.
        let embedder = self.fresh(&operation).await?;
        self.space(&operation, embedder.pool(), &self.ids(), recipe).await?;
        self.0.arrangement.borrow_mut().apply(Edit::Adopt { clusters, locked: true })?;
        self.0.grouping.replace(Grouping { recipe, seed, ..Grouping::default() });
        let clustering = self.evaluate_now(&operation, || true).await?;
        self.tell(Event::Result(Some(clustering.clone())));
        Ok(clustering)
    }

    /// Has the pictures that are in no group, and were not set aside by hand, join the group that they are nearest to.
    /// Those whose cosine with its centre is below `similarity`, -1 to 1, stay in none.
    pub async fn join(&self, similarity: f32) -> Result<Rc<Clustering>, ApiError> {
        if !(-1.0..=1.0).contains(&similarity) {
            let message = format!("similarity is {similarity}, but must be from -1 to 1");
            return Err(ApiError::new("bad-option", message));
        }
        let operation = self.begin().await?;
        self.current()?;
        self.progress(Stage::Clustering, 0, 0);
        let nearest = self.nearest_groups(&operation).await?;
        let mut clusters: BTreeMap<u32, Vec<ImageId>> = {
            let arrangement = self.0.arrangement.borrow();
            arrangement.clusters().map(|cluster| (cluster.id, arrangement.members(cluster.id).collect())).collect()
        };
        for (picture, cluster, cosine) in nearest {
            if cosine >= similarity
                && let Some(pictures) = clusters.get_mut(&cluster)
            {
                pictures.push(picture);
            }
        }
        let clusters = clusters
            .into_iter()
            .map(|(id, pictures)| Adopted { keep_id: Some(id), name: None, images: pictures })
            .collect();
        self.0.arrangement.borrow_mut().apply(Edit::Adopt { clusters, locked: false })?;
        let clustering = self.evaluate_now(&operation, || true).await?;
        self.tell(Event::Result(Some(clustering.clone())));
        Ok(clustering)
    }

    /// Whether a person fixed anything, so that new pictures should join rather than everything be grouped anew.
    pub fn is_arranged(&self) -> bool {
        let arrangement = self.0.arrangement.borrow();
        !arrangement.surviving().is_empty()
    }

    /// Each loose picture's nearest group, and its cosine with the centre.
    async fn nearest_groups(&self, operation: &Operation<'_>) -> Result<Vec<(ImageId, u32, f32)>, ApiError> {
        let recipe = self.0.grouping.borrow().recipe;
        let embedder = self.fresh(operation).await?;
        let pool = embedder.pool();
        let ids = self.ids();
        let space = self.space(operation, pool, &ids, recipe).await?;
        let labels = self.labels(&ids);
        let (clusters, rows): (Vec<u32>, Vec<u32>) = {
            let arrangement = self.0.arrangement.borrow();
            let is_loose = |id: ImageId| arrangement.cluster_of(id).is_none() && !arrangement.is_pinned(id);
            let clusters = arrangement.clusters().map(|cluster| cluster.id).collect();
            (clusters, (0_u32..).zip(&ids).filter(|&(_, &id)| is_loose(id)).map(|(row, _)| row).collect())
        };
        let found = async {
            space.evaluated.put(operation, pool, EVALUATED, &[0]).await?;
            let message = ToWorker::Join { matrix: EVALUATED, k: clusters.len() };
            let bulk = Array::of2(&wire_labels(&labels), &Uint32Array::from(rows.as_slice()));
            let (FromWorker::Joined, bulk) = pool.run_on(0, message, bulk).await? else { return Err(unexpected()) };
            operation.check()?;
            Ok((read_labels(bulk_u32(&bulk, 0)?), bulk_f32(&bulk, 1)?))
        }
        .await;
        free(pool);
        let (nearest, cosines) = found?;
        let each = rows.iter().zip(nearest).zip(cosines);
        Ok(each
            .filter_map(|((&row, label), cosine)| {
                Some((*ids.get(row as usize)?, *clusters.get(label? as usize)?, cosine))
            })
            .collect())
    }
}
