//! What would fill a shortage that stays open: from an explanation of the plan, where there is one.

use maud::{Markup, html};
use tiaoji_core::scenario::ShortageIx;

use super::facts::{Facts, Rest};
use super::table::{Cell, Table, cut};
use crate::analysis::{ExplainedFile, RemedyFile};
use crate::messages::Language;
use crate::open_shortage::Nearest;
use crate::pictures::thousands;

/// Remedies of one shortage.
const EACH: usize = 3;
/// Rows of the table.
const ROWS: usize = 60;

impl Facts<'_> {
    fn explained(&self, j: ShortageIx) -> Option<&ExplainedFile> {
        self.explained.get(self.scenario.shortages()[j.index()].id.as_str()).copied()
    }

    /// Single changes that would fill more of a shortage, the best first.
    pub(super) fn remedies(&self, j: ShortageIx) -> &[RemedyFile] {
        self.explained(j).map_or(&[], |explained| &explained.remedies)
    }

    pub(super) fn remedy<'r>(&self, remedy: &'r RemedyFile) -> &'r str {
        match self.language {
            Language::En => &remedy.text,
            Language::Zh => &remedy.text_zh,
        }
    }

    /// What the zone saves; of a change that was not solved to the end at least that.
    pub(super) fn saves(&self, remedy: &RemedyFile) -> String {
        let saved = self.yuan(remedy.saved_fen);
        match (remedy.finished, self.language) {
            (true, _) => saved,
            (false, Language::En) => format!("at least {saved}"),
            (false, Language::Zh) => format!("至少 {saved}"),
        }
    }

    /// The best single change and what it brings, else what comes nearest and misses by a rule.
    pub(super) fn nearest(&self, j: ShortageIx) -> String {
        match self.explained(j).and_then(ExplainedFile::nearest) {
            Some(Nearest::Remedy(remedy)) => {
                let (text, days) = (self.remedy(remedy), thousands(remedy.worker_days));
                self.language.choose(format!("{text}: +{days}"), format!("{text}：+{days} 人天"))
            }
            Some(Nearest::Miss(_, miss)) => {
                self.language.choose(format!("nearest: {}", miss.text), format!("最接近：{}", miss.text_zh))
            }
            None => String::new(),
        }
    }

    /// What would fill the shortages that stay open, the largest first; a row of its own for one that no change helps.
    pub(super) fn remedies_table(&self, rests: &[Rest<'_, ShortageIx>]) -> Option<Markup> {
        if self.explained.is_empty() {
            return None;
        }
        let rows = |rest: &Rest<'_, ShortageIx>| -> Vec<Vec<Cell>> {
            let posting = &self.scenario.shortages()[rest.posting.index()];
            let head = || -> [Cell; 3] {
                [
                    Cell::Short(posting.id.clone()),
                    self.firm(rest.firm).name.as_str().into(),
                    self.skill(rest.skill).into(),
                ]
            };
            let row = |remedy: &RemedyFile| {
                let figures = [
                    Cell::Number(remedy.worker_days),
                    Cell::Number(remedy.zone_worker_days),
                    Cell::Figure(self.saves(remedy)),
                ];
                head()
                    .into_iter()
                    .chain([Cell::Wide(self.remedy(remedy).to_string())])
                    .chain(figures)
                    .collect()
            };
            let all: Vec<Vec<Cell>> = self.remedies(rest.posting).iter().take(EACH).map(row).collect();
            if !all.is_empty() {
                return all;
            }
            let mut none = self.say("no single change fills more", "没有能多满足的单项调整").to_string();
            // without a remedy, what misses by least
            let miss = self.nearest(rest.posting);
            if !miss.is_empty() {
                none.extend([self.say("; ", "；"), &miss]);
            }
            let dash = || Cell::Figure("–".to_string());
            vec![head().into_iter().chain([Cell::Wide(none), dash(), dash(), dash()]).collect()]
        };
        let (rows, more) = cut(rests.iter().flat_map(rows).collect(), ROWS);
        let table = Table {
            caption: self.say("What would fill them", "如何补上"),
            heads: vec![
                (self.say("Shortage", "缺工编号"), false),
                (self.say("Firm", "企业"), false),
                (self.say("Skill", "工种"), false),
                (self.say("Single change", "单项调整"), false),
                (self.say("Brings here", "本条增加"), true),
                (self.say("In the zone", "全园区增加"), true),
                (self.say("Saves", "节省"), true),
            ],
            rows,
            more: 0,
        };
        Some(html! {
            p {
                (self.say(
                    "Each change was made and solved on from this plan; worker-days here and in the whole zone, and what the \
                     zone would save, or at least that, where it was not solved to the end. The changes of two rows do not                      add up.",
                    "每项调整均在本方案基础上重新求解；列出本条和全园区增加的人天及可节省的金额（未求解到底的，注明“至少”）。多项调整的效果不能相加。",
                ))
            }
            (self.table(&table))
            @if more > 0 {
                p class="soft" {
                    (self.language.choose(
                        format!("… and {} more; the explanation of the plan lists all.", thousands(more as i64)),
                        format!("……另有 {} 条；方案的原因说明列出全部内容。", thousands(more as i64)),
                    ))
                }
            }
        })
    }
}
