//! A slider for a cosine similarity, with its value beside it.

use leptos::prelude::*;

/// A slider from `min` to 1 that sets `value`, which is shown with `decimals` decimals. `on_change` is called when the user lets
/// go of it.
#[component]
pub fn SimilaritySlider(
    value: RwSignal<f32>,
    label: &'static str,
    min: &'static str,
    step: &'static str,
    decimals: usize,
    #[prop(optional, into)] on_change: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <label>
            {label}
            <input
                type="range"
                min=min
                max="1"
                step=step
                prop:value=move || value.get().to_string()
                on:input=move |event| {
                    if let Ok(cosine) = event_target_value(&event).parse() {
                        value.set(cosine);
                    }
                }
                on:change=move |_| {
                    if let Some(on_change) = on_change {
                        on_change.run(());
                    }
                }
            />
            <output>{move || format!("{:.decimals$}", value.get())}</output>
        </label>
    }
}
