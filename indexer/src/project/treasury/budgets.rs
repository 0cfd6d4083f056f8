//! Budgets, and what is left of them.

use super::{Order, Ordered, Treasury};
use crate::project::Origin;
use interfaces::{
    Balance, ProposalId,
    treasury::{Allotment, Asset, Budget, BudgetSet, Category},
};

/// A category's budget as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budgeted {
    /// The budget, and what is left of it.
    pub allotment: Allotment,
    /// When it was last set.
    pub set: Ordered,
}

/// A budget was set.
#[derive(Debug)]
pub struct BudgetChange {
    pub origin: Origin,
    pub category: Category,
    pub budget: Budget,
    /// What could be committed of it just then.
    pub left: Balance,
    /// The proposal whose execution set it.
    pub proposal: Option<ProposalId>,
}

impl Treasury {
    pub(super) fn budget_set(&mut self, origin: Origin, extrinsic: Option<u32>, event: &BudgetSet) {
        let BudgetSet { category, budget, left } = *event;
        let allotment = Allotment::known(budget, left, origin.moment);
        self.orders.push(extrinsic, Order::Budget(self.budget_changes.len(), category));
        self.budgets.put(category, Budgeted { allotment, set: Ordered::at(origin) });
        self.budget_changes.push(BudgetChange { origin, category, budget, left, proposal: None });
        self.ledger.budgeted(budget.asset);
    }

    /// An amount was taken out of a category's budget.
    pub(super) fn commit(
        &mut self,
        origin: Origin,
        category: Category,
        asset: Asset,
        amount: Balance,
    ) -> Result<(), String> {
        let known = self.budgets.get_mut(&category);
        let known = known.ok_or_else(|| format!("category {category} has no budget"))?;
        if known.allotment.budget.asset != asset {
            return Err(format!("the budget of category {category} is in another asset"));
        }
        let less = known.allotment.less(amount, origin.moment);
        known.allotment = less.ok_or_else(|| format!("more than is left of the budget of category {category}"))?;
        Ok(())
    }
}
