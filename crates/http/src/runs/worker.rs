//! Workers: each claims a run, has a child process solve it, and writes down what comes of it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tiaoji_formats::engine;
use tiaoji_store::{Claim, Error, NewPlan, Progress, Store};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::child;
use crate::matching::Wanted;

/// An attempt without a sign of life for so long is dead.
pub const LEASE: Duration = Duration::from_secs(30);
/// Between two signs of life.
const BEAT: Duration = Duration::from_secs(5);
/// Between two rows of progress: at most four a second.
const TELL: Duration = Duration::from_millis(250);
/// How long a worker without work waits before it looks again.
const LOOK: Duration = Duration::from_millis(500);
/// How long a child may go on after its time limit, or after it was asked to stop.
const GRACE: Duration = Duration::from_mins(1);
/// Between two tries where the database is away.
const PAUSE: Duration = Duration::from_secs(1);

/// How runs are solved.
#[derive(Clone, Debug)]
pub struct Solver {
    /// This program.
    pub program: PathBuf,
    /// Memory of a child, in MiB.
    pub memory: u64,
    /// Threads of a child.
    pub threads: usize,
}

/// Works on runs until `stopping`; what is under way then goes back to the queue.
pub async fn work(store: Store, name: String, solver: Solver, stopping: CancellationToken) {
    let mut commits = store.commits();
    while !stopping.is_cancelled() {
        match store.claim(&name, LEASE).await {
            Ok(Some(claim)) => {
                let id = claim.run.id.clone();
                tracing::info!(run = id, attempt = claim.run.attempt, "claimed");
                match attempt(&store, &claim, &solver, &stopping).await {
                    Ok(how) => tracing::info!(run = id, how, "ended"),
                    Err(error) => tracing::warn!(run = id, %error, "given up"),
                }
            }
            Ok(None) => {
                // a commit of this process may be a new run; those of others are looked for
                tokio::select! {
                    () = stopping.cancelled() => {}
                    _ = timeout(LOOK, commits.changed()) => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the queue is not available");
                tokio::select! { () = stopping.cancelled() => {}, () = tokio::time::sleep(PAUSE) => {} }
            }
        }
    }
}

/// One attempt at a run. The error is of the database, or that the run is no longer ours.
async fn attempt(
    store: &Store,
    claim: &Claim,
    solver: &Solver,
    stopping: &CancellationToken,
) -> Result<&'static str, Error> {
    let input = store.view().await?.input(&claim.run.input_hash).await?;
    let settings: Value = serde_json::from_str(&claim.run.settings).unwrap_or_default();
    let Some(wanted) = Wanted::from_json(&settings) else {
        return fail(store, claim, "its settings cannot be read").await;
    };
    let mut child = match start(solver) {
        Ok(child) => child,
        Err(error) => return break_off(store, claim, &format!("no process for it: {error}")).await,
    };
    let mut pipe = child.stdin.take();
    let Some(out) = child.stdout.take() else { return break_off(store, claim, "no output").await };
    let mut lines = BufReader::new(out).lines();
    let deadline = Instant::now().checked_add(wanted.time_limit.saturating_add(GRACE));
    let mut progress = None;
    let send = {
        let bytes = [child::head(&wanted, input.len(), solver.threads).as_bytes(), input.as_bytes()].concat();
        let mut stdin = pipe.take();
        async move {
            if let Some(stdin) = &mut stdin {
                // A child that dies while it reads is noticed by its silence.
                let _ = stdin.write_all(&bytes).await;
                let _ = stdin.flush().await;
            }
            stdin
        }
    };
    tokio::pin!(send);
    let mut sent = false;
    let mut ticks = interval(TELL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut unsaid, mut beaten) = (None::<Progress>, Instant::now());
    let mut deadline = deadline;
    loop {
        tokio::select! {
            stdin = &mut send, if !sent => {
                sent = true;
                pipe = stdin;
            }
            () = stopping.cancelled() => {
                end(&mut child).await;
                store.write({
                    let claim = claim.clone();
                    move |tx| Box::pin(async move { tx.give_back(&claim).await })
                }).await?;
                return Ok("given back");
            }
            () = until(deadline) => {
                end(&mut child).await;
                return break_off(store, claim, "it did not stop at its time limit").await;
            }
            line = next(&mut lines) => {
                if let Some(mut line) = line {
                    progress = read_progress(&line["progress"]).or(progress);
                    unsaid = progress;
                    if let Value::String(plan) = line["plan"].take() {
                        return finish(store, claim, progress, &wanted, input, plan).await;
                    }
                } else {
                    let how = match child.wait().await {
                        Ok(status) => format!("its process ended without a plan: {status}"),
                        Err(error) => format!("its process ended without a plan: {error}"),
                    };
                    return break_off(store, claim, &how).await;
                }
            }
            _ = ticks.tick() => {
                let news = unsaid.take();
                if news.is_none() && beaten.elapsed() < BEAT {
                    continue;
                }
                beaten = Instant::now();
                let copy = claim.clone();
                let beat = store.write(move |tx| Box::pin(async move {
                    match news {
                        Some(progress) => tx.progress(&copy, progress, None).await,
                        None => tx.beat(&copy).await,
                    }
                }));
                match beat.await {
                    Ok(true) if pipe.is_some() => {
                        // the end of its input asks the child to stop with what it has
                        pipe = None;
                        deadline = Instant::now().checked_add(GRACE);
                    }
                    Ok(_) => {}
                    Err(Error::Unavailable(why)) => tracing::warn!(why, "no sign of life could be written"),
                    Err(error) => {
                        end(&mut child).await;
                        return Err(error);
                    }
                }
            }
        }
    }
}

fn start(solver: &Solver) -> std::io::Result<Child> {
    Command::new(&solver.program)
        .arg("solve-child")
        .arg(format!("--memory={}", solver.memory))
        // nothing of what the service knows
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
}

async fn end(child: &mut Child) {
    let _ = child.kill().await;
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// The next line of a child that is JSON; none at its end.
async fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Option<Value> {
    loop {
        let line = lines.next_line().await.ok().flatten()?;
        if let Ok(value) = serde_json::from_str(&line) {
            return Some(value);
        }
    }
}

fn read_progress(value: &Value) -> Option<Progress> {
    Some(Progress {
        objective_fen: value["objective_fen"].as_i64()?,
        bound_fen: value["bound_fen"].as_i64()?,
        gap: value["gap"].as_f64()?,
        seconds: value["seconds"].as_f64()?,
    })
}

async fn finish(
    store: &Store,
    claim: &Claim,
    progress: Option<Progress>,
    wanted: &Wanted,
    input: String,
    plan: String,
) -> Result<&'static str, Error> {
    let of_the_zone = claim.run.revision.is_some().then(|| NewPlan {
        input,
        revision: claim.run.revision,
        method: wanted.method.name().to_string(),
        settings: claim.run.settings.clone(),
        engine: engine(),
        summary: summary(&plan).to_string(),
        body: plan.clone(),
    });
    // A database that is away for a while does not cost the result.
    let mut tries = 0;
    loop {
        let (copy, plan, new) = (claim.clone(), plan.clone(), of_the_zone.clone());
        let done = store.write(move |tx| {
            Box::pin(async move { tx.finish_run(&copy, progress, Some(&plan), new.as_ref()).await })
        });
        match done.await {
            Err(Error::Unavailable(_)) if tries < 20 => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            other => return other.map(|_| "with a plan"),
        }
    }
}

/// What lists of plans show.
fn summary(plan: &str) -> Value {
    let plan: Value = serde_json::from_str(plan).unwrap_or_default();
    let mut summary = json!({});
    for key in ["scenario", "status", "objective_fen", "bound_fen", "baseline_fen", "gap", "seconds", "kpis"]
    {
        summary[key] = plan[key].clone();
    }
    summary
}

async fn fail(store: &Store, claim: &Claim, why: &str) -> Result<&'static str, Error> {
    let (claim, why) = (claim.clone(), why.to_string());
    store.write(move |tx| Box::pin(async move { tx.fail_run(&claim, &why).await })).await?;
    Ok("failed")
}

async fn break_off(store: &Store, claim: &Claim, why: &str) -> Result<&'static str, Error> {
    tracing::warn!(run = claim.run.id, why, "an attempt broke off");
    let (claim, why) = (claim.clone(), why.to_string());
    store.write(move |tx| Box::pin(async move { tx.break_off(&claim, &why).await })).await?;
    Ok("broken off")
}
