//! The browser's side: everything that touches `web_sys`.
//!
//! - `blob`: bytes into blobs, and back
//! - `failure`: the one place where errors become `{ code, message }`
//! - `wire`: how a protocol message becomes a posted one
//! - `worker_scope`: how a worker listens and answers (features `lane` and `gpu`)
//! - `lane`: a lane's side (feature `lane`)
//! - `gpu`: the side of the graphics processor's worker (feature `gpu`)
//! - `engine`: the page's side without an interface (feature `app`)
//! - `view`: the interface (feature `app`)
//! - `folder_picker`: the browser's own way to choose a folder (feature `app`)
//! - `canvas`: what plots are drawn on (feature `app`)
//! - `element`: what JavaScript sees of both (feature `app`)

pub mod blob;
#[cfg(feature = "app")]
pub mod canvas;
pub mod failure;
pub mod wire;

#[cfg(feature = "app")]
pub mod element;
#[cfg(feature = "app")]
pub mod engine;
#[cfg(feature = "app")]
pub mod folder_picker;
#[cfg(feature = "gpu")]
pub mod gpu;
#[cfg(feature = "lane")]
pub mod lane;
#[cfg(feature = "app")]
pub mod pause;
#[cfg(feature = "app")]
pub mod view;
#[cfg(any(feature = "lane", feature = "gpu"))]
pub mod worker_scope;
