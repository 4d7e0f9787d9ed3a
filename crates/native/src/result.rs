//! The public result of a clustering, and its session file: the same as the page's.

use std::fs;
use std::path::Path;

use shoal::archive::npz::Row;
use shoal::archive::session::SESSION_BYTES_MAX;
use shoal::archive::{SessionError, assignments_json, read_session};
use shoal::collection::arrangement::{Edit, NameOrigin};
use shoal::collection::duplicates::KeptGroups;
use shoal::collection::{
    Arrangement, ClusterFacts, Clustering, ClusteringParts, Collection, Image, ImageId, RowFacts, Scores, assemble,
    scores_against_folders,
};
use shoal::options::ClusterOptions;

use crate::NativeError;
use crate::clustering::Found;

/// A clustering with its images and clusters.
#[derive(Clone, Debug)]
pub struct Sorted {
    /// The clustering.
    pub clustering: Clustering,
    collection: Collection,
    arrangement: Arrangement,
}

impl Sorted {
    /// The result of clustering `rows`, which are in path order. `names` has suggested names by cluster, shape `[k]`.
    ///
    /// # Errors
    /// [`NativeError::Cluster`], [`NativeError::Edit`]; none occurs for what [`crate::clustering::cluster`] returns.
    pub fn new(
        rows: &[Row],
        found: Found,
        options: &ClusterOptions,
        names: Vec<Option<String>>,
    ) -> Result<Self, NativeError> {
        let mut collection = Collection::new();
        let ids: Vec<ImageId> = rows
            .iter()
            .filter_map(|Row { name, byte_size, sha256, .. }| {
                let (byte_size, sha256) = (*byte_size, *sha256);
                collection.insert(Image { byte_size, sha256, ..Image::from_path(name.clone()) })
            })
            .collect();
        let mut arrangement = Arrangement::new();
        arrangement.add(ids.iter().copied());
        let mut clusters = vec![Vec::new(); found.k];
        for (&id, label) in ids.iter().zip(&found.labels) {
            if let Some(label) = label {
                clusters[*label as usize].push(id);
            }
        }
        arrangement.apply(Edit::Recluster { clusters })?;
        arrangement.suggest_names((0..).zip(names).filter_map(|(id, name)| Some((id, name?))));
        let facts = arrangement.clusters().map(|cluster| ClusterFacts {
            id: cluster.id,
            name: cluster.name.clone(),
            suggested: cluster.name_origin == NameOrigin::Suggested,
            locked: cluster.locked,
        });
        let clustering = assemble_found(rows, found, options, facts.collect())?;
        Ok(Self { clustering, collection, arrangement })
    }

    /// The session file.
    ///
    /// # Errors
    /// [`NativeError::Archive`].
    pub fn session(&self) -> Result<Vec<u8>, NativeError> {
        Ok(assignments_json(&self.clustering, &self.collection, &self.arrangement, &KeptGroups::default())?)
    }
}

fn assemble_found(
    rows: &[Row],
    found: Found,
    options: &ClusterOptions,
    clusters: Vec<ClusterFacts>,
) -> Result<Clustering, NativeError> {
    let paths: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let scores = Scores {
        davies_bouldin: found.evaluation.davies_bouldin,
        calinski_harabasz: found.evaluation.calinski_harabasz,
        sampled: found.is_sampled,
        ..scores_against_folders(&paths, &found.labels, found.k)?
    };
    let facts = (0..rows.len()).map(|row| RowFacts {
        path: rows[row].name.clone(),
        label: found.labels[row],
        locked: false,
        silhouette: found.silhouettes[row].value,
        next_label: found.silhouettes[row].nearest_other,
        distance: found.evaluation.distances[row],
        capture: None,
    });
    Ok(assemble(ClusteringParts {
        clusters,
        seed: options.seed,
        recipe: options.recipe(),
        method: options.method,
        backend: "cpu".into(),
        rows: facts.collect(),
        representatives: found.evaluation.representatives,
        pca3: &found.pca3,
        inertia: found.evaluation.inertia,
        explained: found.explained,
        variance_kept: found.variance_kept,
        scores,
        curve: found.curve,
        proposals: found.proposals,
    })?)
}

/// Reads the clustering in a session file, which the page or this program has written.
///
/// # Errors
/// [`NativeError::Unreadable`], [`NativeError::Session`].
pub fn read_clustering(path: &Path) -> Result<Clustering, NativeError> {
    let failed = |error| NativeError::Session { path: path.to_owned(), error };
    let byte_size = fs::metadata(path).map_err(NativeError::unreadable(path))?.len();
    if byte_size > SESSION_BYTES_MAX as u64 {
        let message = format!("it has {byte_size} bytes, but at most {} MiB are read", SESSION_BYTES_MAX >> 20);
        return Err(failed(SessionError::TooLarge(message)));
    }
    let bytes = fs::read(path).map_err(NativeError::unreadable(path))?;
    // Checks limits, ids and paths.
    read_session(&bytes).map_err(failed)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(bytes).map_err(|error| failed(SessionError::NotASession(error.to_string())))
}
