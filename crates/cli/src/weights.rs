//! `shoal weights`: converts a training's weights, a `.safetensors` or PyTorch file of a supported network, into the files that
//! the site ships.
//!
//! Writes the network, its classifier, `manifest.json`, and the figures in the folder's `README.md` where that file is.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use shoal::error::Coded;
use shoal_weights::convert::{Converted, convert};

/// Runs the subcommand.
pub fn run(source: &Path, target: &Path) -> ExitCode {
    match convert_file(source, target) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn convert_file(source: &Path, target: &Path) -> Result<String, String> {
    let bytes = fs::read(source).map_err(|error| io_message("read", source, &error))?;
    let converted = convert(&bytes).map_err(|error| format!("{}: {}: {error}", error.code(), source.display()))?;
    let note = converted.classifier_note();
    let Converted { backbone, classifier, manifest } = converted;
    let manifest_json = serde_json::to_string_pretty(&manifest).map_err(|error| format!("manifest-failed: {error}"))?;
    // The card is checked before anything is written, so that files and figures never disagree.
    let card_path = target.join("README.md");
    let card = match fs::read_to_string(&card_path) {
        Ok(card) => Some(manifest.fill_card(&card).ok_or_else(|| {
            format!("card-without-marks: {} has no place for the figures of {}", card_path.display(), manifest.model)
        })?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(io_message("read", &card_path, &error)),
    };
    fs::create_dir_all(target).map_err(|error| io_message("make", target, &error))?;
    write(&target.join(&manifest.backbone.file), &backbone)?;
    let classifier_path = target.join(manifest.classifier_file());
    match classifier {
        Some(classifier) => write(&classifier_path, &classifier.bytes)?,
        // The classifier of another network would give wrong names.
        None => remove(&classifier_path)?,
    }
    write(&target.join("manifest.json"), format!("{manifest_json}\n").as_bytes())?;
    if let Some(card) = card {
        write(&card_path, card.as_bytes())?;
    }
    Ok(format!("{manifest_json}\n{note}"))
}

fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io_message("remove", path, &error)),
        _ => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| io_message("write", path, &error))
}

fn io_message(verb: &str, path: &Path, error: &std::io::Error) -> String {
    format!("io: could not {verb} {}: {error}", path.display())
}
