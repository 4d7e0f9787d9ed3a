//! Folders of sample images, and running the command.

use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use shoal::archive::npz::{FeatureSpec, NpzReader};
use shoal_samples::{COUNT, draw};
use tempfile::TempDir;

/// A folder that is removed when it is dropped.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with the sample images in `samples`, in the folders of their kinds.
    pub fn with_samples() -> Self {
        let folder = Self::new();
        for index in 0..COUNT {
            let picture = draw(index);
            folder.write(&format!("samples/{}/{}", index % 6, file_name(&picture.path)), &picture.bytes);
        }
        folder
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    /// All files below `path`, relative to it, in order.
    pub fn files(&self, path: &str) -> Vec<String> {
        let root = self.path(path);
        let mut open = vec![root.clone()];
        let mut files = Vec::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => open.push(path),
                    false => files.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned()),
                }
            }
        }
        files.sort();
        files
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// What a run of the command has printed, and how it ended.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Run {
    /// The result that was printed as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{} {}", self.stdout, self.stderr))
    }

    /// The code of the error that was printed as JSON.
    pub fn error(&self) -> String {
        assert_eq!(self.code, 1, "{} {}", self.stdout, self.stderr);
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }
}

/// The command, on a machine where no weights were fetched.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shoal"));
    command.env("SHOAL_WEIGHTS", "no-weights");
    command
}

/// Runs the command in the folder `dir`.
pub fn shoal(dir: &Path, arguments: &[&str]) -> Run {
    command().current_dir(dir).args(arguments).output().unwrap().into()
}

/// How the features in a file were computed.
pub fn spec(folder: &Folder, file: &str) -> FeatureSpec {
    let reader = NpzReader::open(BufReader::new(File::open(folder.path(file)).unwrap())).unwrap();
    reader.head().spec.clone().unwrap()
}

/// The features of each image in a file, by path.
pub fn features(folder: &Folder, file: &str) -> BTreeMap<String, Vec<f32>> {
    let mut reader = NpzReader::open(BufReader::new(File::open(folder.path(file)).unwrap())).unwrap();
    let names = reader.head().names.clone();
    let mut values = Vec::new();
    while let Some(rows) = reader.next_rows().unwrap() {
        values.extend((0..rows.rows()).map(|row| rows.row(row).to_vec()));
    }
    names.into_iter().zip(values).collect()
}
