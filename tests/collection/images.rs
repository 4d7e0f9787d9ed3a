//! The collection: images by path, ignored files, rejections, classes from folders, content hashes.

use shoal::collection::{
    Collection, Image, ImageId, Placement, Rejection, classes, content_hash, group_by_code, is_ignored,
    is_ignored_folder, is_in_cloud,
};

fn image(path: &str, byte: u8) -> Image {
    Image { byte_size: 7, sha256: [byte; 32], crc32: 1, width_px: 2, height_px: 3, ..Image::from_path(path.into()) }
}

fn new(path: &str) -> Placement {
    Placement::New(path.into())
}

#[test]
fn what_systems_and_tools_leave_behind_is_ignored() {
    for path in [
        ".DS_Store",
        "trip/.DS_Store",
        "trip/.nomedia",
        "trip/Thumbs.db",
        "trip/THUMBS.DB",
        "trip/Desktop.ini",
        "__MACOSX/trip/a.jpg",
        "trip/__MACOSX/._a.jpg",
        "trip/._a.jpg",
        "trip/.git/a.jpg",
        "@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg",
        "trip/#recycle/a.jpg",
        "trip/.thumbnails/1.jpg",
        "trip/.Trash-1000/files/a.jpg",
        ".Trashes/501/a.jpg",
        "$RECYCLE.BIN/S-1-5/a.jpg",
        "lost+found/a.jpg",
        "trip/.trashed-1700000000-IMG_1.jpg",
        "trip/.pending-1700000000-IMG_1.jpg",
        "trip/.picasa.ini",
    ] {
        assert!(is_ignored(path), "{path}");
    }
    for path in [
        "a.jpg",
        "trip/day.1/a.jpg",
        "trip/notes.txt",
        "Thumbs.db/a.jpg",
        "trip/my__MACOSX/a.jpg",
        "...And more/1.jpg",
        ".Hack Sign/2.jpg",
        ".hidden/a.jpg",
        "trip/.hidden.JPG",
        "trip/.raw.CR3",
        "trip/.IMG_1.HEIC.icloud",
        "eaDir/a.jpg",
    ] {
        assert!(!is_ignored(path), "{path}");
    }
    assert!(is_ignored_folder("@eaDir") && !is_ignored_folder("...And more") && !is_ignored_folder(".x"));
    assert!(is_in_cloud("t/.IMG_1.HEIC.icloud") && !is_in_cloud("t/IMG_1.icloud") && !is_in_cloud(".icloud"));
}

#[test]
fn the_same_path_with_the_same_bytes_is_the_same_image() {
    let mut collection = Collection::new();
    assert_eq!(collection.place("trip/day1/a.jpg", &[1; 32]), new("trip/day1/a.jpg"));
    let first = collection.insert(image("trip/day1/a.jpg", 1)).unwrap();
    assert_eq!(collection.place("trip/day1/a.jpg", &[1; 32]), Placement::Reused(first));

    assert_eq!(collection.place("trip/day1/a.jpg", &[2; 32]), new("trip (2)/day1/a.jpg"));
    let second = collection.insert(image("trip (2)/day1/a.jpg", 2)).unwrap();
    assert_eq!(collection.place("trip/day1/a.jpg", &[2; 32]), Placement::Reused(second));
    assert_eq!(collection.place("trip/day1/a.jpg", &[3; 32]), new("trip (3)/day1/a.jpg"));
    assert_eq!(collection.place("trip/day1/b.jpg", &[1; 32]), new("trip/day1/b.jpg"));
}

#[test]
fn a_file_without_folder_gets_its_number_before_the_extension() {
    let mut collection = Collection::new();
    collection.insert(image("a.b.jpg", 1)).unwrap();
    collection.insert(image("plain", 1)).unwrap();
    assert_eq!(collection.place("a.b.jpg", &[2; 32]), new("a.b (2).jpg"));
    assert_eq!(collection.place("plain", &[2; 32]), new("plain (2)"));
}

#[test]
fn the_lowest_free_number_is_taken() {
    let mut collection = Collection::new();
    let ids: Vec<ImageId> = ["a.jpg", "a (2).jpg", "a (3).jpg", "a (5).jpg"]
        .into_iter()
        .zip(1..)
        .map(|(path, byte)| collection.insert(image(path, byte)).unwrap())
        .collect();
    assert_eq!(collection.place("a.jpg", &[9; 32]), new("a (4).jpg"));
    assert_eq!(
        collection.place("a.jpg", &[4; 32]),
        new("a (4).jpg"),
        "what lies behind a free number is not looked at"
    );
    collection.insert(image("a (4).jpg", 6)).unwrap();
    assert_eq!(collection.place("a.jpg", &[4; 32]), Placement::Reused(ids[3]));
    assert_eq!(collection.place("a.jpg", &[9; 32]), new("a (6).jpg"));
    collection.remove(ids[1]);
    assert_eq!(collection.place("a.jpg", &[3; 32]), new("a (2).jpg"));
    collection.set_details(ids[0], image("", 3));
    assert_eq!(collection.place("a.jpg", &[3; 32]), Placement::Reused(ids[0]));
    collection.insert(image("a (2).jpg", 2)).unwrap();
    collection.set_details(ids[2], image("", 8));
    assert_eq!(collection.place("a.jpg", &[8; 32]), Placement::Reused(ids[2]));
    collection.remove(ids[0]);
    assert_eq!(collection.place("a.jpg", &[8; 32]), new("a.jpg"));
    collection.clear();
    assert_eq!(collection.place("a.jpg", &[8; 32]), new("a.jpg"));
}

/// Counting up to a free number would take hours.
#[test]
fn thousands_of_files_may_share_a_path() {
    let mut collection = Collection::new();
    let content = |number: u32| {
        let mut sha256 = [0; 32];
        sha256[..4].copy_from_slice(&number.to_le_bytes());
        sha256
    };
    for number in 1..=100_000 {
        let sha256 = content(number);
        let Placement::New(path) = collection.place("image.png", &sha256) else { panic!("{number}") };
        collection.insert(Image { sha256, ..image(&path, 0) }).unwrap();
    }
    assert!(collection.contains_path("image (100000).png"));
    assert!(matches!(collection.place("image.png", &content(99_999)), Placement::Reused(_)));
}

#[test]
fn ids_are_never_reused_and_paths_are_unique() {
    let mut collection = Collection::new();
    let first = collection.insert(image("b", 1)).unwrap();
    assert_eq!(collection.insert(image("b", 2)), None);
    assert_eq!(collection.remove(first).unwrap().path, "b");
    assert!(!collection.contains_path("b"));
    let second = collection.insert(image("b", 2)).unwrap();
    collection.clear();
    assert!(collection.is_empty());
    let third = collection.insert(image("b", 3)).unwrap();
    assert_eq!([first, second, third], [ImageId(0), ImageId(1), ImageId(2)]);
    assert!(collection.get(second).is_none());
}

#[test]
fn path_order_is_the_order_of_bytes() {
    let mut collection = Collection::new();
    for path in ["b/a", "é", "a10", "a/b", "a2", "B", "a b"] {
        collection.insert(image(path, 0)).unwrap();
    }
    let paths: Vec<_> = collection.in_path_order().map(|(_, image)| image.path.as_str()).collect();
    assert_eq!(paths, ["B", "a b", "a/b", "a10", "a2", "b/a", "é"]);
    assert_eq!(collection.len(), 7);
}

#[test]
fn folders_are_classes_only_if_there_are_several() {
    let (names, labels) = classes(&["t/b/1", "t/a/1", "t/b/2", "u/a/1"]).unwrap();
    assert_eq!(names, ["t/a", "t/b", "u/a"]);
    assert_eq!(labels, [1, 0, 1, 2]);
    assert_eq!(classes(&["t/1", "t/2"]), None);
    assert_eq!(classes(&["t/1", "u/1", "lone"]), None);
    assert_eq!(classes::<&str>(&[]), None);
}

#[test]
fn rejections_are_grouped_by_kind() {
    let rejection = |path: &str, code: &str, reason: &str| Rejection {
        path: path.into(),
        code: code.into(),
        reason: reason.into(),
    };
    let groups = group_by_code(&[
        rejection("a", "empty-file", "the file is empty"),
        rejection("b", "too-large", "it claims 10 x 20 pixels"),
        rejection("c", "damaged", "it is damaged: no end"),
        rejection("d", "too-large", "it claims 3 x 400 pixels"),
        rejection("e", "damaged", "it is damaged: at 17"),
        rejection("f", "damaged", "it is damaged: at 18"),
    ]);
    let found: Vec<_> = groups.iter().map(|g| (g.code.as_str(), g.reason.as_str(), g.paths.join(""))).collect();
    assert_eq!(
        found,
        [
            ("damaged", "it is damaged", "cef".to_owned()),
            ("too-large", "it claims … x … pixels", "bd".to_owned()),
            ("empty-file", "the file is empty", "a".to_owned()),
        ]
    );
}

#[test]
fn hashes_are_parsed_as_they_are_written() {
    let sha256: [u8; 32] = std::array::from_fn(|index| (index * 37 + 5) as u8);
    let text = content_hash::to_hex(&sha256);
    assert!(text.starts_with("052a4f"));
    assert_eq!(content_hash::from_hex(&text), Some(sha256));
    assert_eq!(content_hash::from_hex(&text.to_uppercase()), Some(sha256));
    assert_eq!(content_hash::from_hex(&text[1..]), None);
    assert_eq!(content_hash::from_hex(&"g".repeat(64)), None);
    assert_eq!(content_hash::from_hex(&"é".repeat(32)), None);
}
