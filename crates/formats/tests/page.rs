//! The page of a plan: its tables add up to the plan's own totals, texts are texts whatever they hold, and it needs
//! nothing from anywhere.

use std::collections::BTreeSet;
use std::path::Path;

use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::messages::Language;
use tiaoji_formats::pictures::thousands;
use tiaoji_formats::{
    GenerateOptions, PlanFile, PlanMeta, generate, plan_file, read_path, read_workbook, report_page,
    template_workbook, to_draft,
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
        let (page, kpis) = (report_page(&scenario, &plan, Language::En), &plan.kpis);
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
        let page = report_page(&scenario, &plan, language);
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(!page.contains("=cmd & "), "an ampersand that starts something");
        assert!(!page.contains('\u{1}') && page.contains('\u{FFFD}'));
    }
}

#[test]
fn stands_alone() {
    let (scenario, plan) = example(|_| {});
    for language in [Language::En, Language::Zh] {
        let page = report_page(&scenario, &plan, language);
        assert_eq!(page, report_page(&scenario, &plan, language), "same input, same bytes");
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
            assert!(report_page(&scenario, &plan, language).ends_with("</html>"), "{name}");
        }
    }
}

#[test]
fn worth_comes_from_prices() {
    // One place stays open there all the time: one more worker would save what it costs.
    let scenario = fixture("features/no_surplus");
    let page = report_page(&scenario, &solved(&scenario, true), Language::En);
    let dear = scenario.shortage_indices().map(|j| scenario.unmet_cost(j).dear).max().expect("a shortage");
    let rows = table(&page, "CNY a day for one more worker");
    let most = rows.iter().flatten().filter_map(|cell| cell.replace(',', "").parse::<i64>().ok()).max();
    assert_eq!(most, Some(dear / 100));
    let without = report_page(&scenario, &solved(&scenario, false), Language::En);
    assert!(table(&without, "CNY a day for one more worker").is_empty());
}

#[test]
fn nothing_is_left_untranslated() {
    let (scenario, plan) = example(|_| {});
    let page = report_page(&scenario, &plan, Language::Zh);
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
    let page = report_page(&scenario, &plan, Language::En);
    let list = page.split("<section id=\"officers\"").nth(1).expect("a list");
    let listed = list.split("<tbody>").nth(1).expect("rows").split("</tbody>").next();
    let listed = listed.map_or(0, |rows| rows.matches("<tr>").count());
    assert!(listed < open.len());
    assert!(list.contains(&format!("… and {} more", open.len() - listed)), "{listed} of {}", open.len());
}
