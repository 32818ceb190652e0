//! A plan as a workbook to look at: what it comes to, who lends to whom, what stays open and idle and why, the same by
//! firm and by alliance, a calendar, and the compliance lights. Counts and amounts are numbers, so that they can be
//! summed; nothing is a formula.

mod calendar;
mod compliance;
mod firms;
mod lines;

use std::collections::{BTreeSet, HashMap};

use tiaoji_core::compliance::{Level, Light, lights};
use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::{Firm, Scenario, SkillIx};
use tiaoji_core::units::{Count, Day};

use crate::cell::guard;
use crate::messages::Language;
use crate::office::book::{BookCell, BookSheet, Style, write};
use crate::plan::{PlanFile, claims};

/// A plan as a workbook (`.xlsx`) in that language. Secondments and stretches whose postings the scenario does not have
/// are left out: check the plan first.
pub fn plan_workbook(scenario: &Scenario, plan: &PlanFile, language: Language) -> Vec<u8> {
    let claims = claims(scenario, plan);
    let ids = |all: Vec<&str>| -> HashMap<String, u32> {
        (0..).zip(all).map(|(at, id)| (id.to_string(), at)).collect()
    };
    let book = Book {
        scenario,
        plan,
        language,
        lights: lights(scenario, &claims),
        claims,
        surplus: ids(scenario.surplus().iter().map(|s| s.id.as_str()).collect()),
        shortage: ids(scenario.shortages().iter().map(|d| d.id.as_str()).collect()),
    };
    let events = book.events();
    let mut sheets = vec![
        book.summary(),
        book.secondments(),
        book.unfilled(),
        book.idle(),
        book.by_firm(book.say("By firm", "按企业"), &events),
    ];
    sheets.extend(book.by_alliance(&events));
    sheets.push(book.calendar());
    sheets.push(book.compliance());
    distinct_names(&mut sheets);
    write(&sheets)
}

struct Book<'a> {
    scenario: &'a Scenario,
    plan: &'a PlanFile,
    language: Language,
    claims: Vec<Claim>,
    lights: Vec<Light>,
    surplus: HashMap<String, u32>,
    shortage: HashMap<String, u32>,
}

/// A column: its title in both languages and its width in characters.
type Column = (&'static str, &'static str, u16);

impl Book<'_> {
    fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.language.choose(en, zh)
    }

    fn header(&self, columns: &[Column]) -> (Vec<BookCell>, Vec<(u16, Style)>) {
        let title = |(en, zh, _): &Column| BookCell::text(self.say(en, zh)).styled(Style::Header);
        (
            columns.iter().map(title).collect(),
            columns.iter().map(|(.., width)| (*width, Style::Plain)).collect(),
        )
    }

    fn table(&self, name: &str, columns: &[Column], rows: Vec<Vec<BookCell>>) -> BookSheet {
        let (header, widths) = self.header(columns);
        BookSheet {
            name: name.to_string(),
            columns: widths,
            filter: !rows.is_empty(),
            rows: std::iter::once(header).chain(rows).collect(),
            frozen: (1, 0),
            landscape: true,
            ..BookSheet::default()
        }
    }

    fn lender(&self, claim: &Claim) -> &Firm {
        self.scenario.firm(self.scenario.surplus()[claim.surplus.index()].firm)
    }

    fn borrower(&self, claim: &Claim) -> &Firm {
        self.scenario.firm(self.scenario.shortages()[claim.shortage.index()].firm)
    }

    fn skill(&self, skill: SkillIx) -> &str {
        &self.scenario.skills()[skill.index()].name
    }

    fn days(&self, from: Day, to: Day) -> Count {
        self.scenario.days().span(from, to).len() as Count
    }

    fn summary(&self) -> BookSheet {
        let plan = self.plan;
        let red = self.lights.iter().filter(|light| light.level == Level::Red).count();
        let line = |en, zh, value: BookCell| vec![text(self.say(en, zh)).styled(Style::Bold), value];
        let mut rows = vec![
            vec![
                text(&format!("{} · {}", self.say("Plan", "调剂方案"), self.scenario.name()))
                    .styled(Style::Title),
            ],
            line("Zone", "园区", text(self.scenario.zone())),
            line("Made by", "生成程序", text(&format!("{} ({})", plan.engine, plan.method))),
            line(
                "Status",
                "状态",
                text(&match plan.status.as_str() {
                    "optimal" => self.say("the best possible plan", "已是最优方案").to_string(),
                    _ => format!(
                        "{} {:.2} %",
                        self.say("feasible; at most missed:", "可行；最多还能改进"),
                        plan.gap * 100.0
                    ),
                }),
            ),
            line("Cost (CNY)", "总成本（元）", BookCell::money(plan.objective_fen)),
            line("Bound (CNY)", "下界（元）", BookCell::money(plan.bound_fen)),
            line("No lending (CNY)", "不调剂时（元）", BookCell::money(plan.baseline_fen)),
        ];
        let kpis = &plan.kpis;
        for (en, zh, value) in [
            ("Asked, worker-days", "缺工人天", kpis.demanded_worker_days),
            ("Filled, worker-days", "已满足人天", kpis.filled_worker_days),
            ("Unfilled, worker-days", "未满足人天", kpis.unfilled_worker_days),
            ("Offered, worker-days", "余工人天", kpis.offered_worker_days),
            ("Idle, worker-days", "闲置人天", kpis.idle_worker_days),
            ("Lent inside alliances", "联盟内借调人天", kpis.lent_inside_alliance_days),
            ("Lent across alliances", "跨联盟借调人天", kpis.lent_across_alliance_days),
            ("Secondments", "借调条数", kpis.secondments),
            ("Starts", "上岗人次", kpis.starts),
            ("Red lights", "合规红灯", red as Count),
            ("Amber lights", "合规黄灯", (self.lights.len() - red) as Count),
        ] {
            rows.push(line(en, zh, BookCell::whole(value)));
        }
        BookSheet {
            name: self.say("Summary", "概况").to_string(),
            columns: vec![(28, Style::Plain), (40, Style::Plain)],
            rows,
            merged: vec![(1, 0, 1)],
            ..BookSheet::default()
        }
    }
}

fn text(text: &str) -> BookCell {
    BookCell::text(guard(text))
}

fn colour(level: Level) -> Style {
    match level {
        Level::Red => Style::Red,
        Level::Amber => Style::Amber,
    }
}

/// Names that a workbook takes: at most 31 UTF-16 units, none of `[ ] : * ? / \`, no `'` at an end, each once whatever
/// its case.
fn distinct_names(sheets: &mut [BookSheet]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for sheet in sheets {
        let allowed = |c: char| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c };
        let wanted: String = sheet.name.chars().map(allowed).collect();
        let cut = |suffix: &str| {
            let (mut units, mut name) = (suffix.len(), String::new());
            for c in wanted.chars() {
                units += c.len_utf16();
                if units > 31 {
                    break;
                }
                name.push(c);
            }
            name + suffix
        };
        let numbered = (2..).map(|n| cut(&format!(" ({n})")));
        let free =
            std::iter::once(cut("")).chain(numbered).find(|name| !taken.contains(&name.to_lowercase()));
        sheet.name = free.unwrap_or_default();
        taken.insert(sheet.name.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_workbook_takes() {
        let named = |name: &str| BookSheet { name: name.to_string(), ..BookSheet::default() };
        let long = "联盟".repeat(20);
        let mut sheets = ["Plan", "plan", "a/b", "a:b", &long, &long].map(named);
        distinct_names(&mut sheets);
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        let (first, second) = ("联盟".repeat(15) + "联", "联盟".repeat(13) + "联 (2)");
        assert_eq!(names, ["Plan", "plan (2)", "a_b", "a_b (2)", &first, &second]);
    }
}
