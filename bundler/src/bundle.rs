//! The `.contract` file: a contract's code, its metadata and where they come from.

use std::{
    fmt, fs,
    io::Write,
    path::{Path, PathBuf},
    str::FromStr,
};

use blake2::{Blake2b, Digest, digest::consts::U32};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use crate::BuildError;

/// BLAKE2b-256 of a contract's code, by which the chain knows it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeHash(pub [u8; 32]);

impl CodeHash {
    /// The hash of `wasm`.
    pub fn of(wasm: &[u8]) -> Self {
        Self(Blake2b::<U32>::digest(wasm).into())
    }
}

impl fmt::Display for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for CodeHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut hash = [0; 32];
        let digits = text.strip_prefix("0x").unwrap_or(text);
        hex::decode_to_slice(digits, &mut hash)
            .map_err(|_| format!("{text:?} is no code hash; it has 64 hexadecimal digits"))?;
        Ok(Self(hash))
    }
}

impl Serialize for CodeHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CodeHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A contract ready for the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The code's hash.
    pub code_hash: CodeHash,
    /// The code.
    pub wasm: Vec<u8>,
    /// The metadata: the whole bundle but the code, as ink!'s tools take it.
    pub metadata: Value,
}

/// The bundle's members that are read here; the rest is handed on as it is.
#[derive(Deserialize)]
struct Head {
    source: HeadSource,
}

#[derive(Deserialize)]
struct HeadSource {
    hash: CodeHash,
    wasm: String,
}

impl Bundle {
    /// Reads a `.contract` file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is not a bundle, or holds code of another hash than it says.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, BuildError> {
        let path = path.as_ref();
        let bad = |problem: String| BuildError::BadBundle { path: path.to_owned(), problem };
        let text = fs::read(path).map_err(BuildError::io("read", path))?;
        let mut metadata: Value = serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))?;
        let Head { source: HeadSource { hash, wasm } } =
            Head::deserialize(&metadata).map_err(|error| bad(error.to_string()))?;
        let wasm = hex::decode(wasm.strip_prefix("0x").unwrap_or(&wasm))
            .map_err(|error| bad(format!("source.wasm is not hexadecimal: {error}")))?;
        if CodeHash::of(&wasm) != hash {
            return Err(bad(format!("its code does not have the hash {hash} that it says")));
        }
        if let Some(source) = metadata.get_mut("source").and_then(Value::as_object_mut) {
            source.remove("wasm");
        }
        Ok(Self { code_hash: hash, wasm, metadata })
    }

    /// The bundle's file: the metadata and in it the code.
    fn to_json(&self) -> Value {
        let mut whole = self.metadata.clone();
        if let Some(source) = whole.get_mut("source").and_then(Value::as_object_mut) {
            source.insert("wasm".to_owned(), format!("0x{}", hex::encode(&self.wasm)).into());
        }
        whole
    }

    /// Writes `NAME.contract`, `NAME.wasm` and `NAME.json` (the metadata alone) into `folder`.
    pub(crate) fn write(&self, folder: &Path, name: &str) -> Result<PathBuf, BuildError> {
        fs::create_dir_all(folder).map_err(BuildError::io("create", folder))?;
        let [wasm, json, contract] = files(folder, name);
        replace(&wasm, &self.wasm)?;
        replace(&json, &pretty(&self.metadata))?;
        replace(&contract, self.to_json().to_string().as_bytes())?;
        Ok(contract)
    }
}

/// The files of the contract `name` in `folder`: the code, the metadata, and last the bundle.
pub(crate) fn files(folder: &Path, name: &str) -> [PathBuf; 3] {
    ["wasm", "json", "contract"].map(|ending| folder.join(format!("{name}.{ending}")))
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = format!("{value:#}");
    text.push('\n');
    text.into_bytes()
}

/// Writes a file aside and moves it into place, so that nobody ever reads half of it.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), BuildError> {
    let failed = || BuildError::io("write", path);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(failed())?;
    file.write_all(content).map_err(failed())?;
    // Temporary files are private; bundles are for everyone.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644)).map_err(failed())?;
    }
    file.persist(path).map_err(|error| failed()(error.error))?;
    Ok(())
}

/// What a bundle says of its origin besides the metadata that ink! generates.
#[derive(Debug, Serialize)]
pub(crate) struct Origin<'a> {
    pub source: Source,
    pub contract: Package<'a>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Source {
    pub hash: CodeHash,
    pub language: String,
    pub compiler: String,
    pub build_info: Value,
}

/// The crate, as its manifest describes it.
#[derive(Debug, Serialize)]
pub(crate) struct Package<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub authors: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<&'a str>,
}

impl Origin<'_> {
    /// Merged with the metadata that ink! generates; `None` if that is not an object.
    pub fn merge(&self, abi: Value) -> Option<Value> {
        let (Ok(Value::Object(origin)), Value::Object(abi)) = (serde_json::to_value(self), abi) else { return None };
        let merged: Map<_, _> = origin.into_iter().chain(abi).collect();
        Some(Value::Object(merged))
    }
}
