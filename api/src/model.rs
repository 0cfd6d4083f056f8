//! What the API answers, for those who write it and for those who read it.

use crate::account::Account;
use ballot::Support;
use interfaces::{Millis, Moment, ProposalId, lifecycle::State};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// One thing, at a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer<T> {
    /// The thing.
    pub data: T,
    /// The block whose state this is.
    pub block: Block,
}

/// A part of a list, at a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub data: Vec<T>,
    /// What to send as `cursor` for the rows after these; null after the last ones.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    /// The block whose state this is.
    pub block: Block,
}

/// The block that an answer stands at. Everything in the answer is as it was when this block was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Block {
    /// Its height.
    pub height: u64,
    /// Its hash.
    pub hash: Hash,
    /// Its timestamp.
    pub time: Time,
    /// Its timestamp in milliseconds since the Unix epoch: the contracts' clock.
    #[schema(value_type = u64)]
    pub moment: Moment,
    /// Whether the chain can still take it back.
    pub finality: Finality,
}

/// Whether the chain can still take a block back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finality {
    /// It cannot.
    Finalized,
    /// It can.
    Provisional,
}

/// A moment of the contracts' clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Instant {
    /// The moment as a time.
    pub time: Time,
    /// The moment, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

impl From<Moment> for Instant {
    fn from(moment: Moment) -> Self {
        Self { time: Time::from_moment(moment), moment }
    }
}

/// What is mirrored, and how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The chain.
    pub chain: Chain,
    /// The contracts.
    pub contracts: Contracts,
    /// The chain's finalised head as the indexer last saw it; null if it has not seen one.
    #[schema(required = true)]
    pub head: Option<Head>,
    /// How many blocks the mirror is behind that head; null without one.
    #[schema(required = true)]
    pub lag_blocks: Option<u64>,
}

/// A chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chain {
    /// The name it gives itself.
    pub name: String,
    /// Hash of its first block: what it really is.
    pub genesis_hash: Hash,
}

/// The accounts of the contracts that are mirrored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contracts {
    /// The governance token.
    pub token: Account,
    /// The governor.
    pub governor: Account,
    /// The treasury.
    pub treasury: Account,
}

/// A chain's finalised head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// Its height.
    pub height: u64,
    /// When the indexer saw it, by the database's clock.
    pub observed_at: Time,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// Its number.
    #[schema(value_type = u32)]
    pub id: ProposalId,
    /// Who proposed it.
    pub proposer: Account,
    /// What is proposed, in one line.
    pub title: String,
    /// Where it is discussed; may be empty.
    pub link: String,
    /// BLAKE2b-256 of its full text.
    pub content_hash: Hash,
    /// Its state at the block.
    #[schema(value_type = StateName)]
    pub state: State,
    /// The moment whose voting power counts; voting is open after it.
    pub snapshot: Instant,
    /// The last moment of voting.
    pub voting_ends: Instant,
    /// Milliseconds from queueing to the first moment of execution.
    #[schema(value_type = u64)]
    pub execution_delay_ms: Millis,
    /// Milliseconds in which it can be queued after voting, and executed after its delay.
    #[schema(value_type = u64)]
    pub execution_window_ms: Millis,
    /// Share of the supply at the snapshot that must vote for or abstain, in basis points.
    #[schema(minimum = 0, maximum = 10_000)]
    pub quorum_bps: u16,
    /// Share of for and against together that for must exceed, in basis points.
    #[schema(minimum = 0, maximum = 10_000)]
    pub approval_bps: u16,
    /// Voting power per answer.
    pub votes: VoteCounts,
    /// How many accounts have voted.
    pub voters: u64,
    /// How far its quorum is reached.
    pub quorum: Quorum,
    /// What it does if it passes.
    pub calls: Vec<Call>,
    /// When it was made.
    pub created: Created,
    /// When it was queued, and what follows from that; null if it was not.
    #[schema(required = true)]
    pub queued: Option<Queued>,
    /// When it was executed, and by whom; null if it was not.
    #[schema(required = true)]
    pub executed: Option<Executed>,
    /// When it was taken back; null if it was not.
    #[schema(required = true)]
    pub cancelled_at: Option<Instant>,
}

/// Voting power per answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoteCounts {
    /// Power that voted for.
    #[serde(rename = "for")]
    pub in_favour: Amount,
    /// Power that voted against.
    pub against: Amount,
    /// Power that abstained.
    pub abstain: Amount,
}

/// How far a quorum is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quorum {
    /// The power that must vote for or abstain; null until the snapshot is past and the supply then is known.
    #[schema(required = true)]
    pub required: Option<Amount>,
    /// Whether it is reached; false while it is not known what is required.
    pub reached: bool,
}

/// A call that a proposal makes when it is executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// The contract to call.
    pub target: Account,
    /// The message to call.
    pub selector: Selector,
    /// Its SCALE-encoded arguments.
    pub input: Bytes,
    /// Native currency sent along.
    pub value: Amount,
    /// The code that the target ran when this was proposed; with other code the call is refused.
    pub code_hash: Hash,
}

/// The making of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Created {
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
    /// In which block.
    pub height: u64,
}

/// The queueing of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queued {
    /// When.
    pub at: Instant,
    /// First moment at which the proposal can be executed.
    pub ready_at: Instant,
    /// Last moment at which it can be.
    pub expires_at: Instant,
}

/// The execution of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Executed {
    /// When.
    pub at: Instant,
    /// Who sent it.
    pub executor: Account,
}

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Vote {
    /// On which proposal.
    #[schema(value_type = u32)]
    pub proposal: ProposalId,
    /// By whom.
    pub voter: Account,
    /// What.
    #[schema(value_type = SupportName)]
    pub support: Support,
    /// With how much power.
    pub power: Amount,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// An account of the governance token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holder {
    /// The account.
    pub account: Account,
    /// What it holds.
    pub balance: Amount,
    /// What its vote would weigh.
    pub power: Amount,
}

/// The treasury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Treasury {
    /// Its account.
    pub account: Account,
    /// The native currency it holds; null while none was ever recorded.
    #[schema(required = true)]
    pub balance: Option<Amount>,
}

/// Currency that came to the treasury by message, or left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Movement {
    /// In which direction.
    pub kind: MovementKind,
    /// The depositor or the payee.
    pub account: Account,
    /// How much.
    pub amount: Amount,
    /// The proposal whose execution made a payment; null for a deposit.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// Direction of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Into the treasury, by message. A plain transfer makes no event and is seen in the balance only.
    Deposit,
    /// Out of the treasury.
    Payment,
}

/// The process answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: String,
}

/// The API can answer from the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// Always true; otherwise the answer is a problem.
    pub ready: bool,
}

/// Why a request was refused or failed (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What kind of problem; a name that never changes.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This problem in words.
    pub detail: String,
    /// What is wrong with which part of the request; absent if no part is at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with a part of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// The parameter.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}

/// Writes the text of `Display` and reads it back with `FromStr`.
macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

serde_as_text!(Amount, Hash, Selector, Bytes, Time);

/// A text is not of the form it should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {0}")]
pub struct Malformed(&'static str);

/// An amount in base units, as a decimal string: JSON's numbers are too short for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^(0|[1-9][0-9]{0,38})$", examples("1000000000000"))]
pub struct Amount(pub u128);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Amount {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = Malformed("a whole number of base units below 2^128, in decimal digits");
        // The standard parser also takes a sign and leading zeros, and then one amount would have several texts.
        let canonical = text == "0" || text.starts_with(|first: char| matches!(first, '1'..='9'));
        if !canonical {
            return Err(malformed);
        }
        text.parse().map(Self).map_err(|_| malformed)
    }
}

/// 32 bytes: a block's hash, a code's, a text's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^0x[0-9a-f]{64}$")]
pub struct Hash(pub [u8; 32]);

/// Four bytes that name a contract's message.
#[derive(Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^0x[0-9a-f]{8}$", examples("0xdb20f9f5"))]
pub struct Selector(pub [u8; 4]);

/// Bytes.
#[derive(Clone, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^0x([0-9a-f]{2})*$")]
pub struct Bytes(pub Vec<u8>);

/// Shows bytes as `0x` and hexadecimal digits, for people and for machines alike.
macro_rules! hexadecimal {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "0x{}", hex::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix("0x")
                    .and_then(|digits| hex::FromHex::from_hex(digits).ok())
                    .map(Self)
                    .ok_or(Malformed("0x and hexadecimal digits, two for each byte"))
            }
        }
    )+};
}

hexadecimal!(Hash, Selector, Bytes);

/// A time in UTC with milliseconds (RFC 3339). What lies beyond the year 9999 is written as that year's last
/// millisecond; a moment beside it is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-03-01T12:00:00.000Z"))]
pub struct Time(OffsetDateTime);

impl Time {
    /// The time of a moment of the contracts' clock.
    pub fn from_moment(moment: Moment) -> Self {
        const LAST: OffsetDateTime = time::macros::datetime!(9999-12-31 23:59:59.999 UTC);
        let nanoseconds = i128::from(moment).saturating_mul(1_000_000);
        Self(OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(LAST))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        f.write_str(&self.0.format(form).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Time {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map(|time| Self(time.to_offset(time::UtcOffset::UTC)))
            .map_err(|_| Malformed("a time as in RFC 3339"))
    }
}

/// Every state of a proposal, in the order of its life.
pub const STATES: [State; 8] = [
    State::Pending,
    State::Active,
    State::Succeeded,
    State::Defeated,
    State::Queued,
    State::Executed,
    State::Expired,
    State::Cancelled,
];

/// Every answer a vote can give.
pub const SUPPORTS: [Support; 3] = [Support::For, Support::Against, Support::Abstain];

/// Every direction of a movement.
pub const MOVEMENT_KINDS: [MovementKind; 2] = [MovementKind::Deposit, MovementKind::Payment];

/// How a proposal's state is written, for the API's description.
#[derive(Debug)]
pub struct StateName;

/// How a vote's answer is written, for the API's description.
#[derive(Debug)]
pub struct SupportName;

impl PartialSchema for StateName {
    fn schema() -> RefOr<Schema> {
        names("State of a proposal.", STATES)
    }
}

impl ToSchema for StateName {
    fn name() -> Cow<'static, str> {
        "State".into()
    }
}

impl PartialSchema for SupportName {
    fn schema() -> RefOr<Schema> {
        names("What a vote says.", SUPPORTS)
    }
}

impl ToSchema for SupportName {
    fn name() -> Cow<'static, str> {
        "Support".into()
    }
}

/// The schema of a string that is one of the names of `values`.
fn names<T: Serialize>(description: &str, values: impl IntoIterator<Item = T>) -> RefOr<Schema> {
    let names = values.into_iter().filter_map(|value| serde_json::to_value(value).ok());
    ObjectBuilder::new().schema_type(Type::String).description(Some(description)).enum_values(Some(names)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_state_is_listed() {
        for state in STATES {
            // A new variant fails to compile here, and then belongs into the list above.
            match state {
                State::Pending
                | State::Active
                | State::Succeeded
                | State::Defeated
                | State::Queued
                | State::Executed
                | State::Expired
                | State::Cancelled => {}
            }
            assert_eq!(serde_json::to_value(state).expect("a name"), state.as_str());
        }
    }

    #[test]
    fn a_votes_answer_is_written_as_it_is_stored() {
        for support in SUPPORTS {
            assert_eq!(serde_json::to_value(support).expect("a name"), support.as_str());
        }
    }

    #[test]
    fn a_moment_beyond_the_calendar_has_a_time() {
        assert_eq!(Instant::from(u64::MAX).time.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Instant::from(0).time.to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn an_amount_has_one_text() {
        for other in ["", "+1", "-1", "01", "00", "1.0", "1e3", " 1", "340282366920938463463374607431768211456"] {
            assert!(other.parse::<Amount>().is_err(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn texts_round_trip(amount: u128, hash: [u8; 32], bytes: Vec<u8>, moment in 0..253_402_300_800_000_u64) {
            prop_assert_eq!(Amount(amount).to_string().parse(), Ok(Amount(amount)));
            prop_assert_eq!(Hash(hash).to_string().parse(), Ok(Hash(hash)));
            prop_assert_eq!(Bytes(bytes.clone()).to_string().parse(), Ok(Bytes(bytes)));
            let time = Time::from_moment(moment);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}
