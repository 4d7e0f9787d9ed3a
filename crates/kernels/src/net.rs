//! A whole network on one CPU thread, from pixels to features.

use std::mem::swap;

use shoal::matrix::Matrix;
use shoal::options::FeatureKind;
use shoal_weights::WeightsInfo;
use shoal_weights::backbone;
use shoal_weights::error::ModelError;

use super::block::{Block, Extent, Scratch};
use super::pack::Layers;
use super::vector::{LANES, relu6, store};

const COLOURS: usize = 3;

/// A network with its weights packed, and buffers that are reused from image to image.
#[derive(Debug)]
pub struct CpuNet {
    info: WeightsInfo,
    /// Each colour's 256 values, scaled as the weights require.
    scaled: [[f32; 256]; COLOURS],
    layers: Layers,
    /// The scaled image with a place of zeros around it, `[side + 2, side + 2, 3]`.
    image: Vec<f32>,
    scratch: Scratch,
    map: Vec<f32>,
    next_map: Vec<f32>,
}

impl CpuNet {
    /// Loads a network from any file that [`shoal_weights::checkpoint::read`] reads; `expected_sha256` is in hexadecimal.
    ///
    /// # Errors
    /// Those of [`backbone::read`].
    pub fn from_weights(bytes: &[u8], expected_sha256: Option<&str>) -> Result<Self, ModelError> {
        let weights = backbone::read(bytes, expected_sha256)?;
        let info = weights.info.clone();
        let scale = |colour: usize| {
            let (mean, std) = (info.input_mean[colour], info.input_std[colour]);
            std::array::from_fn(|value| (value as f32 / 255.0 - mean) / std)
        };
        Ok(Self {
            scaled: std::array::from_fn(scale),
            layers: Layers::pack(weights)?,
            info,
            image: Vec::new(),
            scratch: Scratch::default(),
            map: Vec::new(),
            next_map: Vec::new(),
        })
    }

    /// The inverted residuals.
    pub fn blocks(&self) -> &[Block] {
        &self.layers.blocks
    }

    /// What is known of the network.
    pub fn info(&self) -> &WeightsInfo {
        &self.info
    }

    /// Computes the features of `rgb_hwc_u8`, shape `[n, size_px, size_px, 3]`. Returns shape `[n, kind.columns(..)]`, values
    /// 0..=6. An image's features are the same to the last bit in any batch.
    ///
    /// # Errors
    /// [`ModelError::BadBatch`] when the bytes are not whole images.
    pub fn embed(&mut self, rgb_hwc_u8: &[u8], size_px: u32, kind: FeatureKind) -> Result<Matrix, ModelError> {
        let expected = (size_px as usize).saturating_mul(size_px as usize).saturating_mul(COLOURS);
        if expected == 0 || !rgb_hwc_u8.len().is_multiple_of(expected) {
            return Err(ModelError::BadBatch { expected, found: rgb_hwc_u8.len() });
        }
        let columns = kind.columns(self.info.feature_columns, size_px);
        let mut features = Matrix::zeros(rgb_hwc_u8.len() / expected, columns);
        let rows = features.values_mut().chunks_exact_mut(columns);
        for (image, features) in rgb_hwc_u8.chunks_exact(expected).zip(rows) {
            self.embed_one(image, size_px, kind, features);
        }
        Ok(features)
    }

    fn embed_one(&mut self, rgb_hwc_u8: &[u8], size_px: u32, kind: FeatureKind, features: &mut [f32]) {
        let side = size_px as usize;
        self.scale(rgb_hwc_u8, side);
        let extent = self.run_blocks(side);
        let head = &self.layers.head;
        let channels = head.channels_out();
        self.next_map.resize(extent.places() * channels, 0.0);
        let map = &mut self.next_map;
        head.run(&self.map[..extent.places() * head.channels_in()], |place, channel, [low, high]| {
            store(map, place * channels + channel, relu6(low));
            store(map, place * channels + channel + LANES, relu6(high));
        });
        match kind {
            FeatureKind::Flat => features.copy_from_slice(map),
            FeatureKind::Pooled => {
                for place in map.chunks_exact(channels) {
                    features.iter_mut().zip(place).for_each(|(sum, value)| *sum += value);
                }
                let share = 1.0 / extent.places() as f32;
                features.iter_mut().for_each(|sum| *sum *= share);
            }
        }
    }

    fn scale(&mut self, rgb_hwc_u8: &[u8], side: usize) {
        let row_values = (side + 2) * COLOURS;
        self.image.clear();
        self.image.resize((side + 2) * row_values, 0.0);
        let rows = self.image.chunks_exact_mut(row_values).skip(1);
        for (row, pixels) in rows.zip(rgb_hwc_u8.chunks_exact(side * COLOURS)) {
            let places = row[COLOURS..].as_chunks_mut::<COLOURS>().0;
            for (place, pixel) in places.iter_mut().zip(pixels.as_chunks::<COLOURS>().0) {
                *place = std::array::from_fn(|colour| self.scaled[colour][usize::from(pixel[colour])]);
            }
        }
    }

    /// Runs stem and blocks, from `image` to `map`; returns the map's extent.
    fn run_blocks(&mut self, side: usize) -> Extent {
        let Self { layers: Layers { stem, blocks, .. }, image, scratch, map, next_map, .. } = self;
        let mut extent = Extent { height: side, width: side }.strided(2);
        for (index, block) in blocks.iter().enumerate() {
            let out = extent.strided(block.stride);
            next_map.resize(out.places() * block.channels_out(), 0.0);
            if index == 0 {
                let row_values = (side + 2) * COLOURS;
                let skipped = 1 - block.padding.before(3, 2, side);
                let stem_rows = |rows: std::ops::Range<usize>, offsets: &[usize], wide: &mut [f32]| {
                    for (row, offsets) in rows.zip(offsets.chunks_exact(extent.width)) {
                        let tap_row = |tap| {
                            &image[(row * 2 + skipped + tap) * row_values + skipped * COLOURS..]
                                [..row_values - skipped * COLOURS]
                        };
                        let output = &mut wide[offsets[0]..][..extent.width * stem.channels_out()];
                        stem.row(std::array::from_fn(tap_row), output);
                    }
                };
                block.forward_from(stem_rows, None, extent, scratch, next_map);
            } else {
                block.forward(map, extent, scratch, next_map);
            }
            swap(map, next_map);
            extent = out;
        }
        extent
    }
}
