//! Anchors: what an audit log kept off chain was, at moments that the chain vouches for.

use super::SettingsError;
use crate::{AccountId, Hash, Moment, key::Key};

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
    /// Notes what the log of an origin is at this block's time; it must have grown since it was last anchored. Only an
    /// account can that [holds a key](crate::registry::Keys::holds_key) of the origin now, as the registry knows.
    #[ink(message)]
    fn anchor(&mut self, origin: Key, size: u64, root: Hash) -> Result<(), SettingsError>;

    /// How often the log of an origin was anchored; the numbers of its anchors are below this.
    #[ink(message)]
    fn anchor_count(&self, origin: Key) -> u32;

    /// The anchor of an origin with this number, from 0.
    #[ink(message)]
    fn anchor_at(&self, origin: Key, number: u32) -> Option<Anchor>;

    /// The latest anchor of an origin.
    #[ink(message)]
    fn latest(&self, origin: Key) -> Option<Anchor>;

    /// How many origins were ever anchored; their numbers are below this.
    #[ink(message)]
    fn origin_count(&self) -> u32;

    /// The name of the origin with this number.
    #[ink(message)]
    fn origin_key(&self, number: u32) -> Option<Key>;
}

/// A log was anchored.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchored {
    /// Whose log.
    #[ink(topic)]
    pub origin: Key,
    /// By whom.
    #[ink(topic)]
    pub by: AccountId,
    /// The anchor's number.
    pub number: u32,
    /// What the log is.
    pub anchor: Anchor,
}
