//! A valid scenario as the draft that reads back to it. Cells that say what a blank cell says are left blank.

use tiaoji_core::draft::{
    BlockDraft, CalendarDraft, Cell, FirmDraft, HorizonDraft, PinDraft, PolicyDraft, Row, Rows,
    ScenarioDraft, ShortageDraft, SkillDraft, SubstitutionDraft, SurplusDraft,
};
use tiaoji_core::scenario::{Policy, Scenario, Shortage, Surplus};

use super::unless;

/// The scenario as a draft. Rows are numbered as [`to_folder_files`](crate::to_folder_files) writes them.
pub fn to_draft(scenario: &Scenario) -> ScenarioDraft {
    let firm = |ix: tiaoji_core::scenario::FirmIx| Cell::Value(scenario.firm(ix).id.clone());
    let skill = |ix: tiaoji_core::scenario::SkillIx| Cell::Value(scenario.skills()[ix.index()].id.clone());
    let surplus_id = |ix: tiaoji_core::scenario::SurplusIx| scenario.surplus()[ix.index()].id.clone();
    let shortage_id = |ix: tiaoji_core::scenario::ShortageIx| scenario.shortages()[ix.index()].id.clone();
    ScenarioDraft {
        name: Cell::Value(scenario.name().to_string()),
        zone: unless(scenario.zone().to_string(), &String::new()),
        policy: policy(scenario.policy()),
        horizon: option(
            scenario.horizon().map(|(from, to)| HorizonDraft { from: from.into(), to: to.into() }),
        ),
        firms: rows(scenario.firms(), |f| FirmDraft {
            id: f.id.clone().into(),
            name: f.name.clone().into(),
            alliance: option(f.alliance.clone()),
            latitude: f.latitude.into(),
            longitude: f.longitude.into(),
            service_officer: option(f.service_officer.clone()),
            staff: option(f.staff),
            contact: option(f.contact.clone()),
            phone: option(f.phone.clone()),
        }),
        skills: rows(scenario.skills(), |s| SkillDraft {
            id: s.id.clone().into(),
            name: s.name.clone().into(),
            aliases: unless(s.aliases.clone(), &Vec::new()),
            occupation_code: option(s.occupation_code.clone()),
            level: option(s.level.clone()),
            certificate: option(s.certificate.clone()),
        }),
        substitutions: rows(scenario.substitutions(), |s| SubstitutionDraft {
            from: skill(s.from),
            to: skill(s.to),
            training_cost: s.training_cost.into(),
        }),
        surplus: rows(scenario.surplus(), |s| surplus(s, firm(s.firm), skill(s.skill))),
        shortage: rows(scenario.shortages(), |d| shortage(d, firm(d.firm), skill(d.skill))),
        blocked: rows(scenario.blocked(), |b| BlockDraft {
            lender: firm(b.lender),
            borrower: firm(b.borrower),
            surplus: option(b.surplus.map(surplus_id)),
            shortage: option(b.shortage.map(shortage_id)),
        }),
        pins: rows(scenario.pins(), |p| PinDraft {
            surplus: surplus_id(p.surplus).into(),
            shortage: shortage_id(p.shortage).into(),
            count: p.count.into(),
            from: p.from.into(),
            to: p.to.into(),
            forced: unless(p.forced, &false),
        }),
        calendar: rows(scenario.calendar(), |&(date, working)| CalendarDraft {
            date: date.into(),
            working: working.into(),
        }),
    }
}

fn rows<S, T>(all: &[S], row: impl Fn(&S) -> T) -> Rows<T> {
    let rows = (2..).zip(all).map(|(line, s)| Row { line, cells: row(s) }).collect();
    Rows { rows, readable: true }
}

fn option<T>(value: Option<T>) -> Cell<T> {
    value.map_or(Cell::Blank, Cell::Value)
}

fn policy(p: &Policy) -> PolicyDraft {
    let rest: Vec<usize> = (0..7).filter(|&day| p.rest_weekdays[day]).collect();
    PolicyDraft {
        onboarding: p.onboarding.into(),
        daily_base: p.daily_base.into(),
        transport_per_km: p.transport_per_km.into(),
        cross_alliance: p.cross_alliance.into(),
        road_factor: p.road_factor.into(),
        max_distance: option(p.max_distance),
        min_stay_days: i64::from(p.min_stay_days).into(),
        fairness: p.fairness.into(),
        rest_weekdays: rest.into(),
        stability: p.stability.into(),
        unmet_urgent: p.unmet_urgent.into(),
        unmet_normal: p.unmet_normal.into(),
        unmet_low: p.unmet_low.into(),
    }
}

fn surplus(s: &Surplus, firm: Cell<String>, skill: Cell<String>) -> SurplusDraft {
    SurplusDraft {
        id: s.id.clone().into(),
        firm,
        skill,
        headcount: s.headcount.into(),
        from: s.from.into(),
        to: s.to.into(),
        consented: option(s.consented),
        dispatched: unless(s.dispatched, &false),
        contract_until: option(s.contract_until),
        certificates: unless(s.certificates.clone(), &Vec::new()),
        min_day_pay: option(s.min_day_pay),
        no_night: unless(s.no_night, &false),
        max_distance: option(s.max_distance),
        min_stay_days: unless(i64::from(s.min_stay_days), &1),
        within_alliance: unless(s.within_alliance, &false),
        posted: option(s.posted),
        withdrawn: option(s.withdrawn),
        remark: option(s.remark.clone()),
    }
}

fn shortage(d: &Shortage, firm: Cell<String>, skill: Cell<String>) -> ShortageDraft {
    ShortageDraft {
        id: d.id.clone().into(),
        firm,
        skill,
        headcount: d.headcount.into(),
        from: d.from.into(),
        to: d.to.into(),
        priority: d.priority.into(),
        day_pay: option(d.day_pay),
        night_shift: unless(d.night_shift, &false),
        max_distance: option(d.max_distance),
        min_stay_days: unless(i64::from(d.min_stay_days), &1),
        within_alliance: unless(d.within_alliance, &false),
        posted: option(d.posted),
        withdrawn: option(d.withdrawn),
        remark: option(d.remark.clone()),
    }
}
