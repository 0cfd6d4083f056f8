//! What governance tells the systems: parameters, feature flags, releases, and anchors of audit logs.

use super::{Check, hash};
use crate::Result;
use api::model::{
    Anchor, AnchorOrigin, Block, FLAGD_SCHEMA, Flag, Flagd, InForce, Name, Natural, Parameter, ParameterBounds,
    ParameterEntry, ParameterValue, ReleaseReport, ReleaseReported, ReleaseRunning, ReleaseStage, ReleaseStrategy,
    ScheduledChange, SoftwareRelease, flag_json,
};
use client::{AccountId32, View, messages::settings as messages};
use interfaces::{
    Moment,
    key::Key,
    settings::{self as kept, Report, Stage, Step},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Of how many entries of a parameter's history the values are asked for at most: the latest, and the first.
const SAMPLES: usize = 8;

impl<'a> Check<'a> {
    fn told(&self) -> &'a AccountId32 {
        &self.contracts.settings.account
    }

    pub(super) async fn settings(&mut self) -> Result<()> {
        self.parameters().await?;
        self.flags().await?;
        self.flagd().await?;
        self.releases().await?;
        self.anchors().await
    }

    async fn parameters(&mut self) -> Result<()> {
        let Some((parameters, block)) = self.list::<Parameter>("/v1/parameters").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let count = view.ask(self.told(), &messages::parameter_count()).await?;
        self.compare("number of parameters", &block, parameters.len(), count);
        let listed: BTreeSet<_> = parameters.iter().map(|parameter| &parameter.key.0).collect();
        for number in 0..count {
            let key = view.ask(self.told(), &messages::parameter_key(number)).await?;
            self.listed("parameter", &block, &listed, key.as_ref());
        }
        for parameter in &parameters {
            let (key, name) = (&parameter.key.0, format!("parameter {}", parameter.key));
            match view.ask(self.told(), &messages::parameter(key)).await? {
                Some(chain) => self.compare(&name, &block, parameter, parameter_of(chain)),
                None => self.differs(format!("{name} (block {}): the chain has none", block.height)),
            }
            self.past(key, &name).await?;
            self.report.parameters += 1;
        }
        Ok(())
    }

    /// What a parameter's value was, at both ends of what the mirror says and just beyond.
    async fn past(&mut self, key: &Key, name: &str) -> Result<()> {
        let path = format!("/v1/parameters/{}/history", key.as_str());
        let Some((entries, block)) = self.list::<ParameterEntry>(&path).await? else { return Ok(()) };
        let spans: Vec<_> = entries.iter().flat_map(|entry| &entry.in_force).collect();
        // The newest entry is the first.
        let sampled = entries.iter().take(SAMPLES).chain(entries.last());
        let mut moments = BTreeSet::new();
        for span in sampled.flat_map(|entry| &entry.in_force) {
            let (from, until) = (span.from.moment, span.until.map(|until| until.moment));
            moments.extend([from.saturating_sub(1), from]);
            moments.extend(until.map(|until| until.saturating_sub(1)));
        }
        let view = self.view(&block).await?;
        // The settings answer for moments that are over.
        for moment in moments.into_iter().filter(|moment| *moment < block.moment) {
            let mirror = spans.iter().find(|span| covers(span, moment)).and_then(|span| span.value.clone());
            let chain = view.ask(self.told(), &messages::value_at(key, moment)).await?;
            let chain = match chain {
                Ok(value) => super::value(value.map(ParameterValue::from)),
                Err(error) => Value::String(error.to_string()),
            };
            self.compare(format!("{name}, value at {moment}"), &block, mirror, chain);
        }
        Ok(())
    }

    async fn flags(&mut self) -> Result<()> {
        let Some((flags, block)) = self.list::<Flag>("/v1/flags").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let count = view.ask(self.told(), &messages::flag_count()).await?;
        self.compare("number of flags", &block, flags.len(), count);
        let listed: BTreeSet<_> = flags.iter().map(|flag| &flag.key.0).collect();
        for number in 0..count {
            let key = view.ask(self.told(), &messages::flag_key(number)).await?;
            self.listed("flag", &block, &listed, key.as_ref());
        }
        for flag in &flags {
            let name = format!("flag {}", flag.key);
            match view.ask(self.told(), &messages::flag(&flag.key.0)).await? {
                Some(chain) => self.compare(&name, &block, flag, flag_of(chain)),
                None => self.differs(format!("{name} (block {}): the chain has none", block.height)),
            }
            self.report.flags += 1;
        }
        Ok(())
    }

    /// What flagd is told, made anew from what the contract says.
    async fn flagd(&mut self) -> Result<()> {
        let mirror: Flagd = self.api.get("/v1/flags.flagd.json").await?;
        let view = self.view(&mirror.block).await?;
        let mut flags = Vec::new();
        for number in 0..view.ask(self.told(), &messages::flag_count()).await? {
            let Some(key) = view.ask(self.told(), &messages::flag_key(number)).await? else { continue };
            let flag = view.ask(self.told(), &messages::flag(&key)).await?;
            flags.extend(flag.map(|flag| (key, flag.control, shown(&flag.body))));
        }
        let flags = flags.iter().map(|(key, control, body)| (key.clone(), *control, body.as_str()));
        let chain = Flagd::new(flags, mirror.block.clone());
        // Whole, for what only the mirror has must show here, too.
        let same = (&mirror.flags, &mirror.left_out) == (&chain.flags, &chain.left_out);
        if !same || mirror.schema != FLAGD_SCHEMA {
            let names = |flagd: &Flagd| json!([flagd.flags.keys().collect::<Vec<_>>(), flagd.left_out]);
            self.compare("flagd's configuration", &mirror.block, names(&mirror), names(&chain));
            self.compare("flagd's configuration", &mirror.block, &mirror, &chain);
        }
        Ok(())
    }

    async fn releases(&mut self) -> Result<()> {
        let Some((releases, block)) = self.list::<SoftwareRelease>("/v1/releases").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let count = view.ask(self.told(), &messages::release_count()).await?;
        self.compare("number of releases", &block, releases.len(), count);
        let listed: BTreeSet<_> = releases.iter().map(|release| release.id).collect();
        for missing in (0..count).filter(|number| !listed.contains(number)) {
            self.differs(format!("release {missing} (block {}): the mirror has none", block.height));
        }
        for release in &releases {
            self.release(&view, &block, release).await?;
            self.report.releases += 1;
        }
        Ok(())
    }

    async fn release(&mut self, view: &View, block: &Block, mirror: &SoftwareRelease) -> Result<()> {
        let name = format!("release {}", mirror.id);
        let approved = view.ask(self.told(), &messages::release(mirror.id)).await?;
        let stage = view.ask(self.told(), &messages::stage(mirror.id)).await?;
        let (Some(approved), Some(stage)) = (approved, stage) else {
            self.differs(format!("{name} (block {}): the chain has none", block.height));
            return Ok(());
        };
        let steps = approved.strategy.steps().to_vec();
        let chain = json!({
            "component": Name(approved.component),
            "digest": hash(approved.digest),
            "strategy": ReleaseStrategy::from(approved.strategy),
            "expires": { "moment": approved.expires },
            "expired": approved.expires <= block.moment,
        });
        self.compare(&name, block, mirror, chain);
        self.compare(&name, block, mirror, stage_of(stage));
        // The settings keep no reports, but these must lead to where the release is.
        let replayed = replayed(&steps, &mirror.reports).map_or_else(|problem| json!({ "stage": problem }), stage_of);
        self.compare(format!("{name}, what its reports lead to"), block, replayed, stage_of(stage));
        Ok(())
    }

    async fn anchors(&mut self) -> Result<()> {
        let Some((origins, block)) = self.list::<AnchorOrigin>("/v1/anchors/origins").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let count = view.ask(self.told(), &messages::origin_count()).await?;
        self.compare("number of origins", &block, origins.len(), count);
        let listed: BTreeSet<_> = origins.iter().map(|it| &it.origin.0).collect();
        for number in 0..count {
            let key = view.ask(self.told(), &messages::origin_key(number)).await?;
            self.listed("origin", &block, &listed, key.as_ref());
        }
        for it in &origins {
            let anchors = view.ask(self.told(), &messages::anchor_count(&it.origin.0)).await?;
            let latest = view.ask(self.told(), &messages::latest(&it.origin.0)).await?.map(anchor_of);
            let chain = json!({ "anchors": anchors, "latest": latest });
            self.compare(format!("origin {}", it.origin), &block, it, chain);
        }

        let Some((anchors, block)) = self.list::<Anchor>("/v1/anchors").await? else { return Ok(()) };
        let view = self.view(&block).await?;
        let mut counts: BTreeMap<&Key, u32> = origins.iter().map(|it| (&it.origin.0, 0)).collect();
        for anchor in &anchors {
            let Anchor { origin: Name(origin), number, .. } = anchor;
            *counts.entry(origin).or_default() += 1;
            let chain = view.ask(self.told(), &messages::anchor_at(origin, *number)).await?.map(anchor_of);
            self.compare(format!("anchor {number} of {}", origin.as_str()), &block, anchor, chain);
            self.report.anchors += 1;
        }
        for (origin, listed) in counts {
            let count = view.ask(self.told(), &messages::anchor_count(origin)).await?;
            self.compare(format!("number of anchors of {}", origin.as_str()), &block, listed, count);
        }
        Ok(())
    }

    /// Notes a name that the chain knows and the mirror does not.
    fn listed(&mut self, what: &str, block: &Block, listed: &BTreeSet<&Key>, key: Option<&Key>) {
        if let Some(missing) = key.filter(|key| !listed.contains(key)) {
            self.differs(format!("{what} {} (block {}): the mirror has none", missing.as_str(), block.height));
        }
    }
}

fn covers(span: &InForce, moment: Moment) -> bool {
    span.from.moment <= moment && span.until.is_none_or(|until| moment < until.moment)
}

fn parameter_of(chain: kept::Parameter) -> Value {
    let kept::Parameter { definition, course } = chain;
    json!({
        "owner": definition.owner,
        "bounds": ParameterBounds::from(definition.bounds),
        "note": definition.note,
        "value": course.value.map(ParameterValue::from),
        "next": course.next.map(ScheduledChange::from),
    })
}

fn flag_of(chain: kept::Flag) -> Value {
    let body = shown(&chain.body);
    json!({
        "owner": chain.control.owner,
        "ceiling_bps": chain.control.ceiling,
        "exposure_bps": chain.control.exposure,
        "killed": chain.control.killed,
        "definition": flag_json(&body),
        "body": body,
    })
}

/// A text as the mirror can hold it.
fn shown(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn stage_of(stage: Stage) -> Value {
    json!({ "stage": ReleaseStage::from(stage), "running": ReleaseRunning::of(stage) })
}

/// How far a release with these steps has come by these reports, by the contract's own rule.
fn replayed(steps: &[Step], reports: &[ReleaseReport]) -> Result<Stage, String> {
    reports.iter().try_fold(Stage::Approved, |stage, report| {
        let said = match (report.report, report.step) {
            (ReleaseReported::Revoked, _) => return Ok(Stage::Revoked),
            (ReleaseReported::Started, _) => Report::Started,
            (ReleaseReported::StepPassed, step) => Report::StepPassed(step.ok_or("a step without a number")?),
            (ReleaseReported::Completed, _) => Report::Completed,
            (ReleaseReported::RolledBack, _) => Report::RolledBack,
        };
        stage.after(said, steps, report.moment).map_err(|error| error.to_string())
    })
}

fn anchor_of(anchor: kept::Anchor) -> Value {
    json!({ "size": Natural(anchor.size), "root": hash(anchor.root), "moment": anchor.at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_lead_to_a_stage() {
        let said = |report, step, moment: Moment| ReleaseReport {
            report,
            step,
            by: None,
            proposal: None,
            height: 1,
            time: api::model::Time::from_moment(moment),
            moment,
        };
        let steps = [Step { exposure: ballot::BasisPoints::HALF, hold: 10 }];
        let started = said(ReleaseReported::Started, None, 5);
        let passed = said(ReleaseReported::StepPassed, Some(0), 15);
        assert_eq!(replayed(&steps, &[]), Ok(Stage::Approved));
        assert_eq!(replayed(&steps, std::slice::from_ref(&started)), Ok(Stage::Running { passed: 0, since: 5 }));
        let all = [started.clone(), passed.clone(), said(ReleaseReported::Completed, None, 15)];
        assert_eq!(replayed(&steps, &all), Ok(Stage::Completed));
        assert_eq!(replayed(&steps, &[started, said(ReleaseReported::Revoked, None, 6)]), Ok(Stage::Revoked));
        assert!(replayed(&steps, &[passed]).is_err(), "a report is missing");
    }
}
