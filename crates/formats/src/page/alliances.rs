//! One page an alliance for its regular meeting: who is short, who has hands, what crosses, three suggestions.

use maud::{Markup, html};
use tiaoji_core::units::Count;

use super::facts::{Facts, Rest, Stretch};
use super::table::{Cell, Table, cut};

/// Rows of each table, so that a sheet is one page of paper.
const ROWS: usize = 8;

impl Facts<'_> {
    pub(super) fn alliance_sheets(&self) -> Option<Markup> {
        let sheets: Vec<Markup> =
            (0..self.alliances.len()).map(|alliance| self.alliance_sheet(alliance)).collect();
        (!sheets.is_empty()).then(|| html! { @for sheet in &sheets { (sheet) } })
    }

    pub(super) fn alliance_sheet(&self, alliance: usize) -> Markup {
        let firms = self.scenario.firms().len();
        let members = (0..firms as u32)
            .filter(|&f| self.alliance(tiaoji_core::scenario::FirmIx(f)) == alliance)
            .count();
        let open = self.rows(
            &self.open,
            alliance,
            |j| self.scenario.shortages()[j.index()].id.as_str(),
            Self::reason,
        );
        let idle = self.rows(
            &self.idle,
            alliance,
            |i| self.scenario.surplus()[i.index()].id.as_str(),
            Self::idle_reason,
        );
        let crossings = self.crossings();
        let amount = |from, to| crossings.get(&(from, to)).copied().unwrap_or(0);
        let is_one = Some(alliance) != self.no_alliance;
        let mut cross: Vec<Vec<Cell>> = Vec::new();
        for (other, name) in
            self.alliances.iter().enumerate().filter(|(other, _)| *other != alliance || !is_one)
        {
            let (out, into) = (amount(alliance, other), amount(other, alliance));
            if out + into > 0 {
                cross.push(vec![name.as_str().into(), out.into(), into.into()]);
            }
        }
        let inside = if is_one { amount(alliance, alliance) } else { 0 };
        let sheet = Table {
            caption: self.say("What crosses to other alliances, worker-days", "与其他联盟的借调（人天）"),
            heads: vec![
                (self.say("Alliance", "联盟"), false),
                (self.say("Lent to", "借出"), true),
                (self.say("Borrowed from", "借入"), true),
            ],
            rows: cross,
            more: 0,
        };
        let name = &self.alliances[alliance];
        let suggestions = self.suggestions(alliance);
        let total = |rows: &[(Vec<Cell>, Count)]| rows.iter().map(|(_, days)| days).sum::<Count>();
        let (short, hands) = (self.worker_days(total(&open)), self.worker_days(total(&idle)));
        let inside = self.worker_days(inside);
        let tables = [
            (self.say("Who is short", "谁还缺人"), self.say("Shortage", "缺工编号"), open),
            (self.say("Who has hands", "谁还有人"), self.say("Surplus", "余工编号"), idle),
        ];
        html! {
            article class="sheet" {
                h3 { (name) }
                p { (self.language.choose(
                    format!("{members} firms. {short} stay open, {hands} stay idle; {inside} are lent inside the alliance."),
                    format!("{members} 家企业。仍缺 {short}，闲置 {hands}；联盟内借调 {inside}。"),
                )) }
                @if !suggestions.is_empty() {
                    h4 { (self.say("Suggestions for the meeting", "会议建议")) }
                    ol class="suggestions" { @for text in &suggestions { li { (text) } } }
                }
                @for (caption, posting, rows) in tables {
                    @if rows.is_empty() {
                        h4 { (caption) } p { (self.say("Nobody.", "无。")) }
                    } @else {
                        (self.rest_table(caption, posting, rows))
                    }
                }
                @if sheet.rows.is_empty() {
                    p { (self.say("Nothing crosses to other alliances.", "与其他联盟没有借调。")) }
                } @else {
                    (self.table(&sheet))
                }
            }
        }
    }

    fn rows<'s, P: Copy + Ord>(
        &self,
        all: &[Stretch<'_, P>],
        alliance: usize,
        id: impl Fn(P) -> &'s str,
        reason: fn(&Self, &str) -> String,
    ) -> Vec<(Vec<Cell>, Count)> {
        let own: Vec<_> = all.iter().filter(|s| self.alliance(s.firm) == alliance).copied().collect();
        let row = |rest: &Rest<'_, P>| {
            let cells = vec![
                self.firm(rest.firm).name.as_str().into(),
                Cell::Short(id(rest.posting).to_string()),
                self.skill(rest.skill).into(),
                rest.most.into(),
                Self::when(rest),
                rest.worker_days.into(),
                Cell::Wide(self.reasons(&rest.reasons, reason)),
            ];
            (cells, rest.worker_days)
        };
        self.rests(&own).iter().map(row).collect()
    }

    fn rest_table(&self, caption: &str, posting: &str, rows: Vec<(Vec<Cell>, Count)>) -> Markup {
        let (rows, more) = cut(rows, ROWS);
        self.table(&Table {
            caption,
            heads: vec![
                (self.say("Firm", "企业"), false),
                (posting, false),
                (self.say("Skill", "工种"), false),
                (self.say("Peak", "最多人数"), true),
                (self.say("When", "时间"), false),
                (self.say("Worker-days", "人天"), true),
                (self.say("Why (worker-days)", "原因（人天）"), false),
            ],
            rows: rows.into_iter().map(|(row, _)| row).collect(),
            more,
        })
    }
}
