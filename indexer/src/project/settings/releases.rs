//! Releases: what was approved, what was reported of it, and how far it has come.

use crate::project::{Origin, Table};
use interfaces::{
    AccountId, ProposalId,
    settings::{self, ReleaseApproved, ReleaseId, ReleaseReported, ReleaseRevoked, Report, Stage},
};

/// The releases that a batch is about.
#[derive(Debug, Default)]
pub struct Releases {
    /// As they stand.
    pub releases: Table<ReleaseId, Release>,
    /// What is reported of them, and their being revoked.
    pub reports: Vec<ReportRow>,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// What was approved.
    pub approved: settings::Release,
    /// How far it has come.
    pub stage: Stage,
    /// Where it was approved.
    pub origin: Origin,
    /// The proposal whose execution approved it.
    pub proposal: Option<ProposalId>,
}

/// Something was said of a release.
#[derive(Debug)]
pub struct ReportRow {
    pub origin: Origin,
    pub release: ReleaseId,
    pub what: Reported,
}

/// What can be said of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// How far it has come, by an operator.
    Report(Report, AccountId),
    /// That it must not run any more, by the execution of this proposal.
    Revoked(Option<ProposalId>),
}

impl Releases {
    pub(super) fn approved(
        &mut self,
        origin: Origin,
        proposal: Option<ProposalId>,
        event: ReleaseApproved,
    ) -> Result<(), String> {
        let ReleaseApproved { release, component, digest, strategy, expires } = event;
        if self.releases.get(&release).is_some() {
            return Err(format!("there is a release {release} already"));
        }
        let approved = settings::Release { component, digest, strategy, expires };
        self.releases.put(release, Release { approved, stage: Stage::Approved, origin, proposal });
        Ok(())
    }

    pub(super) fn reported(&mut self, origin: Origin, event: ReleaseReported) -> Result<(), String> {
        let ReleaseReported { release, by, report, stage } = event;
        let known = self.known(release)?;
        // The contract's own rule; what it says itself must be the same.
        let after = known.stage.after(report, known.approved.strategy.steps(), origin.moment);
        if after != Ok(stage) {
            return Err(format!("release {release} cannot have come so far by this report"));
        }
        known.stage = stage;
        self.reports.push(ReportRow { origin, release, what: Reported::Report(report, by) });
        Ok(())
    }

    pub(super) fn revoked(
        &mut self,
        origin: Origin,
        proposal: Option<ProposalId>,
        event: ReleaseRevoked,
    ) -> Result<(), String> {
        let ReleaseRevoked { release } = event;
        self.known(release)?.stage = Stage::Revoked;
        self.reports.push(ReportRow { origin, release, what: Reported::Revoked(proposal) });
        Ok(())
    }

    fn known(&mut self, release: ReleaseId) -> Result<&mut Release, String> {
        self.releases.get_mut(&release).ok_or_else(|| format!("there is no release {release}"))
    }
}
