//! Accounts of the governance token, and through whom they vote.

use super::{Amount, Hash, Instant, RoleName};
use crate::account::Account;
use ballot::BasisPoints;
use interfaces::{registry::Tier, roles::Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

/// All that is known of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// The account.
    pub account: Account,
    /// What it holds.
    pub balance: Amount,
    /// What its vote would weigh: what it holds, without what is delegated out and with what is delegated in.
    pub power: Amount,
    /// Through whom its tokens vote; null if they vote through nobody.
    #[schema(required = true)]
    pub delegation: Option<Delegation>,
    /// Power that its representatives have of it.
    pub delegated_out: Amount,
    /// Power that it has of those it represents.
    pub delegated_in: Amount,
    /// How many accounts it represents.
    pub delegators: u64,
    /// The verified person or entity it belongs to, attested now or not; null if it belongs to none.
    #[schema(required = true)]
    pub identity: Option<Hash>,
    /// The tier at which that was last attested.
    #[schema(required = true, value_type = Option<u8>)]
    pub tier: Option<Tier>,
    /// Whether it is attested at this block's time.
    pub attested: bool,
    /// Whether the account or its identity is frozen.
    pub frozen: bool,
    /// The highest tier that a payment to it may ask for at this block's time; null if it can be paid nothing that asks
    /// for one.
    #[schema(required = true, value_type = Option<u8>)]
    pub cleared_tier: Option<Tier>,
    /// The roles that it has at this block's time.
    #[schema(value_type = Vec<RoleName>)]
    pub roles: Vec<Role>,
    /// How often it was linked: the nonce of its next link.
    pub link_nonce: u32,
}

/// Through whom an account's tokens vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delegation {
    /// Its representatives, in its own order.
    pub shares: Vec<Share>,
    /// First moment at which it no longer counts; null if it does not end by itself.
    #[schema(required = true)]
    pub ends: Option<Instant>,
}

/// The share of an account's tokens that votes through a representative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Share {
    /// The representative.
    pub representative: Account,
    /// How much of the tokens, in basis points.
    #[schema(value_type = u16, minimum = 1, maximum = 10_000)]
    pub share_bps: BasisPoints,
    /// How much power that is.
    pub power: Amount,
}

/// An account that votes through a representative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delegator {
    /// The account.
    pub account: Account,
    /// How much of its tokens, in basis points.
    #[schema(value_type = u16, minimum = 1, maximum = 10_000)]
    pub share_bps: BasisPoints,
    /// How much power that is.
    pub power: Amount,
    /// First moment at which it no longer counts; null if it does not end by itself.
    #[schema(required = true)]
    pub ends: Option<Instant>,
}
