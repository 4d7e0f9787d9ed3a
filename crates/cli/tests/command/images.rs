//! `embed`, `cluster`, `sort` and `report` as a person runs them, on the sample images.

use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::support::{Folder, Run, command, features, shoal, spec};
use serde_json::Value;
use shoal_native::network::fetched_weights;
use shoal_samples::draw;

fn clusters(session: &[u8]) -> BTreeMap<String, u64> {
    let session: Value = serde_json::from_slice(session).unwrap();
    let items = session["items"].as_array().unwrap().iter();
    items.map(|item| (item["path"].as_str().unwrap().to_owned(), item["cluster"].as_u64().unwrap())).collect()
}

#[test]
fn features_are_added_and_what_is_known_is_not_computed_again() {
    let folder = Folder::with_samples();
    let root = folder.path("");
    folder.write("samples/notes/read me.txt", b"not an image");
    folder.write("samples/notes/._hidden.png", &draw(0).bytes);
    let embed = |arguments: &[&str]| shoal(&root, &[&["--json", "embed", "-o", "f.npz"], arguments].concat());
    let first = embed(&["samples"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let report = first.json();
    assert_eq!((&report["images"], &report["added"], &report["reused"]), (&60.into(), &60.into(), &0.into()));
    assert_eq!(report["rejected"][0]["code"], "not-a-picture");
    assert_eq!(report["rejected"].as_array().unwrap().len(), 1);
    let before = folder.read("f.npz");
    assert_eq!(folder.files("").len(), 63, "nothing else is left");

    let again = embed(&["samples"]).json();
    assert_eq!((&again["added"], &again["reused"]), (&0.into(), &60.into()));
    assert_eq!(folder.read("f.npz"), before);

    // A copy, a changed file, and one that cannot be read.
    folder.write("more/copy.png", &draw(3).bytes);
    folder.write("more/cut.jpg", &draw(0).bytes[..100]);
    let changed = folder.files("samples/0")[0].clone();
    folder.write(&format!("samples/0/{changed}"), &draw(5).bytes);
    let future = SystemTime::now() + Duration::from_secs(5);
    let file = File::options().write(true).open(folder.path(&format!("samples/0/{changed}"))).unwrap();
    file.set_modified(future).unwrap();
    let more = embed(&["samples", "more"]);
    assert_eq!(more.code, 3, "{}", more.stderr);
    let report = more.json();
    assert_eq!((&report["images"], &report["added"], &report["reused"]), (&61.into(), &0.into(), &61.into()));
    let codes: Vec<&str> =
        report["rejected"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["damaged-picture", "not-a-picture"]);
    let found = features(&folder, "f.npz");
    let of = |index: usize| {
        let name = draw(index).path.rsplit('/').next().unwrap().to_owned();
        found.iter().find(|(path, _)| path.ends_with(&name)).unwrap().1
    };
    assert_eq!(&found["more/copy.png"], of(3));
    assert_eq!(&found[&format!("samples/0/{changed}")], of(5));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::with_samples();
    let root = folder.path("");
    for threads in ["1", "3"] {
        let name = format!("{threads}.npz");
        assert_eq!(shoal(&root, &["embed", "samples", "-o", &name, "--threads", threads, "--size", "64"]).code, 0);
    }
    assert_eq!(features(&folder, "1.npz"), features(&folder, "3.npz"));
    let run = |features: &str, threads: &str| {
        let session = format!("{features}-{threads}.json");
        let arguments = ["cluster", features, "-o", &session, "-k", "6", "--seed", "3"];
        let run = command().env("RAYON_NUM_THREADS", threads).current_dir(&root).args(arguments).output().unwrap();
        assert!(run.status.success());
        folder.read(&session)
    };
    assert_eq!(run("1.npz", "1"), run("3.npz", "4"));
}

#[test]
fn every_method_and_recipe_finds_clusters_and_nothing_is_overwritten() {
    let folder = Folder::with_samples();
    let root = folder.path("");
    assert_eq!(shoal(&root, &["embed", "samples", "-o", "f.npz", "--size", "64"]).code, 0);
    for (name, arguments) in [
        ("auto", &["--json"][..]),
        ("spherical", &["--json", "-k", "6", "--recipe", "spherical"]),
        ("umap", &["--json", "-k", "6", "--recipe", "umap"]),
        ("plain", &["--json", "-k", "6", "--recipe", "plain", "--restarts", "2"]),
        ("ward", &["--json", "-k", "6", "--method", "ward"]),
        ("hdbscan", &["--json", "--method", "hdbscan", "--min-cluster-size", "3"]),
    ] {
        let session = format!("{name}.json");
        let run = shoal(&root, &[&["cluster", "f.npz", "-o", &session][..], arguments].concat());
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        let report = run.json();
        assert_eq!(report["images"], 60, "{name}");
        assert!(report["k"].as_u64().unwrap() >= 2, "{name}");
        let sizes = report["clusters"].as_array().unwrap().iter().map(|one| one["size"].as_u64().unwrap());
        assert!(sizes.sum::<u64>() <= 60);
        assert_eq!(report["proposals"].is_array(), name == "auto");
        let before = folder.read(&session);
        let again = shoal(&root, &[&["cluster", "f.npz", "-o", &session][..], arguments].concat());
        assert_eq!(again.error(), "output-exists");
        assert_eq!(folder.read(&session), before);
    }
    let run = shoal(&root, &["report", "auto.json", "-o", "r.html", "--images", "samples", "--features", "f.npz"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""), "quiet when piped");
    let report = String::from_utf8(folder.read("r.html")).unwrap();
    assert!(report.contains("60 pictures") && report.contains("data:image/jpeg;base64,") && report.contains("64 px"));
}

#[test]
fn images_are_sorted_with_their_sidecars_and_an_interrupted_run_is_continued() {
    let folder = Folder::with_samples();
    let root = folder.path("");
    let image = folder.files("samples/0")[0].clone();
    let stem = image.rsplit_once('.').unwrap().0.to_owned();
    folder.write(&format!("samples/0/{stem}.xmp"), b"settings");
    let names = folder.files("samples");
    let sort = |arguments: &[&str]| shoal(&root, &[&["--json", "sort", "samples", "--to", "out"], arguments].concat());
    let copied = sort(&["-k", "6"]);
    assert_eq!(copied.code, 0, "{} {}", copied.stdout, copied.stderr);
    let report = copied.json();
    assert_eq!((&report["written"], &report["present"], &report["k"]), (&61.into(), &0.into(), &6.into()));
    assert_eq!(folder.files("samples"), names, "copying leaves the files");
    let files = folder.files("out");
    assert_eq!(files.iter().filter(|file| file.contains('/')).count(), 61);
    for beside in ["assignments.csv", "assignments.json", "features.npz"] {
        assert!(files.contains(&beside.to_owned()), "{beside}");
    }
    let sidecar = files.iter().find(|file| file.ends_with(".xmp")).unwrap();
    assert!(files.contains(&format!("{}/{image}", sidecar.split('/').next().unwrap())), "{sidecar}");
    let folders: std::collections::BTreeSet<&str> =
        files.iter().filter_map(|file| file.split_once('/')).map(|(folder, _)| folder).collect();
    assert_eq!(folders.len(), 6);

    let again = sort(&["-k", "6"]).json();
    assert_eq!((&again["written"], &again["present"]), (&0.into(), &61.into()));
    assert_eq!(folder.files("out"), files);

    // As if the run had been ended in the middle, and another program had put a file in the way.
    let images: Vec<&String> = files.iter().filter(|file| file.contains('/')).collect();
    let (gone, taken) = (images[0], images[1]);
    fs::remove_file(folder.path(&format!("out/{gone}"))).unwrap();
    folder.write(&format!("out/{taken}"), b"another file");
    let continued = sort(&["-k", "6", "--move"]);
    assert_eq!(continued.code, 0, "{} {}", continued.stdout, continued.stderr);
    assert_eq!(folder.read(&format!("out/{taken}")), b"another file", "nothing is overwritten");
    assert!(folder.files("samples").is_empty(), "everything was moved: {:?}", folder.files("samples"));
    let sorted: usize = folder.files("out").iter().filter(|file| file.contains('/')).count();
    assert_eq!(sorted, 62);

    folder.write("samples/new.png", &[draw(0).bytes, vec![0]].concat());
    assert_eq!(sort(&["-k", "6"]).error(), "output-exists", "there are images that the clusters do not have");
}

#[test]
fn names_are_suggested_for_shipped_weights() {
    let folder = Folder::with_samples();
    let root = folder.path("");
    assert_eq!(shoal(&root, &["embed", "samples", "-o", "f.npz"]).code, 0);
    let names = |arguments: &[&str]| -> Vec<String> {
        let run = shoal(&root, &[&["--json", "cluster", "f.npz", "-k", "6"], arguments].concat()).json();
        run["clusters"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&["-o", "named.json"]).iter().any(|name| !name.starts_with("Group ")));
    assert!(names(&["-o", "unnamed.json", "--no-names"]).iter().all(|name| name.starts_with("Group ")));
    assert_eq!(clusters(&folder.read("named.json")), clusters(&folder.read("unnamed.json")));
}

#[test]
fn bad_input_is_refused_with_a_code_and_what_is_there_stays() {
    let folder = Folder::with_samples();
    let root = folder.path("");
    let error = |arguments: &[&str]| shoal(&root, &[&["--json"], arguments].concat()).error();
    assert_eq!(error(&["embed", "nowhere", "-o", "f.npz"]), "file-unreadable");
    folder.write("empty/notes.txt", b"nothing");
    assert_eq!(error(&["embed", "empty", "-o", "f.npz"]), "no-pictures");
    assert_eq!(error(&["embed", "samples", "-o", "nowhere/f.npz"]), "write-failed");
    assert!(!folder.path("f.npz").exists() && !folder.path("f.npz.partial").exists());
    folder.write("foreign.npz", b"PK not features");
    assert_eq!(error(&["embed", "samples", "-o", "foreign.npz"]), "features-format");
    assert_eq!(error(&["cluster", "foreign.npz", "-o", "s.json"]), "features-format");
    assert_eq!(error(&["cluster", "samples", "-o", "s.json"]), "file-unreadable");
    assert_eq!(folder.read("foreign.npz"), b"PK not features");
    folder.write("w.pth", b"not weights");
    assert_eq!(error(&["embed", "samples", "-o", "f.npz", "--weights", "w.pth"]), "weights-format");

    assert_eq!(shoal(&root, &["embed", "samples", "-o", "f.npz", "--size", "64"]).code, 0);
    let before = folder.read("f.npz");
    assert_eq!(error(&["embed", "samples", "-o", "f.npz", "--size", "96"]), "features-incompatible");
    assert_eq!(folder.read("f.npz"), before);
    assert_eq!(error(&["cluster", "f.npz", "-o", "s.json", "-k", "61"]), "k-out-of-range");
    assert_eq!(error(&["cluster", "f.npz", "-o", "s.json", "-k", "1"]), "k-out-of-range");
    assert_eq!(error(&["report", "f.npz", "-o", "r.html"]), "session-not-a-session");
    assert_eq!(error(&["sort", "samples", "--to", "."]), "bad-option");
    for usage in [
        &["embed", "samples"][..],
        &["embed", "samples", "-o", "f.npz", "--size", "65"],
        &["cluster", "f.npz", "-o", "s.json", "-k", "many"],
        &["cluster", "f.npz", "-o", "s.json", "--recipe", "stew"],
        &["cluster", "f.npz", "-o", "s.json", "--restarts", "0"],
        &["nothing"],
    ] {
        let run = shoal(&root, usage);
        assert_eq!(run.code, 2, "{usage:?}: {}", run.stderr);
    }
    let plain = shoal(&root, &["cluster", "f.npz", "-o", "s.json", "-k", "61"]);
    assert!(plain.stderr.starts_with("error: k-out-of-range: ") && plain.stdout.is_empty(), "{}", plain.stderr);
    assert!(!folder.path("s.json").exists());
}

#[test]
fn the_best_network_is_the_default_and_a_file_keeps_its_own() {
    let weights = fetched_weights();
    if !weights.join("efficientnet-lite0").is_dir() {
        eprintln!("not checked, because no weights were fetched into {}", weights.display());
        return;
    }
    let folder = Folder::new();
    for index in 0..6 {
        folder.write(&format!("samples/{index}.png"), &draw(index).bytes);
    }
    let root = folder.path("");
    let run = |arguments: &[&str]| -> Run {
        let mut command = command();
        command.env("SHOAL_WEIGHTS", &weights).current_dir(&root).args(["--json"]).args(arguments);
        command.output().unwrap().into()
    };
    assert_eq!(run(&["embed", "samples", "-o", "best.npz"]).json()["added"], 6);
    let spec = spec(&folder, "best.npz");
    assert_eq!((spec.model.as_str(), spec.size_px), ("efficientnet_lite0", 224));
    // There is a classifier for its features.
    let clustered = run(&["cluster", "best.npz", "-o", "best.json", "-k", "6", "--recipe", "plain"]).json();
    let names = clustered["clusters"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
    assert!(names.into_iter().any(|name| !name.starts_with("Group ")), "{clustered}");

    // A file that another network has written stays comparable.
    assert_eq!(run(&["embed", "samples/0.png", "-o", "other.npz", "--model", "mobilenet-v2"]).json()["added"], 1);
    assert_eq!(run(&["embed", "samples/1.png", "-o", "other.npz"]).json()["images"], 2);
    assert_eq!(self::spec(&folder, "other.npz").model, "mobilenet_v2");
}
