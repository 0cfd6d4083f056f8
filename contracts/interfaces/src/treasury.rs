//! The treasury: holds native currency and pays on the governor's order only.

use crate::{AccountId, Balance};

/// Why the treasury refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum TreasuryError {
    /// The caller is not the governor.
    NotGovernor,
    /// The amount is 0.
    ZeroAmount,
    /// The treasury holds less than that, or the payee cannot receive it.
    TransferFailed,
}

/// The treasury's messages.
#[ink::trait_definition]
pub trait Treasury {
    /// Pays `amount` to `payee`. Only the governor may.
    #[ink(message)]
    fn pay(&mut self, payee: AccountId, amount: Balance) -> Result<(), TreasuryError>;

    /// Takes in the currency sent along. A plain transfer to the treasury's account does the same without an event.
    #[ink(message, payable)]
    fn deposit(&mut self);

    /// The native currency it can pay: all it holds but the existential deposit, which keeps its account alive.
    #[ink(message)]
    fn balance(&self) -> Balance;

    /// The only account whose orders it follows.
    #[ink(message)]
    fn governor(&self) -> AccountId;
}

/// Currency was deposited by message.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited {
    /// By whom.
    #[ink(topic)]
    pub from: AccountId,
    /// How much.
    pub amount: Balance,
}

/// A payment was made.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// To whom.
    #[ink(topic)]
    pub payee: AccountId,
    /// How much.
    pub amount: Balance,
}
