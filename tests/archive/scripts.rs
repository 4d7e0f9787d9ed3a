//! The scripts that move files into folders: the shell script is run on hostile names, the PowerShell script is compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use shoal::archive::scripts::{powershell_script, sh_script};
use shoal::archive::{Placed, UNASSIGNED_FOLDER};

/// A temporary folder that is removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("shoal-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, path: &str, content: &str) {
        let file = self.0.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    /// The contents of all files by path.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        self.list(&self.0, &mut files);
        files
    }

    fn list(&self, folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.list(&path, files);
            } else {
                let name = path.strip_prefix(&self.0).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }

    /// Runs a script in the folder; the script itself is outside of it.
    fn run(&self, shell: &str, script: &str) -> Option<Output> {
        let file = self.0.with_extension("sh");
        fs::write(&file, script).unwrap();
        let output = Command::new(shell).arg(&file).current_dir(&self.0).output();
        fs::remove_file(file).unwrap();
        output.inspect_err(|error| println!("{shell} is not installed, skipping: {error}")).ok()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A failure to clean up is not a test failure.
        drop(fs::remove_dir_all(&self.0));
    }
}

fn placed(path: &str, entry_name: &str) -> Placed {
    Placed { path: path.into(), entry_name: entry_name.into() }
}

/// Names that a shell might misinterpret.
const HOSTILE_NAMES: [&str; 18] = [
    "plain.jpg",
    "two  blanks .jpg",
    "it's \"quoted\".jpg",
    "'.jpg",
    "''.jpg",
    "-rf",
    "--help.jpg",
    "$HOME.jpg",
    "$(touch harm).jpg",
    "`touch harm`.jpg",
    "a;touch harm;.jpg",
    "[a-z]*?{x,y}.jpg",
    "back\\slash\\n.jpg",
    "line\nend.jpg",
    "tab\tand #hash.jpg",
    "~",
    "!!&|<>%PATH%.jpg",
    "‘Żółw’ 🐢.jpg",
];

const SHELLS: [&str; 3] = ["sh", "bash", "dash"];

#[test]
fn files_with_hostile_names_are_moved() {
    for shell in SHELLS {
        let scratch = Scratch::new(&format!("moved-{shell}"));
        let mut places = Vec::new();
        let mut expected = BTreeMap::new();
        for (index, name) in HOSTILE_NAMES.iter().enumerate() {
            let (path, entry_name) = (format!("-t $x'/{name}"), format!("-Cats' $(touch harm)/{name}"));
            scratch.write(&path, &index.to_string());
            places.push(placed(&path, &entry_name));
            expected.insert(entry_name, index.to_string());
        }
        let Some(output) = scratch.run(shell, &sh_script(&places)) else { continue };
        let output_text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!((output_text.as_str(), scratch.files()), ("18 moved, 0 skipped\n", expected), "{shell}");
    }
}

#[test]
fn nothing_is_overwritten_and_skipped_files_are_named() {
    for shell in SHELLS {
        let scratch = Scratch::new(&format!("skipped-{shell}"));
        for path in ["t/a", "t/b", "t/c", "t/d", "t/e", "Cats/a", "Dogs", "Birds/c/inside"] {
            scratch.write(path, path);
        }
        let outside = Scratch::new(&format!("outside-{shell}"));
        outside.write("x", "x");
        let path_outside = format!("../{}/x", outside.0.file_name().unwrap().to_str().unwrap());
        let absolute = outside.0.join("x").to_str().unwrap().to_owned();
        let script = sh_script(&[
            placed("t/a", "Cats/a"),
            placed("t/b", "Dogs/b"),
            placed("t/c", "Birds/c"),
            placed("t/gone", "Cats/gone"),
            placed(&path_outside, "Cats/x"),
            placed(&absolute, "Cats/y"),
            placed("t/d", "t/d"),
            placed("t/e", &format!("{UNASSIGNED_FOLDER}/e")),
        ]);
        let Some(output) = scratch.run(shell, &script) else { continue };
        assert_eq!(String::from_utf8_lossy(&output.stdout), "1 moved, 6 skipped\n", "{shell}");
        assert_eq!(output.status.code(), Some(1));
        let output_text = String::from_utf8_lossy(&output.stderr).into_owned();
        for line in [
            "skipped, destination exists: ./t/a",
            "skipped, cannot be moved: ./t/b",
            "skipped, destination exists: ./t/c",
            "skipped, not found: ./t/gone",
            &format!("skipped, outside this folder: {path_outside}"),
            &format!("skipped, not found: ./{absolute}"),
        ] {
            assert!(output_text.lines().any(|found| found == line), "{shell}: {line} is not in {output_text}");
        }
        let paths: Vec<String> = scratch.files().into_keys().collect();
        assert_eq!(paths, ["Birds/c/inside", "Cats/a", "Dogs", "t/a", "t/b", "t/c", "t/d", "unsorted/e"]);
        assert_eq!(scratch.files()["Cats/a"], "Cats/a");
        assert_eq!(outside.files().len(), 1);
    }
}

#[test]
fn powershell_strings_are_quoted() {
    let script = powershell_script(&[
        placed("t/it's ‘here’.jpg", "$(x) `n/[a]\".jpg"),
        placed("t/line\nend.jpg", "Cats/lineend.jpg"),
        placed("../up.jpg", "Cats/up.jpg"),
        placed("t/stays", "t/stays"),
    ]);
    assert!(script.starts_with("\u{feff}# Moves"));
    let steps = "}\r\nMove-Picture './t/it''s ‘‘here’’.jpg' './$(x) `n' '[a]\".jpg'\r\n\
                 Move-Picture './t/line\nend.jpg' './Cats' 'lineend.jpg'\r\n\
                 Skip-Picture 'outside this folder' '../up.jpg'\r\n\
                 Write-Host \"$script:moved moved, $script:skipped skipped\"\r\n";
    assert!(script.ends_with(steps), "{script}");
    assert_eq!(script.matches('\n').count(), script.matches("\r\n").count() + 1);
}

#[test]
fn scripts_without_files_do_nothing() {
    let scratch = Scratch::new("nothing");
    let output = scratch.run("sh", &sh_script(&[])).unwrap();
    assert!(output.status.success() && output.stdout == b"0 moved, 0 skipped\n");
    assert_eq!(
        powershell_script(&[]).lines().last(),
        Some("Write-Host \"$script:moved moved, $script:skipped skipped\"")
    );
}
