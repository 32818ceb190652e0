//! What may stand on the command line, and in the environment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};
use tiaoji_store::Access;

use crate::app::Settings;
use crate::proof::Outside;
use crate::runs::worker::Solver;

/// The zone's service: its postings, plans and people, over HTTP.
#[derive(Debug, Parser)]
#[command(
    name = "tiaoji-server",
    version,
    after_help = "\
Every option is also read from the environment, as TIAOJI_ and its name in capitals, and from the file of --config:
the command line wins over the environment, and that over the file.

Examples:
  tiaoji-server --demo                          a made-up zone to look at, gone when it stops
  tiaoji-server --database sqlite:zone.db       one file, made where there is none
  tiaoji-server user --database sqlite:zone.db --role zone --login chief < password
  tiaoji-server key --database sqlite:zone.db --role service --name erp --expires 365d
  tiaoji-server backup --database sqlite:zone.db zone-monday.db"
)]
pub struct Args {
    /// What to do; none = serve.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Options from a TOML file, by their names, as `max-body = 8`
    #[arg(long, global = true, env = "TIAOJI_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Options of `serve`, where no subcommand is named.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer requests [the default]
    Serve(ServeArgs),
    /// Make a key for a program, and print it, once
    Key(KeyArgs),
    /// Add a user; the password is the first line of standard input
    User(UserArgs),
    /// Solve queued runs, on any machine that reaches the database
    Worker(WorkerArgs),
    /// Solve one scenario from standard input, under a memory limit
    #[command(hide = true)]
    SolveChild {
        /// In MiB
        #[arg(long)]
        memory: u64,
    },
    /// Copy a SQLite database while it is used (for `PostgreSQL` there is `pg_dump`)
    Backup(BackupArgs),
    /// Put a copy that `backup` made in the place of a SQLite database that is not there, and check it
    Restore(RestoreArgs),
    /// Write the zone's data as one scenario document, for `tiaoji` and for analysts
    Export(ExportArgs),
    /// Check a SQLite database page by page (for `PostgreSQL` there is `pg_amcheck`)
    Check(DatabaseArgs),
}

/// Which database.
#[derive(Clone, Debug, clap::Args)]
pub struct DatabaseArgs {
    /// sqlite:PATH or postgres://…
    #[arg(
        long,
        env = "TIAOJI_DATABASE",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite:tiaoji.db"
    )]
    pub database: String,
}

/// What somebody may do.
#[derive(Clone, Debug, clap::Args)]
pub struct AccessArgs {
    /// What they are to the zone
    #[arg(long, value_parser = ["firm", "officer", "zone", "viewer", "service"])]
    pub role: String,

    /// The firm of a `firm`, the firms of an `officer`
    #[arg(long, value_name = "ID")]
    pub firm: Vec<String>,

    /// An officer's name, as the firms' `service_officer` gives it
    #[arg(long, value_name = "NAME")]
    pub officer: Option<String>,
}

impl AccessArgs {
    /// The access that they describe.
    ///
    /// # Errors
    /// A firm without a firm, an officer without either.
    pub fn access(&self) -> Result<Access, String> {
        match self.role.as_str() {
            "firm" if self.firm.len() != 1 => Err("a firm's role needs exactly one --firm".to_string()),
            "officer" if self.firm.is_empty() && self.officer.is_none() => {
                Err("an officer's role needs --officer or --firm".to_string())
            }
            _ => Ok(Access {
                role: self.role.clone(),
                firms: self.firm.clone(),
                officer: self.officer.clone(),
            }),
        }
    }
}

/// `key`.
#[derive(Clone, Debug, clap::Args)]
pub struct KeyArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// What it may do.
    #[command(flatten)]
    pub access: AccessArgs,

    /// What it is called
    #[arg(long)]
    pub name: String,

    /// Ends after so many days, like 90d [default: never]
    #[arg(long, value_name = "D", value_parser = days)]
    pub expires: Option<i64>,
}

fn days(text: &str) -> Result<i64, &'static str> {
    let days = text.strip_suffix('d').unwrap_or(text).parse::<i64>().ok();
    days.filter(|days| (1..=3660).contains(days)).ok_or("days are like 90d: 1 to 3660")
}

/// `restore`.
#[derive(Clone, Debug, clap::Args)]
pub struct RestoreArgs {
    /// The copy
    #[arg(value_name = "FILE")]
    pub from: PathBuf,

    /// Where to.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// `export`.
#[derive(Clone, Debug, clap::Args)]
pub struct ExportArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// Where to [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `user`.
#[derive(Clone, Debug, clap::Args)]
pub struct UserArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// What they may do.
    #[command(flatten)]
    pub access: AccessArgs,

    /// What they log in with
    #[arg(long)]
    pub login: String,

    /// What they are called [default: the login]
    #[arg(long)]
    pub name: Option<String>,
}

/// How runs are solved.
#[derive(Clone, Debug, clap::Args)]
pub struct RunArgs {
    /// Runs at once; 0 leaves them to workers elsewhere [default: half of the cores, at least 1]
    #[arg(long, env = "TIAOJI_WORKERS", value_name = "N", value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub workers: Option<u16>,

    /// Memory of the process that solves a run, in MiB
    #[arg(long, env = "TIAOJI_SOLVE_MEMORY", value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(64..))]
    pub solve_memory: u64,
}

impl RunArgs {
    /// How many workers.
    pub fn count(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        self.workers.map_or((cores / 2).max(1), usize::from)
    }

    /// How each solves.
    pub fn solver(&self) -> Solver {
        Solver { memory: self.solve_memory, ..Settings::default().solver }
    }
}

/// `worker`.
#[derive(Clone, Debug, clap::Args)]
pub struct WorkerArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// How runs are solved.
    #[command(flatten)]
    pub runs: RunArgs,
}

/// `backup`.
#[derive(Clone, Debug, clap::Args)]
pub struct BackupArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// The file to write; it must not exist
    pub to: PathBuf,
}

/// `serve`.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// A made-up zone in a temporary database, with a login of each role; on this machine only
    #[arg(long, conflicts_with_all = ["database", "public_url"])]
    pub demo: bool,

    /// Where to listen
    #[arg(long, env = "TIAOJI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// How the outside reaches the service, as `https://HOST`. Decides how cookies are kept and which pages may ask
    #[arg(long, env = "TIAOJI_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Serve plain http beyond this machine: only behind a proxy that speaks https
    #[arg(long, env = "TIAOJI_INSECURE_HTTP")]
    pub insecure_http: bool,

    /// How runs are solved.
    #[command(flatten)]
    pub runs: RunArgs,

    /// How long a match may take before it becomes a run
    #[arg(long, env = "TIAOJI_MATCH_WAIT", value_name = "D", default_value = "10s", value_parser = tiaoji_formats::duration)]
    pub match_wait: Duration,

    /// The most admissible pairs that a scenario to be solved may have
    #[arg(long, env = "TIAOJI_MAX_PAIRS", value_name = "N", default_value_t = 1_000_000)]
    pub max_pairs: usize,

    /// The largest body, in MiB
    #[arg(long, env = "TIAOJI_MAX_BODY", value_name = "MIB", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub max_body: u16,

    /// How long a request waits for a place to be solved in, as 500ms, 15s or 2m
    #[arg(long, env = "TIAOJI_SLOT_WAIT", value_name = "D", default_value = "10s", value_parser = tiaoji_formats::duration)]
    pub slot_wait: Duration,
}

impl ServeArgs {
    /// The settings that these options make.
    ///
    /// # Errors
    /// What does not go together.
    pub fn settings(&self) -> Result<Settings, String> {
        let is_here = self.listen.ip().is_loopback();
        if self.demo && !is_here {
            return Err("--demo is for this machine only: listen on 127.0.0.1".to_string());
        }
        if !is_here && !self.insecure_http {
            return Err(format!(
                "{} is reached from beyond this machine, and http is not encrypted: put a proxy that speaks https \
                 before the service, and say --insecure-http where it does not reach it by 127.0.0.1",
                self.listen
            ));
        }
        Ok(Settings {
            max_body: usize::from(self.max_body) << 20,
            max_pairs: self.max_pairs,
            slot_wait: self.slot_wait,
            outside: Outside::new(self.public_url.as_deref(), &self.listen.to_string())?,
            match_wait: self.match_wait,
            solver: self.runs.solver(),
            ..Settings::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_together() {
        let check = |line: &str, expect: bool| {
            let args = Args::try_parse_from(line.split_whitespace());
            let fits = args.map_err(|error| error.to_string()).and_then(|args| args.serve.settings());
            assert_eq!(fits.is_ok(), expect, "{line}: {:?}", fits.err());
        };
        check("tiaoji-server", true);
        check("tiaoji-server --demo --listen 127.0.0.1:0", true);
        check("tiaoji-server --demo --listen 0.0.0.0:80", false);
        check("tiaoji-server --demo --database sqlite:x.db", false);
        check("tiaoji-server --listen 0.0.0.0:80", false);
        check("tiaoji-server --listen 0.0.0.0:80 --insecure-http", true);
        check("tiaoji-server --public-url https://zone.example", true);
        check("tiaoji-server --public-url zone.example", false);
        check("tiaoji-server --max-body 65", false);
        check("tiaoji-server --workers 0", true);
        check("tiaoji-server --solve-memory 1", false);
    }
}
