//! The command `shoal`: what the page does, for collections that no browser holds.
//!
//! | file | what |
//! | --- | --- |
//! | `arguments` | the options of all subcommands |
//! | `embed`, `cluster`, `sort`, `report` | the subcommands for images |
//! | `quality`, `weights` | the subcommands for those who work on the networks |
//! | `documents` | the man page and the shell completions |
//! | `output` | results, errors and exit codes |
//! | `progress` | the progress bar, and Ctrl-C |

mod arguments;
mod cluster;
mod documents;
mod embed;
mod output;
mod progress;
mod quality;
mod report;
mod sort;
mod weights;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use output::Output;
use progress::Progress;

fn main() -> ExitCode {
    let Arguments { json, quiet, command } = Arguments::parse();
    let output = Output::new(json, quiet);
    let progress = Progress::new(output.shows_progress());
    let outcome = match command {
        Command::Embed(options) => embed::run(&options, &output, &progress),
        Command::Cluster(options) => cluster::run(&options, &output, &progress),
        Command::Sort(options) => sort::run(&options, &output, &progress),
        Command::Report(options) => report::run(&options, &output),
        Command::Quality { dir, weights } => return quality::run(&dir, weights.as_deref()),
        Command::Weights { from, out_dir } => return weights::run(&from, &out_dir),
        Command::Completions { shell } => documents::completions(shell),
        Command::Man { dir } => documents::man(&dir),
    };
    progress.clear();
    output.end(outcome)
}
