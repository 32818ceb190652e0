//! The durable queue of runs: a table with leases of our own, in the same transactions as everything else.
//!
//! Why no library: of those that work on both databases only apalis (1.0) is kept up, and in its SQL (i) a run that kills
//! its worker is put back for ever (`reenqueue_orphaned` never looks at `max_attempts`), (ii) the lease is the worker's, so
//! that a hung run under a living worker is never found, and (iii) an answer is taken from whoever bears the worker's name,
//! an earlier attempt included. Filling those holes takes the columns below anyway. And one transaction with the
//! idempotency key, the plan and the audit trail is what makes "nothing lost, nothing twice" hold.
//!
//! A claim gets a token that no other claim ever had, and every later write of the worker names it: an attempt that has been
//! given to another can change nothing ([`Error::LeaseLost`]). A worker shows life by [`Tx::beat`] or [`Tx::progress`]. An
//! attempt is dead when those who look ([`Store::claim`], [`Store::reap`]) have seen no sign of life from it for the length
//! of a lease on clocks that nobody sets: no clock of a server or of the database, right or wrong, ends a lease. Each writes
//! down the fifths of a lease that it has seen, one after another, so that none of them has to live as long as a lease. A
//! dead attempt is tried again, the third time the run has failed, with its story.

use crate::db::{Row, args};
use crate::{By, Error, NewPlan, Page, Result, Store, Tx, View};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How often a run is tried before it has failed.
const ATTEMPTS: i64 = 3;
/// How many runs of one caller may wait.
const QUEUED: i64 = 20;
/// How many runs of one caller are worked on at the same time.
const RUNNING: i64 = 2;
/// In how many parts the silence of a lease is seen.
const PARTS: i64 = 5;
/// How long a run of a caller's own scenario is kept after its end, in milliseconds.
const KEPT: i64 = 24 * 3600 * 1000;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunState {
    /// Waits for a worker.
    Queued,
    /// A worker has claimed it.
    Running,
    /// Ended with its plan.
    Done,
    /// Ended because someone wished so; keeps its best plan.
    Cancelled,
    /// Ended without success; its story says how.
    Failed,
}

impl RunState {
    /// Its name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more will happen to it.
    pub fn ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }

    fn of(name: &str) -> Result<Self> {
        let all = [Self::Queued, Self::Running, Self::Done, Self::Cancelled, Self::Failed];
        let found = all.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| Error::Other(format!("the database has an unknown state {name}")))
    }
}

/// How far a solve has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The best plan's objective, in fen.
    pub objective_fen: i64,
    /// The proven bound, in fen.
    pub bound_fen: i64,
    /// The plan file's `gap`.
    pub gap: f64,
    /// Seconds since the start of solving.
    pub seconds: f64,
}

impl Progress {
    fn to_json(self) -> String {
        let Self { objective_fen, bound_fen, gap, seconds } = self;
        json!({ "objective_fen": objective_fen, "bound_fen": bound_fen, "gap": gap, "seconds": seconds })
            .to_string()
    }

    fn from_json(text: &str) -> Result<Self> {
        let read = || {
            let value: Value = serde_json::from_str(text).ok()?;
            Some(Self {
                objective_fen: value["objective_fen"].as_i64()?,
                bound_fen: value["bound_fen"].as_i64()?,
                gap: value["gap"].as_f64()?,
                seconds: value["seconds"].as_f64()?,
            })
        };
        read().ok_or_else(|| Error::Other(format!("the database has a progress that is none: {text}")))
    }
}

/// A run as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// `R-1`, `R-2`, … as they were queued.
    pub id: String,
    /// Whose it is.
    pub caller: String,
    /// Where it stands.
    pub state: RunState,
    /// SHA-256 of its scenario document: see [`View::input`].
    pub input_hash: String,
    /// The zone's revision that the document shows; none for a caller's own scenario.
    pub revision: Option<i64>,
    /// The settings as a JSON object.
    pub settings: String,
    /// When it was queued, in milliseconds since 1970-01-01 UTC, by the database's clock.
    pub created: i64,
    /// When it was last claimed.
    pub started: Option<i64>,
    /// When it ended.
    pub ended: Option<i64>,
    /// How often it has been claimed and not given back.
    pub attempt: i64,
    /// Whether someone wishes it cancelled.
    pub cancel: bool,
    /// How far it has come.
    pub progress: Option<Progress>,
    /// The plan that came of it, where it is one of the zone's.
    pub plan_id: Option<String>,
    /// How its attempts ended that did not succeed, a line each.
    pub story: String,
}

/// A run to queue.
#[derive(Debug, Clone, Default)]
pub struct NewRun {
    /// Whose it is.
    pub caller: String,
    /// Its scenario document.
    pub input: String,
    /// The zone's revision that the document shows; none for a caller's own scenario, whose run is deleted 24 hours after
    /// its end.
    pub revision: Option<i64>,
    /// The settings as a JSON object.
    pub settings: String,
}

/// A worker's hold on a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The run as it was claimed.
    pub run: Run,
    /// What every write of this attempt names.
    token: String,
}

/// Something that happened to a run, for those who follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEvent {
    /// Rising in the order in which it happened.
    pub id: i64,
    /// When.
    pub instant: i64,
    /// `state`, `progress` or `end`.
    pub event: String,
    /// A JSON object.
    pub data: String,
}

/// What has been seen of the attempts that others work on, and since when.
pub(crate) type Watch = HashMap<String, (Signs, Instant)>;

/// The signs of life of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signs {
    lease: String,
    beat: i64,
    /// Parts of a lease that somebody has seen pass since the beat.
    silence: i64,
}

const COLUMNS: &str = "id, caller, state, input_hash, revision, settings, created, started, ended, attempt, cancel, \
                       progress, plan_id, story";

fn run(row: &Row) -> Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        caller: row.get(1)?,
        state: RunState::of(&row.get::<String>(2)?)?,
        input_hash: row.get(3)?,
        revision: row.get(4)?,
        settings: row.get(5)?,
        created: row.get(6)?,
        started: row.get(7)?,
        ended: row.get(8)?,
        attempt: row.get(9)?,
        cancel: row.get::<Option<i64>>(10)?.is_some(),
        progress: row.get::<Option<String>>(11)?.as_deref().map(Progress::from_json).transpose()?,
        plan_id: row.get(12)?,
        story: row.get(13)?,
    })
}

impl View {
    /// One run. [`Error::NotFound`].
    pub async fn run(&mut self, id: &str) -> Result<Run> {
        let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM runs WHERE id = $1"));
        run(&self.conn.row(sql, args![id]).await?.ok_or(Error::NotFound)?)
    }

    /// Runs, the newest first, of one caller or all: at most `limit` (1 to 500) after the one with the id `after`.
    pub async fn runs(&mut self, caller: Option<&str>, after: Option<&str>, limit: u32) -> Result<Page<Run>> {
        let limit = limit.clamp(1, 500) as usize;
        let sql = AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM runs WHERE caller = COALESCE($1, caller) \
             AND seq < COALESCE((SELECT seq FROM runs WHERE id = $2), 9223372036854775807) \
             ORDER BY seq DESC LIMIT {}",
            limit + 1
        ));
        let rows = self.conn.rows(sql, args![caller, after]).await?;
        Page::new(&rows, limit, run, |run| run.id.clone())
    }

    /// The best plan file so far; none before the first. [`Error::NotFound`] where there is no such run.
    pub async fn run_plan(&mut self, id: &str) -> Result<Option<String>> {
        let sql = "SELECT body FROM runs LEFT JOIN run_plans ON run_id = runs.id WHERE runs.id = $1";
        self.conn.row(sql, args![id]).await?.ok_or(Error::NotFound)?.get(0)
    }

    /// What happened to a run after the event `after`, at most 500; a run that has ended has an `end` as its last.
    pub async fn run_events(&mut self, id: &str, after: i64) -> Result<Vec<RunEvent>> {
        let sql = "SELECT id, instant, event, data FROM run_events \
                   WHERE run_id = $1 AND id > $2 ORDER BY id LIMIT 500";
        let rows = self.conn.rows(sql, args![id, after]).await?;
        let event = |row: &Row| {
            Ok(RunEvent { id: row.get(0)?, instant: row.get(1)?, event: row.get(2)?, data: row.get(3)? })
        };
        rows.iter().map(event).collect()
    }

    /// How many runs are in a state.
    pub async fn count_runs(&mut self, state: RunState) -> Result<i64> {
        self.conn.one("SELECT count(*) FROM runs WHERE state = $1", args![state.name()]).await?.get(0)
    }
}

impl Store {
    /// Claims the run that has waited longest, of a caller of whom fewer than two are being worked on; `worker` is what
    /// its story calls the claimant. Before that it does what [`Store::reap`] does.
    pub async fn claim(&self, worker: &str, lease: Duration) -> Result<Option<Claim>> {
        self.reap(lease).await?;
        if self.view().await?.count_runs(RunState::Queued).await? == 0 {
            return Ok(None);
        }
        let worker = worker.to_string();
        self.write(move |tx| Box::pin(async move { tx.claim(&worker).await })).await
    }

    /// Takes back every attempt that has shown no sign of life for as long as `lease`, by the clocks of the processes that
    /// looked; the same `lease` for all, some times the pause between two beats. To be called from time to time where no
    /// worker claims.
    pub async fn reap(&self, lease: Duration) -> Result<()> {
        let running = match self.running().await {
            Ok(running) => running,
            Err(fault) => {
                // where nobody can look, nobody can show life either
                self.watch().clear();
                return Err(fault);
            }
        };
        let silent = silent(&mut self.watch(), running, lease, Instant::now());
        for (id, signs, parts) in silent {
            self.write(move |tx| Box::pin(async move { tx.reap(&id, &signs, parts).await })).await?;
        }
        Ok(())
    }

    async fn running(&self) -> Result<HashMap<String, Signs>> {
        let sql = "SELECT id, lease, beat, silence FROM runs WHERE state = 'running'";
        let rows = self.view().await?.conn.rows(sql, args![]).await?;
        let signs = |row: &Row| {
            Ok((row.get(0)?, Signs { lease: row.get(1)?, beat: row.get(2)?, silence: row.get(3)? }))
        };
        rows.iter().map(signs).collect()
    }
}

/// Notes what is running now and gives what has not changed for a part of a lease, with how many parts that were.
fn silent(
    watch: &mut Watch,
    running: HashMap<String, Signs>,
    lease: Duration,
    now: Instant,
) -> Vec<(String, Signs, i64)> {
    watch.retain(|id, _| running.contains_key(id));
    let mut silent = Vec::new();
    for (id, signs) in running {
        match watch.get(&id) {
            Some((seen, since)) if *seen == signs => {
                let parts =
                    (now.duration_since(*since) * PARTS as u32).as_nanos().checked_div(lease.as_nanos());
                let parts = parts.map_or(PARTS, |parts| parts.min(PARTS as u128) as i64);
                if parts > 0 {
                    silent.push((id, signs, parts));
                }
            }
            _ => {
                watch.insert(id, (signs, now));
            }
        }
    }
    silent
}

impl Tx {
    /// Queues a run. [`Error::TooMany`] where twenty of the caller's wait already.
    pub async fn enqueue(&mut self, by: &By, new: &NewRun) -> Result<Run> {
        let sql = "SELECT count(*) FROM runs WHERE caller = $1 AND state = 'queued'";
        let waiting: i64 = self.view.conn.one(sql, args![new.caller.as_str()]).await?.get(0)?;
        if waiting >= QUEUED {
            return Err(Error::TooMany(format!("{waiting} runs wait already")));
        }
        let hash = self.keep_input(&new.input).await?;
        let id = self.count_up("R").await?;
        let sql = "INSERT INTO runs \
                   (id, caller, state, input_hash, revision, settings, created, attempt, beat, events, story) \
                   VALUES ($1, $2, 'queued', $3, $4, $5, $6, 0, 0, 0, '')";
        let args =
            args![id.as_str(), new.caller.as_str(), hash, new.revision, new.settings.as_str(), self.now];
        self.view.conn.execute(sql, args).await?;
        self.tell(&id, "state", &json!({ "state": "queued" }).to_string()).await?;
        self.note(by, "create", "run", &id, None).await?;
        self.run(&id).await
    }

    /// Cancels a run: one that waits at once, one that is being worked on as soon as its worker learns of it or is found
    /// dead. [`Error::NotFound`]; [`Error::Conflict`] where it has ended.
    pub async fn cancel_run(&mut self, by: &By, id: &str) -> Result<Run> {
        let before = self.run(id).await?;
        if before.state.ended() {
            return Err(Error::Conflict(format!("run {id} has ended: {}", before.state.name())));
        }
        if !before.cancel {
            let sql = "UPDATE runs SET cancel = $2 WHERE id = $1";
            self.view.conn.execute(sql, args![id, self.now]).await?;
            if before.state == RunState::Queued {
                self.end(id, RunState::Cancelled).await?;
            }
            self.note(by, "cancel", "run", id, None).await?;
        }
        self.run(id).await
    }

    async fn claim(&mut self, worker: &str) -> Result<Option<Claim>> {
        let sql = "SELECT id FROM runs WHERE state = 'queued' AND \
                   (SELECT count(*) FROM runs o WHERE o.caller = runs.caller AND o.state = 'running') < $1 \
                   ORDER BY seq LIMIT 1";
        let Some(row) = self.view.conn.row(sql, args![RUNNING]).await? else { return Ok(None) };
        let id: String = row.get(0)?;
        let token = format!("{} {worker}", self.count_up("L").await?);
        let sql = "UPDATE runs SET state = 'running', attempt = attempt + 1, started = $2, lease = $3, \
                   beat = beat + 1, silence = 0 WHERE id = $1";
        self.view.conn.execute(sql, args![id.as_str(), self.now, token.as_str()]).await?;
        self.tell(&id, "state", &json!({ "state": "running" }).to_string()).await?;
        Ok(Some(Claim { run: self.run(&id).await?, token }))
    }

    /// A sign of life. Gives whether the run is to be cancelled: the worker then ends it by [`Tx::finish_run`] with the
    /// best plan it has. [`Error::LeaseLost`].
    pub async fn beat(&mut self, claim: &Claim) -> Result<bool> {
        let sql =
            "UPDATE runs SET beat = beat + 1, silence = 0 WHERE id = $1 AND lease = $2 RETURNING cancel";
        let row = self.view.conn.row(sql, args![claim.run.id.as_str(), claim.token.as_str()]).await?;
        Ok(row.ok_or(Error::LeaseLost)?.get::<Option<i64>>(0)?.is_some())
    }

    /// A sign of life that says how far it has come, and keeps the plan file where one is given. As [`Tx::beat`].
    pub async fn progress(&mut self, claim: &Claim, progress: Progress, plan: Option<&str>) -> Result<bool> {
        let cancel = self.beat(claim).await?;
        let id = claim.run.id.as_str();
        let data = progress.to_json();
        let sql = "UPDATE runs SET progress = $2 WHERE id = $1";
        self.view.conn.execute(sql, args![id, data.as_str()]).await?;
        self.tell(id, "progress", &data).await?;
        self.keep_best(id, plan).await?;
        Ok(cancel)
    }

    /// Ends a run with its plan file; `plan` is stored among the zone's plans. Done, or cancelled where someone wished
    /// so. A run ends once: [`Error::LeaseLost`].
    pub async fn finish_run(
        &mut self,
        claim: &Claim,
        progress: Option<Progress>,
        best: Option<&str>,
        plan: Option<&NewPlan>,
    ) -> Result<Run> {
        let cancel = match progress {
            Some(progress) => self.progress(claim, progress, best).await?,
            None => self.beat(claim).await?,
        };
        let id = claim.run.id.as_str();
        self.keep_best(id, best).await?;
        if let Some(plan) = plan {
            let made = self.add_plan(&By::actor(&claim.run.caller), plan).await?;
            let sql = "UPDATE runs SET plan_id = $2 WHERE id = $1";
            self.view.conn.execute(sql, args![id, made.id]).await?;
        }
        self.end(id, if cancel { RunState::Cancelled } else { RunState::Done }).await?;
        self.run(id).await
    }

    /// Ends a run that cannot succeed, however often it is tried. [`Error::LeaseLost`].
    pub async fn fail_run(&mut self, claim: &Claim, reason: &str) -> Result<Run> {
        self.beat(claim).await?;
        self.add_story(&claim.run.id, claim.run.attempt, &claim.token, reason).await?;
        self.end(&claim.run.id, RunState::Failed).await?;
        self.run(&claim.run.id).await
    }

    /// Ends an attempt that broke, as a child process that was killed: the run is tried again, after the third time it
    /// has failed. [`Error::LeaseLost`].
    pub async fn break_off(&mut self, claim: &Claim, reason: &str) -> Result<Run> {
        self.beat(claim).await?;
        self.end_attempt(&claim.run.id, &claim.token, reason).await?;
        self.run(&claim.run.id).await
    }

    /// Gives a run back, as at a shutdown: it waits again, in its old place, and the attempt does not count.
    /// [`Error::LeaseLost`].
    pub async fn give_back(&mut self, claim: &Claim) -> Result<Run> {
        let id = claim.run.id.as_str();
        if self.beat(claim).await? {
            self.end(id, RunState::Cancelled).await?;
        } else {
            let sql = "UPDATE runs SET attempt = attempt - 1 WHERE id = $1";
            self.view.conn.execute(sql, args![id]).await?;
            self.requeue(id).await?;
        }
        self.run(id).await
    }

    async fn reap(&mut self, id: &str, seen: &Signs, parts: i64) -> Result<()> {
        let sql = "UPDATE runs SET silence = silence + $5 \
                   WHERE id = $1 AND lease = $2 AND beat = $3 AND silence = $4 RETURNING silence";
        let args = args![id, seen.lease.as_str(), seen.beat, seen.silence, parts];
        match self.view.conn.row(sql, args).await? {
            Some(row) if row.get::<i64>(0)? >= PARTS => {
                self.end_attempt(id, &seen.lease, "no sign of life").await
            }
            // not yet; or someone was faster, or it lives after all
            _ => Ok(()),
        }
    }

    async fn end_attempt(&mut self, id: &str, token: &str, reason: &str) -> Result<()> {
        let run = self.run(id).await?;
        self.add_story(id, run.attempt, token, reason).await?;
        if run.cancel {
            self.end(id, RunState::Cancelled).await
        } else if run.attempt >= ATTEMPTS {
            self.end(id, RunState::Failed).await
        } else {
            self.requeue(id).await
        }
    }

    async fn requeue(&mut self, id: &str) -> Result<()> {
        let sql = "UPDATE runs SET state = 'queued', lease = NULL WHERE id = $1";
        self.view.conn.execute(sql, args![id]).await?;
        self.tell(id, "state", &json!({ "state": "queued" }).to_string()).await
    }

    async fn add_story(&mut self, id: &str, attempt: i64, token: &str, reason: &str) -> Result<()> {
        let worker = token.split_once(' ').map_or("", |(_, worker)| worker);
        let line = format!("attempt {attempt} on {worker}: {reason}\n");
        let sql = "UPDATE runs SET story = story || $2 WHERE id = $1";
        self.view.conn.execute(sql, args![id, line]).await?;
        Ok(())
    }

    async fn keep_best(&mut self, id: &str, plan: Option<&str>) -> Result<()> {
        let Some(plan) = plan else { return Ok(()) };
        let sql = "INSERT INTO run_plans VALUES ($1, $2) \
                   ON CONFLICT (run_id) DO UPDATE SET body = excluded.body";
        self.view.conn.execute(sql, args![id, plan]).await?;
        Ok(())
    }

    async fn end(&mut self, id: &str, state: RunState) -> Result<()> {
        let sql = "UPDATE runs SET state = $2, ended = $3, lease = NULL WHERE id = $1";
        self.view.conn.execute(sql, args![id, state.name(), self.now]).await?;
        let run = self.run(id).await?;
        self.tell(id, "state", &json!({ "state": state.name() }).to_string()).await?;
        let data = json!({ "state": state.name(), "plan_id": run.plan_id });
        self.tell(id, "end", &data.to_string()).await?;
        self.note(&By::actor(&run.caller), state.name(), "run", id, None).await
    }

    async fn tell(&mut self, id: &str, event: &str, data: &str) -> Result<()> {
        let sql = "UPDATE runs SET events = events + 1 WHERE id = $1 RETURNING events";
        let number: i64 = self.view.conn.one(sql, args![id]).await?.get(0)?;
        let sql = "INSERT INTO run_events (run_id, id, instant, event, data) VALUES ($1, $2, $3, $4, $5)";
        self.view.conn.execute(sql, args![id, number, self.now, event, data]).await?;
        Ok(())
    }

    /// Deletes what has expired: answers to idempotency keys, sessions, invitations; 24 hours after their end the progress
    /// of runs, and the runs of callers' own scenarios with the documents that nothing else was made from. For a call
    /// once in a while.
    pub async fn tidy(&mut self) -> Result<()> {
        self.tidy_keys().await?;
        let sql = "DELETE FROM sessions WHERE expires <= $1 OR idle_until <= $1";
        self.view.conn.execute(sql, args![self.now]).await?;
        self.view.conn.execute("DELETE FROM invitations WHERE expires <= $1", args![self.now]).await?;
        let sql = "DELETE FROM run_events WHERE event = 'progress' \
                   AND run_id IN (SELECT id FROM runs WHERE ended <= $1)";
        self.view.conn.execute(sql, args![self.now - KEPT]).await?;
        let sql = "DELETE FROM runs WHERE revision IS NULL AND ended <= $1";
        if self.view.conn.execute(sql, args![self.now - KEPT]).await? > 0 {
            let sql = "DELETE FROM inputs WHERE NOT EXISTS (SELECT 1 FROM runs WHERE input_hash = hash) \
                       AND NOT EXISTS (SELECT 1 FROM plans WHERE input_hash = hash)";
            self.view.conn.execute(sql, args![]).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(30);

    /// Signs of one run, which those who look add to until it is dead.
    fn look(watch: &mut Watch, signs: &mut Signs, now: Instant) {
        let running = HashMap::from([("R-1".to_string(), signs.clone())]);
        for (_, _, parts) in silent(watch, running, LEASE, now) {
            signs.silence += parts;
        }
    }

    /// Seconds until an attempt that shows no life is dead, where two look every second, each of whom is replaced by another
    /// every so many seconds.
    fn dead_after(lives: u32) -> Option<u32> {
        let start = Instant::now();
        let mut signs = Signs { lease: "L".into(), beat: 1, silence: 0 };
        let mut watches = [Watch::new(), Watch::new()];
        (0..1000).find(|second| {
            for (n, watch) in watches.iter_mut().enumerate() {
                if (second + 3 * n as u32).is_multiple_of(lives) {
                    watch.clear();
                }
                look(watch, &mut signs, start + Duration::from_secs(u64::from(*second)));
            }
            signs.silence >= PARTS
        })
    }

    #[test]
    fn silence_is_seen_by_one_after_another() {
        let check = |lives: u32, expect: std::ops::RangeInclusive<u32>| {
            let seconds = dead_after(lives).expect("it is found dead");
            assert!(expect.contains(&seconds), "{lives}: {seconds}");
        };
        check(1000, 30..=36);
        check(7, 30..=42);
        assert_eq!(dead_after(6), None, "nobody sees a part of a lease pass");
    }

    #[test]
    fn a_beat_begins_anew() {
        let (start, mut watch) = (Instant::now(), Watch::new());
        let mut signs = Signs { lease: "L".into(), beat: 1, silence: 0 };
        for seconds in (0..600).step_by(5) {
            look(&mut watch, &mut signs, start + Duration::from_secs(seconds));
            signs = Signs { beat: signs.beat + 1, silence: 0, ..signs };
        }
        look(&mut watch, &mut signs, start + Duration::from_mins(10));
        assert_eq!(signs.silence, 0);
    }
}
