//! The summary of a clustering: counts, what the clusters are worth, all scores.

use std::rc::Rc;

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::{Clustering, Confusion};
use shoal_engine::ExportFormat;

/// The confusion table is left out above this many folders or clusters: it would be unreadable.
const TABLE_SIZE_MAX: usize = 40;
/// The mutual information from which source folders count as classes: those of a holiday, by day, say nothing about groups.
const NMI_OF_CLASSES: f64 = 0.4;

/// The counts and what they are worth, the undo buttons, and the button that saves everything. Its elements stay while the
/// clustering changes, and so does the focus on one of them.
#[component]
pub fn Summary(state: State) -> impl IntoView {
    let of_clustering = move |text: fn(&Clustering) -> String| {
        move || state.clustering.with(|clustering| clustering.as_deref().map(text).unwrap_or_default())
    };
    let edits = Memo::new(move |_| {
        state.clustering.track();
        state.engine().edits_to_undo_and_redo()
    });
    let is_sampled =
        move || state.clustering.with(|clustering| clustering.as_ref().is_some_and(|one| one.scores.sampled));
    view! {
        <header class="summary">
            <div>
                <h2>{of_clustering(|one| text::summary(one.items.len(), one.k))}</h2>
                <p class="soft" title=of_clustering(|one| text::silhouette_hint(one.silhouette))>
                    {of_clustering(quality)}
                    {move || is_sampled().then(|| view! { <span class="mark">{text::SAMPLED}</span> })}
                </p>
            </div>
            <div class="buttons">
                <button type="button" disabled=move || edits.get().0.is_none() on:click=move |_| state.undo()>
                    {move || text::undo(edits.get().0)}
                </button>
                <button type="button" disabled=move || edits.get().1.is_none() on:click=move |_| state.redo()>
                    {move || text::redo(edits.get().1)}
                </button>
                <button
                    type="button"
                    class="primary"
                    disabled=move || state.busy.get()
                    on:click=move |_| state.export(ExportFormat::Zip)
                >
                    {ExportFormat::Zip.info().label}
                </button>
            </div>
        </header>
    }
}

/// How clear the clusters are and, where the source folders look like classes, how far the clusters agree with them.
fn quality(clustering: &Clustering) -> String {
    let scores = &clustering.scores;
    let agrees = scores.nmi.is_some_and(|nmi| nmi >= NMI_OF_CLASSES);
    text::quality(clustering.silhouette, scores.accuracy.filter(|_| agrees))
}

/// All scores, behind a heading. A component of its own, so that it stays open while the clustering changes.
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

/// The number of images that each source folder shares with each cluster.
#[component]
fn ConfusionTable(confusion: Confusion, clustering: Rc<Clustering>) -> impl IntoView {
    if confusion.classes.len() > TABLE_SIZE_MAX || clustering.clusters.len() > TABLE_SIZE_MAX {
        return None;
    }
    let Confusion { classes, counts, unassigned } = confusion;
    let has_unassigned = unassigned.iter().any(|&count| count > 0);
    let unassigned = unassigned.into_iter().map(Some).chain(std::iter::repeat(None));
    let rows = classes.into_iter().zip(counts).zip(unassigned).map(move |((class, counts), unassigned)| {
        let largest = counts.iter().copied().max().unwrap_or(0);
        view! {
            <tr>
                <th scope="row">{class}</th>
                {counts.into_iter().map(|count| {
                    let is_largest = count > 0 && count == largest;
                    view! { <td class:most=is_largest>{(count > 0).then(|| count.to_string())}</td> }
                }).collect_view()}
                {has_unassigned.then(|| view! { <td>{unassigned.filter(|&count| count > 0).map(|count| count.to_string())}</td> })}
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
                        {clustering.clusters.iter().map(|cluster| view! { <th scope="col">{cluster.name.clone()}</th> }).collect_view()}
                        {has_unassigned.then(|| view! { <th scope="col">{text::IN_NO_GROUP}</th> })}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    })
}
