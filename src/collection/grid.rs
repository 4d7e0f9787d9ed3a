//! Where pictures lie in a grid that is taller than its window, so that only the rows in the window need to exist.

use std::ops::Range;

/// Rows beyond the window that exist already, above and below it.
const SPARE_ROWS: usize = 2;

/// A grid of equal cells. Lengths are in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridLayout {
    /// Number of cells.
    pub count: usize,
    /// Number of cells in a row, at least 1.
    pub columns: usize,
    /// From one row to the next.
    pub row_px: f64,
}

/// Where a key leads from a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The cell before.
    Left,
    /// The cell after.
    Right,
    /// The row above.
    Up,
    /// The row below.
    Down,
    /// A window's height up.
    PageUp,
    /// A window's height down.
    PageDown,
    /// The first cell of all.
    First,
    /// The last cell of all.
    Last,
}

impl GridLayout {
    /// Cells of at least `least_px` that fill a width, `gap_px` apart.
    pub fn fitting(count: usize, width_px: f64, least_px: f64, gap_px: f64) -> Self {
        let columns = ((width_px + gap_px) / (least_px + gap_px)).floor().max(1.0);
        let cell_px = ((width_px - (columns - 1.0) * gap_px) / columns).max(1.0);
        Self { count, columns: columns as usize, row_px: cell_px + gap_px }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.count.div_ceil(self.columns)
    }

    /// Height of all rows together.
    pub fn height_px(&self) -> f64 {
        self.rows() as f64 * self.row_px
    }

    /// The rows to show in a window of `window_px` that is scrolled down by `scrolled_px`.
    pub fn rows_to_show(&self, scrolled_px: f64, window_px: f64) -> Range<usize> {
        // Casts from f64 saturate, so no claim of a browser can overflow them.
        let first = (scrolled_px / self.row_px).floor() as usize;
        let last = ((scrolled_px + window_px) / self.row_px).ceil() as usize;
        first.saturating_sub(SPARE_ROWS).min(self.rows())..last.saturating_add(SPARE_ROWS).min(self.rows())
    }

    /// The cells of a row.
    pub fn cells(&self, row: usize) -> Range<usize> {
        let first = (row * self.columns).min(self.count);
        first..(first + self.columns).min(self.count)
    }

    /// The cell that a step leads to from cell `from`, in a window of `window_px`: the same one where there is no other.
    pub fn step(&self, from: usize, step: Step, window_px: f64) -> usize {
        let last = self.count.saturating_sub(1);
        let page = self.columns * ((window_px / self.row_px).floor() as usize).max(1);
        // A row up from the first row, and down from the last, is no step.
        let up = |by: usize| if from >= self.columns { from.saturating_sub(by).max(from % self.columns) } else { from };
        let down = |by: usize| if from / self.columns + 1 < self.rows() { (from + by).min(last) } else { from };
        let to = match step {
            Step::Left => from.saturating_sub(1),
            Step::Right => from + 1,
            Step::Up => up(self.columns),
            Step::Down => down(self.columns),
            Step::PageUp => up(page),
            Step::PageDown => down(page),
            Step::First => 0,
            Step::Last => last,
        };
        to.min(last)
    }

    /// How far to scroll so that a cell is wholly in the window; where it is already, `scrolled_px` as it is.
    pub fn scroll_to(&self, cell: usize, scrolled_px: f64, window_px: f64) -> f64 {
        let top = (cell / self.columns) as f64 * self.row_px;
        scrolled_px.min(top).max(top + self.row_px - window_px)
    }
}
