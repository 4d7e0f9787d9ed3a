//! An arrangement as it is written to a file: everything but the undo history.
//!
//! Field names and nesting in the file are stable: a field may be added, never renamed.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::cluster_state::clean_name;
use super::plan::check_distinct;
use super::{Arrangement, ClusterState, EditError, Membership, NameOrigin};
use crate::collection::ImageId;

/// An arrangement without its undo history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The lowest id that no cluster has had.
    pub next_id: u32,
    /// The clusters in id order.
    pub clusters: Vec<SavedCluster>,
    /// The images in no cluster.
    #[serde(rename = "setAside")]
    pub unassigned: Vec<ImageId>,
    /// The images that are pinned individually.
    #[serde(rename = "held")]
    pub pinned: Vec<ImageId>,
    /// The given names that images bear, where these differ from their clusters' given names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<SavedNames>,
}

/// A given name and images that bear it, in whatever clusters they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedNames {
    /// The name; `None` for images that bear none, although their cluster has a given name.
    pub name: Option<String>,
    /// The images.
    #[serde(rename = "pictures")]
    pub images: Vec<ImageId>,
}

/// A cluster with its images.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedCluster {
    /// The id.
    pub id: u32,
    /// The name.
    pub name: String,
    /// Where the name comes from.
    pub name_origin: NameOrigin,
    /// Whether the cluster pins all its images.
    pub locked: bool,
    /// The images.
    #[serde(rename = "pictures")]
    pub images: Vec<ImageId>,
}

impl Arrangement {
    /// The arrangement without its undo history.
    pub fn saved(&self) -> Saved {
        let clusters = self.clusters().map(|cluster| SavedCluster {
            id: cluster.id,
            name: cluster.name.clone(),
            name_origin: cluster.name_origin,
            locked: cluster.locked,
            images: self.members(cluster.id).collect(),
        });
        let pinned = self.memberships.iter().filter(|(_, membership)| membership.pinned).map(|(image, _)| *image);
        Saved {
            next_id: self.next_id,
            clusters: clusters.collect(),
            unassigned: self.unassigned().collect(),
            pinned: pinned.collect(),
            names: self.saved_names(),
        }
    }

    fn saved_names(&self) -> Vec<SavedNames> {
        let mut names: BTreeMap<Option<&Rc<str>>, Vec<ImageId>> = BTreeMap::new();
        for (cluster, members) in &self.members {
            let of_cluster = cluster.and_then(|id| self.clusters.get(&id)?.given_name());
            for image in members {
                let own = self.memberships.get(image).and_then(|membership| membership.given_name.as_ref());
                if own != of_cluster.as_ref() {
                    names.entry(own).or_default().push(*image);
                }
            }
        }
        let saved =
            |(name, images): (Option<&Rc<str>>, _)| SavedNames { name: name.map(|name| (**name).into()), images };
        names.into_iter().map(saved).collect()
    }
}

impl Serialize for Arrangement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.saved().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Arrangement {
    /// Rejects a file in which a cluster or an image occurs twice, a name is empty, or an unknown image is pinned.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Saved::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl TryFrom<Saved> for Arrangement {
    type Error = EditError;

    /// Rejects what deserialisation rejects.
    fn try_from(saved: Saved) -> Result<Self, EditError> {
        check_distinct(saved.clusters.iter().flat_map(|cluster| &cluster.images).chain(&saved.unassigned))?;
        let mut restored = Arrangement { next_id: saved.next_id, ..Arrangement::default() };
        restored.insert_members(saved.unassigned, None, None);
        for SavedCluster { id, name, name_origin, locked, images } in saved.clusters {
            let name = clean_name(&name).ok_or(EditError::BadName)?;
            // Ids must not be reused even if the file's `nextId` is too low.
            restored.next_id = restored.next_id.max(id.checked_add(1).ok_or(EditError::TooManyClusters)?);
            let cluster = ClusterState { id, name, name_origin, locked };
            let given_name = cluster.given_name();
            if restored.clusters.insert(id, cluster).is_some() {
                return Err(EditError::ClusterTwice { cluster: id });
            }
            restored.insert_members(images, Some(id), given_name);
        }
        for SavedNames { name, images } in saved.names {
            let name: Option<Rc<str>> = name.as_deref().and_then(clean_name).map(Rc::from);
            for image in images {
                let unknown = EditError::UnknownImage { image: image.0 };
                restored.memberships.get_mut(&image).ok_or(unknown)?.given_name = name.clone();
            }
        }
        for image in saved.pinned {
            let unknown = EditError::UnknownImage { image: image.0 };
            restored.memberships.get_mut(&image).ok_or(unknown)?.pinned = true;
        }
        Ok(restored)
    }
}

impl Arrangement {
    fn insert_members(&mut self, images: Vec<ImageId>, cluster: Option<u32>, given_name: Option<Rc<str>>) {
        if !images.is_empty() {
            let membership = Membership { cluster, pinned: false, given_name };
            self.memberships.extend(images.iter().map(|image| (*image, membership.clone())));
            self.members.insert(cluster, images.into_iter().collect());
        }
    }
}
