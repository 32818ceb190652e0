//! `crash KILLS sqlite|postgres`: kills writing programs at random moments, two that share one database a round, and looks
//! whether all that they said was kept is there. PostgreSQL itself is killed in every fifth round, in the midst of it.
//!
//! The program that is killed is this one too, as `crash load URL NAME`: sixteen writers make and change postings and
//! queue runs, each under an idempotency key, two workers solve the runs. What the database has confirmed it prints.

use std::collections::BTreeSet;
use std::error::Error as Fault;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tiaoji_store::{
    Answer, By, Claim, Error, Kind, NewPlan, NewRun, Progress, Result, RunState, Seen, State, Store, Tx,
    sha256,
};
use tiaoji_testkit::postgres::Server;

const WRITERS: usize = 16;
const WORKERS: usize = 2;
/// Short, so that the runs of one round are taken up again in the next.
const LEASE: Duration = Duration::from_millis(300);

fn main() -> std::result::Result<(), Box<dyn Fault>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new()?;
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["load", url, name] => runtime.block_on(load(url, name))?,
        [kills, "sqlite"] => {
            let folder = tempfile::tempdir()?;
            let url = format!("sqlite:{}", folder.path().join("zone.db").display());
            runtime.block_on(kill(&url, kills.parse()?, None))?;
        }
        [kills, "postgres"] => {
            let server = Server::start(true);
            runtime.block_on(kill(&server.database(), kills.parse()?, Some(&server)))?;
        }
        _ => return Err("crash KILLS sqlite|postgres".into()),
    }
    Ok(())
}

// The program that is killed.

async fn load(url: &str, name: &str) -> Result<()> {
    let store = open(url).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        tasks.spawn(write(store.clone(), format!("{name}-{writer}")));
    }
    for _ in 0..WORKERS {
        tasks.spawn(work(store.clone(), false));
    }
    match tasks.join_next().await {
        Some(Ok(outcome)) => outcome,
        _ => Err(Error::Other("a task broke".to_string())),
    }
}

/// Waits for a database that is starting.
async fn open(url: &str) -> Result<Store> {
    again(|| Store::open(url)).await
}

/// Does it until the database is there.
async fn again<T, F: Future<Output = Result<T>>>(act: impl Fn() -> F) -> Result<T> {
    let start = Instant::now();
    loop {
        match act().await {
            Err(Error::Unavailable(_)) if start.elapsed() < Duration::from_mins(1) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            outcome => return outcome,
        }
    }
}

async fn write(store: Store, name: String) -> Result<()> {
    for count in 0.. {
        // tried again under the same key until it is confirmed: whether a commit that broke was kept, the key tells
        let run = again(|| {
            let (key, last) = (format!("{name}-{count}"), format!("{name}-{}", count - 1));
            let with_run = count % 10 == 5;
            store.write(move |tx| Box::pin(async move { once(tx, &key, &last, with_run).await }))
        })
        .await?;
        println!("posting {name}-{count}");
        if !run.is_empty() {
            println!("run {run}");
        }
    }
    Ok(())
}

async fn once(tx: &mut Tx, key: &str, last: &str, with_run: bool) -> Result<String> {
    match tx.begin_key("U-1", key, "hash").await? {
        Seen::New => {}
        Seen::Before(answer) => return Ok(answer.body),
        other => return Err(Error::Other(format!("{key} is {other:?}"))),
    }
    let by = By::actor("U-1");
    let body = serde_json::json!({ "id": key, "firm": "F1", "skill": "packer", "headcount": 2 });
    tx.create(&by, Kind::Surplus, key, State::Open, &body).await?;
    if tx.record(Kind::Surplus, last).await.is_ok() {
        tx.replace(&by, Kind::Surplus, last, Some(1), State::Withdrawn, &body).await?;
    }
    let mut run = String::new();
    if with_run {
        let new = NewRun {
            caller: key.to_string(),
            input: key.to_string(),
            revision: Some(1),
            settings: "{}".into(),
        };
        run = tx.enqueue(&by, &new).await?.id;
    }
    tx.finish_key("U-1", key, &Answer { status: 201, headers: "{}".into(), body: run.clone() }).await?;
    Ok(run)
}

/// Solves runs; `to_the_end` until none is left.
async fn work(store: Store, to_the_end: bool) -> Result<()> {
    loop {
        match store.claim("w", LEASE).await {
            Ok(Some(claim)) => match solve(&store, claim.clone()).await {
                Ok(()) if to_the_end => {}
                Ok(()) => println!("end {}", claim.run.id),
                Err(Error::LeaseLost | Error::Unavailable(_)) => {}
                Err(fault) => return Err(fault),
            },
            Ok(None) => {
                if to_the_end && store.view().await?.count_runs(RunState::Running).await? == 0 {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(Error::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(fault) => return Err(fault),
        }
    }
}

/// A plan of 100 kB, to be written by halves if that could happen.
fn plan_of(hash: &str) -> String {
    hash.repeat(1600)
}

async fn solve(store: &Store, claim: Claim) -> Result<()> {
    for step in 0..3 {
        let claim = claim.clone();
        let progress = Progress { objective_fen: 3 - step, bound_fen: 0, gap: 0.5, seconds: 0.1 };
        let plan = format!("{step} {}", plan_of(&claim.run.input_hash));
        store
            .write(move |tx| Box::pin(async move { tx.progress(&claim, progress, Some(&plan)).await }))
            .await?;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let body = plan_of(&claim.run.input_hash);
    let plan = NewPlan { input: claim.run.caller.clone(), body: body.clone(), ..NewPlan::default() };
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish_run(&claim, None, Some(&body), Some(&plan)).await?;
                Ok(())
            })
        })
        .await
}

// The one that kills it and looks.

#[derive(Default)]
struct Confirmed {
    postings: BTreeSet<String>,
    runs: BTreeSet<String>,
    ends: BTreeSet<String>,
}

impl Confirmed {
    fn note(&mut self, line: &str) {
        match line.split_once(' ') {
            Some(("posting", id)) => self.postings.insert(id.to_string()),
            Some(("run", id)) => self.runs.insert(id.to_string()),
            Some(("end", id)) => self.ends.insert(id.to_string()),
            _ => panic!("what it prints: {line}"),
        };
    }
}

async fn kill(url: &str, kills: u32, server: Option<&Server>) -> Result<()> {
    let mut random = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_nanos() as u64) | 1;
    let mut all = Confirmed::default();
    for round in 0..kills.div_ceil(2) {
        let mut confirmed = Confirmed::default();
        let programs = [start(url, &format!("{round}a")), start(url, &format!("{round}b"))];
        for (_, lines) in &programs {
            confirmed.note(&lines.recv().map_err(|_| Error::Other("it confirmed nothing".to_string()))?);
        }
        if let Some(server) = server.filter(|_| round % 5 == 4) {
            std::thread::sleep(moment(&mut random, 100));
            server.restart();
        }
        for (child, lines) in programs {
            std::thread::sleep(moment(&mut random, 300));
            end(child);
            for line in lines {
                confirmed.note(&line);
            }
        }

        let store = open(url).await?;
        store.check().await?;
        look(&store, &confirmed).await?;
        store.close().await;
        all.postings.append(&mut confirmed.postings);
        all.runs.append(&mut confirmed.runs);
        all.ends.append(&mut confirmed.ends);
    }
    let store = open(url).await?;
    look(&store, &all).await?;
    work(store.clone(), true).await?;
    let (done, failed) = every_run_has_ended_once(&store).await?;
    every_change_has_a_revision(&store).await?;
    println!(
        "{kills} kills: {} postings, {} runs and {} ends confirmed, all there; in all {done} runs done, {failed} failed",
        all.postings.len(),
        all.runs.len(),
        all.ends.len()
    );
    Ok(())
}

fn start(url: &str, name: &str) -> (Child, mpsc::Receiver<String>) {
    let program = std::env::current_exe().expect("its own name");
    let mut command = Command::new(program);
    let mut child =
        command.args(["load", url, name]).stdout(Stdio::piped()).spawn().expect("it starts once more");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(std::result::Result::ok) {
            let _ = sender.send(line);
        }
    });
    (child, lines)
}

/// SIGKILL: nothing in the program can defer it.
fn end(mut child: Child) {
    child.kill().expect("it still ran");
    child.wait().expect("it has ended");
}

/// Up to `most` milliseconds, by xorshift.
fn moment(state: &mut u64, most: u64) -> Duration {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    Duration::from_micros(*state % (most * 1000))
}

async fn look(store: &Store, confirmed: &Confirmed) -> Result<()> {
    let mut view = store.view().await?;
    for id in &confirmed.postings {
        view.record(Kind::Surplus, id).await?;
        let history = view.history(Kind::Surplus, id).await?;
        assert!(history.len() <= 2, "{id} was made or changed twice: {history:?}");
    }
    for id in &confirmed.runs {
        view.run(id).await?;
    }
    for id in &confirmed.ends {
        let run = view.run(id).await?;
        assert_eq!(run.state, RunState::Done, "{id} had ended");
        assert_eq!(view.run_plan(id).await?, Some(plan_of(&run.input_hash)));
    }
    drop(view);
    let keys: Vec<String> = confirmed.postings.iter().cloned().collect();
    store
        .write(move |tx| {
            Box::pin(async move {
                for key in keys {
                    let seen = tx.begin_key("U-1", &key, "hash").await?;
                    assert!(matches!(seen, Seen::Before(_)), "the answer to {key} is lost");
                }
                Ok(())
            })
        })
        .await
}

async fn every_run_has_ended_once(store: &Store) -> Result<(usize, usize)> {
    let (mut done, mut failed, mut plans, mut after) = (0, 0, BTreeSet::new(), None);
    let mut view = store.view().await?;
    loop {
        let page = view.runs(None, after.as_deref(), 500).await?;
        for run in &page.items {
            let events = view.run_events(&run.id, 0).await?;
            let ends = events.iter().filter(|event| event.event == "end").count();
            assert!(run.state.ended() && ends == 1, "{run:?} has ended {ends} times");
            assert!(events.last().is_some_and(|event| event.event == "end"), "{run:?} went on");
            assert_eq!(run.input_hash, sha256(run.caller.as_bytes()));
            let body = view.run_plan(&run.id).await?;
            if let Some(plan) = &run.plan_id {
                assert!(plans.insert(plan.clone()), "{plan} came twice");
                assert_eq!(view.plan_body(plan).await?, plan_of(&run.input_hash));
                assert_eq!(body, Some(plan_of(&run.input_hash)));
                done += 1;
            } else {
                let whole = |body: &String| body.ends_with(&plan_of(&run.input_hash));
                assert!(body.as_ref().is_none_or(whole), "half a plan");
                assert_eq!(run.story.lines().count(), 3, "{run:?}");
                failed += 1;
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut stored = 0;
    let mut after = None;
    loop {
        let page = view.plans(false, after.as_deref(), 500).await?;
        stored += page.items.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(stored, plans.len(), "a plan that no run knows");
    Ok((done, failed))
}

/// The changes of records in the trail have the revisions 1, 2, … in order.
async fn every_change_has_a_revision(store: &Store) -> Result<()> {
    let (mut last, mut after) = (0, 0);
    let mut view = store.view().await?;
    let trail = tiaoji_store::Trail { kind: Some("surplus".to_string()), ..Default::default() };
    loop {
        let page = view.audit(&trail, after, 500).await?;
        for entry in &page.items {
            last += 1;
            assert_eq!(entry.revision, last, "{entry:?}");
            after = entry.seq;
        }
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!(view.revision().await?, last);
    Ok(())
}
