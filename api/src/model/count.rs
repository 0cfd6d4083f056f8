//! What a vote was counted in.

use super::{Amount, Hash, OptionVotes, Time};
use ballot::{OptionId, Ranking};
use interfaces::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A round of an instant runoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Round {
    /// Its number.
    pub round: u32,
    /// Power behind each option that was still in.
    pub tallies: Vec<RoundTally>,
    /// Power of the ballots that ranked none of these.
    pub exhausted: Amount,
    /// Options that went out at its end; none in the last round.
    #[schema(value_type = Vec<u8>)]
    pub eliminated: Vec<OptionId>,
    /// The option that won; null but in the last round.
    #[schema(required = true, value_type = Option<u8>)]
    pub elected: Option<OptionId>,
    /// What told those apart that could have gone out; null if nothing had to.
    #[schema(required = true)]
    pub tie_break: Option<TieBreak>,
    /// When it was counted.
    pub time: Time,
    /// When it was counted, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// Power behind an option in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoundTally {
    /// Which option.
    #[schema(value_type = u8)]
    pub option: OptionId,
    /// How much.
    pub votes: Amount,
}

/// What tells options with equal votes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// The latest earlier round in which they differed.
    EarlierRound,
    /// Their numbers: the higher one goes out.
    Index,
}

/// What all wallets of an identity vote together in a quadratic vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IdentityVotes {
    /// Whose.
    pub identity: Hash,
    /// Their votes per option.
    pub votes: Vec<OptionVotes>,
    /// How many of its voice credits they cost.
    pub cost: u64,
}

/// Power behind a ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RankingTally {
    /// The options in order of preference.
    #[schema(value_type = Vec<u8>)]
    pub ranking: Ranking,
    /// How much.
    pub power: Amount,
}
