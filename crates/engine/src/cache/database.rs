//! The IndexedDB database: opening, deleting, and reading and writing many records per transaction.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{Either, join, join_all, select};
use idb::event::DatabaseEvent;
use idb::{Factory, KeyRange, ObjectStore, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbTransaction;

use shoal_browser::yielding::sleep;

use super::error::CacheError;

/// The database's name. There is one per origin.
const NAME: &str = "shoal";
/// Its version; `create_stores` creates the stores of a new one.
const VERSION: u32 = 1;
/// Features and appearance of images, by [`super::features::Key`].
pub const FEATURES: &str = "features";
/// The size of each of these and when it was last used, by the same key.
pub const USES: &str = "uses";
/// The latest collection: `head`, `pictures/0`, `pictures/1`, and so on, and `folders`.
pub const SESSION: &str = "session";
/// How long to wait for the database to open or to be deleted, in milliseconds.
const TIMEOUT_MS: i32 = 5000;

/// Why an open database is not open any longer, although nobody here closed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseLoss {
    /// Another tab deletes it.
    Deleted,
    /// Another tab runs a later version of the program, with other stores.
    Upgraded,
    /// The browser closed it: the user cleared the site's data, or the disk failed.
    Closed,
}

/// An open database.
pub struct Database(idb::Database);

impl Database {
    /// Opens the database, creating it if it does not exist. `on_loss` is called when it is lost, once.
    ///
    /// # Errors
    /// [`CacheError::Unavailable`].
    pub async fn open(on_loss: impl Fn(DatabaseLoss) + 'static) -> Result<Self, CacheError> {
        let mut request = Factory::new().and_then(|factory| factory.open(NAME, Some(VERSION))).map_err(refused)?;
        request.on_upgrade_needed(|event| {
            // Without its stores every transaction fails, and reports that.
            let _ = event.database().and_then(|database| create_stores(&database));
        });
        let mut database = answered(async { request.await }).await?;
        let on_loss = Rc::new(on_loss);
        let on_close = on_loss.clone();
        database.on_close(move |_| on_close(DatabaseLoss::Closed));
        database.on_version_change(move |event| {
            // Whoever changes it waits until no tab has the database open.
            if let Ok(database) = event.database() {
                database.close();
            }
            // Null where it is deleted.
            let version = Reflect::get(&event, &"newVersion".into());
            let is_deleted = version.is_ok_and(|version| version.is_null());
            on_loss(if is_deleted { DatabaseLoss::Deleted } else { DatabaseLoss::Upgraded });
        });
        Ok(Self(database))
    }

    /// Deletes the database.
    ///
    /// # Errors
    /// [`CacheError::Unavailable`], also when another page keeps the database open: it is deleted once that page is closed.
    pub async fn delete() -> Result<(), CacheError> {
        let request = Factory::new().and_then(|factory| factory.delete(NAME)).map_err(refused)?;
        answered(async { request.await }).await
    }

    /// Closes the database once its transactions have ended.
    pub fn close(&self) {
        self.0.close();
    }

    /// The records under these keys, `None` where there is none.
    pub async fn get(&self, store: &str, keys: &[JsValue]) -> Result<Vec<Option<JsValue>>, CacheError> {
        let read = async {
            let transaction = self.0.transaction(&[store], TransactionMode::ReadOnly)?;
            let store = transaction.object_store(store)?;
            let requests: Result<Vec<_>, _> =
                keys.iter().map(|key| store.get(key.clone()).map(IntoFuture::into_future)).collect();
            // All of them, even if one fails: a result that is not awaited would be an unhandled rejection.
            join_all(requests?).await.into_iter().collect::<Result<_, idb::Error>>()
        };
        read.await.map_err(refused)
    }

    /// Whether there is a record in each of these ranges of keys, first and last included.
    pub async fn has_any(&self, store: &str, ranges: &[(String, String)]) -> Result<Vec<bool>, CacheError> {
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

    /// Up to `most` records, with their keys, in each of these ranges of keys, first and last included.
    pub async fn get_ranges(
        &self,
        store: &str,
        ranges: &[(String, String)],
        most: u32,
    ) -> Result<Vec<Vec<(JsValue, JsValue)>>, CacheError> {
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

    /// Up to `most` records, with their keys, whose keys come after `after`, in the order of keys.
    pub async fn scan(
        &self,
        store: &str,
        after: Option<&JsValue>,
        most: u32,
    ) -> Result<Vec<(JsValue, JsValue)>, CacheError> {
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

    /// Writes to some stores in one transaction: everything or, if it fails, nothing.
    ///
    /// # Errors
    /// [`CacheError::Full`], [`CacheError::Unavailable`].
    pub async fn write(
        &self,
        stores: &[&str],
        fill: impl FnOnce(&Writer) -> Result<(), idb::Error>,
    ) -> Result<(), CacheError> {
        self.start_write(stores, fill).await
    }

    /// As [`Self::write`], but everything is passed to the database before this returns. The result follows.
    pub fn start_write<F: FnOnce(&Writer) -> Result<(), idb::Error>>(
        &self,
        stores: &[&str],
        fill: F,
    ) -> impl Future<Output = Result<(), CacheError>> + use<F> {
        let started = self.start(stores, fill);
        async move { Self::ended(started?).await }
    }

    fn start(
        &self,
        stores: &[&str],
        fill: impl FnOnce(&Writer) -> Result<(), idb::Error>,
    ) -> Result<StartedWrite, CacheError> {
        let raw: IdbTransaction = self.0.transaction(stores, TransactionMode::ReadWrite).map_err(refused)?.into();
        let mut transaction = Transaction::from(raw.clone());
        let (sender, ended) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let report = move |is_written: bool| {
            if let Some(sender) = sender.take() {
                // The receiver may be gone.
                let _ = sender.send(is_written);
            }
        };
        let report_abort = report.clone();
        transaction.on_complete(move |_| report(true));
        transaction.on_abort(move |_| report_abort(false));
        let rejection = fill(&Writer(&transaction)).err();
        if rejection.is_some() {
            // A transaction that has ended cannot be aborted.
            let _ = raw.abort();
        } else {
            commit(&raw);
        }
        Ok(StartedWrite { raw, rejection, ended, _transaction: transaction })
    }

    async fn ended(write: StartedWrite) -> Result<(), CacheError> {
        let StartedWrite { raw, rejection, ended, _transaction } = write;
        if ended.await == Ok(true) {
            return Ok(());
        }
        let why = raw.error();
        if why.as_ref().is_some_and(|why| why.name() == "QuotaExceededError") {
            return Err(CacheError::Full);
        }
        Err(match rejection {
            Some(error) => refused(error),
            None => refused(why.map_or(idb::Error::DomExceptionNotFound, idb::Error::DomException)),
        })
    }
}

/// A transaction that was filled.
struct StartedWrite {
    raw: IdbTransaction,
    rejection: Option<idb::Error>,
    ended: oneshot::Receiver<bool>,
    /// Keeps the listeners alive.
    _transaction: Transaction,
}

/// Writes within a transaction.
pub struct Writer<'a>(&'a Transaction);

impl Writer<'_> {
    /// Stores a record under a key, replacing an older one.
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

/// A field of a record, if it is of this type.
pub fn field<T: JsCast>(record: &JsValue, name: &str) -> Option<T> {
    Reflect::get(record, &name.into()).ok()?.dyn_into().ok()
}

/// A numeric field of a record.
pub fn number(record: &JsValue, name: &str) -> Option<f64> {
    Reflect::get(record, &name.into()).ok()?.as_f64()
}

/// A JavaScript array.
pub fn list(values: impl IntoIterator<Item = JsValue>) -> Array {
    values.into_iter().collect()
}

/// Commits a transaction to which nothing will be added, at once: a page that is closed aborts those that are not committed.
/// Where this fails, the transaction commits by itself.
fn commit(transaction: &IdbTransaction) {
    if let Ok(commit) = Reflect::get(transaction, &"commit".into())
        && let Some(commit) = commit.dyn_ref::<Function>()
    {
        let _ = commit.call0(transaction);
    }
}

/// The answer of the database to a request, unless it takes too long.
async fn answered<T>(request: impl Future<Output = Result<T, idb::Error>>) -> Result<T, CacheError> {
    match select(Box::pin(request), Box::pin(sleep(TIMEOUT_MS))).await {
        Either::Left((answer, _)) => answer.map_err(refused),
        Either::Right(_) => Err(CacheError::Unavailable("its database does not answer".into())),
    }
}

fn create_stores(database: &idb::Database) -> Result<(), idb::Error> {
    for store in [FEATURES, USES, SESSION] {
        database.create_object_store(store, ObjectStoreParams::new())?;
    }
    Ok(())
}

fn refused(error: idb::Error) -> CacheError {
    CacheError::Unavailable(error.to_string())
}
