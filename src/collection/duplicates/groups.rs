//! From pairs of near images to groups. Every image of a group is near the one to keep: nearness is no equivalence relation,
//! and the frames of a slow movement would otherwise form one group whose first and last image are unlike.

use std::collections::HashMap;

use super::best::best;
use super::sets::Sets;
use super::traits::Traits;
use super::{DuplicateGroup, DuplicateKind};

/// Groups the images of `traits`, shape `[n]`, that are duplicates, in the order of their first rows. Images without duplicates
/// are in no group.
///
/// `pairs` says which images may belong together: images that no chain of pairs connects never do. `are_near` decides: it
/// takes a row and others, and returns which of these are near it. Identical images are asked about once. A group is formed
/// around the best image that is left (a star), until none is. Pairs with rows that do not exist are ignored.
pub fn group(
    traits: &[Traits],
    pairs: &[[u32; 2]],
    are_near: impl Fn(u32, &[u32]) -> Vec<bool>,
) -> Vec<DuplicateGroup> {
    let mut copies: HashMap<u32, Vec<u32>> = HashMap::new();
    for (row, image) in (0..).zip(traits) {
        copies.entry(image.content).or_default().push(row);
    }
    let mut stars: Vec<Vec<u32>> = Vec::new();
    for mut left in connected(traits, pairs) {
        while let [_, _, ..] = left[..] {
            let star = star(traits, &left, &are_near);
            left.retain(|row| star.binary_search(row).is_err());
            stars.push(star);
        }
        stars.push(left);
    }
    let mut groups: Vec<DuplicateGroup> = Vec::new();
    for contents in stars {
        let mut rows: Vec<u32> = contents.iter().filter_map(|row| copies.get(row)).flatten().copied().collect();
        rows.sort_unstable();
        if let Some(kept) = best(traits, &rows).filter(|_| rows.len() > 1) {
            let kind = if contents.len() == 1 { DuplicateKind::Exact } else { DuplicateKind::Near };
            groups.push(DuplicateGroup { kind, rows, best: kept.row, reason: kept.reason });
        }
    }
    groups.sort_unstable_by_key(|group| group.rows[0]);
    groups
}

/// The rows whose detail decides which image of a group is kept: those that `pairs` connect with images of another size. One
/// row for identical images.
pub fn rows_to_measure(traits: &[Traits], pairs: &[[u32; 2]]) -> Vec<u32> {
    let pixels = |row: u32| traits[row as usize].pixels;
    let sets = connected(traits, pairs).into_iter();
    sets.filter(|rows| rows.iter().any(|&row| pixels(row) != pixels(rows[0]))).flatten().collect()
}

/// The sets of distinct images that pairs connect, each in ascending order; images in no pair are sets of their own.
fn connected(traits: &[Traits], pairs: &[[u32; 2]]) -> Vec<Vec<u32>> {
    let content = |row: u32| traits.get(row as usize).map(|image| image.content as usize);
    let mut sets = Sets::new(traits.len());
    for &[one, other] in pairs {
        if let (Some(one), Some(other)) = (content(one), content(other)) {
            sets.join(one, other);
        }
    }
    let is_first = |row: &usize| traits[*row].content as usize == *row;
    let groups = sets.into_groups().into_iter();
    let firsts = groups.map(|rows| rows.into_iter().filter(is_first).map(|row| row as u32).collect::<Vec<u32>>());
    firsts.filter(|rows| !rows.is_empty()).collect()
}

/// The best image of `left`, ascending, and those near it. If the best of these is another one, only those that are near that one
/// as well.
fn star(traits: &[Traits], left: &[u32], are_near: &impl Fn(u32, &[u32]) -> Vec<bool>) -> Vec<u32> {
    let mut members = left.to_vec();
    let mut centre = None;
    while let Some(kept) = best(traits, &members).filter(|kept| centre != Some(kept.row)) {
        centre = Some(kept.row);
        let others: Vec<u32> = members.iter().copied().filter(|&row| row != kept.row).collect();
        let near = are_near(kept.row, &others);
        members = others.into_iter().zip(near).filter_map(|(row, is_near)| is_near.then_some(row)).collect();
        members.push(kept.row);
        members.sort_unstable();
    }
    members
}
