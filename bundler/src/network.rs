//! What the contracts of a network are instantiated with.

use std::fmt;

use ballot::{BasisPoints, Mechanism};
use serde::{Deserialize, Serialize};

/// What the contracts of one network are instantiated with, besides each other's addresses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The token.
    pub token: TokenStart,
    /// The registry of identities.
    pub registry: RegistryStart,
    /// The governor.
    pub governor: GovernorStart,
    /// The treasury.
    pub treasury: TreasuryStart,
}

/// What the token is instantiated with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenStart {
    /// The token's name, for wallets.
    pub name: String,
    /// The token's symbol, for wallets.
    pub symbol: String,
    /// Decimals between a base unit and a whole token.
    pub decimals: u8,
    /// Who holds how much at first; all there is.
    pub holders: Vec<Holder>,
}

/// An account's first tokens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Whose.
    pub account: Account,
    /// How much, in base units.
    pub amount: Amount,
}

/// What the registry is instantiated with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryStart {
    /// Who says which account belongs to whom.
    pub attestors: Vec<AttestorStart>,
}

/// Somebody who says which account belongs to whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestorStart {
    /// Who.
    pub account: Account,
    /// The tiers that it may grant, each below 16.
    pub tiers: Vec<u8>,
    /// How often it may attest and renew in a day of UTC.
    pub daily_cap: u32,
}

/// What the governor is instantiated with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GovernorStart {
    /// How many live proposals one account may have.
    pub live_limit: u32,
    /// Who may stop proposals; nobody, if left out.
    pub guardian: Option<GuardianStart>,
    /// The rules for proposals.
    pub rules: RulesStart,
}

/// Who may stop proposals, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardianStart {
    /// Who.
    pub account: Account,
    /// For so many days after the deployment.
    pub days: u32,
}

/// What the treasury is instantiated with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreasuryStart {
    /// Native currency that it starts with, in base units.
    pub endowment: Amount,
    /// What it may spend of it; nothing, if left out.
    #[serde(default)]
    pub budgets: Vec<BudgetStart>,
}

/// What a category of spending may take of the native currency at first. Its first period begins with the deployment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetStart {
    /// The category's number.
    pub category: u16,
    /// How much in a period, in base units.
    pub cap: Amount,
    /// Length of a period.
    pub period_ms: u64,
    /// Whether what periods leave over can be spent in later ones.
    #[serde(default)]
    pub carries: bool,
    /// The tier for which payees must be cleared; they need not be, if left out.
    pub tier: Option<u8>,
}

/// The rules for proposals of each kind. In the manifest, what all kinds share stands in a table `default`, and each
/// kind's own table says only what is different there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Tables")]
pub struct RulesStart {
    /// For changes of a contract's code.
    pub protocol_upgrade: Rules,
    /// For spending the treasury's money.
    pub treasury_spending: Rules,
    /// For changes of a rule or setting.
    pub parameter_change: Rules,
    /// For anything else.
    pub community_initiative: Rules,
}

/// The rules as they stand in the manifest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Tables {
    default: Given,
    protocol_upgrade: Given,
    treasury_spending: Given,
    parameter_change: Given,
    community_initiative: Given,
}

impl TryFrom<Tables> for RulesStart {
    type Error = String;

    fn try_from(tables: Tables) -> Result<Self, String> {
        let rules = |kind: &str, given: Given| {
            given.or(&tables.default).map_err(|key| {
                format!("{kind} has no {key:?}, and neither has the table of defaults; add it to either")
            })
        };
        Ok(Self {
            protocol_upgrade: rules("protocol_upgrade", tables.protocol_upgrade)?,
            treasury_spending: rules("treasury_spending", tables.treasury_spending)?,
            parameter_change: rules("parameter_change", tables.parameter_change)?,
            community_initiative: rules("community_initiative", tables.community_initiative)?,
        })
    }
}

/// The fields of [`Rules`], each of which a table of the manifest may give or leave to the table of defaults.
macro_rules! rules {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        /// The rules for proposals of one kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Rules {
            $($(#[$doc])* pub $field: $type,)*
        }

        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Given {
            $($field: Option<$type>,)*
        }

        impl Given {
            /// What is given here or by default, or the first key that is given nowhere.
            fn or(self, default: &Self) -> Result<Rules, &'static str> {
                Ok(Rules {
                    $($field: self.$field.or_else(|| default.$field.clone()).ok_or(stringify!($field))?,)*
                })
            }
        }
    };
}

rules! {
    /// How a proposal may be voted on.
    mechanisms: Vec<Mechanism>,
    /// Voting power that a proposer and its sponsors need, in base units of the token.
    proposal_threshold: Amount,
    /// What a proposer leaves with the governor, in base units of the native currency.
    deposit: Amount,
    /// From proposing to the opening of the vote, in milliseconds.
    voting_delay_ms: u64,
    /// How long a vote is open, in milliseconds.
    voting_period_ms: u64,
    /// How long before the end of voting votes can no longer be changed, in milliseconds.
    freeze_ms: u64,
    /// How long voting stays open at least after the quorum is reached, in milliseconds.
    extension_ms: u64,
    /// Share of the electorate that the votes for something must reach, in hundredths of a per cent.
    quorum_bps: BasisPoints,
    /// Share of those who took a side that the winning side must exceed, in hundredths of a per cent.
    approval_bps: BasisPoints,
    /// Share of all votes that the first of several options must exceed, in hundredths of a per cent.
    plurality_bps: BasisPoints,
    /// Voice credits of each person in a quadratic vote.
    credits: u32,
    /// From queueing to the first moment of execution, in milliseconds.
    execution_delay_ms: u64,
    /// How long a queued proposal can be executed, in milliseconds.
    execution_window_ms: u64,
    /// What one proposal may take at most, in base units of the native currency.
    spend_cap: Amount,
    /// What all proposals of the kind may take within a period at most.
    period_cap: Amount,
    /// Length of such a period, in milliseconds.
    period_ms: u64,
    /// Whether the guardian may stop such a proposal.
    guarded: bool,
}

/// A key, relative to the network, and what is wrong with its value.
type Wrong = (String, &'static str);

impl Network {
    /// Looks for values that are of the right type and yet make no sense.
    pub(crate) fn check(&self) -> Result<(), Wrong> {
        self.governor.check()?;
        let holders = &self.token.holders;
        for (index, holder) in holders.iter().enumerate() {
            let wrong = |key: &str, problem| Err((format!("token.holders[{index}].{key}"), problem));
            if holder.amount.0 == 0 {
                return wrong("amount", "is 0, which the token refuses; leave the holder out");
            }
            if holders[..index].iter().any(|other| other.account == holder.account) {
                return wrong("account", "is there twice; give the account one amount");
            }
        }
        if holders.iter().try_fold(0_u128, |sum, holder| sum.checked_add(holder.amount.0)).is_none() {
            return Err(("token.holders".to_owned(), "hold more together than can be counted; lower the amounts"));
        }
        Ok(())
    }
}

impl GovernorStart {
    fn check(&self) -> Result<(), Wrong> {
        if self.live_limit == 0 {
            return Err(("governor.live_limit".to_owned(), "is 0, with which nobody can propose; give at least 1"));
        }
        for (kind, rules) in self.rules.each() {
            let wrong = |key: &str, problem| Err((format!("governor.rules.{kind}.{key}"), problem));
            for (key, length) in [
                ("voting_period_ms", rules.voting_period_ms),
                ("execution_window_ms", rules.execution_window_ms),
                ("period_ms", rules.period_ms),
            ] {
                if length == 0 {
                    return wrong(key, "is 0; give at least a millisecond");
                }
            }
            if rules.mechanisms.is_empty() {
                return wrong("mechanisms", "is empty; name at least one way to vote");
            }
            if rules.approval_bps < BasisPoints::HALF {
                return wrong("approval_bps", "is less than 5000, with which a minority decides");
            }
            for (key, share) in [("approval_bps", rules.approval_bps), ("plurality_bps", rules.plurality_bps)] {
                if share.get() == BasisPoints::WHOLE {
                    return wrong(key, "is 10000, which nothing can exceed; give less");
                }
            }
        }
        Ok(())
    }
}

impl RulesStart {
    /// The rules of each kind by its name, in the order of the kinds.
    pub fn each(&self) -> [(&'static str, &Rules); 4] {
        [
            ("protocol_upgrade", &self.protocol_upgrade),
            ("treasury_spending", &self.treasury_spending),
            ("parameter_change", &self.parameter_change),
            ("community_initiative", &self.community_initiative),
        ]
    }
}

/// An amount in base units: a string of digits, in which `_` may part groups, or an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub u128);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl serde::de::Visitor<'_> for Digits {
            type Value = Amount;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount in base units, such as 1000 or \"1_000_000\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Amount, E> {
                let digits: String = text.chars().filter(|c| *c != '_').collect();
                let wrong = || E::invalid_value(serde::de::Unexpected::Str(text), &self);
                // `parse` alone would also take a sign.
                if !digits.starts_with(|c: char| c.is_ascii_digit()) {
                    return Err(wrong());
                }
                digits.parse().map(Amount).map_err(|_| wrong())
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Amount, E> {
                let wrong = |_| E::invalid_value(serde::de::Unexpected::Signed(number), &self);
                u128::try_from(number).map(Amount).map_err(wrong)
            }
        }
        deserializer.deserialize_any(Digits)
    }
}

/// An account: one of the development accounts that a local chain endows, or an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Account {
    /// A development account.
    Development(Development),
    /// An address in SS58 form. Only its alphabet and length are checked here; who uses it checks the rest.
    Address(String),
}

/// The development accounts, derived from the well-known development phrase by their names (`//Alice`, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Development {
    Alice,
    Bob,
    Charlie,
    Dave,
    Eve,
    Ferdie,
}

impl Development {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Alice, Self::Bob, Self::Charlie, Self::Dave, Self::Eve, Self::Ferdie];

    /// The name in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alice => "alice",
            Self::Bob => "bob",
            Self::Charlie => "charlie",
            Self::Dave => "dave",
            Self::Eve => "eve",
            Self::Ferdie => "ferdie",
        }
    }
}

impl TryFrom<String> for Account {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Some(known) = Development::ALL.into_iter().find(|known| known.name() == text) {
            return Ok(Self::Development(known));
        }
        let base58 = |c: char| c.is_ascii_alphanumeric() && !matches!(c, '0' | 'O' | 'I' | 'l');
        if (46..=50).contains(&text.len()) && text.chars().all(base58) {
            return Ok(Self::Address(text));
        }
        let names = Development::ALL.map(Development::name).join(", ");
        Err(format!("{text:?} is neither a development account ({names}) nor an SS58 address"))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development(account) => account.name(),
            Self::Address(address) => address,
        })
    }
}
