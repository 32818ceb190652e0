//! Time limits, and Ctrl-C: when a run stops with the best plan so far.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tiaoji_core::stop::Stop;

/// Reads `500ms`, `15s`, `2m`, or a bare number of seconds.
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    const FORMS: &str = "a time is like 500ms, 15s, 2m or 60 (seconds)";
    let (number, unit) = match text.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at) => text.split_at(at),
        None => (text, "s"),
    };
    let milliseconds: f64 = match unit {
        "ms" => 1.0,
        "s" => 1000.0,
        "m" => 60_000.0,
        _ => return Err(FORMS),
    };
    if !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(FORMS);
    }
    let number: f64 = number.parse().map_err(|_| FORMS)?;
    Duration::try_from_secs_f64(number * milliseconds / 1000.0).map_err(|_| "that is too long")
}

/// Whether somebody pressed Ctrl-C.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens to Ctrl-C from now on. The first one stops what is being solved, the second one the process.
    pub fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        let pressed = interrupt.clone();
        let handler = move || {
            if pressed.0.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        };
        // Without a handler Ctrl-C ends the process, as it does by default.
        let _ = ctrlc::set_handler(handler);
        interrupt
    }

    /// Whether it was pressed.
    pub fn pressed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Stops at a deadline or at Ctrl-C.
#[derive(Debug)]
pub struct Limit<'a> {
    /// None = too far away for the clock.
    deadline: Option<Instant>,
    interrupt: &'a Interrupt,
}

impl<'a> Limit<'a> {
    /// The clock starts now.
    pub fn start(limit: Duration, interrupt: &'a Interrupt) -> Limit<'a> {
        Limit { deadline: Instant::now().checked_add(limit), interrupt }
    }
}

impl Stop for Limit<'_> {
    fn stopped(&self) -> bool {
        self.interrupt.pressed() || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn remaining(&self) -> Option<Duration> {
        if self.interrupt.pressed() {
            return Some(Duration::ZERO);
        }
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text, expect: Option<u64>| {
            assert_eq!(duration(text).ok(), expect.map(Duration::from_millis), "{text}");
        };
        check("500ms", Some(500));
        check("15s", Some(15_000));
        check("2m", Some(120_000));
        check("60", Some(60_000));
        check("1.5s", Some(1_500));
        check("0", Some(0));
        for bad in
            ["", "s", "ms", "-1", "+1", "1h", "1 s", "2M", "1e3", "inf", "nan", "1m30s", ".", "1.2.3", "１５"]
        {
            check(bad, None);
        }
        assert!(duration(&"9".repeat(400)).is_err());
        assert!(duration("99999999999999999").is_ok());
    }

    #[test]
    fn a_limit_stops_at_its_deadline_or_at_the_key() {
        let interrupt = Interrupt::default();
        let limit = Limit::start(Duration::from_hours(1), &interrupt);
        assert!(!limit.stopped());
        assert!(limit.remaining().unwrap() > Duration::from_secs(3500));
        interrupt.0.store(true, Ordering::Relaxed);
        assert!(limit.stopped());
        assert_eq!(limit.remaining(), Some(Duration::ZERO));

        let interrupt = Interrupt::default();
        assert!(Limit::start(Duration::ZERO, &interrupt).stopped());
        let endless = Limit::start(Duration::MAX, &interrupt);
        assert!(!endless.stopped() && endless.remaining().is_none());
    }
}
