//! Where exported files go: images, their sidecars, and files that could not be read.

use shoal::archive::{Placed, Planner};
use shoal::collection::{Assignment, Cluster};
use unicode_normalization::UnicodeNormalization;

use crate::clustering;

/// What the browser does by `String.prototype.normalize`.
fn normalized(text: &str) -> String {
    text.nfc().collect()
}

fn item(path: &str, cluster: Option<u32>) -> Assignment {
    Assignment {
        path: path.into(),
        cluster,
        silhouette: None,
        distance: None,
        next_cluster: None,
        locked: false,
        pca: [0.0; 3],
        capture: None,
    }
}

fn cluster(id: u32, name: &str) -> Cluster {
    Cluster {
        id,
        name: name.into(),
        suggested: false,
        locked: false,
        size: 0,
        silhouette: None,
        representatives: Vec::new(),
    }
}

/// The places of images of cluster 0 and of their sidecars.
fn places(keep_folders: bool, images: &[(&str, &[&str])]) -> Vec<String> {
    let mut planner = Planner::new(&[cluster(0, "Cats")], keep_folders, normalized);
    let place = |(path, sidecars): &(&str, &[&str])| {
        let (image, others) = planner.place(&item(path, Some(0)), sidecars);
        std::iter::once(image).chain(others).map(|placed| placed.entry_name)
    };
    images.iter().flat_map(place).collect()
}

#[test]
fn sidecars_keep_the_folder_and_name_of_their_image() {
    assert_eq!(
        places(
            false,
            &[
                ("t/1/a.jpg", &["t/1/a.xmp", "t/1/a.jpg.xmp"]),
                // The name is taken, and the sidecar is renumbered with its image.
                ("t/2/A.JPG", &["t/2/A.xmp"]),
                ("t/3/a.png", &["t/3/a.XMP", "t/3/a.cr3"]),
                ("t/4/b.jpg", &["t/4/b.xmp", "t/4/B.XMP"]),
            ]
        ),
        [
            "Cats/a.jpg",
            "Cats/a.xmp",
            "Cats/a.jpg.xmp",
            "Cats/A (2).JPG",
            "Cats/A (2).xmp",
            "Cats/a (3).png",
            "Cats/a (3).XMP",
            "Cats/a (3).cr3",
            "Cats/b.jpg",
            "Cats/b.xmp",
            "Cats/b (2).XMP",
        ]
    );
}

#[test]
fn original_folders_can_be_kept() {
    let placed = places(
        true,
        &[
            ("trip/day1/a.jpg", &["trip/day1/a.xmp"]),
            ("trip/day2/a.jpg", &[]),
            ("Trip/day1/a.jpg", &[]),
            ("lone.jpg", &[]),
            ("../CON/x?/a.jpg", &[]),
        ],
    );
    assert_eq!(
        placed,
        [
            "Cats/trip/day1/a.jpg",
            "Cats/trip/day1/a.xmp",
            "Cats/trip/day2/a.jpg",
            "Cats/Trip (2)/day1/a.jpg",
            "Cats/lone.jpg",
            "Cats/group/CON_/x_/a.jpg",
        ]
    );
}

#[test]
fn unreadable_files_have_a_folder_that_no_cluster_takes() {
    let clusters = [cluster(0, "unread"), cluster(1, "left-out.csv")];
    let mut planner = Planner::new(&clusters, false, normalized);
    assert_eq!(planner.place(&item("t/a.jpg", Some(0)), &[]).0.entry_name, "unread (2)/a.jpg");
    assert_eq!(planner.place(&item("t/a.jpg", Some(1)), &[]).0.entry_name, "left-out.csv (2)/a.jpg");
    assert_eq!(planner.place(&item("t/b.jpg", None), &[]).0.entry_name, "unsorted/b.jpg");
    for (path, place) in [
        ("t/notes.txt", "unread/notes.txt"),
        ("t/u/notes.txt", "unread/notes (2).txt"),
        ("t/reasons.csv", "unread/reasons (2).csv"),
    ] {
        assert_eq!(planner.place_unreadable(path), Placed { path: path.into(), entry_name: place.into() });
    }
}

#[test]
fn every_image_has_one_place_in_its_clusters_folder() {
    let clustering = clustering(
        &["Cats", "cats", "unsorted", "../up", "assignments.csv"],
        &[
            ("t/a.jpg", Some(0)),
            ("t/b/a.jpg", Some(0)),
            ("t/c.jpg", Some(1)),
            ("t/d.jpg", Some(2)),
            ("t/e.jpg", None),
            ("t/f.jpg", Some(3)),
            ("t/g.jpg", Some(4)),
        ],
    );
    let mut planner = Planner::new(&clustering.clusters, false, normalized);
    let placed: Vec<Placed> = clustering.items.iter().map(|item| planner.place(item, &[]).0).collect();
    let names: Vec<_> = placed.iter().map(|placed| placed.entry_name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Cats/a.jpg",
            "Cats/a (2).jpg",
            "cats (2)/c.jpg",
            "unsorted (2)/d.jpg",
            "unsorted/e.jpg",
            "_up/f.jpg",
            "assignments.csv (2)/g.jpg",
        ]
    );
    assert!(placed.iter().zip(&clustering.items).all(|(placed, item)| placed.path == item.path));
}

#[test]
fn without_sidecars_images_are_placed_in_the_order_of_the_clustering() {
    let mut planner = Planner::new(&[cluster(0, "Cats")], false, normalized);
    let items = [item("t/a.jpg", Some(0)), item("u/a.jpg", Some(0)), item("t/c.jpg", None)];
    let places: Vec<Placed> = items.iter().map(|item| planner.place(item, &[]).0).collect();
    let expected = [("t/a.jpg", "Cats/a.jpg"), ("u/a.jpg", "Cats/a (2).jpg"), ("t/c.jpg", "unsorted/c.jpg")];
    assert_eq!(places, expected.map(|(path, name)| Placed { path: path.into(), entry_name: name.into() }));
}

#[test]
fn names_that_a_file_system_takes_for_one_differ() {
    let composed = "\u{e9}.jpg";
    let decomposed = "e\u{301}.jpg";
    assert_eq!(
        places(false, &[(composed, &[]), (decomposed, &[]), ("\u{c9}.JPG", &[])]),
        [format!("Cats/{composed}"), "Cats/e\u{301} (2).jpg".into(), "Cats/\u{c9} (3).JPG".into()]
    );
    // The Kelvin sign, the final sigma and the sharp s have more than one form.
    assert_eq!(
        places(
            false,
            &[("K.jpg", &[]), ("\u{212a}.jpg", &[]), ("σ.jpg", &[]), ("ς.jpg", &[]), ("ß.jpg", &[]), ("SS.jpg", &[])]
        ),
        ["Cats/K.jpg", "Cats/\u{212a} (2).jpg", "Cats/σ.jpg", "Cats/ς (2).jpg", "Cats/ß.jpg", "Cats/SS (2).jpg"]
    );
    let folders = places(true, &[("\u{e9}/a.jpg", &[]), ("e\u{301}/a.jpg", &[])]);
    assert_eq!(folders, ["Cats/\u{e9}/a.jpg", "Cats/e\u{301} (2)/a.jpg"]);
    let clusters = [cluster(0, "\u{e9}"), cluster(1, "e\u{301}")];
    let mut planner = Planner::new(&clusters, false, normalized);
    assert_eq!(planner.place(&item("a.jpg", Some(1)), &[]).0.entry_name, "e\u{301} (2)/a.jpg");
}

#[test]
fn paths_stay_short_where_names_can_be_cut() {
    let long = format!("t/{}.jpg", "x".repeat(240));
    let raw = format!("t/{}.jpg.xmp", "x".repeat(240));
    for (placed, tail) in places(false, &[(&long, &[&raw]), (&long, &[])]).iter().zip(["x.jpg", "x.jpg.xmp", "x.jpg"]) {
        assert!(placed.chars().count() <= 240 && placed.ends_with(tail), "{placed}");
    }
    let placed = places(false, &[(&long, &[&raw])]);
    assert_eq!(format!("{}.xmp", placed[0]), placed[1]);

    let deep = format!("{}/a.jpg", ["y"; 3].map(|part| part.repeat(90)).join("/"));
    let mut planner = Planner::new(&[cluster(0, "Cats")], true, normalized);
    assert!(planner.place(&item(&deep, Some(0)), &[]).0.is_long(), "folders are not cut");
    assert!(!planner.place(&item(&long, Some(0)), &[]).0.is_long());
}
