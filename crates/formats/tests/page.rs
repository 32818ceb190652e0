//! The page of a plan: its tables add up to the plan's own totals, texts are texts whatever they hold, and it needs
//! nothing from anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::messages::Language;
use tiaoji_formats::pictures::thousands;
use tiaoji_formats::plan::UnfilledFile;
use tiaoji_formats::{
    ExplanationFile, GenerateOptions, PlanFile, PlanMeta, alliance_sheet, check_explanation, generate,
    plan_file, read_explanation, read_path, read_workbook, report_page, template_workbook, to_draft,
};

const HOSTILE: &str = "<script>alert(1)</script> ]]> =cmd & \"q\"";

fn solved(scenario: &Scenario, with_prices: bool) -> PlanFile {
    let meta = PlanMeta { engine: "tiaoji".to_string(), seconds: 0.0, with_prices };
    plan_file(scenario, &solve(scenario, &Options::default()), &meta)
}

/// The example of the template, with a plan.
fn example(change: impl Fn(&mut tiaoji_core::draft::ScenarioDraft)) -> (Scenario, PlanFile) {
    let loaded = read_workbook("t.xlsx", &template_workbook(Language::Zh)).expect("a template is valid");
    let mut draft = to_draft(&loaded.scenario);
    change(&mut draft);
    let scenario = Scenario::new(&draft).expect("still valid");
    let plan = solved(&scenario, true);
    (scenario, plan)
}

fn fixture(name: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
    read_path(&path).expect(name).scenario
}

/// The cells of the tables of that caption, row by row, all such tables one after the other.
fn table(page: &str, caption: &str) -> Vec<Vec<String>> {
    let start = format!("<caption>{caption}</caption>");
    let mut rows = Vec::new();
    for table in page.split(&start).skip(1) {
        let body =
            table.split("</table>").next().unwrap_or_default().split("<tbody>").nth(1).unwrap_or_default();
        for row in body.split("<tr>").skip(1) {
            let cells = row.split("</td>").flat_map(|cell| cell.split("</th>"));
            let text = |cell: &str| cell.split_once('>').map(|(_, text)| text.to_string());
            rows.push(
                cells
                    .filter(|cell| cell.contains('>') && !cell.starts_with("</tr>"))
                    .filter_map(text)
                    .collect(),
            );
        }
    }
    rows
}

fn sum(rows: &[Vec<String>], column: usize) -> i64 {
    rows.iter().map(|row| row[column].replace(',', "").parse::<i64>().expect("a number")).sum()
}

#[test]
fn tables_add_up_to_the_totals() {
    for name in [
        "features/cross_alliance",
        "features/fairness",
        "features/competition",
        "rules/distance",
        "features/horizon",
    ] {
        let scenario = fixture(name);
        let plan = solved(&scenario, true);
        let (page, kpis) = (report_page(&scenario, &plan, None, Language::En), &plan.kpis);
        for caption in ["Worker-days by skill", "Worker-days by skill and week"] {
            let rows = table(&page, caption);
            let first = rows[0].len() - 6;
            let sums: Vec<i64> = (first..first + 6).map(|column| sum(&rows, column)).collect();
            let expect = [
                kpis.demanded_worker_days,
                kpis.filled_worker_days,
                kpis.unfilled_worker_days,
                kpis.offered_worker_days,
                kpis.offered_worker_days - kpis.idle_worker_days,
                kpis.idle_worker_days,
            ];
            assert_eq!(sums, expect, "{name}: {caption}");
        }
        let check = |caption: &str, column: usize, expect: i64| {
            assert_eq!(sum(&table(&page, caption), column), expect, "{name}: {caption}");
        };
        let lent = kpis.lent_inside_alliance_days + kpis.lent_across_alliance_days;
        check("Worker-days lent between alliances", 2, lent);
        check("Pairs of firms", 3, lent);
        check("Secondments, the largest first", 6, lent);
        check("Open worker-days by reason", 2, kpis.unfilled_worker_days);
        check("Open shortages, the largest first", 6, kpis.unfilled_worker_days);
        // By alliance, too, everything is on some sheet.
        check("Who is short", 5, kpis.unfilled_worker_days);
        check("Who has hands", 5, kpis.idle_worker_days);
        assert!(page.contains(&thousands(kpis.filled_worker_days)));
    }
}

#[test]
fn texts_from_people_stay_texts() {
    let (scenario, plan) = example(|draft| {
        draft.name = HOSTILE.to_string().into();
        for (firm, at) in draft.firms.rows.iter_mut().zip(1..) {
            firm.cells.name = format!("{HOSTILE} \u{1} {at}").into();
            firm.cells.alliance = format!("{HOSTILE} {}", at % 2).into();
            firm.cells.service_officer = HOSTILE.to_string().into();
            firm.cells.contact = HOSTILE.to_string().into();
        }
        for (skill, at) in draft.skills.rows.iter_mut().zip(1..) {
            skill.cells.name = format!("{HOSTILE} {at}").into();
        }
        for shortage in &mut draft.shortage.rows {
            shortage.cells.remark = HOSTILE.to_string().into();
        }
    });
    for language in [Language::En, Language::Zh] {
        let page = report_page(&scenario, &plan, None, language);
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(!page.contains("=cmd & "), "an ampersand that starts something");
        assert!(!page.contains('\u{1}') && page.contains('\u{FFFD}'));
    }
}

/// An explanation of a plan in which the first open shortage has one remedy, and of the others one rule that nobody
/// misses closely.
fn explained(scenario: &Scenario, plan: &PlanFile, change: &str) -> ExplanationFile {
    let days = |stretch: &UnfilledFile| {
        stretch.count * scenario.days().span(stretch.from.0, stretch.to.0).len() as i64
    };
    let mut open: BTreeMap<&str, i64> = BTreeMap::new();
    for stretch in &plan.unfilled {
        *open.entry(&stretch.shortage).or_default() += days(stretch);
    }
    let remedy = serde_json::json!({
        "code": "to", "text": change, "text_zh": change, "worker_days": 7, "zone_worker_days": 9, "saved_fen": 280_000,
        "saved_at_most_fen": 280_000, "finished": true
    });
    let miss = serde_json::json!({
        "rule": "distance", "postings": 1, "alone": 1, "workers": 6,
        "nearest": [{ "id": "S1", "workers": 6, "distance_m": 8432, "has": 8432, "takes": 8000,
                      "text": format!("miss {change}"), "text_zh": format!("miss {change}") }]
    });
    let one = |(at, (id, worker_days)): (usize, (&&str, &i64))| {
        serde_json::json!({
            "id": id, "firm": "", "skill": "", "worker_days": worker_days, "stretches": [], "blocked": [miss],
            "rivals": [], "remedies": if at == 0 { vec![&remedy] } else { vec![] }
        })
    };
    let all: Vec<_> = open.iter().enumerate().map(one).collect();
    let document = serde_json::json!({ "scenario": "", "unfilled": all, "idle": [] }).to_string();
    read_explanation("why.json", document.as_bytes()).expect("an explanation")
}

#[test]
fn what_would_fill_stands_where_it_is_looked_for() {
    let scenario = fixture("rules/distance");
    let plan = solved(&scenario, true);
    let explanation = explained(&scenario, &plan, HOSTILE);
    assert_eq!(check_explanation(&scenario, &plan, "why.json", &explanation), None);
    let page = report_page(&scenario, &plan, Some(&explanation), Language::En);
    let text = "&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; =cmd &amp; &quot;q&quot;";
    let rows = table(&page, "What would fill them");
    let open: BTreeSet<&str> = plan.unfilled.iter().map(|stretch| stretch.shortage.as_str()).collect();
    assert_eq!(rows.len(), open.len());
    let helped: Vec<&Vec<String>> = rows.iter().filter(|row| row[3] == text).collect();
    assert_eq!(helped.len(), 1, "{rows:?}");
    assert_eq!(helped[0][4..], ["7", "9", "¥2,800"]);
    let other = format!("no single change fills more; nearest: miss {text}");
    assert!(rows.iter().filter(|row| row[3] == other).count() == open.len() - 1, "{rows:?}");
    let officers = page.split("<section id=\"officers\"").nth(1).expect("a list");
    assert!(officers.contains("Nearest remedy") && officers.contains(&format!("{text}: +7")), "{officers}");
    let alliances = page.split("<section id=\"alliances\"").nth(1).expect("sheets");
    assert!(alliances.contains(&format!("{text}: 7 worker-days more of ")), "{alliances}");
    assert!(!page.contains("<script"));

    let mut other = explanation.clone();
    other.unfilled[0].worker_days += 1;
    let fault = check_explanation(&scenario, &plan, "why.json", &other).expect("of another plan");
    assert!(fault.message.contains("of another plan") && fault.code == "figure", "{fault}");
}

#[test]
fn much_that_is_open_is_short_on_paper() {
    let size = GenerateOptions { firms: 12, surplus: 10, shortage: 60, ..GenerateOptions::default() };
    let scenario = Scenario::new(&generate(&size)).expect("a made-up zone is valid");
    let plan = solved(&scenario, false);
    let page = report_page(&scenario, &plan, None, Language::En);
    let shown = table(&page, "Open shortages, the largest first");
    let others = table(&page, "The others by skill");
    assert_eq!(sum(&shown, 6) + sum(&others, 2), plan.kpis.unfilled_worker_days);
    let open: BTreeSet<&str> = plan.unfilled.iter().map(|stretch| stretch.shortage.as_str()).collect();
    assert_eq!(sum(&others, 1) + shown.len() as i64, open.len() as i64);
}

#[test]
fn one_alliance_alone() {
    let size = GenerateOptions { firms: 12, surplus: 10, shortage: 60, ..GenerateOptions::default() };
    let scenario = Scenario::new(&generate(&size)).expect("a made-up zone is valid");
    let plan = solved(&scenario, false);
    let page = report_page(&scenario, &plan, None, Language::Zh);
    let names: BTreeSet<&str> = scenario.firms().iter().filter_map(|firm| firm.alliance.as_deref()).collect();
    for name in names {
        let sheet = alliance_sheet(&scenario, &plan, name, Language::Zh).expect("a sheet");
        assert!(page.contains(&sheet) && sheet.contains(&format!("<h3>{name}</h3>")), "{sheet}");
    }
    assert_eq!(alliance_sheet(&scenario, &plan, "nobody's", Language::Zh), None);
}

#[test]
fn the_calendar_keeps_to_its_lines() {
    let size = GenerateOptions { firms: 40, surplus: 300, shortage: 300, ..GenerateOptions::default() };
    let scenario = Scenario::new(&generate(&size)).expect("a made-up zone is valid");
    let plan = solved(&scenario, false);
    let page = report_page(&scenario, &plan, None, Language::En);
    let section =
        page.split("<section id=\"calendar\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let section = section.expect("a calendar");
    let mut lines = 0;
    for picture in section.split("<svg").skip(1) {
        let bars = picture.split("class=\"bar").skip(1);
        let tops: BTreeSet<&str> =
            bars.filter_map(|bar| bar.split(" y=\"").nth(1)?.split('"').next()).collect();
        assert!(tops.len() <= 45, "{} lines in one picture", tops.len());
        lines += tops.len();
    }
    let drawn = section.matches("class=\"bar").count();
    assert!((120..=160).contains(&lines) && drawn < plan.secondments.len(), "{lines} lines, {drawn} bars");
    assert!(section.contains(&format!("Drawn are the largest {}", thousands(drawn as i64))));
}

#[test]
fn what_the_prices_prove_is_said() {
    let scenario = fixture("features/competition");
    let mut plan = solved(&scenario, true);
    let mut check = |change: fn(&mut PlanFile), expect: &str| {
        change(&mut plan);
        let page = report_page(&scenario, &plan, None, Language::En);
        assert!(page.contains(expect), "{expect}");
    };
    check(|_| {}, "It is a proven limit");
    check(|plan| plan.bound_fen -= 100_000, "may have missed up to ¥1,000");
    check(|plan| plan.bound_by = "search".to_string(), "do not prove this plan");
}

#[test]
fn stands_alone() {
    let (scenario, plan) = example(|_| {});
    for language in [Language::En, Language::Zh] {
        let page = report_page(&scenario, &plan, None, language);
        assert_eq!(page, report_page(&scenario, &plan, None, language), "same input, same bytes");
        let addresses = page.replace("http://www.w3.org/2000/svg", "");
        for forbidden in ["http:", "https:", "<script", "@import", "url(", " src=", " onclick", " style="] {
            assert!(!addresses.contains(forbidden), "{forbidden}");
        }
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id twice: {ids:?}");
        for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&link), "#{link} leads nowhere");
        }
    }
}

#[test]
fn plans_with_little_in_them() {
    for name in
        ["features/empty_tables", "features/no_shortage", "features/no_surplus", "features/zero_headcount"]
    {
        let scenario = fixture(name);
        let plan = solved(&scenario, true);
        for language in [Language::En, Language::Zh] {
            assert!(report_page(&scenario, &plan, None, language).ends_with("</html>"), "{name}");
        }
    }
}

#[test]
fn worth_comes_from_prices() {
    // One place stays open there all the time: one more worker would save what it costs.
    let scenario = fixture("features/no_surplus");
    let page = report_page(&scenario, &solved(&scenario, true), None, Language::En);
    let dear = scenario.shortage_indices().map(|j| scenario.unmet_cost(j).dear).max().expect("a shortage");
    let rows = table(&page, "CNY a day for one more worker");
    let most = rows.iter().flatten().filter_map(|cell| cell.replace(',', "").parse::<i64>().ok()).max();
    assert_eq!(most, Some(dear / 100));
    let without = report_page(&scenario, &solved(&scenario, false), None, Language::En);
    assert!(table(&without, "CNY a day for one more worker").is_empty());
}

#[test]
fn nothing_is_left_untranslated() {
    let (scenario, plan) = example(|_| {});
    let page = report_page(&scenario, &plan, None, Language::Zh);
    let body = page.split_once("<body>").expect("a body").1;
    for text in body.split('>').filter_map(|piece| piece.split_once('<')).map(|(text, _)| text) {
        let mut words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3);
        assert_eq!(words.find(|word| *word != "tiaoji"), None, "{text}");
    }
}

#[test]
fn a_cut_table_says_how_much_it_leaves_out() {
    let size = GenerateOptions { firms: 12, surplus: 10, shortage: 60, ..GenerateOptions::default() };
    let mut draft = generate(&size);
    for firm in &mut draft.firms.rows {
        firm.cells.service_officer = "one".to_string().into();
    }
    let scenario = Scenario::new(&draft).expect("a made-up zone is valid");
    let plan = solved(&scenario, false);
    let open: BTreeSet<&str> = plan.unfilled.iter().map(|stretch| stretch.shortage.as_str()).collect();
    let page = report_page(&scenario, &plan, None, Language::En);
    let list = page.split("<section id=\"officers\"").nth(1).expect("a list");
    let listed = list.split("<tbody>").nth(1).expect("rows").split("</tbody>").next();
    let listed = listed.map_or(0, |rows| rows.matches("<tr>").count());
    assert!(listed < open.len());
    assert!(list.contains(&format!("… and {} more", open.len() - listed)), "{listed} of {}", open.len());
}
