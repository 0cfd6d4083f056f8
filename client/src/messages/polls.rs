//! Messages of the ballot box.

use super::messages;
use ballot::{Choice, Tally};
use interfaces::{
    AccountId, ProposalId,
    polls::{Parts, Poll, PollError, Receipt, Standing},
};

type Outcome<T> = Result<T, PollError>;

messages!(Polls {
    /// Casts or changes the sender's vote.
    vote(poll: ProposalId, choice: &Choice) -> Outcome<()>;
    /// Counts so many further rankings.
    count(poll: ProposalId, rankings: u32) -> Outcome<Standing>;
    /// A poll, and its count so far.
    poll(poll: ProposalId) -> Option<(Poll, Tally)>;
    /// Where a poll stands.
    standing(poll: ProposalId) -> Outcome<Standing>;
    /// What an account did in a poll.
    receipt(poll: ProposalId, account: AccountId) -> Option<Receipt>;
    /// Whom it follows and asks.
    parts() -> Parts;
});
