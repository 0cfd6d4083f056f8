//! A connection to the chain.

use crate::{
    Error,
    runtime::{AccountInfo, AtBlock, BlockWeights, Online, Weight},
};
use std::time::Duration;
use subxt::{
    PolkadotConfig, dynamic,
    error::OnlineClientAtBlockError,
    rpcs::{RpcClient, methods::legacy::LegacyRpcMethods, rpc_params},
    utils::{AccountId32, H256},
};

/// How long one question to the chain may take before it counts as unanswered.
const PATIENCE: Duration = Duration::from_secs(30);

/// A block: where an answer was read, or where a transaction ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Block {
    /// Height.
    pub height: u64,
    /// Hash.
    pub hash: H256,
}

/// The chain as it stood at one block: every question is answered as of then.
#[derive(Clone)]
pub struct View {
    pub(crate) at: AtBlock,
}

/// A connection to a chain that can run contracts. Clones share the connection.
#[derive(Clone, Debug)]
pub struct Chain {
    online: Online,
    heads: Heads,
    rpc: RpcClient,
    url: String,
}

/// Whom to ask for the finalised head.
type Heads = LegacyRpcMethods<subxt::config::RpcConfigFor<PolkadotConfig>>;

impl Chain {
    /// Connects to the node at `url` (`ws://` or `wss://`; plain `ws://` is accepted for any host).
    ///
    /// # Errors
    /// [`Error::BadUrl`], [`Error::Unreachable`], [`Error::NoContractsPallet`].
    pub async fn connect(url: &str) -> Result<Self, Error> {
        if !(url.starts_with("ws://") || url.starts_with("wss://")) {
            return Err(Error::BadUrl(url.to_owned()));
        }
        let shown = without_userinfo(url);
        let unreachable = |reason: String| Error::Unreachable { url: shown.clone(), reason };
        let connecting = async {
            let rpc = RpcClient::from_insecure_url(url).await.map_err(|error| unreachable(error.to_string()))?;
            let online = Online::from_rpc_client(rpc.clone()).await.map_err(|error| unreachable(error.to_string()))?;
            Ok::<_, Error>((online, rpc))
        };
        let (online, rpc) = tokio::time::timeout(PATIENCE, connecting)
            .await
            .map_err(|_| unreachable(format!("no answer within {} s", PATIENCE.as_secs())))??;
        let chain = Self { online, heads: LegacyRpcMethods::new(rpc.clone()), rpc, url: shown };
        if chain.finalized().await?.metadata_ref().pallet_by_name("Contracts").is_none() {
            return Err(Error::NoContractsPallet(chain.url));
        }
        Ok(chain)
    }

    /// The URL it is connected to, without user and password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The hash of the chain's first block, which tells it from every other chain.
    pub fn genesis_hash(&self) -> H256 {
        self.online.genesis_hash()
    }

    /// The finalised head.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub async fn head(&self) -> Result<Block, Error> {
        Ok(self.latest().await?.block())
    }

    /// The timestamp of a block in milliseconds since the Unix epoch: the contracts' clock.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub async fn moment(&self, block: H256) -> Result<u64, Error> {
        let at = self.at(block).await?;
        patiently("Timestamp.Now", async {
            let address = dynamic::storage::<(), u64>("Timestamp", "Now");
            let value = at.storage().fetch(address, ()).await.map_err(Error::rpc("Timestamp.Now"))?;
            value.decode().map_err(Error::rpc("Timestamp.Now"))
        })
        .await
    }

    /// An account's free native currency at a block; 0 for an account that does not exist.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub async fn free_balance(&self, account: &AccountId32, block: H256) -> Result<u128, Error> {
        let at = self.at(block).await?;
        patiently("System.Account", async {
            let address = dynamic::storage::<([u8; 32],), AccountInfo>("System", "Account");
            let value = at.storage().try_fetch(address, (account.0,)).await.map_err(Error::rpc("System.Account"))?;
            let Some(value) = value else { return Ok(0) };
            let info: AccountInfo = value.decode().map_err(Error::rpc("System.Account"))?;
            Ok(info.data.free)
        })
        .await
    }

    /// How many transactions of an account there were, those that wait in the pool not counted.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub(crate) async fn nonce(&self, account: &AccountId32) -> Result<u64, Error> {
        let at = self.finalized().await?;
        let asked = at.transactions();
        patiently("AccountNonceApi", async {
            asked.account_nonce(account).await.map_err(Error::rpc("AccountNonceApi"))
        })
        .await
    }

    /// What an account must hold to exist, in base units; a contract never pays out of it, and leaves it out where it
    /// tells its own balance.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub async fn existential_deposit(&self) -> Result<u128, Error> {
        let address = dynamic::constant::<u128>("Balances", "ExistentialDeposit");
        self.finalized().await?.constants().entry(address).map_err(Error::rpc("Balances.ExistentialDeposit"))
    }

    /// How much computation and proof size a block can hold.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub async fn block_limit(&self) -> Result<Weight, Error> {
        let address = dynamic::constant::<BlockWeights>("System", "BlockWeights");
        let weights = self.finalized().await?.constants().entry(address).map_err(Error::rpc("System.BlockWeights"))?;
        Ok(weights.max_block)
    }

    /// Sends the clock of a development chain ahead, by so many milliseconds.
    ///
    /// # Errors
    /// If the chain does not answer, or is none for development.
    pub async fn advance(&self, milliseconds: u64) -> Result<(), Error> {
        patiently("engine_advanceTime", async {
            let asked = self.rpc.request::<serde_json::Value>("engine_advanceTime", rpc_params![milliseconds]);
            asked.await.map(drop).map_err(Error::rpc("engine_advanceTime"))
        })
        .await
    }

    /// The chain as of a block.
    ///
    /// # Errors
    /// If the chain does not answer, or does not know the block.
    pub async fn at_block(&self, block: H256) -> Result<View, Error> {
        Ok(View { at: self.at(block).await? })
    }

    /// The chain as of the finalised head.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub async fn latest(&self) -> Result<View, Error> {
        Ok(View { at: self.finalized().await? })
    }

    pub(crate) async fn finalized(&self) -> Result<AtBlock, Error> {
        // Not `at_current_block`: what the library has heard of can trail the node by a block, in which a transaction
        // of ours may be, and then the next one would be signed with its nonce.
        let head = patiently("the finalised head", async {
            self.heads.chain_get_finalized_head().await.map_err(Error::rpc("the finalised head"))
        })
        .await?;
        self.at(head).await
    }

    pub(crate) async fn at(&self, block: H256) -> Result<AtBlock, Error> {
        patiently("a block", async {
            self.online.at_block(block).await.map_err(|error| match error {
                OnlineClientAtBlockError::BlockHeaderNotFound { .. }
                | OnlineClientAtBlockError::BlockNotFound { .. } => Error::NoBlock(format!("{block:?}")),
                error => Error::rpc("a block")(error),
            })
        })
        .await
    }
}

impl View {
    /// Which block it is.
    pub fn block(&self) -> Block {
        Block { height: self.at.block_number(), hash: self.at.block_hash() }
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("View").field(&self.block()).finish()
    }
}

/// A URL as it may be shown: what stands before the host can be a secret.
fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// Runs one question to the chain, but not for ever.
pub(crate) async fn patiently<T>(
    doing: &'static str,
    question: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(PATIENCE, question).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::Timeout { doing, seconds: PATIENCE.as_secs() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(without_userinfo("ws://me:secret@node:9944/path"), "ws://node:9944/path");
        assert_eq!(without_userinfo("ws://127.0.0.1:9944"), "ws://127.0.0.1:9944");
    }

    #[tokio::test]
    async fn other_schemes_are_refused() {
        for url in ["http://127.0.0.1:9944", "127.0.0.1:9944", ""] {
            assert!(matches!(Chain::connect(url).await, Err(Error::BadUrl(_))), "{url:?}");
        }
    }
}
