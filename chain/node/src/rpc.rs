//! JSON-RPC: the methods wallets and tools know, and a few that control block production.

use std::{net::SocketAddr, sync::Arc};

use futures::StreamExt;
use jsonrpsee::{
    Extensions, RpcModule,
    core::{RegisterMethodError, async_trait},
    proc_macros::rpc,
    types::ErrorObjectOwned,
};
use sc_client_api::blockchain::HeaderBackend;
use sc_consensus_manual_seal::{CreatedBlock, Error as SealError};
use sc_rpc::{
    SubscriptionTaskExecutor,
    author::{Author, AuthorApiServer},
    chain::ChainApiServer,
    dev::{Dev, DevApiServer},
    state::{ChildStateApiServer, StateApiServer},
    system::{Health, NodeRole, Request, SyncState, System, SystemApiServer, SystemInfo},
};
use sc_rpc_api::check_if_safe;
use sc_rpc_server::{BatchRequestConfig, RpcEndpoint, RpcMethods, Server};
use sc_rpc_spec_v2::{
    archive::{Archive, ArchiveApiServer},
    chain_head::{ChainHead, ChainHeadApiServer, ChainHeadConfig},
    chain_spec::{ChainSpec, ChainSpecApiServer},
    transaction::{Transaction, TransactionApiServer, TransactionBroadcast, TransactionBroadcastApiServer},
};
use sc_utils::mpsc::{TracingUnboundedReceiver, TracingUnboundedSender, tracing_unbounded};
use sp_core::Bytes;
use sp_keystore::KeystorePtr;
use tokio::sync::{mpsc, oneshot};

use crate::{
    client::{Backend, Block, Client, Hash, Pool},
    clock::Clock,
    error::Error,
    seal::Command,
};

/// Largest request, in MiB: a contract of the largest size, hex-encoded, several times over.
const MAX_REQUEST: u32 = 16;
/// Largest answer, in MiB. A page of storage of a big contract is some MiB.
const MAX_RESPONSE: u32 = 64;
/// Subscriptions of one connection. A test harness watches many transactions at once.
const MAX_SUBSCRIPTIONS: u32 = 8192;
/// Messages that may wait for a slow reader before its connection is dropped.
const MAX_BUFFERED: u32 = 4096;
/// Transactions one connection may have in `transaction_v1_broadcast` at once.
const MAX_BROADCASTS: usize = 8192;
/// Longest line a logged request may take.
const REQUEST_LOG_LIMIT: u32 = 1024;

/// Methods that control block production.
#[rpc(server)]
pub(crate) trait Engine {
    /// Makes a block on top of `parent_hash`, or of the best block.
    #[method(name = "engine_createBlock", with_extensions)]
    async fn create_block(
        &self,
        create_empty: bool,
        finalize: bool,
        parent_hash: Option<Hash>,
    ) -> Result<CreatedBlock<Hash>, ErrorObjectOwned>;

    /// Makes a block and all before it final.
    #[method(name = "engine_finalizeBlock", with_extensions)]
    async fn finalize_block(&self, hash: Hash, justification: Option<Bytes>) -> Result<bool, ErrorObjectOwned>;

    /// Sends the chain's clock ahead by so many milliseconds, from the next block on; answers with how far it is
    /// ahead of the machine's clock now.
    #[method(name = "engine_advanceTime", with_extensions)]
    fn advance_time(&self, milliseconds: u64) -> Result<u64, ErrorObjectOwned>;
}

struct EngineControl {
    sealer: mpsc::Sender<Command>,
    clock: Arc<Clock>,
}

impl EngineControl {
    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<T, SealError>>) -> Command,
    ) -> Result<T, ErrorObjectOwned> {
        let stopping = || SealError::StringError("the node is stopping".into());
        let (reply, answer) = oneshot::channel();
        self.sealer.send(command(reply)).await.map_err(|_| stopping())?;
        Ok(answer.await.map_err(|_| stopping())??)
    }
}

#[async_trait]
impl EngineServer for EngineControl {
    async fn create_block(
        &self,
        extensions: &Extensions,
        create_empty: bool,
        finalize: bool,
        parent: Option<Hash>,
    ) -> Result<CreatedBlock<Hash>, ErrorObjectOwned> {
        check_if_safe(extensions)?;
        self.ask(|reply| Command::Create { create_empty, finalize, parent, reply }).await
    }

    async fn finalize_block(
        &self,
        extensions: &Extensions,
        block: Hash,
        justification: Option<Bytes>,
    ) -> Result<bool, ErrorObjectOwned> {
        check_if_safe(extensions)?;
        let justification = justification.map(|proof| proof.0);
        self.ask(|reply| Command::Finalize { block, justification, reply }).await?;
        Ok(true)
    }

    fn advance_time(&self, extensions: &Extensions, milliseconds: u64) -> Result<u64, ErrorObjectOwned> {
        check_if_safe(extensions)?;
        Ok(self.clock.advance(milliseconds))
    }
}

/// What the methods work on.
pub(crate) struct Parts {
    pub(crate) client: Arc<Client>,
    pub(crate) backend: Arc<Backend>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) keystore: KeystorePtr,
    pub(crate) clock: Arc<Clock>,
    pub(crate) sealer: mpsc::Sender<Command>,
    pub(crate) system: SystemInfo,
    pub(crate) genesis: Hash,
}

/// All methods of this node. The second part is the stream of questions about the network, to be given to
/// [`answer_system_requests`].
pub(crate) fn methods(
    parts: Parts,
    executor: SubscriptionTaskExecutor,
) -> Result<(RpcModule<()>, TracingUnboundedReceiver<Request<Block>>), RegisterMethodError> {
    let Parts { client, backend, pool, keystore, clock, sealer, system, genesis } = parts;
    let (system_requests, requests): (TracingUnboundedSender<_>, _) = tracing_unbounded("mpsc_system_rpc", 1000);
    let mut all = RpcModule::new(());

    // The specification at https://paritytech.github.io/json-rpc-interface-spec/.
    let spec = ChainSpec::new(system.chain_name.clone(), genesis, system.properties.clone());
    all.merge(spec.into_rpc())?;
    all.merge(ChainHead::new(client.clone(), backend.clone(), executor.clone(), chain_head_limits()).into_rpc())?;
    all.merge(Archive::new(client.clone(), backend, genesis, executor.clone()).into_rpc())?;
    all.merge(Transaction::new(client.clone(), pool.clone(), executor.clone(), None).into_rpc())?;
    all.merge(TransactionBroadcast::new(client.clone(), pool.clone(), executor.clone(), MAX_BROADCASTS).into_rpc())?;

    // What came before it, which most tools still speak.
    let (state, child_state) = sc_rpc::state::new_full(client.clone(), executor.clone(), None);
    all.merge(state.into_rpc())?;
    all.merge(child_state.into_rpc())?;
    all.merge(sc_rpc::chain::new_full(client.clone(), executor.clone()).into_rpc())?;
    all.merge(Author::new(client.clone(), pool.clone(), keystore, executor).into_rpc())?;
    all.merge(System::new(system, system_requests).into_rpc())?;
    all.merge({
        use substrate_frame_rpc_system::{System, SystemApiServer};
        System::new(client.clone(), pool).into_rpc()
    })?;
    all.merge({
        use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
        TransactionPayment::new(client.clone()).into_rpc()
    })?;
    all.merge(Dev::new(client).into_rpc())?;

    all.merge(EngineControl { sealer, clock }.into_rpc())?;
    Ok((all, requests))
}

/// Wider than the SDK's, which are made for public nodes: blocks come in bursts here, and few read them.
fn chain_head_limits() -> ChainHeadConfig {
    ChainHeadConfig {
        // At most the 2048 that the database keeps pinned.
        global_max_pinned_blocks: 2048,
        subscription_max_ongoing_operations: 256,
        max_follow_subscriptions_per_connection: 64,
        subscription_buffer_cap: 4096,
        ..ChainHeadConfig::default()
    }
}

/// Answers what may be asked about a network: there is none. What has no sensible answer gets an error.
pub(crate) async fn answer_system_requests(
    client: Arc<Client>,
    mut requests: TracingUnboundedReceiver<Request<Block>>,
) {
    let starting_block = client.info().best_number;
    // A failed send means that the asker is gone.
    while let Some(request) = requests.next().await {
        match request {
            Request::Health(to) => {
                let _ = to.send(Health { peers: 0, is_syncing: false, should_have_peers: false });
            }
            Request::LocalListenAddresses(to) => drop(to.send(Vec::new())),
            Request::Peers(to) => drop(to.send(Vec::new())),
            Request::NetworkReservedPeers(to) => drop(to.send(Vec::new())),
            Request::NodeRoles(to) => drop(to.send(vec![NodeRole::Authority])),
            Request::SyncState(to) => {
                let best = client.info().best_number;
                let _ = to.send(SyncState { starting_block, current_block: best, highest_block: best });
            }
            Request::LocalPeerId(_)
            | Request::NetworkState(_)
            | Request::NetworkAddReservedPeer(..)
            | Request::NetworkRemoveReservedPeer(..) => (),
        }
    }
}

/// Fails early, before the seconds that a start takes, if nothing can listen on `address`.
pub(crate) fn check_address(address: SocketAddr) -> Result<(), Error> {
    match std::net::TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AddrInUse => Err(Error::PortInUse { address }),
        Err(e) => Err(Error::Listen { address, reason: e.to_string() }),
    }
}

/// Starts to serve `methods`, over WebSocket and HTTP on the same port.
pub(crate) async fn serve(
    methods: RpcModule<()>,
    address: SocketAddr,
    max_connections: u32,
    rpc_runtime: tokio::runtime::Runtime,
) -> Result<Server, Error> {
    let endpoint = RpcEndpoint {
        listen_addr: address,
        batch_config: BatchRequestConfig::Unlimited,
        max_connections,
        max_payload_in_mb: MAX_REQUEST,
        max_payload_out_mb: MAX_RESPONSE,
        max_subscriptions_per_connection: MAX_SUBSCRIPTIONS,
        max_buffer_capacity_per_connection: MAX_BUFFERED,
        rate_limit: None,
        rate_limit_trust_proxy_headers: false,
        rate_limit_whitelisted_ips: Vec::new(),
        // Wallets and explorers in the browser talk to a local node from any origin.
        cors: None,
        // Methods that control the node only for this machine.
        rpc_methods: RpcMethods::Auto,
        is_optional: false,
        // Whoever asked for a port waits at that port.
        retry_random_port: false,
    };
    let config = sc_rpc_server::Config {
        endpoints: vec![endpoint],
        metrics: None,
        rpc_api: methods,
        id_provider: None,
        request_logger_limit: REQUEST_LOG_LIMIT,
        rpc_runtime,
    };
    sc_rpc_server::start_server(config).await.map_err(|e| Error::Listen { address, reason: e.to_string() })
}
