//! What may stand on the command line, and in the environment.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::app::Settings;

/// The zone's service: plans for scenarios over HTTP.
#[derive(Debug, Parser)]
#[command(
    name = "tiaoji-server",
    version,
    after_help = "\
Every option is also read from the environment, as TIAOJI_ and its name in capitals; the command line wins.

Examples:
  tiaoji-server                            serve on 127.0.0.1:8080
  tiaoji-server serve --listen 0.0.0.0:80 --insecure-http"
)]
pub struct Args {
    /// What to do; none = serve.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Options of `serve`, where no subcommand is named.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer requests [the default]
    Serve(ServeArgs),
}

/// `serve`.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// Where to listen
    #[arg(long, env = "TIAOJI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Serve plain http beyond this machine: only behind a proxy that speaks https
    #[arg(long, env = "TIAOJI_INSECURE_HTTP")]
    pub insecure_http: bool,

    /// Solves at once [default: the number of cores]
    #[arg(long, env = "TIAOJI_WORKERS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub workers: Option<u16>,

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
    pub fn settings(&self) -> Settings {
        let mut settings = Settings {
            max_body: usize::from(self.max_body) << 20,
            max_pairs: self.max_pairs,
            slot_wait: self.slot_wait,
            ..Settings::default()
        };
        if let Some(workers) = self.workers {
            settings.workers = workers.into();
        }
        settings
    }
}
