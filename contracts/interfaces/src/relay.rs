//! The relay: brings what people signed off chain to the contract it is for, which trusts it.
//!
//! A contract apart from those, for what it takes to check a signature is much code, and most votes and delegations are
//! sent by those whose they are.

use crate::{
    AccountId, Hash,
    polls::{PollError, SignedVote},
    signed::Signature,
    token::{DelegationError, SignedDelegation},
};

/// What anyone can send. All that is signed names the contract it is for, and is good for no other.
#[ink::trait_definition]
pub trait Relay {
    /// Casts a vote for whoever signed its [`text`](crate::polls::text).
    ///
    /// # Errors
    /// [`PollError::TooLate`], [`PollError::BadSignature`], [`PollError::BallotBoxFailed`], and whatever the ballot box
    /// refuses.
    #[ink(message)]
    fn vote(&mut self, ballot_box: AccountId, vote: SignedVote, signature: Signature) -> Result<(), PollError>;

    /// Delegates for whoever signed the order's [`text`](SignedDelegation::text).
    ///
    /// # Errors
    /// [`DelegationError::DeadlinePassed`], [`DelegationError::WrongSignature`], [`DelegationError::TokenFailed`], and
    /// whatever the token refuses.
    #[ink(message)]
    fn delegate(
        &mut self,
        token: AccountId,
        order: SignedDelegation,
        signature: Signature,
    ) -> Result<(), DelegationError>;

    /// Hash of the genesis block of the chain that signatures are made for.
    #[ink(message)]
    fn chain(&self) -> Hash;

    /// Who may give the relay new code.
    #[ink(message)]
    fn governor(&self) -> AccountId;
}
