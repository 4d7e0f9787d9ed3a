//! A grid of pictures of which only the rows in its window exist, to select from with pointer and keyboard.

mod keys;
mod rows;

use std::ops::Range;
use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, MouseEvent, ResizeObserver};

use crate::drag;
use crate::grid::rows::{Marks, RowContent, Rows, cell_id, cell_index};
use crate::in_turn::in_turn;
use crate::state::{Looked, State};
use crate::text;
use shoal::collection::GridLayout;

/// The least side of a picture, in CSS pixels.
const LEAST_CELL_PX: f64 = 88.0;
/// What is between two pictures, in CSS pixels; the style sheet's `.grid-row` knows it too.
const GAP_PX: f64 = 6.0;

/// A picture of the grid.
#[derive(Clone, PartialEq, Eq)]
pub struct GridImage {
    /// Its path.
    pub path: String,
    /// Whether it fits another group better.
    pub doubtful: bool,
    /// Whether it stays where it is.
    pub locked: bool,
}

/// What all parts of one grid share: handles, copied freely.
#[derive(Clone, Copy)]
struct GridState {
    state: State,
    pictures: Memo<Arc<Vec<GridImage>>>,
    window: NodeRef<html::Div>,
    layout: Memo<GridLayout>,
    /// Height of the window, in CSS pixels.
    window_px: RwSignal<f64>,
    /// The picture that the keyboard is at.
    cursor: RwSignal<usize>,
    /// Where a selection by shift began.
    anchor: StoredValue<usize>,
}

/// The grid. A selection goes to [`State::selected`], the picture under pointer or cursor to [`State::pointed`].
#[component]
pub fn Grid(state: State, pictures: Memo<Arc<Vec<GridImage>>>) -> impl IntoView {
    let window = NodeRef::<html::Div>::new();
    let (width_px, window_px, scrolled_px) = (RwSignal::new(0.0), RwSignal::new(0.0), RwSignal::new(0.0));
    let layout = Memo::new(move |_| {
        GridLayout::fitting(pictures.with(|list| list.len()), width_px.get(), LEAST_CELL_PX, GAP_PX)
    });
    let grid =
        GridState { state, pictures, window, layout, window_px, cursor: RwSignal::new(0), anchor: StoredValue::new(0) };
    let measure = Closure::<dyn FnMut()>::new(move || {
        if let Some(window) = window.get_untracked() {
            width_px.set(f64::from(window.client_width()) - 2.0 * PADDING_PX);
            window_px.set(f64::from(window.client_height()));
        }
    });
    let observer = StoredValue::new_local(ResizeObserver::new(measure.as_ref().unchecked_ref()).ok());
    let measure = StoredValue::new_local(measure);
    on_cleanup(move || {
        observer.with_value(|observer| observer.iter().for_each(ResizeObserver::disconnect));
        measure.dispose();
    });
    Effect::new(move |_| {
        if let Some(window) = window.get() {
            observer.with_value(|observer| observer.iter().for_each(|observer| observer.observe(&window)));
        }
    });
    Effect::new(move |_| {
        let count = pictures.with(|list| list.len());
        grid.cursor.update(|cursor| *cursor = (*cursor).min(count.saturating_sub(1)));
    });
    let extent = NodeRef::<html::Div>::new();
    let rows = Memo::new(move |_| layout.get().rows_to_show(scrolled_px.get(), window_px.get()));
    let wanted = Memo::new(move |_| {
        let (layout, seen) = (layout.get(), state.seen.get());
        pictures.with(|list| {
            let content = |row| {
                let cells = layout.cells(row);
                let (first, pictures) = (cells.start, list.get(cells).unwrap_or_default().to_vec());
                RowContent { row, first, pictures, seen }
            };
            rows.get().map(content).collect::<Vec<_>>()
        })
    });
    let in_document = StoredValue::new_local(Rows::new());
    let images = Images { state, in_document, are_coming: StoredValue::new(false) };
    Effect::new(move |_| {
        let Some(extent) = extent.get() else { return };
        let (count, cursor) = (layout.get().count, grid.cursor.get());
        in_document.update_value(|rows| {
            let Some(rows) = rows else { return };
            if wanted.with(|wanted| rows.show(&extent, wanted)) {
                images.come();
            }
            state.pointed.with(|pointed| {
                state
                    .selected
                    .with(|selected| rows.mark(&Marks { count, cursor, pointed: pointed.as_deref(), selected }));
            });
        });
    });
    view! {
        <div
            node_ref=window
            class="grid"
            role="listbox"
            tabindex="0"
            aria-multiselectable="true"
            aria-label=text::PICTURES
            aria-describedby="grid-keys"
            aria-activedescendant=move || cell_id(grid.cursor.get())
            on:scroll=move |event| scrolled_px.set(f64::from(event_target::<Element>(&event).scroll_top()))
            on:keydown=move |event| grid.on_key(&event)
            on:click=move |event| grid.on_click(&event)
            on:dblclick=move |event| grid.with_cell(&event, |index| grid.look_at(index))
            on:pointerover=move |event| grid.with_cell(&event, |index| grid.point_at(index))
            on:pointerleave=move |_| state.pointed.set(None)
            on:dragstart=move |event| {
                if let Some(path) = cell_of(&event).and_then(|index| grid.path(index)) {
                    drag::start(state, &event, path);
                }
            }
            on:dragend=move |_| drag::end(state)
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

/// The images of the rows in the document.
#[derive(Clone, Copy)]
struct Images {
    state: State,
    in_document: StoredValue<Option<Rows>, LocalStorage>,
    are_coming: StoredValue<bool>,
}

impl Images {
    /// Has them come, some in each turn, until there is none left.
    fn come(self) {
        if !self.are_coming.get_value() {
            self.are_coming.set_value(true);
            self.next();
        }
    }

    fn next(self) {
        in_turn(move || {
            let some = self.in_document.try_update_value(|rows| {
                let engine = self.state.engine();
                rows.as_mut().is_some_and(|rows| rows.give_images(|path| engine.thumbnail_url(path)))
            });
            match some {
                Some(true) => self.next(),
                Some(false) => self.are_coming.set_value(false),
                // The grid is gone.
                None => {}
            }
        });
    }
}

/// The window's padding, in CSS pixels, so that outlines of its pictures are not cut off; the style sheet knows it too.
const PADDING_PX: f64 = 4.0;

impl GridState {
    fn path(&self, index: usize) -> Option<String> {
        self.pictures.with_untracked(|list| list.get(index).map(|picture| picture.path.clone()))
    }

    /// The paths of the pictures in a range of places.
    fn paths<C: FromIterator<String>>(&self, places: Range<usize>) -> C {
        self.pictures.with_untracked(|list| {
            let some = list.get(places).unwrap_or_default();
            some.iter().map(|picture| picture.path.clone()).collect()
        })
    }

    fn count(&self) -> usize {
        self.pictures.with_untracked(|list| list.len())
    }

    fn with_cell(&self, event: &Event, then: impl FnOnce(usize)) {
        if let Some(index) = cell_of(event) {
            then(index);
        }
    }

    fn point_at(&self, index: usize) {
        self.state.pointed.set(self.path(index));
    }

    fn look_at(&self, index: usize) {
        if let Some(path) = self.path(index) {
            self.state.looked.set(Some(Looked { path, among: self.paths(0..self.count()) }));
        }
    }

    fn on_click(&self, event: &MouseEvent) {
        let Some(index) = cell_of(event) else { return };
        if event.shift_key() {
            self.select_to(index);
        } else {
            self.toggle(index);
        }
        self.cursor.set(index);
        if let Some(window) = self.window.get_untracked() {
            // A window that cannot have the focus still takes clicks.
            let _ = window.focus();
        }
    }

    /// Selects a picture, or lets go of it.
    fn toggle(&self, index: usize) {
        let Some(path) = self.path(index) else { return };
        self.anchor.set_value(index);
        self.state.selected.update(|selected| {
            if !selected.remove(&path) {
                selected.insert(path);
            }
        });
    }

    /// Selects all pictures from the anchor to this one, and no others.
    fn select_to(&self, index: usize) {
        let anchor = self.anchor.get_value();
        // Since the anchor was set, the list may have become shorter.
        let end = (anchor.max(index) + 1).min(self.count());
        self.state.selected.set(self.paths(anchor.min(index).min(end)..end));
    }
}

/// The place of the cell that an event happened in.
fn cell_of(event: &Event) -> Option<usize> {
    cell_index(&event.target()?.dyn_into::<Element>().ok()?)
}
