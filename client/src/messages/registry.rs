//! Messages of the registry.

use super::messages;
use interfaces::{
    AccountId, Moment,
    registry::{IdentityId, RegistryError},
};

type Outcome<T> = Result<T, RegistryError>;

messages!(Identities {
    /// The identity of an account now.
    identity_of(account: AccountId) -> Option<IdentityId>;
    /// The identity of an account at the end of a moment.
    identity_at(account: AccountId, moment: Moment) -> Outcome<Option<IdentityId>>;
    /// How many identities there were at the end of a moment.
    population_at(moment: Moment) -> Outcome<u32>;
    /// Says which identity an account belongs to.
    attest(account: AccountId, identity: IdentityId) -> Outcome<()>;
    /// Says that an account belongs to none.
    revoke(account: AccountId) -> Outcome<()>;
    /// Names another attestor; only a proposal can.
    set_attestor(attestor: AccountId) -> Outcome<()>;
    /// Who attests.
    attestor() -> AccountId;
    /// Who names the attestor.
    governor() -> AccountId;
});
