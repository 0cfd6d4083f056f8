//! Constructors, for instantiating.

use super::selector;
use interfaces::{
    AccountId, Balance, Hash,
    governor::{Guardian, Rules},
    polls,
    registry::Accreditation,
    treasury::{Budget, Category},
};
use scale::Encode;

fn new(arguments: impl Encode) -> Vec<u8> {
    let mut data = selector("new").to_vec();
    arguments.encode_to(&mut data);
    data
}

/// That of the `baseline` fixture.
pub fn baseline() -> Vec<u8> {
    new(())
}

/// The ledger's.
pub fn ledger(governor: AccountId) -> Vec<u8> {
    new(governor)
}

/// The relay's, with the chain that signatures are made for.
pub fn relay(governor: AccountId, chain: Hash) -> Vec<u8> {
    new((governor, chain))
}

/// The token's, with its first holders.
pub fn token(
    governor: AccountId,
    ledger: AccountId,
    relay: AccountId,
    name: Option<&str>,
    symbol: Option<&str>,
    decimals: u8,
    holders: &[(AccountId, Balance)],
) -> Vec<u8> {
    new((governor, ledger, relay, name, symbol, decimals, holders))
}

/// The governor's, with the rules of each kind in the order of the kinds.
pub fn governor(rules: &[Rules; 4], guardian: Option<Guardian>, live_limit: u32) -> Vec<u8> {
    new((rules, guardian, live_limit))
}

/// The registry's, with its first attestors and the chain that signatures are made for.
pub fn registry(governor: AccountId, attestors: &[(AccountId, Accreditation)], chain: Hash) -> Vec<u8> {
    new((governor, attestors, chain))
}

/// That of the rankings.
pub fn rankings(governor: AccountId) -> Vec<u8> {
    new(governor)
}

/// The ballot box's.
pub fn polls(parts: polls::Parts) -> Vec<u8> {
    new(parts)
}

/// The treasury's, with its first budgets and the chain that signatures are made for.
pub fn treasury(governor: AccountId, registry: AccountId, chain: Hash, budgets: &[(Category, Budget)]) -> Vec<u8> {
    new((governor, registry, chain, budgets))
}

/// The settings'.
pub fn settings(governor: AccountId, registry: AccountId) -> Vec<u8> {
    new((governor, registry))
}
