//! Proposals and agreements: versions, events, lists, what is due.

use super::{create, on_every_engine, posting};
use serde_json::json;
use tiaoji_store::{By, Deal, DealFilter, DealKind, Error, Kind, Parties, Result, Standing, State, Store};

fn standing(state: &str, due: Option<i64>) -> Standing {
    Standing {
        state: state.to_string(),
        plan: None,
        last_day: "2022-03-09".to_string(),
        due,
        body: json!({ "count": 2 }).to_string(),
    }
}

async fn propose(store: &Store, [lender, borrower]: [&str; 2], due: i64) -> Result<Deal> {
    let parties = Parties {
        surplus: format!("S-{lender}"),
        shortage: format!("D-{borrower}"),
        lender: lender.to_string(),
        borrower: borrower.to_string(),
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                let id = tx.new_deal_id(DealKind::Proposal).await?;
                let standing = standing("open", Some(due));
                let by = By::actor("U-1");
                tx.add_deal(&by, DealKind::Proposal, &id, &parties, &standing, ("propose", "{}")).await
            })
        })
        .await
}

async fn accept(store: &Store, deal: Deal) -> Result<Deal> {
    let by = By::actor("U-2");
    let agreed = standing("agreed", None);
    store
        .write(move |tx| {
            Box::pin(
                async move { tx.change_deal(&by, &deal, &agreed, ("accept", r#"{"side":"lender"}"#)).await },
            )
        })
        .await
}

#[test]
fn every_change_is_an_event_and_a_version() {
    on_every_engine(|store| async move {
        let before = store.view().await?.revision().await?;
        let made = propose(&store, ["F1", "F2"], 5).await?;
        let agreed = accept(&store, made.clone()).await?;
        assert_eq!((made.id.as_str(), made.version, agreed.version), ("O-1", 1, 2));
        assert_eq!(accept(&store, made).await, Err(Error::VersionMismatch { current: 2 }));
        let mut view = store.view().await?;
        assert_eq!(view.revision().await?, before + 2);
        assert_eq!(view.deal(DealKind::Proposal, "O-1").await?, agreed);
        assert_eq!(view.deal(DealKind::Agreement, "O-1").await, Err(Error::NotFound));
        let events = view.deal_events("O-1").await?;
        let told: Vec<_> = events
            .iter()
            .map(|e| (e.version, e.actor.as_str(), e.event.as_str(), e.state.as_str()))
            .collect();
        assert_eq!(told, [(1, "U-1", "propose", "open"), (2, "U-2", "accept", "agreed")]);
        Ok(())
    });
}

#[test]
fn lists_are_filtered() {
    on_every_engine(|store| async move {
        for pair in [["F1", "F2"], ["F2", "F1"], ["F3", "F2"]] {
            propose(&store, pair, 5).await?;
        }
        let mut view = store.view().await?;
        let mut check = async |filter: DealFilter, expect: &[&str]| -> Result<()> {
            let all = view.all_deals(DealKind::Proposal, &filter).await?;
            let ids: Vec<&str> = all.iter().map(|deal| deal.id.as_str()).collect();
            assert_eq!(ids, expect, "{filter:?}");
            Ok(())
        };
        let some = |text: &str| Some(text.to_string());
        let all = DealFilter::default;
        check(all(), &["O-1", "O-2", "O-3"]).await?;
        check(DealFilter { firm: some("F1"), ..all() }, &["O-1", "O-2"]).await?;
        check(DealFilter { posting: some("D-F2"), ..all() }, &["O-1", "O-3"]).await?;
        check(DealFilter { surplus: some("S-F3"), ..all() }, &["O-3"]).await?;
        check(DealFilter { shortage: some("D-F1"), ..all() }, &["O-2"]).await?;
        check(DealFilter { state: some("agreed"), ..all() }, &[]).await?;
        check(DealFilter { from: some("2022-03-10"), ..all() }, &[]).await?;
        check(DealFilter { plan: some("P-1"), ..all() }, &[]).await?;
        let page = view.deals(DealKind::Proposal, &all(), None, 2).await?;
        assert_eq!((page.items[0].id.as_str(), page.next.as_deref()), ("O-3", Some("O-2")));
        let page = view.deals(DealKind::Proposal, &all(), page.next.as_deref(), 2).await?;
        assert_eq!((page.items.len(), page.next), (1, None));
        Ok(())
    });
}

#[test]
fn what_is_due_comes_in_order() {
    on_every_engine(|store| async move {
        for due in [30, 10, 20] {
            propose(&store, ["F1", "F2"], due).await?;
        }
        for (id, to) in [("D-1", "2022-03-08"), ("D-2", "2022-03-07"), ("D-3", "2022-03-09")] {
            create(&store, Kind::Shortage, id, posting(id, "F1", "2022-03-01", to)).await?;
        }
        let mut view = store.view().await?;
        let due: Vec<_> = view.deals_due(20, 9).await?.into_iter().map(|deal| deal.id).collect();
        assert_eq!(due, ["O-2", "O-3"]);
        let past = view.postings_past(Kind::Shortage, "2022-03-09", 9).await?;
        assert_eq!(past.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["D-2", "D-1"]);
        Ok(())
    });
}

#[test]
fn when_the_clock_looks_again_is_no_event() {
    on_every_engine(|store| async move {
        let made = propose(&store, ["F1", "F2"], 10).await?;
        let before = made.clone();
        store.write(move |tx| Box::pin(async move { tx.wait_for(&made, 20).await })).await?;
        let mut view = store.view().await?;
        assert!(view.deals_due(19, 9).await?.is_empty());
        let due = view.deals_due(20, 9).await?;
        assert_eq!((due[0].version, due[0].revision), (1, before.revision));
        assert_eq!(view.deal_events("O-1").await?.len(), 1);
        Ok(())
    });
}

#[test]
fn proposals_about_what_is_on_offer() {
    on_every_engine(|store| async move {
        for (kind, id) in [(Kind::Surplus, "S-F1"), (Kind::Shortage, "D-F2")] {
            create(&store, kind, id, posting(id, "F1", "2022-03-01", "2022-03-09")).await?;
        }
        let made = propose(&store, ["F1", "F2"], 10).await?;
        propose(&store, ["F1", "F3"], 10).await?; // of a posting that is not there
        let row = posting("D-F2", "F1", "2022-03-01", "2022-03-08");
        let changed = async |state: State| {
            let row = row.clone();
            let by = By::actor("U-1");
            let done = store.write(move |tx| {
                Box::pin(async move { tx.replace(&by, Kind::Shortage, "D-F2", None, state, &row).await })
            });
            done.await
        };
        changed(State::Open).await?;
        let found = store.view().await?.proposals_on_offer("open").await?;
        assert_eq!(found, [(made.parties, made.standing.body, [1, 2])]);
        assert!(store.view().await?.proposals_on_offer("declined").await?.is_empty());
        changed(State::Withdrawn).await?;
        assert!(store.view().await?.proposals_on_offer("open").await?.is_empty());
        Ok(())
    });
}
