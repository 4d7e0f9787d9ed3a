//! Quality check: how well labelled images are clustered. `quality DIR [--weights FILE]`.
//!
//! `DIR` has one folder per class. The images are embedded with every network at hand, or with the one in `FILE`, at several
//! sizes, and clustered after every feature transform: into as many clusters as there are folders, and into as many as
//! the automatic choice finds. The output is a Markdown table. Images that cannot be read are listed and left out.

mod embedding;
mod folder;
mod networks;
mod report;
mod score;

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use shoal::collection::classes;

use embedding::{Embedded, settings};
use report::Row;

const USAGE: &str = "usage: quality DIR [--weights FILE]";

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
        [dir, flag, file] if flag.as_os_str() == "--weights" => (dir, Some(file.as_path())),
        _ => return Err(USAGE.into()),
    };
    let networks = networks::networks(weights)?;
    let images = folder::list(dir).map_err(|error| format!("io: could not read {}: {error}", dir.display()))?;
    let settings = settings(&networks);
    let Embedded { paths, features, skipped } = embedding::embed(&images, &networks, &settings)?;
    for one in &skipped {
        eprintln!("skipped {}: {}: {}", one.path, one.code, one.reason);
    }
    let (folders, labels) = classes(&paths)
        .ok_or_else(|| format!("there are no two folders with images that can be read in {}", dir.display()))?;
    let mut rows = Vec::new();
    for (setting, features) in settings.iter().zip(&features) {
        for &recipe in setting.recipes {
            let scores = score::score(features, recipe, &labels, folders.len())?;
            rows.push(Row { backbone: networks[setting.network].backbone, setting: *setting, recipe, scores });
        }
    }
    let about = report::About {
        folder: images.first().and_then(|image| image.path.split('/').next()).unwrap_or_default(),
        images: paths.len(),
        folders: folders.len(),
        skipped: skipped.len(),
        networks: &networks,
    };
    Ok(report::table(&about, &rows))
}
