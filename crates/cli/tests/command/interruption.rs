//! Runs that are ended in the middle, and continued. Signals are those of Unix.

#![cfg(unix)]

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use shoal_samples::draw;

use crate::support::{Folder, Run, command, features, shoal};

/// How many images there are: enough for a signal to arrive before the end.
const IMAGES: usize = 120;

/// Images of different bytes, of which some look the same.
fn many_images() -> Folder {
    let folder = Folder::new();
    for index in 0..IMAGES {
        let mut bytes = draw(index % 12).bytes;
        bytes.extend(index.to_le_bytes());
        folder.write(&format!("many/{index}.png"), &bytes);
    }
    folder
}

fn start(folder: &Folder) -> Child {
    let arguments = ["embed", "many", "-o", "f.npz", "--size", "224", "--threads", "1"];
    let mut child = command();
    child.current_dir(folder.path("")).args(arguments).stderr(Stdio::null());
    child.spawn().unwrap()
}

/// Sends a signal once some images are done.
fn end_in_the_middle(folder: &Folder, child: &Child, signal: &str) {
    let written = || fs::metadata(folder.path("f.npz.partial")).map_or(0, |facts| facts.len());
    while written() < 5 * 4 * 1280 {
        sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Continues, and compares the features with those of a run that was not ended.
fn continues(folder: &Folder) -> u64 {
    let arguments = ["--json", "embed", "many", "--size", "224", "-o"];
    let run = shoal(&folder.path(""), &[&arguments[..], &["f.npz"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["images"], IMAGES);
    let whole = shoal(&folder.path(""), &[&arguments[..], &["whole.npz"]].concat());
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    assert!(features(folder, "f.npz") == features(folder, "whole.npz"));
    assert!(!folder.path("f.npz.partial").exists());
    report["reused"].as_u64().unwrap()
}

#[test]
fn ctrl_c_leaves_a_valid_file_that_the_same_command_continues() {
    let folder = many_images();
    let mut child = start(&folder);
    end_in_the_middle(&folder, &child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let before = features(&folder, "f.npz").len();
    assert!((5..IMAGES).contains(&before), "{before} images were done");
    assert_eq!(folder.files("").len(), IMAGES + 1, "nothing else is left");
    assert_eq!(continues(&folder), before as u64);
}

#[test]
fn what_a_killed_run_has_done_is_not_computed_again() {
    let folder = many_images();
    let mut child = start(&folder);
    end_in_the_middle(&folder, &child, "-KILL");
    assert_eq!(child.wait().unwrap().code(), None);
    assert!(!folder.path("f.npz").exists() && folder.path("f.npz.partial").exists());
    assert!(continues(&folder) >= 4);
}

#[test]
fn a_full_disk_ends_a_run_with_a_message_and_what_is_done_stays() {
    let folder = many_images();
    // A limit on the size of files fails as a full disk does, once its signal is ignored. It is 100 or 200 KiB, after the shell.
    let limited = r#"trap '' XFSZ; ulimit -f 200; exec "$0" --json embed many -o f.npz --size 224"#;
    let run = Command::new("sh")
        .args(["-c", limited, command().get_program().to_str().unwrap()])
        .env("SHOAL_WEIGHTS", "no-weights")
        .current_dir(folder.path(""))
        .output();
    assert_eq!(Run::from(run.unwrap()).error(), "write-failed");
    assert!(!folder.path("f.npz").exists());
    assert!(continues(&folder) >= 10);
}

#[test]
fn two_runs_do_not_write_into_one_file() {
    let folder = many_images();
    let mut child = start(&folder);
    while !folder.path("f.npz.partial").exists() {
        sleep(Duration::from_millis(5));
    }
    // The first run takes the lock right after the file appears.
    sleep(Duration::from_millis(100));
    let second = shoal(&folder.path(""), &["--json", "embed", "many", "-o", "f.npz", "--size", "224"]);
    assert_eq!(second.error(), "output-in-use");
    assert!(child.wait().unwrap().success());
    assert_eq!(features(&folder, "f.npz").len(), IMAGES);
}
