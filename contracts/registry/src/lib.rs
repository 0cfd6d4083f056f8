//! The registry: which accounts belong to which verified identity, now and in the past, what they may do in the systems
//! around the contracts, and whose keys sign the checkpoints of their audit logs.
//!
//! This file is what the outside sees: storage, messages, and who may send which. What they do is told in the modules. The
//! accounts of an identity are nowhere listed, for nothing here is done to them one by one.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod attesting;
mod attestors;
mod credits;
mod freezing;
mod guarding;
mod keys;
mod linking;
mod roles;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod registry {
    use crate::attestors::Desk;
    use ballot::{OptionId, quadratic::IdentityVotes};
    use history::History;
    use ink::{
        prelude::vec::Vec,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, Moment, ProposalId,
        key::Key,
        registry::{
            Accreditation, Attest, Attestation, Attestations, Attestors, Bought, Credits, Freezing, Identities,
            IdentityId, KeyId, Keys, Link, Links, Reason, RegistryError, SigningKey, Subject, Tier,
        },
        roles::{Role, Roles},
        signed::Signature,
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("registry", 1);

    /// Whose votes: of the poll that a contract holds under a number, those of an identity.
    pub(crate) type Purse = (AccountId, ProposalId, IdentityId);

    /// What an account may do.
    pub(crate) type Office = (AccountId, Role);

    /// Whose keys: those of an origin that an account holds.
    pub(crate) type Ring = (AccountId, Key);

    /// The registry. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Registry {
        /// Whose orders it follows.
        pub(crate) governor: Lazy<AccountId>,
        /// The hash of the chain's genesis block.
        pub(crate) chain: Lazy<Hash>,
        /// Who attests.
        pub(crate) desks: Mapping<AccountId, Leaf<Desk>>,
        /// The identity of every account.
        pub(crate) identities: History<AccountId, Option<IdentityId>>,
        /// What was last said of every identity.
        pub(crate) attestations: Mapping<IdentityId, Leaf<Attestation>>,
        /// Until when every identity is attested, and was at past moments; 0 where it is not.
        pub(crate) validity: History<IdentityId, Moment>,
        /// How many identities are attested.
        pub(crate) population: History<(), u32>,
        /// Who can be paid by nobody, and why.
        pub(crate) frozen: Mapping<Subject, Reason>,
        /// How often every account was linked.
        pub(crate) nonces: Mapping<AccountId, u32>,
        /// Up to which moment who may do what.
        pub(crate) roles: Mapping<Office, Moment>,
        /// Published keys.
        pub(crate) keys: Mapping<KeyId, Leaf<SigningKey>>,
        pub(crate) key_count: Lazy<KeyId>,
        /// Which of them a holder has of an origin, without those that were over when another came.
        pub(crate) rings: Mapping<Ring, Vec<KeyId>>,
        /// What identities vote in quadratic polls, with all accounts together.
        pub(crate) bought: Mapping<Purse, Leaf<IdentityVotes>>,
    }

    impl Registry {
        /// A registry without anyone in it but those who attest. `governor` gives it orders; `chain` is the hash of the
        /// chain's genesis block, which links are signed for.
        #[ink(constructor)]
        pub fn new(governor: AccountId, attestors: Vec<(AccountId, Accreditation)>, chain: Hash) -> Self {
            let mut registry = Self {
                governor: Lazy::new(),
                chain: Lazy::new(),
                desks: Mapping::new(),
                identities: History::default(),
                attestations: Mapping::new(),
                validity: History::default(),
                population: History::default(),
                frozen: Mapping::new(),
                nonces: Mapping::new(),
                roles: Mapping::new(),
                keys: Mapping::new(),
                key_count: Lazy::new(),
                rings: Mapping::new(),
                bought: Mapping::new(),
            };
            upgrade::mark(STORED);
            registry.governor.set(&governor);
            registry.chain.set(&chain);
            for (attestor, accreditation) in attestors {
                registry.let_attest(attestor, accreditation);
            }
            registry
        }
    }

    // A message that returns was not refused: see `interfaces::refusal`.
    impl Attestors for Registry {
        #[ink(message)]
        fn accredit(&mut self, attestor: AccountId, accreditation: Accreditation) -> Result<(), RegistryError> {
            self.only_governor();
            self.let_attest(attestor, accreditation);
            Ok(())
        }

        #[ink(message)]
        fn disaccredit(&mut self, attestor: AccountId) -> Result<(), RegistryError> {
            self.only_governor();
            self.let_attest_no_more(attestor);
            Ok(())
        }

        #[ink(message)]
        fn accreditation(&self, attestor: AccountId) -> Option<Accreditation> {
            self.desk(attestor).map(|desk| desk.accreditation)
        }

        #[ink(message)]
        fn left_today(&self, attestor: AccountId) -> u32 {
            self.desk(attestor).map_or(0, |desk| desk.left(self.now()))
        }
    }

    impl Identities for Registry {
        #[ink(message)]
        fn identity_of(&self, account: AccountId) -> Option<IdentityId> {
            self.identities.value(account)
        }

        #[ink(message)]
        fn identity_at(&self, account: AccountId, moment: Moment) -> Result<Option<IdentityId>, RegistryError> {
            self.only_past(moment);
            Ok(self.attested_at(account, moment))
        }

        #[ink(message)]
        fn population_at(&self, moment: Moment) -> Result<u32, RegistryError> {
            self.only_past(moment);
            Ok(self.population.value_at((), moment))
        }

        #[ink(message)]
        fn attestation(&self, identity: IdentityId) -> Option<Attestation> {
            self.said_of(identity)
        }

        #[ink(message)]
        fn attest(&mut self, account: AccountId, attest: Attest) -> Result<(), RegistryError> {
            self.attest_as_caller(account, attest);
            Ok(())
        }

        #[ink(message)]
        fn renew(
            &mut self,
            identity: IdentityId,
            tier: Tier,
            expires: Moment,
            commitment: Hash,
        ) -> Result<(), RegistryError> {
            self.renew_as_caller(Attest { identity, tier, expires, commitment });
            Ok(())
        }

        #[ink(message)]
        fn revoke(&mut self, identity: IdentityId, reason: Reason) -> Result<(), RegistryError> {
            self.revoke_as_caller(identity, reason);
            Ok(())
        }

        #[ink(message)]
        fn expire(&mut self, identity: IdentityId) -> Result<(), RegistryError> {
            self.note_expiry(identity);
            Ok(())
        }

        #[ink(message)]
        fn detach(&mut self, account: AccountId) -> Result<(), RegistryError> {
            self.detach_as_caller(account);
            Ok(())
        }
    }

    impl Attestations for Registry {
        #[ink(message)]
        fn is_cleared(&self, account: AccountId, tier: Tier) -> bool {
            self.clears(account, tier)
        }
    }

    impl Freezing for Registry {
        #[ink(message)]
        fn freeze(&mut self, subject: Subject, reason: Reason) -> Result<(), RegistryError> {
            self.freeze_as_caller(subject, reason);
            Ok(())
        }

        #[ink(message)]
        fn unfreeze(&mut self, subject: Subject, reason: Reason) -> Result<(), RegistryError> {
            self.unfreeze_as_caller(subject, reason);
            Ok(())
        }

        #[ink(message)]
        fn frozen(&self, subject: Subject) -> Option<Reason> {
            self.frozen.get(subject)
        }
    }

    impl Links for Registry {
        #[ink(message)]
        fn link(&mut self, link: Link, by_account: Signature, by_with: Signature) -> Result<(), RegistryError> {
            self.join(link, &by_account, &by_with);
            Ok(())
        }

        #[ink(message)]
        fn nonce(&self, account: AccountId) -> u32 {
            self.nonces.get(account).unwrap_or_default()
        }
    }

    impl Roles for Registry {
        #[ink(message)]
        fn grant_role(&mut self, account: AccountId, role: Role, until: Moment) -> Result<(), RegistryError> {
            self.only_governor();
            self.grant(account, role, until);
            Ok(())
        }

        #[ink(message)]
        fn revoke_role(&mut self, account: AccountId, role: Role) -> Result<(), RegistryError> {
            self.only_governor();
            self.take_away(account, role);
            Ok(())
        }

        #[ink(message)]
        fn has_role(&self, account: AccountId, role: Role) -> bool {
            self.has(account, role)
        }

        #[ink(message)]
        fn role_until(&self, account: AccountId, role: Role) -> Option<Moment> {
            self.roles.get((account, role))
        }
    }

    impl Keys for Registry {
        #[ink(message)]
        fn publish_key(&mut self, key: SigningKey) -> Result<KeyId, RegistryError> {
            self.only_governor();
            Ok(self.publish(key))
        }

        #[ink(message)]
        fn revoke_key(&mut self, number: KeyId) -> Result<(), RegistryError> {
            self.only_governor();
            self.end_key(number);
            Ok(())
        }

        #[ink(message)]
        fn key(&self, number: KeyId) -> Option<SigningKey> {
            self.published(number)
        }

        #[ink(message)]
        fn key_count(&self) -> KeyId {
            self.key_count.get_or_default()
        }

        #[ink(message)]
        fn holds_key(&self, account: AccountId, origin: Key) -> bool {
            self.holds(account, origin)
        }
    }

    impl Credits for Registry {
        #[ink(message)]
        fn buy(
            &mut self,
            poll: ProposalId,
            account: AccountId,
            moment: Moment,
            old: Vec<(OptionId, u32)>,
            new: Vec<(OptionId, u32)>,
            credits: u32,
        ) -> Result<Bought, RegistryError> {
            self.only_past(moment);
            Ok(self.buy_for_caller(poll, account, moment, &old, &new, credits))
        }
    }

    impl interfaces::registry::Registry for Registry {
        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }

        #[ink(message)]
        fn chain(&self) -> Hash {
            self.chain.get().expect("the constructor sets it")
        }
    }

    impl Upgradable for Registry {
        #[ink(message)]
        fn upgrade(&mut self, code_hash: Hash) -> Result<(), UpgradeError> {
            upgrade::adopt(self.is_governed(), code_hash)
        }

        #[ink(message)]
        fn migrate(&mut self) -> Result<(), UpgradeError> {
            upgrade::expect(STORED)
        }

        #[ink(message)]
        fn storage_version(&self) -> u16 {
            upgrade::version()
        }
    }
}
