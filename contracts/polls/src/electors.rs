//! What is asked of those who know the electors: the token or, in a quadratic poll, the registry.
//!
//! All questions go one way, for ink!'s call builder makes one for each message and is large.

use crate::refusal::{OrRefuse, refuse};
use ink::{
    LangError,
    prelude::vec::Vec,
    scale::{Decode, Encode},
    selector_bytes,
};
use interfaces::{
    AccountId, Balance, Moment,
    polls::PollError,
    registry::{IdentityId, RegistryError},
    token::{Standing, VotesError},
};

/// With how much power `account` votes, and what it has delegated away.
pub fn standing(token: &AccountId, account: AccountId, moment: Moment) -> Standing {
    let answer = ask(token, (selector_bytes!("Votes::standing_at"), account, moment).encode());
    from_token(answer)
}

/// All voting power.
pub fn supply(token: &AccountId, moment: Moment) -> Balance {
    let answer = ask(token, (selector_bytes!("Votes::supply_at"), moment).encode());
    from_token(answer)
}

/// To whom `account` belongs.
pub fn identity(registry: &AccountId, account: AccountId, moment: Moment) -> IdentityId {
    let answer = ask(registry, (selector_bytes!("Identities::identity_at"), account, moment).encode());
    from_registry::<Option<IdentityId>>(answer).or_refuse(PollError::NoIdentity)
}

/// How many identities there are.
pub fn population(registry: &AccountId, moment: Moment) -> Balance {
    let answer = ask(registry, (selector_bytes!("Identities::population_at"), moment).encode());
    from_registry::<u32>(answer).into()
}

fn from_token<T: Decode>(answer: Option<Vec<u8>>) -> T {
    let answer: Option<Result<T, VotesError>> = read(answer);
    answer.or_refuse(PollError::TokenFailed).unwrap_or_else(|error| refuse(PollError::Votes(error)))
}

fn from_registry<T: Decode>(answer: Option<Vec<u8>>) -> T {
    let answer: Option<Result<T, RegistryError>> = read(answer);
    answer.or_refuse(PollError::RegistryFailed).unwrap_or_else(|error| refuse(PollError::Registry(error)))
}

fn read<T: Decode>(answer: Option<Vec<u8>>) -> Option<T> {
    Result::<T, LangError>::decode(&mut &answer?[..]).ok()?.ok()
}

/// Asks a contract, which cannot call back. Nothing, if it does not answer.
#[cfg(target_arch = "wasm32")]
fn ask(whom: &AccountId, question: Vec<u8>) -> Option<Vec<u8>> {
    use pallet_contracts_uapi::{CallFlags, HostFn, HostFnImpl, ReturnErrorCode};

    // More than the longest answer: a standing with eight representatives.
    let mut buffer = [0; 512];
    let mut answer = &mut buffer[..];
    let (all_gas, no_deposit_limit, no_value) = (0, None, [0; 16]);
    let asked = HostFnImpl::call_v2(
        CallFlags::empty(),
        whom.as_ref(),
        all_gas,
        all_gas,
        no_deposit_limit,
        &no_value,
        &question,
        Some(&mut answer),
    );
    match asked {
        // What refuses says why.
        Ok(()) | Err(ReturnErrorCode::CalleeReverted) => Some(answer.to_vec()),
        Err(_) => None,
    }
}

/// Off chain there is nobody to ask.
#[cfg(not(target_arch = "wasm32"))]
fn ask(_: &AccountId, _: Vec<u8>) -> Option<Vec<u8>> {
    None
}
