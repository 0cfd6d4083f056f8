//! Budgets: how much of an asset a category of spending may take in a period.

use super::{Asset, Category, TreasuryError, limits};
use crate::{AccountId, Balance, Millis, Moment};

/// What a category may spend. What is paid, reserved in an escrow or opened as a stream counts when it is committed;
/// what comes back of it is free, but does not fill the budget again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Budget {
    /// Of what.
    pub asset: Asset,
    /// How much in a period; with 0, nothing more is spent.
    pub cap: Balance,
    /// Length of a period; not 0.
    pub period: Millis,
    /// When the first period begins; before it, nothing is spent.
    pub begins: Moment,
    /// Whether what periods leave over can be spent in later ones, up to [`limits::CARRIED`] caps; otherwise it lapses.
    pub carries: bool,
    /// The tier for which the registry must clear a payee at the moment of payment; with none, it is not asked.
    pub tier: Option<u8>,
}

impl Budget {
    /// The period that `moment` is in, from 0.
    fn period_at(&self, moment: Moment) -> Option<u64> {
        moment.checked_sub(self.begins)?.checked_div(self.period)
    }

    /// Most that can be left at any time.
    fn most(&self) -> Balance {
        if self.carries { self.cap.saturating_add(self.cap.saturating_mul(limits::CARRIED)) } else { self.cap }
    }
}

/// A category's budget, and what is left of it. The contract keeps it so; who mirrors it can too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Allotment {
    /// The budget.
    pub budget: Budget,
    /// What was left in [`period`](Self::period) when something was last committed.
    left: Balance,
    /// Number of that period, from 0.
    period: u64,
}

impl Allotment {
    /// A budget of which nothing is spent.
    pub fn new(budget: Budget) -> Self {
        Self { budget, left: budget.cap, period: 0 }
    }

    /// What may be committed now. Told from the number of periods gone by, however many.
    pub fn left_at(&self, now: Moment) -> Balance {
        let budget = &self.budget;
        let Some(present) = budget.period_at(now) else { return 0 };
        let gone = present.saturating_sub(self.period);
        if gone == 0 {
            self.left
        } else if budget.carries {
            self.left.saturating_add(budget.cap.saturating_mul(gone.into())).min(budget.most())
        } else {
            budget.cap
        }
    }

    /// What it is after `amount` more was committed; nothing, if less is left.
    pub fn less(self, amount: Balance, now: Moment) -> Option<Self> {
        let left = self.left_at(now).checked_sub(amount)?;
        Some(Self { left, ..self.rolled_to(now) })
    }

    /// What it is when governance sets another budget. As long as asset and periods are the same, what was committed in the
    /// present one counts against the new cap, and what was carried into it stays as far as the new budget carries
    /// anything; otherwise the new budget begins whole.
    pub fn replaced_by(self, budget: Budget, now: Moment) -> Self {
        let old = self.budget;
        let same = (old.asset, old.period, old.begins) == (budget.asset, budget.period, budget.begins);
        if !same || now < budget.begins {
            return Self::new(budget);
        }
        let left = match budget.cap.checked_sub(old.cap) {
            Some(more) => self.left_at(now).saturating_add(more),
            None => self.left_at(now).saturating_sub(old.cap.saturating_sub(budget.cap)),
        };
        Self { budget, left: left.min(budget.most()), ..self.rolled_to(now) }
    }

    fn rolled_to(self, now: Moment) -> Self {
        Self { left: self.left_at(now), period: self.budget.period_at(now).unwrap_or_default(), ..self }
    }
}

/// Budgets, and the books.
#[ink::trait_definition]
pub trait Budgets {
    /// Sets a category's budget; see [`Allotment::replaced_by`] for what becomes of the period under way. Only the
    /// governor may.
    #[ink(message)]
    fn set_budget(&mut self, category: Category, budget: Budget) -> Result<(), TreasuryError>;

    /// A category's budget.
    #[ink(message)]
    fn budget(&self, category: Category) -> Option<Budget>;

    /// What a category can still commit in the present period; 0 without a budget.
    #[ink(message)]
    fn left(&self, category: Category) -> Balance;

    /// What of an asset is not reserved.
    ///
    /// # Errors
    /// [`TreasuryError::TokenFailed`].
    #[ink(message)]
    fn free(&self, asset: Asset) -> Result<Balance, TreasuryError>;

    /// What of an asset escrows and streams still owe.
    #[ink(message)]
    fn reserved(&self, asset: Asset) -> Balance;

    /// Who is asked whether payees are cleared.
    #[ink(message)]
    fn registry(&self) -> AccountId;
}

/// A category has this budget from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetSet {
    /// Which.
    #[ink(topic)]
    pub category: Category,
    /// The budget.
    pub budget: Budget,
    /// What can be committed of it in the present period, now.
    pub left: Balance,
}

#[cfg(feature = "std")]
mod known;
#[cfg(test)]
mod tests;
