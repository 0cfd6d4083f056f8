//! `Cargo-contract.toml`: which contracts there are, how large they may get, and what each network starts them with.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{BuildError, Network};

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
            if let Err((key, problem)) = network.check() {
                return wrong(format!("networks.{name}.{key}"), problem);
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
