//! What a call to `cluster` may say.

use serde::Deserialize;

use shoal::options::{ClusterCount, ClusterOptions};
use shoal_browser::api_error::ApiError;

/// What a call to `cluster` may say. What it does not say, the attributes do.
#[derive(Clone, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "ClusterOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct Call {
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

impl Call {
    /// A call that says only how many groups to make.
    pub fn with_k(k: usize) -> Self {
        Self { k: Some(Count::Number(k as f64)), ..Self::default() }
    }

    /// These words, and the attributes for the rest.
    pub fn over(self, mut options: ClusterOptions) -> Result<ClusterOptions, ApiError> {
        match self.k {
            Some(Count::Number(k)) if k.fract() == 0.0 && k >= 0.0 => options.k = ClusterCount::Fixed(k as usize),
            Some(Count::Number(k)) => {
                return Err(ApiError::new("k-out-of-range", format!("k is {k}, but must be a whole number of groups")));
            }
            Some(Count::Word(word)) => options.k = word.parse()?,
            None => {}
        }
        options.seed = self.seed.unwrap_or(options.seed);
        if let Some(recipe) = self.recipe {
            options.recipe = recipe.parse()?;
        }
        if let Some(method) = self.method {
            options.method = method.parse()?;
        }
        match self.restarts {
            Some(0) => return Err(ApiError::new("bad-option", "restarts is 0, but must be at least 1")),
            restarts => options.restarts = restarts.unwrap_or(options.restarts),
        }
        match self.min_cluster_size {
            Some(size) if size < 2 => {
                return Err(ApiError::new("bad-option", format!("minClusterSize is {size}, but must be at least 2")));
            }
            size => options.min_cluster_size = size.or(options.min_cluster_size),
        }
        Ok(options)
    }
}
