//! Planning an edit: the changes that it makes, checked against the state before anything changes.

mod replace;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::cluster_state::{DefaultNames, clean_name};
use super::step::{ClusterChange, Step};
use super::{Arrangement, ClusterState, Edit, EditError, Membership, NameOrigin};
use crate::collection::ImageId;

/// The changes that an edit makes.
pub(super) struct Plan {
    pub step: Step,
    /// The arrangement's next id after the changes.
    pub next_id: u32,
    default_names: DefaultNames,
}

impl Plan {
    fn create(&mut self, name: Option<String>, locked: bool) -> Result<u32, EditError> {
        let id = self.next_id;
        self.next_id = id.checked_add(1).ok_or(EditError::TooManyClusters)?;
        self.step.clusters.push(ClusterChange::Create(ClusterState::new(id, name, locked, &mut self.default_names)));
        Ok(id)
    }

    fn put(&mut self, images: impl IntoIterator<Item = ImageId>, membership: impl Fn(ImageId) -> Membership) {
        self.step.memberships.extend(images.into_iter().map(|image| (image, membership(image))));
    }
}

impl Arrangement {
    pub(super) fn plan(&self, edit: Edit) -> Result<Plan, EditError> {
        let default_names = DefaultNames::besides(self.clusters.values().map(|cluster| cluster.name.as_str()));
        let mut plan = Plan { step: Step::new(edit.kind()), next_id: self.next_id, default_names };
        match edit {
            Edit::Move { images, to } => self.plan_move(&mut plan, images, to)?,
            Edit::Rename { id, name } => {
                self.known(id)?;
                let name = clean_name(&name).ok_or(EditError::BadName)?;
                let given_name: Rc<str> = name.as_str().into();
                plan.step.clusters.push(ClusterChange::Name { id, name, origin: NameOrigin::Given });
                plan.put(self.members(id), |image| Membership {
                    given_name: Some(given_name.clone()),
                    ..self.membership(image)
                });
            }
            Edit::Merge { ids } => self.plan_merge(&mut plan, &ids)?,
            Edit::Split { id, parts } => self.plan_split(&mut plan, id, parts)?,
            Edit::NewCluster { name, images } => {
                self.check_images(&images)?;
                let name = given(name)?;
                let given_name: Option<Rc<str>> = name.as_deref().map(Rc::from);
                let id = plan.create(name, false)?;
                plan.put(images, |_| Membership { cluster: Some(id), pinned: true, given_name: given_name.clone() });
            }
            Edit::Lock { images, clusters, on } => self.plan_lock(&mut plan, images, clusters, on)?,
            Edit::Recluster { clusters } => self.plan_recluster(&mut plan, clusters)?,
            Edit::Adopt { clusters, from } => self.plan_adopt(&mut plan, clusters, from)?,
            Edit::Restore { clusters, pinned } => self.plan_restore(&mut plan, clusters, pinned)?,
        }
        Ok(plan)
    }

    fn plan_move(&self, plan: &mut Plan, images: Vec<ImageId>, to: Option<u32>) -> Result<(), EditError> {
        let given_name = to.map(|id| self.known(id)).transpose()?.and_then(ClusterState::given_name);
        self.check_images(&images)?;
        if images.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        plan.put(images, |_| Membership { cluster: to, pinned: true, given_name: given_name.clone() });
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
        let given_name = self.known(*first)?.given_name();
        for id in others {
            plan.put(self.members(id), |image| Membership {
                cluster: Some(*first),
                given_name: given_name.clone(),
                ..self.membership(image)
            });
            plan.step.clusters.push(ClusterChange::Remove(id));
        }
        Ok(())
    }

    fn plan_split(&self, plan: &mut Plan, id: u32, mut parts: Vec<Vec<ImageId>>) -> Result<(), EditError> {
        let locked = self.known(id)?.locked;
        self.check_images(parts.iter().flatten())?;
        check_distinct(parts.iter().flatten())?;
        if let Some(stray) = parts.iter().flatten().find(|image| self.cluster_of(**image) != Some(id)) {
            return Err(EditError::NotInCluster { image: stray.0, cluster: id });
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
                plan.put(part, |image| Membership { cluster: Some(new), ..self.membership(image) });
            }
        }
        Ok(())
    }

    fn plan_lock(&self, plan: &mut Plan, images: Vec<ImageId>, clusters: Vec<u32>, on: bool) -> Result<(), EditError> {
        self.check_images(&images)?;
        clusters.iter().try_for_each(|id| self.known(*id).map(drop))?;
        if images.is_empty() && clusters.is_empty() {
            return Err(EditError::NothingToEdit);
        }
        plan.put(images, |image| Membership { pinned: on, ..self.membership(image) });
        plan.step.clusters.extend(clusters.into_iter().map(|id| ClusterChange::Lock { id, locked: on }));
        Ok(())
    }

    /// The cluster with this id, which the edit names.
    fn known(&self, id: u32) -> Result<&ClusterState, EditError> {
        self.clusters.get(&id).ok_or(EditError::UnknownCluster { cluster: id })
    }

    fn check_images<'a>(&self, images: impl IntoIterator<Item = &'a ImageId>) -> Result<(), EditError> {
        match images.into_iter().find(|image| !self.contains(**image)) {
            Some(unknown) => Err(EditError::UnknownImage { image: unknown.0 }),
            None => Ok(()),
        }
    }

    fn membership(&self, image: ImageId) -> Membership {
        self.memberships.get(&image).cloned().unwrap_or_default()
    }
}

impl Membership {
    /// The membership after a clustering has put the image into `cluster`: moving it unpins it.
    fn moved(self, cluster: Option<u32>) -> Self {
        Self { cluster, pinned: self.pinned && self.cluster == cluster, ..self }
    }
}

/// The images as a set, if none occurs twice.
pub(super) fn check_distinct<'a>(
    images: impl IntoIterator<Item = &'a ImageId>,
) -> Result<BTreeSet<ImageId>, EditError> {
    let mut seen = BTreeSet::new();
    for image in images {
        if !seen.insert(*image) {
            return Err(EditError::ImageTwice { image: image.0 });
        }
    }
    Ok(seen)
}

/// An optional name, cleaned.
fn given(name: Option<String>) -> Result<Option<String>, EditError> {
    name.map(|name| clean_name(&name).ok_or(EditError::BadName)).transpose()
}
