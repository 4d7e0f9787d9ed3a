//! What is said of the groups as a whole, and what is done with all of them.

use std::rc::Rc;

use leptos::prelude::*;

use crate::state::State;
use crate::take_home::TakeHomeBar;
use crate::text;
use shoal::collection::{Clustering, Confusion};

/// More classes or groups than this make no table that one reads.
const MOST_IN_TABLE: usize = 40;

/// The counts, the scores that matter most, and the buttons.
#[component]
pub fn Summary(state: State, clustering: Rc<Clustering>) -> impl IntoView {
    let scores = &clustering.scores;
    let against_folders = scores.nmi.zip(scores.ari).zip(scores.accuracy).map(|((nmi, ari), accuracy)| {
        format!("Against your folders: NMI {nmi:.2} · ARI {ari:.2} · accuracy {:.0} %", accuracy * 100.0)
    });
    let (can_undo, can_redo) = state.engine().can_undo_and_redo();
    let sampled = scores.sampled.then_some(text::SAMPLED);
    view! {
        <header class="summary">
            <div>
                <h2>{format!("{} in {}", text::pictures(clustering.items.len()), text::groups(clustering.k))}</h2>
                <p title=text::SILHOUETTE_HINT>
                    {format!("Silhouette {}", text::silhouette(clustering.silhouette))}
                    {sampled.map(|words| view! { <span class="mark">{words}</span> })}
                </p>
                {against_folders.map(|words| view! { <p>{words}</p> })}
            </div>
            <div class="buttons">
                <button type="button" disabled=!can_undo on:click=move |_| state.undo()>{text::UNDO}</button>
                <button type="button" disabled=!can_redo on:click=move |_| state.redo()>{text::REDO}</button>
                <button
                    type="button"
                    class="primary"
                    disabled=move || state.busy.get()
                    on:click=move |_| state.download_zip()
                >
                    {text::DOWNLOAD_ZIP}
                </button>
            </div>
        </header>
        <TakeHomeBar state/>
    }
}

/// All scores, for who asks: what they have opened stays open while the groups change.
#[component]
pub fn Scores(state: State) -> impl IntoView {
    view! {
        <details class="scores" part="scores">
            <summary>{text::ALL_SCORES}</summary>
            {move || state.clustering.get().map(|clustering| view! {
                <dl>
                    {text::scores(&clustering).into_iter().map(|(name, value, hint)| view! {
                        <div title=hint><dt>{name}</dt><dd>{value}</dd></div>
                    }).collect_view()}
                </dl>
                {clustering.scores.confusion.clone().map(|confusion| view! { <ConfusionTable confusion clustering/> })}
            })}
        </details>
    }
}

/// How folders and groups overlap.
#[component]
fn ConfusionTable(confusion: Confusion, clustering: Rc<Clustering>) -> impl IntoView {
    if confusion.classes.len() > MOST_IN_TABLE || clustering.clusters.len() > MOST_IN_TABLE {
        return None;
    }
    let some_unsorted = confusion.unassigned.iter().any(|&count| count > 0);
    let Confusion { classes, counts, unassigned: unsorted } = confusion;
    let unsorted = unsorted.into_iter().map(Some).chain(std::iter::repeat(None));
    let rows = classes.into_iter().zip(counts).zip(unsorted).map(move |((class, counts), unsorted)| {
        let largest = counts.iter().copied().max().unwrap_or(0);
        view! {
            <tr>
                <th scope="row">{class}</th>
                {counts.into_iter().map(|count| {
                    let most = count > 0 && count == largest;
                    view! { <td class:most=most>{(count > 0).then(|| count.to_string())}</td> }
                }).collect_view()}
                {some_unsorted.then(|| view! { <td>{unsorted.filter(|&count| count > 0).map(|count| count.to_string())}</td> })}
            </tr>
        }
    });
    Some(view! {
        <div class="scrolling" tabindex="0" role="region" aria-label=text::CONFUSION>
            <table class="confusion">
                <caption>{text::CONFUSION}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text::FOLDER}</th>
                        {clustering.clusters.iter().map(|group| view! { <th scope="col">{group.name.clone()}</th> }).collect_view()}
                        {some_unsorted.then(|| view! { <th scope="col">{text::ASIDE}</th> })}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    })
}
