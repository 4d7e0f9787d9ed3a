//! Results, errors and exit codes. Progress and summaries are for people at a terminal; JSON is for programs.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;
use shoal::collection::Rejection;
use shoal::error::Coded;
use shoal_native::NativeError;

/// The code of a file that is no image, which is nothing to worry about.
const NOT_AN_IMAGE: &str = "not-a-picture";

/// How a subcommand ended, unless it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is done.
    Done,
    /// Done, except for some images.
    LeftOut,
    /// Stopped by Ctrl-C. What was done is kept.
    Stopped,
}

impl Outcome {
    /// [`Self::LeftOut`] if an image is among the rejected files.
    pub fn of(rejected: &[Rejection]) -> Self {
        let is_image = |rejection: &Rejection| rejection.code != NOT_AN_IMAGE;
        if rejected.iter().any(is_image) { Self::LeftOut } else { Self::Done }
    }
}

/// Where results go.
pub struct Output {
    json: bool,
    quiet: bool,
}

#[derive(Serialize)]
struct Failure<'a> {
    error: FailureFacts<'a>,
}

#[derive(Serialize)]
struct FailureFacts<'a> {
    code: &'a str,
    message: String,
}

impl Output {
    /// As JSON, or without summaries.
    pub fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Whether someone looks at standard error.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }

    /// Reports a result: as JSON, or as a summary if someone is looking.
    pub fn result(&self, result: &impl Serialize, summary: impl FnOnce() -> String) {
        if self.json {
            print_json(result);
        } else if self.shows_progress() {
            print_error(&summary());
        }
    }

    /// Reports files that were left out, which is never quiet.
    pub fn rejected(&self, rejected: &[Rejection]) {
        if self.json {
            return;
        }
        for Rejection { path, code, reason } in rejected.iter().filter(|rejection| rejection.code != NOT_AN_IMAGE) {
            print_error(&format!("left out {path}: {code}: {reason}"));
        }
    }

    /// Reports how the program ends.
    pub fn end(&self, outcome: Result<Outcome, NativeError>) -> ExitCode {
        match outcome {
            Ok(Outcome::Done) => ExitCode::SUCCESS,
            Ok(Outcome::LeftOut) => ExitCode::from(3),
            Ok(Outcome::Stopped) | Err(NativeError::Stopped) => ExitCode::from(130),
            Err(error) => {
                let (code, message) = (error.code(), error.to_string());
                if self.json {
                    print_json(&Failure { error: FailureFacts { code, message } });
                } else {
                    print_error(&format!("error: {code}: {message}"));
                }
                ExitCode::FAILURE
            }
        }
    }
}

/// A reader that has gone away is no error.
fn print_json(value: &impl Serialize) {
    let text = serde_json::to_string(value).unwrap_or_default();
    let _ = writeln!(io::stdout(), "{text}");
}

fn print_error(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// `1 image` or `2 images`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
