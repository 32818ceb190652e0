use crate::on_every_engine;
use serde_json::{Map, Value, json};
use std::path::Path;
use tiaoji_store::{By, Kind, State};

#[test]
fn a_fixture_goes_in_and_comes_out_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/jibei");
    let loaded = tiaoji_formats::read_path(&folder).expect("a fixture without a defect");
    let text = tiaoji_formats::to_json(&loaded.scenario);
    let document: Value = serde_json::from_slice(&text).expect("JSON");
    on_every_engine(|store| {
        let (document, expected) = (document.clone(), loaded.scenario.clone());
        async move {
            let rows = document.clone();
            store
                .write(move |tx| Box::pin(async move { tx.load_scenario(&By::actor("U-1"), &rows).await }))
                .await?;
            let zone = store.view().await?.scenario(&Map::new()).await?;
            let read = tiaoji_formats::read_json("zone", zone.document.as_bytes()).expect("no defect");
            let rows = |scenario| {
                let mut document: Value =
                    serde_json::from_slice(&tiaoji_formats::to_json(scenario)).expect("JSON");
                for table in document.as_object_mut().expect("an object").values_mut() {
                    if let Some(rows) = table.as_array_mut() {
                        rows.sort_by_key(Value::to_string);
                    }
                }
                document
            };
            assert_eq!(rows(&read.scenario), rows(&expected));
            assert_eq!(zone.revision, store.view().await?.revision().await?);

            // what is not open does not take part; what is given instead stands instead
            let withdrawn = expected.surplus()[0].id.clone();
            store
                .write(move |tx| {
                    Box::pin(async move {
                        let body = json!({});
                        tx.replace(
                            &By::actor("U-1"),
                            Kind::Surplus,
                            &withdrawn,
                            None,
                            State::Withdrawn,
                            &body,
                        )
                        .await
                    })
                })
                .await?;
            let horizon = json!({ "from": "2022-03-10", "to": null });
            let instead = Map::from_iter([("horizon".to_string(), horizon.clone())]);
            let later = store.view().await?.scenario(&instead).await?;
            assert_eq!(later.revision, zone.revision + 1);
            let document: Value = serde_json::from_str(&later.document).expect("JSON");
            assert_eq!(document["horizon"], horizon);
            assert_eq!(document["surplus"].as_array().map(Vec::len), Some(expected.surplus().len() - 1));
            Ok(())
        }
    });
}
