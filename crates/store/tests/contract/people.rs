use crate::{conflict, on_every_engine};
use tiaoji_store::{Access, By, Error, NewKey, NewUser, Trail};

fn officer() -> NewUser {
    NewUser {
        login: "wang".to_string(),
        name: "王".to_string(),
        password_hash: "$argon2id$…".to_string(),
        access: Access {
            role: "officer".to_string(),
            firms: vec!["F1".to_string(), "F2".to_string()],
            officer: Some("王".to_string()),
        },
        disabled: false,
    }
}

const HOUR: i64 = 3_600_000;

#[test]
fn disabling_ends_sessions_and_keys_at_once() {
    on_every_engine(|store| async move {
        let by = By::actor("zone");
        let user = store
            .write(move |tx| {
                Box::pin(async move {
                    let user = tx.add_user(&by, &officer()).await?;
                    tx.begin_session(&user.id, "hash-1", None, HOUR, HOUR).await?;
                    let key = NewKey {
                        name: "payroll".to_string(),
                        hash: "key".to_string(),
                        access: officer().access,
                        user: Some(user.id.clone()),
                        lifetime: None,
                    };
                    tx.add_key(&by, &key).await?;
                    Ok(user)
                })
            })
            .await?;
        assert_eq!(user.access, officer().access);
        let mut view = store.view().await?;
        assert_eq!(view.user_by_login("wang").await?, user);
        assert_eq!(store.session_user("hash-1").await?, user);
        assert_eq!(store.key_by_hash("key").await?.user.as_deref(), Some("U-1"));
        drop(view);

        let again = store
            .write(|tx| Box::pin(async move { tx.add_user(&By::actor("zone"), &officer()).await }))
            .await;
        assert_eq!(conflict(again), "the login is taken");
        let change = |version, disabled| {
            store.write(move |tx| {
                let new = NewUser { disabled, ..officer() };
                Box::pin(async move { tx.change_user(&By::actor("zone"), "U-1", Some(version), &new).await })
            })
        };
        assert_eq!(change(9, true).await, Err(Error::VersionMismatch { current: 1 }));
        assert!(change(1, true).await?.disabled.is_some());
        assert_eq!(store.session_user("hash-1").await, Err(Error::NotFound));
        assert_eq!(store.key_by_hash("key").await, Err(Error::NotFound));
        // and they do not come back with the user
        assert_eq!(change(2, false).await?.disabled, None);
        let mut view = store.view().await?;
        assert_eq!(store.session_user("hash-1").await, Err(Error::NotFound));
        assert_eq!(store.key_by_hash("key").await, Err(Error::NotFound));
        let trail = view.audit(&Trail { id: Some("U-1".to_string()), ..Trail::default() }, 0, 50).await?;
        let actions: Vec<_> = trail.items.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["create", "login", "replace", "replace"]);
        Ok(())
    });
}

#[test]
fn a_session_ends_by_age_by_idleness_and_by_the_next_login() {
    on_every_engine(|store| async move {
        store
            .write(|tx| {
                Box::pin(async move {
                    tx.add_user(&By::actor("zone"), &officer()).await?;
                    tx.begin_session("U-1", "old", None, HOUR, HOUR).await?;
                    tx.begin_session("U-1", "new", Some("old"), HOUR, HOUR).await?;
                    tx.begin_session("U-1", "aged", None, HOUR, 0).await?;
                    tx.begin_session("U-1", "idle", None, 0, HOUR).await?;
                    tx.touch_session("new", HOUR).await?;
                    assert_eq!(tx.touch_session("idle", HOUR).await, Err(Error::NotFound));
                    Ok(())
                })
            })
            .await?;
        for (hash, live) in [("old", false), ("new", true), ("aged", false), ("idle", false), ("", false)] {
            let user = store.session_user(hash).await;
            assert_eq!(user.is_ok(), live, "{hash}: {user:?}");
        }
        store.write(|tx| Box::pin(async move { tx.end_sessions("U-1").await })).await?;
        assert_eq!(store.session_user("new").await, Err(Error::NotFound));
        Ok(())
    });
}

#[test]
fn keys_expire_rotate_and_are_revoked() {
    on_every_engine(|store| async move {
        let by = By::actor("zone");
        store
            .write(move |tx| {
                Box::pin(async move {
                    for (hash, lifetime) in [("a", None), ("b", Some(0)), ("c", Some(HOUR)), ("d", None)] {
                        let key = NewKey { hash: hash.to_string(), lifetime, ..NewKey::default() };
                        tx.add_key(&by, &key).await?;
                    }
                    tx.rotate_key(&by, "K-1", "a2", HOUR).await?;
                    tx.rotate_key(&by, "K-3", "c2", 0).await?;
                    tx.revoke_key(&by, "K-4").await?;
                    assert_eq!(tx.revoke_key(&by, "K-4").await, Err(Error::NotFound));
                    assert_eq!(tx.rotate_key(&by, "K-4", "d2", HOUR).await, Err(Error::NotFound));
                    Ok(())
                })
            })
            .await?;
        let live = [("a", true), ("a2", true), ("b", false), ("c", false), ("c2", true), ("d", false)];
        for (hash, live) in live {
            let key = store.key_by_hash(hash).await;
            assert_eq!(key.is_ok(), live, "{hash}: {key:?}");
        }
        assert_eq!(store.view().await?.keys().await?.len(), 4);
        Ok(())
    });
}

#[test]
fn an_invitation_is_good_once_and_a_failed_registration_leaves_it() {
    on_every_engine(|store| async move {
        let invited = store
            .write(|tx| {
                Box::pin(async move {
                    tx.add_user(&By::actor("zone"), &officer()).await?;
                    tx.invite(&By::actor("zone"), "token", "李", &officer().access).await
                })
            })
            .await?;
        assert_eq!(invited.expires - invited.created, 72 * HOUR);
        let register = |login: &str| {
            let new = NewUser { login: login.to_string(), ..officer() };
            store.write(move |tx| {
                Box::pin(async move {
                    let invited = tx.redeem("token").await?;
                    let new = NewUser { access: invited.access, ..new };
                    tx.add_user(&By::actor(&invited.id), &new).await
                })
            })
        };
        assert_eq!(conflict(register("wang").await), "the login is taken");
        assert_eq!(store.view().await?.invitation("token").await?, invited);
        assert_eq!(register("li").await?.access, officer().access);
        assert_eq!(register("zhao").await, Err(Error::NotFound));
        assert_eq!(store.view().await?.invitation("token").await, Err(Error::NotFound));
        assert_eq!(store.view().await?.invitations().await?.len(), 1);
        Ok(())
    });
}
