//! The registry: which accounts belong to which verified identity, who may vouch for that, what accounts may do in the
//! systems around the contracts, and whose keys sign the checkpoints of their audit logs.

mod attestors;
mod credits;
mod freezing;
mod identities;
mod keys;
mod links;

pub use attestors::{Accreditation, Accredited, Attestors, Disaccredited, Tier, Tiers};
pub use credits::{Bought, Credits};
pub use freezing::{Freezing, Frozen, Reason, Subject, Unfrozen};
pub use identities::{
    Attest, Attestation, Attestations, Attested, Certified, Detached, Expired, Identities, IdentityId, Revoked,
};
pub use keys::{KeyId, KeyPublished, KeyRevoked, Keys, SigningKey};
pub use links::{Link, Linked, Links};

use crate::{AccountId, Hash, Millis};

/// A day of an attestor's cap; days begin at midnight, UTC.
pub const DAY: Millis = 86_400_000;

/// Bounds on what can be registered.
pub mod limits {
    use super::{DAY, Millis, Tier};

    /// Tiers are below this.
    pub const TIERS: Tier = 16;
    /// How far ahead an attestation can end at most: three years.
    pub const VALIDITY: Millis = 1_096 * DAY;
    /// Most keys of one origin that an account can hold whose time is not over.
    pub const KEYS: usize = 4;
}

/// Why the registry refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RegistryError {
    /// The caller is not the governor.
    NotGovernor,
    /// The account is no accredited attestor.
    NotAttestor,
    /// The attestor may not grant this tier, or not the one that the identity is attested at.
    WrongTier,
    /// The attestor has attested and renewed as often as it may today.
    CapReached,
    /// The end is not in the future, is before the beginning, or is too far ahead.
    BadExpiry,
    /// The account belongs to an identity already.
    AlreadyAttested,
    /// The identity is attested with another tier, end or commitment.
    OtherTerms,
    /// The account belongs to no identity, or the identity is not attested.
    NotAttested,
    /// The caller is not the attestor that attested or renewed the identity last, or is accredited no more; nor is it
    /// anybody else who may do this.
    NotItsAttestor,
    /// The attestation has not expired.
    NotExpired,
    /// The caller is no compliance officer.
    NotOfficer,
    /// The account or identity is frozen already.
    AlreadyFrozen,
    /// The account or identity is not frozen.
    NotFrozen,
    /// The identity is frozen, and no account can leave it.
    Frozen,
    /// The signed link came after its deadline.
    DeadlinePassed,
    /// The account was linked more often than the nonce says, or less.
    WrongNonce,
    /// A signature is not that account's for this link, contract and chain.
    WrongSignature,
    /// The account was not granted the role, or it was revoked.
    NoRole,
    /// There is no signing key of this number.
    UnknownKey,
    /// The signing key's time is over already.
    KeyOver,
    /// The account holds [`limits::KEYS`] keys of the origin already whose time is not over.
    TooManyKeys,
    /// The moment is not strictly before the present block, and what was at its end can still change.
    NotYetPast,
    /// The identity's votes cost more than its voice credits.
    OverBudget,
    /// A number is beyond what can be stored, or votes that were never bought are given back.
    Overflow,
}

/// Whom the registry follows, and where it is.
#[ink::trait_definition]
pub trait Registry {
    /// Whose orders it follows.
    #[ink(message)]
    fn governor(&self) -> AccountId;

    /// The hash of the chain's genesis block, which links are signed for.
    #[ink(message)]
    fn chain(&self) -> Hash;
}
