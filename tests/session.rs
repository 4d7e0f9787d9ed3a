//! Reading a session back: what was written is restored, and no file does any harm.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use shoal::archive::session::{
    SESSION_BYTES_MAX, SESSION_ELEMENTS_MAX, SESSION_NAME_BYTES_MAX, SESSION_PATH_BYTES_MAX, Session, SessionCluster,
    SessionItem,
};
use shoal::archive::{Matched, assignments_csv, assignments_json, match_session, read_session};
use shoal::error::{Coded, EditError, SessionError};
use shoal::library::arrangement::{Adopted, Edit, NameOrigin, Restored};
use shoal::library::{
    Arrangement, ClusterFacts, Collection, CurvePoint, Outcome, OutcomeParts, Picture, PictureId, RowFacts, Scores,
    assemble,
};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

/// Paths that tables, spreadsheets and JSON each have to quote, in path order.
const PATHS: [&str; 9] = [
    "''=t.jpg",
    "'-t/quoted.jpg",
    "'plain.jpg",
    "-t/\"q\".jpg",
    "=t/a,b.jpg",
    "@t/a\r\n.jpg",
    "t/\\c.jpg",
    "t/d.jpg",
    "Żółw/🐢.jpg",
];

fn picture(path: &str, content: u8) -> Picture {
    Picture {
        path: path.into(),
        byte_size: u64::from(content) + (5 << 30),
        sha256: [content; 32],
        crc32: 0,
        modified_ms: 0.0,
        width_px: 1,
        height_px: 1,
    }
}

/// A collection of these paths, each with a content of its own.
fn collection(paths: &[&str]) -> Collection {
    let mut collection = Collection::new();
    for (content, path) in (0..).zip(paths) {
        collection.insert(picture(path, content)).unwrap();
    }
    collection
}

fn pictures(ids: impl IntoIterator<Item = u32>) -> Vec<PictureId> {
    ids.into_iter().map(PictureId).collect()
}

/// Clusters 1, 2 and 4: one's name is suggested, one's the default, one is named and locked. Pictures are held in every way
/// there is, and set aside.
fn arrangement() -> Arrangement {
    let mut arrangement = Arrangement::new();
    arrangement.add(pictures(0..9));
    let adopted = |ids| Adopted { pictures: pictures(ids), ..Adopted::default() };
    let edits = [
        Edit::Adopt { clusters: vec![adopted(0..1), adopted(1..3), adopted(3..5)], locked: false },
        Edit::NewCluster { name: Some("gone".into()), pictures: pictures([5]) },
        Edit::NewCluster { name: Some("=Cats, \"mine\"".into()), pictures: pictures([0, 5]) },
        Edit::Merge { ids: vec![4, 0, 3] },
        Edit::Move { pictures: pictures([6, 7]), to: Some(4) },
        Edit::Lock { pictures: pictures([6]), clusters: vec![], on: false },
        Edit::Lock { pictures: pictures([3]), clusters: vec![4], on: true },
        Edit::Move { pictures: pictures([7]), to: None },
    ];
    for edit in edits {
        arrangement.apply(edit).unwrap();
    }
    arrangement.suggest_names([(1, "Banana".into())]);
    arrangement
}

/// What the program would say of an arrangement.
fn outcome(arrangement: &Arrangement, collection: &Collection) -> Outcome {
    let clusters: Vec<ClusterFacts> = arrangement
        .clusters()
        .map(|cluster| ClusterFacts {
            id: cluster.id,
            name: cluster.name.clone(),
            suggested: cluster.name_origin == NameOrigin::Suggested,
            locked: cluster.locked,
        })
        .collect();
    let place = |id: u32| clusters.iter().position(|cluster| cluster.id == id).map(|place| place as u32);
    let rows: Vec<RowFacts> = collection
        .in_path_order()
        .map(|(id, picture)| RowFacts {
            path: picture.path.clone(),
            label: arrangement.cluster_of(id).and_then(place),
            locked: arrangement.is_held(id),
            silhouette: f32::NAN,
            next_label: None,
            distance: 0.1,
        })
        .collect();
    let pca3 = Matrix::from_rows(vec![0.5; 3 * rows.len()], 3).unwrap();
    assemble(OutcomeParts {
        representatives: vec![vec![]; clusters.len()],
        clusters,
        seed: u32::MAX,
        recipe: Recipe::Umap,
        method: ClusterMethod::Ward,
        backend: "cpu".into(),
        rows,
        pca3: &pca3,
        inertia: 1.0,
        explained: [None; 3],
        variance_kept: None,
        scores: Scores::default(),
        curve: Some(vec![
            CurvePoint { k: 2, silhouette: Some(0.1) },
            CurvePoint { k: 3, silhouette: None },
            CurvePoint { k: 4, silhouette: Some(-0.333_333_34) },
        ]),
        proposals: Some(vec![2, 4]),
    })
    .unwrap()
}

fn written(arrangement: &Arrangement, collection: &Collection) -> Vec<u8> {
    assignments_json(&outcome(arrangement, collection), collection, arrangement).unwrap()
}

fn written_as_table(arrangement: &Arrangement, collection: &Collection) -> Vec<u8> {
    assignments_csv(&outcome(arrangement, collection)).unwrap()
}

/// The arrangement that a session makes of a collection which nobody has sorted.
fn restored(session: &Session, collection: &Collection) -> Arrangement {
    let Matched { clusters, held, .. } = match_session(session, collection);
    let mut arrangement = Arrangement::new();
    arrangement.add(collection.in_path_order().map(|(id, _)| id));
    arrangement.apply(Edit::Restore { clusters, held }).unwrap();
    arrangement
}

/// The whole state, apart from which id comes next.
fn state(arrangement: &Arrangement) -> Value {
    let mut state = serde_json::to_value(arrangement).unwrap();
    state.as_object_mut().unwrap().remove("nextId");
    state
}

/// The state as far as a table tells it: nothing is held, and no name is a suggestion.
fn state_in_table(arrangement: &Arrangement) -> Value {
    let mut state = state(arrangement);
    state["held"] = json!([]);
    for cluster in state["clusters"].as_array_mut().unwrap() {
        cluster["locked"] = false.into();
        if cluster["nameOrigin"] == "suggested" {
            cluster["nameOrigin"] = "given".into();
        }
    }
    state
}

/// A small session as JSON.
fn small() -> Value {
    json!({
        "format": "shoal-session", "version": 1, "k": 2, "seed": 0, "recipe": "spherical",
        "clusters": [{ "id": 0, "name": "Group 1" }, { "id": 7, "name": "Cats", "locked": true }],
        "items": [
            { "path": "a", "cluster": 0, "locked": true },
            { "path": "b", "cluster": 7, "locked": true },
            { "path": "c", "cluster": null, "sha256": "0A".repeat(32), "byteSize": 3 },
        ],
    })
}

fn read(json: &Value) -> Result<Session, SessionError> {
    read_session(json.to_string().as_bytes())
}

fn code(bytes: impl AsRef<[u8]>) -> &'static str {
    read_session(bytes.as_ref()).unwrap_err().code()
}

fn item(path: &str, cluster: Option<u32>, content: Option<u8>) -> SessionItem {
    SessionItem { path: path.into(), sha256: content.map(|byte| [byte; 32]), byte_size: None, cluster, held: false }
}

/// A session of two clusters, 0 and 1.
fn session(items: &[SessionItem]) -> Session {
    let cluster = |id| SessionCluster { id, name: "x".into(), origin: NameOrigin::Given, locked: false };
    Session { grouping: None, clusters: vec![cluster(0), cluster(1)], items: items.to_vec() }
}

fn members(matched: &Matched) -> Vec<Vec<u32>> {
    matched.clusters.iter().map(|cluster| cluster.pictures.iter().map(|picture| picture.0).collect()).collect()
}

#[test]
fn a_session_restores_everything() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let session = read_session(&written(&arrangement, &collection)).unwrap();
    let matched = match_session(&session, &collection);
    assert_eq!((matched.missing, matched.changed, matched.unmentioned), (vec![], vec![], vec![]));
    let restored = restored(&session, &collection);
    assert_eq!(state(&restored), state(&arrangement));
    assert_eq!(restored.held(), arrangement.held());
    assert_eq!(restored.held_aside(), arrangement.held_aside());

    let grouping = session.grouping.unwrap();
    let outcome = outcome(&arrangement, &collection);
    assert_eq!((grouping.k, grouping.seed), (3, u32::MAX));
    assert_eq!((grouping.recipe, grouping.method), (Recipe::Umap, ClusterMethod::Ward));
    assert_eq!((grouping.curve, grouping.proposals), (outcome.curve, outcome.proposals));
    assert_eq!(session.items[8].byte_size, Some((5 << 30) + 8));
    assert_eq!(session.items[8].sha256, Some([8; 32]));
}

#[test]
fn a_table_restores_clusters_with_ids_and_names() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let table = written_as_table(&arrangement, &collection);
    let with_mark = [b"\xef\xbb\xbf", table.as_slice()].concat();
    // The last of the paths with line ends in it would be another one.
    let lines = String::from_utf8(table.clone()).unwrap().replace(",0.5\r\n", ",0.5\n").replace("pca_3\r\n", "pca_3\n");
    for bytes in [table.as_slice(), &with_mark, lines.as_bytes(), lines.trim_end().as_bytes()] {
        let session = read_session(bytes).unwrap();
        assert!(session.grouping.is_none() && session.items.iter().map(|item| item.path.as_str()).eq(PATHS));
        assert_eq!(state(&restored(&session, &collection)), state_in_table(&arrangement));
    }
}

#[test]
fn a_table_of_labels_is_a_session() {
    let clusters = |table: &str| -> Vec<(u32, String, NameOrigin)> {
        let session = read_session(table.as_bytes()).unwrap();
        session.clusters.into_iter().map(|cluster| (cluster.id, cluster.name, cluster.origin)).collect()
    };
    use NameOrigin::{Default, Given};
    // Numbers are ids, wherever the columns are and whatever else there is.
    assert_eq!(
        clusters("x, cluster ,path\n,5,a\n,0,b\n,,c\n,5,d\n"),
        [(5, "Group 6".into(), Default), (0, "Group 1".into(), Default)]
    );
    assert_eq!(
        clusters("path,cluster\na,cats\nb,1\nc,'=dogs\n"),
        [(0, "cats".into(), Given), (1, "Group 2".into(), Default), (2, "=dogs".into(), Given)]
    );
    // Of two names with one id, as when a person renames some cells, the first keeps it.
    assert_eq!(
        clusters("path,cluster,cluster_name\na,1,cats\nb,1,dogs\nc,0,2\nd,9,cats\n"),
        [(1, "cats".into(), Given), (2, "dogs".into(), Given), (0, "2".into(), Given)]
    );
    assert_eq!(clusters("path,cluster_name\na,3\n"), [(0, "3".into(), Given)]);
    assert_eq!(clusters("path,cluster\na,4294967295\n"), [(0, "4294967295".into(), Given)]);
    assert_eq!(clusters("path,cluster\n"), []);
    let session = read_session(b"path,cluster,cluster_name\na,1,cats\nb,1, \nc,,cats \n").unwrap();
    let placed: Vec<_> = session.items.iter().map(|item| item.cluster).collect();
    assert_eq!(placed, [Some(1), None, Some(1)]);
}

#[test]
fn what_earlier_and_later_programs_write_is_read() {
    let mut file = small();
    let expected = read(&file).unwrap();
    let origins: Vec<_> = expected.clusters.iter().map(|cluster| cluster.origin).collect();
    assert_eq!(origins, [NameOrigin::Default, NameOrigin::Given]);
    // Who only says "locked" means the picture itself where its cluster is not.
    let held: Vec<_> = expected.items.iter().map(|item| item.held).collect();
    assert_eq!(held, [true, false, false]);
    assert_eq!(expected.items[2].sha256, Some([10; 32]));

    for place in ["", "/clusters/0", "/items/1"] {
        let object = file.pointer_mut(place).unwrap().as_object_mut().unwrap();
        object.insert("later".into(), json!([{ "deep": [[null]] }, 1e300, "\u{0}"]));
    }
    file["version"] = json!(1.7);
    assert_eq!(read(&file).unwrap(), expected);
    let text = format!("\u{feff} \r\n{file}\n");
    assert_eq!(read_session(text.as_bytes()).unwrap(), expected);
}

#[test]
fn later_versions_are_refused_whatever_else_they_hold() {
    for version in ["2", "2.5", "9007199254740993", "1e300"] {
        let text = format!(r#"{{"items": 7, "format": "shoal-session", "version": {version}}}"#);
        assert_eq!(code(text), "session-too-new", "{version}");
    }
}

#[test]
fn what_is_no_session_is_refused() {
    let others: [&[u8]; 12] = [
        b"",
        b" \n",
        b"{",
        b"{}",
        b"[]",
        b"null",
        br#"{"format": "other", "version": 1}"#,
        br#"{"format": 1}"#,
        b"path,label\na,1\n",
        b"cluster,cluster_name\n1,x\n",
        b"\xff\xd8\xff\xe0 JFIF",
        b"PK\x03\x04",
    ];
    for other in others {
        assert_eq!(code(other), "session-not-a-session", "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn damaged_sessions_are_refused() {
    for (place, value) in [
        ("/version", json!("1")),
        ("/version", json!(null)),
        ("/k", json!(3)),
        ("/k", json!(1_u64 << 53)),
        ("/seed", json!(-1)),
        ("/seed", json!(0.5)),
        ("/recipe", json!("unheard of")),
        ("/clusters", json!({})),
        ("/clusters", json!([])),
        ("/clusters/0", json!([0, "Group 1"])),
        ("/clusters/0/id", json!(7)),
        ("/clusters/0/id", json!(1_u64 << 53)),
        ("/clusters/0/id", json!(u32::MAX)),
        ("/clusters/0/id", json!("0")),
        ("/clusters/0/name", json!(" \n")),
        ("/clusters/0/name", json!(null)),
        ("/clusters/1/locked", json!("true")),
        ("/clusters/1/locked", json!(1)),
        ("/items", json!("a")),
        ("/items/0", json!(null)),
        ("/items/0/path", json!("b")),
        ("/items/0/path", json!("")),
        ("/items/0/path", json!(["a"])),
        ("/items/0/cluster", json!(1)),
        ("/items/0/cluster", json!(1_u64 << 53)),
        ("/items/2/sha256", json!("0g".repeat(32))),
        ("/items/2/sha256", json!("00".repeat(33))),
        ("/items/2/byteSize", json!(-3)),
        ("/items/2/byteSize", json!(1e20)),
    ] {
        let mut file = small();
        *file.pointer_mut(place).unwrap() = value.clone();
        assert_eq!(read(&file).unwrap_err().code(), "session-damaged", "{place} {value}");
    }
    for (field, value) in [
        ("curve", json!([{ "k": 2, "silhouette": 1e300 }])),
        ("curve", json!([{ "k": 2, "silhouette": "NaN" }])),
        ("curve", json!([{ "k": 1_u64 << 53, "silhouette": null }])),
        ("proposals", json!([1_u64 << 53])),
        ("proposals", json!([2.5])),
    ] {
        let mut file = small();
        file[field] = value.clone();
        assert_eq!(read(&file).unwrap_err().code(), "session-damaged", "{field} {value}");
    }
    for field in ["version", "k", "seed", "recipe", "clusters", "items"] {
        let mut file = small();
        file.as_object_mut().unwrap().remove(field);
        assert_eq!(read(&file).unwrap_err().code(), "session-damaged", "{field}");
    }
}

#[test]
fn what_json_does_not_allow_is_refused() {
    let text = small().to_string();
    for (from, to) in [
        (r#""seed":0"#, r#""seed":NaN"#),
        (r#""seed":0"#, r#""seed":0,"seed":0"#),
        (r#""seed":0"#, r#""seed":1e999"#),
        (r#""seed":0"#, r#""later":NaN,"seed":0"#),
        (r#""path":"a""#, r#""path":"a","path":"z""#),
        (r#""path":"a""#, r#""path":"\ud800""#),
        (r#""version":1"#, r#""version":Infinity"#),
        (r#""version":1"#, r#""version":1,"version":1"#),
    ] {
        assert!(text.contains(from));
        assert_eq!(code(text.replacen(from, to, 1)), "session-damaged", "{to}");
    }
    assert_eq!(code(format!("{text} {text}")), "session-damaged");
    let mut bytes = text.into_bytes();
    let place = bytes.windows(10).position(|window| window == br#""path":"a""#).unwrap() + 8;
    bytes[place] = 0xff;
    assert_eq!(code(bytes), "session-damaged");
}

#[test]
fn nesting_without_end_is_refused() {
    const DEEP: usize = 1 << 20;
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let nested = format!("{}0{}", open.repeat(DEEP), close.repeat(DEEP));
        assert_eq!(code(open.repeat(DEEP)), "session-not-a-session");
        let text = small().to_string();
        for field in ["items", "seed"] {
            let text = text.replacen(&format!(r#""{field}":"#), &format!(r#""{field}":{nested},"was":"#), 1);
            assert_eq!(code(text), "session-damaged", "{field}");
        }
    }
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    for table in [
        "path,cluster\na,0\na,1\n",
        "path,cluster\n,0\n",
        "path,cluster\na\n",
        "path,cluster\na,0,1\n",
        "path,cluster\na,\"0\n",
        "path,cluster,path\na,0,b\n",
        "path,cluster,cluster\na,0,1\n",
    ] {
        assert_eq!(code(table), "session-damaged", "{table:?}");
    }
    assert_eq!(code(b"path,cluster\na\xff,0\n"), "session-damaged");
}

#[test]
fn a_file_that_is_cut_off_is_refused_or_ends_with_a_whole_picture() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let (json, table) = (written(&arrangement, &collection), written_as_table(&arrangement, &collection));
    for sixteenth in 0..16 {
        let cut = &json[..json.len() * sixteenth / 16];
        let expected = if sixteenth == 0 { "session-not-a-session" } else { "session-damaged" };
        assert_eq!(code(cut), expected, "{sixteenth}");
    }
    let whole = read_session(&table).unwrap();
    for end in 0..table.len() {
        if let Ok(session) = read_session(&table[..end]) {
            assert!(whole.items.starts_with(&session.items), "{end}");
        }
    }
}

#[test]
fn what_is_too_large_is_refused() {
    assert_eq!(code(vec![b' '; SESSION_BYTES_MAX + 1]), "session-too-large");
    for (place, length) in [("/clusters/1/name", SESSION_NAME_BYTES_MAX), ("/items/1/path", SESSION_PATH_BYTES_MAX)] {
        let mut file = small();
        *file.pointer_mut(place).unwrap() = "x".repeat(length).into();
        assert!(read(&file).is_ok());
        *file.pointer_mut(place).unwrap() = "x".repeat(length + 1).into();
        assert_eq!(read(&file).unwrap_err().code(), "session-too-large");
    }
    assert_eq!(code(format!("path,cluster\na,{}\n", "x".repeat(SESSION_NAME_BYTES_MAX + 1))), "session-too-large");
    let text = small().to_string().replacen(r#""seed":0"#, r#""seed":0,"proposals":[2]"#, 1);
    let with = |count: usize| text.replacen("[2]", &format!("[{}2]", "2,".repeat(count - 1)), 1);
    assert!(read_session(with(SESSION_ELEMENTS_MAX).as_bytes()).is_ok());
    assert_eq!(code(with(SESSION_ELEMENTS_MAX + 1)), "session-too-large");
}

#[test]
fn errors_quote_little_of_the_file() {
    let mut file = small();
    file["recipe"] = "x".repeat(100_000).into();
    assert!(read(&file).unwrap_err().to_string().len() < 1000);
}

#[test]
fn pictures_are_recognised_by_path_and_content() {
    let session = session(&[
        item("same", Some(0), Some(1)),
        item("changed", Some(1), Some(2)),
        item("by path", Some(1), None),
        item("old name", Some(0), Some(4)),
        item("gone", Some(0), Some(5)),
        item("aside", None, Some(6)),
    ]);
    let mut collection = Collection::new();
    for (path, content) in
        [("same", 1), ("changed", 20), ("by path", 30), ("new name", 4), ("aside", 6), ("never seen", 50)]
    {
        collection.insert(picture(path, content)).unwrap();
    }
    let matched = match_session(&session, &collection);
    assert_eq!(members(&matched), [vec![3, 0], vec![2, 1]]);
    assert_eq!((matched.missing, matched.changed), (vec!["gone".to_owned()], vec!["changed".to_owned()]));
    assert_eq!((matched.unmentioned, matched.held), (pictures([5]), vec![]));
}

#[test]
fn renamed_pictures_keep_their_places_even_in_another_ones_name() {
    let items = [item("1", Some(0), Some(1)), item("2", Some(1), Some(2)), item("3", Some(0), Some(3))];
    // The first went, and the others were numbered anew.
    let mut collection = Collection::new();
    collection.insert(picture("1", 2)).unwrap();
    collection.insert(picture("2", 3)).unwrap();
    let matched = match_session(&session(&items), &collection);
    assert_eq!(members(&matched), [[1], [0]]);
    assert_eq!((matched.missing, matched.changed), (vec!["1".to_owned()], vec![]));

    // A copy of the original beside the changed picture: both belong there.
    let mut collection = Collection::new();
    collection.insert(picture("1", 9)).unwrap();
    collection.insert(picture("1 original", 1)).unwrap();
    let matched = match_session(&session(&items[..1]), &collection);
    assert_eq!(members(&matched), [vec![0, 1], vec![]]);
    assert_eq!((matched.missing, matched.changed), (vec![], vec!["1".to_owned()]));
}

#[test]
fn a_hash_recognises_nobody_where_two_have_it() {
    let twice_in_session = session(&[item("1", Some(0), Some(1)), item("2", Some(1), Some(1))]);
    let mut collection = Collection::new();
    collection.insert(picture("3", 1)).unwrap();
    let matched = match_session(&twice_in_session, &collection);
    assert_eq!((matched.missing.len(), matched.unmentioned), (2, pictures([0])));

    let once = session(&[item("1", Some(0), Some(1))]);
    collection.insert(picture("4", 1)).unwrap();
    let matched = match_session(&once, &collection);
    assert_eq!((matched.missing.len(), matched.unmentioned), (1, pictures([0, 1])));
    collection.insert(picture("1", 1)).unwrap();
    let matched = match_session(&once, &collection);
    assert_eq!((members(&matched), matched.unmentioned), (vec![vec![2], vec![]], pictures([0, 1])));
}

#[test]
fn without_a_hash_the_size_tells_what_has_changed() {
    let sized = |byte_size| SessionItem { byte_size: Some(byte_size), ..item("t/d.jpg", Some(0), None) };
    let collection = collection(&["t/d.jpg"]);
    for (byte_size, changed) in [(5 << 30, 0), (5, 1)] {
        let matched = match_session(&session(&[sized(byte_size)]), &collection);
        assert_eq!((members(&matched), matched.changed.len()), (vec![vec![0], vec![]], changed));
    }
}

fn restore(id: u32, name: &str, ids: impl IntoIterator<Item = u32>) -> Restored {
    Restored { id, name: name.into(), origin: NameOrigin::Given, locked: false, pictures: pictures(ids) }
}

#[test]
fn a_restoration_replaces_everything_and_is_undone() {
    let mut arrangement = arrangement();
    let before = state(&arrangement);
    let clusters = vec![restore(9, " Dogs\n", [0, 7]), restore(1, "Cats", [3])];
    arrangement.apply(Edit::Restore { clusters, held: pictures([7, 8, 8]) }).unwrap();
    let after = state(&arrangement);
    let cluster = |id: u32, name: &str, ids: &[u32]| json!({ "id": id, "name": name, "nameOrigin": "given", "locked": false, "pictures": ids });
    assert_eq!(
        after,
        json!({
            "clusters": [cluster(1, "Cats", &[3]), cluster(9, "Dogs", &[0, 7])],
            "setAside": [1, 2, 4, 5, 6, 8],
            "held": [7, 8],
        })
    );
    assert!(arrangement.undo());
    assert_eq!(state(&arrangement), before);
    assert!(arrangement.redo());
    assert_eq!(state(&arrangement), after);
    arrangement.apply(Edit::NewCluster { name: None, pictures: vec![] }).unwrap();
    assert_eq!(arrangement.clusters().last().unwrap().id, 10);
}

#[test]
fn restorations_that_cannot_be_are_refused() {
    let refused = |clusters: Vec<Restored>, held: &[u32]| {
        let mut arrangement = arrangement();
        let (before, revision) = (state(&arrangement), arrangement.revision());
        let held = pictures(held.iter().copied());
        let error = arrangement.apply(Edit::Restore { clusters, held }).unwrap_err();
        assert_eq!((state(&arrangement), arrangement.revision()), (before, revision));
        error
    };
    assert_eq!(refused(vec![], &[]), EditError::NothingToEdit);
    assert_eq!(refused(vec![restore(0, "\t", [])], &[]), EditError::BadName);
    assert_eq!(refused(vec![restore(0, "a", [9])], &[]), EditError::UnknownPicture { picture: 9 });
    assert_eq!(refused(vec![restore(0, "a", [])], &[9]), EditError::UnknownPicture { picture: 9 });
    assert_eq!(refused(vec![restore(0, "a", [1]), restore(1, "b", [1])], &[]), EditError::PictureTwice { picture: 1 });
    assert_eq!(refused(vec![restore(0, "a", []), restore(0, "b", [])], &[]), EditError::ClusterTwice { cluster: 0 });
    assert_eq!(refused(vec![restore(u32::MAX, "a", [])], &[]), EditError::TooManyClusters);
}

/// Nine pictures in clusters of any ids and names, held or not.
fn any_restoration() -> impl Strategy<Value = Edit> {
    let cluster = (0_u32..20, "[-='a\", \r\n]{0,5}x", 0..3, any::<bool>());
    (prop::collection::vec(cluster, 1..5), prop::collection::vec(0_usize..6, 9), prop::collection::vec(0_u32..9, 0..5))
        .prop_map(|(clusters, places, held)| {
            let mut ids = BTreeSet::new();
            let mut clusters: Vec<Restored> = clusters
                .into_iter()
                .filter(|(id, ..)| ids.insert(*id))
                .map(|(id, name, origin, locked)| {
                    let (name, origin) = match origin {
                        0 => (format!("Group {}", id + 1), NameOrigin::Default),
                        1 => (name, NameOrigin::Suggested),
                        _ => (name, NameOrigin::Given),
                    };
                    Restored { id, name, origin, locked, pictures: vec![] }
                })
                .collect();
            for (picture, place) in (0..).zip(places) {
                if let Some(cluster) = clusters.get_mut(place) {
                    cluster.pictures.push(PictureId(picture));
                }
            }
            Edit::Restore { clusters, held: pictures(held) }
        })
}

/// A change of a file.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        (place(), prop_oneof![prop::sample::select(br#"{}[],:"'0-9e\n"#.to_vec()), any::<u8>()])
            .prop_map(|(place, byte)| Mutation::Replace(place, byte)),
        (place(), 1_usize..40).prop_map(|(place, length)| Mutation::Remove(place, length)),
        (place(), 1_usize..400).prop_map(|(place, length)| Mutation::Repeat(place, length)),
        place().prop_map(Mutation::Cut),
    ]
}

fn mutate(file: &mut Vec<u8>, mutation: Mutation) {
    if file.is_empty() {
        return;
    }
    let length = file.len();
    let part = |place: prop::sample::Index, size: usize| {
        let start = place.index(length);
        start..length.min(start + size)
    };
    match mutation {
        Mutation::Replace(place, byte) => file[place.index(length)] = byte,
        Mutation::Remove(place, size) => drop(file.drain(part(place, size))),
        Mutation::Repeat(place, size) => {
            let range = part(place, size);
            let repeated = file[range.clone()].to_vec();
            file.splice(range.end..range.end, repeated);
        }
        Mutation::Cut(place) => file.truncate(place.index(length)),
    }
}

/// What a session promises, and that it can be restored.
fn check(session: &Session, collection: &Collection) {
    let ids: BTreeSet<u32> = session.clusters.iter().map(|cluster| cluster.id).collect();
    let paths: BTreeSet<&str> = session.items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!((ids.len(), paths.len()), (session.clusters.len(), session.items.len()));
    assert!(session.items.iter().all(|item| item.cluster.is_none_or(|id| ids.contains(&id))));
    assert!(session.grouping.as_ref().is_none_or(|grouping| grouping.k == ids.len()));
    let matched = match_session(session, collection);
    let placed: usize = matched.clusters.iter().map(|cluster| cluster.pictures.len()).sum();
    assert!(placed + matched.unmentioned.len() <= collection.len());
    if !ids.is_empty() {
        restored(session, collection);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn whatever_is_written_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let session = read_session(&written(&arrangement, &collection)).unwrap();
        prop_assert_eq!(state(&restored(&session, &collection)), state(&arrangement));
    }

    #[test]
    fn whatever_is_written_as_a_table_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let names: BTreeSet<&str> = arrangement.clusters().map(|cluster| cluster.name.as_str()).collect();
        prop_assume!(names.len() == arrangement.clusters().count());
        let session = read_session(&written_as_table(&arrangement, &collection)).unwrap();
        let mut expected = state_in_table(&arrangement);
        // A table does not tell of clusters without pictures.
        expected["clusters"].as_array_mut().unwrap().retain(|cluster| cluster["pictures"] != json!([]));
        if !session.clusters.is_empty() {
            prop_assert_eq!(state(&restored(&session, &collection)), expected);
        }
    }

    #[test]
    fn a_restoration_undone_gives_back_what_was_there(first in any_restoration(), second in any_restoration()) {
        let mut arrangement = arrangement();
        arrangement.apply(first).unwrap();
        let before = state(&arrangement);
        arrangement.apply(second).unwrap();
        let after = state(&arrangement);
        if after != before {
            prop_assert!(arrangement.undo());
            prop_assert_eq!(state(&arrangement), before);
            prop_assert!(arrangement.redo());
            prop_assert_eq!(state(&arrangement), after);
        }
    }

    #[test]
    fn no_file_does_harm(table in any::<bool>(), mutations in prop::collection::vec(any_mutation(), 1..4)) {
        let (collection, arrangement) = (collection(&PATHS), arrangement());
        let write = if table { written_as_table } else { written };
        let mut file = write(&arrangement, &collection);
        mutations.into_iter().for_each(|mutation| mutate(&mut file, mutation));
        match read_session(&file) {
            Ok(session) => check(&session, &collection),
            Err(error) => prop_assert!(error.code().starts_with("session-")),
        }
    }

    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), titles in any::<bool>()) {
        let start: &[u8] = if titles { b"path,cluster\n" } else { b"" };
        if let Ok(session) = read_session(&[start, &bytes].concat()) {
            check(&session, &Collection::new());
        }
    }
}
