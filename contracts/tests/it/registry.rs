//! The registry, where the governor is an account that gives orders at once.

mod accrediting;
mod attesting;
mod cost;
mod freezing;
mod keys;
mod linking;
mod machine;
mod payees;
mod roles;

use crate::{
    asks::attest,
    message,
    vault::Key,
    world::{ALICE, ATTESTOR, BOB, GUARDIAN, START, STRANGER, World, chain, id},
};
use drink::AccountId32;
use interfaces::{
    AccountId, Hash, Moment,
    key::Key as Name,
    registry::{
        Accreditation, Attest, Attestation, IdentityId, KeyId, Link, Reason, RegistryError, SigningKey, Subject, Tier,
        Tiers,
    },
    roles::Role,
};
use scale::Decode;

/// Gives the registry orders.
const GOVERNOR: AccountId32 = AccountId32::new([0x60; 32]);
/// May freeze.
const OFFICER: AccountId32 = AccountId32::new([0x0f; 32]);
/// Attests besides the one in every test, up to tier 2 and three times a day.
const OTHER: AccountId32 = AccountId32::new([0x07; 32]);
/// Some of all those who do none of that.
const OTHERS: [AccountId32; 4] = [ALICE, BOB, GUARDIAN, STRANGER];

/// What a reason means is none of the registry's business.
const REASON: Reason = 451;
/// When attestations that are not to last end.
const SOON: Moment = START + 1_000;

/// What the registry answers to most messages.
type Done = Result<(), RegistryError>;

/// What [`OTHER`] may do.
fn some() -> Accreditation {
    Accreditation { tiers: [0, 1, 2].into_iter().collect::<Tiers>(), daily_cap: 3 }
}

/// The identity of this number.
fn identity(number: u8) -> IdentityId {
    Hash::from([number; 32])
}

/// What is said of an identity that is attested at this tier, for a short time.
fn short(number: u8, tier: Tier) -> Attest {
    Attest { expires: SOON, ..attest(identity(number), tier) }
}

/// A registry.
struct Bureau {
    world: World,
    registry: AccountId,
}

impl Bureau {
    fn new() -> Self {
        let mut world = World::empty();
        for person in [GOVERNOR, OFFICER, OTHER] {
            world.give(id(&person), 1_000_000_000_000);
        }
        world.registry = world.deploy_registry(id(&GOVERNOR));
        let mut bureau = Self { registry: world.registry, world };
        assert_eq!(bureau.grant(&OFFICER, Role::ComplianceOfficer, Moment::MAX), Ok(()));
        assert_eq!(bureau.accredit(&OTHER, some()), Ok(()));
        bureau
    }

    fn send<R: Decode>(&mut self, who: &AccountId32, message: Vec<u8>) -> R {
        self.world.send(who, self.registry, message)
    }

    fn ask<R: Decode>(&mut self, message: Vec<u8>) -> R {
        self.send(&STRANGER, message)
    }

    /// None of these may send this.
    #[track_caller]
    fn refuse(&mut self, people: &[AccountId32], message: &[u8], why: RegistryError) {
        for person in people {
            // An answer that is an error reads the same whatever else it could have been.
            assert_eq!(self.send::<Done>(person, message.to_vec()), Err(why), "{person:?}");
        }
    }

    /// None but the governor can give this order.
    #[track_caller]
    fn only_governor(&mut self, message: &[u8]) {
        self.refuse(&OTHERS, message, RegistryError::NotGovernor);
        self.refuse(&[ATTESTOR, OTHER, OFFICER], message, RegistryError::NotGovernor);
    }
}

/// What it is told.
impl Bureau {
    fn accredit(&mut self, whom: &AccountId32, accreditation: Accreditation) -> Done {
        self.send(&GOVERNOR, message!("Attestors::accredit", id(whom), accreditation))
    }

    fn disaccredit(&mut self, whom: &AccountId32) -> Done {
        self.send(&GOVERNOR, message!("Attestors::disaccredit", id(whom)))
    }

    fn attest_as(&mut self, who: &AccountId32, account: &AccountId32, attest: Attest) -> Done {
        self.send(who, message!("Identities::attest", id(account), attest))
    }

    fn attest(&mut self, account: &AccountId32, attest: Attest) -> Done {
        self.attest_as(&ATTESTOR, account, attest)
    }

    fn renew(&mut self, who: &AccountId32, attest: Attest) -> Done {
        let Attest { identity, tier, expires, commitment } = attest;
        self.send(who, message!("Identities::renew", identity, tier, expires, commitment))
    }

    fn revoke(&mut self, who: &AccountId32, number: u8) -> Done {
        self.send(who, message!("Identities::revoke", identity(number), REASON))
    }

    fn expire(&mut self, number: u8) -> Done {
        self.ask(message!("Identities::expire", identity(number)))
    }

    fn detach(&mut self, who: &AccountId32, account: &AccountId32) -> Done {
        self.send(who, message!("Identities::detach", id(account)))
    }

    fn freeze(&mut self, who: &AccountId32, subject: Subject) -> Done {
        self.send(who, message!("Freezing::freeze", subject, REASON))
    }

    fn unfreeze(&mut self, who: &AccountId32, subject: Subject) -> Done {
        self.send(who, message!("Freezing::unfreeze", subject, REASON))
    }

    fn grant(&mut self, whom: &AccountId32, role: Role, until: Moment) -> Done {
        self.send(&GOVERNOR, message!("Roles::grant_role", id(whom), role, until))
    }

    fn take_away(&mut self, whom: &AccountId32, role: Role) -> Done {
        self.send(&GOVERNOR, message!("Roles::revoke_role", id(whom), role))
    }

    fn publish(&mut self, key: &SigningKey) -> Result<KeyId, RegistryError> {
        self.send(&GOVERNOR, message!("Keys::publish_key", key))
    }

    fn revoke_key(&mut self, number: KeyId) -> Done {
        self.send(&GOVERNOR, message!("Keys::revoke_key", number))
    }

    /// What two have signed for this registry, sent by somebody else.
    fn link(&mut self, link: Link, account: &Key, with: &Key) -> Done {
        let text = link.text(&chain(), &self.registry);
        let [one, other] = [account, with].map(|key| key.sign(text.as_bytes()));
        self.ask(message!("Links::link", link, one, other))
    }
}

/// What it is asked.
impl Bureau {
    fn attestation(&mut self, number: u8) -> Option<Attestation> {
        self.ask(message!("Identities::attestation", identity(number)))
    }

    fn identity_of(&mut self, account: &AccountId32) -> Option<IdentityId> {
        self.ask(message!("Identities::identity_of", id(account)))
    }

    fn identity_at(&mut self, account: &AccountId32, moment: Moment) -> Result<Option<IdentityId>, RegistryError> {
        self.ask(message!("Identities::identity_at", id(account), moment))
    }

    fn population_at(&mut self, moment: Moment) -> Result<u32, RegistryError> {
        self.ask(message!("Identities::population_at", moment))
    }

    fn is_cleared(&mut self, account: &AccountId32, tier: Tier) -> bool {
        self.ask(message!("Attestations::is_cleared", id(account), tier))
    }

    fn left_today(&mut self, attestor: &AccountId32) -> u32 {
        self.ask(message!("Attestors::left_today", id(attestor)))
    }

    fn has_role(&mut self, account: &AccountId32, role: Role) -> bool {
        self.ask(message!("Roles::has_role", id(account), role))
    }

    fn holds_key(&mut self, account: &AccountId32, origin: &Name) -> bool {
        self.ask(message!("Keys::holds_key", id(account), origin))
    }
}
