//! `gaia up`.

use super::{Shared, contracts::Places};
use crate::{
    Error, Result,
    output::say,
    stack::{Home, Identity, Plan, Seal, Stack},
};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

/// `gaia up`.
#[derive(Debug, Args)]
pub struct Up {
    /// Use this database instead of a private cluster; may also be given as GAIA_DATABASE_URL, where arguments are seen
    #[arg(long, value_name = "URL", env = "GAIA_DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
    /// Port of the chain's RPC; 0 for any
    #[arg(long, value_name = "PORT", default_value_t = 9944)]
    chain_port: u16,
    /// Port of the API; 0 for any
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    api_port: u16,
    /// Milliseconds between blocks, besides those made for transactions
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    block_time: u64,
    /// Network of the manifest whose values the contracts are instantiated with
    #[arg(long, default_value = "local")]
    network: String,
    #[command(flatten)]
    places: Places,
}

impl Up {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        if shared.api.is_some() {
            return Err(Error::Usage("gaia up starts an API of its own: leave out --api".into()));
        }
        let home = shared.home()?;
        let _claim = home.claim()?;
        let plan = self.plan(shared, home);
        let mut interrupt = Interrupt::new()?;
        let mut stack = Stack::start_unless(&plan, interrupt.wait()).await?;
        // This process first: whoever stops it has stopped them all.
        let mut running = stack.running();
        running.services.insert(0, Identity::own("gaia up"));
        plan.home.record(&running)?;
        shared.output().result(&running, |running| {
            let url = |url: &Option<String>| url.clone().unwrap_or_default();
            format!(
                "up\n  chain       {}\n  API         {}\n  deployment  {}\n  logs        {}\nCtrl-C stops everything; the data is kept",
                url(&running.chain_url),
                url(&running.api_url),
                plan.deployment().display(),
                plan.home.root().join("logs").display(),
            )
        });
        let failure = tokio::select! {
            error = stack.failure() => Some(error),
            () = interrupt.wait() => None,
        };
        say("stopping");
        stack.stop().await;
        failure.map_or(Ok(()), Err)
    }

    fn plan(self, shared: &Shared, home: Home) -> Plan {
        Plan {
            home,
            chain: shared.chain.clone(),
            database: self.database,
            chain_port: self.chain_port,
            api_port: self.api_port,
            block_time: self.block_time,
            keep_chain: true,
            seal: Seal::Instant,
            chain_id: None,
            detached: false,
            deployment: shared.deployment.clone(),
            bundles: self.places.bundles(),
            manifest: self.places.manifest,
            network: self.network,
        }
    }
}

/// Ctrl-C, or a polite kill.
pub(super) struct Interrupt {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Interrupt {
    pub(super) fn new() -> Result<Self> {
        let listen = |kind| signal(kind).map_err(|error| Error::Usage(format!("signals cannot be heard: {error}")));
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    pub(super) async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
