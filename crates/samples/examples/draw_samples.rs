//! Writes the sample images to files: `draw_samples OUT_DIR [--folders]`.
//!
//! With `--folders` each kind gets a folder of its own, as if sorted by hand; otherwise all go into one folder, as in the page.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use shoal_samples::{COUNT, KINDS};

const USAGE: &str = "usage: draw_samples OUT_DIR [--folders]";

fn main() -> ExitCode {
    match run() {
        Ok(count) => {
            println!("{count} images written");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<usize, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (flags, folders): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| argument.starts_with("--"));
    let ([out_dir], [] | ["--folders"]) =
        (folders.as_slice(), flags.iter().map(|flag| flag.as_str()).collect::<Vec<_>>().as_slice())
    else {
        return Err(USAGE.into());
    };
    let by_kind = !flags.is_empty();
    for index in 0..COUNT {
        let image = shoal_samples::draw(index);
        let folder = if by_kind { Path::new(out_dir).join(KINDS[image.kind]) } else { PathBuf::from(out_dir) };
        let name = Path::new(&image.path).file_name().unwrap_or_default();
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let path = folder.join(name);
        fs::write(&path, &image.bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(COUNT)
}
