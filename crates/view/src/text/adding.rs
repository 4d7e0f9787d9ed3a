//! Texts of the drop area, the progress bar and the notices about added files.

use shoal_engine::Stage;

/// Title of the empty state.
pub const DROP_TITLE: &str = "Drop a folder of pictures";
/// Below the title.
pub const DROP_HINT: &str = "They are sorted by what they show, here in this page. Nothing leaves your machine.";
/// Title while files are dragged over the page.
pub const DROP_HERE: &str = "Drop to sort these pictures";
/// Button.
pub const CHOOSE_FOLDER: &str = "Choose folder";
/// Button.
pub const CHOOSE_FILES: &str = "Choose files";
/// Button.
pub const TRY_SAMPLES: &str = "Try sample pictures";
/// Button that empties the collection.
pub const CLEAR: &str = "Clear all";
/// The same button after the first press.
pub const CONFIRM_CLEAR: &str = "Press again to clear all";
/// Notice.
pub const NOTHING_FOUND: &str = "No pictures found. Drop a folder of pictures, or choose files.";
/// Notice.
pub const STOPPED: &str = "Stopped. What was read so far is kept.";
/// Added to the notice that the GPU was lost.
pub const CPU_TAKES_OVER: &str = "The CPU does the rest; nothing was lost.";
/// Heading, while images are added.
pub const PREVIEW_CLUSTERS: &str = "First groups from the pictures so far";
/// Label of the progress bar's section.
pub const PROGRESS: &str = "Progress";

/// Summary of the files that were rejected.
pub fn rejected(count: usize) -> String {
    format!("{} could not be read", super::image_count(count))
}

/// Summary of the files that are not images, as far as Shoal knows.
pub fn not_pictures(count: usize) -> String {
    format!("{} that Shoal can read", super::counted(count, "file is not a picture", "files are not pictures"))
}

/// A reason for rejections, and how many files it applies to.
pub fn rejection_reason(count: usize, reason: &str) -> String {
    format!("{count} × {reason}")
}

/// The name of a stage of work.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Weights => "Downloading the network",
        Stage::Reading => "Looking for pictures",
        Stage::Embedding => "Analysing pictures",
        Stage::Clustering => "Finding groups",
        Stage::Exporting => "Packing",
        Stage::Copying => "Copying",
        Stage::Importing => "Reading features",
        Stage::Drawing => "Drawing sample pictures",
        Stage::CacheLookup => "Looking up stored features",
        Stage::Matching => "Comparing pictures",
        Stage::Comparing => "Trying the GPU",
    }
}

/// How far a download is; `total` is 0 while unknown.
pub fn downloaded(name: &str, done_bytes: u64, total_bytes: u64) -> String {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    if total_bytes > 0 {
        format!("{name}: {:.1} of {:.1} MB", megabytes(done_bytes), megabytes(total_bytes))
    } else {
        format!("{name}: {:.1} MB", megabytes(done_bytes))
    }
}

/// How many files a search through folders has found.
pub fn found_so_far(name: &str, count: u64) -> String {
    format!("{name}: {count} found")
}

/// Progress in percent.
pub fn percent_done(name: &str, percent: u64) -> String {
    format!("{name}: {percent} %")
}

/// Progress in units.
pub fn units_done(name: &str, done: u64, total: u64) -> String {
    format!("{name}: {done} of {total}")
}

/// Progress in units, with units per second and the time left.
pub fn units_done_at_rate(name: &str, done: u64, total: u64, per_second: f64) -> String {
    let left_s = total.saturating_sub(done) as f64 / per_second;
    format!("{name}: {done} of {total} · {per_second:.0} per second · {}", time_left(left_s))
}

fn time_left(seconds: f64) -> String {
    match seconds.ceil() {
        seconds if seconds < 60.0 => format!("{seconds} s left"),
        seconds if seconds < 3600.0 => format!("{} min left", (seconds / 60.0).ceil()),
        seconds => format!("{:.1} h left", seconds / 3600.0),
    }
}
