//! The registry: identities and their accounts, who vouches for them, who is frozen, roles, and signing keys.

use super::{Hash, Instant, RoleName, Time};
use crate::account::Account;
use interfaces::{
    Moment, ProposalId,
    registry::{Accreditation, Attestation as Said, KeyId, Reason, Subject, Tier, limits},
    roles::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The registry as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registry {
    /// Its account.
    pub account: Account,
    /// How many identities count: those attested, and those whose time is over where nobody has noted that.
    pub population: u32,
    /// Since when that is so; null while no identity was ever attested.
    #[schema(required = true)]
    pub population_since: Option<Instant>,
}

/// A verified person or entity, and what was last said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    /// A salted hash that nobody can tell the person or entity from.
    pub identity: Hash,
    /// What was last said of it.
    pub attestation: Attestation,
    /// Whether it is frozen: then none of its accounts can be paid.
    pub frozen: bool,
    /// Block of the last change.
    pub height: u64,
}

/// What was last said of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attestation {
    /// Whether it holds at this block's time.
    pub state: IdentityState,
    /// By whom.
    pub attestor: Account,
    /// How thoroughly the identity was verified. A tier includes all below it.
    #[schema(value_type = u8, maximum = 15)]
    pub tier: Tier,
    /// The last moment at which this holds.
    pub expires: Instant,
    /// A salted hash of the attestor's record.
    pub commitment: Hash,
    /// Whether the identity counts in the population: until it is revoked, or somebody notes that its time is over.
    pub counts: bool,
}

impl Attestation {
    /// As the registry tells it, at a moment. That something was revoked is told by its events alone.
    pub fn new(said: &Said, revoked: bool, now: Moment) -> Self {
        let Said { attestor, tier, expires, commitment, counts } = *said;
        let state = match () {
            () if said.holds(now) => IdentityState::Attested,
            () if revoked => IdentityState::Revoked,
            () => IdentityState::Expired,
        };
        let (attestor, commitment) = (attestor.0.into(), Hash(commitment.into()));
        Self { state, attestor, tier, expires: expires.into(), commitment, counts }
    }
}

/// Whether an identity is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityState {
    /// It is.
    Attested,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

/// Every state of an identity.
pub const IDENTITY_STATES: [IdentityState; 3] =
    [IdentityState::Attested, IdentityState::Expired, IdentityState::Revoked];

/// All that is known of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IdentityProfile {
    /// The identity.
    pub identity: Hash,
    /// Whether it is attested at this block's time.
    pub attested: bool,
    /// What was last said of it; null if it was never attested.
    #[schema(required = true)]
    pub attestation: Option<Attestation>,
    /// Its freeze; null if it is not frozen.
    #[schema(required = true)]
    pub freeze: Option<Freeze>,
    /// The first 100 of its accounts, by their bytes; all of them are a list of their own.
    pub accounts: Vec<Member>,
    /// Whether it has more accounts than these.
    pub more_accounts: bool,
}

/// An account of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// The account.
    pub account: Account,
    /// How it came to the identity.
    pub how: Joining,
    /// The account whose identity it joined as both signed; null if an attestor said that it belongs there.
    #[schema(required = true)]
    pub linked_with: Option<Account>,
    /// Whether the account itself is frozen.
    pub frozen: bool,
    /// Since which block it belongs there.
    pub height: u64,
    /// Since when.
    pub time: Time,
    /// Since when, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// How an account came to an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Joining {
    /// An attestor said so.
    Attested,
    /// It was linked with another, as both signed.
    Linked,
}

/// A freeze in force: who is frozen can be paid nothing, and votes as ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Freeze {
    /// What is frozen.
    #[serde(flatten)]
    pub subject: Frozen,
    /// Who froze it.
    pub by: Account,
    /// Why: a code whose meaning is told off chain.
    #[schema(value_type = u16)]
    pub reason: Reason,
    /// Since which block.
    pub height: u64,
    /// Since when.
    pub time: Time,
    /// Since when, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// What is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Frozen {
    /// One account, whomever it belongs to.
    Account {
        /// Which.
        account: Account,
    },
    /// An identity with all its accounts.
    Identity {
        /// Which.
        identity: Hash,
    },
}

impl From<Frozen> for Subject {
    fn from(frozen: Frozen) -> Self {
        match frozen {
            Frozen::Account { account } => Self::Account(<[u8; 32]>::from(account).into()),
            Frozen::Identity { identity } => Self::Identity(identity.0.into()),
        }
    }
}

/// What kind of thing is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FrozenKind {
    /// An account.
    Account,
    /// An identity.
    Identity,
}

/// Every kind of thing that is frozen.
pub const FROZEN_KINDS: [FrozenKind; 2] = [FrozenKind::Account, FrozenKind::Identity];

/// Somebody who says which account belongs to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attestor {
    /// Who.
    pub account: Account,
    /// The tiers that it may grant, in ascending order.
    pub tiers: Vec<u8>,
    /// How often it may attest and renew in a day of UTC.
    pub daily_cap: u32,
}

impl Attestor {
    /// As the registry tells it.
    pub fn new(account: Account, accreditation: Accreditation) -> Self {
        let Accreditation { tiers, daily_cap } = accreditation;
        Self { account, tiers: (0..limits::TIERS).filter(|tier| tiers.contain(*tier)).collect(), daily_cap }
    }
}

/// A role that was granted and not revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tenure {
    /// Who has it.
    pub account: Account,
    /// Which.
    #[schema(value_type = RoleName)]
    pub role: Role,
    /// The last moment.
    pub until: Instant,
    /// Whether the account has it at this block's time.
    pub valid: bool,
    /// In which block it was granted.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// A key that signs the checkpoints of an audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishedKey {
    /// Its number, in the order of publishing.
    #[schema(value_type = u32)]
    pub number: KeyId,
    /// Whose log's checkpoints it signs.
    pub origin: String,
    /// Who holds it, and may anchor the log.
    pub holder: Account,
    /// The public key, of Ed25519.
    pub key: Hash,
    /// The first moment at which it is good.
    pub from: Instant,
    /// The last one; before `from` if it was revoked before it had begun.
    pub until: Instant,
    /// Whether it was revoked: then `until` is just before that, and no longer what it was published with.
    pub revoked: bool,
    /// Whether it is good at this block's time.
    pub valid: bool,
    /// Block of the last change.
    pub height: u64,
}

/// Something that happened in the registry: who did what to whom, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistryEvent {
    /// What happened.
    pub kind: RegistryEventKind,
    /// About which identity. If an account was frozen: the one to which it belonged then.
    #[schema(required = true)]
    pub identity: Option<Hash>,
    /// About which account.
    #[schema(required = true)]
    pub account: Option<Account>,
    /// With which other account it was linked.
    #[schema(required = true)]
    pub linked_with: Option<Account>,
    /// Who did it: the governor where a proposal ordered it. Null if the registry does not tell.
    #[schema(required = true)]
    pub by: Option<Account>,
    /// The proposal whose execution ordered it.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// Why it was revoked, frozen or unfrozen: a code whose meaning is told off chain.
    #[schema(required = true, value_type = Option<u16>)]
    pub reason: Option<Reason>,
    /// At which tier it was certified.
    #[schema(required = true, value_type = Option<u8>)]
    pub tier: Option<Tier>,
    /// The last moment of an attestation, a role or a key.
    #[schema(required = true)]
    pub until: Option<Instant>,
    /// A salted hash of the attestor's record.
    #[schema(required = true)]
    pub commitment: Option<Hash>,
    /// How often the account was linked before.
    #[schema(required = true)]
    pub nonce: Option<u32>,
    /// The tiers that an attestor may grant from then on.
    #[schema(required = true)]
    pub tiers: Option<Vec<u8>>,
    /// How often it may attest and renew in a day.
    #[schema(required = true)]
    pub daily_cap: Option<u32>,
    /// Which role.
    #[schema(required = true, value_type = Option<RoleName>)]
    pub role: Option<Role>,
    /// The number of a signing key.
    #[schema(required = true, value_type = Option<u32>)]
    pub key: Option<KeyId>,
    /// Whose log's checkpoints it signs.
    #[schema(required = true)]
    pub origin: Option<String>,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// What happens in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistryEventKind {
    /// An attestor said that an account belongs to an identity.
    Attested,
    /// An account joined the identity of another, as both signed.
    Linked,
    /// An account left its identity.
    Detached,
    /// An attestor attested an identity, for the first time, anew, or otherwise than before.
    Certified,
    /// An identity is attested no more.
    Revoked,
    /// It was noted that the time of an attestation is over.
    Expired,
    /// An account or an identity was frozen.
    Frozen,
    /// A freeze was ended.
    Unfrozen,
    /// An account may attest.
    Accredited,
    /// An account may attest no more.
    Disaccredited,
    /// An account was given a role.
    RoleGranted,
    /// A role was taken from an account.
    RoleRevoked,
    /// A signing key was published.
    KeyPublished,
    /// A signing key was revoked.
    KeyRevoked,
}

/// Everything that happens in the registry.
pub const REGISTRY_EVENT_KINDS: [RegistryEventKind; 14] = [
    RegistryEventKind::Attested,
    RegistryEventKind::Linked,
    RegistryEventKind::Detached,
    RegistryEventKind::Certified,
    RegistryEventKind::Revoked,
    RegistryEventKind::Expired,
    RegistryEventKind::Frozen,
    RegistryEventKind::Unfrozen,
    RegistryEventKind::Accredited,
    RegistryEventKind::Disaccredited,
    RegistryEventKind::RoleGranted,
    RegistryEventKind::RoleRevoked,
    RegistryEventKind::KeyPublished,
    RegistryEventKind::KeyRevoked,
];
