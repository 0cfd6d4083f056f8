//! Signers, what they say, and pauses.

use super::Asset;
use crate::{
    account::Account,
    model::{Amount, Instant, Time},
};
use interfaces::{
    Moment, ProposalId,
    treasury::{self, EscrowId, MilestoneId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Those of whom enough must approve before an escrow pays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signers {
    /// Who they are, in the order of their accounts' bytes; none before they are first named.
    pub signers: Vec<Signer>,
    /// How many of them must approve.
    pub threshold: u8,
    /// How often they were set.
    pub changes: u32,
}

/// Somebody who can approve of releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signer {
    /// Who.
    pub account: Account,
    /// Which change of the signers named this account: what it approved of as an earlier signer does not count.
    pub since: u32,
}

impl From<treasury::Signers> for Signers {
    fn from(signers: treasury::Signers) -> Self {
        let treasury::Signers { signers, threshold, changes } = signers;
        let signer = |it: treasury::Signer| Signer { account: it.account.0.into(), since: it.since };
        Self { signers: signers.into_iter().map(signer).collect(), threshold, changes }
    }
}

/// Signers were named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignersChange {
    /// All of them from then on.
    pub signers: Signers,
    /// The proposal whose execution named them; null if none did.
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

/// What a signer says of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// It approves.
    Approved,
    /// It approves no more, or will not.
    Withdrawn,
}

/// What a signer last said of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Approval {
    /// Who.
    pub signer: Account,
    /// What.
    pub stance: Stance,
    /// Whether it counts: it is an approval, and not from an earlier time as a signer.
    pub counts: bool,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// A signer said something of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Statement {
    /// Who.
    pub signer: Account,
    /// What.
    pub stance: Stance,
    /// Which change of the signers had named it when it approved; null if it withdrew.
    #[schema(required = true)]
    pub since: Option<u32>,
    /// Of a release out of which escrow.
    #[schema(value_type = u32)]
    pub escrow: EscrowId,
    /// For which of its milestones.
    #[schema(value_type = u8)]
    pub milestone: MilestoneId,
    /// How many releases the milestone had had.
    pub nonce: u32,
    /// How much is to be released.
    pub amount: Amount,
    /// In which block.
    pub height: u64,
    /// When.
    pub time: Time,
    /// When, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// The treasury was paused, or pays again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pause {
    /// Whether it paid nobody from then on.
    pub paused: bool,
    /// Who paused it; null where it pays again.
    #[schema(required = true)]
    pub guardian: Option<Account>,
    /// The proposal whose execution ended the pause; null otherwise.
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

/// What waits for a signer. Of what can still be released, the thousand milestones that end first are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Awaiting {
    /// Who.
    pub account: Account,
    /// Whether this is one of the present signers: nothing waits for others.
    pub is_signer: bool,
    /// How many signers must approve of a release.
    pub threshold: u8,
    /// Releases that others approve of and this signer does not, not out of time.
    pub releases: Vec<AwaitingRelease>,
    /// Milestones that can be released now, and nobody approves of any release for.
    pub milestones: Vec<AwaitingMilestone>,
}

/// A release that waits for a signer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AwaitingRelease {
    /// The milestone.
    pub milestone: AwaitingMilestone,
    /// How much is to be released of what it has left.
    pub amount: Amount,
    /// Who approves of it by now.
    pub approving: Vec<Account>,
    /// Whether the signer has withdrawn from it.
    pub withdrawn: bool,
}

/// A milestone that waits for signers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AwaitingMilestone {
    /// Of which escrow.
    #[schema(value_type = u32)]
    pub escrow: EscrowId,
    /// Which.
    #[schema(value_type = u8)]
    pub number: MilestoneId,
    /// Who is paid for it.
    pub payee: Account,
    /// In what.
    pub asset: Asset,
    /// What it has left.
    pub left: Amount,
    /// The nonce of its next release.
    pub nonce: u32,
    /// First moment at which something of it can be released.
    pub earliest: Instant,
    /// Last such moment.
    pub latest: Instant,
}
