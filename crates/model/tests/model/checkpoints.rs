//! Checkpoints as they are found: PyTorch's files, other libraries' names, any width, wrapped in dictionaries, damaged or
//! hostile.

use std::path::Path;
use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use shoal::error::Coded;
use shoal::options::FeatureKind;
use shoal_model::convert::{Converted, convert, is_converted};
use shoal_model::embed::Embedder;
use shoal_model::error::ModelError;
use shoal_model::tensors::{NamedTensor, WeightsFile};
use shoal_model::{checkpoint, load};

use crate::plain;
use crate::support::{MOBILENET_V2, cosine, now, npz_f32, relative_error, shared};
use crate::torch_save::{Stored, Value, legacy, zipped};

/// A network of width 0.35 with torchvision's names, its values rounded to f16.
static MADE: LazyLock<WeightsFile> =
    LazyLock::new(|| WeightsFile::read(&plain::made_network("torch").write_f16().unwrap()).unwrap());

fn pixels() -> Vec<u8> {
    (0..64 * 64 * 3).map(|i: usize| (i * i / 7 % 256) as u8).collect()
}

fn features(bytes: &[u8]) -> Vec<f32> {
    let embedder = Embedder::from_weights(bytes, None).unwrap();
    now(embedder.embed(&pixels(), 64, FeatureKind::Pooled)).unwrap().into_values()
}

/// The same tensors in safetensors, without metadata.
fn bare() -> Vec<u8> {
    WeightsFile { tensors: MADE.tensors.clone(), ..WeightsFile::default() }.write_f16().unwrap()
}

/// A `state_dict` of tensors, each name with `prefix` before it, each tensor stored as `store` says.
fn state_dict(prefix: &str, store: impl Fn(&NamedTensor) -> Stored) -> Value {
    let entry = |(name, tensor): (&String, &NamedTensor)| (format!("{prefix}{name}"), Value::Tensor(store(tensor)));
    Value::Dict(MADE.tensors.iter().map(entry).collect())
}

/// A `state_dict` with one entry replaced or added.
fn with_entry(name: &str, value: Value) -> Value {
    let Value::Dict(mut entries) = state_dict("", Stored::f32) else { unreachable!() };
    entries.retain(|(key, _)| key != name);
    entries.push((name.to_owned(), value));
    Value::Dict(entries)
}

/// Timm's name for one of torchvision's, by its own table: the group and block that each of the 17 blocks is in timm.
fn timm_name(name: &str) -> String {
    const PLACES: [(usize, usize); 17] = [
        (0, 0),
        (1, 0),
        (1, 1),
        (2, 0),
        (2, 1),
        (2, 2),
        (3, 0),
        (3, 1),
        (3, 2),
        (3, 3),
        (4, 0),
        (4, 1),
        (4, 2),
        (5, 0),
        (5, 1),
        (5, 2),
        (6, 0),
    ];
    let (module, parameter) = name.rsplit_once('.').unwrap();
    let theirs = match module.strip_prefix("features.").map(|rest| rest.split_once('.').unwrap()) {
        None => "classifier".to_owned(),
        Some(("0", part)) => ["conv_stem", "bn1"][part.parse::<usize>().unwrap()].to_owned(),
        Some(("18", part)) => ["conv_head", "bn2"][part.parse::<usize>().unwrap()].to_owned(),
        Some((block, part)) => {
            let block: usize = block.parse().unwrap();
            let (group, index) = PLACES[block - 1];
            let part = match (block, part.strip_prefix("conv.").unwrap()) {
                (1, "0.0") => "conv_dw",
                (1, "0.1") => "bn1",
                (1, "1") => "conv_pw",
                (1, "2") => "bn2",
                (_, "0.0") => "conv_pw",
                (_, "0.1") => "bn1",
                (_, "1.0") => "conv_dw",
                (_, "1.1") => "bn2",
                (_, "2") => "conv_pwl",
                (_, "3") => "bn3",
                (_, other) => panic!("{other}"),
            };
            format!("blocks.{group}.{index}.{part}")
        }
    };
    format!("{theirs}.{parameter}")
}

#[test]
fn pytorch_files_give_the_same_network_as_safetensors() {
    let wanted = features(&bare());
    assert!(wanted.iter().any(|value| *value > 0.1));
    let strided = |tensor: &NamedTensor| match tensor.shape.len() {
        4 => Stored::channels_last(tensor),
        _ => Stored::f32(tensor),
    };
    for (what, bytes) in [
        ("f32", zipped(&state_dict("", Stored::f32))),
        ("f16", zipped(&state_dict("", Stored::f16))),
        ("channels last", zipped(&state_dict("", strided))),
        ("old stream", legacy(&state_dict("", Stored::f32))),
        ("parallel", zipped(&state_dict("module.", Stored::f32))),
        ("step counter", zipped(&with_entry("features.0.1.num_batches_tracked", Value::Tensor(Stored::i64(7))))),
    ] {
        assert!(features(&bytes) == wanted, "{what}");
    }
}

#[test]
fn a_training_checkpoint_gives_the_network_in_it() {
    let average = |tensor: &NamedTensor| {
        Stored::f32(&NamedTensor { values: tensor.values.iter().map(|value| value / 2.0).collect(), ..tensor.clone() })
    };
    let checkpoint = Value::Dict(vec![
        ("epoch".into(), Value::Integer(12)),
        ("state_dict_ema".into(), state_dict("", average)),
        ("state_dict".into(), state_dict("module.", Stored::f32)),
        ("optimizer".into(), Value::Dict(vec![("step".into(), Value::Tensor(Stored::i64(9)))])),
        // An object of a class that only the training program has.
        ("arguments".into(), Value::Opcodes(b"ctraining\nArguments\n)\x81".to_vec())),
    ]);
    assert!(features(&zipped(&checkpoint)) == features(&bare()));
}

#[test]
fn timms_names_give_the_network_of_the_plain_implementation() {
    for padding in ["torch", "tensorflow"] {
        let mut renamed = WeightsFile { tensors: Default::default(), ..plain::made_network(padding) };
        renamed.tensors = MADE.tensors.iter().map(|(name, tensor)| (timm_name(name), tensor.clone())).collect();
        assert!(renamed.tensors.contains_key("blocks.6.0.conv_pwl.weight"));
        let found = features(&renamed.write_f16().unwrap());
        let wanted = plain::features(&MADE, &pixels(), 64, padding == "tensorflow");
        let worst = found.iter().zip(&wanted).map(|(f, w)| (f - w).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "{padding}: {worst}");
    }
}

#[test]
fn the_width_is_taken_from_the_shapes() {
    let info = |bytes: &[u8]| Embedder::from_weights(bytes, None).unwrap().info().clone();
    assert_eq!(info(&bare()).width, 0.35);
    let mut other = MADE.tensors.clone();
    let wider = NamedTensor { shape: vec![24, 3, 3, 3], values: vec![0.0; 24 * 27] };
    other.insert("features.0.0.weight".into(), wider);
    let other = WeightsFile { tensors: other, ..WeightsFile::default() }.write_f16().unwrap();
    assert_eq!(code(&other), "weights-architecture");
}

#[test]
fn converted_files_run_and_describe_themselves() {
    let Converted { backbone, classifier, manifest } = convert(&zipped(&state_dict("", Stored::f32))).unwrap();
    assert!(classifier.is_none() && manifest.classifier.is_none());
    assert!(is_converted(&backbone) && !is_converted(&bare()));
    let file = WeightsFile::read(&backbone).unwrap();
    assert_eq!(file.metadata["width"], "0.35");
    assert_eq!(
        (file.metadata["padding"].as_str(), file.metadata["input_mean"].as_str()),
        ("torch", "0.485 0.456 0.406")
    );
    let (found, wanted) = (features(&backbone), features(&bare()));
    assert!(cosine(&found, &wanted) > 0.9999);
}

#[test]
fn classifiers_of_any_classes_are_converted() {
    let with_classes = |classes: usize, columns: usize| {
        let mut tensors = MADE.tensors.clone();
        let values = |count: usize| (0..count).map(|i| (i % 7) as f32).collect();
        let weight = NamedTensor { shape: vec![classes, columns], values: values(classes * columns) };
        tensors.insert("classifier.1.weight".into(), weight);
        tensors.insert("classifier.1.bias".into(), NamedTensor { shape: vec![classes], values: values(classes) });
        convert(&WeightsFile { tensors, ..WeightsFile::default() }.write_f16().unwrap())
    };
    let imagenet = with_classes(1000, 1280).unwrap();
    assert!(imagenet.classifier_note().contains("1000 classes: ImageNet-1k"));
    let others = with_classes(12, 1280).unwrap();
    assert!(others.classifier_note().contains("12 classes, but the source does not say which"));
    let classifier = others.classifier.unwrap();
    assert_eq!((classifier.classes, classifier.names), (12, None));
    let file = WeightsFile::read(&classifier.bytes).unwrap();
    assert_eq!(file.tensors["classifier.weight"].shape, [12, 1280]);
    assert!(convert(&bare()).unwrap().classifier_note().contains("no classifier"));
    assert_eq!(with_classes(12, 1000).unwrap_err().code(), "weights-architecture");
}

fn code(bytes: &[u8]) -> &'static str {
    let error = convert(bytes).unwrap_err();
    println!("{error}");
    error.code()
}

#[test]
fn faulty_pytorch_files_have_their_codes() {
    let whole = zipped(&state_dict("", Stored::f32));
    assert_eq!(code(&whole[..whole.len() - 30]), "weights-format");
    assert_eq!(code(b"PK\x03\x04"), "weights-format");
    assert_eq!(code(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "weights-format");
    assert_eq!(code(b"\x80\x02}."), "weights-architecture");
    let first = &MADE.tensors["features.0.0.weight"];
    let mut values = first.values.clone();
    values[5] = f32::NAN;
    let not_a_number = Stored::f32(&NamedTensor { values, ..first.clone() });
    assert_eq!(code(&zipped(&with_entry("features.0.0.weight", Value::Tensor(not_a_number)))), "weights-not-finite");
    let one_more = zipped(&with_entry("features.19.0.weight", Value::Tensor(Stored::f32(first))));
    assert_eq!(code(&one_more), "weights-architecture");
    let integers = zipped(&with_entry("features.0.0.weight", Value::Tensor(Stored::i64(1))));
    assert_eq!(code(&integers), "weights-format");
    let another = Value::Dict(vec![("layer1.0.conv1.weight".into(), Value::Tensor(Stored::f32(first)))]);
    assert_eq!(code(&zipped(&another)), "weights-architecture");
}

#[test]
fn no_code_in_a_pickle_is_run() {
    let trace = std::env::temp_dir().join(format!("shoal-pickle-{}", std::process::id()));
    let command = format!("touch {}", trace.display());
    let mut call = b"cposix\nsystem\nX".to_vec();
    call.extend((command.len() as u32).to_le_bytes());
    call.extend(command.bytes());
    call.extend(b"\x85R");
    assert_eq!(code(&zipped(&Value::Opcodes(call.clone()))), "weights-format");
    // Next to a whole network it is a value that is ignored.
    let with_hook = zipped(&with_entry("hook", Value::Opcodes(call)));
    assert!(features(&with_hook) == features(&bare()));
    assert!(!trace.exists());
}

#[test]
fn a_file_cannot_claim_more_than_it_holds() {
    let first = Stored::f32(&MADE.tensors["features.0.0.weight"]);
    let repeated = Stored { shape: vec![30_000, 30_000], strides: vec![0, 0], ..first };
    assert_eq!(code(&zipped(&with_entry("features.0.0.weight", Value::Tensor(repeated)))), "weights-format");
    // Each tuple holds the one before twice.
    let mut doubling = b"Nq\x00".to_vec();
    (0..60).for_each(|_| doubling.extend(b"h\x00h\x00\x86q\x00"));
    assert_eq!(code(&zipped(&Value::Dict(vec![("a".into(), Value::Opcodes(doubling))]))), "weights-format");
    let deep = [b"N".to_vec(), vec![0x85; 1_000_000]].concat();
    assert_eq!(code(&zipped(&Value::Dict(vec![("a".into(), Value::Opcodes(deep))]))), "weights-format");
}

#[test]
fn damaged_files_give_a_network_or_a_known_code() {
    let known = ["weights-format", "weights-architecture", "weights-not-finite"];
    for whole in [zipped(&state_dict("", Stored::f16)), legacy(&state_dict("", Stored::f16))] {
        let check = |bytes: &[u8], what: &str| match checkpoint::read(bytes) {
            Ok(_) => {}
            Err(error) => assert!(known.contains(&error.code()), "{what}: {}", error.code()),
        };
        for part in 0..24 {
            let length = whole.len() * part / 24;
            assert!(checkpoint::read(&whole[..length]).is_err(), "cut to {length}");
        }
        // The pickle is at the front; most of the rest is numbers.
        for step in 0..200 {
            let mut bytes = whole.clone();
            let at = step * 241 % 40_000;
            bytes[at] ^= 1 << (step % 8);
            check(&bytes, &format!("bit {} of byte {at}", step % 8));
        }
    }
}

#[test]
fn a_torchvision_checkpoint_gives_pytorchs_features() {
    let Some(path) = shared("weights/torchvision_random.pth") else { return };
    let golden = std::fs::read(path.with_extension("golden.npz")).unwrap();
    let bytes = std::fs::read(path).unwrap();
    let converted = convert(&bytes).unwrap();
    assert_eq!(converted.classifier.as_ref().unwrap().classes, 1000);
    let device = Device::flex();
    for (what, weights, limit) in [("f32", &bytes, 1e-3), ("f16", &converted.backbone, 2e-2)] {
        let (net, info) = load(weights, None, &device).unwrap();
        assert_eq!((info.width, info.feature_columns), (1.0, 1280));
        // The golden inputs are scaled already.
        let input = TensorData::new(npz_f32(&golden, "nchw_f32"), [2, 3, 96, 96]);
        let output = now(net.forward_pooled(Tensor::from_data(input, &device)).into_data_async()).unwrap();
        let found = output.try_into_vec::<f32>().unwrap();
        let wanted = npz_f32(&golden, "features");
        for (found, wanted) in found.chunks_exact(1280).zip(wanted.chunks_exact(1280)) {
            let error = relative_error(found, wanted);
            println!("{what}: {error:.2e}");
            assert!(error <= limit, "{what}: {error:.2e}");
        }
    }
}

#[test]
fn a_training_checkpoint_gives_the_tensors_exported_from_it() {
    let Some(path) = shared("distill/checkpoint.pt") else { return };
    let Some(exported) = shared("weights/mobilenet_v2.safetensors") else { return };
    let read = |path: &Path| checkpoint::read(&std::fs::read(path).unwrap()).unwrap().tensors;
    let (found, wanted) = (read(&path), read(&exported));
    assert!(found.keys().eq(wanted.keys()));
    if found["stem.weight"] != wanted["stem.weight"] {
        println!("skipped: the export is of another checkpoint");
        return;
    }
    assert!(found == wanted);
}

#[test]
fn converted_files_are_recognised() {
    assert!(is_converted(MOBILENET_V2));
    assert!(matches!(convert(MOBILENET_V2), Err(ModelError::Architecture(_))));
}
