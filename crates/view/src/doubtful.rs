//! The pictures to check: those that are nearer to another group than to their own, the worst first.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::doubtful;

/// So many are shown; the next ones come up as these are settled.
const SHOWN: usize = 24;

/// The list, where there is anything to check.
#[component]
pub fn Doubtful(state: State) -> impl IntoView {
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
            <details class="panel doubtful" part="doubtful" open=state.doubtful_open.get_untracked()
                on:toggle=move |event| state.doubtful_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open())
            >
                <summary>{format!("{} · {}", text::CHECK_THESE, text::pictures(count))}</summary>
                <p class="soft">{text::CHECK_THESE_HINT}</p>
                <ul class="checks">
                    {rows.into_iter().map(|(path, own, next, next_name)| view! {
                        <Check state path own next next_name/>
                    }).collect_view()}
                </ul>
            </details>
        })}
    }
}

#[component]
fn Check(
    state: State,
    path: String,
    own: Option<String>,
    next: Option<u32>,
    next_name: Option<String>,
) -> impl IntoView {
    let url = state.engine().thumbnail_url(&path);
    let (moving, staying) = (path.clone(), path.clone());
    view! {
        <li>
            {url.map(|url| view! { <img src=url alt=path.clone() title=path.clone() decoding="async" loading="lazy"/> })}
            <p>{text::in_group(&own.unwrap_or_default())}</p>
            <div class="buttons">
                {next.zip(next_name).map(|(next, name)| view! {
                    <button type="button" on:click=move |_| state.move_to(vec![moving.clone()], Some(next))>
                        {text::move_to(&name)}
                    </button>
                })}
                <button type="button" on:click=move |_| state.lock_pictures(vec![staying.clone()], true)>{text::STAYS}</button>
            </div>
        </li>
    }
}
