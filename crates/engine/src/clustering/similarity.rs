//! The images most similar to one.

use shoal_browser::yielding::Slices;

use crate::collection::{CollectionError, ImageCollection};
use crate::reports::Neighbour;

/// The `count` images most similar to the one at `path`, the most similar first.
///
/// # Errors
/// [`CollectionError::UnknownImage`].
pub async fn neighbours(
    collection: &ImageCollection,
    path: &str,
    count: usize,
) -> Result<Vec<Neighbour>, CollectionError> {
    let (own, others) = {
        let images = collection.images();
        let known = images.collection.by_path(path).and_then(|(id, _)| Some((id, images.stored(id)?)));
        let (own_id, own) = known.ok_or_else(|| CollectionError::UnknownImage { path: path.into() })?;
        let others = images.collection.in_path_order().filter(|(id, _)| *id != own_id);
        let others = others.filter_map(|(id, image)| {
            let stored = images.stored(id).filter(|stored| stored.origin.is_comparable(&own.origin))?;
            Some((image.path.clone(), stored.features.clone()))
        });
        (own.features.to_vec(), others.collect::<Vec<_>>())
    };
    let own_length = length(&own);
    let mut values = vec![0.0; own.len()];
    let mut found = Vec::with_capacity(others.len());
    let mut slices = Slices::start();
    for (path, features) in others {
        if features.length() as usize == values.len() {
            features.copy_to(&mut values);
            let dot: f64 = own.iter().zip(&values).map(|(&one, &other)| f64::from(one) * f64::from(other)).sum();
            let lengths = own_length * length(&values);
            let cosine = if lengths > 0.0 { (dot / lengths) as f32 } else { 0.0 };
            found.push(Neighbour { path, cosine });
        }
        slices.pause_when_due().await;
    }
    // A stable sort: images of equal cosine stay in path order.
    found.sort_by(|one, other| other.cosine.total_cmp(&one.cosine));
    found.truncate(count);
    Ok(found)
}

fn length(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}
