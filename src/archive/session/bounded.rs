//! Lists of bounded length: elements beyond the limit are counted, not kept.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::SESSION_ELEMENTS_MAX;
use super::SessionError;

/// The first [`SESSION_ELEMENTS_MAX`] elements of a list.
pub(super) struct Bounded<T> {
    kept: Vec<T>,
    count: usize,
}

impl<T> Bounded<T> {
    /// Returns all elements.
    ///
    /// # Errors
    /// [`SessionError::TooLarge`] if there were more than the limit.
    pub fn all(self, what: &str) -> Result<Vec<T>, SessionError> {
        check_count(self.count, what)?;
        Ok(self.kept)
    }
}

/// Rejects more than [`SESSION_ELEMENTS_MAX`] elements.
pub(super) fn check_count(count: usize, what: &str) -> Result<(), SessionError> {
    if count > SESSION_ELEMENTS_MAX {
        let message = format!("it has {count} {what}, but at most {SESSION_ELEMENTS_MAX} are read");
        return Err(SessionError::TooLarge(message));
    }
    Ok(())
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bounded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

struct Elements<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
    type Value = Bounded<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < SESSION_ELEMENTS_MAX {
            let Some(element) = elements.next_element()? else {
                return Ok(Bounded { count: kept.len(), kept });
            };
            kept.push(element);
        }
        let mut count = kept.len();
        while elements.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Bounded { kept, count })
    }
}
