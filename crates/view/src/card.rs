//! A group's card: its name, what is said of it, and its sample pictures.

use leptos::{html, prelude::*};
use web_sys::KeyboardEvent;

use crate::drag::{Place, Target};
use crate::groups::Thumbnails;
use crate::in_turn::in_turn;
use crate::state::{Opened, State};
use crate::text;
use shoal::collection::Cluster;
use shoal::plot::{Theme, colour, css_colour};

/// A padlock's shackle, as the path of an icon of 16 x 16.
const SHACKLE_CLOSED: &str = "M5 7V5a3 3 0 0 1 6 0v2";
const SHACKLE_OPEN: &str = "M5 7V4a3 3 0 0 1 5.8-1";

/// A cluster's colour, in either theme.
pub fn dot_colour(id: u32) -> String {
    let [light, dark] = [Theme::Light, Theme::Dark].map(|theme| css_colour(colour(id, theme)));
    format!("light-dark({light}, {dark})")
}

/// The card of the group `id`.
#[component]
pub fn Card(state: State, id: u32) -> impl IntoView {
    // Nothing for the moment between a group's end and its card's.
    let group = Memo::new(move |_| state.clustering.with(|clustering| clustering.as_ref()?.cluster(id).cloned()));
    let name = Memo::new(move |_| known(group, |group| group.name.clone()));
    let suggested = Memo::new(move |_| known(group, |group| group.suggested));
    let locked = Memo::new(move |_| known(group, |group| group.locked));
    let representatives = Memo::new(move |_| known(group, |group| group.representatives.clone()));
    let shown = RwSignal::new(representatives.get_untracked());
    Effect::new(move |is_made: Option<()>| {
        state.seen.track();
        let paths = representatives.get();
        if is_made.is_some() {
            // Hundreds of small pictures may change at once: each card's have their turn.
            in_turn(move || {
                shown.try_set(paths);
            });
        }
    });
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let name = name.get();
        // What someone is typing is not written over.
        if let Some(field) = field.get()
            && !field.matches(":focus").unwrap_or(false)
        {
            field.set_value(&name);
        }
    });
    let rename = move |event: web_sys::Event| {
        let wanted = event_target_value(&event);
        if wanted.trim().is_empty() {
            event_target::<web_sys::HtmlInputElement>(&event).set_value(&name.get_untracked());
        } else if wanted != name.get_untracked() {
            state.rename(id, wanted);
        }
    };
    let target = Target::new(state, Place::Cluster(id));
    let lock_words = move || if locked.get() { text::UNLOCK_GROUP } else { text::LOCK_GROUP };
    view! {
        <article
            class="card"
            class:over=target.over
            data-cluster=id
            part="group"
            aria-label=move || name.get()
            on:dragover=move |event| target.on_over(&event)
            on:dragleave=move |_| target.on_leave()
            on:drop=move |event| target.on_drop(&event)
        >
            <header>
                <span class="dot" aria-hidden="true" style:background-color=dot_colour(id)></span>
                <input
                    node_ref=field
                    class="name"
                    class:suggested=move || suggested.get()
                    type="text"
                    maxlength="120"
                    aria-label=text::GROUP_NAME
                    title=move || if suggested.get() { text::SUGGESTED_NAME } else { text::GROUP_NAME }
                    on:change=rename
                    on:keydown=blur_on_enter
                />
                <button
                    type="button"
                    class="quiet lock"
                    aria-pressed=move || locked.get().to_string()
                    aria-label=lock_words
                    title=lock_words
                    on:click=move |_| state.lock_group(id, !locked.get_untracked())
                >
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d=move || if locked.get() { SHACKLE_CLOSED } else { SHACKLE_OPEN }/>
                        <rect x="3" y="7" width="10" height="7" rx="1.5"/>
                    </svg>
                </button>
                <p title=text::SILHOUETTE_HINT>
                    {move || known(group, |group| {
                        format!("{} · silhouette {}", text::pictures(group.size), text::silhouette(group.silhouette))
                    })}
                    {move || suggested.get().then(|| view! { <span class="mark">{text::SUGGESTION}</span> })}
                </p>
            </header>
            {move || view! { <Thumbnails state paths=shown.get()/> }}
            <button type="button" class="open" on:click=move |_| state.open(Opened::Cluster(id))>{text::OPEN_GROUP}</button>
        </article>
    }
}

/// A part of what is known of a group.
fn known<T: Default>(group: Memo<Option<Cluster>>, part: impl Fn(&Cluster) -> T) -> T {
    group.with(|group| group.as_ref().map(part).unwrap_or_default())
}

/// Leaving a field is what changes it.
fn blur_on_enter(event: KeyboardEvent) {
    if event.key() == "Enter" {
        // An element that cannot give up the focus keeps it.
        let _ = event_target::<web_sys::HtmlElement>(&event).blur();
    }
}
