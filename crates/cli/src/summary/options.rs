//! The partners of one posting, as a table.

use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::Scenario;
use tiaoji_formats::messages::{Language, rule_name};
use tiaoji_formats::{ChoiceFile, NewPosting, OptionsFile};

use super::NAME;
use crate::table::{self, Align, Column, cell};
use crate::text::{Label, amount, count, dates};

/// Room for whoever has fewer workers, and for a sentence.
const TAKEN: usize = 40;
const SENTENCE: usize = 90;

/// The partners, the best first, then the nearest miss of each rule.
pub fn of(scenario: &Scenario, found: &OptionsFile, side: NewPosting, language: Language) -> String {
    let say = |label: Label| label.say(language);
    let mut out = if found.options.is_empty() {
        ["  ", say(Label::NoOption), "\n"].concat()
    } else {
        let columns = [
            (Label::Partner, Align::Left),
            (Label::Firm, Align::Left),
            (Label::Workers, Align::Right),
            (Label::Dates, Align::Left),
            (Label::WorkerDays, Align::Right),
            (Label::Saved, Align::Right),
            (Label::FewerFor, Align::Left),
        ];
        let columns = columns.map(|(label, align)| Column::new(say(label), align));
        let rows: Vec<Vec<String>> =
            found.options.iter().map(|choice| row(scenario, choice, side, language)).collect();
        table::render(columns.into(), &rows)
    };
    for blocked in &found.ruled_out {
        let rule = Rule::ALL.iter().find(|rule| rule.code() == blocked.rule);
        let (Some(&rule), Some(miss)) = (rule, blocked.nearest.first()) else { continue };
        if ![Rule::Skill, Rule::SameFirm].contains(&rule) {
            let text = if language == Language::Zh { &miss.text_zh } else { &miss.text };
            let (rule, alone) = (rule_name(rule, language), count(blocked.alone as i64));
            out.extend(["  ", rule, " (", &alone, "): ", &cell(text, SENTENCE), "\n"]);
        }
    }
    out
}

fn row(scenario: &Scenario, choice: &ChoiceFile, side: NewPosting, language: Language) -> Vec<String> {
    let partner = if side == NewPosting::Shortage { &choice.surplus } else { &choice.shortage };
    let firm = scenario.firms().iter().find(|firm| firm.id == choice.firm);
    let fewer = choice.filled.iter().filter(|filled| filled.worker_days < 0);
    let fewer: Vec<String> =
        fewer.map(|filled| format!("{} {}", filled.shortage, count(filled.worker_days))).collect();
    let saved =
        if choice.in_plan { Label::InPlan.say(language).to_string() } else { amount(choice.saved_fen) };
    vec![
        cell(partner, NAME),
        cell(firm.map_or("", |firm| &firm.name), NAME),
        count(choice.count),
        dates(choice.from.0, choice.to.0, language),
        count(choice.worker_days),
        saved,
        cell(&fewer.join(", "), TAKEN),
    ]
}
