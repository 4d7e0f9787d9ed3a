//! A grid of pictures of which only the rows in its window exist, to select from with pointer and keyboard.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent, ResizeObserver};

use crate::library::{GridLayout, Step};
use crate::web::view::drag;
use crate::web::view::state::{Looked, State};
use crate::web::view::text;

/// The least side of a picture, in CSS pixels.
const LEAST_CELL_PX: f64 = 88.0;
/// What is between two pictures, in CSS pixels; the style sheet's `.grid-row` knows it too.
const GAP_PX: f64 = 6.0;

/// A picture of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GridPicture {
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
    pictures: Memo<Arc<Vec<GridPicture>>>,
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
pub fn Grid(state: State, pictures: Memo<Arc<Vec<GridPicture>>>) -> impl IntoView {
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
    let rows = Memo::new(move |_| layout.get().rows_to_show(scrolled_px.get(), window_px.get()));
    let shown = move || {
        let (layout, seen) = (layout.get(), state.seen.get());
        pictures.with(|list| {
            let row = |row| {
                let cells = layout.cells(row);
                (cells.start, list.get(cells).map(<[_]>::to_vec).unwrap_or_default(), seen)
            };
            rows.get().map(row).collect::<Vec<_>>()
        })
    };
    view! {
        <div
            node_ref=window
            class="grid"
            role="listbox"
            tabindex="0"
            aria-multiselectable="true"
            aria-label=text::PICTURES
            aria-describedby="grid-keys"
            aria-activedescendant=move || format!("cell-{}", grid.cursor.get())
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
            <div class="grid-extent" role="presentation" style:height=move || format!("{}px", layout.get().height_px())>
                <For each=shown key=Clone::clone let:shown_row>
                    <Row grid first=shown_row.0 pictures=shown_row.1/>
                </For>
            </div>
        </div>
        <p class="soft" id="grid-keys">{text::GRID_KEYS}</p>
    }
}

/// The window's padding, in CSS pixels, so that outlines of its pictures are not cut off; the style sheet knows it too.
const PADDING_PX: f64 = 4.0;

/// A row of pictures, of which the first has the index `first`.
#[component]
fn Row(grid: GridState, first: usize, pictures: Vec<GridPicture>) -> impl IntoView {
    let GridState { state, layout, .. } = grid;
    let engine = state.engine();
    let cells = (first..)
        .zip(pictures)
        .map(|(index, GridPicture { path, doubtful, locked })| {
            let title = text::picture_title(&path, doubtful, locked);
            let url = engine.thumbnail_url(&path);
            let own = path.clone();
            let pointed = move || state.pointed.with(|pointed| pointed.as_ref() == Some(&own));
            let is_selected = move || state.selected.with(|selected| selected.contains(&path));
            view! {
                <div
                    id=format!("cell-{index}")
                    role="option"
                    class="picture"
                    class:doubtful=doubtful
                    class:locked=locked
                    class:cursor=move || grid.cursor.get() == index
                    class:pointed=pointed
                    aria-selected=move || is_selected().to_string()
                    aria-setsize=move || layout.get().count.to_string()
                    aria-posinset=(index + 1).to_string()
                    aria-label=title.clone()
                    title=title
                    data-index=index.to_string()
                    draggable="true"
                >
                    {url.map(|url| view! { <img src=url alt="" decoding="async" draggable="false"/> })}
                </div>
            }
        })
        .collect_view();
    view! {
        <div
            class="grid-row"
            role="presentation"
            style:transform=move || {
                let layout = layout.get();
                format!("translateY({}px)", (first / layout.columns) as f64 * layout.row_px)
            }
            style:grid-template-columns=move || format!("repeat({}, minmax(0, 1fr))", layout.get().columns)
        >
            {cells}
        </div>
    }
}

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

    fn on_key(&self, event: &KeyboardEvent) {
        let state = self.state;
        let step = match event.key().as_str() {
            "ArrowLeft" => Some(Step::Left),
            "ArrowRight" => Some(Step::Right),
            "ArrowUp" => Some(Step::Up),
            "ArrowDown" => Some(Step::Down),
            "PageUp" => Some(Step::PageUp),
            "PageDown" => Some(Step::PageDown),
            "Home" => Some(Step::First),
            "End" => Some(Step::Last),
            _ => None,
        };
        let cursor = self.cursor.get_untracked();
        match (step, event.key().as_str()) {
            (Some(step), _) => self.go(step, event.shift_key()),
            (None, " ") => self.toggle(cursor),
            (None, "Enter") => self.look_at(cursor),
            (None, "a" | "A") if event.ctrl_key() || event.meta_key() => {
                state.selected.set(self.paths(0..self.count()));
            }
            (None, _) if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
            (None, "Escape") if state.selected.with_untracked(|selected| !selected.is_empty()) => {
                state.selected.set(BTreeSet::new());
            }
            (None, "Escape") => state.close_opened(),
            (None, "m" | "M") => {
                self.select_cursor_if_none();
                self.open_move();
            }
            (None, "k" | "K") => {
                self.select_cursor_if_none();
                state.lock_pictures(state.take_selected(), true);
            }
            (None, "Delete" | "Backspace") => {
                self.select_cursor_if_none();
                state.move_to(state.take_selected(), None);
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn go(&self, step: Step, selecting: bool) {
        let (layout, window_px) = (self.layout.get_untracked(), self.window_px.get_untracked());
        let to = layout.step(self.cursor.get_untracked(), step, window_px);
        self.cursor.set(to);
        self.point_at(to);
        if selecting {
            self.select_to(to);
        } else {
            self.anchor.set_value(to);
        }
        if let Some(window) = self.window.get_untracked() {
            let scrolled_px = f64::from(window.scroll_top());
            // Truncated, a fraction of a pixel of the row would stay outside.
            window.set_scroll_top(layout.scroll_to(to, scrolled_px, window_px).ceil() as i32);
        }
    }

    fn select_cursor_if_none(&self) {
        if self.state.selected.with_untracked(BTreeSet::is_empty)
            && let Some(path) = self.path(self.cursor.get_untracked())
        {
            self.state.selected.set(BTreeSet::from([path]));
        }
    }

    /// Opens the places to move to, which are there once something is selected.
    fn open_move(&self) {
        let Some(window) = self.window.get_untracked() else { return };
        request_animation_frame(move || {
            let root = window.closest(".shoal").ok().flatten();
            let button = root.and_then(|root| root.query_selector(".selection .menu > button").ok()?);
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                button.click();
            }
        });
    }
}

/// The index of the cell that an event happened in.
fn cell_of(event: &Event) -> Option<usize> {
    let cell = event.target()?.dyn_into::<Element>().ok()?.closest("[data-index]").ok()??;
    cell.get_attribute("data-index")?.parse().ok()
}
