//! What is voted in ranked polls: each distinct ranking once, with the power behind it, and the count of all.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![expect(clippy::cast_possible_truncation, reason = "the codec's derive casts the numbers of variants, which are few")]

mod count;
mod store;
#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod rankings {
    use crate::{
        count::Count,
        store::{Chunk, Store, place},
    };
    use ballot::Ranking;
    use ink::{
        prelude::vec::Vec,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, ProposalId,
        rankings::{CountTerms, Counted, Move, RankingsError, RoundCounted},
        refusal::{OrRefuse, refuse},
        upgrade::{self, Stored, Upgradable, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("rankings", 1);

    /// The rankings of all polls. Its root cell is empty: new code may order what is stored anew.
    #[ink(storage)]
    pub struct Rankings {
        /// Who may give it new code.
        governor: Lazy<AccountId>,
        /// For which ballot box they are kept.
        polls: Lazy<AccountId>,
        /// What is voted.
        store: Store,
        /// How far polls are counted.
        counts: Mapping<ProposalId, Leaf<Count>>,
    }

    impl Rankings {
        /// No rankings yet, and a place for those of the first ballot box that asks. `governor` may give it new code.
        #[ink(constructor)]
        pub fn new(governor: AccountId) -> Self {
            let mut rankings =
                Self { governor: Lazy::new(), polls: Lazy::new(), store: Store::default(), counts: Mapping::new() };
            rankings.governor.set(&governor);
            upgrade::mark(STORED);
            rankings
        }

        fn only_polls(&self) {
            if self.polls.get() != Some(self.env().caller()) {
                refuse(RankingsError::NotPolls);
            }
        }

        /// Counts so many further rankings, or as many as are left.
        fn count_on(&self, poll: ProposalId, terms: &CountTerms, count: &mut Count, rankings: u32) -> Counted {
            let (mut read, mut entries) = (None, Chunk::new());
            for _ in 0..rankings {
                let (chunk, at) = place(count.next());
                if read != Some(chunk) {
                    (read, entries) = (Some(chunk), self.store.chunk(poll, chunk));
                }
                let (ranking, power) = entries.get(at).or_refuse(RankingsError::Overflow);
                count.add(ranking.as_slice(), *power).or_refuse(RankingsError::Overflow);
                if count.next() < terms.distinct {
                    continue;
                }
                let (round, first) = count.close(terms).or_refuse(RankingsError::Overflow);
                if let Some(round) = round {
                    self.env().emit_event(RoundCounted { poll, round });
                }
                if let Some(first) = first {
                    return Counted::All(first);
                }
            }
            Counted::Page
        }
    }

    impl interfaces::rankings::Rankings for Rankings {
        #[ink(message)]
        fn serve(&mut self) -> Result<(), RankingsError> {
            if self.polls.get().is_some() {
                return Err(RankingsError::AlreadyServing);
            }
            self.polls.set(&self.env().caller());
            Ok(())
        }

        #[ink(message)]
        fn change(&mut self, poll: ProposalId, distinct: u32, moves: Vec<Move>) -> Result<u32, RankingsError> {
            self.only_polls();
            let mut now = distinct;
            for moved in &moves {
                now = self.store.change(poll, now, moved).or_refuse(RankingsError::Overflow);
            }
            Ok(now)
        }

        #[ink(message)]
        fn count(&mut self, poll: ProposalId, terms: CountTerms, rankings: u32) -> Result<Counted, RankingsError> {
            self.only_polls();
            let begun = self.counts.get(poll).map(|Leaf(count)| count);
            let mut count = begun.or_else(|| Count::new(&terms)).or_refuse(RankingsError::TooManyOptions);
            let counted = self.count_on(poll, &terms, &mut count, rankings);
            match counted {
                Counted::Page => {
                    self.counts.insert(poll, &Leaf(count));
                }
                Counted::All(_) => self.counts.remove(poll),
            }
            Ok(counted)
        }

        #[ink(message)]
        fn chunk(&self, poll: ProposalId, chunk: u32) -> Vec<(Ranking, Balance)> {
            self.store.chunk(poll, chunk)
        }

        #[ink(message)]
        fn polls(&self) -> Option<AccountId> {
            self.polls.get()
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }
    }

    impl Upgradable for Rankings {
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
