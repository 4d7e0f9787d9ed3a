//! The editing model: what each edit does, which are rejected, and that no sequence of edits loses an image.

mod edits;
mod names;
mod properties;
mod replace;
mod saved;
mod undo;

use serde_json::Value;
use shoal::collection::ImageId;
use shoal::collection::arrangement::{Adopted, Adoption, Arrangement, Edit, EditKind, NameOrigin};

fn images(ids: impl IntoIterator<Item = u32>) -> Vec<ImageId> {
    ids.into_iter().map(ImageId).collect()
}

fn adopted(keep_id: Option<u32>, name: Option<&str>, ids: impl IntoIterator<Item = u32>) -> Adopted {
    Adopted { keep_id, name: name.map(str::to_owned), images: images(ids) }
}

fn adopt(clusters: &[Adopted]) -> Edit {
    Edit::Adopt { clusters: clusters.to_vec(), from: Adoption::Search }
}

fn recluster(clusters: &[&[u32]]) -> Edit {
    Edit::Recluster { clusters: clusters.iter().map(|cluster| images(cluster.iter().copied())).collect() }
}

fn move_to(ids: impl IntoIterator<Item = u32>, to: Option<u32>) -> Edit {
    Edit::Move { images: images(ids), to }
}

fn rename(id: u32, name: &str) -> Edit {
    Edit::Rename { id, name: name.into() }
}

fn split(id: u32, parts: &[&[u32]]) -> Edit {
    Edit::Split { id, parts: parts.iter().map(|part| images(part.iter().copied())).collect() }
}

fn lock(ids: impl IntoIterator<Item = u32>, clusters: &[u32], on: bool) -> Edit {
    Edit::Lock { images: images(ids), clusters: clusters.to_vec(), on }
}

/// Images 0 to 9: 0 to 3 in cluster 0, 4 to 6 in cluster 1, 7 and 8 in cluster 2, 9 unassigned.
fn three_clusters() -> Arrangement {
    let mut arrangement = Arrangement::new();
    arrangement.add(images(0..10));
    arrangement
        .apply(adopt(&[adopted(None, None, 0..4), adopted(None, None, 4..7), adopted(None, None, 7..9)]))
        .unwrap();
    arrangement
}

fn members(arrangement: &Arrangement, id: u32) -> Vec<u32> {
    arrangement.members(id).map(|image| image.0).collect()
}

fn unassigned(arrangement: &Arrangement) -> Vec<u32> {
    arrangement.unassigned().map(|image| image.0).collect()
}

fn excluded(arrangement: &Arrangement) -> Vec<ImageId> {
    arrangement.unassigned().filter(|image| arrangement.is_excluded(*image)).collect()
}

fn ids(arrangement: &Arrangement) -> Vec<u32> {
    arrangement.clusters().map(|cluster| cluster.id).collect()
}

fn name(arrangement: &Arrangement, id: u32) -> (&str, NameOrigin) {
    let cluster = arrangement.cluster(id).unwrap();
    (&cluster.name, cluster.name_origin)
}

fn pinned(arrangement: &Arrangement) -> Vec<(u32, u32)> {
    arrangement.pinned().into_iter().map(|(image, cluster)| (image.0, cluster)).collect()
}

/// The whole state except the next id.
fn state(arrangement: &Arrangement) -> Value {
    let mut state = serde_json::to_value(arrangement).unwrap();
    state.as_object_mut().unwrap().remove("nextId");
    state
}
