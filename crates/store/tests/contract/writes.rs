use crate::{create, on_every_engine};
use serde_json::json;
use tiaoji_store::{By, Error, Filter, Kind, State, Store, Trail};

/// Of fifty writes at once every fifth fails after it has changed something: the others are all there, and nothing of it.
#[test]
fn writes_that_share_a_commit_do_not_share_their_faults() {
    on_every_engine(|store| async move {
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..50 {
            let store = store.clone();
            writers.spawn(async move {
                let written = store
                    .write(move |tx| {
                        Box::pin(async move {
                            let id = format!("S{writer:02}");
                            let by = By::actor("U-1");
                            let made = tx.create(&by, Kind::Surplus, &id, State::Open, &json!({})).await?;
                            assert!(writer % 10 != 5, "a fault of the program");
                            // on PostgreSQL a failed statement spoils what comes after it in the transaction
                            tx.create(
                                &by,
                                Kind::Firm,
                                if writer % 5 == 0 { "\0" } else { &id },
                                State::Open,
                                &json!({}),
                            )
                            .await?;
                            Ok(made)
                        })
                    })
                    .await;
                (writer, written)
            });
        }
        let mut revisions = Vec::new();
        while let Some(outcome) = writers.join_next().await {
            let (writer, written) = outcome.expect("the panic stays in the write");
            assert_eq!(written.is_ok(), writer % 5 != 0, "{written:?}");
            revisions.extend(written.ok().map(|record| record.revision));
        }
        revisions.sort_unstable();
        revisions.dedup();
        assert_eq!(revisions.len(), 40, "every change has a revision of its own");
        let mut view = store.view().await?;
        assert_eq!(view.revision().await?, 80);
        assert_eq!(view.records(Kind::Surplus, &Filter::default(), None, 500).await?.items.len(), 40);
        let trail = view.audit(&Trail::default(), 0, 500).await?.items;
        assert!(trail.iter().map(|entry| entry.revision).eq(1..=80), "the trail is in order");
        Ok(())
    });
}

#[test]
fn a_view_is_of_one_moment_and_cannot_write() {
    on_every_engine(|store| async move {
        create(&store, Kind::Firm, "F1", json!({})).await?;
        let mut view = store.view().await?;
        assert_eq!(view.revision().await?, 1);
        create(&store, Kind::Firm, "F2", json!({})).await?;
        assert_eq!(view.records(Kind::Firm, &Filter::default(), None, 50).await?.items.len(), 1);
        assert_eq!(
            store.view().await?.records(Kind::Firm, &Filter::default(), None, 50).await?.items.len(),
            2
        );
        Ok(())
    });
}

#[test]
fn commits_are_counted_and_a_closed_store_says_so() {
    on_every_engine(|store| async move {
        let mut commits = store.commits();
        let before = *commits.borrow_and_update();
        create(&store, Kind::Firm, "F1", json!({})).await?;
        assert!(*commits.borrow_and_update() > before);
        store.close().await;
        let late = create(&store, Kind::Firm, "F2", json!({})).await;
        assert!(matches!(late, Err(Error::Unavailable(_))), "{late:?}");
        assert!(matches!(store.view().await.err(), Some(Error::Unavailable(_))));
        Ok(())
    });
}

#[tokio::test]
async fn a_copy_is_made_while_others_write() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let store = Store::open(&url("zone.db")).await.expect("a new file");
    create(&store, Kind::Firm, "F0", json!({})).await.expect("a firm");
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            for firm in 1..200 {
                create(&store, Kind::Firm, &format!("F{firm}"), json!({})).await.expect("a firm");
            }
        })
    };
    let copy = folder.path().join("copy.db");
    store.backup(&copy).await.expect("a copy");
    assert!(matches!(store.backup(&copy).await, Err(Error::Conflict(_))));
    writer.await.expect("no panic");
    let copy = Store::open(&url("copy.db")).await.expect("the copy opens");
    copy.check().await.expect("the copy is sound");
    let mut view = copy.view().await.expect("a view");
    let firms = view.records(Kind::Firm, &Filter::default(), None, 500).await.expect("firms").items.len();
    assert_eq!(view.revision().await, Ok(firms as i64));
    assert!(firms >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_open_a_new_file_at_once_make_its_tables_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("zone.db").display());
        let opened = (0..6).map(|_| {
            let url = url.clone();
            tokio::spawn(async move { Store::open(&url).await })
        });
        for store in opened.collect::<Vec<_>>() {
            store.await.expect("no panic").expect("it opens").close().await;
        }
    }
}

#[tokio::test]
async fn what_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("zone.db");
    let url = format!("sqlite:{}", path.display());
    Store::open(&url).await.expect("a new file").close().await;
    let pool = sqlx::SqlitePool::connect(&url).await.expect("the file");
    let newer = "INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, TRUE, x'00', 0)";
    sqlx::query(newer).execute(&pool).await.expect("a row");
    pool.close().await;
    let text = match Store::open(&url).await.err() {
        Some(Error::NewerDatabase(text)) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        text,
        "the database was brought to version 9999 by a newer tiaoji: use that program, or a backup from before"
    );
    for (url, unavailable) in [
        ("mysql://localhost/zone", false),
        ("sqlite:/nowhere/zone.db", true),
        ("postgres://user:secret@127.0.0.1:1/zone", true),
        ("postgres://user:secret@127.0.0.1:1/zone?sslmode=disable&options[search_path]=a", true),
        ("postgres://127.0.0.1:1/zone?user=a&pasword=secret", false),
        ("postgres://user:a?secret@127.0.0.1:1/zone", false),
        ("postgres://127.0.0.1:1/zone?sslmod=verify-full", false),
    ] {
        let fault = Store::open(url).await.err().expect("it cannot be opened");
        assert_eq!(matches!(fault, Error::Unavailable(_)), unavailable, "{fault:?}");
        assert!(!fault.to_string().contains("secret"));
    }
}
