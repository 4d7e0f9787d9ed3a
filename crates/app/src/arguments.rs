//! Arguments of JavaScript calls: conversion to Rust types, and the error for wrong ones.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use shoal::error::Coded;
use shoal_engine::Lockable;

/// An argument that a member does not accept.
#[derive(Debug, Error)]
pub enum ArgumentError {
    /// The value has the wrong type or an unknown name.
    #[error("{name}: {reason}")]
    Invalid {
        /// The argument's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The value is not a file.
    #[error("{member} takes a Blob or File")]
    NotABlob {
        /// The member that was called.
        member: &'static str,
    },
}

impl Coded for ArgumentError {
    fn code(&self) -> &'static str {
        "bad-option"
    }
}

/// Converts the argument called `name`.
///
/// # Errors
/// [`ArgumentError::Invalid`] if the value does not have the type `T`.
pub fn parse<T: DeserializeOwned>(name: &str, value: JsValue) -> Result<T, ArgumentError> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| ArgumentError::Invalid { name: name.to_owned(), reason: error.to_string() })
}

/// Converts a member's options; `undefined` and `null` give the defaults.
///
/// # Errors
/// [`ArgumentError::Invalid`] if the value does not have the type `T`.
pub fn parse_options<T: DeserializeOwned + Default>(member: &str, value: JsValue) -> Result<T, ArgumentError> {
    Ok(parse::<Option<T>>(&format!("options of {member}"), value)?.unwrap_or_default())
}

/// Converts a file.
///
/// # Errors
/// [`ArgumentError::NotABlob`] if the value is no `Blob`.
pub fn parse_blob(member: &'static str, value: JsValue) -> Result<Blob, ArgumentError> {
    value.dyn_into().map_err(|_| ArgumentError::NotABlob { member })
}

/// Converts an array of images' paths and clusters' ids.
///
/// # Errors
/// [`ArgumentError::Invalid`] if it contains anything but strings and non-negative integers.
pub fn parse_lockable(name: &str, value: JsValue) -> Result<Lockable, ArgumentError> {
    let mut lockable = Lockable::default();
    for entry in parse::<Vec<PathOrId>>(name, value)? {
        match entry {
            PathOrId::Path(path) => lockable.paths.push(path),
            PathOrId::Id(id) => lockable.clusters.push(id),
        }
    }
    Ok(lockable)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PathOrId {
    Id(u32),
    Path(String),
}
