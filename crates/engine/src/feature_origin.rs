//! How the features at hand came to be: only those that were made alike can be compared.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::Engine;
use crate::pool::Pool;
use shoal::archive::npz::FeatureSpec;
use shoal_browser::api_error::ApiError;

/// How features came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FeatureOrigin {
    /// By a network of Shoal's kind.
    Network(FeatureSpec),
    /// Nobody knows: a file told them. The token, made up when it was opened, tells it from every other file.
    File {
        /// The token.
        token: String,
    },
}

impl FeatureOrigin {
    /// Of a file that does not say how its features were made.
    pub fn unknown() -> Self {
        let [one, other] = [js_sys::Math::random(), js_sys::Math::random()].map(|random| (random * 1e9) as u32);
        Self::File { token: format!("{:x}-{one:x}-{other:x}", js_sys::Date::now() as u64) }
    }

    /// What is known of the network, where one made them.
    pub fn made(&self) -> Option<&FeatureSpec> {
        match self {
            Self::Network(made) => Some(made),
            Self::File { .. } => None,
        }
    }
}

impl Engine {
    /// Whether the collection's features are a file's own, and not those of the network at hand: then nothing is embedded.
    pub(super) fn is_own(&self) -> bool {
        self.0.own.borrow().is_some()
    }

    /// How the features of the collection are made: as its file says, or as the settings say by the network at hand.
    pub(super) async fn feature_origin(&self, pool: &Pool) -> Result<Rc<FeatureOrigin>, ApiError> {
        let own = self.0.own.borrow().clone();
        match own {
            Some(own) => Ok(own),
            None => Ok(Rc::new(FeatureOrigin::Network((*self.made(pool).await?).clone()))),
        }
    }
}
