//! The papers that turn the lines of a plan into an agreement: for every pair of lender and borrower the draft
//! co-operation agreement, the amendment that each worker signs, and the settlement sheet.
//!
//! What tiaoji does not know stays blank. No worker's name appears anywhere, since none is known. Day pay goes through
//! unchanged: what the borrower pays is what the workers get, and there is no field for a fee.

use std::collections::BTreeMap;

use tiaoji_core::referee::Claim;
use tiaoji_core::scenario::{Firm, FirmIx, Scenario, Shortage, Surplus};
use tiaoji_core::units::{Count, Fen};

use super::template::{AgreementTemplate, Line, PAPERS, Piece};
use crate::cell::show_money;
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
    for (number, ((lender, borrower), claims)) in (1..).zip(pairs) {
        let (lender, borrower) = (scenario.firm(lender), scenario.firm(borrower));
        let pair = Pair { scenario, lender, borrower, claims, template };
        for (paper, lines) in PAPERS.iter().zip(&template.papers) {
            // The number keeps the names apart where ids differ only in what a file system does not take.
            let name = format!("{number:03}_{}_{}_{paper}.docx", safe(&lender.id), safe(&borrower.id));
            files.push((name, pair.paper(lines)));
        }
    }
    files
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
}

impl Pair<'_> {
    fn paper(&self, lines: &[Line]) -> Vec<u8> {
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
        write(&self.number(), &blocks)
    }

    fn number(&self) -> String {
        format!("{}-{}", self.lender.id, self.borrower.id)
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
            "number" => self.number(),
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

    /// Worker-days by month, work and day pay, and what that comes to.
    fn months(&self) -> Vec<Vec<String>> {
        let mut by_month: BTreeMap<(i16, i8, String, Option<Fen>), Count> = BTreeMap::new();
        for claim in &self.claims {
            let span = self.scenario.days().span(claim.from, claim.to);
            for t in span.start..span.end {
                let (year, month, _) = self.scenario.days().day(t).ymd();
                let key = (year, month, self.work(claim), self.shortage(claim).day_pay);
                *by_month.entry(key).or_default() += claim.count;
            }
        }
        let mut total = (0, Some(0_i64));
        let mut rows = Vec::new();
        for ((year, month, work, pay), days) in by_month {
            let amount = pay.and_then(|pay| pay.checked_mul(days));
            total = (total.0 + days, total.1.zip(amount).and_then(|(sum, amount)| sum.checked_add(amount)));
            rows.push(vec![
                format!("{year}-{month:02}"),
                work,
                pay.map_or_else(|| self.blank(), show_money),
                days.to_string(),
                amount.map_or_else(|| self.blank(), show_money),
                String::new(),
                String::new(),
            ]);
        }
        rows.push(vec![
            self.template.term("total").to_string(),
            String::new(),
            String::new(),
            total.0.to_string(),
            total.1.map_or_else(|| self.blank(), show_money),
            String::new(),
            String::new(),
        ]);
        rows
    }
}
