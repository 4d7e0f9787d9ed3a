//! The man pages and the shell completions, made from the options.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use shoal_native::NativeError;

use crate::arguments::Arguments;
use crate::output::Outcome;

/// Prints a script of completions.
pub fn completions(shell: Shell) -> Result<Outcome, NativeError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "shoal", &mut script);
    // A reader that has gone away is no error.
    let _ = io::Write::write_all(&mut io::stdout(), &script);
    Ok(Outcome::Done)
}

/// Writes `shoal.1` and a page for each subcommand.
///
/// # Errors
/// [`NativeError::Unwritable`].
pub fn man(dir: &Path) -> Result<Outcome, NativeError> {
    clap_mangen::generate_to(Arguments::command(), dir).map_err(NativeError::unwritable(dir))?;
    Ok(Outcome::Done)
}
