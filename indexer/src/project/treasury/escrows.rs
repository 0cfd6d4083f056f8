//! Escrows: what is put aside for milestones, who approves of paying it, and what becomes of it.

use super::{EntryKind, Order, Ordered, Treasury, Why};
use crate::project::Origin;
use interfaces::{
    AccountId, Balance,
    treasury::{Asset, Category, EscrowId, EscrowOpened, MilestoneId, Release, Released, Tranche},
};

/// An escrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EscrowRow {
    /// Out of which budget it was opened.
    pub category: Category,
    /// What is reserved.
    pub asset: Asset,
    /// How many milestones it has.
    pub milestones: MilestoneId,
    /// What was reserved for all of them.
    pub amount: Balance,
    /// What was released of it.
    pub paid: Balance,
    /// What is still reserved of it.
    pub left: Balance,
    /// When it was opened.
    pub opened: Ordered,
}

/// A milestone of an escrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MilestoneRow {
    /// As the treasury keeps it.
    pub tranche: Tranche,
    /// What became of what was not released, once it is free again.
    pub freed: Option<Freed>,
}

/// What a milestone had left became free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freed {
    /// How much.
    pub amount: Balance,
    /// How.
    pub how: Freeing,
    /// When, and by whose order.
    pub at: Ordered,
}

/// How what was reserved becomes free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freeing {
    /// The milestone's time was over.
    Lapsed,
    /// Governance took it back.
    ClawedBack,
}

/// A release was made.
#[derive(Debug)]
pub struct ReleaseRow {
    pub origin: Origin,
    pub release: Release,
}

/// Of which release something was said, and by whom. The payee is the milestone's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    pub escrow: EscrowId,
    pub milestone: MilestoneId,
    pub nonce: u32,
    pub amount: Balance,
    pub signer: AccountId,
}

/// What a signer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    pub origin: Origin,
    /// That it approves, when named by this change of the signers; otherwise it withdrew.
    pub since: Option<u32>,
}

impl Treasury {
    pub(super) fn escrow_opened(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        event: &EscrowOpened,
    ) -> Result<(), String> {
        let EscrowOpened { escrow, category, asset, milestones } = event;
        if self.escrows.get(escrow).is_some() {
            return Err(format!("there is an escrow {escrow} already"));
        }
        let sum = milestones.iter().try_fold(0_u128, |sum, milestone| sum.checked_add(milestone.amount));
        let amount = sum.ok_or("an escrow's milestones exceed what can be counted")?;
        let count = MilestoneId::try_from(milestones.len()).map_err(|_| "an escrow has too many milestones")?;
        self.commit(origin, *category, *asset, amount)?;
        self.ledger.reserve(*asset, amount)?;
        let opened = Ordered::at(origin);
        let (category, asset) = (*category, *asset);
        let row = EscrowRow { category, asset, milestones: count, amount, paid: 0, left: amount, opened };
        self.escrows.put(*escrow, row);
        for (milestone, number) in milestones.iter().zip(0..count) {
            let tranche = Tranche { milestone: *milestone, paid: 0, left: milestone.amount, releases: 0 };
            self.milestones.put((*escrow, number), MilestoneRow { tranche, freed: None });
        }
        self.orders.push(extrinsic, Order::Escrow(*escrow));
        Ok(())
    }

    pub(super) fn released(&mut self, origin: Origin, extrinsic: Option<u32>, event: &Released) -> Result<(), String> {
        let Released { escrow: id, payee, asset, release } = *event;
        let Release { milestone: number, amount, nonce, .. } = release;
        let (escrow, milestone) = self.step((id, number), asset)?;
        let tranche = &mut milestone.tranche;
        if nonce != tranche.releases {
            return Err(format!("release {nonce} of milestone {number} of escrow {id} is not its next"));
        }
        let over = || format!("more was released than milestone {number} of escrow {id} had left");
        tranche.left = tranche.left.checked_sub(amount).ok_or_else(over)?;
        tranche.paid = tranche.paid.saturating_add(amount);
        tranche.releases = nonce.saturating_add(1);
        escrow.left = escrow.left.checked_sub(amount).ok_or_else(over)?;
        escrow.paid = escrow.paid.saturating_add(amount);
        let (category, proposal) = (Some(escrow.category), escrow.opened.proposal);
        self.ledger.unreserve(asset, amount)?;
        self.releases.push(ReleaseRow { origin, release });
        let why = Why { category, escrow: Some((id, number)), stream: None, proposal };
        self.left(origin, extrinsic, asset, EntryKind::Release, (payee, amount), why);
        Ok(())
    }

    /// What a milestone had left is free.
    pub(super) fn freed(
        &mut self,
        origin: Origin,
        which: (EscrowId, MilestoneId),
        asset: Asset,
        amount: Balance,
        how: Freeing,
    ) -> Result<(), String> {
        let (id, number) = which;
        let (escrow, milestone) = self.step(which, asset)?;
        let other = || format!("milestone {number} of escrow {id} had something else left than was freed");
        if milestone.tranche.left != amount {
            return Err(other());
        }
        milestone.tranche.left = 0;
        milestone.freed = Some(Freed { amount, how, at: Ordered::at(origin) });
        escrow.left = escrow.left.checked_sub(amount).ok_or_else(other)?;
        self.ledger.unreserve(asset, amount)
    }

    /// A signer said something of a release.
    pub(super) fn said(
        &mut self,
        origin: Origin,
        release: Release,
        signer: AccountId,
        since: Option<u32>,
    ) -> Result<(), String> {
        let Release { escrow, milestone, amount, nonce, .. } = release;
        if self.milestones.get(&(escrow, milestone)).is_none() {
            return Err(format!("there is no milestone {milestone} of escrow {escrow}"));
        }
        let (said, statement) = (Said { escrow, milestone, nonce, amount, signer }, Statement { origin, since });
        self.approvals.put(said, statement);
        self.statements.push((said, statement));
        Ok(())
    }

    /// An escrow and one of its milestones, to be changed.
    fn step(
        &mut self,
        (escrow, milestone): (EscrowId, MilestoneId),
        asset: Asset,
    ) -> Result<(&mut EscrowRow, &mut MilestoneRow), String> {
        let row = self.escrows.get_mut(&escrow).ok_or_else(|| format!("there is no escrow {escrow}"))?;
        if row.asset != asset {
            return Err(format!("escrow {escrow} is in another asset"));
        }
        let step = self.milestones.get_mut(&(escrow, milestone));
        Ok((row, step.ok_or_else(|| format!("there is no milestone {milestone} of escrow {escrow}"))?))
    }
}
