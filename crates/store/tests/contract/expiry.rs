//! What ends by the database's clock: a day is let pass by moving what is stored into the past.

use crate::conflict;
use std::time::Duration;
use tiaoji_store::{Access, Answer, By, Error, NewRun, RunState, Seen, Store};

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn a_day_later() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("zone.db").display());
    let store = Store::open(&url).await.expect("a new file");
    let by = || By::actor("U-1");
    let import = store
        .write(move |tx| {
            Box::pin(async move {
                assert_eq!(tx.begin_key("U-1", "k", "hash").await?, Seen::New);
                let answer = Answer { status: 200, headers: String::new(), body: String::new() };
                tx.finish_key("U-1", "k", &answer).await?;
                tx.invite(&by(), "token", "李", &Access::default()).await?;
                for (caller, revision) in [("U-1", None), ("U-2", Some(1))] {
                    let run = NewRun {
                        caller: caller.to_string(),
                        input: format!("of {caller}"),
                        revision,
                        settings: "{}".to_string(),
                    };
                    let run = tx.enqueue(&by(), &run).await?;
                    tx.cancel_run(&by(), &run.id).await?;
                }
                let waiting =
                    NewRun { caller: "U-3".to_string(), input: "of U-3".to_string(), ..NewRun::default() };
                tx.enqueue(&by(), &waiting).await?;
                tx.begin_import(&by()).await
            })
        })
        .await
        .expect("all of it");

    let pass = async |hours: i64| {
        let pool = sqlx::SqlitePool::connect(&url).await.expect("the file");
        for sql in [
            "UPDATE idempotency SET created = created - $1",
            "UPDATE imports SET instant = instant - $1",
            "UPDATE runs SET created = created - $1, ended = ended - $1",
            "UPDATE invitations SET expires = expires - $1",
        ] {
            sqlx::query(sql).bind(hours * HOUR).execute(&pool).await.expect("the past");
        }
        pool.close().await;
        store.write(|tx| Box::pin(async move { tx.tidy().await })).await.expect("tidied");
    };
    let seen = || store.write(|tx| Box::pin(async move { tx.begin_key("U-1", "k", "hash").await }));

    pass(23).await;
    assert!(matches!(seen().await, Ok(Seen::Before(_))));
    assert!(store.view().await.expect("a view").run("R-1").await.is_ok());

    pass(2).await;
    assert_eq!(seen().await, Ok(Seen::New));
    let undone =
        store.write(move |tx| Box::pin(async move { tx.undo_import(&By::actor("U-1"), import).await })).await;
    assert_eq!(conflict(undone), "an import can be undone within 24 hours");
    let mut view = store.view().await.expect("a view");
    assert_eq!(view.run("R-1").await, Err(Error::NotFound), "a caller's own scenario");
    assert_eq!(view.input(&tiaoji_store::sha256(b"of U-1")).await, Err(Error::NotFound));
    let zone = view.run("R-2").await.expect("a run of the zone's data stays");
    assert_eq!(
        (zone.state, view.input(&zone.input_hash).await.as_deref()),
        (RunState::Cancelled, Ok("of U-2"))
    );
    assert_eq!(
        view.run("R-3").await.map(|run| run.state),
        Ok(RunState::Queued),
        "what waits does not expire"
    );
    assert!(view.invitation("token").await.is_ok());
    drop(view);
    assert_eq!(
        store
            .claim("w", Duration::from_secs(30))
            .await
            .expect("claimed")
            .map(|claim| claim.run.id)
            .as_deref(),
        Some("R-3")
    );

    pass(46).await;
    assert!(store.view().await.expect("a view").invitation("token").await.is_ok());
    pass(1).await;
    assert_eq!(store.view().await.expect("a view").invitation("token").await, Err(Error::NotFound));
}
