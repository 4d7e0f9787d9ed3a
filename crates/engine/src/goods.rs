//! What is taken home: every file with its place, each looked at again before it goes.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use crate::add::unexpected;
use crate::pool::Pool;
use crate::{Engine, Turn};
use shoal::archive::{
    ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, Placed, Planner, REASONS_CSV, UNREAD, assignments_csv, assignments_json,
    reasons_csv,
};
use shoal::library::{Outcome, Refusal};
use shoal_browser::failure::Failure;
use shoal_browser::pause::Slices;
use shoal_protocol::{FromLane, ToLane};

/// A lane checksums so many bytes of a file at a time: between two such parts it can be stopped, and other lanes take others.
const PART_BYTES: u64 = 64 << 20;
/// So many files are looked at side by side.
const LOOKED_AT_ONCE: usize = 32;

/// What a call that takes files home may say.
#[derive(Clone, Copy, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "TakeHomeOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct TakeHome {
    /// Whether what could not be read goes along, in a folder of its own.
    pub unread: bool,
    /// Whether the folders that files came in are kept below those of the groups.
    pub keep_folders: bool,
}

/// A file and its place.
#[derive(Clone)]
pub struct Parcel {
    /// The place.
    pub placed: Placed,
    /// The file.
    pub file: File,
    /// Its number of bytes when it was added.
    pub byte_size: u64,
    /// CRC-32 of its bytes then, where that was found out.
    pub crc32: Option<u32>,
    /// When it was last changed, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
}

/// Everything that is taken home.
pub struct Goods {
    /// The groups.
    pub outcome: Rc<Outcome>,
    /// The files.
    pub parcels: Vec<Parcel>,
    /// The files that stay behind, and why.
    pub left_out: Vec<Refusal>,
    unread: Vec<(Placed, Refusal)>,
}

impl Goods {
    /// Takes out the parcels that something is wrong with; `troubles` are in the order of the parcels.
    pub fn leave_out(&mut self, troubles: Vec<Option<Failure>>) {
        let parcels = std::mem::take(&mut self.parcels);
        for (parcel, trouble) in parcels.into_iter().zip(troubles) {
            match trouble {
                None => self.parcels.push(parcel),
                Some(Failure { code, message }) => {
                    self.unread.retain(|(placed, _)| *placed != parcel.placed);
                    self.left_out.push(Refusal { path: parcel.placed.path, code, reason: message });
                }
            }
        }
    }
}

impl Engine {
    /// The files of the latest result and their places, in the order of its items.
    pub(super) async fn goods(&self, turn: &Turn<'_>, options: TakeHome) -> Result<Goods, Failure> {
        let outcome =
            self.outcome().ok_or_else(|| Failure::new("nothing-clustered", "there are no groups to take home yet"))?;
        self.originals(&self.known(&outcome.items.iter().map(|item| item.path.clone()).collect::<Vec<_>>())?)?;
        let mut planner = Planner::new(&outcome.clusters, options.keep_folders);
        let mut goods =
            Goods { outcome: outcome.clone(), parcels: Vec::new(), left_out: Vec::new(), unread: Vec::new() };
        let mut slices = Slices::start();
        for item in &outcome.items {
            self.pack(&mut planner, item, &mut goods);
            slices.pause_when_due().await;
            turn.check()?;
        }
        if options.unread {
            for unread in self.0.beside.borrow().unread() {
                match &unread.file {
                    Some(file) => {
                        let placed = planner.place_unread(&unread.refusal.path);
                        goods.unread.push((placed.clone(), unread.refusal.clone()));
                        goods.parcels.push(found_parcel(placed, file));
                    }
                    None => goods.left_out.push(unread.refusal.clone()),
                }
            }
        }
        Ok(goods)
    }

    /// Packs a picture and its companions.
    fn pack(&self, planner: &mut Planner, item: &shoal::library::Item, goods: &mut Goods) {
        let store = self.0.store.borrow();
        let Some((id, picture)) = store.collection.by_path(&item.path) else { return };
        let beside = self.0.beside.borrow();
        let companions = beside.companions(id);
        let paths: Vec<&str> = companions.iter().map(|found| found.path.as_str()).collect();
        let (placed, others) = planner.place(item, &paths);
        if let Some(holding) = store.holding(id)
            && let Some(file) = &holding.file
        {
            goods.parcels.push(Parcel {
                placed,
                file: file.clone(),
                byte_size: picture.byte_size,
                crc32: (!holding.is_unread).then_some(picture.crc32),
                modified_ms: picture.modified_ms,
            });
        }
        let others = others.into_iter().zip(companions);
        goods.parcels.extend(others.map(|(placed, found)| found_parcel(placed, &found.file)));
    }

    /// The tables that lie beside the files, by name.
    pub(super) fn tables(&self, goods: &Goods) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let store = self.0.store.borrow();
        let session = assignments_json(&goods.outcome, &store.collection, &self.0.arrangement.borrow())?;
        let mut tables =
            vec![(ASSIGNMENTS_CSV.into(), assignments_csv(&goods.outcome)?), (ASSIGNMENTS_JSON.into(), session)];
        if !goods.unread.is_empty() {
            tables.push((format!("{UNREAD}/{REASONS_CSV}"), reasons_csv(&goods.unread)?));
        }
        Ok(tables)
    }

    /// Leaves out every file that is not what it was when it was added; `tell` hears of each that was looked at.
    pub(super) async fn look_again(
        &self,
        turn: &Turn<'_>,
        goods: &mut Goods,
        mut tell: impl FnMut(usize),
    ) -> Result<(), Failure> {
        let parcels = goods.parcels.clone();
        let mut looks = stream::iter(&parcels).map(look).buffered(LOOKED_AT_ONCE);
        let mut troubles = Vec::with_capacity(parcels.len());
        while let Some(trouble) = looks.next().await {
            turn.check()?;
            troubles.push(trouble);
            tell(troubles.len());
        }
        goods.leave_out(troubles);
        Ok(())
    }

    /// CRC-32 of a whole file, by the lanes; memory does not depend on its size.
    pub(super) async fn crc32_of(&self, pool: &Pool, file: &File) -> Result<u32, Failure> {
        let byte_size = file.size() as u64;
        let mut parts = stream::iter((0..byte_size).step_by(PART_BYTES as usize))
            .map(async |start| {
                let end = (start + PART_BYTES).min(byte_size);
                let reply = pool.run(ToLane::Checksum { start, end }, Some(file.clone()), Array::new()).await?;
                let FromLane::Checksummed { crc32 } = reply.0 else { return Err(unexpected()) };
                Ok(crc32fast::Hasher::new_with_initial_len(crc32, end - start))
            })
            .buffered(2 * pool.lanes());
        let mut whole = crc32fast::Hasher::new();
        while let Some(part) = parts.next().await {
            whole.combine(&part?);
        }
        Ok(whole.finalize())
    }
}

fn found_parcel(placed: Placed, file: &File) -> Parcel {
    Parcel { placed, file: file.clone(), byte_size: file.size() as u64, crc32: None, modified_ms: file.last_modified() }
}

/// What is wrong with a file that is to go, if anything.
pub async fn look(parcel: &Parcel) -> Option<Failure> {
    let unchanged = parcel.file.size() as u64 == parcel.byte_size && is_readable(&parcel.file).await;
    (!unchanged).then(file_changed)
}

/// The failure of a file that is not what it was.
pub fn file_changed() -> Failure {
    Failure::new("file-changed", "the file has changed or vanished since it was added; drop it again")
}

async fn is_readable(file: &Blob) -> bool {
    match file.slice_with_i32_and_i32(0, 1) {
        Ok(start) => JsFuture::from(start.array_buffer()).await.is_ok(),
        Err(_) => false,
    }
}
