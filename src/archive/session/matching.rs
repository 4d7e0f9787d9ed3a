//! Which pictures of the collection a session speaks of.

use std::collections::HashMap;

use super::{Session, SessionAssignment};
use crate::collection::arrangement::Restored;
use crate::collection::{Collection, Image, ImageId};

/// A session in terms of the collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// The clusters in the session's order, each with its pictures in path order; some may have none.
    pub clusters: Vec<Restored>,
    /// The pictures that are held for themselves, in path order.
    pub held: Vec<ImageId>,
    /// Paths of the session's pictures that are not in the collection, in the session's order.
    pub missing: Vec<String>,
    /// Paths of pictures that are not what they were, in path order. They are where they were under this path.
    pub changed: Vec<String>,
    /// The pictures that the session does not speak of, in path order.
    pub unmentioned: Vec<ImageId>,
}

/// Looks up each picture's place: under its path when it is what it was (its hash tells, else its size, else that is
/// taken for granted); else under its hash, when no other has that in the session or in the collection; else under its
/// path, though it has changed.
///
/// So a picture that was renamed keeps its place even if another one has its name now. The original and a changed copy
/// of a picture may share one place.
pub fn match_session(session: &Session, collection: &Collection) -> Matched {
    let by_path: HashMap<&str, usize> =
        session.items.iter().enumerate().map(|(index, item)| (item.path.as_str(), index)).collect();
    let by_hash = single(session.items.iter().enumerate().filter_map(|(index, item)| Some((item.sha256?, index))));
    let pictures_by_hash = single(collection.in_path_order().map(|(id, picture)| (picture.sha256, id)));
    let renamed = |picture: &Image| {
        pictures_by_hash.get(&picture.sha256).copied().flatten()?;
        by_hash.get(&picture.sha256).copied().flatten()
    };

    let mut matched = Matched::default();
    let mut places: HashMap<u32, usize> = HashMap::new();
    for (place, cluster) in session.clusters.iter().enumerate() {
        places.insert(cluster.id, place);
        matched.clusters.push(Restored {
            id: cluster.id,
            name: cluster.name.clone(),
            origin: cluster.origin,
            locked: cluster.locked,
            pictures: Vec::new(),
        });
    }
    let mut found = vec![false; session.items.len()];
    for (id, picture) in collection.in_path_order() {
        let under_path = by_path.get(picture.path.as_str()).copied();
        let unchanged = under_path.filter(|&index| is_unchanged(&session.items[index], picture));
        let Some(index) = unchanged.or_else(|| renamed(picture)).or(under_path) else {
            matched.unmentioned.push(id);
            continue;
        };
        let item = &session.items[index];
        found[index] = true;
        if !is_unchanged(item, picture) {
            matched.changed.push(picture.path.clone());
        }
        if item.held {
            matched.held.push(id);
        }
        if let Some(&place) = item.cluster.and_then(|cluster| places.get(&cluster)) {
            matched.clusters[place].pictures.push(id);
        }
    }
    let missing = session.items.iter().zip(found).filter(|(_, found)| !found);
    matched.missing = missing.map(|(item, _)| item.path.clone()).collect();
    matched
}

/// Whether a picture is what it was, as far as the session can tell.
fn is_unchanged(item: &SessionAssignment, picture: &Image) -> bool {
    match (item.sha256, picture.seen_sha256(), item.byte_size) {
        (Some(known), Some(seen), _) => known == *seen,
        (_, _, Some(byte_size)) if picture.byte_size > 0 => byte_size == picture.byte_size,
        _ => true,
    }
}

/// What each hash stands for; `None` where that is not one thing only.
fn single<T>(hashes: impl Iterator<Item = ([u8; 32], T)>) -> HashMap<[u8; 32], Option<T>> {
    let mut single = HashMap::new();
    for (hash, value) in hashes {
        single.entry(hash).and_modify(|known| *known = None).or_insert(Some(value));
    }
    single
}
