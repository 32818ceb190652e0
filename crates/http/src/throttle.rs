//! Throttling of failed logins, by account from an address, by account, and by address. Nobody is locked out: the allowance
//! grows back all the time, and a stranger's failures leave the owner of an account a small but steady one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// More buckets than this are tidied up.
const MANY: usize = 10_000;

/// How many failures are free, and how many come back a second.
#[derive(Clone, Copy)]
struct Allowance {
    burst: f64,
    per_second: f64,
}

const BY_BOTH: Allowance = Allowance { burst: 5.0, per_second: 1.0 / 12.0 };
const BY_ACCOUNT: Allowance = Allowance { burst: 30.0, per_second: 0.5 };
const BY_ADDRESS: Allowance = Allowance { burst: 50.0, per_second: 0.5 };

/// Failures remembered.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<String, Bucket>>);

struct Bucket {
    left: f64,
    at: Instant,
}

impl Throttle {
    /// Seconds until another try is allowed; none where it is now.
    pub fn wait(&self, account: &str, address: &str) -> Option<u32> {
        let buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        keys(account, address)
            .iter()
            .filter_map(|(key, allowance)| {
                let left = buckets.get(key)?.left_at(now, *allowance);
                (left < 1.0).then(|| ((1.0 - left) / allowance.per_second).ceil() as u32)
            })
            .max()
    }

    /// Remembers a failure.
    pub fn failed(&self, account: &str, address: &str) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if buckets.len() > MANY {
            // What has grown back says no more than what is absent; an hour is enough for all of them.
            buckets.retain(|_, bucket| now.duration_since(bucket.at).as_secs() < 3600);
        }
        for (key, allowance) in keys(account, address) {
            let bucket = buckets.entry(key).or_insert(Bucket { left: allowance.burst, at: now });
            bucket.left = bucket.left_at(now, allowance) - 1.0;
            bucket.at = now;
        }
    }

    /// Forgets the failures of an account from an address, after a success.
    pub fn succeeded(&self, account: &str, address: &str) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.remove(&keys(account, address)[0].0);
    }
}

impl Bucket {
    fn left_at(&self, now: Instant, allowance: Allowance) -> f64 {
        let since = now.duration_since(self.at).as_secs_f64();
        (self.left + since * allowance.per_second).min(allowance.burst)
    }
}

fn keys(account: &str, address: &str) -> [(String, Allowance); 3] {
    [
        (format!("both {address} {account}"), BY_BOTH),
        (format!("account {account}"), BY_ACCOUNT),
        (format!("address {address}"), BY_ADDRESS),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_slow_down_and_lock_nobody_out() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.wait("ann", "192.0.2.1"), None);
            throttle.failed("ann", "192.0.2.1");
        }
        let wait = throttle.wait("ann", "192.0.2.1").expect("a wait");
        assert!((1..=12).contains(&wait), "{wait}");
        // the owner elsewhere, and others here, go on
        assert_eq!(throttle.wait("ann", "192.0.2.2"), None);
        assert_eq!(throttle.wait("bob", "192.0.2.1"), None);
        throttle.succeeded("ann", "192.0.2.1");
        assert_eq!(throttle.wait("ann", "192.0.2.1"), None);
        for n in 0..60 {
            throttle.failed(&format!("u{n}"), "192.0.2.9");
        }
        assert!(throttle.wait("carol", "192.0.2.9").is_some());
    }
}
