//! The lookup of dropped files in the cache. A file that is found is neither decoded nor embedded. A file with the same path,
//! size and modification time is not read either; any other file of a known size is read and hashed.

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use shoal::archive::npz::FeatureSpec;
use shoal::step_times::StepTimes;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{FileDigest, ImageFacts};

use super::Cache;
use super::database::{Database, FEATURES};
use super::features::{IMAGES_AT_ONCE, Key, Record, UsedRecords, look_up, look_up_unchanged};
use crate::collection::{EmbeddedImage, ImageCollection, SourceFile};
use crate::compute::Client;
use crate::events::Stage;
use crate::operation::Operation;

/// How many file sizes are looked up in one transaction.
const SIZES_AT_ONCE: usize = 512;
/// How many parts of the files are looked up at once.
const PARTS_IN_FLIGHT: usize = 3;

/// An image that was found in the cache.
pub struct CachedImage {
    /// The image with its features.
    pub image: EmbeddedImage,
    /// Whether the file was identified by path, size and time alone.
    pub is_unread: bool,
}

/// A search of the cache.
struct Search<'a> {
    client: &'a Client,
    sources: &'a [SourceFile],
    spec: &'a FeatureSpec,
}

impl Cache {
    /// What the cache has for each of these files. An error of the database is emitted as a notice, and the files then count as
    /// unknown.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn look_up(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        client: &Client,
        sources: &[SourceFile],
        spec: &FeatureSpec,
    ) -> Result<Vec<Option<CachedImage>>, ApiError> {
        let mut cached: Vec<Option<CachedImage>> = sources.iter().map(|_| None).collect();
        if !self.state().is_on() {
            return Ok(cached);
        }
        let search = Search { client, sources, spec };
        if let Err(error) = self.look_up_into(&mut cached, operation, collection, &search).await {
            if error.is_cancelled() {
                return Err(error);
            }
            self.notice_once(error);
        }
        Ok(cached)
    }

    async fn look_up_into(
        &self,
        cached: &mut [Option<CachedImage>],
        operation: &Operation,
        collection: &ImageCollection,
        search: &Search<'_>,
    ) -> Result<(), ApiError> {
        let database = self.database().await?;
        let candidates = search.of_known_size(operation, collection, &database).await?;
        let total = candidates.len();
        let mut used = UsedRecords::default();
        // While some files are looked up, the workers read the next ones.
        let mut parts = stream::iter(candidates.chunks(IMAGES_AT_ONCE))
            .map(|part| {
                let database = &database;
                async move {
                    operation.check()?;
                    search.look_up_part(database, part).await
                }
            })
            .buffered(PARTS_IN_FLIGHT)
            .enumerate();
        while let Some((index, part)) = parts.next().await {
            let (known, part_used) = part?;
            operation.check()?;
            for (place, image) in known {
                cached[place] = Some(image);
            }
            used.extend(part_used);
            operation.progress(Stage::CacheLookup, ((index + 1) * IMAGES_AT_ONCE).min(total), total);
        }
        drop(parts);
        used.record(database);
        Ok(())
    }
}

impl Search<'_> {
    /// The cached images among some of the files, with their positions.
    async fn look_up_part(
        &self,
        database: &Database,
        part: &[usize],
    ) -> Result<(Vec<(usize, CachedImage)>, UsedRecords), ApiError> {
        let files: Vec<&SourceFile> = part.iter().map(|&place| &self.sources[place]).collect();
        let (unchanged, mut used) = look_up_unchanged(database, self.spec, &files).await?;
        let mut cached = Vec::new();
        let mut to_read = Vec::new();
        for (&place, known) in part.iter().zip(unchanged) {
            match known.and_then(|(digest, record)| embedded(digest, record)) {
                Some(image) => cached.push((place, CachedImage { image, is_unread: true })),
                None => to_read.push(place),
            }
        }
        let read = self.digests(&to_read).await;
        let by_content =
            |(_, digest): &(usize, FileDigest)| Key::by_content(self.spec, digest.byte_size, &digest.sha256);
        let keys: Vec<Key> = read.iter().map(by_content).collect();
        let (records, used_too) = look_up(database, &keys).await?;
        used.extend(used_too);
        let known = read.into_iter().zip(records).filter_map(|((place, digest), record)| {
            Some((place, CachedImage { image: embedded(digest, record?)?, is_unread: false }))
        });
        cached.extend(known);
        Ok((cached, used))
    }

    /// The digests of these files. An unreadable file is left out: it is rejected when it is added.
    async fn digests(&self, part: &[usize]) -> Vec<(usize, FileDigest)> {
        let digests = join_all(part.iter().map(|&index| self.client.digest(&self.sources[index].file))).await;
        part.iter().zip(digests).filter_map(|(&index, digest)| Some((index, digest.ok()?))).collect()
    }

    /// The positions of the files with the size of a stored image. Files whose path is in the collection are left out, since
    /// they are compared with the collection.
    async fn of_known_size(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        database: &Database,
    ) -> Result<Vec<usize>, ApiError> {
        let new: Vec<usize> = {
            let images = collection.images();
            (0..self.sources.len())
                .filter(|&index| !images.collection.contains_path(&self.sources[index].path))
                .collect()
        };
        let mut known = Vec::new();
        for part in new.chunks(SIZES_AT_ONCE) {
            let ranges: Vec<(String, String)> =
                part.iter().map(|&index| Key::range_of_size(self.spec, self.sources[index].byte_size())).collect();
            let has = database.has_any(FEATURES, &ranges).await?;
            operation.check()?;
            known.extend(part.iter().zip(has).filter(|(_, has)| *has).map(|(&index, _)| index));
        }
        Ok(known)
    }
}

fn embedded(digest: FileDigest, record: Record) -> Option<EmbeddedImage> {
    let facts = ImageFacts {
        digest,
        width_px: record.width_px,
        height_px: record.height_px,
        // They were told when the file was read.
        pages: 1,
        capture: record.capture,
        fingerprint: record.fingerprint?,
        times: StepTimes::default(),
        thumbnail: record.thumbnail?,
    };
    Some(EmbeddedImage { facts, features: record.features, processor: record.processor })
}
