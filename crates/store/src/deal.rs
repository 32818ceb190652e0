//! Proposals and agreements, and everything that happened to them. What a state means and which event leads where is judged
//! elsewhere; here are a body and a few columns that lists filter on.

use crate::db::{Arg, Row, args};
use crate::{By, Error, Kind, Page, Record, Result, Tx, View};
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// What firms deal about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DealKind {
    /// A secondment that both are asked about: `O-1`, `O-2`, …
    Proposal,
    /// What both have accepted: `G-1`, `G-2`, …
    Agreement,
}

impl DealKind {
    /// Its name in the audit trail.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposal => "proposal",
            Self::Agreement => "agreement",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Proposal => "O",
            Self::Agreement => "G",
        }
    }

    fn of(name: &str) -> Result<Self> {
        let found = [Self::Proposal, Self::Agreement].into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| Error::Other(format!("the database has an unknown kind {name}")))
    }
}

/// What a deal is between; it never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parties {
    /// The lender's posting.
    pub surplus: String,
    /// The borrower's posting.
    pub shortage: String,
    /// The lending firm.
    pub lender: String,
    /// The borrowing firm.
    pub borrower: String,
}

impl Parties {
    /// Both firms, the lender first.
    pub fn firms(self) -> Vec<String> {
        vec![self.lender, self.borrower]
    }
}

/// What may change of a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: String,
    /// The plan that it comes from.
    pub plan: Option<String>,
    /// Its last day, an ISO date.
    pub last_day: String,
    /// When the clock is to act on it, in milliseconds since 1970-01-01 UTC.
    pub due: Option<i64>,
    /// A JSON object of the caller's.
    pub body: String,
}

/// A proposal or an agreement as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// Which of the two.
    pub kind: DealKind,
    /// Unique.
    pub id: String,
    /// The number of its last event.
    pub version: i64,
    /// Whom it is between.
    pub parties: Parties,
    /// Where it stands.
    pub standing: Standing,
    /// When it was made, in milliseconds since 1970-01-01 UTC, by the database's clock.
    pub created: i64,
    /// When it was last changed.
    pub changed: i64,
    /// The zone's revision that its last change made.
    pub revision: i64,
}

/// Something that happened to a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealEvent {
    /// The version that it made; 1 is the making.
    pub version: i64,
    /// When, in milliseconds since 1970-01-01 UTC, by the database's clock.
    pub instant: i64,
    /// Who.
    pub actor: String,
    /// What, a verb.
    pub event: String,
    /// The state that it left.
    pub state: String,
    /// A JSON object of the caller's.
    pub data: String,
}

/// Which deals a list shows; what is `None` does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct DealFilter {
    /// In this state.
    pub state: Option<String>,
    /// Of this firm, on either side.
    pub firm: Option<String>,
    /// About this posting, on either side.
    pub posting: Option<String>,
    /// About this surplus.
    pub surplus: Option<String>,
    /// About this shortage.
    pub shortage: Option<String>,
    /// From this plan.
    pub plan: Option<String>,
    /// With a day at or after this ISO date.
    pub from: Option<String>,
}

const COLUMNS: &str = "kind, id, version, surplus, shortage, lender, borrower, state, plan_id, last_day, due, body, \
                       created, changed, revision";

fn deal(row: &Row) -> Result<Deal> {
    Ok(Deal {
        kind: DealKind::of(&row.get::<String>(0)?)?,
        id: row.get(1)?,
        version: row.get(2)?,
        parties: Parties {
            surplus: row.get(3)?,
            shortage: row.get(4)?,
            lender: row.get(5)?,
            borrower: row.get(6)?,
        },
        standing: Standing {
            state: row.get(7)?,
            plan: row.get(8)?,
            last_day: row.get(9)?,
            due: row.get(10)?,
            body: row.get(11)?,
        },
        created: row.get(12)?,
        changed: row.get(13)?,
        revision: row.get(14)?,
    })
}

fn event(row: &Row) -> Result<DealEvent> {
    Ok(DealEvent {
        version: row.get(0)?,
        instant: row.get(1)?,
        actor: row.get(2)?,
        event: row.get(3)?,
        state: row.get(4)?,
        data: row.get(5)?,
    })
}

impl View {
    /// One deal. [`Error::NotFound`].
    pub async fn deal(&mut self, kind: DealKind, id: &str) -> Result<Deal> {
        let sql = AssertSqlSafe(format!("SELECT {COLUMNS} FROM deals WHERE kind = $1 AND id = $2"));
        deal(&self.conn.row(sql, args![kind.name(), id]).await?.ok_or(Error::NotFound)?)
    }

    /// Deals, the newest first: at most `limit` (1 to 500) after the one with the id `after`.
    pub async fn deals(
        &mut self,
        kind: DealKind,
        filter: &DealFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<Deal>> {
        let limit = limit.clamp(1, 500) as usize;
        let mut sql = format!("SELECT {COLUMNS} FROM deals WHERE kind = $1");
        let mut args = args![kind.name()];
        // Conditions are literals of this file; what comes from outside is bound, once for both sides.
        let mut narrow = |condition: &str, value: Option<&str>| {
            if let Some(value) = value {
                args.push(Arg::from(value));
                let _ = write!(sql, " AND {}", condition.replace('?', &format!("${}", args.len())));
            }
        };
        narrow("seq < COALESCE((SELECT seq FROM deals WHERE id = ?), 9223372036854775807)", after);
        narrow("state = ?", filter.state.as_deref());
        narrow("(lender = ? OR borrower = ?)", filter.firm.as_deref());
        narrow("(surplus = ? OR shortage = ?)", filter.posting.as_deref());
        narrow("surplus = ?", filter.surplus.as_deref());
        narrow("shortage = ?", filter.shortage.as_deref());
        narrow("plan_id = ?", filter.plan.as_deref());
        narrow("last_day >= ?", filter.from.as_deref());
        let _ = write!(sql, " ORDER BY seq DESC LIMIT {}", limit + 1);
        let rows = self.conn.rows(AssertSqlSafe(sql), args).await?;
        Page::new(&rows, limit, deal, |deal| deal.id.clone())
    }

    /// Every deal of a filter, the oldest first.
    pub async fn all_deals(&mut self, kind: DealKind, filter: &DealFilter) -> Result<Vec<Deal>> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = self.deals(kind, filter, after.as_deref(), 500).await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                all.reverse();
                return Ok(all);
            }
        }
    }

    /// The proposals in a state whose postings are both open: between whom, the body, and the versions of surplus and shortage
    /// now; the oldest first.
    pub async fn proposals_on_offer(&mut self, state: &str) -> Result<Vec<(Parties, String, [i64; 2])>> {
        let sql = "SELECT d.surplus, d.shortage, d.lender, d.borrower, d.body, s.version, h.version FROM deals d \
                   JOIN records s ON s.kind = 'surplus' AND s.id = d.surplus AND s.state = 'open' \
                   JOIN records h ON h.kind = 'shortage' AND h.id = d.shortage AND h.state = 'open' \
                   WHERE d.kind = 'proposal' AND d.state = $1 ORDER BY d.seq";
        let found = |row: &Row| {
            let parties = Parties {
                surplus: row.get(0)?,
                shortage: row.get(1)?,
                lender: row.get(2)?,
                borrower: row.get(3)?,
            };
            Ok((parties, row.get(4)?, [row.get(5)?, row.get(6)?]))
        };
        self.conn.rows(sql, args![state]).await?.iter().map(found).collect()
    }

    /// What happened to a deal, the oldest first.
    pub async fn deal_events(&mut self, id: &str) -> Result<Vec<DealEvent>> {
        let sql = "SELECT version, instant, actor, event, state, data FROM deal_events WHERE deal_id = $1 ORDER BY version";
        self.conn.rows(sql, args![id]).await?.iter().map(event).collect()
    }

    /// The first deals that were due at an instant, at most `limit`, in the order in which they were.
    pub async fn deals_due(&mut self, at: i64, limit: u32) -> Result<Vec<Deal>> {
        let sql = AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM deals WHERE due <= $1 ORDER BY due, seq LIMIT {}",
            limit.clamp(1, 500)
        ));
        self.conn.rows(sql, args![at]).await?.iter().map(deal).collect()
    }

    /// The first open postings of a kind whose last day is before a date, at most `limit`, in the order of those days.
    pub async fn postings_past(&mut self, kind: Kind, date: &str, limit: u32) -> Result<Vec<Record>> {
        let sql = AssertSqlSafe(format!(
            "SELECT {} FROM records WHERE kind = $1 AND state = 'open' AND last_day < $2 ORDER BY last_day, id LIMIT {}",
            crate::record::COLUMNS,
            limit.clamp(1, 500)
        ));
        self.conn.rows(sql, args![kind.name(), date]).await?.iter().map(crate::record::record).collect()
    }
}

impl Tx {
    /// The id that the next deal of a kind is to have.
    pub async fn new_deal_id(&mut self, kind: DealKind) -> Result<String> {
        self.count_up(kind.prefix()).await
    }

    /// Makes a deal with the event `event`, whose data is a JSON object; `id` comes from [`Tx::new_deal_id`].
    pub async fn add_deal(
        &mut self,
        by: &By,
        kind: DealKind,
        id: &str,
        parties: &Parties,
        standing: &Standing,
        (event, data): (&str, &str),
    ) -> Result<Deal> {
        let revision = self.raise();
        let sql = AssertSqlSafe(format!(
            "INSERT INTO deals ({COLUMNS}) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13) \
             RETURNING {COLUMNS}"
        ));
        let args = args![
            kind.name(),
            id,
            parties.surplus.as_str(),
            parties.shortage.as_str(),
            parties.lender.as_str(),
            parties.borrower.as_str(),
            standing.state.as_str(),
            standing.plan.as_deref(),
            standing.last_day.as_str(),
            standing.due,
            standing.body.as_str(),
            self.now,
            revision
        ];
        let made = deal(&self.view.conn.one(sql, args).await?)?;
        self.happened(by, &made, event, data).await?;
        Ok(made)
    }

    /// Brings a deal to where an event leaves it. [`Error::VersionMismatch`] where it is not as it was read.
    pub async fn change_deal(
        &mut self,
        by: &By,
        before: &Deal,
        standing: &Standing,
        (event, data): (&str, &str),
    ) -> Result<Deal> {
        let revision = self.raise();
        let sql = AssertSqlSafe(format!(
            "UPDATE deals SET version = version + 1, state = $3, plan_id = $4, last_day = $5, due = $6, body = $7, \
             changed = $8, revision = $9 WHERE id = $1 AND version = $2 RETURNING {COLUMNS}"
        ));
        let args = args![
            before.id.as_str(),
            before.version,
            standing.state.as_str(),
            standing.plan.as_deref(),
            standing.last_day.as_str(),
            standing.due,
            standing.body.as_str(),
            self.now,
            revision
        ];
        let Some(row) = self.view.conn.row(sql, args).await? else {
            let current = self.deal(before.kind, &before.id).await?.version;
            return Err(Error::VersionMismatch { current });
        };
        let made = deal(&row)?;
        self.happened(by, &made, event, data).await?;
        Ok(made)
    }

    /// Says when the clock is to look at a deal next. That is no event: the deal stays as it is.
    pub async fn wait_for(&mut self, deal: &Deal, due: i64) -> Result<()> {
        self.view
            .conn
            .execute("UPDATE deals SET due = $2 WHERE id = $1", args![deal.id.as_str(), due])
            .await?;
        Ok(())
    }

    async fn happened(&mut self, by: &By, deal: &Deal, event: &str, data: &str) -> Result<()> {
        let sql = "INSERT INTO deal_events (deal_id, version, instant, actor, event, state, data) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let args = args![
            deal.id.as_str(),
            deal.version,
            self.now,
            by.actor.as_str(),
            event,
            deal.standing.state.as_str(),
            data
        ];
        self.view.conn.execute(sql, args).await?;
        self.note(by, event, deal.kind.name(), &deal.id, Some(deal.version)).await
    }
}
