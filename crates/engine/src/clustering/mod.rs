//! Clustering: from features to clusters with scores and names, and edits of the clusters.
//!
//! | file | what |
//! | --- | --- |
//! | `options` | the options of a call |
//! | `transform`, `refine` | from features to points, in the workers |
//! | `pinned` | pinned images and clusters |
//! | `search`, `fit` | clusters for every candidate k |
//! | `preview` | preliminary clusters while images are still being read |
//! | `evaluation` | silhouettes and scores |
//! | `result` | the public result |
//! | `edit`, `join` | edits by the user |
//! | `naming` | suggested names |
//! | `similarity` | the images most similar to one |
//! | `duplicates` | groups of duplicates |
//! | `steps` | progress |

mod classifier;
mod duplicates;
mod edit;
mod error;
mod evaluation;
mod fit;
mod join;
mod naming;
mod options;
mod pinned;
mod preview;
mod refine;
mod result;
mod search;
mod similarity;
mod steps;
mod transform;

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::Rc;

use shoal::cluster::{auto_k, silhouette};
use shoal::collection::arrangement::{Adopted, Adoption, Arrangement, Edit};
use shoal::collection::duplicates::KeptGroups;
use shoal::collection::{Clustering, CurvePoint};
use shoal::options::{ClusterCount, ClusterMethod, ClusterOptions, Recipe};
use shoal_browser::api_error::ApiError;

use crate::collection::{FeatureOrigin, ImageCollection};
use crate::compute::{Client, EVALUATED};
use crate::operation::Operation;
use classifier::ClassifierFile;
use duplicates::Measured;
pub use duplicates::{DEFAULT_COSINE, Duplicates, DuplicatesCall, TurnedCopy, contents};
pub use edit::Lockable;
pub use error::ClusteringError;
use evaluation::{AllSilhouettes, evaluate, silhouettes};
pub use join::{JoinCall, adopted_folders};
pub use options::ClusterCall;
use pinned::Pinned;
pub use preview::PreviewSchedule;
use search::{Candidate, Search, counts_to_try};
pub use similarity::neighbours;
use steps::Steps;
pub use transform::Transform;

/// What the stages of clustering have in common.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The images. Their features have this `origin`.
    pub collection: &'a ImageCollection,
    /// The workers.
    pub client: &'a Client,
    /// How the features were computed.
    pub origin: &'a Rc<FeatureOrigin>,
}

/// The parameters of the latest search. Edits change the clusters, not these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchParams {
    /// Seed of the random numbers.
    pub seed: u32,
    /// The recipe.
    pub recipe: Recipe,
    /// The method.
    pub method: ClusterMethod,
    /// The mean silhouette for every candidate k; only with automatic k.
    pub curve: Option<Vec<CurvePoint>>,
    /// The values of k to propose; only with automatic k.
    pub proposals: Option<Vec<usize>>,
}

/// The owner of the clusters.
#[derive(Default)]
pub struct Clusters {
    arrangement: RefCell<Arrangement>,
    params: RefCell<SearchParams>,
    /// The latest transform, for the next operation on the same images.
    transform: RefCell<Option<Rc<Transform>>>,
    result: RefCell<Option<Rc<Clustering>>>,
    /// The revision of the arrangement that the result's scores describe.
    evaluated_revision: Cell<Option<u64>>,
    /// Groups of duplicates that are not offered again.
    kept_duplicates: RefCell<KeptGroups>,
    /// What the search for duplicates has measured.
    measured: Measured,
    classifier: ClassifierFile,
}

impl Clusters {
    /// Which image is in which cluster.
    pub fn arrangement(&self) -> Ref<'_, Arrangement> {
        self.arrangement.borrow()
    }

    /// Which image is in which cluster, to change it.
    pub fn arrangement_mut(&self) -> RefMut<'_, Arrangement> {
        self.arrangement.borrow_mut()
    }

    /// The classifier's file.
    pub fn classifier(&self) -> &ClassifierFile {
        &self.classifier
    }

    /// Groups of duplicates that are not offered again.
    pub fn kept_duplicates(&self) -> Ref<'_, KeptGroups> {
        self.kept_duplicates.borrow()
    }

    /// Groups of duplicates that are not offered again, to change them.
    pub fn kept_duplicates_mut(&self) -> RefMut<'_, KeptGroups> {
        self.kept_duplicates.borrow_mut()
    }

    /// The latest result.
    pub fn result(&self) -> Option<Rc<Clustering>> {
        self.result.borrow().clone()
    }

    /// The latest result.
    ///
    /// # Errors
    /// [`ClusteringError::NothingClustered`].
    pub fn require_result(&self) -> Result<Rc<Clustering>, ClusteringError> {
        self.result().ok_or(ClusteringError::NothingClustered)
    }

    /// The parameters of the latest search.
    pub fn params(&self) -> SearchParams {
        self.params.borrow().clone()
    }

    /// Replaces the parameters of the latest search.
    pub fn set_params(&self, params: SearchParams) {
        self.params.replace(params);
    }

    /// Whether anything is pinned: new images should then join clusters, and not all be clustered again.
    pub fn has_pinned(&self) -> bool {
        !self.arrangement.borrow().surviving().is_empty()
    }

    /// Whether the scores of the result are those of the current clusters.
    pub fn is_evaluated(&self) -> bool {
        self.evaluated_revision.get() == Some(self.arrangement.borrow().revision())
    }

    /// Drops what was computed from features that have been replaced.
    pub fn features_replaced(&self) {
        self.transform.take();
        self.evaluated_revision.set(None);
    }

    /// Restores what was cached. `is_evaluated` says whether the scores are those of the arrangement.
    pub fn restore(&self, arrangement: Arrangement, result: Option<Clustering>, is_evaluated: bool) {
        let revision = arrangement.revision();
        self.arrangement.replace(arrangement);
        if let Some(result) = result {
            self.params.replace(SearchParams {
                seed: result.seed,
                recipe: result.recipe,
                method: result.method,
                curve: result.curve.clone(),
                proposals: result.proposals.clone(),
            });
            self.result.replace(Some(Rc::new(result)));
            self.evaluated_revision.set(is_evaluated.then_some(revision));
        }
    }

    /// Removes everything but the classifier.
    pub fn reset(&self) {
        self.arrangement.take();
        self.params.take();
        self.transform.take();
        self.result.take();
        self.evaluated_revision.set(None);
        self.measured.clear();
        self.kept_duplicates.take();
    }

    /// Checks a call as far as possible before features are computed.
    ///
    /// # Errors
    /// `no-pictures`, `too-few-pictures`, `k-out-of-range`.
    pub fn check_call(&self, collection: &ImageCollection, options: &ClusterOptions) -> Result<(), ApiError> {
        let ids = collection.ids();
        if ids.is_empty() {
            return Err(ClusteringError::NoImages.into());
        }
        let pinned = Pinned::of(&self.arrangement.borrow(), &ids);
        counts_to_try(options, &pinned).map(drop)
    }

    /// Clusters the images. Pinned images and clusters stay. Nothing changes if it fails or is cancelled.
    pub async fn cluster(&self, context: Context<'_>, options: &ClusterOptions) -> Result<(), ApiError> {
        let found = self.search(context, options).await;
        context.client.free_matrices();
        found
    }

    async fn search(&self, context: Context<'_>, options: &ClusterOptions) -> Result<(), ApiError> {
        let Context { operation, collection, client, .. } = context;
        let ids = collection.ids();
        let pinned = Pinned::of(&self.arrangement.borrow(), &ids);
        let counts = counts_to_try(options, &pinned)?;
        let steps = Steps::new(operation, Search::steps(options, &counts) + 2 + counts.len().max(1));
        let transform = self.transform(context, &ids, options.recipe()).await?;
        transform.evaluated.put_everywhere(operation, client, EVALUATED).await?;
        steps.advance();

        let search = Search { operation, client, transform: &transform, options, pinned: &pinned, counts: &counts };
        let candidates = search.run(&steps).await?;
        let labelings: Vec<&[Option<u32>]> = candidates.iter().map(|candidate| candidate.labels.as_slice()).collect();
        let on_share = steps.next(candidates.len());
        let keep_on = |share| {
            on_share(share);
            true
        };
        let silhouettes = silhouettes(operation, client, &transform, &labelings, keep_on).await?;
        on_share(1.0);
        let mean =
            |candidate: &Candidate, found: &AllSilhouettes| silhouette::mean(&found.values, candidate.k, ids.len());
        let curve: Vec<(usize, Option<f32>)> = candidates
            .iter()
            .zip(&silhouettes)
            .map(|(candidate, found)| (candidate.k, mean(candidate, found)))
            .collect();
        let mut evaluated = candidates.into_iter().zip(silhouettes);
        let k = auto_k::best(&curve).or(curve.first().map(|(k, _)| *k)).ok_or(ClusteringError::NoImages)?;
        let (candidate, silhouettes) =
            evaluated.find(|(candidate, _)| candidate.k == k).ok_or(ClusteringError::NoImages)?;
        if candidate.k == 0 {
            return Err(ClusteringError::NoDenseClusters.into());
        }
        let is_auto = options.k == ClusterCount::Auto && options.method.info().needs_k;
        let params = SearchParams {
            seed: options.seed,
            recipe: options.recipe(),
            method: options.method,
            proposals: is_auto.then(|| auto_k::proposals(&curve)),
            curve: is_auto.then(|| curve.into_iter().map(|(k, silhouette)| CurvePoint { k, silhouette }).collect()),
        };
        let evaluation = evaluate(client, &candidate.labels, candidate.k).await?;
        operation.check()?;
        steps.advance();
        self.adopt(&transform, &candidate, &pinned)?;
        self.params.replace(params);
        self.set_result(collection, &transform, silhouettes, evaluation)
    }

    /// Replaces the clusters of the arrangement by those of `candidate`.
    fn adopt(&self, transform: &Transform, candidate: &Candidate, pinned: &Pinned) -> Result<(), ApiError> {
        let mut clusters = vec![Vec::new(); candidate.k];
        for (&id, label) in transform.ids.iter().zip(&candidate.labels) {
            if let Some(label) = label {
                clusters[*label as usize].push(id);
            }
        }
        let edit = if pinned.surviving.is_empty() {
            Edit::Recluster { clusters }
        } else {
            let keep_ids = pinned.surviving.iter().copied().map(Some).chain(std::iter::repeat(None));
            let adopted = clusters.into_iter().zip(keep_ids);
            let clusters = adopted.map(|(images, keep_id)| Adopted { keep_id, name: None, images }).collect();
            Edit::Adopt { clusters, from: Adoption::Search }
        };
        Ok(self.arrangement.borrow_mut().apply(edit)?)
    }

    /// The latest transform, if it is that of these images and the latest recipe.
    pub fn current_transform(&self, collection: &ImageCollection) -> Option<Rc<Transform>> {
        let (ids, recipe) = (collection.ids(), self.params.borrow().recipe);
        self.transform.borrow().clone().filter(|transform| transform.ids == ids && transform.recipe == recipe)
    }

    /// Evaluates the current clusters in the points of `transform`, and stores the result. Stops with `cancelled` when
    /// `keep_on`, which is called repeatedly, returns `false`.
    pub async fn evaluate(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        client: &Client,
        transform: &Transform,
        keep_on: impl Fn() -> bool,
    ) -> Result<Rc<Clustering>, ApiError> {
        let evaluated = async {
            transform.evaluated.put_everywhere(operation, client, EVALUATED).await?;
            let labels = self.labels(&transform.ids);
            let silhouettes = silhouettes(operation, client, transform, &[&labels], |_| keep_on()).await?;
            let silhouettes = silhouettes.into_iter().next().unwrap_or_default();
            let k = self.arrangement.borrow().clusters().count();
            let evaluation = evaluate(client, &labels, k).await?;
            operation.check()?;
            self.set_result(collection, transform, silhouettes, evaluation)
        }
        .await;
        client.free_matrices();
        evaluated?;
        Ok(self.require_result()?)
    }
}
