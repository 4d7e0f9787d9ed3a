//! Which dropped files this browser knows: those are read and hashed, but neither decoded nor embedded.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};

use crate::archive::npz::Made;
use crate::protocol::{Identity, StepTimes};
use crate::web::engine::embedding::Embedded;
use crate::web::engine::pool::Pool;
use crate::web::engine::remembered::database::{Database, FEATURES};
use crate::web::engine::remembered::features::{Key, PICTURES_AT_ONCE, Record, look_up};
use crate::web::engine::sources::Found;
use crate::web::engine::{Engine, Stage, Turn};
use crate::web::failure::Failure;

/// Files whose sizes are looked up in one transaction.
const SIZES_AT_ONCE: usize = 512;
/// Files whose answers may wait for that of an earlier one, a lane.
const AHEAD_PER_LANE: usize = 8;

impl Engine {
    /// What each of these files would be embedded to, where this browser knows it. That the browser's store fails is no
    /// failure: the files are embedded then.
    ///
    /// # Errors
    /// `cancelled`.
    pub(in crate::web::engine) async fn recall(
        &self,
        turn: &Turn<'_>,
        pool: &Pool,
        found: &[Found],
        made: &Made,
    ) -> Result<Vec<Option<Embedded>>, Failure> {
        let mut recalled: Vec<Option<Embedded>> = found.iter().map(|_| None).collect();
        if !self.memory().is_on() {
            return Ok(recalled);
        }
        if let Err(failure) = self.recall_into(&mut recalled, turn, pool, found, made).await {
            if failure.is_cancelled() {
                return Err(failure);
            }
            self.tell_once(failure);
        }
        Ok(recalled)
    }

    async fn recall_into(
        &self,
        recalled: &mut [Option<Embedded>],
        turn: &Turn<'_>,
        pool: &Pool,
        found: &[Found],
        made: &Made,
    ) -> Result<(), Failure> {
        let database = self.database().await?;
        let candidates = self.of_known_size(turn, &database, found, made).await?;
        let total = candidates.len();
        for (done, part) in candidates.chunks(PICTURES_AT_ONCE).enumerate() {
            self.progress(Stage::Recalling, done * PICTURES_AT_ONCE, total);
            let identified: Vec<(usize, Result<Identity, Failure>)> = stream::iter(part)
                .map(async |&index| (index, self.identify(pool, &found[index].file).await))
                .buffered(pool.lanes() * AHEAD_PER_LANE)
                .collect()
                .await;
            turn.check()?;
            // One that cannot be read is refused when its turn comes.
            let read: Vec<(usize, Identity)> =
                identified.into_iter().filter_map(|(index, identity)| Some((index, identity.ok()?))).collect();
            let keys: Vec<Key> =
                read.iter().map(|(_, identity)| Key::by_bytes(made, identity.byte_size, &identity.sha256)).collect();
            let records = look_up(&database, &keys).await?;
            turn.check()?;
            for ((index, identity), record) in read.into_iter().zip(records) {
                recalled[index] = record.and_then(|record| embedded(identity, record));
            }
        }
        Ok(())
    }

    /// The files, by their places, of whose size any picture is known. Those whose path is here already are left out: they
    /// are compared with what is here.
    async fn of_known_size(
        &self,
        turn: &Turn<'_>,
        database: &Rc<Database>,
        found: &[Found],
        made: &Made,
    ) -> Result<Vec<usize>, Failure> {
        let new: Vec<usize> = {
            let store = self.0.store.borrow();
            (0..found.len()).filter(|&index| !store.collection.contains_path(&found[index].path)).collect()
        };
        let mut known = Vec::new();
        for part in new.chunks(SIZES_AT_ONCE) {
            let ranges: Vec<(String, String)> =
                part.iter().map(|&index| Key::range_of_size(made, found[index].file.size() as u64)).collect();
            let has = database.has_any(FEATURES, &ranges).await?;
            turn.check()?;
            known.extend(part.iter().zip(has).filter(|(_, has)| *has).map(|(&index, _)| index));
        }
        Ok(known)
    }
}

fn embedded(identity: Identity, record: Record) -> Option<Embedded> {
    Some(Embedded {
        identity,
        width_px: record.width_px,
        height_px: record.height_px,
        features: record.features,
        processor: record.processor,
        fingerprint: record.fingerprint?,
        thumbnail: record.thumbnail?,
        times: StepTimes::default(),
    })
}
