//! `scale POSTINGS sqlite|postgres`: fills a database with postings and measures, on stderr the steps and on stdout the
//! figures; fails where a list takes more than 50 ms at the 95th percentile, opening more than 2 s, or where 64 writers
//! make fewer than 1,000 postings a second.

use serde_json::{Value, json};
use std::error::Error as Fault;
use std::time::{Duration, Instant};
use tiaoji_store::{By, Filter, Kind, Result, State, Store};
use tiaoji_testkit::postgres::Server;

const LIST: Duration = Duration::from_millis(50);
const OPEN: Duration = Duration::from_secs(2);
const WRITES: f64 = 1000.0;

fn main() -> std::result::Result<(), Box<dyn Fault>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new()?;
    let failed = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [postings, "sqlite"] => {
            let folder = tempfile::tempdir()?;
            let url = format!("sqlite:{}", folder.path().join("zone.db").display());
            runtime.block_on(measure(&url, postings.parse()?))?
        }
        [postings, "postgres"] => {
            let server = Server::start(true);
            runtime.block_on(measure(&server.database(), postings.parse()?))?
        }
        _ => return Err("scale POSTINGS sqlite|postgres".into()),
    };
    if failed { Err("slower than it has to be".into()) } else { Ok(()) }
}

/// Posting number `n` of `all`: 1,000 firms, 50 skills, ten days each, spread over three years.
fn posting(n: usize) -> Value {
    let day = n * 7919 % 1092;
    let (year, month, date) = (2022 + day / 364, day % 364 / 31 + 1, day % 28 + 1);
    let last = if date <= 19 { date + 9 } else { 28 };
    // one in a hundred stays for a year
    let until = if n % 100 == 1 { year + 1 } else { year };
    json!({
        "id": format!("S-{n:07}"),
        "firm": format!("F{:04}", n * 31 % 1000),
        "skill": format!("K{:02}", n % 50),
        "headcount": n % 20 + 1,
        "from": format!("{year}-{month:02}-{date:02}"),
        "to": format!("{until}-{month:02}-{last:02}"),
        "min_day_pay_fen": 20000 + n % 100,
    })
}

async fn fill(store: &Store, all: usize) -> Result<()> {
    for first in (0..all).step_by(5000) {
        store
            .write(move |tx| {
                Box::pin(async move {
                    let by = By::actor("U-1");
                    for n in first..all.min(first + 5000) {
                        let body = posting(n);
                        let state = if n % 100 == 0 { State::Draft } else { State::Open };
                        tx.create(&by, Kind::Surplus, &format!("S-{n:07}"), state, &body).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

async fn measure(url: &str, all: usize) -> Result<bool> {
    let store = Store::open(url).await?;
    let start = Instant::now();
    fill(&store, all).await?;
    eprintln!("filled in {:.1} s", start.elapsed().as_secs_f64());
    store.close().await;

    let mut failed = false;
    let mut judge = |what: &str, took: Duration, limit: Duration| {
        println!("{what:<40} {:>8.1} ms", took.as_secs_f64() * 1e3);
        failed |= took > limit;
    };
    let start = Instant::now();
    let store = Store::open(url).await?;
    store.view().await?.records(Kind::Surplus, &Filter::default(), None, 50).await?;
    judge("open and list", start.elapsed(), OPEN);
    for (what, filter) in lists() {
        judge(&format!("{what}, p95"), p95(&store, &filter, all).await?, LIST);
    }
    let rate = write_rate(&store).await?;
    println!("{:<40} {rate:>8.0} /s", "postings made by 64 writers");
    failed |= rate < WRITES;
    store.close().await;
    Ok(failed)
}

fn lists() -> Vec<(&'static str, Filter)> {
    let text = |text: &str| Some(text.to_string());
    vec![
        ("all", Filter::default()),
        ("a firm", Filter { firm: text("F0007"), ..Filter::default() }),
        ("a skill", Filter { skill: text("K07"), ..Filter::default() }),
        ("a firm's skill", Filter { firm: text("F0007"), skill: text("K07"), ..Filter::default() }),
        ("drafts", Filter { state: Some(State::Draft), ..Filter::default() }),
        ("withdrawn (none)", Filter { state: Some(State::Withdrawn), ..Filter::default() }),
        (
            "drafts of a skill (none)",
            Filter { state: Some(State::Draft), skill: text("K07"), ..Filter::default() },
        ),
        ("a week", Filter { from: text("2023-03-06"), to: text("2023-03-12"), ..Filter::default() }),
        ("the first day", Filter { to: text("2022-01-01"), ..Filter::default() }),
        ("before the first (none)", Filter { to: text("2021-12-31"), ..Filter::default() }),
        ("after the last (none)", Filter { from: text("2030-01-01"), ..Filter::default() }),
        (
            "a skill's week",
            Filter {
                skill: text("K07"),
                from: text("2023-03-06"),
                to: text("2023-03-12"),
                ..Filter::default()
            },
        ),
    ]
}

/// A hundred pages of fifty, each from another place.
async fn p95(store: &Store, filter: &Filter, all: usize) -> Result<Duration> {
    let mut times = Vec::new();
    for place in 0..100 {
        let by_days = (filter.from.is_some() || filter.to.is_some()) && filter.skill.is_none();
        let after = if by_days {
            format!("{}-{:02}-{:02} ", 2022 + place / 34, place % 34 / 3 + 1, place % 3 * 9 + 1)
        } else {
            format!("S-{:07}", place * all / 100)
        };
        let start = Instant::now();
        store.view().await?.records(Kind::Surplus, filter, Some(&after), 50).await?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[94])
}

async fn write_rate(store: &Store) -> Result<f64> {
    let start = Instant::now();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..64 {
        let store = store.clone();
        writers.spawn(async move {
            let mut made = 0;
            while start.elapsed() < Duration::from_secs(5) {
                let id = format!("W-{writer}-{made}");
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            let by = By::actor("U-1");
                            tx.create(&by, Kind::Surplus, &id, State::Open, &posting(made)).await
                        })
                    })
                    .await?;
                made += 1;
            }
            Ok::<_, tiaoji_store::Error>(made)
        });
    }
    let mut made = 0;
    while let Some(outcome) = writers.join_next().await {
        made += outcome.expect("no panic")?;
    }
    Ok(made as f64 / start.elapsed().as_secs_f64())
}
