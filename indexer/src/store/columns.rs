//! Between the types of the domain and those of Postgres' columns.

use crate::{error::Error, facts::Height, project::Origin};
use ballot::{BasisPoints, Mechanism, OptionId};
use interfaces::{AccountId, Balance, Hash, Moment, ProposalId, governor::Kind, registry::Tier, treasury::Asset};
use scale::DecodeAll;

/// A height as it is stored.
pub fn stored_height(height: Height) -> Result<i64, Error> {
    i64::try_from(height).map_err(|_| Error::TooLarge("a block's height"))
}

/// A position in a block as it is stored.
pub fn stored_index(index: u32) -> Result<i32, Error> {
    i32::try_from(index).map_err(|_| Error::TooLarge("an event's position"))
}

/// A position in a list as it is stored.
pub fn stored_place(place: usize) -> Result<i16, Error> {
    i16::try_from(place).map_err(|_| Error::TooLarge("a position in a list"))
}

/// Where rows come from, column by column.
pub struct Origins {
    pub heights: Vec<i64>,
    pub indices: Vec<i32>,
    pub moments: Vec<i64>,
}

impl Origins {
    /// The columns of these rows, in their order.
    pub fn of<'a>(origins: impl Iterator<Item = &'a Origin> + Clone) -> Result<Self, Error> {
        Ok(Self {
            heights: origins.clone().map(|origin| stored_height(origin.height)).collect::<Result<_, _>>()?,
            indices: origins.clone().map(|origin| stored_index(origin.index)).collect::<Result<_, _>>()?,
            moments: origins.map(|origin| stored_moment(origin.moment)).collect(),
        })
    }
}

/// A moment or a length of time as it is stored. Contracts may say "never" with a moment beyond 2⁶³-1 ms, 292 million
/// years from now; that is stored as 2⁶³-1, which no comparison with a real block's timestamp can tell apart.
pub fn stored_moment(moment: Moment) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

/// A moment as it is stored where it matters how far beyond 2⁶³ ms it is.
pub fn stored_exactly(moment: Moment) -> String {
    moment.to_string()
}

/// A count of rows as it is stored.
pub fn stored_count(count: usize) -> Result<i32, Error> {
    i32::try_from(count).map_err(|_| Error::TooLarge("a block's number of events"))
}

/// Text as it is stored: Postgres cannot hold the character U+0000, which anybody could put into a proposal to stop the
/// mirror. It is shown as U+FFFD; the raw event keeps it.
pub fn stored_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A number of times or people as it is stored.
pub fn stored_number(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::TooLarge("a number of times"))
}

/// A share as it is stored.
pub fn stored_share(share: BasisPoints) -> i32 {
    share.get().into()
}

/// An asset as it is stored: the account of its token, and nothing for the native currency.
pub fn asset(asset: &Asset) -> &[u8] {
    match asset {
        Asset::Native => &[],
        Asset::Token(token) => account(token),
    }
}

/// A stored asset.
pub fn to_asset(bytes: &[u8]) -> Result<Asset, Error> {
    if bytes.is_empty() { Ok(Asset::Native) } else { to_account(bytes).map(Asset::Token) }
}

/// A kind's name.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::ProtocolUpgrade => "protocol_upgrade",
        Kind::TreasurySpending => "treasury_spending",
        Kind::ParameterChange => "parameter_change",
        Kind::CommunityInitiative => "community_initiative",
    }
}

/// A stored kind.
pub fn to_kind(name: &str) -> Result<Kind, Error> {
    let named = Kind::ALL.into_iter().find(|known| kind(*known) == name);
    named.ok_or_else(|| Error::Tampered(format!("a kind of proposal called {name}")))
}

/// Every way to vote; their names are [`Mechanism::as_str`].
pub const MECHANISMS: [Mechanism; 6] = [
    Mechanism::Majority,
    Mechanism::Approval,
    Mechanism::Weighted,
    Mechanism::Quadratic,
    Mechanism::Ranked,
    Mechanism::Condorcet,
];

/// A stored way to vote.
pub fn to_mechanism(name: &str) -> Result<Mechanism, Error> {
    let named = MECHANISMS.into_iter().find(|mechanism| mechanism.as_str() == name);
    named.ok_or_else(|| Error::Tampered(format!("a way to vote called {name}")))
}

/// A stored number that is never below 0.
pub fn to_u64(number: i64, what: &str) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Tampered(format!("{what} of {number}")))
}

/// A stored number that is never below 0, and small.
pub fn to_u32(number: i64, what: &str) -> Result<u32, Error> {
    u32::try_from(number).map_err(|_| Error::Tampered(format!("{what} of {number}")))
}

/// A stored proposal's number.
pub fn to_proposal(number: i64) -> Result<ProposalId, Error> {
    to_u32(number, "a proposal's number")
}

/// A stored option's number.
pub fn to_option(number: i16) -> Result<OptionId, Error> {
    OptionId::try_from(number).map_err(|_| Error::Tampered(format!("an option numbered {number}")))
}

/// A stored tier.
pub fn to_tier(tier: i16) -> Result<Tier, Error> {
    Tier::try_from(tier).map_err(|_| Error::Tampered(format!("a tier of {tier}")))
}

/// A stored moment or length of time.
pub fn to_moment(moment: i64) -> Result<Moment, Error> {
    to_u64(moment, "a moment")
}

/// A moment that was stored exactly.
pub fn to_exact_moment(moment: &str) -> Result<Moment, Error> {
    moment.parse().map_err(|_| Error::Tampered(format!("a moment of {moment}")))
}

/// A stored share.
pub fn to_share(points: i32) -> Result<BasisPoints, Error> {
    let share = u16::try_from(points).ok().and_then(|points| BasisPoints::new(points).ok());
    share.ok_or_else(|| Error::Tampered(format!("a share of {points} basis points")))
}

/// Something stored as SCALE.
pub fn to_scale<T: DecodeAll>(mut bytes: &[u8], what: &str) -> Result<T, Error> {
    T::decode_all(&mut bytes).map_err(|error| Error::Tampered(format!("{what} that cannot be read: {error}")))
}

/// A stored amount.
pub fn to_balance(amount: &str) -> Result<Balance, Error> {
    amount.parse().map_err(|_| Error::Tampered(format!("an amount of {amount}")))
}

/// A stored hash.
pub fn to_hash(bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| Error::Tampered("a hash that is not 32 bytes".to_owned()))
}

/// A stored account.
pub fn to_account(bytes: &[u8]) -> Result<AccountId, Error> {
    bytes.try_into().map_err(|_| Error::Tampered("an account that is not 32 bytes".to_owned()))
}

/// The bytes of an account.
pub fn account(account: &AccountId) -> &[u8] {
    account.as_ref()
}

/// The bytes of a hash.
pub fn hash(hash: &Hash) -> &[u8] {
    hash.as_ref()
}
