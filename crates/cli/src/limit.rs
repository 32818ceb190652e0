//! Time limits, and Ctrl-C: when a run stops with the best plan so far.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tiaoji_core::stop::Stop;

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
