//! The ballot box: votes from their casting to their count.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod booth;
mod electors;
mod ranked;
mod vote;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod polls {
    use crate::booth::Booth;
    use ballot::{Choice, Mechanism, Tally};
    use ink::{
        selector_bytes,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, ProposalId, calls,
        polls::{Parts, Poll, PollError, PollOpened, PollStopped, PollTerms, Receipt, Stage, Standing},
        refusal::{OrRefuse, refuse},
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("polls", 1);

    /// Whose vote in which poll.
    type Cast = (ProposalId, AccountId);

    /// The ballot box. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Polls {
        /// Whom it follows and asks.
        parts: Lazy<Leaf<Parts>>,
        /// Every poll that was opened.
        pub(crate) booths: Mapping<ProposalId, Leaf<Booth>>,
        /// What was voted, and overridden.
        pub(crate) receipts: Mapping<Cast, Leaf<Receipt>>,
    }

    impl Polls {
        /// A ballot box of these parts.
        ///
        /// # Errors
        /// [`PollError::RankingsFailed`], if the rankings' contract does not answer, or is another ballot box's.
        #[ink(constructor)]
        pub fn new(parts: Parts) -> Result<Self, PollError> {
            let mut polls = Self { parts: Lazy::new(), booths: Mapping::new(), receipts: Mapping::new() };
            polls.parts.set(&Leaf(parts));
            upgrade::mark(STORED);
            calls::granted::<()>(&parts.rankings, &selector_bytes!("Rankings::serve"))
                .ok_or(PollError::RankingsFailed)?;
            Ok(polls)
        }

        fn called_by_governor(&self) -> bool {
            interfaces::polls::Polls::parts(self).governor == self.env().caller()
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
        #[inline(never)]
        fn open(&mut self, poll: ProposalId, terms: PollTerms) -> Result<(), PollError> {
            if !self.called_by_governor() {
                refuse(PollError::NotGovernor);
            }
            if self.booths.contains(poll) {
                refuse(PollError::AlreadyOpened);
            }
            let Parts { registry, ledger, .. } = self.parts();
            let electors = if terms.mechanism == Mechanism::Quadratic { registry } else { ledger };
            let booth = Booth::opened(terms, electors).or_refuse(PollError::BadTerms);
            self.booths.insert(poll, &Leaf(booth));
            self.env().emit_event(PollOpened { poll, terms });
            Ok(())
        }

        #[ink(message)]
        #[inline(never)]
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
            self.cast(poll, self.env().caller(), choice, None);
            Ok(())
        }

        #[ink(message)]
        #[inline(never)]
        fn vote_for(
            &mut self,
            poll: ProposalId,
            voter: AccountId,
            choice: Choice,
            nonce: u32,
        ) -> Result<(), PollError> {
            if self.parts().relay != self.env().caller() {
                refuse(PollError::NotRelay);
            }
            self.cast(poll, voter, choice, Some(nonce));
            Ok(())
        }

        #[ink(message)]
        fn count(&mut self, poll: ProposalId, rankings: u32) -> Result<Standing, PollError> {
            Ok(self.count_page(poll, rankings))
        }

        #[ink(message)]
        fn poll(&self, poll: ProposalId) -> Option<(Poll, Tally)> {
            self.booths.get(poll).map(|Leaf(Booth { poll, tally, .. })| (poll, tally))
        }

        #[ink(message)]
        fn standing(&self, poll: ProposalId) -> Result<Standing, PollError> {
            Ok(self.known(poll).standing(self.env().block_timestamp()))
        }

        #[ink(message)]
        fn receipt(&self, poll: ProposalId, account: AccountId) -> Option<Receipt> {
            self.receipts.get((poll, account)).map(|Leaf(receipt)| receipt)
        }

        #[ink(message)]
        fn parts(&self) -> Parts {
            let Leaf(parts) = self.parts.get().expect("the constructor sets them");
            parts
        }
    }

    impl Upgradable for Polls {
        #[ink(message)]
        fn upgrade(&mut self, code_hash: Hash) -> Result<(), UpgradeError> {
            upgrade::adopt(self.called_by_governor(), code_hash)
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
