//! Keys that sign the checkpoints of audit logs.

use super::RegistryError;
use crate::{AccountId, Moment, key::Key};

/// Number of a signing key: 0, 1, 2, … in the order of publishing.
pub type KeyId = u32;

/// A key, and for what and how long it is good.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct SigningKey {
    /// Whose log's checkpoints it signs.
    pub origin: Key,
    /// The public key, of Ed25519.
    pub key: [u8; 32],
    /// Who holds it, and may anchor the log.
    pub holder: AccountId,
    /// The first moment at which it is good.
    pub from: Moment,
    /// The last one.
    pub until: Moment,
}

/// Published keys. Those of one origin may be good at the same time, so that one can take over from another.
#[ink::trait_definition]
pub trait Keys {
    /// Publishes a key, which must not be over yet. Nothing of it changes any more but its last moment. Its holder may have at
    /// most [`KEYS`](super::limits::KEYS) of the origin whose time is not over. Only the governor can.
    #[ink(message)]
    fn publish_key(&mut self, key: SigningKey) -> Result<KeyId, RegistryError>;

    /// Brings the last moment of a key forward to just before this block's time. Only the governor can.
    #[ink(message)]
    fn revoke_key(&mut self, number: KeyId) -> Result<(), RegistryError>;

    /// The key of this number.
    #[ink(message)]
    fn key(&self, number: KeyId) -> Option<SigningKey>;

    /// How many were published; their numbers are below this.
    #[ink(message)]
    fn key_count(&self) -> KeyId;

    /// Whether an account holds a key of an origin that is good now.
    #[ink(message)]
    fn holds_key(&self, account: AccountId, origin: Key) -> bool;
}

/// A key was published.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPublished {
    /// Its number.
    #[ink(topic)]
    pub number: KeyId,
    /// Whose log's checkpoints it signs.
    #[ink(topic)]
    pub origin: Key,
    /// Who holds it.
    #[ink(topic)]
    pub holder: AccountId,
    /// The public key, of Ed25519.
    pub key: [u8; 32],
    /// The first moment at which it is good.
    pub from: Moment,
    /// The last one.
    pub until: Moment,
}

/// A key is good no more from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRevoked {
    /// Its number.
    #[ink(topic)]
    pub number: KeyId,
    /// The last moment at which it was good, unless it had not begun.
    pub until: Moment,
}
