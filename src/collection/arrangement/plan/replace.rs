//! Planning the edits that replace all clusters.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Plan, check_distinct, given};
use crate::collection::ImageId;
use crate::collection::arrangement::cluster_state::{DefaultNames, clean_name};
use crate::collection::arrangement::step::ClusterChange;
use crate::collection::arrangement::{
    Adopted, Adoption, Arrangement, ClusterState, EditError, Membership, NameOrigin, Restored,
};

impl Arrangement {
    pub(super) fn plan_adopt(&self, plan: &mut Plan, adopted: Vec<Adopted>, from: Adoption) -> Result<(), EditError> {
        if adopted.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_images(adopted.iter().flat_map(|one| &one.images))?;
        let listed = check_distinct(adopted.iter().flat_map(|one| &one.images))?;
        let locks = from == Adoption::Folders;
        let mut kept = BTreeSet::new();
        // The clusters that begin without a name, by their place: those that are new, and those whose suggestion is outdated.
        let mut unnamed = Vec::new();
        let mut names = Vec::new();
        for (place, Adopted { keep_id, name, .. }) in adopted.iter().enumerate() {
            let mut name = given(name.clone())?;
            if let Some(id) = *keep_id {
                let cluster = self.known(id)?;
                if !kept.insert(id) {
                    return Err(EditError::ClusterTwice { cluster: id });
                }
                let is_outdated =
                    from == Adoption::Search && !cluster.locked && cluster.name_origin != NameOrigin::Given;
                name = name.or_else(|| (!is_outdated).then(|| cluster.name.clone()));
            }
            if name.is_none() {
                unnamed.push(place);
            }
            names.push(name);
        }
        self.let_names_follow(&adopted, &unnamed, &mut names);
        plan.default_names = DefaultNames::besides(names.iter().flatten().map(String::as_str));
        for (Adopted { keep_id, name, images }, full_name) in adopted.into_iter().zip(names) {
            let id = match keep_id {
                None => plan.create(full_name, locks)?,
                Some(id) => {
                    let known = self.known(id)?;
                    let (name, name_origin) = match full_name {
                        Some(full_name) if name.is_some() => (full_name, NameOrigin::Given),
                        Some(full_name) => (full_name, known.name_origin),
                        None => (plan.default_names.next(), NameOrigin::Default),
                    };
                    let replaced = ClusterState { id, name, name_origin, locked: known.locked || locks };
                    plan.step.clusters.push(ClusterChange::Replace(replaced));
                    id
                }
            };
            let given_name: Option<Rc<str>> = given(name)?.as_deref().map(Rc::from);
            plan.put(images, |image| {
                let moved = self.membership(image).moved(Some(id));
                Membership { given_name: given_name.clone().or(moved.given_name), ..moved }
            });
        }
        plan.put(self.memberships.keys().copied().filter(|image| !listed.contains(image)), |image| {
            self.membership(image).moved(None)
        });
        let dropped = self.clusters.keys().filter(|id| !kept.contains(id));
        plan.step.clusters.extend(dropped.map(|id| ClusterChange::Remove(*id)));
        Ok(())
    }

    /// Gives the new clusters among `unnamed` the given names that follow their images, unless another cluster has the name.
    fn let_names_follow(&self, adopted: &[Adopted], unnamed: &[usize], names: &mut [Option<String>]) {
        let new: Vec<usize> = unnamed.iter().copied().filter(|&place| adopted[place].keep_id.is_none()).collect();
        let images: Vec<&[ImageId]> = new.iter().map(|&place| adopted[place].images.as_slice()).collect();
        let taken: BTreeSet<String> = names.iter().flatten().cloned().collect();
        for (place, name) in new.into_iter().zip(self.following_names(&images)) {
            names[place] = name.filter(|name| !taken.contains(&**name)).map(|name| name.as_ref().to_owned());
        }
    }

    pub(super) fn plan_recluster(&self, plan: &mut Plan, clusters: Vec<Vec<ImageId>>) -> Result<(), EditError> {
        if clusters.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_images(clusters.iter().flatten())?;
        let listed = check_distinct(clusters.iter().flatten())?;
        let count = u32::try_from(clusters.len()).map_err(|_| EditError::TooManyClusters)?;
        plan.next_id = plan.next_id.max(count);
        if self.is_arranged_as(&clusters) {
            // The same clustering has the same names.
            plan.step.clusters.extend(self.clusters.keys().map(|&id| ClusterChange::Lock { id, locked: false }));
        } else {
            let images: Vec<&[ImageId]> = clusters.iter().map(Vec::as_slice).collect();
            let names = self.following_names(&images);
            plan.default_names = DefaultNames::besides(names.iter().flatten().map(|name| &**name));
            for (id, name) in (0..count).zip(names) {
                let name = name.map(|name| name.as_ref().to_owned());
                let cluster = ClusterState::new(id, name, false, &mut plan.default_names);
                plan.step.clusters.push(ClusterChange::Replace(cluster));
            }
            let dropped = self.clusters.keys().filter(|id| **id >= count);
            plan.step.clusters.extend(dropped.map(|id| ClusterChange::Remove(*id)));
        }
        for (id, images) in (0..count).zip(clusters) {
            plan.put(images, |image| Membership { cluster: Some(id), pinned: false, ..self.membership(image) });
        }
        plan.put(self.memberships.keys().copied().filter(|image| !listed.contains(image)), |image| {
            self.membership(image).moved(None)
        });
        Ok(())
    }

    /// Whether these are the clusters, with their places as ids.
    fn is_arranged_as(&self, clusters: &[Vec<ImageId>]) -> bool {
        let is_same = |(id, images): (u32, &Vec<ImageId>)| {
            self.clusters.contains_key(&id)
                && self.size(id) == images.len()
                && images.iter().all(|&image| self.cluster_of(image) == Some(id))
        };
        self.clusters.len() == clusters.len() && (0..).zip(clusters).all(is_same)
    }

    pub(super) fn plan_restore(
        &self,
        plan: &mut Plan,
        restored: Vec<Restored>,
        pinned: Vec<ImageId>,
    ) -> Result<(), EditError> {
        if restored.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_images(restored.iter().flat_map(|one| &one.images).chain(&pinned))?;
        let listed = check_distinct(restored.iter().flat_map(|one| &one.images))?;
        let pinned: BTreeSet<ImageId> = pinned.into_iter().collect();
        let mut kept = BTreeSet::new();
        for Restored { id, name, origin: name_origin, locked, images } in restored {
            let name = clean_name(&name).ok_or(EditError::BadName)?;
            if !kept.insert(id) {
                return Err(EditError::ClusterTwice { cluster: id });
            }
            plan.next_id = plan.next_id.max(id.checked_add(1).ok_or(EditError::TooManyClusters)?);
            let cluster = ClusterState { id, name, name_origin, locked };
            let given_name = cluster.given_name();
            plan.step.clusters.push(ClusterChange::Replace(cluster));
            plan.put(images, |image| Membership {
                cluster: Some(id),
                pinned: pinned.contains(&image),
                given_name: given_name.clone(),
            });
        }
        plan.put(self.memberships.keys().copied().filter(|image| !listed.contains(image)), |image| Membership {
            cluster: None,
            pinned: pinned.contains(&image),
            given_name: None,
        });
        let dropped = self.clusters.keys().filter(|id| !kept.contains(id));
        plan.step.clusters.extend(dropped.map(|id| ClusterChange::Remove(*id)));
        Ok(())
    }
}
