//! Rows of supply or demand: a price for each period of a posting's span.

use std::ops::Range;

/// The rows of some postings, one after the other.
#[derive(Clone)]
pub(super) struct Rows {
    /// The periods in which a posting has partners.
    pub spans: Vec<Range<usize>>,
    /// Where each posting's rows begin.
    pub first: Vec<usize>,
    pub prices: Vec<f32>,
    /// Workers offered or asked for.
    pub capacity: Vec<f32>,
    /// Where the prices began.
    anchor: Vec<f32>,
    /// How many pairs stand in the row; and after [`Self::counted`] one over that.
    pub length: Vec<f32>,
    pub rate: Vec<f32>,
    /// Postings whose pairs are all left out.
    pub quiet: Vec<bool>,
    /// Postings whose prices stay as they are.
    pub frozen: Vec<bool>,
}

impl Rows {
    /// From spans, and what each posting says of a period: its capacity and its price.
    pub fn new(spans: Vec<Range<usize>>, of: impl Fn(usize, usize) -> (f32, f32)) -> Rows {
        let mut first = Vec::with_capacity(spans.len());
        let (mut prices, mut capacity) = (Vec::new(), Vec::new());
        for (posting, span) in spans.iter().enumerate() {
            first.push(prices.len());
            for p in span.clone() {
                let (workers, price) = of(posting, p);
                capacity.push(workers);
                prices.push(price);
            }
        }
        let zeros = vec![0.0; prices.len()];
        let (anchor, rate) = (prices.clone(), zeros.clone());
        Rows {
            quiet: vec![false; spans.len()],
            frozen: vec![false; spans.len()],
            spans,
            first,
            prices,
            capacity,
            anchor,
            length: zeros,
            rate,
        }
    }

    /// Where the rows of a posting stand.
    pub fn range(&self, posting: usize) -> Range<usize> {
        self.first[posting]..self.first[posting] + self.spans[posting].len()
    }

    /// Where the row of a posting and period stands.
    pub fn at(&self, posting: usize, period: usize) -> usize {
        self.first[posting] + period - self.spans[posting].start
    }

    /// Begins at the prices as they are, with rows of no length.
    pub fn begin(&mut self) {
        self.anchor.copy_from_slice(&self.prices);
        self.length.fill(0.0);
    }

    /// Turns lengths into rates.
    pub fn counted(&mut self) {
        for (rate, length) in self.rate.iter_mut().zip(&self.length) {
            *rate = 1.0 / length.max(1.0);
        }
        for posting in 0..self.spans.len() {
            self.quiet[posting] = self.length[self.range(posting)].iter().all(|&length| length == 0.0);
        }
    }

    /// Puts the answer of the rows of a posting, reflected and drawn back, in place of its prices; how far it is from
    /// them, squared, without the weight.
    pub fn take(&mut self, range: Range<usize>, answer: &[f32], lens: &[f32], mix: f32) -> f32 {
        let prices = &mut self.prices[range.clone()];
        let mut moved = 0.0;
        for ((((price, answer), anchor), length), len) in
            prices.iter_mut().zip(answer).zip(&self.anchor[range.clone()]).zip(&self.length[range]).zip(lens)
        {
            let by = answer - *price;
            moved += by * by * length * len;
            *price = mix * (answer + by) + (1.0 - mix) * anchor;
        }
        moved
    }

    /// How far the prices are from where they began, squared, in the metric of the steps without the weight.
    pub fn way(&self, lens: &[f32]) -> f64 {
        let mut way = 0.0;
        for (posting, span) in self.spans.iter().enumerate() {
            for (at, p) in self.range(posting).zip(span.clone()) {
                let by = f64::from(self.prices[at] - self.anchor[at]);
                way += by * by * f64::from(self.length[at] * lens[p]);
            }
        }
        way
    }

    /// The prices by posting and period, with `other` outside the spans.
    pub fn wide(&self, periods: usize, other: f64) -> impl Iterator<Item = Vec<f64>> {
        self.spans.iter().enumerate().map(move |(posting, span)| {
            let mut row = vec![other; periods];
            for (wide, price) in row[span.clone()].iter_mut().zip(&self.prices[self.range(posting)]) {
                *wide = f64::from(*price);
            }
            row
        })
    }
}

/// The smallest span around windows.
pub(super) fn around(spans: &mut Range<usize>, window: &Range<usize>) {
    *spans = if spans.start >= spans.end {
        window.clone()
    } else {
        spans.start.min(window.start)..spans.end.max(window.end)
    };
}

/// The larger of two numbers in one instruction; [`f32::max`] takes three for the sake of what is not a number.
pub(super) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The smaller of two numbers.
pub(super) fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}
