//! Messages of the contract that keeps the rankings.

use super::messages;
use ballot::Ranking;
use interfaces::{AccountId, Balance, ProposalId};

messages!(Rankings {
    /// A chunk of a poll's distinct rankings.
    chunk(poll: ProposalId, chunk: u32) -> Vec<(Ranking, Balance)>;
    /// The ballot box that they are kept for.
    polls() -> Option<AccountId>;
    /// Who may give the contract new code.
    governor() -> AccountId;
});
