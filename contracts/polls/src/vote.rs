//! Casting a vote.

use crate::{booth::Booth, electors, polls::Polls};
use ballot::{Choice, Mechanism, OptionId, Power, Tally, Way};
use ink::{codegen::Env, prelude::vec::Vec};
use interfaces::{
    AccountId, Leaf, ProposalId,
    polls::{ElectorateFixed, IdentityVoted, PollError, QuorumReached, Receipt, Standing, VoteCast, VoteOverridden},
    rankings::Move,
    refusal::{OrRefuse, refuse},
    registry::Bought,
};

/// What of a count changes, besides the tally: the power behind rankings.
type Moves = Vec<Move>;

// A chain compiles a function when it is first called, and charges for its bytes: what most votes do not need is kept out
// of what they run, here and in the other modules, by `#[inline(never)]`.
impl Polls {
    /// Casts `voter`'s vote, or changes it. With a nonce, only if that is how many times the voter has voted before.
    pub(crate) fn cast(&mut self, poll: ProposalId, voter: AccountId, choice: Choice, nonce: Option<u32>) {
        let (mut booth, now) = (self.known(poll), self.env().block_timestamp());
        booth.only(Standing::Open, now);
        let terms = booth.poll.terms;
        if let Err(invalid) = choice.check(terms.mechanism, terms.options) {
            refuse(PollError::BadChoice(invalid));
        }
        let mut receipt = self.receipt_of(poll, voter);
        if nonce.is_some_and(|nonce| nonce != receipt.casts) {
            refuse(PollError::WrongNonce);
        }
        let before = receipt.choice.take();
        if before.is_some() && booth.poll.is_frozen(now) {
            refuse(PollError::Frozen);
        }
        self.fix_electorate(poll, &mut booth);
        if terms.mechanism == Mechanism::Quadratic {
            self.spend(poll, &mut booth, voter, &before, &choice);
        } else {
            let mut moves = Moves::new();
            match &before {
                Some(before) => recount(&mut booth.tally, &mut moves, before, Way::Out, receipt.power),
                None => receipt.power = self.claim(poll, &mut booth, &mut moves, voter, receipt.overridden),
            }
            if receipt.power == 0 {
                refuse(PollError::NoVotingPower);
            }
            recount(&mut booth.tally, &mut moves, &choice, Way::In, receipt.power);
            if let Tally::Rankings(tally) = &mut booth.tally {
                tally.distinct = self.move_power(poll, tally.distinct, moves);
            }
        }
        receipt.choice = Some(choice);
        receipt.casts = receipt.casts.checked_add(1).or_refuse(PollError::Overflow);
        let kept = Leaf(receipt);
        self.receipts.insert((poll, voter), &kept);
        if let Leaf(Receipt { choice: Some(choice), power, .. }) = kept {
            self.env().emit_event(VoteCast { poll, voter, choice, power });
        }
        if let Some(closes) = booth.reach_quorum(now) {
            self.env().emit_event(QuorumReached { poll, closes });
        }
        self.booths.insert(poll, &Leaf(booth));
    }

    /// Learns how many could vote, with the first vote: no earlier, for the snapshot must be past.
    #[inline(never)]
    fn fix_electorate(&self, poll: ProposalId, booth: &mut Booth) {
        if booth.poll.electorate.is_none() {
            let snapshot = booth.poll.terms.snapshot;
            let electorate = match booth.poll.terms.mechanism {
                Mechanism::Quadratic => electors::population(&booth.electors, snapshot),
                _ => electors::supply(&booth.electors, snapshot),
            };
            booth.poll.electorate = Some(electorate);
            self.env().emit_event(ElectorateFixed { poll, electorate });
        }
    }

    /// Buys votes with the credits of the person to whom the wallet belongs.
    #[inline(never)]
    fn spend(&self, poll: ProposalId, booth: &mut Booth, voter: AccountId, old: &Option<Choice>, new: &Choice) {
        let old = old.as_ref().map_or(&[][..], votes);
        let bought = electors::buy(&booth.electors, poll, &booth.poll.terms, voter, old, votes(new));
        let Bought { identity, before, after } = bought;
        booth.tally.replace_identity(&before, &after).or_refuse(PollError::Overflow);
        self.env().emit_event(IdentityVoted { poll, identity, cost: after.cost(), votes: after });
    }

    /// All the voter's power: the representatives' votes shrink by what was delegated to them.
    fn claim(
        &mut self,
        poll: ProposalId,
        booth: &mut Booth,
        moves: &mut Moves,
        voter: AccountId,
        overridden: Power,
    ) -> Power {
        let standing = electors::standing(&booth.electors, voter, booth.poll.terms.snapshot);
        let mut power = moved(Way::Out, standing.power, overridden);
        for (representative, part) in standing.away {
            if part != 0 {
                power = moved(Way::In, power, part);
                self.shrink(poll, &mut booth.tally, moves, representative, part);
                self.env().emit_event(VoteOverridden { poll, representative, holder: voter, power: part });
            }
        }
        power
    }

    /// Shrinks a representative's vote, cast or to come.
    #[inline(never)]
    fn shrink(
        &mut self,
        poll: ProposalId,
        tally: &mut Tally,
        moves: &mut Moves,
        representative: AccountId,
        part: Power,
    ) {
        let mut receipt = self.receipt_of(poll, representative);
        receipt.overridden = moved(Way::In, receipt.overridden, part);
        if let Some(choice) = &receipt.choice {
            let left = moved(Way::Out, receipt.power, part);
            if matches!(choice, Choice::Weighted(_)) {
                // Its shares are rounded, so those of the part are not what the vote loses.
                recount(tally, moves, choice, Way::Out, receipt.power);
                recount(tally, moves, choice, Way::In, left);
            } else {
                recount(tally, moves, choice, Way::Out, part);
            }
            receipt.power = left;
        }
        self.receipts.insert((poll, representative), &Leaf(receipt));
    }
}

/// What a sum is after a part moved.
fn moved(way: Way, sum: Power, part: Power) -> Power {
    way.apply(sum, part).or_refuse(PollError::Overflow)
}

/// Counts a choice in, or out.
fn recount(tally: &mut Tally, moves: &mut Moves, choice: &Choice, way: Way, power: Power) {
    tally.shift(way, choice, power).or_refuse(PollError::Overflow);
    if let Choice::Ranked(ranking) = choice {
        moves.push(Move { way, ranking: ranking.clone(), power });
    }
}

/// The votes that a wallet's choice in a quadratic poll buys.
fn votes(choice: &Choice) -> &[(OptionId, u32)] {
    match choice {
        Choice::Quadratic(votes) => votes,
        _ => &[],
    }
}
