//! The groups as cards of sample pictures, and the tray of the latest pictures before there are groups.

use std::sync::Arc;

use leptos::prelude::*;

use crate::card::Card;
use crate::drag::{self, Place, Target};
use crate::in_turn::InTurn;
use crate::state::{LATEST_SHOWN, Looked, Opened, State};
use crate::summary::{Scores, Summary};
use crate::text;
use shoal::collection::{ClusterOrder, clusters_in_order};

/// So many pictures of a first group are shown.
const FIRST_SHOWN: usize = 8;

/// The latest pictures, while they come in, and the groups that they seem to make.
#[component]
pub fn Tray(state: State) -> impl IntoView {
    let first_groups = move || {
        let engine = state.engine();
        let groups = state.first_groups.get().into_iter();
        groups
            .map(move |group| {
                let urls = group.representatives.iter().filter_map(|path| engine.thumbnail_url(path));
                let pictures =
                    urls.take(FIRST_SHOWN).map(|url| view! { <li><img src=url alt="" decoding="async"/></li> });
                view! {
                    <article class="card">
                        <header><p>{text::pictures(group.size)}</p></header>
                        <ul class="thumbnails">{pictures.collect_view()}</ul>
                    </article>
                }
            })
            .collect_view()
    };
    // The room of those to come, so that nothing below is pushed down.
    let to_come = move || {
        let known = state.latest.with(Vec::len);
        let all = if state.busy.get() || state.is_taking.get() { LATEST_SHOWN } else { known };
        known..all
    };
    view! {
        <ul class="tray thumbnails" aria-hidden="true">
            <For each=move || state.latest.get() key=|url| url.clone() let:url>
                <li><img src=url alt="" decoding="async"/></li>
            </For>
            {move || to_come().map(|_| view! { <li></li> }).collect_view()}
        </ul>
        <Show when=move || state.first_groups.with(|groups| !groups.is_empty())>
            <section class="first" aria-label=text::FIRST_GROUPS part="first-groups">
                <h2>{text::FIRST_GROUPS}</h2>
                <div class="cards">{first_groups}</div>
            </section>
        </Show>
    }
}

/// The groups, with a summary and the way home.
#[component]
pub fn Groups(state: State) -> impl IntoView {
    // A card stays as long as its group does, whatever becomes of the group: a name may be half typed in it.
    let ids = Memo::new(move |_| {
        let order = state.group_order.get();
        state.clustering.with(|clustering| {
            let groups = clustering.iter().flat_map(|clustering| clusters_in_order(clustering, order));
            groups.map(|group| group.id).collect::<Vec<_>>()
        })
    });
    let aside = move || {
        state.clustering.with(|clustering| {
            let items = clustering.iter().flat_map(|clustering| &clustering.items);
            items.filter(|item| item.cluster.is_none()).count()
        })
    };
    view! {
        <section class="groups" aria-label=text::GROUPS part="groups">
            {move || state.clustering.get().map(|clustering| view! { <Summary state clustering/> })}
            <InTurn><Scores state/></InTurn>
            <InTurn><Browse state/></InTurn>
            <div class="cards">
                <For each=move || ids.get() key=|id| *id let:id>
                    <InTurn>
                        <Card state id/>
                    </InTurn>
                </For>
                {move || Some(aside()).filter(|count| *count > 0).map(|count| view! { <Aside state count/> })}
            </div>
        </section>
    }
}

/// The search, and the order of the groups.
#[component]
fn Browse(state: State) -> impl IntoView {
    let on_order = move |event: web_sys::Event| {
        state.group_order.set(match event_target_value(&event).as_str() {
            "size" => ClusterOrder::Size,
            "silhouette" => ClusterOrder::Silhouette,
            "name" => ClusterOrder::Name,
            _ => ClusterOrder::Found,
        });
    };
    view! {
        <div class="actions browse">
            <input
                type="search"
                aria-label=text::SEARCH
                placeholder=text::SEARCH
                prop:value=move || state.search.get()
                on:input=move |event| state.search_for(event_target_value(&event))
            />
            <select aria-label=text::GROUP_ORDER on:change=on_order>
                <option value="found">{text::AS_FOUND}</option>
                <option value="size">{text::LARGEST_FIRST}</option>
                <option value="silhouette">{text::BEST_FIRST}</option>
                <option value="name">{text::BY_PATH}</option>
            </select>
        </div>
    }
}

/// The pictures in no group.
#[component]
fn Aside(state: State, count: usize) -> impl IntoView {
    let paths = state.clustering.with_untracked(|clustering| {
        let items = clustering.iter().flat_map(|clustering| &clustering.items).filter(|item| item.cluster.is_none());
        items.take(12).map(|item| item.path.clone()).collect::<Vec<_>>()
    });
    let target = Target::new(state, Place::Aside);
    view! {
        <article
            class="card aside"
            class:over=target.over
            part="aside"
            aria-label=text::ASIDE
            on:dragover=move |event| target.on_over(&event)
            on:dragleave=move |_| target.on_leave()
            on:drop=move |event| target.on_drop(&event)
        >
            <header>
                <span class="dot" aria-hidden="true"></span>
                <h3>{text::ASIDE}</h3>
                <p>{text::pictures(count)}</p>
            </header>
            <Thumbnails state paths/>
            <button type="button" class="open" on:click=move |_| state.open(Opened::Aside)>{text::OPEN_GROUP}</button>
        </article>
    }
}

/// Small pictures, each to look at or to drag away.
#[component]
pub fn Thumbnails(state: State, paths: Vec<String>) -> impl IntoView {
    let engine = state.engine();
    let among: Arc<[String]> = paths.into();
    let pictures = among
        .iter()
        .map(|path| (engine.thumbnail_url(path), path.clone()))
        .map(|(url, path)| {
            let looked = Looked { path: path.clone(), among: among.clone() };
            let (dragged, pointed) = (path.clone(), path.clone());
            view! {
                <li>
                    <button
                        type="button"
                        class="picture"
                        title=path.clone()
                        draggable="true"
                        on:click=move |_| state.looked.set(Some(looked.clone()))
                        on:pointerenter=move |_| state.pointed.set(Some(pointed.clone()))
                        on:pointerleave=move |_| state.pointed.set(None)
                        on:dragstart=move |event| drag::start(state, &event, dragged.clone())
                        on:dragend=move |_| drag::end(state)
                    >
                        {url.map(|url| view! { <img src=url alt="" decoding="async" loading="lazy" draggable="false"/> })}
                        <span class="visually-hidden">{path.clone()}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="thumbnails">{pictures}</ul> }
}
