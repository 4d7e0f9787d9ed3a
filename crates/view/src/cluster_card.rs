//! The card of a cluster with its name, facts and sample images, and the card of the images in no cluster.

use leptos::{html, prelude::*};
use web_sys::{FocusEvent, KeyboardEvent};

use crate::drag_drop::DropTarget;
use crate::focus;
use crate::render_queue::enqueue;
use crate::state::{Destination, ImageSet, State};
use crate::text;
use crate::thumbnails::Thumbnails;
use shoal::collection::Cluster;

/// The number of sample images of the unassigned ones.
const UNASSIGNED_SHOWN: usize = 12;

/// A padlock's shackle, as an SVG path in a view box of 16 x 16.
const SHACKLE_CLOSED: &str = "M5 7V5a3 3 0 0 1 6 0v2";
const SHACKLE_OPEN: &str = "M5 7V4a3 3 0 0 1 5.8-1";

/// The card of the cluster `id`.
#[component]
pub fn ClusterCard(state: State, id: u32) -> impl IntoView {
    // `None` for the moment between the cluster's removal and the card's.
    let cluster = Memo::new(move |_| state.clustering.with(|clustering| clustering.as_ref()?.cluster(id).cloned()));
    let name = Memo::new(move |_| field(cluster, |cluster| cluster.name.clone()));
    let is_suggested = Memo::new(move |_| field(cluster, |cluster| cluster.suggested));
    let is_locked = Memo::new(move |_| field(cluster, |cluster| cluster.locked));
    let representatives = Memo::new(move |_| field(cluster, |cluster| cluster.representatives.clone()));
    let shown = RwSignal::new(representatives.get_untracked());
    Effect::new(move |has_run: Option<()>| {
        state.thumbnail_version.track();
        let paths = representatives.get();
        if has_run.is_some() {
            // Queued, because hundreds of thumbnails may change at once.
            enqueue(move || {
                shown.try_set(paths);
            });
        }
    });
    let name_field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let name = name.get();
        // Do not overwrite what the user is typing.
        if let Some(field) = name_field.get()
            && !field.matches(":focus").unwrap_or(false)
        {
            field.set_value(&name);
        }
    });
    let rename = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        if typed.trim().is_empty() {
            event_target::<web_sys::HtmlInputElement>(&event).set_value(&name.get_untracked());
        } else if typed != name.get_untracked() {
            state.rename(id, typed);
        }
    };
    let target = DropTarget::new(state, Destination::Cluster(id));
    let open_button = NodeRef::<html::Button>::new();
    Effect::new(move |was_open: Option<bool>| {
        let is_open = state.shown_set.get() == Some(ImageSet::Cluster(id));
        if was_open == Some(true) && state.shown_set.get().is_none() {
            focus::restore(open_button.get_untracked());
        }
        is_open
    });
    let lock_label = move || if is_locked.get() { text::UNLOCK_GROUP } else { text::LOCK_GROUP };
    view! {
        <article
            class="card"
            class:over=target.is_over
            data-cluster=id
            part="group"
            aria-label=move || name.get()
            on:dragover=move |event| target.on_over(&event)
            on:dragleave=move |_| target.on_leave()
            on:drop=move |event| target.on_drop(&event)
        >
            <header>
                <span class="dot" aria-hidden="true" style:background-color=move || state.cluster_colour(id)></span>
                <input
                    node_ref=name_field
                    class="name"
                    class:suggested=move || is_suggested.get()
                    type="text"
                    maxlength="120"
                    aria-label=text::GROUP_NAME
                    title=move || if is_suggested.get() { text::SUGGESTED_NAME_HINT } else { text::GROUP_NAME }
                    on:focus=select_text
                    on:change=rename
                    on:keydown=blur_on_enter
                />
                <button
                    type="button"
                    class="quiet lock"
                    aria-pressed=move || is_locked.get().to_string()
                    aria-label=lock_label
                    title=lock_label
                    on:click=move |_| state.lock_cluster(id, !is_locked.get_untracked())
                >
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d=move || if is_locked.get() { SHACKLE_CLOSED } else { SHACKLE_OPEN }/>
                        <rect x="3" y="7" width="10" height="7" rx="1.5"/>
                    </svg>
                </button>
            </header>
            {move || view! { <Thumbnails state paths=shown.get() set=ImageSet::Cluster(id)/> }}
            <footer>
                <p class="facts" title=move || field(cluster, |cluster| text::silhouette_hint(cluster.silhouette))>
                    {move || field(cluster, |cluster| text::card_facts(cluster.size, cluster.silhouette))}
                    {move || is_suggested.get().then(|| view! { <span class="mark">{text::SUGGESTED_NAME}</span> })}
                </p>
                <button
                    node_ref=open_button
                    type="button"
                    class="open"
                    on:click=move |_| state.show_images(ImageSet::Cluster(id))
                >
                    {text::SHOW_ALL}
                </button>
            </footer>
        </article>
    }
}

/// The card of the images in no cluster.
#[component]
pub fn UnassignedCard(state: State, count: usize) -> impl IntoView {
    let paths = state.clustering.with_untracked(|clustering| {
        let assignments = clustering.iter().flat_map(|clustering| &clustering.items);
        let unassigned = assignments.filter(|assignment| assignment.cluster.is_none());
        unassigned.take(UNASSIGNED_SHOWN).map(|assignment| assignment.path.clone()).collect::<Vec<_>>()
    });
    let target = DropTarget::new(state, Destination::Excluded);
    view! {
        <article
            class="card aside"
            class:over=target.is_over
            part="aside"
            aria-label=text::UNASSIGNED
            on:dragover=move |event| target.on_over(&event)
            on:dragleave=move |_| target.on_leave()
            on:drop=move |event| target.on_drop(&event)
        >
            <header>
                <span class="dot" aria-hidden="true"></span>
                <h3>{text::UNASSIGNED}</h3>
            </header>
            <Thumbnails state paths set=ImageSet::Unassigned/>
            <footer>
                <p class="facts">{text::image_count(count)}</p>
                <button type="button" class="open" on:click=move |_| state.show_images(ImageSet::Unassigned)>
                    {text::SHOW_ALL}
                </button>
            </footer>
        </article>
    }
}

/// One field of the cluster, or its default while there is no cluster.
fn field<T: Default>(cluster: Memo<Option<Cluster>>, get: impl Fn(&Cluster) -> T) -> T {
    cluster.with(|cluster| cluster.as_ref().map(get).unwrap_or_default())
}

/// Enter commits the name: leaving the field is what changes it.
fn blur_on_enter(event: KeyboardEvent) {
    if event.key() == "Enter" {
        // If it cannot lose the focus, it keeps it.
        let _ = event_target::<web_sys::HtmlElement>(&event).blur();
    }
}

/// Typing then replaces the name.
fn select_text(event: FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}
