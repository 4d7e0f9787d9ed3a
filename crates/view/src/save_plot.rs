//! The buttons that save charts.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::plot::{ChartData, ChartKind, ChartView};
use shoal_engine::PlotFormat;

/// One button per format; `kind` and `view` are read when one is clicked.
#[component]
pub fn SavePlot(
    state: State,
    kind: impl Fn() -> ChartKind + Copy + Send + Sync + 'static,
    #[prop(default = RwSignal::new(ChartView::default()))] view: RwSignal<ChartView>,
) -> impl IntoView {
    let button = move |format: PlotFormat| {
        let label = format.name().to_uppercase();
        let hint = text::save_as(&label);
        view! {
            <button
                type="button"
                class="quiet"
                title=hint.clone()
                aria-label=hint
                on:click=move |_| state.save_plot(kind(), format, view.get_untracked())
            >
                {label}
            </button>
        }
    };
    view! {
        <span class="save-plot">{PlotFormat::ALL.into_iter().map(button).collect_view()}</span>
    }
}

/// The charts without a section of their own, each with its buttons, where the result has what they show.
#[component]
pub fn SaveOtherCharts(state: State) -> impl IntoView {
    let is_available = move |kind: ChartKind| {
        state.clustering.with(|clustering| {
            clustering.as_deref().is_some_and(|clustering| kind.check(&ChartData::from(clustering)).is_ok())
        })
    };
    let others = ChartKind::ALL.iter().copied().filter(|kind| !kind.info().has_section);
    others
        .map(|kind| {
            view! {
                <Show when=move || is_available(kind)>
                    <span class="labelled">{kind.info().label} <SavePlot state kind=move || kind/></span>
                </Show>
            }
        })
        .collect_view()
}

/// The name of the file that a chart is saved as.
pub fn file_name(kind: ChartKind, format: PlotFormat) -> String {
    format!("shoal-{}.{}", kind.info().file_stem, format.name())
}
