//! The interface's state: Leptos signals that follow the engine's events.

mod events;
mod pending;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::review::{KeepRule, Review};
use crate::theme::css_colour_of;
use shoal::backbones::Backbone;
use shoal::collection::{ClusterOrder, Clustering, Rejection};
use shoal::options::ClusterMethod;
use shoal::plot::looks_of;
use shoal_engine::{CacheState, DEFAULT_COSINE, Duplicates, Engine, EngineInfo, PreviewCluster, Stage, Timings};

/// The number of latest thumbnails that are shown while images are added.
pub const LATEST_SHOWN: usize = 36;

/// Progress of the operation that is running.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The stage of the operation.
    pub stage: Stage,
    /// Units finished, counted as [`Stage`] says.
    pub done: u64,
    /// Units in total; 0 while unknown.
    pub total: u64,
    /// When the stage began, in milliseconds since the epoch.
    pub started_ms: f64,
}

/// A message to the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The error's or notice's code, if it has one.
    pub code: Option<String>,
    /// Whether an operation failed.
    pub is_error: bool,
    /// The text.
    pub message: String,
}

impl Notice {
    /// A message that reports success or gives information.
    pub fn info(message: &str) -> Self {
        Self { code: None, is_error: false, message: message.into() }
    }

    /// A message about a failed operation.
    pub fn error(code: &str, message: &str) -> Self {
        Self { code: Some(code.into()), is_error: true, message: message.into() }
    }
}

/// A short message about what the user has just done, which disappears by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// The text.
    pub message: String,
    /// Whether it offers to undo that.
    pub can_undo: bool,
}

/// A set of images that the image panel can list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageSet {
    /// The members of a cluster, by its id.
    Cluster(u32),
    /// The images in no cluster.
    Unassigned,
    /// The matches of [`State::search`].
    SearchResults,
    /// The selected images.
    Selection,
}

/// Where images can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// An existing cluster, by its id.
    Cluster(u32),
    /// A cluster made for them.
    NewCluster,
    /// No cluster: they take no part in clustering.
    Excluded,
}

/// The image that the lightbox shows.
#[derive(Clone, Debug, PartialEq)]
pub struct LightboxImage {
    /// Its path.
    pub path: String,
    /// Paths of the images that the lightbox steps through, in order; `path` is one of them.
    pub siblings: Arc<[String]>,
}

/// The interface's state. Its fields are handles to signals, so that it is copied freely.
#[derive(Clone, Copy)]
pub struct State {
    engine: StoredValue<Engine, LocalStorage>,
    /// The backend and network, once the engine is ready.
    pub engine_info: RwSignal<Option<EngineInfo>>,
    /// Time spent per step of adding images.
    pub timings: RwSignal<Timings>,
    /// Whether an operation is running.
    pub busy: RwSignal<bool>,
    /// Whether images are being added.
    pub is_adding: RwSignal<bool>,
    /// Progress of the running operation.
    pub progress: RwSignal<Option<Progress>>,
    /// Number of images in the collection.
    pub count: RwSignal<usize>,
    /// Object URLs of the latest thumbnails. A new one replaces the oldest in place, so that the others do not move.
    pub latest_thumbnails: RwSignal<Vec<String>>,
    /// Preliminary clusters, while images are added.
    pub preview_clusters: RwSignal<Vec<PreviewCluster>>,
    /// Files that were rejected since the last `add` from the interface.
    pub rejected: RwSignal<Vec<Rejection>>,
    /// Files that the last export into a folder skipped.
    pub skipped_files: RwSignal<Vec<Rejection>>,
    /// The message that is shown.
    pub notice: RwSignal<Option<Notice>>,
    /// The latest toast.
    pub toast: RwSignal<Option<Toast>>,
    /// Whether the page stores sessions and features.
    pub memory: RwSignal<CacheState>,
    /// The latest clustering.
    pub clustering: RwSignal<Option<Rc<Clustering>>, LocalStorage>,
    /// The looks of its clusters, by id.
    looks: Memo<HashMap<u32, u32>>,
    /// The latest clustering that tried several values of k, while it still describes the current images.
    pub sweep: RwSignal<Option<Rc<Clustering>>, LocalStorage>,
    /// Whether exports include files that could not be read.
    pub include_unreadable: RwSignal<bool>,
    /// Whether exports keep the source folders within the clusters.
    pub keep_folders: RwSignal<bool>,
    /// The set that the image panel lists; `None` while the panel is closed.
    pub shown_set: RwSignal<Option<ImageSet>>,
    /// Paths of the selected images, shared by all grids and plots.
    pub selected: RwSignal<BTreeSet<String>>,
    /// The path of the image under the pointer or at the keyboard's cursor, shared by all grids and plots.
    pub hovered: RwSignal<Option<String>>,
    /// Increases whenever existing images may have new thumbnails.
    pub thumbnail_version: RwSignal<u32>,
    /// Paths of the images that are being dragged.
    pub dragged: RwSignal<Vec<String>>,
    /// The image in the lightbox; `None` while it is closed.
    pub lightbox: RwSignal<Option<LightboxImage>>,
    /// The search text.
    pub search: RwSignal<String>,
    /// The order of the clusters.
    pub cluster_order: RwSignal<ClusterOrder>,
    /// Whether the list of uncertain images is open.
    pub uncertain_open: RwSignal<bool>,
    /// The sets of duplicates that the last search found.
    pub duplicates: RwSignal<Option<Vec<Duplicates>>>,
    /// The least cosine similarity of near duplicates.
    pub duplicate_cosine: RwSignal<f32>,
    /// Which image of a group of duplicates is kept by default.
    pub keep_rule: RwSignal<KeepRule>,
    /// The folder whose images are kept rather than others; empty for none.
    pub keep_folder: RwSignal<String>,
    /// The review of duplicates; `None` while it is closed.
    pub review: RwSignal<Option<Review>>,
    /// The least cosine similarity to a cluster at which an image joins it.
    pub join_similarity: RwSignal<f32>,
    /// The attribute `k`: `auto` or a number.
    pub k: RwSignal<String>,
    /// The attribute `model`: the network's name, empty if the site decides.
    pub model: RwSignal<String>,
    /// The attribute `size`: the side that images are resized to, in pixels; empty if the network decides.
    pub size: RwSignal<String>,
    /// The attributes `features` and `recipe` as one choice: a recipe's name for pooled features, or `flat`.
    pub feature_preset: RwSignal<String>,
    /// The attribute `method`.
    pub method: RwSignal<String>,
    /// The attribute `seed`.
    pub seed: RwSignal<String>,
    /// The name of the weights file that the user chose.
    pub weights_name: RwSignal<Option<String>>,
}

impl State {
    /// The initial state of an interface over `engine`, subscribed to its events.
    pub fn new(engine: Engine) -> Self {
        let attribute =
            |name: &str, default: &str| RwSignal::new(engine.setting(name).unwrap_or_else(|| default.into()));
        let is_flat = engine.setting("features").as_deref() == Some("flat");
        let feature_preset = if is_flat { RwSignal::new("flat".into()) } else { attribute("recipe", "") };
        let clustering = RwSignal::new_local(engine.clustering());
        let looks = move |_: Option<&HashMap<u32, u32>>| {
            clustering.with(|clustering| clustering.as_deref().map(looks_of).unwrap_or_default())
        };
        let state = Self {
            engine_info: RwSignal::new(None),
            timings: RwSignal::new(engine.timings()),
            busy: RwSignal::new(false),
            is_adding: RwSignal::new(false),
            progress: RwSignal::new(None),
            count: RwSignal::new(engine.len()),
            latest_thumbnails: RwSignal::new(Vec::new()),
            preview_clusters: RwSignal::new(Vec::new()),
            rejected: RwSignal::new(Vec::new()),
            skipped_files: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            toast: RwSignal::new(None),
            memory: RwSignal::new(engine.cache_state()),
            clustering,
            looks: Memo::new(looks),
            sweep: RwSignal::new_local(engine.clustering().filter(|clustering| clustering.curve.is_some())),
            include_unreadable: RwSignal::new(false),
            keep_folders: RwSignal::new(false),
            shown_set: RwSignal::new(None),
            selected: RwSignal::new(BTreeSet::new()),
            hovered: RwSignal::new(None),
            thumbnail_version: RwSignal::new(0),
            dragged: RwSignal::new(Vec::new()),
            lightbox: RwSignal::new(None),
            search: RwSignal::new(String::new()),
            cluster_order: RwSignal::new(ClusterOrder::default()),
            uncertain_open: RwSignal::new(false),
            duplicates: RwSignal::new(None),
            duplicate_cosine: RwSignal::new(DEFAULT_COSINE),
            keep_rule: RwSignal::new(KeepRule::default()),
            keep_folder: RwSignal::new(String::new()),
            review: RwSignal::new(None),
            join_similarity: RwSignal::new(0.0),
            k: attribute("k", "auto"),
            model: attribute("model", ""),
            size: attribute("size", ""),
            feature_preset,
            method: attribute("method", ClusterMethod::default().name()),
            seed: attribute("seed", "0"),
            weights_name: RwSignal::new(None),
            engine: StoredValue::new_local(engine.clone()),
        };
        engine.subscribe(move |event| state.on_event(event));
        state
    }

    /// The name of the network that the next operation uses, as far as it is known.
    pub fn network(self) -> String {
        let wanted = self.model.get();
        if !wanted.is_empty() {
            return wanted;
        }
        self.engine_info.with(|info| info.as_ref().map_or(Backbone::ALL[0].name().into(), |info| info.network.clone()))
    }

    /// Whether the site has this network, as far as it is known.
    pub fn has_network(self, name: &str) -> bool {
        self.engine_info.with(|info| match info {
            Some(info) => info.networks.is_empty() || info.networks.iter().any(|known| known == name),
            None => true,
        })
    }

    /// A handle to the engine.
    pub fn engine(&self) -> Engine {
        self.engine.get_value()
    }

    /// The colour of the cluster with this id, as a CSS value that follows the theme.
    pub fn cluster_colour(self, id: u32) -> String {
        css_colour_of(self.looks.with(|looks| looks.get(&id).copied().unwrap_or_default()))
    }

    /// The name of the cluster with this id, if it exists.
    pub fn cluster_name(self, id: u32) -> Option<String> {
        self.clustering.with(|clustering| Some(clustering.as_ref()?.cluster(id)?.name.clone()))
    }
}
