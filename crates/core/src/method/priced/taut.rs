//! The step of one pair: a weighted, one-sided fused problem on a line, solved exactly as a taut string.
//!
//! ```text
//! minimise   sum of weight_p / 2 (y_p - z_p)^2 + sum of start_p (y_p - y_p-1)+        (y_-1 = 0)
//! ```
//!
//! With a multiplier `u_p` in `[0, start_p]` for each rise, `y_p = z_p - (u_p - u_p+1) / weight_p`. So the running sum of
//! `weight_p y_p` is the shortest string from `(0, 0)` through a tube: at the end of period `p` between
//! `R_p - start_0` and `R_p - start_0 + start_p+1`, where `R_p` is the running sum of `weight_p z_p`; at the last end the
//! tube closes on its floor, for leaving is free. Its slopes are the counts (Davies, Kovac 2001; Condat 2013 for the
//! scan). Linear on what occurs, quadratic at worst.

/// The tube of one pair, and the string in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Taut {
    /// The floor of the tube at the ends of the periods, and its height there.
    floor: Vec<f64>,
    height: Vec<f64>,
    solution: Vec<f64>,
}

impl Taut {
    /// The tube of so many periods, to be filled: the running sum of the weighted targets less what a start in the first
    /// period costs (for everybody in it starts), and what a start in the period after costs: infinite where nobody may
    /// start.
    pub fn tube(&mut self, periods: usize) -> (&mut [f64], &mut [f64]) {
        self.floor.resize(periods, 0.0);
        self.height.resize(periods, 0.0);
        (&mut self.floor, &mut self.height)
    }

    /// Pulls the string: the counts, by period. `ends` are the ends of the periods, counted from anywhere; the first of
    /// them is `len` long.
    pub fn pull(&mut self, ends: &[f64], len: f64) -> &[f64] {
        let n = self.floor.len();
        if let Some(last) = self.height.last_mut() {
            *last = 0.0;
        }
        let (ends, floor, height) = (&ends[..n], &self.floor[..n], &self.height[..n]);
        self.solution.resize(n, 0.0);
        // The string is fixed up to the end of period `done - 1`, at (x, y).
        let (mut done, mut x, mut y) = (0, ends.first().map_or(0.0, |end| end - len), 0.0);
        while done < n {
            // The slopes with which it can go on straight, and where it then touches.
            let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
            let (mut at_least, mut at_most) = (done, done);
            let mut bend = None;
            for (p, ((end, floor), height)) in ends.iter().zip(floor).zip(height).enumerate().skip(done) {
                let per = 1.0 / (end - x);
                let low = (floor - y) * per;
                let high = low + height * per;
                if high < least {
                    bend = Some((least, at_least, false));
                    break;
                }
                if low > most {
                    bend = Some((most, at_most, true));
                    break;
                }
                if low >= least {
                    (least, at_least) = (low, p);
                }
                if high <= most {
                    (most, at_most) = (high, p);
                }
            }
            let (slope, at, up) = bend.unwrap_or((least, n - 1, false));
            self.solution[done..=at].fill(slope);
            (done, x, y) = (at + 1, ends[at], floor[at] + if up { height[at] } else { 0.0 });
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
    fn string_is_exact() {
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
            let mut taut = Taut::default();
            let (mut end, mut sum) = (7.0, -starts[0]);
            let mut ends = Vec::new();
            let (floor, height) = taut.tube(n);
            for p in 0..n {
                end += weights[p];
                sum += weights[p] * targets[p];
                ends.push(end);
                floor[p] = sum;
                height[p] = starts.get(p + 1).copied().unwrap_or(9.0);
            }
            let expect = naive(&weights, &targets, &starts);
            for (found, expect) in taut.pull(&ends, weights[0]).iter().zip(&expect) {
                assert!(
                    (found - expect).abs() < 1e-4,
                    "{weights:?} {targets:?} {starts:?}: {found} for {expect}"
                );
            }
        }
    }
}
