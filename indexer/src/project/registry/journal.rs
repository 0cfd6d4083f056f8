//! Who did what to whom, for those who must be able to say so years later.

use super::super::Origin;
use interfaces::{
    AccountId, Hash, Moment, ProposalId,
    key::Key,
    registry::{Accreditation, IdentityId, KeyId, Reason, Tier},
};
use std::collections::HashMap;

/// What happened in a batch.
#[derive(Debug, Default)]
pub struct Journal {
    /// The new rows.
    pub rows: Vec<JournalRow>,
    /// The rows of each extrinsic of the block that no execution has claimed yet.
    unclaimed: HashMap<Option<u32>, Vec<usize>>,
    /// The extrinsic of the last row, if that is of this block.
    last: Option<Option<u32>>,
}

/// Something that happened, and what it was about.
#[derive(Debug, Clone)]
pub struct JournalRow {
    pub origin: Origin,
    /// What; the same name as in the database.
    pub kind: &'static str,
    pub identity: Option<IdentityId>,
    pub account: Option<AccountId>,
    pub linked_with: Option<AccountId>,
    /// Who did it, as far as it is told.
    pub by: Option<AccountId>,
    /// The proposal whose execution ordered it.
    pub proposal: Option<ProposalId>,
    pub reason: Option<Reason>,
    pub tier: Option<Tier>,
    /// Last moment of an attestation, a role or a key.
    pub until: Option<Moment>,
    pub commitment: Option<Hash>,
    pub nonce: Option<u32>,
    pub accreditation: Option<Accreditation>,
    pub role: Option<&'static str>,
    pub key: Option<KeyId>,
    /// Of which log a key signs the checkpoints.
    pub log: Option<Key>,
}

/// What only the governor can order, or it besides others.
const ORDERED: [&str; 7] =
    ["accredited", "disaccredited", "role_granted", "role_revoked", "key_published", "key_revoked", "revoked"];

impl JournalRow {
    /// Something of which no more is known.
    pub fn new(origin: Origin, kind: &'static str) -> Self {
        Self {
            origin,
            kind,
            identity: None,
            account: None,
            linked_with: None,
            by: None,
            proposal: None,
            reason: None,
            tier: None,
            until: None,
            commitment: None,
            nonce: None,
            accreditation: None,
            role: None,
            key: None,
            log: None,
        }
    }
}

impl Journal {
    pub(super) fn add(&mut self, extrinsic: Option<u32>, row: JournalRow) {
        if ORDERED.contains(&row.kind) {
            self.unclaimed.entry(extrinsic).or_default().push(self.rows.len());
        }
        self.last = Some(extrinsic);
        self.rows.push(row);
    }

    /// The last row, if this extrinsic added it in this block to tell that an account belongs to an identity.
    fn just_attested(&mut self, origin: Origin, extrinsic: Option<u32>) -> Option<&mut JournalRow> {
        let here = self.last == Some(extrinsic);
        self.rows.last_mut().filter(|row| here && row.kind == "attested" && row.origin.height == origin.height)
    }

    /// Takes away that an account was attested just now, for what comes says that and more.
    pub(super) fn take_attested(&mut self, origin: Origin, extrinsic: Option<u32>, account: AccountId) -> bool {
        let is_its = self.just_attested(origin, extrinsic).is_some_and(|row| row.account == Some(account));
        if is_its {
            self.rows.pop();
        }
        is_its
    }

    /// Tells who said just now that an account belongs to this identity.
    pub(super) fn attribute(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        identity: IdentityId,
        attestor: AccountId,
    ) {
        if let Some(row) = self.just_attested(origin, extrinsic).filter(|row| row.identity == Some(identity)) {
            row.by = Some(attestor);
        }
    }

    /// A proposal's calls come before the governor tells of its execution.
    pub(super) fn executed(&mut self, extrinsic: Option<u32>, governor: AccountId, proposal: ProposalId) {
        for position in self.unclaimed.remove(&extrinsic).unwrap_or_default() {
            let row = &mut self.rows[position];
            // An attestor can revoke in the same extrinsic.
            if row.by.is_none_or(|by| by == governor) {
                row.by = Some(governor);
                row.proposal = Some(proposal);
            }
        }
    }

    /// The block is over: what nobody has claimed, nobody will.
    pub(super) fn end_block(&mut self) {
        self.unclaimed.clear();
        self.last = None;
    }
}
