//! Messages of the ballot box.

use super::messages;
use ballot::{Choice, Tally};
use interfaces::{
    AccountId, ProposalId,
    polls::{Parts, Poll, PollError, Receipt, SignedVote, Standing},
    signed::Signature,
};

type Outcome<T> = Result<T, PollError>;

messages!(Polls {
    /// Casts or changes the sender's vote.
    vote(poll: ProposalId, choice: &Choice) -> Outcome<()>;
    /// Casts or changes the vote of whoever signed it.
    vote_signed(vote: &SignedVote, signature: &Signature) -> Outcome<()>;
    /// Counts so many further rankings.
    count(poll: ProposalId, rankings: u32) -> Outcome<Standing>;
    /// A poll.
    poll(poll: ProposalId) -> Option<Poll>;
    /// Where a poll stands.
    standing(poll: ProposalId) -> Outcome<Standing>;
    /// A poll's count so far.
    tally(poll: ProposalId) -> Option<Tally>;
    /// What an account did in a poll.
    receipt(poll: ProposalId, account: AccountId) -> Option<Receipt>;
    /// Whom it follows and asks.
    parts() -> Parts;
});
