//! A Substrate node, asked over its JSON-RPC.
//!
//! A block costs three requests in two rounds: its hash; then its header and, in one read, every storage value that is
//! needed. The legacy methods answer each in one message and for any height that the node still keeps, so many blocks
//! can be asked for at once.

use super::{Connect, Source};
use crate::{
    config::ChainUrl,
    error::Error,
    facts::{BlockFacts, BlockId, Height, RawEvent},
};
use interfaces::{AccountId, Balance, Hash, Moment};
use scale::{Compact, Decode, DecodeAll, Encode};
use std::{
    collections::HashMap,
    convert::Infallible,
    error::Error as StdError,
    iter::successors,
    sync::Arc,
    time::{Duration, Instant},
};
use subxt::{
    Metadata, OfflineClient, OfflineClientAtBlock, OnlineClient, SubstrateConfig,
    backend::{BlockRef, LegacyBackend},
    config::{Hasher, RpcConfigFor, substrate::SpecVersionForRange},
    constants,
    events::Phase,
    ext::{frame_decode::storage::StorageTypeInfo, scale_decode::DecodeAsType},
    rpcs::{self, RpcClient, methods::legacy::LegacyRpcMethods},
    storage,
    utils::{AccountId32, H256},
};
use tokio::{
    sync::{Mutex, watch},
    time::{MissedTickBehavior, interval, timeout},
};

/// How long a node may take to answer one request.
const ANSWER: Duration = Duration::from_secs(20);

/// How often the node is asked for its finalised head, whatever the stream says. A chain that seals on demand may be
/// quiet for days, so silence alone proves nothing.
const POLL: Duration = Duration::from_secs(3);

/// How long the stream may be behind what the node itself answers.
const STALL: Duration = Duration::from_secs(10);

/// Where a node is, and what is wanted from it.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it answers.
    pub url: ChainUrl,
    /// The hash of its block 0.
    pub genesis: Hash,
    /// The account whose native balance is read.
    pub treasury: AccountId,
}

impl Connect for Node {
    type Source = Chain;

    async fn connect(&self) -> Result<Chain, Error> {
        Chain::connect(self).await
    }
}

/// A connection to a Substrate node.
#[derive(Debug)]
pub struct Chain {
    url: ChainUrl,
    name: String,
    rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
    client: OnlineClient<SubstrateConfig>,
    keys: StorageKeys,
    runtimes: Mutex<HashMap<u32, Arc<Runtime>>>,
}

/// The storage values that are read of every block.
#[derive(Debug)]
struct StorageKeys {
    events: Vec<u8>,
    moment: Vec<u8>,
    runtime: Vec<u8>,
    treasury: Vec<u8>,
}

/// How to read what a version of the runtime wrote.
#[derive(Debug)]
struct Runtime {
    client: OfflineClientAtBlock<SubstrateConfig>,
    account_type: u32,
    existential_deposit: Balance,
}

/// `System.Account`, as far as it matters here.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountInfo {
    data: AccountData,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountData {
    free: Balance,
}

impl Chain {
    async fn connect(node: &Node) -> Result<Self, Error> {
        let url = &node.url;
        let rpc = answer(url, "the connection", RpcClient::from_insecure_url(url.as_str())).await?;
        let backend = LegacyBackend::builder().build(rpc.clone());
        let client = answer(
            url,
            "the genesis hash",
            OnlineClient::from_backend_with_config(SubstrateConfig::new(), Arc::new(backend)),
        )
        .await?;
        let found = to_hash(client.genesis_hash());
        if found != node.genesis {
            return Err(Error::OtherChain { found, expected: node.genesis });
        }
        let rpc = LegacyRpcMethods::new(rpc);
        let name = answer(url, "its name", rpc.system_chain()).await?;
        let head = answer(url, "its metadata", client.at_current_block()).await?;
        if head.metadata_ref().pallet_by_name("Contracts").is_none() {
            return Err(Error::NoContracts { url: url.to_string() });
        }
        let bad = |reason: &dyn ToString| Error::BadAnswer { url: url.to_string(), reason: reason.to_string() };
        let account = storage::dynamic::<(AccountId32,), AccountInfo>("System", "Account");
        let treasury = head
            .storage()
            .entry(account)
            .and_then(|entry| entry.fetch_key((AccountId32(node.treasury.0),)))
            .map_err(|error| bad(&error))?;
        let key = |pallet, entry| {
            let entry = head.storage().entry(storage::dynamic::<(), ()>(pallet, entry));
            entry.map(|entry| entry.key_prefix().to_vec()).map_err(|error| bad(&error))
        };
        let keys = StorageKeys {
            events: key("System", "Events")?,
            moment: key("Timestamp", "Now")?,
            runtime: key("System", "LastRuntimeUpgrade")?,
            treasury,
        };
        Ok(Self { url: url.clone(), name, rpc, client, keys, runtimes: Mutex::default() })
    }

    /// The chain's name, as its node gives it.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn bad(&self, reason: impl ToString) -> Error {
        Error::BadAnswer { url: self.url.to_string(), reason: reason.to_string() }
    }

    async fn hash_of(&self, height: Height) -> Result<Option<H256>, Error> {
        answer(&self.url, "a block's hash", self.rpc.chain_get_block_hash(Some(height.into()))).await
    }

    async fn fetch(&self, height: Height) -> Result<BlockFacts, Error> {
        let at = |reason: &dyn ToString| self.bad(format!("block {height}: {}", reason.to_string()));
        let hash = self.hash_of(height).await?.ok_or_else(|| at(&"finalised, but it has no hash"))?;
        let StorageKeys { events, moment, runtime, treasury } = &self.keys;
        let keys = [events, moment, runtime, treasury].map(Vec::as_slice);
        let (header, values) = tokio::try_join!(
            answer(&self.url, "a header", self.rpc.chain_get_header(Some(hash))),
            answer(&self.url, "a block's storage", self.rpc.state_query_storage_at(keys, Some(hash))),
        )?;
        let header = header.ok_or_else(|| at(&"it has no header"))?;
        let mut values: HashMap<_, _> =
            values.into_iter().flat_map(|set| set.changes).map(|(key, value)| (key.0, value)).collect();
        let mut take = |key: &Vec<u8>| values.remove(key).flatten().map(|value| value.0);

        let last_upgrade = take(runtime).ok_or_else(|| at(&"it does not say which runtime executed it"))?;
        let (Compact(spec_version), _name) =
            <(Compact<u32>, String)>::decode(&mut &*last_upgrade).map_err(|error| at(&error))?;
        let runtime = self.runtime(spec_version, height).await?;

        if header.number != height || runtime.client.hasher().hash(&header.encode()) != hash {
            return Err(at(&"its header is not the one its hash stands for"));
        }
        let moment = match take(moment) {
            Some(bytes) => Moment::decode_all(&mut &*bytes).map_err(|error| at(&error))?,
            // Only the genesis block has no timestamp.
            None if height == 0 => 0,
            None => return Err(at(&"it has no timestamp")),
        };
        let treasury_free = match take(treasury) {
            Some(bytes) => runtime.free(&bytes).map_err(|error| at(&error))?,
            None => 0,
        };
        let events = runtime.contract_events(take(events).unwrap_or_default()).map_err(|reason| at(&reason))?;
        Ok(BlockFacts {
            id: BlockId { height, hash: to_hash(hash) },
            parent: to_hash(header.parent_hash),
            state_root: to_hash(header.state_root),
            moment,
            spec_version,
            events,
            treasury_free,
            existential_deposit: runtime.existential_deposit,
        })
    }

    /// How to read what the runtime of `spec_version`, which executed block `height`, wrote. Asked of the node once per
    /// version.
    ///
    /// A block is executed by the code that its parent's state holds: the metadata is that of the parent, and not of
    /// the block itself, which may have brought in the next version.
    async fn runtime(&self, spec_version: u32, height: Height) -> Result<Arc<Runtime>, Error> {
        let mut runtimes = self.runtimes.lock().await;
        if let Some(runtime) = runtimes.get(&spec_version) {
            return Ok(Arc::clone(runtime));
        }
        let parent = height.saturating_sub(1);
        let hash = self.hash_of(parent).await?.ok_or_else(|| self.bad(format!("block {parent} has no hash")))?;
        let at_parent = self.client.at_block_hash_and_number(BlockRef::from_hash(hash), parent);
        let at_parent = answer(&self.url, "its metadata", at_parent).await?;
        if at_parent.spec_version() != spec_version {
            return Err(self.bad(format!(
                "block {height} says that runtime {spec_version} executed it, but its parent holds runtime {}",
                at_parent.spec_version()
            )));
        }
        let runtime = Arc::new(Runtime::new(spec_version, at_parent.metadata()).map_err(|reason| self.bad(reason))?);
        tracing::info!(spec_version, first_seen = height, "runtime version");
        runtimes.insert(spec_version, Arc::clone(&runtime));
        Ok(runtime)
    }
}

impl Source for Chain {
    async fn follow(&self, head: watch::Sender<Option<Height>>) -> Result<Infallible, Error> {
        let publish = |height: Height| {
            head.send_if_modified(|known| {
                let is_later = known.is_none_or(|known| known < height);
                if is_later {
                    *known = Some(height);
                }
                is_later
            });
        };
        let mut stream = answer(&self.url, "a subscription", self.rpc.chain_subscribe_finalized_heads()).await?;
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first head that the stream gives may be the one after the present one, so it owes nothing before that.
        let mut watchdog = Watchdog::new(self.finalised_head().await?);
        loop {
            tokio::select! {
                next = stream.next() => {
                    let lost = |reason: String| Error::Unreachable { url: self.url.to_string(), reason };
                    let header = next
                        .ok_or_else(|| lost("its stream of finalised blocks ended".to_owned()))?
                        .map_err(|error| lost(innermost(&error)))?;
                    watchdog.streamed(header.number);
                    publish(header.number);
                }
                _ = poll.tick() => {
                    let height = self.finalised_head().await?;
                    publish(height);
                    if watchdog.is_stalled(height, Instant::now()) {
                        return Err(Error::Stalled { url: self.url.to_string(), head: height });
                    }
                }
            }
        }
    }

    async fn block(&self, height: Height) -> Result<BlockFacts, Error> {
        self.fetch(height).await
    }

    async fn finalised_head(&self) -> Result<Height, Error> {
        let hash = answer(&self.url, "its finalised head", self.rpc.chain_get_finalized_head()).await?;
        let header = answer(&self.url, "a header", self.rpc.chain_get_header(Some(hash))).await?;
        header.map(|header| header.number).ok_or_else(|| self.bad("it does not know its own finalised head"))
    }

    async fn hash_at(&self, height: Height) -> Result<Option<Hash>, Error> {
        Ok(self.hash_of(height).await?.map(to_hash))
    }
}

/// Tells a stream that stands still from a chain that does.
#[derive(Debug)]
struct Watchdog {
    streamed: Height,
    behind_since: Option<Instant>,
}

impl Watchdog {
    fn new(head: Height) -> Self {
        Self { streamed: head, behind_since: None }
    }

    /// The stream has given a head.
    fn streamed(&mut self, head: Height) {
        self.streamed = self.streamed.max(head);
        self.behind_since = None;
    }

    /// The node, asked outright, has answered `head`: whether the stream has been behind that for too long.
    fn is_stalled(&mut self, head: Height, now: Instant) -> bool {
        if head <= self.streamed {
            self.behind_since = None;
            return false;
        }
        now.duration_since(*self.behind_since.get_or_insert(now)) > STALL
    }
}

impl Runtime {
    fn new(spec_version: u32, metadata: Arc<Metadata>) -> Result<Self, String> {
        let account_type = metadata.storage_info("System", "Account").map_err(|error| error.to_string())?.value_id;
        // The transaction version matters only for sending, which this client never does.
        let every_block = SpecVersionForRange { block_range: 0..u64::MAX, spec_version, transaction_version: 0 };
        let config = SubstrateConfig::builder()
            .set_metadata_for_spec_versions([(spec_version, metadata)])
            .set_spec_version_for_block_ranges([every_block])
            .build();
        let client = OfflineClient::new_with_config(config).at_block(0u64).map_err(|error| error.to_string())?;
        let existential_deposit = client
            .constants()
            .entry(constants::dynamic::<Balance>("Balances", "ExistentialDeposit"))
            .map_err(|error| error.to_string())?;
        Ok(Self { client, account_type, existential_deposit })
    }

    /// The free balance in a value of `System.Account`.
    fn free(&self, bytes: &[u8]) -> Result<Balance, String> {
        AccountInfo::decode_as_type(&mut &*bytes, self.account_type, self.client.metadata_ref().types())
            .map(|account| account.data.free)
            .map_err(|error| error.to_string())
    }

    /// The contract events among a block's events.
    fn contract_events(&self, bytes: Vec<u8>) -> Result<Vec<RawEvent>, String> {
        let events = self.client.events().from_bytes(bytes);
        let mut contract_events = Vec::new();
        for event in events.iter() {
            let event = event.map_err(|error| error.to_string())?;
            if (event.pallet_name(), event.event_name()) != ("Contracts", "ContractEmitted") {
                continue;
            }
            let (contract, data) = <(AccountId, Vec<u8>)>::decode_all(&mut event.field_bytes())
                .map_err(|error| format!("event {}: {error}", event.index()))?;
            contract_events.push(RawEvent {
                index: event.index(),
                extrinsic: match event.phase() {
                    Phase::ApplyExtrinsic(extrinsic) => Some(extrinsic),
                    Phase::Finalization | Phase::Initialization => None,
                },
                contract,
                topics: event.topics().iter().copied().map(to_hash).collect(),
                data,
            });
        }
        Ok(contract_events)
    }
}

fn to_hash(hash: H256) -> Hash {
    hash.0.into()
}

/// Waits for a node's answer, but not for ever.
async fn answer<T, E: StdError + 'static>(
    url: &ChainUrl,
    request: &'static str,
    response: impl Future<Output = Result<T, E>>,
) -> Result<T, Error> {
    let url = || url.to_string();
    match timeout(ANSWER, response).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(match refusal(&error) {
            Some(reason) => Error::Refused { url: url(), request, reason },
            None => Error::Unreachable { url: url(), reason: innermost(&error) },
        }),
        Err(_) => Err(Error::Silent { url: url(), request, within: ANSWER }),
    }
}

/// What the node itself said, if it did answer.
fn refusal(error: &(dyn StdError + 'static)) -> Option<String> {
    causes(error).find_map(|cause| match cause.downcast_ref() {
        Some(rpcs::Error::User(refusal)) => Some(refusal.message.clone()),
        _ => None,
    })
}

/// The cause at the bottom of an error, which is the one that a person can do something about.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    let cause = causes(error).last().unwrap_or(error).to_string();
    // The client wraps its own errors without telling what lies beneath.
    cause.replace("RPC error: ", "").replace("client error: ", "")
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_stands_still_is_noticed() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let mut watchdog = Watchdog::new(5);
        assert!(!watchdog.is_stalled(5, at(0)));
        assert!(!watchdog.is_stalled(6, at(3)), "it may just be on its way");
        assert!(!watchdog.is_stalled(7, at(13)));
        assert!(watchdog.is_stalled(7, at(14)));
    }

    #[test]
    fn a_chain_that_stands_still_is_no_stall() {
        let began = Instant::now();
        let mut watchdog = Watchdog::new(5);
        for hours in 0..100 {
            assert!(!watchdog.is_stalled(5, began + Duration::from_secs(hours * 3_600)));
        }
    }

    #[test]
    fn a_stream_that_goes_on_is_no_stall() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let mut watchdog = Watchdog::new(5);
        for second in 0..100 {
            watchdog.streamed(5 + second);
            assert!(!watchdog.is_stalled(6 + second, at(second)), "always one behind, but moving");
        }
    }
}
