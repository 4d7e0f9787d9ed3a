//! The messages to the user: the current notice, and the rejected and skipped files grouped by reason.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::{Rejection, RejectionGroup, group_by_code};

/// The code of files that are not images, which nobody expects to be read.
const NOT_AN_IMAGE: &str = "not-a-picture";
/// The number of paths shown per reason; further ones are only counted.
const PATHS_SHOWN: usize = 200;

/// The notice and the two lists; nothing where there are none.
#[component]
pub fn Notices(state: State) -> impl IntoView {
    view! {
        <div class="notices" role="status">
            {move || state.notice.get().map(|notice| {
                view! {
                    <p class="notice" class:error=notice.is_error data-code=notice.code>
                        <span>{notice.message}</span>
                        <button type="button" class="quiet" aria-label=text::DISMISS on:click=move |_| state.notice.set(None)>
                            "×"
                        </button>
                    </p>
                }
            })}
            {move || {
                let is_image = |file: &Rejection| file.code != NOT_AN_IMAGE;
                let (images, others): (Vec<_>, Vec<_>) = state.rejected.get().into_iter().partition(is_image);
                (file_list("refused", &images, text::rejected), file_list("refused others", &others, text::not_pictures))
            }}
            {move || file_list("refused not-written", &state.skipped_files.get(), text::skipped_files)}
        </div>
    }
}

/// The files by reason, behind a summary; `None` for no files.
fn file_list(class: &'static str, files: &[Rejection], summary: fn(usize) -> String) -> Option<impl IntoView + use<>> {
    let reasons = group_by_code(files);
    (!files.is_empty()).then(|| {
        view! {
            <details class=class>
                <summary>{summary(files.len())}</summary>
                <ul>{reasons.into_iter().map(reason).collect_view()}</ul>
            </details>
        }
    })
}

fn reason(group: RejectionGroup) -> impl IntoView {
    let hidden = group.paths.len().saturating_sub(PATHS_SHOWN);
    view! {
        <li data-code=group.code>
            <strong>{text::rejection_reason(group.paths.len(), &group.reason)}</strong>
            <ul class="paths">
                {group.paths.into_iter().take(PATHS_SHOWN).map(|path| view! { <li>{path}</li> }).collect_view()}
                {(hidden > 0).then(|| view! { <li>{text::and_more(hidden)}</li> })}
            </ul>
        </li>
    }
}
