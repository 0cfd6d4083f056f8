//! Releases: what was approved, and how far it has come.

use crate::kinds::only;
use ink::storage::{Lazy, Mapping};
use interfaces::{
    Leaf, Moment,
    governor::Kind,
    settings::{Release, ReleaseId, Report, SettingsError, Stage},
};

/// Who approves releases.
const APPROVER: Kind = Kind::ProtocolUpgrade;

/// All releases. How far one has come is a cell apart from what was approved, which is never written again.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct ReleaseBook {
    count: Lazy<ReleaseId>,
    approved: Mapping<ReleaseId, Leaf<Release>>,
    stages: Mapping<ReleaseId, Leaf<Stage>>,
}

impl ReleaseBook {
    /// How many there are.
    pub fn count(&self) -> ReleaseId {
        self.count.get_or_default()
    }

    /// What was approved.
    pub fn release(&self, release: ReleaseId) -> Option<Release> {
        self.approved.get(release).map(|Leaf(release)| release)
    }

    /// How far a release has come.
    pub fn stage(&self, release: ReleaseId) -> Option<Stage> {
        self.stages.get(release).map(|Leaf(stage)| stage)
    }

    /// Approves a release.
    ///
    /// # Errors
    /// [`SettingsError::WrongKind`], [`SettingsError::BadStrategy`], [`SettingsError::BadExpiry`],
    /// [`SettingsError::Overflow`].
    pub fn approve(&mut self, kind: Kind, release: &Leaf<Release>, now: Moment) -> Result<ReleaseId, SettingsError> {
        only(APPROVER, kind)?;
        let Leaf(Release { strategy, expires, .. }) = release;
        strategy.check()?;
        if *expires <= now {
            return Err(SettingsError::BadExpiry);
        }
        let number = self.count();
        self.count.set(&number.checked_add(1).ok_or(SettingsError::Overflow)?);
        self.approved.insert(number, release);
        self.stages.insert(number, &Leaf(Stage::Approved));
        Ok(number)
    }

    /// Notes what is reported of a release.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], [`SettingsError::Expired`], [`SettingsError::WrongStage`],
    /// [`SettingsError::TooEarly`].
    pub fn report(&mut self, release: ReleaseId, report: Report, now: Moment) -> Result<Stage, SettingsError> {
        let (Some(approved), Some(stage)) = (self.release(release), self.stage(release)) else {
            return Err(SettingsError::Unknown);
        };
        if approved.expires <= now {
            return Err(SettingsError::Expired);
        }
        let stage = stage.after(report, approved.strategy.steps(), now)?;
        self.stages.insert(release, &Leaf(stage));
        Ok(stage)
    }

    /// Withdraws an approval.
    ///
    /// # Errors
    /// [`SettingsError::WrongKind`], [`SettingsError::Unknown`], [`SettingsError::WrongStage`].
    pub fn revoke(&mut self, kind: Kind, release: ReleaseId) -> Result<(), SettingsError> {
        only(APPROVER, kind)?;
        match self.stage(release) {
            None => Err(SettingsError::Unknown),
            Some(Stage::Revoked) => Err(SettingsError::WrongStage(Stage::Revoked)),
            Some(_) => {
                self.stages.insert(release, &Leaf(Stage::Revoked));
                Ok(())
            }
        }
    }
}
