//! What is odd about a valid scenario.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::tables::Lines;
use crate::defect::{Detail, Place, Table, Warning, WarningCode};
use crate::distance::great_circle;
use crate::scenario::Scenario;

/// A firm further than this from the median of all firms was probably mistyped. Metres.
const FAR: f64 = 50_000.0;

fn warning(
    code: WarningCode,
    table: Table,
    row: u32,
    column: &'static str,
    read: &dyn ToString,
    detail: Detail,
) -> Warning {
    let at = Place { table, row: Some(row), column: Some(Cow::Borrowed(column)) };
    Warning { code, at, read: Some(read.to_string()), detail }
}

pub(super) fn find(scenario: &Scenario, lines: &Lines) -> Vec<Warning> {
    let mut found = Vec::new();
    far_away(scenario, lines, &mut found);
    dead_rules(scenario, lines, &mut found);
    for (s, &line) in scenario.surplus().iter().zip(&lines.surplus) {
        let mut add = |code, column, read: String, detail| {
            found.push(warning(code, Table::Surplus, line, column, &read, detail));
        };
        if scenario.days().span(s.from, s.to).is_empty() {
            add(WarningCode::NoWorkingDay, "from", s.from.to_string(), Detail::OtherDate(s.to));
        }
        if let Some(until) = s.contract_until.filter(|&until| until < s.from) {
            add(WarningCode::ContractEnded, "contract_until", until.to_string(), Detail::OtherDate(s.from));
        }
        if s.consented == Some(0) {
            add(WarningCode::NoConsent, "consented", "0".to_string(), Detail::None);
        }
    }
    for (d, &line) in scenario.shortages().iter().zip(&lines.shortage) {
        if scenario.days().span(d.from, d.to).is_empty() {
            let detail = Detail::OtherDate(d.to);
            found.push(warning(WarningCode::NoWorkingDay, Table::Shortage, line, "from", &d.from, detail));
        }
    }
    let mut first = HashMap::new();
    for (block, &line) in scenario.blocked().iter().zip(&lines.blocked) {
        let earlier = *first.entry(block).or_insert(line);
        if earlier != line {
            let lender = &scenario.firm(block.lender).id;
            let detail = Detail::FirstIn(earlier);
            found.push(warning(WarningCode::BlockedTwice, Table::Blocked, line, "lender", lender, detail));
        }
    }
    found
}

/// A certificate that a skill demands and nobody holds.
fn dead_rules(scenario: &Scenario, lines: &Lines, found: &mut Vec<Warning>) {
    let held: HashSet<&str> =
        scenario.surplus().iter().flat_map(|s| &s.certificates).map(|c| c.name.as_str()).collect();
    for (skill, &line) in scenario.skills().iter().zip(&lines.skills) {
        if let Some(demanded) = skill.certificate.as_deref().filter(|c| !held.contains(c)) {
            let code = WarningCode::DeadRule;
            found.push(warning(code, Table::Skills, line, "certificate", &demanded, Detail::None));
        }
    }
}

fn far_away(scenario: &Scenario, lines: &Lines, found: &mut Vec<Warning>) {
    let median = |of: fn(&crate::scenario::Firm) -> f64| {
        let mut all: Vec<f64> = scenario.firms().iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        let (low, high) = (all.get(all.len().saturating_sub(1) / 2)?, all.get(all.len() / 2)?);
        Some(f64::midpoint(*low, *high))
    };
    let (Some(latitude), Some(longitude)) = (median(|f| f.latitude), median(|f| f.longitude)) else { return };
    for (firm, &line) in scenario.firms().iter().zip(&lines.firms) {
        let metres = great_circle((latitude, longitude), (firm.latitude, firm.longitude));
        if metres > FAR {
            let detail = Detail::Because(format!("{:.1} km", metres / 1000.0));
            found.push(warning(WarningCode::FarAway, Table::Firms, line, "latitude", &firm.id, detail));
        }
    }
}
