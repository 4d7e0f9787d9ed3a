//! Texts of everything that changes groups by hand: moves, locks, uncertain images, duplicates, unassigned images.

use shoal::collection::arrangement::EditKind;
use shoal::collection::duplicates::{KeepReason, Turn};

use super::{cluster_count, counted, image_count, time_taken};
use crate::review::{KeepRule, Review};
use shoal::collection::Image;

/// Button.
pub const SPLIT: &str = "Split in two";
/// Menu.
pub const MERGE_WITH: &str = "Merge with…";
/// Menu.
pub const MOVE_TO: &str = "Move to…";
/// Choice of [`MOVE_TO`].
pub const NEW_GROUP: &str = "a new group";
/// Button that pins images to their cluster.
pub const PIN: &str = "Keep here";
/// Button that unpins images.
pub const UNPIN: &str = "Unpin";
/// Label of the bar that acts on the selection, and title of the panel that lists it.
pub const SELECTION: &str = "Selection";
/// Button that lists the selection.
pub const SHOW_SELECTION: &str = "Show them";
/// Button.
pub const SELECT_NONE: &str = "Select none";
/// Heading while images are dragged.
pub const DROP_INTO: &str = "Drop into…";
/// Heading of the uncertain images.
pub const CHECK_THESE: &str = "Check these";
/// Below [`CHECK_THESE`].
pub const CHECK_THESE_HINT: &str = "These fit worst: they are closer to another group than to their own.";
/// Heading.
pub const DUPLICATES: &str = "Duplicates";
/// Below [`DUPLICATES`].
pub const DUPLICATES_HINT: &str = "Finds identical files, and pictures that look nearly the same, also turned or mirrored. Nothing is set aside until you say so.";
/// Label.
pub const DUPLICATE_SIMILARITY: &str = "Minimum similarity";
/// Button.
pub const FIND_DUPLICATES: &str = "Find duplicates";
/// Button.
pub const KEEP_BEST: &str = "Keep the best, set the rest aside";
/// Button that leads to the summary.
pub const KEEP_ALL_BEST: &str = "Keep the best of each";
/// Button, and label of the dialog that it opens.
pub const REVIEW_DUPLICATES: &str = "Review one by one";
/// In the review.
pub const REVIEW_HINT: &str =
    "Click or press its number to keep a picture or set it aside; A keeps all, the arrows move on, the wheel zooms.";
/// Button of the review.
pub const PREVIOUS_GROUP: &str = "Back";
/// Button of the review.
pub const NEXT_GROUP: &str = "Next";
/// Button of the review.
pub const KEEP_ALL: &str = "Keep all";
/// Button of the review.
pub const FINISH_REVIEW: &str = "To the summary";
/// Mark in the review.
pub const KEPT: &str = "keep";
/// Mark in the review.
pub const TO_SET_ASIDE: &str = "set aside";
/// Heading at the end of the review.
pub const SUMMARY: &str = "Summary";
/// Below [`SUMMARY`].
pub const SUMMARY_HINT: &str = "No file is deleted or moved. Undo brings everything back.";
/// Button of the summary.
pub const LOOK_AGAIN: &str = "Look at them";
/// Button of the summary.
pub const SET_ASIDE_NOW: &str = "Set aside";
/// Label of a choice.
pub const KEEP_RULE: &str = "Keep";
/// Label of a choice.
pub const KEEP_FOLDER: &str = "Prefer the folder";
/// Choice of [`KEEP_FOLDER`].
pub const NO_FOLDER: &str = "none";
/// Button.
pub const OFFER_AGAIN: &str = "Offer them again";
/// Kind of duplicates.
pub const EXACT: &str = "identical files";
/// Kind of duplicates.
pub const NEAR: &str = "nearly the same";
/// Mark of the best duplicate.
pub const BEST: &str = "best";
/// Label of the section about images in no cluster.
pub const NOT_GROUPED: &str = "Pictures in no group";
/// Label.
pub const JOIN_SIMILARITY: &str = "Minimum similarity to a group";
/// Button.
pub const JOIN: &str = "Join the nearest group";

/// Button that undoes an edit.
pub fn undo(edit: Option<EditKind>) -> String {
    with_edit("Undo", edit)
}

/// Button that redoes an edit.
pub fn redo(edit: Option<EditKind>) -> String {
    with_edit("Redo", edit)
}

fn with_edit(verb: &str, edit: Option<EditKind>) -> String {
    let Some(edit) = edit else { return verb.into() };
    let noun = match edit {
        EditKind::Move => "move",
        EditKind::Exclude => "setting aside",
        EditKind::Rename => "new name",
        EditKind::Merge => "merge",
        EditKind::Split => "split",
        EditKind::NewCluster => "new group",
        EditKind::Pin => "lock",
        EditKind::Unpin => "unlock",
        EditKind::Cluster => "grouping",
        EditKind::AdoptFolders => "groups from folders",
        EditKind::Join => "joining",
        EditKind::Restore => "opened session",
    };
    format!("{verb} {noun}")
}

/// Toast: images have moved to the cluster with this name.
pub fn moved(count: usize, name: &str) -> String {
    format!("{} moved to {name}", image_count(count))
}

/// Toast: a cluster has been merged into another.
pub fn merged(name: &str, into: &str) -> String {
    format!("{name} merged into {into}")
}

/// Toast: a cluster has been split.
pub fn split(name: &str) -> String {
    format!("{name} split in two")
}

/// How many images are selected.
pub fn selected(count: usize) -> String {
    format!("{} selected", image_count(count))
}

/// Heading of the uncertain images.
pub fn uncertain(count: usize) -> String {
    format!("{CHECK_THESE} · {}", image_count(count))
}

/// The cluster that an image is in.
pub fn in_group(name: &str) -> String {
    format!("in {name}")
}

/// Button that moves images into a cluster.
pub fn move_to(name: &str) -> String {
    format!("Move to {name}")
}

/// How many sets of duplicates a search found.
pub fn duplicates(sets: usize) -> String {
    if sets == 0 { "No duplicates found.".into() } else { format!("{} of duplicates", cluster_count(sets)) }
}

/// Size and kind of a set of duplicates.
pub fn duplicate_set(count: usize, kind: &str) -> String {
    format!("{} · {kind}", image_count(count))
}

/// Choice of [`KEEP_RULE`].
pub fn keep_rule(rule: KeepRule) -> &'static str {
    match rule {
        KeepRule::Best => "the best",
        KeepRule::LargestFile => "the largest file",
        KeepRule::Oldest => "the oldest",
        KeepRule::Newest => "the newest",
        KeepRule::ShortestPath => "the shortest path",
    }
}

/// Heading of a group in the review.
pub fn review_place(at: usize, count: usize) -> String {
    format!("Group {} of {count}", at + 1)
}

/// Label of the button that keeps an image or sets it aside; `number` counts from 0.
pub fn keep_number(number: usize, path: &str) -> String {
    format!("Keep {}: {path}", number + 1)
}

/// Size and date of an image in the review.
pub fn review_facts(image: &Image) -> String {
    let size = format!("{} × {} pixels, {:.0} kB", image.width_px, image.height_px, image.byte_size as f64 / 1000.0);
    match image.capture.as_ref().and_then(|capture| capture.taken.as_deref()) {
        Some(taken) => format!("{size}, taken {}", time_taken(taken)),
        None => size,
    }
}

/// What a review leads to.
pub fn review_summary(review: &Review) -> Vec<String> {
    let (set_aside, kept) = (review.set_aside().len(), review.kept_whole().len());
    let changed = review.groups.len() - kept;
    let mut lines = vec![format!("{} of {} will be set aside.", image_count(set_aside), cluster_count(changed))];
    if kept > 0 {
        lines.push(format!("{} will be kept whole, and not be offered again.", cluster_count(kept)));
    }
    if review.unseen() > 0 {
        lines.push(format!("You have not looked at {}.", cluster_count(review.unseen())));
    }
    lines
}

/// How many groups of duplicates are not offered, because all of their images were kept.
pub fn kept_groups(count: usize) -> String {
    format!("{} kept whole and not offered again.", counted(count, "group was", "groups were"))
}

/// Why an image is the best of its duplicates.
pub fn keep_reason(reason: KeepReason) -> &'static str {
    match reason {
        KeepReason::Identical => "Best: the first of equals.",
        KeepReason::Detail => "Best: shows the most detail.",
        KeepReason::Pixels => "Best: has the most pixels.",
        KeepReason::Sharpness => "Best: others are blurred.",
        KeepReason::Format => "Best: others were converted.",
        KeepReason::Exif => "Best: has the camera's data.",
        KeepReason::CaptureTime => "Best: was taken first.",
        KeepReason::Bytes => "Best: the largest file.",
        KeepReason::Order => "Best: the first; nothing tells them apart.",
    }
}

/// How a copy is turned.
pub fn turn(turn: Turn) -> &'static str {
    match turn {
        Turn::Rotated90 => "turned right",
        Turn::Rotated180 => "upside down",
        Turn::Rotated270 => "turned left",
        Turn::Mirrored => "mirrored",
        Turn::MirroredRotated180 => "mirrored top to bottom",
        Turn::MirroredRotated90 | Turn::MirroredRotated270 => "mirrored, turned",
    }
}

/// How many new images have joined a cluster.
pub fn joined(new: usize, joined: usize) -> String {
    match new - joined {
        0 => format!("{new} new: all joined a group."),
        unfit => format!("{new} new: {joined} joined, {unfit} fit nowhere."),
    }
}

/// How many images are in no cluster.
pub fn not_grouped(count: usize) -> String {
    format!("{} in no group.", counted(count, "picture is", "pictures are"))
}
