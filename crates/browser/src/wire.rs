//! The format of posted messages: a request is `{ id, name, body }`, its answer `{ id, body }` or `{ id, error }`.

use js_sys::{Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shoal::error::Coded;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};

use crate::api_error::{ApiError, thrown_message};

/// A message cannot be posted or read: the two sides are different builds, or the browser refused it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WireError {
    /// A value cannot be converted for JavaScript.
    #[error("a value cannot be posted: {0}")]
    NotSerializable(String),
    /// A message lacks a part, or a part has another type.
    #[error("a message cannot be read: {0}")]
    NotReadable(String),
    /// The browser refused to post a message.
    #[error("a message could not be posted: {0}")]
    NotPosted(String),
    /// There is no handler for a request.
    #[error("there is no request {0}")]
    UnknownRequest(String),
}

impl Coded for WireError {
    fn code(&self) -> &'static str {
        "bad-message"
    }
}

/// A posted request.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Matches the answer to the request.
    pub id: u32,
    /// The request's name.
    pub name: String,
    /// The request itself.
    pub body: JsValue,
}

/// An answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request's id.
    pub id: u32,
    /// The reply, or why there is none.
    pub result: Result<JsValue, ApiError>,
    /// How much memory the worker's program has, in bytes; 0 if unknown.
    pub program_bytes: f64,
}

impl Posted {
    /// The object to post.
    pub fn into_js(self) -> Result<JsValue, WireError> {
        object([("id", self.id.into()), ("name", self.name.into()), ("body", self.body)])
    }

    /// Reads a message that the page posted.
    pub fn from_js(data: &JsValue) -> Result<Self, WireError> {
        let name = field(data, "name")?.as_string();
        let name = name.ok_or_else(|| WireError::NotReadable("it has no name".into()))?;
        Ok(Self { id: id_of(data)?, name, body: field(data, "body")? })
    }
}

impl Answer {
    /// The object to post.
    pub fn into_js(self) -> Result<JsValue, WireError> {
        let result = match self.result {
            Ok(body) => ("body", body),
            Err(error) => ("error", to_js(&error)?),
        };
        object([("id", self.id.into()), result, ("programBytes", self.program_bytes.into())])
    }

    /// Reads a message that a worker posted.
    pub fn from_js(data: &JsValue) -> Result<Self, WireError> {
        let error = field(data, "error")?;
        let result = if error.is_undefined() { Ok(field(data, "body")?) } else { Err(from_js(error)?) };
        let program_bytes = field(data, "programBytes")?.as_f64().unwrap_or_default();
        Ok(Self { id: id_of(data)?, result, program_bytes })
    }
}

/// Converts a value for JavaScript: structs and maps as plain objects, `None` as `null`.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, WireError> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|error| WireError::NotSerializable(error.to_string()))
}

/// Reads a value that came from JavaScript.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, WireError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| WireError::NotReadable(error.to_string()))
}

/// The buffers of the typed arrays among the fields of a message's body, and among those of its plain objects, which can be
/// transferred instead of copied.
pub fn transfer_list(body: &JsValue) -> js_sys::Array {
    let buffers = js_sys::Array::new();
    collect_buffers(body, &buffers);
    buffers
}

fn collect_buffers(body: &JsValue, buffers: &js_sys::Array) {
    let Some(fields) = body.dyn_ref::<Object>() else { return };
    for value in Object::values(fields) {
        match Reflect::get(&value, &"buffer".into()) {
            Ok(buffer) if buffer.is_instance_of::<js_sys::ArrayBuffer>() => drop(buffers.push(&buffer)),
            _ if is_plain(&value) => collect_buffers(&value, buffers),
            _ => {}
        }
    }
}

/// Whether this is an object that was made of a struct or a map.
fn is_plain(value: &JsValue) -> bool {
    value.dyn_ref::<Object>().is_some_and(|object| object.constructor() == Object::new().constructor())
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Result<JsValue, WireError> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &name.into(), &value)
            .map_err(|thrown| WireError::NotSerializable(thrown_message(&thrown)))?;
    }
    Ok(object.into())
}

fn field(data: &JsValue, name: &str) -> Result<JsValue, WireError> {
    Reflect::get(data, &name.into()).map_err(|thrown| WireError::NotReadable(thrown_message(&thrown)))
}

fn id_of(data: &JsValue) -> Result<u32, WireError> {
    let id = field(data, "id")?.as_f64();
    id.map(|id| id as u32).ok_or_else(|| WireError::NotReadable("it has no id".into()))
}
