//! The command `shoal`, run as a program.

mod images;
mod interruption;
mod quality;
mod support;
