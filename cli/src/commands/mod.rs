//! One module per verb.

mod bench;
mod contracts;
mod demo;
mod down;
mod proposal;
mod status;
mod up;
mod verify;
mod with_postgres;

pub use proposal::payment;
pub use verify::{Report, verify};

use crate::{
    Error, Result,
    api::Api,
    deploy,
    output::Output,
    parse::{Account, Amount, Hash, Payment, Support},
    stack::Home,
};
use clap::{Args, Parser, Subcommand};
use client::{Chain, Deployment, Signer};
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
    /// Play a whole round, from tokens to payout, and compare API and chain
    Demo(demo::Demo),
    /// Build and deploy the contracts
    #[command(subcommand)]
    Contracts(contracts::Contracts),
    /// Propose payments from the treasury
    Propose {
        /// What is proposed, in one line
        #[arg(long)]
        title: String,
        /// Where it is discussed
        #[arg(long, default_value = "")]
        link: String,
        /// File with the proposal's full text, whose hash goes on chain
        #[arg(long, value_name = "FILE", conflicts_with = "content_hash")]
        text: Option<PathBuf>,
        /// BLAKE2b-256 of the proposal's full text, if not given by --text
        #[arg(long, value_name = "0xHASH")]
        content_hash: Option<Hash>,
        /// A payment in base units of the native currency; may be repeated
        #[arg(long = "pay", value_name = "ACCOUNT=AMOUNT", required = true)]
        payments: Vec<Payment>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Vote on a proposal
    Vote {
        /// The proposal's number
        proposal: u32,
        /// For, against or abstain
        support: Support,
        #[command(flatten)]
        signing: Signing,
    },
    /// Start the execution delay of a proposal that has passed
    Queue(Act),
    /// Execute a queued proposal
    Execute(Act),
    /// Take a proposal back before voting opens
    Cancel(Act),
    /// Send governance tokens
    Transfer {
        /// To whom
        to: Account,
        /// How many, in base units
        amount: Amount,
        #[command(flatten)]
        signing: Signing,
    },
    /// Compare the mirror with what the contracts answer at the same block
    Verify,
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

/// Something done to a proposal.
#[derive(Debug, Args)]
struct Act {
    /// The proposal's number
    proposal: u32,
    #[command(flatten)]
    signing: Signing,
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
            Verb::Propose { title, link, text, content_hash, payments, signing } => {
                let content = proposal::content(text.as_deref(), content_hash)?;
                proposal::propose(&shared, &signing, title, link, content, &payments).await
            }
            Verb::Vote { proposal, support, signing } => {
                proposal::vote(&shared, &signing, proposal, support.into()).await
            }
            Verb::Queue(Act { proposal, signing }) => proposal::queue(&shared, &signing, proposal).await,
            Verb::Execute(Act { proposal, signing }) => proposal::execute(&shared, &signing, proposal).await,
            Verb::Cancel(Act { proposal, signing }) => proposal::cancel(&shared, &signing, proposal).await,
            Verb::Transfer { to, amount, signing } => proposal::transfer(&shared, &signing, to, amount).await,
            Verb::Verify => verify::run(&shared).await,
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

    async fn chain(&self) -> Result<Chain> {
        let home = self.home()?;
        let url = match &self.chain {
            Some(url) => url.clone(),
            None => home.running().and_then(|running| running.chain_url).ok_or_else(|| not_running(&home))?,
        };
        Ok(Chain::connect(&url).await?)
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
