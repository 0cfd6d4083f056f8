//! The ledger: who holds how many tokens and votes with how much power, now and in the past.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod power;
#[cfg(test)]
mod tests;

pub use power::{Powers, Whose};

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod ledger {
    use crate::power::Powers;
    use ink::storage::Lazy;
    use interfaces::{
        Moment,
        ledger::{LedgerError, Standing, Votes, VotesError},
        token::Delegation,
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("ledger", 1);

    /// The ledger. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Ledger {
        /// Who may give it new code.
        governor: Lazy<AccountId>,
        /// Whose tokens it knows of.
        token: Lazy<AccountId>,
        /// Balances, delegations and the supply, with their past.
        powers: Powers,
    }

    impl Ledger {
        /// A ledger without an entry, for the first token that asks. `governor` may give it new code.
        #[ink(constructor)]
        pub fn new(governor: AccountId) -> Self {
            let mut ledger = Self { governor: Lazy::new(), token: Lazy::new(), powers: Powers::default() };
            ledger.governor.set(&governor);
            upgrade::mark(STORED);
            ledger
        }

        fn only_token(&self) -> Result<(), LedgerError> {
            if self.token.get() == Some(self.env().caller()) { Ok(()) } else { Err(LedgerError::NotToken) }
        }

        /// Refuses moments whose power can still change.
        fn past(&self, moment: Moment) -> Result<Moment, VotesError> {
            if moment < self.env().block_timestamp() { Ok(moment) } else { Err(VotesError::NotYetPast) }
        }
    }

    // A chain compiles a function when it is first called, and charges for its bytes: what a vote does not ask for is
    // kept out of what answers it, by `#[inline(never)]`.
    impl interfaces::ledger::Ledger for Ledger {
        #[ink(message)]
        #[inline(never)]
        fn serve(&mut self) -> Result<(), LedgerError> {
            if self.token.get().is_some() {
                return Err(LedgerError::AlreadyServing);
            }
            self.token.set(&self.env().caller());
            Ok(())
        }

        #[ink(message)]
        #[inline(never)]
        fn transfer(
            &mut self,
            from: Option<AccountId>,
            to: Option<AccountId>,
            value: Balance,
        ) -> Result<(), LedgerError> {
            self.only_token()?;
            self.powers.transfer(from, to, value, self.env().block_timestamp())
        }

        #[ink(message)]
        #[inline(never)]
        fn delegate(&mut self, delegator: AccountId, delegation: Delegation) -> Result<(), LedgerError> {
            self.only_token()?;
            self.powers.delegate(delegator, delegation, self.env().block_timestamp())
        }

        #[ink(message)]
        fn balance(&self, whose: Option<AccountId>) -> Balance {
            self.powers.now(whose).balance
        }

        #[ink(message)]
        #[inline(never)]
        fn delegation(&self, account: AccountId) -> Delegation {
            self.powers.delegation(account, self.env().block_timestamp())
        }

        #[ink(message)]
        fn token(&self) -> Option<AccountId> {
            self.token.get()
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }
    }

    impl Votes for Ledger {
        #[ink(message)]
        fn votes(&self, account: AccountId) -> Balance {
            self.powers.now(Some(account)).power_at(self.env().block_timestamp())
        }

        #[ink(message)]
        fn votes_at(&self, account: AccountId, moment: Moment) -> Result<Balance, VotesError> {
            Ok(self.standing_at(account, moment)?.power)
        }

        #[ink(message)]
        fn standing_at(&self, account: AccountId, moment: Moment) -> Result<Standing, VotesError> {
            Ok(self.powers.at(Some(account), self.past(moment)?).standing_at(moment))
        }

        #[ink(message)]
        fn supply_at(&self, moment: Moment) -> Result<Balance, VotesError> {
            Ok(self.powers.at(None, self.past(moment)?).balance)
        }
    }

    impl Upgradable for Ledger {
        #[ink(message)]
        #[inline(never)]
        fn upgrade(&mut self, code_hash: Hash) -> Result<(), UpgradeError> {
            upgrade::adopt(self.governor.get() == Some(self.env().caller()), code_hash)
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
