//! How many requests a second the service stands: starts `tiaoji-server --demo`, keeps some connections busy for a while,
//! and says rate, latencies, and what processor time the service took for each.
//!
//!     cargo build --release -p tiaoji-server --example load --bin tiaoji-server
//!     target/release/examples/load match
//!     target/release/examples/load dense
//!     target/release/examples/load postings
//!
//! `match` sends scenarios of ten postings a side as `tiaoji generate` makes them, sixteen of them in turn; `dense` such where
//! much fits much, some forty admissible pairs each; `postings` adds a posting each time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use tiaoji_core::draft::{Cell, ScenarioDraft};
use tiaoji_formats::{GenerateOptions, draft_to_json, generate};

#[derive(Parser)]
struct Args {
    /// What to ask for.
    what: What,
    /// Connections, each with one request at a time.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How long to measure, after one second to warm up.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The service; by default the one built beside this example.
    #[arg(long)]
    server: Option<PathBuf>,
    /// Further arguments of the service.
    #[arg(last = true)]
    rest: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum What {
    Match,
    Dense,
    Postings,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let mut server = Server::start(args)?;
    let requests = requests(args.what, &server.key);
    let (begin, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (outcomes, seconds, cpu) = thread::scope(|scope| -> Result<_, String> {
        let callers: Vec<_> = (0..args.connections)
            .map(|n| {
                let (requests, address) = (&requests, server.address);
                let (begin, over) = (&begin, &over);
                scope.spawn(move || call(address, requests, n, begin, over))
            })
            .collect();
        thread::sleep(Duration::from_secs(1));
        let (start, before) = (Instant::now(), server.cpu()?);
        begin.store(true, Ordering::Relaxed);
        thread::sleep(Duration::from_secs(args.seconds));
        over.store(true, Ordering::Relaxed);
        let (seconds, cpu) = (start.elapsed().as_secs_f64(), server.cpu()? - before);
        let outcomes: Result<Vec<Calls>, String> = callers
            .into_iter()
            .map(|caller| caller.join().map_err(|_| "a caller panicked".to_string())?)
            .collect();
        Ok((outcomes?, seconds, cpu))
    })?;
    server.process.kill().map_err(|error| error.to_string())?;
    let mut times: Vec<Duration> = outcomes.iter().flat_map(|calls| calls.times.iter().copied()).collect();
    times.sort();
    let refused: usize = outcomes.iter().map(|calls| calls.refused).sum();
    let count = times.len().max(1);
    let at = |share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(count - 1);
        times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    println!(
        "{:.0} a second, {refused} refused; p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms; the service took {:.3} ms of processor time each",
        times.len() as f64 / seconds,
        at(0.5),
        at(0.99),
        at(1.0),
        cpu * 1e3 / count as f64,
    );
    Ok(())
}

/// What one connection has seen.
#[derive(Default)]
struct Calls {
    times: Vec<Duration>,
    refused: usize,
}

/// One request after the other, until it is over.
fn call(
    address: SocketAddr,
    requests: &[Vec<u8>],
    first: usize,
    begin: &AtomicBool,
    over: &AtomicBool,
) -> Result<Calls, String> {
    let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let mut answers = BufReader::new(stream.try_clone().map_err(|error| error.to_string())?);
    let mut stream = stream;
    let mut calls = Calls::default();
    for request in requests.iter().cycle().skip(first) {
        let counts = begin.load(Ordering::Relaxed);
        let start = Instant::now();
        stream.write_all(request).map_err(|error| error.to_string())?;
        let status = answer(&mut answers).map_err(|error| error.to_string())?;
        if over.load(Ordering::Relaxed) {
            break;
        }
        if counts {
            calls.times.push(start.elapsed());
            calls.refused += usize::from(!(200..300).contains(&status));
        }
    }
    Ok(calls)
}

/// Reads an answer to its end, and gives its status.
fn answer(stream: &mut impl BufRead) -> std::io::Result<u16> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            None => break,
            Some(("content-length", value)) => length = value.parse().unwrap_or(0),
            Some(_) => {}
        }
    }
    std::io::copy(&mut stream.take(length), &mut std::io::sink())?;
    Ok(status)
}

/// The requests as they go over the wire, to be sent in turn.
fn requests(what: What, key: &str) -> Vec<Vec<u8>> {
    let request = |path: &str, body: &[u8]| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    match what {
        What::Match | What::Dense => (1..=16)
            .map(|seed| request("/v1/match", &draft_to_json(&small(seed, what == What::Dense))))
            .collect(),
        What::Postings => {
            let body = r#"{"firm":"F001","skill":"K01","headcount":3,"from":"2022-03-07","to":"2022-03-18"}"#;
            vec![request("/v1/surplus", body.as_bytes())]
        }
    }
}

/// Ten postings a side in twelve firms, all within reach of each other; the dense ones in three skills alone.
fn small(seed: u64, dense: bool) -> ScenarioDraft {
    let size = GenerateOptions {
        firms: 12,
        surplus: 10,
        shortage: 10,
        days: 30,
        span_km: Some(6),
        seed,
        ..GenerateOptions::default()
    };
    let mut draft = generate(&size);
    if !dense {
        return draft;
    }
    let skill = |n: usize| Cell::Value(format!("K{:02}", n % 3 + 1));
    for (n, row) in draft.surplus.rows.iter_mut().enumerate() {
        row.cells.skill = skill(n);
    }
    for (n, row) in draft.shortage.rows.iter_mut().enumerate() {
        row.cells.skill = skill(n);
    }
    draft
}

struct Server {
    process: Child,
    address: SocketAddr,
    key: String,
}

impl Server {
    /// Starts the service on a port of its own, and reads where it listens and the key of a role that may ask.
    fn start(args: &Args) -> Result<Server, String> {
        let beside =
            || std::env::current_exe().ok()?.parent()?.parent().map(|folder| folder.join("tiaoji-server"));
        let program = args.server.clone().or_else(beside).ok_or("where is tiaoji-server?")?;
        let role = if args.what == What::Postings { "zone" } else { "service" };
        let mut process = Command::new(&program)
            .args(["--demo", "--listen", "127.0.0.1:0"])
            .args(&args.rest)
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let out = process.stdout.take().ok_or("no output")?;
        let (mut address, mut key) = (None, None);
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some((_, at)) = line.split_once("listens on http://") {
                address = at.parse().ok();
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [of, "key", secret] = words[..]
                && of == role
            {
                key = Some(secret.to_string());
            }
            if let (Some(address), Some(key)) = (address, &key) {
                return Ok(Server { process, address, key: key.clone() });
            }
        }
        Err("the service has not started".to_string())
    }

    /// Processor time in seconds, as Linux tells it.
    fn cpu(&self) -> Result<f64, String> {
        const TICKS: f64 = 100.0;
        let path = format!("/proc/{}/stat", self.process.id());
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        // behind the name, which ends with the last parenthesis
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks: f64 =
            fields.get(11..13).into_iter().flatten().filter_map(|field| field.parse::<f64>().ok()).sum();
        Ok(ticks / TICKS)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
