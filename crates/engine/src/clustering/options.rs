//! The options of a call of `cluster`.

use serde::Deserialize;

use shoal::options::{ClusterCount, ClusterOptions};
use shoal_browser::api_error::ApiError;

use super::error::ClusteringError;

/// The options of a call of `cluster`. The attributes are the defaults.
#[derive(Clone, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "ClusterOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterCall {
    #[tsify(type = "number | 'auto'")]
    k: Option<Count>,
    seed: Option<u32>,
    restarts: Option<u32>,
    #[tsify(type = "Recipe")]
    recipe: Option<String>,
    #[tsify(type = "ClusterMethod")]
    method: Option<String>,
    min_cluster_size: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Count {
    Number(f64),
    Word(String),
}

impl ClusterCall {
    /// A call with only the number of clusters.
    pub fn with_k(k: usize) -> Self {
        Self { k: Some(Count::Number(k as f64)), ..Self::default() }
    }

    /// These options, with `options` as the defaults.
    ///
    /// # Errors
    /// `bad-option`, `k-out-of-range`.
    pub fn over(self, mut options: ClusterOptions) -> Result<ClusterOptions, ApiError> {
        match self.k {
            Some(Count::Number(k)) if k.fract() == 0.0 && k >= 0.0 => options.k = ClusterCount::Fixed(k as usize),
            Some(Count::Number(k)) => {
                return Err(ClusteringError::FractionalK { k }.into());
            }
            Some(Count::Word(word)) => options.k = word.parse()?,
            None => {}
        }
        options.seed = self.seed.unwrap_or(options.seed);
        if let Some(recipe) = self.recipe {
            options.recipe = Some(recipe.parse()?);
        }
        if let Some(method) = self.method {
            options.method = method.parse()?;
        }
        match self.restarts {
            Some(0) => return Err(out_of_range("restarts", 0.0, "at least 1")),
            restarts => options.restarts = restarts.unwrap_or(options.restarts),
        }
        match self.min_cluster_size {
            Some(size) if size < 2 => {
                return Err(out_of_range("minClusterSize", size as f64, "at least 2"));
            }
            size => options.min_cluster_size = size.or(options.min_cluster_size),
        }
        Ok(options)
    }
}

fn out_of_range(name: &'static str, value: f64, allowed: &'static str) -> ApiError {
    ClusteringError::OutOfRange { name, value, allowed }.into()
}
