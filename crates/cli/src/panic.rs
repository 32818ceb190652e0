//! A panic is an internal error: one short message instead of a trace, and an exit status of its own.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::sync::Mutex;

/// What is known of a panic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panic {
    message: String,
    place: String,
    /// Only with `RUST_BACKTRACE`.
    trace: Option<String>,
}

/// The last panic of any thread; those that the engine catches itself are never shown.
static LAST: Mutex<Option<Panic>> = Mutex::new(None);

/// Keeps panics for [`catch`] instead of printing them.
pub fn listen() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(mut last) = LAST.lock() {
            *last = Some(Panic::new(info));
        }
    }));
}

/// Runs something; a panic in it, or in a thread that it waits for, becomes a value.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    std::panic::catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| LAST.lock().ok().and_then(|mut last| last.take()).unwrap_or_default())
}

impl Panic {
    fn new(info: &PanicHookInfo<'_>) -> Panic {
        let trace = Backtrace::capture();
        let message = info.payload_as_str().unwrap_or("panic").to_string();
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
        Panic { message, place, trace }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.place)?;
        self.trace.iter().try_for_each(|trace| write!(f, "\n{trace}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_value() {
        listen();
        let caught = catch(|| -> u32 { panic!("{} went wrong", 7) }).unwrap_err();
        assert_eq!(caught.message, "7 went wrong");
        assert!(caught.place.contains("panic.rs"), "{}", caught.place);
        assert_eq!(catch(|| 3), Ok(3));
    }
}
