//! Table by table: rows whose cells are all good become rows of the scenario.

use std::borrow::Cow;
use std::collections::HashMap;

use super::cells::{Defects, HEADCOUNT, Ids, NAME, REMARK, STAY, limit_of};
use crate::defect::{Defect, DefectCode, Detail, Place, Table};
use crate::draft::{
    BlockDraft, CalendarDraft, Cell, Certificate, FirmDraft, HorizonDraft, PinDraft, PolicyDraft, Row, Rows,
    ScenarioDraft, ShortageDraft, SkillDraft, SubstitutionDraft, SurplusDraft,
};
use crate::scenario::{
    Block, Firm, FirmIx, Pin, Policy, Shortage, ShortageIx, Skill, SkillIx, Substitution, Surplus, SurplusIx,
    Tables,
};
use crate::units::Day;

/// A scenario's dates lie within this many days.
const LONGEST: i32 = 3_660;

/// Row numbers of the rows that were kept, for defects and warnings found later.
#[derive(Default)]
pub(super) struct Lines {
    pub firms: Vec<u32>,
    pub skills: Vec<u32>,
    pub surplus: Vec<u32>,
    pub shortage: Vec<u32>,
    pub blocked: Vec<u32>,
    pub pins: Vec<u32>,
}

pub(super) struct Checked {
    /// The good rows; none where what every row depends on (policy, horizon, calendar) is not good.
    pub tables: Option<Tables>,
    pub lines: Lines,
    /// Whether every row of the draft is in `tables`.
    pub complete: bool,
}

/// The rows of one table that were kept, where each stood, and what became of each row that was read.
struct Kept<T> {
    rows: Vec<T>,
    lines: Vec<u32>,
    /// By position in the draft: the position in `rows`.
    index: Vec<Option<u32>>,
    complete: bool,
}

fn keep<D, T>(draft: &Rows<D>, mut check: impl FnMut(usize, &Row<D>) -> Option<T>) -> Kept<T> {
    let mut kept = Kept { rows: Vec::new(), lines: Vec::new(), index: Vec::new(), complete: draft.readable };
    for (position, row) in draft.rows.iter().enumerate() {
        let good = check(position, row);
        kept.complete &= good.is_some();
        kept.index.push(good.is_some().then_some(kept.rows.len() as u32));
        if let Some(value) = good {
            kept.rows.push(value);
            kept.lines.push(row.line);
        }
    }
    kept
}

pub(super) fn check(draft: &ScenarioDraft, out: &mut Defects) -> Checked {
    let mut head = out.at(Table::Scenario, None);
    let name = head.required_text("name", &draft.name, NAME);
    let zone = head.text("zone", &draft.zone, NAME).unwrap_or_default();
    let head_good = head.good;
    let policy = policy(&draft.policy, out);
    let horizon = horizon(&draft.horizon, out);

    let firm_ids = Ids::of(Table::Firms, &draft.firms, |f| &f.id, out);
    let skill_ids = Ids::of(Table::Skills, &draft.skills, |s| &s.id, out);
    let surplus_ids = Ids::of(Table::Surplus, &draft.surplus, |s| &s.id, out);
    let shortage_ids = Ids::of(Table::Shortage, &draft.shortage, |d| &d.id, out);

    let firms = keep(&draft.firms, |at, row| {
        let firm = firm(row, out);
        firm.filter(|_| firm_ids.defines(at, row, |f| &f.id))
    });
    let skills = keep(&draft.skills, |at, row| {
        let skill = skill(row, out);
        skill.filter(|_| skill_ids.defines(at, row, |s| &s.id))
    });
    let refs = Refs {
        firms: Index { ids: &firm_ids, kept: &firms.index },
        skills: Index { ids: &skill_ids, kept: &skills.index },
    };
    let substitutions = substitutions(&draft.substitutions, &refs, out);
    let surplus = keep(&draft.surplus, |at, row| {
        let surplus = surplus(row, &refs, out);
        surplus.filter(|_| surplus_ids.defines(at, row, |s| &s.id))
    });
    let shortages = keep(&draft.shortage, |at, row| {
        let shortage = shortage(row, &refs, out);
        shortage.filter(|_| shortage_ids.defines(at, row, |d| &d.id))
    });
    let postings = Postings {
        surplus: Index { ids: &surplus_ids, kept: &surplus.index },
        shortages: Index { ids: &shortage_ids, kept: &shortages.index },
        lender: surplus.rows.iter().map(|s| s.firm).collect(),
        borrower: shortages.rows.iter().map(|d| d.firm).collect(),
    };
    let blocked = keep(&draft.blocked, |_, row| block(row, &refs, &postings, out));
    let pins = keep(&draft.pins, |_, row| pin(row, &postings, out));
    let calendar = calendar(&draft.calendar, out);
    let span_good = dates_span(draft, horizon.flatten(), out);

    let complete = head_good
        && calendar.complete
        && span_good
        && firms.complete
        && skills.complete
        && substitutions.complete
        && surplus.complete
        && shortages.complete
        && blocked.complete
        && pins.complete;
    let lines = Lines {
        firms: firms.lines,
        skills: skills.lines,
        surplus: surplus.lines,
        shortage: shortages.lines,
        blocked: blocked.lines,
        pins: pins.lines,
    };
    // Judging pins on half a calendar, or on days without end, would only report consequences.
    let tables = match (policy, horizon) {
        (Some(policy), Some(horizon)) if calendar.complete && span_good && substitutions.complete => {
            Some(Tables {
                name: name.unwrap_or_default(),
                zone,
                policy,
                horizon,
                firms: firms.rows,
                skills: skills.rows,
                substitutions: substitutions.rows,
                surplus: surplus.rows,
                shortages: shortages.rows,
                blocked: blocked.rows,
                pins: pins.rows,
                calendar: calendar.rows,
            })
        }
        _ => None,
    };
    Checked { tables, lines, complete }
}

/// Ids of a table and which of its rows were kept.
#[derive(Clone, Copy)]
struct Index<'a> {
    ids: &'a Ids,
    kept: &'a [Option<u32>],
}

struct Refs<'a> {
    firms: Index<'a>,
    skills: Index<'a>,
}

struct Postings<'a> {
    surplus: Index<'a>,
    shortages: Index<'a>,
    lender: Vec<FirmIx>,
    borrower: Vec<FirmIx>,
}

impl super::cells::At<'_> {
    /// A reference to a kept row; one to a row that has a defect of its own is no defect here.
    fn refer(&mut self, column: &'static str, cell: &Cell<String>, index: Index<'_>) -> Option<u32> {
        let position = self.reference(column, cell, index.ids)?;
        let kept = index.kept[position as usize];
        self.good &= kept.is_some();
        kept
    }

    /// The same for an optional cell.
    fn maybe_refer(&mut self, column: &'static str, cell: &Cell<String>, index: Index<'_>) -> Option<u32> {
        let position = self.maybe_reference(column, cell, index.ids)?;
        let kept = index.kept[position as usize];
        self.good &= kept.is_some();
        kept
    }
}

fn policy(draft: &PolicyDraft, out: &mut Defects) -> Option<Policy> {
    let mut at = out.at(Table::Scenario, None);
    let onboarding = at.money("policy.onboarding", &draft.onboarding);
    let daily_base = at.money("policy.daily_base", &draft.daily_base);
    let transport_per_km = at.money("policy.transport_per_km", &draft.transport_per_km);
    let cross_alliance = at.money("policy.cross_alliance", &draft.cross_alliance);
    let road_factor = at.or_default(&draft.road_factor, 1.0);
    if !(road_factor > 0.0 && road_factor <= 10.0) {
        let detail = Detail::Because("over 0 and at most 10".to_string());
        at.fault(DefectCode::OutOfRange, "policy.road_factor", Some(road_factor.to_string()), detail);
    }
    let max_distance = at.maybe_distance("policy.max_distance_km", &draft.max_distance);
    let min_stay_days =
        at.maybe_number("policy.min_stay_days", &draft.min_stay_days, &STAY).unwrap_or(1) as u32;
    let fairness = at.or_default(&draft.fairness, false);
    let mut rest_weekdays = [false; 7];
    for day in at.or_default(&draft.rest_weekdays, Vec::new()) {
        rest_weekdays[day % 7] = true;
    }
    let stability = at.maybe_money("policy.stability", &draft.stability).unwrap_or(0);
    let unmet_urgent = at.money("policy.unmet.urgent", &draft.unmet_urgent);
    let unmet_normal = at.money("policy.unmet.normal", &draft.unmet_normal);
    let unmet_low = at.money("policy.unmet.low", &draft.unmet_low);
    let good = at.good;
    let policy = Policy {
        onboarding: onboarding?,
        daily_base: daily_base?,
        transport_per_km: transport_per_km?,
        cross_alliance: cross_alliance?,
        road_factor,
        max_distance,
        min_stay_days,
        fairness,
        rest_weekdays,
        stability,
        unmet_urgent: unmet_urgent?,
        unmet_normal: unmet_normal?,
        unmet_low: unmet_low?,
    };
    good.then_some(policy)
}

/// `Some(None)` = no horizon; `None` = one with a defect.
#[allow(clippy::option_option)]
fn horizon(draft: &Cell<HorizonDraft>, out: &mut Defects) -> Option<Option<(Day, Day)>> {
    let draft = match draft {
        Cell::Blank => return Some(None),
        Cell::Bad => return None,
        Cell::Value(draft) => draft,
    };
    let mut at = out.at(Table::Scenario, None);
    let (from, to) = (at.day("horizon.from", &draft.from), at.day("horizon.to", &draft.to));
    let (from, to) = (from?, to?);
    if from > to {
        let detail = Detail::OtherDate(from);
        at.fault(DefectCode::DatesReversed, "horizon.to", Some(to.to_string()), detail);
        return None;
    }
    Some(Some((from, to)))
}

fn firm(row: &Row<FirmDraft>, out: &mut Defects) -> Option<Firm> {
    let draft = &row.cells;
    let mut at = out.at(Table::Firms, Some(row.line));
    let name = at.required_text("name", &draft.name, NAME);
    let alliance = at.text("alliance", &draft.alliance, NAME);
    let latitude = at.degrees("latitude", &draft.latitude, 90.0);
    let longitude = at.degrees("longitude", &draft.longitude, 180.0);
    let service_officer = at.text("service_officer", &draft.service_officer, NAME);
    let staff = at.maybe_number("staff", &draft.staff, &HEADCOUNT);
    let contact = at.text("contact", &draft.contact, NAME);
    let phone = at.text("phone", &draft.phone, NAME);
    let good = at.good;
    let firm = Firm {
        id: draft.id.value()?.clone(),
        name: name?,
        alliance,
        latitude: latitude?,
        longitude: longitude?,
        service_officer,
        staff,
        contact,
        phone,
    };
    good.then_some(firm)
}

fn skill(row: &Row<SkillDraft>, out: &mut Defects) -> Option<Skill> {
    let draft = &row.cells;
    let mut at = out.at(Table::Skills, Some(row.line));
    let name = at.required_text("name", &draft.name, NAME);
    let aliases = at.or_default(&draft.aliases, Vec::new());
    if let Some(long) = aliases.iter().find(|alias| alias.chars().count() > NAME) {
        at.fault(DefectCode::BadText, "aliases", Some(long.clone()), limit_of(NAME));
    }
    let occupation_code = at.text("occupation_code", &draft.occupation_code, NAME);
    let level = at.text("level", &draft.level, NAME);
    let certificate = at.text("certificate", &draft.certificate, NAME);
    let good = at.good;
    let skill =
        Skill { id: draft.id.value()?.clone(), name: name?, aliases, occupation_code, level, certificate };
    good.then_some(skill)
}

fn substitutions(draft: &Rows<SubstitutionDraft>, refs: &Refs<'_>, out: &mut Defects) -> Kept<Substitution> {
    let mut first: HashMap<(u32, u32), u32> = HashMap::new();
    keep(draft, |_, row| {
        let mut at = out.at(Table::Substitutions, Some(row.line));
        // Positions in the draft: a substitution is the same substitution whatever else its skills' rows lack.
        let from = at.reference("from", &row.cells.from, refs.skills.ids);
        let to = at.reference("to", &row.cells.to, refs.skills.ids);
        let training_cost = at.money("training_cost", &row.cells.training_cost);
        let (from, to) = (from?, to?);
        let read = row.cells.to.value().cloned();
        if from == to {
            at.fault(DefectCode::Conflict, "to", read, Detail::None);
            return None;
        }
        if let Some(&line) = first.get(&(from, to)) {
            at.fault(DefectCode::DuplicateRow, "to", read, Detail::FirstIn(line));
            return None;
        }
        first.insert((from, to), row.line);
        let (from, to) = (refs.skills.kept[from as usize]?, refs.skills.kept[to as usize]?);
        let good = at.good;
        let row = Substitution { from: SkillIx(from), to: SkillIx(to), training_cost: training_cost? };
        good.then_some(row)
    })
}

fn certificates(at: &mut super::cells::At<'_>, cell: &Cell<Vec<Certificate>>, line: u32) -> Vec<Certificate> {
    let held = at.or_default(cell, Vec::new());
    for (position, certificate) in held.iter().enumerate() {
        let read = Some(certificate.name.clone());
        if certificate.name.is_empty() || certificate.name.chars().count() > NAME {
            at.fault(DefectCode::BadText, "certificates", read, limit_of(NAME));
        } else if held[..position].iter().any(|earlier| earlier.name == certificate.name) {
            at.fault(DefectCode::DuplicateRow, "certificates", read, Detail::FirstIn(line));
        } else if let Some(day) = certificate.valid_until {
            at.maybe_day("certificates", &Cell::Value(day));
        }
    }
    held
}

fn surplus(row: &Row<SurplusDraft>, refs: &Refs<'_>, out: &mut Defects) -> Option<Surplus> {
    let draft = &row.cells;
    let mut at = out.at(Table::Surplus, Some(row.line));
    let firm = at.refer("firm", &draft.firm, refs.firms);
    let skill = at.refer("skill", &draft.skill, refs.skills);
    let headcount = at.number("headcount", &draft.headcount, &HEADCOUNT);
    let dates = at.dates(&draft.from, &draft.to);
    let consented = at.maybe_number("consented", &draft.consented, &HEADCOUNT);
    let dispatched = at.or_default(&draft.dispatched, false);
    let contract_until = at.maybe_day("contract_until", &draft.contract_until);
    let certificates = certificates(&mut at, &draft.certificates, row.line);
    let min_day_pay = at.maybe_money("min_day_pay", &draft.min_day_pay);
    let no_night = at.or_default(&draft.no_night, false);
    let max_distance = at.maybe_distance("max_distance_km", &draft.max_distance);
    let min_stay_days = at.maybe_number("min_stay_days", &draft.min_stay_days, &STAY).unwrap_or(1) as u32;
    let within_alliance = at.or_default(&draft.within_alliance, false);
    let posted = at.maybe_day("posted", &draft.posted);
    let withdrawn = at.maybe_day("withdrawn", &draft.withdrawn);
    let remark = at.text("remark", &draft.remark, REMARK);
    let good = at.good;
    let (from, to) = dates?;
    let surplus = Surplus {
        id: draft.id.value()?.clone(),
        firm: FirmIx(firm?),
        skill: SkillIx(skill?),
        headcount: headcount?,
        from,
        to,
        consented,
        dispatched,
        contract_until,
        certificates,
        min_day_pay,
        no_night,
        max_distance,
        min_stay_days,
        within_alliance,
        posted,
        withdrawn,
        remark,
    };
    good.then_some(surplus)
}

fn shortage(row: &Row<ShortageDraft>, refs: &Refs<'_>, out: &mut Defects) -> Option<Shortage> {
    let draft = &row.cells;
    let mut at = out.at(Table::Shortage, Some(row.line));
    let firm = at.refer("firm", &draft.firm, refs.firms);
    let skill = at.refer("skill", &draft.skill, refs.skills);
    let headcount = at.number("headcount", &draft.headcount, &HEADCOUNT);
    let dates = at.dates(&draft.from, &draft.to);
    let priority = at.or_default(&draft.priority, crate::draft::Priority::Normal);
    let day_pay = at.maybe_money("day_pay", &draft.day_pay);
    let night_shift = at.or_default(&draft.night_shift, false);
    let max_distance = at.maybe_distance("max_distance_km", &draft.max_distance);
    let min_stay_days = at.maybe_number("min_stay_days", &draft.min_stay_days, &STAY).unwrap_or(1) as u32;
    let within_alliance = at.or_default(&draft.within_alliance, false);
    let posted = at.maybe_day("posted", &draft.posted);
    let withdrawn = at.maybe_day("withdrawn", &draft.withdrawn);
    let remark = at.text("remark", &draft.remark, REMARK);
    let good = at.good;
    let (from, to) = dates?;
    let shortage = Shortage {
        id: draft.id.value()?.clone(),
        firm: FirmIx(firm?),
        skill: SkillIx(skill?),
        headcount: headcount?,
        from,
        to,
        priority,
        day_pay,
        night_shift,
        max_distance,
        min_stay_days,
        within_alliance,
        posted,
        withdrawn,
        remark,
    };
    good.then_some(shortage)
}

fn block(
    row: &Row<BlockDraft>,
    refs: &Refs<'_>,
    postings: &Postings<'_>,
    out: &mut Defects,
) -> Option<Block> {
    let draft = &row.cells;
    let mut at = out.at(Table::Blocked, Some(row.line));
    let lender = at.refer("lender", &draft.lender, refs.firms).map(FirmIx);
    let borrower = at.refer("borrower", &draft.borrower, refs.firms).map(FirmIx);
    let surplus = at.maybe_refer("surplus", &draft.surplus, postings.surplus).map(SurplusIx);
    let shortage = at.maybe_refer("shortage", &draft.shortage, postings.shortages).map(ShortageIx);
    // A posting of another firm than the one blocked contradicts the row.
    if let (Some(lender), Some(i)) = (lender, surplus)
        && postings.lender[i.index()] != lender
    {
        at.fault(DefectCode::Conflict, "surplus", draft.surplus.value().cloned(), Detail::None);
    }
    if let (Some(borrower), Some(j)) = (borrower, shortage)
        && postings.borrower[j.index()] != borrower
    {
        at.fault(DefectCode::Conflict, "shortage", draft.shortage.value().cloned(), Detail::None);
    }
    let good = at.good;
    let block = Block { lender: lender?, borrower: borrower?, surplus, shortage };
    good.then_some(block)
}

fn pin(row: &Row<PinDraft>, postings: &Postings<'_>, out: &mut Defects) -> Option<Pin> {
    let draft = &row.cells;
    let mut at = out.at(Table::Pins, Some(row.line));
    let surplus = at.refer("surplus", &draft.surplus, postings.surplus);
    let shortage = at.refer("shortage", &draft.shortage, postings.shortages);
    let count = at.number("count", &draft.count, &HEADCOUNT);
    let dates = at.dates(&draft.from, &draft.to);
    let forced = at.or_default(&draft.forced, false);
    let good = at.good;
    let (from, to) = dates?;
    let pin = Pin {
        surplus: SurplusIx(surplus?),
        shortage: ShortageIx(shortage?),
        count: count?,
        from,
        to,
        forced,
    };
    good.then_some(pin)
}

fn calendar(draft: &Rows<CalendarDraft>, out: &mut Defects) -> Kept<(Day, bool)> {
    let mut first: HashMap<Day, u32> = HashMap::new();
    keep(draft, |_, row| {
        let mut at = out.at(Table::Calendar, Some(row.line));
        let date = at.day("date", &row.cells.date);
        let working = at.required("working", &row.cells.working);
        let date = date?;
        if let Some(&line) = first.get(&date) {
            at.fault(DefectCode::DuplicateRow, "date", Some(date.to_string()), Detail::FirstIn(line));
            return None;
        }
        first.insert(date, row.line);
        Some((date, working?))
    })
}

/// At most 3,660 days from the first date of a posting, pin or horizon to the last; the row that goes furthest is
/// the one that is named.
fn dates_span(draft: &ScenarioDraft, horizon: Option<(Day, Day)>, out: &mut Defects) -> bool {
    let usable = |day: &&Day| (Day::MIN..=Day::MAX).contains(*day);
    let mut ranges: Vec<(Table, Option<u32>, Day, Day)> = Vec::new();
    let mut add = |table, line, from: &Cell<Day>, to: &Cell<Day>| {
        if let (Some(&from), Some(&to)) = (from.value().filter(usable), to.value().filter(usable))
            && from <= to
        {
            ranges.push((table, Some(line), from, to));
        }
    };
    draft.surplus.rows.iter().for_each(|r| add(Table::Surplus, r.line, &r.cells.from, &r.cells.to));
    draft.shortage.rows.iter().for_each(|r| add(Table::Shortage, r.line, &r.cells.from, &r.cells.to));
    draft.pins.rows.iter().for_each(|r| add(Table::Pins, r.line, &r.cells.from, &r.cells.to));
    ranges.extend(horizon.map(|(from, to)| (Table::Scenario, None, from, to)));
    let Some(first) = ranges.iter().map(|r| r.2).min() else { return true };
    let Some(furthest) = ranges.iter().max_by_key(|r| r.3) else { return true };
    if furthest.3 - first < LONGEST {
        return true;
    }
    let column = if furthest.0 == Table::Scenario { "horizon.to" } else { "to" };
    out.all.push(Defect {
        code: DefectCode::OutOfRange,
        at: Place { table: furthest.0, row: furthest.1, column: Some(Cow::Borrowed(column)) },
        read: Some(furthest.3.to_string()),
        detail: Detail::Between(first.to_string(), (first + (LONGEST - 1)).to_string()),
    });
    false
}
