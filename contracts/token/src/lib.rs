//! The governance token: PSP22 whose every balance is remembered as voting power, which can be delegated.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod power;
#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod token {
    use crate::power::{OutOfRange, Powers, Whose};
    use ink::{
        prelude::{string::String, vec::Vec},
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Moment,
        signed::{self, Signature},
        token::{
            Approval, Delegating, Delegation, DelegationChanged, DelegationError, PSP22, PSP22Burnable, PSP22Error,
            PSP22Metadata, Share, SignedDelegation, Standing, Transfer, Votes, VotesError,
        },
    };

    /// The governance token.
    #[ink(storage)]
    pub struct Token {
        /// Balances, delegations and the supply, with their past.
        powers: Powers,
        /// What the second account may send of the first's tokens; no cell means nothing.
        allowances: Mapping<(AccountId, AccountId), Balance>,
        /// How many delegations signed by an account were taken; no cell means none.
        nonces: Mapping<AccountId, u64>,
        /// What never changes. Apart, so that neither a transfer nor a vote reads it.
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
        /// Hash of the chain's genesis block.
        chain: Hash,
    }

    impl Token {
        /// A token whose whole supply is what `holders` are given, each named once. `chain` is the hash of this chain's
        /// genesis block: what holders sign is good for no other.
        ///
        /// # Errors
        /// If a holder is the zero account, is named twice or is given nothing, or the supply exceeds `u128::MAX`.
        #[ink(constructor)]
        pub fn new(
            name: Option<String>,
            symbol: Option<String>,
            decimals: u8,
            holders: Vec<(AccountId, Balance)>,
            chain: Hash,
        ) -> Result<Self, PSP22Error> {
            let mut token = Self {
                powers: Powers::default(),
                allowances: Mapping::new(),
                nonces: Mapping::new(),
                constants: Lazy::new(),
            };
            token.constants.set(&Constants { name, symbol, decimals, chain });
            for (holder, value) in holders {
                if value == 0 || token.balance_of(holder) != 0 {
                    return Err(custom("every holder is named once, and is given more than 0"));
                }
                nonzero(holder)?;
                token.move_tokens(None, Some(holder), value)?;
            }
            Ok(token)
        }

        /// Moves tokens that are not 0: out of nothing if from nobody, into nothing if to nobody.
        fn move_tokens(&mut self, from: Whose, to: Whose, value: Balance) -> Result<(), PSP22Error> {
            let now = self.env().block_timestamp();
            if from.is_some() {
                self.powers.change(from, value, 0, now).map_err(|OutOfRange| PSP22Error::InsufficientBalance)?;
            } else {
                // Before anyone is given more than can be counted.
                self.powers.change(None, 0, value, now)?;
            }
            let (taken, given) = if to.is_some() { (0, value) } else { (value, 0) };
            self.powers.change(to, taken, given, now)?;
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

        /// Refuses moments whose power can still change.
        fn past(&self, moment: Moment) -> Result<Moment, VotesError> {
            if moment < self.env().block_timestamp() { Ok(moment) } else { Err(VotesError::NotYetPast) }
        }

        /// Lets an account's tokens vote through representatives.
        fn set_delegation(&mut self, delegator: AccountId, delegation: Delegation) -> Result<(), DelegationError> {
            let now = self.env().block_timestamp();
            delegation.check(delegator, now)?;
            let Delegation { shares, ends } = self.powers.delegate(delegator, delegation, now)?;
            self.env().emit_event(DelegationChanged { delegator, shares, ends });
            Ok(())
        }

        fn constants(&self) -> Constants {
            self.constants.get().unwrap_or_default()
        }
    }

    impl PSP22 for Token {
        #[ink(message)]
        fn total_supply(&self) -> Balance {
            self.powers.now(None).balance
        }

        #[ink(message)]
        fn balance_of(&self, owner: AccountId) -> Balance {
            self.powers.now(Some(owner)).balance
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

    impl Votes for Token {
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

    impl Delegating for Token {
        #[ink(message)]
        fn delegate(&mut self, shares: Vec<Share>, ends: Option<Moment>) -> Result<(), DelegationError> {
            self.set_delegation(self.env().caller(), Delegation { shares, ends })
        }

        #[ink(message)]
        fn delegate_signed(&mut self, order: SignedDelegation, signature: Signature) -> Result<(), DelegationError> {
            let SignedDelegation { delegator, nonce, deadline, .. } = order;
            if self.env().block_timestamp() > deadline {
                return Err(DelegationError::DeadlinePassed);
            }
            if nonce != self.nonce(delegator) {
                return Err(DelegationError::WrongNonce);
            }
            let text = order.text(&self.chain(), &self.env().account_id());
            if !signed::verify(&signature, text.as_bytes(), &delegator) {
                return Err(DelegationError::WrongSignature);
            }
            self.nonces.insert(delegator, &nonce.checked_add(1).ok_or(OutOfRange)?);
            self.set_delegation(delegator, Delegation { shares: order.shares, ends: order.ends })
        }

        #[ink(message)]
        fn delegation(&self, account: AccountId) -> Delegation {
            let mut holding = self.powers.now(Some(account));
            holding.settle(self.env().block_timestamp());
            holding.delegation
        }

        #[ink(message)]
        fn nonce(&self, account: AccountId) -> u64 {
            self.nonces.get(account).unwrap_or_default()
        }

        #[ink(message)]
        fn chain(&self) -> Hash {
            self.constants().chain
        }
    }

    impl From<OutOfRange> for PSP22Error {
        fn from(OutOfRange: OutOfRange) -> Self {
            overflow()
        }
    }

    impl From<OutOfRange> for DelegationError {
        fn from(OutOfRange: OutOfRange) -> Self {
            Self::Overflow
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
