//! The layout of a grid of which only the visible rows exist.

use proptest::prelude::*;
use shoal::collection::{GridLayout, Step};

const STEPS: [Step; 8] =
    [Step::Left, Step::Right, Step::Up, Step::Down, Step::PageUp, Step::PageDown, Step::First, Step::Last];

proptest! {
    /// Each cell is in exactly one row, and the rows in the viewport are rendered, with few others.
    #[test]
    fn rows_in_the_viewport_are_rendered(
        count in 0..5000_usize,
        width_px in 0.0..3000.0_f64,
        window_px in 1.0..2000.0_f64,
        share in 0.0..1.0_f64,
    ) {
        let layout = GridLayout::fitting(count, width_px, 88.0, 6.0);
        let cells: Vec<usize> = (0..layout.rows()).flat_map(|row| layout.cells(row)).collect();
        prop_assert_eq!(cells, (0..count).collect::<Vec<_>>());

        let scrolled_px = share * (layout.height_px() - window_px).max(0.0);
        let shown = layout.rows_to_show(scrolled_px, window_px);
        for row in 0..layout.rows() {
            let (top, bottom) = (row as f64 * layout.row_px, (row + 1) as f64 * layout.row_px);
            if bottom > scrolled_px && top < scrolled_px + window_px {
                prop_assert!(shown.contains(&row), "row {} is in the viewport, but not in {:?}", row, shown);
            }
        }
        prop_assert!(shown.len() as f64 <= window_px / layout.row_px + 6.0);
    }

    #[test]
    fn steps_stay_in_the_grid(count in 1..300_usize, columns in 1..20_usize, from in 0..300_usize, step in 0..8_usize) {
        let layout = GridLayout { count, columns, row_px: 50.0 };
        let from = from % count;
        let to = layout.step(from, STEPS[step], 220.0);
        prop_assert!(to < count);
        if matches!(STEPS[step], Step::Up | Step::PageUp) {
            prop_assert_eq!(to % columns, from % columns);
            prop_assert!(to <= from);
        }
    }

    /// After scrolling, the cell is in the viewport, unless the viewport is smaller than a row.
    #[test]
    fn a_cell_is_scrolled_into_the_viewport(count in 1..2000_usize, cell in 0..2000_usize, scrolled_px in 0.0..1e5_f64) {
        let layout = GridLayout { count, columns: 7, row_px: 90.0 };
        let (cell, window_px) = (cell % count, 400.0);
        let to = layout.scroll_to(cell, scrolled_px, window_px);
        let top = (cell / 7) as f64 * 90.0;
        prop_assert!(to <= top && top + 90.0 <= to + window_px);
        prop_assert_eq!(layout.scroll_to(cell, to, window_px), to, "scrolling again changes nothing");
    }
}

#[test]
fn cells_fill_the_width() {
    let layout = GridLayout::fitting(10, 400.0, 88.0, 6.0);
    assert_eq!(layout.columns, 4);
    assert!((layout.row_px - (400.0 - 3.0 * 6.0) / 4.0 - 6.0).abs() < 1e-9);
    assert_eq!((layout.rows(), layout.cells(2)), (3, 8..10));
    assert_eq!(GridLayout::fitting(10, 20.0, 88.0, 6.0).columns, 1, "narrower than a cell");
}

#[test]
fn steps_follow_the_keys() {
    // Rows of 4: 0 to 3, 4 to 7, 8 and 9.
    let layout = GridLayout { count: 10, columns: 4, row_px: 100.0 };
    let to = |from, step| layout.step(from, step, 250.0);
    assert_eq!((to(0, Step::Left), to(9, Step::Right)), (0, 9));
    assert_eq!((to(5, Step::Up), to(1, Step::Up)), (1, 1));
    assert_eq!((to(5, Step::Down), to(6, Step::Down), to(9, Step::Down)), (9, 9, 9));
    assert_eq!((to(9, Step::PageUp), to(1, Step::PageDown)), (1, 9));
    assert_eq!((to(5, Step::First), to(5, Step::Last)), (0, 9));
}
