//! One side of `peers/run.sh`: `peers write FOLDER` writes every network of [`tiaoji_benches::families`] in DIMACS
//! format, `peers time FILE SECONDS` solves one over and over for so long.
//!
//! The answer is one line: the objective, the peak memory of network and solver in KiB, and the processor times of the
//! solves in nanoseconds.

use std::{env, error::Error, fs, io::BufWriter, path::Path, process::ExitCode};

use rustix::time::{ClockId, clock_gettime};
use tiaoji_benches::families::FAMILIES;
use tiaoji_flow::{dimacs, solve, verify};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", folder] => write(Path::new(folder)),
        ["time", file, seconds] => time(file, seconds),
        _ => Err("usage: peers write FOLDER | peers time FILE SECONDS".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    for (family, size) in
        FAMILIES.iter().flat_map(|family| family.sizes.iter().map(move |size| (family, size)))
    {
        let file = folder.join(format!("{}.{size}.min", family.name));
        dimacs::write(&(family.network)(*size), BufWriter::new(fs::File::create(file)?))?;
    }
    Ok(())
}

fn time(file: &str, seconds: &str) -> Result<(), Box<dyn Error>> {
    let limit = (seconds.parse::<f64>()? * 1e9) as u64;
    let before = memory("VmRSS:")?;
    let network = dimacs::read(&fs::read(file)?)?;
    fs::write("/proc/self/clear_refs", "5")?; // the peak so far was the text of the file
    let mut times = Vec::new();
    let solution = loop {
        let start = nanoseconds();
        let solution = solve(&network)?;
        times.push(nanoseconds() - start);
        if times.len() >= 3 && times.iter().sum::<u64>() >= limit {
            break solution;
        }
    };
    let peak = memory("VmHWM:")? - before;
    verify(&network, &solution)?;
    let times: Vec<String> = times.iter().map(u64::to_string).collect();
    println!("{} {peak} {}", solution.cost(), times.join(" "));
    Ok(())
}

/// Of the processor, since the process began.
fn nanoseconds() -> u64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// A line of `/proc/self/status`, in KiB.
fn memory(line: &str) -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|text| text.strip_prefix(line)).ok_or("no such line")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
