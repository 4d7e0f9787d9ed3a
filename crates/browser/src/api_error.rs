//! The edge: every error leaves the program as `{ code, message }`.

use wasm_bindgen::{JsCast, JsValue};

use shoal::error::Coded;

/// An error on its way out: a stable code, and words for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The stable, kebab-case code.
    pub code: String,
    /// What happened, in words.
    pub message: String,
}

impl ApiError {
    /// A failure with this code and message.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    /// The failure of whatever `cancel()` stopped.
    pub fn cancelled() -> Self {
        Self::new("cancelled", "stopped as asked")
    }

    /// Wraps something that the browser threw.
    pub fn thrown(code: &str, doing: &str, thrown: &JsValue) -> Self {
        Self::new(code, format!("{doing}: {}", words_of(thrown)))
    }

    /// Whether this is the failure of something that was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.code == "cancelled"
    }

    /// The failure as a JavaScript `Error` with a `code`.
    pub fn into_js(self) -> JsValue {
        let error = js_sys::Error::new(&self.message);
        // Setting a property of an error made here cannot fail.
        let _ = js_sys::Reflect::set(&error, &"code".into(), &self.code.into());
        error.into()
    }
}

impl<E: Coded> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self { code: error.code().into(), message: error.to_string() }
    }
}

fn words_of(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => match js_sys::Reflect::get(thrown, &"message".into()).ok().and_then(|message| message.as_string()) {
            Some(message) => message,
            None => format!("{thrown:?}"),
        },
    }
}
