//! The binary `tiaoji-server`.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use tiaoji_server::app::App;
use tiaoji_server::args::{Args, Command, ServeArgs};
use tiaoji_server::{routes, serve};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let args = Args::parse();
    log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no threads to be had: {error}")),
    };
    let Command::Serve(args) = args.command.unwrap_or(Command::Serve(args.serve));
    match runtime.block_on(serving(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => fail(&why),
    }
}

async fn serving(args: &ServeArgs) -> Result<(), String> {
    if !args.listen.ip().is_loopback() && !args.insecure_http {
        return Err(format!(
            "{} is reached from beyond this machine, and http is not encrypted: put a proxy that speaks https before \
             the service, and say --insecure-http where it reaches the service by another address than 127.0.0.1",
            args.listen
        ));
    }
    let settings = args.settings();
    let app = App::new(settings.clone());
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.map_err(|error| format!("cannot listen on {}: {error}", args.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    // The one line on standard output, for people and for scripts that asked for port 0.
    println!("tiaoji-server listens on http://{address}");
    let stopping = app.stopping.clone();
    tokio::spawn({
        let stopping = stopping.clone();
        async move {
            serve::asked_to_stop().await;
            stopping.cancel();
        }
    });
    let served = serve::serve(listener, routes::router(app), &settings, stopping).await;
    served.map_err(|error| error.to_string())
}

/// Logs to standard error: lines for people at a terminal, JSON elsewhere. `RUST_LOG` chooses what.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().init();
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
}

fn fail(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "tiaoji-server: {why}");
    ExitCode::FAILURE
}
