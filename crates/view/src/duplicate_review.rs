//! The review of duplicates: a dialog with one group at a time, its images side by side, zoomed and moved together, and a
//! summary before anything is set aside.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, PointerEvent, WheelEvent};

use crate::full_size::full_size;
use crate::review::Review;
use crate::state::State;
use crate::text;
use shoal_engine::Duplicates;

/// The largest magnification.
const ZOOM_MAX: f64 = 16.0;
/// The factor of one step of zooming.
const ZOOM_STEP: f64 = 1.25;

/// The part of the images that is shown: the same of each.
#[derive(Clone, Copy, Debug, PartialEq)]
struct View {
    zoom: f64,
    /// The offset of the images, in percent of their sides.
    x: f64,
    y: f64,
}

impl Default for View {
    fn default() -> Self {
        Self { zoom: 1.0, x: 0.0, y: 0.0 }
    }
}

impl View {
    fn zoomed(self, factor: f64) -> Self {
        Self { zoom: (self.zoom * factor).clamp(1.0, ZOOM_MAX), ..self }.clamped()
    }

    fn moved(self, x: f64, y: f64) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }.clamped()
    }

    /// The image never leaves its frame.
    fn clamped(self) -> Self {
        let limit = 50.0 * (self.zoom - 1.0);
        Self { x: self.x.clamp(-limit, limit), y: self.y.clamp(-limit, limit), ..self }
    }

    fn transform(self) -> String {
        format!("translate({}%, {}%) scale({})", self.x, self.y, self.zoom)
    }
}

/// The dialog, open while [`State::review`] holds a review.
#[component]
pub fn DuplicateReview(state: State) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let shown = RwSignal::new(View::default());
    Effect::new(move |_| {
        let is_wanted = state.review.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if is_wanted && !dialog.open() {
            // It fails only for a dialog outside the document, which nobody sees.
            let _ = dialog.show_modal();
        } else if !is_wanted && dialog.open() {
            dialog.close();
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => state.step_review(-1),
            "ArrowRight" => state.step_review(1),
            "a" | "A" => state.change_review(Review::keep_all),
            "+" => shown.update(|view| *view = view.zoomed(ZOOM_STEP)),
            "-" => shown.update(|view| *view = view.zoomed(1.0 / ZOOM_STEP)),
            digit => match digit.parse::<usize>() {
                Ok(number @ 1..=9) => state.change_review(|review| review.toggle(number - 1)),
                _ => return,
            },
        }
        event.prevent_default();
    };
    let at =
        Memo::new(move |_| state.review.with(|review| review.as_ref().map(|review| (review.at, review.groups.len()))));
    view! {
        <dialog
            node_ref=dialog
            class="lightbox review"
            aria-label=text::REVIEW_DUPLICATES
            on:close=move |_| state.review.set(None)
            on:keydown=on_key
        >
            {move || at.get().map(|(at, count)| {
                shown.set(View::default());
                let group = state.review.with_untracked(|review| review.as_ref()?.groups.get(at).cloned());
                match group {
                    Some(group) => view! { <Group state group at count shown/> }.into_any(),
                    None => view! { <Summary state/> }.into_any(),
                }
            })}
        </dialog>
    }
}

/// One group: its images, and the decision about it.
#[component]
fn Group(state: State, group: Duplicates, at: usize, count: usize, shown: RwSignal<View>) -> impl IntoView {
    let on_wheel = move |event: WheelEvent| {
        event.prevent_default();
        shown.update(|view| *view = view.zoomed(if event.delta_y() < 0.0 { ZOOM_STEP } else { 1.0 / ZOOM_STEP }));
    };
    let images = group.paths.iter().enumerate().map(|(number, path)| {
        view! { <Picture state group=group.clone() path=path.clone() number shown/> }
    });
    view! {
        <div class="review-content">
            <header>
                <h2>{text::review_place(at, count)}</h2>
                <p class="soft">{text::keep_reason(group.reason)}</p>
                <p class="soft">{text::REVIEW_HINT}</p>
            </header>
            <ul class="review-images" on:wheel=on_wheel>{images.collect_view()}</ul>
            <div class="buttons">
                <button type="button" disabled=at == 0 on:click=move |_| state.step_review(-1)>{text::PREVIOUS_GROUP}</button>
                <button type="button" on:click=move |_| state.change_review(Review::keep_all)>{text::KEEP_ALL}</button>
                <button type="button" on:click=move |_| state.change_review(|review| review.go_to(usize::MAX))>
                    {text::FINISH_REVIEW}
                </button>
                <button type="button" class="primary" autofocus=true on:click=move |_| state.step_review(1)>
                    {if at + 1 < count { text::NEXT_GROUP } else { text::FINISH_REVIEW }}
                </button>
            </div>
        </div>
    }
}

/// An image of a group: a click keeps it or sets it aside, a drag moves all images together.
#[component]
fn Picture(state: State, group: Duplicates, path: String, number: usize, shown: RwSignal<View>) -> impl IntoView {
    let engine = state.engine();
    let (url, show_thumbnail) = full_size(state, &path);
    let is_kept = {
        let path = path.clone();
        Memo::new(move |_| {
            state.review.with(|review| {
                let decision = review.as_ref().and_then(|review| review.decisions.get(review.at));
                decision.is_some_and(|decision| decision.kept.contains(&path))
            })
        })
    };
    // Where the pointer was; a drag is no click.
    let dragged_from = StoredValue::new(None::<(f64, f64)>);
    let has_moved = StoredValue::new(false);
    let on_down = move |event: PointerEvent| {
        dragged_from.set_value(Some((f64::from(event.client_x()), f64::from(event.client_y()))));
        has_moved.set_value(false);
    };
    let on_move = move |event: PointerEvent| {
        let Some((x, y)) = dragged_from.get_value().filter(|_| event.buttons() == 1) else { return };
        let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(frame) = target.map(|target| target.get_bounding_client_rect()) else { return };
        let (now_x, now_y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        if (now_x - x).abs() + (now_y - y).abs() > 3.0 || has_moved.get_value() {
            has_moved.set_value(true);
            dragged_from.set_value(Some((now_x, now_y)));
            let percent = |moved: f64, side: f64| 100.0 * moved / side.max(1.0);
            shown.update(|view| {
                *view = view.moved(percent(now_x - x, frame.width()), percent(now_y - y, frame.height()))
            });
        }
    };
    let turned = group.turned.iter().find(|copy| copy.path == path).map(|copy| text::turn(copy.turn));
    let facts = engine.facts(&path).map(|image| text::review_facts(&image));
    let is_best = path == group.best;
    view! {
        <li class:kept=move || is_kept.get()>
            <button
                type="button"
                class="frame"
                aria-pressed=move || is_kept.get().to_string()
                aria-label=text::keep_number(number, &path)
                on:pointerdown=on_down
                on:pointermove=on_move
                on:click=move |_| {
                    if !has_moved.get_value() {
                        state.change_review(|review| review.toggle(number));
                    }
                }
            >
                <img
                    src=url
                    alt=path.clone()
                    draggable="false"
                    style:transform=move || shown.get().transform()
                    on:error=show_thumbnail
                />
            </button>
            <p>
                <span class="mark">{move || if is_kept.get() { text::KEPT } else { text::TO_SET_ASIDE }}</span>
                {is_best.then(|| view! { <span class="mark">{text::BEST}</span> })}
                {turned.map(|turned| view! { <span class="mark">{turned}</span> })}
            </p>
            <p class="path">{path.clone()}</p>
            <p class="soft">{facts}</p>
        </li>
    }
}

/// What will happen, and the buttons that make it happen or lead back.
#[component]
fn Summary(state: State) -> impl IntoView {
    let summary = move || state.review.with(|review| review.as_ref().map(text::review_summary)).unwrap_or_default();
    view! {
        <div class="review-content">
            <h2>{text::SUMMARY}</h2>
            {move || summary().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            <p class="soft">{text::SUMMARY_HINT}</p>
            <div class="buttons">
                <button type="button" on:click=move |_| state.change_review(|review| review.go_to(0))>{text::LOOK_AGAIN}</button>
                <button type="button" on:click=move |_| state.review.set(None)>{text::CANCEL}</button>
                <button type="button" class="primary" autofocus=true on:click=move |_| state.finish_review()>
                    {text::SET_ASIDE_NOW}
                </button>
            </div>
        </div>
    }
}
