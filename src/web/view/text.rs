//! Every word that the interface shows, in one table.

use crate::web::engine::{Measured, Stage};

/// Title of the empty state.
pub const DROP_TITLE: &str = "Drop a folder of pictures";
/// Below it.
pub const DROP_HINT: &str = "They are sorted by what they show, here in this page. Nothing leaves your machine.";
/// While files are dragged over.
pub const DROP_HERE: &str = "Let go to sort these pictures";
/// Button.
pub const CHOOSE_FOLDER: &str = "Choose folder";
/// Button.
pub const CHOOSE_FILES: &str = "Choose files";
/// Button.
pub const TRY_SAMPLES: &str = "Try sample pictures";
/// Button.
pub const CLEAR: &str = "Start over";
/// Button.
pub const CANCEL: &str = "Cancel";
/// Button.
pub const DOWNLOAD_ZIP: &str = "Download zip";
/// Button.
pub const GROUP_AGAIN: &str = "Group again";
/// Label.
pub const GROUPS: &str = "Groups";
/// Label.
pub const AUTOMATIC: &str = "choose for me";
/// Label.
pub const MORE_SETTINGS: &str = "More settings";
/// Label.
pub const SIZE: &str = "Picture size";
/// Label.
pub const WAY: &str = "Way of comparing";
/// Label.
pub const SEED: &str = "Seed";
/// Label.
pub const ABOUT: &str = "About this run";
/// Label.
pub const PLOT: &str = "Map of the pictures";
/// What the plot is, for those who cannot see it.
pub const PLOT_DESCRIPTION: &str =
    "Every picture is a point, coloured by its group; pictures that look alike lie near each other.";
/// Notice.
pub const NOTHING_FOUND: &str = "There was no picture in what you gave. Drop a folder with pictures, or choose files.";
/// Notice.
pub const STOPPED: &str = "Stopped. What was read so far is kept.";
/// Notice, after what became of the graphics processor.
pub const LANES_TAKE_OVER: &str = "The processor does the rest; nothing was lost.";
/// What silhouette means.
pub const SILHOUETTE_HINT: &str = "Silhouette: 1 means that the pictures of a group are alike and unlike all others, 0 that groups touch, below 0 that \
     pictures may be in the wrong group.";

/// What is being done, in words.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Weights => "Fetching the network",
        Stage::Reading => "Looking for pictures",
        Stage::Embedding => "Looking at pictures",
        Stage::Clustering => "Finding groups",
        Stage::Exporting => "Packing",
        Stage::Drawing => "Drawing sample pictures",
        Stage::Comparing => "Trying the graphics processor",
    }
}

/// `1 picture`, `2 pictures`.
pub fn pictures(count: usize) -> String {
    counted(count, "picture", "pictures")
}

/// `1 group`, `2 groups`.
pub fn groups(count: usize) -> String {
    counted(count, "group", "groups")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A silhouette to two places, or a dash where it is not defined.
pub fn silhouette(value: Option<f32>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.2}"))
}

/// What computes features.
pub fn backend(name: &str) -> &str {
    match name {
        "cpu" => "processor (WebAssembly)",
        "webgpu" => "graphics processor (WebGPU)",
        other => other,
    }
}

/// What a picture took by each way that was tried.
pub fn measured(measured: &Measured) -> String {
    let ways = [
        (Some(measured.cpu_ms), "in one worker"),
        (measured.lanes_ms, "in all workers together"),
        (measured.webgpu_ms, "on the graphics processor"),
    ];
    let tried = ways.into_iter().filter_map(|(ms, way)| Some(format!("{:.1} ms {way}", ms?)));
    tried.collect::<Vec<_>>().join(", ")
}

/// A duration for a person.
pub fn time_left(seconds: f64) -> String {
    match seconds.ceil() {
        seconds if seconds < 60.0 => format!("{seconds} s left"),
        seconds if seconds < 3600.0 => format!("{} min left", (seconds / 60.0).ceil()),
        seconds => format!("{:.1} h left", seconds / 3600.0),
    }
}
