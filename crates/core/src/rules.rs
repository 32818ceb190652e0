//! The rules by name. What each one demands is in [`admissibility`](crate::admissibility).

use crate::codes::codes;

codes! {
    /// The rules, in the order of the format.
    Rule {
        SameFirm = "same_firm",
        Skill = "skill",
        Dates = "dates",
        Contract = "contract",
        Dispatched = "dispatched",
        Consent = "consent",
        Distance = "distance",
        Alliance = "alliance",
        Blocked = "blocked",
        Certificate = "certificate",
        Pay = "pay",
        Night = "night",
        MinStay = "min_stay",
    }
}

/// A set of rules.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RuleSet(u16);

impl RuleSet {
    /// Adds a rule.
    pub fn insert(&mut self, rule: Rule) {
        self.0 |= 1 << rule as u16;
    }
    /// Whether it is in.
    pub fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u16) != 0
    }
    /// No rule.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// How many.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }
    /// In the order of the format.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.iter().copied().filter(move |&r| self.contains(r))
    }
}

impl From<Rule> for RuleSet {
    fn from(rule: Rule) -> RuleSet {
        RuleSet(1 << rule as u16)
    }
}

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
