//! Compute: the workers, the GPU, and the choice between them.
//!
//! | file | what |
//! | --- | --- |
//! | `client` | the typed client of the workers |
//! | `points`, `sending` | points on the page, and sending them to workers |
//! | `embedder` | embedding files |
//! | `backend` | the choice between workers and GPU |
//! | `worker_pool`, `pool_state`, `slot`, `job`, `program_worker` | the workers |
//! | `memory_budget` | the memory for decoded images |
//! | `kept` | what a worker keeps between requests |
//! | `gpu`, `batches`, `adapter` | the GPU's worker |
//! | `weights`, `download` | weights, and downloading them |
//! | `signs` | whether a server or a worker is still alive |

mod adapter;
mod backend;
mod batches;
mod client;
mod download;
mod embedder;
mod error;
mod gpu;
mod job;
mod kept;
mod memory_budget;
mod points;
mod pool_state;
mod program_worker;
mod sending;
mod signs;
mod slot;
pub mod weights;
mod worker_pool;

use std::cell::RefCell;
use std::rc::Rc;

use shoal::backbones::Backbone;
use shoal_browser::api_error::ApiError;
use shoal_protocol::LoadedNetwork;

use crate::cancellation::Cancellation;
use crate::events::{Event, Events, Stage};
use crate::settings::{Assets, Settings, WeightsSource};
use backend::Decision;
pub use backend::Timing;
pub use client::Client;
pub use download::download;
pub use embedder::{Embedder, files_in_flight};
pub use error::ComputeError;
use gpu::Gpu;
pub use points::{EVALUATED, FEATURES, Points, SEARCHED};
use program_worker::Program;
pub use signs::Signs;
use weights::{ManifestFile, SiteNetwork};
use worker_pool::WorkerPool;

/// The owner of the workers and of the GPU's worker.
pub struct Compute {
    events: Events,
    /// Appended to the URLs of the programs' files: `?v=..` or nothing.
    build_query: String,
    pool: RefCell<Option<(Assets, Rc<WorkerPool>)>>,
    /// The GPU while it starts and is compared.
    opening: RefCell<Option<(Assets, Rc<Gpu>)>>,
    decision: RefCell<Option<Decision>>,
    /// The site's networks, by the base URL.
    site_networks: RefCell<Option<(String, Rc<[SiteNetwork]>)>>,
    cancellation: Cancellation,
}

/// The chosen embedder.
pub struct Chosen {
    /// The embedder.
    pub embedder: Embedder,
    /// What was measured to choose it.
    pub timing: Timing,
}

impl Compute {
    /// No worker runs until it is needed.
    pub fn new(events: Events, build_query: String) -> Self {
        Self {
            events,
            build_query,
            pool: RefCell::new(None),
            opening: RefCell::new(None),
            decision: RefCell::new(None),
            site_networks: RefCell::new(None),
            cancellation: Cancellation::default(),
        }
    }

    /// The workers, as the settings specify them, started if necessary.
    ///
    /// # Errors
    /// Those of the weights and of the workers; `bad-option`.
    pub async fn client(&self, settings: &Settings) -> Result<Client, ApiError> {
        let (assets, workers) = (settings.assets()?, settings.workers()?);
        let current = self.pool.borrow().clone();
        let pool = match current {
            Some((known, pool)) if known == assets && !pool.is_lost() => {
                if pool.len() != workers {
                    pool.resize(workers);
                }
                pool
            }
            _ => {
                let program = self.cancellation.or_cancelled(self.program(&assets)).await??;
                let pool = Rc::new(WorkerPool::open(program, workers));
                self.pool.replace(Some((assets, pool.clone())));
                pool
            }
        };
        let network: LoadedNetwork = pool.loaded().await?;
        Ok(Client::new(pool, network))
    }

    /// The embedder, as the settings specify it, started if necessary. With `auto`, backends are compared the first time.
    ///
    /// # Errors
    /// As [`Self::client`]; `webgpu-unavailable` if the settings require a GPU that is unavailable.
    pub async fn embedder(&self, settings: &Settings) -> Result<Chosen, ApiError> {
        let (assets, wanted) = (settings.assets()?, settings.backend()?);
        let client = self.client(settings).await?;
        let known = self.decision.borrow().as_ref().and_then(|known| {
            (known.assets == assets && known.wanted == wanted).then(|| (known.gpu.clone(), known.timing))
        });
        let (gpu, timing) = match known {
            Some(known) => known,
            None => {
                let decided = self.decide(&client, &assets, wanted).await;
                if !decided.as_ref().is_err_and(ApiError::is_cancelled) {
                    // From here on, only the decision keeps the GPU.
                    self.opening.replace(None);
                }
                let (gpu, timing) = decided?;
                if let Some(gpu) = &gpu {
                    let events = self.events.clone();
                    gpu.on_loss(move |error| events.emit(Event::Notice(error)));
                }
                self.decision.replace(Some(Decision { assets, wanted, gpu: gpu.clone(), timing }));
                (gpu, timing)
            }
        };
        Ok(Chosen { embedder: Embedder::new(client, gpu), timing })
    }

    /// Forgets that the GPU was lost, so that it is tried again.
    pub fn forgive_loss(&self) {
        self.decision.borrow_mut().take_if(|known| known.gpu.as_ref().is_some_and(|gpu| gpu.is_lost()));
    }

    /// Ends downloads, and drops every job; callers that wait for one get `cancelled`.
    pub fn cancel(&self) {
        self.cancellation.cancel();
        if let Some((_, pool)) = &*self.pool.borrow() {
            pool.cancel();
        }
        if let Some((_, gpu)) = &*self.opening.borrow() {
            gpu.cancel();
        }
        if let Some(gpu) = self.decision.borrow().as_ref().and_then(|decision| decision.gpu.as_ref()) {
            gpu.cancel();
        }
    }

    /// Ends the workers.
    pub fn close(&self) {
        self.pool.take();
        self.opening.take();
        self.decision.take();
    }

    /// The file below `base_url` of the classifier that belongs to the network that the workers run, and the SHA-256 of that
    /// network's weights. `None` if the site has none, or if no worker has loaded a network.
    pub fn known_classifier(&self, base_url: &str) -> Option<(ManifestFile, String)> {
        let weights_sha256 = self.pool.borrow().as_ref()?.1.network()?.model.sha256;
        let known = self.site_networks.borrow();
        let (_, networks) = known.as_ref().filter(|(known, _)| known == base_url)?;
        let network = networks.iter().find(|network| network.backbone.sha256 == weights_sha256)?;
        Some((network.classifier.clone()?, weights_sha256))
    }

    /// The names of the networks whose weights the site has, as far as they are known.
    pub fn known_site_models(&self) -> Vec<String> {
        let known = self.site_networks.borrow();
        known.iter().flat_map(|(_, networks)| networks.iter()).map(|network| network.model.clone()).collect()
    }

    async fn site_networks(&self, base_url: &str) -> Result<Rc<[SiteNetwork]>, ComputeError> {
        let known = self.site_networks.borrow().clone();
        if let Some((_, networks)) = known.filter(|(known, _)| known == base_url) {
            return Ok(networks);
        }
        let networks: Rc<[SiteNetwork]> = weights::site_networks(base_url, &self.build_query).await?.into();
        self.site_networks.replace(Some((base_url.to_owned(), networks.clone())));
        Ok(networks)
    }

    /// A network of the site: this one or, with `None`, the default.
    async fn site_network(&self, base_url: &str, model: Option<Backbone>) -> Result<SiteNetwork, ComputeError> {
        let networks = self.site_networks(base_url).await?;
        let found = match model {
            Some(model) => networks.iter().find(|network| network.model == model.name()),
            None => networks.first(),
        };
        found.cloned().ok_or(match model {
            Some(model) => ComputeError::ModelMissing(model),
            None => ComputeError::Manifest("it is empty".into()),
        })
    }

    async fn program(&self, assets: &Assets) -> Result<Program, ApiError> {
        let on_progress = |done, total: Option<u64>| {
            self.events.emit(Event::Progress { stage: Stage::Weights, done, total: total.unwrap_or(0) });
        };
        let (weights, expected_sha256) = match &assets.weights {
            WeightsSource::Site(model) => {
                let backbone = self.site_network(&assets.base_url, *model).await?.backbone;
                (download(&backbone.url(&assets.base_url), on_progress).await?, Some(backbone.sha256))
            }
            WeightsSource::Url(url) => (download(url, on_progress).await?, None),
            WeightsSource::File(file) => (weights::read(file).await?, None),
        };
        let module_url = format!("{}worker-loader.js{}", assets.base_url, self.build_query);
        Ok(Program { module_url, weights, expected_sha256 })
    }
}
