//! `tiaoji`, the command line: reads a scenario, has it solved, shows the plan. No rule and no arithmetic on plans
//! lives here; what a subcommand does is in `run`, what it says in `text`.

mod args;
mod console;
mod faults;
mod limit;
mod panic;
mod plans;
mod progress;
mod run;
mod scenarios;
mod solving;
mod summary;
mod table;
mod text;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use console::{Console, Failure, Status};

fn main() -> ExitCode {
    let args = Args::parse(); // wrong usage ends here, with status 2
    let console = Console::new(args.language());
    panic::listen();
    let outcome = panic::catch(|| run(&args.command, &console));
    let status = match outcome {
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => console.fail(&failure),
        Err(panic) => console.confess(&panic),
    };
    ExitCode::from(status as u8)
}

fn run(command: &Command, console: &Console) -> Result<Status, Failure> {
    match command {
        Command::Match(args) => run::matching(args, console),
        Command::Check(args) => run::check(args, console),
        Command::Explain(args) => run::explain(args, console),
        Command::Options(args) => run::options(args, console),
        Command::WhatIf(args) => run::what_if(args, console),
        Command::Compare(args) => run::compare(args, console),
        Command::Report(args) => run::report(args, console),
        Command::Replay(args) => run::replay(args, console),
        Command::Convert(args) => run::convert(args, console),
        Command::Template(args) => run::template(args, console),
        Command::Generate(args) => run::generate(args, console),
        Command::Schema(args) => run::schema(args, console),
        Command::Completions(args) => run::completions(args, console),
    }
}
