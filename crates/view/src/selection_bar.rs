//! The selection bar, which stays in sight: the actions on the selected images, or the drop targets while images are dragged.

use std::collections::BTreeSet;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement};

use crate::drag_drop::DropTarget;
use crate::focus;
use crate::menu::Menu;
use crate::state::{Destination, ImageSet, State};
use crate::text;

/// The bar, while images are selected or dragged.
#[component]
pub fn SelectionBar(state: State) -> impl IntoView {
    let count = Memo::new(move |_| state.selected.with(BTreeSet::len));
    let is_dragging = Memo::new(move |_| state.dragged.with(|dragged| !dragged.is_empty()));
    let has_clusters = move || state.clustering.with(Option::is_some);
    // The element that had the focus before the bar: it gets it back when the bar disappears.
    let before = StoredValue::new_local(None::<HtmlElement>);
    let on_focus = move |event: FocusEvent| {
        let bar = event.current_target().and_then(|bar| bar.dyn_into::<HtmlElement>().ok());
        let from = event.related_target().and_then(|from| from.dyn_into::<HtmlElement>().ok());
        if let (Some(bar), Some(from)) = (bar, from)
            && !bar.contains(Some(&from))
        {
            before.set_value(Some(from));
        }
    };
    Effect::new(move |_| {
        if count.get() == 0 {
            focus::restore(before.get_value());
        }
    });
    view! {
        <span class="visually-hidden" aria-live="polite">{move || (count.get() > 0).then(|| text::selected(count.get()))}</span>
        <Show when=move || has_clusters() && is_dragging.get()>
            <div class="selection panel" part="selection">
                <p>{text::DROP_INTO}</p>
                <ul class="places">{move || state.destinations().into_iter().map(|(destination, name)| view! {
                    <DestinationChip state destination name/>
                }).collect_view()}</ul>
            </div>
        </Show>
        <Show when=move || has_clusters() && !is_dragging.get() && { count.get() > 0 }>
            <section class="selection panel actions" aria-label=text::SELECTION part="selection" on:focusin=on_focus>
                <strong>{move || text::selected(count.get())}</strong>
                <Actions state/>
            </section>
        </Show>
    }
}

/// A drop target of the bar.
#[component]
fn DestinationChip(state: State, destination: Destination, name: String) -> impl IntoView {
    let target = DropTarget::new(state, destination);
    let colour = match destination {
        Destination::Cluster(id) => Some(move || state.cluster_colour(id)),
        Destination::Excluded | Destination::NewCluster => None,
    };
    view! {
        <li
            class="place"
            class:over=target.is_over
            on:dragover=move |event| target.on_over(&event)
            on:dragleave=move |_| target.on_leave()
            on:drop=move |event| target.on_drop(&event)
        >
            {colour.map(|colour| view! { <span class="dot" aria-hidden="true" style:background-color=colour></span> })}
            {name}
        </li>
    }
}

#[component]
fn Actions(state: State) -> impl IntoView {
    let move_selection = move |destination| state.move_images(state.take_selection(), destination);
    view! {
        <Menu label=text::MOVE_TO choices=move || state.destinations() choose=move_selection/>
        <button type="button" on:click=move |_| state.pin_images(state.take_selection(), true)>{text::PIN}</button>
        <button type="button" on:click=move |_| state.pin_images(state.take_selection(), false)>{text::UNPIN}</button>
        <button type="button" on:click=move |_| state.show_images(ImageSet::Selection)>{text::SHOW_SELECTION}</button>
        <button type="button" on:click=move |_| state.selected.set(BTreeSet::new())>{text::SELECT_NONE}</button>
    }
}
