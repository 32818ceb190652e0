//! A change as it is told, and what decides to whom.

use serde_json::json;
use tiaoji_store::{DealKind, Entry, Error, Kind, Record, Result, View};

use crate::register::MEETINGS;
use crate::routes::ROUTES;
use crate::who::{Actor, Matter, Reach, Role, reach};
use crate::zone::sight::{Eyes, Sight};
use crate::zone::sort::body;

/// A change of the trail.
#[derive(Debug)]
pub struct Change {
    /// Its number in the trail.
    pub seq: i64,
    /// `{ kind, id, version }`.
    pub shown: String,
    pub kind: String,
    pub id: String,
    /// What one has to be allowed to read; none = it is nobody's to read.
    matter: Option<Matter>,
    /// The firms that it is of.
    firms: Vec<String>,
    /// Whose run it is.
    caller: Option<String>,
    /// Whether it is a run of the zone's data.
    is_zones: bool,
    /// Whether it is a posting that takes part.
    is_open: bool,
}

/// Those that came to a meeting.
fn firms(meeting: &Record) -> Vec<String> {
    MEETINGS.owners(&body(meeting)).into_iter().map(str::to_string).collect()
}

impl Change {
    /// That of an entry; none where nothing that can be read has changed.
    pub async fn of(view: &mut View, entry: Entry) -> Result<Option<Change>> {
        if entry.action == "login" {
            return Ok(None);
        }
        let operation = format!("read_{}", entry.kind);
        let matter = ROUTES.iter().find(|route| route.id == operation).map(|route| route.matter);
        let mut change = Change {
            seq: entry.seq,
            shown: json!({ "kind": entry.kind, "id": entry.id, "version": entry.version }).to_string(),
            matter,
            firms: entry.firm.into_iter().collect(),
            caller: None,
            is_zones: false,
            is_open: entry.state.as_deref() == Some("open") && entry.body.is_some(),
            kind: entry.kind,
            id: entry.id,
        };
        let found = change.look(view).await;
        match found {
            Ok(()) | Err(Error::NotFound) => Ok(Some(change)),
            Err(fault) => Err(fault),
        }
    }

    /// Looks up whose it is where the entry does not say so.
    async fn look(&mut self, view: &mut View) -> Result<()> {
        match self.kind.as_str() {
            "run" => {
                let run = view.run(&self.id).await?;
                (self.caller, self.is_zones) = (Some(run.caller), run.revision.is_some());
            }
            "user" => {
                let access = view.user(&self.id).await?.access;
                if access.role == Role::Firm.name() {
                    self.firms = access.firms;
                }
            }
            "proposal" => self.firms = view.deal(DealKind::Proposal, &self.id).await?.parties.firms(),
            "agreement" => self.firms = view.deal(DealKind::Agreement, &self.id).await?.parties.firms(),
            "meeting" => {
                self.firms = view.record(Kind::Meeting, &self.id).await.map(|record| firms(&record))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether somebody may read what has changed.
    pub fn is_seen_by(&self, actor: &Actor, eyes: &Eyes) -> bool {
        let Some(matter) = self.matter else { return false };
        let is_zones = self.is_zones && reach(actor.role, Matter::Plans, false) == Reach::All;
        if self.caller.is_some() {
            return is_zones || self.caller.as_ref() == Some(&actor.id);
        }
        match reach(actor.role, matter, false) {
            Reach::All => true,
            Reach::Nothing => false,
            Reach::Own => {
                self.firms.iter().any(|firm| actor.has(firm))
                    || self.posting().is_some_and(|kind| {
                        let owner = self.firms.first().map_or("", String::as_str);
                        eyes.posting(kind, owner, &self.id, self.is_open) != Sight::Hidden
                    })
            }
        }
    }

    fn posting(&self) -> Option<Kind> {
        [Kind::Surplus, Kind::Shortage].into_iter().find(|kind| kind.name() == self.kind)
    }

    /// The version of another firm's posting is never shown.
    pub fn shown_to(&self, actor: &Actor) -> String {
        let is_partners = actor.role == Role::Firm
            && self.posting().is_some()
            && !self.firms.iter().any(|firm| actor.has(firm));
        if is_partners {
            return json!({ "kind": self.kind, "id": self.id, "version": null }).to_string();
        }
        self.shown.clone()
    }

    /// Whether it may change what somebody sees: their own access, the firms of an officer, a firm's blocks.
    pub fn concerns(&self, actor: &Actor) -> bool {
        match self.kind.as_str() {
            "user" | "key" => true,
            "firm" => actor.role == Role::Officer,
            "blocked" => actor.role == Role::Firm,
            _ => false,
        }
    }
}
