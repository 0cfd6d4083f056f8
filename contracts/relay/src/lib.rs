//! The relay: brings what people signed off chain to the contract it is for.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod relay {
    use ink::{
        scale::{Decode, Encode},
        selector_bytes,
        storage::Lazy,
    };
    use interfaces::{
        Moment, calls,
        polls::{PollError, SignedVote, text},
        signed::{Signature, verify},
        token::{DelegationError, SignedDelegation},
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("relay", 1);

    /// The relay. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Relay {
        /// Who may give it new code.
        governor: Lazy<AccountId>,
        /// Hash of the chain's genesis block.
        chain: Lazy<Hash>,
    }

    impl Relay {
        /// A relay of what is signed for the chain whose genesis block has the hash `chain`. `governor` may give it new
        /// code.
        #[ink(constructor)]
        pub fn new(governor: AccountId, chain: Hash) -> Self {
            let mut relay = Self { governor: Lazy::new(), chain: Lazy::new() };
            relay.governor.set(&governor);
            relay.chain.set(&chain);
            upgrade::mark(STORED);
            relay
        }

        fn is_past(&self, deadline: Moment) -> bool {
            self.env().block_timestamp() > deadline
        }

        /// Hands over what was signed. Nothing, if that does not answer; as this very contract does not, which the chain
        /// would end for entering itself.
        fn hand<E: Decode>(&self, target: AccountId, order: &[u8]) -> Option<Result<(), E>> {
            if target == self.env().account_id() { None } else { calls::ask(&target, order) }
        }
    }

    // What keeps anything from being taken twice, its nonce, the contracts know that it is for.
    impl interfaces::relay::Relay for Relay {
        #[ink(message)]
        fn vote(&mut self, ballot_box: AccountId, vote: SignedVote, signature: Signature) -> Result<(), PollError> {
            if self.is_past(vote.deadline) {
                return Err(PollError::TooLate);
            }
            let text = text(&vote, &self.chain(), &ballot_box);
            let SignedVote { poll, voter, choice, nonce, .. } = vote;
            if !verify(&signature, text.as_bytes(), &voter) {
                return Err(PollError::BadSignature);
            }
            let order = (selector_bytes!("Polls::vote_for"), poll, voter, choice, nonce).encode();
            self.hand(ballot_box, &order).unwrap_or(Err(PollError::BallotBoxFailed))
        }

        #[ink(message)]
        fn delegate(
            &mut self,
            token: AccountId,
            order: SignedDelegation,
            signature: Signature,
        ) -> Result<(), DelegationError> {
            if self.is_past(order.deadline) {
                return Err(DelegationError::DeadlinePassed);
            }
            let text = order.text(&self.chain(), &token);
            let SignedDelegation { delegator, shares, ends, nonce, .. } = order;
            if !verify(&signature, text.as_bytes(), &delegator) {
                return Err(DelegationError::WrongSignature);
            }
            let order = (selector_bytes!("Delegating::delegate_for"), delegator, shares, ends, nonce).encode();
            self.hand(token, &order).unwrap_or(Err(DelegationError::TokenFailed))
        }

        #[ink(message)]
        fn chain(&self) -> Hash {
            self.chain.get().expect("the constructor sets it")
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }
    }

    impl Upgradable for Relay {
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
}
