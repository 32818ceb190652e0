//! A star as a min-cost flow on its time line. Exact without stays.
//!
//! ```text
//! hub    o──────o──────o──────o      what the hub has flows from left to right: idle workers, or unfilled places;
//!         \start      ↑end           to come onto a spoke costs its start,
//! spoke     o──────o──────o          an arc of it some periods' work less the unmet demand it saves
//! ```

use std::ops::Range;

use tiaoji_flow::{ArcId, NodeId, Solver};

use super::star::{Piece, Spoke, Star};
use crate::instance::Arc;
use crate::units::{Count, Fen};

/// What a spoke may have in a period: so many workers at least, and those of these pieces at most.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Work {
    low: Count,
    pieces: [Piece; 3],
}

impl Star<'_> {
    /// Counts for all spokes, the best for those that are `free`, the others as they are. None where the flow refuses
    /// the sizes.
    pub(super) fn flow(
        &self,
        solver: &mut Solver,
        counts: &[Vec<Count>],
        free: impl Fn(&Spoke<'_>) -> bool,
    ) -> Option<Vec<Vec<Count>>> {
        let mut hub = self.hub.clone();
        for (spoke, counts) in self.spokes.iter().zip(counts).filter(|(spoke, _)| !free(spoke)) {
            for (hub, count) in hub[self.window(spoke.arc)].iter_mut().zip(counts) {
                *hub -= count;
            }
        }
        let free: Vec<usize> = (0..self.spokes.len()).filter(|&s| free(&self.spokes[s])).collect();
        let spokes: Vec<Vec<Work>> = free.iter().map(|&s| self.works(&self.spokes[s], &hub)).collect();
        let parts = self.parts(&hub, &free, &spokes);
        let most = hub.iter().copied().max().unwrap_or(0);
        let network = solver.edit();
        network.clear();
        let line: Vec<NodeId> = (0..=parts.len()).map(|_| network.add_node(0)).collect();
        for (part, ends) in parts.iter().zip(line.windows(2)) {
            let (from, to, open) = (ends[0], ends[1], hub[part.start]);
            // What the hub does not have in a period has nowhere to be but here.
            let closed = most - open;
            match self.unmet {
                None => {
                    network.add_arc(from, to, closed..=most, 0);
                }
                Some(unmet) => {
                    let (len, cheap) = (self.days(part), open.min(unmet.cheap_count));
                    for (low, high, cost) in
                        [(closed, closed, 0), (0, cheap, unmet.cheap), (0, open - cheap, unmet.dear)]
                    {
                        if high > 0 {
                            network.add_arc(from, to, low..=high, len * cost);
                        }
                    }
                }
            }
        }
        let mut there = 0;
        let mut works: Vec<(usize, Range<usize>, ArcId)> = Vec::new();
        for (&s, own) in free.iter().zip(&spokes) {
            let arc = self.spokes[s].arc;
            let window = self.window(arc);
            let mut node: Option<NodeId> = None;
            let before = arc.before().min(most - there);
            if before > 0 {
                node = Some(network.add_node(before));
                there += before;
            }
            let inside = |part: &Range<usize>| window.start <= part.start && part.end <= window.end;
            let first = parts.partition_point(|part| part.start < window.start);
            for (part, &here) in
                parts[first..].iter().zip(&line[first..]).take_while(|(part, _)| inside(part))
            {
                let Work { mut low, pieces } = own[part.start - window.start];
                if pieces.iter().all(|(size, _)| *size == 0) {
                    if let Some(node) = node.take() {
                        network.add_arc(node, here, 0..=most, 0);
                    }
                    continue;
                }
                let now = match node {
                    Some(node) => {
                        network.add_arc(node, here, 0..=most, 0);
                        node
                    }
                    None => network.add_node(0),
                };
                network.add_arc(here, now, 0..=pieces.iter().map(|(size, _)| size).sum(), arc.start);
                let next = network.add_node(0);
                let len = self.days(part);
                for (size, cost) in pieces.into_iter().filter(|(size, _)| *size > 0) {
                    let must = low.min(size);
                    low -= must;
                    let work = network.add_arc(now, next, must..=size, len * cost);
                    works.push((s, part.start - window.start..part.end - window.start, work));
                }
                node = Some(next);
            }
            if let Some(node) = node {
                let end = parts.partition_point(|part| part.end <= window.end);
                network.add_arc(node, line[end], 0..=most, 0);
            }
        }
        network.set_supply(line[0], most - there);
        network.set_supply(line[parts.len()], -most);
        // What is there now is a flow: a failure could only be one of size.
        let solution = solver.solve().ok()?;
        let mut counts = counts.to_vec();
        for s in free {
            counts[s].fill(0);
        }
        for (s, part, work) in works {
            let flow = solution.flow(work);
            counts[s][part].iter_mut().for_each(|count| *count += flow);
        }
        Some(counts)
    }

    /// Days of some periods.
    fn days(&self, part: &Range<usize>) -> Fen {
        part.clone().map(|at| self.len(at)).sum()
    }

    /// Where the window of a pair lies in the star.
    fn window(&self, arc: &Arc) -> Range<usize> {
        arc.window.start - self.first..arc.window.end - self.first
    }

    /// What a spoke may have in the periods of its window, where the hub has so many. More than the hub has is no different.
    fn works(&self, spoke: &Spoke<'_>, hub: &[Count]) -> Vec<Work> {
        let window = self.window(spoke.arc);
        let of_period = |(at, (&most, &hub)): (usize, (&Count, &Count))| {
            let low = spoke.arc.bounds(spoke.arc.window.start + at).0;
            let pieces = self.pieces(spoke, at, most.min(hub).max(low));
            Work { low, pieces: pieces.map(|piece| if piece.0 == 0 { (0, 0) } else { piece }) }
        };
        spoke.most.iter().zip(&hub[window]).enumerate().map(of_period).collect()
    }

    /// Successive periods in which the hub and all spokes have the same before them: some plan is the same in all of them too, for
    /// costs are convex and starts are paid once.
    fn parts(&self, hub: &[Count], free: &[usize], spokes: &[Vec<Work>]) -> Vec<Range<usize>> {
        let mut cut: Vec<bool> = (0..hub.len()).map(|at| at == 0 || hub[at] != hub[at - 1]).collect();
        for (&s, works) in free.iter().zip(spokes) {
            let window = self.window(self.spokes[s].arc);
            cut[window.start] = true;
            if let Some(cut) = cut.get_mut(window.end) {
                *cut = true;
            }
            for (cut, works) in cut[window].iter_mut().skip(1).zip(works.windows(2)) {
                *cut |= works[0] != works[1];
            }
        }
        let starts: Vec<usize> = (0..hub.len()).filter(|&at| cut[at]).collect();
        let ends = starts.iter().skip(1).copied().chain([hub.len()]);
        starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
    }
}
