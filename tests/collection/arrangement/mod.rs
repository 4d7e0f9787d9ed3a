//! The editing model: what each edit does, what is refused, and that no sequence of edits loses an image.

mod edits;
mod properties;
mod replace;
mod saved;
mod undo;

use serde_json::Value;
use shoal::collection::ImageId;
use shoal::collection::arrangement::{Adopted, Arrangement, Edit, NameOrigin};

fn pictures(ids: impl IntoIterator<Item = u32>) -> Vec<ImageId> {
    ids.into_iter().map(ImageId).collect()
}

fn adopted(keep_id: Option<u32>, name: Option<&str>, ids: impl IntoIterator<Item = u32>) -> Adopted {
    Adopted { keep_id, name: name.map(str::to_owned), pictures: pictures(ids) }
}

fn adopt(clusters: &[Adopted]) -> Edit {
    Edit::Adopt { clusters: clusters.to_vec(), locked: false }
}

fn regroup(clusters: &[&[u32]]) -> Edit {
    Edit::Regroup { clusters: clusters.iter().map(|cluster| pictures(cluster.iter().copied())).collect() }
}

fn move_to(ids: impl IntoIterator<Item = u32>, to: Option<u32>) -> Edit {
    Edit::Move { pictures: pictures(ids), to }
}

fn rename(id: u32, name: &str) -> Edit {
    Edit::Rename { id, name: name.into() }
}

fn split(id: u32, parts: &[&[u32]]) -> Edit {
    Edit::Split { id, parts: parts.iter().map(|part| pictures(part.iter().copied())).collect() }
}

fn lock(ids: impl IntoIterator<Item = u32>, clusters: &[u32], on: bool) -> Edit {
    Edit::Lock { pictures: pictures(ids), clusters: clusters.to_vec(), on }
}

/// Pictures 0 to 9: 0 to 3 in cluster 0, 4 to 6 in 1, 7 and 8 in 2, and 9 set aside.
fn three_clusters() -> Arrangement {
    let mut arrangement = Arrangement::new();
    arrangement.add(pictures(0..10));
    arrangement
        .apply(adopt(&[adopted(None, None, 0..4), adopted(None, None, 4..7), adopted(None, None, 7..9)]))
        .unwrap();
    arrangement
}

fn members(arrangement: &Arrangement, id: u32) -> Vec<u32> {
    arrangement.members(id).map(|picture| picture.0).collect()
}

fn set_aside(arrangement: &Arrangement) -> Vec<u32> {
    arrangement.set_aside().map(|picture| picture.0).collect()
}

fn ids(arrangement: &Arrangement) -> Vec<u32> {
    arrangement.clusters().map(|cluster| cluster.id).collect()
}

fn name(arrangement: &Arrangement, id: u32) -> (&str, NameOrigin) {
    let cluster = arrangement.cluster(id).unwrap();
    (&cluster.name, cluster.name_origin)
}

fn held(arrangement: &Arrangement) -> Vec<(u32, u32)> {
    arrangement.held().into_iter().map(|(picture, cluster)| (picture.0, cluster)).collect()
}

/// The whole state, apart from which id comes next.
fn state(arrangement: &Arrangement) -> Value {
    let mut state = serde_json::to_value(arrangement).unwrap();
    state.as_object_mut().unwrap().remove("nextId");
    state
}
