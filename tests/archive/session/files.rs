//! Session files: what each kind may contain, and that untrusted ones do no harm.

use serde_json::{Value, json};
use shoal::archive::SessionError;
use shoal::archive::read_session;
use shoal::archive::session::{
    SESSION_BYTES_MAX, SESSION_ELEMENTS_MAX, SESSION_NAME_BYTES_MAX, SESSION_PATH_BYTES_MAX, Session,
};
use shoal::collection::arrangement::NameOrigin;
use shoal::error::Coded;

use super::{PATHS, arrangement, collection, written, written_as_table};

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

#[test]
fn a_table_of_labels_is_a_session() {
    let clusters = |table: &str| -> Vec<(u32, String, NameOrigin)> {
        let session = read_session(table.as_bytes()).unwrap();
        session.clusters.into_iter().map(|cluster| (cluster.id, cluster.name, cluster.origin)).collect()
    };
    use NameOrigin::{Default, Given};
    // Numbers are ids, whatever the order of the columns and whatever other columns there are.
    assert_eq!(
        clusters("x, cluster ,path\n,5,a\n,0,b\n,,c\n,5,d\n"),
        [(5, "Group 6".into(), Default), (0, "Group 1".into(), Default)]
    );
    assert_eq!(
        clusters("path,cluster\na,cats\nb,1\nc,'=dogs\n"),
        [(0, "cats".into(), Given), (1, "Group 2".into(), Default), (2, "=dogs".into(), Given)]
    );
    // If two names have the same id, as when someone edits some cells, the first keeps it.
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
fn files_of_earlier_and_later_versions_are_read() {
    let mut file = small();
    let expected = read(&file).unwrap();
    let origins: Vec<_> = expected.clusters.iter().map(|cluster| cluster.origin).collect();
    assert_eq!(origins, [NameOrigin::Default, NameOrigin::Given]);
    // Without "held", a locked image in an unlocked cluster is pinned individually.
    let pinned: Vec<_> = expected.items.iter().map(|item| item.pinned).collect();
    assert_eq!(pinned, [true, false, false]);
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
fn newer_format_versions_are_rejected_whatever_they_contain() {
    for version in ["2", "2.5", "9007199254740993", "1e300"] {
        let text = format!(r#"{{"items": 7, "format": "shoal-session", "version": {version}}}"#);
        assert_eq!(code(text), "session-too-new", "{version}");
    }
}

#[test]
fn files_that_are_not_sessions_are_rejected() {
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
fn damaged_sessions_are_rejected() {
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
fn contradictions_are_named() {
    for (changes, said) in [
        (vec![("/clusters/0/id", json!(7)), ("/items/0/cluster", json!(7))], "cluster 7 occurs twice"),
        (
            vec![("/clusters/0/id", json!(u32::MAX)), ("/items/0/cluster", json!(u32::MAX))],
            "4294967295 is too high for a cluster's id",
        ),
        (vec![("/k", json!(1))], "it declares 1 clusters, but has 2"),
        (vec![("/items/0/path", json!("b"))], "b occurs twice"),
        (vec![("/items/0/cluster", json!(1))], "a is in cluster 1, which does not exist"),
    ] {
        let mut file = small();
        for (place, value) in changes {
            *file.pointer_mut(place).unwrap() = value;
        }
        assert_eq!(read(&file).unwrap_err(), SessionError::Damaged(said.into()));
    }
}

#[test]
fn invalid_json_is_rejected() {
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
fn deep_nesting_is_rejected() {
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
fn inconsistent_tables_are_rejected() {
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
fn a_truncated_file_is_rejected_or_ends_with_a_complete_item() {
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
fn files_beyond_the_limits_are_rejected() {
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
