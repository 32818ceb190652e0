//! What a person wants to see at the end of `match`: the headline, the alliances, the largest secondments, and the
//! largest shortages that stay unfilled.

mod alliances;
pub mod compared;
pub mod explained;
pub mod options;
mod unfilled;

use tiaoji_core::admissibility::admissible_pairs;
use tiaoji_core::plan::{BoundBy, Plan};
use tiaoji_core::scenario::{FirmIx, Scenario};
use tiaoji_core::units::Count;
use tiaoji_formats::messages::{Language, method_name};

use crate::solving::{Solved, StoppedBy};
use crate::table::{self, Align, Column, cell};
use crate::text::{self, Label, Message, amount, count, money};

/// Rows of the tables of single postings.
const LARGEST: usize = 10;
/// Room for a name.
const NAME: usize = 24;

/// The whole summary.
pub fn of(scenario: &Scenario, solved: &Solved, language: Language) -> String {
    let view = View { scenario, plan: &solved.plan, language };
    let parts = [view.headline(solved), view.alliances(), view.secondments(), view.unfilled()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// How large a scenario is.
pub fn size(scenario: &Scenario, pairs: usize, language: Language) -> String {
    let message = Message::Size {
        firms: count(scenario.firms().len() as Count),
        surplus: count(scenario.surplus().len() as Count),
        shortages: count(scenario.shortages().len() as Count),
        days: count(scenario.days().len() as Count),
        pairs: count(pairs as Count),
    };
    message.say(language)
}

struct View<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    language: Language,
}

impl View<'_> {
    fn say(&self, label: Label) -> &'static str {
        label.say(self.language)
    }

    fn columns(&self, columns: &[(Label, Align)]) -> Vec<Column> {
        columns.iter().map(|&(label, align)| Column::new(self.say(label), align)).collect()
    }

    fn headline(&self, solved: &Solved) -> String {
        let (scenario, plan, language) = (self.scenario, self.plan, self.language);
        let kpis = &plan.kpis;
        let filled = share(kpis.filled_worker_days, kpis.demanded_worker_days);
        let lent = kpis.lent_inside_alliance_days + kpis.lent_across_alliance_days;
        let status = match solved.stopped {
            _ if plan.is_optimal() => Message::StatusOptimal,
            None => Message::StatusFeasible,
            Some(StoppedBy::Limit) => Message::StoppedByLimit,
            Some(StoppedBy::Key) => Message::StoppedByKey,
        };
        let mut lines = vec![
            (
                Label::Filled,
                Message::Filled {
                    days: count(kpis.filled_worker_days),
                    of: count(kpis.demanded_worker_days),
                    share: filled.map(text::percent),
                },
            ),
            (
                Label::Unfilled,
                Message::Unfilled {
                    days: count(kpis.unfilled_worker_days),
                    share: filled.map(|filled| text::percent(10_000 - filled)),
                },
            ),
            (
                Label::Secondments,
                Message::Secondments {
                    number: count(kpis.secondments),
                    starts: count(kpis.starts),
                    days: count(lent),
                },
            ),
            (
                Label::Cost,
                Message::Cost {
                    total: money(plan.objective, language),
                    unmet: amount(kpis.unmet_cost),
                    lending: amount(kpis.lending_cost),
                    starts: amount(kpis.start_cost),
                },
            ),
        ];
        lines.extend(plan.changes.map(|changes| {
            let (days, cost) = (count(changes.worker_days), money(changes.cost, language));
            (Label::Changes, Message::Changes { days, cost })
        }));
        lines.extend([
            (Label::WithoutLending, Message::Money(money(plan.baseline, language))),
            (
                Label::Bound,
                Message::Bound {
                    bound: money(plan.bound, language),
                    by_search: plan.bound_by == BoundBy::Search,
                },
            ),
            (
                Label::Quality,
                if plan.is_optimal() {
                    Message::Optimal
                } else {
                    let gap = plan.gap();
                    Message::AtLeast { share: text::percent(text::assured(gap)), gap: text::gap(gap) }
                },
            ),
            (
                Label::Status,
                Message::Status {
                    status: status.say(language),
                    method: method_name(plan.method, language).to_string(),
                    parts: count(plan.components.len() as Count),
                    seconds: format!("{:.2}", solved.seconds),
                },
            ),
        ]);
        let title = Message::Title {
            name: cell(scenario.name(), usize::MAX),
            zone: cell(scenario.zone(), usize::MAX),
        };
        let size = size(scenario, admissible_pairs(scenario).len(), language);
        let width = lines.iter().map(|(label, _)| table::width(self.say(*label))).max().unwrap_or(0);
        let columns = [Column::new("", Align::Left).at_least(width), Column::new("", Align::Left)];
        let mut text = format!("{}\n{}\n\n", title.say(language), size);
        for (label, message) in lines {
            text += &table::line(&columns, &[self.say(label).to_string(), message.say(language)]);
            text.push('\n');
        }
        text
    }

    fn secondments(&self) -> String {
        let worker_days = |n: usize| {
            let s = &self.plan.secondments[n];
            s.count * self.scenario.days().span(s.from, s.to).len() as Count
        };
        let mut order: Vec<usize> = (0..self.plan.secondments.len()).collect();
        order.sort_by_key(|&n| std::cmp::Reverse(worker_days(n)));
        let rows = order.iter().take(LARGEST).map(|&n| {
            let s = &self.plan.secondments[n];
            let surplus = &self.scenario.surplus()[s.surplus.index()];
            let shortage = &self.scenario.shortages()[s.shortage.index()];
            vec![
                cell(&surplus.id, NAME),
                self.firm(surplus.firm),
                cell(&shortage.id, NAME),
                self.firm(shortage.firm),
                cell(&self.scenario.skills()[shortage.skill.index()].name, NAME),
                count(s.count),
                text::dates(s.from, s.to, self.language),
                count(worker_days(n)),
                amount(s.cost),
            ]
        });
        let columns = self.columns(&[
            (Label::SurplusPosting, Align::Left),
            (Label::Lender, Align::Left),
            (Label::Posting, Align::Left),
            (Label::Borrower, Align::Left),
            (Label::Skill, Align::Left),
            (Label::Workers, Align::Right),
            (Label::Dates, Align::Left),
            (Label::WorkerDays, Align::Right),
            (Label::CostCny, Align::Right),
        ]);
        let rest = order.iter().skip(LARGEST).map(|&n| worker_days(n));
        self.largest(Label::SecondmentsTitle, columns, &rows.collect::<Vec<_>>(), rest)
    }

    /// A table of the largest, and what is left out; nothing at all where there are none.
    fn largest(
        &self,
        title: Label,
        columns: Vec<Column>,
        rows: &[Vec<String>],
        rest: impl ExactSizeIterator<Item = Count>,
    ) -> String {
        if rows.is_empty() {
            return String::new();
        }
        let mut text = format!("{}\n{}", self.say(title), table::render(columns, rows));
        if rest.len() > 0 {
            let rows = count(rest.len() as Count);
            let more = Message::MoreRows { rows, days: count(rest.sum()) };
            text.extend(["  ", &more.say(self.language), "\n"]);
        }
        text
    }

    fn firm(&self, firm: FirmIx) -> String {
        cell(&self.scenario.firm(firm).name, NAME)
    }
}

/// A part of a whole in hundredths of a percent, rounded down; none of nothing.
fn share(part: Count, whole: Count) -> Option<Count> {
    (whole > 0).then(|| (i128::from(part) * 10_000 / i128::from(whole)) as Count)
}
