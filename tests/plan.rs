//! Where files go that are taken home: pictures, what travels with them, and what could not be read.

use shoal::archive::names::Names;
use shoal::archive::{Placed, Planner, left_out_csv, plan, reasons_csv};
use shoal::collection::{Assignment, Cluster, Rejection};

fn item(path: &str, cluster: Option<u32>) -> Assignment {
    Assignment {
        path: path.into(),
        cluster,
        silhouette: None,
        distance: None,
        next_cluster: None,
        locked: false,
        pca: [0.0; 3],
    }
}

fn group(id: u32, name: &str) -> Cluster {
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

/// The places of pictures of cluster 0 and of the sidecars at their paths.
fn places(keep_folders: bool, pictures: &[(&str, &[&str])]) -> Vec<String> {
    let mut planner = Planner::new(&[group(0, "Cats")], keep_folders);
    let place = |(path, sidecars): &(&str, &[&str])| {
        let (picture, others) = planner.place(&item(path, Some(0)), sidecars);
        std::iter::once(picture).chain(others).map(|placed| placed.entry_name)
    };
    pictures.iter().flat_map(place).collect()
}

#[test]
fn companions_stay_beside_their_picture_and_named_after_it() {
    assert_eq!(
        places(
            false,
            &[
                ("t/1/a.jpg", &["t/1/a.xmp", "t/1/a.jpg.xmp"]),
                // Its own name is taken, and so would be that of its sidecar with the picture's name free.
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
fn folders_are_kept_when_they_are_to_be() {
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
fn what_could_not_be_read_has_a_folder_that_no_group_takes() {
    let groups = [group(0, "unread"), group(1, "left-out.csv")];
    let mut planner = Planner::new(&groups, false);
    assert_eq!(planner.place(&item("t/a.jpg", Some(0)), &[]).0.entry_name, "unread (2)/a.jpg");
    assert_eq!(planner.place(&item("t/a.jpg", Some(1)), &[]).0.entry_name, "left-out.csv (2)/a.jpg");
    assert_eq!(planner.place(&item("t/b.jpg", None), &[]).0.entry_name, "unsorted/b.jpg");
    for (path, place) in [
        ("t/notes.txt", "unread/notes.txt"),
        ("t/u/notes.txt", "unread/notes (2).txt"),
        ("t/reasons.csv", "unread/reasons (2).csv"),
    ] {
        assert_eq!(planner.place_unread(path), Placed { path: path.into(), entry_name: place.into() });
    }
}

#[test]
fn without_companions_and_folders_it_is_the_plan() {
    let clustering: shoal::collection::Clustering = serde_json::from_value(serde_json::json!({
        "k": 1, "seed": 0, "recipe": "spherical", "backend": "cpu", "silhouette": null, "inertia": 0,
        "explained": [null, null, null], "scores": { "daviesBouldin": null, "calinskiHarabasz": null, "sampled": false },
        "items": [item("t/a.jpg", Some(0)), item("u/a.jpg", Some(0)), item("t/c.jpg", None)],
        "clusters": [group(0, "Cats")],
    }))
    .unwrap();
    let mut planner = Planner::new(&clustering.clusters, false);
    let places: Vec<Placed> = clustering.items.iter().map(|item| planner.place(item, &[]).0).collect();
    assert_eq!(places, plan(&clustering));
}

#[test]
fn thousands_of_equal_names_take_no_thousands_of_tries() {
    let mut names = Names::default();
    for number in 1..20_000 {
        let (name, others) = names.claim_with("a.jpg", |name| vec![format!("{name}.xmp")]);
        let expected = if number == 1 { "a.jpg".to_owned() } else { format!("a ({number}).jpg") };
        assert_eq!((name.as_str(), others), (expected.as_str(), vec![format!("{expected}.xmp")]));
    }
}

#[test]
fn tables_of_reasons_compute_nothing() {
    let rejection =
        |path: &str, reason: &str| Rejection { path: path.into(), code: "file-changed".into(), reason: reason.into() };
    let left_out = [rejection("=1+1.jpg", "a, \"b\""), rejection("t/a\nb.jpg", "+1")];
    assert_eq!(
        String::from_utf8(left_out_csv(&left_out).unwrap()).unwrap(),
        "path,code,reason\r\n'=1+1.jpg,file-changed,\"a, \"\"b\"\"\"\r\n\"t/a\nb.jpg\",file-changed,'+1\r\n"
    );
    let placed = Placed { path: "@t/a.txt".into(), entry_name: "unread/a.txt".into() };
    assert_eq!(
        String::from_utf8(reasons_csv(&[(placed, rejection("@t/a.txt", "no picture"))]).unwrap()).unwrap(),
        "path,file,code,reason\r\n'@t/a.txt,unread/a.txt,file-changed,no picture\r\n"
    );
}
