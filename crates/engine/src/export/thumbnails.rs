//! Thumbnails as data URIs.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::bytes_of;

use crate::collection::ImageCollection;
use crate::operation::Operation;

/// The thumbnails of these images as data URIs, by path. Images without one are left out.
pub async fn data_uris(
    operation: &Operation,
    collection: &ImageCollection,
    paths: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, String>, ApiError> {
    let mut uris = HashMap::new();
    for path in paths {
        let thumbnail = collection.images().thumbnail(path);
        if let Some(thumbnail) = thumbnail
            && let Ok(bytes) = bytes_of(&thumbnail).await
        {
            let text = STANDARD.encode(bytes.to_vec());
            uris.insert(path.to_owned(), format!("data:{};base64,{text}", thumbnail.type_()));
        }
        operation.check()?;
    }
    Ok(uris)
}
