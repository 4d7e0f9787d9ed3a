//! Pictures on their way to the GPU and back: gathered into batches, few of which are under way.

use std::collections::VecDeque;

use futures_channel::oneshot;
use js_sys::{Float32Array, Uint8Array};

use crate::embedding::Embedding;
use shoal_protocol::GPU_BATCH_PICTURES;

/// While one batch is computed the next lies ready. More would only take memory.
pub const BATCHES_IN_FLIGHT: usize = 2;

/// Where a picture's features go, or nothing where they cannot be had.
pub type Reply = oneshot::Sender<Option<Float32Array>>;

/// A picture that waits for its batch.
struct Image {
    rgb_hwc_u8: Uint8Array,
    embedding: Embedding,
    reply: Reply,
}

/// Pictures under way. Nobody waits for one whose reply is gone.
struct InFlight {
    id: u32,
    replies: Vec<Option<Reply>>,
}

/// A batch to send.
pub struct Batch {
    /// Its number: they count up from 1.
    pub id: u32,
    /// What its pictures are embedded as.
    pub embedding: Embedding,
    /// Their pixels, back to back.
    pub rgb_hwc_u8: Uint8Array,
}

/// The pictures that wait and those under way.
#[derive(Default)]
pub struct Batches {
    /// Pictures that were announced: a batch that is not full waits for them.
    announced: usize,
    waiting: VecDeque<Image>,
    /// In the order in which they were sent and are answered.
    in_flight: VecDeque<InFlight>,
    last_id: u32,
}

impl Batches {
    /// A picture will come, or not: [`Self::settle`] ends its announcement.
    pub fn announce(&mut self) {
        self.announced += 1;
    }

    /// An announced picture has come, or never will.
    pub fn settle(&mut self) {
        self.announced -= 1;
    }

    /// Adds a picture of these pixels (`[size_px, size_px, 3]`).
    pub fn push(&mut self, rgb_hwc_u8: Uint8Array, embedding: Embedding, reply: Reply) {
        self.waiting.push_back(Image { rgb_hwc_u8, embedding, reply });
    }

    /// The next batch that can be sent, which from here on is under way: a full one, or the rest when no other picture is
    /// announced.
    pub fn next(&mut self) -> Option<Batch> {
        let embedding = self.waiting.front().filter(|_| self.in_flight.len() < BATCHES_IN_FLIGHT)?.embedding;
        let first = self.waiting.iter().take(GPU_BATCH_PICTURES);
        let count = first.take_while(|picture| picture.embedding == embedding).count();
        // A batch is also complete when the picture behind it is of another size.
        if count < GPU_BATCH_PICTURES && count == self.waiting.len() && self.announced > 0 {
            return None;
        }
        let pictures: Vec<Image> = self.waiting.drain(..count).collect();
        let total = pictures.iter().map(|picture| picture.rgb_hwc_u8.length()).sum();
        let rgb_hwc_u8 = Uint8Array::new_with_length(total);
        let mut offset = 0;
        let mut replies = Vec::with_capacity(count);
        for picture in pictures {
            rgb_hwc_u8.set(&picture.rgb_hwc_u8, offset);
            offset += picture.rgb_hwc_u8.length();
            replies.push(Some(picture.reply));
        }
        self.last_id += 1;
        self.in_flight.push_back(InFlight { id: self.last_id, replies });
        Some(Batch { id: self.last_id, embedding, rgb_hwc_u8 })
    }

    /// The batch that is to be answered next.
    pub fn oldest(&self) -> Option<u32> {
        self.in_flight.front().map(|batch| batch.id)
    }

    /// Hands each picture of the oldest batch its row of `features`, `[n, columns]`. False when it is another's answer.
    pub fn answer(&mut self, id: u32, features: &Float32Array) -> bool {
        let Some(batch) = self.in_flight.pop_front_if(|batch| batch.id == id) else { return false };
        let columns = features.length() / batch.replies.len() as u32;
        for (row, reply) in (0_u32..).zip(batch.replies) {
            if let Some(reply) = reply {
                // Whoever stopped waiting need not be told.
                let _ = reply.send(Some(features.slice(row * columns, (row + 1) * columns)));
            }
        }
        true
    }

    /// Tells everyone who waits for a picture that its features cannot be had.
    pub fn give_back(&mut self) {
        let under_way = self.in_flight.drain(..).flat_map(|batch| batch.replies).flatten();
        for reply in under_way.chain(self.waiting.drain(..).map(|picture| picture.reply)) {
            // Whoever stopped waiting need not be told.
            let _ = reply.send(None);
        }
    }

    /// Forgets everyone who waits. What is under way stays so.
    pub fn forget(&mut self) {
        self.waiting.clear();
        for batch in &mut self.in_flight {
            batch.replies.fill_with(|| None);
        }
    }
}
