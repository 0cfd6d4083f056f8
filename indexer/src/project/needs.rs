//! What must be known of the past.

use super::{Block, RegistryNeeds, SettingsNeeds};
use crate::decode::{ContractEvent, PollEvent, RankingsEvent, TokenEvent, TreasuryEvent, moves};
use ballot::{Choice, Ranking};
use interfaces::{
    AccountId, Moment, ProposalId,
    polls::{IdentityVoted, VoteCast, VoteOverridden},
    registry::IdentityId,
    token::{DelegationChanged, Transfer},
    treasury::{Asset, Category, EscrowId, StreamId},
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
    /// Categories whose budgets are set or spent.
    pub categories: BTreeSet<Category>,
    /// Escrows that something happens to, with their milestones.
    pub escrows: BTreeSet<EscrowId>,
    /// Streams that something happens to.
    pub streams: BTreeSet<StreamId>,
    /// Assets that come to the treasury or leave it; the native currency always can.
    pub assets: BTreeSet<Asset>,
    /// What governance tells the systems.
    pub settings: SettingsNeeds,
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
        needs.assets.insert(Asset::Native);
        for block in batch {
            for event in &block.events {
                let Ok(meaning) = &event.meaning else { continue };
                needs.add(meaning);
                needs.add_tokens(&event.contract, &block.treasury, meaning);
            }
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
            E::Treasury(event) => self.add_treasury(event),
            E::Settings(event) => self.settings.add(event),
            E::Token(TokenEvent::Approval(_)) | E::Governor(_) | E::Foreign(_) | E::Upgraded(_) => {}
        }
    }

    /// Tokens that come to the treasury or leave it.
    fn add_tokens(&mut self, token: &AccountId, treasury: &AccountId, event: &ContractEvent) {
        let (ContractEvent::Token(TokenEvent::Transfer(transfer)) | ContractEvent::Foreign(transfer)) = event else {
            return;
        };
        if moves(transfer, treasury) {
            self.assets.insert(Asset::Token(*token));
        }
    }

    fn add_treasury(&mut self, event: &TreasuryEvent) {
        use TreasuryEvent as E;
        match event {
            E::Paid(event) => {
                self.categories.insert(event.category);
                self.assets.insert(event.asset);
            }
            E::BudgetSet(event) => {
                self.categories.insert(event.category);
                self.assets.insert(event.budget.asset);
            }
            E::EscrowOpened(event) => {
                self.categories.insert(event.category);
                self.escrows.insert(event.escrow);
                self.assets.insert(event.asset);
            }
            E::StreamOpened(event) => {
                self.categories.insert(event.category);
                self.streams.insert(event.stream);
                self.assets.insert(event.asset);
            }
            E::Released(event) => self.add_escrow(event.escrow, event.asset),
            E::Lapsed(event) => self.add_escrow(event.escrow, event.asset),
            E::ClawedBack(event) => self.add_escrow(event.escrow, event.asset),
            E::SignerApproved(event) => {
                self.escrows.insert(event.escrow);
            }
            E::ApprovalWithdrawn(event) => {
                self.escrows.insert(event.escrow);
            }
            E::StreamClaimed(event) => self.add_stream(event.stream, event.asset),
            E::StreamStopped(event) => self.add_stream(event.stream, event.asset),
            E::Deposited(_) | E::SignersSet(_) | E::Paused(_) | E::Unpaused(_) => {}
        }
    }

    fn add_escrow(&mut self, escrow: EscrowId, asset: Asset) {
        self.escrows.insert(escrow);
        self.assets.insert(asset);
    }

    fn add_stream(&mut self, stream: StreamId, asset: Asset) {
        self.streams.insert(stream);
        self.assets.insert(asset);
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
