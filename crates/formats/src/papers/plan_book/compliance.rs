//! The lights, the red ones first.

use tiaoji_core::compliance::{Light, Subject};

use super::{Book, colour, text};
use crate::messages::{concern_name, concern_source, level_name, light_text};
use crate::office::book::BookSheet;

impl Book<'_> {
    pub(super) fn compliance(&self) -> BookSheet {
        let place = |subject: Subject| match subject {
            Subject::Surplus(i) => {
                let posting = &self.scenario.surplus()[i.index()];
                (
                    self.say("surplus", "余工"),
                    posting.id.clone(),
                    self.scenario.firm(posting.firm).name.clone(),
                )
            }
            Subject::Shortage(j) => {
                let posting = &self.scenario.shortages()[j.index()];
                (
                    self.say("shortage", "缺工"),
                    posting.id.clone(),
                    self.scenario.firm(posting.firm).name.clone(),
                )
            }
            Subject::Secondment(at) => {
                let claim = &self.claims[at];
                let firms = format!("{} → {}", self.lender(claim).name, self.borrower(claim).name);
                (self.say("secondment", "借调"), (at + 1).to_string(), firms)
            }
            Subject::Firm(firm) => {
                let firm = self.scenario.firm(firm);
                (self.say("firm", "企业"), firm.id.clone(), firm.name.clone())
            }
        };
        let mut order: Vec<&Light> = self.lights.iter().collect();
        order.sort_by_key(|light| std::cmp::Reverse(light.level));
        let row = |light: &&Light| {
            let (kind, id, firms) = place(light.subject);
            vec![
                text(level_name(light.level, self.language)).styled(colour(light.level)),
                text(kind),
                text(&id),
                text(&firms),
                text(concern_name(light.concern, self.language)),
                text(&light_text(light, self.language)),
                text(&concern_source(light.concern)),
            ]
        };
        let rows = order.iter().map(row).collect();
        let columns = [
            ("Light", "灯", 8),
            ("Where", "对象", 10),
            ("Id or No.", "编号或序号", 11),
            ("Firm", "企业", 36),
            ("About", "事项", 14),
            ("What", "说明", 52),
            ("Rule and source", "规则与依据", 54),
        ];
        self.table(self.say("Compliance", "合规提示"), &columns, rows)
    }
}
