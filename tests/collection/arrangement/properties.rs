//! Properties that hold for any sequence of edits, undos, suggested names and images that come and go.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// An event, described in numbers that fit any arrangement.
#[derive(Clone, Debug)]
enum Event {
    Edit(Edit),
    /// Splits one of the clusters; its images go to the parts with these numbers.
    Split(usize, Vec<usize>),
    /// Adopts clusters, some of which keep an id; image `i` goes to the cluster with number `numbers[i]`, if it exists.
    Adopt(Vec<bool>, Vec<usize>, Adoption),
    /// Reclusters into this many clusters; image `i` goes to the cluster with number `numbers[i]`, if it exists.
    Recluster(usize, Vec<usize>),
    Undo,
    Redo,
    Suggest(u32, String),
    Add(Vec<ImageId>),
    Remove(Vec<ImageId>),
}

fn edits() -> impl Strategy<Value = Event> {
    let some = || prop::collection::vec((0_u32..12).prop_map(ImageId), 0..6);
    let id = || 0_u32..9;
    let numbers = || prop::collection::vec(0_usize..5, 12);
    let adoption = || prop::sample::select(vec![Adoption::Search, Adoption::Folders, Adoption::Join]);
    prop_oneof![
        2 => (some(), prop::option::of(id())).prop_map(|(images, to)| Event::Edit(Edit::Move { images, to })),
        1 => (id(), "[ab ]{0,2}").prop_map(|(id, name)| Event::Edit(Edit::Rename { id, name })),
        2 => prop::collection::vec(id(), 0..4).prop_map(|ids| Event::Edit(Edit::Merge { ids })),
        1 => (prop::option::of("[ab ]{0,2}"), some())
            .prop_map(|(name, images)| Event::Edit(Edit::NewCluster { name, images })),
        1 => (some(), prop::collection::vec(id(), 0..3), any::<bool>())
            .prop_map(|(images, clusters, on)| Event::Edit(Edit::Lock { images, clusters, on })),
        2 => (0_usize..9, numbers()).prop_map(|(which, numbers)| Event::Split(which, numbers)),
        2 => (prop::collection::vec(any::<bool>(), 1..4), numbers(), adoption())
            .prop_map(|(keep, numbers, from)| Event::Adopt(keep, numbers, from)),
        1 => (0_usize..6, numbers()).prop_map(|(count, numbers)| Event::Recluster(count, numbers)),
    ]
}

fn events() -> impl Strategy<Value = Event> {
    let some = || prop::collection::vec((0_u32..12).prop_map(ImageId), 1..5);
    prop_oneof![
        5 => edits(),
        3 => Just(Event::Undo),
        2 => Just(Event::Redo),
        1 => (0_u32..9, "[ab]{1,2}").prop_map(|(id, name)| Event::Suggest(id, name)),
        1 => some().prop_map(Event::Add),
        1 => some().prop_map(Event::Remove),
    ]
}

/// The edit that an event stands for in this arrangement.
fn edit_of(arrangement: &Arrangement, event: &Event) -> Option<Edit> {
    let ids = ids(arrangement);
    match event {
        Event::Edit(edit) => Some(edit.clone()),
        Event::Split(which, numbers) => {
            let id = *ids.get(which % ids.len().max(1))?;
            let mut parts = vec![Vec::new(); 5];
            for (image, number) in arrangement.members(id).zip(numbers) {
                parts[*number].push(image);
            }
            Some(Edit::Split { id, parts })
        }
        Event::Adopt(keep, numbers, from) => {
            let mut old = ids.into_iter();
            let keep_id = |keep: &bool| Adopted { keep_id: old.next().filter(|_| *keep), ..Adopted::default() };
            let mut clusters: Vec<Adopted> = keep.iter().map(keep_id).collect();
            for image in (0..12).map(ImageId).filter(|image| arrangement.contains(*image)) {
                if let Some(cluster) = clusters.get_mut(numbers[image.0 as usize]) {
                    cluster.images.push(image);
                }
            }
            Some(Edit::Adopt { clusters, from: *from })
        }
        Event::Recluster(count, numbers) => {
            let mut clusters = vec![Vec::new(); *count];
            for image in (0..12).map(ImageId).filter(|image| arrangement.contains(*image)) {
                if let Some(cluster) = clusters.get_mut(numbers[image.0 as usize]) {
                    cluster.push(image);
                }
            }
            Some(Edit::Recluster { clusters })
        }
        _ => None,
    }
}

fn perform(arrangement: &mut Arrangement, event: &Event) {
    if let Some(edit) = edit_of(arrangement, event) {
        let (before, revision) = (state(arrangement), arrangement.revision());
        let result = arrangement.apply(edit);
        let changed = state(arrangement) != before;
        assert_eq!(arrangement.revision() != revision, changed);
        assert!(result.is_ok() || !changed);
    }
    match event {
        Event::Undo => drop(arrangement.undo()),
        Event::Redo => drop(arrangement.redo()),
        Event::Suggest(id, name) => arrangement.suggest_names([(*id, name.clone())]),
        Event::Add(images) => arrangement.add(images.clone()),
        Event::Remove(images) => arrangement.remove(images.clone()),
        _ => {}
    }
}

/// Checks that every known image is in exactly one place and that all places exist.
fn check(arrangement: &Arrangement) {
    let mut places = 0;
    for cluster in arrangement.clusters() {
        let listed: Vec<ImageId> = arrangement.members(cluster.id).collect();
        assert!(listed.is_sorted() && listed.iter().all(|one| arrangement.cluster_of(*one) == Some(cluster.id)));
        assert_eq!(listed.len(), arrangement.size(cluster.id));
        places += listed.len();
    }
    let unassigned: Vec<ImageId> = arrangement.unassigned().collect();
    assert!(unassigned.iter().all(|one| arrangement.contains(*one) && arrangement.cluster_of(*one).is_none()));
    assert_eq!(places + unassigned.len(), arrangement.image_count());
    assert!(arrangement.surviving().iter().all(|id| arrangement.cluster(*id).is_some()));
    let read: Arrangement = serde_json::from_value(serde_json::to_value(arrangement).unwrap()).unwrap();
    assert_eq!(state(&read), state(arrangement));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn undoing_all_edits_restores_the_start_and_redoing_them_the_end(sequence in prop::collection::vec(edits(), 1..25)) {
        let mut arrangement = three_clusters();
        let mut states = vec![state(&arrangement)];
        for event in &sequence {
            perform(&mut arrangement, event);
            check(&arrangement);
            if states.last() != Some(&state(&arrangement)) {
                states.push(state(&arrangement));
            }
        }
        for before in states.iter().rev().skip(1) {
            prop_assert!(arrangement.undo());
            prop_assert_eq!(&state(&arrangement), before);
        }
        for after in &states[1..] {
            prop_assert!(arrangement.redo());
            prop_assert_eq!(&state(&arrangement), after);
        }
        prop_assert!(!arrangement.can_redo());
    }

    #[test]
    fn no_image_is_lost_by_any_sequence_of_events(sequence in prop::collection::vec(events(), 1..60)) {
        let mut arrangement = three_clusters();
        let mut known: BTreeSet<ImageId> = (0..10).map(ImageId).collect();
        for event in &sequence {
            perform(&mut arrangement, event);
            check(&arrangement);
            match event {
                Event::Add(images) => known.extend(images),
                Event::Remove(images) => known.retain(|image| !images.contains(image)),
                _ => {}
            }
            prop_assert_eq!(arrangement.image_count(), known.len());
            prop_assert!(known.iter().all(|image| arrangement.contains(*image)));
        }
        while arrangement.undo() {
            check(&arrangement);
        }
        prop_assert_eq!(ids(&arrangement), [0, 1, 2], "undo stops at the first clusters");
    }

    #[test]
    fn new_ids_are_never_reused(sequence in prop::collection::vec(events(), 1..60)) {
        let mut arrangement = three_clusters();
        let mut used: BTreeSet<u32> = ids(&arrangement).into_iter().collect();
        for event in &sequence {
            let is_edit = edit_of(&arrangement, event).is_some();
            let before = ids(&arrangement);
            perform(&mut arrangement, event);
            for id in ids(&arrangement).into_iter().filter(|id| !before.contains(id)) {
                let new = used.insert(id);
                // Reclustering numbers from 0 and may assign any id, used or not.
                prop_assert!(matches!(event, Event::Recluster(..)) || new == is_edit);
            }
        }
    }
}
