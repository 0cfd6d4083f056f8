//! Links: an account joins the identity of another, as both have signed.

use super::{IdentityId, RegistryError};
use crate::{
    AccountId, Hash, Moment,
    signed::{Signature, Text},
};

/// What both accounts sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Link {
    /// Who joins; belongs to no identity.
    pub account: AccountId,
    /// Whose identity it joins.
    pub with: AccountId,
    /// How often `account` was linked before: what was signed once is no good a second time, whatever came after.
    pub nonce: u32,
    /// The last moment at which it is taken.
    pub deadline: Moment,
}

impl Link {
    /// What is signed, for the registry at this account, on the chain whose genesis block has the hash `chain`.
    pub fn text(&self, chain: &Hash, registry: &AccountId) -> Text {
        let mut text = Text::new("Gaia account link");
        text.hex("chain", chain.as_ref());
        text.hex("contract", registry.as_ref());
        text.hex("account", self.account.as_ref());
        text.hex("with", self.with.as_ref());
        text.number("nonce", self.nonce.into());
        text.number("until", self.deadline.into());
        text
    }
}

/// Accounts that people link by themselves. They part by [`detach`](super::Identities::detach).
#[ink::trait_definition]
pub trait Links {
    /// Lets an account join the identity of another, which must be attested now. Anyone can send what both have
    /// [signed](Link::text).
    #[ink(message)]
    fn link(&mut self, link: Link, by_account: Signature, by_with: Signature) -> Result<(), RegistryError>;

    /// How often an account was linked: the nonce of its next link.
    #[ink(message)]
    fn nonce(&self, account: AccountId) -> u32;
}

/// An account belongs to the identity of another from now on, because both wanted it.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Which.
    #[ink(topic)]
    pub account: AccountId,
    /// The other.
    #[ink(topic)]
    pub with: AccountId,
    /// Whose both are.
    #[ink(topic)]
    pub identity: IdentityId,
    /// How often the account was linked before.
    pub nonce: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_can_be_read() {
        let [account, with, registry] = [1, 2, 3].map(|byte| AccountId::from([byte; 32]));
        let text = Link { account, with, nonce: 4, deadline: 50 }.text(&Hash::from([6; 32]), &registry);
        let hex = |digits: &str| digits.repeat(32);
        let expected = format!(
            "Gaia account link\nchain 0x{}\ncontract 0x{}\naccount 0x{}\nwith 0x{}\nnonce 4\nuntil 50",
            hex("06"),
            hex("03"),
            hex("01"),
            hex("02")
        );
        assert_eq!(String::from(text), expected);
    }
}
