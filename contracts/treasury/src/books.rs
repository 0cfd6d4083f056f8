//! The books: what is held, reserved and free of every asset, and what is left of every budget.

use crate::treasury::Treasury;
use ink::{codegen::Env, scale::Encode, selector_bytes};
use interfaces::{
    AccountId, Balance, Leaf, calls,
    refusal::{OrRefuse, refuse},
    treasury::{Allotment, Asset, Budget, BudgetSet, Budgets, Category, TreasuryError},
};

impl Treasury {
    pub(crate) fn put_budget(&mut self, category: Category, budget: Budget) -> Result<(), TreasuryError> {
        if budget.period == 0 {
            return Err(TreasuryError::BadBudget);
        }
        let now = self.now();
        let allotment = match self.budgets.get(category) {
            Some(Leaf(before)) => before.replaced_by(budget, now),
            None => Allotment::new(budget),
        };
        self.budgets.insert(category, &Leaf(allotment));
        self.env().emit_event(BudgetSet { category, budget, left: allotment.left_at(now) });
        Ok(())
    }

    /// Takes an amount, which is not 0, out of a category's budget. Answers in which asset.
    pub(crate) fn commit(&mut self, category: Category, amount: Balance) -> Asset {
        if amount == 0 {
            refuse(TreasuryError::ZeroAmount);
        }
        let Leaf(before) = self.budgets.get(category).or_refuse(TreasuryError::UnknownCategory);
        let allotment = before.less(amount, self.now()).or_refuse(TreasuryError::OverBudget);
        self.budgets.insert(category, &Leaf(allotment));
        allotment.budget.asset
    }

    /// Takes an amount, which is not 0, out of a category's budget and puts it aside. Answers in which asset.
    pub(crate) fn reserve(&mut self, category: Category, amount: Balance) -> Asset {
        let asset = self.commit(category, amount);
        let held = self.held(asset).or_refuse(TreasuryError::TokenFailed);
        let reserved = self.reserved(asset).checked_add(amount).or_refuse(TreasuryError::NotFree);
        if reserved > held {
            refuse(TreasuryError::NotFree);
        }
        self.reserved.insert(asset, &reserved);
        asset
    }

    /// What was put aside is so no more: it is free, or about to be paid.
    pub(crate) fn unreserve(&mut self, asset: Asset, amount: Balance) {
        let reserved = self.reserved(asset).checked_sub(amount).or_refuse(TreasuryError::Overflow);
        self.reserved.insert(asset, &reserved);
    }

    /// What it has of an asset, apart from the existential deposit; nothing, if the token does not answer.
    pub(crate) fn held(&self, asset: Asset) -> Option<Balance> {
        match asset {
            Asset::Native => Some(self.env().balance()),
            Asset::Token(token) => self.tokens(&token),
        }
    }

    #[inline(never)]
    fn tokens(&self, token: &AccountId) -> Option<Balance> {
        calls::ask(token, &(selector_bytes!("PSP22::balance_of"), self.env().account_id()).encode())
    }
}
