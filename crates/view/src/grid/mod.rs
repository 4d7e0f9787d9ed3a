//! A grid of images that keeps only the visible rows in the document, with selection by pointer and keyboard.

mod keys;
mod rows;
mod state;

use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver};

use crate::drag_drop;
use crate::render_queue::enqueue;
use crate::state::State;
use crate::text;
use shoal::collection::GridLayout;

pub use rows::GridImage;
use rows::{Marks, RowContent, Rows, cell_id};
use state::GridState;

/// The least side of a cell, in CSS pixels.
const CELL_MIN_PX: f64 = 88.0;
/// The gap between cells, in CSS pixels; the same as that of `.grid-row` in the style sheet.
const GAP_PX: f64 = 6.0;
/// The viewport's padding, in CSS pixels, which keeps outlines of cells visible; the same as that of `.grid` in the style sheet.
const PADDING_PX: f64 = 4.0;

/// The grid. It shares its selection through [`State::selected`], and the image under pointer or cursor through
/// [`State::hovered`].
#[component]
pub fn Grid(state: State, images: Memo<Arc<Vec<GridImage>>>) -> impl IntoView {
    let viewport = NodeRef::<html::Div>::new();
    let (width_px, viewport_px, scrolled_px) = (RwSignal::new(0.0), RwSignal::new(0.0), RwSignal::new(0.0));
    let layout = Memo::new(move |_| {
        GridLayout::fitting(images.with(|images| images.len()), width_px.get(), CELL_MIN_PX, GAP_PX)
    });
    let grid = GridState {
        state,
        images,
        viewport,
        layout,
        viewport_px,
        cursor: RwSignal::new(0),
        anchor: StoredValue::new(0),
    };
    let measure = Closure::<dyn FnMut()>::new(move || {
        if let Some(viewport) = viewport.get_untracked() {
            width_px.set(f64::from(viewport.client_width()) - 2.0 * PADDING_PX);
            viewport_px.set(f64::from(viewport.client_height()));
        }
    });
    let observer = StoredValue::new_local(ResizeObserver::new(measure.as_ref().unchecked_ref()).ok());
    let measure = StoredValue::new_local(measure);
    on_cleanup(move || {
        observer.with_value(|observer| observer.iter().for_each(ResizeObserver::disconnect));
        measure.dispose();
    });
    Effect::new(move |_| {
        if let Some(viewport) = viewport.get() {
            observer.with_value(|observer| observer.iter().for_each(|observer| observer.observe(&viewport)));
        }
    });
    Effect::new(move |_| {
        let count = images.with(|images| images.len());
        grid.cursor.update(|cursor| *cursor = (*cursor).min(count.saturating_sub(1)));
    });
    let extent = NodeRef::<html::Div>::new();
    let visible_rows = Memo::new(move |_| layout.get().rows_to_show(scrolled_px.get(), viewport_px.get()));
    let wanted = Memo::new(move |_| {
        let (layout, thumbnail_version) = (layout.get(), state.thumbnail_version.get());
        images.with(|images| {
            let content = |row| {
                let cells = layout.cells(row);
                let (first, images) = (cells.start, images.get(cells).unwrap_or_default().to_vec());
                RowContent { row, first, images, thumbnail_version }
            };
            visible_rows.get().map(content).collect::<Vec<_>>()
        })
    });
    let rows = StoredValue::new_local(Rows::new());
    let loader = ThumbnailLoader { state, rows, is_running: StoredValue::new(false) };
    Effect::new(move |_| {
        let Some(extent) = extent.get() else { return };
        let (count, cursor) = (layout.get().count, grid.cursor.get());
        rows.update_value(|rows| {
            let Some(rows) = rows else { return };
            if wanted.with(|wanted| rows.show(&extent, wanted)) {
                loader.start();
            }
            state.hovered.with(|hovered| {
                state
                    .selected
                    .with(|selected| rows.mark(&Marks { count, cursor, hovered: hovered.as_deref(), selected }));
            });
        });
    });
    view! {
        <div
            node_ref=viewport
            class="grid"
            role="listbox"
            tabindex="0"
            aria-multiselectable="true"
            aria-label=text::GRID
            aria-describedby="grid-keys"
            aria-activedescendant=move || cell_id(grid.cursor.get())
            on:scroll=move |event| scrolled_px.set(f64::from(event_target::<Element>(&event).scroll_top()))
            on:keydown=move |event| grid.on_key(&event)
            on:click=move |event| grid.on_click(&event)
            on:pointerover=move |event| grid.with_cell(&event, |index| grid.hover(index))
            on:pointerleave=move |_| state.hovered.set(None)
            on:dragstart=move |event| grid.with_cell(&event, |index| {
                if let Some(path) = grid.path(index) {
                    drag_drop::start(state, &event, path);
                }
            })
            on:dragend=move |_| drag_drop::end(state)
        >
            <div
                node_ref=extent
                class="grid-extent"
                role="presentation"
                style:height=move || format!("{}px", layout.get().height_px())
                style=("--columns", move || layout.get().columns.to_string())
                style=("--row-height", move || format!("{}px", layout.get().row_px))
            ></div>
        </div>
        <p class="soft" id="grid-keys">{text::GRID_KEYS}</p>
    }
}

/// Sets the thumbnails of the rows in the document, a few per task.
#[derive(Clone, Copy)]
struct ThumbnailLoader {
    state: State,
    rows: StoredValue<Option<Rows>, LocalStorage>,
    is_running: StoredValue<bool>,
}

impl ThumbnailLoader {
    /// Runs until no cell lacks its thumbnail, unless it is running already.
    fn start(self) {
        if !self.is_running.get_value() {
            self.is_running.set_value(true);
            self.load_next();
        }
    }

    fn load_next(self) {
        enqueue(move || {
            let has_more = self.rows.try_update_value(|rows| {
                let engine = self.state.engine();
                rows.as_mut().is_some_and(|rows| rows.load_thumbnails(|path| engine.thumbnail_url(path)))
            });
            match has_more {
                Some(true) => self.load_next(),
                Some(false) => self.is_running.set_value(false),
                // The grid was removed.
                None => {}
            }
        });
    }
}
