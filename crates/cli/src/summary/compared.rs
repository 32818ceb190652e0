//! Two plans side by side, as tables.

use std::cmp::Reverse;

use tiaoji_core::compare::Comparison;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::Fen;
use tiaoji_formats::messages::Language;

use super::{LARGEST, NAME};
use crate::table::{self, Align, Column, cell};
use crate::text::{Label, Message, amount, count};

/// Costs by term, then what moved most, then the shortages that gained or lost.
pub fn of(scenario: &Scenario, comparison: &Comparison, language: Language) -> String {
    let say = |label: Label| label.say(language);
    let columns = |labels: &[Label], left: usize| -> Vec<Column> {
        let align = |at: usize| if at < left { Align::Left } else { Align::Right };
        labels.iter().enumerate().map(|(at, &label)| Column::new(say(label), align(at))).collect()
    };
    let fen = |objective: i128| Fen::try_from(objective).unwrap_or(Fen::MAX);
    let (then, now) = (&comparison.kpis.0, &comparison.kpis.1);
    let money = |label: Label, (then, now): (Fen, Fen)| {
        vec![say(label).to_string(), amount(then), amount(now), amount(now - then)]
    };
    let number = |label: Label, (then, now): (i64, i64)| {
        vec![say(label).to_string(), count(then), count(now), count(now - then)]
    };
    let totals = [
        money(Label::ObjectiveCny, (fen(comparison.objective.0), fen(comparison.objective.1))),
        money(Label::UnmetCost, (then.unmet_cost, now.unmet_cost)),
        money(Label::LendingCost, (then.lending_cost, now.lending_cost)),
        money(Label::StartCost, (then.start_cost, now.start_cost)),
        number(Label::FilledDays, (then.filled_worker_days, now.filled_worker_days)),
        number(Label::Secondments, (then.secondments, now.secondments)),
    ];
    let head = columns(&[Label::Total, Label::FirstPlan, Label::SecondPlan, Label::ChangedDays], 1);
    let mut out = table::render(head, &totals);
    if comparison.is_same() {
        return out + &format!("\n  {}\n", say(Label::SamePlans));
    }
    let firms = count(comparison.firms.len() as i64);
    out.extend(["\n  ", say(Label::TouchedFirms), ": ", firms.as_str(), "\n"]);

    let firm = |ix| cell(&scenario.firm(ix).name, NAME);
    let mut moved: Vec<_> = comparison.moved.iter().collect();
    moved.sort_by_key(|moved| (Reverse(moved.changed), moved.surplus, moved.shortage));
    let rows = moved.iter().take(LARGEST).map(|moved| {
        let surplus = &scenario.surplus()[moved.surplus.index()];
        let shortage = &scenario.shortages()[moved.shortage.index()];
        vec![
            cell(&surplus.id, NAME),
            firm(surplus.firm),
            cell(&shortage.id, NAME),
            firm(shortage.firm),
            count(moved.worker_days.0),
            count(moved.worker_days.1),
            count(moved.changed),
        ]
    });
    let labels = [
        Label::SurplusPosting,
        Label::Lender,
        Label::Posting,
        Label::Borrower,
        Label::FirstPlan,
        Label::SecondPlan,
        Label::ChangedDays,
    ];
    out += &section(Label::MovedTitle, columns(&labels, 4), &rows.collect::<Vec<_>>(), language);
    let rest = moved.iter().skip(LARGEST);
    out += &more(rest.clone().count(), rest.map(|moved| moved.changed).sum(), language);

    let mut filled: Vec<_> = comparison.filled.iter().collect();
    filled.sort_by_key(|f| (Reverse((f.unfilled.1 - f.unfilled.0).abs()), f.shortage));
    let rows = filled.iter().take(LARGEST).map(|filled| {
        let shortage = &scenario.shortages()[filled.shortage.index()];
        let (then, now) = filled.unfilled;
        vec![cell(&shortage.id, NAME), firm(shortage.firm), count(then), count(now), count(now - then)]
    });
    let labels = [Label::Posting, Label::Firm, Label::FirstPlan, Label::SecondPlan, Label::ChangedDays];
    out += &section(Label::RefilledTitle, columns(&labels, 2), &rows.collect::<Vec<_>>(), language);
    let rest = filled.iter().skip(LARGEST);
    let days = rest.clone().map(|f| (f.unfilled.1 - f.unfilled.0).abs()).sum();
    out + &more(rest.count(), days, language)
}

fn section(title: Label, columns: Vec<Column>, rows: &[Vec<String>], language: Language) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", title.say(language), table::render(columns, rows))
}

fn more(rows: usize, days: i64, language: Language) -> String {
    if rows == 0 {
        return String::new();
    }
    let (rows, days) = (count(rows as i64), count(days));
    format!("  {}\n", Message::MoreRows { rows, days }.say(language))
}
