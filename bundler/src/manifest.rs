//! `Cargo-contract.toml`: which contracts there are, how large they may get, and what each network starts them with.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::BuildError;

/// The manifest's usual name, at the root of the repository.
pub const MANIFEST: &str = "Cargo-contract.toml";

/// The manifest as it was read, checked.
#[derive(Debug, Clone)]
pub struct Manifest {
    path: PathBuf,
    content: Content,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    contracts: BTreeMap<String, Contract>,
    #[serde(default)]
    fixtures: BTreeMap<String, Contract>,
    #[serde(default)]
    networks: BTreeMap<String, Network>,
}

/// A contract's sources and limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The crate's folder, relative to the repository root.
    pub path: PathBuf,
    /// The largest that its code may be, in bytes.
    pub budget: u64,
}

/// What the contracts of one network are instantiated with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The token; instantiated first.
    pub token: TokenStart,
    /// The governor; is given the token's address.
    pub governor: GovernorStart,
    /// The treasury; is given the governor's address.
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

/// What the governor is instantiated with, besides the token's address: the rules for its proposals.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GovernorStart {
    /// Voting power that a proposer needs, in base units of the token.
    pub proposal_threshold: Amount,
    /// From proposing to the opening of the vote, in milliseconds.
    pub voting_delay_ms: u64,
    /// How long a vote is open, in milliseconds.
    pub voting_period_ms: u64,
    /// From queueing to the first moment of execution, in milliseconds.
    pub execution_delay_ms: u64,
    /// How long a queued proposal can be executed, in milliseconds.
    pub execution_window_ms: u64,
    /// Share of the supply that must vote for or abstain, in hundredths of a per cent.
    pub quorum_bps: u16,
    /// Share of for and against together that for must exceed, in hundredths of a per cent.
    pub approval_bps: u16,
}

/// What the treasury is instantiated with, besides the governor's address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreasuryStart {
    /// Native currency that it starts with, in base units.
    pub endowment: Amount,
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

impl Manifest {
    /// Reads and checks the manifest at `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is not TOML, has a key that is unknown, missing or of the wrong type, or a value that
    /// makes no sense. The crates it names are looked for only when they are built.
    pub fn load(path: impl Into<PathBuf>) -> Result<Self, BuildError> {
        let path = path.into();
        let text = fs::read_to_string(&path)
            .map_err(|source| BuildError::ManifestUnreadable { path: path.clone(), source })?;
        Self::parse(path, &text)
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self, BuildError> {
        let malformed = |key: &str, error: &toml::de::Error| {
            let offset = error.span().map_or(0, |span| span.start);
            BuildError::ManifestMalformed {
                path: path.clone(),
                line: text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1,
                key: if key == "." { "the file".to_owned() } else { key.to_owned() },
                problem: error.message().replace('\n', ", "),
            }
        };
        let document = toml::Deserializer::parse(text).map_err(|error| malformed(".", &error))?;
        let content: Content = serde_path_to_error::deserialize(document)
            .map_err(|error| malformed(&error.path().to_string(), error.inner()))?;
        let manifest = Self { path, content };
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), BuildError> {
        let wrong = |key: String, problem: &str| {
            Err(BuildError::ManifestValue { path: self.path.clone(), key, problem: problem.to_owned() })
        };
        for (table, name, contract) in self.every() {
            let usable = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
            if name.is_empty() || !name.chars().all(usable) {
                return wrong(format!("{table}.{name:?}"), "is no name for a contract; use a-z, 0-9, _ and - only");
            }
            if table == "fixtures" && self.content.contracts.contains_key(name) {
                return wrong(format!("fixtures.{name}"), "is also the name of a contract; give it another");
            }
            if contract.budget == 0 {
                return wrong(
                    format!("{table}.{name}.budget"),
                    "is 0, which no contract can keep; give the largest size of its code, in bytes",
                );
            }
            if contract.path.is_absolute() {
                return wrong(
                    format!("{table}.{name}.path"),
                    "is absolute; give the crate's folder from the repository root",
                );
            }
        }
        for (name, network) in &self.content.networks {
            let GovernorStart { voting_period_ms, execution_window_ms, quorum_bps, approval_bps, .. } =
                network.governor;
            for (key, value) in [("voting_period_ms", voting_period_ms), ("execution_window_ms", execution_window_ms)] {
                if value == 0 {
                    return wrong(format!("networks.{name}.governor.{key}"), "is 0; give at least a millisecond");
                }
            }
            for (key, value) in [("quorum_bps", quorum_bps), ("approval_bps", approval_bps)] {
                if value > 10_000 {
                    return wrong(
                        format!("networks.{name}.governor.{key}"),
                        "is more than 10000, which is all; give hundredths of a per cent",
                    );
                }
            }
            let holders = &network.token.holders;
            for (index, holder) in holders.iter().enumerate() {
                if holder.amount.0 == 0 {
                    return wrong(
                        format!("networks.{name}.token.holders[{index}].amount"),
                        "is 0, which the token refuses; leave the holder out",
                    );
                }
                if holders[..index].iter().any(|other| other.account == holder.account) {
                    return wrong(
                        format!("networks.{name}.token.holders[{index}].account"),
                        "is there twice; give the account one amount",
                    );
                }
            }
            if holders.iter().try_fold(0_u128, |sum, holder| sum.checked_add(holder.amount.0)).is_none() {
                return wrong(
                    format!("networks.{name}.token.holders"),
                    "hold more together than can be counted; lower the amounts",
                );
            }
        }
        Ok(())
    }

    fn every(&self) -> impl Iterator<Item = (&'static str, &str, &Contract)> {
        let contracts = self.content.contracts.iter().map(|(name, contract)| ("contracts", name.as_str(), contract));
        let fixtures = self.content.fixtures.iter().map(|(name, contract)| ("fixtures", name.as_str(), contract));
        contracts.chain(fixtures)
    }

    /// The file it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The product's contracts by name.
    pub fn contracts(&self) -> impl Iterator<Item = (&str, &Contract)> {
        self.content.contracts.iter().map(|(name, contract)| (name.as_str(), contract))
    }

    /// Contracts that only tests need, by name.
    pub fn fixtures(&self) -> impl Iterator<Item = (&str, &Contract)> {
        self.content.fixtures.iter().map(|(name, contract)| (name.as_str(), contract))
    }

    /// The contract or fixture called `name`.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn contract(&self, name: &str) -> Result<&Contract, BuildError> {
        self.every().find(|(_, known, _)| *known == name).map(|(_, _, contract)| contract).ok_or_else(|| {
            BuildError::UnknownContract {
                path: self.path.clone(),
                name: name.to_owned(),
                known: listed(self.every().map(|(_, known, _)| known)),
            }
        })
    }

    /// What the contracts of the network called `name` are instantiated with.
    ///
    /// # Errors
    ///
    /// If there is no such network.
    pub fn network(&self, name: &str) -> Result<&Network, BuildError> {
        self.content.networks.get(name).ok_or_else(|| BuildError::UnknownNetwork {
            path: self.path.clone(),
            name: name.to_owned(),
            known: listed(self.content.networks.keys().map(String::as_str)),
        })
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
