//! Thumbnails for exports, as data URIs that need no other file.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use web_sys::Blob;

use crate::{Engine, Operation};
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::bytes_of;

impl Engine {
    /// The thumbnails of these images, as data URIs by path. Images without a thumbnail are left out.
    pub(super) async fn data_uris(
        &self,
        operation: &Operation<'_>,
        paths: impl IntoIterator<Item = &str>,
    ) -> Result<HashMap<String, String>, ApiError> {
        let mut uris = HashMap::new();
        for path in paths {
            if let Some(thumbnail) = self.thumbnail(path)
                && let Ok(bytes) = bytes_of(&thumbnail).await
            {
                let text = STANDARD.encode(bytes.to_vec());
                uris.insert(path.to_owned(), format!("data:{};base64,{text}", thumbnail.type_()));
            }
            operation.check()?;
        }
        Ok(uris)
    }

    /// An image's thumbnail; `None` until the image was decoded.
    pub(super) fn thumbnail(&self, path: &str) -> Option<Blob> {
        let store = self.0.store.borrow();
        let (id, _) = store.collection.by_path(path)?;
        store.stored(id)?.thumbnail.clone()
    }
}
