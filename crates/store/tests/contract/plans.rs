use crate::{conflict, on_every_engine};
use tiaoji_store::{By, Error, NewPlan, Plan, Result, Store, sha256};

async fn add(store: &Store, input: &str) -> Result<Plan> {
    let new = NewPlan {
        input: input.to_string(),
        revision: Some(7),
        method: "auto".to_string(),
        settings: r#"{"gap":0.0005}"#.to_string(),
        engine: "tiaoji 0.1.0".to_string(),
        summary: r#"{"objective_fen":1}"#.to_string(),
        body: format!("plan of {input}"),
    };
    store.write(move |tx| Box::pin(async move { tx.add_plan(&By::actor("U-1"), &new).await })).await
}

async fn publish(store: &Store, id: &str, version: i64, publish: bool) -> Result<Plan> {
    let id = id.to_string();
    let work = async move |tx: &mut tiaoji_store::Tx| {
        tx.publish(&By::actor("U-2"), &id, Some(version), publish).await
    };
    store.write(move |tx| Box::pin(async move { work(tx).await })).await
}

#[test]
fn a_plan_keeps_what_it_was_made_from() {
    on_every_engine(|store| async move {
        let plan = add(&store, "{}").await?;
        assert_eq!((plan.id.as_str(), plan.version, plan.revision), ("P-1", 1, Some(7)));
        assert_eq!(plan.input_hash, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        assert_eq!(plan.input_hash, sha256(b"{}"));
        assert_eq!(add(&store, "{}").await?.input_hash, plan.input_hash);
        let mut view = store.view().await?;
        assert_eq!(view.input(&plan.input_hash).await?, "{}");
        assert_eq!(view.plan_body("P-1").await?, "plan of {}");
        assert_eq!(view.plan("P-1").await?, plan);
        assert_eq!(view.plan("P-9").await, Err(Error::NotFound));
        assert_eq!(view.plan_body("P-9").await, Err(Error::NotFound));
        Ok(())
    });
}

#[test]
fn the_plan_in_force_is_the_one_published_last() {
    on_every_engine(|store| async move {
        for input in ["a", "b", "c"] {
            add(&store, input).await?;
        }
        assert_eq!(store.view().await?.published_plan().await?, None);
        let plan = publish(&store, "P-2", 1, true).await?;
        assert!(plan.published.is_some() && plan.version == 2);
        assert_eq!(conflict(publish(&store, "P-2", 2, true).await), "plan P-2 is published already");
        publish(&store, "P-1", 1, true).await?;
        let late = publish(&store, "P-1", 1, false).await;
        assert_eq!(late, Err(Error::VersionMismatch { current: 2 }));
        let mut view = store.view().await?;
        assert_eq!(view.revision().await?, 2);
        assert_eq!(view.plans(true, None, 50).await?.items.len(), 2);
        let page = view.plans(false, None, 2).await?;
        assert_eq!(page.items.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), ["P-3", "P-2"]);
        let page = view.plans(false, page.next.as_deref(), 2).await?;
        assert_eq!((page.items[0].id.as_str(), page.items.len(), page.next), ("P-1", 1, None));
        Ok(())
    });
}

#[test]
fn what_follows_from_a_plan_is_done_once_each_time_it_comes_in_force() {
    on_every_engine(|store| async move {
        for input in ["a", "b"] {
            add(&store, input).await?;
        }
        let followed = async |id: &'static str| {
            store.write(move |tx| Box::pin(async move { tx.followed(id).await })).await?;
            Ok::<bool, Error>(store.view().await?.plan(id).await?.followed)
        };
        assert!(!publish(&store, "P-1", 1, true).await?.followed);
        assert!(followed("P-1").await?);
        assert!(!publish(&store, "P-2", 1, true).await?.followed);
        assert!(followed("P-2").await?);
        // the first is in force again
        publish(&store, "P-2", 2, false).await?;
        let now = store.view().await?.published_plan().await?;
        assert_eq!(now.map(|plan| (plan.id, plan.followed)), Some(("P-1".to_string(), false)));
        Ok(())
    });
}
