use crate::on_every_engine;
use std::time::Duration;
use tiaoji_store::{Answer, By, Error, Kind, Result, Seen, State, Store};

async fn begin(store: &Store, actor: &str, key: &str, hash: &str) -> Result<Seen> {
    let [actor, key, hash] = [actor, key, hash].map(str::to_string);
    store.write(move |tx| Box::pin(async move { tx.begin_key(&actor, &key, &hash).await })).await
}

fn answer() -> Answer {
    Answer { status: 201, headers: r#"{"location":"/v1/surplus/S1"}"#.to_string(), body: "{}".to_string() }
}

#[test]
fn one_answer_a_key() {
    on_every_engine(|store| async move {
        assert_eq!(begin(&store, "U-1", "k", "h").await?, Seen::New);
        assert_eq!(begin(&store, "U-1", "k", "h").await?, Seen::InFlight);
        assert_eq!(begin(&store, "U-1", "k", "other").await?, Seen::OtherBody);
        assert_eq!(begin(&store, "U-2", "k", "other").await?, Seen::New);
        store.write(|tx| Box::pin(async move { tx.finish_key("U-1", "k", &answer()).await })).await?;
        assert_eq!(begin(&store, "U-1", "k", "h").await?, Seen::Before(answer()));
        store
            .write(|tx| {
                Box::pin(async move {
                    tx.forget_key("U-1", "k").await?; // answered: stays
                    tx.forget_key("U-2", "k").await?;
                    tx.tidy().await
                })
            })
            .await?;
        assert_eq!(begin(&store, "U-1", "k", "h").await?, Seen::Before(answer()));
        assert_eq!(begin(&store, "U-2", "k", "h").await?, Seen::New);
        Ok(())
    });
}

/// Forty callers with one key: one of them makes the posting, all get its answer.
#[test]
fn at_the_same_time_there_is_one_effect() {
    on_every_engine(|store| async move {
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..40 {
            let store = store.clone();
            callers.spawn(async move {
                tokio::time::sleep(Duration::from_millis(caller % 3)).await;
                store
                    .write(|tx| {
                        Box::pin(async move {
                            match tx.begin_key("U-1", "k", "h").await? {
                                Seen::New => {
                                    let body = serde_json::json!({});
                                    tx.create(&By::actor("U-1"), Kind::Surplus, "S1", State::Open, &body)
                                        .await?;
                                    tx.finish_key("U-1", "k", &answer()).await?;
                                    Ok(answer())
                                }
                                Seen::Before(answer) => Ok(answer),
                                other => Err(Error::Other(format!("{other:?}"))),
                            }
                        })
                    })
                    .await
            });
        }
        while let Some(outcome) = callers.join_next().await {
            assert_eq!(outcome.expect("no panic")?, answer());
        }
        assert_eq!(store.view().await?.history(Kind::Surplus, "S1").await?.len(), 1);
        Ok(())
    });
}
