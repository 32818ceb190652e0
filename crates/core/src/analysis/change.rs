//! Single changes of a scenario that let more pairs be: each keeps postings, working days and whatever was allowed.
//!
//! None of them touches what the labour rules fix: whose workers they are (dispatched, the same firm), the end of a contract,
//! a certificate that the work demands.

use crate::scenario::{Scenario, ShortageIx, SkillIx, SurplusIx};
use crate::units::{Day, Fen, Metres};
use crate::validate::worst_case_exceeds;

/// A single change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// The policy's limit by road becomes so many metres.
    PolicyDistance(Metres),
    /// That of a surplus does.
    SurplusDistance(SurplusIx, Metres),
    /// That of a shortage does.
    ShortageDistance(ShortageIx, Metres),
    /// The workers of a surplus are there from that day on.
    EarlierFrom(SurplusIx, Day),
    /// They are there until that day.
    LaterTo(SurplusIx, Day),
    /// All workers of a surplus consent.
    Consent(SurplusIx),
    /// A shortage pays so many fen a day.
    Pay(ShortageIx, Fen),
    /// That row of the blocked pairs goes.
    Unblock(usize),
    /// Workers of the first skill may be trained for the second, at so many fen a start.
    Substitute(SkillIx, SkillIx, Fen),
    /// A surplus may leave its alliance.
    OpenSurplus(SurplusIx),
    /// A shortage takes workers from outside its alliance.
    OpenShortage(ShortageIx),
    /// A surplus lends for so many working days or more.
    SurplusStay(SurplusIx, u32),
    /// A shortage takes workers for so many working days or more.
    ShortageStay(ShortageIx, u32),
}

impl Change {
    /// The code in files.
    pub fn code(self) -> &'static str {
        match self {
            Change::PolicyDistance(_) => "policy_distance",
            Change::SurplusDistance(..) => "surplus_distance",
            Change::ShortageDistance(..) => "shortage_distance",
            Change::EarlierFrom(..) => "from",
            Change::LaterTo(..) => "to",
            Change::Consent(_) => "consent",
            Change::Pay(..) => "pay",
            Change::Unblock(_) => "unblock",
            Change::Substitute(..) => "substitute",
            Change::OpenSurplus(_) => "surplus_alliance",
            Change::OpenShortage(_) => "shortage_alliance",
            Change::SurplusStay(..) => "surplus_stay",
            Change::ShortageStay(..) => "shortage_stay",
        }
    }

    /// The one surplus or shortage whose pairs it can change; none where it may be those of any.
    pub(super) fn concerns(self) -> (Option<SurplusIx>, Option<ShortageIx>) {
        match self {
            Change::PolicyDistance(_) | Change::Unblock(_) | Change::Substitute(..) => (None, None),
            Change::SurplusDistance(i, _)
            | Change::EarlierFrom(i, _)
            | Change::LaterTo(i, _)
            | Change::Consent(i)
            | Change::OpenSurplus(i)
            | Change::SurplusStay(i, _) => (Some(i), None),
            Change::ShortageDistance(j, _)
            | Change::Pay(j, _)
            | Change::OpenShortage(j)
            | Change::ShortageStay(j, _) => (None, Some(j)),
        }
    }

    /// The changed scenario; none where its sums would leave 63 bits.
    pub fn apply(self, scenario: &Scenario) -> Option<Scenario> {
        let changed = scenario.with_tables(|tables| match self {
            Change::PolicyDistance(limit) => tables.policy.max_distance = Some(limit),
            Change::SurplusDistance(i, limit) => tables.surplus[i.index()].max_distance = Some(limit),
            Change::ShortageDistance(j, limit) => tables.shortages[j.index()].max_distance = Some(limit),
            Change::EarlierFrom(i, day) => tables.surplus[i.index()].from = day,
            Change::LaterTo(i, day) => tables.surplus[i.index()].to = day,
            Change::Consent(i) => tables.surplus[i.index()].consented = None,
            Change::Pay(j, pay) => tables.shortages[j.index()].day_pay = Some(pay),
            Change::Unblock(row) => {
                tables.blocked.remove(row);
            }
            Change::Substitute(from, to, training_cost) => {
                tables.substitutions.push(crate::scenario::Substitution { from, to, training_cost });
            }
            Change::OpenSurplus(i) => tables.surplus[i.index()].within_alliance = false,
            Change::OpenShortage(j) => tables.shortages[j.index()].within_alliance = false,
            Change::SurplusStay(i, days) => tables.surplus[i.index()].min_stay_days = days,
            Change::ShortageStay(j, days) => tables.shortages[j.index()].min_stay_days = days,
        });
        (!worst_case_exceeds(&changed, i128::from(i64::MAX))).then_some(changed)
    }
}
