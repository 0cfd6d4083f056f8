//! The treasury: holds native currency and pays on the governor's order only.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod treasury {
    use interfaces::treasury::{Deposited, Paid, TreasuryError};

    /// The treasury. What it holds is its account's balance, so that no book can disagree with it.
    #[ink(storage)]
    pub struct Treasury {
        governor: AccountId,
    }

    impl Treasury {
        /// A treasury that follows `governor`; the currency sent along is its first deposit.
        #[ink(constructor, payable)]
        pub fn new(governor: AccountId) -> Self {
            Self { governor }
        }
    }

    impl interfaces::treasury::Treasury for Treasury {
        #[ink(message)]
        fn pay(&mut self, payee: AccountId, amount: Balance) -> Result<(), TreasuryError> {
            if self.env().caller() != self.governor {
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
            self.governor
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::treasury::Treasury;
    use ink::env::{DefaultEnvironment, test};
    use interfaces::treasury::{Treasury as Messages, TreasuryError};

    #[ink::test]
    fn only_the_governor_is_followed() {
        let people = test::default_accounts::<DefaultEnvironment>();
        let mut treasury = Treasury::new(people.bob);
        assert_eq!(treasury.governor(), people.bob);
        test::set_caller::<DefaultEnvironment>(people.charlie);
        assert_eq!(treasury.pay(people.charlie, 1), Err(TreasuryError::NotGovernor));
        test::set_caller::<DefaultEnvironment>(people.bob);
        assert_eq!(treasury.pay(people.charlie, 0), Err(TreasuryError::ZeroAmount));
        assert_eq!(treasury.pay(people.charlie, 1), Ok(()));
    }
}
