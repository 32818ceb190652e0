//! When to stop.

use std::time::Duration;

/// When to stop. The engine has no clock of its own: whoever calls it brings one.
pub trait Stop: Sync {
    /// Whether to stop now with the best plan so far. Asked often, from several threads.
    fn stopped(&self) -> bool;

    /// Time left, where there is a limit; handed to LP backends that cannot be asked to stop.
    fn remaining(&self) -> Option<Duration> {
        None
    }
}

/// Never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Never;

impl Stop for Never {
    fn stopped(&self) -> bool {
        false
    }
}

impl<S: Stop + ?Sized> Stop for &S {
    fn stopped(&self) -> bool {
        (**self).stopped()
    }

    fn remaining(&self) -> Option<Duration> {
        (**self).remaining()
    }
}
