//! Some borrowers: the prices of their demand, answering what the lenders' blocks send.

use std::ops::Range;

use super::Step;
use super::block::Block;
use super::rows::{Rows, around, larger, smaller};
use crate::bound::{LocalPrices, MICRO};
use crate::instance::Component;
use crate::units::Count;

/// Some borrowers with their rows.
#[derive(Clone)]
pub(super) struct Side {
    pub borrowers: Range<usize>,
    pub rows: Rows,
    /// How far the last step went, squared.
    pub moved: f64,
    /// Pairs of each borrower: block, position there, and where in the span their windows begin.
    pub pairs: Vec<Vec<(u32, u32, u32)>>,
    /// Unmet costs.
    cheap: Vec<f32>,
    dear: Vec<f32>,
    /// So many of the unmet are cheap, by borrower.
    unmet_cheap: Vec<f32>,
    /// And by row.
    cheap_count: Vec<f32>,
    /// What a step needs besides.
    sent: Vec<f32>,
}

impl Side {
    pub fn new(component: &Component, borrowers: Range<usize>, prices: &LocalPrices) -> Side {
        let mut spans = vec![0..0; borrowers.len()];
        for arc in component.pairs.iter().filter(|arc| borrowers.contains(&arc.borrower)) {
            around(&mut spans[arc.borrower - borrowers.start], &arc.window);
        }
        let of = |at: usize, p: usize| {
            let j = borrowers.start + at;
            let price = prices.demand[j][p] as f64 / MICRO as f64;
            (component.borrowers[j].demand[p] as f32, price as f32)
        };
        let rows = Rows::new(spans, of);
        let unmet = || component.borrowers[borrowers.clone()].iter().map(|borrower| borrower.unmet);
        let cheap_count = unmet().enumerate().flat_map(|(at, unmet)| {
            let most = unmet.cheap_count as f32;
            rows.capacity[rows.range(at)].iter().map(move |demand| demand.min(most))
        });
        Side {
            moved: 0.0,
            pairs: vec![Vec::new(); borrowers.len()],
            cheap: unmet().map(|unmet| unmet.cheap as f32).collect(),
            unmet_cheap: unmet().map(|unmet| unmet.cheap_count as f32).collect(),
            dear: unmet().map(|unmet| unmet.dear as f32).collect(),
            cheap_count: cheap_count.collect(),
            sent: Vec::new(),
            rows,
            borrowers,
        }
    }

    /// Takes these places of a borrower of the component away, from this row on.
    pub fn take(&mut self, borrower: usize, row: usize, counts: &[Count]) {
        let most = self.unmet_cheap[borrower - self.borrowers.start];
        let rows = self.rows.capacity[row..].iter_mut().zip(&mut self.cheap_count[row..]);
        for ((demand, cheap), count) in rows.zip(counts) {
            *demand -= *count as f32;
            *cheap = demand.min(most);
        }
    }

    pub fn step(&mut self, step: Step<'_>, blocks: &[Block]) {
        self.moved = 0.0;
        let weight = step.weight as f32;
        for at in 0..self.borrowers.len() {
            if self.rows.frozen[at] || (step.diving && self.rows.quiet[at]) {
                continue;
            }
            let range = self.rows.range(at);
            let sent = &mut self.sent;
            sent.clear();
            sent.resize(range.len(), 0.0);
            for &(block, pair, offset) in &self.pairs[at] {
                if let Some(beyond) = blocks[block as usize].beyond(pair as usize) {
                    let sent = &mut sent[offset as usize..][..beyond.len()];
                    sent.iter_mut().zip(beyond).for_each(|(sent, beyond)| *sent += beyond);
                }
            }
            let (cheap, dear) = (self.cheap[at], self.dear[at]);
            for ((((answer, price), rate), demand), cheap_count) in sent
                .iter_mut()
                .zip(&self.rows.prices[range.clone()])
                .zip(&self.rows.rate[range.clone()])
                .zip(&self.rows.capacity[range.clone()])
                .zip(&self.cheap_count[range.clone()])
            {
                let sigma = weight * rate;
                let none = price + sigma * (demand - *answer);
                // As many go unmet as the price makes worth it: none, some of the cheap, some of the dear, all.
                let some = smaller(none - sigma * cheap_count, dear);
                *answer = larger(larger(smaller(none, cheap), some), none - sigma * demand);
            }
            let lens = &step.lens[self.rows.spans[at].clone()];
            self.moved += f64::from(self.rows.take(range, sent, lens, step.mix));
        }
        self.moved /= step.weight;
    }
}
