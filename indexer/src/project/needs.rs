//! What must be known of the past.

use super::{Block, RegistryNeeds};
use crate::decode::{ContractEvent, PollEvent, RankingsEvent, TokenEvent};
use ballot::{Choice, Ranking};
use interfaces::{
    AccountId, Moment, ProposalId,
    polls::{IdentityVoted, VoteCast, VoteOverridden},
    registry::IdentityId,
    token::{DelegationChanged, Transfer},
};
use std::collections::BTreeSet;

/// What must be known of the past to project a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Accounts whose tokens or power change, with their delegations and those whom these name.
    pub accounts: BTreeSet<AccountId>,
    /// Proposals that something happens to.
    pub proposals: BTreeSet<ProposalId>,
    /// Votes that are changed or shrink.
    pub votes: BTreeSet<(ProposalId, AccountId)>,
    /// Rankings that are voted; those of `votes`, too.
    pub rankings: BTreeSet<(ProposalId, Ranking)>,
    /// Identities that vote.
    pub identities: BTreeSet<(ProposalId, IdentityId)>,
    /// What the registry's events are about.
    pub registry: RegistryNeeds,
    /// What is due by this moment, time happens to: delegations and proposals.
    pub until: Moment,
}

impl Needs {
    /// What `batch` needs.
    pub fn of(batch: &[Block]) -> Self {
        // Moments never decrease.
        let mut needs = Self { until: batch.last().map_or(0, |block| block.moment), ..Self::default() };
        for event in batch.iter().flat_map(|block| &block.events).filter_map(|event| event.meaning.as_ref().ok()) {
            needs.add(event);
        }
        needs
    }

    fn add(&mut self, event: &ContractEvent) {
        use ContractEvent as E;
        match event {
            E::Token(TokenEvent::Transfer(Transfer { from, to, .. })) => self.accounts.extend(from.iter().chain(to)),
            E::Token(TokenEvent::DelegationChanged(DelegationChanged { delegator, shares, .. })) => {
                self.accounts.extend(shares.iter().map(|share| &share.to).chain([delegator]));
            }
            // Should not be there yet if it is new; asked for so that a second one of the same number shows.
            E::Proposal(event) => {
                self.proposals.insert(event.proposal());
            }
            E::Poll(event) => {
                self.proposals.insert(event.poll());
                self.add_vote(event);
            }
            E::Rankings(RankingsEvent::RoundCounted(event)) => {
                self.proposals.insert(event.poll);
            }
            E::Registry(event) => self.registry.add(event),
            E::Token(TokenEvent::Approval(_)) | E::Governor(_) | E::Treasury(_) | E::Settings(_) | E::Upgraded(_) => {}
        }
    }

    fn add_vote(&mut self, event: &PollEvent) {
        match event {
            PollEvent::VoteCast(VoteCast { poll, voter, choice, .. }) => {
                self.votes.insert((*poll, *voter));
                if let Choice::Ranked(ranking) = choice {
                    self.rankings.insert((*poll, ranking.clone()));
                }
            }
            PollEvent::VoteOverridden(VoteOverridden { poll, representative, .. }) => {
                self.votes.insert((*poll, *representative));
            }
            PollEvent::IdentityVoted(IdentityVoted { poll, identity, .. }) => {
                self.identities.insert((*poll, *identity));
            }
            _ => {}
        }
    }
}
