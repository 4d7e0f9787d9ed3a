//! Pixels to features with burn.

use burn::tensor::{Device, Tensor, TensorData};
use shoal::matrix::Matrix;
use shoal::options::FeatureKind;

use crate::error::ModelError;
use crate::{MobileNet, WeightsInfo};

/// A loaded network on its device.
#[derive(Debug)]
pub struct Embedder {
    net: MobileNet,
    device: Device,
    info: WeightsInfo,
    batch_size: usize,
}

impl Embedder {
    /// Loads a network onto the CPU; see [`crate::load`].
    ///
    /// # Errors
    /// Those of [`crate::load`].
    pub fn from_weights(bytes: &[u8], expected_sha256: Option<&str>) -> Result<Self, ModelError> {
        // On the CPU a batch is no faster than one image after another.
        Self::on_device(bytes, expected_sha256, Device::flex(), 1)
    }

    /// Loads a network onto `device`, which computes batches of `batch_size` images, at least 1.
    ///
    /// # Errors
    /// Those of [`crate::load`].
    pub fn on_device(
        bytes: &[u8],
        expected_sha256: Option<&str>,
        device: Device,
        batch_size: usize,
    ) -> Result<Self, ModelError> {
        let (net, info) = crate::load(bytes, expected_sha256, &device)?;
        Ok(Self { net, device, info, batch_size: batch_size.max(1) })
    }

    /// What is known of the network.
    pub fn info(&self) -> &WeightsInfo {
        &self.info
    }

    /// Computes the features of `rgb_hwc_u8`, shape `[n, size_px, size_px, 3]`. Returns shape `[n, kind.columns(..)]`, values
    /// 0..=6. An image's features are the same to the last bit in any batch.
    ///
    /// # Errors
    /// [`ModelError::BadBatch`] when the bytes are not whole images; [`ModelError::Readback`] when the device fails.
    pub async fn embed(&self, rgb_hwc_u8: &[u8], size_px: u32, kind: FeatureKind) -> Result<Matrix, ModelError> {
        let nchw_f32 = to_nchw_f32(rgb_hwc_u8, size_px, self.info.input_mean, self.info.input_std)?;
        let side = size_px as usize;
        let image_values = side * side * 3;
        let columns = kind.columns(self.info.feature_columns, size_px);
        let mut features = Vec::with_capacity(rgb_hwc_u8.len() / image_values * columns);
        for images in nchw_f32.chunks(self.batch_size * image_values) {
            let mut batch = images.to_vec();
            // Blank images fill the last batch: how a backend tiles a matrix product, and with it the last bits of an
            // image's features, may depend on the batch size.
            batch.resize(self.batch_size * image_values, 0.0);
            let shape = [self.batch_size, 3, side, side];
            let input = Tensor::from_data(TensorData::new(batch, shape), &self.device);
            let output = match kind {
                FeatureKind::Pooled => self.net.forward_pooled(input),
                FeatureKind::Flat => self.net.forward_flat(input),
            };
            let data = output.into_data_async().await.map_err(|error| ModelError::Readback(format!("{error:?}")))?;
            let values = data.try_into_vec::<f32>().map_err(|error| ModelError::Readback(format!("{error:?}")))?;
            features.extend(values.into_iter().take(images.len() / image_values * columns));
        }
        Matrix::from_rows(features, columns).map_err(|error| ModelError::Readback(error.to_string()))
    }
}

/// Scales pixels, `(rgb / 255 - mean) / std`, and lays them out by channel: `[n, size_px, size_px, 3]` to
/// `[n, 3, size_px, size_px]`.
///
/// # Errors
/// [`ModelError::BadBatch`] when the bytes are not whole images.
pub fn to_nchw_f32(rgb_hwc_u8: &[u8], size_px: u32, mean: [f32; 3], std: [f32; 3]) -> Result<Vec<f32>, ModelError> {
    let places = (size_px as usize).saturating_mul(size_px as usize);
    let expected = places.saturating_mul(3);
    if expected == 0 || !rgb_hwc_u8.len().is_multiple_of(expected) {
        return Err(ModelError::BadBatch { expected, found: rgb_hwc_u8.len() });
    }
    let mut nchw_f32 = Vec::with_capacity(rgb_hwc_u8.len());
    for image in rgb_hwc_u8.chunks_exact(expected) {
        for channel in 0..3 {
            let (mean, std) = (mean[channel], std[channel]);
            let values = image.iter().skip(channel).step_by(3);
            nchw_f32.extend(values.map(|value| (f32::from(*value) / 255.0 - mean) / std));
        }
    }
    Ok(nchw_f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_scaled_and_laid_out_by_channel() {
        let two_images = [0, 51, 255, 255, 0, 51];
        let scaled = to_nchw_f32(&two_images, 1, [0.5, 0.0, 1.0], [0.5, 1.0, 2.0]).unwrap();
        assert_eq!(scaled, [-1.0, 0.2, 0.0, 1.0, 0.0, -0.4]);
        let planes = to_nchw_f32(&(0..12).collect::<Vec<u8>>(), 2, [0.0; 3], [1.0 / 255.0; 3]).unwrap();
        let rounded: Vec<i32> = planes.iter().map(|value| value.round() as i32).collect();
        assert_eq!(rounded, [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
    }

    #[test]
    fn a_part_of_an_image_is_refused() {
        assert_eq!(to_nchw_f32(&[0; 13], 2, [0.0; 3], [1.0; 3]), Err(ModelError::BadBatch { expected: 12, found: 13 }));
        assert!(to_nchw_f32(&[0; 3], 0, [0.0; 3], [1.0; 3]).is_err());
    }
}
