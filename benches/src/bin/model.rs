//! Writes the compact programme of a scenario, as `tiaoji_core`'s docs state it, as a free MPS file for other solvers:
//! `model SCENARIO OUT.mps`. Periods in place of days, as our own methods have them.

use std::{fmt::Write as _, fs, path::Path, process::ExitCode};

use tiaoji_core::instance::{Component, Instance};

/// Rows and columns of a programme, column by column as MPS wants them.
#[derive(Default)]
struct Model {
    rows: String,
    columns: String,
    rhs: String,
    bounds: String,
}

impl Model {
    fn row(&mut self, sense: char, name: &str, rhs: i64) {
        let _ = writeln!(self.rows, " {sense} {name}");
        if rhs != 0 {
            let _ = writeln!(self.rhs, " RHS {name} {rhs}");
        }
    }

    fn column(&mut self, name: &str, cost: i64, entries: &[(String, i64)], (low, high): (i64, i64)) {
        let _ = writeln!(self.columns, " {name} COST {cost}");
        for (row, value) in entries {
            let _ = writeln!(self.columns, " {name} {row} {value}");
        }
        let _ = writeln!(self.bounds, " LO BND {name} {low}\n UP BND {name} {high}");
    }

    fn add(&mut self, c: usize, component: &Component) {
        for (i, lender) in component.lenders.iter().enumerate() {
            for (p, &supply) in lender.supply.iter().enumerate() {
                self.row('L', &format!("S{c}_{i}_{p}"), supply);
            }
        }
        for (j, borrower) in component.borrowers.iter().enumerate() {
            let unmet = borrower.unmet;
            for (p, &demand) in borrower.demand.iter().enumerate() {
                let row = format!("D{c}_{j}_{p}");
                self.row('E', &row, demand);
                let (len, cheap) = (component.periods[p].len as i64, demand.min(unmet.cheap_count));
                self.column(&format!("u{c}_{j}_{p}"), len * unmet.cheap, &[(row.clone(), 1)], (0, cheap));
                self.column(&format!("v{c}_{j}_{p}"), len * unmet.dear, &[(row, 1)], (0, demand - cheap));
            }
        }
        for (k, arc) in component.pairs.iter().enumerate() {
            let n = arc.window.len();
            let (rise, stay) = (|t: usize| format!("R{c}_{k}_{t}"), |t: usize| format!("L{c}_{k}_{t}"));
            for (t, p) in arc.window.clone().enumerate() {
                // s_t - y_t + y_t-1 >= 0, and y_t - s_t-L+1 - ... - s_t >= 0
                self.row('G', &rise(t), if t == 0 { -arc.before() } else { 0 });
                let mut of_count = vec![
                    (format!("S{c}_{}_{p}", arc.lender), 1),
                    (format!("D{c}_{}_{p}", arc.borrower), 1),
                    (rise(t), -1),
                ];
                let mut of_start = vec![(rise(t), 1)];
                if t + 1 < n {
                    of_count.push((rise(t + 1), 1));
                }
                if arc.stay > 1 {
                    self.row('G', &stay(t), 0);
                    of_count.push((stay(t), 1));
                    of_start.extend((t..n.min(t + arc.stay)).map(|later| (stay(later), -1)));
                }
                let (low, high) = arc.bounds(p);
                let days = component.periods[p].len as i64;
                self.column(&format!("y{c}_{k}_{t}"), days * arc.daily, &of_count, (low, high));
                let late = arc.stay > 1 && t + arc.stay > n;
                self.column(&format!("s{c}_{k}_{t}"), arc.start, &of_start, (0, if late { 0 } else { high }));
            }
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [scenario, out] = &args[..] else {
        eprintln!("usage: model SCENARIO OUT.mps");
        return ExitCode::from(2);
    };
    let Ok(loaded) = tiaoji_formats::read_path(Path::new(scenario)) else {
        eprintln!("model: {scenario} has defects");
        return ExitCode::from(3);
    };
    let instance = Instance::new(&loaded.scenario);
    let mut model = Model::default();
    for (c, component) in instance.components.iter().enumerate() {
        model.add(c, component);
    }
    let Model { rows, columns, rhs, bounds } = model;
    let text = format!(
        "NAME tiaoji\nROWS\n N COST\n{rows}COLUMNS\n M1 'MARKER' 'INTORG'\n{columns} M2 'MARKER' 'INTEND'\nRHS\n \
         RHS COST {}\n{rhs}BOUNDS\n{bounds}ENDATA\n",
        -instance.constant
    );
    match fs::write(out, text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("model: {out}: {error}");
            ExitCode::from(4)
        }
    }
}
