//! Stable error codes. Each stage defines its own error enum next to its code.

use thiserror::Error;

/// An error with a stable, kebab-case code that programs may match on.
pub trait Coded: std::error::Error {
    /// The code, for instance `k-out-of-range`.
    fn code(&self) -> &'static str;
}

/// An option whose value is not allowed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{name} is \"{value}\", but must be {allowed}")]
pub struct OptionError {
    /// The option's name, for instance `recipe`.
    pub name: &'static str,
    /// The rejected value.
    pub value: String,
    /// The allowed values, in words.
    pub allowed: &'static str,
}

impl Coded for OptionError {
    fn code(&self) -> &'static str {
        "bad-option"
    }
}
