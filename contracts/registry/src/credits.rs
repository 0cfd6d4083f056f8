//! Voice credits: what identities buy in quadratic polls.

use crate::registry::Registry;
use ballot::{OptionId, quadratic::BudgetError};
use interfaces::{
    AccountId, Leaf, Moment, ProposalId,
    refusal::{OrRefuse, refuse},
    registry::{Bought, RegistryError},
};

impl Registry {
    pub(crate) fn buy_for_caller(
        &mut self,
        poll: ProposalId,
        account: AccountId,
        moment: Moment,
        old: &[(OptionId, u32)],
        new: &[(OptionId, u32)],
        credits: u32,
    ) -> Bought {
        let identity = self.attested_at(account, moment).or_refuse(RegistryError::NotAttested);
        let purse = (self.caller(), poll, identity);
        let Leaf(mut votes) = self.bought.get(purse).unwrap_or_default();
        let before = match votes.replace(old, new, credits) {
            Ok(before) => before,
            Err(BudgetError::OverBudget { .. }) => refuse(RegistryError::OverBudget),
            Err(BudgetError::Tally(_)) => refuse(RegistryError::Overflow),
        };
        let after = Leaf(votes);
        self.bought.insert(purse, &after);
        Bought { identity, before, after: after.0 }
    }
}
