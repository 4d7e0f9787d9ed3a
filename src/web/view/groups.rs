//! The groups as cards of sample pictures, and the tray of the latest pictures before there are groups.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::library::{Group, Outcome};
use crate::plot::{colour, css_colour};
use crate::web::view::state::State;
use crate::web::view::{canvas, text};

/// The latest pictures, while they come in.
#[component]
pub fn Tray(state: State) -> impl IntoView {
    view! {
        <ul class="tray thumbnails" aria-hidden="true">
            <For each=move || state.latest.get() key=|thumbnail| thumbnail.url.clone() let:thumbnail>
                <li><img src=thumbnail.url alt="" decoding="async"/></li>
            </For>
        </ul>
    }
}

/// The groups, with a summary and the way home.
#[component]
pub fn Groups(state: State) -> impl IntoView {
    view! {
        <section class="groups" aria-label=text::GROUPS part="groups">
            {move || state.outcome.get().map(|outcome| view! {
                <Summary state outcome=outcome.clone()/>
                <div class="cards">
                    {outcome.clusters.iter().map(|cluster| card(state, cluster)).collect_view()}
                </div>
            })}
        </section>
    }
}

#[component]
fn Summary(state: State, outcome: Rc<Outcome>) -> impl IntoView {
    let scores = &outcome.scores;
    let against_folders = scores.nmi.zip(scores.ari).zip(scores.accuracy).map(|((nmi, ari), accuracy)| {
        format!("Against your folders: NMI {nmi:.2} · ARI {ari:.2} · accuracy {:.0} %", accuracy * 100.0)
    });
    view! {
        <header class="summary">
            <div>
                <h2>{format!("{} in {}", text::pictures(outcome.items.len()), text::groups(outcome.k))}</h2>
                <p title=text::SILHOUETTE_HINT>{format!("Silhouette {}", text::silhouette(outcome.silhouette))}</p>
                {against_folders.map(|words| view! { <p>{words}</p> })}
            </div>
            <button type="button" class="primary" disabled=move || state.busy.get() on:click=move |_| download_zip(state)>
                {text::DOWNLOAD_ZIP}
            </button>
        </header>
    }
}

fn card(state: State, cluster: &Group) -> impl IntoView + use<> {
    let dot = css_colour(colour(cluster.id, canvas::theme()));
    let engine = state.engine();
    let pictures = cluster
        .representatives
        .iter()
        .filter_map(|path| Some((path.clone(), engine.thumbnail_url(path)?)))
        .map(
            |(path, url)| view! { <li><img src=url alt=path.clone() title=path decoding="async" loading="lazy"/></li> },
        )
        .collect_view();
    view! {
        <article class="card" data-cluster=cluster.id part="group">
            <header>
                <span
                    class="dot"
                    aria-hidden="true"
                    style:background-color=dot
                ></span>
                <h3>{cluster.name.clone()}</h3>
                <p title=text::SILHOUETTE_HINT>
                    {format!("{} · silhouette {}", text::pictures(cluster.size), text::silhouette(cluster.silhouette))}
                </p>
            </header>
            <ul class="thumbnails">{pictures}</ul>
        </article>
    }
}

fn download_zip(state: State) {
    spawn_local(async move {
        let engine = state.engine();
        let saved = match engine.export_zip().await {
            Ok(zip) => canvas::save(&zip, "shoal.zip"),
            Err(failure) => Err(failure),
        };
        if let Err(failure) = saved {
            engine.report(&failure);
        }
    });
}
