//! `disk FOLDER`: what happens where the disk is full or cannot be written. FOLDER is an empty file system of 8 MB of its
//! own, which this may mount again read only.

use serde_json::json;
use std::error::Error as Fault;
use std::fs;
use std::path::Path;
use std::process::Command;
use tiaoji_store::{By, Error, Kind, Record, Result, State, Store};

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn Fault>> {
    let folder = std::env::args().nth(1).ok_or("disk FOLDER")?;
    let folder = Path::new(&folder);
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

async fn create(store: &Store, firm: u32) -> Result<Record> {
    store
        .write(move |tx| {
            Box::pin(async move {
                let id = format!("F{firm}");
                let body = json!({ "id": id, "remark": "x".repeat(20_000) });
                tx.create(&By::actor("U-1"), Kind::Firm, &id, State::Open, &body).await
            })
        })
        .await
}

fn mount(folder: &Path, options: &str) -> std::result::Result<(), Box<dyn Fault>> {
    let status = Command::new("mount").args(["-o", options]).arg(folder).status()?;
    if status.success() { Ok(()) } else { Err(format!("mount -o {options}").into()) }
}
