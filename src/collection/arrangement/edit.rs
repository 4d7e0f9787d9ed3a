//! What a person may do to an arrangement.

use super::NameOrigin;
use crate::collection::ImageId;

/// An edit, for [`super::Arrangement::apply`].
///
/// Each is refused with [`crate::collection::arrangement::EditError::UnknownCluster`] or [`crate::collection::arrangement::EditError::UnknownPicture`] where it
/// names what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Moves pictures by hand. From then on they are held where they are put.
    ///
    /// [`crate::collection::arrangement::EditError::NothingToEdit`] without pictures.
    Move {
        /// The pictures.
        pictures: Vec<ImageId>,
        /// The cluster that they come to; `None` sets them aside.
        to: Option<u32>,
    },
    /// Names a cluster; the name is cleaned as [`super::ClusterState::name`] says.
    ///
    /// [`crate::collection::arrangement::EditError::BadName`] when nothing is left of it.
    Rename {
        /// The cluster.
        id: u32,
        /// Its new name.
        name: String,
    },
    /// Makes one cluster of several: the first, whose name stays. It is locked when one of them was.
    ///
    /// [`crate::collection::arrangement::EditError::NothingToEdit`] with fewer than two different clusters.
    Merge {
        /// The clusters; those named twice count once.
        ids: Vec<u32>,
    },
    /// Makes several clusters of one. The largest part, of equal ones the first, keeps the id, the name, and those
    /// pictures that are in no part; each other becomes a cluster of its own, locked when the one was.
    ///
    /// [`crate::collection::arrangement::EditError::NothingToEdit`] with fewer than two parts that have pictures,
    /// [`crate::collection::arrangement::EditError::NotInCluster`], [`crate::collection::arrangement::EditError::PictureTwice`].
    Split {
        /// The cluster.
        id: u32,
        /// Its parts; those without pictures are passed over.
        parts: Vec<Vec<ImageId>>,
    },
    /// Makes a cluster and moves pictures there by hand, which are held from then on. There may be none.
    ///
    /// [`crate::collection::arrangement::EditError::BadName`] when nothing is left of the name.
    NewCluster {
        /// Its name; `None` for the default one.
        name: Option<String>,
        /// Its pictures.
        pictures: Vec<ImageId>,
    },
    /// Holds pictures where they are, or lets go of them; likewise locks clusters. A picture that is let go of stays held
    /// while its cluster is locked.
    ///
    /// [`crate::collection::arrangement::EditError::NothingToEdit`] when nothing is named.
    Lock {
        /// The pictures.
        pictures: Vec<ImageId>,
        /// The clusters.
        clusters: Vec<u32>,
        /// Whether to hold or to let go.
        on: bool,
    },
    /// Puts a clustering that had nothing to leave in the place of all clusters: it is numbered from 0, so that the same
    /// clustering has the same ids whatever was there before. Names and locks begin anew. What is in none is set aside.
    ///
    /// [`crate::collection::arrangement::EditError::NothingToEdit`] without clusters, [`crate::collection::arrangement::EditError::PictureTwice`].
    Regroup {
        /// The pictures of each cluster.
        clusters: Vec<Vec<ImageId>>,
    },
    /// Puts new clusters, from a clustering or from folders, in the place of all. What is in none of them is set aside.
    ///
    /// Who adopts is free to move what is held ([`super::Arrangement::held`] and [`super::Arrangement::surviving`] say what
    /// a clustering has to leave): a held picture that stays where it was remains held, one that is moved does not.
    ///
    /// [`crate::collection::arrangement::EditError::NothingToEdit`] without clusters, [`crate::collection::arrangement::EditError::BadName`],
    /// [`crate::collection::arrangement::EditError::PictureTwice`], [`crate::collection::arrangement::EditError::ClusterTwice`].
    Adopt {
        /// The clusters, in the order in which new ones get their ids.
        clusters: Vec<Adopted>,
        /// Whether to lock all of them; those that were locked before stay so.
        locked: bool,
    },
    /// Puts what was saved in the place of everything, under the ids that it was saved with; later clusters get higher
    /// ones. What is in no cluster is set aside.
    ///
    /// [`crate::collection::arrangement::EditError::NothingToEdit`] without clusters, [`crate::collection::arrangement::EditError::BadName`],
    /// [`crate::collection::arrangement::EditError::PictureTwice`], [`crate::collection::arrangement::EditError::ClusterTwice`],
    /// [`crate::collection::arrangement::EditError::TooManyClusters`] for the id 2^32 - 1.
    Restore {
        /// The clusters.
        clusters: Vec<Restored>,
        /// The pictures that are held for themselves, in a cluster or set aside; no others are.
        held: Vec<ImageId>,
    },
}

/// One of the clusters to adopt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// The cluster that goes on in this one; `None` for a new one.
    pub keep_id: Option<u32>,
    /// Its name, which counts as given; `None` leaves the name of one that is kept, and gives a new one the default name.
    pub name: Option<String>,
    /// Its pictures.
    pub pictures: Vec<ImageId>,
}

/// One of the clusters to restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Its id.
    pub id: u32,
    /// Its name, which is cleaned as [`super::ClusterState::name`] says.
    pub name: String,
    /// Where the name comes from.
    pub origin: NameOrigin,
    /// Whether it holds all its pictures.
    pub locked: bool,
    /// Its pictures.
    pub pictures: Vec<ImageId>,
}
