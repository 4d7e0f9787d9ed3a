//! The editing model: what each edit does, what is refused, and that nothing is lost through any sequence of edits.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use shoal::collection::ImageId;
use shoal::collection::arrangement::EditError;
use shoal::collection::arrangement::{Adopted, Arrangement, Edit, NameOrigin};
use shoal::error::Coded;

fn pictures(ids: impl IntoIterator<Item = u32>) -> Vec<ImageId> {
    ids.into_iter().map(ImageId).collect()
}

fn adopted(keep_id: Option<u32>, name: Option<&str>, ids: impl IntoIterator<Item = u32>) -> Adopted {
    Adopted { keep_id, name: name.map(str::to_owned), pictures: pictures(ids) }
}

fn adopt(clusters: &[Adopted]) -> Edit {
    Edit::Adopt { clusters: clusters.to_vec(), locked: false }
}

fn regroup(clusters: &[&[u32]]) -> Edit {
    Edit::Regroup { clusters: clusters.iter().map(|cluster| pictures(cluster.iter().copied())).collect() }
}

fn move_to(ids: impl IntoIterator<Item = u32>, to: Option<u32>) -> Edit {
    Edit::Move { pictures: pictures(ids), to }
}

fn rename(id: u32, name: &str) -> Edit {
    Edit::Rename { id, name: name.into() }
}

fn split(id: u32, parts: &[&[u32]]) -> Edit {
    Edit::Split { id, parts: parts.iter().map(|part| pictures(part.iter().copied())).collect() }
}

fn lock(ids: impl IntoIterator<Item = u32>, clusters: &[u32], on: bool) -> Edit {
    Edit::Lock { pictures: pictures(ids), clusters: clusters.to_vec(), on }
}

/// Pictures 0 to 9: 0 to 3 in cluster 0, 4 to 6 in 1, 7 and 8 in 2, and 9 set aside.
fn three_clusters() -> Arrangement {
    let mut arrangement = Arrangement::new();
    arrangement.add(pictures(0..10));
    arrangement
        .apply(adopt(&[adopted(None, None, 0..4), adopted(None, None, 4..7), adopted(None, None, 7..9)]))
        .unwrap();
    arrangement
}

fn members(arrangement: &Arrangement, id: u32) -> Vec<u32> {
    arrangement.members(id).map(|picture| picture.0).collect()
}

fn set_aside(arrangement: &Arrangement) -> Vec<u32> {
    arrangement.set_aside().map(|picture| picture.0).collect()
}

fn ids(arrangement: &Arrangement) -> Vec<u32> {
    arrangement.clusters().map(|cluster| cluster.id).collect()
}

fn name(arrangement: &Arrangement, id: u32) -> (&str, NameOrigin) {
    let cluster = arrangement.cluster(id).unwrap();
    (&cluster.name, cluster.name_origin)
}

fn held(arrangement: &Arrangement) -> Vec<(u32, u32)> {
    arrangement.held().into_iter().map(|(picture, cluster)| (picture.0, cluster)).collect()
}

/// The whole state, apart from which id comes next.
fn state(arrangement: &Arrangement) -> Value {
    let mut state = serde_json::to_value(arrangement).unwrap();
    state.as_object_mut().unwrap().remove("nextId");
    state
}

#[test]
fn an_adoption_makes_clusters_in_order() {
    let arrangement = three_clusters();
    assert_eq!(ids(&arrangement), [0, 1, 2]);
    assert_eq!(members(&arrangement, 1), [4, 5, 6]);
    assert_eq!((arrangement.size(0), arrangement.size(7), arrangement.pictures()), (4, 0, 10));
    assert_eq!(set_aside(&arrangement), [9]);
    assert_eq!(name(&arrangement, 2), ("Group 3", NameOrigin::Default));
    assert_eq!(arrangement.cluster_of(ImageId(8)), Some(2));
    assert_eq!((arrangement.cluster_of(ImageId(9)), arrangement.contains(ImageId(10))), (None, false));
    assert_eq!((held(&arrangement), arrangement.surviving()), (vec![], vec![]));
}

#[test]
fn what_is_moved_by_hand_is_held() {
    let mut arrangement = three_clusters();
    arrangement.apply(move_to([9, 4, 4], Some(2))).unwrap();
    arrangement.apply(move_to([0], None)).unwrap();
    assert_eq!((members(&arrangement, 2), set_aside(&arrangement)), (vec![4, 7, 8, 9], vec![0]));
    assert_eq!((held(&arrangement), arrangement.held_aside()), (vec![(4, 2), (9, 2)], pictures([0])));
    assert_eq!(arrangement.surviving(), [2]);

    arrangement.apply(lock([4, 9], &[], false)).unwrap();
    assert_eq!((held(&arrangement), arrangement.surviving()), (vec![], vec![]));
}

#[test]
fn a_locked_cluster_holds_its_pictures_and_no_others() {
    let mut arrangement = three_clusters();
    arrangement.apply(lock([0], &[1], true)).unwrap();
    assert_eq!(held(&arrangement), [(0, 0), (4, 1), (5, 1), (6, 1)]);
    assert_eq!(arrangement.surviving(), [0, 1]);
    arrangement.apply(lock([4], &[], false)).unwrap();
    assert!(arrangement.is_held(ImageId(4)) && !arrangement.is_held(ImageId(7)));
    arrangement.apply(lock([], &[1], false)).unwrap();
    assert_eq!(held(&arrangement), [(0, 0)]);
    arrangement.apply(move_to(4..7, None)).unwrap();
    arrangement.apply(lock([], &[1], true)).unwrap();
    assert_eq!(arrangement.surviving(), [0, 1]);
}

#[test]
fn names_are_cleaned() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(0, "\u{0} \tSummer\n 2024\u{7f} ")).unwrap();
    assert_eq!(name(&arrangement, 0), ("Summer 2024", NameOrigin::Given));
    let long: String = "né ".repeat(100);
    arrangement.apply(rename(1, &long)).unwrap();
    assert_eq!(name(&arrangement, 1).0, "né ".repeat(40).trim_end());
    for nothing in ["", "  ", "\r\n\u{0}", "\u{a0}"] {
        assert_eq!(arrangement.apply(rename(0, nothing)), Err(EditError::BadName));
    }
}

#[test]
fn suggestions_leave_given_names_alone_and_are_no_edits() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(0, "Mine")).unwrap();
    arrangement.undo();
    let suggest = |arrangement: &mut Arrangement, name: &str| {
        arrangement.suggest_names([(0, name.to_owned()), (1, name.to_owned()), (2, " ".into()), (9, name.to_owned())]);
    };
    suggest(&mut arrangement, "Banana");
    assert_eq!(name(&arrangement, 0), ("Banana", NameOrigin::Suggested));
    assert!(arrangement.redo());
    assert_eq!(name(&arrangement, 0), ("Mine", NameOrigin::Given));
    suggest(&mut arrangement, "Lemon");
    assert_eq!(name(&arrangement, 0), ("Mine", NameOrigin::Given));
    assert_eq!(name(&arrangement, 1), ("Lemon", NameOrigin::Suggested));
    assert_eq!(name(&arrangement, 2), ("Group 3", NameOrigin::Default));

    // An undo goes back to the name that stood before it, and leaves those of other edits as they have become.
    arrangement.apply(lock([], &[1], true)).unwrap();
    suggest(&mut arrangement, "Orange");
    assert!(arrangement.undo() && arrangement.undo());
    assert_eq!((name(&arrangement, 0).0, name(&arrangement, 1).0), ("Banana", "Orange"));
    assert!(!arrangement.cluster(1).unwrap().locked);
}

#[test]
fn a_merge_keeps_the_first() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(2, "Kept")).unwrap();
    arrangement.apply(lock([5], &[0], true)).unwrap();
    arrangement.apply(Edit::Merge { ids: vec![2, 0, 1, 0, 2] }).unwrap();
    assert_eq!((ids(&arrangement), members(&arrangement, 2)), (vec![2], (0..9).collect()));
    assert_eq!(name(&arrangement, 2), ("Kept", NameOrigin::Given));
    assert!(arrangement.cluster(2).unwrap().locked);
    arrangement.apply(lock([], &[2], false)).unwrap();
    assert_eq!(held(&arrangement), [(5, 2)]);
    for too_few in [vec![], vec![2], vec![2, 2]] {
        assert_eq!(arrangement.apply(Edit::Merge { ids: too_few }), Err(EditError::NothingToEdit));
    }
}

#[test]
fn a_split_leaves_the_id_with_the_largest_part() {
    let mut arrangement = three_clusters();
    arrangement.apply(split(0, &[&[3], &[], &[1, 0], &[2]])).unwrap();
    assert_eq!([0, 3, 4].map(|id| members(&arrangement, id)), [vec![0, 1], vec![3], vec![2]]);
    arrangement.apply(lock([5], &[1], true)).unwrap();
    // The first of two equal parts keeps it, and picture 6, which is in none.
    arrangement.apply(split(1, &[&[4], &[5]])).unwrap();
    assert_eq!([1, 5].map(|id| members(&arrangement, id)), [vec![4, 6], vec![5]]);
    assert!(arrangement.cluster(5).unwrap().locked);

    assert_eq!(arrangement.apply(split(2, &[&[7, 8], &[]])), Err(EditError::NothingToEdit));
    assert_eq!(arrangement.apply(split(2, &[&[7], &[7]])), Err(EditError::PictureTwice { picture: 7 }));
    assert_eq!(arrangement.apply(split(2, &[&[7], &[0]])), Err(EditError::NotInCluster { picture: 0, cluster: 2 }));
}

#[test]
fn a_new_cluster_may_be_named_or_empty() {
    let mut arrangement = three_clusters();
    arrangement.apply(Edit::NewCluster { name: Some(" Best ".into()), pictures: pictures([0, 9]) }).unwrap();
    arrangement.apply(Edit::NewCluster { name: None, pictures: vec![] }).unwrap();
    assert_eq!((members(&arrangement, 3), held(&arrangement)), (vec![0, 9], vec![(0, 3), (9, 3)]));
    assert_eq!(name(&arrangement, 3), ("Best", NameOrigin::Given));
    assert_eq!((name(&arrangement, 4), arrangement.size(4)), (("Group 5", NameOrigin::Default), 0));
}

#[test]
fn an_adoption_keeps_what_it_is_told_to() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(1, "Kept")).unwrap();
    arrangement.apply(move_to([0, 4, 7], Some(1))).unwrap();
    arrangement.apply(move_to([8], None)).unwrap();
    let clusters =
        [adopted(None, Some("Folder"), [0, 1]), adopted(Some(1), None, [4, 5]), adopted(Some(2), Some("Two"), [])];
    arrangement.apply(Edit::Adopt { clusters: clusters.to_vec(), locked: true }).unwrap();
    assert_eq!(ids(&arrangement), [1, 2, 3]);
    assert_eq!([1, 2, 3].map(|id| members(&arrangement, id)), [vec![4, 5], vec![], vec![0, 1]]);
    assert_eq!([1, 2, 3].map(|id| name(&arrangement, id).0), ["Kept", "Two", "Folder"]);
    assert_eq!(set_aside(&arrangement), [2, 3, 6, 7, 8, 9]);
    // 4 and 8 stayed where they were held; 0 and 7 were moved away.
    arrangement.apply(lock([], &[1, 2, 3], false)).unwrap();
    assert_eq!((held(&arrangement), arrangement.held_aside()), (vec![(4, 1)], pictures([8])));
}

#[test]
fn an_adoption_that_cannot_be_is_refused() {
    let mut arrangement = three_clusters();
    let refused = |arrangement: &mut Arrangement, clusters: &[Adopted]| arrangement.apply(adopt(clusters)).unwrap_err();
    let twice = [adopted(None, None, [1]), adopted(None, None, [1])];
    assert_eq!(refused(&mut arrangement, &twice), EditError::PictureTwice { picture: 1 });
    let kept_twice = [adopted(Some(1), None, [1]), adopted(Some(1), None, [2])];
    assert_eq!(refused(&mut arrangement, &kept_twice), EditError::ClusterTwice { cluster: 1 });
    assert_eq!(refused(&mut arrangement, &[adopted(None, Some(""), [1])]), EditError::BadName);
    assert_eq!(refused(&mut arrangement, &[]), EditError::NothingToEdit);
    assert_eq!(refused(&mut arrangement, &[adopted(Some(9), None, [1])]), EditError::UnknownCluster { cluster: 9 });
}

#[test]
fn a_regrouping_begins_anew_whatever_was_there() {
    let mut arrangement = three_clusters();
    arrangement.apply(Edit::NewCluster { name: Some("Best".into()), pictures: pictures([0, 9]) }).unwrap();
    arrangement.apply(rename(1, "Mine")).unwrap();
    arrangement.apply(lock([5, 7], &[1, 2], true)).unwrap();
    arrangement.apply(move_to([8], None)).unwrap();
    let before = state(&arrangement);

    arrangement.apply(regroup(&[&[9, 0, 4], &[1, 5]])).unwrap();
    assert_eq!(ids(&arrangement), [0, 1]);
    assert_eq!([0, 1].map(|id| members(&arrangement, id)), [vec![0, 4, 9], vec![1, 5]]);
    assert_eq!(
        [0, 1].map(|id| name(&arrangement, id)),
        [("Group 1", NameOrigin::Default), ("Group 2", NameOrigin::Default),]
    );
    assert!(arrangement.clusters().all(|cluster| !cluster.locked));
    assert_eq!((held(&arrangement), arrangement.surviving()), (vec![], vec![]));
    assert_eq!(set_aside(&arrangement), [2, 3, 6, 7, 8]);
    let after = state(&arrangement);

    assert!(arrangement.undo());
    assert_eq!(state(&arrangement), before);
    assert_eq!((name(&arrangement, 1).0, name(&arrangement, 3).0), ("Mine", "Best"));
    assert!(arrangement.redo());
    assert_eq!(state(&arrangement), after);
}

#[test]
fn a_regrouping_has_the_same_ids_as_on_an_arrangement_without_past() {
    let clusters: [&[u32]; 5] = [&[0, 1], &[2], &[3, 4, 5], &[6], &[7, 8, 9]];
    let mut fresh = Arrangement::new();
    fresh.add(pictures(0..10));
    fresh.apply(regroup(&clusters)).unwrap();
    let mut other = three_clusters();
    other.apply(split(0, &[&[0], &[1], &[2]])).unwrap();
    other.apply(Edit::Merge { ids: vec![2, 0] }).unwrap();
    other.apply(regroup(&clusters)).unwrap();
    assert_eq!(state(&other), state(&fresh));
    assert_eq!(ids(&fresh), [0, 1, 2, 3, 4]);
}

#[test]
fn a_new_cluster_after_a_regrouping_has_an_id_of_its_own() {
    let new_cluster = Edit::NewCluster { name: None, pictures: vec![] };
    let mut arrangement = three_clusters();
    arrangement.apply(regroup(&[&[0], &[1], &[2], &[3], &[4]])).unwrap();
    arrangement.undo();
    arrangement.apply(new_cluster.clone()).unwrap();
    assert_eq!(ids(&arrangement), [0, 1, 2, 5]);
    arrangement.apply(regroup(&[&[0], &[1]])).unwrap();
    arrangement.apply(new_cluster).unwrap();
    assert_eq!(ids(&arrangement), [0, 1, 6]);
}

#[test]
fn a_regrouping_that_cannot_be_is_refused() {
    let mut arrangement = three_clusters();
    let before = state(&arrangement);
    assert_eq!(arrangement.apply(regroup(&[])), Err(EditError::NothingToEdit));
    assert_eq!(arrangement.apply(regroup(&[&[1], &[2, 1]])), Err(EditError::PictureTwice { picture: 1 }));
    assert_eq!(arrangement.apply(regroup(&[&[10]])), Err(EditError::UnknownPicture { picture: 10 }));
    assert_eq!(state(&arrangement), before);
}

#[test]
fn what_is_unknown_is_refused() {
    let mut arrangement = three_clusters();
    let new_cluster = Edit::NewCluster { name: None, pictures: pictures([10]) };
    for edit in [move_to([0, 10], None), new_cluster, split(0, &[&[0], &[10]]), lock([10], &[], true)] {
        assert_eq!(arrangement.apply(edit).unwrap_err().code(), "unknown-picture");
    }
    let merge = Edit::Merge { ids: vec![0, 3] };
    for edit in [move_to([0], Some(3)), rename(3, "a"), merge, split(3, &[]), lock([], &[3], true)] {
        assert_eq!(arrangement.apply(edit).unwrap_err().code(), "unknown-cluster");
    }
    for edit in [move_to([], Some(0)), lock([], &[], true)] {
        assert_eq!(arrangement.apply(edit).unwrap_err().code(), "nothing-to-edit");
    }
}

#[test]
fn ids_stay_used_after_an_undo_and_come_back_with_a_redo() {
    let mut arrangement = three_clusters();
    let new_cluster = Edit::NewCluster { name: None, pictures: pictures([0]) };
    arrangement.apply(new_cluster.clone()).unwrap();
    assert!(arrangement.undo());
    assert_eq!(ids(&arrangement), [0, 1, 2]);
    assert!(arrangement.redo());
    assert_eq!(members(&arrangement, 3), [0]);
    assert!(arrangement.undo());
    arrangement.apply(new_cluster).unwrap();
    assert_eq!((ids(&arrangement), arrangement.can_redo()), (vec![0, 1, 2, 4], false));
}

#[test]
fn an_edit_that_changes_nothing_is_no_step() {
    let mut arrangement = three_clusters();
    arrangement.apply(move_to([9], Some(0))).unwrap();
    arrangement.undo();
    let revision = arrangement.revision();
    arrangement.apply(lock([0], &[0], false)).unwrap();
    arrangement.add(pictures([3]));
    arrangement.remove(pictures([30]));
    arrangement.suggest_names([(30, "Banana".into())]);
    assert!(arrangement.apply(rename(8, "a")).is_err());
    assert_eq!((arrangement.revision(), arrangement.can_redo()), (revision, true));
    assert!(arrangement.redo() && !arrangement.redo());
    assert!(arrangement.revision() > revision);
}

#[test]
fn pictures_that_come_and_go_are_outside_of_undo() {
    let mut arrangement = three_clusters();
    arrangement.apply(Edit::Merge { ids: vec![0, 1] }).unwrap();
    arrangement.remove(pictures([0, 4]));
    arrangement.add(pictures([10]));
    arrangement.apply(move_to([10], Some(0))).unwrap();
    while arrangement.undo() {}
    assert_eq!((ids(&arrangement), set_aside(&arrangement)), (vec![], vec![1, 2, 3, 5, 6, 7, 8, 9, 10]));
    while arrangement.redo() {}
    assert_eq!((members(&arrangement, 0), set_aside(&arrangement)), (vec![1, 2, 3, 5, 6, 10], vec![9]));

    // Of an edit that concerned only pictures that are gone, nothing is left to undo.
    arrangement.remove(pictures([10]));
    assert!(arrangement.undo());
    assert_eq!(ids(&arrangement), [0, 1, 2]);
}

#[test]
fn what_is_written_can_be_read() {
    let mut arrangement = three_clusters();
    arrangement.apply(move_to([0], Some(2))).unwrap();
    arrangement.apply(Edit::Merge { ids: vec![1, 0] }).unwrap();
    arrangement.suggest_names([(1, "Banana".into())]);
    let written = json!({
        "nextId": 3,
        "clusters": [
            { "id": 1, "name": "Banana", "nameOrigin": "suggested", "locked": false, "pictures": [1, 2, 3, 4, 5, 6] },
            { "id": 2, "name": "Group 3", "nameOrigin": "default", "locked": false, "pictures": [0, 7, 8] },
        ],
        "setAside": [9],
        "held": [0],
    });
    assert_eq!(serde_json::to_value(&arrangement).unwrap(), written);
    let read: Arrangement = serde_json::from_value(written).unwrap();
    assert_eq!(state(&read), state(&arrangement));
    assert_eq!((read.can_undo(), held(&read), read.pictures()), (false, vec![(0, 2)], 10));
}

#[test]
fn files_that_contradict_themselves_are_refused() {
    let cluster = |id: u32, pictures: &[u32]| json!({ "id": id, "name": "a", "nameOrigin": "given", "locked": true, "pictures": pictures });
    let file =
        |clusters: &[Value], held: &[u32]| json!({ "nextId": 0, "clusters": clusters, "setAside": [9], "held": held });
    let read = |file: Value| serde_json::from_value::<Arrangement>(file);
    let mut sound = read(file(&[cluster(4, &[1])], &[])).unwrap();
    sound.apply(Edit::NewCluster { name: None, pictures: vec![] }).unwrap();
    assert_eq!(ids(&sound), [4, 5]);

    let mut nameless = cluster(0, &[]);
    nameless["name"] = json!("\n");
    let bad_name = file(&[nameless], &[]);
    let twice = file(&[cluster(0, &[1]), cluster(1, &[1])], &[]);
    let also_aside = file(&[cluster(0, &[9])], &[]);
    let same_id = file(&[cluster(0, &[1]), cluster(0, &[2])], &[]);
    let unknown = file(&[cluster(0, &[1])], &[2]);
    let last_id = file(&[cluster(u32::MAX, &[])], &[]);
    for bad in [bad_name, twice, also_aside, same_id, unknown, last_id] {
        assert!(read(bad.clone()).is_err(), "{bad}");
    }
    let mut full = read(json!({ "nextId": u32::MAX, "clusters": [], "setAside": [], "held": [] })).unwrap();
    let error = full.apply(Edit::NewCluster { name: None, pictures: vec![] }).unwrap_err();
    assert_eq!(error.code(), "too-many-clusters");
}

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
