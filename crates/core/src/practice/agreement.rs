//! An agreement: what two firms have agreed to, from the signature to the settlement.

use super::calendar::Calendar;
use super::capacity::Stretch;
use super::proposal::{Side, Terms};
use crate::codes::codes;
use crate::units::{Count, Day};

codes! {
    /// Where an agreement stands.
    AgreementState {
        Agreed = "agreed",
        Signed = "signed",
        Active = "active",
        Ended = "ended",
        Disputed = "disputed",
        Settled = "settled",
        Cancelled = "cancelled",
    }
}

codes! {
    /// Why workers go back before the end.
    ReturnReason {
        Recall = "recall",
        Unsuited = "unsuited",
        SentBack = "sent_back",
        Breach = "breach",
        ContractEnd = "contract_end",
        FirmClosed = "firm_closed",
        Other = "other",
    }
}

/// Workers of an agreement with the same first and last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Stint {
    pub count: Count,
    pub from: Day,
    pub to: Day,
    /// Went back before the end: an extension is not theirs.
    pub returned: bool,
}

/// A later last day that one side has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The new last day.
    pub to: Day,
    /// Who has asked.
    pub by: Side,
    /// How many workers consent, where the lender has asked.
    pub consented: Option<Count>,
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Where it stands.
    pub state: AgreementState,
    /// As it was agreed; `to` moves with an extension.
    pub terms: Terms,
    /// Who works when: the pins of the zone.
    pub stints: Vec<Stint>,
    /// How many workers consent, as the lender says.
    pub consented: Option<Count>,
    /// Asked for, not yet accepted.
    pub extension: Option<Extension>,
    /// The worker-days that the borrower states, later those that hold.
    pub worker_days: Option<Count>,
}

/// What can happen to an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Act {
    /// The lender signs: at least as many workers consent as are lent.
    Sign { consented: Count },
    /// A side steps back before the start.
    Cancel,
    /// The first day has come, and it is not signed.
    Lapse,
    /// So many came, on that day.
    Start { count: Count, day: Day },
    /// So many go back after their last day.
    Return { count: Count, last_day: Day, reason: ReturnReason },
    /// A side asks for a later last day, or the other one accepts what was asked; the lender says how many consent.
    Extend { side: Side, to: Day, consented: Option<Count> },
    /// The last day has passed.
    End,
    /// The borrower states how many worker-days there were.
    State { worker_days: Count },
    /// The lender confirms them.
    Confirm,
    /// A side does not agree.
    Dispute,
    /// The zone decides a dispute.
    Decide { worker_days: Count },
}

/// Why an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The state does not allow it.
    State,
    /// The number is not within these bounds.
    Number(Count, Count),
    /// The day is not within these bounds.
    Day(Day, Day),
    /// The lender has to say how many consent.
    Consent,
}

impl Agreement {
    /// What two firms have just agreed to.
    pub fn new(terms: Terms) -> Agreement {
        let Terms { count, from, to, .. } = terms;
        Agreement {
            state: AgreementState::Agreed,
            terms,
            stints: vec![Stint { count, from, to, returned: false }],
            consented: None,
            extension: None,
            worker_days: None,
        }
    }

    /// Workers who have not gone back early.
    pub fn present(&self) -> Count {
        self.stints.iter().filter(|stint| !stint.returned).map(|stint| stint.count).sum()
    }

    /// What the postings hold for it by day; nothing once it is cancelled.
    pub fn stretches(&self) -> Vec<Stretch> {
        let stints = self.stints.iter().filter(|_| self.state != AgreementState::Cancelled);
        stints.map(|s| Stretch { count: s.count, from: s.from, to: s.to }).collect()
    }

    /// Worker-days by its stints.
    pub fn expected_worker_days(&self, calendar: &Calendar) -> Count {
        self.stints.iter().map(|stint| stint.count * calendar.count(stint.from, stint.to)).sum()
    }

    /// The stretches that an extension would give it.
    pub fn extended(&self, to: Day) -> Vec<Stretch> {
        let longer =
            |s: &Stint| Stretch { count: s.count, from: s.from, to: if s.returned { s.to } else { to } };
        self.stints.iter().map(longer).collect()
    }

    /// Whether an extension asked for now would be the acceptance of what the other side has asked for.
    pub fn accepts(&self, side: Side, to: Day) -> bool {
        self.extension.is_some_and(|asked| asked.by == side.other() && asked.to == to)
    }

    /// What it becomes.
    ///
    /// # Errors
    /// Why it does not.
    pub fn after(&self, act: Act) -> Result<Agreement, Refused> {
        use AgreementState::{Active, Agreed, Cancelled, Disputed, Ended, Settled, Signed};
        let mut next = self.clone();
        match (self.state, act) {
            (Agreed, Act::Sign { consented }) => {
                within(consented, self.terms.count, Count::MAX)?;
                next.consented = Some(consented);
                next.state = Signed;
            }
            (Agreed | Signed, Act::Cancel) | (Agreed, Act::Lapse) => next.state = Cancelled,
            (Signed, Act::Start { count, day }) => {
                within(count, 0, self.terms.count)?;
                on(day, self.terms.from, self.terms.to)?;
                next.stints = vec![Stint { count, from: day, to: self.terms.to, returned: false }];
                next.state = if count == 0 { Ended } else { Active };
            }
            (Active, Act::Return { count, last_day, .. }) => {
                within(count, 1, self.present())?;
                let first = self.stints.iter().map(|stint| stint.from).min().unwrap_or(self.terms.from);
                on(last_day, first + -1, self.terms.to)?;
                next.send_back(count, last_day);
                if next.present() == 0 {
                    next.state = Ended;
                    next.extension = None;
                }
            }
            (Active, Act::Extend { side, to, consented }) => next.extend(side, to, consented)?,
            (Active, Act::End) => {
                next.state = Ended;
                next.extension = None;
            }
            (Ended | Disputed, Act::State { worker_days }) => {
                within(worker_days, 0, Count::MAX)?;
                next.worker_days = Some(worker_days);
            }
            (Ended | Disputed, Act::Confirm) if self.worker_days.is_some() => next.state = Settled,
            (Ended, Act::Dispute) => {
                next.state = Disputed;
                // what was stated is what is disputed
                next.worker_days = None;
            }
            (Disputed, Act::Decide { worker_days }) => {
                within(worker_days, 0, Count::MAX)?;
                next.worker_days = Some(worker_days);
                next.state = Settled;
            }
            _ => return Err(Refused::State),
        }
        Ok(next)
    }

    /// Takes workers out of the stints that have not been returned, the first ones first.
    fn send_back(&mut self, count: Count, last_day: Day) {
        let (mut left, mut stints) = (count, Vec::new());
        for stint in &self.stints {
            let back = if stint.returned { 0 } else { left.min(stint.count) };
            left -= back;
            // whose last day would be before their first was never there
            if back > 0 && last_day >= stint.from {
                stints.push(Stint { count: back, to: last_day.min(stint.to), returned: true, ..*stint });
            }
            if stint.count > back {
                stints.push(Stint { count: stint.count - back, ..*stint });
            }
        }
        self.stints = stints;
    }

    fn extend(&mut self, side: Side, to: Day, consented: Option<Count>) -> Result<(), Refused> {
        on(to, self.terms.to + 1, Day::MAX)?;
        let consented = if side == Side::Lender {
            let consented = consented.ok_or(Refused::Consent)?;
            Some(within(consented, self.present(), Count::MAX)?)
        } else {
            None
        };
        if !self.accepts(side, to) {
            self.extension = Some(Extension { to, by: side, consented });
            return Ok(());
        }
        // whoever returned meanwhile needs no consent
        let asked = self.extension.take().and_then(|asked| asked.consented);
        self.consented = consented.or(asked);
        self.terms.to = to;
        for stint in self.stints.iter_mut().filter(|stint| !stint.returned) {
            stint.to = to;
        }
        Ok(())
    }
}

fn within(number: Count, least: Count, most: Count) -> Result<Count, Refused> {
    // a worker-day count or a headcount: never near the end of 63 bits
    let most = most.min(1_000_000_000);
    if (least..=most).contains(&number) { Ok(number) } else { Err(Refused::Number(least, most)) }
}

fn on(day: Day, first: Day, last: Day) -> Result<(), Refused> {
    if (first..=last).contains(&day) { Ok(()) } else { Err(Refused::Day(first, last)) }
}

#[cfg(test)]
mod tests {
    use super::Act::{Cancel, Confirm, Decide, Dispute, End, Extend, Lapse, Return, Sign, Start, State};
    use super::*;

    fn day(number: i32) -> Day {
        Day::from_number(number)
    }

    fn agreed() -> Agreement {
        Agreement::new(Terms { count: 5, from: day(10), to: day(19), day_pay: None })
    }

    fn back(count: Count, last: i32) -> Act {
        Return { count, last_day: day(last), reason: ReturnReason::Recall }
    }

    fn start(count: Count, from: i32) -> Act {
        Start { count, day: day(from) }
    }

    fn extend(side: Side, to: i32, consented: Option<Count>) -> Act {
        Extend { side, to: day(to), consented }
    }

    fn run(acts: &[Act]) -> Result<Agreement, Refused> {
        acts.iter().try_fold(agreed(), |agreement, &act| agreement.after(act))
    }

    #[test]
    fn histories() {
        const SIGN: Act = Sign { consented: 5 };
        let check = |acts: &[Act], expect: Result<&str, Refused>| {
            assert_eq!(run(acts).map(|end| end.state.code()), expect, "{acts:?}");
        };
        check(&[SIGN], Ok("signed"));
        check(&[Sign { consented: 4 }], Err(Refused::Number(5, 1_000_000_000)));
        check(&[Lapse], Ok("cancelled"));
        check(&[SIGN, Lapse], Err(Refused::State));
        check(&[SIGN, Cancel], Ok("cancelled"));
        check(&[Cancel, SIGN], Err(Refused::State));
        check(&[SIGN, start(5, 10)], Ok("active"));
        check(&[start(5, 10)], Err(Refused::State));
        check(&[SIGN, start(0, 10)], Ok("ended"));
        check(&[SIGN, start(6, 10)], Err(Refused::Number(0, 5)));
        check(&[SIGN, start(5, 20)], Err(Refused::Day(day(10), day(19))));
        check(&[SIGN, start(5, 10), Cancel], Err(Refused::State));
        check(&[SIGN, start(5, 10), back(2, 14)], Ok("active"));
        check(&[SIGN, start(5, 10), back(2, 14), back(3, 12)], Ok("ended"));
        check(&[SIGN, start(5, 10), back(2, 14), back(4, 15)], Err(Refused::Number(1, 3)));
        check(&[SIGN, start(5, 10), back(2, 20)], Err(Refused::Day(day(9), day(19))));
        check(&[SIGN, start(5, 10), End, State { worker_days: 50 }], Ok("ended"));
        check(&[SIGN, start(5, 10), End, State { worker_days: 50 }, Confirm], Ok("settled"));
        check(&[SIGN, start(5, 10), End, Confirm], Err(Refused::State));
        check(&[SIGN, start(5, 10), End, State { worker_days: -1 }], Err(Refused::Number(0, 1_000_000_000)));
        check(&[SIGN, start(5, 10), End, Dispute], Ok("disputed"));
        check(&[SIGN, start(5, 10), End, Dispute, Decide { worker_days: 40 }], Ok("settled"));
        check(&[SIGN, start(5, 10), End, State { worker_days: 50 }, Dispute, Confirm], Err(Refused::State));
        check(&[SIGN, start(5, 10), End, Decide { worker_days: 40 }], Err(Refused::State));
    }

    #[test]
    fn workers_go_back() {
        let check = |acts: &[Act], expect: &[(Count, i32, i32)]| {
            let acts = [&[Sign { consented: 5 }], acts].concat();
            let end = run(&acts).expect("allowed");
            let stretches: Vec<(Count, i32, i32)> =
                end.stretches().iter().map(|s| (s.count, s.from.number(), s.to.number())).collect();
            assert_eq!(stretches, expect, "{acts:?}");
        };
        check(&[start(4, 11)], &[(4, 11, 19)]);
        check(&[start(5, 10), back(2, 14)], &[(2, 10, 14), (3, 10, 19)]);
        check(&[start(5, 10), back(2, 14), back(3, 12)], &[(2, 10, 14), (3, 10, 12)]);
        // sent back on the first morning
        check(&[start(5, 10), back(2, 9)], &[(3, 10, 19)]);
        check(&[start(5, 10), back(5, 9)], &[]);
        check(&[Cancel], &[]);
    }

    #[test]
    fn extensions_need_both_sides_and_new_consent() {
        use Side::{Borrower, Lender};
        let active = |acts: &[Act]| run(&[&[Sign { consented: 5 }, start(5, 10)], acts].concat());
        let asked = active(&[extend(Borrower, 25, None)]).expect("asked");
        assert_eq!((asked.terms.to, asked.extension.map(|e| e.by)), (day(19), Some(Borrower)));
        assert_eq!(asked.after(extend(Lender, 25, None)), Err(Refused::Consent));
        assert_eq!(asked.after(extend(Lender, 25, Some(4))), Err(Refused::Number(5, 1_000_000_000)));
        let done = asked.after(extend(Lender, 25, Some(5))).expect("accepted");
        assert_eq!((done.terms.to, done.extension, done.consented), (day(25), None, Some(5)));
        // another day is another question, and those who went back stay where they are
        let other = active(&[back(2, 14), extend(Lender, 25, Some(3)), extend(Borrower, 22, None)]);
        let other = other.expect("asked anew");
        assert_eq!(other.extension, Some(Extension { to: day(22), by: Borrower, consented: None }));
        let done = other.after(extend(Lender, 22, Some(3))).expect("accepted");
        let ends: Vec<i32> = done.stints.iter().map(|stint| stint.to.number()).collect();
        assert_eq!((ends, done.consented), (vec![14, 22], Some(3)));
        assert_eq!(done.after(extend(Borrower, 22, None)), Err(Refused::Day(day(23), Day::MAX)));
    }

    #[test]
    fn worker_days() {
        let end = run(&[Sign { consented: 5 }, start(5, 10), back(2, 14)]).expect("allowed");
        assert_eq!(end.expected_worker_days(&Calendar::default()), 2 * 5 + 3 * 10);
    }
}
