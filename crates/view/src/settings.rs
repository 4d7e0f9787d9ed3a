//! How pictures are grouped: the number of groups, and what lies behind "More settings".

use leptos::{html, prelude::*};

use crate::state::State;
use crate::text;

/// The slider's range.
const K_RANGE: std::ops::RangeInclusive<u32> = 2..=50;
/// Where the slider stands when the person first takes the choice over.
const FIRST_K: u32 = 6;
const SIZES_PX: [&str; 6] = ["64", "96", "128", "160", "192", "224"];
const WAYS: [(&str, &str); 4] = [
    ("spherical", "by content (recommended)"),
    ("umap", "by content, carefully (slower)"),
    ("plain", "features as they are"),
    ("flat", "as the notebook: 64 px, flattened"),
];

const METHODS: [(&str, &str); 3] = [
    ("kmeans", "round groups (KMeans)"),
    ("ward", "merge the nearest (Ward)"),
    ("hdbscan", "dense groups, outliers left out (HDBSCAN)"),
];

/// The bar above the results.
#[component]
pub fn SettingsBar(state: State) -> impl IntoView {
    let fixed_k = move || state.k.get().parse::<u32>().ok();
    // What the slider shows while the program chooses: its latest choice.
    let shown_k = move || {
        fixed_k()
            .or_else(|| state.clustering.with(|clustering| clustering.as_ref().map(|clustering| clustering.k as u32)))
    };
    let toggle = move |event| {
        if event_target_checked(&event) {
            state.set("k", "auto");
        } else {
            state.set("k", &shown_k().unwrap_or(FIRST_K).to_string());
        }
        state.cluster_now();
    };
    view! {
        <section class="settings" aria-label="How to group" part="settings">
            <div class="k">
                <label for="k">{text::GROUPS}</label>
                <input
                    id="k"
                    type="range"
                    min=*K_RANGE.start()
                    max=*K_RANGE.end()
                    prop:value=move || shown_k().unwrap_or(FIRST_K).to_string()
                    on:input=move |event| state.set("k", &event_target_value(&event))
                    on:change=move |_| state.cluster_now()
                />
                <output for="k">{move || shown_k().map(|k| k.to_string())}</output>
                <label class="check">
                    <input type="checkbox" prop:checked=move || fixed_k().is_none() on:change=toggle/>
                    {text::AUTOMATIC}
                </label>
            </div>
            <details>
                <summary>{text::MORE_SETTINGS}</summary>
                <div class="more">
                    <label>
                        {text::WAY}
                        <select prop:value=move || state.way.get() on:change=move |event| state.set_way(&event_target_value(&event))>
                            {WAYS.map(|(value, words)| view! {
                                <option value=value selected=move || state.way.get() == value>{words}</option>
                            }).collect_view()}
                        </select>
                    </label>
                    <label>
                        {text::METHOD}
                        <select on:change=move |event| state.set("method", &event_target_value(&event))>
                            {METHODS.map(|(value, words)| view! {
                                <option value=value selected=move || state.method.get() == value>{words}</option>
                            }).collect_view()}
                        </select>
                    </label>
                    <label>
                        {text::SIZE}
                        <select
                            disabled=move || state.way.get() == "flat"
                            on:change=move |event| state.set("size", &event_target_value(&event))
                        >
                            {SIZES_PX.map(|size| view! {
                                <option value=size selected=move || state.size.get() == size>{format!("{size} px")}</option>
                            }).collect_view()}
                        </select>
                    </label>
                    <label>
                        {text::SEED}
                        <input
                            type="number"
                            min="0"
                            max="4294967295"
                            prop:value=move || state.seed.get()
                            on:change=move |event| state.set("seed", &event_target_value(&event))
                        />
                    </label>
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.cluster_now()>
                        {text::GROUP_AGAIN}
                    </button>
                    <button
                        type="button"
                        title=text::ADOPT_FOLDERS_HINT
                        disabled=move || state.busy.get()
                        on:click=move |_| state.adopt_folders()
                    >
                        {text::ADOPT_FOLDERS}
                    </button>
                    <button
                        type="button"
                        title=text::SESSION_HINT
                        disabled=move || state.busy.get() || state.clustering.with(Option::is_none)
                        on:click=move |_| state.save_session()
                    >
                        {text::SAVE_SESSION}
                    </button>
                    <OpenFile
                        state
                        words=text::OPEN_SESSION
                        hint=text::SESSION_HINT
                        class="open-session"
                        accept=".json,.csv"
                        chosen=move |file| state.open_session(file)
                    />
                    <button
                        type="button"
                        title=text::FEATURES_HINT
                        disabled=move || state.busy.get() || state.count.get() == 0
                        on:click=move |_| state.save_features()
                    >
                        {text::SAVE_FEATURES}
                    </button>
                    <OpenFile
                        state
                        words=text::OPEN_FEATURES
                        hint=text::FEATURES_HINT
                        class="open-features"
                        accept=".npz"
                        chosen=move |file| state.open_features(file)
                    />
                    <OpenFile
                        state
                        words=text::USE_WEIGHTS
                        hint=text::WEIGHTS_HINT
                        class="open-weights"
                        accept=".safetensors,.pth,.pt"
                        chosen=move |file| state.use_weights(Some(file))
                    />
                    <Show when=move || { state.weights.with(Option::is_some) }>
                        <button type="button" disabled=move || state.busy.get() on:click=move |_| state.use_weights(None)>
                            {text::OWN_WEIGHTS}
                        </button>
                    </Show>
                </div>
            </details>
        </section>
    }
}

/// A button that has a person choose a file.
#[component]
fn OpenFile(
    state: State,
    words: &'static str,
    hint: &'static str,
    class: &'static str,
    accept: &'static str,
    chosen: impl Fn(web_sys::File) + 'static,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let on_change = move |event: web_sys::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            chosen(file);
        }
        // So that choosing the same file once more is a change again.
        input.set_value("");
    };
    let open = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <button type="button" title=hint disabled=move || state.busy.get() on:click=open>{words}</button>
        <input node_ref=input class=class type="file" accept=accept hidden on:change=on_change/>
    }
}
