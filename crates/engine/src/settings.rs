//! The attributes of `<image-shoal>`, as the engine understands them.

use web_sys::File;

use crate::Origin;
use crate::weights::WeightsSource;
use shoal::options::OptionError;
use shoal::options::{
    ClusterCount, ClusterMethod, ClusterOptions, DEFAULT_SIZE_PX, FeatureKind, Recipe, parse_size_px,
};
use shoal_browser::api_error::ApiError;

/// More workers than this serve nobody.
const MOST_WORKERS: usize = 64;

/// Where pictures are embedded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// The quicker of those at hand.
    #[default]
    Auto,
    /// The workers.
    Cpu,
    /// The GPU, be it one that is played in software.
    WebGpu,
}

/// Everything an attribute can set. An attribute with a wrong value is remembered as such: the next call that needs it
/// fails, and setting it right mends it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    k: Option<String>,
    seed: Option<String>,
    backend: Option<String>,
    workers: Option<String>,
    size: Option<String>,
    features: Option<String>,
    recipe: Option<String>,
    method: Option<String>,
    /// Where the program's files lie, an absolute URL ending in a slash.
    pub asset_base: String,
    weights_url: Option<String>,
    weights_file: Option<File>,
}

impl Settings {
    /// Sets one attribute, or unsets it. Names that are not known are ignored, as an element's attributes are.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        let value = value.filter(|value| !value.is_empty());
        match name {
            "k" => self.k = value,
            "seed" => self.seed = value,
            "backend" => self.backend = value,
            "workers" => self.workers = value,
            "size" => self.size = value,
            "features" => self.features = value,
            "recipe" => self.recipe = value,
            "method" => self.method = value,
            "weights-url" => self.weights_url = value,
            "asset-base" => self.asset_base = value.unwrap_or_default(),
            _ => {}
        }
    }

    /// One attribute as it was set, of those that the interface shows.
    pub fn get(&self, name: &str) -> Option<String> {
        match name {
            "k" => self.k.clone(),
            "seed" => self.seed.clone(),
            "size" => self.size.clone(),
            "features" => self.features.clone(),
            "recipe" => self.recipe.clone(),
            "method" => self.method.clone(),
            _ => None,
        }
    }

    /// Sets the file that the network is read from, before whatever `weights-url` says, or unsets it. Gives what was set.
    pub(super) fn choose_weights(&mut self, file: Option<File>) -> Option<File> {
        std::mem::replace(&mut self.weights_file, file)
    }

    /// How many workers run: as many as the browser reports cores when nothing else is said.
    pub fn workers(&self) -> Result<usize, ApiError> {
        match self.workers.as_deref() {
            None | Some("auto") => {
                let cores = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
                Ok((cores as usize).clamp(1, MOST_WORKERS))
            }
            Some(value) => match value.parse() {
                Ok(workers @ 1..=MOST_WORKERS) => Ok(workers),
                _ => Err(wrong("workers", value, "auto or a number from 1 to 64")),
            },
        }
    }

    /// Where pictures are embedded.
    pub fn backend(&self) -> Result<Backend, ApiError> {
        match self.backend.as_deref() {
            None | Some("auto") => Ok(Backend::Auto),
            Some("cpu") => Ok(Backend::Cpu),
            Some("webgpu") => Ok(Backend::WebGpu),
            Some(value) => Err(wrong("backend", value, "auto, cpu or webgpu")),
        }
    }

    /// What becomes a picture's features, and from how large a picture: `flat` sets 64 px whatever `size` says.
    pub fn embedding(&self) -> Result<(FeatureKind, u32), ApiError> {
        let kind = self.features.as_deref().map_or(Ok(FeatureKind::default()), str::parse)?;
        let size_px = match (kind, self.size.as_deref()) {
            (FeatureKind::Flat, _) => 64,
            (FeatureKind::Pooled, None) => DEFAULT_SIZE_PX,
            (FeatureKind::Pooled, Some(value)) => parse_size_px(value)?,
        };
        Ok((kind, size_px))
    }

    /// How pictures are grouped unless a call says otherwise.
    pub fn cluster_options(&self) -> Result<ClusterOptions, ApiError> {
        Ok(ClusterOptions {
            k: self.k.as_deref().map_or(Ok(ClusterCount::Auto), str::parse)?,
            seed: match self.seed.as_deref() {
                None => 0,
                Some(value) => {
                    value.parse().map_err(|_| wrong("seed", value, "a whole number from 0 to 4294967295"))?
                }
            },
            recipe: self.recipe.as_deref().map_or(Ok(Recipe::default()), str::parse)?,
            method: self.method.as_deref().map_or(Ok(ClusterMethod::default()), str::parse)?,
            ..ClusterOptions::default()
        })
    }

    /// Where the workers' files come from.
    pub(super) fn origin(&self) -> Origin {
        let weights = match (&self.weights_file, &self.weights_url) {
            (Some(file), _) => WeightsSource::File(file.clone()),
            (None, Some(url)) => WeightsSource::Url(url.clone()),
            (None, None) => WeightsSource::Shipped,
        };
        Origin { asset_base: self.asset_base.clone(), weights }
    }
}

fn wrong(name: &'static str, value: &str, allowed: &'static str) -> ApiError {
    OptionError { name, value: value.into(), allowed }.into()
}
