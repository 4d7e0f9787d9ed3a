//! The latest collection as the database holds it: a head with groups and scores, and its pictures some at a time.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::feature_origin::FeatureOrigin;
use crate::grouping::Grouping;
use crate::remembered::database::{Database, SESSION};
use crate::remembered::features::{Key, PICTURES_AT_ONCE, Used, look_up};
use crate::store::StoredImage;
use crate::{Engine, Event, Operation, Stage};
use shoal::collection::arrangement::{Arrangement, Saved};
use shoal::collection::{Assignment, Clustering, Image, ImageId, UNKNOWN_SHA256, content_hash};
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::Slices;
use shoal_browser::wire::to_js;

/// The version of what is written here; another one is not read.
const VERSION: u32 = 1;
/// Pictures of one record.
const PICTURES_A_RECORD: usize = 512;
/// With so many pictures or more, bringing them back is shown as work.
const SLOW_TO_RESTORE: usize = 1000;
const HEAD: &str = "head";
const PICTURES: &str = "pictures/";
/// Attributes that a person may have set in the interface.
pub const SETTINGS: [&str; 6] = ["k", "seed", "size", "features", "recipe", "method"];

/// All but the pictures. Their ids are places among the saved pictures.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    version: u32,
    pictures: usize,
    /// How features were made; pictures name one of them by its place.
    made: Vec<FeatureOrigin>,
    /// Whether the features are a file's own.
    own: bool,
    settings: BTreeMap<String, String>,
    arrangement: Saved,
    /// The latest answer without its items, which stand beside the pictures.
    clustering: Option<Clustering>,
    /// Whether its scores are about the groups as they stand.
    evaluated: bool,
}

/// A picture, and its place in the answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SavedPicture {
    path: String,
    byte_size: u64,
    sha256: Option<String>,
    crc32: u32,
    modified_ms: f64,
    width_px: u32,
    height_px: u32,
    made: usize,
    item: Option<Assignment>,
}

impl SavedPicture {
    fn of(picture: &Image, made: usize, item: Option<&Assignment>) -> Self {
        Self {
            path: picture.path.clone(),
            byte_size: picture.byte_size,
            sha256: picture.known_sha256().map(content_hash::to_hex),
            crc32: picture.crc32,
            modified_ms: picture.modified_ms,
            width_px: picture.width_px,
            height_px: picture.height_px,
            made,
            item: item.cloned(),
        }
    }

    fn picture(&self) -> Image {
        Image {
            path: self.path.clone(),
            byte_size: self.byte_size,
            sha256: self.sha256.as_deref().and_then(content_hash::from_hex).unwrap_or(UNKNOWN_SHA256),
            crc32: self.crc32,
            modified_ms: self.modified_ms,
            width_px: self.width_px,
            height_px: self.height_px,
        }
    }
}

/// The collection at one moment. Making one is quick; writing it is done in slices.
pub struct Snapshot {
    head: Head,
    clustering: Option<Rc<Clustering>>,
    pictures: Vec<(Image, usize)>,
}

impl Snapshot {
    /// Of the collection as it stands, unless there is none.
    pub fn take(engine: &Engine) -> Option<Self> {
        let store = engine.0.store.borrow();
        let clustering = engine.clustering();
        let mut made: Vec<Rc<FeatureOrigin>> = Vec::new();
        let mut places = HashMap::new();
        let mut pictures = Vec::with_capacity(store.len());
        for (id, picture) in store.collection.in_path_order() {
            let Some(stored) = store.stored(id) else { continue };
            let known = made.iter().position(|known| *known == stored.made);
            let place = known.unwrap_or_else(|| {
                made.push(stored.made.clone());
                made.len() - 1
            });
            places.insert(id, ImageId(pictures.len() as u32));
            pictures.push((picture.clone(), place));
        }
        if pictures.is_empty() {
            return None;
        }
        let settings = engine.0.settings.borrow();
        let settings = SETTINGS.iter().filter_map(|name| Some(((*name).to_owned(), settings.get(name)?))).collect();
        let head = Head {
            version: VERSION,
            pictures: pictures.len(),
            made: made.iter().map(|made| (**made).clone()).collect(),
            own: engine.is_own(),
            settings,
            arrangement: renumbered(engine.0.arrangement.borrow().saved(), &places),
            clustering: clustering
                .as_ref()
                .map(|clustering| Clustering { items: Vec::new(), ..clustering.as_ref().clone() }),
            evaluated: engine.is_evaluated(),
        };
        drop(store);
        Some(Self { head, clustering, pictures })
    }

    /// Writes it in place of the one before.
    pub async fn write(self, database: &Database) -> Result<(), ApiError> {
        let unwritable = |error: serde_json::Error| ApiError::new("storage-unavailable", error.to_string());
        let items: HashMap<&str, &Assignment> = self
            .clustering
            .iter()
            .flat_map(|clustering| &clustering.items)
            .map(|item| (item.path.as_str(), item))
            .collect();
        let mut slices = Slices::start();
        let mut records = Vec::new();
        for (index, part) in self.pictures.chunks(PICTURES_A_RECORD).enumerate() {
            let pictures: Vec<SavedPicture> = part
                .iter()
                .map(|(picture, made)| SavedPicture::of(picture, *made, items.get(picture.path.as_str()).copied()))
                .collect();
            let text = serde_json::to_string(&pictures).map_err(unwritable)?;
            records.push((key(index), JsValue::from(text)));
            slices.pause_when_due().await;
        }
        let head = to_js(&self.head)?;
        let fill = |writer: &super::database::Writer<'_>| {
            writer.delete_all(SESSION, PICTURES)?;
            records.iter().try_for_each(|(key, record)| writer.put(SESSION, key, record))?;
            writer.put(SESSION, &HEAD.into(), &head)
        };
        database.write(&[SESSION], fill).await
    }
}

/// Forgets the collection; features stay.
pub async fn forget_session(database: &Database) -> Result<(), ApiError> {
    database.write(&[SESSION], |writer| writer.delete_all(SESSION, "")).await
}

fn key(index: usize) -> JsValue {
    format!("{PICTURES}{index}").into()
}

/// The arrangement with every picture's id exchanged; those without a new one are left out.
fn renumbered(saved: Saved, ids: &HashMap<ImageId, ImageId>) -> Saved {
    let exchange = |old: Vec<ImageId>| old.iter().filter_map(|id| ids.get(id).copied()).collect();
    let Saved { next_id, clusters, unassigned, pinned } = saved;
    let clusters = clusters
        .into_iter()
        .map(|mut cluster| {
            cluster.images = exchange(cluster.images);
            cluster
        })
        .collect();
    Saved { next_id, clusters, unassigned: exchange(unassigned), pinned: exchange(pinned) }
}

impl Engine {
    /// Brings the latest collection back, as it was left: neither weights nor workers are needed. Does nothing where none is
    /// kept, or pictures are here already.
    pub(super) async fn restore(&self, operation: &Operation<'_>, database: &Rc<Database>) -> Result<(), ApiError> {
        let Some(head) = database.get(SESSION, &[HEAD.into()]).await?.pop().flatten() else { return Ok(()) };
        let Ok(head) = serde_wasm_bindgen::from_value::<Head>(head) else { return Ok(()) };
        operation.check()?;
        if head.version != VERSION || !self.is_empty() {
            return Ok(());
        }
        let _busy = (head.pictures >= SLOW_TO_RESTORE).then(|| self.show_busy());
        let made: Vec<Rc<FeatureOrigin>> = head.made.iter().cloned().map(Rc::new).collect();
        if head.own {
            self.0.own.replace(made.first().cloned());
        }
        let mut places: HashMap<ImageId, ImageId> = HashMap::new();
        let mut items = Vec::new();
        let mut done = 0;
        let mut used = Used::default();
        for index in 0..head.pictures.div_ceil(PICTURES_A_RECORD) {
            let text = database.get(SESSION, &[key(index)]).await?.pop().flatten().and_then(|text| text.as_string());
            let pictures: Vec<SavedPicture> =
                text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            for part in pictures.chunks(PICTURES_AT_ONCE) {
                let (part_items, part_used) =
                    self.restore_pictures(operation, database, part, done, &made, &mut places).await?;
                items.extend(part_items);
                used.extend(part_used);
                done += part.len();
                if head.pictures >= SLOW_TO_RESTORE {
                    self.progress(Stage::Recalling, done, head.pictures);
                }
            }
        }
        self.take_restored(head, items, &places);
        used.note(database.clone());
        Ok(())
    }

    /// Brings some pictures back, the first of which was saved as number `first`. Gives their places in the answer.
    async fn restore_pictures(
        &self,
        operation: &Operation<'_>,
        database: &Database,
        pictures: &[SavedPicture],
        first: usize,
        made: &[Rc<FeatureOrigin>],
        places: &mut HashMap<ImageId, ImageId>,
    ) -> Result<(Vec<Assignment>, Used), ApiError> {
        let known: Vec<(usize, &SavedPicture, &Rc<FeatureOrigin>)> = pictures
            .iter()
            .enumerate()
            .filter_map(|(index, saved)| Some((first + index, saved, made.get(saved.made)?)))
            .collect();
        let keys: Vec<Key> = known.iter().map(|(_, saved, made)| Key::of(made, &saved.picture())).collect();
        let (records, used) = look_up(database, &keys).await?;
        operation.check()?;
        let mut items = Vec::with_capacity(pictures.len());
        let mut store = self.0.store.borrow_mut();
        for ((number, saved, made), record) in known.into_iter().zip(records) {
            let Some(record) = record else { continue };
            let Some(id) = store.collection.insert(saved.picture()) else { continue };
            let mut stored = StoredImage::new(record.features, made.clone(), record.processor);
            if let (Some(fingerprint), Some(thumbnail)) = (record.fingerprint, record.thumbnail) {
                stored.see(fingerprint, thumbnail);
            }
            store.hold(id, stored);
            self.0.remembered.kept.borrow_mut().insert(id, made.clone());
            places.insert(ImageId(number as u32), id);
            items.extend(saved.item.clone());
        }
        Ok((items, used))
    }

    /// Makes groups, scores and settings those that were left.
    fn take_restored(&self, head: Head, items: Vec<Assignment>, places: &HashMap<ImageId, ImageId>) {
        let lost = head.pictures - places.len();
        if places.is_empty() {
            self.0.own.take();
            return;
        }
        for (name, value) in &head.settings {
            self.set(name, Some(value.clone()));
        }
        // What was saved here is sound; were it not, the pictures would be there without their groups.
        let arrangement = Arrangement::try_from(renumbered(head.arrangement, places)).unwrap_or_default();
        let revision = arrangement.revision();
        self.0.arrangement.replace(arrangement);
        self.0.arrangement.borrow_mut().add(places.values().copied());
        self.tell_collection();
        if let Some(clustering) = head.clustering {
            let clustering = Clustering { items, ..clustering };
            self.0.grouping.replace(Grouping {
                seed: clustering.seed,
                recipe: clustering.recipe,
                method: clustering.method,
                curve: clustering.curve.clone(),
                proposals: clustering.proposals.clone(),
            });
            self.0.clustering.replace(Some(Rc::new(clustering)));
            let as_it_was = lost == 0 && head.evaluated && self.0.arrangement.borrow().revision() == revision;
            self.0.evaluated_revision.set(as_it_was.then_some(revision));
            if lost > 0 {
                self.show_edited();
            }
            self.tell(Event::Result(self.clustering()));
        }
        if lost > 0 {
            let message =
                format!("{lost} of the remembered pictures are no longer kept whole: drop their folder again");
            self.tell(Event::Notice(ApiError::new("session-incomplete", message)));
        }
    }
}
