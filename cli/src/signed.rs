//! Votes and delegations that their owner signed and anybody may send: the file that carries one.

use crate::{Error, Result};
use api::{
    account::Account,
    model::{Bytes, Choice},
};
use ballot::{BasisPoints, InvalidChoice};
use client::{H256, Signer};
use interfaces::{
    AccountId, Hash, Moment, ProposalId,
    polls::{self, SignedVote},
    signed::Signature,
    token::{Share, SignedDelegation},
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What was signed, for whom to send it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// What its owner wants.
    pub order: Order,
    /// What its owner signed, for people to read.
    pub text: String,
    /// The owner's signature of that.
    pub signature: SignatureText,
}

/// A vote or a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of SignedVote and SignedDelegation")]
pub enum Order {
    /// A vote.
    Vote { poll: ProposalId, voter: Account, choice: Choice, nonce: u32, deadline: Moment },
    /// A delegation.
    Delegation {
        delegator: Account,
        shares: Vec<(Account, BasisPoints)>,
        ends: Option<Moment>,
        nonce: u64,
        deadline: Moment,
    },
}

/// A signature, as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureText {
    /// Of an sr25519 key.
    Sr25519(Bytes),
    /// Of an ECDSA key.
    Ecdsa(Bytes),
}

/// What is sent to a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ready {
    /// To the ballot box.
    Vote(SignedVote, Signature),
    /// To the token.
    Delegation(SignedDelegation, Signature),
}

impl Signed {
    /// Signs a vote for the ballot box `contract`.
    pub fn vote(signer: &Signer, vote: SignedVote, chain: H256, contract: AccountId) -> Self {
        let text = polls::text(&vote, &Hash::from(chain.0), &contract);
        let SignedVote { poll, voter, choice, nonce, deadline } = vote;
        Self::sign(signer, Order::Vote { poll, voter: shown(voter), choice: choice.into(), nonce, deadline }, text)
    }

    /// Signs a delegation for the token `contract`.
    pub fn delegation(signer: &Signer, order: SignedDelegation, chain: H256, contract: AccountId) -> Self {
        let text = order.text(&Hash::from(chain.0), &contract);
        let SignedDelegation { delegator, shares, ends, nonce, deadline } = order;
        let shares = shares.into_iter().map(|Share { to, share }| (shown(to), share)).collect();
        Self::sign(signer, Order::Delegation { delegator: shown(delegator), shares, ends, nonce, deadline }, text)
    }

    fn sign(signer: &Signer, order: Order, text: interfaces::signed::Text) -> Self {
        let signature = signer.sign_wrapped(text.as_bytes()).into();
        Self { order, text: text.into(), signature }
    }

    /// Reads what somebody signed.
    ///
    /// # Errors
    /// If the file cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(Error::file("read", path))?;
        serde_json::from_slice(&text)
            .map_err(|error| Error::Usage(format!("{} is not a signed vote or delegation: {error}", path.display())))
    }

    /// What is to be sent, and to which contract.
    ///
    /// # Errors
    /// If the signature is not as long as it must be.
    pub fn ready(self) -> Result<Ready> {
        let signature = self.signature.parse()?;
        Ok(match self.order {
            Order::Vote { poll, voter, choice, nonce, deadline } => {
                let choice = choice.try_into().map_err(|error: InvalidChoice| Error::Usage(error.to_string()))?;
                Ready::Vote(SignedVote { poll, voter: account(voter), choice, nonce, deadline }, signature)
            }
            Order::Delegation { delegator, shares, ends, nonce, deadline } => {
                let shares = shares.into_iter().map(|(to, share)| Share { to: account(to), share }).collect();
                let order = SignedDelegation { delegator: account(delegator), shares, ends, nonce, deadline };
                Ready::Delegation(order, signature)
            }
        })
    }
}

impl From<Signature> for SignatureText {
    fn from(signature: Signature) -> Self {
        match signature {
            Signature::Sr25519(signature) => Self::Sr25519(Bytes(signature.to_vec())),
            Signature::Ecdsa(signature) => Self::Ecdsa(Bytes(signature.to_vec())),
        }
    }
}

impl SignatureText {
    /// The signature.
    ///
    /// # Errors
    /// If it is not as long as it must be.
    pub fn parse(&self) -> Result<Signature> {
        let wrong = |length| Error::Usage(format!("the signature must have {length} bytes"));
        Ok(match self {
            Self::Sr25519(Bytes(bytes)) => Signature::Sr25519(bytes.as_slice().try_into().map_err(|_| wrong(64))?),
            Self::Ecdsa(Bytes(bytes)) => Signature::Ecdsa(bytes.as_slice().try_into().map_err(|_| wrong(65))?),
        })
    }
}

fn shown(account: AccountId) -> Account {
    Account::from(account.0)
}

fn account(account: Account) -> AccountId {
    AccountId::from(<[u8; 32]>::from(account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use client::development_account;

    fn signed() -> Signed {
        let alice = development_account("alice").expect("a development account");
        let vote = SignedVote {
            poll: 7,
            voter: AccountId::from(alice.account().0),
            choice: ballot::Choice::Approval(5),
            nonce: 2,
            deadline: 99,
        };
        Signed::vote(&alice, vote, H256([1; 32]), [2; 32].into())
    }

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("vote.json");
        std::fs::write(&path, serde_json::to_vec(&signed()).expect("JSON")).expect("writable");
        let read = Signed::read(&path).expect("readable");
        assert_eq!(read, signed().clone_order(&read));
        let Ok(Ready::Vote(vote, Signature::Sr25519(_))) = read.ready() else { panic!("a vote") };
        assert_eq!((vote.poll, vote.nonce, vote.deadline, vote.choice), (7, 2, 99, ballot::Choice::Approval(5)));
    }

    impl Signed {
        /// Two signatures of one text differ.
        fn clone_order(self, other: &Self) -> Self {
            Self { signature: other.signature.clone(), ..self }
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("vote.json");
        for text in ["", "{}", "[]", r#"{"order":{"vote":{}},"text":"","signature":{"sr25519":"0x"}}"#] {
            std::fs::write(&path, text).expect("writable");
            let error = Signed::read(&path).expect_err("no signed vote");
            assert!(error.to_string().contains("vote.json is not a signed vote or delegation"), "{error}");
        }
        let short = Signed { signature: SignatureText::Sr25519(Bytes(vec![1; 63])), ..signed() };
        assert_eq!(short.ready().expect_err("too short").to_string(), "the signature must have 64 bytes");
    }
}
