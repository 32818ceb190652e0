//! One field of a heat map: a skill in a week or month, posting by posting, with what keeps each open or idle.

use maud::{Markup, html};
use tiaoji_core::scenario::{Scenario, SkillIx, Span};
use tiaoji_core::units::{Count, Day};

use super::Section;
use super::facts::{Facts, Stretch};
use super::table::{Cell, Table, cut};
use crate::messages::Language;
use crate::office::markup::is_unwritable;
use crate::plan::PlanFile;

/// Rows of a table.
const ROWS: usize = 200;

/// Everything of a skill in the period that begins with a day: what is asked for and offered, what stays open and idle, and
/// why. Links as in [`report_sections`](super::report_sections). None where the plan has no such skill or period.
pub fn skill_period(
    scenario: &Scenario,
    plan: &PlanFile,
    (skill, first): (&str, Day),
    link: &str,
    language: Language,
) -> Option<Section> {
    let mut facts = Facts::of(scenario, plan, None, language);
    facts.link = Some(link);
    let skill = (0..).map(SkillIx).zip(scenario.skills()).find(|(_, known)| known.id == skill)?.0;
    let at = facts.periods.iter().position(|(_, span)| scenario.days().day(span.start) == first)?;
    let body = facts.skill_period(skill, at).into_string().replace(is_unwritable, "\u{FFFD}");
    Some(Section { id: "period", title: facts.say("Skill by week", "工种余缺"), body })
}

/// A posting in the period: id, firm, working days, workers.
type Row<'a> = (&'a str, &'a str, Count, Count);

impl Facts<'_> {
    fn skill_period(&self, skill: SkillIx, at: usize) -> Markup {
        let (scenario, span) = (self.scenario, self.periods[at].1);
        let (first, last) = (scenario.days().day(span.start), scenario.days().day(span.end - 1));
        let b = self.balance[skill.index()][at];
        let tiles = [
            (self.say("Asked for", "缺工"), b.asked),
            (self.say("Still open", "仍缺"), b.open),
            (self.say("Offered", "余工"), b.offered),
            (self.say("Still idle", "闲置"), b.idle),
        ];
        let days = |of: Span| of.intersect(span).len() as Count;
        let shortages = scenario.shortage_indices().filter_map(|j| {
            let d = &scenario.shortages()[j.index()];
            let days = days(scenario.demand_span(j));
            let row: Row<'_> = (&d.id, &self.firm(d.firm).name, days, d.headcount);
            (d.skill == skill && days * d.headcount > 0)
                .then(|| self.posting(row, j, &self.open, span, Self::reason))
        });
        let surplus = scenario.surplus_indices().filter_map(|i| {
            let s = &scenario.surplus()[i.index()];
            let days = days(scenario.supply_span(i));
            let row: Row<'_> = (&s.id, &self.firm(s.firm).name, days, s.capacity());
            (s.skill == skill && days * s.capacity() > 0)
                .then(|| self.posting(row, i, &self.idle, span, Self::idle_reason))
        });
        let (asked, offered) = (self.say("Shortages", "缺工"), self.say("Surplus", "余工"));
        let (open, idle) = (self.say("Open", "仍缺"), self.say("Idle", "闲置"));
        html! {
            h1 { (self.skill(skill)) " · " (first) " – " (last) }
            dl class="tiles" { @for (name, value) in tiles { div { dt { (name) } dd class="value" { (self.worker_days(value)) } } } }
            (self.postings(asked, open, shortages.collect()))
            (self.postings(offered, idle, surplus.collect()))
        }
    }

    /// The line of a posting: what it asks for or offers in the period, what of that is left, and why.
    fn posting<P: Copy + PartialEq>(
        &self,
        (id, firm, days, workers): Row<'_>,
        posting: P,
        stretches: &[Stretch<'_, P>],
        span: Span,
        name: fn(&Self, &str) -> String,
    ) -> Vec<Cell> {
        let mut left = 0;
        let mut reasons: Vec<(&str, Count)> = Vec::new();
        for stretch in stretches.iter().filter(|stretch| stretch.posting == posting) {
            let days = self.scenario.days().span(stretch.from, stretch.to).intersect(span).len() as Count;
            left += days * stretch.count;
            for reason in stretch.reasons.iter().filter(|_| days > 0) {
                match reasons.iter_mut().find(|(code, _)| *code == reason.code) {
                    Some((_, sum)) => *sum += days * reason.count,
                    None => reasons.push((&reason.code, days * reason.count)),
                }
            }
        }
        reasons.sort_by_key(|(_, days)| std::cmp::Reverse(*days));
        vec![
            Cell::Posting(id.to_string()),
            firm.into(),
            workers.into(),
            (days * workers).into(),
            left.into(),
            Cell::Wide(self.reasons(&reasons, name)),
        ]
    }

    fn postings(&self, title: &str, left: &str, rows: Vec<Vec<Cell>>) -> Markup {
        let (rows, more) = cut(rows, ROWS);
        let heads = vec![
            (self.say("Posting", "登记"), false),
            (self.say("Firm", "企业"), false),
            (self.say("Workers", "人数"), true),
            (self.say("Worker-days", "人天"), true),
            (left, true),
            (self.say("Why (worker-days)", "原因（人天）"), false),
        ];
        html! {
            @if rows.is_empty() { h2 { (title) } p { (self.say("None in these days.", "这段时间没有。")) } }
            @else { (self.table(&Table { caption: title, heads, rows, more })) }
        }
    }
}
