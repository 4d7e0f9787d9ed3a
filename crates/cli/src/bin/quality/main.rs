//! How well labelled pictures are grouped: `quality DIR [--weights FILE]`.
//!
//! `DIR` holds a folder for every class. The pictures are embedded with the shipped network, or with one that is converted
//! from `FILE` in memory, and grouped into as many groups as there are folders: by the shipped recipe at several sizes, and
//! by the notebook's way. What is printed is a Markdown table. Pictures that cannot be read are named and left out.

mod embedding;
mod folder;
mod report;
mod score;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use shoal::collection::classes;
use shoal::error::Coded;
use shoal_model::{CpuNet, convert};

use embedding::{Embedded, SETTINGS};

const USAGE: &str = "usage: quality DIR [--weights FILE]";
const SHIPPED: &[u8] = include_bytes!("../../../../../weights/mobilenet_v2_backbone.safetensors");

fn main() -> ExitCode {
    match run() {
        Ok(table) => {
            println!("{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Box<dyn Error>> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let (dir, weights) = match arguments.as_slice() {
        [dir] => (dir, None),
        [dir, flag, file] if flag.as_os_str() == "--weights" => (dir, Some(file)),
        _ => return Err(USAGE.into()),
    };
    let weights = weights.map_or_else(|| Ok(SHIPPED.to_vec()), |file| network(file))?;
    let pictures = folder::list(dir).map_err(|error| format!("io: could not read {}: {error}", dir.display()))?;
    let weights_sha256 = CpuNet::from_weights(&weights, None)?.info().sha256.clone();
    let Embedded { paths, features, skipped } = embedding::embed(&pictures, &weights)?;
    for one in &skipped {
        eprintln!("skipped {}: {}: {}", one.path, one.code, one.reason);
    }
    let (folders, labels) = classes(&paths)
        .ok_or_else(|| format!("there are no two folders with pictures that can be read in {}", dir.display()))?;
    let mut rows = Vec::with_capacity(SETTINGS.len());
    for (setting, features) in SETTINGS.iter().zip(&features) {
        rows.push((*setting, score::score(features, setting.recipe, &labels, folders.len())?));
    }
    let about = report::About {
        folder: pictures.first().and_then(|picture| picture.path.split('/').next()).unwrap_or_default(),
        pictures: paths.len(),
        folders: folders.len(),
        skipped: skipped.len(),
        weights_sha256: &weights_sha256,
    };
    Ok(report::table(&about, &rows))
}

/// The network in `file` as it would be shipped; one that is shipped already as it is.
fn network(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let bytes = fs::read(file).map_err(|error| format!("io: could not read {}: {error}", file.display()))?;
    if convert::is_converted(&bytes) {
        return Ok(bytes);
    }
    let converted =
        convert::convert(&bytes).map_err(|error| format!("{}: {}: {error}", error.code(), file.display()))?;
    Ok(converted.backbone)
}
