//! Options from a file, `--config FILE`: TOML with the names of the options. The command line wins over the environment, and
//! the environment over the file.

use std::fs;

use clap::{ArgAction, Command, CommandFactory, FromArgMatches, Parser};
use toml::de::{DeTable, DeValue};

use crate::args::Args;

/// The options of this process.
///
/// # Errors
/// What is wrong with the file, each fault with its line. What is wrong with the command line ends the process, as usual.
pub fn args() -> Result<Args, String> {
    let args = Args::parse();
    let Some(path) = &args.config else { return Ok(args) };
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let command = with_defaults(Args::command(), &text).map_err(|faults| {
        let lines = faults.iter().map(|(line, why)| format!("{shown}:{line}: {why}"));
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Args::from_arg_matches(&command.get_matches()).map_err(|error| error.to_string())
}

/// A command whose options have the values of a file where neither the command line nor the environment gives them one;
/// or every fault of the file, with its line.
fn with_defaults(mut command: Command, text: &str) -> Result<Command, Vec<(usize, String)>> {
    let line = |byte: usize| text[..byte].matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| {
        vec![(line(error.span().map_or(0, |span| span.start)), error.message().to_string())]
    })?;
    let mut faults = Vec::new();
    for (key, value) in table.get_ref() {
        let (name, at) = (key.get_ref().as_ref(), line(key.span().start));
        let value = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Boolean(flag) => flag.to_string(),
            _ => {
                faults.push((at, format!("`{name}` is a text, a whole number, true or false")));
                continue;
            }
        };
        match set(command.clone(), name, &value) {
            Ok(changed) => command = changed,
            Err(why) => faults.push((at, why)),
        }
    }
    faults.sort();
    if faults.is_empty() { Ok(command) } else { Err(faults) }
}

/// Gives an option a default wherever it may stand, with a subcommand or without.
fn set(mut command: Command, name: &str, value: &str) -> Result<Command, String> {
    let places: Vec<String> = std::iter::once(String::new())
        .chain(command.get_subcommands().map(|sub| sub.get_name().to_string()))
        .collect();
    let mut is_known = false;
    for place in places {
        let here = if place.is_empty() { Some(&command) } else { command.find_subcommand(&place) };
        // an option for a service has a name in the environment, too
        let arg = here.and_then(|here| {
            let mut args = here.get_arguments().filter(|arg| arg.get_env().is_some());
            args.find(|arg| arg.get_long() == Some(name) && name != "config")
        });
        let Some(arg) = arg else { continue };
        is_known = true;
        let is_flag = matches!(arg.get_action(), ArgAction::SetTrue);
        if is_flag && !["true", "false"].contains(&value) {
            return Err(format!("`{name}` is true or false"));
        }
        let alone = Command::new("file").arg(arg.clone().env(None));
        let line = format!("--{name}={value}");
        if !is_flag && let Err(error) = alone.try_get_matches_from(["file", line.as_str()]) {
            let why = error.to_string();
            let first = why.lines().next().unwrap_or_default();
            return Err(first.trim_start_matches("error: ").to_string());
        }
        let id = arg.get_id().clone();
        let value = value.to_string();
        command = if place.is_empty() {
            command.mut_arg(id, |arg| arg.default_value(value))
        } else {
            command.mut_subcommand(place, |sub| sub.mut_arg(id, |arg| arg.default_value(value)))
        };
    }
    if is_known { Ok(command) } else { Err(format!("there is no option `{name}` for a file")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, line: &str) -> Result<Args, Vec<(usize, String)>> {
        let command = with_defaults(Args::command(), text)?;
        let matches = command.try_get_matches_from(line.split_whitespace()).expect("a line");
        Ok(Args::from_arg_matches(&matches).expect("options"))
    }

    #[test]
    fn the_command_line_wins() {
        let text = "listen = \"127.0.0.1:9\" # where\nmax-body = 8\ninsecure-http = true\ndatabase = \"sqlite:a.db\"\nworkers = 3\n";
        let args = read(text, "tiaoji-server --max-body 9").expect("a file").serve;
        assert_eq!((args.listen.port(), args.max_body, args.insecure_http), (9, 9, true));
        assert_eq!((args.database.database.as_str(), args.runs.count()), ("sqlite:a.db", 3));
        // so does the demonstration, which takes no database
        assert!(read(text, "tiaoji-server --demo").expect("a file").serve.demo);
        let Some(crate::args::Command::Worker(worker)) =
            read(text, "tiaoji-server worker --workers 5").expect("a file").command
        else {
            panic!("a worker")
        };
        assert_eq!((worker.database.database.as_str(), worker.runs.count()), ("sqlite:a.db", 5));
    }

    #[test]
    fn every_fault_with_its_line() {
        let check = |text: &str, expect: &[(usize, &str)]| {
            let faults = read(text, "tiaoji-server").map(|_| ()).expect_err(text);
            let lines: Vec<usize> = faults.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, expect.iter().map(|(line, _)| *line).collect::<Vec<_>>(), "{faults:?}");
            for ((_, why), (_, word)) in faults.iter().zip(expect) {
                assert!(why.contains(word), "{why}");
            }
        };
        check("listen = \"here\"\n\nspeed = 1\nmax-body = 65\n", &[(1, "here"), (3, "`speed`"), (4, "65")]);
        check("insecure-http = 1\nmax-body = [1]\n", &[(1, "true or false"), (2, "a text")]);
        // what is only for the command line
        check(
            "demo = true\nconfig = \"x\"\nrole = \"zone\"\n",
            &[(1, "`demo`"), (2, "`config`"), (3, "`role`")],
        );
        check("a = 1\nb\n", &[(2, "")]);
        check("max_body = 1\n", &[(1, "`max_body`")]);
        check("max-body = 1\nmax-body = 2\n", &[(2, "duplicate")]);
    }
}
