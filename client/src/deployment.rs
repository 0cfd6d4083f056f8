//! Which contracts are meant: the file that a deployment leaves behind.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::{io::Write, path::Path};
use subxt::utils::{AccountId32, H256};

/// The governance contracts on one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// The chain, by its first block.
    pub genesis_hash: H256,
    /// The block before the first contract was instantiated: nothing of interest happened up to here.
    pub height: u64,
    /// The contracts.
    pub contracts: Contracts,
}

/// The contracts' accounts and code.
pub type Contracts = interfaces::contracts::Contracts<Deployed>;

/// A contract that was instantiated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployed {
    /// Its account, as `0x` and 64 hexadecimal digits.
    #[serde(with = "account_hex")]
    pub account: AccountId32,
    /// Hash of the code it was instantiated with.
    pub code_hash: H256,
}

impl Deployment {
    /// Reads a deployment file.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::BadFile`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::File {
            doing: "read",
            path: path.to_owned(),
            source,
        })?;
        serde_json::from_str(&text).map_err(|error| Error::BadFile {
            path: path.to_owned(),
            what: "deployment file",
            reason: error.to_string(),
        })
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::File { doing: "write", path: path.to_owned(), source };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(|error| failed(error.into()))?;
        file.write_all(b"\n").map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

mod account_hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use subxt::utils::AccountId32;

    pub(super) fn serialize<S: Serializer>(account: &AccountId32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("0x{}", hex::encode(account.0)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccountId32, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        text.strip_prefix("0x")
            .and_then(|digits| hex::decode_to_slice(digits, &mut bytes).ok())
            .ok_or_else(|| D::Error::custom("an account must be 0x and 64 hexadecimal digits"))?;
        Ok(AccountId32(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment() -> Deployment {
        let mut bytes = 0..;
        let mut deployed = |_| {
            let byte = bytes.next().ok_or("bytes")?;
            Ok::<_, &str>(Deployed { account: AccountId32([byte; 32]), code_hash: H256([byte; 32]) })
        };
        let contracts = Contracts::try_from_fn(&mut deployed).expect("there are few");
        Deployment { genesis_hash: H256([9; 32]), height: 3, contracts }
    }

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("deployment.json");
        deployment().write(&path).expect("writable");
        assert_eq!(Deployment::read(&path).expect("readable"), deployment());
    }

    #[test]
    fn a_malformed_file_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("deployment.json");
        std::fs::write(&path, "{}").expect("writable");
        let error = Deployment::read(&path).expect_err("no deployment");
        assert!(error.to_string().contains("deployment.json is not a deployment file"), "{error}");
    }
}
