//! The interface, built with Leptos inside the element's shadow root.
//!
//! `state` follows the engine's events, `actions` calls the engine, `text` holds every text, and each other module renders one
//! part of the page.

mod about;
mod actions;
mod add_preview;
mod chart;
mod cluster_card;
mod clusters;
mod confirm_button;
mod download;
mod drag_drop;
mod drop_area;
mod duplicate_review;
mod duplicates;
mod export_panel;
mod file_button;
mod focus;
mod full_size;
mod grid;
mod image_panel;
mod image_sets;
mod keys;
mod lightbox;
mod memory;
mod menu;
mod neighbours;
mod notices;
mod plot;
mod progress;
mod render_queue;
mod review;
mod save_plot;
mod selection_bar;
mod settings;
mod similarity_slider;
mod source_files;
mod state;
mod summary;
mod text;
mod theme;
mod thumbnails;
mod toaster;
mod unassigned;
mod uncertain;

use std::any::Any;

use js_sys::Array;
use leptos::prelude::*;
use web_sys::HtmlElement;

use render_queue::Deferred;
use shoal_engine::Engine;
use state::State;

/// The mounted interface. Dropping it removes it from the page.
pub struct View {
    state: State,
    _mounted: Box<dyn Any>,
}

impl View {
    /// Adds files, entries and folder handles that were dropped or pasted, then clusters.
    pub fn receive(&self, sources: Array) {
        self.state.receive(sources);
    }
}

/// Mounts the interface of `engine` into `root`, in place of its content.
pub fn mount(root: HtmlElement, engine: Engine) -> View {
    root.replace_children_with_node_0();
    let owner = Owner::new();
    let state = owner.with(|| State::new(engine));
    owner.with(|| keys::listen(state, root.clone()));
    let mounted = leptos::mount::mount_to(root, move || view! { <Interface state/> });
    View { state, _mounted: Box::new((mounted, owner)) }
}

#[component]
fn Interface(state: State) -> impl IntoView {
    let is_empty = Memo::new(move |_| state.count.get() == 0 && !state.is_adding.get());
    let has_clusters = Memo::new(move |_| state.clustering.with(Option::is_some));
    let is_filling = Memo::new(move |_| state.is_adding.get() || state.busy.get() && state.count.get() > 0);
    view! {
        <div class="topbar">
            <drop_area::DropArea state compact=Signal::derive(move || !is_empty.get())/>
            <Show when=move || has_clusters.get()>
                <summary::Summary state/>
            </Show>
        </div>
        <notices::Notices state/>
        <source_files::MissingSourceFiles state/>
        <Show
            when=move || has_clusters.get()
            fallback=move || view! {
                <Show when=move || !is_empty.get()>
                    <Deferred><progress::ProgressBar state/></Deferred>
                    <Deferred><settings::SettingsBar state/></Deferred>
                    <Deferred><add_preview::AddPreview state/></Deferred>
                </Show>
                // Hidden while the first images come in, which would move it again and again.
                <Show when=move || !is_filling.get()>
                    <Deferred><Footer state/></Deferred>
                </Show>
            }
        >
            <unassigned::UnassignedPanel state/>
            <div class="results">
                <div class="sorted">
                    <clusters::Clusters state/>
                    <Deferred><uncertain::UncertainImages state/></Deferred>
                    <Deferred><duplicates::DuplicatesPanel state/></Deferred>
                </div>
                <div class="charts">
                    <Deferred><settings::SettingsBar state/></Deferred>
                    <Deferred><plot::Map state/></Deferred>
                    <Deferred><plot::CurvePlot state/></Deferred>
                    <Deferred><plot::SilhouettePlot state/></Deferred>
                </div>
            </div>
            <Deferred><Footer state/></Deferred>
        </Show>
        <progress::StageAnnouncer state/>
        <div class="dock">
            <Show when=move || is_empty.get() || has_clusters.get()>
                <progress::ProgressBar state/>
            </Show>
            <toaster::Toaster state/>
            <selection_bar::SelectionBar state/>
        </div>
        <lightbox::Lightbox state/>
        <duplicate_review::DuplicateReview state/>
    }
}

/// The last part of the page. It is rendered last, so that nothing pushes it down.
#[component]
fn Footer(state: State) -> impl IntoView {
    view! {
        <memory::MemoryBar state/>
        <about::About state/>
    }
}
