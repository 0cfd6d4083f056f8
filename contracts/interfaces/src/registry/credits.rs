//! The voice credits of identities.

use super::{IdentityId, RegistryError};
use crate::{AccountId, Moment, ProposalId};
use ballot::{OptionId, quadratic::IdentityVotes};
use ink::prelude::vec::Vec;

/// What an identity votes in a quadratic poll, before a purchase of one of its accounts and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Bought {
    /// Whose votes they are.
    pub identity: IdentityId,
    /// With all accounts together, before.
    pub before: IdentityVotes,
    /// With all accounts together, after.
    pub after: IdentityVotes,
}

/// The voice credits of identities.
#[ink::trait_definition]
pub trait Credits {
    /// Buys votes in the caller's quadratic poll of this number, out of the `credits` that the identity to which
    /// `account` belonged at the end of `moment` has for it: `new` ones in place of the `old` ones, which the same
    /// account bought. Whoever asks has polls of its own, apart from those of anybody else.
    #[ink(message)]
    fn buy(
        &mut self,
        poll: ProposalId,
        account: AccountId,
        moment: Moment,
        old: Vec<(OptionId, u32)>,
        new: Vec<(OptionId, u32)>,
        credits: u32,
    ) -> Result<Bought, RegistryError>;
}
