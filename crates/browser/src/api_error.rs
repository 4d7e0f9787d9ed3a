//! Errors of the public API: `{ code, message }`. The errors of all stages are converted here and nowhere else.

use serde::{Deserialize, Serialize};
use shoal::collection::Rejection;
use shoal::error::Coded;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};

/// An error of the public API: a stable code and a message for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// The stable, kebab-case code.
    pub code: String,
    /// What happened.
    pub message: String,
}

/// The operation was cancelled.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the operation was cancelled")]
pub struct Cancelled;

impl Coded for Cancelled {
    fn code(&self) -> &'static str {
        "cancelled"
    }
}

impl ApiError {
    /// The error of an operation that was cancelled.
    pub fn cancelled() -> Self {
        Cancelled.into()
    }

    /// Whether the error means that the operation was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.code == Cancelled.code()
    }

    /// The error with only the first line of its message.
    #[must_use]
    pub fn first_line(self) -> Self {
        Self { message: self.message.lines().next().unwrap_or_default().to_owned(), ..self }
    }

    /// The rejection, for this reason, of the file at `path`.
    pub fn into_rejection(self, path: String) -> Rejection {
        Rejection { path, code: self.code, reason: self.message }
    }

    /// The error as a JavaScript `Error` with a `code`.
    pub fn into_js(self) -> JsValue {
        let error = js_sys::Error::new(&self.message);
        // Setting a property of a plain error object cannot fail.
        let _ = js_sys::Reflect::set(&error, &"code".into(), &self.code.into());
        error.into()
    }
}

impl<E: Coded> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self { code: error.code().into(), message: error.to_string() }
    }
}

/// The message of a value that the browser threw.
pub fn thrown_message(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => match js_sys::Reflect::get(thrown, &"message".into()).ok().and_then(|message| message.as_string()) {
            Some(message) => message,
            None => format!("{thrown:?}"),
        },
    }
}
