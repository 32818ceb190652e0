//! The figures that a zone reports of its alliances and officers: meetings and visits, problems raised and solved, how soon
//! they were answered, and who lends to whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tiaoji_core::scenario::{FirmIx, Scenario};
use tiaoji_core::units::{Count, Day};

use crate::analysis::csv_of;
use crate::cell::guard;
use crate::plan::{Date, PlanFile, claims};

/// A firm of the zone.
#[derive(Clone, Debug, Deserialize)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// The alliance it is in.
    pub alliance: Option<String>,
    /// Who looks after it.
    pub service_officer: Option<String>,
}

/// A meeting or a visit.
#[derive(Clone, Debug, Deserialize)]
pub struct Meeting {
    /// When.
    pub date: Date,
    /// `exchange`, `activity`, `benefit` or `visit`.
    pub kind: String,
    /// The alliance it was held for.
    pub alliance: Option<String>,
    /// Who came.
    #[serde(default)]
    pub firms: Vec<String>,
    /// Which officer held it.
    pub officer: Option<String>,
}

/// Something that a firm needs help with.
#[derive(Clone, Debug, Deserialize)]
pub struct Raised {
    /// The firm.
    pub firm: String,
    /// The officer who sees to it.
    pub owner: Option<String>,
    /// When it was raised.
    pub raised: Date,
    /// When it was first answered.
    pub answered: Option<Date>,
    /// When it was solved.
    pub solved: Option<Date>,
}

/// What the register of a zone holds.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// Every firm.
    pub firms: Vec<Member>,
    /// Names of the alliances that are registered; those of firms and meetings are added to them.
    pub alliances: Vec<String>,
    /// Every meeting.
    pub meetings: Vec<Meeting>,
    /// Every problem.
    pub problems: Vec<Raised>,
}

/// Figures, and who lends to whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "What a zone reports of its alliances", rename = "AllianceReport")]
pub struct AllianceReportFile {
    /// Meetings held and problems raised on or after this day are counted.
    pub from: Option<Date>,
    /// On or before this day.
    pub to: Option<Date>,
    /// The whole zone, every meeting and problem once.
    pub zone: FiguresFile,
    /// By alliance.
    pub alliances: Vec<FiguresFile>,
    /// By officer.
    pub officers: Vec<FiguresFile>,
    /// Worker-days of the plan in force from alliance to alliance; none stands for firms in none.
    pub lending: Vec<LendingFile>,
}

/// The figures of an alliance, an officer or the zone. An alliance's meetings are those held for it and those that firms of
/// it came to; an officer's those they held, and where nobody is named, those that firms of theirs came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Figures")]
pub struct FiguresFile {
    /// Whose; none of the zone's.
    pub name: Option<String>,
    /// Firms.
    pub firms: usize,
    /// Exchange meetings.
    pub exchange: usize,
    /// Joint activities.
    pub activity: usize,
    /// Public benefit.
    pub benefit: usize,
    /// Visits.
    pub visit: usize,
    /// Problems raised.
    pub raised: usize,
    /// Of these answered.
    pub answered: usize,
    /// Of these solved.
    pub solved: usize,
    /// Median of the civil days from raised to first answered, the mean of the two in the middle of an even number.
    pub median_days_to_answer: Option<f64>,
}

/// What one alliance lends to another, or to itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Lending")]
pub struct LendingFile {
    /// The lenders' alliance.
    pub from: Option<String>,
    /// The borrowers' alliance.
    pub to: Option<String>,
    /// Secondments.
    pub secondments: usize,
    /// Worker-days.
    pub worker_days: Count,
}

/// The report of what lies between two days; `plan` is the one in force.
pub fn alliance_report(
    register: &Register,
    plan: Option<(&Scenario, &PlanFile)>,
    (from, to): (Option<Day>, Option<Day>),
) -> AllianceReportFile {
    let lies_in = |date: Date| from.is_none_or(|from| from <= date.0) && to.is_none_or(|to| date.0 <= to);
    let meetings: Vec<&Meeting> = register.meetings.iter().filter(|meeting| lies_in(meeting.date)).collect();
    let problems: Vec<&Raised> = register.problems.iter().filter(|problem| lies_in(problem.raised)).collect();
    let firms: HashMap<&str, &Member> = register.firms.iter().map(|firm| (firm.id.as_str(), firm)).collect();
    let of_firm = |id: &str, column: Column| firms.get(id).copied().and_then(column);

    let mut alliances: BTreeSet<&str> = register.alliances.iter().map(String::as_str).collect();
    alliances.extend(register.firms.iter().filter_map(alliance));
    alliances.extend(meetings.iter().filter_map(|meeting| meeting.alliance.as_deref()));
    let mut officers: BTreeSet<&str> = register.firms.iter().filter_map(officer).collect();
    officers.extend(meetings.iter().filter_map(|meeting| meeting.officer.as_deref()));
    officers.extend(problems.iter().filter_map(|problem| problem.owner.as_deref()));

    let of_alliance = |name: &str| {
        let came = |meeting: &&&Meeting| {
            meeting.alliance.as_deref() == Some(name)
                || meeting.firms.iter().any(|id| of_firm(id, alliance) == Some(name))
        };
        let is_of = |problem: &&&Raised| of_firm(&problem.firm, alliance) == Some(name);
        let members = register.firms.iter().filter(|firm| alliance(firm) == Some(name)).count();
        figures(Some(name), members, meetings.iter().filter(came), problems.iter().filter(is_of))
    };
    let of_officer = |name: &str| {
        let held = |meeting: &&&Meeting| match &meeting.officer {
            Some(officer) => officer == name,
            None => meeting.firms.iter().any(|id| of_firm(id, officer) == Some(name)),
        };
        let is_of = |problem: &&&Raised| problem.owner.as_deref() == Some(name);
        let members = register.firms.iter().filter(|firm| officer(firm) == Some(name)).count();
        figures(Some(name), members, meetings.iter().filter(held), problems.iter().filter(is_of))
    };
    AllianceReportFile {
        from: from.map(Date),
        to: to.map(Date),
        zone: figures(None, register.firms.len(), meetings.iter(), problems.iter()),
        alliances: alliances.into_iter().map(of_alliance).collect(),
        officers: officers.into_iter().map(of_officer).collect(),
        lending: plan.map_or_else(Vec::new, |(scenario, plan)| lending(scenario, plan)),
    }
}

/// What is asked of a firm.
type Column = for<'a> fn(&'a Member) -> Option<&'a str>;

fn alliance(firm: &Member) -> Option<&str> {
    firm.alliance.as_deref()
}

fn officer(firm: &Member) -> Option<&str> {
    firm.service_officer.as_deref()
}

fn figures<'a>(
    name: Option<&str>,
    firms: usize,
    meetings: impl Iterator<Item = &'a &'a Meeting>,
    problems: impl Iterator<Item = &'a &'a Raised>,
) -> FiguresFile {
    let mut sums = FiguresFile { name: name.map(str::to_string), firms, ..FiguresFile::default() };
    for meeting in meetings {
        match meeting.kind.as_str() {
            "exchange" => sums.exchange += 1,
            "activity" => sums.activity += 1,
            "benefit" => sums.benefit += 1,
            _ => sums.visit += 1,
        }
    }
    let mut days = Vec::new();
    for problem in problems {
        sums.raised += 1;
        sums.solved += usize::from(problem.solved.is_some());
        days.extend(problem.answered.map(|answered| answered.0.number() - problem.raised.0.number()));
    }
    sums.answered = days.len();
    days.sort_unstable();
    let middle = days.len() / 2;
    sums.median_days_to_answer = match days.len() {
        0 => None,
        n if n % 2 == 1 => Some(f64::from(days[middle])),
        _ => Some(f64::from(days[middle - 1] + days[middle]) / 2.0),
    };
    sums
}

fn lending(scenario: &Scenario, plan: &PlanFile) -> Vec<LendingFile> {
    let mut sums: BTreeMap<[Option<&str>; 2], LendingFile> = BTreeMap::new();
    let alliance = |firm: FirmIx| scenario.firm(firm).alliance.as_deref();
    for claim in claims(scenario, plan) {
        let lender = scenario.surplus()[claim.surplus.index()].firm;
        let borrower = scenario.shortages()[claim.shortage.index()].firm;
        let pair = [alliance(lender), alliance(borrower)];
        let sum = sums.entry(pair).or_insert_with(|| {
            let [from, to] = pair.map(|name| name.map(str::to_string));
            LendingFile { from, to, secondments: 0, worker_days: 0 }
        });
        sum.secondments += 1;
        sum.worker_days += claim.count * scenario.days().span(claim.from, claim.to).len() as Count;
    }
    sums.into_values().collect()
}

/// The report as CSV (UTF-8 with BOM, CRLF): a row for the zone, for each alliance and officer, and for each pair of
/// alliances that lend; `section` says which.
pub fn alliance_report_to_csv(report: &AllianceReportFile) -> Vec<u8> {
    let head = [
        "section",
        "name",
        "borrower",
        "firms",
        "exchange",
        "activity",
        "benefit",
        "visit",
        "raised",
        "answered",
        "solved",
        "median_days_to_answer",
        "secondments",
        "worker_days",
    ];
    let text = |text: &Option<String>| guard(text.as_deref().unwrap_or_default()).into_owned();
    let mut rows = vec![head.map(String::from).to_vec()];
    let sections = [
        ("zone", std::slice::from_ref(&report.zone)),
        ("alliance", &report.alliances[..]),
        ("officer", &report.officers),
    ];
    for (section, figures) in sections {
        rows.extend(figures.iter().map(|of| {
            let counts =
                [of.firms, of.exchange, of.activity, of.benefit, of.visit, of.raised, of.answered, of.solved];
            let mut row = vec![section.to_string(), text(&of.name), String::new()];
            row.extend(counts.map(|count| count.to_string()));
            row.push(of.median_days_to_answer.map(|days| days.to_string()).unwrap_or_default());
            row.extend([String::new(), String::new()]);
            row
        }));
    }
    rows.extend(report.lending.iter().map(|of| {
        let mut row = vec!["lending".to_string(), text(&of.from), text(&of.to)];
        row.resize(head.len() - 2, String::new());
        row.extend([of.secondments.to_string(), of.worker_days.to_string()]);
        row
    }));
    csv_of(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        serde_json::from_value(text.into()).expect("a date")
    }

    fn register() -> Register {
        let firm = |id: &str, alliance: Option<&str>, officer: Option<&str>| Member {
            id: id.to_string(),
            alliance: alliance.map(str::to_string),
            service_officer: officer.map(str::to_string),
        };
        let meeting =
            |date: &str, kind: &str, alliance: Option<&str>, firms: &[&str], officer: Option<&str>| Meeting {
                date: day(date),
                kind: kind.to_string(),
                alliance: alliance.map(str::to_string),
                firms: firms.iter().map(ToString::to_string).collect(),
                officer: officer.map(str::to_string),
            };
        let problem =
            |firm: &str, owner: Option<&str>, raised: &str, answered: Option<&str>, solved: Option<&str>| {
                Raised {
                    firm: firm.to_string(),
                    owner: owner.map(str::to_string),
                    raised: day(raised),
                    answered: answered.map(day),
                    solved: solved.map(day),
                }
            };
        Register {
            firms: vec![
                firm("F1", Some("A"), Some("Li")),
                firm("F2", Some("A"), Some("Wang")),
                firm("F3", Some("=B"), Some("Li")),
                firm("F4", None, None),
            ],
            alliances: vec!["C".to_string()],
            meetings: vec![
                // of both alliances, held by Wang
                meeting("2022-03-01", "exchange", Some("A"), &["F1", "F3"], Some("Wang")),
                // nobody is named: F3's officer is Li
                meeting("2022-03-02", "visit", None, &["F3"], None),
                meeting("2022-03-31", "visit", None, &["F4"], Some("Li")),
                // outside of March
                meeting("2022-04-01", "benefit", Some("A"), &[], None),
            ],
            problems: vec![
                problem("F1", Some("Li"), "2022-03-01", Some("2022-03-04"), Some("2022-03-09")),
                problem("F2", Some("Li"), "2022-03-28", Some("2022-04-02"), None),
                problem("F2", None, "2022-03-05", None, None),
                problem("F3", Some("Li"), "2022-03-05", Some("2022-03-05"), Some("2022-03-05")),
                problem("F3", Some("Li"), "2022-02-28", Some("2022-03-20"), None),
            ],
        }
    }

    /// March by hand. Zone: 1 exchange, 2 visits; 4 problems raised, 3 answered after 0, 3 and 5 days: the median is 3.
    /// A (F1, F2): the exchange; 3 problems, 2 answered after 3 and 5 days: 4. =B (F3): exchange and visit; 1 problem, at
    /// once. C has nothing. Li (F1, F3): the visit to F3, the one to F4; 3 problems after 0, 3, 5 days. Wang (F2): the exchange.
    #[test]
    fn figures_of_a_month() {
        let march = (Some(day("2022-03-01").0), Some(day("2022-03-31").0));
        let report = alliance_report(&register(), None, march);
        let figures = |name: Option<&str>,
                       firms,
                       [exchange, visit, raised, answered, solved]: [usize; 5],
                       median| FiguresFile {
            name: name.map(str::to_string),
            firms,
            exchange,
            visit,
            raised,
            answered,
            solved,
            median_days_to_answer: median,
            ..FiguresFile::default()
        };
        assert_eq!(report.zone, figures(None, 4, [1, 2, 4, 3, 2], Some(3.0)));
        assert_eq!(
            report.alliances,
            [
                figures(Some("=B"), 1, [1, 1, 1, 1, 1], Some(0.0)),
                figures(Some("A"), 2, [1, 0, 3, 2, 1], Some(4.0)),
                figures(Some("C"), 0, [0, 0, 0, 0, 0], None),
            ]
        );
        assert_eq!(
            report.officers,
            [
                figures(Some("Li"), 2, [0, 2, 3, 3, 2], Some(3.0)),
                figures(Some("Wang"), 1, [1, 0, 0, 0, 0], None),
            ]
        );
        let csv = String::from_utf8(alliance_report_to_csv(&report)).expect("text");
        assert!(csv.contains("\r\nzone,,,4,1,0,0,2,4,3,2,3,,\r\n"), "{csv}");
        // a spreadsheet shall not take a name for a formula
        assert!(csv.contains("\r\nalliance,'=B,,1,1,0,0,1,1,1,1,0,,\r\n"), "{csv}");
        let all = alliance_report(&register(), None, (None, None));
        assert_eq!((all.zone.benefit, all.zone.raised, all.zone.median_days_to_answer), (1, 5, Some(4.0)));
    }

    #[test]
    fn lending_by_alliance() {
        use tiaoji_core::solve::{Options, solve};
        let text = r#"{ "name": "x", "policy": { "onboarding_fen": 0, "daily_base_fen": 0, "transport_per_km_fen": 0,
                "cross_alliance_fen": 0, "unmet": { "urgent_fen": 60000, "normal_fen": 40000, "low_fen": 30000 } },
            "firms": [ { "id": "F1", "name": "f", "alliance": "A", "latitude": 36, "longitude": 117 },
                       { "id": "F2", "name": "g", "latitude": 36, "longitude": 117 } ],
            "skills": [ { "id": "K1", "name": "packer" } ],
            "surplus": [ { "id": "S1", "firm": "F1", "skill": "K1", "headcount": 2, "from": "2022-03-07", "to": "2022-03-09" } ],
            "shortage": [ { "id": "D1", "firm": "F2", "skill": "K1", "headcount": 3, "from": "2022-03-07", "to": "2022-03-08" } ] }"#;
        let scenario = crate::read_json("x", text.as_bytes()).expect("valid").scenario;
        let plan = solve(&scenario, &Options::default());
        let meta = crate::PlanMeta { engine: String::new(), seconds: 0.0, with_prices: false };
        let plan = crate::plan_file(&scenario, &plan, &meta);
        let report = alliance_report(&Register::default(), Some((&scenario, &plan)), (None, None));
        // two workers for two days, from A to a firm in no alliance
        let lent = LendingFile { from: Some("A".to_string()), to: None, secondments: 1, worker_days: 4 };
        assert_eq!(report.lending, [lent]);
        let csv = String::from_utf8(alliance_report_to_csv(&report)).expect("text");
        assert!(csv.ends_with("lending,A,,,,,,,,,,,1,4\r\n"), "{csv}");
    }
}
