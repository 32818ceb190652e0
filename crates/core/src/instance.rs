//! What the methods read: components of postings that admissible pairs connect, their periods, dense whole numbers.
//!
//! Postings are ordered by id, so that the order of rows changes no result. What no decision can change (shortages
//! without a partner, forced pins on refused pairs) is a constant beside the components.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use petgraph::unionfind::UnionFind;

use crate::admissibility::{Pair, admissible_pairs, costs};
use crate::earlier::Earlier;
use crate::scenario::{Pin, Scenario, ShortageIx, Span, SurplusIx, UnmetCost};
use crate::stay::pins_keep_stay;
use crate::units::{Count, Fen};

/// The whole problem, split.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Independent of each other; ordered by their first posting.
    pub components: Vec<Component>,
    /// Pairs whose counts are their pins, whatever is decided: forced pins on pairs that a rule refuses.
    pub fixed: Vec<FixedPair>,
    /// The cost of `fixed`, and of the unmet demand of shortages that are in no component.
    pub constant: Fen,
    /// Admissible pairs in all.
    pub pairs: usize,
}

/// A refused pair with forced pins.
#[derive(Clone, Debug)]
pub struct FixedPair {
    /// The lender's posting.
    pub surplus: SurplusIx,
    /// The borrower's posting.
    pub shortage: ShortageIx,
    /// Workers by working day of the scenario.
    pub counts: Vec<Count>,
}

/// Postings that admissible pairs connect.
#[derive(Clone, Debug)]
pub struct Component {
    /// Ordered by lender, then borrower.
    pub pairs: Vec<Arc>,
    /// Lenders' postings, by id.
    pub lenders: Vec<Lender>,
    /// Borrowers' postings, by id.
    pub borrowers: Vec<Borrower>,
    /// The time line: runs of working days on which nothing changes, in order.
    pub periods: Vec<Period>,
    /// Objective of lending nothing but the pins.
    pub baseline: Fen,
    /// Fen per worker-day changed against an earlier plan; 0 where there is none.
    pub stability: Fen,
    /// Periods that are compared with it.
    pub compared: Range<usize>,
    /// Worker-days of it that no plan can keep: on days that an admissible pair does not have any more.
    pub lapsed: Count,
}

/// A run of working days on which some optimal plan changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First working day, as the scenario counts them.
    pub start: usize,
    /// Working days in it.
    pub len: usize,
}

/// An admissible pair of the component.
#[derive(Clone, Debug)]
pub struct Arc {
    /// Position among the lenders.
    pub lender: usize,
    /// Position among the borrowers.
    pub borrower: usize,
    /// Periods on which it may have workers.
    pub window: Range<usize>,
    /// Fen per worker-day.
    pub daily: Fen,
    /// Fen per worker who starts.
    pub start: Fen,
    /// In working days; over 1 only where every period is one day.
    pub stay: usize,
    /// No more workers than this at once.
    pub cap: Count,
    /// Where it has pins.
    pub pinned: Option<Pinned>,
    /// Where it is compared with an earlier plan at a cost: the workers there then, by period of its window; no periods
    /// at all where nobody was. See [`Component::earlier`].
    pub earlier: Option<Vec<Count>>,
}

/// Bounds of a pair with pins, by period of its window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// At least these.
    pub low: Vec<Count>,
    /// At most these.
    pub high: Vec<Count>,
    /// There on the working day before the first, so that they do not start anew.
    pub before: Count,
}

impl Arc {
    /// Fewest and most workers in period `p` of the component.
    pub fn bounds(&self, p: usize) -> (Count, Count) {
        match &self.pinned {
            Some(pinned) => (pinned.low[p - self.window.start], pinned.high[p - self.window.start]),
            None => (0, self.cap),
        }
    }

    /// Workers there before the window.
    pub fn before(&self) -> Count {
        self.pinned.as_ref().map_or(0, |pinned| pinned.before)
    }
}

/// A lender's posting.
#[derive(Clone, Debug)]
pub struct Lender {
    /// Which.
    pub posting: SurplusIx,
    /// Workers it may lend, by period.
    pub supply: Vec<Count>,
}

/// A borrower's posting.
#[derive(Clone, Debug)]
pub struct Borrower {
    /// Which.
    pub posting: ShortageIx,
    /// Workers it asks for, by period.
    pub demand: Vec<Count>,
    /// What unfilled ones cost.
    pub unmet: UnmetCost,
}

/// Counts of every pair, by period of its window: what methods decide.
pub type Counts = Vec<Vec<Count>>;

/// Pins of one posting or pair, by working day.
type Daily = Vec<Count>;

impl Instance {
    /// Splits a scenario. Time and memory in proportion to pairs and periods.
    pub fn new(scenario: &Scenario) -> Instance {
        Instance::split(scenario, None, false)
    }

    /// The same, compared with an earlier plan: periods end wherever one of its secondments begins or ends, so that
    /// its counts can be kept as they are.
    pub fn replanned(scenario: &Scenario, earlier: &Earlier) -> Instance {
        Instance::split(scenario, Some(earlier), false)
    }

    /// The same with a period for every working day, whether or not anything changes.
    pub fn by_day(scenario: &Scenario) -> Instance {
        Instance::split(scenario, None, true)
    }

    fn split(scenario: &Scenario, earlier: Option<&Earlier>, every_day: bool) -> Instance {
        let pairs = admissible_pairs(scenario);
        let (pins, fixed, mut constant) = Pins::of(scenario, &pairs, None);
        let groups = connect(scenario, &pairs);
        let mut alone = vec![true; scenario.shortages().len()];
        for pair in &pairs {
            alone[pair.shortage.index()] = false;
        }
        for j in scenario.shortage_indices().filter(|j| alone[j.index()]) {
            let unmet = scenario.unmet_cost(j);
            let demand = pins.demand(scenario, j);
            constant += demand.iter().map(|&m| unmet.of(m)).sum::<Fen>();
        }
        let component = |group: &Vec<Pair>| Component::new(scenario, group, &pins, earlier, every_day);
        let components = groups.iter().map(component).collect();
        Instance { components, fixed, constant, pairs: pairs.len() }
    }

    /// A part: these admissible pairs of a scenario, where `others`, with their workers by working day, stay as they
    /// are, and `more` is pinned on one of the pairs. Periods end wherever a count of the earlier plan changes; with
    /// `every_day` at every day.
    pub fn part<'a>(
        scenario: &Scenario,
        pairs: &[Pair],
        others: impl IntoIterator<Item = (SurplusIx, ShortageIx, &'a [Count])>,
        more: Option<&Pin>,
        earlier: &Earlier,
        every_day: bool,
    ) -> Component {
        // Pins outside count as fixed already.
        let (mut pins, pinned, _) = Pins::of(scenario, pairs, more);
        for (i, j, counts) in others {
            let own = pinned.iter().find(|pair| (pair.surplus, pair.shortage) == (i, j));
            let beside = |(t, n): (usize, &Count)| n - own.map_or(0, |pair| pair.counts[t]);
            pins.fix(i, j, &counts.iter().enumerate().map(beside).collect::<Vec<_>>());
        }
        Component::new(scenario, pairs, &pins, Some(earlier), every_day)
    }

    /// Objective of lending nothing but the pins.
    pub fn baseline(&self) -> Fen {
        self.constant + self.components.iter().map(|c| c.baseline).sum::<Fen>()
    }
}

/// Daily cost and starts of one pair's counts, by working day.
fn cost_of_counts(counts: &[Count], before: Count, daily: Fen, start: Fen) -> Fen {
    let mut there = before;
    let mut cost = 0;
    for &n in counts {
        cost += n * daily + (n - there).max(0) * start;
        there = n;
    }
    cost
}

#[derive(Default)]
struct Pins {
    pairs: BTreeMap<(SurplusIx, ShortageIx), (Daily, Count)>,
    lent: BTreeMap<SurplusIx, Daily>,
    sent: BTreeMap<ShortageIx, Daily>,
    /// Of these, what is on refused pairs.
    lent_fixed: BTreeMap<SurplusIx, Daily>,
    sent_fixed: BTreeMap<ShortageIx, Daily>,
}

impl Pins {
    /// Of a scenario with these admissible pairs, and one `more`; the refused pairs with forced pins, and what these cost.
    fn of(scenario: &Scenario, pairs: &[Pair], more: Option<&Pin>) -> (Pins, Vec<FixedPair>, Fen) {
        let days = scenario.days().len();
        let admissible: HashSet<(SurplusIx, ShortageIx)> =
            pairs.iter().map(|pair| (pair.surplus, pair.shortage)).collect();
        let mut pins = Pins::default();
        for pin in scenario.pins().iter().chain(more) {
            let key = (pin.surplus, pin.shortage);
            let entry = pins.pairs.entry(key).or_insert_with(|| (vec![0; days], 0));
            for t in Range::from(scenario.pin_span(pin)) {
                entry.0[t] += pin.count;
                pins.lent.entry(key.0).or_insert_with(|| vec![0; days])[t] += pin.count;
                pins.sent.entry(key.1).or_insert_with(|| vec![0; days])[t] += pin.count;
            }
            entry.1 += if scenario.under_way(pin) { pin.count } else { 0 };
        }
        let mut constant = 0;
        let mut fixed = Vec::new();
        let refused = pins.pairs.extract_if(.., |pair, _| !admissible.contains(pair)).collect::<Vec<_>>();
        for ((surplus, shortage), (counts, before)) in refused {
            let (daily, start) = costs(scenario, surplus, shortage);
            constant += cost_of_counts(&counts, before, daily, start);
            pins.fix(surplus, shortage, &counts);
            fixed.push(FixedPair { surplus, shortage, counts });
        }
        (pins, fixed, constant)
    }

    fn fix(&mut self, i: SurplusIx, j: ShortageIx, counts: &[Count]) {
        let add = |daily: &mut Daily| {
            daily.resize(counts.len(), 0);
            daily.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        };
        add(self.lent_fixed.entry(i).or_default());
        add(self.sent_fixed.entry(j).or_default());
    }

    /// Workers there by working day for the pairs that decide: what is offered, or pinned where that is more
    /// (forced), less what is fixed.
    fn left(
        days: usize,
        span: Span,
        offered: Count,
        pinned: Option<&Daily>,
        fixed: Option<&Daily>,
    ) -> Vec<Count> {
        let at = |daily: Option<&Daily>, t: usize| daily.map_or(0, |d| d[t]);
        (0..days)
            .map(|t| {
                let offered = if span.contains(t) { offered } else { 0 };
                offered.max(at(pinned, t)) - at(fixed, t)
            })
            .collect()
    }

    fn supply(&self, scenario: &Scenario, i: SurplusIx) -> Vec<Count> {
        let offered = scenario.surplus()[i.index()].capacity();
        let (pinned, fixed) = (self.lent.get(&i), self.lent_fixed.get(&i));
        Pins::left(scenario.days().len(), scenario.supply_span(i), offered, pinned, fixed)
    }

    fn demand(&self, scenario: &Scenario, j: ShortageIx) -> Vec<Count> {
        let asked = scenario.shortages()[j.index()].headcount;
        let (pinned, fixed) = (self.sent.get(&j), self.sent_fixed.get(&j));
        Pins::left(scenario.days().len(), scenario.demand_span(j), asked, pinned, fixed)
    }
}

/// Connected components of the pairs; each ordered by ids, and they among themselves by their first pair.
fn connect(scenario: &Scenario, pairs: &[Pair]) -> Vec<Vec<Pair>> {
    let lenders = scenario.surplus().len();
    let mut sets = UnionFind::<usize>::new(lenders + scenario.shortages().len());
    for pair in pairs {
        sets.union(pair.surplus.index(), lenders + pair.shortage.index());
    }
    let ids = |pair: &Pair| {
        (&scenario.surplus()[pair.surplus.index()].id, &scenario.shortages()[pair.shortage.index()].id)
    };
    let mut ordered = pairs.to_vec();
    ordered.sort_by(|a, b| ids(a).cmp(&ids(b)));
    let mut group_of = BTreeMap::new();
    let mut groups: Vec<Vec<Pair>> = Vec::new();
    for pair in ordered {
        let group = *group_of.entry(sets.find_mut(pair.surplus.index())).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(pair);
    }
    groups
}

impl Component {
    fn new(
        scenario: &Scenario,
        group: &[Pair],
        pins: &Pins,
        earlier: Option<&Earlier>,
        every_day: bool,
    ) -> Component {
        let mut lenders: Vec<SurplusIx> = group.iter().map(|p| p.surplus).collect();
        let mut borrowers: Vec<ShortageIx> = group.iter().map(|p| p.shortage).collect();
        lenders.sort_by_key(|i| &scenario.surplus()[i.index()].id);
        lenders.dedup();
        borrowers.sort_by_key(|j| &scenario.shortages()[j.index()].id);
        borrowers.dedup();
        let supply: Vec<Vec<Count>> = lenders.iter().map(|&i| pins.supply(scenario, i)).collect();
        let demand: Vec<Vec<Count>> = borrowers.iter().map(|&j| pins.demand(scenario, j)).collect();

        let drafts: Vec<ArcDraft<'_>> =
            group.iter().map(|pair| ArcDraft::new(scenario, pair, pins, earlier)).collect();
        let every_day = every_day || drafts.iter().any(|arc| arc.stay > 1);
        let compared = earlier.map_or(Span { start: 0, end: 0 }, Earlier::days);
        let periods = periods(scenario.days().len(), &supply, &demand, &drafts, compared, every_day);
        let at = |t: usize| periods.partition_point(|p| p.start < t);
        let sample = |daily: &Vec<Count>| periods.iter().map(|p| daily[p.start]).collect::<Vec<_>>();

        let lender_at: BTreeMap<SurplusIx, usize> = lenders.iter().copied().zip(0..).collect();
        let borrower_at: BTreeMap<ShortageIx, usize> = borrowers.iter().copied().zip(0..).collect();
        let stability = if earlier.is_some() { scenario.policy().stability } else { 0 };
        let lapsed = if stability > 0 { drafts.iter().map(ArcDraft::lapsed).sum() } else { 0 };
        let mut pairs: Vec<Arc> = group
            .iter()
            .zip(drafts)
            .map(|(pair, draft)| {
                let window = at(draft.reach.start)..at(draft.reach.end);
                let (lender, borrower) = (lender_at[&pair.surplus], borrower_at[&pair.shortage]);
                let offered = scenario.surplus()[pair.surplus.index()].capacity();
                let cap = offered.min(scenario.shortages()[pair.shortage.index()].headcount);
                let pinned = draft.pins.map(|(counts, before)| {
                    let low: Vec<Count> = window.clone().map(|p| counts[periods[p].start]).collect();
                    let high = window
                        .clone()
                        .map(|p| {
                            let t = periods[p].start;
                            let most = supply[lender][t].min(demand[borrower][t]);
                            if pair.window.contains(t) { most.max(counts[t]) } else { counts[t] }
                        })
                        .collect();
                    Pinned { low, high, before }
                });
                let earlier = (stability > 0 && draft.compared).then(|| {
                    let counts = draft.earlier.unwrap_or_default();
                    let with = if counts.is_empty() { 0..0 } else { window.clone() };
                    with.map(|p| counts[periods[p].start]).collect()
                });
                Arc {
                    lender,
                    borrower,
                    window,
                    daily: pair.daily_cost,
                    start: pair.start_cost,
                    stay: draft.stay,
                    cap,
                    pinned,
                    earlier,
                }
            })
            .collect();
        pairs.sort_by_key(|arc| (arc.lender, arc.borrower));

        let lenders =
            lenders.iter().zip(&supply).map(|(&posting, daily)| Lender { posting, supply: sample(daily) });
        let borrowers = borrowers.iter().zip(&demand).map(|(&posting, daily)| Borrower {
            posting,
            demand: sample(daily),
            unmet: scenario.unmet_cost(posting),
        });
        let (lenders, borrowers) = (lenders.collect(), borrowers.collect());
        let compared = at(compared.start)..at(compared.end);
        let mut component =
            Component { pairs, lenders, borrowers, periods, baseline: 0, stability, compared, lapsed };
        component.baseline = component.objective(&component.pins_alone());
        component
    }

    /// The counts that the pins alone give: the baseline, always feasible.
    pub fn pins_alone(&self) -> Counts {
        self.pairs
            .iter()
            .map(|arc| arc.pinned.as_ref().map_or_else(|| vec![0; arc.window.len()], |p| p.low.clone()))
            .collect()
    }

    /// The objective of counts.
    pub fn objective(&self, counts: &Counts) -> Fen {
        let mut filled: Vec<Vec<Count>> = self.borrowers.iter().map(|b| vec![0; b.demand.len()]).collect();
        let mut cost = 0;
        for (arc, counts) in self.pairs.iter().zip(counts) {
            let mut there = arc.before();
            for (p, &n) in arc.window.clone().zip(counts) {
                cost += n * arc.daily * self.periods[p].len as Fen + (n - there).max(0) * arc.start;
                there = n;
                filled[arc.borrower][p] += n;
            }
        }
        for (borrower, filled) in self.borrowers.iter().zip(&filled) {
            for ((period, demand), filled) in self.periods.iter().zip(&borrower.demand).zip(filled) {
                cost += borrower.unmet.of(demand - filled) * period.len as Fen;
            }
        }
        cost
    }

    /// Workers of a pair in a period of its window by the earlier plan; none where changes there cost nothing.
    pub fn earlier(&self, arc: &Arc, p: usize) -> Option<Count> {
        let counts = arc.earlier.as_ref().filter(|_| self.compared.contains(&p))?;
        Some(counts.get(p - arc.window.start).copied().unwrap_or(0))
    }

    /// The cost of what counts change against the earlier plan.
    pub fn change_cost(&self, counts: &Counts) -> Fen {
        if self.stability == 0 {
            return 0;
        }
        let changes = self.pairs.iter().zip(counts).map(|(arc, counts)| {
            let change = |(p, &n): (usize, &Count)| {
                self.earlier(arc, p).map_or(0, |earlier| (n - earlier).abs() * self.periods[p].len as Count)
            };
            arc.window.clone().zip(counts).map(change).sum::<Count>()
        });
        self.stability * (self.lapsed + changes.sum::<Count>())
    }

    /// What plans minimise: the objective, and the cost of changes.
    pub fn total(&self, counts: &Counts) -> Fen {
        self.objective(counts) + self.change_cost(counts)
    }

    /// The same component without an earlier plan to compare with.
    #[must_use]
    pub fn alone(&self) -> Component {
        let mut alone = Component { stability: 0, lapsed: 0, ..self.clone() };
        alone.pairs.iter_mut().for_each(|arc| arc.earlier = None);
        alone
    }

    /// The counts of an earlier plan on the days of each pair's window, by period; what today's capacities, pins and
    /// stays say to them is another matter.
    pub fn counts_of(&self, earlier: &Earlier) -> Counts {
        let of_pair = |arc: &Arc| {
            let posting = (self.lenders[arc.lender].posting, self.borrowers[arc.borrower].posting);
            let counts = earlier.counts(posting.0, posting.1);
            let count = |p: usize| counts.map_or(0, |counts| counts[self.periods[p].start]);
            arc.window.clone().map(count).collect()
        };
        self.pairs.iter().map(of_pair).collect()
    }

    /// Pair-periods: the size by which methods are chosen.
    pub fn size(&self) -> usize {
        self.pairs.iter().map(|arc| arc.window.len()).sum()
    }
}

/// A pair before its time line is known. Ranges are of working days.
struct ArcDraft<'a> {
    /// The window, and the days of pins outside it.
    reach: Span,
    window: Span,
    stay: usize,
    pins: Option<(Daily, Count)>,
    /// Whether an earlier plan is compared with, and who was there, if anybody.
    compared: bool,
    earlier: Option<&'a [Count]>,
}

impl<'a> ArcDraft<'a> {
    fn new(scenario: &Scenario, pair: &Pair, pins: &Pins, earlier: Option<&'a Earlier>) -> ArcDraft<'a> {
        let pinned = pins.pairs.get(&(pair.surplus, pair.shortage)).cloned();
        let mut reach = pair.window;
        let mut stay = pair.stay;
        if let Some((counts, _)) = &pinned {
            for t in (0..counts.len()).filter(|&t| counts[t] > 0) {
                reach = Span { start: reach.start.min(t), end: reach.end.max(t + 1) };
            }
            if stay > 1 && !pins_keep_stay(scenario, pair) {
                stay = 1;
            }
        }
        let compared = earlier.is_some_and(|earlier| earlier.compares(pair.surplus, pair.shortage));
        let earlier = earlier.and_then(|earlier| earlier.counts(pair.surplus, pair.shortage));
        ArcDraft { reach, window: pair.window, stay, pins: pinned, compared, earlier }
    }

    /// Worker-days of the earlier plan outside what the pair can do.
    fn lapsed(&self) -> Count {
        let counts = self.earlier.unwrap_or_default().iter().enumerate();
        counts.filter(|&(t, _)| !self.reach.contains(t)).map(|(_, n)| n).sum()
    }
}

/// Cuts the time line of a component wherever a capacity, a window, a pin or an earlier count changes; at every day where
/// some pair has a stay, since a stay counts days.
fn periods(
    days: usize,
    supply: &[Vec<Count>],
    demand: &[Vec<Count>],
    arcs: &[ArcDraft<'_>],
    compared: Span,
    every_day: bool,
) -> Vec<Period> {
    let mut cut = vec![every_day; days + 1];
    cut[0] = true;
    cut[days] = true;
    let pinned = arcs.iter().filter_map(|arc| arc.pins.as_ref().map(|(counts, _)| counts));
    let daily = supply.iter().chain(demand).chain(pinned).map(Vec::as_slice);
    for counts in daily.chain(arcs.iter().filter_map(|arc| arc.earlier)) {
        for t in 1..days {
            cut[t] |= counts[t] != counts[t - 1];
        }
    }
    for span in arcs.iter().flat_map(|arc| [arc.reach, arc.window]).chain([compared]) {
        cut[span.start] = true;
        cut[span.end] = true;
    }
    let mut starts = (0..=days).filter(|&t| cut[t]);
    let mut periods = Vec::new();
    let mut start = starts.next();
    for end in starts {
        if let Some(start) = start {
            periods.push(Period { start, len: end - start });
        }
        start = Some(end);
    }
    periods
}
