//! What a person can ask for in the interface. What comes of it is told by the engine's events.

use std::collections::BTreeSet;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use crate::drag::Place;
use crate::save_plot::file_name;
use crate::state::{Notice, Opened, State};
use crate::{canvas, text};
use shoal::collection::clusters_in_order;
use shoal::plot::ChartKind;
use shoal_browser::api_error::ApiError;
use shoal_browser::folder_picker;
use shoal_engine::{ClusterCall, Duplicates, DuplicatesCall, ExportOptions, Lockable, PlotFormat};

impl State {
    /// Adds what a person gave, then groups everything.
    pub fn receive(self, sources: Array) {
        if let Some(file) = lone_features_file(&sources) {
            return self.open_features(file);
        }
        spawn_local(async move {
            self.notice.set(None);
            self.refused.set(Vec::new());
            let engine = self.engine();
            match engine.add(sources).await {
                Ok(added) if added.cancelled => self.notice.set(Some(Notice::word(text::STOPPED))),
                Ok(added) if added.added == 0 && added.sidecars == 0 && added.rejected.is_empty() => {
                    self.notice.set(Some(Notice::word(text::NOTHING_FOUND)));
                }
                Ok(_) if engine.is_empty() => {}
                // What a person has arranged is not upset by new pictures.
                Ok(_) if engine.is_arranged() => self.settle(engine.join(self.similarity.get_untracked()).await),
                Ok(_) => self.cluster().await,
                Err(failure) => engine.report(&failure),
            }
        });
    }

    /// Groups everything as the settings say.
    pub fn cluster_now(self) {
        spawn_local(async move {
            self.notice.set(None);
            self.cluster().await;
        });
    }

    /// Draws the sample pictures and takes them as if they were dropped.
    pub fn try_samples(self) {
        spawn_local(async move {
            match self.engine().draw_samples().await {
                Ok(files) => self.receive(files),
                Err(failure) => self.engine().report(&failure),
            }
        });
    }

    /// Sets an attribute of the engine. The signals follow by themselves.
    pub fn set(self, name: &str, value: &str) {
        self.engine().set(name, Some(value.to_owned()));
    }

    /// Sets features and recipe together.
    pub fn set_way(self, way: &str) {
        let (features, recipe) = if way == "flat" { ("flat", "plain") } else { ("pooled", way) };
        self.set("features", features);
        self.set("recipe", recipe);
        self.way.set(way.to_owned());
    }

    /// Groups everything into `k` groups, this once.
    pub fn try_count(self, k: usize) {
        spawn_local(async move { self.settle(self.engine().cluster(ClusterCall::with_k(k)).await) });
    }

    /// Makes the folders that pictures came in the groups.
    pub fn adopt_folders(self) {
        spawn_local(async move { self.settle(self.engine().adopt_folders().await) });
    }

    /// Has the pictures in no group join the nearest.
    pub fn join(self) {
        spawn_local(async move { self.settle(self.engine().join(self.similarity.get_untracked()).await) });
    }

    /// Shows a group with all its pictures.
    pub fn open(self, what: Opened) {
        self.opened.set(Some(what));
    }

    /// Closes what is shown with all its pictures.
    pub fn close_opened(self) {
        if self.opened.get_untracked() == Some(Opened::Found) {
            self.search.set(String::new());
        }
        self.opened.set(None);
    }

    /// Searches pictures by words, and shows what is found as long as there are any.
    pub fn search_for(self, words: String) {
        let opened = if words.trim().is_empty() { None } else { Some(Opened::Found) };
        self.search.set(words);
        if opened.is_some() || self.opened.get_untracked() == Some(Opened::Found) {
            self.opened.set(opened);
        }
    }

    /// OperationQueue to the picture that is `by` further among those that one looks at.
    pub fn look_beside(self, by: isize) {
        self.looked.update(|looked| {
            if let Some(looked) = looked
                && let Some(place) = looked.among.iter().position(|path| *path == looked.path)
                && let Some(path) = place.checked_add_signed(by).and_then(|place| looked.among.get(place))
            {
                looked.path = path.clone();
            }
        });
    }

    /// The selection, which is over.
    pub fn take_selected(self) -> Vec<String> {
        let paths = self.selected.get_untracked().into_iter().collect();
        self.selected.set(BTreeSet::new());
        paths
    }

    /// Puts pictures somewhere.
    pub fn put(self, paths: Vec<String>, place: Place) {
        match place {
            Place::Cluster(id) => self.move_to(paths, Some(id)),
            Place::Aside => self.move_to(paths, None),
            Place::New => self.new_group(paths),
        }
    }

    /// Where pictures can be put, with the places' names.
    pub fn places(self) -> Vec<(Place, String)> {
        let order = self.group_order.get();
        self.clustering.with(|clustering| {
            let groups = clustering.iter().flat_map(|clustering| clusters_in_order(clustering, order));
            let groups = groups.map(|group| (Place::Cluster(group.id), group.name.clone()));
            groups.chain([(Place::New, text::NEW_GROUP.into()), (Place::Aside, text::ASIDE.into())]).collect()
        })
    }

    /// The name of a group, if there is one of this id.
    pub fn group_name(self, id: u32) -> Option<String> {
        self.clustering.with(|clustering| Some(clustering.as_ref()?.cluster(id)?.name.clone()))
    }

    /// Names a group.
    pub fn rename(self, id: u32, name: String) {
        spawn_local(async move { self.settle(self.engine().rename(id, name).await) });
    }

    /// Locks a group, or lets go of it.
    pub fn lock_group(self, id: u32, on: bool) {
        let what = Lockable { clusters: vec![id], ..Lockable::default() };
        spawn_local(async move { self.settle(self.engine().lock(what, on).await) });
    }

    /// Holds pictures where they are, or lets go of them.
    pub fn lock_pictures(self, paths: Vec<String>, on: bool) {
        let what = Lockable { paths, ..Lockable::default() };
        spawn_local(async move { self.settle(self.engine().lock(what, on).await) });
    }

    /// Moves pictures into a group, or sets them aside.
    pub fn move_to(self, paths: Vec<String>, group: Option<u32>) {
        spawn_local(async move { self.settle(self.engine().move_pictures(&paths, group).await) });
    }

    /// Makes a group of pictures.
    pub fn new_group(self, paths: Vec<String>) {
        spawn_local(async move { self.settle(self.engine().new_cluster(None, &paths).await) });
    }

    /// Makes one group of several.
    pub fn merge(self, ids: Vec<u32>) {
        spawn_local(async move { self.settle(self.engine().merge(ids).await) });
    }

    /// Splits a group in two.
    pub fn split(self, id: u32) {
        spawn_local(async move { self.settle(self.engine().split(id, 2).await) });
    }

    /// Takes the last edit back.
    pub fn undo(self) {
        spawn_local(async move { self.settle(self.engine().undo().await) });
    }

    /// Makes the edit again that was taken back last.
    pub fn redo(self) {
        spawn_local(async move { self.settle(self.engine().redo().await) });
    }

    /// Looks for pictures that are there more than once.
    pub fn find_duplicates(self) {
        spawn_local(async move {
            let engine = self.engine();
            match engine.duplicates(DuplicatesCall::with_cosine(self.duplicate_cosine.get_untracked())).await {
                Ok(found) => self.duplicates.set(Some(found)),
                Err(failure) => engine.report(&failure),
            }
        });
    }

    /// Keeps the best of a group of duplicates, or of every one, and sets the others aside.
    pub fn keep_best(self, group: Option<Duplicates>) {
        let groups = match group {
            Some(group) => vec![group],
            None => self.duplicates.get_untracked().unwrap_or_default(),
        };
        self.duplicates.update(|found| {
            if let Some(found) = found {
                found.retain(|one| !groups.contains(one));
            }
        });
        spawn_local(async move { self.settle(self.engine().keep_best(&groups).await) });
    }

    /// Saves the zip.
    pub fn download_zip(self) {
        spawn_local(async move {
            self.notice.set(None);
            self.save(self.engine().export_zip(self.take_home()).await, "shoal.zip");
        });
    }

    /// Has a person choose a folder, and copies everything there.
    pub fn save_into_folder(self) {
        spawn_local(async move {
            let engine = self.engine();
            // Asked before anything is waited for: a browser shows the chooser only upon a click.
            let told = match folder_picker::choose(&[("mode", "readwrite")]).await {
                Ok(Some(folder)) => {
                    self.notice.set(None);
                    engine.export_folder(folder, self.take_home()).await
                }
                Ok(None) => return,
                Err(failure) => Err(failure),
            };
            match told {
                Ok(told) => {
                    self.notice.set(Some(Notice::word(&text::in_folder(&told))));
                    self.not_written.set(told.skipped);
                }
                Err(failure) => engine.report(&failure),
            }
        });
    }

    /// Saves the scripts that move pictures into place.
    pub fn save_scripts(self) {
        spawn_local(async move {
            self.save(self.engine().export_scripts(self.take_home()).await, "shoal-move-scripts.zip");
        });
    }

    /// Saves the report.
    pub fn save_report(self) {
        spawn_local(async move { self.save(self.engine().export_report().await, "shoal-report.html") });
    }

    /// Saves a chart or the contact sheet.
    pub fn save_plot(self, kind: ChartKind, format: PlotFormat) {
        spawn_local(async move {
            let plot = self.engine().export_plot(kind, format, self.sweep.get_untracked()).await;
            self.save(plot, &file_name(kind, format));
        });
    }

    fn take_home(self) -> ExportOptions {
        ExportOptions {
            include_unreadable: self.with_unread.get_untracked(),
            keep_folders: self.keep_folders.get_untracked(),
        }
    }

    /// Saves the session.
    pub fn save_session(self) {
        spawn_local(async move { self.save(self.engine().export_session().await, "shoal-session.json") });
    }

    /// Restores a session, and says what of it is not here.
    pub fn open_session(self, file: web_sys::File) {
        spawn_local(async move {
            self.notice.set(None);
            let engine = self.engine();
            match engine.import_session(&file).await {
                Ok(reopened) => self.notice.set(Some(Notice::word(&text::reopened(&reopened)))),
                Err(failure) => engine.report(&failure),
            }
        });
    }

    /// Saves the features.
    pub fn save_features(self) {
        spawn_local(async move { self.save(self.engine().export_features().await, "shoal-features.npz") });
    }

    /// Takes features in from a file, and says what of it is not here.
    pub fn open_features(self, file: web_sys::File) {
        spawn_local(async move {
            self.notice.set(None);
            let engine = self.engine();
            match engine.import_features(&file).await {
                Ok(imported) => {
                    self.notice.set(Some(Notice::word(&text::features_opened(&imported))));
                    if !engine.is_empty() && engine.clustering().is_none() {
                        self.cluster().await;
                    }
                }
                Err(failure) => engine.report(&failure),
            }
        });
    }

    /// Looks at every picture with the network in a file, or with the page's own again, and groups anew.
    pub fn use_weights(self, file: Option<web_sys::File>) {
        spawn_local(async move {
            self.notice.set(None);
            let engine = self.engine();
            let name = file.as_ref().map(web_sys::File::name);
            if let Err(failure) = engine.use_weights(file).await {
                return engine.report(&failure);
            }
            self.notice.set(name.as_deref().map(|name| Notice::word(&text::weights_used(name))));
            self.weights.set(name);
            if !engine.is_empty() {
                self.cluster().await;
            }
        });
    }

    async fn cluster(self) {
        self.settle(self.engine().cluster(ClusterCall::default()).await);
    }

    /// What came of a call: the events have told what there is to show, but for a failure.
    pub fn settle<T>(self, result: Result<T, ApiError>) {
        if let Err(failure) = result {
            self.engine().report(&failure);
        }
    }

    /// Saves what the engine gave as a file.
    fn save(self, blob: Result<Blob, ApiError>, name: &str) {
        if let Err(failure) = blob.and_then(|blob| canvas::save(&blob, name)) {
            self.engine().report(&failure);
        }
    }
}

/// The features file that was dropped, if nothing else was.
fn lone_features_file(sources: &Array) -> Option<web_sys::File> {
    let file: web_sys::File = sources.get(0).dyn_into().ok()?;
    (sources.length() == 1 && file.name().to_lowercase().ends_with(".npz")).then_some(file)
}
