//! Browser helpers that the engine, the interface and the workers share.
//!
//! | module | what |
//! | --- | --- |
//! | `blob` | bytes into blobs, and back |
//! | `canvas` | what charts are drawn on |
//! | `failure` | the one place where errors become `{ code, message }` |
//! | `folder_picker` | the browser's own way to choose a folder |
//! | `pause` | yielding to the browser between slices of long work |
//! | `wire` | how a protocol message becomes a posted one |
//! | `worker_scope` | how a worker listens and answers |

pub mod api_error;
pub mod blob;
pub mod canvas;
pub mod folder_picker;
pub mod pause;
pub mod wire;
pub mod worker_scope;
