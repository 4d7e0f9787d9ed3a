//! Which dropped files this browser knows: those are neither decoded nor embedded. One that looks as it did when it was read
//! (path, size, time of the last change) is not even read; any other of a known size is read and hashed.

use std::rc::Rc;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};

use crate::embedding::Embedded;
use crate::pool::Pool;
use crate::remembered::database::{Database, FEATURES};
use crate::remembered::features::{Key, PICTURES_AT_ONCE, Record, Used, look_up, look_up_unchanged};
use crate::sources::Found;
use crate::{Engine, Operation, Stage};
use shoal::archive::npz::FeatureSpec;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{Identity, StepTimes};

/// Files whose sizes are looked up in one transaction.
const SIZES_AT_ONCE: usize = 512;
/// So many parts of the files are under way at once.
const PARTS_AHEAD: usize = 3;

/// What this browser knows of a file.
pub struct Recalled {
    /// What it would be embedded to.
    pub embedded: Embedded,
    /// Whether the file was taken by its looks for what it was.
    pub is_unread: bool,
}

impl Engine {
    /// What each of these files would be embedded to, where this browser knows it. That the browser's store fails is no
    /// failure: the files are embedded then.
    ///
    /// # Errors
    /// `cancelled`.
    pub(crate) async fn recall(
        &self,
        operation: &Operation<'_>,
        pool: &Pool,
        found: &[Found],
        made: &FeatureSpec,
    ) -> Result<Vec<Option<Recalled>>, ApiError> {
        let mut recalled: Vec<Option<Recalled>> = found.iter().map(|_| None).collect();
        if !self.memory().is_on() {
            return Ok(recalled);
        }
        if let Err(failure) = self.recall_into(&mut recalled, operation, pool, found, made).await {
            if failure.is_cancelled() {
                return Err(failure);
            }
            self.tell_once(failure);
        }
        Ok(recalled)
    }

    async fn recall_into(
        &self,
        recalled: &mut [Option<Recalled>],
        operation: &Operation<'_>,
        pool: &Pool,
        found: &[Found],
        made: &FeatureSpec,
    ) -> Result<(), ApiError> {
        let database = self.database().await?;
        let candidates = self.of_known_size(operation, &database, found, made).await?;
        let total = candidates.len();
        let mut used = Used::default();
        // While some are looked up, the workers read the next.
        let mut parts = stream::iter(candidates.chunks(PICTURES_AT_ONCE))
            .map(|part| {
                let database = &database;
                async move {
                    operation.check()?;
                    self.recall_part(database, pool, found, made, part).await
                }
            })
            .buffered(PARTS_AHEAD)
            .enumerate();
        while let Some((index, part)) = parts.next().await {
            let (known, part_used) = part?;
            operation.check()?;
            for (place, one) in known {
                recalled[place] = Some(one);
            }
            used.extend(part_used);
            self.progress(Stage::Recalling, ((index + 1) * PICTURES_AT_ONCE).min(total), total);
        }
        drop(parts);
        used.note(database);
        Ok(())
    }

    /// What is known of some of the files, by their places.
    async fn recall_part(
        &self,
        database: &Database,
        pool: &Pool,
        found: &[Found],
        made: &FeatureSpec,
        part: &[usize],
    ) -> Result<(Vec<(usize, Recalled)>, Used), ApiError> {
        let files: Vec<&Found> = part.iter().map(|&place| &found[place]).collect();
        let (unchanged, mut used) = look_up_unchanged(database, made, &files).await?;
        let mut recalled = Vec::new();
        let mut to_read = Vec::new();
        for (&place, known) in part.iter().zip(unchanged) {
            match known.and_then(|(identity, record)| embedded(identity, record)) {
                Some(embedded) => recalled.push((place, Recalled { embedded, is_unread: true })),
                None => to_read.push(place),
            }
        }
        let read = self.identified(pool, found, &to_read).await;
        let by_bytes = |(_, identity): &(usize, Identity)| Key::by_bytes(made, identity.byte_size, &identity.sha256);
        let keys: Vec<Key> = read.iter().map(by_bytes).collect();
        let (records, used_too) = look_up(database, &keys).await?;
        used.extend(used_too);
        let known = read.into_iter().zip(records).filter_map(|((place, identity), record)| {
            Some((place, Recalled { embedded: embedded(identity, record?)?, is_unread: false }))
        });
        recalled.extend(known);
        Ok((recalled, used))
    }

    /// Who these files are. One that cannot be read is left out: it is refused when its turn comes.
    async fn identified(&self, pool: &Pool, found: &[Found], part: &[usize]) -> Vec<(usize, Identity)> {
        let identities = join_all(part.iter().map(|&index| self.identify(pool, &found[index].file))).await;
        part.iter().zip(identities).filter_map(|(&index, identity)| Some((index, identity.ok()?))).collect()
    }

    /// The files, by their places, of whose size any picture is known. Those whose path is here already are left out: they
    /// are compared with what is here.
    async fn of_known_size(
        &self,
        operation: &Operation<'_>,
        database: &Rc<Database>,
        found: &[Found],
        made: &FeatureSpec,
    ) -> Result<Vec<usize>, ApiError> {
        let new: Vec<usize> = {
            let store = self.0.store.borrow();
            (0..found.len()).filter(|&index| !store.collection.contains_path(&found[index].path)).collect()
        };
        let mut known = Vec::new();
        for part in new.chunks(SIZES_AT_ONCE) {
            let ranges: Vec<(String, String)> =
                part.iter().map(|&index| Key::range_of_size(made, found[index].file.size() as u64)).collect();
            let has = database.has_any(FEATURES, &ranges).await?;
            operation.check()?;
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
