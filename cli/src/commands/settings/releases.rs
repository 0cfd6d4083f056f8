//! `gaia releases` and `gaia release`.

use super::{all, whose};
use crate::{
    Error, Result,
    commands::{Shared, Signing, acting::Acting},
    output::table,
};
use api::model::{
    Answer, ReleaseReport, ReleaseRunning, ReleaseStep, ReleaseStrategy, ReleaseThreshold, SoftwareRelease,
};
use clap::{Args, Subcommand, ValueEnum};
use client::messages::settings as messages;
use interfaces::settings::{ReleaseId, Report};
use serde_json::json;

/// `gaia releases`.
#[derive(Debug, Args)]
pub struct Releases {
    /// Which one; all of them, if not given
    id: Option<ReleaseId>,
}

/// `gaia release`.
#[derive(Debug, Subcommand)]
pub enum Release {
    /// Report what has become of a release
    Report {
        /// The release's number
        id: ReleaseId,
        /// What has become of it
        #[arg(value_enum)]
        what: What,
        /// With step-passed: which step is over and went well, from 0
        step: Option<u8>,
        #[command(flatten)]
        signing: Signing,
    },
}

/// What can be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Its first step, or the switch to it, has begun
    Started,
    /// A step is over and went well
    StepPassed,
    /// Everybody is sent to it
    Completed,
    /// Everybody is sent to what was there before
    RolledBack,
}

impl What {
    /// The report, with the number of a step where it is of one.
    fn report(self, step: Option<u8>) -> Result<Report> {
        match (self, step) {
            (Self::StepPassed, Some(step)) => Ok(Report::StepPassed(step)),
            (Self::StepPassed, None) => Err(Error::Usage("say which step has passed, from 0: step-passed 0".into())),
            (_, Some(_)) => Err(Error::Usage("only step-passed has the number of a step".into())),
            (Self::Started, None) => Ok(Report::Started),
            (Self::Completed, None) => Ok(Report::Completed),
            (Self::RolledBack, None) => Ok(Report::RolledBack),
        }
    }
}

impl Release {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let Self::Report { id, what, step, signing } = self;
        let report = what.report(step)?;
        let acting = Acting::new(shared, &signing).await?;
        let sent = acting.send(&acting.contracts.settings, &messages::report(id, report)).await?;
        acting.report(None, &sent, &format!("release {id}: reported"));
        Ok(())
    }
}

impl Releases {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let api = shared.api()?;
        let Some(id) = self.id else {
            let releases: Vec<SoftwareRelease> = all(&api, "/v1/releases").await?;
            shared.output().result(&releases, |releases| list(releases));
            return Ok(());
        };
        let Answer { data, .. } = api.one::<SoftwareRelease>(&format!("/v1/releases/{id}")).await?;
        shared.output().result(&data, one);
        Ok(())
    }
}

fn list(releases: &[SoftwareRelease]) -> String {
    let row = |release: &SoftwareRelease| {
        vec![
            release.id.to_string(),
            release.component.to_string(),
            stage(release),
            release.expires.time.to_string(),
            release.digest.to_string(),
        ]
    };
    table(&["release", "component", "stage", "expires", "digest"], &releases.iter().map(row).collect::<Vec<_>>())
}

fn one(release: &SoftwareRelease) -> String {
    let row = |report: &ReleaseReport| {
        let what = json!(report.report).as_str().unwrap_or_default().replace('_', " ");
        let step = report.step.map(|step| format!(" {step}")).unwrap_or_default();
        vec![report.time.to_string(), format!("{what}{step}"), whose(report.proposal, report.by.as_ref())]
    };
    format!(
        "release {} of {}: {}\nartifact {}\napproved by {} at {}, until {}\n{}\n\n{}",
        release.id,
        release.component,
        stage(release),
        release.digest,
        whose(release.proposal, None),
        release.time,
        release.expires.time,
        strategy(&release.strategy),
        table(&["when", "what", "by"], &release.reports.iter().map(row).collect::<Vec<_>>())
    )
}

fn stage(release: &SoftwareRelease) -> String {
    let name = json!(release.stage).as_str().unwrap_or_default().replace('_', " ");
    let passed = release.running.map(|ReleaseRunning { passed, .. }| format!(", {passed} steps passed"));
    let expired = if release.expired { ", expired" } else { "" };
    format!("{name}{}{expired}", passed.unwrap_or_default())
}

fn strategy(strategy: &ReleaseStrategy) -> String {
    let ReleaseStrategy::Canary { steps, thresholds } = strategy else { return "blue and green".to_owned() };
    let steps = steps.iter().enumerate().map(|(number, ReleaseStep { exposure_bps, hold_ms })| {
        format!("step {number}: {} basis points for {hold_ms} ms", exposure_bps.get())
    });
    let thresholds = thresholds.iter().map(|ReleaseThreshold { metric, at_most, at_least }| {
        let most = at_most.map(|most| format!(" at most {most}")).unwrap_or_default();
        let least = at_least.map(|least| format!(" at least {least}")).unwrap_or_default();
        format!("{metric}:{most}{least}")
    });
    steps.chain(thresholds).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_passed_step_has_a_number() {
        assert_eq!(What::StepPassed.report(Some(2)).ok(), Some(Report::StepPassed(2)));
        assert_eq!(What::RolledBack.report(None).ok(), Some(Report::RolledBack));
        let missing = What::StepPassed.report(None).expect_err("no number").to_string();
        assert!(missing.contains("which step"), "{missing}");
        let needless = What::Started.report(Some(0)).expect_err("a number").to_string();
        assert!(needless.contains("only step-passed"), "{needless}");
    }
}
