//! Browser helpers that the engine, the interface and the workers share.
//!
//! | module | contents |
//! | --- | --- |
//! | `api_error` | errors of the public API, `{ code, message }` |
//! | `blob` | conversion between bytes and blobs |
//! | `canvas` | a plotting backend on a canvas |
//! | `folder_picker` | the browser's folder chooser |
//! | `wire` | the format of posted messages |
//! | `worker_scope` | dispatching requests to handlers in a worker |
//! | `yielding` | yielding to the browser between slices of long work |

pub mod api_error;
pub mod blob;
pub mod canvas;
pub mod folder_picker;
pub mod wire;
pub mod worker_scope;
pub mod yielding;
