//! One module per verb.

mod act;
mod acting;
mod bench;
mod contracts;
mod count;
mod delegate;
mod demo;
mod down;
mod index;
mod propose;
mod registry;
mod rules;
mod settings;
mod status;
mod tally;
mod treasury;
mod up;
mod verify;
mod vote;
mod with_postgres;

pub use count::{Outcome as Counted, PAGE, count, line as round_line};
pub use propose::{GENERAL, call, deposit, payment};
pub use registry::for_a_year;
pub use verify::{Report, verify};

use crate::{Error, Result, api::Api, deploy, output::Output, stack::Home};
use act::Act;
use clap::{Args, Parser, Subcommand};
use client::{Chain, Deployment, Signer, messages::governor};
use std::{ffi::OsString, path::PathBuf};

/// Governance of GaiaExchanges: proposals, votes and the treasury, from the command line.
#[derive(Debug, Parser)]
#[command(name = "gaia", version, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// Print one JSON value on standard output
    #[arg(long, global = true)]
    json: bool,
    /// Folder with the data of `gaia up`
    #[arg(long, global = true, value_name = "DIR", default_value = ".gaia", env = "GAIA_HOME")]
    home: PathBuf,
    /// Chain to use, ws://host:port; by default the one that runs from the home folder
    #[arg(long, global = true, value_name = "URL")]
    chain: Option<String>,
    /// API to use, http://host:port; by default the one that runs from the home folder
    #[arg(long, global = true, value_name = "URL")]
    api: Option<String>,
    /// Deployment file that says which contracts are meant; by default the home folder's
    #[arg(long, global = true, value_name = "FILE")]
    deployment: Option<PathBuf>,
}

/// Who signs.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct Signing {
    /// Sign with a development key, like //Alice
    #[arg(long, value_name = "NAME")]
    signer: Option<String>,
    /// Sign with the key whose secret phrase or seed stands in this file
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run Postgres, chain, contracts, indexer and API until Ctrl-C
    Up(up::Up),
    /// Stop what runs from the home folder
    Down,
    /// Say what runs, at which block, and how far behind
    Status,
    /// Play a proposal of each kind, from tokens to payout, and compare API and chain
    Demo(demo::Demo),
    /// Build and deploy the contracts
    #[command(subcommand)]
    Contracts(contracts::Contracts),
    /// Make a proposal; its deposit is sent along
    Propose(propose::Propose),
    /// Write a draft of a proposal, for others to sponsor
    Draft(propose::Propose),
    /// Write a draft anew; whoever sponsored it is asked again
    Edit(propose::Edit),
    /// Lend voting power to a draft
    Sponsor(Act),
    /// Turn a draft into a proposal; its deposit is sent along
    Submit(Act),
    /// Vote on a proposal, or change a vote
    Vote(vote::Vote),
    /// Let tokens vote through representatives
    Delegate(delegate::Delegate),
    /// Revoke all delegation
    Undelegate(delegate::Undelegate),
    /// Send a vote or a delegation that somebody else signed
    Relay(delegate::Relay),
    /// Count the rankings of a poll whose voting is over
    Count(count::Count),
    /// Start the execution delay of a proposal that has passed
    Queue(Act),
    /// Execute a queued proposal
    Execute(Act),
    /// Take a proposal back: its proposer before voting opens, the guardian until it is executed
    Cancel(Act),
    /// Veto a proposal, as guardian
    Veto(act::Veto),
    /// Pay the deposit of a proposal that is over to whom it is due
    Settle(Act),
    /// Say which person or entity an account belongs to, as attestor
    Attest(registry::Attest),
    /// Attest an identity anew, as attestor
    Renew(registry::Renew),
    /// Say that an identity is attested no more, as its attestor
    Revoke(registry::Revoke),
    /// Note that the time of an identity's attestation is over; anyone can
    Expire(registry::Expire),
    /// Say that an account belongs to nobody any more: the account itself, or its attestor
    Detach(registry::Detach),
    /// Let an account or an identity be paid no more, as compliance officer
    Freeze(registry::Freeze),
    /// End a freeze, as compliance officer
    Unfreeze(registry::Unfreeze),
    /// Let an account join the identity of another, as both sign
    #[command(subcommand)]
    Link(registry::Link),
    /// Show an identity, or the one that an account belongs to
    Identity(registry::Identity),
    /// Show who has which role now
    Roles(registry::Roles),
    /// Show the keys that sign the audit logs' checkpoints
    Keys(registry::Keys),
    /// Send governance tokens
    Transfer(act::Transfer),
    /// See what the treasury holds, and approve, release and claim what it owes
    #[command(subcommand)]
    Treasury(treasury::Treasury),
    /// Show the rules for proposals of each kind
    Rules,
    /// Show what systems go by: all parameters, or one with all that was ever done to it
    Parameters(settings::Parameters),
    /// Show the feature flags, or one with all that was ever done to it
    Flags(settings::Flags),
    /// Steer a feature flag, as operator
    #[command(subcommand)]
    Flag(settings::Steer),
    /// Show the releases of software, or one with all that was reported of it
    Releases(settings::Releases),
    /// Say how far a release has come, as operator
    #[command(subcommand)]
    Release(settings::Release),
    /// Note on chain what an audit log is now, as holder of one of its keys
    Anchor(settings::Anchor),
    /// Show what audit logs were when they were last anchored, or all anchors of one
    Anchors(settings::Anchors),
    /// Count the ranked ballots of an election in a file
    Tally(tally::Tally),
    /// Compare the mirror with what the contracts answer at the same block
    Verify,
    /// See whether the mirror is whole, or project it anew
    #[command(subcommand)]
    Index(index::Index),
    /// Measure
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Run a command beside a throw-away Postgres, whose URL it finds in GAIA_TEST_DATABASE
    #[command(hide = true)]
    WithPostgres {
        /// The command and its arguments
        #[arg(required = true, trailing_var_arg = true)]
        command: Vec<OsString>,
    },
}

impl Arguments {
    /// How to print.
    pub fn output(&self) -> Output {
        self.shared.output()
    }

    /// Does what was asked.
    ///
    /// # Errors
    /// With a sentence that says what to do.
    pub async fn run(self) -> Result<()> {
        let shared = self.shared;
        match self.verb {
            Verb::Up(up) => up.run(&shared).await,
            Verb::Down => down::run(&shared).await,
            Verb::Status => status::run(&shared).await,
            Verb::Demo(demo) => demo.run(&shared).await,
            Verb::Contracts(contracts) => contracts.run(&shared).await,
            Verb::Propose(propose) => propose.propose(&shared).await,
            Verb::Draft(draft) => draft.draft(&shared).await,
            Verb::Edit(edit) => edit.run(&shared).await,
            Verb::Sponsor(act) => act.send(&shared, governor::sponsor, "sponsored").await,
            Verb::Submit(Act { proposal, signing }) => propose::submit(&shared, &signing, proposal).await,
            Verb::Vote(vote) => vote.run(&shared).await,
            Verb::Delegate(delegate) => delegate.run(&shared).await,
            Verb::Undelegate(undelegate) => undelegate.run(&shared).await,
            Verb::Relay(relay) => relay.run(&shared).await,
            Verb::Count(count) => count.run(&shared).await,
            Verb::Queue(act) => act.send(&shared, governor::queue, "queued").await,
            Verb::Execute(act) => act.send(&shared, governor::execute, "executed").await,
            Verb::Cancel(act) => act.send(&shared, governor::cancel, "cancelled").await,
            Verb::Veto(veto) => veto.run(&shared).await,
            Verb::Settle(act) => act.send(&shared, governor::settle, "settled").await,
            Verb::Attest(attest) => attest.run(&shared).await,
            Verb::Renew(renew) => renew.run(&shared).await,
            Verb::Revoke(revoke) => revoke.run(&shared).await,
            Verb::Expire(expire) => expire.run(&shared).await,
            Verb::Detach(detach) => detach.run(&shared).await,
            Verb::Freeze(freeze) => freeze.run(&shared).await,
            Verb::Unfreeze(unfreeze) => unfreeze.run(&shared).await,
            Verb::Link(link) => link.run(&shared).await,
            Verb::Identity(identity) => identity.run(&shared).await,
            Verb::Roles(roles) => roles.run(&shared).await,
            Verb::Keys(keys) => keys.run(&shared).await,
            Verb::Transfer(transfer) => transfer.run(&shared).await,
            Verb::Treasury(treasury) => treasury.run(&shared).await,
            Verb::Rules => rules::run(&shared).await,
            Verb::Parameters(parameters) => parameters.run(&shared).await,
            Verb::Flags(flags) => flags.run(&shared).await,
            Verb::Flag(steer) => steer.run(&shared).await,
            Verb::Releases(releases) => releases.run(&shared).await,
            Verb::Release(release) => release.run(&shared).await,
            Verb::Anchor(anchor) => anchor.run(&shared).await,
            Verb::Anchors(anchors) => anchors.run(&shared).await,
            Verb::Tally(tally) => tally.run(&shared),
            Verb::Verify => verify::run(&shared).await,
            Verb::Index(index) => index.run(&shared).await,
            Verb::Bench(bench) => bench.run(&shared).await,
            Verb::WithPostgres { command } => with_postgres::run(&command).await,
        }
    }
}

impl Shared {
    fn output(&self) -> Output {
        if self.json { Output::Json } else { Output::Text }
    }

    fn home(&self) -> Result<Home> {
        Home::new(&self.home)
    }

    fn chain_url(&self) -> Result<String> {
        let home = self.home()?;
        match &self.chain {
            Some(url) => Ok(url.clone()),
            None => home.running().and_then(|running| running.chain_url).ok_or_else(|| not_running(&home)),
        }
    }

    async fn chain(&self) -> Result<Chain> {
        Ok(Chain::connect(&self.chain_url()?).await?)
    }

    fn api(&self) -> Result<Api> {
        let home = self.home()?;
        let url = match &self.api {
            Some(url) => url.clone(),
            None => home.running().and_then(|running| running.api_url).ok_or_else(|| not_running(&home))?,
        };
        Api::new(&url)
    }

    /// The deployment, checked to be on this chain.
    async fn deployment(&self, chain: &Chain) -> Result<Deployment> {
        let path = match &self.deployment {
            Some(path) => path.clone(),
            None => self.home()?.deployment(),
        };
        deploy::known(chain, &path).await
    }
}

fn not_running(home: &Home) -> Error {
    Error::NotRunning { home: home.root().to_owned() }
}

impl Signing {
    fn signer(&self) -> Result<Signer> {
        match (&self.signer, &self.key_file) {
            (_, Some(path)) => Ok(Signer::from_file(path)?),
            (Some(name), None) => Ok(Signer::development(name)?),
            (None, None) => Err(Error::Usage("say who signs: --signer //Alice or --key-file FILE".into())),
        }
    }
}
