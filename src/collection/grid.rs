//! The layout of a virtualised grid: only the rows in and near the viewport exist.

use std::ops::Range;

/// Rows that exist beyond the viewport, above and below.
const SPARE_ROWS: usize = 2;

/// A grid of equal cells. All lengths are in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridLayout {
    /// The number of cells.
    pub count: usize,
    /// The number of cells in a row, at least 1.
    pub columns: usize,
    /// The distance from one row to the next.
    pub row_px: f64,
}

/// A step of keyboard navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the previous cell.
    Left,
    /// To the next cell.
    Right,
    /// To the row above.
    Up,
    /// To the row below.
    Down,
    /// Up by the height of the viewport.
    PageUp,
    /// Down by the height of the viewport.
    PageDown,
    /// To the first cell of the grid.
    First,
    /// To the last cell of the grid.
    Last,
}

impl GridLayout {
    /// The grid whose cells are at least `min_px` wide, fill the width, and are `gap_px` apart.
    pub fn fitting(count: usize, width_px: f64, min_px: f64, gap_px: f64) -> Self {
        let columns = ((width_px + gap_px) / (min_px + gap_px)).floor().max(1.0);
        let cell_px = ((width_px - (columns - 1.0) * gap_px) / columns).max(1.0);
        Self { count, columns: columns as usize, row_px: cell_px + gap_px }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.count.div_ceil(self.columns)
    }

    /// The height of all rows together.
    pub fn height_px(&self) -> f64 {
        self.rows() as f64 * self.row_px
    }

    /// The rows to render in a viewport of height `window_px` that is scrolled down by `scrolled_px`.
    pub fn rows_to_show(&self, scrolled_px: f64, window_px: f64) -> Range<usize> {
        // Casts from f64 saturate, so no value that a browser reports can overflow.
        let first = (scrolled_px / self.row_px).floor() as usize;
        let last = ((scrolled_px + window_px) / self.row_px).ceil() as usize;
        first.saturating_sub(SPARE_ROWS).min(self.rows())..last.saturating_add(SPARE_ROWS).min(self.rows())
    }

    /// The cells in a row.
    pub fn cells(&self, row: usize) -> Range<usize> {
        let first = (row * self.columns).min(self.count);
        first..(first + self.columns).min(self.count)
    }

    /// The cell that a step leads to from cell `from`, in a viewport of height `window_px`; `from` itself if there is none.
    pub fn step(&self, from: usize, step: Step, window_px: f64) -> usize {
        let last = self.count.saturating_sub(1);
        let page = self.columns * ((window_px / self.row_px).floor() as usize).max(1);
        // There is no row above the first row or below the last.
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

    /// The scroll position that shows a cell completely; `scrolled_px` if it already does.
    pub fn scroll_to(&self, cell: usize, scrolled_px: f64, window_px: f64) -> f64 {
        let top = (cell / self.columns) as f64 * self.row_px;
        scrolled_px.min(top).max(top + self.row_px - window_px)
    }
}
