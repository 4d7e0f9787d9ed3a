//! The public events: conversion of the engine's events to names and details for JavaScript.

use serde_json::json;
use wasm_bindgen::JsValue;

use shoal_browser::api_error::ApiError;
use shoal_browser::wire::to_js;
use shoal_engine::Event;

/// The name and `detail` of a public event; `None` for an event of the interface only.
///
/// `result` and `edit` have no detail here: converting a clustering of thousands of images takes time, so that
/// `www/image-shoal.js` reads the member `result` when a listener asks for the detail.
pub fn public_event(event: &Event) -> Option<(&'static str, JsValue)> {
    let (name, detail) = match event {
        Event::Ready(info) => ("ready", to_js(info)),
        Event::Progress { stage, done, total } => {
            ("progress", to_js(&json!({ "stage": stage.name(), "done": done, "total": total })))
        }
        Event::Busy(busy) => ("busy", to_js(&json!({ "busy": busy }))),
        Event::Result(Some(_)) => ("result", Ok(JsValue::UNDEFINED)),
        Event::Edited(_) => ("edit", Ok(JsValue::UNDEFINED)),
        Event::Notice(error) => ("notice", to_js(&code_and_message(error))),
        Event::Failed(error) => ("error", to_js(&code_and_message(error))),
        Event::Result(None)
        | Event::Image { .. }
        | Event::PreviewClusters(_)
        | Event::Collection { .. }
        | Event::Cache(_)
        | Event::Timed(_)
        | Event::Rejected(_)
        | Event::Cleared
        | Event::Set { .. } => return None,
    };
    Some((name, detail.ok()?))
}

fn code_and_message(error: &ApiError) -> serde_json::Value {
    json!({ "code": error.code, "message": error.message })
}
