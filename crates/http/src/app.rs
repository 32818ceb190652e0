//! What every handler shares: settings, the places for solves and for large bodies, the metrics.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use tiaoji_store::Store;
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::events::feed::Feed;
use crate::plans::LastChanges;
use crate::proof::{Outside, Touched};
use crate::runs::worker::Solver;
use crate::solving::Slots;
use crate::throttle::Throttle;

/// The settings of a service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Largest body, in bytes.
    pub max_body: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long a head may take to arrive, and how long a connection may idle.
    pub head_time: Duration,
    /// How long a request may wait for a place to be solved in.
    pub slot_wait: Duration,
    /// How many requests may wait for one.
    pub waiting: usize,
    /// How many solves run at once.
    pub workers: usize,
    /// The most admissible pairs that are solved.
    pub max_pairs: usize,
    /// How long `/match` works before it becomes a run.
    pub match_wait: Duration,
    /// How runs are solved.
    pub solver: Solver,
    /// Connections at once.
    pub connections: usize,
    /// How the outside reaches the service.
    pub outside: Outside,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            max_body: 32 << 20,
            body_time: Duration::from_secs(30),
            head_time: Duration::from_secs(20),
            slot_wait: Duration::from_secs(10),
            waiting: 512,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            max_pairs: 1_000_000,
            match_wait: Duration::from_secs(10),
            solver: Solver { program: std::env::current_exe().unwrap_or_default(), memory: 2048, threads: 1 },
            connections: 20_000,
            outside: Outside { origin: None, base: "http://127.0.0.1:8080".to_string(), https: false },
        }
    }
}

/// The service's state, cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What an [`App`] points to.
pub struct Shared {
    /// Its settings.
    pub settings: Settings,
    /// Places to be solved in.
    pub slots: Slots,
    /// Room for large bodies, in KiB: the sum of those that are being read or solved.
    pub bodies: Arc<Semaphore>,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
    /// What the zone keeps.
    pub store: Store,
    /// Failed logins.
    pub throttle: Throttle,
    /// Sessions used lately.
    pub touched: Touched,
    /// What changes, for those who listen.
    pub feed: Feed,
    /// Follow-ups in the making.
    pub following: Following,
    /// What the plan in force changed.
    pub changes: LastChanges,
    /// Cancelled when the service is asked to stop.
    pub stopping: CancellationToken,
}

/// Follow-ups in the making.
#[derive(Default)]
pub struct Following {
    /// Told where another plan is in force.
    pub published: Notify,
    /// Held by whoever makes them.
    pub turn: Mutex<()>,
}

/// All large bodies together, in KiB.
const BODIES: usize = 96 << 10;

impl App {
    /// A service with these settings on a database.
    pub fn new(settings: Settings, store: Store) -> App {
        let (workers, waiting) = (settings.workers, settings.waiting);
        App(Arc::new(Shared {
            slots: Slots::new(workers, waiting, settings.slot_wait),
            settings,
            bodies: Arc::new(Semaphore::new(BODIES)),
            store,
            throttle: Throttle::default(),
            touched: Touched::default(),
            feed: Feed::default(),
            following: Following::default(),
            changes: LastChanges::default(),
            metrics: crate::observe::metrics(),
            stopping: CancellationToken::new(),
        }))
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
