//! The browser's database: opening and emptying it, and reading and writing many records in one transaction.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{Either, join, join_all, select};
use idb::event::DatabaseEvent;
use idb::{Factory, KeyRange, ObjectStore, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbTransaction;

use shoal_browser::api_error::ApiError;
use shoal_browser::pause::sleep;

/// The database's name. It is this program's alone, in each origin.
const NAME: &str = "shoal";
/// Its version; `lay_out` makes the stores of a fresh one.
const VERSION: u32 = 1;
/// What pictures were embedded to, by [`super::features::Key`].
pub const FEATURES: &str = "features";
/// How large each of these is and when it was last used, by the same key.
pub const USES: &str = "uses";
/// The latest collection: `head`, `pictures/0`, `pictures/1`, and so on, and `folders`.
pub const SESSION: &str = "session";
/// A database that does not open in this time, in milliseconds, is not waited for.
const PATIENCE_MS: i32 = 5000;

/// An open database.
pub struct Database(idb::Database);

impl Database {
    /// Opens it, making it where there is none. `on_loss` is told when it is deleted elsewhere.
    ///
    /// # Errors
    /// `storage-unavailable` where the browser refuses.
    pub async fn open(on_loss: impl FnOnce() + 'static) -> Result<Self, ApiError> {
        let mut request = Factory::new().and_then(|factory| factory.open(NAME, Some(VERSION))).map_err(refused)?;
        request.on_upgrade_needed(|event| {
            // What cannot be made now is missing in every transaction, which fails then.
            let _ = event.database().and_then(|database| lay_out(&database));
        });
        let mut database = match select(Box::pin(async { request.await }), Box::pin(sleep(PATIENCE_MS))).await {
            Either::Left((opened, _)) => opened.map_err(refused)?,
            Either::Right(_) => {
                return Err(ApiError::new("storage-unavailable", "the browser's store does not answer"));
            }
        };
        database.on_version_change(move |event| {
            // Whoever deletes it waits until nobody has it open.
            if let Ok(database) = event.database() {
                database.close();
            }
            on_loss();
        });
        Ok(Self(database))
    }

    /// Deletes it with everything in it.
    ///
    /// # Errors
    /// `storage-unavailable` where the browser refuses.
    pub async fn delete() -> Result<(), ApiError> {
        let request = Factory::new().and_then(|factory| factory.delete(NAME)).map_err(refused)?;
        request.await.map_err(refused)
    }

    /// Closes it once its transactions have ended.
    pub fn close(&self) {
        self.0.close();
    }

    /// The records under these keys, `None` where there is none.
    pub async fn get(&self, store: &str, keys: &[JsValue]) -> Result<Vec<Option<JsValue>>, ApiError> {
        let read = async {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadOnly)?;
            let store = transaction.object_store(store)?;
            let requests: Result<Vec<_>, _> =
                keys.iter().map(|key| store.get(key.clone()).map(IntoFuture::into_future)).collect();
            // All of them, also when one fails: an answer that nobody waits for any more would be an exception.
            join_all(requests?).await.into_iter().collect::<Result<_, idb::Error>>()
        };
        read.await.map_err(refused)
    }

    /// Whether there is a record in each of these ranges of keys, first and last included.
    pub async fn has_any(&self, store: &str, ranges: &[(String, String)]) -> Result<Vec<bool>, ApiError> {
        let read = async {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadOnly)?;
            let store = transaction.object_store(store)?;
            let request = |(first, last): &(String, String)| {
                let range = KeyRange::bound(&first.as_str().into(), &last.as_str().into(), None, None)?;
                store.get_key(Query::KeyRange(range)).map(IntoFuture::into_future)
            };
            let requests: Result<Vec<_>, _> = ranges.iter().map(request).collect();
            let keys = join_all(requests?).await.into_iter();
            keys.map(|key| Ok(key?.is_some())).collect::<Result<_, idb::Error>>()
        };
        read.await.map_err(refused)
    }

    /// Up to `most` records and their keys of each of these ranges of keys, first and last included.
    pub async fn get_ranges(
        &self,
        store: &str,
        ranges: &[(String, String)],
        most: u32,
    ) -> Result<Vec<Vec<(JsValue, JsValue)>>, ApiError> {
        let read = async {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadOnly)?;
            let store = transaction.object_store(store)?;
            let request = |(first, last): &(String, String)| {
                let range = || KeyRange::bound(&first.as_str().into(), &last.as_str().into(), None, None);
                let keys = store.get_all_keys(Some(Query::KeyRange(range()?)), Some(most))?;
                let values = store.get_all(Some(Query::KeyRange(range()?)), Some(most))?;
                Ok::<_, idb::Error>(join(keys.into_future(), values.into_future()))
            };
            let requests: Result<Vec<_>, _> = ranges.iter().map(request).collect();
            let found = join_all(requests?).await.into_iter();
            found.map(|(keys, values)| Ok(keys?.into_iter().zip(values?).collect())).collect::<Result<_, idb::Error>>()
        };
        read.await.map_err(refused)
    }

    /// Up to `most` records and their keys, from the one after `after` on, in the order of keys.
    pub async fn scan(
        &self,
        store: &str,
        after: Option<&JsValue>,
        most: u32,
    ) -> Result<Vec<(JsValue, JsValue)>, ApiError> {
        let read = async {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadOnly)?;
            let store = transaction.object_store(store)?;
            let range = || -> Result<Option<Query>, idb::Error> {
                Ok(match after {
                    Some(after) => Some(Query::KeyRange(KeyRange::lower_bound(after, Some(true))?)),
                    None => None,
                })
            };
            let (keys, values) = (store.get_all_keys(range()?, Some(most))?, store.get_all(range()?, Some(most))?);
            let (keys, values) = join(keys.into_future(), values.into_future()).await;
            Ok(keys?.into_iter().zip(values?).collect())
        };
        read.await.map_err(refused)
    }

    /// Writes to some stores in one transaction: all of it or, when it fails, nothing.
    ///
    /// # Errors
    /// `storage-full` when there is no room, `storage-unavailable` when the browser refuses.
    pub async fn write(
        &self,
        stores: &[&str],
        fill: impl FnOnce(&Writer) -> Result<(), idb::Error>,
    ) -> Result<(), ApiError> {
        let raw: IdbTransaction = self.0.transaction(stores, TransactionMode::ReadWrite).map_err(refused)?.into();
        let mut transaction = Transaction::from(raw.clone());
        let (sender, ended) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let tell = move |is_written: bool| {
            if let Some(sender) = sender.take() {
                // Whoever no longer waits need not be told.
                let _ = sender.send(is_written);
            }
        };
        let tell_too = tell.clone();
        transaction.on_complete(move |_| tell(true));
        transaction.on_abort(move |_| tell_too(false));
        let rejection = fill(&Writer(&transaction)).err();
        if rejection.is_some() {
            // One that has ended by itself cannot be ended once more.
            let _ = raw.abort();
        }
        if ended.await == Ok(true) {
            return Ok(());
        }
        let why = raw.error();
        if why.as_ref().is_some_and(|why| why.name() == "QuotaExceededError") {
            let message = "there is no room left in this browser to remember more";
            return Err(ApiError::new("storage-full", message));
        }
        Err(match rejection {
            Some(error) => refused(error),
            None => refused(why.map_or(idb::Error::DomExceptionNotFound, idb::Error::DomException)),
        })
    }
}

/// What a transaction writes.
pub struct Writer<'a>(&'a Transaction);

impl Writer<'_> {
    /// Puts a record under a key, in place of what is there.
    pub fn put(&self, store: &str, key: &JsValue, value: &JsValue) -> Result<(), idb::Error> {
        self.store(store)?.put(value, Some(key)).map(drop)
    }

    /// Deletes the record under a key.
    pub fn delete(&self, store: &str, key: &JsValue) -> Result<(), idb::Error> {
        self.store(store)?.delete(key.clone()).map(drop)
    }

    /// Deletes the records whose keys begin with `prefix`.
    pub fn delete_all(&self, store: &str, prefix: &str) -> Result<(), idb::Error> {
        let range = KeyRange::bound(&prefix.into(), &end_of(prefix).into(), None, None)?;
        self.store(store)?.delete(range).map(drop)
    }

    fn store(&self, name: &str) -> Result<ObjectStore, idb::Error> {
        self.0.object_store(name)
    }
}

/// A key after all keys that begin with `prefix`.
pub fn end_of(prefix: &str) -> String {
    format!("{prefix}\u{ffff}")
}

/// A plain object.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// A field of a record, where it is of this type.
pub fn field<T: JsCast>(record: &JsValue, name: &str) -> Option<T> {
    Reflect::get(record, &name.into()).ok()?.dyn_into().ok()
}

/// A number among a record's fields.
pub fn number(record: &JsValue, name: &str) -> Option<f64> {
    Reflect::get(record, &name.into()).ok()?.as_f64()
}

/// A list as JavaScript has it.
pub fn list(values: impl IntoIterator<Item = JsValue>) -> Array {
    values.into_iter().collect()
}

fn lay_out(database: &idb::Database) -> Result<(), idb::Error> {
    for store in [FEATURES, USES, SESSION] {
        database.create_object_store(store, ObjectStoreParams::new())?;
    }
    Ok(())
}

fn refused(error: idb::Error) -> ApiError {
    ApiError::new("storage-unavailable", format!("this browser lets the page remember nothing: {error}"))
}
