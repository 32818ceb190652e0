use crate::{conflict, create, on_every_engine, posting, replace};
use serde_json::json;
use tiaoji_store::{By, Error, Kind, Result, State, Store};

async fn import(store: &Store) -> Result<i64> {
    store
        .write(|tx| {
            Box::pin(async move {
                let mut by = By::actor("U-4");
                let id = tx.begin_import(&by).await?;
                by.import = Some(id);
                let body = posting("S1", "F1", "2022-03-07", "2022-03-20");
                tx.replace(&by, Kind::Surplus, "S1", None, State::Draft, &body).await?;
                let body = posting("S2", "F1", "2022-03-07", "2022-03-20");
                tx.create(&by, Kind::Surplus, "S2", State::Open, &body).await?;
                // the same row once more: its state before the whole import counts
                let body = posting("S1", "F1", "2022-03-07", "2022-03-21");
                tx.replace(&by, Kind::Surplus, "S1", None, State::Open, &body).await?;
                Ok(id)
            })
        })
        .await
}

async fn undo(store: &Store, id: i64) -> Result<usize> {
    store.write(move |tx| Box::pin(async move { tx.undo_import(&By::actor("U-4"), id).await })).await
}

#[test]
fn an_import_is_undone_as_a_whole() {
    on_every_engine(|store| async move {
        let before =
            create(&store, Kind::Surplus, "S1", posting("S1", "F1", "2022-03-07", "2022-03-09")).await?;
        let id = import(&store).await?;
        let made = store.view().await?.import(id).await?;
        let rows: Vec<(&str, bool)> = made.rows.iter().map(|row| (row.id.as_str(), row.is_new)).collect();
        assert_eq!((made.actor.as_str(), made.undone), ("U-4", None));
        assert_eq!(rows, [("S1", false), ("S2", true), ("S1", false)]);
        assert_eq!(undo(&store, id).await?, 2);
        let mut view = store.view().await?;
        let after = view.record(Kind::Surplus, "S1").await?;
        assert_eq!((after.body, after.state, after.version), (before.body, before.state, 4));
        assert_eq!(view.record(Kind::Surplus, "S2").await, Err(Error::NotFound));
        let history = view.history(Kind::Surplus, "S2").await?;
        assert_eq!((history[0].import, history[1].reason.as_deref()), (Some(id), Some("import 1 undone")));
        assert!(view.import(id).await?.undone.is_some());
        assert_eq!(view.import(id + 1).await, Err(Error::NotFound));
        assert_eq!(conflict(undo(&store, id).await), "the import has been undone already");
        assert_eq!(undo(&store, id + 1).await, Err(Error::NotFound));
        Ok(())
    });
}

#[test]
fn what_was_changed_since_forbids_it() {
    on_every_engine(|store| async move {
        create(&store, Kind::Surplus, "S1", json!({})).await?;
        let id = import(&store).await?;
        replace(&store, Kind::Surplus, "S2", None, json!({})).await?;
        let revision = store.view().await?.revision().await?;
        assert_eq!(conflict(undo(&store, id).await), "changed since the import: surplus S2");
        assert_eq!(store.view().await?.revision().await?, revision);
        Ok(())
    });
}

#[test]
fn all_or_nothing() {
    on_every_engine(|store| async move {
        // S1 is missing, so that the first change fails after the import has begun
        assert_eq!(import(&store).await, Err(Error::NotFound));
        let mut view = store.view().await?;
        assert_eq!((view.revision().await?, view.last_seq().await?), (0, 0));
        Ok(())
    });
}
