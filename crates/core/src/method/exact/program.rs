//! The programme as rows and columns, before any backend sees it.

use crate::bound::{LocalPrices, MICRO};
use crate::instance::{Component, Counts};
use crate::units::{Count, Fen, MicroFen};

/// `minimise cost * x` subject to `row * x >= low` for every row and `low <= x <= high` for every column.
pub(super) struct Program {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// By pair and period of its window: the column of its count, where it may have workers at all.
    counts: Vec<Vec<Option<usize>>>,
    supply_rows: Vec<(usize, usize, usize)>,
    demand_rows: Vec<(usize, usize, usize)>,
    missing_rows: Vec<(usize, usize, usize)>,
}

/// Costs in CNY: closer to the tolerances that LP codes expect.
const FEN_PER_UNIT: f64 = 100.0;

pub(super) struct Column {
    pub cost: f64,
    pub low: f64,
    /// May be infinite.
    pub high: f64,
    pub whole: bool,
    /// Whether the rows leave room above `high`, so that its dual counts.
    pub tight: bool,
}

#[derive(Default)]
pub(super) struct Row {
    pub terms: Vec<(usize, f64)>,
    pub low: f64,
}

impl Program {
    /// The programme of a component, with counts only where `considered`.
    pub fn new(component: &Component, considered: &[Vec<bool>]) -> Program {
        let mut program = Program {
            columns: Vec::new(),
            rows: Vec::new(),
            counts: Vec::with_capacity(component.pairs.len()),
            supply_rows: Vec::new(),
            demand_rows: Vec::new(),
            missing_rows: Vec::new(),
        };
        let money = |fen: Fen| fen as f64 / FEN_PER_UNIT;
        let periods = component.periods.len();
        let mut lent: Vec<Vec<usize>> = vec![Vec::new(); component.lenders.len() * periods];
        let mut sent: Vec<Vec<usize>> = vec![Vec::new(); component.borrowers.len() * periods];
        // Counts that may come to lie on either side of an earlier one, that one, and the cost of crossing it.
        let mut beyond: Vec<(usize, Count, f64)> = Vec::new();
        for (arc, considered) in component.pairs.iter().zip(considered) {
            let saved = component.borrowers[arc.borrower].unmet.cheap;
            let mut of_pair = Vec::with_capacity(arc.window.len());
            for (p, &considered) in arc.window.clone().zip(considered) {
                of_pair.push(considered.then_some(program.columns.len()));
                if !considered {
                    continue;
                }
                let (low, high) = arc.bounds(p);
                let len = component.periods[p].len as f64;
                let rate = money(component.stability);
                let change = match component.earlier(arc, p) {
                    None => 0.0,
                    Some(earlier) if earlier <= low => rate,
                    Some(earlier) if earlier >= high => -rate,
                    Some(earlier) => {
                        beyond.push((program.columns.len(), earlier, 2.0 * len * rate));
                        -rate
                    }
                };
                lent[arc.lender * periods + p].push(program.columns.len());
                sent[arc.borrower * periods + p].push(program.columns.len());
                program.columns.push(Column {
                    cost: len * (money(arc.daily - saved) + change),
                    low: low as f64,
                    high: high as f64,
                    whole: true,
                    tight: arc.pinned.is_some(),
                });
            }
            program.counts.push(of_pair);
        }
        for (count, earlier, cost) in beyond {
            let more = program.columns.len();
            program.columns.push(Column::free(cost));
            program.rows.push(Row { terms: vec![(more, 1.0), (count, -1.0)], low: -(earlier as f64) });
        }
        let capacity_row = |columns: &[usize], most: Count| Row {
            terms: columns.iter().map(|&c| (c, -1.0)).collect(),
            low: -(most as f64),
        };
        for (i, lender) in component.lenders.iter().enumerate() {
            for (p, &supply) in lender.supply.iter().enumerate() {
                let columns = &lent[i * periods + p];
                if !columns.is_empty() {
                    program.supply_rows.push((i, p, program.rows.len()));
                    program.rows.push(capacity_row(columns, supply));
                }
            }
        }
        for (j, borrower) in component.borrowers.iter().enumerate() {
            for (p, &demand) in borrower.demand.iter().enumerate() {
                let columns = &sent[j * periods + p];
                if columns.is_empty() {
                    continue;
                }
                program.demand_rows.push((j, p, program.rows.len()));
                program.rows.push(capacity_row(columns, demand));
                let dear = demand - borrower.unmet.cheap_count;
                if borrower.unmet.dear > borrower.unmet.cheap && dear > 0 {
                    let missing = program.columns.len();
                    let more =
                        component.periods[p].len as f64 * money(borrower.unmet.dear - borrower.unmet.cheap);
                    program.columns.push(Column::free(more));
                    program.missing_rows.push((j, p, program.rows.len()));
                    let terms = columns.iter().chain([&missing]).map(|&c| (c, 1.0)).collect();
                    program.rows.push(Row { terms, low: dear as f64 });
                }
            }
        }
        for (k, arc) in component.pairs.iter().enumerate() {
            if arc.start > 0 || arc.stay > 1 {
                program.add_starts(k, arc.stay, money(arc.start), arc.before());
            }
        }
        program
    }

    fn add_starts(&mut self, pair: usize, stay: usize, cost: f64, before: Count) {
        let counts = std::mem::take(&mut self.counts[pair]);
        let mut starts: Vec<Option<usize>> = Vec::with_capacity(counts.len());
        for (p, &count) in counts.iter().enumerate() {
            starts.push(count.map(|_| self.columns.len()));
            let Some(count) = count else { continue };
            // The last days of the window are too late to begin a stay.
            let late = stay > 1 && p + stay > counts.len();
            let start = self.columns.len();
            self.columns.push(Column { high: if late { 0.0 } else { f64::INFINITY }, ..Column::free(cost) });
            let mut terms = vec![(start, 1.0), (count, -1.0)];
            let earlier = p.checked_sub(1).and_then(|p| counts[p]);
            terms.extend(earlier.map(|earlier| (earlier, 1.0)));
            self.rows.push(Row { terms, low: if p == 0 { -(before as f64) } else { 0.0 } });
        }
        for p in 0..if stay > 1 { counts.len() } else { 0 } {
            let recent =
                starts[(p + 1).saturating_sub(stay)..=p].iter().flatten().map(|&start| (start, -1.0));
            let terms: Vec<(usize, f64)> = recent.chain(counts[p].map(|count| (count, 1.0))).collect();
            if !terms.is_empty() {
                self.rows.push(Row { terms, low: 0.0 });
            }
        }
        self.counts[pair] = counts;
    }

    /// Counts by pair and period, from the values of the columns.
    pub fn counts(&self, values: &[f64]) -> Counts {
        let value = |column: &Option<usize>| column.map_or(0, |column| values[column].round() as Count);
        self.counts.iter().map(|of_pair| of_pair.iter().map(value).collect()).collect()
    }

    /// Prices per worker-day, from the duals of the rows (all at least 0); where there is no row, the known ones.
    pub fn prices(&self, component: &Component, duals: &[f64], known: &LocalPrices) -> LocalPrices {
        let fen = |rows: &[Vec<MicroFen>]| {
            let row = |row: &Vec<MicroFen>| row.iter().map(|&p| p as f64 / MICRO as f64).collect();
            rows.iter().map(row).collect::<Vec<Vec<f64>>>()
        };
        let (mut supply, mut demand) = (fen(&known.supply), fen(&known.demand));
        let fen = |row: usize, p: usize| duals[row] * FEN_PER_UNIT / component.periods[p].len as f64;
        for &(i, p, row) in &self.supply_rows {
            supply[i][p] = fen(row, p);
        }
        for &(j, p, row) in &self.demand_rows {
            demand[j][p] = component.borrowers[j].unmet.cheap as f64 - fen(row, p);
        }
        for &(j, p, row) in &self.missing_rows {
            demand[j][p] += fen(row, p);
        }
        LocalPrices::rounded(&supply, &demand)
    }
}

impl Column {
    fn free(cost: f64) -> Column {
        Column { cost, low: 0.0, high: f64::INFINITY, whole: false, tight: false }
    }
}
