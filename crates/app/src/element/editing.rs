//! The members that edit clusters.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::ShoalEngine;
use crate::arguments::{parse, parse_lockable, parse_options};
use shoal_engine::JoinCall;

#[wasm_bindgen]
impl ShoalEngine {
    /// Moves images into a cluster; `null` excludes them from clustering.
    #[wasm_bindgen(js_name = movePictures)]
    pub fn move_images(&self, paths: JsValue, cluster: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let cluster: Option<u32> = parse("clusterId", cluster)?;
            engine.move_images(&parse::<Vec<String>>("paths", paths)?, cluster).await
        })
    }

    /// Renames a cluster.
    pub fn rename(&self, id: JsValue, name: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.rename(parse("id", id)?, parse("name", name)?).await })
    }

    /// Merges clusters into the first of them.
    pub fn merge(&self, ids: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.merge(parse("ids", ids)?).await })
    }

    /// Splits a cluster into `k`.
    pub fn split(&self, id: JsValue, k: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.split(parse("id", id)?, parse("k", k)?).await })
    }

    /// Makes a cluster of images.
    #[wasm_bindgen(js_name = newCluster)]
    pub fn new_cluster(&self, name: JsValue, paths: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let name: Option<String> = parse("name", name)?;
            let paths: Option<Vec<String>> = parse("paths", paths)?;
            engine.new_cluster(name, &paths.unwrap_or_default()).await
        })
    }

    /// Pins images (by path) and locks clusters (by id), or undoes that.
    pub fn lock(&self, paths_or_ids: JsValue, on: bool) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.lock(parse_lockable("pathsOrIds", paths_or_ids)?, on).await })
    }

    /// Remembers groups of duplicates of which all images are kept.
    #[wasm_bindgen(js_name = keepDuplicates)]
    pub fn keep_duplicates(&self, groups: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.keep_duplicates(&parse::<Vec<Vec<String>>>("groups", groups)?).await })
    }

    /// Undoes the last edit.
    pub fn undo(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.undo().await })
    }

    /// Redoes the last edit that was undone.
    pub fn redo(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.redo().await })
    }

    /// Turns the source folders into locked clusters.
    #[wasm_bindgen(js_name = adoptFolders)]
    pub fn adopt_folders(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.adopt_folders().await })
    }

    /// Lets unassigned images join their nearest cluster.
    pub fn join(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.join(parse_options::<JoinCall>("join", options)?).await })
    }
}
