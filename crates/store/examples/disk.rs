//! `disk FOLDER sqlite|postgres`: what happens where the disk is full or cannot be written. FOLDER is an empty file system of
//! its own, of 8 MB for SQLite, which this may mount again read only, of 128 MB for PostgreSQL.

use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error as Fault;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tiaoji_store::{By, Error, Filter, Kind, Record, Result, State, Store};
use tiaoji_testkit::postgres::Server;

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn Fault>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder, "sqlite"] => sqlite(Path::new(folder)).await,
        [folder, "postgres"] => postgres(Path::new(folder)).await,
        _ => Err("disk FOLDER sqlite|postgres".into()),
    }
}

async fn sqlite(folder: &Path) -> std::result::Result<(), Box<dyn Fault>> {
    let url = format!("sqlite:{}", folder.join("zone.db").display());
    let ballast = folder.join("ballast");
    fs::write(&ballast, vec![1; 2 << 20])?;

    let store = Store::open(&url).await?;
    let mut made = 0;
    let refused = loop {
        match create(&store, made).await {
            Ok(_) => made += 1,
            Err(fault) => break fault,
        }
    };
    assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
    let text = refused.to_string();
    assert!(text.contains("full"), "{text}");
    store.view().await?.record(Kind::Firm, &format!("F{}", made - 1)).await?;
    println!("full after {made} firms: {text}; reading goes on");

    fs::remove_file(&ballast)?;
    create(&store, made).await?;
    store.check().await?;
    for firm in 0..=made {
        store.view().await?.record(Kind::Firm, &format!("F{firm}")).await?;
    }
    assert_eq!(store.view().await?.revision().await?, i64::from(made) + 1);
    println!("with room again the same store goes on, all {} are there and the file is sound", made + 1);
    store.close().await;

    mount(folder, "remount,ro")?;
    let refused = Store::open(&url).await.err();
    assert!(matches!(refused, Some(Error::Unavailable(_))), "{refused:?}");
    println!("read only: {}", refused.map(|fault| fault.to_string()).unwrap_or_default());
    mount(folder, "remount,rw")?;
    create(&Store::open(&url).await?, made + 1).await?;
    println!("writable again: it opens and writes");
    Ok(())
}

/// The server is one of this program's own, below `TMPDIR`, which is the folder.
async fn postgres(folder: &Path) -> std::result::Result<(), Box<dyn Fault>> {
    let ballast = folder.join("ballast");
    fs::write(&ballast, vec![1; 24 << 20])?;
    let server = Server::start(true);
    let store = Store::open(&server.database()).await?;
    let (mut kept, mut next) = (Vec::new(), 0);
    let mut refused = BTreeMap::new();
    // beyond the first refusal too: none of them takes the store with it
    while refused.values().sum::<u32>() < 20 {
        match create(&store, next).await {
            Ok(_) => kept.push(next),
            Err(Error::Unavailable(text)) => *refused.entry(text).or_default() += 1,
            Err(fault) => return Err(fault.into()),
        }
        next += 1;
    }
    println!("full after {} firms: {refused:?}", kept.len());
    assert!(kept.len() > 100, "there was room");

    fs::remove_file(&ballast)?;
    let mut waits = 0;
    while let Err(fault) = create(&store, next).await {
        assert!(matches!(fault, Error::Unavailable(_)), "{fault:?}");
        next += 1;
        waits += 1;
        // where not even its log could be written it has ended, and is started again by whoever started it
        match waits {
            20 => server.restart(),
            100 => return Err("it does not recover".into()),
            _ => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
    kept.push(next);
    let mut view = store.view().await?;
    for firm in &kept {
        view.record(Kind::Firm, &format!("F{firm}")).await?;
    }
    let (mut count, mut after) = (0, None::<String>);
    loop {
        let page = view.records(Kind::Firm, &Filter::default(), after.as_deref(), 500).await?;
        count += page.items.len() as i64;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    // nothing half-written: as many firms as changes
    assert_eq!(view.revision().await?, count);
    let by = if waits >= 20 { "after its server was started again" } else { "by itself" };
    println!("with room again the same store goes on {by}, all {} that were confirmed are there", kept.len());
    drop(view);
    store.close().await;
    Ok(())
}

/// Text that no database presses together.
fn noise(seed: u32) -> String {
    let mut state = u64::from(seed) + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b' ' + ((state >> 33) % 90) as u8)
    };
    (0..20_000).map(|_| next()).collect()
}

async fn create(store: &Store, firm: u32) -> Result<Record> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let id = format!("F{firm}");
                let body = json!({ "id": id, "remark": noise(firm) });
                tx.create(&By::actor("U-1"), Kind::Firm, &id, State::Open, &body).await
            })
        })
        .await
}

fn mount(folder: &Path, options: &str) -> std::result::Result<(), Box<dyn Fault>> {
    let status = Command::new("mount").args(["-o", options]).arg(folder).status()?;
    if status.success() { Ok(()) } else { Err(format!("mount -o {options}").into()) }
}
