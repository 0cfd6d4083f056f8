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
pub use service::{Identity, Service, Spec};

use crate::{Result, api::Api, deploy, output::say};
use client::{Chain, Deployment};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

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
    /// The file that says which contracts are meant; written if it is not there. By default the home folder's.
    pub deployment: Option<PathBuf>,
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

impl Plan {
    /// A chain in memory and a cluster of its own, on ports that nobody else has, gone when this process is.
    pub fn private(home: Home, bundles: PathBuf, manifest: PathBuf, network: &str) -> Self {
        Self {
            home,
            chain: None,
            database: None,
            chain_port: 0,
            api_port: 0,
            block_time: 500,
            keep_chain: false,
            seal: Seal::Instant,
            chain_id: None,
            detached: false,
            bundles,
            deployment: None,
            manifest,
            network: network.to_owned(),
        }
    }

    /// The file that says which contracts are meant.
    pub fn deployment(&self) -> PathBuf {
        self.deployment.clone().unwrap_or_else(|| self.home.deployment())
    }
}

/// Running services.
#[derive(Debug)]
pub struct Stack {
    /// The chain's URL.
    pub chain_url: String,
    /// The API's URL.
    pub api_url: String,
    /// The indexer's URL, for its metrics and health.
    pub indexer_url: String,
    /// The contracts.
    pub deployment: Deployment,
    plan: Plan,
    programs: Programs,
    database: Databases,
    services: Services,
}

/// Where services listen.
struct Urls {
    chain: String,
    api: String,
    indexer: String,
}

/// The database as each of its users sees it.
#[derive(Debug, Clone)]
struct Databases {
    indexer: String,
    api: String,
}

/// The processes, in the order of starting. Each is written down as soon as it runs, so that `gaia down` finds it
/// whatever becomes of this process.
#[derive(Debug)]
struct Services {
    home: Home,
    detached: bool,
    group: Option<i32>,
    all: Vec<Service>,
    chain_url: Option<String>,
    api_url: Option<String>,
}

impl Services {
    fn new(plan: &Plan) -> Self {
        let (home, detached) = (plan.home.clone(), plan.detached);
        Self { home, detached, group: None, all: Vec::new(), chain_url: None, api_url: None }
    }

    /// Takes in a process that has just been started.
    fn add(&mut self, service: Service) -> Result<&mut Service> {
        self.all.push(service);
        self.home.record(&self.running())?;
        let last = self.all.len() - 1;
        Ok(&mut self.all[last])
    }

    /// Starts a process and waits until it says where it listens.
    async fn begin(&mut self, spec: &Spec, scheme: &str) -> Result<String> {
        let service = Service::start(spec, &mut self.group, self.detached)?;
        self.add(service)?.listening(scheme, START).await
    }

    /// Waits until the API can answer: at first the mirror holds no block yet. It may be far behind for a while, where a
    /// chain is not new.
    async fn ready(&mut self, api: &Api) -> Result<()> {
        let end = Instant::now() + START;
        loop {
            match api.get::<serde_json::Value>("/v1/status").await {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > end => return Err(error),
                Err(_) => {}
            }
            if let Some(error) = self.failed() {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// What has stopped by itself.
    fn failed(&mut self) -> Option<crate::Error> {
        self.all.iter_mut().find_map(Service::failed)
    }

    /// Hands over a process.
    fn take(&mut self, name: &str) -> Option<Service> {
        let at = self.all.iter().position(|service| service.name() == name)?;
        Some(self.all.remove(at))
    }

    fn running(&self) -> Running {
        Running {
            chain_url: self.chain_url.clone(),
            api_url: self.api_url.clone(),
            // In the order of stopping: whoever uses another goes first.
            services: self.all.iter().rev().map(Service::identity).collect(),
        }
    }

    async fn stop(mut self) {
        while let Some(service) = self.all.pop() {
            service.stop().await;
        }
        self.home.forget();
    }
}

/// Starts the plan's chain and nothing else, unless there is one already; with its URL.
///
/// # Errors
/// If it does not start.
pub async fn start_chain(plan: &Plan) -> Result<(Option<Service>, String)> {
    plan.home.create()?;
    let mut services = Services::new(plan);
    match the_chain(plan, &Programs::find()?, &mut services).await {
        Ok(url) => Ok((services.all.pop(), url)),
        Err(error) => {
            services.stop().await;
            Err(error)
        }
    }
}

async fn the_chain(plan: &Plan, programs: &Programs, services: &mut Services) -> Result<String> {
    let url = match &plan.chain {
        Some(url) => url.clone(),
        None => {
            say("starting the chain");
            services.begin(&programs.chain_spec(plan), "ws://").await?
        }
    };
    services.chain_url = Some(url.clone());
    Ok(url)
}

async fn the_database(plan: &Plan, programs: &Programs, services: &mut Services) -> Result<Databases> {
    if let Some(url) = &plan.database {
        programs.migrate(url)?;
        return Ok(Databases { indexer: url.clone(), api: url.clone() });
    }
    let cluster = Cluster::create(&plan.home)?;
    say("starting Postgres");
    let server = cluster.launch(&plan.home, &mut services.group, services.detached)?;
    Cluster::ready(services.add(server)?).await?;
    cluster.provision()?;
    say("  migrating the database");
    programs.migrate(&cluster.url(Role::Owner))?;
    Ok(Databases { indexer: cluster.url(Role::Indexer), api: cluster.url(Role::Api) })
}

impl Stack {
    /// Starts everything that the plan asks for, deploying the contracts if no deployment is known.
    ///
    /// # Errors
    /// If a program or bundle is missing, a service does not start, or the chain or database refuses. What was
    /// started by then is stopped again.
    pub async fn start(plan: &Plan) -> Result<Self> {
        Self::start_unless(plan, std::future::pending()).await
    }

    /// As [`Self::start`], unless `interrupt` comes first.
    ///
    /// # Errors
    /// As [`Self::start`], and [`crate::Error::Interrupted`].
    pub async fn start_unless(plan: &Plan, interrupt: impl Future<Output = ()>) -> Result<Self> {
        let programs = Programs::find()?;
        plan.home.create()?;
        let mut services = Services::new(plan);
        let started = tokio::select! {
            started = Self::start_all(plan, &programs, &mut services) => started,
            () = interrupt => Err(crate::Error::Interrupted),
        };
        match started {
            Ok((Urls { chain: chain_url, api: api_url, indexer: indexer_url }, deployment, database)) => Ok(Self {
                chain_url,
                api_url,
                indexer_url,
                deployment,
                plan: plan.clone(),
                programs,
                database,
                services,
            }),
            Err(error) => {
                services.stop().await;
                Err(error)
            }
        }
    }

    async fn start_all(
        plan: &Plan,
        programs: &Programs,
        services: &mut Services,
    ) -> Result<(Urls, Deployment, Databases)> {
        let database = the_database(plan, programs, services).await?;
        let chain_url = the_chain(plan, programs, services).await?;
        let deployment = deploy::ensure(&Chain::connect(&chain_url).await?, plan).await?;
        say("starting the indexer");
        let indexer = services.begin(&programs.indexer_spec(plan, &database.indexer, &chain_url), "http://").await?;
        say("starting the API");
        let api_url = services.begin(&programs.api_spec(plan, &database.api), "http://").await?;
        services.api_url = Some(api_url.clone());
        services.home.record(&services.running())?;
        services.ready(&Api::new(&api_url)?).await?;
        Ok((Urls { chain: chain_url, api: api_url, indexer }, deployment, database))
    }

    /// What runs, for the file that `gaia status` and `gaia down` read.
    pub fn running(&self) -> Running {
        self.services.running()
    }

    /// The database as the indexer sees it.
    pub fn database_url(&self) -> &str {
        &self.database.indexer
    }

    /// Hands over the indexer, for somebody who means to kill it.
    pub fn take_indexer(&mut self) -> Option<Service> {
        self.services.take("indexer")
    }

    /// Starts the indexer again after it was taken.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_indexer(&mut self) -> Result<()> {
        let spec = self.programs.indexer_spec(&self.plan, &self.database.indexer, &self.chain_url);
        self.indexer_url = self.services.begin(&spec, "http://").await?;
        Ok(())
    }

    /// Hands over the chain, for somebody who means to kill it.
    pub fn take_chain(&mut self) -> Option<Service> {
        self.services.take("chain")
    }

    /// Starts the chain again after it was taken; on the same port, if the plan names one.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_chain_again(&mut self) -> Result<()> {
        self.chain_url = self.services.begin(&self.programs.chain_spec(&self.plan), "ws://").await?;
        Ok(())
    }

    /// Waits until a service stops by itself, and says which.
    pub async fn failure(&mut self) -> crate::Error {
        loop {
            if let Some(error) = self.services.failed() {
                return error;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Stops everything that was started, in order.
    pub async fn stop(self) {
        self.services.stop().await;
    }

    /// Leaves everything running.
    pub fn leave(self) {
        self.services.all.into_iter().for_each(Service::leave);
    }
}
