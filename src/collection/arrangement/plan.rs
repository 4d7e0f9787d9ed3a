//! From an edit to the changes that it makes. Everything is checked before anything changes.

use std::collections::BTreeSet;

use super::cluster::clean_name;
use super::step::{ClusterChange, Step};
use super::{Adopted, Arrangement, ClusterState, Edit, NameOrigin, Restored, Spot};
use crate::collection::ImageId;
use crate::collection::arrangement::EditError;
use crate::collection::clustering::default_name;

/// The changes that an edit makes.
pub(super) struct Plan {
    pub step: Step,
    /// The arrangement's next id after them.
    pub next_id: u32,
}

impl Plan {
    fn create(&mut self, name: Option<String>, locked: bool) -> Result<u32, EditError> {
        let id = self.next_id;
        self.next_id = id.checked_add(1).ok_or(EditError::TooManyClusters)?;
        self.step.clusters.push(ClusterChange::Create(ClusterState::new(id, name, locked)));
        Ok(id)
    }

    fn put(&mut self, pictures: impl IntoIterator<Item = ImageId>, spot: impl Fn(ImageId) -> Spot) {
        self.step.spots.extend(pictures.into_iter().map(|picture| (picture, spot(picture))));
    }
}

impl Arrangement {
    pub(super) fn plan(&self, edit: Edit) -> Result<Plan, EditError> {
        let mut plan = Plan { step: Step::default(), next_id: self.next_id };
        match edit {
            Edit::Move { pictures, to } => self.plan_move(&mut plan, pictures, to)?,
            Edit::Rename { id, name } => {
                self.known(id)?;
                let name = clean_name(&name).ok_or(EditError::BadName)?;
                plan.step.clusters.push(ClusterChange::Name { id, name, origin: NameOrigin::Given });
            }
            Edit::Merge { ids } => self.plan_merge(&mut plan, &ids)?,
            Edit::Split { id, parts } => self.plan_split(&mut plan, id, parts)?,
            Edit::NewCluster { name, pictures } => {
                self.check_pictures(&pictures)?;
                let id = plan.create(given(name)?, false)?;
                plan.put(pictures, |_| Spot { cluster: Some(id), held: true });
            }
            Edit::Lock { pictures, clusters, on } => self.plan_lock(&mut plan, pictures, clusters, on)?,
            Edit::Regroup { clusters } => self.plan_regroup(&mut plan, clusters)?,
            Edit::Adopt { clusters, locked } => self.plan_adopt(&mut plan, clusters, locked)?,
            Edit::Restore { clusters, held } => self.plan_restore(&mut plan, clusters, held)?,
        }
        Ok(plan)
    }

    fn plan_move(&self, plan: &mut Plan, pictures: Vec<ImageId>, to: Option<u32>) -> Result<(), EditError> {
        to.map(|id| self.known(id)).transpose()?;
        self.check_pictures(&pictures)?;
        if pictures.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        plan.put(pictures, |_| Spot { cluster: to, held: true });
        Ok(())
    }

    fn plan_merge(&self, plan: &mut Plan, ids: &[u32]) -> Result<(), EditError> {
        let mut locked = false;
        for id in ids {
            locked |= self.known(*id)?.locked;
        }
        let [first, rest @ ..] = ids else { return Err(EditError::NothingToEdit) };
        let others: BTreeSet<u32> = rest.iter().copied().filter(|id| id != first).collect();
        if others.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        plan.step.clusters.push(ClusterChange::Lock { id: *first, locked });
        for id in others {
            plan.put(self.members(id), |picture| Spot { cluster: Some(*first), ..self.spot(picture) });
            plan.step.clusters.push(ClusterChange::Remove(id));
        }
        Ok(())
    }

    fn plan_split(&self, plan: &mut Plan, id: u32, mut parts: Vec<Vec<ImageId>>) -> Result<(), EditError> {
        let locked = self.known(id)?.locked;
        self.check_pictures(parts.iter().flatten())?;
        check_distinct(parts.iter().flatten())?;
        if let Some(stray) = parts.iter().flatten().find(|picture| self.cluster_of(**picture) != Some(id)) {
            return Err(EditError::NotInCluster { picture: stray.0, cluster: id });
        }
        parts.retain(|part| !part.is_empty());
        if parts.len() < 2 {
            return Err(EditError::NothingToEdit);
        }
        let largest = parts.iter().map(Vec::len).max();
        let keeper = parts.iter().position(|part| Some(part.len()) == largest);
        for (index, part) in parts.into_iter().enumerate() {
            if Some(index) != keeper {
                let new = plan.create(None, locked)?;
                plan.put(part, |picture| Spot { cluster: Some(new), ..self.spot(picture) });
            }
        }
        Ok(())
    }

    fn plan_lock(
        &self,
        plan: &mut Plan,
        pictures: Vec<ImageId>,
        clusters: Vec<u32>,
        on: bool,
    ) -> Result<(), EditError> {
        self.check_pictures(&pictures)?;
        clusters.iter().try_for_each(|id| self.known(*id).map(drop))?;
        if pictures.is_empty() && clusters.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        plan.put(pictures, |picture| Spot { held: on, ..self.spot(picture) });
        plan.step.clusters.extend(clusters.into_iter().map(|id| ClusterChange::Lock { id, locked: on }));
        Ok(())
    }

    fn plan_adopt(&self, plan: &mut Plan, adopted: Vec<Adopted>, locked: bool) -> Result<(), EditError> {
        if adopted.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_pictures(adopted.iter().flat_map(|one| &one.pictures))?;
        let listed = check_distinct(adopted.iter().flat_map(|one| &one.pictures))?;
        let mut kept = BTreeSet::new();
        for Adopted { keep_id, name, pictures } in adopted {
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
            plan.put(pictures, |picture| self.spot(picture).moved(Some(id)));
        }
        plan.put(self.spots.keys().copied().filter(|picture| !listed.contains(picture)), |picture| {
            self.spot(picture).moved(None)
        });
        let dropped = self.clusters.keys().filter(|id| !kept.contains(id));
        plan.step.clusters.extend(dropped.map(|id| ClusterChange::Remove(*id)));
        Ok(())
    }

    fn plan_regroup(&self, plan: &mut Plan, clusters: Vec<Vec<ImageId>>) -> Result<(), EditError> {
        if clusters.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_pictures(clusters.iter().flatten())?;
        let listed = check_distinct(clusters.iter().flatten())?;
        let count = u32::try_from(clusters.len()).map_err(|_| EditError::TooManyClusters)?;
        plan.next_id = plan.next_id.max(count);
        for (id, pictures) in (0..count).zip(clusters) {
            if self.clusters.contains_key(&id) {
                let name = ClusterChange::Name { id, name: default_name(id), origin: NameOrigin::Default };
                plan.step.clusters.extend([name, ClusterChange::Lock { id, locked: false }]);
            } else {
                plan.step.clusters.push(ClusterChange::Create(ClusterState::new(id, None, false)));
            }
            plan.put(pictures, |_| Spot { cluster: Some(id), held: false });
        }
        plan.put(self.spots.keys().copied().filter(|picture| !listed.contains(picture)), |picture| {
            self.spot(picture).moved(None)
        });
        plan.step.clusters.extend(self.clusters.keys().filter(|id| **id >= count).map(|id| ClusterChange::Remove(*id)));
        Ok(())
    }

    fn plan_restore(&self, plan: &mut Plan, restored: Vec<Restored>, held: Vec<ImageId>) -> Result<(), EditError> {
        if restored.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        self.check_pictures(restored.iter().flat_map(|one| &one.pictures).chain(&held))?;
        let listed = check_distinct(restored.iter().flat_map(|one| &one.pictures))?;
        let held: BTreeSet<ImageId> = held.into_iter().collect();
        let mut kept = BTreeSet::new();
        for Restored { id, name, origin: name_origin, locked, pictures } in restored {
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
            plan.put(pictures, |picture| Spot { cluster: Some(id), held: held.contains(&picture) });
        }
        plan.put(self.spots.keys().copied().filter(|picture| !listed.contains(picture)), |picture| Spot {
            cluster: None,
            held: held.contains(&picture),
        });
        let dropped = self.clusters.keys().filter(|id| !kept.contains(id));
        plan.step.clusters.extend(dropped.map(|id| ClusterChange::Remove(*id)));
        Ok(())
    }

    fn known(&self, id: u32) -> Result<&ClusterState, EditError> {
        self.clusters.get(&id).ok_or(EditError::UnknownCluster { cluster: id })
    }

    fn check_pictures<'a>(&self, pictures: impl IntoIterator<Item = &'a ImageId>) -> Result<(), EditError> {
        match pictures.into_iter().find(|picture| !self.contains(**picture)) {
            Some(unknown) => Err(EditError::UnknownPicture { picture: unknown.0 }),
            None => Ok(()),
        }
    }

    fn spot(&self, picture: ImageId) -> Spot {
        self.spots.get(&picture).copied().unwrap_or_default()
    }
}

impl Spot {
    /// This spot after a clustering has put the picture into `cluster`.
    fn moved(self, cluster: Option<u32>) -> Self {
        Self { cluster, held: self.held && self.cluster == cluster }
    }
}

/// The pictures, when each is there once.
pub(super) fn check_distinct<'a>(
    pictures: impl IntoIterator<Item = &'a ImageId>,
) -> Result<BTreeSet<ImageId>, EditError> {
    let mut seen = BTreeSet::new();
    for picture in pictures {
        if !seen.insert(*picture) {
            return Err(EditError::PictureTwice { picture: picture.0 });
        }
    }
    Ok(seen)
}

/// A name that may be left out, cleaned.
fn given(name: Option<String>) -> Result<Option<String>, EditError> {
    name.map(|name| clean_name(&name).ok_or(EditError::BadName)).transpose()
}
