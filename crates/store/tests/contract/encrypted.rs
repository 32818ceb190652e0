//! PostgreSQL over TLS: what `sslmode` of the address promises holds.

use serde_json::json;
use tiaoji_store::{Error, Kind, Store};
use tiaoji_testkit::postgres::Server;

#[tokio::test]
async fn sslmode_is_kept() {
    let server = Server::encrypted();
    let (url, authority) = (server.database(), server.authority().display().to_string());
    let open = async |address: &str, mode: &str| Store::open(&format!("{address}?sslmode={mode}")).await;

    // this server speaks to nobody in the clear
    let clear = open(&url, "disable").await.err();
    assert!(clear.as_ref().is_some_and(|fault| fault.to_string().contains("no encryption")), "{clear:?}");

    let numeric = url.replace("localhost", "127.0.0.1");
    for (address, mode) in [
        (&url, "require".to_string()),
        (&url, "prefer".to_string()),
        (&url, format!("verify-full&sslrootcert={authority}")),
        // signed by the authority, whatever the name
        (&numeric, format!("verify-ca&sslrootcert={authority}")),
    ] {
        let store = open(address, &mode).await.unwrap_or_else(|fault| panic!("{mode}: {fault}"));
        crate::create(&store, Kind::Skill, &mode, json!({})).await.expect("written");
        store.close().await;
    }

    // nobody vouches for it; it is somebody else
    for (address, mode) in [
        (&url, "verify-full".to_string()),
        (&url, "verify-ca".to_string()),
        (&numeric, format!("verify-full&sslrootcert={authority}")),
    ] {
        let refused = open(address, &mode).await.err();
        let is_about_it = refused.as_ref().is_some_and(|fault| fault.to_string().contains("certificate"));
        assert!(is_about_it && matches!(refused, Some(Error::Unavailable(_))), "{mode}: {refused:?}");
    }
}
