//! Batches of images for the GPU: some are gathered, a few are in flight.

use std::collections::VecDeque;

use futures_channel::oneshot;
use js_sys::{Float32Array, Uint8Array};

use crate::settings::Embedding;
use shoal_protocol::GPU_BATCH_IMAGES;

/// Two, since one batch is uploaded while another is computed. More would only take memory.
pub const BATCHES_IN_FLIGHT: usize = 2;

/// Receives an image's features, or `None` when the GPU is lost.
pub type Reply = oneshot::Sender<Option<Float32Array>>;

/// An image that waits for its batch to be sent.
struct WaitingImage {
    rgb_hwc_u8: Uint8Array,
    embedding: Embedding,
    reply: Reply,
}

/// A batch in flight. A reply that is `None` was cancelled.
struct InFlight {
    id: u32,
    replies: Vec<Option<Reply>>,
}

/// A batch to send.
pub struct Batch {
    /// Its id. Ids count up from 1.
    pub id: u32,
    /// How its images are embedded.
    pub embedding: Embedding,
    /// Their pixels, shape `[n, size_px, size_px, 3]`.
    pub rgb_nhwc_u8: Uint8Array,
}

/// The images that wait and those in flight.
#[derive(Default)]
pub struct Batches {
    /// How many images are announced. A batch that is not full waits for them.
    announced: usize,
    waiting: VecDeque<WaitingImage>,
    /// In the order in which they were sent and will be answered.
    in_flight: VecDeque<InFlight>,
    last_id: u32,
}

impl Batches {
    /// Announces an image; [`Self::settle`] ends the announcement.
    pub fn announce(&mut self) {
        self.announced += 1;
    }

    /// Ends an announcement, because the image was added or never will be.
    pub fn settle(&mut self) {
        self.announced -= 1;
    }

    /// Adds an image, shape `[size_px, size_px, 3]`.
    pub fn push(&mut self, rgb_hwc_u8: Uint8Array, embedding: Embedding, reply: Reply) {
        self.waiting.push_back(WaitingImage { rgb_hwc_u8, embedding, reply });
    }

    /// The next batch to send, which is in flight from here on: a full one, or the rest when no other image is announced.
    pub fn next(&mut self) -> Option<Batch> {
        let embedding = self.waiting.front().filter(|_| self.in_flight.len() < BATCHES_IN_FLIGHT)?.embedding;
        let first = self.waiting.iter().take(GPU_BATCH_IMAGES);
        let count = first.take_while(|image| image.embedding == embedding).count();
        // A batch is also complete if the next image is embedded differently.
        if count < GPU_BATCH_IMAGES && count == self.waiting.len() && self.announced > 0 {
            return None;
        }
        let images: Vec<WaitingImage> = self.waiting.drain(..count).collect();
        let total = images.iter().map(|image| image.rgb_hwc_u8.length()).sum();
        let rgb_nhwc_u8 = Uint8Array::new_with_length(total);
        let mut offset = 0;
        let mut replies = Vec::with_capacity(count);
        for image in images {
            rgb_nhwc_u8.set(&image.rgb_hwc_u8, offset);
            offset += image.rgb_hwc_u8.length();
            replies.push(Some(image.reply));
        }
        self.last_id += 1;
        self.in_flight.push_back(InFlight { id: self.last_id, replies });
        Some(Batch { id: self.last_id, embedding, rgb_nhwc_u8 })
    }

    /// The id of the batch that is answered next.
    pub fn oldest(&self) -> Option<u32> {
        self.in_flight.front().map(|batch| batch.id)
    }

    /// Replies to each image of the oldest batch with its row of `features`, shape `[n, columns]`. Returns `false` if `id` is
    /// not the id of that batch.
    pub fn answer(&mut self, id: u32, features: &Float32Array) -> bool {
        let Some(batch) = self.in_flight.pop_front_if(|batch| batch.id == id) else { return false };
        let columns = features.length() / batch.replies.len() as u32;
        for (row, reply) in (0_u32..).zip(batch.replies) {
            if let Some(reply) = reply {
                // The receiver may be gone.
                let _ = reply.send(Some(features.slice(row * columns, (row + 1) * columns)));
            }
        }
        true
    }

    /// Replies to every image with `None`.
    pub fn fail_all(&mut self) {
        let in_flight_replies = self.in_flight.drain(..).flat_map(|batch| batch.replies).flatten();
        for reply in in_flight_replies.chain(self.waiting.drain(..).map(|image| image.reply)) {
            // The receiver may be gone.
            let _ = reply.send(None);
        }
    }

    /// Drops every image. Batches in flight are still awaited.
    pub fn cancel(&mut self) {
        self.waiting.clear();
        for batch in &mut self.in_flight {
            batch.replies.fill_with(|| None);
        }
    }
}
