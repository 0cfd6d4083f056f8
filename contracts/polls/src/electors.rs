//! What is asked of those who know the electors: the ledger or, in a quadratic poll, the registry.

use ballot::OptionId;
use ink::{scale::Encode, selector_bytes};
use interfaces::{
    AccountId, Balance, Moment, ProposalId, calls,
    ledger::Standing,
    polls::{PollError, PollTerms},
    refusal::{OrRefuse, refuse},
    registry::{Bought, RegistryError},
};

/// With how much power `account` votes, and what it has delegated away.
pub fn standing(ledger: &AccountId, account: AccountId, moment: Moment) -> Standing {
    calls::granted(ledger, &(selector_bytes!("Votes::standing_at"), account, moment).encode())
        .or_refuse(PollError::LedgerFailed)
}

/// All voting power.
pub fn supply(ledger: &AccountId, moment: Moment) -> Balance {
    calls::granted(ledger, &(selector_bytes!("Votes::supply_at"), moment).encode()).or_refuse(PollError::LedgerFailed)
}

/// How many identities there are.
pub fn population(registry: &AccountId, moment: Moment) -> Balance {
    calls::granted::<u32>(registry, &(selector_bytes!("Identities::population_at"), moment).encode())
        .or_refuse(PollError::RegistryFailed)
        .into()
}

/// Buys votes for `account`, in place of its `old` ones.
pub fn buy(
    registry: &AccountId,
    poll: ProposalId,
    terms: &PollTerms,
    account: AccountId,
    old: &[(OptionId, u32)],
    new: &[(OptionId, u32)],
) -> Bought {
    let order = (selector_bytes!("Credits::buy"), poll, account, terms.snapshot, old, new, terms.credits);
    let answer: Option<Result<_, RegistryError>> = calls::ask(registry, &order.encode());
    answer.or_refuse(PollError::RegistryFailed).unwrap_or_else(|error| {
        refuse(match error {
            RegistryError::NotAttested => PollError::NoIdentity,
            RegistryError::OverBudget => PollError::OverBudget,
            _ => PollError::Overflow,
        })
    })
}
