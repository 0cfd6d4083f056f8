//! Keys that sign.

use crate::Error;
use interfaces::signed::Signature;
use std::{path::Path, str::FromStr, sync::OnceLock};
use subxt::utils::AccountId32;
use subxt_signer::{SecretUri, sr25519::Keypair};

/// An sr25519 key, as Polkadot wallets use.
#[derive(Clone)]
pub struct Signer(Keypair);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Signer").field(&self.account().to_string()).finish()
    }
}

impl Signer {
    /// One of the well-known development keys (`//Alice`, `//Bob`, …), worth nothing outside a development chain.
    ///
    /// # Errors
    /// [`Error::BadKey`] unless `path` is a plain `//Name`: any other secret belongs in a file, not in an argument.
    pub fn development(path: &str) -> Result<Self, Error> {
        let name = path.strip_prefix("//").unwrap_or_default();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(Error::BadKey {
                name: "the given signer".into(),
                reason: "only development accounts like //Alice can be named on the command line".into(),
            });
        }
        let uri = uri(path, path)?;
        // Making the root of them all takes thousands of hashes, and the step from there to one of them a few.
        static ROOT: OnceLock<Keypair> = OnceLock::new();
        let root = match ROOT.get() {
            Some(root) => root,
            None => {
                let root = SecretUri { junctions: Vec::new(), phrase: uri.phrase, password: uri.password };
                let root = Keypair::from_uri(&root).map_err(|_| no_key(path))?;
                ROOT.get_or_init(|| root)
            }
        };
        Ok(Self(root.derive(uri.junctions)))
    }

    /// The key whose secret phrase, `0x` seed or derivation path stands in a file.
    ///
    /// # Errors
    /// If the file cannot be read or holds no key. The error never contains the file's content.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let secret = std::fs::read_to_string(path).map_err(|source| Error::File {
            doing: "read",
            path: path.to_owned(),
            source,
        })?;
        let name = path.display().to_string();
        Keypair::from_uri(&uri(&name, secret.trim())?).map(Self).map_err(|_| no_key(&name))
    }

    /// The account it signs for.
    pub fn account(&self) -> AccountId32 {
        AccountId32(self.0.public_key().0)
    }

    /// Signs a text as it is.
    pub fn sign(&self, text: &[u8]) -> Signature {
        Signature::Sr25519(self.0.sign(text).0)
    }

    /// Signs a text as wallets do that refuse to sign what could be a transaction: between `<Bytes>` and `</Bytes>`.
    pub fn sign_wrapped(&self, text: &[u8]) -> Signature {
        self.sign(&[b"<Bytes>", text, b"</Bytes>"].concat())
    }

    pub(crate) fn keypair(&self) -> &Keypair {
        &self.0
    }
}

fn uri(name: &str, secret: &str) -> Result<SecretUri, Error> {
    SecretUri::from_str(secret)
        .map_err(|_| Error::BadKey { name: name.to_owned(), reason: "it is not a secret".to_owned() })
}

fn no_key(name: &str) -> Error {
    Error::BadKey { name: name.to_owned(), reason: "no key can be made of it".to_owned() }
}

/// The development key named like `alice` or `Alice`.
///
/// # Errors
/// As [`Signer::development`].
pub fn development_account(name: &str) -> Result<Signer, Error> {
    let mut letters = name.chars();
    let capitalised: String =
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    Signer::development(&format!("//{capitalised}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_development_keys_are_the_well_known_ones() {
        let alice = development_account("alice").expect("a development account");
        assert_eq!(alice.account().to_string(), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    }

    #[test]
    fn a_real_secret_is_refused_as_an_argument_and_not_repeated() {
        let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
        let error = Signer::development(phrase).expect_err("not a development path");
        assert!(!error.to_string().contains("bottom"));
    }
}
