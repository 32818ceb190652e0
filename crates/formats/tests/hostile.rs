//! Texts from people come out as texts wherever they go: page and its pictures, workbooks, agreements, CSV.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use quick_xml::events::Event;
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::messages::Language;
use tiaoji_formats::{
    AgreementTemplate, PlanMeta, PointFile, agreements, draft_to_folder_files, draft_to_workbook, plan_file,
    plan_workbook, points_to_csv, read_folder_files, read_workbook, report_page, template_workbook, to_draft,
};
use zip::ZipArchive;

/// What a page, XML and a spreadsheet might each take for their own.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "x ]]> y",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "&lt;b&gt;",
    "\"><img src=x onerror=alert(1)>",
];

/// All texts of an XML document, which must be well-formed.
fn texts(xml: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {xml}")) {
            Event::Text(part) => text += &part,
            Event::GeneralRef(part) => {
                let name: &str = &part;
                let known = quick_xml::escape::resolve_predefined_entity(name).map(str::to_string);
                let by_number = || part.resolve_char_ref().ok().flatten().map(String::from);
                text += &known.or_else(by_number).unwrap_or_else(|| panic!("&{name}; in {xml}"));
            }
            Event::Start(tag) if tag.name().as_ref() == "script" => panic!("a script in {xml}"),
            Event::CData(_) => panic!("CDATA in {xml}"),
            Event::Eof => return text,
            _ => text.push(' '),
        }
    }
}

/// The texts of the XML parts of an archive.
fn archive(bytes: &[u8]) -> String {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut all = String::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).expect("a part");
        let mut xml = String::new();
        part.read_to_string(&mut xml).expect("UTF-8");
        assert!(!xml.contains("<f>") && !xml.contains("<f "), "a formula in {}", part.name());
        all += &texts(&xml);
    }
    all
}

/// The example of the template in which every text that somebody may write freely is that one.
fn zone(hostile: &str) -> Scenario {
    let loaded = read_workbook("t.xlsx", &template_workbook(Language::Zh)).expect("a template is valid");
    let mut draft = to_draft(&loaded.scenario);
    let text = || hostile.to_string().into();
    draft.name = text();
    draft.zone = text();
    for firm in &mut draft.firms.rows {
        let own = &mut firm.cells;
        (own.name, own.alliance, own.service_officer) = (text(), text(), text());
        (own.contact, own.phone) = (text(), text());
    }
    for skill in &mut draft.skills.rows {
        skill.cells.name = text();
    }
    for surplus in &mut draft.surplus.rows {
        surplus.cells.remark = text();
    }
    for shortage in &mut draft.shortage.rows {
        shortage.cells.remark = text();
    }
    Scenario::new(&draft).expect("still valid")
}

#[test]
fn texts_stay_texts() {
    for hostile in HOSTILE {
        let scenario = zone(hostile);
        let solved = solve(&scenario, &Options::default());
        let meta = PlanMeta { engine: String::new(), seconds: 0.0, with_prices: true };
        let plan = plan_file(&scenario, &solved, &meta);
        assert!(!plan.secondments.is_empty() && !plan.unfilled.is_empty() && !plan.idle.is_empty());
        let check = |what: &str, text: &str| assert!(text.contains(hostile), "{what} lost {hostile}: {text}");
        let draft = to_draft(&scenario);
        for language in [Language::En, Language::Zh] {
            let page = report_page(&scenario, &plan, None, language);
            assert!(!page.contains("<script") && !page.contains("<img"), "{hostile}");
            // The rest of a page is no XML; its pictures are.
            let pictures = page.split("<svg").skip(1).filter_map(|rest| rest.split_once("</svg>"));
            let pictures: Vec<String> = pictures.map(|(svg, _)| texts(&format!("<svg{svg}</svg>"))).collect();
            let body = page.split_once("<body>").expect("a body").1;
            check("the page", &texts(&format!("<body>{}", body.trim_end_matches("</html>"))));
            let named = pictures.iter().filter(|text| text.contains(&hostile[..3])).count();
            assert!(named > 3, "{named} of {} pictures name it", pictures.len());
            check("the workbook of the plan", &archive(&plan_workbook(&scenario, &plan, language)));
            check("the workbook of the scenario", &archive(&draft_to_workbook(&draft, language)));
        }
        let papers = agreements(&scenario, &plan, &AgreementTemplate::built_in());
        let names: BTreeSet<&str> = papers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), papers.len());
        for (name, bytes) in &papers {
            check(name, &archive(bytes));
        }

        let files = draft_to_folder_files(&draft);
        for name in ["firms.csv", "skills.csv", "surplus.csv", "shortage.csv"] {
            let bytes = files.iter().find(|(own, _)| own == name).map_or(&[][..], |(_, bytes)| bytes);
            check(name, &csv_cells(bytes).join("\n"));
        }
        let again = read_folder_files(&files.into_iter().collect())
            .unwrap_or_else(|faults| panic!("{faults}"))
            .scenario;
        assert_eq!(again.shortages()[0].remark.as_deref(), Some(hostile));
        let point = PointFile::new(&[("scenario.name".to_string(), hostile.to_string())], &solved);
        check("a sweep", &csv_cells(&points_to_csv(&[point], &[])).join("\n"));
    }
}

/// The cells of a CSV table, none of which a spreadsheet takes for a formula.
fn csv_cells(bytes: &[u8]) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[3..]);
    let rows = reader.records().map(|row| row.expect("CSV"));
    let cells: Vec<String> =
        rows.flat_map(|row| row.iter().map(str::to_string).collect::<Vec<_>>()).collect();
    for cell in &cells {
        let is_number = cell.parse::<f64>().is_ok();
        assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
    }
    cells
}
