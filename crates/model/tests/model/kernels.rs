//! The CPU kernels layer by layer against burn, for every backbone, with inputs of realistic size.

use burn::tensor::{Device, Tensor, TensorData};
use shoal::options::FeatureKind;
use shoal_kernels::{CpuNet, Extent, Scratch};
use shoal_model::tensors::{NamedTensor, WeightsFile};
use shoal_model::{Backbone, MobileNet, Padding, WeightsInfo, embed, load};
use shoal_weights::layers::layers;

/// The largest difference, of the largest value: sums are in another order.
const ERROR_MAX: f32 = 2e-5;

/// A network with made-up weights, of which about half of the activations are cut off by ReLU6.
fn network(backbone: Backbone, padding: Padding) -> (MobileNet, CpuNet, WeightsInfo) {
    let descriptor = backbone.descriptor();
    let mut file = WeightsFile::default();
    for (key, value) in [("architecture", descriptor.architecture), ("padding", padding.name())] {
        file.metadata.insert(key.into(), value.into());
    }
    let mut insert = |name: String, shape: &[usize], scale: f32| {
        let values = made_up(shape.iter().product()).into_iter().map(|value| value * scale).collect();
        file.tensors.insert(name, NamedTensor { shape: shape.to_vec(), values });
    };
    for layer in layers(descriptor, 1.0) {
        let fan_in: usize = layer.shape[1..].iter().product();
        insert(format!("{}.weight", layer.name), &layer.shape, 1.0 / (fan_in as f32).sqrt());
        insert(format!("{}.bias", layer.name), &layer.shape[..1], 0.3);
    }
    let bytes = file.write_f16().unwrap();
    let (net, info) = load(&bytes, None, &Device::flex()).unwrap();
    (net, CpuNet::from_weights(&bytes, None).unwrap(), info)
}

/// Every backbone with both paddings.
fn networks() -> impl Iterator<Item = (MobileNet, CpuNet, WeightsInfo)> {
    let with = |backbone: &Backbone| [Padding::Tensorflow, Padding::Torch].map(|padding| network(*backbone, padding));
    Backbone::ALL.iter().flat_map(with)
}

/// Made-up values between -2 and 2.
fn made_up(length: usize) -> Vec<f32> {
    (0..length as u64).map(|index| (index * index * 7919 % 4001) as f32 / 1000.0 - 2.0).collect()
}

/// `[1, channels, height, width]` from `[height, width, channels]`.
fn to_burn(values: &[f32], extent: Extent, channels: usize) -> Tensor<4> {
    let data = TensorData::new(values.to_vec(), [1, extent.height, extent.width, channels]);
    Tensor::<4>::from_data(data, &Device::flex()).permute([0, 3, 1, 2])
}

/// `[height, width, channels]` from `[1, channels, height, width]`.
fn from_burn(tensor: Tensor<4>) -> Vec<f32> {
    tensor.permute([0, 2, 3, 1]).into_data().try_into_vec().unwrap()
}

fn assert_close(found: &[f32], wanted: &[f32], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let largest = wanted.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    for (index, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!((found - wanted).abs() <= ERROR_MAX * largest, "{what}, value {index}: {found}, not {wanted}");
    }
}

#[test]
fn every_block_agrees_with_burn() {
    for (net, cpu, info) in networks() {
        let mut scratch = Scratch::default();
        assert_eq!(net.blocks.len(), cpu.blocks().len());
        for (index, (module, block)) in net.blocks.iter().zip(cpu.blocks()).enumerate() {
            // The scratch is shared: what a larger map left in it must not leak into a smaller one.
            for (height, width) in [(9, 13), (32, 28), (4, 4), (1, 1), (2, 7), (3, 2)] {
                let extent = Extent { height, width };
                let input = made_up(extent.places() * block.channels_in());
                let wanted = from_burn(module.forward(to_burn(&input, extent, block.channels_in())));
                let mut found = vec![f32::NAN; wanted.len()];
                block.forward(&input, extent, &mut scratch, &mut found);
                let what = format!("{}, block {index} at {height} x {width}, {:?}", info.backbone, info.padding);
                assert_close(&found, &wanted, &what);
            }
        }
    }
}

#[test]
fn a_whole_network_agrees_with_burn() {
    for (net, mut cpu, info) in networks() {
        for size_px in [224, 64, 96, 128] {
            let side = size_px as usize;
            let pixels: Vec<u8> = (0..side * side * 3).map(|index| (index * index / 5 % 256) as u8).collect();
            let scaled = embed::to_nchw_f32(&pixels, size_px, info.input_mean, info.input_std).unwrap();
            let input = Tensor::from_data(TensorData::new(scaled, [1, 3, side, side]), &Device::flex());
            let pooled: Vec<f32> = net.forward_pooled(input.clone()).into_data().try_into_vec().unwrap();
            let flat: Vec<f32> = net.forward_flat(input).into_data().try_into_vec().unwrap();
            assert!(pooled.iter().any(|value| *value > 0.1) && pooled.contains(&0.0));
            for (kind, wanted) in [(FeatureKind::Pooled, pooled), (FeatureKind::Flat, flat)] {
                let found = cpu.embed(&pixels, size_px, kind).unwrap();
                let what = format!("{}, {kind:?} at {size_px} px, {:?}", info.backbone, info.padding);
                assert_close(found.values(), &wanted, &what);
            }
        }
    }
}
