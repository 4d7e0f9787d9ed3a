//! `shoal quality`: how well labelled images are clustered.
//!
//! The folder has one folder per class. The images are embedded with every network at hand, or with the one in `FILE`, at several
//! sizes, and clustered after every feature transform: into as many clusters as there are folders, and into as many as
//! the automatic choice finds. The output is a Markdown table. Images that cannot be read are listed and left out.

mod embedding;
mod networks;
mod report;
mod score;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use shoal::collection::classes;
use shoal::error::Coded;
use shoal_native::folder::{Listing, list};

use embedding::{Embedded, settings};
use report::Row;

/// Runs the subcommand.
pub fn run(dir: &Path, weights: Option<&Path>) -> ExitCode {
    match measure(dir, weights) {
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

fn measure(dir: &Path, weights: Option<&Path>) -> Result<String, Box<dyn Error>> {
    let networks = networks::networks(weights)?;
    let Listing { files: images, .. } =
        list(&[dir.to_owned()], &[]).map_err(|error| format!("{}: {error}", error.code()))?;
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
