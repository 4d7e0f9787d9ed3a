//! Planning the edits that replace all clusters.

use std::collections::BTreeSet;

use super::{Plan, check_distinct, given};
use crate::collection::ImageId;
use crate::collection::arrangement::cluster_state::clean_name;
use crate::collection::arrangement::step::ClusterChange;
use crate::collection::arrangement::{Adopted, Arrangement, ClusterState, EditError, Membership, NameOrigin, Restored};
use crate::collection::clustering::default_name;

impl Arrangement {
    pub(super) fn plan_adopt(&self, plan: &mut Plan, adopted: Vec<Adopted>, locked: bool) -> Result<(), EditError> {
        if adopted.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_images(adopted.iter().flat_map(|one| &one.images))?;
        let listed = check_distinct(adopted.iter().flat_map(|one| &one.images))?;
        let mut kept = BTreeSet::new();
        for Adopted { keep_id, name, images } in adopted {
            let name = given(name)?;
            let id = match keep_id {
                None => plan.create(name, locked)?,
                Some(id) => {
                    let cluster = self.known(id)?;
                    if !kept.insert(id) {
                        return Err(EditError::ClusterTwice { cluster: id });
                    }
                    plan.step.clusters.push(ClusterChange::Lock { id, locked: cluster.locked || locked });
                    let name = name.map(|name| ClusterChange::Name { id, name, origin: NameOrigin::Given });
                    plan.step.clusters.extend(name);
                    id
                }
            };
            plan.put(images, |image| self.membership(image).moved(Some(id)));
        }
        plan.put(self.memberships.keys().copied().filter(|image| !listed.contains(image)), |image| {
            self.membership(image).moved(None)
        });
        let dropped = self.clusters.keys().filter(|id| !kept.contains(id));
        plan.step.clusters.extend(dropped.map(|id| ClusterChange::Remove(*id)));
        Ok(())
    }

    pub(super) fn plan_recluster(&self, plan: &mut Plan, clusters: Vec<Vec<ImageId>>) -> Result<(), EditError> {
        if clusters.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_images(clusters.iter().flatten())?;
        let listed = check_distinct(clusters.iter().flatten())?;
        let count = u32::try_from(clusters.len()).map_err(|_| EditError::TooManyClusters)?;
        plan.next_id = plan.next_id.max(count);
        for (id, images) in (0..count).zip(clusters) {
            if self.clusters.contains_key(&id) {
                let name = ClusterChange::Name { id, name: default_name(id), origin: NameOrigin::Default };
                plan.step.clusters.extend([name, ClusterChange::Lock { id, locked: false }]);
            } else {
                plan.step.clusters.push(ClusterChange::Create(ClusterState::new(id, None, false)));
            }
            plan.put(images, |_| Membership { cluster: Some(id), pinned: false });
        }
        plan.put(self.memberships.keys().copied().filter(|image| !listed.contains(image)), |image| {
            self.membership(image).moved(None)
        });
        plan.step.clusters.extend(self.clusters.keys().filter(|id| **id >= count).map(|id| ClusterChange::Remove(*id)));
        Ok(())
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
            if self.clusters.contains_key(&id) {
                let name = ClusterChange::Name { id, name, origin: name_origin };
                plan.step.clusters.extend([name, ClusterChange::Lock { id, locked }]);
            } else {
                plan.step.clusters.push(ClusterChange::Create(ClusterState { id, name, name_origin, locked }));
            }
            plan.put(images, |image| Membership { cluster: Some(id), pinned: pinned.contains(&image) });
        }
        plan.put(self.memberships.keys().copied().filter(|image| !listed.contains(image)), |image| Membership {
            cluster: None,
            pinned: pinned.contains(&image),
        });
        let dropped = self.clusters.keys().filter(|id| !kept.contains(id));
        plan.step.clusters.extend(dropped.map(|id| ClusterChange::Remove(*id)));
        Ok(())
    }
}
