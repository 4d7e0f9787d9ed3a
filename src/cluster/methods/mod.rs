//! Clustering methods behind one interface: a descriptor and a fit for each.
//!
//! To add a method, write a file here with a unit struct that implements [`Method`], and add its line to the list below. The
//! module's name is the option's value. Settings, parsing, progress and the search read everything else from
//! [`MethodInfo`].

mod parts;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::cluster::ClusterError;
use crate::error::OptionError;
use crate::matrix::Matrix;
use crate::recipe::Recipe;

pub use parts::parts;

/// Declares the methods' modules and builds [`ClusterMethod`] from `module: Variant` lines. Each module has a struct named
/// like its variant.
macro_rules! methods {
    ($($module:ident: $variant:ident),+ $(,)?) => {
        $(mod $module;)+

        /// The clustering method.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
        #[serde(rename_all = "lowercase")]
        pub enum ClusterMethod {
            $(
                #[doc = concat!("The method `", stringify!($module), "`.")]
                $variant,
            )+
        }

        impl ClusterMethod {
            /// Every method, in the order of display. The first is the default.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The method's descriptor.
            pub const fn info(self) -> &'static MethodInfo {
                match self {
                    $(Self::$variant => &<$module::$variant as Method>::INFO,)+
                }
            }

            /// Clusters `input.points` with this method.
            ///
            /// # Errors
            /// As [`Method::fit`].
            pub fn fit(self, input: &FitInput<'_>) -> Result<Fit, ClusterError> {
                match self {
                    $(Self::$variant => <$module::$variant as Method>::fit(input),)+
                }
            }

            /// Clusters `input.points` with this method into every number of clusters in `counts`.
            ///
            /// # Errors
            /// As [`Method::fit_counts`].
            pub fn fit_counts(self, input: &FitInput<'_>, counts: &[usize]) -> Result<Vec<Fit>, ClusterError> {
                match self {
                    $(Self::$variant => <$module::$variant as Method>::fit_counts(input, counts),)+
                }
            }
        }

        /// The methods' names, for a person.
        const NAMES: &str = alternatives!($($module),+);
    };
}

/// `a, b or c`, as a literal.
macro_rules! alternatives {
    ($last:ident) => { stringify!($last) };
    ($one:ident, $last:ident) => { concat!(stringify!($one), " or ", stringify!($last)) };
    ($first:ident, $($rest:ident),+) => { concat!(stringify!($first), ", ", alternatives!($($rest),+)) };
}

methods! {
    kmeans: KMeans,
    hdbscan: Hdbscan,
    ward: Ward,
}

impl ClusterMethod {
    /// The option's value, for instance `kmeans`.
    pub const fn name(self) -> &'static str {
        self.info().name
    }
}

impl Default for ClusterMethod {
    /// The first method of the list.
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl FromStr for ClusterMethod {
    type Err = OptionError;

    fn from_str(value: &str) -> Result<Self, OptionError> {
        let found = Self::ALL.iter().copied().find(|method| method.name() == value);
        found.ok_or_else(|| OptionError { name: "method", value: value.into(), allowed: NAMES })
    }
}

/// A clustering method.
pub trait Method {
    /// The method's descriptor.
    const INFO: MethodInfo;

    /// Clusters `input.points`.
    ///
    /// # Errors
    /// [`ClusterError::NoRows`] without rows, [`ClusterError::NotFinite`], [`ClusterError::KOutOfRange`] when the method
    /// needs `k` and it is missing or out of range, and what the method's own parameters may raise.
    fn fit(input: &FitInput<'_>) -> Result<Fit, ClusterError>;

    /// Clusters `input.points` into every number of clusters in `counts`; shape `[counts]`. Each result is that of [`fit`](Self::fit)
    /// with that number as [`FitInput::k`]. A method that shares work between them overrides this.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    fn fit_counts(input: &FitInput<'_>, counts: &[usize]) -> Result<Vec<Fit>, ClusterError> {
        counts.iter().map(|&k| Self::fit(&FitInput { k: Some(k), ..*input })).collect()
    }
}

/// The descriptor of a clustering method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodInfo {
    /// The option's value, for instance `kmeans`.
    pub name: &'static str,
    /// The name to display, for instance `KMeans`.
    pub label: &'static str,
    /// One line that helps a person choose, to display with the label.
    pub hint: &'static str,
    /// Whether the caller gives the number of clusters (`true`) or the method finds it (`false`).
    pub needs_k: bool,
    /// Whether pinned rows take part as seeds of their clusters (`true`, through [`FitInput::pinned`]) or the caller leaves
    /// them out of the points (`false`).
    pub uses_pinned: bool,
    /// Whether a fit depends on [`FitInput::restart`], so that the best of several restarts is worth having.
    pub randomised: bool,
    /// Whether clusters for every count come out of the same work, so that [`Method::fit_counts`] takes little longer than
    /// [`Method::fit`].
    pub nested: bool,
    /// The feature transform to use unless the caller chooses one; `None` for [`Recipe::default`].
    pub default_recipe: Option<Recipe>,
}

/// The input of one fit.
#[derive(Clone, Copy, Debug)]
pub struct FitInput<'a> {
    /// The rows to cluster, shape `[n, d]`.
    pub points: &'a Matrix,
    /// The number of clusters, 1 to `n`; ignored by methods that find it.
    pub k: Option<usize>,
    /// The seed of all random numbers.
    pub seed: u32,
    /// The number of this restart, from 0; ignored by methods that are not [randomised](MethodInfo::randomised).
    pub restart: u32,
    /// The cluster that each row is pinned to, shape `[n]`, or empty if no row is; ignored by methods that do not
    /// [use pinned rows](MethodInfo::uses_pinned).
    pub pinned: &'a [Option<u32>],
    /// The smallest size of a cluster; `None` lets the method choose. Ignored by methods without such a limit.
    pub min_cluster_size: Option<usize>,
}

impl<'a> FitInput<'a> {
    /// Input with seed 0, restart 0, and nothing pinned or limited.
    pub fn new(points: &'a Matrix, k: Option<usize>) -> Self {
        Self { points, k, seed: 0, restart: 0, pinned: &[], min_cluster_size: None }
    }

    /// The number of clusters for a method that needs it. A missing one counts as 0, which every such method rejects as out
    /// of range.
    fn k_or_zero(&self) -> usize {
        self.k.unwrap_or(0)
    }
}

/// The result of one fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Each row's cluster, shape `[n]`, below `k`; `None` for an outlier.
    pub labels: Vec<Option<u32>>,
    /// The number of clusters.
    pub k: usize,
    /// The cost by which restarts are compared, the lowest being the best. 0 for methods that are not randomised.
    pub cost: f64,
}

#[cfg(test)]
mod tests {
    use super::{ClusterMethod, NAMES};

    #[test]
    fn names_are_those_that_are_parsed_and_serialised() {
        for &method in ClusterMethod::ALL {
            let name = method.name();
            assert_eq!(name.parse(), Ok(method));
            assert_eq!(serde_json::to_string(&method).unwrap(), format!("\"{name}\""));
            assert_eq!(serde_json::from_str::<ClusterMethod>(&format!("\"{name}\"")).unwrap(), method);
            assert!(NAMES.contains(name));
        }
        let names: Vec<&str> = ClusterMethod::ALL.iter().map(|method| method.name()).collect();
        assert_eq!(names, ["kmeans", "hdbscan", "ward"]);
        assert_eq!(ClusterMethod::default(), ClusterMethod::KMeans);
    }

    #[test]
    fn an_unknown_name_is_rejected_with_the_known_ones() {
        let message = "KMeans".parse::<ClusterMethod>().unwrap_err().to_string();
        assert_eq!(message, "method is \"KMeans\", but must be kmeans, hdbscan or ward");
    }

    #[test]
    fn labels_and_hints_are_there_to_display() {
        for info in ClusterMethod::ALL.iter().map(|method| method.info()) {
            assert!(!info.label.is_empty() && !info.hint.is_empty() && !info.hint.contains('\n'), "{}", info.name);
        }
    }
}
