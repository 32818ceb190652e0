//! The programme as rows and columns, before any backend sees it.

use crate::bound::LocalPrices;
use crate::instance::{Component, Counts};
use crate::units::{Count, Fen};

/// `minimise cost * x` subject to `row * x >= low` for every row and `low <= x <= high` for every column.
pub(super) struct Program {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// By pair: its first count column; they follow each other by period.
    counts: Vec<usize>,
    windows: Vec<usize>,
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
    pub fn new(component: &Component) -> Program {
        let mut program = Program {
            columns: Vec::new(),
            rows: Vec::new(),
            counts: Vec::with_capacity(component.pairs.len()),
            windows: component.pairs.iter().map(|arc| arc.window.len()).collect(),
            supply_rows: Vec::new(),
            demand_rows: Vec::new(),
            missing_rows: Vec::new(),
        };
        let money = |fen: Fen| fen as f64 / FEN_PER_UNIT;
        let periods = component.periods.len();
        let mut lent: Vec<Vec<usize>> = vec![Vec::new(); component.lenders.len() * periods];
        let mut sent: Vec<Vec<usize>> = vec![Vec::new(); component.borrowers.len() * periods];
        for arc in &component.pairs {
            let saved = component.borrowers[arc.borrower].unmet.cheap;
            program.counts.push(program.columns.len());
            for p in arc.window.clone() {
                let (low, high) = arc.bounds(p);
                lent[arc.lender * periods + p].push(program.columns.len());
                sent[arc.borrower * periods + p].push(program.columns.len());
                program.columns.push(Column {
                    cost: component.periods[p].len as f64 * money(arc.daily - saved),
                    low: low as f64,
                    high: high as f64,
                    whole: true,
                    tight: arc.pinned.is_some(),
                });
            }
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
                program.add_starts(k, arc.window.len(), arc.stay, money(arc.start), arc.before());
            }
        }
        program
    }

    fn add_starts(&mut self, pair: usize, window: usize, stay: usize, cost: f64, before: Count) {
        let (counts, starts) = (self.counts[pair], self.columns.len());
        for p in 0..window {
            // The last days of the window are too late to begin a stay.
            let late = stay > 1 && p + stay > window;
            self.columns.push(Column { high: if late { 0.0 } else { f64::INFINITY }, ..Column::free(cost) });
            let mut terms = vec![(starts + p, 1.0), (counts + p, -1.0)];
            if p > 0 {
                terms.push((counts + p - 1, 1.0));
            }
            self.rows.push(Row { terms, low: if p == 0 { -(before as f64) } else { 0.0 } });
            if stay > 1 {
                let recent = ((p + 1).saturating_sub(stay)..=p).map(|u| (starts + u, -1.0));
                self.rows.push(Row { terms: recent.chain([(counts + p, 1.0)]).collect(), low: 0.0 });
            }
        }
    }

    /// Counts by pair and period, from the values of the columns.
    pub fn counts(&self, values: &[f64]) -> Counts {
        let of_pair = |(&first, &len): (&usize, &usize)| {
            values[first..first + len].iter().map(|v| v.round() as Count).collect()
        };
        self.counts.iter().zip(&self.windows).map(of_pair).collect()
    }

    /// Prices per worker-day, from the duals of the rows (all at least 0).
    pub fn prices(&self, component: &Component, duals: &[f64]) -> LocalPrices {
        let periods = component.periods.len();
        let mut supply = vec![vec![0.0; periods]; component.lenders.len()];
        // Where nobody can come everybody is missing, the dear ones too.
        let mut demand: Vec<Vec<f64>> =
            component.borrowers.iter().map(|b| vec![b.unmet.dear as f64; periods]).collect();
        let fen = |row: usize, p: usize| duals[row] * FEN_PER_UNIT / component.periods[p].len as f64;
        for &(i, p, row) in &self.supply_rows {
            supply[i][p] += fen(row, p);
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
