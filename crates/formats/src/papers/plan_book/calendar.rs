//! The plan over time.

use tiaoji_core::referee::Claim;

use super::{Book, text};
use crate::office::book::{BookCell, BookSheet, Style};

impl Book<'_> {
    /// A row a secondment, a column a working day from the first that anybody works away to the last.
    pub(super) fn calendar(&self) -> BookSheet {
        let days = self.scenario.days();
        let first = self.claims.iter().map(|claim| claim.from).min();
        let last = self.claims.iter().map(|claim| claim.to).max();
        let span = first.zip(last).map_or(0..0, |(first, last)| days.span(first, last).into());
        let most = self.claims.iter().map(|claim| claim.count).max().unwrap_or(1).max(1);
        let head = |en, zh| text(self.say(en, zh)).styled(Style::Header);
        let fixed = [
            head("Borrower", "借入企业"),
            head("Work", "岗位"),
            head("Lender", "出借企业"),
            head("Workers", "人数"),
        ];
        let mut months: Vec<BookCell> = vec![BookCell::default().styled(Style::Header); fixed.len()];
        let mut dates = fixed.to_vec();
        // First and last column of each month.
        let mut joined: Vec<(u32, usize, usize)> = Vec::new();
        let mut before = None;
        for t in span.clone() {
            let (year, month, day) = days.day(t).ymd();
            let at = months.len();
            match joined.last_mut() {
                Some((_, _, to)) if before == Some((year, month)) => {
                    *to = at;
                    months.push(BookCell::default().styled(Style::Header));
                }
                _ => {
                    joined.push((1, at, at));
                    months.push(text(&format!("{year}-{month:02}")).styled(Style::Header));
                }
            }
            before = Some((year, month));
            dates.push(BookCell::whole(i64::from(day)).styled(Style::Header));
        }
        joined.retain(|(_, from, to)| from < to);
        let mut order: Vec<&Claim> = self.claims.iter().collect();
        order.sort_by_key(|claim| {
            (self.scenario.shortages()[claim.shortage.index()].firm, claim.shortage, claim.from)
        });
        let mut rows = vec![months, dates];
        for claim in order {
            let shortage = &self.scenario.shortages()[claim.shortage.index()];
            let mut row = vec![
                text(&self.borrower(claim).name),
                text(self.skill(shortage.skill)),
                text(&self.lender(claim).name),
                BookCell::whole(claim.count),
            ];
            // The darker, the more workers, in quarters of the most.
            let shade = (4 * (claim.count - 1) / most).clamp(0, 3) as u8;
            let away = days.span(claim.from, claim.to);
            row.extend(span.clone().map(|t| {
                if away.contains(t) {
                    BookCell::whole(claim.count).styled(Style::Away(shade))
                } else {
                    BookCell::default()
                }
            }));
            while row.last() == Some(&BookCell::default()) {
                row.pop();
            }
            rows.push(row);
        }
        let widths = [22, 12, 22, 7].into_iter().chain(span.map(|_| 4));
        BookSheet {
            name: self.say("Calendar", "借调日历").to_string(),
            columns: widths.map(|width| (width, Style::Plain)).collect(),
            rows,
            frozen: (2, 4),
            merged: joined,
            landscape: true,
            ..BookSheet::default()
        }
    }
}
