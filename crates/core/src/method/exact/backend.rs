//! The one place that names an LP backend.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

#[cfg(feature = "highs")]
use good_lp::solvers::highs::highs;
use good_lp::solvers::microlp::microlp;
use good_lp::variable::UnsolvedProblem;
use good_lp::{
    Constraint, Expression, ProblemVariables, Solution, SolutionStatus, SolverModel, Variable, WithMipGap,
    WithTimeLimit, variable,
};

use super::program::{Program, Row};
use crate::stop::Stop;

/// Up to so many columns a programme is done within milliseconds: before a thread of its own would be worth it.
const FEW: usize = 1_000;
/// How long a stop may go unnoticed.
const BETWEEN_ASKING: Duration = Duration::from_millis(20);

/// An LP code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Pure Rust.
    Microlp,
    /// HiGHS: faster; the feature `highs`.
    #[cfg(feature = "highs")]
    Highs,
}

impl Default for Backend {
    #[cfg(feature = "highs")]
    fn default() -> Backend {
        Backend::Highs
    }
    #[cfg(not(feature = "highs"))]
    fn default() -> Backend {
        Backend::Microlp
    }
}

impl Backend {
    /// Values of the columns, and whether they are proven optimal.
    fn solve(
        self,
        problem: UnsolvedProblem,
        rows: Vec<Constraint>,
        columns: &[Variable],
        stop: &dyn Stop,
    ) -> Option<Solved> {
        match self {
            Backend::Microlp => run(problem.using(microlp), rows, columns, stop),
            // One thread, since several would change which of equal plans is found; and no gap but rounding.
            #[cfg(feature = "highs")]
            Backend::Highs => {
                let model = problem.using(highs).set_threads(1);
                let model = model.set_option("mip_rel_gap", 0.0).set_option("mip_abs_gap", 1e-3);
                run(model, rows, columns, stop)
            }
        }
    }
}

/// What an LP code answered.
pub(super) struct Solved {
    pub values: Vec<f64>,
    pub finished: bool,
}

/// Solves what has more than a [`FEW`] columns on a thread of its own, since an LP code cannot be asked to stop: when the
/// caller is, the thread is left to its time limit and its answer to nobody.
fn run<M>(mut model: M, rows: Vec<Constraint>, columns: &[Variable], stop: &dyn Stop) -> Option<Solved>
where
    M: SolverModel + WithTimeLimit + WithMipGap + Send + 'static,
{
    // Left alone, HiGHS is content with a gap of a ten-thousandth.
    model = model.with_mip_gap(0.0).ok()?;
    if let Some(left) = stop.remaining() {
        model = model.with_time_limit(left.as_secs_f64().max(0.001));
    }
    let columns = columns.to_vec();
    let few = columns.len() <= FEW;
    let search = move || {
        for row in rows {
            model.add_constraint(row);
        }
        model.solve().ok().map(|solution| Solved {
            values: columns.iter().map(|&column| solution.value(column)).collect(),
            // Asked for none, HiGHS ends with a gap of a millionth of a fen at most, and good_lp calls that a limit.
            finished: matches!(solution.status(), SolutionStatus::Optimal | SolutionStatus::GapLimit),
        })
    };
    if few {
        // an LP code that panics has no answer, as below
        return catch_unwind(AssertUnwindSafe(search)).ok().flatten();
    }
    let (answer, answers) = mpsc::channel();
    // nobody listens any more where the caller was stopped
    let search = move || drop(answer.send(search()));
    thread::Builder::new().name("lp".to_string()).spawn(search).ok()?;
    loop {
        match answers.recv_timeout(BETWEEN_ASKING) {
            Ok(solved) => return solved,
            Err(RecvTimeoutError::Timeout) if !stop.stopped() => {}
            // stopped, or the LP code panicked
            Err(_) => return None,
        }
    }
}

/// The programme in whole numbers.
pub(super) fn integer_optimum(program: &Program, backend: Backend, stop: &dyn Stop) -> Option<Solved> {
    let mut variables = ProblemVariables::new();
    let columns: Vec<_> = program
        .columns
        .iter()
        .map(|column| {
            let definition = variable().min(column.low).max(column.high);
            variables.add(if column.whole { definition.integer() } else { definition })
        })
        .collect();
    let mut objective = Expression::with_capacity(columns.len());
    for (column, &variable) in program.columns.iter().zip(&columns) {
        objective.add_mul(column.cost, variable);
    }
    let rows = program.rows.iter().map(|row| {
        let mut sum = Expression::with_capacity(row.terms.len());
        for &(column, factor) in &row.terms {
            sum.add_mul(factor, columns[column]);
        }
        sum.geq(row.low)
    });
    let rows = rows.collect();
    backend.solve(variables.minimise(objective), rows, &columns, stop)
}

/// The dual of the LP relaxation: one value for each row, at least 0. `optimum` is a solution of the programme: rows
/// that it leaves slack get 0 (complementary slackness), which costs the bound something only where the integer
/// optimum is none of the relaxation, and saves most of the time.
///
/// With columns counted from their lower bounds: maximise `low * duals - room * mu` subject to
/// `column * duals - mu <= cost`, where only columns whose upper bound may bind have a `mu`.
pub(super) fn dual_optimum(
    program: &Program,
    optimum: &[f64],
    backend: Backend,
    stop: &dyn Stop,
) -> Option<Vec<f64>> {
    let mut low: Vec<f64> = program.rows.iter().map(|row| row.low).collect();
    let mut by_column: Vec<Vec<(usize, f64)>> = vec![Vec::new(); program.columns.len()];
    for (r, row) in program.rows.iter().enumerate() {
        for &(column, factor) in &row.terms {
            by_column[column].push((r, factor));
            low[r] -= factor * program.columns[column].low;
        }
    }
    let mut variables = ProblemVariables::new();
    let slack = |row: &Row| row.terms.iter().map(|&(c, f)| f * optimum[c]).sum::<f64>() - row.low;
    let duals: Vec<Option<Variable>> =
        program.rows.iter().map(|row| (slack(row) < 0.5).then(|| variables.add(variable().min(0)))).collect();
    let mut objective = Expression::with_capacity(duals.len());
    for (dual, &low) in duals.iter().zip(&low) {
        if let &Some(dual) = dual {
            objective.add_mul(-low, dual);
        }
    }
    let mut rows = Vec::with_capacity(program.columns.len());
    for (column, terms) in program.columns.iter().zip(&by_column) {
        let room = column.high - column.low;
        if room <= 0.0 && !column.tight {
            continue;
        }
        let mut sum = Expression::with_capacity(terms.len() + 1);
        for &(row, factor) in terms {
            if let Some(dual) = duals[row] {
                sum.add_mul(factor, dual);
            }
        }
        if column.tight {
            let mu = variables.add(variable().min(0));
            objective.add_mul(room, mu);
            sum.add_mul(-1, mu);
        }
        rows.push(sum.leq(column.cost));
    }
    let columns: Vec<Variable> = duals.iter().flatten().copied().collect();
    let solved = backend.solve(variables.minimise(objective), rows, &columns, stop)?;
    let mut values = solved.values.into_iter();
    let mut value = || values.next().unwrap_or(0.0).max(0.0);
    solved.finished.then(|| duals.iter().map(|dual| dual.map_or(0.0, |_| value())).collect())
}
