//! The registry: which accounts belong to which verified person, now and in the past, and what they bought with its voice
//! credits.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod registry {
    use ballot::{
        OptionId,
        quadratic::{BudgetError, IdentityVotes},
    };
    use history::{Full, History};
    use ink::{
        prelude::vec::Vec,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, Moment, ProposalId,
        registry::{Attested, AttestorChanged, Bought, Credits, Identities, IdentityId, RegistryError, Revoked},
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("registry", 1);

    /// Whose votes: of the poll that a contract holds under a number, those of an identity.
    type Purse = (AccountId, ProposalId, IdentityId);

    /// The registry. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Registry {
        /// Who names the attestor.
        governor: Lazy<AccountId>,
        /// Who says which account belongs to whom.
        attestor: Lazy<AccountId>,
        /// The identity of every account.
        identities: History<AccountId, Option<IdentityId>>,
        /// How many identities have an account.
        population: History<(), u32>,
        /// How many accounts an identity has.
        accounts: Mapping<IdentityId, u32>,
        /// What identities vote in quadratic polls, with all accounts together.
        bought: Mapping<Purse, Leaf<IdentityVotes>>,
    }

    impl Registry {
        /// A registry without anyone in it.
        #[ink(constructor)]
        pub fn new(governor: AccountId, attestor: AccountId) -> Self {
            let mut registry = Self {
                governor: Lazy::new(),
                attestor: Lazy::new(),
                identities: History::default(),
                population: History::default(),
                accounts: Mapping::new(),
                bought: Mapping::new(),
            };
            upgrade::mark(STORED);
            registry.governor.set(&governor);
            registry.name(attestor);
            registry
        }

        fn name(&mut self, attestor: AccountId) {
            self.attestor.set(&attestor);
            self.env().emit_event(AttestorChanged { attestor });
        }

        fn is_governed(&self) -> bool {
            self.governor.get() == Some(self.env().caller())
        }

        /// Lets an account without an identity have one, or one with an identity have none. Returns that identity.
        fn assign(&mut self, account: AccountId, identity: Option<IdentityId>) -> Result<IdentityId, RegistryError> {
            if self.attestor.get() != Some(self.env().caller()) {
                return Err(RegistryError::NotAttestor);
            }
            let mut head = self.identities.open(account, self.env().block_timestamp()).map_err(overflow)?;
            let before = core::mem::replace(head.value(), identity);
            let changed = match (before, identity) {
                (None, Some(identity)) | (Some(identity), None) => identity,
                (Some(_), Some(_)) => return Err(RegistryError::AlreadyAttested),
                (None, None) => return Err(RegistryError::NotAttested),
            };
            self.identities.keep(account, &head);
            Ok(changed)
        }

        /// Changes how many accounts an identity has. The identity counts while it has any.
        fn count(&mut self, identity: IdentityId, step: fn(u32) -> Option<u32>) -> Result<(), RegistryError> {
            let before = self.accounts.get(identity).unwrap_or_default();
            let after = step(before).ok_or(RegistryError::Overflow)?;
            self.accounts.insert(identity, &after);
            if before == 0 || after == 0 {
                let mut head = self.population.open((), self.env().block_timestamp()).map_err(overflow)?;
                *head.value() = step(*head.value()).ok_or(RegistryError::Overflow)?;
                self.population.keep((), &head);
            }
            Ok(())
        }

        /// Refuses moments whose end can still change.
        fn past(&self, moment: Moment) -> Result<Moment, RegistryError> {
            if moment < self.env().block_timestamp() { Ok(moment) } else { Err(RegistryError::NotYetPast) }
        }
    }

    impl Identities for Registry {
        #[ink(message)]
        fn identity_of(&self, account: AccountId) -> Option<IdentityId> {
            self.identities.value(account)
        }

        #[ink(message)]
        fn identity_at(&self, account: AccountId, moment: Moment) -> Result<Option<IdentityId>, RegistryError> {
            Ok(self.identities.value_at(account, self.past(moment)?))
        }

        #[ink(message)]
        fn population_at(&self, moment: Moment) -> Result<u32, RegistryError> {
            Ok(self.population.value_at((), self.past(moment)?))
        }

        #[ink(message)]
        fn attest(&mut self, account: AccountId, identity: IdentityId) -> Result<(), RegistryError> {
            self.assign(account, Some(identity))?;
            self.count(identity, |number| number.checked_add(1))?;
            self.env().emit_event(Attested { account, identity });
            Ok(())
        }

        #[ink(message)]
        fn revoke(&mut self, account: AccountId) -> Result<(), RegistryError> {
            let identity = self.assign(account, None)?;
            self.count(identity, |number| number.checked_sub(1))?;
            self.env().emit_event(Revoked { account, identity });
            Ok(())
        }

        #[ink(message)]
        fn set_attestor(&mut self, attestor: AccountId) -> Result<(), RegistryError> {
            if !self.is_governed() {
                return Err(RegistryError::NotGovernor);
            }
            self.name(attestor);
            Ok(())
        }

        #[ink(message)]
        fn attestor(&self) -> AccountId {
            self.attestor.get().expect("the constructor sets it")
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
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
            let identity = self.identity_at(account, moment)?.ok_or(RegistryError::NotAttested)?;
            let purse = (self.env().caller(), poll, identity);
            let Leaf(mut votes) = self.bought.get(purse).unwrap_or_default();
            let before = votes.replace(&old, &new, credits).map_err(|error| match error {
                BudgetError::OverBudget { .. } => RegistryError::OverBudget,
                BudgetError::Tally(_) => RegistryError::Overflow,
            })?;
            let after = Leaf(votes);
            self.bought.insert(purse, &after);
            Ok(Bought { identity, before, after: after.0 })
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

    fn overflow(Full: Full) -> RegistryError {
        RegistryError::Overflow
    }
}
