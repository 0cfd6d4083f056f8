//! Puts the node together, and takes it apart again.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use futures::StreamExt;
use sc_basic_authorship::ProposerFactory;
use sc_chain_spec::{ChainType, GenesisBlockBuilder};
use sc_client_api::{blockchain::HeaderBackend, execution_extensions::ExecutionExtensions};
use sc_client_db::{BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sc_consensus::LongestChain;
use sc_executor::HeapAllocStrategy;
use sc_rpc::system::SystemInfo;
use sc_rpc_server::{RpcSpawnHandle, Server, create_rpc_runtime};
use sc_service::{ClientConfig, KeystoreContainer, TaskManager, config::KeystoreConfig};
use sc_transaction_pool::{TransactionPoolOptions, TransactionPoolType};
use sc_transaction_pool_api::TransactionPool;
use tokio::{
    runtime::Handle,
    sync::{Notify, mpsc},
};

use crate::{
    cli::{Cli, Seal},
    client::{Backend, Client, Executor, Pool},
    clock::Clock,
    error::Error,
    genesis, rpc,
    seal::Sealer,
};

/// Memory a call into the runtime may use, in pages of 64 KiB: 512 MiB, twice what the runtime's contract schedule
/// counts on.
const RUNTIME_MEMORY_PAGES: u32 = 8192;
/// Runtime instances kept ready, so that concurrent dry runs need not set up memory anew.
const RUNTIME_INSTANCES: usize = 8;
/// Bytes of decoded state kept in memory.
const STATE_CACHE: usize = 64 * 1024 * 1024;
/// Transactions that may wait: ready ones, a tenth as many that lack an earlier one.
const POOL_TRANSACTIONS: usize = 32_768;
/// Bytes of transactions that may wait.
const POOL_BYTES: usize = 128 * 1024 * 1024;
/// Commands from JSON-RPC that may wait for the sealer.
const COMMAND_BACKLOG: usize = 256;
/// How long a stop waits for the tasks to let go of the database.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// A running node.
pub(crate) struct Node {
    tasks: TaskManager,
    server: Server,
    /// Gone when everybody has let go of the database, which is then written and closed.
    backend: Weak<Backend>,
    address: SocketAddr,
}

impl Node {
    /// Starts a node and returns once it answers JSON-RPC. Blocks for as long as that takes.
    pub(crate) fn start(cli: &Cli, tokio: Handle) -> Result<Self, Error> {
        rpc::check_address(cli.rpc_address())?;
        let file = cli.runtime_file();
        let wasm = std::fs::read(&file).map_err(|source| Error::RuntimeUnreadable { path: file.clone(), source })?;

        let executor = executor(cli.wasm_cache().as_deref());
        let storage = genesis::storage(&executor, &wasm, &cli.chain_id)
            .map_err(|reason| Error::RuntimeUnusable { path: file, reason })?;

        let tasks = TaskManager::new(tokio.clone(), None).map_err(Error::start)?;
        let backend = open_backend(cli)?;
        let client = open_client(backend.clone(), executor, storage, &tasks)?;
        let info = client.info();
        log::info!(
            "chain {}, genesis {:?}, best block {} {:?}",
            cli.chain_id,
            info.genesis_hash,
            info.best_number,
            info.best_hash
        );

        let pool = transaction_pool(&client, &tasks);
        let clock = Arc::new(Clock::resume(client.clone(), info.best_hash).map_err(|e| Error::Start(e.into()))?);
        let (commands, obeyed) = mpsc::channel(COMMAND_BACKLOG);

        let keystore = KeystoreContainer::new(&KeystoreConfig::InMemory).map_err(Error::start)?;
        let parts = rpc::Parts {
            client: client.clone(),
            backend: backend.clone(),
            pool: pool.clone(),
            keystore: keystore.keystore(),
            clock: clock.clone(),
            sealer: commands,
            system: system_info(&cli.chain_id),
            genesis: info.genesis_hash,
        };
        let rpc_runtime = create_rpc_runtime(cli.rpc_max_connections).map_err(Error::start)?;
        let spawner = Arc::new(RpcSpawnHandle::new(rpc_runtime.handle().clone()));
        let (methods, system_requests) = rpc::methods(parts, spawner).map_err(Error::start)?;
        tasks.spawn_handle().spawn("system-rpc", None, rpc::answer_system_requests(client.clone(), system_requests));

        // Apart from the sealer, so that the pool never waits for it: notices that come while a block is made are one.
        let noticed = Arc::new(Notify::new());
        if cli.seal == Seal::Instant {
            let (mut notices, noticed) = (pool.import_notification_stream(), noticed.clone());
            tasks.spawn_handle().spawn("transaction-notices", None, async move {
                while notices.next().await.is_some() {
                    noticed.notify_one();
                }
            });
        }

        let sealer = Sealer {
            proposers: ProposerFactory::new(tasks.spawn_handle(), client.clone(), pool.clone(), None, None),
            select_chain: LongestChain::new(backend.clone()),
            client,
            pool,
            clock,
        };
        tasks.spawn_essential_handle().spawn_blocking("seal", None, sealer.run(noticed, cli.block_time(), obeyed));

        let server = tokio.block_on(rpc::serve(methods, cli.rpc_address(), cli.rpc_max_connections, rpc_runtime))?;
        let address = server.listen_addrs().first().copied().unwrap_or_else(|| cli.rpc_address());
        Ok(Self { tasks, server, backend: Arc::downgrade(&backend), address })
    }

    /// Where JSON-RPC is answered; with the port that the system chose, if it did.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Comes back when the node cannot go on.
    pub(crate) async fn failed(&mut self) -> Error {
        match self.tasks.future().await {
            Ok(()) => Error::TaskFailed("it ended".into()),
            Err(e) => Error::TaskFailed(e.to_string()),
        }
    }

    /// Stops everything and waits until the database is closed.
    pub(crate) async fn stop(self) {
        let Self { tasks, server, backend, .. } = self;
        // In this order: a task that ends while its manager still watches would be reported as a failure.
        drop(tasks);
        drop(server);
        let deadline = Instant::now() + STOP_PATIENCE;
        while backend.strong_count() > 0 {
            if Instant::now() > deadline {
                log::error!("a task still holds the database after {STOP_PATIENCE:?}; stopping without it");
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn executor(cache: Option<&Path>) -> Executor {
    let heap = HeapAllocStrategy::Dynamic { maximum_pages: Some(RUNTIME_MEMORY_PAGES) };
    let builder = Executor::builder()
        .with_onchain_heap_alloc_strategy(heap)
        .with_offchain_heap_alloc_strategy(heap)
        .with_max_runtime_instances(RUNTIME_INSTANCES);
    match cache {
        Some(folder) => builder.with_cache_path(folder),
        None => builder,
    }
    .build()
}

fn open_backend(cli: &Cli) -> Result<Arc<Backend>, Error> {
    let source = match &cli.base_path {
        None => DatabaseSource::Custom {
            db: Arc::new(sp_database::MemDb::default()),
            // An empty memory database is a new chain, not one that was lost.
            require_create_flag: true,
        },
        Some(base) => {
            let path = base.join("chains").join(&cli.chain_id).join("db");
            std::fs::create_dir_all(&path).map_err(|source| Error::BasePath { path: path.clone(), source })?;
            DatabaseSource::ParityDb { path }
        }
    };
    let path = source.path().map(Path::to_path_buf).unwrap_or_default();
    sc_service::new_db_backend(DatabaseSettings {
        trie_cache_maximum_size: Some(STATE_CACHE),
        // Every block and every state stay: an indexer may start from block 1 at any time.
        state_pruning: Some(PruningMode::ArchiveAll),
        blocks_pruning: BlocksPruning::KeepAll,
        source,
        pruning_filters: Vec::new(),
        metrics_registry: None,
    })
    .map_err(|e| Error::Database { path, reason: e.to_string() })
}

fn open_client(
    backend: Arc<Backend>,
    executor: Executor,
    storage: sp_core::storage::Storage,
    tasks: &TaskManager,
) -> Result<Arc<Client>, Error> {
    let genesis = GenesisBlockBuilder::new_with_storage(storage, true, backend.clone(), executor.clone())
        .map_err(Error::start)?;
    let client = sc_service::new_client(
        backend,
        executor.clone(),
        genesis,
        None,
        None,
        ExecutionExtensions::new(None, Arc::new(executor)),
        Box::new(tasks.spawn_handle()),
        None,
        None,
        ClientConfig::default(),
    )
    .map_err(Error::start)?;
    Ok(Arc::new(client))
}

fn transaction_pool(client: &Arc<Client>, tasks: &TaskManager) -> Arc<Pool> {
    // No bans: a transaction that was refused may be sent again as soon as its sender has money. One state is enough,
    // forks are rare here and made on purpose.
    let options = TransactionPoolOptions::new_with_params(
        POOL_TRANSACTIONS,
        POOL_BYTES,
        None,
        TransactionPoolType::SingleState,
        true,
        false,
    );
    let all_blocks = options.use_all_block_notifications();
    let pool = sc_transaction_pool::Builder::new(tasks.spawn_essential_handle(), client.clone(), true.into())
        .with_options(options)
        .build();
    let pool = Arc::new(pool);
    tasks.spawn_handle().spawn(
        "transaction-pool",
        None,
        sc_transaction_pool::notification_future(client.clone(), pool.clone(), all_blocks),
    );
    pool
}

fn system_info(chain_id: &str) -> SystemInfo {
    let properties = serde_json::json!({ "ss58Format": 42, "tokenDecimals": 12, "tokenSymbol": "GAIA" });
    SystemInfo {
        impl_name: env!("CARGO_PKG_NAME").into(),
        impl_version: env!("CARGO_PKG_VERSION").into(),
        chain_name: chain_id.into(),
        properties: properties.as_object().cloned().unwrap_or_default(),
        chain_type: ChainType::Development,
    }
}
