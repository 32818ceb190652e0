//! Places to be solved in: as many as there are cores, a bounded number of requests waiting for them, and no solve for a
//! caller who has gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tiaoji_core::stop::Stop;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{BUSY, Problem};

/// The places.
pub struct Slots {
    places: usize,
    free: Arc<Semaphore>,
    most_waiting: usize,
    waiting: Semaphore,
    wait: Duration,
}

/// A place taken; free again when dropped.
pub struct Slot {
    _place: OwnedSemaphorePermit,
    /// How many threads a solve in it should use.
    pub threads: usize,
}

impl Slots {
    pub fn new(places: usize, waiting: usize, wait: Duration) -> Slots {
        Slots {
            places,
            free: Arc::new(Semaphore::new(places)),
            most_waiting: waiting,
            waiting: Semaphore::new(waiting),
            wait,
        }
    }

    /// Waits for a place.
    ///
    /// # Errors
    /// `busy` where too many wait already, or none became free in time.
    pub async fn take(&self) -> Result<Slot, Problem> {
        let busy = || {
            Problem::new(&BUSY)
                .retry_after(1)
                .detail("All places for solving are taken", "求解名额已满，请稍后再试")
        };
        let _waiting = self.waiting.try_acquire().map_err(|_| busy())?;
        let place = tokio::time::timeout(self.wait, self.free.clone().acquire_owned()).await;
        let place = place.map_err(|_| busy())?.map_err(|_| busy())?;
        let taken = self.places - self.free.available_permits();
        Ok(Slot { _place: place, threads: (self.places / taken.max(1)).max(1) })
    }

    /// Places taken, and requests waiting.
    pub fn load(&self) -> (usize, usize) {
        let taken = self.places - self.free.available_permits();
        (taken, self.most_waiting - self.waiting.available_permits())
    }
}

/// Stops at a deadline, or when its [`Watch`] is dropped.
pub struct Until {
    deadline: Option<Instant>,
    gone: Arc<AtomicBool>,
}

/// Held by whoever waits for a solve.
pub struct Watch(Arc<AtomicBool>);

/// A time limit that runs from now, and the watch that ends it early.
pub fn until(limit: Duration) -> (Until, Watch) {
    let gone = Arc::new(AtomicBool::new(false));
    // None = too far away for the clock
    (Until { deadline: Instant::now().checked_add(limit), gone: gone.clone() }, Watch(gone))
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Stop for Until {
    fn stopped(&self) -> bool {
        self.gone.load(Ordering::Relaxed) || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn remaining(&self) -> Option<Duration> {
        if self.gone.load(Ordering::Relaxed) {
            return Some(Duration::ZERO);
        }
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}
