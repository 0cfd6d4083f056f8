//! `gaia demo`: a proposal of each kind, with real keys on a real chain, read back from the API.

mod figures;
mod script;

use super::{
    Shared,
    contracts::Places,
    up::Interrupt,
    verify::{self, Report},
};
use crate::{
    Error, Result,
    api::Api,
    output::table,
    stack::{Home, Plan, Stack},
};
use clap::Args;
use client::Chain;
use figures::{Figures, Line};
use script::{Play, Round};
use serde::Serialize;
use std::time::Instant;

/// `gaia demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Leave everything running, and print the URLs; `gaia down` stops it
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    places: Places,
}

/// What `--json` prints: the treasury's payout as both sides tell it, and a line for each proposal.
#[derive(Debug, Serialize)]
struct Outcome {
    #[serde(flatten)]
    mirror: Figures,
    chain: Figures,
    proposals: Vec<Both>,
    mirror_equals_chain: bool,
    differences: Vec<String>,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<crate::stack::Running>,
}

/// A proposal as both sides tell it.
#[derive(Debug, Serialize)]
struct Both {
    #[serde(flatten)]
    mirror: Line,
    chain: Line,
}

impl Demo {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        if shared.chain.is_some() || shared.api.is_some() || shared.deployment.is_some() {
            return Err(Error::Usage(
                "the demo runs on a chain, contracts and an API of its own: leave out --chain, --api and --deployment"
                    .into(),
            ));
        }
        let began = Instant::now();
        let home = Home::new(shared.home()?.root().join("demo"))?;
        let _claim = home.claim()?;
        home.clear()?;
        let mut interrupt = Interrupt::new()?;
        let stack = Stack::start_unless(&self.plan(home.clone()), interrupt.wait()).await?;
        let played = tokio::select! {
            played = play(&stack, began) => played,
            () = interrupt.wait() => Err(Error::Interrupted),
        };
        let mut outcome = match played {
            Ok(outcome) => outcome,
            Err(error) => {
                stack.stop().await;
                return Err(error);
            }
        };
        if self.keep {
            outcome.running = Some(stack.running());
            stack.leave();
        } else {
            stack.stop().await;
        }
        shared.output().result(&outcome, |outcome| text(outcome, &home));
        match outcome.differences.len() {
            0 => Ok(()),
            differences => Err(Error::Differs(differences)),
        }
    }

    fn plan(&self, home: Home) -> Plan {
        let plan = Plan::private(home, self.places.bundles(), self.places.manifest.clone(), "demo");
        Plan { detached: self.keep, ..plan }
    }
}

async fn play(stack: &Stack, began: Instant) -> Result<Outcome> {
    let (chain, api) = (Chain::connect(&stack.chain_url).await?, Api::new(&stack.api_url)?);
    let play = Play::new(&chain, &stack.deployment.contracts)?;
    let Round { proposals, treasury, last, received } = play.run().await?;

    let mut differences = Vec::new();
    if received != Some(script::PAYOUT) {
        differences.push(format!("{} received {received:?}, and not {}", script::PAYEE, script::PAYOUT));
    }
    api.mirrored(last).await?;
    let view = chain.at_block(last.hash).await?;
    let mirror = figures::told_by_api(&api, treasury, &play.payee.account()).await?;
    let told = figures::told_by_chain(&view, play.contracts, treasury, received.unwrap_or_default()).await?;
    if mirror != told {
        differences.push(format!("API and chain differ: {mirror:?} and {told:?}"));
    }
    let mut both = Vec::new();
    for proposal in proposals {
        let line = Both {
            mirror: Line::told_by_api(&api, proposal).await?,
            chain: Line::told_by_chain(&view, play.contracts, proposal).await?,
        };
        if line.mirror != line.chain {
            differences.push(format!("API and chain differ: {:?} and {:?}", line.mirror, line.chain));
        }
        both.push(line);
    }
    let Report { differences: found, .. } = verify::verify(&chain, &api, &stack.deployment).await?;
    differences.extend(found);
    Ok(Outcome {
        mirror_equals_chain: differences.is_empty(),
        mirror,
        chain: told,
        proposals: both,
        differences,
        seconds: (began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        running: None,
    })
}

fn text(outcome: &Outcome, home: &Home) -> String {
    let Outcome { mirror, chain, proposals, .. } = outcome;
    let row = |name: &str, value: fn(&Figures) -> String| vec![name.to_owned(), value(mirror), value(chain)];
    let mut rows = vec![
        row("payout", |it| it.payout.clone()),
        row("votes for", |it| it.votes.in_favour.clone()),
        row("votes against", |it| it.votes.against.clone()),
        row("abstentions", |it| it.votes.abstain.clone()),
        row("voters", |it| it.votes.voters.to_string()),
    ];
    for line in proposals {
        rows.push(vec![line.mirror.name(), line.mirror.outcome(), line.chain.outcome()]);
    }
    let mut lines = vec![String::new(), table(&["", "from the API", "from the chain"], &rows), String::new()];
    lines.extend(outcome.differences.iter().cloned());
    let verdict = if outcome.mirror_equals_chain { "mirror and chain agree" } else { "mirror and chain DIFFER" };
    lines.push(format!("{verdict}; {} s", outcome.seconds));
    if let Some(running) = &outcome.running {
        let url = |url: &Option<String>| url.clone().unwrap_or_default();
        lines.push(format!("left running: chain {}, API {}", url(&running.chain_url), url(&running.api_url)));
        lines.push(format!("stop it with: gaia --home {} down", home.root().display()));
    }
    lines.join("\n")
}
