//! The state's event handler: applies each of the engine's events to the signals.

use std::collections::BTreeSet;
use std::rc::Rc;

use leptos::prelude::*;

use super::{LATEST_SHOWN, Notice, Progress, State};
use crate::text;
use shoal::collection::Clustering;
use shoal::options::ClusterMethod;
use shoal_browser::api_error::ApiError;
use shoal_engine::{Event, Stage, Timings};

/// The code of the notice that the GPU was lost.
const GPU_LOST: &str = "webgpu-lost";

impl State {
    pub(super) fn on_event(self, event: &Event) {
        match event {
            Event::Ready(info) => self.engine_info.set(Some(info.clone())),
            Event::Busy(busy) => {
                self.busy.set(*busy);
                if !busy {
                    self.is_adding.set(false);
                    self.progress.set(None);
                }
            }
            Event::Progress { stage, done, total } => self.on_progress(*stage, *done, *total),
            Event::Image { url } => self.on_image(url),
            Event::Collection { images: count, .. } => {
                self.count.set(*count);
                self.thumbnail_version.update(|version| *version += 1);
            }
            Event::Cache(memory) => self.memory.set(*memory),
            Event::PreviewClusters(clusters) => self.preview_clusters.set(clusters.clone()),
            Event::Timed(timings) => self.timings.set(*timings),
            Event::Rejected(rejected) => self.rejected.update(|known| known.extend(rejected.iter().cloned())),
            Event::Result(clustering) => self.show(clustering.clone()),
            Event::Edited(clustering) => self.show(Some(clustering.clone())),
            Event::Cleared => self.reset(),
            Event::Set { name, value } => self.on_setting(name, value.clone()),
            Event::Notice(notice) => self.on_notice(notice),
            Event::Failed(ApiError { code, message }) => {
                self.notice.set(Some(Notice::error(code, message)));
            }
        }
    }

    fn on_progress(self, stage: Stage, done: u64, total: u64) {
        if stage.adds_images() {
            self.is_adding.set(true);
        }
        self.progress.update(|progress| {
            let started_ms = match progress {
                Some(known) if known.stage == stage && known.done <= done => known.started_ms,
                _ => js_sys::Date::now(),
            };
            *progress = Some(Progress { stage, done, total, started_ms });
        });
    }

    fn on_image(self, thumbnail_url: &str) {
        let slot = self.count.get_untracked() % LATEST_SHOWN;
        self.count.update(|count| *count += 1);
        self.latest_thumbnails.update(|latest| match latest.get_mut(slot) {
            Some(oldest) => thumbnail_url.clone_into(oldest),
            None => latest.push(thumbnail_url.to_owned()),
        });
    }

    fn on_setting(self, name: &str, value: Option<String>) {
        match name {
            "k" => self.k.set(value.unwrap_or_else(|| "auto".into())),
            "size" => self.size.set(value.unwrap_or_default()),
            "model" => self.model.set(value.unwrap_or_default()),
            "method" => self.method.set(value.unwrap_or_else(|| ClusterMethod::default().name().into())),
            "seed" => self.seed.set(value.unwrap_or_else(|| "0".into())),
            "features" if value.as_deref() == Some("flat") => self.feature_preset.set("flat".into()),
            "recipe" if self.engine().setting("features").as_deref() != Some("flat") => {
                self.feature_preset.set(value.unwrap_or_default());
            }
            _ => {}
        }
    }

    fn on_notice(self, ApiError { code, message }: &ApiError) {
        let mut message = format!("{message}.");
        if code == GPU_LOST {
            self.engine_info.update(|info| {
                if let Some(info) = info {
                    info.backend = "cpu";
                }
            });
            message = format!("{message} {}", text::CPU_TAKES_OVER);
        }
        self.notice.set(Some(Notice { code: Some(code.clone()), is_error: false, message }));
    }

    /// Empties everything that describes the collection.
    fn reset(self) {
        self.count.set(0);
        self.timings.set(Timings::default());
        self.latest_thumbnails.set(Vec::new());
        self.preview_clusters.set(Vec::new());
        self.rejected.set(Vec::new());
        self.skipped_files.set(Vec::new());
        self.notice.set(None);
        self.toast.set(None);
        self.shown_set.set(None);
        self.selected.set(BTreeSet::new());
        self.hovered.set(None);
        self.lightbox.set(None);
        self.search.set(String::new());
        self.duplicates.set(None);
        self.review.set(None);
    }

    /// Stores a new clustering. The sweep is kept while it describes the same images and feature transform.
    fn show(self, clustering: Option<Rc<Clustering>>) {
        match &clustering {
            Some(found) if found.curve.is_some() => self.sweep.set(clustering.clone()),
            Some(found) => self.sweep.update(|sweep| {
                let same =
                    |known: &Rc<Clustering>| known.items.len() == found.items.len() && known.recipe == found.recipe;
                *sweep = sweep.take().filter(same);
            }),
            None => self.sweep.set(None),
        }
        self.clustering.set(clustering);
    }
}
