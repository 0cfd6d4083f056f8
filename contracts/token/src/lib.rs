//! The governance token: PSP22 whose every balance is remembered as voting power.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod history;
#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod token {
    use crate::history::{Full, Head, History};
    use ink::{
        prelude::{string::String, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Moment,
        token::{Approval, PSP22, PSP22Error, PSP22Metadata, Transfer, Votes, VotesError},
    };

    /// The governance token.
    #[ink(storage)]
    pub struct Token {
        /// Balances, and the supply, with their past.
        history: History,
        /// What the second account may send of the first's tokens; no cell means nothing.
        allowances: Mapping<(AccountId, AccountId), Balance>,
        /// How wallets show the token. Apart, so that no transfer reads it.
        metadata: Lazy<Metadata>,
    }

    /// How wallets show the token.
    #[derive(Debug, Default, Clone, PartialEq, Eq)]
    #[ink::scale_derive(Encode, Decode, TypeInfo)]
    #[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
    pub struct Metadata {
        name: Option<String>,
        symbol: Option<String>,
        decimals: u8,
    }

    impl Token {
        /// A token whose whole supply is what `holders` are given, each named once.
        ///
        /// # Errors
        /// If a holder is the zero account, is named twice or is given nothing, or the supply exceeds `u128::MAX`.
        #[ink(constructor)]
        pub fn new(
            name: Option<String>,
            symbol: Option<String>,
            decimals: u8,
            holders: Vec<(AccountId, Balance)>,
        ) -> Result<Self, PSP22Error> {
            let mut token = Self { history: History::default(), allowances: Mapping::new(), metadata: Lazy::new() };
            token.metadata.set(&Metadata { name, symbol, decimals });
            let now = token.env().block_timestamp();
            let mut supply: Balance = 0;
            for (holder, value) in holders {
                let head = token.history.head(Some(holder));
                if value == 0 || head.power() != 0 {
                    return Err(custom("every holder is named once, and is given more than 0"));
                }
                nonzero(holder)?;
                supply = supply.checked_add(value).ok_or_else(overflow)?;
                token.history.record(Some(holder), head, now, value)?;
                token.env().emit_event(Transfer { from: None, to: Some(holder), value });
            }
            token.history.record(None, Head::default(), now, supply)?;
            Ok(token)
        }

        /// Moves tokens. Sending nothing, or to oneself, does nothing.
        fn move_tokens(&mut self, from: AccountId, to: AccountId, value: Balance) -> Result<(), PSP22Error> {
            nonzero(to)?;
            if from == to || value == 0 {
                return Ok(());
            }
            let (sender, recipient) = (self.history.head(Some(from)), self.history.head(Some(to)));
            let left = sender.power().checked_sub(value).ok_or(PSP22Error::InsufficientBalance)?;
            let grown = recipient.power().checked_add(value).ok_or_else(overflow)?;
            let now = self.env().block_timestamp();
            self.history.record(Some(from), sender, now, left)?;
            self.history.record(Some(to), recipient, now, grown)?;
            self.env().emit_event(Transfer { from: Some(from), to: Some(to), value });
            Ok(())
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

        /// Refuses moments whose power can still change.
        fn past(&self, moment: Moment) -> Result<Moment, VotesError> {
            if moment < self.env().block_timestamp() { Ok(moment) } else { Err(VotesError::NotYetPast) }
        }

        fn metadata(&self) -> Metadata {
            self.metadata.get().unwrap_or_default()
        }
    }

    impl PSP22 for Token {
        #[ink(message)]
        fn total_supply(&self) -> Balance {
            self.history.head(None).power()
        }

        #[ink(message)]
        fn balance_of(&self, owner: AccountId) -> Balance {
            self.history.head(Some(owner)).power()
        }

        #[ink(message)]
        fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance {
            self.allowances.get((owner, spender)).unwrap_or_default()
        }

        #[ink(message)]
        fn transfer(&mut self, to: AccountId, value: Balance, _data: Vec<u8>) -> Result<(), PSP22Error> {
            self.move_tokens(self.env().caller(), to, value)
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
            self.move_tokens(from, to, value)
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
            self.metadata().name
        }

        #[ink(message)]
        fn token_symbol(&self) -> Option<String> {
            self.metadata().symbol
        }

        #[ink(message)]
        fn token_decimals(&self) -> u8 {
            self.metadata().decimals
        }
    }

    impl Votes for Token {
        #[ink(message)]
        fn votes(&self, account: AccountId) -> Balance {
            self.history.head(Some(account)).power()
        }

        #[ink(message)]
        fn votes_at(&self, account: AccountId, moment: Moment) -> Result<Balance, VotesError> {
            Ok(self.history.power_at(Some(account), self.past(moment)?))
        }

        #[ink(message)]
        fn supply_at(&self, moment: Moment) -> Result<Balance, VotesError> {
            Ok(self.history.power_at(None, self.past(moment)?))
        }
    }

    impl From<Full> for PSP22Error {
        fn from(Full: Full) -> Self {
            overflow()
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
