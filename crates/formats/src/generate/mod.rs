//! A made-up zone, for trying things out: firms of five alliances, their seasons, and what they have to spare and
//! are short of. Everything is invented, names and telephone numbers included.
//!
//! Distributions: headcounts lognormal (median 15, sigma 0.9, 2 to 200; skilled work 1 to 8), lengths 7 to 180 days
//! with mass at 30, 60 and 90, who is short and who is idle by the season of each trade.

mod catalogue;
pub(crate) mod random;

use tiaoji_core::draft::{
    BlockDraft, Cell, Certificate, FirmDraft, PolicyDraft, Priority, Row, Rows, ScenarioDraft, ShortageDraft,
    SkillDraft, SubstitutionDraft, SurplusDraft,
};
use tiaoji_core::units::Day;

use catalogue::{HEALTH, NAMES, SKILLS, SUBSTITUTIONS, SkillEntry, TRADES, Trade};
use random::Random;

/// How large a zone to make up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GenerateOptions {
    /// Number of firms.
    pub firms: usize,
    /// Number of surplus postings.
    pub surplus: usize,
    /// Number of shortage postings.
    pub shortage: usize,
    /// Calendar days from the first to the last.
    pub days: usize,
    /// How wide and high the area is, in km; none = a zone of 16 by 27 km.
    pub span_km: Option<u32>,
    /// Number of skills, at least the twenty of the catalogue; further ones are these on a second line, a third, ...,
    /// whose workers do not stand in for those of another line.
    pub skills: usize,
    /// The same seed gives the same zone.
    pub seed: u64,
}

impl Default for GenerateOptions {
    fn default() -> Self {
        GenerateOptions {
            firms: 125,
            surplus: 150,
            shortage: 150,
            days: 90,
            span_km: None,
            skills: SKILLS.len(),
            seed: 1,
        }
    }
}

/// Makes up a zone whose first day is 2022-03-01. Days are at least 1 and, as the format allows, at most 3,660;
/// without firms there are no postings.
pub fn generate(options: &GenerateOptions) -> ScenarioDraft {
    generate_from(options, Day::from_number(19_052)) // 2022-03-01
}

/// The same for another first day, and so another season.
pub fn generate_from(options: &GenerateOptions, first: Day) -> ScenarioDraft {
    let mut random = Random::new(options.seed);
    let days = options.days.clamp(1, 3_660) as i64;
    let firms: Vec<Firm> =
        (0..options.firms).map(|at| Firm::make_up(at, options.span_km, &mut random)).collect();
    let skills = options.skills.max(SKILLS.len());
    let lines = skills.div_ceil(SKILLS.len());
    let zone = Zone { firms: &firms, first, days, skills };
    let (surplus, shortage) = if firms.is_empty() { (0, 0) } else { (options.surplus, options.shortage) };
    let width = |count: usize| count.max(1).to_string().len().max(3);
    let firm_id = |at: usize| format!("F{:0w$}", at + 1, w = width(options.firms));
    let firm_rows = firms.iter().enumerate().map(|(at, firm)| firm.row(at, firm_id(at)));
    ScenarioDraft {
        name: format!("虚构园区 seed {}", options.seed).into(),
        zone: "济北示例园区".to_string().into(),
        policy: policy(),
        firms: rows(firm_rows),
        skills: rows((0..skills).map(skill)),
        substitutions: rows((0..lines).flat_map(|line| {
            let at = move |skill: usize| line * SKILLS.len() + skill;
            let known = SUBSTITUTIONS.iter().filter(move |(from, to, _)| at(*from).max(at(*to)) < skills);
            known.map(move |&(from, to, cost)| SubstitutionDraft {
                from: skill_id(at(from)).into(),
                to: skill_id(at(to)).into(),
                training_cost: (cost * 100).into(),
            })
        })),
        surplus: rows((0..surplus).map(|at| {
            let id = format!("S{:0w$}", at + 1, w = width(surplus));
            zone.surplus(id, &firm_id, &mut random)
        })),
        shortage: rows((0..shortage).map(|at| {
            let id = format!("D{:0w$}", at + 1, w = width(shortage));
            zone.shortage(id, &firm_id, &mut random)
        })),
        blocked: rows((0..firms.len() / 15).filter_map(|_| {
            let (lender, borrower) = (random.index(firms.len()), random.index(firms.len()));
            let block = BlockDraft {
                lender: firm_id(lender).into(),
                borrower: firm_id(borrower).into(),
                ..BlockDraft::default()
            };
            (lender != borrower).then_some(block)
        })),
        ..ScenarioDraft::default()
    }
}

fn rows<T>(all: impl Iterator<Item = T>) -> Rows<T> {
    Rows { rows: (2..).zip(all).map(|(line, cells)| Row { line, cells }).collect(), readable: true }
}

fn policy() -> PolicyDraft {
    PolicyDraft {
        onboarding: 15_000.into(),
        daily_base: 1_000.into(),
        transport_per_km: 600.into(),
        cross_alliance: 1_500.into(),
        road_factor: 1.0.into(),
        max_distance: 8_000.into(),
        min_stay_days: 1.into(),
        fairness: false.into(),
        rest_weekdays: Vec::new().into(),
        stability: 0.into(),
        unmet_urgent: 60_000.into(),
        unmet_normal: 40_000.into(),
        unmet_low: 30_000.into(),
    }
}

/// The id of a skill: that of the catalogue, with its line from the second on.
fn skill_id(skill: usize) -> String {
    let (entry, line) = (&SKILLS[skill % SKILLS.len()], skill / SKILLS.len() + 1);
    if line == 1 { entry.id.to_string() } else { format!("{}-{line}", entry.id) }
}

fn skill(skill: usize) -> SkillDraft {
    let (entry, line) = (&SKILLS[skill % SKILLS.len()], skill / SKILLS.len() + 1);
    let name = if line == 1 { entry.name.to_string() } else { format!("{}（{line}线）", entry.name) };
    SkillDraft {
        id: skill_id(skill).into(),
        name: name.into(),
        aliases: entry.aliases.iter().map(ToString::to_string).collect::<Vec<_>>().into(),
        occupation_code: entry.code.to_string().into(),
        level: Cell::Blank,
        certificate: entry.certificate.map_or(Cell::Blank, |name| name.to_string().into()),
    }
}

/// A firm, and what its postings depend on.
struct Firm {
    trade: &'static Trade,
    name: String,
    /// Millionths of a degree.
    place: (i64, i64),
    staff: i64,
    /// Length of its order cycle in days, its phase in days, and its amplitude.
    cycle: (i64, i64, f64),
}

impl Firm {
    fn make_up(at: usize, span_km: Option<u32>, random: &mut Random) -> Firm {
        let weights: Vec<(usize, u32)> = TRADES.iter().map(|t| t.weight).enumerate().collect();
        let trade = &TRADES[*random.pick(&weights)];
        let (firsts, seconds) = NAMES;
        let suffix = trade.suffixes[random.index(trade.suffixes.len())];
        // Walks through every pair of characters before the first comes again.
        let (a, b) = (at % firsts.len(), (at / firsts.len() + at) % seconds.len());
        let round = at / (firsts.len() * seconds.len());
        let number = if round == 0 { String::new() } else { (round + 1).to_string() };
        let length = random.between(42, 70);
        // A degree is 111.2 km north, and 88.7 km east at this latitude.
        let (south, north, west, east) = match span_km.map(i64::from) {
            None => (36_980_000, 37_120_000, 117_100_000, 117_400_000),
            Some(km) => {
                let (high, wide) = (km * 5_000_000 / 1_112, km * 5_000_000 / 887);
                (37_050_000 - high, 37_050_000 + high, 117_250_000 - wide, 117_250_000 + wide)
            }
        };
        let amplitude = if trade.cycles { 0.15 + 0.15 * random.unit() } else { 0.0 };
        Firm {
            trade,
            name: format!("{}{}{suffix}{number}", firsts[a], seconds[b]),
            place: (random.between(south, north), random.between(west, east)),
            staff: random.lognormal(120.0, 0.9, 10, 3_000),
            cycle: (length, random.between(0, length - 1), amplitude),
        }
    }

    fn row(&self, at: usize, id: String) -> FirmDraft {
        FirmDraft {
            id: id.into(),
            name: self.name.clone().into(),
            alliance: self.trade.alliance.to_string().into(),
            latitude: (self.place.0 as f64 / 1e6).into(),
            longitude: (self.place.1 as f64 / 1e6).into(),
            service_officer: format!("服务专员{:02}", at % 12 + 1).into(),
            staff: self.staff.into(),
            contact: format!("联系人{:03}", at + 1).into(),
            phone: format!("1990000{:04}", at % 10_000).into(),
        }
    }

    /// How busy the firm is on a day; 1 is its mean.
    fn busy(&self, day: Day) -> f64 {
        let (_, month, _) = day.ymd();
        let season = self.trade.months[(month as usize + 11) % 12];
        let (length, phase, amplitude) = self.cycle;
        // A wave of straight lines: up from -1 to 1, and down again.
        let turn = (i64::from(day.number()) + phase).rem_euclid(length) as f64 / length as f64;
        let wave = 1.0 - 4.0 * (turn - 0.5).abs();
        season * (1.0 + amplitude * wave)
    }
}

struct Zone<'a> {
    firms: &'a [Firm],
    first: Day,
    days: i64,
    skills: usize,
}

/// What postings of both sides have in common.
struct Posting {
    firm: usize,
    skill: &'static SkillEntry,
    skill_id: String,
    headcount: i64,
    from: Day,
    to: Day,
    posted: Day,
}

impl Zone<'_> {
    /// A posting of a firm that is as busy (or idle) on its first day as `share` likes.
    fn posting(&self, share: impl Fn(f64) -> f64, random: &mut Random) -> Posting {
        let (mut firm, mut start) = (0, 0);
        // Some firm is always found busy enough in time; the last one tried is taken where none is.
        for _ in 0..200 {
            firm = random.index(self.firms.len());
            start = random.between(0, (self.days - 7).max(0));
            let busy = self.firms[firm].busy(self.first + start as i32);
            if random.chance(share(busy).clamp(0.02, 1.0)) {
                break;
            }
        }
        let entry = *random.pick(self.firms[firm].trade.skills);
        let skill = &SKILLS[entry];
        let lines = (self.skills - entry).div_ceil(SKILLS.len());
        // One line asks for no random number: zones of one line stay as they are.
        let line = if lines > 1 { random.index(lines) } else { 0 };
        let headcount =
            if skill.skilled { random.between(1, 8) } else { random.lognormal(15.0, 0.9, 2, 200) };
        let length = match random.unit() {
            u if u < 0.22 => 30,
            u if u < 0.34 => 60,
            u if u < 0.42 => 90,
            _ => random.lognormal(40.0, 0.8, 7, 180),
        };
        let from = self.first + start as i32;
        let to = self.first + (start + length - 1).min(self.days - 1) as i32;
        let posted = from + -(random.between(1, 20) as i32);
        Posting { firm, skill, skill_id: skill_id(line * SKILLS.len() + entry), headcount, from, to, posted }
    }

    fn surplus(&self, id: String, firm_id: &impl Fn(usize) -> String, random: &mut Random) -> SurplusDraft {
        let p = self.posting(|busy| (1.30 - busy) / 0.7, random);
        let consented = (p.headcount as f64 * (0.60 + 0.15 * random.unit())).round() as i64;
        let length = i64::from(p.to - p.from);
        let ends = p.from + random.between(length / 4, length + 60) as i32;
        let [low, middle, _] = p.skill.pay;
        SurplusDraft {
            id: id.into(),
            firm: firm_id(p.firm).into(),
            skill: p.skill_id.clone().into(),
            headcount: p.headcount.into(),
            from: p.from.into(),
            to: p.to.into(),
            consented: maybe(random.chance(0.7), consented),
            dispatched: maybe(random.chance(0.04), true),
            contract_until: maybe(random.chance(0.10), ends),
            certificates: certificates(&p, random),
            min_day_pay: maybe(random.chance(0.35), round_to_5(random.between(low, middle)) * 100),
            no_night: maybe(random.chance(0.25), true),
            max_distance: maybe(random.chance(0.10), random.between(8, 24) * 500),
            min_stay_days: maybe(random.chance(0.10), if p.skill.skilled { 15 } else { 5 }),
            within_alliance: maybe(random.chance(0.05), true),
            posted: p.posted.into(),
            withdrawn: Cell::Blank,
            remark: maybe(random.chance(0.03), "可住自有宿舍，提前 5 天可召回".to_string()),
        }
    }

    fn shortage(&self, id: String, firm_id: &impl Fn(usize) -> String, random: &mut Random) -> ShortageDraft {
        let p = self.posting(|busy| (busy - 0.65) / 0.6, random);
        let [low, middle, high] = p.skill.pay;
        let night = random.chance(0.15);
        let pay = round_to_5(random.between(low.midpoint(middle), high)) + if night { 20 } else { 0 };
        let priorities = [(Priority::Urgent, 20), (Priority::Normal, 60), (Priority::Low, 20)];
        ShortageDraft {
            id: id.into(),
            firm: firm_id(p.firm).into(),
            skill: p.skill_id.clone().into(),
            headcount: p.headcount.into(),
            from: p.from.into(),
            to: p.to.into(),
            priority: (*random.pick(&priorities)).into(),
            day_pay: maybe(random.chance(0.6), pay * 100),
            night_shift: maybe(night, true),
            max_distance: maybe(random.chance(0.08), random.between(8, 24) * 500),
            min_stay_days: maybe(random.chance(0.08), if p.skill.skilled { 10 } else { 5 }),
            within_alliance: maybe(random.chance(0.03), true),
            posted: p.posted.into(),
            withdrawn: Cell::Blank,
            remark: maybe(random.chance(0.03), "两班，包两餐，可分批到岗".to_string()),
        }
    }
}

fn maybe<T>(given: bool, value: T) -> Cell<T> {
    if given { Cell::Value(value) } else { Cell::Blank }
}

fn round_to_5(amount: i64) -> i64 {
    (amount + 2) / 5 * 5
}

/// What the workers of a posting hold: what their own work demands, and the certificate of health more often than
/// not. A few run out while they are lent.
fn certificates(posting: &Posting, random: &mut Random) -> Cell<Vec<Certificate>> {
    let mut held = Vec::new();
    let mut add = |name: &str, random: &mut Random| {
        let until = posting.from + random.between(10, 400) as i32;
        let valid_until = random.chance(0.3).then_some(until);
        held.push(Certificate { name: name.to_string(), valid_until });
    };
    let own = posting.skill.certificate;
    if let Some(name) = own {
        add(name, random);
    }
    if own != Some(HEALTH) && !posting.skill.skilled && random.chance(0.6) {
        add(HEALTH, random);
    }
    if posting.skill.id == "K15" && random.chance(0.3) {
        add("低压电工作业证", random);
    }
    if held.is_empty() { Cell::Blank } else { Cell::Value(held) }
}
