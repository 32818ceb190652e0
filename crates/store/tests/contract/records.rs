use crate::{conflict, create, delete, on_every_engine, posting, replace};
use serde_json::json;
use tiaoji_store::{By, Error, Filter, Kind, Record, Result, State, Store};

#[test]
fn versions_rise_and_guard_each_change() {
    on_every_engine(|store| async move {
        let first =
            create(&store, Kind::Surplus, "S1", posting("S1", "F1", "2022-03-07", "2022-03-09")).await?;
        assert_eq!((first.version, first.state, first.revision), (1, State::Open, 1));
        assert_eq!(
            first.body,
            r#"{"firm":"F1","from":"2022-03-07","headcount":2,"id":"S1","skill":"packer","to":"2022-03-09"}"#
        );
        assert!(first.created > 1_700_000_000_000 && first.changed == first.created);
        let again = create(&store, Kind::Surplus, "S1", json!({})).await;
        assert_eq!(conflict(again), "surplus S1 exists already");
        // the same id in another table is another row
        create(&store, Kind::Shortage, "S1", posting("S1", "F2", "2022-03-07", "2022-03-09")).await?;

        let body = posting("S1", "F1", "2022-03-07", "2022-03-08");
        let second = replace(&store, Kind::Surplus, "S1", Some(1), body.clone()).await?;
        assert_eq!((second.version, second.revision), (2, 3));
        let late = replace(&store, Kind::Surplus, "S1", Some(1), body.clone()).await;
        assert_eq!(late, Err(Error::VersionMismatch { current: 2 }));
        assert_eq!(replace(&store, Kind::Surplus, "S1", None, body.clone()).await?.version, 3);
        assert_eq!(replace(&store, Kind::Surplus, "S9", Some(1), body).await, Err(Error::NotFound));

        let late = delete(&store, Kind::Surplus, "S1", Some(2)).await;
        assert_eq!(late, Err(Error::VersionMismatch { current: 3 }));
        delete(&store, Kind::Surplus, "S1", Some(3)).await?;
        assert_eq!(delete(&store, Kind::Surplus, "S1", None).await, Err(Error::NotFound));
        assert_eq!(store.view().await?.record(Kind::Surplus, "S1").await, Err(Error::NotFound));
        // no version is used twice: 4 was the deletion
        let anew = create(&store, Kind::Surplus, "S1", json!({})).await?;
        assert_eq!((anew.version, anew.revision), (5, 6));
        assert_eq!(store.view().await?.revision().await?, 6);

        let history = store.view().await?.history(Kind::Surplus, "S1").await?;
        let told: Vec<_> = history
            .iter()
            .map(|entry| (entry.version, entry.actor.as_str(), entry.action.as_str(), entry.revision))
            .collect();
        assert_eq!(
            told,
            [
                (Some(1), "U-1", "create", 1),
                (Some(2), "U-2", "replace", 3),
                (Some(3), "U-2", "replace", 4),
                (Some(4), "U-3", "delete", 5),
                (Some(5), "U-1", "create", 6)
            ]
        );
        assert_eq!(history[1].reason.as_deref(), Some("fewer"));
        assert_eq!((history[3].body.as_deref(), history[3].firm.as_deref()), (None, Some("F1")));
        Ok(())
    });
}

#[test]
fn text_comes_out_as_it_went_in() {
    on_every_engine(|store| async move {
        let body = json!({ "name": "济北 \u{1F600} '; DROP TABLE records; -- \" \\ \u{0000}", "latitude": 36.123_456_789_012_34,
                           "staff": 9_007_199_254_740_993_i64, "none": null });
        let made = create(&store, Kind::Firm, "企业 '1'", body.clone()).await?;
        let read = store.view().await?.record(Kind::Firm, "企业 '1'").await?;
        assert_eq!(read, made);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&read.body).ok(), Some(body));
        let nul = create(&store, Kind::Firm, "F\u{0}", json!({})).await;
        assert!(matches!(nul, Err(Error::Invalid(_))), "{nul:?}");
        Ok(())
    });
}

async fn ids(store: &Store, filter: Filter) -> Result<Vec<String>> {
    let (mut ids, mut after) = (Vec::new(), None);
    let mut view = store.view().await?;
    loop {
        let page = view.records(Kind::Surplus, &filter, after.as_deref(), 2).await?;
        assert!(page.items.len() <= 2);
        ids.extend(page.items.into_iter().map(|record: Record| record.id));
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(ids),
        }
    }
}

#[test]
fn lists_are_filtered_and_paged_in_order_of_bytes() {
    on_every_engine(|store| async move {
        for (id, firm, from, to) in [
            ("b", "F1", "2022-03-01", "2022-03-10"),
            ("B", "F2", "2022-03-05", "2022-03-06"),
            ("é", "F1", "2022-03-11", "2022-03-12"),
            ("a-1", "F1", "2022-02-01", "2022-02-28"),
            ("a", "F2", "2022-01-01", "2022-12-31"),
        ] {
            create(&store, Kind::Surplus, id, posting(id, firm, from, to)).await?;
        }
        create(&store, Kind::Shortage, "c", posting("c", "F1", "2022-03-01", "2022-03-10")).await?;
        let text = |text: &str| Some(text.to_string());
        assert_eq!(ids(&store, Filter::default()).await?, ["B", "a", "a-1", "b", "é"]);
        let of = Filter { firm: text("F1"), ..Filter::default() };
        assert_eq!(ids(&store, of.clone()).await?, ["a-1", "b", "é"]);
        let march = Filter { from: text("2022-03-06"), to: text("2022-03-11"), ..Filter::default() };
        assert_eq!(ids(&store, march.clone()).await?, ["B", "b", "é", "a"], "in order of their last days");
        assert_eq!(ids(&store, Filter { firm: text("F1"), ..march }).await?, ["b", "é"]);
        assert_eq!(ids(&store, Filter { skill: text("packer"), ..of.clone() }).await?, ["a-1", "b", "é"]);
        assert_eq!(ids(&store, Filter { skill: text("welder"), ..of.clone() }).await?, [""; 0]);
        assert_eq!(ids(&store, Filter { state: Some(State::Draft), ..of }).await?, [""; 0]);
        Ok(())
    });
}

/// Postings of all lengths against the plain definition of a window, every page of two.
#[test]
fn windows_hold_what_has_a_day_in_them() {
    on_every_engine(|store| async move {
        let days = |first: usize, length: usize| {
            // 28 days a month are days of every calendar
            let day = |n: usize| format!("{}-{:02}-{:02}", 2020 + n / 336, n % 336 / 28 + 1, n % 28 + 1);
            (day(first), day(first + length))
        };
        let mut postings = Vec::new();
        for n in 0..60 {
            let length = [0, 1, 20, 30, 56, 57, 200, 336, 340, 2000][n % 10];
            let (from, to) = days(n * 37 % 1000, length);
            let (id, state) = (format!("S{n}"), if n % 3 == 0 { State::Draft } else { State::Open });
            let body = posting(&id, "F1", &from, &to);
            let key = id.clone();
            store
                .write(move |tx| {
                    Box::pin(
                        async move { tx.create(&By::actor("U-1"), Kind::Surplus, &key, state, &body).await },
                    )
                })
                .await?;
            postings.push((to, id, from, state));
        }
        postings.sort();
        for window in 0..40 {
            let (from, to) = days(window * 97 % 1400, [0, 7, 100, 3000][window % 4]);
            let filter = Filter {
                from: (window % 5 != 1).then(|| from.clone()),
                to: (window % 5 != 2).then(|| to.clone()),
                state: (window % 3 == 0).then_some(State::Draft),
                ..Filter::default()
            };
            let inside = postings.iter().filter(|(last, _, first, state)| {
                (window % 5 == 1 || *last >= from)
                    && (window % 5 == 2 || *first <= to)
                    && (window % 3 != 0 || *state == State::Draft)
            });
            let expected: Vec<String> = inside.map(|posting| posting.1.clone()).collect();
            assert_eq!(ids(&store, filter.clone()).await?, expected, "{filter:?}");
        }
        let nowhere = Filter { to: Some("2022-01-01".to_string()), ..Filter::default() };
        let page = store.view().await?.records(Kind::Surplus, &nowhere, Some("S1"), 2).await;
        assert!(matches!(page, Err(Error::Invalid(_))), "{page:?}");
        Ok(())
    });
}

#[test]
fn ids_made_here_are_new() {
    on_every_engine(|store| async move {
        create(&store, Kind::Surplus, "S-2", json!({})).await?;
        create(&store, Kind::Surplus, "S-3", json!({})).await?;
        delete(&store, Kind::Surplus, "S-3", None).await?;
        let made = store
            .write(|tx| {
                Box::pin(async move {
                    Ok([
                        tx.new_id(Kind::Surplus).await?,
                        tx.new_id(Kind::Surplus).await?,
                        tx.new_id(Kind::Firm).await?,
                    ])
                })
            })
            .await?;
        assert_eq!(made, ["S-1", "S-4", "F-1"]);
        Ok(())
    });
}
