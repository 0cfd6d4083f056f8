//! The ballot box: votes from their casting to their count.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![expect(clippy::cast_possible_truncation, reason = "the codec's derive casts the numbers of variants, which are few")]

mod booth;
mod count;
mod electors;
mod rankings;
mod refusal;
#[cfg(test)]
mod tests;
mod vote;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod polls {
    use crate::{
        booth::Booth,
        count::Count,
        rankings::Rankings,
        refusal::{OrRefuse, refuse},
    };
    use ballot::{Choice, Mechanism, Ranking, Tally, quadratic::IdentityVotes};
    use ink::{
        prelude::vec::Vec,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, ProposalId,
        polls::{Poll, PollError, PollOpened, PollStopped, PollTerms, Receipt, SignedVote, Stage, Standing, text},
        registry::IdentityId,
        signed::{Signature, verify},
        upgrade::{self, Upgradable, UpgradeError, Upgraded},
    };

    /// Version of what is stored.
    const STORED: u16 = 1;

    /// Whose vote in which poll.
    type Cast = (ProposalId, AccountId);

    /// Which person in which poll.
    type Person = (ProposalId, IdentityId);

    /// The ballot box. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Polls {
        /// The only account that opens and stops polls.
        governor: Lazy<AccountId>,
        /// Whose holders vote.
        token: Lazy<AccountId>,
        /// Who knows which person a wallet belongs to.
        registry: Lazy<AccountId>,
        /// Hash of the genesis block of the chain that votes are signed for.
        chain: Lazy<Hash>,
        /// Every poll that was opened.
        pub(crate) booths: Mapping<ProposalId, Leaf<Booth>>,
        /// What was voted, and overridden.
        pub(crate) receipts: Mapping<Cast, Leaf<Receipt>>,
        /// What is voted in ranked polls.
        pub(crate) rankings: Rankings,
        /// How far ranked polls are counted.
        pub(crate) counts: Mapping<ProposalId, Leaf<Count>>,
        /// What every person votes in a quadratic poll, with all wallets together.
        pub(crate) people: Mapping<Person, Leaf<IdentityVotes>>,
        /// How many signed votes of an account were taken.
        nonces: Mapping<AccountId, u64>,
    }

    impl Polls {
        /// A ballot box in which `governor` opens polls, the holders of `token` and the persons of `registry` vote, and
        /// signed votes are for the chain whose genesis block has the hash `chain`.
        #[ink(constructor)]
        pub fn new(governor: AccountId, token: AccountId, registry: AccountId, chain: Hash) -> Self {
            let mut polls = Self {
                governor: Lazy::new(),
                token: Lazy::new(),
                registry: Lazy::new(),
                chain: Lazy::new(),
                booths: Mapping::new(),
                receipts: Mapping::new(),
                rankings: Rankings::default(),
                counts: Mapping::new(),
                people: Mapping::new(),
                nonces: Mapping::new(),
            };
            polls.governor.set(&governor);
            polls.token.set(&token);
            polls.registry.set(&registry);
            polls.chain.set(&chain);
            upgrade::mark(STORED);
            polls
        }

        fn called_by_governor(&self) -> bool {
            self.governor.get() == Some(self.env().caller())
        }

        pub(crate) fn known(&self, poll: ProposalId) -> Booth {
            self.booths.get(poll).or_refuse(PollError::UnknownPoll).0
        }

        pub(crate) fn receipt_of(&self, poll: ProposalId, account: AccountId) -> Receipt {
            self.receipts.get((poll, account)).unwrap_or_default().0
        }
    }

    impl interfaces::polls::Polls for Polls {
        #[ink(message)]
        fn open(&mut self, poll: ProposalId, terms: PollTerms) -> Result<(), PollError> {
            if !self.called_by_governor() {
                refuse(PollError::NotGovernor);
            }
            if self.booths.contains(poll) {
                refuse(PollError::AlreadyOpened);
            }
            let electors = if terms.mechanism == Mechanism::Quadratic { self.registry() } else { self.token() };
            let booth = Booth::opened(terms, electors).or_refuse(PollError::BadTerms);
            self.booths.insert(poll, &Leaf(booth));
            self.env().emit_event(PollOpened { poll, terms });
            Ok(())
        }

        #[ink(message)]
        fn stop(&mut self, poll: ProposalId) -> Result<(), PollError> {
            if !self.called_by_governor() {
                refuse(PollError::NotGovernor);
            }
            let mut booth = self.known(poll);
            match booth.standing(self.env().block_timestamp()) {
                Standing::Pending | Standing::Open | Standing::Counting => booth.poll.stage = Stage::Stopped,
                decided => refuse(PollError::WrongStanding(decided)),
            }
            self.booths.insert(poll, &Leaf(booth));
            self.env().emit_event(PollStopped { poll });
            Ok(())
        }

        #[ink(message)]
        fn vote(&mut self, poll: ProposalId, choice: Choice) -> Result<(), PollError> {
            self.cast(poll, self.env().caller(), choice);
            Ok(())
        }

        #[ink(message)]
        fn vote_signed(&mut self, vote: SignedVote, signature: Signature) -> Result<(), PollError> {
            if self.env().block_timestamp() > vote.deadline {
                refuse(PollError::TooLate);
            }
            if vote.nonce != self.nonce(vote.voter) {
                refuse(PollError::WrongNonce);
            }
            let text = text(&vote, &self.chain.get().unwrap_or_default(), &self.env().account_id());
            if !verify(&signature, text.as_bytes(), &vote.voter) {
                refuse(PollError::BadSignature);
            }
            let next = vote.nonce.checked_add(1).or_refuse(PollError::Overflow);
            self.nonces.insert(vote.voter, &next);
            self.cast(vote.poll, vote.voter, vote.choice);
            Ok(())
        }

        #[ink(message)]
        fn count(&mut self, poll: ProposalId, rankings: u32) -> Result<Standing, PollError> {
            Ok(self.count_page(poll, rankings))
        }

        #[ink(message)]
        fn poll(&self, poll: ProposalId) -> Option<Poll> {
            self.booths.get(poll).map(|Leaf(booth)| booth.poll)
        }

        #[ink(message)]
        fn standing(&self, poll: ProposalId) -> Result<Standing, PollError> {
            Ok(self.known(poll).standing(self.env().block_timestamp()))
        }

        #[ink(message)]
        fn tally(&self, poll: ProposalId) -> Option<Tally> {
            self.booths.get(poll).map(|Leaf(booth)| booth.tally)
        }

        #[ink(message)]
        fn receipt(&self, poll: ProposalId, account: AccountId) -> Option<Receipt> {
            self.receipts.get((poll, account)).map(|Leaf(receipt)| receipt)
        }

        #[ink(message)]
        fn rankings(&self, poll: ProposalId, chunk: u32) -> Vec<(Ranking, Balance)> {
            self.rankings.chunk(poll, chunk)
        }

        #[ink(message)]
        fn nonce(&self, account: AccountId) -> u64 {
            self.nonces.get(account).unwrap_or_default()
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().unwrap_or(AccountId::from([0; 32]))
        }

        #[ink(message)]
        fn token(&self) -> AccountId {
            self.token.get().unwrap_or(AccountId::from([0; 32]))
        }

        #[ink(message)]
        fn registry(&self) -> AccountId {
            self.registry.get().unwrap_or(AccountId::from([0; 32]))
        }
    }

    impl Upgradable for Polls {
        #[ink(message)]
        fn upgrade(&mut self, code_hash: Hash) -> Result<(), UpgradeError> {
            if !self.called_by_governor() {
                return Err(UpgradeError::NotGoverned);
            }
            upgrade::adopt(&code_hash)?;
            self.env().emit_event(Upgraded { code_hash });
            Ok(())
        }

        #[ink(message)]
        fn migrate(&mut self) -> Result<(), UpgradeError> {
            upgrade::expect(STORED)
        }

        #[ink(message)]
        fn storage_version(&self) -> u16 {
            upgrade::marked()
        }
    }
}
