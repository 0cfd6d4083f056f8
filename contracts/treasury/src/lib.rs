//! The treasury: holds native currency and pays on the governor's order only.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod treasury {
    use ink::storage::Lazy;
    use interfaces::{
        treasury::{Deposited, Paid, TreasuryError},
        upgrade::{self, Stored, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("treasury", 1);

    /// The treasury. What it holds is its account's balance, so that no book can disagree with it. Nothing is in the
    /// root cell, which the code that is replaced by an upgrade writes last.
    #[ink(storage)]
    pub struct Treasury {
        /// Whose orders it follows.
        governor: Lazy<AccountId>,
    }

    impl Treasury {
        /// A treasury that follows `governor`; the currency sent along is its first deposit.
        #[ink(constructor, payable)]
        pub fn new(governor: AccountId) -> Self {
            let mut treasury = Self { governor: Lazy::new() };
            upgrade::mark(STORED);
            treasury.governor.set(&governor);
            treasury
        }

        fn is_governed(&self) -> bool {
            self.governor.get() == Some(self.env().caller())
        }
    }

    impl interfaces::treasury::Treasury for Treasury {
        #[ink(message)]
        fn pay(&mut self, payee: AccountId, amount: Balance) -> Result<(), TreasuryError> {
            if !self.is_governed() {
                return Err(TreasuryError::NotGovernor);
            }
            if amount == 0 {
                return Err(TreasuryError::ZeroAmount);
            }
            // Paying itself would leave an event of a payment that moved nothing.
            if payee == self.env().account_id() {
                return Err(TreasuryError::TransferFailed);
            }
            self.env().transfer(payee, amount).map_err(|_| TreasuryError::TransferFailed)?;
            self.env().emit_event(Paid { payee, amount });
            Ok(())
        }

        #[ink(message, payable)]
        fn deposit(&mut self) {
            let amount = self.env().transferred_value();
            if amount != 0 {
                self.env().emit_event(Deposited { from: self.env().caller(), amount });
            }
        }

        #[ink(message)]
        fn balance(&self) -> Balance {
            self.env().balance()
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }
    }

    impl interfaces::upgrade::Upgradable for Treasury {
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

#[cfg(test)]
mod tests {
    use crate::treasury::Treasury;
    use ink::env::{DefaultEnvironment, test};
    use interfaces::{
        treasury::{Treasury as Messages, TreasuryError},
        upgrade::{Upgradable, UpgradeError},
    };

    #[ink::test]
    fn only_the_governor_is_followed() {
        let people = test::default_accounts::<DefaultEnvironment>();
        let mut treasury = Treasury::new(people.bob);
        assert_eq!((treasury.governor(), treasury.storage_version()), (people.bob, 1));
        test::set_caller::<DefaultEnvironment>(people.charlie);
        assert_eq!(treasury.pay(people.charlie, 1), Err(TreasuryError::NotGovernor));
        assert_eq!(treasury.upgrade([1; 32].into()), Err(UpgradeError::NotGoverned));
        test::set_caller::<DefaultEnvironment>(people.bob);
        assert_eq!(treasury.pay(people.charlie, 0), Err(TreasuryError::ZeroAmount));
        assert_eq!(treasury.pay(people.charlie, 1), Ok(()));
    }
}
