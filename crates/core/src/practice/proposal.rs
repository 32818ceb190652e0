//! A proposal: what a published plan asks two firms to agree to.

use crate::codes::codes;
use crate::units::{Count, Day, Fen};

/// Who of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Side {
    Lender,
    Borrower,
}

impl Side {
    /// Both, the lender first.
    pub const BOTH: [Side; 2] = [Side::Lender, Side::Borrower];

    /// As the API spells it.
    pub fn name(self) -> &'static str {
        match self {
            Side::Lender => "lender",
            Side::Borrower => "borrower",
        }
    }

    /// The one that is spelled so.
    pub fn of(name: &str) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| side.name() == name)
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Lender => Side::Borrower,
            Side::Borrower => Side::Lender,
        }
    }
}

codes! {
    /// Where a proposal stands.
    ProposalState {
        Open = "open",
        Agreed = "agreed",
        Declined = "declined",
        Expired = "expired",
        Superseded = "superseded",
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// Why somebody declines.
    DeclineReason {
        WorkersRefused = "workers_refused",
        Trust = "trust",
        Conditions = "conditions",
        Other = "other",
        Dates = "dates",
        Headcount = "headcount",
        Pay = "pay",
    }
}

impl DeclineReason {
    /// Whether the surplus may be proposed to the shortage again once either posting has changed; else it never is.
    pub fn ends_with_a_change(self) -> bool {
        matches!(self, DeclineReason::Dates | DeclineReason::Headcount | DeclineReason::Pay)
    }
}

/// What is proposed: so many workers on every working day of `from ..= to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Terms {
    pub count: Count,
    pub from: Day,
    pub to: Day,
    /// What the workers get a day; none = to be settled.
    pub day_pay: Option<Fen>,
}

/// A proposal. By side: lender, borrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Where it stands.
    pub state: ProposalState,
    /// What is proposed.
    pub terms: Terms,
    /// Who has said yes.
    pub accepted: [bool; 2],
    /// Who has asked for more time.
    pub held: [bool; 2],
    /// When it expires, in milliseconds since 1970-01-01 UTC.
    pub deadline: i64,
}

/// What can happen to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A side says yes; by the second side it is agreed.
    Accept(Side),
    /// A side takes its yes back.
    Retract(Side),
    /// A side asks for more time, until this instant; once a side.
    Hold(Side, i64),
    /// A side proposes other terms, in a proposal of its own.
    Counter(Side),
    /// A side says no.
    Decline(Side, DeclineReason),
    /// The deadline has passed.
    Expire,
    /// A newer plan proposes something else.
    Supersede,
    /// A newer plan proposes the same.
    Keep,
    /// The plan is taken back, or a posting is gone.
    Withdraw,
}

impl Proposal {
    /// A new one, which nobody has accepted yet.
    pub fn new(terms: Terms, deadline: i64) -> Proposal {
        Proposal { state: ProposalState::Open, terms, accepted: [false; 2], held: [false; 2], deadline }
    }

    /// What it becomes; none where its state does not allow that.
    #[must_use]
    pub fn after(mut self, act: Act) -> Option<Proposal> {
        if self.state != ProposalState::Open {
            return None;
        }
        match act {
            Act::Accept(side) if !self.accepted[side as usize] => {
                self.accepted[side as usize] = true;
                if self.accepted == [true; 2] {
                    self.state = ProposalState::Agreed;
                }
            }
            Act::Retract(side) if self.accepted[side as usize] => self.accepted[side as usize] = false,
            Act::Hold(side, until) if !self.held[side as usize] => {
                self.held[side as usize] = true;
                self.deadline = until;
            }
            Act::Accept(_) | Act::Retract(_) | Act::Hold(..) => return None,
            Act::Counter(_) | Act::Supersede => self.state = ProposalState::Superseded,
            Act::Decline(..) => self.state = ProposalState::Declined,
            Act::Expire => self.state = ProposalState::Expired,
            Act::Withdraw => self.state = ProposalState::Withdrawn,
            Act::Keep => {}
        }
        Some(self)
    }

    /// Whether one side has accepted and it is still open: such a proposal enters a run as a pin.
    pub fn is_half_accepted(&self) -> bool {
        self.state == ProposalState::Open && self.accepted != [false; 2]
    }
}

#[cfg(test)]
mod tests {
    use super::Act::{Accept, Counter, Decline, Expire, Hold, Keep, Retract, Supersede, Withdraw};
    use super::Side::{Borrower, Lender};
    use super::*;

    fn open() -> Proposal {
        let day = Day::from_number(0);
        Proposal::new(Terms { count: 2, from: day, to: day, day_pay: None }, 100)
    }

    #[test]
    fn histories() {
        let check = |acts: &[Act], expect: Option<&str>| {
            let end = acts.iter().try_fold(open(), |proposal, &act| proposal.after(act));
            assert_eq!(end.map(|end| end.state.code()), expect, "{acts:?}");
        };
        check(&[], Some("open"));
        check(&[Accept(Lender)], Some("open"));
        check(&[Accept(Lender), Accept(Borrower)], Some("agreed"));
        check(&[Accept(Lender), Accept(Lender)], None);
        check(&[Accept(Lender), Retract(Lender), Accept(Borrower)], Some("open"));
        check(&[Accept(Lender), Retract(Borrower)], None);
        check(&[Hold(Lender, 200), Hold(Borrower, 300), Expire], Some("expired"));
        check(&[Hold(Lender, 200), Hold(Lender, 300)], None);
        check(&[Counter(Borrower)], Some("superseded"));
        check(&[Accept(Lender), Decline(Lender, DeclineReason::Dates)], Some("declined"));
        check(&[Keep, Keep, Supersede], Some("superseded"));
        check(&[Withdraw], Some("withdrawn"));
    }

    #[test]
    fn what_has_ended_stays_as_it_is() {
        let ends = [
            vec![Accept(Lender), Accept(Borrower)],
            vec![Decline(Lender, DeclineReason::Other)],
            vec![Expire],
            vec![Supersede],
            vec![Withdraw],
        ];
        let all = [
            Accept(Lender),
            Retract(Lender),
            Hold(Borrower, 1),
            Counter(Lender),
            Decline(Lender, DeclineReason::Pay),
            Expire,
            Supersede,
            Keep,
            Withdraw,
        ];
        for end in ends {
            let ended = end.iter().try_fold(open(), |proposal, &act| proposal.after(act)).expect("allowed");
            for act in all {
                assert_eq!(ended.after(act), None, "{end:?} {act:?}");
            }
        }
    }

    #[test]
    fn a_hold_moves_the_deadline() {
        let held = open().after(Hold(Borrower, 200)).expect("allowed");
        assert_eq!((held.deadline, held.held, held.accepted), (200, [false, true], [false; 2]));
    }
}
