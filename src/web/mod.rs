//! The browser's side: everything that touches `web_sys`.
//!
//! - `failure`: the one place where errors become `{ code, message }`
//! - `wire`: how a protocol message becomes a posted one
//! - `lane`: the worker's side (feature `lane`)
//! - `engine`: the page's side without an interface (feature `app`)
//! - `view`: the interface (feature `app`)
//! - `element`: what JavaScript sees of both (feature `app`)

pub mod failure;
pub mod wire;

#[cfg(feature = "app")]
pub mod element;
#[cfg(feature = "app")]
pub mod engine;
#[cfg(feature = "lane")]
pub mod lane;
#[cfg(feature = "app")]
pub mod view;
