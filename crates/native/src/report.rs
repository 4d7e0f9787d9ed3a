//! The report: clusters, scores and charts in one HTML file.

use std::collections::HashMap;
use std::fs;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use rayon::prelude::*;
use shoal::archive::npz::FeatureSpec;
use shoal::archive::{Report, report_facts};
use shoal::collection::Clustering;
use shoal::plot::{ChartData, ChartKind};
use shoal::preprocess::{Framing, decode, fit};

use crate::NativeError;
use crate::folder::{self, Listed};

/// The side of a thumbnail, in pixels: twice the size shown, for dense screens.
const THUMBNAIL_PX: u32 = 192;
/// The quality of a thumbnail's JPEG, to 100.
const THUMBNAIL_QUALITY: u8 = 80;

/// The report of a clustering as an HTML document. `images`, in path order, illustrate it; `spec` says how the features were
/// computed, if that is known.
///
/// # Errors
/// [`NativeError::Plot`].
pub fn html(clustering: &Clustering, images: &[Listed], spec: Option<&FeatureSpec>) -> Result<String, NativeError> {
    let samples = clustering.clusters.par_iter().flat_map_iter(|cluster| &cluster.representatives);
    let thumbnails: HashMap<String, String> =
        samples.filter_map(|path| Some((path.clone(), thumbnail(folder::find(images, path)?)?))).collect();
    let data = ChartData::from(clustering);
    let mut charts = Vec::new();
    for kind in ChartKind::ALL.iter().filter(|kind| kind.info().in_report) {
        if kind.check(&data).is_ok() {
            charts.push((kind.info().caption.to_owned(), kind.svg(&data, &thumbnails)?));
        }
    }
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let report = Report {
        clustering,
        created_ms: since_1970.as_millis() as f64,
        facts: report_facts(clustering, spec),
        charts,
        thumbnails: &thumbnails,
    };
    Ok(report.html())
}

/// A square thumbnail as a `data:` URI; `None` if the image cannot be read, which leaves its place empty.
fn thumbnail(image: &Listed) -> Option<String> {
    let bytes = fs::read(&image.file).ok()?;
    let rgba = std::panic::catch_unwind(|| decode(&bytes)).ok()?.ok()?;
    let square = fit(&rgba.pixels_rgba_u8, rgba.width, rgba.height, THUMBNAIL_PX, Framing::CropCentre).ok()?;
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, THUMBNAIL_QUALITY);
    encoder.write_image(&square, THUMBNAIL_PX, THUMBNAIL_PX, ExtendedColorType::Rgb8).ok()?;
    Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg)))
}
