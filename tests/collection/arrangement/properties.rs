//! Properties that hold for any sequence of edits, undos, suggested names and images that come and go.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// Something that happens to an arrangement, in numbers that fit any.
#[derive(Clone, Debug)]
enum Event {
    Edit(Edit),
    /// Splits one of the clusters, its pictures dealt out by these numbers.
    Split(usize, Vec<usize>),
    /// Adopts clusters, which keep ids where they are told to; picture `i` comes into the one of number `i`, if there is.
    Adopt(Vec<bool>, Vec<usize>, bool),
    /// Regroups everything into so many clusters; picture `i` comes into the one of number `i`, if there is.
    Regroup(usize, Vec<usize>),
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
    prop_oneof![
        2 => (some(), prop::option::of(id())).prop_map(|(pictures, to)| Event::Edit(Edit::Move { pictures, to })),
        1 => (id(), "[ab ]{0,2}").prop_map(|(id, name)| Event::Edit(Edit::Rename { id, name })),
        2 => prop::collection::vec(id(), 0..4).prop_map(|ids| Event::Edit(Edit::Merge { ids })),
        1 => (prop::option::of("[ab ]{0,2}"), some())
            .prop_map(|(name, pictures)| Event::Edit(Edit::NewCluster { name, pictures })),
        1 => (some(), prop::collection::vec(id(), 0..3), any::<bool>())
            .prop_map(|(pictures, clusters, on)| Event::Edit(Edit::Lock { pictures, clusters, on })),
        2 => (0_usize..9, numbers()).prop_map(|(which, numbers)| Event::Split(which, numbers)),
        2 => (prop::collection::vec(any::<bool>(), 1..4), numbers(), any::<bool>())
            .prop_map(|(keep, numbers, locked)| Event::Adopt(keep, numbers, locked)),
        1 => (0_usize..6, numbers()).prop_map(|(count, numbers)| Event::Regroup(count, numbers)),
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

/// The edit that an event is for this arrangement.
fn edit_of(arrangement: &Arrangement, event: &Event) -> Option<Edit> {
    let ids = ids(arrangement);
    match event {
        Event::Edit(edit) => Some(edit.clone()),
        Event::Split(which, numbers) => {
            let id = *ids.get(which % ids.len().max(1))?;
            let mut parts = vec![Vec::new(); 5];
            for (picture, number) in arrangement.members(id).zip(numbers) {
                parts[*number].push(picture);
            }
            Some(Edit::Split { id, parts })
        }
        Event::Adopt(keep, numbers, locked) => {
            let mut old = ids.into_iter();
            let keep_id = |keep: &bool| Adopted { keep_id: old.next().filter(|_| *keep), ..Adopted::default() };
            let mut clusters: Vec<Adopted> = keep.iter().map(keep_id).collect();
            for picture in (0..12).map(ImageId).filter(|picture| arrangement.contains(*picture)) {
                if let Some(cluster) = clusters.get_mut(numbers[picture.0 as usize]) {
                    cluster.pictures.push(picture);
                }
            }
            Some(Edit::Adopt { clusters, locked: *locked })
        }
        Event::Regroup(count, numbers) => {
            let mut clusters = vec![Vec::new(); *count];
            for picture in (0..12).map(ImageId).filter(|picture| arrangement.contains(*picture)) {
                if let Some(cluster) = clusters.get_mut(numbers[picture.0 as usize]) {
                    cluster.push(picture);
                }
            }
            Some(Edit::Regroup { clusters })
        }
        _ => None,
    }
}

fn happen(arrangement: &mut Arrangement, event: &Event) {
    if let Some(edit) = edit_of(arrangement, event) {
        let (before, revision) = (state(arrangement), arrangement.revision());
        let clustering = arrangement.apply(edit);
        let changed = state(arrangement) != before;
        assert_eq!(arrangement.revision() != revision, changed);
        assert!(clustering.is_ok() || !changed);
    }
    match event {
        Event::Undo => drop(arrangement.undo()),
        Event::Redo => drop(arrangement.redo()),
        Event::Suggest(id, name) => arrangement.suggest_names([(*id, name.clone())]),
        Event::Add(pictures) => arrangement.add(pictures.clone()),
        Event::Remove(pictures) => arrangement.remove(pictures.clone()),
        _ => {}
    }
}

/// Every known picture is in exactly one place, and no place is one that is not there.
fn check(arrangement: &Arrangement) {
    let mut places = 0;
    for cluster in arrangement.clusters() {
        let listed: Vec<ImageId> = arrangement.members(cluster.id).collect();
        assert!(listed.is_sorted() && listed.iter().all(|one| arrangement.cluster_of(*one) == Some(cluster.id)));
        assert_eq!(listed.len(), arrangement.size(cluster.id));
        places += listed.len();
    }
    let aside: Vec<ImageId> = arrangement.set_aside().collect();
    assert!(aside.iter().all(|one| arrangement.contains(*one) && arrangement.cluster_of(*one).is_none()));
    assert_eq!(places + aside.len(), arrangement.pictures());
    assert!(arrangement.surviving().iter().all(|id| arrangement.cluster(*id).is_some()));
    let read: Arrangement = serde_json::from_value(serde_json::to_value(arrangement).unwrap()).unwrap();
    assert_eq!(state(&read), state(arrangement));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn edits_undone_give_back_the_start_and_redone_the_end(sequence in prop::collection::vec(edits(), 1..25)) {
        let mut arrangement = three_clusters();
        let mut states = vec![state(&arrangement)];
        for event in &sequence {
            happen(&mut arrangement, event);
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
    fn nothing_is_lost_whatever_happens(sequence in prop::collection::vec(events(), 1..60)) {
        let mut arrangement = three_clusters();
        let mut known: BTreeSet<ImageId> = (0..10).map(ImageId).collect();
        for event in &sequence {
            happen(&mut arrangement, event);
            check(&arrangement);
            match event {
                Event::Add(pictures) => known.extend(pictures),
                Event::Remove(pictures) => known.retain(|picture| !pictures.contains(picture)),
                _ => {}
            }
            prop_assert_eq!(arrangement.pictures(), known.len());
            prop_assert!(known.iter().all(|picture| arrangement.contains(*picture)));
        }
        while arrangement.undo() {
            check(&arrangement);
        }
        prop_assert_eq!(ids(&arrangement), Vec::<u32>::new());
    }

    #[test]
    fn a_new_id_is_new_for_ever(sequence in prop::collection::vec(events(), 1..60)) {
        let mut arrangement = three_clusters();
        let mut used: BTreeSet<u32> = ids(&arrangement).into_iter().collect();
        for event in &sequence {
            let made_anew = edit_of(&arrangement, event).is_some();
            let before = ids(&arrangement);
            happen(&mut arrangement, event);
            for id in ids(&arrangement).into_iter().filter(|id| !before.contains(id)) {
                let new = used.insert(id);
                // A regrouping numbers from 0 and may come to any id, used or not.
                prop_assert!(matches!(event, Event::Regroup(..)) || new == made_anew);
            }
        }
    }
}
