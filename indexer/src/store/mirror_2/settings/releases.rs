//! Releases of software.

use super::stored_key;
use crate::{
    error::Error,
    project::{
        Origin,
        settings::{Release, Releases, ReportRow, Reported},
    },
    store::columns::{Origins, account, stored_moment, to_moment, to_proposal, to_scale, to_u32, to_u64},
};
use interfaces::{
    AccountId,
    settings::{ReleaseId, Report, Stage},
};
use scale::Encode;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads these releases.
pub async fn load(connection: &mut PgConnection, releases: &BTreeSet<ReleaseId>) -> Result<Releases, Error> {
    if releases.is_empty() {
        return Ok(Releases::default());
    }
    let releases: Vec<_> = releases.iter().map(|release| i64::from(*release)).collect();
    let rows = sqlx::query!(
        "SELECT release, approved, stage, passed, since, height, index, moment, proposal
         FROM mirror_2.releases WHERE release = ANY($1)",
        &releases,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading releases"))?;
    let known = rows.into_iter().map(|row| {
        let origin = Origin {
            height: to_u64(row.height, "a block's height")?,
            index: to_u32(row.index.into(), "an event's position")?,
            moment: to_moment(row.moment)?,
        };
        let release = Release {
            approved: to_scale(&row.approved, "a release")?,
            stage: to_stage(&row.stage, row.passed, row.since)?,
            origin,
            proposal: row.proposal.map(to_proposal).transpose()?,
        };
        Ok((to_u32(row.release, "a release's number")?, release))
    });
    Ok(Releases { releases: known.collect::<Result<_, Error>>()?, reports: Vec::new() })
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, releases: &Releases) -> Result<(), Error> {
    save_releases(connection, releases).await?;
    save_reports(connection, &releases.reports).await
}

async fn save_releases(connection: &mut PgConnection, releases: &Releases) -> Result<(), Error> {
    let (numbers, rows): (Vec<_>, Vec<_>) =
        releases.releases.changed().map(|(number, row)| (i64::from(*number), row)).unzip();
    if numbers.is_empty() {
        return Ok(());
    }
    let components: Vec<_> = rows.iter().map(|row| stored_key(&row.approved.component)).collect();
    let approved: Vec<_> = rows.iter().map(|row| row.approved.encode()).collect();
    let stages: Vec<_> = rows.iter().map(|row| stage(row.stage)).collect();
    let passed: Vec<_> = rows.iter().map(|row| running(row.stage).map(|(passed, _)| passed)).collect();
    let since: Vec<_> = rows.iter().map(|row| running(row.stage).map(|(_, since)| since)).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.releases
             (release, component, approved, stage, passed, since, height, index, moment, proposal)
         SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::text[], $5::smallint[], $6::bigint[],
                              $7::bigint[], $8::integer[], $9::bigint[], $10::bigint[])
         ON CONFLICT (release) DO UPDATE SET stage = excluded.stage, passed = excluded.passed, since = excluded.since",
        &numbers,
        &components,
        &approved,
        &stages as _,
        &passed as _,
        &since as _,
        &heights,
        &indices,
        &moments,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing releases"))
}

async fn save_reports(connection: &mut PgConnection, rows: &[ReportRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let releases: Vec<_> = rows.iter().map(|row| i64::from(row.release)).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let reports: Vec<_> = rows.iter().map(|row| report(&row.what)).collect();
    let steps: Vec<_> = rows.iter().map(|row| step(&row.what)).collect();
    let operators: Vec<_> = rows.iter().map(|row| operator(&row.what).map(account)).collect();
    let proposals: Vec<_> = rows.iter().map(|row| proposal(&row.what)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.release_reports (release, height, index, moment, report, step, operator, proposal)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::smallint[],
                              $7::bytea[], $8::bigint[])",
        &releases,
        &heights,
        &indices,
        &moments,
        &reports as _,
        &steps as _,
        &operators as _,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing what was reported of releases"))
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Approved => "approved",
        Stage::Running { .. } => "running",
        Stage::Completed => "completed",
        Stage::RolledBack => "rolled_back",
        Stage::Revoked => "revoked",
    }
}

/// How many steps of a release that runs are over, and since when the present one is held.
fn running(stage: Stage) -> Option<(i16, i64)> {
    match stage {
        Stage::Running { passed, since } => Some((passed.into(), stored_moment(since))),
        Stage::Approved | Stage::Completed | Stage::RolledBack | Stage::Revoked => None,
    }
}

fn to_stage(name: &str, passed: Option<i16>, since: Option<i64>) -> Result<Stage, Error> {
    let unknown = || Error::Tampered(format!("a release that is {name}"));
    Ok(match (name, passed, since) {
        ("approved", None, None) => Stage::Approved,
        ("running", Some(passed), Some(since)) => {
            Stage::Running { passed: passed.try_into().map_err(|_| unknown())?, since: to_moment(since)? }
        }
        ("completed", None, None) => Stage::Completed,
        ("rolled_back", None, None) => Stage::RolledBack,
        ("revoked", None, None) => Stage::Revoked,
        _ => return Err(unknown()),
    })
}

fn report(what: &Reported) -> &'static str {
    match what {
        Reported::Report(Report::Started, _) => "started",
        Reported::Report(Report::StepPassed(_), _) => "step_passed",
        Reported::Report(Report::Completed, _) => "completed",
        Reported::Report(Report::RolledBack, _) => "rolled_back",
        Reported::Revoked(_) => "revoked",
    }
}

fn step(what: &Reported) -> Option<i16> {
    match what {
        Reported::Report(Report::StepPassed(step), _) => Some((*step).into()),
        Reported::Report(..) | Reported::Revoked(_) => None,
    }
}

fn operator(what: &Reported) -> Option<&AccountId> {
    match what {
        Reported::Report(_, by) => Some(by),
        Reported::Revoked(_) => None,
    }
}

fn proposal(what: &Reported) -> Option<i64> {
    match what {
        Reported::Report(..) => None,
        Reported::Revoked(proposal) => proposal.map(i64::from),
    }
}
