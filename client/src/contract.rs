//! Asking contracts, sending them signed messages, and bringing new ones onto the chain.

use crate::{
    Block, Chain, Deployed, Error, Message, Refusal, Signer, View,
    chain::patiently,
    messages::Answer,
    runtime::{AtBlock, ContractResult, InstantiateResult, Weight, explain},
};
use ink::env::Event;
use scale::Decode;
use serde::Serialize;
use std::{collections::VecDeque, time::Duration};
use subxt::{
    PolkadotConfig,
    client::OnlineClientAtBlockImpl,
    config::DefaultExtrinsicParamsBuilder,
    dynamic::{self, Value},
    error::{ExtrinsicError, TransactionEventsError, TransactionProgressError},
    extrinsics::ExtrinsicEvents,
    transactions::{Payload, TransactionInBlock, TransactionProgress},
    utils::{AccountId32, H256, MultiAddress},
};

/// A contract on the chain.
#[derive(Debug, Clone)]
pub struct Contract<'chain> {
    chain: &'chain Chain,
    account: AccountId32,
}

/// What a message costs, as a dry run tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Computation, in picoseconds of the runtime's reference hardware.
    pub ref_time: u64,
    /// Size of the state proof, in bytes.
    pub proof_size: u64,
    /// Storage deposit, in base units of the native currency; negative where it is given back.
    pub deposit: i128,
}

/// A message that was executed and finalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<T> {
    /// What the message answered in the dry run just before.
    pub answer: T,
    /// The block it is in.
    pub block: Block,
    /// The transaction's fee, in base units of the native currency.
    pub fee: u128,
    /// What the dry run said it costs.
    pub cost: Cost,
    /// What the contracts said meanwhile, in order.
    pub events: Vec<Emitted>,
}

/// An event that a contract emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emitted {
    /// The contract.
    pub contract: AccountId32,
    /// Its topics; the first tells which event it is.
    pub topics: Vec<H256>,
    /// Its fields, encoded.
    pub data: Vec<u8>,
}

impl<T> Sent<T> {
    /// The first event of this kind that `contract` emitted.
    pub fn event<E: Event + Decode>(&self, contract: &AccountId32) -> Option<E> {
        self.events_of(contract).next()
    }

    /// The events of this kind that `contract` emitted, in order.
    pub fn events_of<E: Event + Decode>(&self, contract: &AccountId32) -> impl Iterator<Item = E> {
        let signature = E::SIGNATURE_TOPIC.map(H256);
        let these = self.events.iter().filter(move |it| {
            it.contract == *contract && it.topics.first().is_some_and(|topic| Some(*topic) == signature)
        });
        these.filter_map(|it| E::decode(&mut &it.data[..]).ok())
    }
}

/// A contract to be instantiated.
#[derive(Debug, Clone)]
pub struct Upload<'a> {
    /// Its name, for error texts.
    pub name: &'static str,
    /// Its code.
    pub wasm: &'a [u8],
    /// The constructor's selector and arguments.
    pub data: Vec<u8>,
    /// Native currency to give it.
    pub endowment: u128,
}

/// What the runtime recorded of a transaction.
struct Included {
    block: Block,
    fee: u128,
    instantiated: Option<AccountId32>,
    events: Vec<Emitted>,
}

/// How long to wait until a transaction is final; public chains take about half a minute.
const FINALITY: Duration = Duration::from_secs(120);

/// How much of a block one transaction can fill, in percent: there is a part for those who must get in, and one for what
/// every block does.
const USABLE: u64 = 60;

/// How many transactions of one account are in the pool at a time, when there are many.
const UNDER_WAY: usize = 8;

type Parameters = DefaultExtrinsicParamsBuilder<PolkadotConfig>;
type Progress = TransactionProgress<PolkadotConfig, OnlineClientAtBlockImpl<PolkadotConfig>>;
type Settled = TransactionInBlock<PolkadotConfig, OnlineClientAtBlockImpl<PolkadotConfig>>;
type Events = ExtrinsicEvents<PolkadotConfig>;

impl Chain {
    /// The contract at `account`.
    pub fn contract(&self, account: AccountId32) -> Contract<'_> {
        Contract { chain: self, account }
    }

    /// Uploads a contract's code and instantiates it; waits until that is final.
    ///
    /// # Errors
    /// If the chain does not answer or refuses, or the constructor does.
    pub async fn instantiate(&self, signer: &Signer, upload: &Upload<'_>) -> Result<(Deployed, Block), Error> {
        let at = self.finalized().await?;
        // A contract's address is made of its deployer, code, input and salt: without one, nobody could deploy the same
        // contract twice, nor go on after a deployment that stopped half-way.
        let salt = at.block_hash().0;
        let dry: InstantiateResult = runtime_call(
            &at,
            "ContractsApi",
            "instantiate",
            vec![
                account_value(&signer.account()),
                Value::u128(upload.endowment),
                none(),
                none(),
                Value::unnamed_variant("Upload", [Value::from_bytes(upload.wasm)]),
                Value::from_bytes(&upload.data),
                Value::from_bytes(salt),
            ],
        )
        .await?;
        let made =
            dry.result.map_err(|error| Refusal::Runtime { message: upload.name, reason: explain(&at, &error) })?;
        if made.result.flags.reverted() {
            return Err(Refusal::Runtime {
                message: upload.name,
                reason: format!("its constructor refused its arguments (0x{})", hex::encode(&made.result.data)),
            }
            .into());
        }
        let call = dynamic::transaction(
            "Contracts",
            "instantiate_with_code",
            vec![
                Value::u128(upload.endowment),
                weight_value(with_margin(dry.gas_required)),
                some(Value::u128(with_deposit_margin(dry.storage_deposit.charge()))),
                Value::from_bytes(upload.wasm),
                Value::from_bytes(&upload.data),
                Value::from_bytes(salt),
            ],
        );
        let included = self.submit(signer, &call, upload.name).await?;
        let account = included.instantiated.unwrap_or(AccountId32(made.account_id));
        let code_hash = H256(blake2_256(upload.wasm));
        Ok((Deployed { account, code_hash }, included.block))
    }

    /// Sends native currency; waits until that is final.
    ///
    /// # Errors
    /// If the chain does not answer or refuses.
    pub async fn transfer(&self, signer: &Signer, to: &AccountId32, amount: u128) -> Result<Block, Error> {
        let to: MultiAddress<AccountId32, ()> = MultiAddress::Id(*to);
        let call = dynamic::transaction("Balances", "transfer_keep_alive", (to, amount));
        Ok(self.submit(signer, &call, "Balances.transfer_keep_alive").await?.block)
    }

    async fn submit<P: Payload>(&self, signer: &Signer, call: &P, message: &'static str) -> Result<Included, Error> {
        let progress = self.enter(signer, call, message, Parameters::new()).await?;
        let (in_block, events) = settled(progress, message).await?;
        let block = patiently(message, async { in_block.at().await.map_err(Error::rpc(message)) }).await?;
        let mut included = Included {
            block: Block { hash: in_block.block_hash(), height: block.block_number() },
            fee: 0,
            instantiated: None,
            events: Vec::new(),
        };
        for event in events.iter() {
            let event = event.map_err(Error::rpc(message))?;
            match (event.pallet_name(), event.event_name()) {
                ("TransactionPayment", "TransactionFeePaid") => {
                    let paid: FeePaid = event.decode_fields_unchecked_as().map_err(Error::rpc(message))?;
                    included.fee = paid.actual_fee;
                }
                // Of nested instantiations the outermost is reported last.
                ("Contracts", "Instantiated") => {
                    let made: Instantiated = event.decode_fields_unchecked_as().map_err(Error::rpc(message))?;
                    included.instantiated = Some(AccountId32(made.contract));
                }
                ("Contracts", "ContractEmitted") => {
                    let emitted: ContractEmitted = event.decode_fields_unchecked_as().map_err(Error::rpc(message))?;
                    included.events.push(Emitted {
                        contract: AccountId32(emitted.contract),
                        topics: event.topics().to_vec(),
                        data: emitted.data,
                    });
                }
                _ => {}
            }
        }
        Ok(included)
    }

    /// Signs a transaction and brings it into the pool.
    async fn enter<P: Payload>(
        &self,
        signer: &Signer,
        call: &P,
        message: &'static str,
        parameters: Parameters,
    ) -> Result<Progress, Error> {
        let at = self.finalized().await?;
        let refused = |reason: String| Error::from(Refusal::Runtime { message, reason });
        patiently(message, async {
            let (mut transactions, parameters) = (at.transactions(), parameters.build());
            let entered = transactions.sign_and_submit_then_watch(call, signer.keypair(), parameters).await;
            entered.map_err(|error| match error {
                ExtrinsicError::ErrorSubmittingTransaction(error) => refused(error.to_string()),
                ExtrinsicError::TransactionStatusError(error) => refused(error.to_string()),
                error => Error::rpc(message)(error),
            })
        })
        .await
    }
}

/// What becomes of a transaction in the pool, once that is final and if it succeeded. Silence does not mean that nothing
/// happened.
async fn settled(progress: Progress, message: &'static str) -> Result<(Settled, Events), Error> {
    let refused = |reason: String| Error::from(Refusal::Runtime { message, reason });
    let unsettled = |reason: String| Error::Unsettled { message, reason };
    let settled = tokio::time::timeout(FINALITY, progress.wait_for_finalized())
        .await
        .map_err(|_| unsettled(format!("not final within {} s", FINALITY.as_secs())))?
        .map_err(|error| match error {
            TransactionProgressError::TransactionStatusError(error) => refused(error.to_string()),
            error => unsettled(error.to_string()),
        })?;
    let events = patiently(message, async {
        settled.wait_for_success().await.map_err(|error| match error {
            TransactionEventsError::ExtrinsicFailed(error) => refused(error.to_string()),
            error => unsettled(error.to_string()),
        })
    })
    .await?;
    Ok((settled, events))
}

/// Waits for the first of the transactions that are under way; answers with how many messages it brought.
async fn arrived(under_way: &mut VecDeque<(usize, Progress)>, message: &'static str) -> Result<usize, Error> {
    let Some((messages, progress)) = under_way.pop_front() else { return Ok(0) };
    settled(progress, message).await?;
    Ok(messages)
}

impl Contract<'_> {
    /// Its account.
    pub fn account(&self) -> &AccountId32 {
        &self.account
    }

    /// Asks a message without a transaction, as of the finalised head.
    ///
    /// # Errors
    /// If the chain does not answer, or the account is not such a contract.
    pub async fn ask<R: Decode>(&self, message: &Message<R>) -> Result<R, Error> {
        self.chain.latest().await?.ask(&self.account, message).await
    }

    /// Signs a message and sends it; waits until it is final. It is dry-run first: what the contract would refuse
    /// is not sent, and comes back as the contract's own error.
    ///
    /// # Errors
    /// [`Error::Refused`], or if the chain does not answer.
    pub async fn send<R: Answer>(&self, signer: &Signer, message: &Message<R>) -> Result<Sent<R::Done>, Error> {
        let view = self.chain.latest().await?;
        let dry = view.dry_run(&signer.account(), &self.account, message).await?;
        let answer = view.done(&self.account, message, &dry)?;
        let (gas, deposit) = (with_margin(dry.gas_required), with_deposit_margin(dry.storage_deposit.charge()));
        let included = self.submit(signer, message, gas, deposit).await?;
        Ok(Sent { answer, block: included.block, fee: included.fee, cost: cost(&dry), events: included.events })
    }

    /// Signs a message and sends it without asking first what it would do, so that a refusal happens on chain.
    ///
    /// # Errors
    /// [`Refusal::Runtime`] if the contract refused, or if the chain does not answer.
    pub async fn send_blind<R: Answer>(&self, signer: &Signer, message: &Message<R>) -> Result<Block, Error> {
        const GAS: Weight = Weight { ref_time: 200_000_000_000, proof_size: 1_000_000 };
        const DEPOSIT: u128 = 10_000_000_000_000;
        Ok(self.submit(signer, message, GAS, DEPOSIT).await?.block)
    }

    /// Sends many messages of one kind, as many in one transaction as fit into a block, several transactions at a time;
    /// waits until all are final, and says after each transaction how many messages it brought. The first message is
    /// dry-run, and each of the others may cost up to an eighth more than it.
    ///
    /// # Errors
    /// [`Error::Refused`] if one of them is: then none of its transaction's was done, while those before and after may
    /// be; or if the chain does not answer.
    pub async fn send_many<R: Answer>(
        &self,
        signer: &Signer,
        messages: &[Message<R>],
        mut brought: impl FnMut(usize),
    ) -> Result<(), Error> {
        let Some(first) = messages.first() else { return Ok(()) };
        let view = self.chain.latest().await?;
        let dry = view.dry_run(&signer.account(), &self.account, first).await?;
        view.done(&self.account, first, &dry)?;
        let more = |part: u64| part.saturating_add(part / 8);
        let gas = Weight { ref_time: more(dry.gas_required.ref_time), proof_size: more(dry.gas_required.proof_size) };
        let block = self.chain.block_limit().await?;
        let fit = |part: u64, all: u64| (all / 100 * USABLE).checked_div(part).unwrap_or(u64::MAX);
        let fit = fit(gas.ref_time, block.ref_time).min(fit(gas.proof_size, block.proof_size));
        let fit = usize::try_from(fit).unwrap_or(usize::MAX).max(1);
        let call = |message: &Message<R>| {
            let arguments = [
                ("dest", Value::unnamed_variant("Id", [account_value(&self.account)])),
                ("value", Value::u128(message.value)),
                ("gas_limit", weight_value(gas)),
                ("storage_deposit_limit", none()),
                ("data", Value::from_bytes(&message.data)),
            ];
            Value::unnamed_variant("Contracts", [Value::named_variant("call", arguments)])
        };
        let mut nonce = self.chain.nonce(&signer.account()).await?;
        let mut under_way = VecDeque::new();
        for part in messages.chunks(fit) {
            if under_way.len() == UNDER_WAY {
                brought(arrived(&mut under_way, first.name).await?);
            }
            let calls = Value::unnamed_composite(part.iter().map(call));
            let batch = dynamic::transaction("Utility", "batch_all", vec![calls]);
            let parameters = Parameters::new().nonce(nonce);
            under_way.push_back((part.len(), self.chain.enter(signer, &batch, first.name, parameters).await?));
            nonce = nonce.saturating_add(1);
        }
        while !under_way.is_empty() {
            brought(arrived(&mut under_way, first.name).await?);
        }
        Ok(())
    }

    async fn submit<R>(
        &self,
        signer: &Signer,
        message: &Message<R>,
        gas: Weight,
        deposit: u128,
    ) -> Result<Included, Error> {
        let to: MultiAddress<AccountId32, ()> = MultiAddress::Id(self.account);
        let call =
            dynamic::transaction("Contracts", "call", (to, message.value, gas, Some(deposit), message.data.clone()));
        self.chain.submit(signer, &call, message.name).await
    }
}

impl View {
    /// Asks a contract's message without a transaction.
    ///
    /// # Errors
    /// If the chain does not answer, or the account is not such a contract.
    pub async fn ask<R: Decode>(&self, contract: &AccountId32, message: &Message<R>) -> Result<R, Error> {
        // Nobody in particular asks: the contract itself stands in, since it exists and so can be an origin.
        let dry = self.dry_run(contract, contract, message).await?;
        self.returned(contract, message, &dry)
    }

    async fn dry_run<R>(
        &self,
        origin: &AccountId32,
        contract: &AccountId32,
        message: &Message<R>,
    ) -> Result<ContractResult, Error> {
        let arguments = vec![
            account_value(origin),
            account_value(contract),
            Value::u128(message.value),
            none(),
            none(),
            Value::from_bytes(&message.data),
        ];
        runtime_call(&self.at, "ContractsApi", "call", arguments).await
    }

    fn done<R: Answer>(
        &self,
        contract: &AccountId32,
        message: &Message<R>,
        dry: &ContractResult,
    ) -> Result<R::Done, Error> {
        self.returned(contract, message, dry)?
            .into_done()
            .map_err(|(reason, code)| Refusal::Contract { message: message.name, reason, code }.into())
    }

    fn returned<R: Decode>(
        &self,
        contract: &AccountId32,
        message: &Message<R>,
        dry: &ContractResult,
    ) -> Result<R, Error> {
        let name = message.name;
        let account = contract.to_string();
        let returned = dry
            .result
            .as_ref()
            .map_err(|error| Refusal::Runtime { message: name, reason: explain(&self.at, error) })?;
        message
            .decode(&returned.data)
            .ok_or(Error::UndecodableAnswer { message: name, account: account.clone() })?
            .ok_or(Refusal::NotUnderstood { message: name, account }.into())
    }
}

#[derive(Debug, subxt::ext::scale_decode::DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct FeePaid {
    actual_fee: u128,
}

#[derive(Debug, subxt::ext::scale_decode::DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Instantiated {
    contract: [u8; 32],
}

#[derive(Debug, subxt::ext::scale_decode::DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ContractEmitted {
    contract: [u8; 32],
    data: Vec<u8>,
}

async fn runtime_call<T: subxt::ext::scale_decode::DecodeAsType>(
    at: &AtBlock,
    api: &'static str,
    method: &'static str,
    arguments: Vec<Value>,
) -> Result<T, Error> {
    patiently(method, async {
        let call = dynamic::runtime_api_call::<_, T>(api, method, arguments);
        at.runtime_apis().call(call).await.map_err(Error::rpc("a dry run"))
    })
    .await
}

fn cost(dry: &ContractResult) -> Cost {
    Cost {
        ref_time: dry.gas_consumed.ref_time,
        proof_size: dry.gas_consumed.proof_size,
        deposit: dry.storage_deposit.signed(),
    }
}

/// A quarter more than the dry run needed, and a few storage cells' worth: the block that will hold the transaction has
/// seen others in between, and is of a later moment, in which a change is a checkpoint of its own.
fn with_margin(weight: Weight) -> Weight {
    const CELLS: Weight = Weight { ref_time: 1_000_000_000, proof_size: 65_536 };
    let more = |value: u64, cells: u64| value.saturating_add(value / 4).saturating_add(cells);
    Weight { ref_time: more(weight.ref_time, CELLS.ref_time), proof_size: more(weight.proof_size, CELLS.proof_size) }
}

/// Half more than the dry run charged, and a few storage cells' worth, for the same reasons; others may also have freed
/// what it shared.
fn with_deposit_margin(deposit: u128) -> u128 {
    const CELLS: u128 = 20_000_000_000;
    deposit.saturating_add(deposit / 2).saturating_add(CELLS)
}

fn weight_value(weight: Weight) -> Value {
    Value::named_composite([
        ("ref_time", Value::u128(weight.ref_time.into())),
        ("proof_size", Value::u128(weight.proof_size.into())),
    ])
}

fn account_value(account: &AccountId32) -> Value {
    Value::from_bytes(account.0)
}

fn none() -> Value {
    Value::unnamed_variant("None", [])
}

fn some(value: Value) -> Value {
    Value::unnamed_variant("Some", [value])
}

/// BLAKE2b-256, the hash of code and of texts.
pub fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    use ink::env::hash::{Blake2x256, CryptoHash};
    let mut hash = [0; 32];
    Blake2x256::hash(bytes, &mut hash);
    hash
}
