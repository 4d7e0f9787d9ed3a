//! A writer of `torch.save` files: the zip of PyTorch 1.6 and later, and the concatenated pickles of earlier versions.
//!
//! Source: `torch/serialization.py` and the opcodes in Python's `pickletools.py`.

use std::io::{Cursor, Write};

use half::f16;
use shoal_model::tensors::NamedTensor;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A value in a checkpoint.
pub enum Value {
    Dict(Vec<(String, Value)>),
    Tensor(Stored),
    Integer(i32),
    /// Opcodes that leave one value on the stack.
    Opcodes(Vec<u8>),
}

/// A tensor with the storage that it is a view of.
pub struct Stored {
    pub class: &'static str,
    pub storage: Vec<u8>,
    pub elements: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

impl Stored {
    pub fn f32(tensor: &NamedTensor) -> Self {
        let storage = tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self { class: "FloatStorage", storage, ..Self::of(tensor) }
    }

    pub fn f16(tensor: &NamedTensor) -> Self {
        let storage = tensor.values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect();
        Self { class: "HalfStorage", storage, ..Self::of(tensor) }
    }

    /// Channels innermost, as `memory_format=torch.channels_last` lays out a convolution's weights.
    pub fn channels_last(tensor: &NamedTensor) -> Self {
        let &[out, channels, height, width] = tensor.shape.as_slice() else { panic!("{:?}", tensor.shape) };
        let mut storage = Vec::new();
        for row in 0..out {
            for place in 0..height * width {
                for channel in 0..channels {
                    let value = tensor.values[(row * channels + channel) * height * width + place];
                    storage.extend(value.to_le_bytes());
                }
            }
        }
        let strides = vec![height * width * channels, 1, width * channels, channels];
        Self { class: "FloatStorage", storage, strides, ..Self::of(tensor) }
    }

    /// A counter of training steps.
    pub fn i64(value: i64) -> Self {
        let storage = value.to_le_bytes().to_vec();
        Self { class: "LongStorage", storage, elements: 1, shape: Vec::new(), strides: Vec::new() }
    }

    fn of(tensor: &NamedTensor) -> Self {
        let strides = (0..tensor.shape.len()).map(|axis| tensor.shape[axis + 1..].iter().product()).collect();
        let elements = tensor.values.len();
        Self { class: "", storage: Vec::new(), elements, shape: tensor.shape.clone(), strides }
    }
}

/// The zip that `torch.save` writes.
pub fn zipped(root: &Value) -> Vec<u8> {
    let mut storages = Vec::new();
    let pickle = pickled(root, false, &mut storages);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut put = |name: String, bytes: &[u8]| {
        zip.start_file(format!("made/{name}"), stored).unwrap();
        zip.write_all(bytes).unwrap();
    };
    put("data.pkl".into(), &pickle);
    put("byteorder".into(), b"little");
    for (key, tensor) in storages.iter().enumerate() {
        put(format!("data/{key}"), &tensor.storage);
    }
    put("version".into(), b"3\n");
    zip.finish().unwrap().into_inner()
}

/// The stream that `torch.save` wrote before PyTorch 1.6.
pub fn legacy(root: &Value) -> Vec<u8> {
    let mut storages = Vec::new();
    let main = pickled(root, true, &mut storages);
    let mut bytes = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.".to_vec();
    bytes.extend(b"\x80\x02M\xe9\x03.");
    bytes.extend(b"\x80\x02}(X\x10\x00\x00\x00protocol_versionM\xe9\x03X\x0d\x00\x00\x00little_endian\x88u.");
    bytes.extend(main);
    bytes.extend(b"\x80\x02](");
    (0..storages.len()).for_each(|key| text(&mut bytes, &key.to_string()));
    bytes.extend(b"e.");
    for tensor in storages {
        bytes.extend((tensor.elements as i64).to_le_bytes());
        bytes.extend(&tensor.storage);
    }
    bytes
}

fn pickled<'a>(root: &'a Value, is_legacy: bool, storages: &mut Vec<&'a Stored>) -> Vec<u8> {
    let mut bytes = b"\x80\x02".to_vec();
    value(&mut bytes, root, is_legacy, storages);
    bytes.push(b'.');
    bytes
}

fn value<'a>(bytes: &mut Vec<u8>, one: &'a Value, is_legacy: bool, storages: &mut Vec<&'a Stored>) {
    match one {
        Value::Dict(entries) => {
            bytes.extend(b"ccollections\nOrderedDict\n)R(");
            for (key, entry) in entries {
                text(bytes, key);
                value(bytes, entry, is_legacy, storages);
            }
            bytes.push(b'u');
        }
        Value::Tensor(tensor) => {
            bytes.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
            text(bytes, "storage");
            bytes.extend(format!("ctorch\n{}\n", tensor.class).bytes());
            text(bytes, &storages.len().to_string());
            text(bytes, "cpu");
            integer(bytes, tensor.elements);
            // The old stream also says whether the storage is part of another.
            bytes.extend(if is_legacy { b"NtQK\x00".as_slice() } else { b"tQK\x00" });
            for numbers in [&tensor.shape, &tensor.strides] {
                bytes.push(b'(');
                numbers.iter().for_each(|number| integer(bytes, *number));
                bytes.push(b't');
            }
            bytes.extend(b"\x89ccollections\nOrderedDict\n)RtR");
            storages.push(tensor);
        }
        Value::Integer(number) => integer(bytes, usize::try_from(*number).unwrap()),
        Value::Opcodes(opcodes) => bytes.extend(opcodes),
    }
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(b'X');
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.bytes());
}

fn integer(bytes: &mut Vec<u8>, number: usize) {
    bytes.push(b'J');
    bytes.extend(i32::try_from(number).unwrap().to_le_bytes());
}
