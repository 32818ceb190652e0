//! Why postings stay unfilled or idle, as tables.

use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::messages::{Language, rule_name};
use tiaoji_formats::{ExplainedFile, ExplanationFile};

use super::NAME;
use crate::table::{self, Align, Column, cell};
use crate::text::{Label, Message, amount, count, dates};

/// Postings shown where none is named, and remedies of each.
const SHOWN: usize = 10;
const REMEDIES: usize = 3;
/// Room for a sentence.
const SENTENCE: usize = 90;

/// Everything about the postings asked for, or the largest shortages with their best remedies.
pub fn of(scenario: &Scenario, explanation: &ExplanationFile, all: bool, language: Language) -> String {
    let view = View { scenario, language };
    let mut parts: Vec<String> = Vec::new();
    let shown = if all { usize::MAX } else { SHOWN };
    for posting in explanation.unfilled.iter().take(shown) {
        parts.push(view.posting(posting, Label::Unfilled, all));
    }
    if all {
        parts.extend(explanation.idle.iter().map(|posting| view.posting(posting, Label::IdleTitle, all)));
    }
    let rest = explanation.unfilled.iter().skip(shown);
    let days: i64 = rest.clone().map(|posting| posting.worker_days).sum();
    if days > 0 {
        let (rows, days) = (count(rest.count() as i64), count(days));
        parts.push(format!("  {}\n", Message::MoreRows { rows, days }.say(language)));
    }
    parts.join("\n")
}

struct View<'a> {
    scenario: &'a Scenario,
    language: Language,
}

impl View<'_> {
    fn columns(&self, columns: &[(Label, Align)]) -> Vec<Column> {
        columns.iter().map(|&(label, align)| Column::new(label.say(self.language), align)).collect()
    }

    fn posting(&self, posting: &ExplainedFile, title: Label, all: bool) -> String {
        let firm = self.scenario.firms().iter().find(|firm| firm.id == posting.firm);
        let skill = self.scenario.skills().iter().find(|skill| skill.id == posting.skill);
        let (firm, skill) = (firm.map_or("", |firm| &firm.name), skill.map_or("", |skill| &skill.name));
        let mut out = format!(
            "{}  {}  {}  {}: {} {}\n",
            cell(&posting.id, NAME),
            cell(firm, NAME),
            cell(skill, NAME),
            title.say(self.language),
            count(posting.worker_days),
            Label::WorkerDays.say(self.language),
        );
        if all {
            out += &self.blocked(posting);
            out += &self.rivals(posting);
        } else {
            out += &self.misses(posting);
        }
        if title == Label::Unfilled && posting.worker_days > 0 {
            out += &self.remedies(posting, if all { usize::MAX } else { REMEDIES });
        }
        out
    }

    /// The nearest miss of each rule that holds most.
    fn misses(&self, posting: &ExplainedFile) -> String {
        let nearest = posting.blocked.iter().filter_map(|blocked| {
            let miss = blocked.nearest.first()?;
            let text = self.language_of(&miss.text, &miss.text_zh);
            Some((blocked.rule.as_str(), text.to_string()))
        });
        let useful = nearest.filter(|(rule, _)| !["skill", "same_firm"].contains(rule));
        let line =
            |(rule, text): (&str, String)| format!("  {}: {}\n", self.rule(rule), cell(&text, SENTENCE));
        useful.take(3).map(line).collect::<Vec<_>>().concat()
    }

    fn rule(&self, code: &str) -> &'static str {
        let found = Rule::ALL.iter().find(|rule| rule.code() == code);
        found.map_or("", |&rule| rule_name(rule, self.language))
    }

    fn language_of<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        if self.language == Language::Zh { zh } else { en }
    }

    fn blocked(&self, posting: &ExplainedFile) -> String {
        let columns = self.columns(&[
            (Label::Rule, Align::Left),
            (Label::PostingsHeld, Align::Right),
            (Label::Alone, Align::Right),
            (Label::Workers, Align::Right),
            (Label::Nearest, Align::Left),
        ]);
        let rows = posting.blocked.iter().map(|blocked| {
            let nearest = blocked.nearest.first();
            vec![
                self.rule(&blocked.rule).to_string(),
                count(blocked.postings as i64),
                count(blocked.alone as i64),
                count(blocked.workers),
                nearest.map_or(String::new(), |miss| {
                    cell(self.language_of(&miss.text, &miss.text_zh), SENTENCE)
                }),
            ]
        });
        table(columns, &rows.collect::<Vec<_>>())
    }

    fn rivals(&self, posting: &ExplainedFile) -> String {
        let columns = self.columns(&[
            (Label::RivalsTitle, Align::Left),
            (Label::Workers, Align::Right),
            (Label::Dates, Align::Left),
            (Label::Price, Align::Right),
            (Label::CostHere, Align::Right),
            (Label::Worth, Align::Right),
            (Label::Short, Align::Right),
        ]);
        let rows = posting.rivals.iter().map(|rival| {
            vec![
                cell(&rival.id, NAME),
                count(rival.workers),
                rival
                    .from
                    .zip(rival.to)
                    .map_or(String::new(), |(from, to)| dates(from.0, to.0, self.language)),
                amount(rival.price_fen),
                amount(rival.cost_fen),
                amount(rival.worth_fen),
                amount(rival.short_fen),
            ]
        });
        table(columns, &rows.collect::<Vec<_>>())
    }

    fn remedies(&self, posting: &ExplainedFile, shown: usize) -> String {
        if posting.remedies.is_empty() {
            return format!("  {}\n", Label::NoRemedy.say(self.language));
        }
        let columns = self.columns(&[
            (Label::RemediesTitle, Align::Left),
            (Label::BringsHere, Align::Right),
            (Label::BringsZone, Align::Right),
            (Label::Saved, Align::Right),
        ]);
        let rows = posting.remedies.iter().take(shown).map(|remedy| {
            vec![
                cell(self.language_of(&remedy.text, &remedy.text_zh), SENTENCE),
                signed(remedy.worker_days),
                signed(remedy.zone_worker_days),
                if remedy.finished {
                    amount(remedy.saved_fen)
                } else {
                    format!("{} {}", Label::AtLeast.say(self.language), amount(remedy.saved_fen))
                },
            ]
        });
        table(columns, &rows.collect::<Vec<_>>())
    }
}

fn table(columns: Vec<Column>, rows: &[Vec<String>]) -> String {
    if rows.is_empty() { String::new() } else { table::render(columns, rows) }
}

fn signed(number: i64) -> String {
    if number > 0 { format!("+{}", count(number)) } else { count(number) }
}
