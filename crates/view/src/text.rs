//! Every word that the interface shows, in one table.

use shoal::collection::{Assignment, Clustering, Image};
use shoal_engine::{FolderReport, Imported, Measured, Memory, Reopened, Stage};

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
/// Label of the switch.
pub const DIMENSIONS: &str = "Dimensions of the map";
/// Button.
pub const FLAT_MAP: &str = "2D";
/// Button.
pub const SPACE_MAP: &str = "3D";
/// How the map in three dimensions is turned.
pub const SPACE_HINT: &str =
    "Drag or use the arrow keys to turn, + and - to zoom, 0 to begin again; click or Enter to select.";
/// How the flat map is used.
pub const FLAT_HINT: &str = "Point at a picture to see it, click or drag to select. Shift and drag draws a loop. Ctrl and wheel, + and - zoom, arrow \
     keys move, 0 shows all, Enter selects.";
/// Button.
pub const LASSO: &str = "Lasso";
/// Hint.
pub const LASSO_HINT: &str = "Draw a loop around pictures to select them";
/// Button.
pub const HAND: &str = "Hand";
/// Hint.
pub const HAND_HINT: &str = "Drag to move the map";
/// Button.
pub const SHOW_PICTURES: &str = "Pictures";
/// Hint.
pub const SHOW_PICTURES_HINT: &str = "Show pictures in place of points where there is room";
/// Button.
pub const NEARER: &str = "Zoom in";
/// Button.
pub const FARTHER: &str = "Zoom out";
/// Button.
pub const WHOLE_MAP: &str = "All";
/// The same, for those who do not see what is beside it.
pub const WHOLE_MAP_NAME: &str = "All of the map";
/// Button.
pub const SELECT_NONE: &str = "Select none";
/// List.
pub const SELECTED_PICTURES: &str = "Selected pictures";
/// What the plot is, for those who cannot see it.
pub const PLOT_DESCRIPTION: &str =
    "Every picture is a point, coloured by its group; pictures that look alike lie near each other.";
/// Notice.
pub const NOTHING_FOUND: &str = "There was no picture in what you gave. Drop a folder with pictures, or choose files.";
/// Notice.
pub const STOPPED: &str = "Stopped. What was read so far is kept.";
/// Notice, after what became of the GPU.
pub const LANES_TAKE_OVER: &str = "The processor does the rest; nothing was lost.";
/// What silhouette means.
pub const SILHOUETTE_HINT: &str = "Silhouette: 1 means that the pictures of a group are alike and unlike all others, 0 that groups touch, below 0 that \
     pictures may be in the wrong group.";

/// Button.
pub const UNDO: &str = "Undo";
/// Button.
pub const REDO: &str = "Redo";
/// Button.
pub const CLOSE: &str = "Close";
/// Button.
pub const OPEN_GROUP: &str = "Show all";
/// Button.
pub const SPLIT: &str = "Split in two";
/// Choice.
pub const MERGE_WITH: &str = "Merge with…";
/// Choice.
pub const MOVE_TO: &str = "Move to…";
/// Choice.
pub const NEW_GROUP: &str = "a new group";
/// Button: pictures stay where they are when everything is grouped again.
pub const LOCK: &str = "Keep here";
/// Button: the opposite.
pub const UNLOCK: &str = "Let go";
/// Button.
pub const LOCK_GROUP: &str = "Lock: its pictures stay when you group again";
/// Button.
pub const UNLOCK_GROUP: &str = "Unlock: its pictures may move when you group again";
/// Field.
pub const GROUP_NAME: &str = "Name of the group";
/// Hint.
pub const SUGGESTED_NAME: &str = "Suggested by what the network sees; type to rename";
/// Mark.
pub const SUGGESTION: &str = "suggested name";
/// The pictures in no group.
pub const ASIDE: &str = "Unsorted";
/// Heading.
pub const ALL_SCORES: &str = "All scores";
/// Mark.
pub const SAMPLED: &str = "estimated on a sample";
/// Heading.
pub const CONFUSION: &str = "Your folders against the groups: how many pictures they share";
/// Heading.
pub const FOLDER: &str = "Folder";
/// Heading.
pub const COUNTS: &str = "How many groups?";
/// What the curve is, for those who cannot see it.
pub const COUNTS_DESCRIPTION: &str = "The mean silhouette for every number of groups that was tried; higher is better.";
/// Heading.
pub const SILHOUETTES: &str = "How well pictures fit";
/// What the silhouette plot is, for those who cannot see it.
pub const SILHOUETTES_DESCRIPTION: &str =
    "Every picture is a bar as long as its silhouette, group by group; the line is the mean of all.";
/// Above the counts to choose from.
pub const PROPOSALS: &str = "Worth a look:";
/// Heading.
pub const CHECK_THESE: &str = "Check these";
/// Below it.
pub const CHECK_THESE_HINT: &str = "These fit worst: they are nearer to another group than to their own.";
/// Button.
pub const STAYS: &str = "It is right here";
/// Heading.
pub const DUPLICATES: &str = "Duplicates";
/// Below it.
pub const DUPLICATES_HINT: &str =
    "Finds the same file twice, and pictures that look nearly the same. Nothing is set aside until you say so.";
/// Label.
pub const ALIKE: &str = "How alike";
/// Button.
pub const FIND_DUPLICATES: &str = "Find duplicates";
/// Button.
pub const KEEP_BEST: &str = "Keep the best, set the rest aside";
/// Button.
pub const KEEP_ALL_BEST: &str = "Keep the best of each";
/// Kind of duplicates.
pub const EXACT: &str = "the same file";
/// Kind of duplicates.
pub const NEAR: &str = "nearly the same";
/// Mark.
pub const BEST: &str = "best";
/// Heading.
pub const LOOSE: &str = "Pictures in no group";
/// Label.
pub const LEAST_SIMILARITY: &str = "Least likeness to a group";
/// Button.
pub const JOIN: &str = "Join the nearest group";
/// Label.
pub const METHOD: &str = "Kind of groups";
/// Button.
pub const ADOPT_FOLDERS: &str = "Start from my folders";
/// Hint.
pub const ADOPT_FOLDERS_HINT: &str =
    "The folders become the groups, locked; pictures beside them can then join the nearest one";

/// Button.
pub const SAVE_SESSION: &str = "Save session";
/// Button.
pub const OPEN_SESSION: &str = "Open session";
/// Hint.
pub const SESSION_HINT: &str = "Groups, names and locks as a file: drop the same pictures another day, then open it";
/// Button.
pub const SAVE_FEATURES: &str = "Save features";
/// Button.
pub const OPEN_FEATURES: &str = "Open features";
/// Hint.
pub const FEATURES_HINT: &str =
    "What the network saw, as a file that numpy reads too: open it another day, then drop the same pictures";
/// Button.
pub const USE_WEIGHTS: &str = "Use other weights…";
/// Button.
pub const OWN_WEIGHTS: &str = "Use Shoal's own weights";
/// Hint.
pub const WEIGHTS_HINT: &str =
    "A MobileNetV2 as .safetensors or .pth, such as torchvision's for ImageNet; every picture is looked at anew";

/// Heading, while pictures come in.
pub const FIRST_GROUPS: &str = "First groups, of the pictures so far";
/// Label.
pub const PICTURES: &str = "Pictures";
/// The keys of the grid.
pub const GRID_KEYS: &str = "Click to select, double click to look. Keys: arrows, Space selects, Enter looks, M moves, K keeps, Delete sets aside.";
/// Heading.
pub const FOUND: &str = "Found";
/// Heading.
pub const SELECTION: &str = "Selection";
/// Instead of pictures.
pub const NO_PICTURES_HERE: &str = "No pictures here.";
/// Label.
pub const ORDER: &str = "Order of the pictures";
/// Choice.
pub const CLOSEST_FIRST: &str = "Typical ones first";
/// Choice.
pub const WORST_FIRST: &str = "Doubtful ones first";
/// Choice.
pub const BY_PATH: &str = "By name";
/// Button.
pub const SHOW_SELECTION: &str = "Show them";
/// While pictures are dragged.
pub const DROP_INTO: &str = "Drop into…";
/// Field.
pub const SEARCH: &str = "Find pictures by name or folder";
/// Label.
pub const GROUP_ORDER: &str = "Order of the groups";
/// Choice.
pub const AS_FOUND: &str = "As found";
/// Choice.
pub const LARGEST_FIRST: &str = "Largest first";
/// Choice.
pub const BEST_FIRST: &str = "Best fit first";
/// Button.
pub const PREVIOUS: &str = "Previous picture";
/// Button.
pub const NEXT: &str = "Next picture";
/// Heading.
pub const MOST_LIKE_THIS: &str = "Most like this";

/// The code of the notice that the GPU failed.
pub const GPU_LOST: &str = "webgpu-lost";
/// Label of the switch.
pub const REMEMBER: &str = "This page remembers your pictures' groups in this browser";
/// Button.
pub const FORGET: &str = "Forget everything";
/// The same button, once it was pressed.
pub const FORGET_SURELY: &str = "Press again to forget pictures and groups";
/// Notice.
pub const FORGOTTEN: &str = "Nothing is remembered in this browser any more.";
/// Button: asks the browser for the folders whose handles are kept.
pub const BRING_ORIGINALS: &str = "Get them back";

/// Button: has the person choose the folder.
pub const CHOOSE_AGAIN: &str = "Choose the folder";

/// How many originals are not at hand, and what to do.
pub fn originals_away(count: usize, has_folders: bool) -> String {
    let originals = counted(count, "original is", "originals are");
    let how = if has_folders { "get them back, or drop the folder again" } else { "drop the folder again" };
    format!("{originals} not at hand: {how}.")
}

/// What more there is to say of whether the page remembers.
pub fn memory(memory: Memory) -> Option<&'static str> {
    match memory {
        Memory::Off | Memory::On => None,
        Memory::ElsewhereOpen => Some("Open in another tab: this one will not be remembered."),
        Memory::SwitchedOff => Some("Nothing new is remembered. What is stored stays until it is forgotten."),
        Memory::Refused => Some("This browser does not let the page remember anything."),
        Memory::ForgottenElsewhere => {
            Some("Everything was forgotten in another tab. Load the page anew for it to remember again.")
        }
    }
}

/// What the buttons and choices below the summary are.
pub const TAKE_HOME: &str = "Take it home";
/// Button.
pub const SAVE_INTO_FOLDER: &str = "Save into a folder…";
/// Hint.
pub const SAVE_INTO_FOLDER_HINT: &str = "Copies the groups into a folder you choose. Nothing there is overwritten, and done again it goes on where it stopped";
/// Button.
pub const SAVE_SCRIPTS: &str = "Move scripts";
/// Hint.
pub const SAVE_SCRIPTS_HINT: &str =
    "Small scripts for Windows, macOS and Linux that move your originals into folders, without copying";
/// Button.
pub const SAVE_REPORT: &str = "Report";
/// Hint.
pub const SAVE_REPORT_HINT: &str = "Groups, scores and charts in one HTML file, to read, print and keep";
/// Choice.
pub const KEEP_FOLDERS: &str = "Keep my folders within the groups";
/// Hint.
pub const KEEP_FOLDERS_HINT: &str = "trip/day1/a.jpg goes to Group 1/trip/day1/a.jpg instead of Group 1/a.jpg";
/// Choice.
pub const WITH_UNREAD: &str = "Also what could not be read";
/// Hint.
pub const WITH_UNREAD_HINT: &str =
    "These files go into a folder called unread, with a table of the reasons, so that nothing stays behind";
/// Fact.
pub const COMPANIONS: &str = "Files that travel with a picture";

/// What became of the files that were copied into a folder.
pub fn in_folder(told: &FolderReport) -> String {
    let there = if told.present > 0 { format!(", {} there already", told.present) } else { String::new() };
    format!("{} copied{there}.", counted(told.written, "file", "files"))
}

/// What a button of a chart does.
pub fn save_as(format: &str) -> String {
    format!("Save as {format}")
}

/// How many files could not be copied.
pub fn not_written(count: usize) -> String {
    format!("{} could not be copied", counted(count, "file", "files"))
}

/// What is being done, in words.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Weights => "Fetching the network",
        Stage::Reading => "Looking for pictures",
        Stage::Embedding => "Looking at pictures",
        Stage::Clustering => "Finding groups",
        Stage::Exporting => "Packing",
        Stage::Copying => "Copying",
        Stage::Importing => "Reading features",
        Stage::Drawing => "Drawing sample pictures",
        Stage::Recalling => "Remembering",
        Stage::Matching => "Comparing pictures",
        Stage::Comparing => "Trying the GPU",
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

/// A picture's path, and how like another it is.
pub fn alike(path: &str, cosine: f32) -> String {
    format!("{path}, {:.0} % alike", cosine * 100.0)
}

/// What is known of a picture, with its names.
pub fn about_picture(
    item: Option<&Assignment>,
    picture: Option<&Image>,
    group_name: impl Fn(u32) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let mut about = Vec::new();
    if let Some(item) = item {
        let group = item.cluster.and_then(&group_name).unwrap_or_else(|| ASIDE.into());
        about.push(("Group", if item.locked { format!("{group}, stays here") } else { group }));
        about.push(("Silhouette", silhouette(item.silhouette)));
        about.push(("Distance to the centre", silhouette(item.distance)));
        about.extend(item.next_cluster.and_then(group_name).map(|name| ("Next group", name)));
    }
    if let Some(picture) = picture {
        about.push(("Size", format!("{} × {} pixels", picture.width_px, picture.height_px)));
        about.push(("File", format!("{:.0} kB", picture.byte_size as f64 / 1000.0)));
    }
    about
}

/// How many pictures are selected.
pub fn selected(count: usize) -> String {
    format!("{} selected", pictures(count))
}

/// How many there are beside those shown.
pub fn more(count: usize) -> String {
    format!("and {count} more")
}

/// A picture's path, and what is to be known of it.
pub fn picture_title(path: &str, doubtful: bool, locked: bool) -> String {
    let doubt = if doubtful { ", may belong elsewhere" } else { "" };
    let lock = if locked { ", stays here" } else { "" };
    format!("{path}{doubt}{lock}")
}

/// Where a picture is.
pub fn in_group(name: &str) -> String {
    format!("in {name}")
}

/// Where a picture might go.
pub fn move_to(name: &str) -> String {
    format!("Move to {name}")
}

/// How many groups of duplicates were found.
pub fn duplicates(groups: usize) -> String {
    if groups == 0 { "No duplicates found.".into() } else { format!("{} of duplicates", self::groups(groups)) }
}

/// What became of a session that was opened.
pub fn reopened(reopened: &Reopened) -> String {
    let told = [(reopened.missing.len(), "not here"), (reopened.changed.len(), "changed since")];
    let told = told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
    format!("Session opened: {} recognised{}.", pictures(reopened.matched), told.collect::<String>())
}

/// What became of a features file that was opened.
pub fn features_opened(imported: &Imported) -> String {
    let told = [
        (imported.reused, "taken over"),
        (imported.missing.len(), "not here yet: drop them, and they are recognised"),
        (imported.changed.len(), "changed since"),
    ];
    let told = told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
    format!("Features of {} opened{}.", pictures(imported.rows), told.collect::<String>())
}

/// Whose weights pictures are looked at with.
pub fn weights_used(file_name: &str) -> String {
    format!("Pictures are looked at with {file_name}. Names are suggested only with Shoal's own weights.")
}

/// How many pictures are in no group.
pub fn loose(count: usize) -> String {
    format!("{} in no group.", counted(count, "picture is", "pictures are"))
}

/// Every score with its name, value and meaning.
pub fn scores(clustering: &Clustering) -> Vec<(&'static str, String, &'static str)> {
    let number = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.3}"));
    let percent = |value: Option<f32>| value.map_or_else(|| "–".into(), |value| format!("{:.0} %", value * 100.0));
    let three = clustering.explained.map(percent).join(", ");
    vec![
        ("Mean silhouette", number(clustering.silhouette.map(f64::from)), SILHOUETTE_HINT),
        ("Davies–Bouldin", number(clustering.scores.davies_bouldin), "From 0; lower is better"),
        ("Calinski–Harabasz", number(clustering.scores.calinski_harabasz), "From 0; higher is better"),
        ("Inertia", number(Some(clustering.inertia)), "The sum of squared distances to the centres; lower is tighter"),
        (
            "Variance kept",
            percent(clustering.variance_kept),
            "What of the differences between pictures the groups are made from",
        ),
        ("Variance of the map's axes", three, "What of the differences the first three principal components show"),
    ]
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
        "webgpu" => "GPU (WebGPU)",
        other => other,
    }
}

/// What a picture took by each way that was tried.
pub fn measured(measured: &Measured) -> String {
    let ways = [
        (Some(measured.cpu_ms), "in one worker"),
        (measured.workers_ms, "in all workers together"),
        (measured.webgpu_ms, "on the GPU"),
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
