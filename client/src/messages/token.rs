//! Messages of the token.

use super::{Message, messages};
use interfaces::{
    AccountId, Balance, Moment,
    token::{Delegation, DelegationError, PSP22Error, Share},
};

messages!(PSP22 {
    /// All tokens in existence.
    total_supply() -> Balance;
    /// What an account holds.
    balance_of(owner: AccountId) -> Balance;
});

/// Sends tokens.
pub fn transfer(to: AccountId, value: Balance) -> Message<Result<(), PSP22Error>> {
    Message::new("PSP22::transfer", (to, value, Vec::<u8>::new()))
}

messages!(PSP22Burnable {
    /// Destroys tokens of the sender's.
    burn(value: Balance) -> Result<(), PSP22Error>;
});

messages!(Delegating {
    /// Lets the sender's tokens vote through representatives.
    delegate(shares: &[Share], ends: Option<Moment>) -> Result<(), DelegationError>;
    /// An account's delegation now.
    delegation(account: AccountId) -> Delegation;
    /// The nonce of the next delegation that an account signs.
    nonce(account: AccountId) -> u64;
    /// Who brings delegations that were signed off chain.
    relay() -> AccountId;
    /// Who keeps what everybody holds and has delegated.
    ledger() -> AccountId;
    /// Who may give the token new code.
    governor() -> AccountId;
});
