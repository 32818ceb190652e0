use crate::{conflict, on_every_engine};
use futures_util::future::BoxFuture;
use std::time::Duration;
use tiaoji_store::{By, Claim, Error, NewPlan, NewRun, Progress, Result, Run, RunState, Store, Tx};

/// Long enough that no attempt is found dead by the way.
const LONG: Duration = Duration::from_hours(1);
/// Every attempt that was seen before and has shown no life since is dead.
const NONE: Duration = Duration::ZERO;

async fn enqueue(store: &Store, caller: &str) -> Result<Run> {
    let new = NewRun {
        caller: caller.to_string(),
        input: format!("scenario of {caller}"),
        revision: None,
        settings: "{}".to_string(),
    };
    store.write(move |tx| Box::pin(async move { tx.enqueue(&By::actor(&new.caller), &new).await })).await
}

async fn claim(store: &Store) -> Result<Claim> {
    Ok(store.claim("w", LONG).await?.expect("a run waits"))
}

/// Does something with a claim in a write of its own.
async fn with<T: Send + 'static>(
    store: &Store,
    claim: &Claim,
    act: impl for<'a> FnOnce(&'a mut Tx, &'a Claim) -> BoxFuture<'a, Result<T>> + Send + 'static,
) -> Result<T> {
    let claim = claim.clone();
    store.write(move |tx| Box::pin(async move { act(tx, &claim).await })).await
}

async fn beat(store: &Store, claim: &Claim) -> Result<bool> {
    with(store, claim, |tx, claim| Box::pin(tx.beat(claim))).await
}

async fn finish(store: &Store, claim: &Claim) -> Result<Run> {
    with(store, claim, |tx, claim| Box::pin(tx.finish_run(claim, None, Some("plan"), None))).await
}

async fn cancel(store: &Store, id: &str) -> Result<Run> {
    let id = id.to_string();
    store.write(move |tx| Box::pin(async move { tx.cancel_run(&By::actor("U-9"), &id).await })).await
}

fn progress(objective_fen: i64) -> Progress {
    Progress { objective_fen, bound_fen: 10, gap: 0.25, seconds: 0.5 }
}

async fn events(store: &Store, id: &str, after: i64) -> Result<Vec<(i64, String)>> {
    let events = store.view().await?.run_events(id, after).await?;
    let told = |data: &str| serde_json::from_str::<serde_json::Value>(data).expect("JSON")["state"].clone();
    Ok(events
        .into_iter()
        .map(|event| {
            (event.id, format!("{} {}", event.event, told(&event.data).as_str().unwrap_or_default()))
        })
        .collect())
}

#[test]
fn a_run_goes_from_the_queue_to_its_plan() {
    on_every_engine(|store| async move {
        let queued = enqueue(&store, "U-1").await?;
        assert_eq!((queued.id.as_str(), queued.state, queued.attempt), ("R-1", RunState::Queued, 0));
        assert_eq!(store.view().await?.run_plan("R-1").await?, None);
        assert_eq!(store.view().await?.run_plan("R-2").await, Err(Error::NotFound));
        let claim = claim(&store).await?;
        assert_eq!((claim.run.state, claim.run.attempt), (RunState::Running, 1));
        assert_eq!(store.claim("w", LONG).await?, None);
        with(&store, &claim, |tx, claim| Box::pin(tx.progress(claim, progress(30), Some("first")))).await?;
        assert_eq!(store.view().await?.run("R-1").await?.progress, Some(progress(30)));
        assert_eq!(store.view().await?.run_plan("R-1").await?.as_deref(), Some("first"));
        let plan =
            NewPlan { input: "scenario of U-1".to_string(), body: "last".to_string(), ..NewPlan::default() };
        let done = with(&store, &claim, move |tx, claim| {
            Box::pin(async move { tx.finish_run(claim, Some(progress(20)), Some("last"), Some(&plan)).await })
        })
        .await?;
        assert_eq!(
            (done.state, done.plan_id.as_deref(), done.progress),
            (RunState::Done, Some("P-1"), Some(progress(20)))
        );
        let mut view = store.view().await?;
        assert_eq!(view.run_plan("R-1").await?.as_deref(), Some("last"));
        assert_eq!(view.plan("P-1").await?.input_hash, done.input_hash);
        let told = events(&store, "R-1", 0).await?;
        let told: Vec<_> = told.iter().map(|(id, text)| (*id, text.as_str())).collect();
        assert_eq!(
            told,
            [
                (1, "state queued"),
                (2, "state running"),
                (3, "progress "),
                (4, "progress "),
                (5, "state done"),
                (6, "end done")
            ]
        );
        assert_eq!(events(&store, "R-1", 4).await?.len(), 2);
        // it has ended, and ends once
        assert_eq!(finish(&store, &claim).await, Err(Error::LeaseLost));
        assert_eq!(beat(&store, &claim).await, Err(Error::LeaseLost));
        assert_eq!(conflict(cancel(&store, "R-1").await), "run R-1 has ended: done");
        assert_eq!(view.plans(false, None, 50).await?.items.len(), 1);
        Ok(())
    });
}

#[test]
fn no_run_is_claimed_twice() {
    on_every_engine(|store| async move {
        for caller in 0..30 {
            enqueue(&store, &format!("U-{caller}")).await?;
        }
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = store.clone();
            workers.spawn(async move {
                let mut ids = Vec::new();
                while let Some(claim) = store.claim("w", LONG).await? {
                    ids.push(finish(&store, &claim).await?.id);
                }
                Ok::<_, Error>(ids)
            });
        }
        let mut ids = Vec::new();
        while let Some(worker) = workers.join_next().await {
            ids.extend(worker.expect("no panic")?);
        }
        ids.sort();
        let mut expected: Vec<String> = (1..=30).map(|run| format!("R-{run}")).collect();
        expected.sort();
        assert_eq!(ids, expected);
        Ok(())
    });
}

#[test]
fn who_shows_no_life_loses_the_run_and_who_does_keeps_it() {
    on_every_engine(|store| async move {
        enqueue(&store, "U-1").await?;
        enqueue(&store, "U-2").await?;
        let dead = claim(&store).await?;
        let living = claim(&store).await?;
        store.reap(LONG).await?; // looked at only just now: both may still live
        assert_eq!(store.view().await?.count_runs(RunState::Running).await?, 2);
        beat(&store, &living).await?;
        store.reap(NONE).await?;
        let again = claim(&store).await?;
        assert_eq!((again.run.id.as_str(), again.run.attempt), ("R-1", 2));
        assert_eq!(again.run.story, "attempt 1 on w: no sign of life\n");
        beat(&store, &living).await?;
        // the first attempt comes back late and can do nothing
        for outcome in [
            beat(&store, &dead).await.err(),
            finish(&store, &dead).await.err(),
            with(&store, &dead, |tx, claim| Box::pin(tx.progress(claim, progress(1), Some("late"))))
                .await
                .err(),
            with(&store, &dead, |tx, claim| Box::pin(tx.fail_run(claim, "late"))).await.err(),
            with(&store, &dead, |tx, claim| Box::pin(tx.break_off(claim, "late"))).await.err(),
            with(&store, &dead, |tx, claim| Box::pin(tx.give_back(claim))).await.err(),
        ] {
            assert_eq!(outcome, Some(Error::LeaseLost));
        }
        assert_eq!(store.view().await?.run_plan("R-1").await?, None);
        assert_eq!(finish(&store, &again).await?.state, RunState::Done);
        assert_eq!(finish(&store, &living).await?.state, RunState::Done);
        Ok(())
    });
}

#[test]
fn a_run_that_kills_its_workers_has_failed_after_three() {
    on_every_engine(|store| async move {
        enqueue(&store, "U-1").await?;
        for attempt in 1..=3 {
            let claim = claim(&store).await?;
            assert_eq!(claim.run.attempt, attempt);
            if attempt == 2 {
                with(&store, &claim, |tx, claim| Box::pin(tx.break_off(claim, "killed: out of memory")))
                    .await?;
            } else {
                store.reap(NONE).await?;
                store.reap(NONE).await?;
            }
        }
        assert_eq!(store.claim("w", LONG).await?, None);
        let run = store.view().await?.run("R-1").await?;
        assert_eq!(run.state, RunState::Failed);
        assert_eq!(
            run.story,
            "attempt 1 on w: no sign of life\nattempt 2 on w: killed: out of memory\nattempt 3 on w: no sign of life\n"
        );
        let last = events(&store, "R-1", 0).await?.pop().map(|(_, text)| text);
        assert_eq!(last.as_deref(), Some("end failed"));
        Ok(())
    });
}

#[test]
fn a_run_that_cannot_succeed_fails_at_once() {
    on_every_engine(|store| async move {
        enqueue(&store, "U-1").await?;
        let claim = claim(&store).await?;
        let run = with(&store, &claim, |tx, claim| Box::pin(tx.fail_run(claim, "too many pairs"))).await?;
        assert_eq!((run.state, run.story.as_str()), (RunState::Failed, "attempt 1 on w: too many pairs\n"));
        Ok(())
    });
}

#[test]
fn what_is_given_back_waits_in_its_old_place_and_does_not_count() {
    on_every_engine(|store| async move {
        enqueue(&store, "U-1").await?;
        enqueue(&store, "U-2").await?;
        for _ in 0..5 {
            let claim = claim(&store).await?;
            assert_eq!((claim.run.id.as_str(), claim.run.attempt), ("R-1", 1));
            let run = with(&store, &claim, |tx, claim| Box::pin(tx.give_back(claim))).await?;
            assert_eq!((run.state, run.attempt, run.story.as_str()), (RunState::Queued, 0, ""));
        }
        Ok(())
    });
}

#[test]
fn cancelling_keeps_the_best_plan() {
    on_every_engine(|store| async move {
        for caller in ["U-1", "U-2", "U-3", "U-4"] {
            enqueue(&store, caller).await?;
        }
        assert_eq!(cancel(&store, "R-4").await?.state, RunState::Cancelled);
        let [told, dead, back] = [claim(&store).await?, claim(&store).await?, claim(&store).await?];
        assert_eq!(store.claim("w", LONG).await?, None, "what was cancelled is not claimed");
        for (id, claim) in [("R-1", &told), ("R-2", &dead), ("R-3", &back)] {
            with(&store, claim, |tx, claim| Box::pin(tx.progress(claim, progress(30), Some("best")))).await?;
            assert_eq!(cancel(&store, id).await?.state, RunState::Running);
        }
        assert!(beat(&store, &told).await?, "the worker learns of it");
        assert_eq!(finish(&store, &told).await?.state, RunState::Cancelled);
        let run = with(&store, &back, |tx, claim| Box::pin(tx.give_back(claim))).await?;
        assert_eq!(run.state, RunState::Cancelled);
        store.reap(NONE).await?;
        store.reap(NONE).await?;
        let mut view = store.view().await?;
        assert_eq!(view.run("R-2").await?.state, RunState::Cancelled);
        for (id, plan) in [("R-1", "plan"), ("R-2", "best"), ("R-3", "best")] {
            assert_eq!(view.run_plan(id).await?.as_deref(), Some(plan));
        }
        Ok(())
    });
}

#[test]
fn twenty_wait_and_two_are_worked_on() {
    on_every_engine(|store| async move {
        for _ in 0..20 {
            enqueue(&store, "U-1").await?;
        }
        let refused = enqueue(&store, "U-1").await;
        assert!(matches!(refused, Err(Error::TooMany(_))), "{refused:?}");
        enqueue(&store, "U-2").await?;
        let ids =
            [claim(&store).await?, claim(&store).await?, claim(&store).await?].map(|claim| claim.run.id);
        assert_eq!(ids, ["R-1", "R-2", "R-21"]);
        assert_eq!(store.claim("w", LONG).await?, None);
        enqueue(&store, "U-1").await?;
        let page = store.view().await?.runs(Some("U-1"), None, 10).await?;
        assert_eq!((page.items[0].id.as_str(), page.next.as_deref()), ("R-22", Some("R-12")));
        let page = store.view().await?.runs(None, page.next.as_deref(), 500).await?;
        assert_eq!((page.items.len(), page.next), (11, None));
        Ok(())
    });
}
