//! The interface, made with Leptos inside the element's shadow root.

mod actions;
pub mod canvas;
mod card;
mod chart;
mod doubtful;
mod drag;
mod drop_area;
mod duplicates;
mod grid;
mod groups;
mod look;
mod loose;
mod menu;
mod notices;
mod opened;
mod plot;
mod progress;
mod remembered;
mod save_plot;
mod selection;
mod settings;
mod state;
mod summary;
mod take_home;
mod text;

use std::any::Any;

use js_sys::Array;
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::web::engine::Engine;
use state::State;

/// The mounted interface. Dropping it takes it away.
pub struct View {
    state: State,
    _mounted: Box<dyn Any>,
}

impl View {
    /// Takes what a person dropped or pasted.
    pub fn receive(&self, sources: Array) {
        self.state.receive(sources);
    }
}

/// Puts the interface of `engine` into `root`, in place of what is there.
pub fn mount(root: HtmlElement, engine: Engine) -> View {
    root.set_inner_html("");
    let owner = Owner::new();
    let state = owner.with(|| State::new(engine));
    let mounted = leptos::mount::mount_to(root, move || view! { <Interface state/> });
    View { state, _mounted: Box::new((mounted, owner)) }
}

#[component]
fn Interface(state: State) -> impl IntoView {
    let empty = move || state.count.get() == 0 && !state.busy.get();
    view! {
        <drop_area::DropArea state compact=Signal::derive(move || !empty())/>
        <notices::Notices state/>
        <remembered::Originals state/>
        <Show when=move || { state.count.get() > 0 }>
            <settings::SettingsBar state/>
        </Show>
        <Show when=move || { state.outcome.with(Option::is_none) }>
            <groups::Tray state/>
        </Show>
        <Show when=move || { state.outcome.with(Option::is_some) }>
            <loose::Loose state/>
            <div class="results">
                <div class="sorted">
                    <groups::Groups state/>
                    <opened::OpenedPictures state/>
                    <doubtful::Doubtful state/>
                    <duplicates::DuplicatesPanel state/>
                </div>
                <div class="charts">
                    <plot::Map state/>
                    <plot::Counts state/>
                    <plot::Silhouettes state/>
                </div>
            </div>
        </Show>
        <progress::About state/>
        <remembered::Remembering state/>
        <div class="dock">
            <progress::ProgressBar state/>
            <selection::SelectionBar state/>
        </div>
        <look::Look state/>
    }
}
