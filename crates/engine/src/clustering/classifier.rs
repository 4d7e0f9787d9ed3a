//! The classifier's file, which is downloaded in the background when it is first needed.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Uint8Array;

use crate::cancellation::Cancellation;
use crate::compute::weights::ManifestFile;
use crate::compute::{Signs, download};

/// How long a call waits for a download that does not advance, in milliseconds, before it ends without names.
const PATIENCE_MS: i32 = 2_000;

/// The file of the classifier that was needed last. Clones are handles to the same file.
#[derive(Clone, Default)]
pub struct ClassifierFile(Rc<State>);

#[derive(Default)]
struct State {
    /// The file's bytes, and its SHA-256.
    file: RefCell<Option<(String, Uint8Array)>>,
    /// Waits for the download that runs, if one does.
    waiting: RefCell<Option<Vec<oneshot::Sender<()>>>>,
    /// Of the server.
    signs: Signs,
    closing: Cancellation,
}

impl ClassifierFile {
    /// The bytes of a classifier's file, or `None` if it cannot be had. It is downloaded from below `base_url` unless it is there.
    pub async fn fetch(&self, classifier: &ManifestFile, base_url: &str) -> Option<Uint8Array> {
        loop {
            if let Some(bytes) = self.bytes(classifier) {
                return Some(bytes);
            }
            let (sender, receiver) = oneshot::channel();
            let is_first = self.0.waiting.borrow().is_none();
            self.0.waiting.borrow_mut().get_or_insert_default().push(sender);
            if is_first {
                self.0.download(classifier, base_url).await;
                return self.bytes(classifier);
            }
            // Another download, perhaps of another file. It has failed if that is not there afterwards, and may be tried again.
            let _ = receiver.await;
        }
    }

    fn bytes(&self, classifier: &ManifestFile) -> Option<Uint8Array> {
        let file = self.0.file.borrow();
        file.as_ref().filter(|(sha256, _)| *sha256 == classifier.sha256).map(|(_, bytes)| bytes.clone())
    }

    /// Waits for `work`, except while a download that it may wait for does not advance. Returns whether it has ended.
    pub async fn while_advancing(&self, work: impl Future<Output = ()>) -> bool {
        self.0.signs.watch_while(PATIENCE_MS, || self.0.waiting.borrow().is_some(), work).await.is_some()
    }

    /// Ends a download.
    pub fn close(&self) {
        self.0.closing.cancel();
    }
}

impl State {
    async fn download(&self, classifier: &ManifestFile, base_url: &str) {
        let url = classifier.url(base_url);
        let downloaded = self.closing.or_cancelled(download(&url, |_, _| self.signs.give())).await;
        if let Ok(Ok(bytes)) = downloaded {
            self.file.replace(Some((classifier.sha256.clone(), bytes)));
        }
        // Dropping the senders wakes those who wait.
        self.waiting.take();
    }
}
