//! The objective split by term, beside what no lending costs and what no plan can go below.

use maud::{Markup, html};

use super::facts::Facts;
use super::picture;
use super::table::{Cell, Table};
use crate::pictures::{Caption, Cost, Costs, costs};

impl Facts<'_> {
    pub(super) fn costs(&self) -> Markup {
        let plan = self.plan;
        let terms = [
            ('b', self.say("shortage that stays", "未满足"), plan.kpis.unmet_cost_fen),
            ('a', self.say("lending", "出借"), plan.kpis.lending_cost_fen),
            ('c', self.say("starts", "上岗"), plan.kpis.start_cost_fen),
        ];
        let line = |name: &str, parts, fen| Cost { name: name.to_string(), parts, sum: self.yuan(fen) };
        let own = terms.iter().map(|(tone, name, fen)| (*tone, (*name).to_string(), *fen)).collect();
        let whole = |tone, name: &str, fen| vec![(tone, name.to_string(), fen)];
        let (without, bound) = (self.say("No lending", "不调剂"), self.say("Proven bound", "已证明的下界"));
        let lines = [
            line(without, whole('b', terms[0].1, plan.baseline_fen), plan.baseline_fen),
            line(self.say("This plan", "本方案"), own, plan.objective_fen),
            line(
                bound,
                whole('d', self.say("no plan costs less", "任何方案都不低于此"), plan.bound_fen),
                plan.bound_fen,
            ),
        ];
        let title = self.say("Costs side by side", "成本对比");
        let [a, b, c] = [plan.baseline_fen, plan.objective_fen, plan.bound_fen].map(|fen| self.yuan(fen));
        let description = self.language.choose(
            format!("Without lending {a}, with this plan {b}, and no plan below {c}."),
            format!("不调剂 {a}，本方案 {b}，任何方案不低于 {c}。"),
        );
        let svg = costs(&Costs {
            caption: Caption { id: "costs-p", title, description: &description },
            lines: &lines,
        });
        let mut rows: Vec<Vec<Cell>> = terms
            .iter()
            .map(|(_, name, fen)| {
                vec![
                    (*name).into(),
                    Cell::Figure(self.yuan(*fen)),
                    Cell::Figure(Self::percent(*fen, plan.objective_fen)),
                ]
            })
            .collect();
        rows.push(vec![
            self.say("this plan", "本方案合计").into(),
            Cell::Figure(self.yuan(plan.objective_fen)),
            Cell::Figure(Self::percent(plan.objective_fen, plan.objective_fen)),
        ]);
        let table = Table {
            caption: self.say("The cost of this plan by term", "本方案成本构成"),
            heads: vec![
                (self.say("Term", "项目"), false),
                (self.say("Amount", "金额"), true),
                (self.say("Share", "占比"), true),
            ],
            rows,
            more: 0,
        };
        let changes = plan.stability_fen.zip(plan.changed_worker_days).map(|(fen, days)| {
            let (fen, days) = (self.yuan(fen), self.worker_days(days));
            self.language.choose(
                format!("Against the earlier plan {days} changed, which counts {fen} and is not part of the above."),
                format!("与原方案相比变动 {days}，计 {fen}，不含在上述金额内。"),
            )
        });
        html! {
            p class="legend" {
                @for (tone, name, _) in &terms { span { i class={ "key tone-" (tone) } {} (name) } }
            }
            (picture(title, svg))
            (self.table(&table))
            @if let Some(text) = changes { p { (text) } }
        }
    }
}
