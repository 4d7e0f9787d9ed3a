//! Stable error codes. Each stage has an error enum of its own beside its code.

/// An error with a stable, kebab-case code that programs may match on.
pub trait Coded: std::error::Error {
    /// The code, for instance `k-out-of-range`.
    fn code(&self) -> &'static str;
}
