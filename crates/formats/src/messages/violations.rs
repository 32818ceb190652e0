//! Words for what the referee finds in a plan.

use tiaoji_core::referee::Violation;
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};

use super::Words;
use super::names::{Language, rule_name};

/// A violation's codes (one for each rule that is broken) and its words.
pub(crate) fn violation(scenario: &Scenario, violation: &Violation) -> Vec<(&'static str, Words)> {
    let surplus = |i: SurplusIx| &scenario.surplus()[i.index()].id;
    let shortage = |j: ShortageIx| &scenario.shortages()[j.index()].id;
    match violation {
        Violation::Shape { .. } => vec![(
            "shape",
            Words::new(
                "the count is not positive, or the dates are reversed or no working days of the scenario",
                "人数不是正数，或日期颠倒，或不是场景的工作日",
                "give a positive count, and working days from first to last",
                "请填写正的人数以及先后正确的工作日",
            ),
        )],
        Violation::Supply { surplus: i, day, lent, capacity } => vec![(
            "supply",
            Words::new(
                format!("on {day} `{}` lends {lent} workers and has {capacity}", surplus(*i)),
                format!("{day} 当天 `{}` 出借 {lent} 人，而只有 {capacity} 人", surplus(*i)),
                "lend fewer",
                "请减少出借人数",
            ),
        )],
        Violation::Demand { shortage: j, day, sent, demand } => vec![(
            "demand",
            Words::new(
                format!("on {day} `{}` gets {sent} workers and asks for {demand}", shortage(*j)),
                format!("{day} 当天 `{}` 借入 {sent} 人，而只需要 {demand} 人", shortage(*j)),
                "send fewer",
                "请减少借入人数",
            ),
        )],
        Violation::Rules { surplus: i, shortage: j, day, rules } => {
            let words = |rule: tiaoji_core::rules::Rule| {
                Words::new(
                    format!("{} -> {} breaks `{}` on {day}", surplus(*i), shortage(*j), rule.code()),
                    format!(
                        "{} -> {} 在 {day} 违反规则：{}",
                        surplus(*i),
                        shortage(*j),
                        rule_name(rule, Language::Zh)
                    ),
                    "remove the secondment, or pin it with `forced`",
                    "请删除该借调，或作为强制的已定借调",
                )
            };
            rules.iter().map(|rule| (rule.code(), words(rule))).collect()
        }
        Violation::Pin { surplus: i, shortage: j, day, pinned, count } => vec![(
            "pin",
            Words::new(
                format!(
                    "on {day} {} -> {} has {count} workers, its pins say {pinned}",
                    surplus(*i),
                    shortage(*j)
                ),
                format!(
                    "{day} 当天 {} -> {} 为 {count} 人，已定借调为 {pinned} 人",
                    surplus(*i),
                    shortage(*j)
                ),
                "keep what is pinned",
                "请保留已定的人数",
            ),
        )],
    }
}

#[cfg(test)]
mod tests {
    use tiaoji_core::rules::{Rule, RuleSet};
    use tiaoji_core::units::Day;

    use super::*;

    #[test]
    fn every_violation_in_both_languages() {
        let options = crate::GenerateOptions {
            firms: 3,
            surplus: 2,
            shortage: 2,
            days: 10,
            seed: 1,
            ..crate::GenerateOptions::default()
        };
        let scenario = Scenario::new(&crate::generate(&options)).expect("made-up zones are valid");
        let (surplus, shortage) = (SurplusIx(0), ShortageIx(1));
        let day = Day::from_number(19_060);
        let mut rules = RuleSet::default();
        for &rule in Rule::ALL {
            rules.insert(rule);
        }
        let all = [
            Violation::Shape { claim: 0 },
            Violation::Supply { surplus, day, lent: 5, capacity: 4 },
            Violation::Demand { shortage, day, sent: 5, demand: 4 },
            Violation::Rules { surplus, shortage, day, rules },
            Violation::Pin { surplus, shortage, day, pinned: 3, count: 2 },
        ];
        let text: Vec<String> = all
            .iter()
            .flat_map(|v| violation(&scenario, v))
            .map(|(code, w)| {
                format!("{code}: {}; {}\n{}；{}", w.message, w.remedy, w.message_zh, w.remedy_zh)
            })
            .collect();
        insta::assert_snapshot!(text.join("\n\n"));
    }
}
