//! Constructors, for instantiating.

use super::selector;
use interfaces::{
    AccountId, Balance, Hash,
    governor::{Guardian, Rules},
    polls,
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

/// The token's, with its first holders and the chain that signatures are made for.
pub fn token(
    governor: AccountId,
    ledger: AccountId,
    name: Option<&str>,
    symbol: Option<&str>,
    decimals: u8,
    holders: &[(AccountId, Balance)],
    chain: Hash,
) -> Vec<u8> {
    new((governor, ledger, name, symbol, decimals, holders, chain))
}

/// The governor's, with the rules of each kind in the order of the kinds.
pub fn governor(rules: &[Rules; 4], guardian: Option<Guardian>, live_limit: u32) -> Vec<u8> {
    new((rules, guardian, live_limit))
}

/// The registry's.
pub fn registry(governor: AccountId, attestor: AccountId) -> Vec<u8> {
    new((governor, attestor))
}

/// That of the rankings.
pub fn rankings(governor: AccountId) -> Vec<u8> {
    new(governor)
}

/// The ballot box's, with the chain that signatures are made for.
pub fn polls(parts: polls::Parts, chain: Hash) -> Vec<u8> {
    new((parts, chain))
}

/// The treasury's, with its first budgets and the chain that signatures are made for.
pub fn treasury(governor: AccountId, registry: AccountId, chain: Hash, budgets: &[(Category, Budget)]) -> Vec<u8> {
    new((governor, registry, chain, budgets))
}

/// The settings'.
pub fn settings(governor: AccountId, registry: AccountId) -> Vec<u8> {
    new((governor, registry))
}
