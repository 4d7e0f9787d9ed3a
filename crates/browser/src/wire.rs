//! How a protocol message becomes a posted one: `{ id, message, file?, bulk }`.

use js_sys::{Array, Float32Array, Object, Reflect, Uint32Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use crate::api_error::ApiError;
use shoal_protocol::NONE;

/// A message as it travels between the page and a worker.
pub struct Envelope<M> {
    /// Ties an answer to its question.
    pub id: u32,
    /// The message itself.
    pub message: M,
    /// The file it is about.
    pub file: Option<File>,
    /// Its bulky parts, in the order that the message documents.
    pub bulk: Array,
}

impl<M: Serialize + DeserializeOwned> Envelope<M> {
    /// The envelope as a plain object for `postMessage`.
    pub fn into_js(self) -> Result<JsValue, ApiError> {
        let object = Object::new();
        let message = to_js(&self.message)?;
        let file = self.file.map_or(JsValue::UNDEFINED, JsValue::from);
        let parts =
            [("id", JsValue::from(self.id)), ("message", message), ("file", file), ("bulk", self.bulk.clone().into())];
        for (name, value) in parts {
            Reflect::set(&object, &name.into(), &value).map_err(|thrown| bad_message(&thrown))?;
        }
        Ok(object.into())
    }

    /// Reads an envelope that the other side posted.
    pub fn from_js(data: &JsValue) -> Result<Self, ApiError> {
        let part = |name: &str| Reflect::get(data, &name.into()).map_err(|thrown| bad_message(&thrown));
        let message = serde_wasm_bindgen::from_value(part("message")?)
            .map_err(|error| ApiError::new("bad-message", error.to_string()))?;
        Ok(Self {
            id: part("id")?.as_f64().unwrap_or_default() as u32,
            message,
            file: part("file")?.dyn_into().ok(),
            bulk: part("bulk")?.dyn_into().unwrap_or_default(),
        })
    }
}

/// Converts a value for JavaScript: structs and maps as plain objects, `None` as `null`.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, ApiError> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|error| ApiError::new("bad-message", error.to_string()))
}

/// The `Float32Array` at `index` of a message's bulk, copied into this program's memory.
pub fn bulk_f32(bulk: &Array, index: u32) -> Result<Vec<f32>, ApiError> {
    Ok(bulk_as::<Float32Array>(bulk, index)?.to_vec())
}

/// The `Uint32Array` at `index` of a message's bulk, copied into this program's memory.
pub fn bulk_u32(bulk: &Array, index: u32) -> Result<Vec<u32>, ApiError> {
    Ok(bulk_as::<Uint32Array>(bulk, index)?.to_vec())
}

/// Labels as they travel.
pub fn wire_labels(labels: &[Option<u32>]) -> Uint32Array {
    let labels: Vec<u32> = labels.iter().map(|label| label.unwrap_or(NONE)).collect();
    Uint32Array::from(labels.as_slice())
}

/// Labels that travelled.
pub fn read_labels(labels: Vec<u32>) -> Vec<Option<u32>> {
    labels.into_iter().map(|label| (label != NONE).then_some(label)).collect()
}

/// The object at `index` of a message's bulk.
pub fn bulk_as<T: JsCast>(bulk: &Array, index: u32) -> Result<T, ApiError> {
    bulk.get(index).dyn_into().map_err(|_| ApiError::new("bad-message", "a message came without its values"))
}

/// The buffers of the typed arrays in `bulk`: what may be moved instead of copied.
pub fn transfer_list(bulk: &Array) -> Array {
    bulk.iter()
        .filter_map(|part| Reflect::get(&part, &"buffer".into()).ok())
        .filter(|buffer| buffer.is_instance_of::<js_sys::ArrayBuffer>())
        .collect()
}

fn bad_message(thrown: &JsValue) -> ApiError {
    ApiError::thrown("bad-message", "a message could not be read", thrown)
}
