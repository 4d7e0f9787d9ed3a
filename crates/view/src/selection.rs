//! What is done with the pictures that are selected, and where those that are dragged can be put: a bar that stays in sight.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::card::dot_colour;
use crate::drag::{Place, Target};
use crate::menu::Menu;
use crate::state::{Opened, State};
use crate::text;

/// The bar, where something is selected or dragged.
#[component]
pub fn SelectionBar(state: State) -> impl IntoView {
    let count = Memo::new(move |_| state.selected.with(BTreeSet::len));
    let dragging = Memo::new(move |_| state.dragged.with(|dragged| !dragged.is_empty()));
    let has_groups = move || state.clustering.with(Option::is_some);
    view! {
        <span class="visually-hidden" aria-live="polite">{move || (count.get() > 0).then(|| text::selected(count.get()))}</span>
        <Show when=move || has_groups() && dragging.get()>
            <div class="selection panel" part="selection">
                <p>{text::DROP_INTO}</p>
                <ul class="places">{move || state.places().into_iter().map(|(place, name)| view! {
                    <PlaceChip state place name/>
                }).collect_view()}</ul>
            </div>
        </Show>
        <Show when=move || has_groups() && !dragging.get() && { count.get() > 0 }>
            <section class="selection panel actions" aria-label=text::SELECTION part="selection">
                <strong>{move || text::selected(count.get())}</strong>
                <Actions state/>
            </section>
        </Show>
    }
}

#[component]
fn PlaceChip(state: State, place: Place, name: String) -> impl IntoView {
    let target = Target::new(state, place);
    let dot = match place {
        Place::Cluster(id) => Some(dot_colour(id)),
        Place::Aside | Place::New => None,
    };
    view! {
        <li
            class="place"
            class:over=target.over
            on:dragover=move |event| target.on_over(&event)
            on:dragleave=move |_| target.on_leave()
            on:drop=move |event| target.on_drop(&event)
        >
            {dot.map(|dot| view! { <span class="dot" aria-hidden="true" style:background-color=dot></span> })}
            {name}
        </li>
    }
}

#[component]
fn Actions(state: State) -> impl IntoView {
    view! {
        <Menu label=text::MOVE_TO choices=move || state.places() choose=move |place| state.put(state.take_selected(), place)/>
        <button type="button" on:click=move |_| state.lock_pictures(state.take_selected(), true)>{text::LOCK}</button>
        <button type="button" on:click=move |_| state.lock_pictures(state.take_selected(), false)>{text::UNLOCK}</button>
        <button type="button" on:click=move |_| state.open(Opened::Selected)>{text::SHOW_SELECTION}</button>
        <button type="button" on:click=move |_| state.selected.set(BTreeSet::new())>{text::SELECT_NONE}</button>
    }
}
