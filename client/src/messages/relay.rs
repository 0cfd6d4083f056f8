//! Messages of the relay.

use super::messages;
use interfaces::{
    AccountId, Hash,
    polls::{PollError, SignedVote},
    signed::Signature,
    token::{DelegationError, SignedDelegation},
};

messages!(Relay {
    /// Casts or changes the vote of whoever signed it.
    vote(ballot_box: AccountId, vote: &SignedVote, signature: &Signature) -> Result<(), PollError>;
    /// Delegates for whoever signed it.
    delegate(token: AccountId, order: &SignedDelegation, signature: &Signature) -> Result<(), DelegationError>;
    /// The chain that signatures are made for.
    chain() -> Hash;
    /// Who may give it new code.
    governor() -> AccountId;
});
