//! The governance token: PSP22 whose every balance the ledger remembers as voting power, which can be delegated.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod book;
#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod token {
    use crate::book::Book;
    use ink::{
        prelude::{string::String, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Moment,
        ledger::LedgerError,
        token::{
            Approval, Delegating, Delegation, DelegationChanged, DelegationError, PSP22, PSP22Burnable, PSP22Error,
            PSP22Metadata, Share, Transfer,
        },
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("token", 1);

    /// The governance token. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Token {
        /// Who may give it new code.
        governor: Lazy<AccountId>,
        /// Who keeps balances, delegations and the supply, with their past.
        ledger: Lazy<AccountId>,
        /// Who has seen that a delegation was signed.
        relay: Lazy<AccountId>,
        /// What the second account may send of the first's tokens; no cell means nothing.
        allowances: Mapping<(AccountId, AccountId), Balance>,
        /// How many delegations signed by an account were taken; no cell means none.
        nonces: Mapping<AccountId, u64>,
        /// What never changes. Apart, so that no transfer reads it.
        constants: Lazy<Constants>,
    }

    /// What never changes.
    #[derive(Debug, Default, Clone, PartialEq, Eq)]
    #[ink::scale_derive(Encode, Decode, TypeInfo)]
    #[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
    pub struct Constants {
        /// How wallets show the token.
        name: Option<String>,
        symbol: Option<String>,
        decimals: u8,
    }

    impl Token {
        /// A token whose whole supply is what `holders` are given, each named once, and is kept in the books of `ledger`.
        /// `relay` may delegate for holders who signed it; `governor` may give the token new code.
        ///
        /// # Errors
        /// If a holder is the zero account, is named twice or is given nothing, the supply exceeds `u128::MAX`, or the
        /// ledger is another token's.
        #[ink(constructor)]
        pub fn new(
            governor: AccountId,
            ledger: AccountId,
            relay: AccountId,
            name: Option<String>,
            symbol: Option<String>,
            decimals: u8,
            holders: Vec<(AccountId, Balance)>,
        ) -> Result<Self, PSP22Error> {
            let mut token = Self {
                governor: Lazy::new(),
                ledger: Lazy::new(),
                relay: Lazy::new(),
                allowances: Mapping::new(),
                nonces: Mapping::new(),
                constants: Lazy::new(),
            };
            upgrade::mark(STORED);
            token.governor.set(&governor);
            token.ledger.set(&ledger);
            token.relay.set(&relay);
            token.constants.set(&Constants { name, symbol, decimals });
            token.book().serve().map_err(refused)?;
            for (number, (holder, value)) in holders.iter().enumerate() {
                let named_before = holders.iter().take(number).any(|(earlier, _)| earlier == holder);
                if *value == 0 || named_before {
                    return Err(custom("every holder is named once, and is given more than 0"));
                }
                nonzero(*holder)?;
                token.move_tokens(None, Some(*holder), *value)?;
            }
            Ok(token)
        }

        /// Moves tokens that are not 0: out of nothing if from nobody, into nothing if to nobody.
        fn move_tokens(
            &mut self,
            from: Option<AccountId>,
            to: Option<AccountId>,
            value: Balance,
        ) -> Result<(), PSP22Error> {
            self.book().transfer(from, to, value).map_err(refused)?;
            self.env().emit_event(Transfer { from, to, value });
            Ok(())
        }

        /// Sends tokens. Sending nothing, or to oneself, does nothing.
        fn send(&mut self, from: AccountId, to: AccountId, value: Balance) -> Result<(), PSP22Error> {
            nonzero(to)?;
            if from == to || value == 0 { Ok(()) } else { self.move_tokens(Some(from), Some(to), value) }
        }

        /// Sets an allowance; one for one's own tokens means nothing and is not kept.
        fn set_allowance(&mut self, owner: AccountId, spender: AccountId, amount: Balance) -> Result<(), PSP22Error> {
            nonzero(spender)?;
            if owner == spender {
                return Ok(());
            }
            if amount == 0 {
                self.allowances.remove((owner, spender));
            } else {
                self.allowances.insert((owner, spender), &amount);
            }
            self.env().emit_event(Approval { owner, spender, amount });
            Ok(())
        }

        /// Lets an account's tokens vote through representatives.
        fn set_delegation(&mut self, delegator: AccountId, delegation: Delegation) -> Result<(), DelegationError> {
            delegation.check(delegator, self.env().block_timestamp())?;
            self.book().delegate(delegator, &delegation).map_err(|error| match error {
                None => DelegationError::LedgerFailed,
                Some(_) => DelegationError::Overflow,
            })?;
            let Delegation { shares, ends } = delegation;
            self.env().emit_event(DelegationChanged { delegator, shares, ends });
            Ok(())
        }

        fn constants(&self) -> Constants {
            self.constants.get().unwrap_or_default()
        }

        fn book(&self) -> Book {
            Book(Delegating::ledger(self))
        }
    }

    impl PSP22 for Token {
        #[ink(message)]
        fn total_supply(&self) -> Balance {
            self.book().balance(None)
        }

        #[ink(message)]
        fn balance_of(&self, owner: AccountId) -> Balance {
            self.book().balance(Some(owner))
        }

        #[ink(message)]
        fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance {
            self.allowances.get((owner, spender)).unwrap_or_default()
        }

        #[ink(message)]
        fn transfer(&mut self, to: AccountId, value: Balance, _data: Vec<u8>) -> Result<(), PSP22Error> {
            self.send(self.env().caller(), to, value)
        }

        #[ink(message)]
        fn transfer_from(
            &mut self,
            from: AccountId,
            to: AccountId,
            value: Balance,
            _data: Vec<u8>,
        ) -> Result<(), PSP22Error> {
            let spender = self.env().caller();
            // What does nothing needs no allowance, and neither do one's own tokens.
            if from != spender && from != to && value != 0 {
                let allowed = self.allowance(from, spender);
                let left = allowed.checked_sub(value).ok_or(PSP22Error::InsufficientAllowance)?;
                self.set_allowance(from, spender, left)?;
            }
            self.send(from, to, value)
        }

        #[ink(message)]
        fn approve(&mut self, spender: AccountId, value: Balance) -> Result<(), PSP22Error> {
            self.set_allowance(self.env().caller(), spender, value)
        }

        #[ink(message)]
        fn increase_allowance(&mut self, spender: AccountId, delta_value: Balance) -> Result<(), PSP22Error> {
            let owner = self.env().caller();
            let amount = self.allowance(owner, spender).checked_add(delta_value).ok_or_else(overflow)?;
            if delta_value == 0 { Ok(()) } else { self.set_allowance(owner, spender, amount) }
        }

        #[ink(message)]
        fn decrease_allowance(&mut self, spender: AccountId, delta_value: Balance) -> Result<(), PSP22Error> {
            let owner = self.env().caller();
            let allowed = self.allowance(owner, spender);
            let amount = allowed.checked_sub(delta_value).ok_or(PSP22Error::InsufficientAllowance)?;
            if delta_value == 0 { Ok(()) } else { self.set_allowance(owner, spender, amount) }
        }
    }

    impl PSP22Metadata for Token {
        #[ink(message)]
        fn token_name(&self) -> Option<String> {
            self.constants().name
        }

        #[ink(message)]
        fn token_symbol(&self) -> Option<String> {
            self.constants().symbol
        }

        #[ink(message)]
        fn token_decimals(&self) -> u8 {
            self.constants().decimals
        }
    }

    impl PSP22Burnable for Token {
        #[ink(message)]
        fn burn(&mut self, value: Balance) -> Result<(), PSP22Error> {
            if value == 0 { Ok(()) } else { self.move_tokens(Some(self.env().caller()), None, value) }
        }
    }

    impl Delegating for Token {
        #[ink(message)]
        fn delegate(&mut self, shares: Vec<Share>, ends: Option<Moment>) -> Result<(), DelegationError> {
            self.set_delegation(self.env().caller(), Delegation { shares, ends })
        }

        #[ink(message)]
        fn delegate_for(
            &mut self,
            delegator: AccountId,
            shares: Vec<Share>,
            ends: Option<Moment>,
            nonce: u64,
        ) -> Result<(), DelegationError> {
            if self.env().caller() != self.relay() {
                return Err(DelegationError::NotRelay);
            }
            if nonce != self.nonce(delegator) {
                return Err(DelegationError::WrongNonce);
            }
            self.nonces.insert(delegator, &nonce.checked_add(1).ok_or(DelegationError::Overflow)?);
            self.set_delegation(delegator, Delegation { shares, ends })
        }

        #[ink(message)]
        fn delegation(&self, account: AccountId) -> Delegation {
            self.book().delegation(account)
        }

        #[ink(message)]
        fn nonce(&self, account: AccountId) -> u64 {
            self.nonces.get(account).unwrap_or_default()
        }

        #[ink(message)]
        fn relay(&self) -> AccountId {
            self.relay.get().expect("the constructor sets it")
        }

        #[ink(message)]
        fn ledger(&self) -> AccountId {
            self.ledger.get().expect("the constructor sets it")
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }
    }

    impl Upgradable for Token {
        #[ink(message)]
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

    /// What a refusal of the ledger is to those who asked the token; nothing is said if it did not answer.
    fn refused(error: Option<LedgerError>) -> PSP22Error {
        match error {
            Some(LedgerError::InsufficientBalance) => PSP22Error::InsufficientBalance,
            Some(LedgerError::Overflow) => overflow(),
            Some(LedgerError::NotToken | LedgerError::AlreadyServing) => custom("the ledger is kept for another token"),
            None => custom("the ledger did not answer"),
        }
    }

    fn nonzero(account: AccountId) -> Result<(), PSP22Error> {
        if account == AccountId::from([0; 32]) { Err(PSP22Error::ZeroRecipientAddress) } else { Ok(()) }
    }

    fn custom(reason: &str) -> PSP22Error {
        PSP22Error::Custom(reason.into())
    }

    fn overflow() -> PSP22Error {
        custom("a number is beyond what can be stored")
    }
}
