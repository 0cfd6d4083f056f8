//! Signers: those of whom enough must approve before an escrow pays.

use super::{EscrowId, Release, TreasuryError, limits};
use crate::{AccountId, Moment, signed::Signature};
use ink::prelude::vec::Vec;

/// Someone who can approve of releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Signer {
    /// Who.
    pub account: AccountId,
    /// Which change of the signers named this account. Kept by later changes that name it too; an account that was left
    /// out and is named again gets another, and what it approved of before does not count.
    pub since: u32,
}

/// The signers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Signers {
    /// Who they are, in the order of their accounts.
    pub signers: Vec<Signer>,
    /// How many of them must approve.
    pub threshold: u8,
    /// How often they were set.
    pub changes: u32,
}

impl Signers {
    /// The next ones, of which `threshold` must approve.
    ///
    /// # Errors
    /// [`TreasuryError::BadSigners`], and [`TreasuryError::Overflow`] after 2^32 changes.
    pub fn changed_to(&self, accounts: &[AccountId], threshold: u8) -> Result<Self, TreasuryError> {
        let ascending = accounts.windows(2).all(|pair| matches!(pair, [one, next] if one < next));
        let enough = (1..=accounts.len()).contains(&threshold.into());
        if !ascending || !enough || accounts.len() > limits::SIGNERS {
            return Err(TreasuryError::BadSigners);
        }
        let changes = self.changes.checked_add(1).ok_or(TreasuryError::Overflow)?;
        let named =
            |account: &AccountId| self.find(account).unwrap_or(Signer { account: *account, since: self.changes });
        Ok(Self { signers: accounts.iter().map(named).collect(), threshold, changes })
    }

    /// An account as a signer, if it is one.
    pub fn find(&self, account: &AccountId) -> Option<Signer> {
        self.signers.iter().find(|signer| signer.account == *account).copied()
    }
}

/// What a signer has said of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Stance {
    /// Approved of it, when named by this change of the signers.
    Approved(u32),
    /// Withdrew. Kept, so that what was signed before cannot be handed in after.
    Withdrawn,
}

/// Signers, and what they approve of.
#[ink::trait_definition]
pub trait Signing {
    /// Names 1 to [`limits::SIGNERS`] signers, in ascending order, and how many of them must approve. Only the governor may.
    #[ink(message)]
    fn set_signers(&mut self, accounts: Vec<AccountId>, threshold: u8) -> Result<(), TreasuryError>;

    /// Approves of one release. The caller must be a signer. May be done before the milestone's earliest date.
    #[ink(message)]
    fn approve(&mut self, release: Release) -> Result<(), TreasuryError>;

    /// Takes back an approval of a release that was not made yet, also one that was signed but not handed in. The caller
    /// must be a signer.
    #[ink(message)]
    fn withdraw(&mut self, release: Release) -> Result<(), TreasuryError>;

    /// Hands in approvals that were [signed](Release::text) off chain, in any order, all or none. Anyone may. One of a
    /// signer who approves already changes nothing, so that nobody can spoil many by handing in one of them earlier.
    #[ink(message)]
    fn approve_signed(
        &mut self,
        release: Release,
        deadline: Moment,
        signatures: Vec<(AccountId, Signature)>,
    ) -> Result<(), TreasuryError>;

    /// The signers; none before they are first named.
    #[ink(message)]
    fn signers(&self) -> Signers;

    /// Which of the present signers approve of a release; once it is made, who did.
    #[ink(message)]
    fn approvals(&self, release: Release) -> Vec<AccountId>;
}

/// These are the signers from now on.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignersSet {
    /// All of them, and how many must approve.
    pub signers: Signers,
}

/// A signer approves of a release.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseApproved {
    /// Out of which escrow.
    #[ink(topic)]
    pub escrow: EscrowId,
    /// Who.
    #[ink(topic)]
    pub signer: AccountId,
    /// Which change of the signers named this one: the approval counts as long as that is so.
    pub since: u32,
    /// The release.
    pub release: Release,
}

/// A signer approves of a release no more.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalWithdrawn {
    /// Out of which escrow.
    #[ink(topic)]
    pub escrow: EscrowId,
    /// Who.
    #[ink(topic)]
    pub signer: AccountId,
    /// The release.
    pub release: Release,
}
