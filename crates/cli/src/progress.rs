//! The progress bar, and Ctrl-C: the first one ends the work in good order, the second one at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use shoal_native::{Observer, Stage};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// Shows progress on a terminal.
pub struct Progress {
    is_shown: bool,
    bar: Mutex<Option<(Stage, ProgressBar)>>,
}

impl Progress {
    /// Watches for Ctrl-C and, if `is_shown`, shows a bar on standard error.
    pub fn new(is_shown: bool) -> Self {
        // Without the handler, Ctrl-C ends the program at once, which loses little.
        let _ = ctrlc::set_handler(|| {
            if STOPPED.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
        Self { is_shown, bar: Mutex::new(None) }
    }

    /// Removes the bar.
    pub fn clear(&self) {
        if let Some((_, bar)) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Progress {
    fn is_stopped(&self) -> bool {
        STOPPED.load(Ordering::SeqCst)
    }

    fn progress(&self, stage: Stage, done: usize, total: usize) {
        if !self.is_shown {
            return;
        }
        let mut shown = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.as_ref().is_none_or(|(current, _)| *current != stage) {
            if let Some((_, before)) = shown.take() {
                before.finish_and_clear();
            }
            *shown = Some((stage, bar(stage, total)));
        }
        if let Some((_, bar)) = &*shown {
            bar.set_position(done as u64);
        }
    }
}

fn bar(stage: Stage, total: usize) -> ProgressBar {
    let (name, unit) = match stage {
        Stage::Embedding => ("embedding", "{per_sec}, {eta} left"),
        Stage::Writing => ("writing", "{eta} left"),
        Stage::Reading => ("reading", "{eta} left"),
        Stage::Clustering => ("clustering", "{eta} left"),
        Stage::Sorting => ("sorting", "{per_sec}, {eta} left"),
    };
    let template = format!("{name} {{wide_bar}} {{pos}}/{{len}} {unit}");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total as u64).with_style(style)
}
