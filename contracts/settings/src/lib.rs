//! The settings: what governance tells the systems around the contracts.
//!
//! This file is what the outside sees: storage, messages, and who may send which. What they do is told in the modules,
//! one for each sort of thing that is set; [`kinds`] says what a kind of proposal may order, [`names`] numbers what has a
//! name.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod anchors;
mod flags;
mod kinds;
mod names;
mod parameters;
mod releases;
#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod settings {
    use crate::{
        anchors::AnchorBook,
        flags::{self, FlagBook},
        parameters::ParameterBook,
        releases::ReleaseBook,
    };
    use ballot::BasisPoints;
    use ink::{scale::Encode, selector_bytes, storage::Lazy};
    use interfaces::{
        Leaf, Moment, calls,
        governor::Kind,
        key::Key,
        roles::Role,
        settings::{
            Anchor, Anchored, Anchors, Control, Definition, Flag, FlagOrder, FlagSet, FlagSteered, Flags, Parameter,
            ParameterDefined, ParameterRetired, ParameterSet, Parameters, Release, ReleaseApproved, ReleaseId,
            ReleaseReported, ReleaseRevoked, Releases, Report, SettingsError, Stage, Value,
        },
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("settings", 1);

    /// The settings. Their root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Settings {
        /// Whose orders they follow.
        governor: Lazy<AccountId>,
        /// Who knows the operators, and who may anchor.
        registry: Lazy<AccountId>,
        parameters: ParameterBook,
        flags: FlagBook,
        releases: ReleaseBook,
        anchors: AnchorBook,
    }

    impl Settings {
        /// Settings without an entry. `governor` gives them orders, and `registry` knows the operators and who may anchor.
        #[ink(constructor)]
        pub fn new(governor: AccountId, registry: AccountId) -> Self {
            let mut settings = Self {
                governor: Lazy::new(),
                registry: Lazy::new(),
                parameters: ParameterBook::default(),
                flags: FlagBook::default(),
                releases: ReleaseBook::default(),
                anchors: AnchorBook::default(),
            };
            upgrade::mark(STORED);
            settings.governor.set(&governor);
            settings.registry.set(&registry);
            settings
        }

        fn now(&self) -> Moment {
            self.env().block_timestamp()
        }

        fn is_governed(&self) -> bool {
            self.governor.get() == Some(self.env().caller())
        }

        fn only_governor(&self) -> Result<(), SettingsError> {
            if self.is_governed() { Ok(()) } else { Err(SettingsError::NotGovernor) }
        }

        /// The caller, if it is an operator.
        fn operator(&self) -> Result<AccountId, SettingsError> {
            let caller = self.env().caller();
            let question = (selector_bytes!("Roles::has_role"), caller, Role::Operator).encode();
            self.only_known(&question, SettingsError::NotOperator)?;
            Ok(caller)
        }

        /// Goes on only if the registry answers this question with yes.
        fn only_known(&self, question: &[u8], otherwise: SettingsError) -> Result<(), SettingsError> {
            let answer = self.registry.get().and_then(|registry| calls::ask(&registry, question));
            match answer {
                Some(true) => Ok(()),
                Some(false) => Err(otherwise),
                None => Err(SettingsError::RegistryFailed),
            }
        }

        /// Lets an operator change what is enforced of a flag.
        fn steer(
            &mut self,
            flag: Key,
            change: impl FnOnce(Control) -> Result<Control, SettingsError>,
        ) -> Result<(), SettingsError> {
            let by = self.operator()?;
            let control = self.flags.steer(&flag, change)?;
            self.env().emit_event(FlagSteered { flag, by, control });
            Ok(())
        }
    }

    impl Parameters for Settings {
        #[ink(message)]
        fn define(&mut self, kind: Kind, key: Key, definition: Definition, value: Value) -> Result<(), SettingsError> {
            self.only_governor()?;
            let definition = Leaf(definition);
            self.parameters.define(kind, &key, &definition, &value, self.now())?;
            let Leaf(definition) = definition;
            self.env().emit_event(ParameterDefined { key, definition, value });
            Ok(())
        }

        #[ink(message)]
        fn set(&mut self, kind: Kind, key: Key, value: Value, from: Option<Moment>) -> Result<(), SettingsError> {
            self.only_governor()?;
            let course = self.parameters.set(kind, &key, value, from, self.now())?;
            self.env().emit_event(ParameterSet { key, course });
            Ok(())
        }

        #[ink(message)]
        fn cancel(&mut self, kind: Kind, key: Key) -> Result<(), SettingsError> {
            self.only_governor()?;
            let course = self.parameters.cancel(kind, &key, self.now())?;
            self.env().emit_event(ParameterSet { key, course });
            Ok(())
        }

        #[ink(message)]
        fn retire(&mut self, kind: Kind, key: Key) -> Result<(), SettingsError> {
            self.only_governor()?;
            self.parameters.retire(kind, &key, self.now())?;
            self.env().emit_event(ParameterRetired { key });
            Ok(())
        }

        #[ink(message)]
        fn parameter(&self, key: Key) -> Option<Parameter> {
            self.parameters.parameter(&key, self.now())
        }

        #[ink(message)]
        fn value(&self, key: Key) -> Option<Value> {
            self.parameters.value(&key, self.now())
        }

        #[ink(message)]
        fn value_at(&self, key: Key, moment: Moment) -> Result<Option<Value>, SettingsError> {
            if moment < self.now() {
                Ok(self.parameters.value_at(&key, moment))
            } else {
                Err(SettingsError::NotYetPast)
            }
        }

        #[ink(message)]
        fn parameter_count(&self) -> u32 {
            self.parameters.names().count()
        }

        #[ink(message)]
        fn parameter_key(&self, number: u32) -> Option<Key> {
            self.parameters.names().key(number)
        }
    }

    impl Flags for Settings {
        #[ink(message)]
        fn set_flag(&mut self, kind: Kind, flag: Key, order: FlagOrder) -> Result<(), SettingsError> {
            self.only_governor()?;
            let control = self.flags.set(kind, &flag, &order)?;
            self.env().emit_event(FlagSet { flag, control, body: order.body });
            Ok(())
        }

        #[ink(message)]
        fn expose(&mut self, flag: Key, exposure: BasisPoints) -> Result<(), SettingsError> {
            self.steer(flag, |control| flags::exposed(control, exposure))
        }

        #[ink(message)]
        fn kill(&mut self, flag: Key) -> Result<(), SettingsError> {
            self.steer(flag, flags::killed)
        }

        #[ink(message)]
        fn revive(&mut self, flag: Key) -> Result<(), SettingsError> {
            self.steer(flag, flags::revived)
        }

        #[ink(message)]
        fn flag(&self, flag: Key) -> Option<Flag> {
            self.flags.flag(&flag)
        }

        #[ink(message)]
        fn flag_count(&self) -> u32 {
            self.flags.names().count()
        }

        #[ink(message)]
        fn flag_key(&self, number: u32) -> Option<Key> {
            self.flags.names().key(number)
        }
    }

    impl Releases for Settings {
        #[ink(message)]
        fn approve_release(&mut self, kind: Kind, release: Release) -> Result<ReleaseId, SettingsError> {
            self.only_governor()?;
            let approved = Leaf(release);
            let number = self.releases.approve(kind, &approved, self.now())?;
            let Leaf(Release { component, digest, strategy, expires }) = approved;
            self.env().emit_event(ReleaseApproved { release: number, component, digest, strategy, expires });
            Ok(number)
        }

        #[ink(message)]
        fn report(&mut self, release: ReleaseId, report: Report) -> Result<(), SettingsError> {
            let by = self.operator()?;
            let stage = self.releases.report(release, report, self.now())?;
            self.env().emit_event(ReleaseReported { release, by, report, stage });
            Ok(())
        }

        #[ink(message)]
        fn revoke(&mut self, kind: Kind, release: ReleaseId) -> Result<(), SettingsError> {
            self.only_governor()?;
            self.releases.revoke(kind, release)?;
            self.env().emit_event(ReleaseRevoked { release });
            Ok(())
        }

        #[ink(message)]
        fn release(&self, release: ReleaseId) -> Option<Release> {
            self.releases.release(release)
        }

        #[ink(message)]
        fn stage(&self, release: ReleaseId) -> Option<Stage> {
            self.releases.stage(release)
        }

        #[ink(message)]
        fn release_count(&self) -> ReleaseId {
            self.releases.count()
        }
    }

    impl Anchors for Settings {
        #[ink(message)]
        fn anchor(&mut self, origin: Key, size: u64, root: Hash) -> Result<(), SettingsError> {
            let by = self.env().caller();
            self.only_known(&(selector_bytes!("Keys::holds_key"), by, &origin).encode(), SettingsError::NoKey)?;
            let anchor = Anchor { size, root, at: self.now() };
            let number = self.anchors.add(&origin, anchor)?;
            self.env().emit_event(Anchored { origin, by, number, anchor });
            Ok(())
        }

        #[ink(message)]
        fn anchor_count(&self, origin: Key) -> u32 {
            self.anchors.count(&origin)
        }

        #[ink(message)]
        fn anchor_at(&self, origin: Key, number: u32) -> Option<Anchor> {
            self.anchors.anchor(&origin, number)
        }

        #[ink(message)]
        fn latest(&self, origin: Key) -> Option<Anchor> {
            self.anchors.latest(&origin)
        }

        #[ink(message)]
        fn origin_count(&self) -> u32 {
            self.anchors.names().count()
        }

        #[ink(message)]
        fn origin_key(&self, number: u32) -> Option<Key> {
            self.anchors.names().key(number)
        }
    }

    impl interfaces::settings::Settings for Settings {
        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }

        #[ink(message)]
        fn registry(&self) -> AccountId {
            self.registry.get().expect("the constructor sets it")
        }
    }

    impl Upgradable for Settings {
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
