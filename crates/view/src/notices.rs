//! What the person should know: an error, or the pictures that were refused, grouped by reason.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::{Rejection, group_by_code};

/// More refused paths than this are only counted.
const PATHS_SHOWN: usize = 200;

/// The notice, and the refused pictures.
#[component]
pub fn Notices(state: State) -> impl IntoView {
    view! {
        <div class="notices" role="status">
            {move || state.notice.get().map(|notice| {
                view! {
                    <p class="notice" class:error=notice.is_error data-code=notice.code>
                        <span>{notice.words}</span>
                        <button type="button" class="quiet" aria-label="Dismiss" on:click=move |_| state.notice.set(None)>
                            "×"
                        </button>
                    </p>
                }
            })}
            {move || listed("refused", &state.refused.get(), |count| format!("{} could not be read", text::pictures(count)))}
            {move || listed("refused not-written", &state.not_written.get(), text::not_written)}
        </div>
    }
}

/// Files that something went wrong with, grouped by what; nothing where there are none.
fn listed(class: &'static str, refused: &[Rejection], words: fn(usize) -> String) -> Option<impl IntoView + use<>> {
    let groups = group_by_code(refused);
    (!refused.is_empty()).then(|| {
        view! {
            <details class=class>
                <summary>{words(refused.len())}</summary>
                <ul>{groups.into_iter().map(rejections).collect_view()}</ul>
            </details>
        }
    })
}

fn rejections(group: shoal::collection::RejectionGroup) -> impl IntoView {
    let hidden = group.paths.len().saturating_sub(PATHS_SHOWN);
    view! {
        <li data-code=group.code>
            <strong>{format!("{} × {}", group.paths.len(), group.reason)}</strong>
            <ul class="paths">
                {group.paths.into_iter().take(PATHS_SHOWN).map(|path| view! { <li>{path}</li> }).collect_view()}
                {(hidden > 0).then(|| view! { <li>{format!("and {hidden} more")}</li> })}
            </ul>
        </li>
    }
}
