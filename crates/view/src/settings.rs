//! The settings bar: the number of clusters, and the less common settings and files behind "More settings".

use leptos::prelude::*;

use crate::file_button::FileButton;
use crate::state::State;
use crate::text;
use shoal::backbones::Backbone;
use shoal::options::{ClusterMethod, SIZE_PX_RANGE};
use shoal_engine::ExportFormat;

/// The range of the slider.
const K_RANGE: std::ops::RangeInclusive<u32> = 2..=50;
/// The slider's position before the first clustering.
const DEFAULT_K: u32 = 6;
/// The step between the choices of the attribute `size`, in pixels: the network's stride.
const SIZE_STEP_PX: usize = 32;

/// The bar beside the results, or above the preview.
#[component]
pub fn SettingsBar(state: State) -> impl IntoView {
    view! {
        <section class="settings" aria-label=text::SETTINGS part="settings">
            <ClusterCount state/>
            <details>
                <summary>
                    {text::MORE_SETTINGS}
                    {move || state.has_pending_settings().then(|| view! { <span class="mark">{text::PENDING_SETTINGS}</span> })}
                </summary>
                <div class="more">
                    <ClusteringSettings state/>
                    <Files state/>
                </div>
            </details>
        </section>
    }
}

/// The slider for k, which shows the k of what the page shows, and the check box that leaves k to the program.
#[component]
fn ClusterCount(state: State) -> impl IntoView {
    let fixed_k = move || state.k.get().parse::<u32>().ok();
    // What the user has chosen, until the clustering with it is there or has failed.
    let chosen_k = RwSignal::new(None::<u32>);
    Effect::new(move |_| {
        if !state.busy.get() {
            chosen_k.set(None);
        }
    });
    let found_k = move || state.clustering.with(|clustering| clustering.as_ref().map(|clustering| clustering.k as u32));
    let shown_k = move || chosen_k.get().or_else(found_k).or_else(fixed_k);
    let is_found_by_method = move || !state.chosen_method().info().needs_k;
    let choose = move |k: &str| {
        chosen_k.set(k.parse().ok());
        state.set("k", k);
    };
    let toggle = move |event| {
        if event_target_checked(&event) {
            state.set("k", "auto");
        } else {
            state.set("k", &shown_k().unwrap_or(DEFAULT_K).to_string());
        }
        state.cluster_now();
    };
    view! {
        <div class="k">
            <label for="k">{text::K}</label>
            <input
                id="k"
                type="range"
                min=*K_RANGE.start()
                max=*K_RANGE.end()
                disabled=is_found_by_method
                prop:value=move || shown_k().unwrap_or(DEFAULT_K).to_string()
                on:input=move |event| choose(&event_target_value(&event))
                on:change=move |_| state.cluster_now()
            />
            <output for="k">{move || shown_k().map(|k| k.to_string())}</output>
            <label class="check">
                <input
                    type="checkbox"
                    disabled=is_found_by_method
                    prop:checked=move || is_found_by_method() || fixed_k().is_none()
                    on:change=toggle
                />
                {text::AUTOMATIC}
            </label>
        </div>
    }
}

/// What the next clustering uses, and the buttons that start it.
#[component]
fn ClusteringSettings(state: State) -> impl IntoView {
    view! {
        <label>
            {text::FEATURES}
            <select
                prop:value=move || state.feature_preset.get()
                on:change=move |event| state.set_feature_preset(&event_target_value(&event))
            >
                {text::FEATURE_PRESETS.map(|(name, label)| view! {
                    <option value=name selected=move || state.feature_preset.get() == name>{label}</option>
                }).collect_view()}
            </select>
        </label>
        <label>
            {text::METHOD}
            <select on:change=move |event| state.set("method", &event_target_value(&event))>
                {ClusterMethod::ALL.iter().map(|method| method.info()).map(|info| view! {
                    <option value=info.name selected=move || state.method.get() == info.name>{text::method(info)}</option>
                }).collect_view()}
            </select>
        </label>
        <label>
            {text::NETWORK}
            <select on:change=move |event| state.set("model", &event_target_value(&event))>
                {Backbone::ALL.iter().map(|backbone| backbone.descriptor()).map(|network| view! {
                    <option
                        value=network.name
                        selected=move || state.network() == network.name
                        disabled=move || !state.has_network(network.name)
                    >
                        {text::network(network)}
                    </option>
                }).collect_view()}
            </select>
        </label>
        <label>
            {text::SIZE}
            <select
                disabled=move || state.feature_preset.get() == "flat"
                on:change=move |event| state.set("size", &event_target_value(&event))
            >
                <option value="" selected=move || state.size.get().is_empty()>{text::DEFAULT_SIZE}</option>
                {SIZE_PX_RANGE.step_by(SIZE_STEP_PX).map(|size_px| view! {
                    <option value=size_px selected=move || state.size.get() == size_px.to_string()>{text::size(size_px)}</option>
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
        <button
            type="button"
            class:primary=move || state.has_pending_settings()
            disabled=move || state.busy.get()
            on:click=move |_| state.cluster_now()
        >
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
    }
}

/// Buttons that save and open sessions, features and weights.
#[component]
fn Files(state: State) -> impl IntoView {
    view! {
        <button
            type="button"
            title=text::SESSION_HINT
            disabled=move || state.busy.get() || state.clustering.with(Option::is_none)
            on:click=move |_| state.export(ExportFormat::Session)
        >
            {ExportFormat::Session.info().label}
        </button>
        <FileButton
            state
            label=text::OPEN_SESSION
            hint=text::SESSION_HINT
            class="open-session"
            accept=".json,.csv"
            on_file=move |file| state.open_session(file)
        />
        <button
            type="button"
            title=text::FEATURES_HINT
            disabled=move || state.busy.get() || state.count.get() == 0
            on:click=move |_| state.export(ExportFormat::Features)
        >
            {ExportFormat::Features.info().label}
        </button>
        <FileButton
            state
            label=text::OPEN_FEATURES
            hint=text::FEATURES_HINT
            class="open-features"
            accept=".npz"
            on_file=move |file| state.open_features(file)
        />
        <FileButton
            state
            label=text::USE_WEIGHTS
            hint=text::WEIGHTS_HINT
            class="open-weights"
            accept=".safetensors,.pth,.pt"
            on_file=move |file| state.use_weights(Some(file))
        />
        <Show when=move || { state.weights_name.with(Option::is_some) }>
            <button type="button" disabled=move || state.busy.get() on:click=move |_| state.use_weights(None)>
                {text::OWN_WEIGHTS}
            </button>
        </Show>
    }
}
