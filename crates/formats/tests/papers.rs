//! Papers made from a plan: every clause is there, figures are the plan's, and texts are texts whatever they hold.

use std::io::{Cursor, Read};

use tiaoji_core::compliance::{Concern, Subject, lights};
use tiaoji_core::scenario::Scenario;
use tiaoji_core::solve::{Options, solve};
use tiaoji_formats::messages::Language;
use tiaoji_formats::{
    Agreed, AgreementTemplate, Paper, PlanFile, PlanMeta, agreement_html, agreement_paper, agreements,
    check_plan, claims, plan_file, plan_workbook, read_workbook, settlement_workbook, template_workbook,
    to_draft,
};
use zip::ZipArchive;

const HOSTILE: &str = "<script>alert(1)</script> ]]> =cmd & \"q\"";

/// The example of the template, with a plan.
fn example(change: impl Fn(&mut tiaoji_core::draft::ScenarioDraft)) -> (Scenario, PlanFile) {
    let loaded = read_workbook("t.xlsx", &template_workbook(Language::Zh)).expect("a template is valid");
    let mut draft = to_draft(&loaded.scenario);
    change(&mut draft);
    let scenario = Scenario::new(&draft).expect("still valid");
    let plan = solve(&scenario, &Options::default());
    let meta = PlanMeta { engine: "tiaoji".to_string(), seconds: 0.0, with_prices: false };
    let file = plan_file(&scenario, &plan, &meta);
    assert_eq!(check_plan(&scenario, "plan.json", &file), []);
    (scenario, file)
}

fn part(archive: &[u8], name: &str) -> Option<String> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut text = String::new();
    zip.by_name(name).ok()?.read_to_string(&mut text).expect("UTF-8");
    Some(text)
}

/// The text of a part, a line for every paragraph or row and a bar between cells.
fn plain(xml: &str) -> String {
    let mut text = String::new();
    for piece in xml.split('<').skip(1) {
        let (tag, after) = piece.split_once('>').expect("tags end");
        match tag.split(' ').next().unwrap_or_default() {
            "/w:p" | "/w:tr" | "/row" => text.push('\n'),
            "/w:tc" | "/c" => text.push('|'),
            _ => {}
        }
        text += after;
    }
    for (name, c) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
        text = text.replace(name, c);
    }
    text.replace("\n|", "|").replace("|\n", "\n")
}

/// The plain texts of the papers of a plan, by the end of their names.
fn papers(scenario: &Scenario, plan: &PlanFile, paper: &str) -> Vec<String> {
    let files = agreements(scenario, plan, &AgreementTemplate::built_in());
    let chosen = files.iter().filter(|(name, _)| name.ends_with(&format!("_{paper}.docx")));
    chosen.map(|(_, bytes)| plain(&part(bytes, "word/document.xml").expect("a document"))).collect()
}

#[test]
fn the_papers_of_the_example() {
    let (scenario, plan) = example(|_| {});
    let names: Vec<String> = agreements(&scenario, &plan, &AgreementTemplate::built_in())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            "001_F001_F002_agreement.docx",
            "001_F001_F002_amendment.docx",
            "001_F001_F002_settlement.docx",
            "002_F001_F003_agreement.docx",
            "002_F001_F003_amendment.docx",
            "002_F001_F003_settlement.docx",
        ]
    );
    for paper in ["agreement", "amendment", "settlement"] {
        insta::assert_snapshot!(paper, papers(&scenario, &plan, paper)[0]);
    }
}

#[test]
fn every_rule_has_its_clause() {
    let (scenario, plan) = example(|_| {});
    let texts =
        [papers(&scenario, &plan, "agreement").remove(0), papers(&scenario, &plan, "amendment").remove(0)];
    // Of the notice on shared labour and of labour law; where a rule has several matters, each.
    for phrases in [
        "劳动关系不变",
        "订有劳动合同",
        "被派遣劳动者",
        "不以营利为目的 不得以任何名目从中收取费用",
        "不得以共享用工之名从事劳务派遣 个体工商户",
        "不得超过其劳动合同的剩余期限",
        "征求职工意见 协商一致",
        "自行到其他单位工作",
        "如实告知工作内容 职业危害 规章制度",
        "劳动合同变更协议",
        "人数 期限 工作地点 工作内容 休息 劳动防护用品 劳动报酬标准 付至甲方账户 食宿 班车 退回 补偿办法",
        "合理安排劳动任务 劳动安全卫生条件",
        "足额付至甲方 按时、足额支付给职工 继续为职工缴纳社会保险费",
        "至少每两周",
        "由甲方承担工伤保险责任 24 小时内 30 日内",
        "可以随时返回甲方",
        "不适应乙方工作",
        "严重违反乙方规章制度 不能胜任工作",
        "安排职工返岗",
        "续签",
        "连带赔偿责任",
        "被宣告破产 自当日结束 依法与职工订立劳动合同",
        "不得将职工再出借",
        "不收费",
        "职业技能培训补贴",
        "稳岗返还",
        "不满 18 周岁",
        "怀孕、哺乳期",
        "每日工作不超过 8 小时 不超过 1 小时 不超过 3 小时 36 小时",
        "每周至少休息一日",
        "150%、200%、300%",
        "综合计算工时",
        "夜班津贴",
        "特种作业操作证",
        "特种设备作业人员证",
        "健康证明",
        "驾驶及从业资格",
        "24 学时 72 学时",
        "上岗前、离岗时职业健康检查",
        "不低于当地最低工资标准",
        "性别、民族、宗教信仰、户籍、残疾",
        "单独同意",
        "营业执照",
        "工伤保险在上岗首日前已经生效 上下班途中",
    ] {
        for phrase in phrases.split(' ').filter(|phrase| phrase.chars().count() > 2) {
            assert!(texts.iter().any(|text| text.contains(phrase)), "no clause says {phrase}");
        }
    }
    let settlement = papers(&scenario, &plan, "settlement").remove(0);
    assert!(["管理费", "服务费", "手续费"].iter().all(|fee| !settlement.contains(fee)), "a field for a fee");
}

#[test]
fn a_settlement_adds_up_to_the_plan() {
    let (scenario, plan) = example(|_| {});
    let numbers = |line: &str| -> Vec<String> { line.split('|').map(str::to_string).collect() };
    let mut days = 0;
    for text in papers(&scenario, &plan, "settlement") {
        let rows: Vec<Vec<String>> =
            text.lines().filter(|line| line.starts_with("2022-")).map(numbers).collect();
        let total = text.lines().find(|line| line.starts_with("合计")).map(numbers).expect("a total");
        let fen = |cell: &String| cell.replace('.', "").parse::<i64>().unwrap();
        for row in &rows {
            assert_eq!(fen(&row[4]), fen(&row[2]) * row[3].parse::<i64>().unwrap(), "{row:?}");
        }
        let sum: i64 = rows.iter().map(|row| row[3].parse::<i64>().unwrap()).sum();
        assert_eq!(total[3], sum.to_string());
        assert_eq!(fen(&total[4]), rows.iter().map(|row| fen(&row[4])).sum::<i64>());
        days += sum;
    }
    assert_eq!(days, plan.kpis.filled_worker_days);
}

#[test]
fn an_agreement_in_its_state() {
    let (scenario, plan) = example(|_| {});
    let template = AgreementTemplate::built_in();
    let claim = claims(&scenario, &plan)[0];
    let days = scenario.days().span(claim.from, claim.to).len() as i64;
    let pay = scenario.shortages()[claim.shortage.index()].day_pay.expect("a day pay");
    let text = |state, paper, worker_days| {
        let agreed = Agreed { number: "G-7", state, claims: vec![claim], worker_days };
        let bytes = agreement_paper(&scenario, &agreed, paper, &template).expect("a paper");
        plain(&part(&bytes, "word/document.xml").expect("a document"))
    };
    for (state, words) in [("agreed", "（待签）"), ("signed", "（已签）"), ("settled", "（已结算）")]
    {
        let paper = text(state, Paper::Agreement, None);
        assert!(
            paper.trim_start().starts_with(&format!("共享用工合作协议{words}"))
                && paper.contains("编号：G-7"),
            "{paper}"
        );
        assert!(text(state, Paper::Amendment, None).trim_start().starts_with("劳动合同变更协议"));
    }
    let open = text("ended", Paper::Settlement, None);
    let total = |text: &str| text.lines().find(|line| line.starts_with("合计")).expect("a total").to_string();
    let money = |days: i64| format!("{}.{:02}", days * pay / 100, days * pay % 100);
    let planned = claim.count * days;
    assert_eq!(total(&open), format!("合计|||{planned}|{}||", money(planned)));
    let stated = text("settled", Paper::Settlement, Some(planned - 3));
    let sum = format!("合计|||{planned}|{}|{}|{}", money(planned), planned - 3, money(planned - 3));
    assert_eq!(total(&stated), sum);

    let agreed = Agreed { number: "G-7", state: "ended", claims: vec![claim], worker_days: Some(planned) };
    for (language, name) in [(Language::En, "Settlement"), (Language::Zh, "结算单")] {
        let book = settlement_workbook(&scenario, &agreed, &template, language).expect("a workbook");
        assert!(part(&book, "xl/workbook.xml").expect("a workbook").contains(name));
        let sheet = plain(&part(&book, "xl/worksheets/sheet1.xml").expect("a sheet"));
        assert!(sheet.contains("G-7") && sheet.contains(&planned.to_string()), "{sheet}");
    }
    let nobody = Agreed { claims: Vec::new(), ..agreed };
    assert_eq!(agreement_paper(&scenario, &nobody, Paper::Agreement, &template), None);
}

/// Whoever reads the page reads what the document says.
#[test]
fn a_paper_as_html_says_the_same() {
    let (scenario, plan) = example(|draft| draft.firms.rows[0].cells.name = HOSTILE.to_string().into());
    let template = AgreementTemplate::built_in();
    let claim = claims(&scenario, &plan)[0];
    let agreed = Agreed { number: "G-7", state: "signed", claims: vec![claim], worker_days: None };
    let words = |text: &str| text.replace(['|', '\n', ' '], "");
    for paper in [Paper::Agreement, Paper::Amendment, Paper::Settlement] {
        let bytes = agreement_paper(&scenario, &agreed, paper, &template).expect("a paper");
        let page = agreement_html(&scenario, &agreed, paper, &template).expect("the same");
        assert!(!page.contains("<script") && page.matches("<h1").count() == 1, "{page}");
        let document = plain(&part(&bytes, "word/document.xml").expect("a document"));
        assert_eq!(words(&plain(&page)), words(&document));
    }
    let nobody = Agreed { claims: Vec::new(), ..agreed };
    assert_eq!(agreement_html(&scenario, &nobody, Paper::Agreement, &template), None);
}

#[test]
fn a_plan_as_a_workbook() {
    let (scenario, plan) = example(|_| {});
    for (name, language) in [("plan_en", Language::En), ("plan_zh", Language::Zh)] {
        let workbook = plan_workbook(&scenario, &plan, language);
        assert_eq!(workbook, plan_workbook(&scenario, &plan, language));
        let sheets = (1..).map_while(|n| part(&workbook, &format!("xl/worksheets/sheet{n}.xml")));
        let texts: Vec<String> = sheets.map(|xml| plain(&xml)).collect();
        insta::assert_snapshot!(name, texts.join("\n====\n"));
    }
}

#[test]
fn hostile_texts_are_texts() {
    let (scenario, plan) = example(|draft| {
        draft.firms.rows[0].cells.name = HOSTILE.to_string().into();
        draft.firms.rows[0].cells.alliance = "=a/b:'[c]'".to_string().into();
        draft.firms.rows[1].cells.name = format!("={HOSTILE}").into();
        draft.firms.rows[1].cells.contact = "\u{1}\u{FFFE}".to_string().into();
        draft.surplus.rows[0].cells.remark = HOSTILE.to_string().into();
    });
    let paper = &papers(&scenario, &plan, "agreement")[0];
    assert!(
        paper.contains(&format!("出借方）：{HOSTILE}")) && paper.contains("联系人：\u{FFFD}\u{FFFD}"),
        "{paper}"
    );
    let workbook = plan_workbook(&scenario, &plan, Language::Zh);
    for n in 1.. {
        let Some(xml) = part(&workbook, &format!("xl/worksheets/sheet{n}.xml")) else { break };
        assert!(!xml.contains("<f>") && !xml.contains("<script") && !xml.contains("]]>"), "sheet {n}");
        assert!(!xml.contains("preserve\">="), "a text that begins like a formula");
    }
    let listed = part(&workbook, "xl/workbook.xml").expect("a workbook");
    assert!(listed.contains("name=\"=a_b__"), "{listed}");
}

#[test]
fn a_zone_has_its_own_texts() {
    let (scenario, plan) = example(|_| {});
    let own = "@blank ...\n== agreement\n# {lender} {zone} {blank}\n== amendment\nx\n== settlement\ny\n";
    let template =
        AgreementTemplate::read("own.txt", own.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let (_, bytes) = agreements(&scenario, &plan, &template).remove(0);
    let text = plain(&part(&bytes, "word/document.xml").expect("a document"));
    assert_eq!(text.trim(), "示例食品厂（虚构） 示例园区 ...");
}

#[test]
fn lights_of_the_example() {
    let (scenario, plan) = example(|draft| {
        draft.shortage.rows[0].cells.remark = "限男".to_string().into();
        draft.firms.rows[0].cells.staff = 20.into();
    });
    let all = lights(&scenario, &claims(&scenario, &plan));
    let has = |concern, subject: fn(&Subject) -> bool| {
        all.iter().any(|l| l.concern == concern && subject(&l.subject))
    };
    assert!(has(Concern::Wording, |subject| matches!(subject, Subject::Shortage(_))));
    assert!(has(Concern::ShareOfStaff, |subject| matches!(subject, Subject::Firm(_))));
    assert!(has(Concern::Consent, |subject| matches!(subject, Subject::Surplus(_))));
}
