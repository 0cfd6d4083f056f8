//! Signers, and what they approve of.

use crate::treasury::Treasury;
use ink::{codegen::Env, prelude::vec::Vec};
use interfaces::{
    AccountId, Leaf, Moment,
    refusal::{OrRefuse, refuse},
    signed::{Signature, verify},
    treasury::{
        ApprovalWithdrawn, Release, ReleaseApproved, Signer, Signers, SignersSet, Signing, Stance, TreasuryError,
    },
};

impl Treasury {
    pub(crate) fn put_signers(&mut self, accounts: &[AccountId], threshold: u8) {
        let signers = match self.signers().changed_to(accounts, threshold) {
            Ok(signers) => signers,
            Err(error) => refuse(error),
        };
        self.signers.set(&Leaf(signers.clone()));
        self.env().emit_event(SignersSet { signers });
    }

    fn stance(&self, release: Release, account: AccountId) -> Option<Stance> {
        self.stances.get((release, account)).map(|Leaf(stance)| stance)
    }

    /// Whether this signer's approval counts: it is one, and not from an earlier time as a signer.
    fn approves(&self, release: Release, signer: &Signer) -> bool {
        self.stance(release, signer.account) == Some(Stance::Approved(signer.since))
    }

    /// Which of the signers approve of a release.
    pub(crate) fn approving(&self, release: Release, signers: &Signers) -> Vec<AccountId> {
        let approving = signers.signers.iter().filter(|signer| self.approves(release, signer));
        approving.map(|signer| signer.account).collect()
    }

    /// Refuses what too few of the present signers approve of; without signers, everything.
    pub(crate) fn only_approved(&self, release: Release) {
        let signers = self.signers();
        let approving = self.approving(release, &signers).len();
        if approving == 0 || approving < signers.threshold.into() {
            refuse(TreasuryError::TooFewApprovals);
        }
    }

    fn caller_as_signer(&self) -> Signer {
        let caller = self.env().caller();
        self.signers().find(&caller).or_refuse(TreasuryError::NotSigner(caller))
    }

    pub(crate) fn approve_as_caller(&mut self, release: Release) {
        let signer = self.caller_as_signer();
        self.pending(&release);
        if self.approves(release, &signer) {
            refuse(TreasuryError::AlreadyApproved);
        }
        self.note_approval(release, signer);
    }

    pub(crate) fn withdraw_as_caller(&mut self, release: Release) {
        let Signer { account: signer, .. } = self.caller_as_signer();
        self.pending(&release);
        if self.stance(release, signer) == Some(Stance::Withdrawn) {
            refuse(TreasuryError::AlreadyWithdrawn);
        }
        self.stances.insert((release, signer), &Leaf(Stance::Withdrawn));
        self.env().emit_event(ApprovalWithdrawn { escrow: release.escrow, signer, release });
    }

    /// Takes in signed approvals. Among `n` signers none is looked at after the first `n`: one more is named twice, or is no
    /// signer.
    pub(crate) fn hand_in(&mut self, release: Release, deadline: Moment, signatures: &[(AccountId, Signature)]) {
        if self.now() > deadline {
            refuse(TreasuryError::DeadlinePassed);
        }
        self.pending(&release);
        let signers = self.signers();
        let chain = self.chain.get().unwrap_or_default();
        let text = release.text(deadline, &chain, &self.env().account_id());
        for (number, (account, signature)) in signatures.iter().enumerate() {
            if signatures.iter().take(number).any(|(earlier, _)| earlier == account) {
                refuse(TreasuryError::SignedTwice(*account));
            }
            let signer = signers.find(account).or_refuse(TreasuryError::NotSigner(*account));
            if !verify(signature, text.as_bytes(), account) {
                refuse(TreasuryError::WrongSignature(*account));
            }
            if self.stance(release, *account) == Some(Stance::Withdrawn) {
                refuse(TreasuryError::Withdrawn(*account));
            }
            if !self.approves(release, &signer) {
                self.note_approval(release, signer);
            }
        }
    }

    fn note_approval(&mut self, release: Release, signer: Signer) {
        let Signer { account: signer, since } = signer;
        self.stances.insert((release, signer), &Leaf(Stance::Approved(since)));
        self.env().emit_event(ReleaseApproved { escrow: release.escrow, signer, since, release });
    }
}
