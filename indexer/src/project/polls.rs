//! Votes, and their count.

use super::{Origin, Proposals, Table, Voting};
use crate::decode::{PollEvent, RankingsEvent};
use ballot::{Choice, Ranking, Tally, TallyError, irv::Round, quadratic::IdentityVotes};
use interfaces::{
    AccountId, Balance, Moment, ProposalId,
    polls::{IdentityVoted, Stage, VoteCast, VoteOverridden},
    rankings::RoundCounted,
    registry::IdentityId,
};

/// The votes that a batch is about.
#[derive(Debug, Default)]
pub struct Votes {
    /// The vote of each account, as it stands.
    pub votes: Table<(ProposalId, AccountId), Vote>,
    /// The power behind each distinct ranking.
    pub rankings: Table<(ProposalId, Ranking), Balance>,
    /// What all wallets of an identity vote together.
    pub identities: Table<(ProposalId, IdentityId), IdentityVotes>,
    /// New overrides.
    pub overrides: Vec<OverrideRow>,
    /// New rounds of counts.
    pub rounds: Vec<RoundRow>,
}

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// What it says.
    pub choice: Choice,
    /// The power it counts with now; 0 in a quadratic vote.
    pub power: Balance,
    /// How often its voter changed it.
    pub changes: u64,
    /// Where its voter last cast or changed it.
    pub origin: Origin,
}

/// A holder voted with power that was delegated away.
#[derive(Debug)]
pub struct OverrideRow {
    pub origin: Origin,
    pub proposal: ProposalId,
    pub representative: AccountId,
    pub holder: AccountId,
    pub power: Balance,
}

/// A round was counted.
#[derive(Debug)]
pub struct RoundRow {
    pub proposal: ProposalId,
    pub round: Round,
    pub moment: Moment,
}

impl Votes {
    /// What was known before a batch.
    pub fn known(
        votes: Table<(ProposalId, AccountId), Vote>,
        rankings: Table<(ProposalId, Ranking), Balance>,
        identities: Table<(ProposalId, IdentityId), IdentityVotes>,
    ) -> Self {
        Self { votes, rankings, identities, ..Self::default() }
    }

    /// What follows from an event of the ballot box.
    pub(super) fn apply(&mut self, origin: Origin, event: PollEvent, proposals: &mut Proposals) -> Result<(), String> {
        use PollEvent as E;
        // The proposal's own event says the same, and may come later.
        if let E::PollOpened(_) = event {
            return Ok(());
        }
        let (moment, voting) = (origin.moment, proposals.voting(event.poll())?);
        match event {
            E::PollOpened(_) => {}
            E::VoteCast(event) => return self.cast(origin, event, voting),
            E::VoteOverridden(event) => return self.overridden(origin, event, voting),
            E::IdentityVoted(event) => return self.identity_voted(event, voting),
            E::ElectorateFixed(event) => voting.poll.electorate = Some(event.electorate),
            E::QuorumReached(event) => {
                (voting.poll.quorum_reached, voting.poll.closes) = (true, event.closes);
                voting.quorum_reached = Some(moment);
            }
            E::PollCounted(event) => voting.poll.stage = Stage::Counted { winner: event.winner, at: moment },
            E::PollStopped(_) => (voting.poll.stage, voting.stopped) = (Stage::Stopped, Some(moment)),
        }
        Ok(())
    }

    /// What follows from an event of the rankings.
    pub(super) fn counted(
        &mut self,
        origin: Origin,
        event: RankingsEvent,
        proposals: &mut Proposals,
    ) -> Result<(), String> {
        let RankingsEvent::RoundCounted(RoundCounted { poll, round }) = event;
        proposals.voting(poll)?;
        self.rounds.push(RoundRow { proposal: poll, round, moment: origin.moment });
        Ok(())
    }

    fn cast(&mut self, origin: Origin, event: VoteCast, voting: &mut Voting) -> Result<(), String> {
        let VoteCast { poll, voter, choice, power } = event;
        let before = self.votes.get(&(poll, voter)).cloned();
        if let Some(Vote { choice, power, .. }) = &before {
            self.count(poll, &mut voting.tally, choice, *power, 0)?;
        } else {
            voting.voters = voting.voters.saturating_add(1);
        }
        self.count(poll, &mut voting.tally, &choice, 0, power)?;
        let changes = before.map_or(0, |before| before.changes.saturating_add(1));
        self.votes.put((poll, voter), Vote { choice, power, changes, origin });
        Ok(())
    }

    fn overridden(&mut self, origin: Origin, event: VoteOverridden, voting: &mut Voting) -> Result<(), String> {
        let VoteOverridden { poll, representative, holder, power } = event;
        // A vote that is yet to come will count with less from the start.
        if let Some(vote) = self.votes.get(&(poll, representative)).cloned() {
            let left = vote.power.checked_sub(power).ok_or("a vote lost more power than it had")?;
            self.count(poll, &mut voting.tally, &vote.choice, vote.power, left)?;
            self.votes.put((poll, representative), Vote { power: left, ..vote });
        }
        self.overrides.push(OverrideRow { origin, proposal: poll, representative, holder, power });
        Ok(())
    }

    fn identity_voted(&mut self, event: IdentityVoted, voting: &mut Voting) -> Result<(), String> {
        let IdentityVoted { poll, identity, votes, cost: _ } = event;
        let before = self.identities.get(&(poll, identity)).cloned().unwrap_or_default();
        voting.tally.replace_identity(&before, &votes).map_err(sentence)?;
        self.identities.put((poll, identity), votes);
        Ok(())
    }

    /// Lets a ballot count with other power than before; 0 is none.
    fn count(
        &mut self,
        poll: ProposalId,
        tally: &mut Tally,
        choice: &Choice,
        before: Balance,
        after: Balance,
    ) -> Result<(), String> {
        if let Choice::Quadratic(_) = choice {
            // Not wallets are counted, but identities.
            return Ok(());
        }
        // A weighted vote's parts are rounded, so that no difference can be put in or taken out.
        if before > 0 {
            tally.remove(choice, before).map_err(sentence)?;
        }
        if after > 0 {
            tally.add(choice, after).map_err(sentence)?;
        }
        if let (Tally::Rankings(tally), Choice::Ranked(ranking)) = (tally, choice) {
            tally.distinct = self.weigh((poll, ranking.clone()), tally.distinct, before, after)?;
        }
        Ok(())
    }

    /// Puts other power behind a ranking than before. Returns how many distinct ones there are now.
    fn weigh(
        &mut self,
        ranking: (ProposalId, Ranking),
        distinct: u32,
        before: Balance,
        after: Balance,
    ) -> Result<u32, String> {
        let weight = self.rankings.get(&ranking).copied().unwrap_or_default();
        let weighed = weight.checked_sub(before).and_then(|rest| rest.checked_add(after));
        match (weight, weighed.ok_or("a ranking's power would be less than 0, or more than can be counted")?) {
            (0, 0) => Ok(distinct),
            (_, 0) => {
                self.rankings.remove(ranking);
                distinct.checked_sub(1).ok_or_else(|| "there are fewer rankings than went".to_owned())
            }
            (weight, weighed) => {
                self.rankings.put(ranking, weighed);
                Ok(distinct.saturating_add((weight == 0).into()))
            }
        }
    }
}

fn sentence(error: TallyError) -> String {
    error.to_string()
}
