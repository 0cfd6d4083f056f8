//! What is asked of those who know the electors: the ledger or, in a quadratic poll, the registry.

use ink::{
    scale::{Decode, Encode},
    selector_bytes,
};
use interfaces::{
    AccountId, Balance, Moment, calls,
    ledger::{Standing, VotesError},
    polls::PollError,
    refusal::{OrRefuse, refuse},
    registry::{IdentityId, RegistryError},
};

/// With how much power `account` votes, and what it has delegated away.
pub fn standing(ledger: &AccountId, account: AccountId, moment: Moment) -> Standing {
    ask_ledger(ledger, &(selector_bytes!("Votes::standing_at"), account, moment).encode())
}

/// All voting power.
pub fn supply(ledger: &AccountId, moment: Moment) -> Balance {
    ask_ledger(ledger, &(selector_bytes!("Votes::supply_at"), moment).encode())
}

/// To whom `account` belongs.
pub fn identity(registry: &AccountId, account: AccountId, moment: Moment) -> IdentityId {
    let question = (selector_bytes!("Identities::identity_at"), account, moment).encode();
    ask_registry::<Option<IdentityId>>(registry, &question).or_refuse(PollError::NoIdentity)
}

/// How many identities there are.
pub fn population(registry: &AccountId, moment: Moment) -> Balance {
    ask_registry::<u32>(registry, &(selector_bytes!("Identities::population_at"), moment).encode()).into()
}

fn ask_ledger<T: Decode>(ledger: &AccountId, question: &[u8]) -> T {
    let answer: Option<Result<T, VotesError>> = calls::ask(ledger, question);
    answer.or_refuse(PollError::LedgerFailed).unwrap_or_else(|error| refuse(PollError::Votes(error)))
}

fn ask_registry<T: Decode>(registry: &AccountId, question: &[u8]) -> T {
    let answer: Option<Result<T, RegistryError>> = calls::ask(registry, question);
    answer.or_refuse(PollError::RegistryFailed).unwrap_or_else(|error| refuse(PollError::Registry(error)))
}
