//! A plan as a workbook to look at: what it comes to, who lends to whom, what stays open and idle and why, the same by
//! firm and by alliance, a calendar, and the compliance lights. Counts and amounts are numbers, so that they can be
//! summed; nothing is a formula.

use std::collections::{BTreeSet, HashMap};

use tiaoji_core::compliance::{Level, Light, Subject, lights};
use tiaoji_core::plan::ReasonCode;
use tiaoji_core::referee::Claim;
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::{Firm, FirmIx, Scenario, ShortageIx, SurplusIx};
use tiaoji_core::units::{Count, Day};

use crate::cell::guard;
use crate::messages::{
    Language, concern_name, concern_source, level_name, light_text, priority_name, reason_name,
};
use crate::office::book::{BookCell, BookSheet, Style, write};
use crate::plan::{PlanFile, ReasonFile, claims};

/// A plan as a workbook (`.xlsx`) in that language. Secondments and stretches whose postings the scenario does not have
/// are left out: check the plan first.
pub fn plan_workbook(scenario: &Scenario, plan: &PlanFile, language: Language) -> Vec<u8> {
    let claims = claims(scenario, plan);
    let ids = |all: Vec<&str>| -> HashMap<String, u32> {
        (0..).zip(all).map(|(at, id)| (id.to_string(), at)).collect()
    };
    let book = Book {
        scenario,
        plan,
        language,
        lights: lights(scenario, &claims),
        claims,
        surplus: ids(scenario.surplus().iter().map(|s| s.id.as_str()).collect()),
        shortage: ids(scenario.shortages().iter().map(|d| d.id.as_str()).collect()),
    };
    let events = book.events();
    let mut sheets = vec![
        book.summary(),
        book.secondments(),
        book.unfilled(),
        book.idle(),
        book.by_firm(book.say("By firm", "按企业"), &events),
    ];
    sheets.extend(book.by_alliance(&events));
    sheets.push(book.calendar());
    sheets.push(book.compliance());
    distinct_names(&mut sheets);
    write(&sheets)
}

struct Book<'a> {
    scenario: &'a Scenario,
    plan: &'a PlanFile,
    language: Language,
    claims: Vec<Claim>,
    lights: Vec<Light>,
    surplus: HashMap<String, u32>,
    shortage: HashMap<String, u32>,
}

/// Something that concerns a firm, as a row of its list.
struct Event {
    firm: FirmIx,
    /// Lends, borrows, lacks, has idle.
    kind: usize,
    other: Option<FirmIx>,
    posting: String,
    skill: String,
    count: Count,
    from: Day,
    to: Day,
}

impl Book<'_> {
    fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.language.choose(en, zh)
    }

    fn header(&self, columns: &[(&'static str, &'static str, u16)]) -> (Vec<BookCell>, Vec<(u16, Style)>) {
        let title = |(en, zh, _): &(&'static str, &'static str, u16)| {
            BookCell::text(self.say(en, zh)).styled(Style::Header)
        };
        (
            columns.iter().map(title).collect(),
            columns.iter().map(|(.., width)| (*width, Style::Plain)).collect(),
        )
    }

    fn table(
        &self,
        name: &str,
        columns: &[(&'static str, &'static str, u16)],
        rows: Vec<Vec<BookCell>>,
    ) -> BookSheet {
        let (header, widths) = self.header(columns);
        BookSheet {
            name: name.to_string(),
            columns: widths,
            filter: !rows.is_empty(),
            rows: std::iter::once(header).chain(rows).collect(),
            frozen: (1, 0),
            landscape: true,
            ..BookSheet::default()
        }
    }

    fn lender(&self, claim: &Claim) -> &Firm {
        self.scenario.firm(self.scenario.surplus()[claim.surplus.index()].firm)
    }

    fn borrower(&self, claim: &Claim) -> &Firm {
        self.scenario.firm(self.scenario.shortages()[claim.shortage.index()].firm)
    }

    fn skill(&self, skill: tiaoji_core::scenario::SkillIx) -> &str {
        &self.scenario.skills()[skill.index()].name
    }

    fn days(&self, from: Day, to: Day) -> Count {
        self.scenario.days().span(from, to).len() as Count
    }

    fn summary(&self) -> BookSheet {
        let plan = self.plan;
        let red = self.lights.iter().filter(|light| light.level == Level::Red).count();
        let line = |en, zh, value: BookCell| vec![text(self.say(en, zh)).styled(Style::Bold), value];
        let mut rows = vec![
            vec![
                text(&format!("{} · {}", self.say("Plan", "调剂方案"), self.scenario.name()))
                    .styled(Style::Title),
            ],
            line("Zone", "园区", text(self.scenario.zone())),
            line("Made by", "生成程序", text(&format!("{} ({})", plan.engine, plan.method))),
            line(
                "Status",
                "状态",
                text(&match plan.status.as_str() {
                    "optimal" => self.say("the best possible plan", "已是最优方案").to_string(),
                    _ => format!(
                        "{} {:.2} %",
                        self.say("feasible; at most missed:", "可行；最多还能改进"),
                        plan.gap * 100.0
                    ),
                }),
            ),
            line("Cost (CNY)", "总成本（元）", BookCell::money(plan.objective_fen)),
            line("Bound (CNY)", "下界（元）", BookCell::money(plan.bound_fen)),
            line("No lending (CNY)", "不调剂时（元）", BookCell::money(plan.baseline_fen)),
        ];
        let kpis = &plan.kpis;
        for (en, zh, value) in [
            ("Asked, worker-days", "缺工人天", kpis.demanded_worker_days),
            ("Filled, worker-days", "已满足人天", kpis.filled_worker_days),
            ("Unfilled, worker-days", "未满足人天", kpis.unfilled_worker_days),
            ("Offered, worker-days", "余工人天", kpis.offered_worker_days),
            ("Idle, worker-days", "闲置人天", kpis.idle_worker_days),
            ("Lent inside alliances", "联盟内借调人天", kpis.lent_inside_alliance_days),
            ("Lent across alliances", "跨联盟借调人天", kpis.lent_across_alliance_days),
            ("Secondments", "借调条数", kpis.secondments),
            ("Starts", "上岗人次", kpis.starts),
            ("Red lights", "合规红灯", red as Count),
            ("Amber lights", "合规黄灯", (self.lights.len() - red) as Count),
        ] {
            rows.push(line(en, zh, BookCell::whole(value)));
        }
        BookSheet {
            name: self.say("Summary", "概况").to_string(),
            columns: vec![(28, Style::Plain), (40, Style::Plain)],
            rows,
            merged: vec![(1, 0, 1)],
            ..BookSheet::default()
        }
    }

    /// The worst light of a secondment.
    fn light_of(&self, at: usize) -> BookCell {
        let of = |light: &&Light| light.subject == Subject::Secondment(at);
        let worst = self.lights.iter().filter(of).max_by_key(|light| light.level);
        match worst {
            None => text(self.say("green", "绿")).styled(Style::Green),
            Some(light) => {
                let name = level_name(light.level, self.language);
                let concern = concern_name(light.concern, self.language);
                text(&format!("{name}: {concern}")).styled(colour(light.level))
            }
        }
    }

    fn secondments(&self) -> BookSheet {
        let costs: HashMap<(&str, &str, Day, Day, Count), i64> = self
            .plan
            .secondments
            .iter()
            .map(|s| ((s.surplus.as_str(), s.shortage.as_str(), s.from.0, s.to.0, s.count), s.cost_fen))
            .collect();
        let row = |(at, claim): (usize, &Claim)| {
            let surplus = &self.scenario.surplus()[claim.surplus.index()];
            let shortage = &self.scenario.shortages()[claim.shortage.index()];
            let (lender, borrower) = (self.lender(claim), self.borrower(claim));
            let days = self.days(claim.from, claim.to);
            let key = (surplus.id.as_str(), shortage.id.as_str(), claim.from, claim.to, claim.count);
            vec![
                BookCell::whole(at as Count + 1),
                text(&surplus.id),
                text(&lender.name),
                text(lender.alliance.as_deref().unwrap_or_default()),
                text(self.skill(surplus.skill)),
                text(&shortage.id),
                text(&borrower.name),
                text(borrower.alliance.as_deref().unwrap_or_default()),
                text(self.skill(shortage.skill)),
                BookCell::whole(claim.count),
                text(&claim.from.to_string()),
                text(&claim.to.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * claim.count),
                shortage.day_pay.map_or(BookCell::default(), BookCell::money),
                costs.get(&key).map_or(BookCell::default(), |&cost| BookCell::money(cost)),
                text(lender.service_officer.as_deref().unwrap_or_default()),
                self.light_of(at),
            ]
        };
        let rows = self.claims.iter().enumerate().map(row).collect();
        let columns = [
            ("No.", "序号", 6),
            ("Surplus", "余工编号", 10),
            ("Lender", "出借企业", 22),
            ("Lender's alliance", "出借方联盟", 14),
            ("Skill", "原工种", 12),
            ("Shortage", "缺工编号", 10),
            ("Borrower", "借入企业", 22),
            ("Borrower's alliance", "借入方联盟", 14),
            ("Work", "岗位", 12),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
            ("Day pay (CNY)", "日薪（元）", 11),
            ("Cost (CNY)", "成本（元）", 13),
            ("Officer", "服务专员", 12),
            ("Light", "合规", 16),
        ];
        self.table(self.say("Plan", "方案"), &columns, rows)
    }

    fn reasons(&self, reasons: &[ReasonFile]) -> String {
        let name = |code: &str| {
            let rules = Rule::ALL.iter().map(|&rule| ReasonCode::Rule(rule));
            let mut all = rules.chain([ReasonCode::None, ReasonCode::Price, ReasonCode::Competition]);
            all.find(|known| known.code() == code)
                .map_or(code.to_string(), |known| reason_name(known, self.language).to_string())
        };
        let part = |reason: &ReasonFile| format!("{} × {}", name(&reason.code), reason.count);
        reasons.iter().map(part).collect::<Vec<_>>().join(self.say("; ", "；"))
    }

    fn others(reasons: &[ReasonFile]) -> String {
        let ids: BTreeSet<&str> =
            reasons.iter().flat_map(|reason| reason.by.iter().map(String::as_str)).collect();
        ids.into_iter().collect::<Vec<_>>().join(" ")
    }

    fn unfilled(&self) -> BookSheet {
        let row = |stretch: &crate::plan::UnfilledFile| {
            let posting = &self.scenario.shortages()[*self.shortage.get(&stretch.shortage)? as usize];
            let firm = self.scenario.firm(posting.firm);
            let days = self.days(stretch.from.0, stretch.to.0);
            Some(vec![
                text(&posting.id),
                text(&firm.name),
                text(firm.alliance.as_deref().unwrap_or_default()),
                text(self.skill(posting.skill)),
                text(priority_name(posting.priority, self.language)),
                BookCell::whole(stretch.count),
                text(&stretch.from.0.to_string()),
                text(&stretch.to.0.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * stretch.count),
                text(&self.reasons(&stretch.reasons)),
                text(&Book::others(&stretch.reasons)),
                text(firm.service_officer.as_deref().unwrap_or_default()),
            ])
        };
        let rows = self.plan.unfilled.iter().filter_map(row).collect();
        let columns = [
            ("Shortage", "缺工编号", 10),
            ("Firm", "企业", 22),
            ("Alliance", "联盟", 14),
            ("Skill", "工种", 12),
            ("Priority", "优先级", 8),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
            ("Reasons (workers)", "原因（人数）", 36),
            ("Postings concerned", "相关余工", 24),
            ("Officer", "服务专员", 12),
        ];
        self.table(self.say("Unfilled", "未满足"), &columns, rows)
    }

    fn idle(&self) -> BookSheet {
        let row = |stretch: &crate::plan::IdleFile| {
            let posting = &self.scenario.surplus()[*self.surplus.get(&stretch.surplus)? as usize];
            let firm = self.scenario.firm(posting.firm);
            let days = self.days(stretch.from.0, stretch.to.0);
            Some(vec![
                text(&posting.id),
                text(&firm.name),
                text(firm.alliance.as_deref().unwrap_or_default()),
                text(self.skill(posting.skill)),
                BookCell::whole(stretch.count),
                text(&stretch.from.0.to_string()),
                text(&stretch.to.0.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * stretch.count),
                text(&self.reasons(&stretch.reasons)),
                text(&Book::others(&stretch.reasons)),
                text(firm.service_officer.as_deref().unwrap_or_default()),
            ])
        };
        let rows = self.plan.idle.iter().filter_map(row).collect();
        let columns = [
            ("Surplus", "余工编号", 10),
            ("Firm", "企业", 22),
            ("Alliance", "联盟", 14),
            ("Skill", "工种", 12),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
            ("Reasons (workers)", "原因（人数）", 36),
            ("Postings concerned", "相关缺工", 24),
            ("Officer", "服务专员", 12),
        ];
        self.table(self.say("Idle", "闲置"), &columns, rows)
    }

    /// Everything that concerns a firm, by firm as posted, then by kind and first day.
    fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for claim in &self.claims {
            let surplus = &self.scenario.surplus()[claim.surplus.index()];
            let shortage = &self.scenario.shortages()[claim.shortage.index()];
            for (kind, firm, other, posting) in [
                (0, surplus.firm, shortage.firm, &surplus.id),
                (1, shortage.firm, surplus.firm, &shortage.id),
            ] {
                let skill = self.skill(shortage.skill).to_string();
                let (posting, other) = (posting.clone(), Some(other));
                events.push(Event {
                    firm,
                    kind,
                    other,
                    posting,
                    skill,
                    count: claim.count,
                    from: claim.from,
                    to: claim.to,
                });
            }
        }
        for stretch in &self.plan.unfilled {
            let Some(at) = self.shortage.get(&stretch.shortage) else { continue };
            let posting = &self.scenario.shortages()[ShortageIx(*at).index()];
            let skill = self.skill(posting.skill).to_string();
            let (from, to, count) = (stretch.from.0, stretch.to.0, stretch.count);
            let (firm, posting) = (posting.firm, posting.id.clone());
            events.push(Event { firm, kind: 2, other: None, posting, skill, count, from, to });
        }
        for stretch in &self.plan.idle {
            let Some(at) = self.surplus.get(&stretch.surplus) else { continue };
            let posting = &self.scenario.surplus()[SurplusIx(*at).index()];
            let skill = self.skill(posting.skill).to_string();
            let (from, to, count) = (stretch.from.0, stretch.to.0, stretch.count);
            let (firm, posting) = (posting.firm, posting.id.clone());
            events.push(Event { firm, kind: 3, other: None, posting, skill, count, from, to });
        }
        events.sort_by_key(|event| (event.firm, event.kind, event.from, event.to));
        events
    }

    fn by_firm<'e>(&self, name: &str, events: impl IntoIterator<Item = &'e Event>) -> BookSheet {
        let row = |event: &Event| {
            let firm = self.scenario.firm(event.firm);
            let kinds = [("lends", "借出"), ("borrows", "借入"), ("unfilled", "未满足"), ("idle", "闲置")];
            let styles = [Style::Green, Style::Green, Style::Red, Style::Amber];
            let (en, zh) = kinds[event.kind];
            let days = self.days(event.from, event.to);
            vec![
                text(&firm.id),
                text(&firm.name),
                text(firm.alliance.as_deref().unwrap_or_default()),
                text(self.say(en, zh)).styled(styles[event.kind]),
                text(event.other.map_or("", |other| self.scenario.firm(other).name.as_str())),
                text(&event.posting),
                text(&event.skill),
                BookCell::whole(event.count),
                text(&event.from.to_string()),
                text(&event.to.to_string()),
                BookCell::whole(days),
                BookCell::whole(days * event.count),
            ]
        };
        let columns = [
            ("Firm id", "企业编号", 10),
            ("Firm", "企业", 22),
            ("Alliance", "联盟", 14),
            ("What", "事项", 9),
            ("Other firm", "对方企业", 22),
            ("Posting", "编号", 10),
            ("Skill", "岗位", 12),
            ("Workers", "人数", 8),
            ("From", "开始", 12),
            ("To", "结束", 12),
            ("Working days", "工作日", 8),
            ("Worker-days", "人天", 8),
        ];
        self.table(name, &columns, events.into_iter().map(row).collect())
    }

    /// One sheet an alliance, of the firms in it; the firms in none have one of their own.
    fn by_alliance(&self, events: &[Event]) -> Vec<BookSheet> {
        let alliance = |event: &Event| self.scenario.firm(event.firm).alliance.as_deref();
        let names: BTreeSet<Option<&str>> = events.iter().map(alliance).collect();
        let sheet = |name: Option<&str>| {
            let title = name.unwrap_or(self.say("no alliance", "无联盟"));
            self.by_firm(title, events.iter().filter(|event| alliance(event) == name))
        };
        names.into_iter().map(sheet).collect()
    }

    /// A row a secondment, a column a working day from the first that anybody works away to the last.
    fn calendar(&self) -> BookSheet {
        let days = self.scenario.days();
        let first = self.claims.iter().map(|claim| claim.from).min();
        let last = self.claims.iter().map(|claim| claim.to).max();
        let span = first.zip(last).map_or(0..0, |(first, last)| days.span(first, last).into());
        let most = self.claims.iter().map(|claim| claim.count).max().unwrap_or(1).max(1);
        let head = |en, zh| text(self.say(en, zh)).styled(Style::Header);
        let fixed = [
            head("Borrower", "借入企业"),
            head("Work", "岗位"),
            head("Lender", "出借企业"),
            head("Workers", "人数"),
        ];
        let mut months: Vec<BookCell> = vec![BookCell::default().styled(Style::Header); fixed.len()];
        let mut dates = fixed.to_vec();
        let mut before = None;
        for t in span.clone() {
            let (year, month, day) = days.day(t).ymd();
            let label =
                if before == Some((year, month)) { String::new() } else { format!("{year}-{month:02}") };
            before = Some((year, month));
            months.push(text(&label).styled(Style::Header));
            dates.push(BookCell::whole(i64::from(day)).styled(Style::Header));
        }
        let mut order: Vec<&Claim> = self.claims.iter().collect();
        order.sort_by_key(|claim| {
            (self.scenario.shortages()[claim.shortage.index()].firm, claim.shortage, claim.from)
        });
        let mut rows = vec![months, dates];
        for claim in order {
            let shortage = &self.scenario.shortages()[claim.shortage.index()];
            let mut row = vec![
                text(&self.borrower(claim).name),
                text(self.skill(shortage.skill)),
                text(&self.lender(claim).name),
                BookCell::whole(claim.count),
            ];
            // The darker, the more workers, in quarters of the most.
            let shade = (4 * (claim.count - 1) / most).clamp(0, 3) as u8;
            let away = days.span(claim.from, claim.to);
            row.extend(span.clone().map(|t| {
                if away.contains(t) {
                    BookCell::whole(claim.count).styled(Style::Away(shade))
                } else {
                    BookCell::default()
                }
            }));
            while row.last() == Some(&BookCell::default()) {
                row.pop();
            }
            rows.push(row);
        }
        let widths = [22, 12, 22, 7].into_iter().chain(span.map(|_| 4));
        BookSheet {
            name: self.say("Calendar", "借调日历").to_string(),
            columns: widths.map(|width| (width, Style::Plain)).collect(),
            rows,
            frozen: (2, 4),
            landscape: true,
            ..BookSheet::default()
        }
    }

    fn compliance(&self) -> BookSheet {
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

fn text(text: &str) -> BookCell {
    BookCell::text(guard(text))
}

fn colour(level: Level) -> Style {
    match level {
        Level::Red => Style::Red,
        Level::Amber => Style::Amber,
    }
}

/// Names that a workbook takes: at most 31 UTF-16 units, none of `[ ] : * ? / \`, no `'` at an end, each once whatever
/// its case.
fn distinct_names(sheets: &mut [BookSheet]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for sheet in sheets {
        let allowed = |c: char| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c };
        let wanted: String = sheet.name.chars().map(allowed).collect();
        let cut = |suffix: &str| {
            let (mut units, mut name) = (suffix.len(), String::new());
            for c in wanted.chars() {
                units += c.len_utf16();
                if units > 31 {
                    break;
                }
                name.push(c);
            }
            name + suffix
        };
        let numbered = (2..).map(|n| cut(&format!(" ({n})")));
        let free =
            std::iter::once(cut("")).chain(numbered).find(|name| !taken.contains(&name.to_lowercase()));
        sheet.name = free.unwrap_or_default();
        taken.insert(sheet.name.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_workbook_takes() {
        let named = |name: &str| BookSheet { name: name.to_string(), ..BookSheet::default() };
        let long = "联盟".repeat(20);
        let mut sheets = ["Plan", "plan", "a/b", "a:b", &long, &long].map(named);
        distinct_names(&mut sheets);
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        let (first, second) = ("联盟".repeat(15) + "联", "联盟".repeat(13) + "联 (2)");
        assert_eq!(names, ["Plan", "plan (2)", "a_b", "a_b (2)", &first, &second]);
    }
}
