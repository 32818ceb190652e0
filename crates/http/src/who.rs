//! Who may do what: the one table of roles, and who is asking.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use tiaoji_store::{Access, By};

use crate::problem::{FORBIDDEN, NOT_FOUND, Problem};
use crate::routes::{ROUTES, Route};

/// What somebody is to the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Firm,
    Officer,
    Zone,
    Viewer,
    Service,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::Firm, Role::Officer, Role::Zone, Role::Viewer, Role::Service];

    pub fn name(self) -> &'static str {
        match self {
            Role::Firm => "firm",
            Role::Officer => "officer",
            Role::Zone => "zone",
            Role::Viewer => "viewer",
            Role::Service => "service",
        }
    }

    pub fn of(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// How far a permission goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nowhere.
    Nothing,
    /// To what is one's own, or of the firms one looks after.
    Own,
    /// To everything.
    All,
}

/// What the table below decides on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matter {
    /// Whoever comes.
    Public,
    /// One's own session, or oneself.
    Self_,
    /// Policy, skills, substitutions, calendar, alliances: what postings are read by.
    Rules,
    /// Firms.
    Firms,
    /// The scenario of the zone.
    Directory,
    /// Users, invitations, keys.
    People,
    /// Postings and blocks; other firms' open postings are seen in part.
    Postings,
    /// `/match`, and runs of one's own scenario.
    Solving,
    /// Meetings, problems, what stayed unfilled.
    Register,
    /// What a zone reports of its alliances, and the worth of more workers.
    Reports,
    /// Ranked partners of a posting.
    Options,
    /// Runs on the zone's data, its plans, what-if, publishing.
    Plans,
    /// Proposals and agreements.
    Deals,
    /// What was worked under an agreement, and disputes of it.
    Settlement,
    /// The trail of who did what.
    Audit,
}

/// Reading and changing, by role: firm, officer, zone, viewer, service.
const TABLE: [(Matter, [(Reach, Reach); 5]); 15] = {
    use Reach::{All, Nothing, Own};
    const NONE: (Reach, Reach) = (Nothing, Nothing);
    const BOTH: (Reach, Reach) = (All, All);
    const READ: (Reach, Reach) = (All, Nothing);
    const THEIRS: (Reach, Reach) = (Own, Own);
    const READ_OWN: (Reach, Reach) = (Own, Nothing);
    [
        (Matter::Public, [BOTH, BOTH, BOTH, BOTH, BOTH]),
        (Matter::Self_, [THEIRS, THEIRS, THEIRS, THEIRS, THEIRS]),
        (Matter::Rules, [READ, READ, BOTH, READ, NONE]),
        (Matter::Firms, [READ_OWN, READ_OWN, BOTH, READ, NONE]),
        (Matter::Directory, [NONE, NONE, BOTH, READ, NONE]),
        (Matter::People, [NONE, THEIRS, BOTH, READ, NONE]),
        (Matter::Postings, [THEIRS, THEIRS, BOTH, READ, NONE]),
        (Matter::Solving, [NONE, NONE, THEIRS, THEIRS, THEIRS]),
        (Matter::Register, [READ_OWN, THEIRS, BOTH, READ, NONE]),
        (Matter::Reports, [NONE, NONE, READ, READ, NONE]),
        (Matter::Options, [THEIRS, THEIRS, BOTH, NONE, NONE]),
        (Matter::Plans, [NONE, NONE, BOTH, READ, NONE]),
        (Matter::Deals, [THEIRS, THEIRS, READ, NONE, NONE]),
        (Matter::Settlement, [THEIRS, THEIRS, BOTH, NONE, NONE]),
        (Matter::Audit, [READ_OWN, READ_OWN, READ, NONE, NONE]),
    ]
};

/// How far a role reaches in a matter, to read or to change.
pub fn reach(role: Role, matter: Matter, changes: bool) -> Reach {
    let column = Role::ALL.iter().position(|&known| known == role).unwrap_or_default();
    let row = TABLE.iter().find(|(known, _)| *known == matter);
    row.map_or(Reach::Nothing, |(_, cells)| if changes { cells[column].1 } else { cells[column].0 })
}

/// How somebody has shown who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A bearer token.
    Key,
    /// A cookie, whose hash this is.
    Session(String),
}

/// Somebody known.
#[derive(Clone, Debug)]
pub struct Actor {
    /// A user's or a key's id.
    pub id: String,
    pub name: String,
    pub role: Role,
    pub access: Access,
    /// The firms that are theirs, an officer's by the firms' own word included.
    pub firms: BTreeSet<String>,
    pub proof: Proof,
}

impl Actor {
    /// Whether a firm is theirs to act for.
    pub fn has(&self, firm: &str) -> bool {
        self.firms.contains(firm)
    }

    /// On whose account a change is made; an officer's is on behalf of a firm.
    pub fn by(&self, firm: Option<&str>) -> By {
        let reason = firm.filter(|_| self.role == Role::Officer).map(|firm| format!("on behalf of {firm}"));
        By { actor: self.id.clone(), reason, import: None }
    }
}

/// A request that the guard has let through.
#[derive(Clone)]
pub struct Call {
    pub route: &'static Route,
    pub method: Method,
    /// Path and query, as they were sent.
    pub target: String,
    pub actor: Option<Actor>,
    pub idempotency_key: Option<String>,
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
    pub peer: String,
}

impl Call {
    /// Who is asking.
    ///
    /// # Errors
    /// None that the guard has not answered already.
    pub fn actor(&self) -> Result<&Actor, Problem> {
        self.actor.as_ref().ok_or_else(|| Problem::new(&FORBIDDEN))
    }

    /// The same caller's call of a route of the API, for pages that are made from what it answers.
    ///
    /// # Errors
    /// `forbidden` where it is not for their role.
    pub fn of(&self, id: &str) -> Result<Call, Problem> {
        let route = ROUTES.iter().find(|route| route.id == id).ok_or_else(|| Problem::new(&NOT_FOUND))?;
        let call = Call { route, ..self.clone() };
        if route.matter != Matter::Public && call.reach() == Reach::Nothing {
            return Err(Problem::new(&FORBIDDEN));
        }
        Ok(call)
    }

    /// How far they reach here.
    pub fn reach(&self) -> Reach {
        let changes = self.route.changes();
        self.actor.as_ref().map_or(Reach::Nothing, |actor| reach(actor.role, self.route.matter, changes))
    }

    /// Refuses what is of a firm that the caller may not act for.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn may_act_for(&self, firm: &str) -> Result<(), Problem> {
        let own = self.actor.as_ref().is_some_and(|actor| actor.has(firm));
        if self.reach() == Reach::All || (self.reach() == Reach::Own && own) {
            return Ok(());
        }
        Err(Problem::new(&FORBIDDEN)
            .detail(format!("You do not act for the firm {firm}"), format!("您不能代表企业 {firm} 操作")))
    }

    /// The version that `If-Match` names: none for `*`.
    ///
    /// # Errors
    /// `if_match_required`; `version_mismatch` where it names none of ours.
    pub fn expected_version(&self) -> Result<Option<i64>, Problem> {
        let Some(header) = &self.if_match else {
            return Err(Problem::new(&crate::problem::IF_MATCH_REQUIRED)
                .detail("Say If-Match with the ETag that you have read", "请用 If-Match 带上所读到的 ETag"));
        };
        let header = header.trim();
        if header == "*" {
            return Ok(None);
        }
        let version = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')?.parse().ok());
        // A tag that was never ours is of no version.
        Ok(Some(version.filter(|version| *version > 0).unwrap_or(-1)))
    }
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Call, Problem> {
        parts.extensions.get().cloned().ok_or_else(|| Problem::new(&NOT_FOUND))
    }
}
