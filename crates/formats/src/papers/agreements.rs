//! The papers that turn the lines of a plan into an agreement: for every pair of lender and borrower the draft
//! co-operation agreement, the amendment that each worker signs, and the settlement sheet.
//!
//! What tiaoji does not know stays blank. No worker's name appears anywhere, since none is known. Day pay goes through
//! unchanged: what the borrower pays is what the workers get, and there is no field for a fee.

use std::collections::BTreeMap;

use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::{Firm, FirmIx, Scenario, Shortage, Surplus};
use tiaoji_core::units::{Count, Fen};

use super::html;
use super::template::{AgreementTemplate, Line, PAPERS, Piece};
use crate::cell::show_money;
use crate::messages::Language;
use crate::office::book::{self, BookCell, BookSheet, Style};
use crate::office::document::{Block, Grid, write};
use crate::plan::PlanFile;

/// Names and contents (`.docx`) of the papers of a plan: three for every pair of firms, in the order of lenders and
/// borrowers as posted. Secondments whose postings the scenario does not have are left out: check the plan first.
pub fn agreements(
    scenario: &Scenario,
    plan: &PlanFile,
    template: &AgreementTemplate,
) -> Vec<(String, Vec<u8>)> {
    let mut pairs: BTreeMap<(FirmIx, FirmIx), Vec<Claim>> = BTreeMap::new();
    for claim in crate::plan::claims(scenario, plan) {
        let lender = scenario.surplus()[claim.surplus.index()].firm;
        let borrower = scenario.shortages()[claim.shortage.index()].firm;
        pairs.entry((lender, borrower)).or_default().push(claim);
    }
    let mut files = Vec::new();
    for (place, ((lender, borrower), claims)) in (1..).zip(pairs) {
        let (lender, borrower) = (scenario.firm(lender), scenario.firm(borrower));
        let number = format!("{}-{}", lender.id, borrower.id);
        let pair =
            Pair { scenario, lender, borrower, claims, template, number, standing: "draft", actual: None };
        for (paper, lines) in PAPERS.iter().zip(&template.papers) {
            // The number keeps the names apart where ids differ only in what a file system does not take.
            let name = format!("{place:03}_{}_{}_{paper}.docx", safe(&lender.id), safe(&borrower.id));
            files.push((name, pair.paper(lines)));
        }
    }
    files
}

/// One agreement in the state that it is in.
#[derive(Clone, Debug)]
pub struct Agreed<'a> {
    /// Its number.
    pub number: &'a str,
    /// The name of its state: `agreed`, `signed`, `active`, `ended`, `disputed`, `settled`, `cancelled`.
    pub state: &'a str,
    /// Who works when: of one pair of postings, with the day pay that was agreed as that of the shortage.
    pub claims: Vec<Claim>,
    /// The worker-days that the borrower states, once there are any.
    pub worker_days: Option<Count>,
}

/// A paper of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Between the two firms.
    Agreement,
    /// Between the lender and each worker.
    Amendment,
    /// Of the pay.
    Settlement,
}

/// A paper (`.docx`) of one agreement; none where it has no claim, since then nobody knows its firms.
pub fn agreement_paper(
    scenario: &Scenario,
    agreed: &Agreed<'_>,
    paper: Paper,
    template: &AgreementTemplate,
) -> Option<Vec<u8>> {
    let pair = Pair::of(scenario, agreed, template)?;
    Some(pair.paper(&template.papers[paper as usize]))
}

/// The same as HTML, for a page to read and to print: an article in Chinese that brings its heading.
pub fn agreement_html(
    scenario: &Scenario,
    agreed: &Agreed<'_>,
    paper: Paper,
    template: &AgreementTemplate,
) -> Option<String> {
    let pair = Pair::of(scenario, agreed, template)?;
    Some(html::write(&pair.blocks(&template.papers[paper as usize])))
}

/// The settlement sheet of one agreement as a workbook (`.xlsx`) in that language, amounts as numbers.
pub fn settlement_workbook(
    scenario: &Scenario,
    agreed: &Agreed<'_>,
    template: &AgreementTemplate,
    language: Language,
) -> Option<Vec<u8>> {
    Some(book::write(&[Pair::of(scenario, agreed, template)?.settlement_sheet(language)]))
}

/// Whether a file is called as [`agreements`] calls its papers.
pub fn is_agreement(name: &str) -> bool {
    let numbered =
        name.split('_').next().is_some_and(|n| n.len() >= 3 && n.bytes().all(|b| b.is_ascii_digit()));
    numbered && PAPERS.iter().any(|paper| name.ends_with(&format!("_{paper}.docx")))
}

/// An id as a part of a file's name.
fn safe(id: &str) -> String {
    id.chars().map(|c| if c.is_alphanumeric() || "-.".contains(c) { c } else { '_' }).collect()
}

struct Pair<'a> {
    scenario: &'a Scenario,
    lender: &'a Firm,
    borrower: &'a Firm,
    claims: Vec<Claim>,
    template: &'a AgreementTemplate,
    number: String,
    /// A term of the template.
    standing: &'a str,
    /// Worker-days that there were.
    actual: Option<Count>,
}

/// What is due for a month, a work and a day pay.
struct Due {
    month: String,
    work: String,
    pay: Option<Fen>,
    days: Count,
    amount: Option<Fen>,
}

impl<'a> Pair<'a> {
    fn of(scenario: &'a Scenario, agreed: &Agreed<'a>, template: &'a AgreementTemplate) -> Option<Pair<'a>> {
        let first = agreed.claims.first()?;
        Some(Pair {
            scenario,
            lender: scenario.firm(scenario.surplus()[first.surplus.index()].firm),
            borrower: scenario.firm(scenario.shortages()[first.shortage.index()].firm),
            claims: agreed.claims.clone(),
            template,
            number: agreed.number.to_string(),
            standing: agreed.state,
            actual: agreed.worker_days,
        })
    }

    fn paper(&self, lines: &[Line]) -> Vec<u8> {
        write(&self.number, &self.blocks(lines))
    }

    fn blocks(&self, lines: &[Line]) -> Vec<Block> {
        let mut blocks = Vec::new();
        for line in lines {
            match line {
                Line::Title(text) => blocks.push(Block::Title(self.fill(text))),
                Line::Heading(text) => blocks.push(Block::Heading(self.fill(text))),
                Line::Note(text) => blocks.push(Block::Note(self.fill(text))),
                Line::Paragraph(text) => blocks.push(Block::Paragraph(self.fill(text))),
                Line::Table(table, headers) => blocks.push(Block::Table(self.table(table, headers))),
                Line::NewPage => blocks.push(Block::NewPage),
                Line::Columns(row) => {
                    let row = [self.fill(&row[0]), self.fill(&row[1])];
                    match blocks.last_mut() {
                        Some(Block::Columns(rows)) => rows.push(row),
                        _ => blocks.push(Block::Columns(vec![row])),
                    }
                }
            }
        }
        blocks
    }

    fn blank(&self) -> String {
        self.template.term("blank").to_string()
    }

    fn fill(&self, text: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Plain(text) => text.clone(),
            Piece::Field(field) => self.field(field),
        };
        text.iter().map(piece).collect()
    }

    fn field(&self, field: &str) -> String {
        let or_blank = |text: &Option<String>| text.clone().unwrap_or_else(|| self.blank());
        match field {
            "number" => self.number.clone(),
            "standing" => self.template.term(self.standing).to_string(),
            "scenario" => self.scenario.name().to_string(),
            "zone" if !self.scenario.zone().is_empty() => self.scenario.zone().to_string(),
            "lender" => self.lender.name.clone(),
            "borrower" => self.borrower.name.clone(),
            "lender_contact" => or_blank(&self.lender.contact),
            "lender_phone" => or_blank(&self.lender.phone),
            "borrower_contact" => or_blank(&self.borrower.contact),
            "borrower_phone" => or_blank(&self.borrower.phone),
            "workers" => self.claims.iter().map(|c| c.count).sum::<Count>().to_string(),
            "from" => {
                self.claims.iter().map(|c| c.from).min().map_or_else(|| self.blank(), |day| day.to_string())
            }
            "to" => {
                self.claims.iter().map(|c| c.to).max().map_or_else(|| self.blank(), |day| day.to_string())
            }
            "worker_days" => self.claims.iter().map(|c| self.worker_days(c)).sum::<Count>().to_string(),
            "certificates" => self.certificates(),
            "rest_days" => self.rest_days(),
            "night" => {
                let at_night = self.claims.iter().any(|claim| self.shortage(claim).night_shift);
                self.template.term(if at_night { "night" } else { "no_night" }).to_string()
            }
            _ => self.blank(),
        }
    }

    fn surplus(&self, claim: &Claim) -> &Surplus {
        &self.scenario.surplus()[claim.surplus.index()]
    }

    fn shortage(&self, claim: &Claim) -> &Shortage {
        &self.scenario.shortages()[claim.shortage.index()]
    }

    fn days(&self, claim: &Claim) -> Count {
        self.scenario.days().span(claim.from, claim.to).len() as Count
    }

    fn worker_days(&self, claim: &Claim) -> Count {
        claim.count * self.days(claim)
    }

    /// The work that is done, and what the workers come from where that is another skill.
    fn work(&self, claim: &Claim) -> String {
        let (from, to) = (self.surplus(claim).skill, self.shortage(claim).skill);
        let name =
            |skill: tiaoji_core::scenario::SkillIx| self.scenario.skills()[skill.index()].name.as_str();
        let trained = self.template.term("retrained").replace("{skill}", name(from));
        if from == to { name(to).to_string() } else { format!("{}{trained}", name(to)) }
    }

    fn pay(&self, claim: &Claim) -> String {
        self.shortage(claim).day_pay.map_or_else(|| self.blank(), show_money)
    }

    fn certificates(&self) -> String {
        let mut demanded: Vec<String> = Vec::new();
        for claim in &self.claims {
            let skill = &self.scenario.skills()[self.shortage(claim).skill.index()];
            let text = skill.certificate.as_ref().map(|certificate| format!("{}：{certificate}", skill.name));
            demanded.extend(text.filter(|text| !demanded.contains(text)));
        }
        let list = self.template.term("list");
        if demanded.is_empty() {
            self.template.term("no_certificate").to_string()
        } else {
            demanded.join(list)
        }
    }

    fn rest_days(&self) -> String {
        const NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
        let rest = NAMES.iter().zip(self.scenario.policy().rest_weekdays).filter(|(_, rests)| *rests);
        let rest: Vec<&str> = rest.map(|(name, _)| *name).collect();
        if rest.is_empty() { self.blank() } else { rest.join(self.template.term("list")) }
    }

    fn table(&self, table: &str, headers: &[String]) -> Grid {
        let (widths, rows) = match table {
            "secondments" => (vec![7, 23, 8, 15, 15, 9, 9, 14], self.secondments()),
            "choice" => (vec![10, 36, 18, 18, 18], self.choice()),
            "months" => (vec![13, 21, 12, 11, 16, 11, 16], self.months()),
            _ => (vec![14, 18, 12, 12, 18, 13, 13], vec![vec![String::new(); headers.len()]; 5]),
        };
        Grid { widths, rows: std::iter::once(headers.to_vec()).chain(rows).collect() }
    }

    fn secondments(&self) -> Vec<Vec<String>> {
        let row = |(number, claim): (usize, &Claim)| {
            vec![
                number.to_string(),
                self.work(claim),
                claim.count.to_string(),
                claim.from.to_string(),
                claim.to.to_string(),
                self.days(claim).to_string(),
                self.worker_days(claim).to_string(),
                self.pay(claim),
            ]
        };
        (1..).zip(&self.claims).map(row).collect()
    }

    fn choice(&self) -> Vec<Vec<String>> {
        let row = |claim: &Claim| {
            vec![
                "□".to_string(),
                self.work(claim),
                claim.from.to_string(),
                claim.to.to_string(),
                self.pay(claim),
            ]
        };
        self.claims.iter().map(row).collect()
    }

    /// Worker-days by month, work and day pay, and what that comes to; the total last.
    fn due(&self) -> Vec<Due> {
        let mut by_month: BTreeMap<(i16, i8, String, Option<Fen>), Count> = BTreeMap::new();
        for claim in &self.claims {
            let span = self.scenario.days().span(claim.from, claim.to);
            for t in span.start..span.end {
                let (year, month, _) = self.scenario.days().day(t).ymd();
                let key = (year, month, self.work(claim), self.shortage(claim).day_pay);
                *by_month.entry(key).or_default() += claim.count;
            }
        }
        let row = |((year, month, work, pay), days): ((i16, i8, String, Option<Fen>), Count)| Due {
            month: format!("{year}-{month:02}"),
            work,
            pay,
            days,
            amount: pay.and_then(|pay| pay.checked_mul(days)),
        };
        let mut rows: Vec<Due> = by_month.into_iter().map(row).collect();
        rows.push(Due {
            month: self.template.term("total").to_string(),
            work: String::new(),
            pay: None,
            days: rows.iter().map(|row| row.days).sum(),
            amount: rows.iter().try_fold(0_i64, |sum, row| sum.checked_add(row.amount?)),
        });
        rows
    }

    /// What the worker-days that there were come to; none where they are not known, or of several day pays.
    fn actual_amount(&self) -> Option<Fen> {
        let pays: Vec<Option<Fen>> = self.claims.iter().map(|claim| self.shortage(claim).day_pay).collect();
        let pay = pays.first().copied().flatten().filter(|_| pays.iter().all(|pay| *pay == pays[0]))?;
        pay.checked_mul(self.actual?)
    }

    fn months(&self) -> Vec<Vec<String>> {
        let due = self.due();
        let last = due.len() - 1;
        let money = |fen: Option<Fen>| fen.map_or_else(|| self.blank(), show_money);
        let row = |(at, row): (usize, &Due)| {
            let actual = self.actual.filter(|_| at == last).map(|days| days.to_string());
            let amount = self.actual_amount().filter(|_| at == last).map(show_money);
            vec![
                row.month.clone(),
                row.work.clone(),
                if at == last { String::new() } else { money(row.pay) },
                row.days.to_string(),
                money(row.amount),
                actual.unwrap_or_default(),
                amount.unwrap_or_default(),
            ]
        };
        due.iter().enumerate().map(row).collect()
    }

    fn settlement_sheet(&self, language: Language) -> BookSheet {
        const COLUMNS: [(&str, &str, u16); 7] = [
            ("Month", "月份", 12),
            ("Work", "岗位", 24),
            ("Day pay (CNY)", "日薪（元）", 14),
            ("Worker-days planned", "计划人天", 14),
            ("Pay due by plan (CNY)", "计划应付劳动报酬（元）", 22),
            ("Worker-days worked", "实际人天", 14),
            ("Pay due (CNY)", "实际应付劳动报酬（元）", 22),
        ];
        let header =
            |&(en, zh, _): &(&str, &str, u16)| BookCell::text(language.choose(en, zh)).styled(Style::Header);
        let money = |fen: Option<Fen>| fen.map_or_else(BookCell::default, BookCell::money);
        let due = self.due();
        let last = due.len() - 1;
        let row = |(at, row): (usize, &Due)| {
            vec![
                BookCell::text(row.month.as_str()),
                BookCell::text(row.work.as_str()),
                money(row.pay),
                BookCell::whole(row.days),
                money(row.amount),
                self.actual.filter(|_| at == last).map_or_else(BookCell::default, BookCell::whole),
                money(self.actual_amount().filter(|_| at == last)),
            ]
        };
        let parties = format!("{} → {}", self.lender.name, self.borrower.name);
        let head = [
            vec![BookCell::text(self.number.as_str()).styled(Style::Title)],
            vec![BookCell::text(parties).styled(Style::Note)],
            COLUMNS.iter().map(header).collect(),
        ];
        BookSheet {
            name: language.choose("Settlement", "结算单").to_string(),
            columns: COLUMNS.iter().map(|(.., width)| (*width, Style::Plain)).collect(),
            rows: head.into_iter().chain(due.iter().enumerate().map(row)).collect(),
            frozen: (3, 0),
            landscape: true,
            ..BookSheet::default()
        }
    }
}
