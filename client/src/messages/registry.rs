//! Messages of the registry.

use super::messages;
use interfaces::{
    AccountId, Hash, Moment,
    registry::{
        Accreditation, Attest, Attestation, IdentityId, KeyId, Link, Reason, RegistryError, SigningKey, Subject, Tier,
    },
    roles::Role,
    signed::Signature,
};

type Outcome<T> = Result<T, RegistryError>;

messages!(Attestors {
    /// Lets an account attest; only a proposal can.
    accredit(attestor: AccountId, accreditation: Accreditation) -> Outcome<()>;
    /// Ends an accreditation; only a proposal can.
    disaccredit(attestor: AccountId) -> Outcome<()>;
    /// What an account may do as an attestor.
    accreditation(attestor: AccountId) -> Option<Accreditation>;
});

messages!(Identities {
    /// The identity of an account now, attested or not.
    identity_of(account: AccountId) -> Option<IdentityId>;
    /// The identity of an account at the end of a moment, if it was attested then.
    identity_at(account: AccountId, moment: Moment) -> Outcome<Option<IdentityId>>;
    /// How many identities were attested at the end of a moment.
    population_at(moment: Moment) -> Outcome<u32>;
    /// What was last said of an identity.
    attestation(identity: IdentityId) -> Option<Attestation>;
    /// Says which identity an account belongs to.
    attest(account: AccountId, attest: Attest) -> Outcome<()>;
    /// Attests an identity anew.
    renew(identity: IdentityId, tier: Tier, expires: Moment, commitment: Hash) -> Outcome<()>;
    /// Says that an identity is attested no more.
    revoke(identity: IdentityId, reason: Reason) -> Outcome<()>;
    /// Notes that the time of an attestation is over.
    expire(identity: IdentityId) -> Outcome<()>;
    /// Says that an account belongs to no identity.
    detach(account: AccountId) -> Outcome<()>;
});

messages!(Attestations {
    /// Whether an account may be paid what needs this tier.
    is_cleared(account: AccountId, tier: Tier) -> bool;
});

messages!(Freezing {
    /// Bars from payments; only a compliance officer can.
    freeze(subject: Subject, reason: Reason) -> Outcome<()>;
    /// Ends a freeze; only a compliance officer can.
    unfreeze(subject: Subject, reason: Reason) -> Outcome<()>;
    /// Why a subject is frozen, if it is.
    frozen(subject: Subject) -> Option<Reason>;
});

messages!(Links {
    /// Lets an account join the identity of another, as both have signed.
    link(link: Link, by_account: &Signature, by_with: &Signature) -> Outcome<()>;
    /// The nonce of an account's next link.
    nonce(account: AccountId) -> u32;
});

messages!(Roles {
    /// Gives an account a role; only a proposal can.
    grant_role(account: AccountId, role: Role, until: Moment) -> Outcome<()>;
    /// Takes a role away; only a proposal can.
    revoke_role(account: AccountId, role: Role) -> Outcome<()>;
    /// The last moment at which an account has a role.
    role_until(account: AccountId, role: Role) -> Option<Moment>;
});

messages!(Keys {
    /// Publishes a key; only a proposal can.
    publish_key(key: &SigningKey) -> Outcome<KeyId>;
    /// Ends a key; only a proposal can.
    revoke_key(number: KeyId) -> Outcome<()>;
    /// The key of this number.
    key(number: KeyId) -> Option<SigningKey>;
    /// How many were published.
    key_count() -> KeyId;
});
