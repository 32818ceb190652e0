//! One row an alliance: what its firms offer, ask for, lend and borrow.

use std::collections::HashMap;

use tiaoji_core::plan::Plan;
use tiaoji_core::scenario::{FirmIx, Scenario};
use tiaoji_core::units::Count;

use super::{NAME, View};
use crate::table::{self, Align, cell};
use crate::text::{Label, count};

impl View<'_> {
    pub(super) fn alliances(&self) -> String {
        let columns = self.columns(&[
            (Label::Alliance, Align::Left),
            (Label::Firms, Align::Right),
            (Label::Offered, Align::Right),
            (Label::Asked, Align::Right),
            (Label::Lent, Align::Right),
            (Label::Borrowed, Align::Right),
            (Label::Inside, Align::Right),
            (Label::LentAcross, Align::Right),
            (Label::BorrowedAcross, Align::Right),
        ]);
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut total = Ledger::default();
        for (name, ledger) in &Alliances::of(self.scenario, self.plan) {
            let name = name.map_or(self.say(Label::NoAlliance).to_string(), |name| cell(name, NAME));
            rows.push(ledger.row(name));
            total.add(ledger);
        }
        rows.push(total.row(self.say(Label::Total).to_string()));
        format!("{}\n{}", self.say(Label::AlliancesTitle), table::render(columns, &rows))
    }
}

/// Worker-days of an alliance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ledger {
    firms: Count,
    offered: Count,
    asked: Count,
    lent: Count,
    borrowed: Count,
    inside: Count,
}

impl Ledger {
    fn add(&mut self, other: &Ledger) {
        self.firms += other.firms;
        self.offered += other.offered;
        self.asked += other.asked;
        self.lent += other.lent;
        self.borrowed += other.borrowed;
        self.inside += other.inside;
    }

    fn row(&self, name: String) -> Vec<String> {
        let across = [self.lent - self.inside, self.borrowed - self.inside];
        let numbers = [self.firms, self.offered, self.asked, self.lent, self.borrowed, self.inside];
        std::iter::once(name).chain(numbers.into_iter().chain(across).map(count)).collect()
    }
}

/// The ledgers of all alliances in the order in which their firms are listed; firms in none come last.
#[derive(Default)]
struct Alliances<'a> {
    ledgers: Vec<(Option<&'a str>, Ledger)>,
    positions: HashMap<Option<&'a str>, usize>,
}

impl<'a> Alliances<'a> {
    fn of(scenario: &'a Scenario, plan: &Plan) -> Vec<(Option<&'a str>, Ledger)> {
        let mut alliances = Alliances::default();
        for firm in scenario.firms() {
            alliances.ledger(firm.alliance.as_deref()).firms += 1;
        }
        let alliance = |firm: FirmIx| scenario.firm(firm).alliance.as_deref();
        for i in scenario.surplus_indices() {
            let surplus = &scenario.surplus()[i.index()];
            let offered = surplus.capacity() * scenario.supply_span(i).len() as Count;
            alliances.ledger(alliance(surplus.firm)).offered += offered;
        }
        for j in scenario.shortage_indices() {
            let shortage = &scenario.shortages()[j.index()];
            let asked = shortage.headcount * scenario.demand_span(j).len() as Count;
            alliances.ledger(alliance(shortage.firm)).asked += asked;
        }
        for s in &plan.secondments {
            let days = s.count * scenario.days().span(s.from, s.to).len() as Count;
            let lender = alliance(scenario.surplus()[s.surplus.index()].firm);
            let borrower = alliance(scenario.shortages()[s.shortage.index()].firm);
            alliances.ledger(lender).lent += days;
            alliances.ledger(borrower).borrowed += days;
            if lender.is_some() && lender == borrower {
                alliances.ledger(lender).inside += days;
            }
        }
        alliances.ledgers.sort_by_key(|(name, _)| name.is_none()); // stable
        alliances.ledgers
    }

    fn ledger(&mut self, name: Option<&'a str>) -> &mut Ledger {
        let at = *self.positions.entry(name).or_insert_with(|| {
            self.ledgers.push((name, Ledger::default()));
            self.ledgers.len() - 1
        });
        &mut self.ledgers[at].1
    }
}
