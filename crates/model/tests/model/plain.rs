//! A plain implementation of MobileNetV2 at width 0.35 with its norms: slow, and independent of the crate's own code.

use shoal_model::tensors::{NamedTensor, WeightsFile};

/// Input channels, output channels, expansion and stride of every block at width 0.35.
const BLOCKS: [(usize, usize, usize, usize); 17] = [
    (16, 8, 1, 1),
    (8, 8, 6, 2),
    (8, 8, 6, 1),
    (8, 16, 6, 2),
    (16, 16, 6, 1),
    (16, 16, 6, 1),
    (16, 24, 6, 2),
    (24, 24, 6, 1),
    (24, 24, 6, 1),
    (24, 24, 6, 1),
    (24, 32, 6, 1),
    (32, 32, 6, 1),
    (32, 32, 6, 1),
    (32, 56, 6, 2),
    (56, 56, 6, 1),
    (56, 56, 6, 1),
    (56, 112, 6, 1),
];
const EPSILON: f64 = 1e-3;

/// A convolution with its norm: names, channels in (per group) and out, kernel, stride, whether ReLU6 follows.
struct Layer {
    convolution: String,
    norm: String,
    inputs: usize,
    outputs: usize,
    kernel: usize,
    stride: usize,
    cut: bool,
}

fn layer(at: [String; 2], inputs: usize, outputs: usize, kernel: usize, stride: usize, cut: bool) -> Layer {
    let [convolution, norm] = at;
    Layer { convolution, norm, inputs, outputs, kernel, stride, cut }
}

fn stem() -> Layer {
    layer(["features.0.0".into(), "features.0.1".into()], 3, 16, 3, 2, true)
}

fn head() -> Layer {
    layer(["features.18.0".into(), "features.18.1".into()], 112, 1280, 1, 1, true)
}

fn block(index: usize) -> Vec<Layer> {
    let (inputs, outputs, expansion, stride) = BLOCKS[index];
    let name = |part: &str| format!("features.{}.conv.{part}", index + 1);
    let hidden = inputs * expansion;
    if expansion == 1 {
        return vec![
            layer([name("0.0"), name("0.1")], 1, hidden, 3, stride, true),
            layer([name("1"), name("2")], hidden, outputs, 1, 1, false),
        ];
    }
    vec![
        layer([name("0.0"), name("0.1")], inputs, hidden, 1, 1, true),
        layer([name("1.0"), name("1.1")], 1, hidden, 3, stride, true),
        layer([name("2"), name("3")], hidden, outputs, 1, 1, false),
    ]
}

/// A network of made-up numbers with torchvision's names.
pub fn made_network(padding: &str) -> WeightsFile {
    let mut file = WeightsFile::default();
    for (key, value) in
        [("architecture", "mobilenet_v2"), ("width", "0.35"), ("padding", padding), ("batch_norm_epsilon", "1e-3")]
    {
        file.metadata.insert(key.into(), value.into());
    }
    let mut state = 1_u32;
    // Pseudo-random numbers from -1 to 1.
    let mut drawn = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state >> 8) / f64::from(1 << 23) - 1.0) as f32
    };
    let layers = std::iter::once(stem()).chain((0..17).flat_map(block)).chain(std::iter::once(head()));
    for layer in layers {
        let fan_in = layer.inputs * layer.kernel * layer.kernel;
        let mut put = |name: String, shape: Vec<usize>, centre: f32, spread: f32| {
            let values = (0..shape.iter().product()).map(|_| centre + spread * drawn()).collect();
            file.tensors.insert(name, NamedTensor { shape, values });
        };
        let shape = vec![layer.outputs, layer.inputs, layer.kernel, layer.kernel];
        put(format!("{}.weight", layer.convolution), shape, 0.0, (3.0 / fan_in as f32).sqrt());
        for (part, centre, spread) in
            [("weight", 1.0, 0.4), ("bias", 0.2, 0.3), ("running_mean", 0.0, 0.2), ("running_var", 0.6, 0.4)]
        {
            put(format!("{}.{part}", layer.norm), vec![layer.outputs], centre, spread);
        }
    }
    file
}

/// A square map, `[channels, side, side]`.
struct Square {
    values: Vec<f64>,
    side: usize,
}

/// The pooled features of one image, scaled as torchvision does.
pub fn features(file: &WeightsFile, rgb_hwc_u8: &[u8], side: usize, tensorflow: bool) -> Vec<f32> {
    let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
    let scaled =
        |c: usize| rgb_hwc_u8.iter().skip(c).step_by(3).map(move |v| (f64::from(*v) / 255.0 - mean[c]) / std[c]);
    let input = Square { values: (0..3).flat_map(scaled).collect(), side };
    let mut x = run(file, &stem(), &input, tensorflow);
    for (index, (inputs, outputs, _, stride)) in BLOCKS.into_iter().enumerate() {
        let mut y = Square { values: x.values.clone(), side: x.side };
        for layer in block(index) {
            y = run(file, &layer, &y, tensorflow);
        }
        if inputs == outputs && stride == 1 {
            y.values.iter_mut().zip(&x.values).for_each(|(y, x)| *y += x);
        }
        x = y;
    }
    let map = run(file, &head(), &x, tensorflow);
    let places = map.side * map.side;
    map.values.chunks_exact(places).map(|plane| (plane.iter().sum::<f64>() / places as f64) as f32).collect()
}

fn run(file: &WeightsFile, layer: &Layer, x: &Square, tensorflow: bool) -> Square {
    let weight = &file.tensors[&format!("{}.weight", layer.convolution)].values;
    let norm = |part: &str, channel: usize| f64::from(file.tensors[&format!("{}.{part}", layer.norm)].values[channel]);
    let (kernel, stride, side_in) = (layer.kernel, layer.stride, x.side);
    let side = side_in.div_ceil(stride);
    let before = match (kernel, tensorflow && stride == 2 && side_in % 2 == 0) {
        (1, _) | (_, true) => 0,
        _ => 1,
    };
    let depthwise = layer.inputs == 1;
    let mut values = Vec::with_capacity(layer.outputs * side * side);
    for channel in 0..layer.outputs {
        let gain = norm("weight", channel) / (norm("running_var", channel) + EPSILON).sqrt();
        for place in 0..side * side {
            let (row, column) = (place / side, place % side);
            let mut sum = 0.0;
            for input in 0..layer.inputs {
                let plane = if depthwise { channel } else { input };
                for tap in 0..kernel * kernel {
                    let (y, x_at) = (row * stride + tap / kernel, column * stride + tap % kernel);
                    if y < before || x_at < before || y - before >= side_in || x_at - before >= side_in {
                        continue;
                    }
                    let value = x.values[(plane * side_in + y - before) * side_in + x_at - before];
                    let at = (channel * layer.inputs + input) * kernel * kernel + tap;
                    sum += value * f64::from(weight[at]);
                }
            }
            let normed = (sum - norm("running_mean", channel)) * gain + norm("bias", channel);
            values.push(if layer.cut { normed.clamp(0.0, 6.0) } else { normed });
        }
    }
    Square { values, side }
}
