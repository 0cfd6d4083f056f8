//! What governance can order of the treasury.
//!
//! What the treasury would refuse whatever happens until then is refused here: a proposal that cannot be executed is
//! noticed only after its vote.

use crate::{
    Error, Result,
    commands::call,
    parse::{Account, Amount, Date, Hash},
};
use client::{Contracts, messages::treasury as messages};
use interfaces::{
    AccountId, Millis, Moment,
    governor::{Call, Kind},
    treasury::{self, Category, EscrowId, MilestoneId, Payment, Signers, StreamId, limits},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::str::FromStr;

/// An order to the treasury.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Pays at once.
    Pay {
        /// Out of which budget.
        category: Category,
        /// Whom.
        #[serde(deserialize_with = "text")]
        payee: Account,
        /// How much.
        #[serde(deserialize_with = "text")]
        amount: Amount,
    },
    /// Gives a category a budget.
    SetBudget {
        /// Which.
        category: Category,
        /// In what: `native`, or the account of a token.
        #[serde(deserialize_with = "text")]
        asset: Asset,
        /// How much in a period.
        #[serde(deserialize_with = "text")]
        cap: Amount,
        /// Milliseconds of a period.
        period_ms: Millis,
        /// When the first period begins.
        #[serde(deserialize_with = "moment")]
        begins: Moment,
        /// Whether later periods can spend what is left over.
        #[serde(default)]
        carries: bool,
        /// For which tier the registry must clear payees; without one, for none.
        #[serde(default)]
        tier: Option<u8>,
    },
    /// Puts money aside for milestones.
    OpenEscrow {
        /// Out of which budget.
        category: Category,
        /// For what.
        milestones: Vec<Milestone>,
    },
    /// Takes back what a milestone, or every milestone of an escrow, has left.
    ClawBack {
        /// Which escrow.
        escrow: EscrowId,
        /// Which of its milestones; without one, all.
        #[serde(default)]
        milestone: Option<MilestoneId>,
    },
    /// Names the signers, in any order.
    SetSigners {
        /// Who they are.
        #[serde(deserialize_with = "texts")]
        signers: Vec<Account>,
        /// How many of them must approve of a release.
        threshold: u8,
    },
    /// Puts money aside that somebody earns bit by bit.
    OpenStream {
        /// Out of which budget.
        category: Category,
        /// Who.
        #[serde(deserialize_with = "text")]
        payee: Account,
        /// How much in all.
        #[serde(deserialize_with = "text")]
        amount: Amount,
        /// From when.
        #[serde(deserialize_with = "moment")]
        begins: Moment,
        /// Until when.
        #[serde(deserialize_with = "moment")]
        ends: Moment,
    },
    /// Frees what has not accrued in a stream.
    StopStream {
        /// Which.
        stream: StreamId,
    },
    /// Ends a pause.
    Unpause {},
}

/// A step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// Who is paid for it.
    #[serde(deserialize_with = "text")]
    payee: Account,
    /// How much.
    #[serde(deserialize_with = "text")]
    amount: Amount,
    /// First moment at which something of it can be released.
    #[serde(deserialize_with = "moment")]
    earliest: Moment,
    /// Last such moment.
    #[serde(deserialize_with = "moment")]
    latest: Moment,
    /// BLAKE2b-256 of the text that says what is to be delivered.
    #[serde(deserialize_with = "text")]
    deliverable: Hash,
}

/// What the treasury can hold: `native`, or the account of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset(pub treasury::Asset);

impl FromStr for Asset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "native" {
            return Ok(Self(treasury::Asset::Native));
        }
        let token: Account =
            text.parse().map_err(|error| format!("an asset is native or a token's account: {error}"))?;
        Ok(Self(treasury::Asset::Token(id(token))))
    }
}

impl Order {
    /// The call that a proposal of this kind makes to order this.
    ///
    /// # Errors
    /// [`Error::Usage`], if the governor would not take it in such a proposal, or the treasury would never do it.
    pub fn call(&self, contracts: &Contracts, kind: Kind) -> Result<Call> {
        let target = contracts.treasury.account;
        // Who signs and how much may be spent is not for those to say who spend.
        let setting = matches!(self, Self::SetBudget { .. } | Self::SetSigners { .. });
        refuse_if(setting && !matches!(kind, Kind::ProtocolUpgrade | Kind::ParameterChange), || {
            "budgets and signers are set by proposals of the kinds parameter_change and protocol_upgrade".to_owned()
        })?;
        Ok(match self {
            Self::Pay { category, payee, amount } => {
                some(*amount, "a payment")?;
                let payment = Payment { category: *category, payee: id(*payee), amount: amount.0 };
                call(target, &messages::pay(payment))
            }
            Self::SetBudget { category, asset, cap, period_ms, begins, carries, tier } => {
                refuse_if(*period_ms == 0, || "a budget's period_ms must be at least 1".to_owned())?;
                let (cap, period) = (cap.0, *period_ms);
                let (begins, carries, tier) = (*begins, *carries, *tier);
                let budget = treasury::Budget { asset: asset.0, cap, period, begins, carries, tier };
                call(target, &messages::set_budget(*category, budget))
            }
            Self::OpenEscrow { category, milestones } => {
                let most = limits::MILESTONES;
                refuse_if(!(1..=most).contains(&milestones.len()), || {
                    format!("an escrow has 1 to {most} milestones, and not {}", milestones.len())
                })?;
                let milestones = milestones.iter().map(Milestone::checked).collect::<Result<Vec<_>>>()?;
                call(target, &messages::open_escrow(*category, &milestones))
            }
            Self::ClawBack { escrow, milestone } => call(target, &messages::claw_back(*escrow, *milestone)),
            Self::SetSigners { signers, threshold } => {
                let mut accounts: Vec<_> = signers.iter().copied().map(id).collect();
                accounts.sort_unstable();
                // The treasury's own rule.
                Signers::default()
                    .changed_to(&accounts, *threshold)
                    .map_err(|error| Error::Usage(error.to_string()))?;
                call(target, &messages::set_signers(&accounts, *threshold))
            }
            Self::OpenStream { category, payee, amount, begins, ends } => {
                some(*amount, "a stream")?;
                refuse_if(ends <= begins, || "a stream must end after it begins".to_owned())?;
                call(target, &messages::open_stream(*category, id(*payee), amount.0, *begins, *ends))
            }
            Self::StopStream { stream } => call(target, &messages::stop_stream(*stream)),
            Self::Unpause {} => call(target, &messages::unpause()),
        })
    }
}

impl Milestone {
    fn checked(&self) -> Result<treasury::Milestone> {
        let Self { payee, amount, earliest, latest, deliverable } = *self;
        some(amount, "a milestone")?;
        refuse_if(latest < earliest, || "a milestone's latest moment must not be before its earliest".to_owned())?;
        let (payee, amount, deliverable) = (id(payee), amount.0, deliverable.0.0.into());
        Ok(treasury::Milestone { payee, amount, earliest, latest, deliverable })
    }
}

fn some(amount: Amount, what: &str) -> Result<()> {
    refuse_if(amount.0 == 0, || format!("the amount of {what} must be at least 1"))
}

fn refuse_if(wrong: bool, why: impl FnOnce() -> String) -> Result<()> {
    if wrong { Err(Error::Usage(why())) } else { Ok(()) }
}

fn id(account: Account) -> AccountId {
    AccountId::from(account.0.0)
}

/// What is written as people type it.
fn text<'de, T: FromStr<Err = String>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn texts<'de, T: FromStr<Err = String>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}

/// A moment: a date or time as people type it, or milliseconds since the Unix epoch.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Milliseconds(Moment),
        Text(String),
    }
    let form = Form::deserialize(deserializer).map_err(|_| {
        D::Error::custom("a moment is a time like 2026-03-05T12:00:00Z, or milliseconds since the Unix epoch")
    })?;
    match form {
        Form::Milliseconds(moment) => Ok(moment),
        Form::Text(text) => text.parse().map(|Date(moment)| moment).map_err(D::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use client::{AccountId32, Deployed, H256};
    use scale::Encode;
    use serde_json::{Value, json};

    const TREASURY: u8 = 7;

    fn contracts() -> Contracts {
        Contracts::try_from_fn(|name| {
            let byte = if name == "treasury" { TREASURY } else { 1 };
            Ok::<_, Error>(Deployed { account: AccountId32([byte; 32]), code_hash: H256([byte; 32]) })
        })
        .expect("a few")
    }

    fn read(order: Value) -> Result<Order, String> {
        serde_json::from_value(order).map_err(|error| error.to_string())
    }

    /// What the order's call passes to the treasury.
    fn input(order: Value) -> Result<Vec<u8>, String> {
        let call = read(order)?.call(&contracts(), Kind::ParameterChange).map_err(|error| error.to_string())?;
        assert_eq!((call.target, call.value), (AccountId::from([TREASURY; 32]), 0));
        Ok(call.input)
    }

    fn person(name: &str) -> AccountId {
        id(name.parse().expect("a development account"))
    }

    fn milestone() -> Value {
        let deliverable = format!("0x{}", "0d".repeat(32));
        json!({
            "payee": "//Bob", "amount": "1_000", "earliest": "1970-01-02", "latest": 172_800_000,
            "deliverable": deliverable,
        })
    }

    #[test]
    fn every_order_is_a_call_of_the_treasury() {
        let bob = person("//Bob");
        let paid = json!({ "order": "pay", "category": 3, "payee": "//Bob", "amount": "25" });
        assert_eq!(input(paid), Ok((3_u16, bob, 25_u128).encode()));
        let set = json!({
            "order": "set_budget", "category": 3, "asset": "native", "cap": "100", "period_ms": 1_000,
            "begins": "1970-01-01T00:00:01Z", "carries": true, "tier": 2,
        });
        let (asset, carries, tier) = (treasury::Asset::Native, true, Some(2));
        let budget = treasury::Budget { asset, cap: 100, period: 1_000, begins: 1_000, carries, tier };
        assert_eq!(input(set), Ok((3_u16, budget).encode()));
        let opened = json!({ "order": "open_escrow", "category": 3, "milestones": [milestone()] });
        let step = treasury::Milestone {
            payee: bob,
            amount: 1_000,
            earliest: 86_400_000,
            latest: 172_800_000,
            deliverable: [0x0d; 32].into(),
        };
        assert_eq!(input(opened), Ok((3_u16, vec![step]).encode()));
        for (milestone, encoded) in [(json!(null), None), (json!(1), Some(1_u8))] {
            let taken = json!({ "order": "claw_back", "escrow": 4, "milestone": milestone });
            assert_eq!(input(taken), Ok((4_u32, encoded).encode()));
        }
        let mut two = vec![bob, person("//Alice")];
        two.sort_unstable();
        let named = json!({ "order": "set_signers", "signers": ["//Alice", "//Bob"], "threshold": 2 });
        assert_eq!(input(named), Ok((two.clone(), 2_u8).encode()));
        let other_way = json!({ "order": "set_signers", "signers": ["//Bob", "//Alice"], "threshold": 2 });
        assert_eq!(input(other_way), Ok((two, 2_u8).encode()));
        let opened = json!({
            "order": "open_stream", "category": 3, "payee": "//Bob", "amount": "9", "begins": 5, "ends": 6,
        });
        assert_eq!(input(opened), Ok((3_u16, bob, 9_u128, 5_u64, 6_u64).encode()));
        assert_eq!(input(json!({ "order": "stop_stream", "stream": 8 })), Ok(8_u32.encode()));
        assert_eq!(input(json!({ "order": "unpause" })), Ok(vec![]));
    }

    #[test]
    fn budgets_and_signers_are_not_for_proposals_that_spend() {
        let named = read(json!({ "order": "set_signers", "signers": ["//Alice"], "threshold": 1 })).expect("an order");
        for kind in [Kind::TreasurySpending, Kind::CommunityInitiative] {
            let error = named.call(&contracts(), kind).expect_err("a setting").to_string();
            assert!(error.contains("parameter_change and protocol_upgrade"), "{error}");
        }
        assert!(named.call(&contracts(), Kind::ProtocolUpgrade).is_ok());
        let stopped = read(json!({ "order": "stop_stream", "stream": 8 })).expect("an order");
        assert!(stopped.call(&contracts(), Kind::TreasurySpending).is_ok());
    }

    #[test]
    fn a_tokens_budget_names_the_token() {
        let set = json!({
            "order": "set_budget", "category": 0, "asset": "//Bob", "cap": "1", "period_ms": 1, "begins": 0,
        });
        let asset = treasury::Asset::Token(person("//Bob"));
        let budget = treasury::Budget { asset, cap: 1, period: 1, begins: 0, carries: false, tier: None };
        assert_eq!(input(set), Ok((0_u16, budget).encode()));
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        let with = |field: &str, value: Value| {
            let mut milestone = milestone();
            milestone[field] = value;
            json!({ "order": "open_escrow", "category": 3, "milestones": [milestone] })
        };
        let signers = |signers: &[&str], threshold: u8| json!({ "order": "set_signers", "signers": signers, "threshold": threshold });
        let budget = json!({
            "order": "set_budget", "category": 3, "asset": "gold", "cap": "1", "period_ms": 0, "begins": 0,
        });
        let mut endless = budget.clone();
        endless["asset"] = json!("native");
        let cases = [
            (json!({ "order": "steal" }), "unknown variant `steal`"),
            (json!({ "order": "unpause", "now": true }), "unknown field `now`"),
            (json!({ "order": "pay", "category": 3, "payee": "//Bob" }), "missing field `amount`"),
            (json!({ "order": "pay", "category": 3, "payee": "Bob", "amount": "1" }), "the account must be"),
            (json!({ "order": "pay", "category": 3, "payee": "//Bob", "amount": "0" }), "at least 1"),
            (json!({ "order": "pay", "category": 3, "payee": "//Bob", "amount": "1.5" }), "a whole number"),
            (json!({ "order": "pay", "category": 70_000, "payee": "//Bob", "amount": "1" }), "70000"),
            (budget, "an asset is native or a token's account"),
            (endless, "period_ms must be at least 1"),
            (json!({ "order": "open_escrow", "category": 3, "milestones": [] }), "1 to 16 milestones, and not 0"),
            (with("amount", json!("0")), "the amount of a milestone must be at least 1"),
            (with("latest", json!(0)), "must not be before its earliest"),
            (with("latest", json!("soon")), "is no date"),
            (with("latest", json!(true)), "a moment is a time like"),
            (with("deliverable", json!("0x00")), "a hash is"),
            (signers(&[], 1), "signer"),
            (signers(&["//Bob"], 2), "signer"),
            (signers(&["//Bob", "//Bob"], 1), "signer"),
            (
                json!({
                    "order": "open_stream", "category": 3, "payee": "//Bob", "amount": "9", "begins": 6, "ends": 6,
                }),
                "must end after it begins",
            ),
        ];
        for (order, reason) in cases {
            let error = input(order.clone()).expect_err("nonsense");
            assert!(error.contains(reason), "{order}: {error}");
        }
    }
}
