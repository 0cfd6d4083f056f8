//! What is voted in ranked polls: each distinct ranking once, with the power behind it, and the count of all.
//!
//! A contract apart from the ballot box, for only ranked polls need it, and every byte of code that the ballot box has is
//! paid for with each vote.

use crate::{AccountId, Balance, ProposalId};
use ballot::{
    BasisPoints, Mechanism, OptionId, Ranking, Way,
    irv::{Round, Rules},
};
use ink::prelude::vec::Vec;

/// By which rules an instant runoff is counted.
pub const RUNOFF: Rules = Rules { batch: true, first_out: None };

/// Distinct rankings that share a storage cell.
pub const CHUNK: u32 = 32;

/// Why the rankings' contract refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum RankingsError {
    /// The caller is not the ballot box.
    NotPolls,
    /// They are kept for another ballot box already.
    AlreadyServing,
    /// There are more options than can be counted.
    TooManyOptions,
    /// A number or sum is beyond what can be stored, or more is taken away than there is.
    Overflow,
}

/// Power that is put behind a ranking, or taken from behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Move {
    /// Which way.
    pub way: Way,
    /// Which ranking.
    pub ranking: Ranking,
    /// How much.
    pub power: Balance,
}

/// What is to be counted, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct CountTerms {
    /// Condorcet's or, for any other, an instant runoff.
    pub mechanism: Mechanism,
    /// How many options there are.
    pub options: u8,
    /// Share of those who took a side that a side of a duel must exceed.
    pub approval: BasisPoints,
    /// How many distinct rankings there are.
    pub distinct: u32,
}

/// How far a count came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Counted {
    /// Not to the end: there is another page.
    Page,
    /// To the end: which option is first, if one is.
    All(Option<OptionId>),
}

/// What the ballot box tells the rankings' contract, and everybody can ask it.
#[ink::trait_definition]
pub trait Rankings {
    /// Keeps rankings for the caller from now on, and for nobody else ever. The ballot box asks for it in its
    /// constructor.
    #[ink(message)]
    fn serve(&mut self) -> Result<(), RankingsError>;

    /// Moves power in a poll that has so many distinct rankings. Answers how many it has then. Only the ballot box may.
    #[ink(message)]
    fn change(&mut self, poll: ProposalId, distinct: u32, moves: Vec<Move>) -> Result<u32, RankingsError>;

    /// Counts at most so many further rankings, through as many rounds as they are enough for. Only the ballot box may.
    #[ink(message)]
    fn count(&mut self, poll: ProposalId, terms: CountTerms, rankings: u32) -> Result<Counted, RankingsError>;

    /// The distinct rankings from number `chunk` times [`CHUNK`] on, at most that many, each with the power behind it.
    #[ink(message)]
    fn chunk(&self, poll: ProposalId, chunk: u32) -> Vec<(Ranking, Balance)>;

    /// The ballot box that they are kept for; nobody's until one asked.
    #[ink(message)]
    fn polls(&self) -> Option<AccountId>;

    /// Who may give the contract new code.
    #[ink(message)]
    fn governor(&self) -> AccountId;
}

/// A round of an instant runoff was counted.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundCounted {
    /// Of which poll.
    #[ink(topic)]
    pub poll: ProposalId,
    /// What it showed.
    pub round: Round,
}
