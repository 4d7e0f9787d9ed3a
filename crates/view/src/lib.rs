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
mod in_turn;
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

use in_turn::InTurn;
use shoal_engine::Engine;
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
    let is_empty = Memo::new(move |_| state.count.get() == 0 && !state.is_taking.get());
    let has_groups = Memo::new(move |_| state.clustering.with(Option::is_some));
    // What would be pushed about is not there while pictures come in for the first time.
    let is_filling = Memo::new(move |_| state.is_taking.get() || state.busy.get() && state.count.get() > 0);
    view! {
        <drop_area::DropArea state compact=Signal::derive(move || !is_empty.get())/>
        <notices::Notices state/>
        <remembered::Originals state/>
        <Show when=move || !is_empty.get()>
            <InTurn><settings::SettingsBar state/></InTurn>
        </Show>
        <Show
            when=move || has_groups.get()
            fallback=move || view! {
                <Show when=move || !is_empty.get()>
                    <InTurn><progress::ProgressBar state/></InTurn>
                    <InTurn><groups::Tray state/></InTurn>
                </Show>
                <Show when=move || !is_filling.get()>
                    <InTurn><Below state/></InTurn>
                </Show>
            }
        >
            <loose::Loose state/>
            <div class="results">
                <div class="sorted">
                    <groups::Groups state/>
                    <InTurn><opened::OpenedPictures state/></InTurn>
                    <InTurn><doubtful::Doubtful state/></InTurn>
                    <InTurn><duplicates::DuplicatesPanel state/></InTurn>
                </div>
                <div class="charts">
                    <InTurn><plot::Map state/></InTurn>
                    <InTurn><plot::Counts state/></InTurn>
                    <InTurn><plot::Silhouettes state/></InTurn>
                </div>
            </div>
            <InTurn><Below state/></InTurn>
        </Show>
        <progress::Stages state/>
        <div class="dock">
            <Show when=move || is_empty.get() || has_groups.get()>
                <progress::ProgressBar state/>
            </Show>
            <selection::SelectionBar state/>
        </div>
        <look::Look state/>
    }
}

/// What stands below all else; it comes last, so that nothing pushes it on.
#[component]
fn Below(state: State) -> impl IntoView {
    view! {
        <remembered::Remembering state/>
        <progress::About state/>
    }
}
