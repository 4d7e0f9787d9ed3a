//! An arrangement as it is written to a file: everything but what could be undone.
//!
//! Names and nesting are a promise to users: a field may be added, never renamed.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::cluster::clean_name;
use super::plan::check_distinct;
use super::{Arrangement, ClusterState, NameOrigin, Spot};
use crate::collection::ImageId;
use crate::collection::arrangement::EditError;

/// An arrangement without what could be undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The first id that no cluster has had.
    pub next_id: u32,
    /// The clusters in id order.
    pub clusters: Vec<SavedCluster>,
    /// The pictures in no cluster.
    pub set_aside: Vec<ImageId>,
    /// The pictures that are held for themselves.
    pub held: Vec<ImageId>,
}

/// A cluster with its pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedCluster {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Where that comes from.
    pub name_origin: NameOrigin,
    /// Whether it holds all its pictures.
    pub locked: bool,
    /// Its pictures.
    pub pictures: Vec<ImageId>,
}

impl Arrangement {
    /// The arrangement without what could be undone.
    pub fn saved(&self) -> Saved {
        let clusters = self.clusters().map(|cluster| SavedCluster {
            id: cluster.id,
            name: cluster.name.clone(),
            name_origin: cluster.name_origin,
            locked: cluster.locked,
            pictures: self.members(cluster.id).collect(),
        });
        let held = self.spots.iter().filter(|(_, spot)| spot.held).map(|(picture, _)| *picture);
        Saved {
            next_id: self.next_id,
            clusters: clusters.collect(),
            set_aside: self.set_aside().collect(),
            held: held.collect(),
        }
    }
}

impl Serialize for Arrangement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.saved().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Arrangement {
    /// Refuses a file in which a cluster or picture is twice, a name is empty, or an unknown picture is held.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Saved::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl TryFrom<Saved> for Arrangement {
    type Error = EditError;

    /// Refuses what the deserialisation refuses.
    fn try_from(saved: Saved) -> Result<Self, EditError> {
        check_distinct(saved.clusters.iter().flat_map(|cluster| &cluster.pictures).chain(&saved.set_aside))?;
        let mut restored = Arrangement { next_id: saved.next_id, ..Arrangement::default() };
        restored.list(saved.set_aside, None);
        for SavedCluster { id, name, name_origin, locked, pictures } in saved.clusters {
            let name = clean_name(&name).ok_or(EditError::BadName)?;
            // Whatever a file says, no id is given twice.
            restored.next_id = restored.next_id.max(id.checked_add(1).ok_or(EditError::TooManyClusters)?);
            if restored.clusters.insert(id, ClusterState { id, name, name_origin, locked }).is_some() {
                return Err(EditError::ClusterTwice { cluster: id });
            }
            restored.list(pictures, Some(id));
        }
        for picture in saved.held {
            let unknown = EditError::UnknownPicture { picture: picture.0 };
            restored.spots.get_mut(&picture).ok_or(unknown)?.held = true;
        }
        Ok(restored)
    }
}

impl Arrangement {
    fn list(&mut self, pictures: Vec<ImageId>, cluster: Option<u32>) {
        if !pictures.is_empty() {
            self.spots.extend(pictures.iter().map(|picture| (*picture, Spot { cluster, held: false })));
            self.members.insert(cluster, pictures.into_iter().collect());
        }
    }
}
