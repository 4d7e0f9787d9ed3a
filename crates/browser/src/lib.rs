//! Browser helpers that the engine, the interface and the workers share.
//!
//! | module | what |
//! | --- | --- |
//! | `blob` | bytes into blobs, and back |
//! | `canvas` | what charts are drawn on |
//! | `api_error` | the one place where errors become `{ code, message }` |
//! | `folder_picker` | the browser's own way to choose a folder |
//! //! | `wire` | how a request becomes a posted message |
//! | `worker_scope` | how a worker dispatches requests to their handlers |
//! | `yielding` | yielding to the browser between slices of long work |

pub mod api_error;
pub mod blob;
pub mod canvas;
pub mod folder_picker;
pub mod wire;
pub mod worker_scope;
pub mod yielding;
