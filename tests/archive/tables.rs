//! Tables for spreadsheets, and the session file.

use shoal::archive::{Placed, assignments_csv, assignments_json, left_out_csv, read_session, reasons_csv};
use shoal::capture::{Capture, CaptureSource};
use shoal::collection::duplicates::KeptGroups;
use shoal::collection::{Arrangement, Clustering, Collection, Image, Rejection};

use crate::clustering;

#[test]
fn the_table_follows_rfc_4180_and_guards_formulas() {
    let mut clustering = clustering(
        &["=HYPERLINK(\"x\")", "a,b"],
        &[("@t/a.jpg", Some(0)), ("-t/\"q\".jpg", Some(1)), ("t/c\n.jpg", None)],
    );
    clustering.items[0].capture = Some(Capture {
        taken: Some("2024-05-03T14:22:05".into()),
        source: Some(CaptureSource::Exif),
        camera: Some("=Cam".into()),
        orientation: None,
    });
    let table = String::from_utf8(assignments_csv(&clustering).unwrap()).unwrap();
    assert_eq!(
        table,
        "\"path\",\"cluster\",\"cluster_name\",\"silhouette\",\"distance\",\"pca_1\",\"pca_2\",\"pca_3\",\"taken\",\"taken_from\",\"camera\"\r\n\
         \"'@t/a.jpg\",0,\"'=HYPERLINK(\"\"x\"\")\",-0.25,0.1,-1.5,-0.5,0.5,\"2024-05-03T14:22:05\",\"exif\",\"'=Cam\"\r\n\
         \"'-t/\"\"q\"\".jpg\",1,\"a,b\",-0.25,0.1,1.5,2.5,3.5,\"\",\"\",\"\"\r\n\
         \"t/c\n.jpg\",\"\",\"\",-0.25,0.1,4.5,5.5,6.5,\"\",\"\",\"\"\r\n"
    );
}

#[test]
fn the_session_has_the_clustering_and_the_images_content_hashes() {
    let clustering = clustering(&["Cats", "Dogs"], &[("t/a.jpg", Some(0)), ("t/b.jpg", None)]);
    let mut collection = Collection::new();
    collection.insert(Image {
        path: "t/a.jpg".into(),
        byte_size: 5 << 30,
        sha256: [0xab; 32],
        crc32: 0,
        modified_ms: 0.0,
        width_px: 1,
        height_px: 1,
        capture: None,
    });
    let mut kept = KeptGroups::default();
    kept.keep(vec![[1; 32], [2; 32]]);
    let bytes = assignments_json(&clustering, &collection, &Arrangement::new(), &kept).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((&json["format"], &json["version"]), (&"shoal-session".into(), &1.into()));
    assert_eq!(json["items"][0]["byteSize"], 5_u64 << 30);
    assert_eq!(json["items"][0]["sha256"], "ab".repeat(32));
    assert!(json["items"][1].get("sha256").is_none() && json["items"][1]["cluster"].is_null());
    assert_eq!(serde_json::from_value::<Clustering>(json).unwrap(), clustering);

    assert!(read_session(&bytes).unwrap().kept_duplicates.covers(&[[2; 32], [1; 32]]));

    let text = String::from_utf8(bytes).unwrap();
    // One line per image, and numbers in their shortest form.
    assert!(
        text.lines().any(|line| line.starts_with("    {\"path\": \"t/a.jpg\", ") && line.contains("0.1, ")),
        "{text}"
    );
    assert!(text.lines().any(|line| line == "  \"k\": 2,"), "{text}");
}

#[test]
fn a_semicolon_begins_no_cell() {
    let clustering = clustering(&["Cats;=1+1"], &[("t;+1/a.jpg", Some(0))]);
    let table = String::from_utf8(assignments_csv(&clustering).unwrap()).unwrap();
    assert!(table.contains("\"t;+1/a.jpg\",0,\"Cats;=1+1\","), "{table}");
}

#[test]
fn tables_of_reasons_guard_formulas() {
    let rejection =
        |path: &str, reason: &str| Rejection { path: path.into(), code: "file-changed".into(), reason: reason.into() };
    let left_out = [rejection("=1+1.jpg", "a, \"b\""), rejection("t/a\nb.jpg", "+1")];
    assert_eq!(
        String::from_utf8(left_out_csv(&left_out).unwrap()).unwrap(),
        "\"path\",\"code\",\"reason\"\r\n\"'=1+1.jpg\",\"file-changed\",\"a, \"\"b\"\"\"\r\n\
         \"t/a\nb.jpg\",\"file-changed\",\"'+1\"\r\n"
    );
    let placed = Placed { path: "@t/a.txt".into(), entry_name: "unread/a.txt".into() };
    assert_eq!(
        String::from_utf8(reasons_csv(&[(placed, rejection("@t/a.txt", "no picture"))]).unwrap()).unwrap(),
        "\"path\",\"file\",\"code\",\"reason\"\r\n\"'@t/a.txt\",\"unread/a.txt\",\"file-changed\",\"no picture\"\r\n"
    );
}
