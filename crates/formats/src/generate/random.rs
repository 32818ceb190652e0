//! Seeded chance: the same numbers on every machine, from whole-number arithmetic.

/// `SplitMix64` (Steele, Lea, Flood 2014): one 64-bit state, good enough to make up data.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `0 .. 1`.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in `low ..= high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = (high - low + 1).max(1) as u128;
        low + ((u128::from(self.next()) * width) >> 64) as i64
    }

    /// Uniform position in something of that length, which is not 0.
    pub fn index(&mut self, length: usize) -> usize {
        self.between(0, length as i64 - 1) as usize
    }

    /// True that often.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Roughly normal: twelve uniform numbers, so that no library function decides the last bit.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Lognormal with that median, rounded and clipped.
    pub fn lognormal(&mut self, median: f64, sigma: f64, low: i64, high: i64) -> i64 {
        let value = median * (sigma * self.normal()).exp();
        (value.round() as i64).clamp(low, high)
    }

    /// One of some, by weight.
    pub fn pick<'a, T>(&mut self, weighted: &'a [(T, u32)]) -> &'a T {
        let total: u32 = weighted.iter().map(|(_, weight)| weight).sum();
        let mut left = self.between(0, i64::from(total) - 1);
        for (value, weight) in weighted {
            left -= i64::from(*weight);
            if left < 0 {
                return value;
            }
        }
        &weighted[weighted.len() - 1].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_fixed_by_the_seed() {
        let mut random = Random::new(0);
        // Published first values of SplitMix64 from state 0.
        assert_eq!(random.next(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(random.next(), 0x6E78_9E6A_A1B9_65F4);
        assert!((0..1000).all(|_| (3..=5).contains(&random.between(3, 5))));
        assert!((0..1000).all(|_| (2..=200).contains(&random.lognormal(15.0, 0.9, 2, 200))));
    }
}
