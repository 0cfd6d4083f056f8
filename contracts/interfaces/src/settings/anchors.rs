//! Anchors: what an audit log kept off chain was, at moments that the chain vouches for.

use super::{Key, SettingsError};
use crate::{AccountId, Hash, Moment, governor::Kind};

/// A log, told by its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Origin {
    /// Who anchors it.
    pub anchorer: AccountId,
    /// How often it was anchored; the numbers of its anchors are below this.
    pub anchors: u32,
}

/// What a log was at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Anchor {
    /// How many entries it had.
    pub size: u64,
    /// The root of their Merkle tree.
    pub root: Hash,
    /// The block's time when it was anchored.
    pub at: Moment,
}

impl Anchor {
    /// Whether a log that was like this can have grown to that size, with that root.
    ///
    /// # Errors
    /// [`SettingsError::NothingNew`], [`SettingsError::Shrinks`], [`SettingsError::Forks`].
    pub fn precedes(&self, size: u64, root: &Hash) -> Result<(), SettingsError> {
        match size.cmp(&self.size) {
            core::cmp::Ordering::Greater => Ok(()),
            core::cmp::Ordering::Less => Err(SettingsError::Shrinks),
            core::cmp::Ordering::Equal if *root == self.root => Err(SettingsError::NothingNew),
            core::cmp::Ordering::Equal => Err(SettingsError::Forks),
        }
    }
}

/// What can be done with anchors.
#[ink::trait_definition]
pub trait Anchors {
    /// Names the account that anchors the log of an origin. Only the governor can, for a [`Kind::ParameterChange`].
    #[ink(message)]
    fn set_anchorer(&mut self, kind: Kind, origin: Key, anchorer: AccountId) -> Result<(), SettingsError>;

    /// Notes what the log of an origin is at this block's time; it must have grown since it was last anchored. Only the
    /// account that was named for it can.
    #[ink(message)]
    fn anchor(&mut self, origin: Key, size: u64, root: Hash) -> Result<(), SettingsError>;

    /// Who anchors the log of an origin, and how often it was anchored.
    #[ink(message)]
    fn origin(&self, origin: Key) -> Option<Origin>;

    /// The anchor of an origin with this number, from 0.
    #[ink(message)]
    fn anchor_at(&self, origin: Key, number: u32) -> Option<Anchor>;

    /// The latest anchor of an origin.
    #[ink(message)]
    fn latest(&self, origin: Key) -> Option<Anchor>;

    /// How many origins there are; their numbers are below this.
    #[ink(message)]
    fn origin_count(&self) -> u32;

    /// The name of the origin with this number.
    #[ink(message)]
    fn origin_key(&self, number: u32) -> Option<Key>;
}

/// Who anchors the log of an origin from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorerSet {
    /// Whose log.
    #[ink(topic)]
    pub origin: Key,
    /// Who.
    #[ink(topic)]
    pub anchorer: AccountId,
}

/// A log was anchored.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchored {
    /// Whose log.
    #[ink(topic)]
    pub origin: Key,
    /// The anchor's number.
    pub number: u32,
    /// What the log is.
    pub anchor: Anchor,
}
