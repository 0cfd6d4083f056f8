//! `gaia link`: an account joins the identity of another, as both sign. Each signs a half, and anybody sends the two.

use crate::{
    Error, Result,
    commands::{Shared, Signing, acting::Acting},
    parse,
    signed::SignatureText,
};
use api::account::Account;
use clap::{Args, Subcommand};
use client::{Signer, messages::registry as messages};
use interfaces::{AccountId, Hash, Moment, registry, signed::Signature};
use serde::{Deserialize, Serialize};
use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
};

/// `gaia link`.
#[derive(Debug, Subcommand)]
pub enum Link {
    /// Sign a half and print it
    Sign(Sign),
    /// Send both halves
    Send(Send),
}

/// `gaia link sign`.
#[derive(Debug, Args)]
pub struct Sign {
    /// Who joins; belongs to no identity
    account: parse::Account,
    /// Whose identity it joins
    with: parse::Account,
    /// For how many minutes the link can be sent
    #[arg(long, value_name = "MINUTES", default_value = "60", conflicts_with = "like")]
    valid: NonZeroU32,
    /// Sign what the other one has signed: the half that gaia link sign printed for it
    #[arg(long, value_name = "HALF")]
    like: Option<PathBuf>,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia link send`.
#[derive(Debug, Args)]
pub struct Send {
    /// What gaia link sign printed for one of the accounts
    half: PathBuf,
    /// What it printed for the other
    other: PathBuf,
    #[command(flatten)]
    signing: Signing,
}

/// What one of the two signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Half {
    /// What is to be done.
    link: Terms,
    /// Which of the two signed.
    signer: Account,
    /// What was signed, for people to read.
    text: String,
    /// The signature of that.
    signature: SignatureText,
}

/// A link as people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    account: Account,
    with: Account,
    nonce: u32,
    deadline: Moment,
}

impl From<Terms> for registry::Link {
    fn from(Terms { account, with, nonce, deadline }: Terms) -> Self {
        let [account, with] = [account, with].map(|it| AccountId::from(<[u8; 32]>::from(it)));
        Self { account, with, nonce, deadline }
    }
}

impl Link {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        match self {
            Self::Sign(sign) => sign.run(shared).await,
            Self::Send(send) => send.run(shared).await,
        }
    }
}

/// What is signed for the registry of a deployment.
fn text(acting: &Acting<'_>, terms: Terms) -> String {
    let (chain, contract) = (Hash::from(acting.chain.genesis_hash().0), acting.contracts.registry.account);
    registry::Link::from(terms).text(&chain, &AccountId::from(contract.0)).into()
}

impl Sign {
    async fn run(self, shared: &Shared) -> Result<()> {
        let [account, with] = [self.account, self.with].map(|it| Account::from(it.0.0));
        let acting = Acting::new(shared, &self.signing).await?;
        let terms = match &self.like {
            Some(path) => {
                let terms = Half::read(path)?.link;
                if (terms.account, terms.with) != (account, with) {
                    return Err(Error::Usage(format!(
                        "{} is of a link of {} with {}",
                        path.display(),
                        terms.account,
                        terms.with
                    )));
                }
                terms
            }
            None => {
                let view = acting.view().await?;
                let asked = messages::nonce(AccountId::from(self.account.0.0));
                let nonce = view.ask(&acting.contracts.registry.account, &asked).await?;
                let now = acting.chain.moment(view.block().hash).await?;
                let deadline = now.saturating_add(u64::from(self.valid.get()) * 60_000);
                Terms { account, with, nonce, deadline }
            }
        };
        let text = text(&acting, terms);
        shared.output().document(&Half::sign(&acting.signer, terms, text)?);
        Ok(())
    }
}

impl Send {
    async fn run(self, shared: &Shared) -> Result<()> {
        let halves = [Half::read(&self.half)?, Half::read(&self.other)?];
        let (terms, by_account, by_with) = together(&halves)?;
        let acting = Acting::new(shared, &self.signing).await?;
        let expected = text(&acting, terms);
        if halves.iter().any(|half| half.text != expected) {
            return Err(Error::Usage(
                "what was signed is not this link on this chain: both must sign anew, on the chain where it is sent"
                    .into(),
            ));
        }
        let message = messages::link(terms.into(), &by_account, &by_with);
        let sent = acting.send(&acting.contracts.registry, &message).await?;
        acting.report(None, &sent, &format!("{} linked with {}", terms.account, terms.with));
        Ok(())
    }
}

/// The link of two halves, and the signatures of the account and of the other.
fn together([one, other]: &[Half; 2]) -> Result<(Terms, Signature, Signature)> {
    if one.link != other.link {
        return Err(Error::Usage(
            "the halves are not of one link: let the second sign what the first has signed, with --like".into(),
        ));
    }
    let terms = one.link;
    let signed_by = |who: Account| {
        let half = [one, other].into_iter().find(|half| half.signer == who);
        half.ok_or_else(|| Error::Usage(format!("the half that {who} signed is missing")))?.signature.parse()
    };
    Ok((terms, signed_by(terms.account)?, signed_by(terms.with)?))
}

impl Half {
    fn sign(signer: &Signer, link: Terms, text: String) -> Result<Self> {
        let who = Account::from(signer.account().0);
        if ![link.account, link.with].contains(&who) {
            return Err(Error::Usage(format!(
                "{who} is neither of the two: let {} and {} sign",
                link.account, link.with
            )));
        }
        Ok(Self { link, signer: who, signature: signer.sign_wrapped(text.as_bytes()).into(), text })
    }

    fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(Error::file("read", path))?;
        serde_json::from_slice(&text)
            .map_err(|error| Error::Usage(format!("{} is not half of a link: {error}", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use client::development_account;

    fn half(who: &str, deadline: Moment) -> Result<Half> {
        let signer = |name| development_account(name).expect("a development account");
        let [account, with] = ["bob", "alice"].map(|name| Account::from(signer(name).account().0));
        Half::sign(&signer(who), Terms { account, with, nonce: 3, deadline }, "text".to_owned())
    }

    fn halves(who: [&str; 2], deadlines: [Moment; 2]) -> [Half; 2] {
        [0, 1].map(|n| half(who[n], deadlines[n]).expect("one of the two"))
    }

    #[test]
    fn two_halves_of_one_link_belong_together_in_any_order() {
        let (terms, by_account, by_with) = together(&halves(["bob", "alice"], [9, 9])).expect("together");
        assert_eq!((terms.nonce, terms.deadline), (3, 9));
        let [alices, bobs] = halves(["alice", "bob"], [9, 9]);
        let swapped = [alices.clone(), bobs.clone()];
        let (_, other_by_account, other_by_with) = together(&swapped).expect("together");
        // Two signatures of one text differ, but each is in its place.
        assert_eq!(
            (Ok(other_by_account), Ok(other_by_with)),
            (bobs.signature.parse().map_err(drop), alices.signature.parse().map_err(drop))
        );
        assert_ne!(by_account, by_with);
    }

    #[test]
    fn halves_that_do_not_belong_together_are_refused() {
        for (halves, reason) in [
            (halves(["bob", "alice"], [9, 10]), "let the second sign what the first has signed, with --like"),
            (halves(["bob", "bob"], [9, 9]), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY signed is missing"),
        ] {
            let error = together(&halves).expect_err(reason).to_string();
            assert!(error.contains(reason), "{error}");
        }
        let error = half("charlie", 9).expect_err("neither of the two").to_string();
        assert!(error.contains("is neither of the two: let 5FHneW46"), "{error}");
    }

    #[test]
    fn a_half_reads_back_and_nothing_else_does() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("half.json");
        let written = half("bob", 9).expect("one of the two");
        std::fs::write(&path, serde_json::to_vec(&written).expect("JSON")).expect("writable");
        assert_eq!(Half::read(&path).expect("readable"), written);
        for text in ["", "{}", "[]", r#"{"link":{}}"#] {
            std::fs::write(&path, text).expect("writable");
            let error = Half::read(&path).expect_err("no half").to_string();
            assert!(error.contains("half.json is not half of a link"), "{error}");
        }
    }
}
