//! The valid scenario: built from a draft by one constructor that returns every defect at once.

mod days;

pub use days::{Span, WorkingDays};

use std::ops::Range;

use crate::defect::Warning;
pub use crate::draft::{Certificate, Priority};
use crate::units::{Count, Day, Fen, Metres};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in the table, as posted.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// A row of `firms`.
    FirmIx,
    /// A row of `skills`.
    SkillIx,
    /// A row of `surplus`.
    SurplusIx,
    /// A row of `shortage`.
    ShortageIx,
}

/// Costs and limits of the zone. Money in fen.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Per worker per start.
    pub onboarding: Fen,
    /// Per worker-day away.
    pub daily_base: Fen,
    /// Per worker-day per kilometre, one way by road.
    pub transport_per_km: Fen,
    /// Per worker-day outside the lender's alliance.
    pub cross_alliance: Fen,
    /// Road distance = great-circle distance times this; over 0 to 10.
    pub road_factor: f64,
    /// By road; none = no limit.
    pub max_distance: Option<Metres>,
    /// Shortest secondment in working days, at least 1.
    pub min_stay_days: u32,
    /// The first half of a demand is worth more than the rest.
    pub fairness: bool,
    /// Weekly rest days, Monday first.
    pub rest_weekdays: [bool; 7],
    /// Per worker-day changed against an earlier plan.
    pub stability: Fen,
    /// Per unfilled worker-day of an urgent shortage.
    pub unmet_urgent: Fen,
    /// … of a normal one.
    pub unmet_normal: Fen,
    /// … of a low one.
    pub unmet_low: Fen,
}

impl Policy {
    /// The price of an unfilled worker-day before fairness.
    pub fn unmet(&self, priority: Priority) -> Fen {
        match priority {
            Priority::Urgent => self.unmet_urgent,
            Priority::Normal => self.unmet_normal,
            Priority::Low => self.unmet_low,
        }
    }
}

/// An employer.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // the columns of the format
pub struct Firm {
    pub id: String,
    pub name: String,
    /// None = in no alliance.
    pub alliance: Option<String>,
    pub latitude: f64,
    pub longitude: f64,
    pub service_officer: Option<String>,
    pub staff: Option<Count>,
    pub contact: Option<String>,
    pub phone: Option<String>,
}

/// An entry of the zone's catalogue of skills.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Skill {
    pub id: String,
    pub name: String,
    pub aliases: Vec<String>,
    pub occupation_code: Option<String>,
    pub level: Option<String>,
    /// The certificate that the work demands.
    pub certificate: Option<String>,
}

/// Who has `from` may do `to` after training.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Substitution {
    pub from: SkillIx,
    pub to: SkillIx,
    /// Per start.
    pub training_cost: Fen,
}

/// A lender's posting. Dates inclusive.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Surplus {
    pub id: String,
    pub firm: FirmIx,
    pub skill: SkillIx,
    pub headcount: Count,
    pub from: Day,
    pub to: Day,
    /// None = all of them.
    pub consented: Option<Count>,
    pub dispatched: bool,
    pub contract_until: Option<Day>,
    pub certificates: Vec<Certificate>,
    pub min_day_pay: Option<Fen>,
    pub no_night: bool,
    pub max_distance: Option<Metres>,
    pub min_stay_days: u32,
    pub within_alliance: bool,
    pub posted: Option<Day>,
    pub withdrawn: Option<Day>,
    pub remark: Option<String>,
}

impl Surplus {
    /// Workers that may be lent: `min(headcount, consented)`.
    pub fn capacity(&self) -> Count {
        self.consented.map_or(self.headcount, |c| c.min(self.headcount))
    }

    /// Last day on which they may be lent, by posting and contract.
    pub fn last_day(&self) -> Day {
        self.contract_until.map_or(self.to, |c| c.min(self.to))
    }
}

/// A borrower's posting. Dates inclusive.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Shortage {
    pub id: String,
    pub firm: FirmIx,
    pub skill: SkillIx,
    pub headcount: Count,
    pub from: Day,
    pub to: Day,
    pub priority: Priority,
    pub day_pay: Option<Fen>,
    pub night_shift: bool,
    pub max_distance: Option<Metres>,
    pub min_stay_days: u32,
    pub within_alliance: bool,
    pub posted: Option<Day>,
    pub withdrawn: Option<Day>,
    pub remark: Option<String>,
}

/// The first firm does not lend to the second; with postings named, only those.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Block {
    pub lender: FirmIx,
    pub borrower: FirmIx,
    pub surplus: Option<SurplusIx>,
    pub shortage: Option<ShortageIx>,
}

/// An agreed secondment that the plan keeps. Dates inclusive.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Pin {
    pub surplus: SurplusIx,
    pub shortage: ShortageIx,
    pub count: Count,
    pub from: Day,
    pub to: Day,
    pub forced: bool,
}

/// What an unfilled worker-day of a posting costs, by how many are unfilled that day: the first `cheap_count`
/// unfilled workers cost `cheap` each, every further one `dear` (without fairness both prices are equal).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnmetCost {
    /// Fen for each of the first `cheap_count` unfilled workers of a day.
    pub cheap: Fen,
    /// How many they are.
    pub cheap_count: Count,
    /// Fen for each further one.
    pub dear: Fen,
}

impl UnmetCost {
    /// Cost of a day on which `unmet` workers are missing. Checked against overflow by the scenario.
    pub fn of(&self, unmet: Count) -> Fen {
        let cheap = unmet.min(self.cheap_count);
        cheap * self.cheap + (unmet - cheap) * self.dear
    }
}

/// The tables of a scenario, each in the order it was posted.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub name: String,
    pub zone: String,
    pub policy: Policy,
    pub horizon: Option<(Day, Day)>,
    pub firms: Vec<Firm>,
    pub skills: Vec<Skill>,
    pub substitutions: Vec<Substitution>,
    pub surplus: Vec<Surplus>,
    pub shortages: Vec<Shortage>,
    pub blocked: Vec<Block>,
    pub pins: Vec<Pin>,
    pub calendar: Vec<(Day, bool)>,
}

/// A valid scenario. Read-only; every reference holds, every number is within its limits, and no sum over it
/// leaves 63 bits. Built by [`Scenario::new`] from a draft.
#[derive(Clone, Debug)]
pub struct Scenario {
    tables: Tables,
    days: WorkingDays,
    /// By skill: where training leads to, and at what cost.
    training: Vec<Vec<(SkillIx, Fen)>>,
    /// By skill: the shortages that ask for it.
    by_skill: Vec<Vec<ShortageIx>>,
    /// `blocked`, ordered by lender and borrower.
    blocks: Vec<Block>,
    warnings: Vec<Warning>,
}

#[allow(missing_docs)] // plain accessors of the tables, in the order they were posted
impl Scenario {
    /// Puts checked tables together; only [`validate`](crate::validate) calls it.
    pub(crate) fn assemble(tables: Tables, days: WorkingDays) -> Scenario {
        let mut training = vec![Vec::new(); tables.skills.len()];
        for substitution in &tables.substitutions {
            training[substitution.from.index()].push((substitution.to, substitution.training_cost));
        }
        let mut by_skill = vec![Vec::new(); tables.skills.len()];
        for (j, shortage) in (0..).map(ShortageIx).zip(&tables.shortages) {
            by_skill[shortage.skill.index()].push(j);
        }
        let mut blocks = tables.blocked.clone();
        blocks.sort_by_key(|block| (block.lender, block.borrower));
        Scenario { tables, days, training, by_skill, blocks, warnings: Vec::new() }
    }

    /// The same scenario with other tables. Only for changes that keep every reference, limit and pin as it is
    /// ([`analysis`](crate::analysis) makes them): nothing is checked again.
    pub(crate) fn with_tables(&self, change: impl FnOnce(&mut Tables)) -> Scenario {
        let mut tables = self.tables.clone();
        change(&mut tables);
        let mut changed = Scenario::assemble(tables, self.days.clone());
        changed.warnings.clone_from(&self.warnings);
        changed
    }

    pub(crate) fn set_warnings(&mut self, warnings: Vec<Warning>) {
        self.warnings = warnings;
    }

    pub fn name(&self) -> &str {
        &self.tables.name
    }
    pub fn zone(&self) -> &str {
        &self.tables.zone
    }
    pub fn policy(&self) -> &Policy {
        &self.tables.policy
    }
    /// First and last day of the horizon.
    pub fn horizon(&self) -> Option<(Day, Day)> {
        self.tables.horizon
    }
    pub fn firms(&self) -> &[Firm] {
        &self.tables.firms
    }
    pub fn skills(&self) -> &[Skill] {
        &self.tables.skills
    }
    pub fn substitutions(&self) -> &[Substitution] {
        &self.tables.substitutions
    }
    pub fn surplus(&self) -> &[Surplus] {
        &self.tables.surplus
    }
    pub fn shortages(&self) -> &[Shortage] {
        &self.tables.shortages
    }
    pub fn blocked(&self) -> &[Block] {
        &self.tables.blocked
    }
    pub fn pins(&self) -> &[Pin] {
        &self.tables.pins
    }
    /// The exceptions to the rest days: date and whether it is worked.
    pub fn calendar(&self) -> &[(Day, bool)] {
        &self.tables.calendar
    }
    /// The time base of the scenario.
    pub fn days(&self) -> &WorkingDays {
        &self.days
    }
    /// What is odd about it.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// One firm.
    pub fn firm(&self, firm: FirmIx) -> &Firm {
        &self.tables.firms[firm.index()]
    }

    /// What it costs to train a worker of one skill for another, per start: 0 for the skill itself, none where no
    /// substitution leads there in one step.
    pub fn training(&self, from: SkillIx, to: SkillIx) -> Option<Fen> {
        if from == to {
            return Some(0);
        }
        self.training[from.index()].iter().find(|(target, _)| *target == to).map(|(_, cost)| *cost)
    }

    /// A skill itself and those it may stand in for.
    pub fn reachable_skills(&self, from: SkillIx) -> impl Iterator<Item = SkillIx> + '_ {
        std::iter::once(from).chain(self.training[from.index()].iter().map(|(target, _)| *target))
    }

    /// The shortages that ask for a skill, as posted.
    pub fn shortages_of(&self, skill: SkillIx) -> &[ShortageIx] {
        &self.by_skill[skill.index()]
    }

    /// The blocks from one firm to another.
    pub fn blocks_between(&self, lender: FirmIx, borrower: FirmIx) -> impl Iterator<Item = &Block> {
        let key = |block: &Block| (block.lender, block.borrower);
        let start = self.blocks.partition_point(|block| key(block) < (lender, borrower));
        self.blocks[start..].iter().take_while(move |block| key(block) == (lender, borrower))
    }

    /// Every surplus posting's index.
    pub fn surplus_indices(&self) -> impl Iterator<Item = SurplusIx> + use<> {
        (0..self.tables.surplus.len() as u32).map(SurplusIx)
    }
    /// Every shortage posting's index.
    pub fn shortage_indices(&self) -> impl Iterator<Item = ShortageIx> + use<> {
        (0..self.tables.shortages.len() as u32).map(ShortageIx)
    }

    /// Working days on which a surplus may be lent: its dates, cut by its contract and the horizon.
    pub fn supply_span(&self, i: SurplusIx) -> Span {
        let s = &self.tables.surplus[i.index()];
        self.days.span(s.from, s.last_day())
    }

    /// Working days of a surplus' own dates, before any cut but the horizon's.
    pub fn supply_dates(&self, i: SurplusIx) -> Span {
        let s = &self.tables.surplus[i.index()];
        self.days.span(s.from, s.to)
    }

    /// Working days of a shortage.
    pub fn demand_span(&self, j: ShortageIx) -> Span {
        let d = &self.tables.shortages[j.index()];
        self.days.span(d.from, d.to)
    }

    /// What unfilled worker-days of a shortage cost. With fairness the first `ceil(m / 2)` workers of a day are
    /// worth `p + floor(p / 2)` each and the rest `p - floor(p / 2)`, so the first unfilled ones are the cheap ones.
    pub fn unmet_cost(&self, j: ShortageIx) -> UnmetCost {
        let d = &self.tables.shortages[j.index()];
        let price = self.tables.policy.unmet(d.priority);
        if self.tables.policy.fairness {
            UnmetCost { cheap: price - price / 2, cheap_count: d.headcount / 2, dear: price + price / 2 }
        } else {
            UnmetCost { cheap: price, cheap_count: d.headcount, dear: price }
        }
    }

    /// Working days of a pin within the horizon.
    pub fn pin_span(&self, pin: &Pin) -> Span {
        self.days.span(pin.from, pin.to)
    }

    /// Whether a pin was under way before the horizon began, so that it pays no new start.
    pub fn under_way(&self, pin: &Pin) -> bool {
        self.tables.horizon.is_some_and(|(from, _)| pin.from < from)
            && self.pin_span(pin).start == 0
            && !self.pin_span(pin).is_empty()
    }
}

/// Half-open range as a `Range`, for loops.
impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}
