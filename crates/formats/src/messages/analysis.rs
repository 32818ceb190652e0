//! Reasons in detail and remedies, in words.

use tiaoji_core::analysis::{Change, Miss, Rival};
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::{FirmIx, Scenario, ShortageIx, SkillIx, SurplusIx};
use tiaoji_core::units::{Fen, Metres};

use super::Language;

/// Metres as kilometres, with one decimal where that says it all.
pub fn kilometres(metres: Metres) -> String {
    let (whole, rest) = (metres / 1000, format!("{:03}", metres % 1000));
    let rest = rest.trim_end_matches('0');
    format!("{whole}.{}", if rest.is_empty() { "0" } else { rest })
}

/// Metres as kilometres with one decimal, or as many as it takes to tell them from others, rounded.
fn rounded_kilometres(metres: Metres, from: Option<Metres>) -> String {
    let rounded = |metres: Metres, unit: Metres| (metres + unit / 2) / unit * unit;
    let tells = |unit: &Metres| {
        from.is_none_or(|from| from == metres || rounded(metres, *unit) != rounded(from, *unit))
    };
    let unit = [100, 10].into_iter().find(tells).unwrap_or(1);
    kilometres(rounded(metres, unit))
}

fn yuan(fen: Fen) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// Who a posting of workers is: number, skill, firm, id.
fn who(scenario: &Scenario, workers: i64, skill: SkillIx, firm: FirmIx, id: &str, zh: bool) -> String {
    let skill = &scenario.skills()[skill.index()].name;
    let firm = scenario.firm(firm);
    if zh {
        format!("{} {} 名 {skill}（{id}）", firm.name, workers)
    } else {
        format!("{workers} {skill} at {} {} ({id})", firm.id, firm.name)
    }
}

/// One miss of a lender's posting: who, how far, and what would have been needed.
pub fn lender_miss(scenario: &Scenario, rule: Rule, miss: &Miss<SurplusIx>, language: Language) -> String {
    let surplus = &scenario.surplus()[miss.posting.index()];
    let zh = language == Language::Zh;
    let who = who(scenario, miss.workers, surplus.skill, surplus.firm, &surplus.id, zh);
    told(&who, rule, miss.distance, miss.measure, zh)
}

/// One miss of a borrower's posting.
pub fn borrower_miss(scenario: &Scenario, rule: Rule, miss: &Miss<ShortageIx>, language: Language) -> String {
    let shortage = &scenario.shortages()[miss.posting.index()];
    let zh = language == Language::Zh;
    let who = who(scenario, miss.workers, shortage.skill, shortage.firm, &shortage.id, zh);
    told(&who, rule, miss.distance, miss.measure, zh)
}

fn told(who: &str, rule: Rule, distance: Metres, measure: Option<(i64, i64)>, zh: bool) -> String {
    let limit = measure.map(|(_, limit)| limit).filter(|_| rule == Rule::Distance);
    let km = rounded_kilometres(distance, limit);
    let why = match (rule, measure, zh) {
        (Rule::Distance, Some((_, limit)), false) => format!(", limit {}", kilometres(limit)),
        (Rule::Distance, Some((_, limit)), true) => format!("，上限 {} 公里", kilometres(limit)),
        (Rule::Pay, Some((pay, floor)), false) => format!(", pay {} below {}", yuan(pay), yuan(floor)),
        (Rule::Pay, Some((pay, floor)), true) => {
            format!("，日薪 {} 元，低于 {} 元", yuan(pay), yuan(floor))
        }
        (Rule::Dates, Some((1, _)), false) => ", 1 working day lies between".to_string(),
        (Rule::Dates, Some((gap, _)), false) => format!(", {gap} working days lie between"),
        (Rule::Dates, Some((gap, _)), true) => format!("，中间相隔 {gap} 个工作日"),
        (Rule::MinStay, Some((days, stay)), false) => {
            format!(", {days} days in common, shortest stay {stay}")
        }
        (Rule::MinStay, Some((days, stay)), true) => format!("，共同 {days} 天，最短 {stay} 天"),
        _ => String::new(),
    };
    if zh { format!("{who}，距离 {km} 公里{why}") } else { format!("{who}, {km} km away{why}") }
}

/// What one worker more of a partner would cost the zone.
pub fn rival_text<P>(rival: &Rival<P>, id: &str, language: Language) -> String {
    let (from, to, short) = (rival.from, rival.to, yuan(rival.short));
    match (language, rival.short) {
        (Language::Zh, 0) => format!("{from} 至 {to} 与 {id} 多调剂 1 人，与现方案价值相当"),
        (Language::Zh, _) => format!("{from} 至 {to} 与 {id} 多调剂 1 人，全园区每天至少多花 {short} 元"),
        (_, 0) => format!("one worker more with {id} from {from} to {to} is worth the same either way"),
        (_, _) => {
            format!("one worker more with {id} from {from} to {to} costs the zone {short} CNY a day at least")
        }
    }
}

/// What a change does.
pub fn change_text(scenario: &Scenario, change: Change, language: Language) -> String {
    let zh = language == Language::Zh;
    let firm = |ix: FirmIx| scenario.firm(ix).name.as_str();
    let lender = |i: SurplusIx| {
        let surplus = &scenario.surplus()[i.index()];
        if zh {
            format!("{} 的 {}", firm(surplus.firm), surplus.id)
        } else {
            format!("{} of {}", surplus.id, firm(surplus.firm))
        }
    };
    let borrower = |j: ShortageIx| {
        let shortage = &scenario.shortages()[j.index()];
        if zh {
            format!("{} 的 {}", firm(shortage.firm), shortage.id)
        } else {
            format!("{} of {}", shortage.id, firm(shortage.firm))
        }
    };
    let skill = |s: SkillIx| scenario.skills()[s.index()].name.as_str();
    let both = |en: String, zh_text: String| if zh { zh_text } else { en };
    match change {
        Change::PolicyDistance(limit) => {
            let km = kilometres(limit);
            both(
                format!("the zone's distance limit raised to {km} km"),
                format!("园区距离上限放宽到 {km} 公里"),
            )
        }
        Change::SurplusDistance(i, limit) => {
            let (who, km) = (lender(i), kilometres(limit));
            both(format!("{who}: up to {km} km"), format!("{who}：距离上限放宽到 {km} 公里"))
        }
        Change::ShortageDistance(j, limit) => {
            let (who, km) = (borrower(j), kilometres(limit));
            both(format!("{who}: up to {km} km"), format!("{who}：距离上限放宽到 {km} 公里"))
        }
        Change::EarlierFrom(i, day) => {
            let who = lender(i);
            both(format!("{who}: from {day} on"), format!("{who}：提前到 {day} 开始"))
        }
        Change::LaterTo(i, day) => {
            let who = lender(i);
            both(format!("{who}: until {day}"), format!("{who}：延长到 {day}"))
        }
        Change::Consent(i) => {
            let who = lender(i);
            both(format!("{who}: all workers consent"), format!("{who}：全部职工同意"))
        }
        Change::Pay(j, pay) => {
            let (who, pay) = (borrower(j), yuan(pay));
            both(format!("{who}: pays {pay} CNY a day"), format!("{who}：日薪提高到 {pay} 元"))
        }
        Change::Unblock(row) => {
            let block = &scenario.blocked()[row];
            let (from, to) = (firm(block.lender), firm(block.borrower));
            both(format!("{from} lends to {to} after all"), format!("{from} 解除对 {to} 的屏蔽"))
        }
        Change::Substitute(from, to, cost) => {
            let (from, to, cost) = (skill(from), skill(to), yuan(cost));
            both(
                format!("{from} may be trained for {to}, at {cost} CNY a start"),
                format!("{from} 培训后可替代 {to}，每次 {cost} 元"),
            )
        }
        Change::OpenSurplus(i) => {
            let who = lender(i);
            both(format!("{who}: lends outside its alliance"), format!("{who}：可借到联盟外"))
        }
        Change::OpenShortage(j) => {
            let who = borrower(j);
            both(format!("{who}: takes workers from outside its alliance"), format!("{who}：可从联盟外借入"))
        }
        Change::SurplusStay(i, days) => {
            let who = lender(i);
            both(format!("{who}: stays from {days} days"), format!("{who}：最短天数降到 {days} 天"))
        }
        Change::ShortageStay(j, days) => {
            let who = borrower(j);
            both(format!("{who}: stays from {days} days"), format!("{who}：最短天数降到 {days} 天"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_decimal_where_it_tells() {
        let check = |metres, limit, expect: &str| {
            assert_eq!(rounded_kilometres(metres, limit), expect, "{metres} {limit:?}");
        };
        check(8_432, Some(8_000), "8.4");
        check(8_432, None, "8.4");
        check(8_040, Some(8_000), "8.04");
        check(8_004, Some(8_000), "8.004");
        check(8_960, Some(8_000), "9.0");
        check(8_049, Some(8_050), "8.0");
        check(0, None, "0.0");
    }
}
