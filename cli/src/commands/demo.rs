//! `gaia demo`: one whole round, with real keys on a real chain, read back from the API.

use super::{
    Shared,
    contracts::Places,
    proposal::payment,
    up::Interrupt,
    verify::{self, Report},
};
use crate::{
    Error, Result,
    api::Api,
    clock,
    output::{say, table},
    parse::{Account, Amount, Payment},
    stack::{Home, Plan, Stack},
};
use api::model::{Answer, Movement, MovementKind, Page, Proposal, Status};
use ballot::{Majority, Support};
use clap::Args;
use client::{Block, Chain, Sent, Signer, development_account, messages::governor};
use interfaces::{
    ProposalId,
    governor::{ProposalRequest, Rules},
    lifecycle::{Progress, State},
};
use serde::Serialize;
use std::time::{Duration, Instant};

/// What the treasury is asked to pay, in base units.
const PAYOUT: u128 = 250_000_000_000_000;

/// Who votes what.
const VOTES: [(&str, Support); 5] = [
    ("Alice", Support::For),
    ("Bob", Support::For),
    ("Charlie", Support::Against),
    ("Dave", Support::Abstain),
    ("Eve", Support::For),
];

/// Who is paid; holds no tokens and sends nothing, so that its balance changes by the payout and nothing else.
const PAYEE: &str = "Ferdie";

/// `gaia demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Leave everything running, and print the URLs; `gaia down` stops it
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    places: Places,
}

/// One side's figures of the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Figures {
    proposal: ProposalId,
    state: State,
    votes: Votes,
    payout: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Votes {
    #[serde(rename = "for")]
    in_favour: String,
    against: String,
    abstain: String,
    voters: u64,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Outcome {
    #[serde(flatten)]
    mirror: Figures,
    chain: Figures,
    mirror_equals_chain: bool,
    differences: Vec<String>,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<crate::stack::Running>,
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
            played = Round::play(&stack, began) => played,
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

/// The round as it is played.
struct Round<'a> {
    stack: &'a Stack,
    chain: Chain,
    api: Api,
    rules: Rules,
    payee: Signer,
}

impl<'a> Round<'a> {
    async fn new(stack: &'a Stack) -> Result<Self> {
        let chain = Chain::connect(&stack.chain_url).await?;
        let rules = chain.contract(stack.deployment.contracts.governor.account).ask(&governor::rules()).await?;
        let payee = development_account(PAYEE)?;
        Ok(Self { stack, chain, api: Api::new(&stack.api_url)?, rules, payee })
    }

    fn governor(&self) -> client::Contract<'_> {
        self.chain.contract(self.stack.deployment.contracts.governor.account)
    }

    async fn play(stack: &'a Stack, began: Instant) -> Result<Outcome> {
        Self::new(stack).await?.run(began).await
    }

    async fn run(&self, began: Instant) -> Result<Outcome> {
        let treasury = self.stack.deployment.contracts.treasury.account;
        let before = self.chain.free_balance(&self.payee.account(), self.chain.head().await?.hash).await?;

        let order = Payment { payee: Account(self.payee.account()), amount: Amount(PAYOUT) };
        let request = ProposalRequest {
            title: format!("Pay {PAYEE} for the audit of the order book"),
            link: "https://forum.gaiaexchanges.example/t/1".into(),
            content_hash: client::blake2_256(b"The full text of the proposal.").into(),
            calls: vec![payment(treasury, &order)],
        };
        let proposer = development_account(VOTES[0].0)?;
        let made = self.governor().send(&proposer, &governor::propose(&request)).await?;
        let proposal = made.answer;
        step(&made, &format!("{} proposes to pay {PAYEE} {PAYOUT}: proposal {proposal}", VOTES[0].0));

        clock::pass(&self.chain, "voting opens", made.block, self.rules.voting_delay).await?;
        for (name, support) in VOTES {
            let voter = development_account(name)?;
            let sent = self.governor().send(&voter, &governor::vote(proposal, support)).await?;
            step(&sent, &format!("{name} votes {}", support.as_str()));
        }
        clock::pass(&self.chain, "voting ends", made.block, self.rules.voting_delay + self.rules.voting_period).await?;
        let queued = self.governor().send(&proposer, &governor::queue(proposal)).await?;
        step(&queued, "the proposal has passed and is queued");
        clock::pass(&self.chain, "the delay passes", queued.block, self.rules.execution_delay).await?;
        let executed = self.governor().send(&proposer, &governor::execute(proposal)).await?;
        step(&executed, "the proposal is executed");

        let after = self.chain.free_balance(&self.payee.account(), executed.block.hash).await?;
        let received = after.checked_sub(before);
        let mut differences = Vec::new();
        if received != Some(PAYOUT) {
            differences.push(format!("{PAYEE} held {before} before and {after} after: that is not {PAYOUT} more"));
        }
        self.mirrored(executed.block).await?;
        let mirror = self.told_by_api(proposal).await?;
        let chain = self.told_by_chain(proposal, executed.block, received.unwrap_or_default()).await?;
        if mirror != chain {
            differences.push(format!("API and chain differ: {mirror:?} and {chain:?}"));
        }
        let Report { differences: found, .. } = verify::verify(&self.chain, &self.api, &self.stack.deployment).await?;
        differences.extend(found);
        Ok(Outcome {
            mirror_equals_chain: differences.is_empty(),
            mirror,
            chain,
            differences,
            seconds: (began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
            running: None,
        })
    }

    /// Waits until the mirror has a block.
    async fn mirrored(&self, block: Block) -> Result<()> {
        const PATIENCE: Duration = Duration::from_secs(30);
        let end = Instant::now() + PATIENCE;
        loop {
            let status: Answer<Status> = self.api.one("/v1/status").await?;
            if status.block.height >= block.height {
                return Ok(());
            }
            if Instant::now() > end {
                let what = format!("mirroring of block {}", block.height);
                return Err(Error::TooLate { what, seconds: PATIENCE.as_secs() });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn told_by_api(&self, proposal: ProposalId) -> Result<Figures> {
        let answer: Answer<Proposal> = self.api.one(&format!("/v1/proposals/{proposal}")).await?;
        let payments: Vec<Page<Movement>> = self.api.pages("/v1/treasury/movements?kind=payment").await?;
        let payee = self.payee.account().0;
        let paid = payments.iter().flat_map(|page| &page.data).filter(|movement| {
            movement.kind == MovementKind::Payment
                && movement.proposal == Some(proposal)
                && <[u8; 32]>::from(movement.account) == payee
        });
        let payout: u128 = paid.map(|movement| movement.amount.0).sum();
        let counts = answer.data.votes;
        Ok(Figures {
            proposal,
            state: answer.data.state,
            votes: Votes {
                in_favour: counts.in_favour.to_string(),
                against: counts.against.to_string(),
                abstain: counts.abstain.to_string(),
                voters: answer.data.voters,
            },
            payout: payout.to_string(),
        })
    }

    async fn told_by_chain(&self, proposal: ProposalId, block: Block, payout: u128) -> Result<Figures> {
        let governor = self.governor();
        let tally: Majority = governor.ask_at(&governor::tally(proposal), block.hash).await?.unwrap_or_default();
        let kept = governor.ask_at(&governor::proposal(proposal), block.hash).await?;
        let mut voters = 0;
        for (name, _) in VOTES {
            let account = development_account(name)?.account().0.into();
            voters += u64::from(governor.ask_at(&governor::receipt(proposal, account), block.hash).await?.is_some());
        }
        let executed = kept.is_some_and(|kept| kept.progress == Progress::Executed);
        let state = match governor.ask_at(&governor::state(proposal), block.hash).await? {
            Ok(state) if executed == (state == State::Executed) => state,
            other => return Err(Error::Usage(format!("the governor's answers contradict each other: {other:?}"))),
        };
        Ok(Figures {
            proposal,
            state,
            votes: Votes {
                in_favour: tally.in_favour.to_string(),
                against: tally.against.to_string(),
                abstain: tally.abstain.to_string(),
                voters,
            },
            payout: payout.to_string(),
        })
    }
}

fn step<T>(sent: &Sent<T>, what: &str) {
    say(format!("  block {:>5}  {what}", sent.block.height));
}

fn text(outcome: &Outcome, home: &Home) -> String {
    let Outcome { mirror, chain, .. } = outcome;
    let row = |name: &str, value: fn(&Figures) -> String| vec![name.to_owned(), value(mirror), value(chain)];
    let rows = [
        row("proposal", |it| it.proposal.to_string()),
        row("state", |it| it.state.to_string()),
        row("votes for", |it| it.votes.in_favour.clone()),
        row("votes against", |it| it.votes.against.clone()),
        row("abstentions", |it| it.votes.abstain.clone()),
        row("voters", |it| it.votes.voters.to_string()),
        row("payout", |it| it.payout.clone()),
    ];
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
