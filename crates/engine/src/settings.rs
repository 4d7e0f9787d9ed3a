//! The attributes of `<image-shoal>`.

use web_sys::File;

use crate::device::{cores, memory_gib};
use shoal::backbones::Backbone;
use shoal::options::OptionError;
use shoal::options::{ClusterCount, ClusterMethod, ClusterOptions, FeatureKind, parse_size_px};

/// The largest number of workers.
const WORKERS_MAX: usize = 64;
/// The network of flattened features unless one is chosen: the notebook's.
const FLAT_BACKBONE: Backbone = Backbone::MobilenetV2;
/// The largest number of workers by default: more would hardly be faster, and each takes about 60 MB.
const AUTO_WORKERS_MAX: usize = 16;
/// The largest number of workers by default for each GiB of memory.
const AUTO_WORKERS_PER_GIB: f64 = 2.0;

/// Where images are embedded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// The faster of those available.
    #[default]
    Auto,
    /// The workers.
    Cpu,
    /// The GPU, a software implementation included.
    WebGpu,
}

/// Where the workers' programs and the weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The URL of the folder with the programs' files, absolute, ending in a slash.
    pub base_url: String,
    /// The weights.
    pub weights: WeightsSource,
}

/// Where the network's weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeightsSource {
    /// The site: its weights of this network or, with `None`, of the best network that it has.
    Site(Option<Backbone>),
    /// The file at this URL.
    Url(String),
    /// A file that the user chose.
    File(File),
}

/// How images are embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Embedding {
    /// What becomes the features.
    pub features: FeatureKind,
    /// The side that images are resized to, in pixels.
    pub size_px: u32,
}

/// The values of all attributes. An invalid value is kept: the next call that needs it fails.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    k: Option<String>,
    seed: Option<String>,
    backend: Option<String>,
    workers: Option<String>,
    size: Option<String>,
    features: Option<String>,
    model: Option<String>,
    recipe: Option<String>,
    method: Option<String>,
    asset_base: String,
    weights_url: Option<String>,
    weights_file: Option<File>,
    kept_model: Option<Backbone>,
}

impl Settings {
    /// Sets one attribute, or removes it. Unknown names are ignored, as an element ignores unknown attributes.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        let value = value.filter(|value| !value.is_empty());
        match name {
            "k" => self.k = value,
            "seed" => self.seed = value,
            "backend" => self.backend = value,
            "workers" => self.workers = value,
            "size" => self.size = value,
            "features" => self.features = value,
            "model" => self.model = value,
            "recipe" => self.recipe = value,
            "method" => self.method = value,
            "weights-url" => self.weights_url = value,
            "asset-base" => self.asset_base = value.unwrap_or_default(),
            _ => {}
        }
    }

    /// The value of an attribute that the interface shows.
    pub fn get(&self, name: &str) -> Option<String> {
        match name {
            "k" => self.k.clone(),
            "seed" => self.seed.clone(),
            "size" => self.size.clone(),
            "features" => self.features.clone(),
            "model" => self.model.clone(),
            "recipe" => self.recipe.clone(),
            "method" => self.method.clone(),
            _ => None,
        }
    }

    /// Sets the file that weights are read from, which takes precedence over `weights-url`, or removes it. Returns the previous
    /// one.
    pub fn choose_weights(&mut self, file: Option<File>) -> Option<File> {
        std::mem::replace(&mut self.weights_file, file)
    }

    /// Keeps the network of features that were restored: it is used unless the attributes name one.
    /// Returns the one that was kept before.
    pub fn keep_model(&mut self, model: Option<Backbone>) -> Option<Backbone> {
        std::mem::replace(&mut self.kept_model, model)
    }

    /// How many workers run: by default as many as the browser reports cores, if there is memory for them.
    pub fn workers(&self) -> Result<usize, OptionError> {
        match self.workers.as_deref() {
            None | Some("auto") => {
                let for_memory = memory_gib() * AUTO_WORKERS_PER_GIB;
                Ok((cores().min(for_memory) as usize).clamp(1, AUTO_WORKERS_MAX))
            }
            Some(value) => match value.parse() {
                Ok(workers @ 1..=WORKERS_MAX) => Ok(workers),
                _ => Err(invalid("workers", value, "auto or a number from 1 to 64")),
            },
        }
    }

    /// Where images are embedded.
    pub fn backend(&self) -> Result<Backend, OptionError> {
        match self.backend.as_deref() {
            None | Some("auto") => Ok(Backend::Auto),
            Some("cpu") => Ok(Backend::Cpu),
            Some("webgpu") => Ok(Backend::WebGpu),
            Some(value) => Err(invalid("backend", value, "auto, cpu or webgpu")),
        }
    }

    /// How images are embedded by this network. `flat` features are always computed at 64 px.
    pub fn embedding(&self, backbone: Backbone) -> Result<Embedding, OptionError> {
        let features = self.features()?;
        let size_px = match (features, self.size.as_deref()) {
            (FeatureKind::Flat, _) => 64,
            (FeatureKind::Pooled, None) => backbone.descriptor().default_size_px,
            (FeatureKind::Pooled, Some(value)) => parse_size_px(value)?,
        };
        Ok(Embedding { features, size_px })
    }

    /// How images are clustered unless a call says otherwise.
    pub fn cluster_options(&self) -> Result<ClusterOptions, OptionError> {
        Ok(ClusterOptions {
            k: self.k.as_deref().map_or(Ok(ClusterCount::Auto), str::parse)?,
            seed: match self.seed.as_deref() {
                None => 0,
                Some(value) => {
                    value.parse().map_err(|_| invalid("seed", value, "a whole number from 0 to 4294967295"))?
                }
            },
            recipe: self.recipe.as_deref().map(str::parse).transpose()?,
            method: self.method.as_deref().map_or(Ok(ClusterMethod::default()), str::parse)?,
            ..ClusterOptions::default()
        })
    }

    /// Where the programs and the weights come from.
    pub fn assets(&self) -> Result<Assets, OptionError> {
        let weights = match (&self.weights_file, &self.weights_url) {
            (Some(file), _) => WeightsSource::File(file.clone()),
            (None, Some(url)) => WeightsSource::Url(url.clone()),
            (None, None) => WeightsSource::Site(self.backbone()?),
        };
        Ok(Assets { base_url: self.asset_base.clone(), weights })
    }

    /// The network, unless the site decides.
    fn backbone(&self) -> Result<Option<Backbone>, OptionError> {
        match &self.model {
            Some(name) => name.parse().map(Some),
            None if self.features()? == FeatureKind::Flat => Ok(Some(FLAT_BACKBONE)),
            None => Ok(self.kept_model),
        }
    }

    fn features(&self) -> Result<FeatureKind, OptionError> {
        self.features.as_deref().map_or(Ok(FeatureKind::default()), str::parse)
    }
}

fn invalid(name: &'static str, value: &str, allowed: &'static str) -> OptionError {
    OptionError { name, value: value.into(), allowed }
}
