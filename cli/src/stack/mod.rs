//! The services behind the product, started and stopped together: Postgres, the chain, the indexer and the API.
//!
//! Each is a process of its own with a log under the home folder. They form one process group, apart from the
//! terminal's, so that Ctrl-C reaches only the one who started them, who then stops them in order.

mod home;
mod postgres;
mod programs;
mod service;

pub use home::{Home, Running};
pub use postgres::{Cluster, Role};
pub use programs::Programs;
pub use service::{Service, Spec};

use crate::{Result, deploy, output::say};
use client::{Chain, Deployment};
use std::{path::PathBuf, time::Duration};

/// How long a service may take to start. The chain compiles its runtime first.
const START: Duration = Duration::from_secs(120);

/// What to start, and what to use that is there already.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where data, logs and the deployment file go.
    pub home: Home,
    /// A chain that is there already; otherwise one is started.
    pub chain: Option<String>,
    /// A database that is there already; otherwise a private cluster is started.
    pub database: Option<String>,
    /// Port of the chain that is started; 0 for any.
    pub chain_port: u16,
    /// Port of the API; 0 for any.
    pub api_port: u16,
    /// Milliseconds between the blocks of the chain that is started, besides those made for transactions.
    pub block_time: u64,
    /// Keep the chain's data under the home folder; otherwise in memory.
    pub keep_chain: bool,
    /// How the chain that is started makes blocks.
    pub seal: Seal,
    /// Name of the chain that is started, if not its own: another name is another chain.
    pub chain_id: Option<String>,
    /// Let the services outlive this process.
    pub detached: bool,
    /// Contract bundles.
    pub bundles: PathBuf,
    /// `Cargo-contract.toml`, for what the contracts are instantiated with.
    pub manifest: PathBuf,
    /// Which of its networks.
    pub network: String,
}

/// How the chain makes blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// At once for every transaction, and at every block time.
    Instant,
    /// When told over RPC.
    Manual,
}

/// Running services.
#[derive(Debug)]
pub struct Stack {
    /// The chain's URL.
    pub chain_url: String,
    /// The API's URL.
    pub api_url: String,
    /// The contracts.
    pub deployment: Deployment,
    home: Home,
    programs: Programs,
    database: Databases,
    cluster: Option<Service>,
    chain: Option<Service>,
    indexer: Option<Service>,
    api: Option<Service>,
    detached: bool,
}

/// Starts the plan's chain and nothing else, unless there is one already; with its URL.
///
/// # Errors
/// If it does not start.
pub async fn start_chain(plan: &Plan) -> Result<(Option<Service>, String)> {
    plan.home.create()?;
    the_chain(plan, &Programs::find()?, &mut None).await
}

async fn the_chain(plan: &Plan, programs: &Programs, group: &mut Option<i32>) -> Result<(Option<Service>, String)> {
    if let Some(url) = &plan.chain {
        return Ok((None, url.clone()));
    }
    say("starting the chain");
    let mut service = Service::start(&programs.chain_spec(plan), group, plan.detached)?;
    match service.listening("ws://", START).await {
        Ok(url) => Ok((Some(service), url)),
        Err(error) => {
            service.stop().await;
            Err(error)
        }
    }
}

/// The database as each of its users sees it.
#[derive(Debug, Clone)]
struct Databases {
    indexer: String,
    api: String,
}

impl Stack {
    /// Starts everything that the plan asks for, deploying the contracts if the home folder knows none.
    ///
    /// # Errors
    /// If a program or bundle is missing, a service does not start, or the chain or database refuses. What was
    /// started by then is stopped again.
    pub async fn start(plan: &Plan) -> Result<Self> {
        let programs = Programs::find()?;
        plan.home.create()?;
        let mut group = None;
        let mut started = Vec::new();
        match Self::start_all(plan, programs, &mut group, &mut started).await {
            Ok(stack) => Ok(stack),
            Err(error) => {
                while let Some(service) = started.pop() {
                    let service: Service = service;
                    service.stop().await;
                }
                Err(error)
            }
        }
    }

    async fn start_all(
        plan: &Plan,
        programs: Programs,
        group: &mut Option<i32>,
        started: &mut Vec<Service>,
    ) -> Result<Self> {
        let database = match &plan.database {
            Some(url) => Databases { indexer: url.clone(), api: url.clone() },
            None => {
                let cluster = Cluster::create(&plan.home)?;
                say("starting Postgres");
                started.push(cluster.start(&plan.home, group, plan.detached).await?);
                cluster.provision()?;
                say("  migrating the database");
                programs.migrate(&cluster.url(Role::Owner))?;
                Databases { indexer: cluster.url(Role::Indexer), api: cluster.url(Role::Api) }
            }
        };
        if let Some(url) = &plan.database {
            programs.migrate(url)?;
        }
        let (service, chain_url) = the_chain(plan, &programs, group).await?;
        started.extend(service);
        let chain = Chain::connect(&chain_url).await?;
        let deployment = deploy::ensure(&chain, plan).await?;
        let url = chain_url.clone();
        let mut stack = Self {
            chain_url,
            api_url: String::new(),
            deployment,
            home: plan.home.clone(),
            programs,
            database,
            cluster: None,
            chain: None,
            indexer: None,
            api: None,
            detached: plan.detached,
        };
        say("starting the indexer");
        let mut indexer = Service::start(&stack.indexer_spec(&url), group, plan.detached)?;
        let listening = indexer.listening("http://", START).await;
        started.push(indexer);
        listening?;
        say("starting the API");
        let spec = stack.programs.api_spec(&stack.home, &stack.database.api, plan.api_port);
        let mut api = Service::start(&spec, group, plan.detached)?;
        let listening = api.listening("http://", START).await;
        started.push(api);
        stack.api_url = listening?;
        for service in started.drain(..) {
            let slot = match service.name() {
                "postgres" => &mut stack.cluster,
                "chain" => &mut stack.chain,
                "indexer" => &mut stack.indexer,
                _ => &mut stack.api,
            };
            *slot = Some(service);
        }
        stack.home.record(&stack.running())?;
        Ok(stack)
    }

    /// What runs, for the file that `gaia status` and `gaia down` read.
    pub fn running(&self) -> Running {
        Running {
            chain_url: self.chain_url.clone(),
            api_url: self.api_url.clone(),
            services: self.services().map(|service| service.identity()).collect(),
        }
    }

    fn services(&self) -> impl Iterator<Item = &Service> {
        // In the order of stopping: whoever uses another goes first.
        [&self.api, &self.indexer, &self.chain, &self.cluster].into_iter().flatten()
    }

    fn indexer_spec(&self, chain_url: &str) -> Spec {
        self.programs.indexer_spec(&self.home, &self.database.indexer, chain_url)
    }

    /// The database as the indexer sees it.
    pub fn database_url(&self) -> &str {
        &self.database.indexer
    }

    /// Hands over the indexer, for somebody who means to kill it.
    pub fn take_indexer(&mut self) -> Option<Service> {
        self.indexer.take()
    }

    /// Starts the indexer again after it was taken.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_indexer(&mut self) -> Result<()> {
        // The group of the others may be gone from this process's sight; a group of its own does as well.
        let mut indexer = Service::start(&self.indexer_spec(&self.chain_url), &mut None, self.detached)?;
        indexer.listening("http://", START).await?;
        self.indexer = Some(indexer);
        Ok(())
    }

    /// Waits until a service stops by itself, and says which.
    pub async fn failure(&mut self) -> crate::Error {
        loop {
            for service in [&mut self.api, &mut self.indexer, &mut self.chain, &mut self.cluster].into_iter().flatten()
            {
                if let Some(error) = service.failed() {
                    return error;
                }
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Stops everything that was started, in order.
    pub async fn stop(self) {
        let home = self.home.clone();
        for service in [self.api, self.indexer, self.chain, self.cluster].into_iter().flatten() {
            service.stop().await;
        }
        home.forget();
    }

    /// Leaves everything running.
    pub fn leave(self) {
        for service in [self.api, self.indexer, self.chain, self.cluster].into_iter().flatten() {
            service.leave();
        }
    }
}
