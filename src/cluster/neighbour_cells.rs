//! Approximate nearest neighbours for collections on which the exact search takes too long.
//!
//! An inverted file: rows are divided into the cells of a coarse KMeans, and a row is compared with the rows of the nearest
//! cells only. Source: Jégou, Douze and Schmid, "Product quantization for nearest neighbor search", 2011, section IV, without
//! the compression. The cost is `n^1.5 * d`, memory that of the points and of the result.

use std::ops::Range;

use super::ClusterError;
use super::means::means;
use super::mini_batch;
use super::neighbours::{Nearest, Neighbours};
use super::pinned::Pinned;
use super::sampling::generator;
use super::tiles::{LANES, Packed};
use super::validate::check_finite;
use crate::matrix::Matrix;

/// The largest number of rows for which [`super::neighbours::nearest_rows`] is the better choice: it is exact, and takes some
/// seconds in two workers.
pub const EXACT_ROWS_MAX: usize = 50_000;
/// How many cells a row's neighbours are sought in: more find more neighbours, and take proportionally longer. A test measures the
/// share that is found where clusters overlap.
const CELLS_SEARCHED: usize = 24;
/// Rows for which the nearest cells are sought at a time.
const GROUP: usize = 1024;

/// Divides `points`, shape `[n, d]`, into about `sqrt(n)` cells. Returns the cell of each row; the same for the same points.
///
/// # Errors
/// [`ClusterError::NotFinite`].
pub fn divide(points: &Matrix) -> Result<Vec<u32>, ClusterError> {
    check_finite(points)?;
    let n = points.rows();
    let count = (n as f64).sqrt() as usize;
    let mut rng = generator(b"ivfcells", 0, n as u64, 0);
    let centres = mini_batch::learn(points, count.clamp(1, n.max(1)), Pinned::NONE, &mut rng);
    let rows: Vec<usize> = (0..n).collect();
    let nearest = rows.chunks(GROUP).flat_map(|group| nearest_centres(points, group, &centres, 1));
    Ok(nearest.flatten().collect())
}

/// The `count` nearest neighbours of each of `rows` among the points of the nearest cells; `cells` are those of [`divide`], shape
/// `[n]`. All other rows if there are fewer.
///
/// Calls over adjoining ranges may be concatenated, as for [`super::neighbours::nearest_rows`].
///
/// # Errors
/// [`ClusterError::NotFinite`], [`ClusterError::LabelCount`] if `cells` are not one for each row, and
/// [`ClusterError::RowsOutOfRange`] if `rows` exceeds the points.
pub fn nearest_rows(
    points: &Matrix,
    cells: &[u32],
    rows: Range<usize>,
    count: usize,
) -> Result<Neighbours, ClusterError> {
    let n = points.rows();
    if rows.start > rows.end || rows.end > n {
        return Err(ClusterError::RowsOutOfRange { start: rows.start, end: rows.end, rows: n });
    }
    if cells.len() != n {
        return Err(ClusterError::LabelCount { labels: cells.len(), rows: n });
    }
    check_finite(points)?;
    let count = count.min(n.saturating_sub(1));
    let mut found = Neighbours { count, rows: Vec::new(), distances: Vec::new() };
    if count == 0 {
        return Ok(found);
    }
    let cell_count = cells.iter().max().map_or(0, |&cell| cell as usize + 1);
    let (centres, _) = means(points, cells, cell_count);
    let members = members_by_cell(cells, cell_count);
    let searching = searching_rows(points, rows.clone(), &centres, &members, count);
    let mut nearest = vec![Nearest::new(count); rows.len()];
    for (members, searching) in members.iter().zip(&searching).filter(|(_, searching)| !searching.is_empty()) {
        let packed = Packed::new(members.iter().map(|&row| points.row(row)), points.columns());
        packed.squared_distances(points, searching, |index, block, squared| {
            let row = searching[index];
            nearest[row - rows.start].add(members[block * LANES..].iter().copied(), squared, row);
        });
    }
    for (row, squared) in nearest.iter().flat_map(Nearest::found) {
        found.rows.push(*row);
        found.distances.push(squared.sqrt());
    }
    Ok(found)
}

fn members_by_cell(cells: &[u32], cell_count: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); cell_count];
    for (row, &cell) in cells.iter().enumerate() {
        members[cell as usize].push(row);
    }
    members
}

/// For each cell, those of `rows` whose neighbours are sought in it: the nearest cells, and more until they hold enough rows.
fn searching_rows(
    points: &Matrix,
    rows: Range<usize>,
    centres: &Matrix,
    members: &[Vec<usize>],
    count: usize,
) -> Vec<Vec<usize>> {
    let mut searching = vec![Vec::new(); members.len()];
    let rows: Vec<usize> = rows.collect();
    for group in rows.chunks(GROUP) {
        for (&row, cells) in group.iter().zip(nearest_centres(points, group, centres, members.len())) {
            let mut candidates = 0;
            for (searched, cell) in cells.into_iter().map(|cell| cell as usize).enumerate() {
                if searched >= CELLS_SEARCHED && candidates > count {
                    break;
                }
                candidates += members[cell].len();
                searching[cell].push(row);
            }
        }
    }
    searching
}

/// The `count` nearest centres of each of `rows`, nearest first, ties by centre.
fn nearest_centres(points: &Matrix, rows: &[usize], centres: &Matrix, count: usize) -> Vec<Vec<u32>> {
    let mut distances = vec![Vec::with_capacity(centres.rows()); rows.len()];
    Packed::of(centres).squared_distances(points, rows, |index, block, squared| {
        let first = block * LANES;
        distances[index]
            .extend(squared.iter().zip(first..centres.rows()).map(|(&squared, centre)| (squared, centre as u32)));
    });
    distances
        .into_iter()
        .map(|mut distances| {
            distances.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            distances.into_iter().take(count).map(|(_, centre)| centre).collect()
        })
        .collect()
}
