//! Releases: which artifact may replace a component's present one, and how.

use super::{Decimal, SettingsError, limits};
use crate::{AccountId, Hash, Millis, Moment, governor::Kind, key::Key};
use ballot::BasisPoints;
use ink::prelude::vec::Vec;

/// Number of a release: 0, 1, 2, … in the order of approval.
pub type ReleaseId = u32;

/// What may be rolled out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Release {
    /// Which component is replaced.
    pub component: Key,
    /// SHA-256 of the artifact.
    pub digest: Hash,
    /// How it is rolled out.
    pub strategy: Strategy,
    /// The first moment at which the approval is over.
    pub expires: Moment,
}

/// How a release is rolled out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Strategy {
    /// The new one is built beside the old one, and everybody is sent to it at once.
    BlueGreen,
    /// More and more are sent to it, while it does well.
    Canary {
        /// What is done before everybody is: 1 to [`limits::STEPS`].
        steps: Vec<Step>,
        /// What doing well is; at most [`limits::THRESHOLDS`].
        thresholds: Vec<Threshold>,
    },
}

/// A step of a canary release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Step {
    /// The share of all that is sent to the new artifact.
    pub exposure: BasisPoints,
    /// For how long, at least.
    pub hold: Millis,
}

/// What is measured during a canary release, and what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Threshold {
    /// What is measured.
    pub metric: Key,
    /// What it must be.
    pub limit: Limit,
}

/// Where a measure must stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Limit {
    /// At this or below.
    AtMost(Decimal),
    /// At this or above.
    AtLeast(Decimal),
}

impl Strategy {
    /// What is done before everybody is sent to the new artifact.
    pub fn steps(&self) -> &[Step] {
        match self {
            Self::BlueGreen => &[],
            Self::Canary { steps, .. } => steps,
        }
    }

    /// Whether it can be followed and stored.
    ///
    /// # Errors
    /// [`SettingsError::BadStrategy`].
    pub fn check(&self) -> Result<(), SettingsError> {
        let Self::Canary { steps, thresholds } = self else { return Ok(()) };
        let readable = |threshold: &Threshold| {
            let (Limit::AtMost(number) | Limit::AtLeast(number)) = threshold.limit;
            number.scale <= limits::DECIMALS
        };
        let good = (1..=limits::STEPS).contains(&steps.len())
            && thresholds.len() <= limits::THRESHOLDS
            && thresholds.iter().all(readable);
        if good { Ok(()) } else { Err(SettingsError::BadStrategy) }
    }
}

/// What an operator reports of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Report {
    /// Its first step, or the switch to it, has begun.
    Started,
    /// This step, counted from 0, is over and went well. The next one has begun, if there is one.
    StepPassed(u8),
    /// Everybody is sent to it.
    Completed,
    /// Everybody is sent to what was there before.
    RolledBack,
}

/// How far a release has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Stage {
    /// It may begin.
    Approved,
    /// It has begun.
    Running {
        /// How many of its steps are over.
        passed: u8,
        /// Since when the present one is held.
        since: Moment,
    },
    /// Everybody is sent to it.
    Completed,
    /// It has failed; what was there before is there again. Another attempt is another release.
    RolledBack,
    /// Governance has withdrawn its approval.
    Revoked,
}

impl Stage {
    /// How far a release with these steps has come after this was reported at `now`.
    ///
    /// # Errors
    /// [`SettingsError::WrongStage`], [`SettingsError::TooEarly`].
    pub fn after(self, report: Report, steps: &[Step], now: Moment) -> Result<Self, SettingsError> {
        let present = |passed: u8| steps.get(usize::from(passed));
        match (self, report) {
            (Self::Approved, Report::Started) => Ok(Self::Running { passed: 0, since: now }),
            (Self::Running { passed, since }, Report::StepPassed(step)) if step == passed => {
                let Step { hold, .. } = present(step).ok_or(SettingsError::WrongStage(self))?;
                if now.saturating_sub(since) < *hold {
                    return Err(SettingsError::TooEarly);
                }
                Ok(Self::Running { passed: passed.saturating_add(1), since: now })
            }
            (Self::Running { passed, .. }, Report::Completed) if present(passed).is_none() => Ok(Self::Completed),
            (Self::Running { .. }, Report::RolledBack) => Ok(Self::RolledBack),
            _ => Err(SettingsError::WrongStage(self)),
        }
    }
}

/// What can be done with releases.
#[ink::trait_definition]
pub trait Releases {
    /// Approves a release, and answers with its number. Only the governor can, for a [`Kind::ProtocolUpgrade`].
    #[ink(message)]
    fn approve_release(&mut self, kind: Kind, release: Release) -> Result<ReleaseId, SettingsError>;

    /// Says how far a release has come: that it has started, each of its steps in their order and none before it was held
    /// for as long as was approved, and its end. Only an operator can, and not after the release has expired.
    #[ink(message)]
    fn report(&mut self, release: ReleaseId, report: Report) -> Result<(), SettingsError>;

    /// Withdraws the approval of a release, however far it has come: it must not run any more. Only the governor can, for
    /// a [`Kind::ProtocolUpgrade`].
    #[ink(message)]
    fn revoke(&mut self, kind: Kind, release: ReleaseId) -> Result<(), SettingsError>;

    /// What was approved.
    #[ink(message)]
    fn release(&self, release: ReleaseId) -> Option<Release>;

    /// How far it has come.
    #[ink(message)]
    fn stage(&self, release: ReleaseId) -> Option<Stage>;

    /// How many releases were ever approved; their numbers are below this.
    #[ink(message)]
    fn release_count(&self) -> ReleaseId;
}

/// A release was approved.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseApproved {
    /// Its number.
    #[ink(topic)]
    pub release: ReleaseId,
    /// Which component is replaced.
    #[ink(topic)]
    pub component: Key,
    /// SHA-256 of the artifact.
    pub digest: Hash,
    /// How it is rolled out.
    pub strategy: Strategy,
    /// The first moment at which the approval is over.
    pub expires: Moment,
}

/// An operator has reported how far a release has come.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseReported {
    /// Which.
    #[ink(topic)]
    pub release: ReleaseId,
    /// Who.
    #[ink(topic)]
    pub by: AccountId,
    /// What.
    pub report: Report,
    /// How far it has come.
    pub stage: Stage,
}

/// A release was revoked.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRevoked {
    /// Which.
    #[ink(topic)]
    pub release: ReleaseId,
}
