//! Actions on the whole collection: add, cluster, change settings, open files.

use std::collections::BTreeSet;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::state::{Notice, State};
use crate::text;
use shoal::collection::{Assignment, Clustering};
use shoal_browser::api_error::ApiError;
use shoal_engine::{Added, ClusterCall, JoinCall};

impl State {
    /// Adds files, entries and folder handles, then clusters. A single features file is opened instead.
    pub fn receive(self, sources: Array) {
        if let Some(file) = single_features_file(&sources) {
            return self.open_features(file);
        }
        let engine = self.engine();
        self.sort(async move { engine.add(sources).await });
    }

    /// Replaces the collection by the sample images, and clusters them.
    pub fn try_samples(self) {
        let engine = self.engine();
        self.sort(async move { engine.add_samples().await });
    }

    /// Adds images, and clusters them or lets them join the clusters.
    fn sort(self, adding: impl Future<Output = Result<Added, ApiError>> + 'static) {
        spawn_local(async move {
            self.notice.set(None);
            self.rejected.set(Vec::new());
            let engine = self.engine();
            let before = engine.clustering();
            match adding.await {
                Ok(added) if added.cancelled => self.notice.set(Some(Notice::info(text::STOPPED))),
                Ok(added) if added.added == 0 && added.sidecars == 0 && added.rejected.is_empty() => {
                    self.notice.set(Some(Notice::info(text::NOTHING_FOUND)));
                }
                Ok(_) if engine.is_empty() => {}
                // Clustering again would undo the user's own changes: new images join the existing clusters instead.
                Ok(_) if engine.has_pinned() => self.join_new(before.as_deref()).await,
                Ok(_) => self.cluster().await,
                Err(error) => engine.report(&error),
            }
        });
    }

    /// Sets an attribute of the engine, whose event then updates the signal.
    pub fn set(self, name: &str, value: &str) {
        self.engine().set(name, Some(value.to_owned()));
    }

    /// Sets the attributes `features` and `recipe` from one choice.
    pub fn set_feature_preset(self, preset: &str) {
        let (features, recipe) = if preset == "flat" { ("flat", "plain") } else { ("pooled", preset) };
        self.set("features", features);
        self.set("recipe", recipe);
        self.feature_preset.set(preset.to_owned());
    }

    /// Clusters all images with the current settings.
    pub fn cluster_now(self) {
        spawn_local(async move {
            self.notice.set(None);
            self.cluster().await;
        });
    }

    /// Clusters all images into `k` clusters without changing the setting.
    pub fn cluster_with_k(self, k: usize) {
        spawn_local(async move { self.report_failure(self.engine().cluster(ClusterCall::with_k(k)).await) });
    }

    /// Turns the source folders into locked clusters.
    pub fn adopt_folders(self) {
        spawn_local(async move { self.report_failure(self.engine().adopt_folders().await) });
    }

    /// Restores a session and reports what does not match the collection.
    pub fn open_session(self, file: File) {
        spawn_local(async move {
            self.notice.set(None);
            let engine = self.engine();
            match engine.import_session(&file).await {
                Ok(session) => self.notice.set(Some(Notice::info(&text::session_opened(&session)))),
                Err(error) => engine.report(&error),
            }
        });
    }

    /// Imports features from a file and reports what does not match the collection.
    pub fn open_features(self, file: File) {
        spawn_local(async move {
            self.notice.set(None);
            let engine = self.engine();
            match engine.import_features(&file).await {
                Ok(imported) => {
                    self.notice.set(Some(Notice::info(&text::features_opened(&imported))));
                    if !engine.is_empty() && engine.clustering().is_none() {
                        self.cluster().await;
                    }
                }
                Err(error) => engine.report(&error),
            }
        });
    }

    /// Embeds every image again with the weights in a file, or with Shoal's own for `None`, and clusters.
    pub fn use_weights(self, file: Option<File>) {
        spawn_local(async move {
            self.notice.set(None);
            let engine = self.engine();
            let name = file.as_ref().map(File::name);
            if let Err(error) = engine.use_weights(file).await {
                return engine.report(&error);
            }
            self.notice.set(name.as_deref().map(|name| Notice::info(&text::weights_used(name))));
            self.weights_name.set(name);
            if !engine.is_empty() {
                self.cluster().await;
            }
        });
    }

    /// Empties the collection and everything that the browser stores.
    pub fn forget(self) {
        spawn_local(async move {
            match self.engine().forget().await {
                Ok(()) => self.notice.set(Some(Notice::info(text::FORGOTTEN))),
                Err(error) => self.engine().report(&error),
            }
        });
    }

    /// Asks the browser for access to the stored folder handles. Call it while a click is handled: browsers require that.
    pub fn restore_source_files(self) {
        spawn_local(async move { self.report_failure(self.engine().restore_source_files().await) });
    }

    /// Lets the user choose the folder with the missing source files. Call it while a click is handled.
    pub fn choose_source_folder(self) {
        spawn_local(async move { self.report_failure(self.engine().choose_source_files().await) });
    }

    /// Lets new images join the clusters that they are similar to, selects the others, and says how many there are of both.
    async fn join_new(self, before: Option<&Clustering>) {
        match self.engine().join(JoinCall::like_members()).await {
            Ok(after) => {
                let is_new = |item: &&Assignment| before.is_none_or(|before| before.index_of(&item.path).is_none());
                let new: Vec<&Assignment> = after.items.iter().filter(is_new).collect();
                let unfit: BTreeSet<String> =
                    new.iter().filter(|item| item.cluster.is_none()).map(|item| item.path.clone()).collect();
                if !new.is_empty() {
                    self.notice.set(Some(Notice::info(&text::joined(new.len(), new.len() - unfit.len()))));
                }
                if !unfit.is_empty() {
                    self.selected.set(unfit);
                }
            }
            Err(error) => self.engine().report(&error),
        }
    }

    async fn cluster(self) {
        self.report_failure(self.engine().cluster(ClusterCall::default()).await);
    }
}

/// The features file, if `sources` is nothing else.
fn single_features_file(sources: &Array) -> Option<File> {
    let file: File = sources.get(0).dyn_into().ok()?;
    (sources.length() == 1 && file.name().to_lowercase().ends_with(".npz")).then_some(file)
}
