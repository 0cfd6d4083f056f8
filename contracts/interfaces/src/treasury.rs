//! The treasury: holds the native currency and any PSP22 tokens, and lets go of them at once, from an escrow or in a
//! stream, all of it within budgets that governance sets.
//!
//! Its books: of every asset, what it holds is free or reserved, and what is reserved is what its escrows and streams
//! still owe. What comes in unasked is free.

mod budgets;
mod errors;
mod escrows;
mod signing;
mod streams;

pub use budgets::*;
pub use errors::*;
pub use escrows::*;
pub use signing::*;
pub use streams::*;

use crate::{AccountId, Balance};

/// What is too much.
pub mod limits {
    /// Most milestones of an escrow.
    pub const MILESTONES: usize = 16;
    /// Most signers at a time.
    pub const SIGNERS: usize = 16;
    /// Most that a budget carries from earlier periods into the present one, in caps: with periods of a month, a year.
    pub const CARRIED: u128 = 12;
}

/// What the treasury can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Asset {
    /// The native currency.
    Native,
    /// The tokens of this PSP22 contract.
    Token(AccountId),
}

/// Number of a category of spending. What it stands for is said by the proposal that gave it a budget.
pub type Category = u16;

/// An order to pay at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Payment {
    /// Whose budget is spent, which says in which asset.
    pub category: Category,
    /// Who is paid.
    pub payee: AccountId,
    /// How much; not 0.
    pub amount: Balance,
}

/// The messages that every treasury has, whatever else it learns.
#[ink::trait_definition]
pub trait Treasury {
    /// Pays at once. Only the governor may. The payee must be cleared for the tier that the category's budget asks for.
    #[ink(message)]
    fn pay(&mut self, payment: Payment) -> Result<(), TreasuryError>;

    /// Takes in the native currency sent along. A plain transfer to the treasury's account does the same without an
    /// event, as does one of tokens.
    #[ink(message, payable)]
    fn deposit(&mut self);

    /// The native currency that is free: all that it holds but what is reserved and the existential deposit, which keeps
    /// its account alive.
    #[ink(message)]
    fn balance(&self) -> Balance;

    /// The only account whose orders it follows.
    #[ink(message)]
    fn governor(&self) -> AccountId;
}

/// Stopping all payments for a while.
#[ink::trait_definition]
pub trait Pausing {
    /// Stops payments, releases and claims. What moves nothing out goes on: deposits, approvals, what lapses or is
    /// clawed back. Only the governor's guardian may, until its power ends.
    #[ink(message)]
    fn pause(&mut self) -> Result<(), TreasuryError>;

    /// Ends a pause. Only the governor may.
    #[ink(message)]
    fn unpause(&mut self) -> Result<(), TreasuryError>;

    /// Whether it pays nobody now.
    #[ink(message)]
    fn paused(&self) -> bool;
}

/// Native currency was deposited by message.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited {
    /// By whom.
    #[ink(topic)]
    pub from: AccountId,
    /// How much.
    pub amount: Balance,
}

/// A payment was made at once.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// From which budget.
    #[ink(topic)]
    pub category: Category,
    /// To whom.
    #[ink(topic)]
    pub payee: AccountId,
    /// In what.
    pub asset: Asset,
    /// How much.
    pub amount: Balance,
}

/// The treasury pays nobody from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// Who paused it.
    pub guardian: AccountId,
}

/// The treasury pays again.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpaused {}
