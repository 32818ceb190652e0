//! One answer for one idempotency key: recorded in the transaction of the change that it answers.

use crate::db::args;
use crate::{Result, Tx};

/// How long an answer is kept, in milliseconds.
const KEPT: i64 = 24 * 3600 * 1000;

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: i64,
    /// Headers, in the caller's notation.
    pub headers: String,
    /// Body.
    pub body: String,
}

/// What is known of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing until now: it is noted, and the caller goes on and ends with [`Tx::finish_key`].
    New,
    /// The same request has been answered: the same answer again.
    Before(Answer),
    /// The same request is still being worked on elsewhere.
    InFlight,
    /// The key has been used for another body.
    OtherBody,
}

impl Tx {
    /// Notes an actor's key, or says what became of it; never both, whoever asks at the same time. Within one
    /// transaction with the change and with [`Tx::finish_key`] no crash can separate an effect from its answer, and
    /// `InFlight` does not occur; a request that takes longer begins in one transaction and finishes in another.
    pub async fn begin_key(&mut self, actor: &str, key: &str, body_hash: &str) -> Result<Seen> {
        let sql = "DELETE FROM idempotency WHERE actor = $1 AND key = $2 AND created < $3";
        self.view.conn.execute(sql, args![actor, key, self.now - KEPT]).await?;
        let sql = "INSERT INTO idempotency (actor, key, body_hash, created) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT DO NOTHING";
        if self.view.conn.execute(sql, args![actor, key, body_hash, self.now]).await? == 1 {
            return Ok(Seen::New);
        }
        let sql = "SELECT body_hash, status, headers, body FROM idempotency WHERE actor = $1 AND key = $2";
        let row = self.view.conn.one(sql, args![actor, key]).await?;
        if row.get::<String>(0)? != body_hash {
            return Ok(Seen::OtherBody);
        }
        Ok(match (row.get(1)?, row.get(2)?, row.get(3)?) {
            (Some(status), Some(headers), Some(body)) => Seen::Before(Answer { status, headers, body }),
            _ => Seen::InFlight,
        })
    }

    /// Records the answer to a key that [`Tx::begin_key`] called new.
    pub async fn finish_key(&mut self, actor: &str, key: &str, answer: &Answer) -> Result<()> {
        let sql = "UPDATE idempotency SET status = $3, headers = $4, body = $5 WHERE actor = $1 AND key = $2";
        let args = args![actor, key, answer.status, answer.headers.as_str(), answer.body.as_str()];
        self.view.conn.execute(sql, args).await?;
        Ok(())
    }

    /// Forgets a key whose request failed without an effect, so that it can be tried again.
    pub async fn forget_key(&mut self, actor: &str, key: &str) -> Result<()> {
        let sql = "DELETE FROM idempotency WHERE actor = $1 AND key = $2 AND status IS NULL";
        self.view.conn.execute(sql, args![actor, key]).await?;
        Ok(())
    }

    /// Forgets the answers that have been kept long enough.
    pub(crate) async fn tidy_keys(&mut self) -> Result<()> {
        let sql = "DELETE FROM idempotency WHERE created < $1";
        self.view.conn.execute(sql, args![self.now - KEPT]).await?;
        Ok(())
    }
}
