//! The step of one pair: a weighted, one-sided fused problem on a line, solved exactly in linear time.

/// The fused problem of one pair: pushed period by period, solved from the end.
///
/// The derivative of the best cost so far, as a function of the count in the last period, is piecewise linear and
/// rises. A further period clips it to `[0, h]` (falling is free, rising costs `h`) and adds its own line; where it
/// was clipped is where the earlier count comes to lie.
#[derive(Default)]
pub(super) struct Fused {
    /// The derivative changes by `change` at `at`; the live knots are `head..tail`, growing both ways.
    knots: Vec<Knot>,
    head: usize,
    tail: usize,
    /// The derivative left of all knots, and right of them.
    left: Line,
    right: Line,
    /// Where each earlier period was clipped.
    clips: Vec<(f64, f64)>,
    solution: Vec<f64>,
    pushed: usize,
}

#[derive(Clone, Copy, Default)]
struct Knot {
    at: f64,
    change: Line,
}

#[derive(Clone, Copy, Default)]
struct Line {
    slope: f64,
    intercept: f64,
}

impl Line {
    fn at(self, x: f64) -> f64 {
        self.slope * x + self.intercept
    }
    fn plus(self, other: Line) -> Line {
        Line { slope: self.slope + other.slope, intercept: self.intercept + other.intercept }
    }
    fn minus(self, other: Line) -> Line {
        Line { slope: self.slope - other.slope, intercept: self.intercept - other.intercept }
    }
    /// Where it takes a value.
    fn reaches(self, value: f64) -> f64 {
        (value - self.intercept) / self.slope
    }
}

impl Fused {
    pub fn begin(&mut self, periods: usize) {
        self.pushed = 0;
        self.clips.clear();
        if self.knots.len() < 2 * periods + 2 {
            self.knots.resize(2 * periods + 2, Knot::default());
        }
        (self.head, self.tail) = (periods + 1, periods + 1);
    }

    /// Adds a period whose own cost is `weight / 2 (y - target)^2`, and `start` for each worker more than in the one
    /// before; infinite where nobody may start.
    pub fn push(&mut self, weight: f64, target: f64, start: f64) {
        let own = Line { slope: weight, intercept: -weight * target };
        let rise = Line { slope: 0.0, intercept: start };
        self.pushed += 1;
        if self.pushed == 1 {
            // nobody was there before: all of them start
            (self.left, self.right) = (own.plus(rise), own.plus(rise));
            return;
        }
        let low_line = self.drop_below(0.0);
        let mut high_line = self.right;
        while self.head < self.tail && high_line.at(self.knots[self.tail - 1].at) > start {
            self.tail -= 1;
            high_line = high_line.minus(self.knots[self.tail].change);
        }
        let low = low_line.reaches(0.0);
        let high = if start.is_finite() { high_line.reaches(start) } else { f64::INFINITY };
        self.head -= 1;
        self.knots[self.head] = Knot { at: low, change: low_line };
        self.clips.push((low, high));
        self.left = own;
        if start.is_finite() {
            self.knots[self.tail] = Knot { at: high, change: rise.minus(high_line) };
            self.tail += 1;
            self.right = own.plus(rise);
        } else {
            self.right = own.plus(high_line);
        }
    }

    /// Drops the knots at which the derivative is still below a value; the line that reaches it.
    fn drop_below(&mut self, value: f64) -> Line {
        let mut line = self.left;
        while self.head < self.tail && line.at(self.knots[self.head].at) < value {
            line = line.plus(self.knots[self.head].change);
            self.head += 1;
        }
        line
    }

    /// The counts of the periods pushed.
    pub fn solve(&mut self) -> &[f64] {
        self.solution.clear();
        self.solution.resize(self.pushed, 0.0);
        let mut count = self.drop_below(0.0).reaches(0.0);
        for p in (0..self.pushed).rev() {
            if let Some(&(low, high)) = self.clips.get(p) {
                count = count.max(low).min(high.max(low));
            }
            self.solution[p] = count;
        }
        &self.solution
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fused problem by projected coordinate search on a fine grid of its dual: slow and simple.
    fn naive(weights: &[f64], targets: &[f64], starts: &[f64]) -> Vec<f64> {
        // dual: one multiplier in [0, h] for each rise; y = z - (u_p - u_p+1) / a
        let n = targets.len();
        let mut u = vec![0.0; n + 1];
        for _ in 0..20_000 {
            for p in 0..n {
                let at = |u: &[f64], p: usize| targets[p] - (u[p] - u[p + 1]) / weights[p];
                let rise = at(&u, p) - if p == 0 { 0.0 } else { at(&u, p - 1) };
                let curvature = 1.0 / weights[p] + if p == 0 { 0.0 } else { 1.0 / weights[p - 1] };
                u[p] = (u[p] + rise / curvature).clamp(0.0, starts[p]);
                if p == 0 {
                    u[0] = starts[0]; // every worker of the first period starts, below 0 too
                }
            }
        }
        (0..n).map(|p| targets[p] - (u[p] - u[p + 1]) / weights[p]).collect()
    }

    #[test]
    fn fused_step_is_exact() {
        let mut seed = 1_u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f64 / (1_u64 << 24) as f64
        };
        for case in 0..200 {
            let n = 1 + case % 9;
            let weights: Vec<f64> = (0..n).map(|_| 0.5 + 3.0 * random()).collect();
            let targets: Vec<f64> = (0..n).map(|_| 10.0 * random() - 3.0).collect();
            // the same start in every period, others in each, and none at all in the last ones
            let mut starts = vec![[0.0, 0.5, 2.0, 8.0][case % 4]; n];
            if case % 3 > 0 {
                starts = (0..n).map(|_| 4.0 * random()).collect();
            }
            if case % 3 > 1 {
                let late = (1 + n / 2).min(n);
                starts[late..].fill(f64::INFINITY);
            }
            let mut fused = Fused::default();
            fused.begin(n);
            for p in 0..n {
                fused.push(weights[p], targets[p], starts[p]);
            }
            let expect = naive(&weights, &targets, &starts);
            for (found, expect) in fused.solve().iter().zip(&expect) {
                assert!(
                    (found - expect).abs() < 1e-4,
                    "{weights:?} {targets:?} {starts:?}: {found} for {expect}"
                );
            }
        }
    }
}
