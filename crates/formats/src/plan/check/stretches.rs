//! Unfilled and idle stretches against the days that really are.

use std::hash::Hash;

use tiaoji_core::plan::ReasonCode;
use tiaoji_core::referee::Verdict;
use tiaoji_core::rules::Rule;
use tiaoji_core::scenario::Span;
use tiaoji_core::units::{Count, Day};

use super::Check;
use crate::messages::Words;
use crate::plan::wire::{IdleFile, ReasonFile, UnfilledFile};

/// What both kinds of stretches have in common.
struct Stretch<'a> {
    id: &'a str,
    from: Day,
    to: Day,
    count: i64,
    reasons: &'a [ReasonFile],
}

impl<'a> From<&'a UnfilledFile> for Stretch<'a> {
    fn from(s: &'a UnfilledFile) -> Self {
        Stretch { id: &s.shortage, from: s.from.0, to: s.to.0, count: s.count, reasons: &s.reasons }
    }
}

impl<'a> From<&'a IdleFile> for Stretch<'a> {
    fn from(s: &'a IdleFile) -> Self {
        Stretch { id: &s.surplus, from: s.from.0, to: s.to.0, count: s.count, reasons: &s.reasons }
    }
}

/// One side: its postings, their spans, and what is left of each day by day.
struct Side<'a> {
    name: &'static str,
    column: &'static str,
    ids: Vec<&'a str>,
    spans: Vec<Span>,
    left: &'a [Vec<Count>],
}

impl Check<'_> {
    pub(super) fn unfilled(&mut self, verdict: &Verdict) {
        let scenario = self.scenario;
        let side = Side {
            name: "unfilled",
            column: "unfilled.shortage",
            ids: scenario.shortages().iter().map(|d| d.id.as_str()).collect(),
            spans: scenario.shortage_indices().map(|j| scenario.demand_span(j)).collect(),
            left: &verdict.unfilled,
        };
        let stretches: Vec<Stretch<'_>> = self.plan.unfilled.iter().map(Stretch::from).collect();
        let at: Vec<Option<usize>> =
            stretches.iter().map(|s| self.shortage.get(s.id).map(|j| j.index())).collect();
        let others = known(&self.surplus);
        self.stretches(&side, &stretches, &at, &others);
    }

    pub(super) fn idle(&mut self, verdict: &Verdict) {
        let scenario = self.scenario;
        let side = Side {
            name: "idle",
            column: "idle.surplus",
            ids: scenario.surplus().iter().map(|s| s.id.as_str()).collect(),
            spans: scenario.surplus_indices().map(|i| scenario.supply_span(i)).collect(),
            left: &verdict.idle,
        };
        let stretches: Vec<Stretch<'_>> = self.plan.idle.iter().map(Stretch::from).collect();
        let at: Vec<Option<usize>> =
            stretches.iter().map(|s| self.surplus.get(s.id).map(|i| i.index())).collect();
        let others = known(&self.shortage);
        self.stretches(&side, &stretches, &at, &others);
    }

    /// Each stretch by itself, then the days of every posting together.
    fn stretches(
        &mut self,
        side: &Side<'_>,
        stretches: &[Stretch<'_>],
        at: &[Option<usize>],
        others: &dyn Fn(&str) -> bool,
    ) {
        let mut claimed: Vec<Vec<Count>> = side.left.iter().map(|days| vec![0; days.len()]).collect();
        for (row, (stretch, at)) in stretches.iter().zip(at).enumerate() {
            let Some(at) = *at else {
                self.unknown(row, side.column, stretch.id);
                continue;
            };
            self.reasons(side.name, row, stretch, others);
            let days = self.scenario.days();
            let ends = days.index(stretch.from).zip(days.index(stretch.to));
            let span = side.spans[at];
            match ends {
                Some((first, last)) if span.start <= first && first <= last && last < span.end => {
                    for day in &mut claimed[at][first - span.start..=last - span.start] {
                        *day = day.saturating_add(stretch.count);
                    }
                }
                _ => {
                    let words = Words::new(
                        format!("{} to {} are no working days of `{}`", stretch.from, stretch.to, stretch.id),
                        format!("{} 至 {} 不是 `{}` 的工作日", stretch.from, stretch.to, stretch.id),
                        "give the first and last working day",
                        "请填写首末工作日",
                    );
                    self.say("shape", Some(row), side.name, &stretch.id, words);
                }
            }
        }
        for (posting, (claimed, left)) in claimed.iter().zip(side.left).enumerate() {
            let Some(t) = (0..left.len()).find(|&t| claimed[t] != left[t]) else { continue };
            let day = self.scenario.days().day(side.spans[posting].start + t);
            let (id, claimed, left, name) = (side.ids[posting], claimed[t], left[t], side.name);
            let row = stretches.iter().position(|s| s.id == id && s.from <= day && day <= s.to);
            let words = Words::new(
                format!("`{name}` says {claimed} of `{id}` on {day}; recomputed it is {left}"),
                format!("`{name}` 中 `{id}` 在 {day} 为 {claimed} 人，重新计算为 {left} 人"),
                "list every day once, with what is left of it",
                "请逐日列出剩余人数，不得重复",
            );
            self.say("figure", row, &format!("{name}.count"), &claimed, words);
        }
    }

    fn reasons(&mut self, name: &str, row: usize, stretch: &Stretch<'_>, others: &dyn Fn(&str) -> bool) {
        let column = format!("{name}.reasons");
        let sum: i128 = stretch.reasons.iter().map(|r| i128::from(r.count)).sum();
        if sum != i128::from(stretch.count) {
            self.figure(Some(row), &column, &sum, &stretch.count);
        }
        let codes: Vec<&str> = Rule::ALL
            .iter()
            .map(|rule| rule.code())
            .chain([ReasonCode::None, ReasonCode::Price, ReasonCode::Competition].map(ReasonCode::code))
            .collect();
        for reason in stretch.reasons {
            self.choice(Some(row), &column, &reason.code, &codes);
            for id in reason.by.iter().filter(|id| !others(id)) {
                self.unknown(row, &column, id);
            }
        }
    }
}

/// Whether an id is one of those.
fn known<'a, P: Copy + Eq + Hash>(
    ids: &std::collections::HashMap<&'a str, P>,
) -> impl Fn(&str) -> bool + use<'a, P> {
    let ids: std::collections::HashSet<&'a str> = ids.keys().copied().collect();
    move |id| ids.contains(id)
}
