//! A plan as one HTML file to read and to print: no network, no script, light and dark. Every picture has its table below
//! it; every text from people goes through `maud`, which escapes it.

mod alliances;
mod costs;
mod facts;
mod flows;
mod headline;
mod lights;
mod map;
mod officers;
mod open;
mod remedies;
mod skills;
mod suggestions;
mod table;
mod time;
mod week;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use tiaoji_core::scenario::Scenario;
use tiaoji_core::units::{Count, Fen};

use crate::analysis::ExplanationFile;
use crate::messages::Language;
use crate::office::markup::is_unwritable;
use crate::pictures::{STYLE, thousands};
use crate::plan::PlanFile;

use facts::Facts;
pub use time::stretch_anchor;
pub use week::skill_period;

/// The styles of a report's page, beside those of its pictures.
pub const PAGE_STYLE: &str = include_str!("page.css");

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Where links lead.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// HTML.
    pub body: String,
}

/// A report without the page around it, for a page that has a menu of its own and the styles [`PAGE_STYLE`] and
/// [`STYLE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections {
    /// The name of the scenario as the heading, and what the plan comes to; HTML.
    pub headline: String,
    /// The parts, in order.
    pub sections: Vec<Section>,
}

/// The parts of a report. Postings, the bars of the calendar and the fields of the heat maps lead to pages below `link`:
/// `/why/{posting}`, there the [`stretch_anchor`] of a secondment, and `/skills/{skill}/{first day of the period}`, see
/// [`skill_period`]. Otherwise as [`report_page`].
pub fn report_sections(scenario: &Scenario, plan: &PlanFile, link: &str, language: Language) -> Sections {
    let mut facts = Facts::of(scenario, plan, None, language);
    facts.link = Some(link);
    let writable = |html: Markup| html.into_string().replace(is_unwritable, "\u{FFFD}");
    let section = |(id, title, body)| Section { id, title, body: writable(body) };
    Sections {
        headline: writable(facts.headline()),
        sections: facts.sections().into_iter().map(section).collect(),
    }
}

/// What whoever runs a zone looks at first: what stays open by skill and week, who lends to whom, and the compliance lights;
/// with the links of [`report_sections`].
pub fn outlook_sections(
    scenario: &Scenario,
    plan: &PlanFile,
    link: &str,
    language: Language,
) -> Vec<Section> {
    let mut facts = Facts::of(scenario, plan, None, language);
    facts.link = Some(link);
    let say = |en: &'static str, zh: &'static str| language.choose(en, zh);
    let parts = [
        ("open", say("Unfilled by skill and week", "各工种每周缺口"), facts.open_by_week()),
        ("flows", say("Who lends to whom", "联盟之间的借调"), facts.flows()),
        ("lights", say("Compliance lights", "合规提示"), facts.lights()),
    ];
    let section = |(id, title, body): (&'static str, &'static str, Markup)| Section {
        id,
        title,
        body: body.into_string().replace(is_unwritable, "\u{FFFD}"),
    };
    parts.map(section).into()
}

/// The exchange sheet of one alliance as HTML, for a page that has the style [`PAGE_STYLE`]; its heading is of the third
/// level. None where no firm of the scenario is in it.
pub fn alliance_sheet(
    scenario: &Scenario,
    plan: &PlanFile,
    alliance: &str,
    language: Language,
) -> Option<String> {
    let facts = Facts::of(scenario, plan, None, language);
    let at = facts.alliances.iter().position(|name| name == alliance)?;
    let sheet = (Some(at) != facts.no_alliance).then(|| facts.alliance_sheet(at))?;
    Some(sheet.into_string().replace(is_unwritable, "\u{FFFD}"))
}

/// A plan as an HTML page in that language; with an explanation of it also what would fill what stays open. Secondments
/// and stretches whose postings the scenario does not have are left out: check the plan first.
pub fn report_page(
    scenario: &Scenario,
    plan: &PlanFile,
    explanation: Option<&ExplanationFile>,
    language: Language,
) -> String {
    let facts = Facts::of(scenario, plan, explanation, language);
    let say = |en, zh| language.choose(en, zh);
    let sections = facts.sections();
    let title = format!("{} · {}", scenario.name(), say("labour-sharing plan", "共享用工调剂方案"));
    let page = html! {
        (DOCTYPE)
        html lang=(say("en", "zh-CN")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(crate::plan::engine());
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(PAGE_STYLE)) }
            }
            body {
                header { (facts.headline()) }
                nav aria-label=(say("Sections", "目录")) {
                    ol { @for (id, title, _) in &sections { li { a href=(format!("#{id}")) { (title) } } } }
                }
                main {
                    @for (id, title, body) in &sections {
                        section id=(id) aria-labelledby=(format!("{id}-head")) {
                            h2 id=(format!("{id}-head")) { (title) }
                            (body)
                        }
                    }
                }
                footer { p { (facts.made_by()) } }
            }
        }
    };
    page.into_string().replace(is_unwritable, "\u{FFFD}")
}

impl Facts<'_> {
    /// Id, title and body of every part that there is.
    fn sections(&self) -> Vec<(&'static str, &'static str, Markup)> {
        let say = |en: &'static str, zh: &'static str| self.language.choose(en, zh);
        [
            ("costs", say("What it costs", "成本构成"), Some(self.costs())),
            ("flows", say("Who lends to whom", "联盟之间的借调"), Some(self.flows())),
            ("skills", say("Skills by week", "各工种余缺"), self.skills()),
            ("calendar", say("Calendar", "借调日历"), self.calendar()),
            ("map", say("Map", "地图"), self.map()),
            ("open", say("What stays open", "未满足的缺工"), Some(self.open())),
            ("worth", say("Worth of one more", "多一人的价值"), self.worth()),
            ("alliances", say("Alliance sheets", "联盟交流单"), self.alliance_sheets()),
            ("officers", say("Follow-up by officer", "服务专员跟进清单"), self.officers()),
        ]
        .into_iter()
        .filter_map(|(id, title, body)| Some((id, title, body?)))
        .collect()
    }

    fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.language.choose(en, zh)
    }

    /// Fen as whole yuan.
    fn yuan(&self, fen: Fen) -> String {
        let yuan = thousands(tiaoji_core::units::round_half_up(i128::from(fen), 100) as i64);
        self.language.choose(format!("¥{yuan}"), format!("{yuan} 元"))
    }

    fn worker_days(&self, days: Count) -> String {
        let number = thousands(days);
        let one = if days == 1 { "worker-day" } else { "worker-days" };
        self.language.choose(format!("{number} {one}"), format!("{number} 人天"))
    }

    /// A share of 1 with one decimal of a percent, never rounded up to all or down to nothing.
    fn percent(part: i64, whole: i64) -> String {
        if whole == 0 {
            return "–".to_string();
        }
        let tenths = tiaoji_core::units::round_half_up(i128::from(part) * 1000, i128::from(whole)) as i64;
        let tenths = match tenths {
            1000.. if part < whole => 999,
            0 if part > 0 => 1,
            other => other,
        };
        format!("{}.{} %", tenths / 10, tenths % 10)
    }
}

/// A picture in a box that scrolls where the window is narrower.
fn picture(title: &str, svg: String) -> Markup {
    html! { div class="scroll" role="group" tabindex="0" aria-label=(title) { (PreEscaped(svg)) } }
}
