//! The list of uncertain images: those nearer to another cluster than to their own, worst fit first.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::doubtful;

/// The number of images shown; the next ones follow as these are settled.
const SHOWN: usize = 24;

/// The list; nothing where no image is uncertain.
#[component]
pub fn UncertainImages(state: State) -> impl IntoView {
    let rows = move || {
        let clustering = state.clustering.get()?;
        let name = |id: Option<u32>| Some(clustering.cluster(id?)?.name.clone());
        let all = doubtful(&clustering);
        let count = all.len();
        let rows: Vec<_> = all
            .into_iter()
            .take(SHOWN)
            .map(|item| (item.path.clone(), name(item.cluster), item.next_cluster, name(item.next_cluster)))
            .collect();
        (count > 0).then_some((count, rows))
    };
    view! {
        {move || rows().map(|(count, rows)| view! {
            <details class="panel doubtful" part="doubtful" open=state.uncertain_open.get_untracked()
                on:toggle=move |event| state.uncertain_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open())
            >
                <summary>{text::uncertain(count)}</summary>
                <p class="soft">{text::CHECK_THESE_HINT}</p>
                <ul class="checks">
                    {rows.into_iter().map(|(path, cluster_name, next, next_name)| view! {
                        <UncertainImage state path cluster_name next next_name/>
                    }).collect_view()}
                </ul>
            </details>
        })}
    }
}

/// One image with the two choices: move it to the nearer cluster, or keep it.
#[component]
fn UncertainImage(
    state: State,
    path: String,
    cluster_name: Option<String>,
    next: Option<u32>,
    next_name: Option<String>,
) -> impl IntoView {
    let url = state.engine().thumbnail_url(&path);
    let (moved, kept) = (path.clone(), path.clone());
    view! {
        <li>
            {url.map(|url| view! { <img src=url alt=path.clone() title=path.clone() decoding="async" loading="lazy"/> })}
            <p>{text::in_group(&cluster_name.unwrap_or_default())}</p>
            <div class="buttons">
                {next.zip(next_name).map(|(next, name)| view! {
                    <button type="button" on:click=move |_| state.move_to_cluster(vec![moved.clone()], next)>
                        {text::move_to(&name)}
                    </button>
                })}
                <button type="button" on:click=move |_| state.pin_images(vec![kept.clone()], true)>{text::PIN}</button>
            </div>
        </li>
    }
}
