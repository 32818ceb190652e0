//! The binary `tiaoji-server`.

use std::io::{BufRead, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use tiaoji_server::app::App;
use tiaoji_server::args::{
    BackupArgs, Command, DatabaseArgs, ExportArgs, KeyArgs, RestoreArgs, RunArgs, ServeArgs, UserArgs,
    WorkerArgs,
};
use tiaoji_server::practice::deadlines;
use tiaoji_server::proof::Outside;
use tiaoji_server::runs::{child, worker};
use tiaoji_server::{config, demo, routes, serve, watch_follow_ups, zone_document};
use tiaoji_store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_subscriber::EnvFilter;

const DAY: i64 = 24 * 3600 * 1000;
const TIDY: Duration = Duration::from_mins(10);

fn main() -> ExitCode {
    log();
    let args = match config::args() {
        Ok(args) => args,
        Err(why) => return fail(&why),
    };
    if let Some(Command::SolveChild { memory }) = args.command {
        return match child::main(memory) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => fail(&why),
        };
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no threads to be had: {error}")),
    };
    let done = runtime.block_on(async {
        match args.command.unwrap_or(Command::Serve(args.serve)) {
            Command::Serve(args) => serving(&args).await,
            Command::Key(args) => key(&args).await,
            Command::User(args) => user(&args).await,
            Command::Backup(args) => backup(&args).await,
            Command::Restore(args) => restore(&args).await,
            Command::Export(args) => export(&args).await,
            Command::Check(args) => check(&args).await,
            Command::Worker(args) => working(&args).await,
            Command::SolveChild { .. } => Ok(()), // above, without a runtime
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => fail(&why),
    }
}

async fn serving(args: &ServeArgs) -> Result<(), String> {
    let mut settings = args.settings()?;
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.map_err(|error| format!("cannot listen on {}: {error}", args.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    // of port 0 only now it is known which it is
    settings.outside = Outside::new(args.public_url.as_deref(), &address.to_string())?;
    let (store, guests) = if args.demo {
        let store = Store::temporary().await.map_err(|fault| fault.to_string())?;
        let guests = demo::load(&store).await?;
        (store, Some(guests))
    } else {
        let store = open(&args.database).await?;
        demo::begin(&store).await.map_err(|fault| fault.to_string())?;
        (store, None)
    };
    let app = App::new(settings.clone(), store.clone());
    say(&greeting(address, guests));
    let stopping = app.stopping.clone();
    tokio::spawn({
        let stopping = stopping.clone();
        async move {
            serve::asked_to_stop().await;
            stopping.cancel();
        }
    });
    let workers = start_workers(&store, &args.runs, &stopping);
    tokio::spawn(tidy(store.clone(), stopping.clone()));
    tokio::spawn(deadlines::watch(store.clone(), stopping.clone()));
    tokio::spawn(watch_follow_ups(app.clone(), stopping.clone()));
    let served = serve::serve(listener, routes::router(app), &settings, stopping).await;
    workers.wait().await;
    store.close().await;
    served.map_err(|error| error.to_string())
}

/// What standard output says at the start, for people, and for scripts that asked for port 0.
fn greeting(address: SocketAddr, guests: Option<demo::Guests>) -> String {
    let mut lines = vec![format!("tiaoji-server listens on http://{address}")];
    if let Some(guests) = guests {
        lines.push(format!("\nA made-up zone, gone when this stops. Look at http://{address}\n"));
        let login =
            |it: demo::Login| format!("  {:<8} login {:<8} password {}", it.role, it.login, it.password);
        lines.extend(guests.logins.into_iter().map(login));
        lines.extend(guests.keys.into_iter().map(|(role, key)| format!("  {role:<8} key   {key}")));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Says it on standard output. Nobody need listen: a service does not end because its output was closed.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Workers in this process; they end, and give their runs back, when `stopping`.
fn start_workers(store: &Store, args: &RunArgs, stopping: &CancellationToken) -> TaskTracker {
    let tracker = TaskTracker::new();
    for n in 1..=args.count() {
        let name = format!("{}/{n}", std::process::id());
        tracker.spawn(worker::work(store.clone(), name, args.solver(), stopping.clone()));
    }
    tracker.close();
    tracker
}

/// `worker`
async fn working(args: &WorkerArgs) -> Result<(), String> {
    let store = open(&args.database).await?;
    let stopping = CancellationToken::new();
    let workers = start_workers(&store, &args.runs, &stopping);
    say(&format!("{} workers\n", args.runs.count()));
    serve::asked_to_stop().await;
    stopping.cancel();
    workers.wait().await;
    store.close().await;
    Ok(())
}

/// Deletes what has expired, now and then.
async fn tidy(store: Store, stopping: CancellationToken) {
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(TIDY) => {}
        }
        if let Err(error) = store.write(|tx| Box::pin(async move { tx.tidy().await })).await {
            tracing::warn!(%error, "what has expired could not be deleted");
        }
    }
}

async fn open(args: &DatabaseArgs) -> Result<Store, String> {
    // The address may bear a password: it is not repeated.
    Store::open(&args.database).await.map_err(|fault| format!("the database cannot be opened: {fault}"))
}

async fn key(args: &KeyArgs) -> Result<(), String> {
    let store = open(&args.database).await?;
    let lifetime = args.expires.map(|days| days * DAY);
    let secret = demo::add_key(&store, &args.name, args.access.access()?, lifetime).await?;
    println!("{secret}");
    store.close().await;
    Ok(())
}

async fn user(args: &UserArgs) -> Result<(), String> {
    let access = args.access.access()?;
    if std::io::stdin().is_terminal() {
        eprintln!("the password, at least 10 characters:");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.chars().count() < 10 {
        return Err("a password has at least 10 characters".to_string());
    }
    let store = open(&args.database).await?;
    let name = args.name.as_deref().unwrap_or(&args.login);
    let id = demo::add_user(&store, &args.login, name, password, access).await?;
    println!("{id}");
    store.close().await;
    Ok(())
}

async fn backup(args: &BackupArgs) -> Result<(), String> {
    let store = open(&args.database).await?;
    store.backup(&args.to).await.map_err(|fault| fault.to_string())
}

async fn restore(args: &RestoreArgs) -> Result<(), String> {
    let Some(path) = args.database.database.strip_prefix("sqlite:") else {
        return Err("only a SQLite database is restored here; for PostgreSQL there is pg_restore".to_string());
    };
    // What is left of another database would be taken for the newest part of this one.
    for suffix in ["", "-wal", "-shm"] {
        let there = format!("{path}{suffix}");
        if std::path::Path::new(&there).exists() {
            return Err(format!("{there} is there already: move it away first"));
        }
    }
    std::fs::copy(&args.from, path)
        .map_err(|error| format!("{} cannot be copied to {path}: {error}", args.from.display()))?;
    check(&args.database).await
}

async fn export(args: &ExportArgs) -> Result<(), String> {
    let store = open(&args.database).await?;
    let mut view = store.view().await.map_err(|fault| fault.to_string())?;
    let (_, document) =
        zone_document(&mut view).await.map_err(|_| "the zone's data cannot be read".to_string())?;
    let text = format!("{document:#}\n");
    match &args.out {
        Some(path) => std::fs::write(path, text)
            .map_err(|error| format!("{} cannot be written: {error}", path.display())),
        None => std::io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string()),
    }
}

async fn check(args: &DatabaseArgs) -> Result<(), String> {
    let store = open(args).await?;
    store.check().await.map_err(|fault| fault.to_string())?;
    println!("ok");
    Ok(())
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
