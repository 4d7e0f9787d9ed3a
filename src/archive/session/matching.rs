//! Matching of a session's items to the images of the collection.

use std::collections::HashMap;

use super::{Session, SessionAssignment};
use crate::collection::arrangement::Restored;
use crate::collection::{Collection, Image, ImageId};

/// A session matched to the collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// The clusters in the session's order, each with its images in path order; some may be empty.
    pub clusters: Vec<Restored>,
    /// The individually pinned images, in path order.
    pub pinned: Vec<ImageId>,
    /// The paths of the session's images that are not in the collection, in the session's order.
    pub missing: Vec<String>,
    /// The paths of images that have changed, in path order. They were matched by path.
    pub changed: Vec<String>,
    /// The images that are not in the session, in path order.
    pub unmentioned: Vec<ImageId>,
}

/// Matches each image to an item of the session: by path, if the image is unchanged (judged by its hash, else by its size, else
/// assumed); otherwise by content hash, if the hash is unique in the session and in the collection; otherwise by path, although
/// the image has changed.
///
/// An image that was renamed thus keeps its cluster even if another image has its former path. An unchanged image and a changed
/// copy of it may match the same item.
pub fn match_session(session: &Session, collection: &Collection) -> Matched {
    let by_path: HashMap<&str, usize> =
        session.items.iter().enumerate().map(|(index, item)| (item.path.as_str(), index)).collect();
    let by_hash = unique(session.items.iter().enumerate().filter_map(|(index, item)| Some((item.sha256?, index))));
    let images_by_hash = unique(collection.in_path_order().map(|(id, image)| (image.sha256, id)));
    let renamed = |image: &Image| {
        images_by_hash.get(&image.sha256).copied().flatten()?;
        by_hash.get(&image.sha256).copied().flatten()
    };

    let mut matched = Matched::default();
    let mut indices: HashMap<u32, usize> = HashMap::new();
    for (index, cluster) in session.clusters.iter().enumerate() {
        indices.insert(cluster.id, index);
        matched.clusters.push(Restored {
            id: cluster.id,
            name: cluster.name.clone(),
            origin: cluster.origin,
            locked: cluster.locked,
            images: Vec::new(),
        });
    }
    let mut found = vec![false; session.items.len()];
    for (id, image) in collection.in_path_order() {
        let under_path = by_path.get(image.path.as_str()).copied();
        let unchanged = under_path.filter(|&index| is_unchanged(&session.items[index], image));
        let Some(index) = unchanged.or_else(|| renamed(image)).or(under_path) else {
            matched.unmentioned.push(id);
            continue;
        };
        let item = &session.items[index];
        found[index] = true;
        if !is_unchanged(item, image) {
            matched.changed.push(image.path.clone());
        }
        if item.pinned {
            matched.pinned.push(id);
        }
        if let Some(&index) = item.cluster.and_then(|cluster| indices.get(&cluster)) {
            matched.clusters[index].images.push(id);
        }
    }
    let missing = session.items.iter().zip(found).filter(|(_, found)| !found);
    matched.missing = missing.map(|(item, _)| item.path.clone()).collect();
    matched
}

/// Whether an image is unchanged, as far as the session can tell.
fn is_unchanged(item: &SessionAssignment, image: &Image) -> bool {
    match (item.sha256, image.known_sha256(), item.byte_size) {
        (Some(saved), Some(current), _) => saved == *current,
        (_, _, Some(byte_size)) if image.byte_size > 0 => byte_size == image.byte_size,
        _ => true,
    }
}

/// The value of each hash; `None` if a hash occurs more than once.
fn unique<T>(hashes: impl Iterator<Item = ([u8; 32], T)>) -> HashMap<[u8; 32], Option<T>> {
    let mut unique = HashMap::new();
    for (hash, value) in hashes {
        unique.entry(hash).and_modify(|known| *known = None).or_insert(Some(value));
    }
    unique
}
