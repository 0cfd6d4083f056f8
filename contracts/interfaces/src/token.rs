//! The governance token: PSP22 with a history of voting power.

use crate::{AccountId, Balance, Moment};
use ink::prelude::{string::String, vec::Vec};

/// Why a PSP22 message was refused. Variants, names and order are the standard's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum PSP22Error {
    /// A reason outside the standard, in words.
    Custom(String),
    /// The account holds less than it would send.
    InsufficientBalance,
    /// The spender was approved for less than it would send.
    InsufficientAllowance,
    /// The recipient is the zero account.
    ZeroRecipientAddress,
    /// The sender is the zero account.
    ZeroSenderAddress,
    /// The recipient contract refused the tokens.
    SafeTransferCheckFailed(String),
}

/// PSP22, the fungible token standard of ink! contracts (w3f/PSPs, PSP-22): the selectors are those of the standard.
#[ink::trait_definition]
pub trait PSP22 {
    /// All tokens in existence.
    #[ink(message)]
    fn total_supply(&self) -> Balance;

    /// What `owner` holds.
    #[ink(message)]
    fn balance_of(&self, owner: AccountId) -> Balance;

    /// What `spender` may still send from `owner`'s tokens.
    #[ink(message)]
    fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance;

    /// Sends `value` of the caller's tokens to `to`. `data` is handed to no one and may be empty.
    #[ink(message)]
    fn transfer(&mut self, to: AccountId, value: Balance, data: Vec<u8>) -> Result<(), PSP22Error>;

    /// Sends `value` of `from`'s tokens to `to`, within the caller's allowance.
    #[ink(message)]
    fn transfer_from(
        &mut self,
        from: AccountId,
        to: AccountId,
        value: Balance,
        data: Vec<u8>,
    ) -> Result<(), PSP22Error>;

    /// Lets `spender` send up to `value` of the caller's tokens, whatever was allowed before.
    #[ink(message)]
    fn approve(&mut self, spender: AccountId, value: Balance) -> Result<(), PSP22Error>;

    /// Adds to what `spender` may send.
    #[ink(message)]
    fn increase_allowance(&mut self, spender: AccountId, delta_value: Balance) -> Result<(), PSP22Error>;

    /// Takes from what `spender` may send.
    #[ink(message)]
    fn decrease_allowance(&mut self, spender: AccountId, delta_value: Balance) -> Result<(), PSP22Error>;
}

/// PSP22Metadata: how wallets show the token.
#[ink::trait_definition]
pub trait PSP22Metadata {
    /// The token's name.
    #[ink(message)]
    fn token_name(&self) -> Option<String>;

    /// The token's symbol.
    #[ink(message)]
    fn token_symbol(&self) -> Option<String>;

    /// Number of decimals between a base unit and a whole token.
    #[ink(message)]
    fn token_decimals(&self) -> u8;
}

/// Why a look-up of the past was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum VotesError {
    /// The moment is not strictly before the present block: power could still change within it, and tokens
    /// borrowed for one block could vote.
    NotYetPast,
}

/// Voting power, now and in the past. Holding is enough to vote.
#[ink::trait_definition]
pub trait Votes {
    /// The account's voting power now.
    #[ink(message)]
    fn votes(&self, account: AccountId) -> Balance;

    /// The account's voting power at the end of `moment`.
    #[ink(message)]
    fn votes_at(&self, account: AccountId, moment: Moment) -> Result<Balance, VotesError>;

    /// The total supply, and so all voting power, at the end of `moment`.
    #[ink(message)]
    fn supply_at(&self, moment: Moment) -> Result<Balance, VotesError>;
}

/// Power or supply from a moment on. Each stands in a storage cell of its own, so that no account's history can
/// grow beyond what one message can read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Checkpoint {
    /// The block timestamp of the change.
    pub since: Moment,
    /// The value from then on.
    pub power: Balance,
}

/// Tokens moved; minted where `from` is nobody, burnt where `to` is nobody.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Who sent.
    #[ink(topic)]
    pub from: Option<AccountId>,
    /// Who received.
    #[ink(topic)]
    pub to: Option<AccountId>,
    /// How much.
    pub value: Balance,
}

/// An allowance was set.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Whose tokens.
    #[ink(topic)]
    pub owner: AccountId,
    /// Who may send them.
    #[ink(topic)]
    pub spender: AccountId,
    /// Up to how many, from now on.
    pub amount: Balance,
}
