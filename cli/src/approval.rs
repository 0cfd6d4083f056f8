//! Approvals of releases that a signer signed off chain and anybody may hand in: the file that carries one.

use crate::{Error, Result, signed::SignatureText};
use api::{account::Account, model::Amount};
use client::{H256, Signer};
use interfaces::{
    AccountId, Hash, Moment,
    signed::Signature,
    treasury::{EscrowId, MilestoneId, Release},
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What a signer signed, for whoever hands it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedApproval {
    /// Of which release the signer approves.
    pub release: ReleaseText,
    /// Last moment at which this can be handed in, in milliseconds since the Unix epoch.
    pub deadline: Moment,
    /// Who signed.
    pub signer: Account,
    /// What was signed, for people to read.
    pub text: String,
    /// The signature of that.
    pub signature: SignatureText,
}

/// A release, in the API's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of Release")]
pub struct ReleaseText {
    pub escrow: EscrowId,
    pub milestone: MilestoneId,
    pub payee: Account,
    pub amount: Amount,
    pub nonce: u32,
}

/// Signatures of one release that have one deadline: what one message can hand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Last moment at which they can be handed in.
    pub deadline: Moment,
    /// Who signed what.
    pub signatures: Vec<(AccountId, Signature)>,
}

impl SignedApproval {
    /// Signs an approval for the treasury `contract`.
    pub fn sign(signer: &Signer, release: Release, deadline: Moment, chain: H256, contract: AccountId) -> Self {
        let text = release.text(deadline, &Hash::from(chain.0), &contract);
        Self {
            release: release.into(),
            deadline,
            signer: signer.account().0.into(),
            signature: signer.sign_wrapped(text.as_bytes()).into(),
            text: text.into(),
        }
    }

    /// Reads what somebody signed.
    ///
    /// # Errors
    /// If the file cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(Error::file("read", path))?;
        serde_json::from_slice(&text)
            .map_err(|error| Error::Usage(format!("{} is not a signed approval: {error}", path.display())))
    }
}

/// Reads what several signers signed: the one release that they approve of, and what is to be handed in.
///
/// # Errors
/// If a file is no signed approval, if two are about different releases, or if one signer is there twice.
pub fn together(paths: &[PathBuf]) -> Result<(Release, Vec<Bundle>)> {
    let mut first: Option<(ReleaseText, &Path)> = None;
    let mut bundles: Vec<Bundle> = Vec::new();
    for path in paths {
        let SignedApproval { release, deadline, signer, signature, .. } = SignedApproval::read(path)?;
        let (expected, named) = *first.get_or_insert((release, path));
        if release != expected {
            return Err(Error::Usage(format!(
                "{} and {} are about different releases: hand each in by itself",
                named.display(),
                path.display()
            )));
        }
        let account = AccountId::from(<[u8; 32]>::from(signer));
        let known = bundles.iter().flat_map(|bundle| &bundle.signatures);
        if known.into_iter().any(|(known, _)| *known == account) {
            return Err(Error::Usage(format!("{signer} signed twice, also in {}", path.display())));
        }
        let signed = (account, signature.parse()?);
        match bundles.iter_mut().find(|bundle| bundle.deadline == deadline) {
            Some(bundle) => bundle.signatures.push(signed),
            None => bundles.push(Bundle { deadline, signatures: vec![signed] }),
        }
    }
    let (release, _) = first.ok_or_else(|| Error::Usage("say what is to be handed in: FILE...".into()))?;
    Ok((release.into(), bundles))
}

impl From<Release> for ReleaseText {
    fn from(release: Release) -> Self {
        let Release { escrow, milestone, payee, amount, nonce } = release;
        Self { escrow, milestone, payee: payee.0.into(), amount: Amount(amount), nonce }
    }
}

impl From<ReleaseText> for Release {
    fn from(release: ReleaseText) -> Self {
        let ReleaseText { escrow, milestone, payee, amount, nonce } = release;
        Self { escrow, milestone, payee: <[u8; 32]>::from(payee).into(), amount: amount.0, nonce }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use client::development_account;

    const RELEASE: Release =
        Release { escrow: 3, milestone: 1, payee: AccountId([9; 32]), amount: u128::MAX, nonce: 2 };

    fn signed(who: &str, release: Release, deadline: Moment) -> SignedApproval {
        let signer = development_account(who).expect("a development account");
        SignedApproval::sign(&signer, release, deadline, H256([1; 32]), [2; 32].into())
    }

    fn written(approvals: &[SignedApproval]) -> (tempfile::TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut paths = Vec::new();
        for (number, approval) in approvals.iter().enumerate() {
            let path = folder.path().join(format!("{number}.json"));
            std::fs::write(&path, serde_json::to_vec(approval).expect("JSON")).expect("writable");
            paths.push(path);
        }
        (folder, paths)
    }

    #[test]
    fn what_several_signed_is_handed_in_together() {
        let approvals = [signed("alice", RELEASE, 10), signed("bob", RELEASE, 20), signed("dave", RELEASE, 10)];
        assert!(approvals[0].text.starts_with("Gaia release\nchain 0x0101"), "{}", approvals[0].text);
        let (_folder, paths) = written(&approvals);
        let (release, bundles) = together(&paths).expect("they belong together");
        assert_eq!(release, RELEASE);
        let shown: Vec<_> = bundles.iter().map(|bundle| (bundle.deadline, bundle.signatures.len())).collect();
        assert_eq!(shown, [(10, 2), (20, 1)]);
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let other = Release { nonce: 3, ..RELEASE };
        let (_folder, paths) = written(&[signed("alice", RELEASE, 10), signed("bob", other, 10)]);
        let error = together(&paths).expect_err("two releases").to_string();
        assert!(error.contains("0.json and ") && error.contains("about different releases"), "{error}");
        let (_folder, paths) = written(&[signed("alice", RELEASE, 10), signed("alice", RELEASE, 20)]);
        let error = together(&paths).expect_err("one signer").to_string();
        assert!(error.contains("signed twice"), "{error}");
        assert!(together(&[]).is_err());
    }

    #[test]
    fn what_is_malformed_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("approval.json");
        for text in ["", "{}", "[]", r#"{"order":{"vote":{}},"text":"","signature":{"sr25519":"0x"}}"#] {
            std::fs::write(&path, text).expect("writable");
            let error = together(std::slice::from_ref(&path)).expect_err("no approval");
            assert!(error.to_string().contains("approval.json is not a signed approval"), "{error}");
        }
        let mut short = signed("alice", RELEASE, 10);
        short.signature = SignatureText::Sr25519(api::model::Bytes(vec![1; 63]));
        let (_folder, paths) = written(&[short]);
        assert_eq!(together(&paths).expect_err("too short").to_string(), "the signature must have 64 bytes");
    }
}
