//! The governor: proposals from their making to their execution.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod calls;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod governor {
    use crate::calls;
    use ballot::{BasisPoints, Majority, Support};
    use ink::{
        codegen::TraitCallBuilder,
        prelude::vec::Vec,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, Moment, ProposalId,
        governor::{
            Call, GovernorError, PinnedCall, Proposal, ProposalCancelled, ProposalCreated, ProposalExecuted,
            ProposalQueued, ProposalRequest, Receipt, Rules, VoteCast, limits,
        },
        lifecycle::{Progress, State, Terms},
        token::Votes,
    };

    /// Which proposal was voted on, and by whom.
    type Cast = (ProposalId, AccountId);

    /// The governor. What a vote touches stands apart from what it does not.
    #[ink(storage)]
    pub struct Governor {
        /// The token whose holders vote.
        token: AccountId,
        /// How many proposals there are.
        count: ProposalId,
        /// The rules for new proposals.
        rules: Lazy<Leaf<Rules>>,
        /// Every proposal that was made.
        proposals: Mapping<ProposalId, Leaf<Proposal>>,
        /// The count of every proposal.
        tallies: Mapping<ProposalId, Leaf<Majority>>,
        /// Every vote that was cast.
        receipts: Mapping<Cast, Leaf<Receipt>>,
        /// What each proposal does if it passes.
        calls: Mapping<ProposalId, Vec<PinnedCall>>,
    }

    impl Governor {
        /// A governor in which the holders of `token` vote by `rules`.
        ///
        /// # Errors
        /// [`GovernorError::BadRules`].
        #[ink(constructor)]
        pub fn new(token: AccountId, rules: Rules) -> Result<Self, GovernorError> {
            if !usable(&rules) || terms(Self::env().block_timestamp(), &rules).is_err() {
                return Err(GovernorError::BadRules);
            }
            let mut governor = Self {
                token,
                count: 0,
                rules: Lazy::new(),
                proposals: Mapping::new(),
                tallies: Mapping::new(),
                receipts: Mapping::new(),
                calls: Mapping::new(),
            };
            governor.rules.set(&Leaf(rules));
            Ok(governor)
        }

        fn known(&self, proposal: ProposalId) -> Result<Proposal, GovernorError> {
            self.proposals.get(proposal).map(|Leaf(known)| known).ok_or(GovernorError::UnknownProposal)
        }

        fn tally_of(&self, proposal: ProposalId) -> Majority {
            self.tallies.get(proposal).unwrap_or_default().0
        }

        /// The state of a proposal whose facts were read.
        fn state_of(
            &self,
            Proposal { terms, progress, .. }: &Proposal,
            tally: &Majority,
        ) -> Result<State, GovernorError> {
            terms.state(*progress, tally, self.env().block_timestamp(), || self.supply_at(terms.snapshot))
        }

        /// A proposal and its count, if it is in the `wanted` state.
        fn only_in(&self, wanted: State, proposal: ProposalId) -> Result<(Proposal, Majority), GovernorError> {
            let (known, tally) = (self.known(proposal)?, self.tally_of(proposal));
            let state = self.state_of(&known, &tally)?;
            if state == wanted { Ok((known, tally)) } else { Err(GovernorError::WrongState(state)) }
        }

        fn votes_at(&self, account: AccountId, moment: Moment) -> Result<Balance, GovernorError> {
            let token: ink::contract_ref!(Votes) = self.token.into();
            match token.call().votes_at(account, moment).try_invoke() {
                Ok(Ok(power)) => power.map_err(GovernorError::Votes),
                _ => Err(GovernorError::TokenFailed),
            }
        }

        fn supply_at(&self, moment: Moment) -> Result<Balance, GovernorError> {
            let token: ink::contract_ref!(Votes) = self.token.into();
            match token.call().supply_at(moment).try_invoke() {
                Ok(Ok(supply)) => supply.map_err(GovernorError::Votes),
                _ => Err(GovernorError::TokenFailed),
            }
        }

        /// Fixes the code of every call's target.
        fn pin(&self, calls: Vec<Call>) -> Result<Vec<PinnedCall>, GovernorError> {
            let pin = |call: Call| match self.env().code_hash(&call.target) {
                Ok(code_hash) => Ok(PinnedCall { call, code_hash }),
                Err(_) => Err(GovernorError::TargetIsNotContract(call.target)),
            };
            calls.into_iter().map(pin).collect()
        }

        /// Makes one call of a proposal, if its target still runs the code that was voted on.
        fn perform(&self, number: u8, PinnedCall { call, code_hash }: &PinnedCall) -> Result<(), GovernorError> {
            if self.env().code_hash(&call.target).as_ref() != Ok(code_hash) {
                return Err(GovernorError::CodeChanged(call.target));
            }
            if calls::succeeds(call) { Ok(()) } else { Err(GovernorError::CallFailed(number)) }
        }
    }

    impl interfaces::governor::Governor for Governor {
        #[ink(message)]
        fn propose(&mut self, request: ProposalRequest) -> Result<ProposalId, GovernorError> {
            check_limits(&request)?;
            let rules = self.rules();
            let (now, proposer) = (self.env().block_timestamp(), self.env().caller());
            let just_before = now.checked_sub(1).ok_or(GovernorError::Overflow)?;
            if self.votes_at(proposer, just_before)? < rules.proposal_threshold {
                return Err(GovernorError::BelowProposalThreshold);
            }
            let terms = terms(now, &rules)?;
            let calls = self.pin(request.calls)?;
            let proposal = self.count;
            self.count = fits(proposal.checked_add(1))?;
            self.proposals.insert(proposal, &Leaf(Proposal { proposer, terms, progress: Progress::Proposed }));
            self.tallies.insert(proposal, &Leaf::default());
            self.calls.insert(proposal, &calls);
            self.env().emit_event(ProposalCreated {
                proposal,
                proposer,
                title: request.title,
                link: request.link,
                content_hash: request.content_hash,
                calls,
                terms,
            });
            Ok(proposal)
        }

        #[ink(message)]
        fn vote(&mut self, proposal: ProposalId, support: Support) -> Result<(), GovernorError> {
            let (known, mut tally) = self.only_in(State::Active, proposal)?;
            let voter = self.env().caller();
            if self.receipts.contains((proposal, voter)) {
                return Err(GovernorError::AlreadyVoted);
            }
            let power = self.votes_at(voter, known.terms.snapshot)?;
            if power == 0 {
                return Err(GovernorError::NoVotingPower);
            }
            tally.add(support, power).map_err(|_| GovernorError::Overflow)?;
            self.tallies.insert(proposal, &Leaf(tally));
            self.receipts.insert((proposal, voter), &Leaf(Receipt { support, power }));
            self.env().emit_event(VoteCast { proposal, voter, support, power });
            Ok(())
        }

        #[ink(message)]
        fn queue(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            let (known, _) = self.only_in(State::Succeeded, proposal)?;
            let ready_at = fits(self.env().block_timestamp().checked_add(known.terms.execution_delay))?;
            let expires_at = fits(ready_at.checked_add(known.terms.execution_window))?;
            let progress = Progress::Queued { ready_at, expires_at };
            self.proposals.insert(proposal, &Leaf(Proposal { progress, ..known }));
            self.env().emit_event(ProposalQueued { proposal, ready_at, expires_at });
            Ok(())
        }

        #[ink(message)]
        fn execute(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            let (known, _) = self.only_in(State::Queued, proposal)?;
            if matches!(known.progress, Progress::Queued { ready_at, .. } if self.env().block_timestamp() < ready_at) {
                return Err(GovernorError::TooEarly);
            }
            // Before any call, so that whatever a call may lead to finds the proposal executed already.
            self.proposals.insert(proposal, &Leaf(Proposal { progress: Progress::Executed, ..known }));
            for (number, call) in (0..).zip(&self.calls(proposal)) {
                self.perform(number, call)?;
            }
            self.env().emit_event(ProposalExecuted { proposal, executor: self.env().caller() });
            Ok(())
        }

        #[ink(message)]
        fn cancel(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            let (known, _) = self.only_in(State::Pending, proposal)?;
            if known.proposer != self.env().caller() {
                return Err(GovernorError::NotProposer);
            }
            self.proposals.insert(proposal, &Leaf(Proposal { progress: Progress::Cancelled, ..known }));
            self.env().emit_event(ProposalCancelled { proposal });
            Ok(())
        }

        #[ink(message)]
        fn rules(&self) -> Rules {
            let Leaf(rules) = self.rules.get().expect("the constructor sets them");
            rules
        }

        #[ink(message)]
        fn token(&self) -> AccountId {
            self.token
        }

        #[ink(message)]
        fn proposal_count(&self) -> ProposalId {
            self.count
        }

        #[ink(message)]
        fn proposal(&self, proposal: ProposalId) -> Option<Proposal> {
            self.known(proposal).ok()
        }

        #[ink(message)]
        fn calls(&self, proposal: ProposalId) -> Vec<PinnedCall> {
            self.calls.get(proposal).unwrap_or_default()
        }

        #[ink(message)]
        fn tally(&self, proposal: ProposalId) -> Option<Majority> {
            self.tallies.get(proposal).map(|Leaf(tally)| tally)
        }

        #[ink(message)]
        fn state(&self, proposal: ProposalId) -> Result<State, GovernorError> {
            self.state_of(&self.known(proposal)?, &self.tally_of(proposal))
        }

        #[ink(message)]
        fn receipt(&self, proposal: ProposalId, account: AccountId) -> Option<Receipt> {
            self.receipts.get((proposal, account)).map(|Leaf(receipt)| receipt)
        }
    }

    /// Refuses what would not fit into a storage cell or an event.
    fn check_limits(ProposalRequest { title, link, calls, .. }: &ProposalRequest) -> Result<(), GovernorError> {
        if title.is_empty() || title.len() > limits::TITLE {
            return Err(GovernorError::BadTitle);
        }
        if link.len() > limits::LINK {
            return Err(GovernorError::BadLink);
        }
        let input = calls.iter().fold(0_usize, |sum, call| sum.saturating_add(call.input.len()));
        if calls.is_empty() || calls.len() > limits::CALLS || input > limits::INPUT {
            return Err(GovernorError::BadCalls);
        }
        Ok(())
    }

    /// Whether a proposal can pass and be carried out under these rules at all. More than the whole cannot be for it.
    fn usable(rules: &Rules) -> bool {
        rules.voting_period != 0 && rules.execution_window != 0 && rules.approval.get() < BasisPoints::WHOLE
    }

    /// The terms of a proposal made `now`.
    fn terms(now: Moment, rules: &Rules) -> Result<Terms, GovernorError> {
        let snapshot = fits(now.checked_add(rules.voting_delay))?;
        Ok(Terms {
            snapshot,
            voting_ends: fits(snapshot.checked_add(rules.voting_period))?,
            execution_delay: rules.execution_delay,
            execution_window: rules.execution_window,
            quorum: rules.quorum,
            approval: rules.approval,
        })
    }

    /// A sum, if it can be stored.
    fn fits<T>(sum: Option<T>) -> Result<T, GovernorError> {
        sum.ok_or(GovernorError::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use crate::governor::Governor;
    use ballot::{BasisPoints, Support};
    use interfaces::{
        AccountId,
        governor::{Governor as Messages, GovernorError, Rules},
    };

    fn rules() -> Rules {
        let half = BasisPoints::new(5_000).expect("a half is a share");
        Rules {
            proposal_threshold: 1,
            voting_delay: 0,
            voting_period: 1,
            execution_delay: 0,
            execution_window: 1,
            quorum: half,
            approval: half,
        }
    }

    #[ink::test]
    fn it_keeps_the_token_and_the_rules_it_was_given() {
        let token = AccountId::from([1; 32]);
        let governor = Governor::new(token, rules()).expect("the rules can be used");
        assert_eq!((governor.token(), governor.rules(), governor.proposal_count()), (token, rules(), 0));
    }

    #[ink::test]
    fn rules_under_which_nothing_can_pass_are_refused() {
        let all = BasisPoints::new(BasisPoints::WHOLE).expect("the whole is a share");
        for bad in [
            Rules { voting_period: 0, ..rules() },
            Rules { execution_window: 0, ..rules() },
            Rules { approval: all, ..rules() },
            Rules { voting_delay: u64::MAX, ..rules() },
        ] {
            let refused = Governor::new(AccountId::from([1; 32]), bad).err();
            assert_eq!(refused, Some(GovernorError::BadRules));
        }
    }

    #[ink::test]
    fn what_was_never_proposed_is_unknown() {
        let mut governor = Governor::new(AccountId::from([1; 32]), rules()).expect("the rules can be used");
        assert_eq!(governor.vote(0, Support::For), Err(GovernorError::UnknownProposal));
        assert_eq!(governor.execute(7), Err(GovernorError::UnknownProposal));
        assert_eq!((governor.proposal(0), governor.tally(0), governor.calls(0)), (None, None, vec![]));
    }
}
