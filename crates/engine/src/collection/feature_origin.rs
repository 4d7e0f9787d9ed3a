//! The origin of features. Only features of comparable origins can be compared.

use serde::{Deserialize, Serialize};
use shoal::archive::npz::FeatureSpec;

/// How features were computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FeatureOrigin {
    /// By a network of this program.
    Network(FeatureSpec),
    /// By an unknown program: they were imported from a file that does not say.
    File {
        /// Distinguishes the file from every other; chosen at random when it is opened.
        token: String,
    },
}

impl FeatureOrigin {
    /// The origin of a file that does not say how its features were computed.
    pub fn unknown() -> Self {
        Self::File { token: random_token() }
    }

    /// The spec, if a network of this program computed them.
    pub fn spec(&self) -> Option<&FeatureSpec> {
        match self {
            Self::Network(spec) => Some(spec),
            Self::File { .. } => None,
        }
    }

    /// Whether features of both origins can be compared.
    pub fn is_comparable(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Network(one), Self::Network(other)) => one.is_comparable(other),
            _ => self == other,
        }
    }
}

/// A token that no other call returns, in any page.
pub fn random_token() -> String {
    let [one, other] = [js_sys::Math::random(), js_sys::Math::random()].map(|random| (random * 1e9) as u32);
    format!("{:x}-{one:x}-{other:x}", js_sys::Date::now() as u64)
}
