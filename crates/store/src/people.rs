//! Who may come in: users, their sessions, API keys and invitations. Of every secret only a hash is stored: a
//! password's in the caller's notation (Argon2), of random tokens their SHA-256. What a role may do is decided elsewhere.

use crate::db::{Row, args};
use crate::{By, Error, Result, Store, Tx, View};
use sqlx::AssertSqlSafe;

/// A role and what it reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// `firm`, `officer`, `zone`, `viewer` or `service`.
    pub role: String,
    /// A firm's own id, or the firms an officer looks after.
    pub firms: Vec<String>,
    /// An officer's name as firms' `service_officer` gives it.
    pub officer: Option<String>,
}

/// Someone who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `U-1`, `U-2`, …
    pub id: String,
    /// Rises with every change.
    pub version: i64,
    /// What they log in with; unique.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// The password's hash.
    pub password_hash: String,
    /// What they may do.
    pub access: Access,
    /// When they were added, in milliseconds since 1970-01-01 UTC, by the database's clock.
    pub created: i64,
    /// Since when they may not come in; none where they may.
    pub disabled: Option<i64>,
}

/// A user to add, or what a user is to become.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// What they log in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// The password's hash.
    pub password_hash: String,
    /// What they may do.
    pub access: Access,
    /// Whether they are kept out.
    pub disabled: bool,
}

/// A key of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// `K-1`, … is not secret.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub access: Access,
    /// The user it goes with, who takes it along when disabled.
    pub user: Option<String>,
    /// When it was made.
    pub created: i64,
    /// When it ends.
    pub expires: Option<i64>,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

/// A key to make.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// What it is called.
    pub name: String,
    /// SHA-256 of the secret.
    pub hash: String,
    /// What it may do.
    pub access: Access,
    /// The user it goes with.
    pub user: Option<String>,
    /// Milliseconds until it ends.
    pub lifetime: Option<i64>,
}

/// A link by which someone becomes a user, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// `I-1`, … is not secret.
    pub id: String,
    /// Whom it is for.
    pub name: String,
    /// What they may do.
    pub access: Access,
    /// When it was made.
    pub created: i64,
    /// When it ends.
    pub expires: i64,
    /// When it was used.
    pub used: Option<i64>,
}

/// How long an invitation holds, in milliseconds.
const INVITED: i64 = 72 * 3600 * 1000;

const USER: &str = "id, version, login, name, password_hash, role, firms, officer, created, disabled";
const KEY: &str = "id, name, role, firms, officer, user_id, created, expires, revoked";
const INVITATION: &str = "id, name, role, firms, officer, created, expires, used";

fn access(row: &Row, first: usize) -> Result<Access> {
    let firms: String = row.get(first + 1)?;
    Ok(Access {
        role: row.get(first)?,
        firms: serde_json::from_str(&firms).map_err(|fault| Error::Other(fault.to_string()))?,
        officer: row.get(first + 2)?,
    })
}

fn firms(access: &Access) -> String {
    serde_json::Value::from(access.firms.clone()).to_string()
}

fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.get(0)?,
        version: row.get(1)?,
        login: row.get(2)?,
        name: row.get(3)?,
        password_hash: row.get(4)?,
        access: access(row, 5)?,
        created: row.get(8)?,
        disabled: row.get(9)?,
    })
}

fn key(row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.get(0)?,
        name: row.get(1)?,
        access: access(row, 2)?,
        user: row.get(5)?,
        created: row.get(6)?,
        expires: row.get(7)?,
        revoked: row.get(8)?,
    })
}

fn invitation(row: &Row) -> Result<Invitation> {
    Ok(Invitation {
        id: row.get(0)?,
        name: row.get(1)?,
        access: access(row, 2)?,
        created: row.get(5)?,
        expires: row.get(6)?,
        used: row.get(7)?,
    })
}

/// Who is asking is looked up with every request: by one statement, without a transaction around it.
impl Store {
    /// The user of a live session. [`Error::NotFound`] where it has ended or its user is disabled.
    pub async fn session_user(&self, hash: &str) -> Result<User> {
        let now = self.clock();
        let sql = AssertSqlSafe(format!(
            "SELECT {USER} FROM users WHERE disabled IS NULL AND id = \
             (SELECT user_id FROM sessions WHERE hash = $1 AND expires > {now} AND idle_until > {now})"
        ));
        user(&self.row(sql, args![hash]).await?.ok_or(Error::NotFound)?)
    }

    /// The live key with this hash: neither ended nor revoked, its user not disabled; after a rotation the old hash
    /// holds for as long as was granted. [`Error::NotFound`].
    pub async fn key_by_hash(&self, hash: &str) -> Result<ApiKey> {
        let now = self.clock();
        let sql = AssertSqlSafe(format!(
            "SELECT {KEY} FROM api_keys WHERE (hash = $1 OR (old_hash = $1 AND old_until > {now})) \
             AND revoked IS NULL AND (expires IS NULL OR expires > {now}) \
             AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND disabled IS NOT NULL)"
        ));
        key(&self.row(sql, args![hash]).await?.ok_or(Error::NotFound)?)
    }
}

impl View {
    /// A user. [`Error::NotFound`].
    pub async fn user(&mut self, id: &str) -> Result<User> {
        let sql = AssertSqlSafe(format!("SELECT {USER} FROM users WHERE id = $1"));
        user(&self.conn.row(sql, args![id]).await?.ok_or(Error::NotFound)?)
    }

    /// The user who logs in with this, disabled or not. [`Error::NotFound`].
    pub async fn user_by_login(&mut self, login: &str) -> Result<User> {
        let sql = AssertSqlSafe(format!("SELECT {USER} FROM users WHERE login = $1"));
        user(&self.conn.row(sql, args![login]).await?.ok_or(Error::NotFound)?)
    }

    /// All users, by id.
    pub async fn users(&mut self) -> Result<Vec<User>> {
        let sql = AssertSqlSafe(format!("SELECT {USER} FROM users ORDER BY id"));
        self.conn.rows(sql, args![]).await?.iter().map(user).collect()
    }

    /// All keys, by id.
    pub async fn keys(&mut self) -> Result<Vec<ApiKey>> {
        let sql = AssertSqlSafe(format!("SELECT {KEY} FROM api_keys ORDER BY id"));
        self.conn.rows(sql, args![]).await?.iter().map(key).collect()
    }

    /// An invitation that still holds. [`Error::NotFound`].
    pub async fn invitation(&mut self, hash: &str) -> Result<Invitation> {
        let now = self.now().await?;
        let sql = AssertSqlSafe(format!(
            "SELECT {INVITATION} FROM invitations WHERE hash = $1 AND used IS NULL AND expires > $2"
        ));
        invitation(&self.conn.row(sql, args![hash, now]).await?.ok_or(Error::NotFound)?)
    }

    /// All invitations that are not yet tidied away, by id.
    pub async fn invitations(&mut self) -> Result<Vec<Invitation>> {
        let sql = AssertSqlSafe(format!("SELECT {INVITATION} FROM invitations ORDER BY id"));
        self.conn.rows(sql, args![]).await?.iter().map(invitation).collect()
    }
}

impl Tx {
    /// Adds a user. [`Error::Conflict`] where someone logs in with the same.
    pub async fn add_user(&mut self, by: &By, new: &NewUser) -> Result<User> {
        let id = self.count_up("U").await?;
        let sql = AssertSqlSafe(format!(
            "INSERT INTO users \
             (id, version, login, name, password_hash, role, firms, officer, created, disabled) \
             VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING {USER}"
        ));
        let args = args![
            id,
            new.login.as_str(),
            new.name.as_str(),
            new.password_hash.as_str(),
            new.access.role.as_str(),
            firms(&new.access),
            new.access.officer.as_deref(),
            self.now,
            new.disabled.then_some(self.now)
        ];
        let row = self.view.conn.row(sql, args).await?;
        let made = user(&row.ok_or_else(|| Error::Conflict("the login is taken".to_string()))?)?;
        self.note(by, "create", "user", &made.id, Some(1)).await?;
        Ok(made)
    }

    /// Changes a user. Whoever is disabled loses every session and key at once. [`Error::NotFound`];
    /// [`Error::VersionMismatch`]; [`Error::Conflict`] where the login is taken.
    pub async fn change_user(
        &mut self,
        by: &By,
        id: &str,
        if_version: Option<i64>,
        new: &NewUser,
    ) -> Result<User> {
        let before = self.user(id).await?;
        if if_version.is_some_and(|version| version != before.version) {
            return Err(Error::VersionMismatch { current: before.version });
        }
        let taken = "SELECT 1 FROM users WHERE login = $1 AND id <> $2";
        if self.view.conn.row(taken, args![new.login.as_str(), id]).await?.is_some() {
            return Err(Error::Conflict("the login is taken".to_string()));
        }
        let sql = AssertSqlSafe(format!(
            "UPDATE users SET version = version + 1, login = $2, name = $3, password_hash = $4, role = $5, \
             firms = $6, officer = $7, disabled = $8 WHERE id = $1 RETURNING {USER}"
        ));
        let args = args![
            id,
            new.login.as_str(),
            new.name.as_str(),
            new.password_hash.as_str(),
            new.access.role.as_str(),
            firms(&new.access),
            new.access.officer.as_deref(),
            new.disabled.then(|| before.disabled.unwrap_or(self.now))
        ];
        let made = user(&self.view.conn.one(sql, args).await?)?;
        if new.disabled {
            self.end_sessions(id).await?;
            let sql = "UPDATE api_keys SET revoked = $2 WHERE user_id = $1 AND revoked IS NULL";
            self.view.conn.execute(sql, args![id, self.now]).await?;
        }
        self.note(by, "replace", "user", id, Some(made.version)).await?;
        Ok(made)
    }

    /// Begins a session of a user, which ends `idle` milliseconds after it was last used and at the latest `lifetime`
    /// milliseconds after now. The old one, if there was any, ends: a login never keeps a session's id.
    pub async fn begin_session(
        &mut self,
        user: &str,
        hash: &str,
        old: Option<&str>,
        idle: i64,
        lifetime: i64,
    ) -> Result<()> {
        if let Some(old) = old {
            self.end_session(old).await?;
        }
        let sql = "INSERT INTO sessions (hash, user_id, created, seen, idle_until, expires) \
                   VALUES ($1, $2, $3, $3, $4, $5)";
        let args = args![hash, user, self.now, self.now + idle, self.now + lifetime];
        self.view.conn.execute(sql, args).await?;
        self.note(&By::actor(user), "login", "user", user, None).await
    }

    /// Moves the end of an idle session on. [`Error::NotFound`] where it has ended.
    pub async fn touch_session(&mut self, hash: &str, idle: i64) -> Result<()> {
        let sql = "UPDATE sessions SET seen = $2, idle_until = $3 \
                   WHERE hash = $1 AND expires > $2 AND idle_until > $2";
        match self.view.conn.execute(sql, args![hash, self.now, self.now + idle]).await? {
            0 => Err(Error::NotFound),
            _ => Ok(()),
        }
    }

    /// Ends a session, if there is one.
    pub async fn end_session(&mut self, hash: &str) -> Result<()> {
        self.view.conn.execute("DELETE FROM sessions WHERE hash = $1", args![hash]).await?;
        Ok(())
    }

    /// Ends every session of a user, as after a new password.
    pub async fn end_sessions(&mut self, user: &str) -> Result<()> {
        self.view.conn.execute("DELETE FROM sessions WHERE user_id = $1", args![user]).await?;
        Ok(())
    }

    /// Makes an API key.
    pub async fn add_key(&mut self, by: &By, new: &NewKey) -> Result<ApiKey> {
        let id = self.count_up("K").await?;
        let sql = AssertSqlSafe(format!(
            "INSERT INTO api_keys (id, hash, name, role, firms, officer, user_id, created, expires) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {KEY}"
        ));
        let args = args![
            id,
            new.hash.as_str(),
            new.name.as_str(),
            new.access.role.as_str(),
            firms(&new.access),
            new.access.officer.as_deref(),
            new.user.as_deref(),
            self.now,
            new.lifetime.map(|lifetime| self.now + lifetime)
        ];
        let made = key(&self.view.conn.one(sql, args).await?)?;
        self.note(by, "create", "key", &made.id, None).await?;
        Ok(made)
    }

    /// Gives a key a new secret; the old one holds for `grace` milliseconds more. [`Error::NotFound`] where it has been
    /// revoked or never was.
    pub async fn rotate_key(&mut self, by: &By, id: &str, hash: &str, grace: i64) -> Result<ApiKey> {
        let sql = AssertSqlSafe(format!(
            "UPDATE api_keys SET old_hash = hash, old_until = $3, hash = $2 \
             WHERE id = $1 AND revoked IS NULL RETURNING {KEY}"
        ));
        let row = self.view.conn.row(sql, args![id, hash, self.now + grace]).await?;
        let made = key(&row.ok_or(Error::NotFound)?)?;
        self.note(by, "rotate", "key", id, None).await?;
        Ok(made)
    }

    /// Ends a key at once. [`Error::NotFound`] where it has been revoked or never was.
    pub async fn revoke_key(&mut self, by: &By, id: &str) -> Result<()> {
        let sql = "UPDATE api_keys SET revoked = $2 WHERE id = $1 AND revoked IS NULL";
        if self.view.conn.execute(sql, args![id, self.now]).await? == 0 {
            return Err(Error::NotFound);
        }
        self.note(by, "revoke", "key", id, None).await
    }

    /// Invites someone; `hash` is the SHA-256 of the link's token. It holds for 72 hours.
    pub async fn invite(&mut self, by: &By, hash: &str, name: &str, access: &Access) -> Result<Invitation> {
        let id = self.count_up("I").await?;
        let sql = AssertSqlSafe(format!(
            "INSERT INTO invitations (id, hash, name, role, firms, officer, created, expires) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING {INVITATION}"
        ));
        let args = args![
            id,
            hash,
            name,
            access.role.as_str(),
            firms(access),
            access.officer.as_deref(),
            self.now,
            self.now + INVITED
        ];
        let made = invitation(&self.view.conn.one(sql, args).await?)?;
        self.note(by, "create", "invitation", &made.id, None).await?;
        Ok(made)
    }

    /// Uses an invitation up, once. [`Error::NotFound`] where it has been used or has ended. In one transaction with
    /// [`Tx::add_user`] a failed registration leaves it unused.
    pub async fn redeem(&mut self, hash: &str) -> Result<Invitation> {
        let sql = AssertSqlSafe(format!(
            "UPDATE invitations SET used = $2 WHERE hash = $1 AND used IS NULL AND expires > $2 \
             RETURNING {INVITATION}"
        ));
        invitation(&self.view.conn.row(sql, args![hash, self.now]).await?.ok_or(Error::NotFound)?)
    }

    /// Takes an invitation back. [`Error::NotFound`].
    pub async fn withdraw_invitation(&mut self, by: &By, id: &str) -> Result<()> {
        if self.view.conn.execute("DELETE FROM invitations WHERE id = $1", args![id]).await? == 0 {
            return Err(Error::NotFound);
        }
        self.note(by, "delete", "invitation", id, None).await
    }
}
