//! `tiaoji completions`.

use clap::CommandFactory;

use crate::args::{Args, CompletionsArgs};
use crate::console::{Console, Failure, Status};

/// Prints a shell's completion script.
pub fn completions(args: &CompletionsArgs, console: &Console) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "tiaoji", &mut script);
    console.print_bytes(&script)?;
    Ok(Status::Done)
}
