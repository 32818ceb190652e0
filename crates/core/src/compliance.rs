//! Lights: what labour rules say of postings and secondments beyond what makes a pair inadmissible. For people to look
//! at before an agreement is signed; no light changes a plan.
//!
//! The rules and where they come from (内容为提示，不是法律意见):
//!
//! | rule | what it says | source |
//! | --- | --- | --- |
//! | R3 | dispatched workers must not be lent on | 人社厅发〔2020〕98号 |
//! | R5 | lending must not be a cover for labour dispatch; more than half of the staff lent is worth a look | 人社厅发〔2020〕98号; the half is ours |
//! | R6 | a loan ends within the labour contract | 人社厅发〔2020〕98号 |
//! | R7 | the lender asks the workers, and each agrees | 人社厅发〔2020〕98号 |
//! | R9 | the borrower tells pay and conditions truthfully | 人社厅发〔2020〕98号 |
//! | G2 | those who may not work at night do not | 劳动法 |
//! | G8 | a certificate that the work demands is valid throughout | 特种作业人员安全技术培训考核管理规定; 食品安全法 |
//! | G14 | pay not under what the lender's workers are promised | 劳动法; 劳动合同法 |
//! | G15 | no limits of sex, origin, marriage or health in an advertisement; age with care | 就业促进法; 人力资源市场暂行条例 |

use crate::codes::codes;
use crate::referee::Claim;
use crate::scenario::{FirmIx, Scenario, ShortageIx, SurplusIx};
use crate::units::{Count, Day, Fen};

codes! {
    /// What a light is about.
    Concern {
        Dispatched = "dispatched",
        ShareOfStaff = "share_of_staff",
        Contract = "contract",
        Consent = "consent",
        PayUntold = "pay_untold",
        Night = "night",
        Certificate = "certificate",
        Pay = "pay",
        Wording = "wording",
    }
}

impl Concern {
    /// The rule, by its number in the table above.
    pub fn rule(self) -> &'static str {
        match self {
            Concern::Dispatched => "R3",
            Concern::ShareOfStaff => "R5",
            Concern::Contract => "R6",
            Concern::Consent => "R7",
            Concern::PayUntold => "R9",
            Concern::Night => "G2",
            Concern::Certificate => "G8",
            Concern::Pay => "G14",
            Concern::Wording => "G15",
        }
    }
}

/// How much a light says. Green is no light at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// To be looked at or to be settled before work starts.
    Amber,
    /// Against a rule as the data stand.
    Red,
}

/// What a light stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A lender's posting.
    Surplus(SurplusIx),
    /// A borrower's posting.
    Shortage(ShortageIx),
    /// A secondment, by its position.
    Secondment(usize),
    /// A lender.
    Firm(FirmIx),
}

/// The facts behind a light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Nothing more.
    None,
    /// That day is the last one that holds, and work goes on to the other.
    Ends {
        /// Last day of the contract or the certificate.
        last: Day,
        /// Last day of the posting or the secondment.
        needed: Day,
    },
    /// The certificate, which is not held.
    NotHeld(String),
    /// Workers lent together on a day, and those who have agreed or, of a firm, who are employed.
    Workers {
        /// First day on which they are most.
        day: Day,
        /// Lent.
        lent: Count,
        /// Agreed, or employed.
        of: Count,
    },
    /// Day pay offered and asked for.
    Pay {
        /// By the borrower.
        offered: Fen,
        /// By the lender's workers.
        floor: Fen,
    },
    /// The words of a remark.
    Words(String),
}

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Light {
    /// Where.
    pub subject: Subject,
    /// What about.
    pub concern: Concern,
    /// How much.
    pub level: Level,
    /// Why.
    pub fact: Fact,
}

/// Every light of a scenario and some secondments for it: postings as posted, then secondments in their order, then
/// firms. Time in proportion to postings and to pairs of secondments of the same lender.
pub fn lights(scenario: &Scenario, secondments: &[Claim]) -> Vec<Light> {
    let mut lights = Vec::new();
    for i in scenario.surplus_indices() {
        of_surplus(scenario, i, &mut lights);
    }
    for j in scenario.shortage_indices() {
        of_shortage(scenario, j, &mut lights);
    }
    for at in 0..secondments.len() {
        of_secondment(scenario, secondments, at, &mut lights);
    }
    of_firms(scenario, secondments, &mut lights);
    lights
}

fn of_surplus(scenario: &Scenario, i: SurplusIx, lights: &mut Vec<Light>) {
    let posting = &scenario.surplus()[i.index()];
    let mut light = |concern, level, fact| {
        lights.push(Light { subject: Subject::Surplus(i), concern, level, fact });
    };
    if posting.dispatched {
        light(Concern::Dispatched, Level::Red, Fact::None);
    }
    if let Some(last) = posting.contract_until.filter(|&last| last < posting.to) {
        light(Concern::Contract, Level::Amber, Fact::Ends { last, needed: posting.to });
    }
    if posting.consented.is_none_or(|consented| consented == 0) {
        light(Concern::Consent, Level::Amber, Fact::None);
    }
    for certificate in &posting.certificates {
        if let Some(last) = certificate.valid_until.filter(|&last| last < posting.to) {
            light(Concern::Certificate, Level::Amber, Fact::Ends { last, needed: posting.to });
        }
    }
    if let Some((level, words)) = posting.remark.as_deref().and_then(discriminating) {
        light(Concern::Wording, level, Fact::Words(words));
    }
}

fn of_shortage(scenario: &Scenario, j: ShortageIx, lights: &mut Vec<Light>) {
    let posting = &scenario.shortages()[j.index()];
    let mut light = |concern, level, fact| {
        lights.push(Light { subject: Subject::Shortage(j), concern, level, fact });
    };
    if posting.day_pay.is_none() {
        light(Concern::PayUntold, Level::Amber, Fact::None);
    }
    if let Some((level, words)) = posting.remark.as_deref().and_then(discriminating) {
        light(Concern::Wording, level, Fact::Words(words));
    }
}

fn of_secondment(scenario: &Scenario, all: &[Claim], at: usize, lights: &mut Vec<Light>) {
    let claim = &all[at];
    let surplus = &scenario.surplus()[claim.surplus.index()];
    let shortage = &scenario.shortages()[claim.shortage.index()];
    let mut light = |concern, level, fact| {
        lights.push(Light { subject: Subject::Secondment(at), concern, level, fact });
    };
    if surplus.dispatched {
        light(Concern::Dispatched, Level::Red, Fact::None);
    }
    if let Some(last) = surplus.contract_until.filter(|&last| last < claim.to) {
        light(Concern::Contract, Level::Red, Fact::Ends { last, needed: claim.to });
    }
    match surplus.consented {
        None => light(Concern::Consent, Level::Amber, Fact::None),
        Some(of) => {
            let same: Vec<&Claim> = all.iter().filter(|other| other.surplus == claim.surplus).collect();
            let within = |day: &Day| claim.from <= *day && *day <= claim.to;
            if let Some((day, lent)) = peak(&same, within).filter(|&(_, lent)| lent > of) {
                light(Concern::Consent, Level::Red, Fact::Workers { day, lent, of });
            }
        }
    }
    if surplus.no_night && shortage.night_shift {
        light(Concern::Night, Level::Red, Fact::None);
    }
    if let Some(demanded) = &scenario.skills()[shortage.skill.index()].certificate {
        match surplus.certificates.iter().find(|held| held.name == *demanded) {
            None => light(Concern::Certificate, Level::Red, Fact::NotHeld(demanded.clone())),
            Some(held) => {
                if let Some(last) = held.valid_until.filter(|&last| last < claim.to) {
                    light(Concern::Certificate, Level::Red, Fact::Ends { last, needed: claim.to });
                }
            }
        }
    }
    match (shortage.day_pay, surplus.min_day_pay) {
        (None, _) => light(Concern::PayUntold, Level::Amber, Fact::None),
        (Some(offered), Some(floor)) if offered < floor => {
            light(Concern::Pay, Level::Red, Fact::Pay { offered, floor });
        }
        _ => {}
    }
}

/// Lenders with more than half of their staff away on some day.
fn of_firms(scenario: &Scenario, all: &[Claim], lights: &mut Vec<Light>) {
    let mut by_firm: Vec<Vec<&Claim>> = vec![Vec::new(); scenario.firms().len()];
    for claim in all {
        by_firm[scenario.surplus()[claim.surplus.index()].firm.index()].push(claim);
    }
    for ((firm, claims), of) in (0..).map(FirmIx).zip(&by_firm).zip(scenario.firms().iter().map(|f| f.staff))
    {
        let Some(of) = of else { continue };
        if let Some((day, lent)) = peak(claims, |_| true).filter(|&(_, lent)| lent > of / 2) {
            let fact = Fact::Workers { day, lent, of };
            let subject = Subject::Firm(firm);
            lights.push(Light { subject, concern: Concern::ShareOfStaff, level: Level::Amber, fact });
        }
    }
}

/// The first day, among those that count, on which most workers are away, and how many. They are most where some
/// secondment begins.
fn peak(claims: &[&Claim], counts: impl Fn(&Day) -> bool) -> Option<(Day, Count)> {
    let away = |day: Day| claims.iter().filter(|c| c.from <= day && day <= c.to).map(|c| c.count).sum();
    let days = claims.iter().map(|claim| claim.from).filter(counts);
    days.map(|day| (day, away(day))).min_by_key(|&(day, lent): &(Day, Count)| (std::cmp::Reverse(lent), day))
}

/// Words of a remark that limit whom a firm takes by sex, origin, marriage or health (red), or by age (amber).
///
/// A list of common wordings, not a judgement: what it misses a person must see.
pub fn discriminating(remark: &str) -> Option<(Level, String)> {
    const WORDS: [&str; 26] = [
        "限男",
        "限女",
        "只招男",
        "只招女",
        "只要男",
        "只要女",
        "不要男",
        "不要女",
        "男性优先",
        "女性优先",
        "男士优先",
        "女士优先",
        "限本地",
        "本地户口",
        "本地户籍",
        "外地勿扰",
        "不招外地",
        "不要外地",
        "限汉族",
        "不要少数民族",
        "乙肝",
        "限未婚",
        "限已婚",
        "已育优先",
        "menonly",
        "womenonly",
    ];
    let text: String = remark.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    // 不限男女 holds 限男, and means the opposite.
    let stands = |word: &&&str| text.match_indices(**word).any(|(at, _)| !text[..at].ends_with('不'));
    if let Some(word) = WORDS.iter().find(stands) {
        return Some((Level::Red, (*word).to_string()));
    }
    refused_origin(&text)
        .map(|words| (Level::Red, words))
        .or_else(|| age(&text).map(|words| (Level::Amber, words)))
}

/// 不要…人, 不要…籍: a place of one to three characters whose people are not wanted.
fn refused_origin(text: &str) -> Option<String> {
    text.match_indices("不要").find_map(|(at, _)| {
        let rest: Vec<char> = text[at + "不要".len()..].chars().take(4).collect();
        let end = rest.iter().position(|c| matches!(c, '人' | '籍')).filter(|&end| end > 0)?;
        Some(format!("不要{}", rest[..=end].iter().collect::<String>()))
    })
}

/// A number of years before 岁, other than the 16 and 18 below which nobody may work.
fn age(text: &str) -> Option<String> {
    text.match_indices('岁').find_map(|(at, _)| {
        let before = text[..at].trim_end_matches('周');
        let is_digit = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c);
        let reversed: String = before.chars().rev().take_while(is_digit).collect();
        let digits: String = reversed.chars().rev().collect();
        let allowed = ["", "16", "18", "１６", "１８"].contains(&digits.as_str());
        (!allowed).then(|| format!("{digits}岁"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{
        Certificate, FirmDraft, Row, Rows, ScenarioDraft, ShortageDraft, SkillDraft, SurplusDraft,
    };

    fn day(d: i8) -> Day {
        Day::new(2022, 3, d).unwrap()
    }

    fn rows<T>(all: Vec<T>) -> Rows<T> {
        Rows { rows: (2..).zip(all).map(|(line, cells)| Row { line, cells }).collect(), readable: true }
    }

    /// One lender of ten employees with a posting, one borrower with another, and a secondment of five between them.
    fn check(change: impl Fn(&mut SurplusDraft, &mut ShortageDraft, &mut Claim), expect: &[&str]) {
        let mut draft = ScenarioDraft { name: "x".to_string().into(), ..ScenarioDraft::default() };
        let p = &mut draft.policy;
        for price in [&mut p.onboarding, &mut p.daily_base, &mut p.transport_per_km, &mut p.cross_alliance] {
            *price = 1.into();
        }
        for price in [&mut p.unmet_urgent, &mut p.unmet_normal, &mut p.unmet_low] {
            *price = 1.into();
        }
        let firm = |id: &str| FirmDraft {
            id: id.to_string().into(),
            name: id.to_string().into(),
            latitude: 37.0.into(),
            longitude: 117.0.into(),
            staff: 10.into(),
            ..FirmDraft::default()
        };
        draft.firms = rows(vec![firm("F1"), firm("F2")]);
        let certificate = "c".to_string().into();
        let skill = SkillDraft {
            id: "k".to_string().into(),
            name: "k".to_string().into(),
            certificate,
            ..SkillDraft::default()
        };
        draft.skills = rows(vec![skill]);
        let held = Certificate { name: "c".to_string(), valid_until: None };
        let mut surplus = SurplusDraft {
            id: "S".to_string().into(),
            firm: "F1".to_string().into(),
            skill: "k".to_string().into(),
            headcount: 8.into(),
            from: day(1).into(),
            to: day(20).into(),
            consented: 8.into(),
            certificates: vec![held].into(),
            min_day_pay: 15_000.into(),
            ..SurplusDraft::default()
        };
        let mut shortage = ShortageDraft {
            id: "D".to_string().into(),
            firm: "F2".to_string().into(),
            skill: "k".to_string().into(),
            headcount: 8.into(),
            from: day(1).into(),
            to: day(20).into(),
            day_pay: 15_000.into(),
            ..ShortageDraft::default()
        };
        let mut claim =
            Claim { surplus: SurplusIx(0), shortage: ShortageIx(0), count: 5, from: day(1), to: day(10) };
        change(&mut surplus, &mut shortage, &mut claim);
        draft.surplus = rows(vec![surplus]);
        draft.shortage = rows(vec![shortage]);
        let scenario = Scenario::new(&draft).expect("a valid scenario");
        let shown = |light: &Light| {
            let place = match light.subject {
                Subject::Surplus(_) => "surplus",
                Subject::Shortage(_) => "shortage",
                Subject::Secondment(_) => "secondment",
                Subject::Firm(_) => "firm",
            };
            format!("{place} {} {:?}", light.concern.code(), light.level)
        };
        let got: Vec<String> = lights(&scenario, &[claim]).iter().map(shown).collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn every_light() {
        check(|_, _, _| {}, &[]);
        check(|s, _, _| s.dispatched = true.into(), &["surplus dispatched Red", "secondment dispatched Red"]);
        check(|s, _, _| s.contract_until = day(15).into(), &["surplus contract Amber"]);
        check(|s, _, _| s.contract_until = day(20).into(), &[]);
        check(
            |s, _, _| s.contract_until = day(9).into(),
            &["surplus contract Amber", "secondment contract Red"],
        );
        check(
            |s, _, _| s.consented = crate::draft::Cell::Blank,
            &["surplus consent Amber", "secondment consent Amber"],
        );
        check(|s, _, _| s.consented = 5.into(), &[]);
        check(|s, _, _| s.consented = 4.into(), &["secondment consent Red"]);
        let until = |d| vec![Certificate { name: "c".to_string(), valid_until: Some(day(d)) }];
        check(|s, _, _| s.certificates = until(15).into(), &["surplus certificate Amber"]);
        check(
            |s, _, _| s.certificates = until(9).into(),
            &["surplus certificate Amber", "secondment certificate Red"],
        );
        check(|s, _, _| s.certificates = Vec::new().into(), &["secondment certificate Red"]);
        check(|_, d, _| d.day_pay = 14_999.into(), &["secondment pay Red"]);
        check(
            |_, d, _| d.day_pay = crate::draft::Cell::Blank,
            &["shortage pay_untold Amber", "secondment pay_untold Amber"],
        );
        check(
            |s, d, _| {
                s.no_night = true.into();
                d.night_shift = true.into();
            },
            &["secondment night Red"],
        );
        check(|_, _, c| c.count = 6, &["firm share_of_staff Amber"]);
        check(|s, _, _| s.remark = "限男".to_string().into(), &["surplus wording Red"]);
        check(|_, d, _| d.remark = "18-40岁".to_string().into(), &["shortage wording Amber"]);
    }

    #[test]
    fn wordings() {
        let check = |remark: &str, expect: Option<(Level, &str)>| {
            let got = discriminating(remark);
            assert_eq!(got.as_ref().map(|(level, words)| (*level, words.as_str())), expect, "{remark}");
        };
        check("白班，管两餐", None);
        check("男女不限，不限男女", None);
        check("仅限女", Some((Level::Red, "限女")));
        check("限 男 20 名", Some((Level::Red, "限男")));
        check("不要某某人", Some((Level::Red, "不要某某人")));
        check("不要迟到的熟练工人", None);
        check("本地户口优先", Some((Level::Red, "本地户口")));
        check("Men only", Some((Level::Red, "menonly")));
        check("年满18周岁", None);
        check("１８岁以上", None);
        check("男女不限17-42岁", Some((Level::Amber, "42岁")));
        check("45周岁以下", Some((Level::Amber, "45岁")));
        check("年龄不限，岁末赶工", None);
    }
}
