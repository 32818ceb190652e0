//! Reasons against solving again: whoever is said to be worth more elsewhere, or to cost more than it is worth, is pinned where somebody is
//! missing (or idle), and the zone solved anew with the pin. No such plan may be cheaper than the reason says.

use std::path::Path;

use tiaoji_core::admissibility::judge;
use tiaoji_core::analysis::{Rival, Standing};
use tiaoji_core::draft::{PinDraft, Row, ScenarioDraft};
use tiaoji_core::earlier::{Earlier, Named};
use tiaoji_core::plan::{Claim, Plan, ReasonCode, Secondment};
use tiaoji_core::scenario::{Scenario, ShortageIx, Span, SurplusIx};
use tiaoji_core::solve::{Options, solve, solve_unexplained};
use tiaoji_core::units::{Count, Day, Fen};
use tiaoji_formats::to_draft;

/// One worker more of a pair on a stretch, and what the zone is said to lose by it at least.
struct Said {
    pair: (SurplusIx, ShortageIx),
    from: Day,
    to: Day,
    loss: Fen,
}

impl Said {
    fn rival<P>(pair: (SurplusIx, ShortageIx), rival: &Rival<P>) -> Said {
        assert!(rival.short >= 0, "nobody gains by what the prices say");
        Said { pair, from: rival.from, to: rival.to, loss: rival.short * rival.days as Fen }
    }
}

struct Zone {
    scenario: Scenario,
    draft: ScenarioDraft,
    gap: f64,
    plan: Plan,
    claims: Vec<Claim>,
    earlier: Earlier,
}

impl Zone {
    fn new(fixture: &str, gap: f64) -> Zone {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(fixture);
        let scenario = tiaoji_formats::read_path(&path).expect("no defects").scenario;
        let plan = solve(&scenario, &Options { gap: Some(gap), ..Options::default() });
        let claims: Vec<Claim> = plan.secondments.iter().map(Secondment::claim).collect();
        let named = Named::all(&scenario);
        let earlier = Earlier::new(&scenario, &named, &claims, plan.prices.clone()).expect("small numbers");
        Zone { draft: to_draft(&scenario), scenario, gap, plan, claims, earlier }
    }

    fn standing(&self) -> Standing<'_> {
        Standing::new(&self.scenario, &self.claims, self.plan.prices.clone()).expect("small numbers")
    }

    /// Workers of a pair who are there on every day of a stretch.
    fn there(&self, pair: (SurplusIx, ShortageIx), span: Span) -> Count {
        let days = self.scenario.days();
        let on = |claim: &&Claim, t: usize| days.span(claim.from, claim.to).contains(t);
        let own: Vec<&Claim> =
            self.claims.iter().filter(|claim| (claim.surplus, claim.shortage) == pair).collect();
        let of_day = |t| own.iter().filter(|claim| on(claim, t)).map(|claim| claim.count).sum();
        (span.start..span.end).map(of_day).min().unwrap_or(0)
    }

    /// Solves again with one worker more than the plan has; by how much that plan is dearer.
    fn rise(&self, said: &Said) -> Fen {
        let span = self.scenario.days().span(said.from, said.to);
        let cells = PinDraft {
            surplus: self.scenario.surplus()[said.pair.0.index()].id.clone().into(),
            shortage: self.scenario.shortages()[said.pair.1.index()].id.clone().into(),
            count: (self.there(said.pair, span) + 1).into(),
            from: said.from.into(),
            to: said.to.into(),
            forced: true.into(),
        };
        let mut draft = self.draft.clone();
        draft.pins.rows.push(Row { line: 0, cells });
        let pinned = Scenario::new(&draft).expect("a pin that somebody forces");
        let near = std::slice::from_ref(&self.earlier);
        let options = Options { gap: Some(self.gap), neighbours: near, ..Options::default() };
        solve_unexplained(&pinned, &options).objective - self.plan.objective
    }

    /// What is said of all rivals of everything that is unfilled or idle.
    fn said_of_rivals(&self, standing: &Standing<'_>) -> Vec<Said> {
        let short = self.scenario.shortage_indices().flat_map(|j| {
            let rivals = standing.why_unfilled(j).rivals;
            rivals.into_iter().map(move |rival| Said::rival((rival.posting, j), &rival))
        });
        let idle = self.scenario.surplus_indices().flat_map(|i| {
            let rivals = standing.why_idle(i).rivals;
            rivals.into_iter().map(move |rival| Said::rival((i, rival.posting), &rival))
        });
        short.chain(idle).collect()
    }

    /// Of every unfilled stretch whoever is named first as taken elsewhere, or as too dear: no plan with one more of them is cheaper.
    fn said_of_stretches(&self) -> Vec<Said> {
        let said = self.plan.unfilled.iter().flat_map(|stretch| {
            let dear = |code| matches!(code, ReasonCode::Competition | ReasonCode::Price);
            let named = stretch.reasons.iter().filter(move |reason| dear(reason.code));
            named.filter_map(|reason| {
                let pair = (*reason.by.first()?, stretch.posting);
                let (from, to) = self.stay(pair, self.scenario.days().span(stretch.from, stretch.to))?;
                Some(Said { pair, from, to, loss: 0 })
            })
        });
        said.collect()
    }

    /// The first stay of a pair that covers a stretch.
    fn stay(&self, pair: (SurplusIx, ShortageIx), span: Span) -> Option<(Day, Day)> {
        let pair = judge(&self.scenario, pair.0, pair.1).ok()?;
        let end = span.end.max((span.start + pair.stay).min(pair.window.end));
        let start = span.start.min(end - pair.stay.min(end));
        let days = self.scenario.days();
        (start >= pair.window.start).then(|| (days.day(start), days.day(end - 1)))
    }

    /// Solves a sample again; how many there were, and how many of them lose just what was said, within what both plans leave open.
    fn check(&self, said: &[Said], most: usize) -> (usize, usize) {
        let open = self.plan.objective - self.plan.bound;
        let share = ((self.plan.baseline - self.plan.bound) as f64 * self.gap) as Fen;
        let (mut tried, mut just) = (0, 0);
        for said in said.iter().step_by(said.len().div_ceil(most).max(1)) {
            let rise = self.rise(said);
            let ids = (
                &self.scenario.surplus()[said.pair.0.index()].id,
                &self.scenario.shortages()[said.pair.1.index()].id,
            );
            assert!(
                rise + open >= said.loss,
                "{ids:?} from {} to {}: said to lose {}, loses {rise}, {open} open",
                said.from,
                said.to,
                said.loss
            );
            tried += 1;
            just += usize::from(rise - said.loss <= open + share + said.loss / 100);
        }
        (tried, just)
    }
}

/// Every unfilled worker-day stands in one stretch, and the reasons of a stretch add up to it.
fn everything_has_a_reason(zone: &Zone, standing: &Standing<'_>) {
    let days = zone.scenario.days();
    for j in zone.scenario.shortage_indices() {
        let start = zone.scenario.demand_span(j).start;
        let mut explained = vec![0; standing.missing(j).len()];
        for stretch in zone.plan.unfilled.iter().filter(|stretch| stretch.posting == j) {
            let reasons: Count = stretch.reasons.iter().map(|reason| reason.count).sum();
            assert_eq!(reasons, stretch.count, "{stretch:?}");
            let span = days.span(stretch.from, stretch.to);
            (span.start..span.end).for_each(|t| explained[t - start] += stretch.count);
        }
        assert_eq!(explained, standing.missing(j), "{}", zone.scenario.shortages()[j.index()].id);
    }
}

/// Of a fixture, solved to this gap: at most so many rivals and so many stretches are solved again.
fn check(fixture: &str, gap: f64, most: usize) {
    let zone = Zone::new(fixture, gap);
    let standing = zone.standing();
    everything_has_a_reason(&zone, &standing);
    let (rivals, stretches) = (zone.said_of_rivals(&standing), zone.said_of_stretches());
    assert!(rivals.len() > 50 && stretches.len() > 50, "{} and {}", rivals.len(), stretches.len());
    let (tried, just) = zone.check(&rivals, most);
    println!("{fixture}: {tried} of {} rivals, {just} lose just what is said", rivals.len());
    // A bound that says nothing would never be wrong.
    assert!(10 * just > tried, "{just} of {tried}");
    let (tried, _) = zone.check(&stretches, most);
    println!("{fixture}: {tried} of {} stretches", stretches.len());
}

#[test]
fn no_reason_contradicts_solving_again() {
    check("jibei", 0.000_05, usize::MAX);
    check("jibei-peak", 0.000_1, 200);
}
