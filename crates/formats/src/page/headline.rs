//! What the plan comes to, in a few figures and one sentence.

use maud::{Markup, html};

use super::facts::Facts;
use crate::messages::method_name;
use tiaoji_core::plan::Method;

impl Facts<'_> {
    pub(super) fn headline(&self) -> Markup {
        let (plan, kpis) = (self.plan, &self.plan.kpis);
        let when = self.scenario.days();
        let dates = if when.is_empty() {
            String::new()
        } else {
            format!("{} – {}", when.day(0), when.day(when.len() - 1))
        };
        let tiles = [
            (
                self.say("Filled", "已满足"),
                Self::percent(kpis.filled_worker_days, kpis.demanded_worker_days),
                self.language.choose(
                    format!(
                        "{} of {}",
                        crate::pictures::thousands(kpis.filled_worker_days),
                        self.worker_days(kpis.demanded_worker_days)
                    ),
                    format!(
                        "缺工 {}，满足 {}",
                        self.worker_days(kpis.demanded_worker_days),
                        self.worker_days(kpis.filled_worker_days)
                    ),
                ),
            ),
            (
                self.say("Cost of this plan", "本方案成本"),
                self.yuan(plan.objective_fen),
                self.language.choose(
                    format!(
                        "{} less than without lending",
                        self.yuan(plan.baseline_fen - plan.objective_fen)
                    ),
                    format!("比不调剂少 {}", self.yuan(plan.baseline_fen - plan.objective_fen)),
                ),
            ),
            (
                self.say("No plan costs less than", "任何方案都不低于"),
                self.yuan(plan.bound_fen),
                self.say("the proven bound", "已证明的下界").to_string(),
            ),
            (self.say("Gap", "差距"), self.gap(), self.gap_in_words()),
        ];
        html! {
            p class="kicker" { (self.say("Labour-sharing plan", "共享用工调剂方案")) }
            h1 { (self.scenario.name()) }
            p class="soft" {
                @if !self.scenario.zone().is_empty() { (self.scenario.zone()) " · " }
                span class="short" { (dates) }
            }
            dl class="tiles" {
                @for (name, value, note) in tiles {
                    div { dt { (name) } dd class="value" { (value) } dd class="note" { (note) } }
                }
            }
            p class="lead" { (self.in_words()) }
        }
    }

    fn gap(&self) -> String {
        let plan = self.plan;
        match plan.objective_fen - plan.bound_fen {
            0 => "0 %".to_string(),
            _ => format!("{:.2} %", (plan.gap * 100.0).max(0.01)),
        }
    }

    fn gap_in_words(&self) -> String {
        if self.plan.objective_fen == self.plan.bound_fen {
            return self.say("no better plan exists", "不存在更好的方案").to_string();
        }
        let missed = self.yuan(self.plan.objective_fen - self.plan.bound_fen);
        self.language
            .choose(format!("at most {missed} could still be saved"), format!("最多还可节省 {missed}"))
    }

    fn in_words(&self) -> String {
        let kpis = &self.plan.kpis;
        let across = Self::percent(kpis.lent_across_alliance_days, kpis.filled_worker_days);
        let [offered, idle, open] =
            [kpis.offered_worker_days, kpis.idle_worker_days, kpis.unfilled_worker_days]
                .map(|days| self.worker_days(days));
        let secondments = crate::pictures::thousands(kpis.secondments);
        self.language.choose(
            format!(
                "{secondments} secondments fill {} of what was asked for; {across} of that crosses between alliances. \
                 {open} stay open, and of the {offered} offered {idle} stay idle.",
                self.worker_days(kpis.filled_worker_days),
            ),
            format!(
                "共 {secondments} 条借调，满足缺工 {}，其中 {across} 跨联盟。仍缺 {open}；余工 {offered}，其中 {idle}闲置。",
                self.worker_days(kpis.filled_worker_days),
            ),
        )
    }

    /// Where the plan comes from, and what its figures rest on.
    pub(super) fn made_by(&self) -> String {
        let plan = self.plan;
        let known = Method::ALL.into_iter().find(|method| method.name() == plan.method);
        let method = known.map_or(plan.method.as_str(), |method| method_name(method, self.language));
        let by_prices = plan.bound_by == "prices";
        self.language.choose(
            format!(
                "Made by {}, method: {method}. The bound is proven by {}. Worker-days count working days only. All money \
                 is what the zone's policy counts, not what anybody pays.",
                plan.engine,
                if by_prices { "prices in whole numbers, which anybody can check" } else { "a finished search" },
            ),
            format!(
                "由 {} 生成，方法：{method}。下界由{}证明。人天只计工作日。金额按园区政策计算，并非任何一方的实际支付。",
                plan.engine,
                if by_prices { "整数价格（任何人可复核）" } else { "完整搜索" },
            ),
        )
    }
}
