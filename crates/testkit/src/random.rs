//! Random scenarios: small ones with every rule and feature, and zones.

use tiaoji_core::defect::Table;
use tiaoji_core::draft::{
    BlockDraft, CalendarDraft, Cell, Certificate, FirmDraft, HorizonDraft, PinDraft, PolicyDraft, Priority,
    Row, Rows, ScenarioDraft, ShortageDraft, SkillDraft, SubstitutionDraft, SurplusDraft,
};
use tiaoji_core::earlier::{Earlier, Named};
use tiaoji_core::plan::{Claim, Prices};
use tiaoji_core::scenario::{Scenario, ShortageIx, SurplusIx};
use tiaoji_core::units::Day;

/// Split-mix: small, seeded, the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`, which is positive.
    pub fn below(&mut self, n: i64) -> i64 {
        (self.bits() % n as u64) as i64
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as i64) as usize]
    }
}

/// What a random scenario looks like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Firms, at least 1.
    pub firms: i64,
    /// Surplus postings.
    pub surplus: i64,
    /// Shortage postings.
    pub shortages: i64,
    /// Skills, at least 1.
    pub skills: i64,
    /// Days, at least 1.
    pub days: i64,
    /// Largest headcount.
    pub heads: i64,
    /// Policy stay.
    pub stay: i64,
    /// Fairness.
    pub fairness: bool,
    /// One weekly rest day and some exceptions.
    pub rest: bool,
    /// Optional cells, pins, blocks, a horizon, … in random places.
    pub features: bool,
    /// Fen per worker-day changed against an earlier plan.
    pub stability: i64,
    /// Side of the zone in millionths of a degree; the limit of distance is 8 km.
    pub spread: i64,
}

impl Shape {
    /// A few postings with every feature: for brute force and for comparing methods.
    pub fn small(random: &mut Random) -> Shape {
        Shape {
            firms: random.between(2, 5),
            surplus: random.between(1, 6),
            shortages: random.between(1, 6),
            skills: random.between(1, 2),
            days: random.between(1, 14),
            heads: random.between(1, 6),
            stay: if random.once_in(2) { 1 } else { random.between(2, 4) },
            fairness: random.once_in(3),
            rest: random.once_in(3),
            features: true,
            stability: 0,
            spread: 80_000,
        }
    }

    /// The zone of the mission: 125 firms, 20 skills, 90 days.
    pub fn zone(postings: i64, stay: i64, fairness: bool, rest: bool) -> Shape {
        Shape {
            firms: 125,
            surplus: postings,
            shortages: postings,
            skills: 20,
            days: 90,
            heads: 50,
            stay,
            fairness,
            rest,
            features: false,
            stability: 0,
            spread: 300_000,
        }
    }
}

fn rows<T>(cells: Vec<T>) -> Rows<T> {
    Rows { rows: (2..).zip(cells).map(|(line, cells)| Row { line, cells }).collect(), readable: true }
}

fn text(prefix: &str, n: i64) -> Cell<String> {
    Cell::Value(format!("{prefix}{n:05}"))
}

/// A valid scenario of that shape: pins that break a rule or a capacity are left out.
///
/// # Panics
/// Where the rest of what it draws is not valid, which would be a fault here.
pub fn valid_scenario(random: &mut Random, shape: &Shape) -> Scenario {
    let mut draft = scenario(random, shape);
    loop {
        let defects = match Scenario::new(&draft) {
            Ok(scenario) => return scenario,
            Err(defects) => defects,
        };
        assert!(defects.iter().all(|d| d.at.table == Table::Pins), "{defects:?}");
        let bad = |line: u32| defects.iter().any(|d| d.at.row == Some(line));
        draft.pins.rows.retain(|row| !bad(row.line));
    }
}

/// A scenario of that shape: valid but for pins, which may break a rule or a capacity.
pub fn scenario(random: &mut Random, shape: &Shape) -> ScenarioDraft {
    let first = Day::from_number(19_052); // 2022-03-01
    let mut draft = ScenarioDraft {
        name: Cell::Value("random".into()),
        policy: policy(random, shape),
        ..ScenarioDraft::default()
    };
    let features = shape.features;
    let rarely = |random: &mut Random| features && random.once_in(7);
    draft.firms = rows((0..shape.firms).map(|n| firm(random, shape, n)).collect());
    let certificates = ["证0", "证1"];
    draft.skills = rows(
        (0..shape.skills)
            .map(|n| SkillDraft {
                id: text("K", n),
                name: Cell::Value(format!("工种{n}")),
                certificate: if rarely(random) {
                    Cell::Value((*random.pick(&certificates)).into())
                } else {
                    Cell::Blank
                },
                ..SkillDraft::default()
            })
            .collect(),
    );
    let mut substitutions = Vec::new();
    for from in 0..shape.skills {
        for to in 0..shape.skills {
            if from != to && random.once_in(shape.skills.max(3)) {
                let training_cost = Cell::Value(random.between(0, 900) * 100);
                substitutions.push(SubstitutionDraft {
                    from: text("K", from),
                    to: text("K", to),
                    training_cost,
                });
            }
        }
    }
    draft.substitutions = rows(substitutions);
    let range = |random: &mut Random| {
        if random.once_in(4) {
            return (first, first + (shape.days - 1) as i32);
        }
        let from = random.below(shape.days);
        let to = random.between(from, (from + 30).min(shape.days - 1));
        (first + from as i32, first + to as i32)
    };
    let firms = shape.firms;
    draft.surplus = rows(
        (0..shape.surplus)
            .map(|n| {
                let (from, to) = range(random);
                let mut row = SurplusDraft {
                    id: text("S", n),
                    firm: text("F", random.below(firms)),
                    skill: text("K", random.below(shape.skills)),
                    headcount: Cell::Value(random.between(1, shape.heads)),
                    from: from.into(),
                    to: to.into(),
                    ..SurplusDraft::default()
                };
                if rarely(random) {
                    row.consented = Cell::Value(random.between(0, shape.heads));
                }
                if rarely(random) {
                    row.contract_until = Cell::Value(first + random.between(-2, shape.days) as i32);
                }
                row.dispatched = Cell::Value(rarely(random) && rarely(random));
                let mut held = Vec::new();
                for name in certificates {
                    if !features || !random.once_in(3) {
                        let valid_until =
                            random.once_in(2).then(|| first + random.between(0, shape.days) as i32);
                        held.push(Certificate { name: name.into(), valid_until });
                    }
                }
                row.certificates = Cell::Value(held);
                if rarely(random) {
                    row.min_day_pay = Cell::Value(random.between(120, 180) * 100);
                }
                row.no_night = Cell::Value(rarely(random));
                if rarely(random) {
                    row.max_distance = Cell::Value(random.between(1_000, 8_000));
                }
                if rarely(random) {
                    row.min_stay_days = Cell::Value(random.between(1, 4));
                }
                row.within_alliance = Cell::Value(rarely(random));
                row
            })
            .collect(),
    );
    draft.shortage = rows(
        (0..shape.shortages)
            .map(|n| {
                let (from, to) = range(random);
                let mut row = ShortageDraft {
                    id: text("D", n),
                    firm: text("F", random.below(firms)),
                    skill: text("K", random.below(shape.skills)),
                    headcount: Cell::Value(random.between(1, shape.heads)),
                    from: from.into(),
                    to: to.into(),
                    priority: Cell::Value(*random.pick(&[Priority::Urgent, Priority::Normal, Priority::Low])),
                    ..ShortageDraft::default()
                };
                if rarely(random) {
                    row.day_pay = Cell::Value(random.between(120, 180) * 100);
                }
                row.night_shift = Cell::Value(rarely(random));
                if rarely(random) {
                    row.min_stay_days = Cell::Value(random.between(1, 4));
                }
                row
            })
            .collect(),
    );
    if features {
        extras(random, shape, &mut draft, first);
    }
    draft
}

fn policy(random: &mut Random, shape: &Shape) -> PolicyDraft {
    let odd = if shape.features { random.below(2) } else { 0 };
    PolicyDraft {
        onboarding: Cell::Value(if shape.features && random.once_in(6) { 0 } else { 15_000 }),
        daily_base: Cell::Value(1_000),
        transport_per_km: Cell::Value(600),
        cross_alliance: Cell::Value(1_500),
        max_distance: Cell::Value(8_000),
        min_stay_days: Cell::Value(shape.stay),
        fairness: Cell::Value(shape.fairness),
        stability: Cell::Value(shape.stability),
        rest_weekdays: Cell::Value(if shape.rest { vec![6] } else { Vec::new() }),
        unmet_urgent: Cell::Value(60_000 + odd),
        unmet_normal: Cell::Value(40_000 + odd),
        unmet_low: Cell::Value(if shape.features && random.once_in(3) { 4_000 } else { 30_000 } + odd),
        ..PolicyDraft::default()
    }
}

/// An earlier plan for a scenario as somebody might have made it who knew no limits: secondments of any pairs, counts and
/// days, of a scenario that did not have all of the postings nor all of the days.
///
/// # Panics
/// Where so few workers leave 63 bits, which would be a fault of the engine.
pub fn earlier(random: &mut Random, scenario: &Scenario) -> Earlier {
    let mut named = Named::all(scenario);
    if random.once_in(3) {
        named.surplus.retain(|_| !random.once_in(4));
        named.shortages.retain(|_| !random.once_in(4));
    }
    let days = scenario.days().len() as i64;
    let (lenders, borrowers) = (scenario.surplus().len() as i64, scenario.shortages().len() as i64);
    let mut claims = Vec::new();
    for _ in 0..if days * lenders * borrowers > 0 { random.below(8) } else { 0 } {
        let first = random.below(days);
        let last = random.between(first, days - 1);
        claims.push(Claim {
            surplus: SurplusIx(random.below(lenders) as u32),
            shortage: ShortageIx(random.below(borrowers) as u32),
            count: random.between(1, 3),
            from: scenario.days().day(first as usize),
            to: scenario.days().day(last as usize),
        });
    }
    if random.once_in(3) && days > 0 {
        let first = random.below(days);
        let last = random.between(first, days - 1);
        named.days = Some((scenario.days().day(first as usize), scenario.days().day(last as usize)));
    }
    Earlier::new(scenario, &named, &claims, Prices::default()).expect("a few workers change little")
}

fn firm(random: &mut Random, shape: &Shape, n: i64) -> FirmDraft {
    FirmDraft {
        id: text("F", n),
        name: Cell::Value(format!("企业{n}")),
        alliance: if random.once_in(12) { Cell::Blank } else { Cell::Value(format!("A{}", random.below(5))) },
        latitude: Cell::Value(36.98 + random.below(shape.spread / 2) as f64 / 1e6),
        longitude: Cell::Value(117.10 + random.below(shape.spread) as f64 / 1e6),
        ..FirmDraft::default()
    }
}

/// Blocks, a calendar, a horizon, pins.
fn extras(random: &mut Random, shape: &Shape, draft: &mut ScenarioDraft, first: Day) {
    let mut blocked = Vec::new();
    for _ in 0..random.below(3) {
        blocked.push(BlockDraft {
            lender: text("F", random.below(shape.firms)),
            borrower: text("F", random.below(shape.firms)),
            ..BlockDraft::default()
        });
    }
    draft.blocked = rows(blocked);
    if random.once_in(3) {
        let date = |n: i64| Cell::Value(first + n as i32);
        let n = random.below(shape.days);
        let working = Cell::Value(random.once_in(2));
        draft.calendar = rows(vec![CalendarDraft { date: date(n), working }]);
    }
    let horizon = random.once_in(5);
    if horizon {
        let from = random.below(shape.days);
        draft.horizon = Cell::Value(HorizonDraft {
            from: Cell::Value(first + from as i32),
            to: Cell::Value(first + random.between(from, shape.days) as i32),
        });
    }
    let mut pins = Vec::new();
    if random.once_in(2) {
        for _ in 0..random.between(1, 3) {
            let from = random.below(shape.days);
            pins.push(PinDraft {
                surplus: text("S", random.below(shape.surplus)),
                shortage: text("D", random.below(shape.shortages)),
                count: Cell::Value(random.between(0, 2)),
                from: Cell::Value(first + from as i32),
                to: Cell::Value(first + random.between(from, shape.days - 1) as i32),
                forced: Cell::Value(random.once_in(2)),
            });
        }
    }
    draft.pins = rows(pins);
}
