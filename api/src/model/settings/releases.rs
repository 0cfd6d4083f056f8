//! Releases of software.

use crate::{
    account::Account,
    model::{Decimal, Hash, Instant, Name, Time},
};
use ballot::BasisPoints;
use interfaces::{
    Millis, Moment, ProposalId,
    settings::{self, Limit, ReleaseId, Stage},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Every stage of a release.
pub const RELEASE_STAGES: [ReleaseStage; 5] = [
    ReleaseStage::Approved,
    ReleaseStage::Running,
    ReleaseStage::Completed,
    ReleaseStage::RolledBack,
    ReleaseStage::Revoked,
];

/// Software that may be rolled out, and how far that has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoftwareRelease {
    /// Its number.
    #[schema(value_type = u32)]
    pub id: ReleaseId,
    /// Which component it replaces.
    pub component: Name,
    /// SHA-256 of the artifact.
    pub digest: Hash,
    /// How it is rolled out.
    pub strategy: ReleaseStrategy,
    /// The first moment at which the approval is over.
    pub expires: Instant,
    /// Whether that has come: then operators can report nothing more of it.
    pub expired: bool,
    /// How far it has come.
    pub stage: ReleaseStage,
    /// How far it has come within its steps; null unless it is running.
    #[schema(required = true)]
    pub running: Option<ReleaseRunning>,
    /// What was reported of it, in order.
    pub reports: Vec<ReleaseReport>,
    /// The proposal whose execution approved it; null if that is not known.
    #[schema(required = true, value_type = Option<u32>)]
    pub proposal: Option<ProposalId>,
    /// Block in which it was approved.
    pub height: u64,
    /// When that was.
    pub time: Time,
    /// When that was, in milliseconds since the Unix epoch.
    #[schema(value_type = u64)]
    pub moment: Moment,
}

/// How a release is rolled out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ReleaseStrategy {
    /// The new one is built beside the old one, and everybody is sent to it at once.
    BlueGreen,
    /// More and more are sent to it, while it does well.
    Canary {
        /// What is done before everybody is.
        steps: Vec<ReleaseStep>,
        /// What doing well is.
        thresholds: Vec<ReleaseThreshold>,
    },
}

/// A step of a canary release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseStep {
    /// The share of all that is sent to the new artifact, in basis points.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
    pub exposure_bps: BasisPoints,
    /// For how many milliseconds at least.
    #[schema(value_type = u64)]
    pub hold_ms: Millis,
}

/// What is measured during a canary release, and where it must stay: one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct ReleaseThreshold {
    /// What is measured.
    pub metric: Name,
    /// It must be at this or below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Decimal>,
    /// It must be at this or above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Decimal>,
}

/// How far a release has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseStage {
    /// It may begin.
    Approved,
    /// It has begun.
    Running,
    /// Everybody is sent to it.
    Completed,
    /// It has failed, and what was there before is there again.
    RolledBack,
    /// Governance has withdrawn its approval.
    Revoked,
}

/// How far a release that has begun has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseRunning {
    /// How many of its steps are over.
    pub passed: u8,
    /// Since when the present one is held.
    pub since: Instant,
}

/// Something that was said of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseReport {
    /// What.
    pub report: ReleaseReported,
    /// Which step has passed, from 0; null for anything else.
    #[schema(required = true)]
    pub step: Option<u8>,
    /// The operator who said so; null where governance revoked it.
    #[schema(required = true)]
    pub by: Option<Account>,
    /// The proposal whose execution revoked it; null for what operators say, and if it is not known.
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

/// What can be said of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseReported {
    /// Its first step, or the switch to it, has begun.
    Started,
    /// A step is over and went well.
    StepPassed,
    /// Everybody is sent to it.
    Completed,
    /// Everybody is sent to what was there before.
    RolledBack,
    /// It must not run any more.
    Revoked,
}

impl From<settings::Strategy> for ReleaseStrategy {
    fn from(strategy: settings::Strategy) -> Self {
        match strategy {
            settings::Strategy::BlueGreen => Self::BlueGreen,
            settings::Strategy::Canary { steps, thresholds } => Self::Canary {
                steps: steps.into_iter().map(Into::into).collect(),
                thresholds: thresholds.into_iter().map(Into::into).collect(),
            },
        }
    }
}

impl From<settings::Step> for ReleaseStep {
    fn from(step: settings::Step) -> Self {
        Self { exposure_bps: step.exposure, hold_ms: step.hold }
    }
}

impl From<settings::Threshold> for ReleaseThreshold {
    fn from(threshold: settings::Threshold) -> Self {
        let (at_most, at_least) = match threshold.limit {
            Limit::AtMost(number) => (Some(Decimal(number)), None),
            Limit::AtLeast(number) => (None, Some(Decimal(number))),
        };
        Self { metric: Name(threshold.metric), at_most, at_least }
    }
}

impl From<Stage> for ReleaseStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Approved => Self::Approved,
            Stage::Running { .. } => Self::Running,
            Stage::Completed => Self::Completed,
            Stage::RolledBack => Self::RolledBack,
            Stage::Revoked => Self::Revoked,
        }
    }
}

impl ReleaseRunning {
    /// How far a release at this stage has come, if it runs.
    pub fn of(stage: Stage) -> Option<Self> {
        match stage {
            Stage::Running { passed, since } => Some(Self { passed, since: since.into() }),
            Stage::Approved | Stage::Completed | Stage::RolledBack | Stage::Revoked => None,
        }
    }
}
