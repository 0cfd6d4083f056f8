//! Escrows.

use crate::treasury::Treasury;
use ink::{codegen::Env, prelude::vec::Vec};
use interfaces::{
    Balance, Leaf,
    refusal::{OrRefuse, refuse},
    treasury::{
        Asset, Category, ClawedBack, Escrow, EscrowId, EscrowOpened, Lapsed, Milestone, MilestoneId, Release, Released,
        Tranche, TreasuryError, limits,
    },
};

impl Treasury {
    pub(crate) fn reserve_milestones(&mut self, category: Category, milestones: Vec<Milestone>) -> EscrowId {
        if !(1..=limits::MILESTONES).contains(&milestones.len()) {
            refuse(TreasuryError::BadMilestones);
        }
        let number = MilestoneId::try_from(milestones.len()).or_refuse(TreasuryError::BadMilestones);
        let id = self.escrow_count.get_or_default();
        let mut sum: Balance = 0;
        for (milestone, number) in milestones.iter().zip(0..number) {
            self.check_milestone(milestone);
            sum = sum.checked_add(milestone.amount).or_refuse(TreasuryError::Overflow);
            let tranche = Tranche { milestone: *milestone, paid: 0, left: milestone.amount, releases: 0 };
            self.tranches.insert((id, number), &Leaf(tranche));
        }
        let asset = self.reserve(category, sum);
        self.escrows.insert(id, &Leaf(Escrow { category, asset, milestones: number }));
        self.escrow_count.set(&id.checked_add(1).or_refuse(TreasuryError::Overflow));
        self.env().emit_event(EscrowOpened { escrow: id, category, asset, milestones });
        id
    }

    fn check_milestone(&self, milestone: &Milestone) {
        self.only_payable(milestone.payee);
        if milestone.amount == 0 {
            refuse(TreasuryError::ZeroAmount);
        }
        if milestone.latest < milestone.earliest || milestone.latest < self.now() {
            refuse(TreasuryError::BadMilestones);
        }
    }

    fn known_escrow(&self, escrow: EscrowId) -> Escrow {
        let Leaf(escrow) = self.escrows.get(escrow).or_refuse(TreasuryError::UnknownEscrow);
        escrow
    }

    /// A milestone of an escrow that there is.
    fn known_tranche(&self, escrow: EscrowId, milestone: MilestoneId) -> Tranche {
        let Leaf(tranche) = self.tranches.get((escrow, milestone)).or_refuse(TreasuryError::UnknownMilestone);
        tranche
    }

    /// An escrow and its milestone for a release that was not made, and can be until the milestone's latest date.
    pub(crate) fn pending(&self, release: &Release) -> (Escrow, Tranche) {
        let escrow = self.known_escrow(release.escrow);
        let tranche = self.known_tranche(release.escrow, release.milestone);
        if release.payee != tranche.milestone.payee {
            refuse(TreasuryError::WrongPayee);
        }
        if release.nonce != tranche.releases {
            refuse(TreasuryError::WrongNonce);
        }
        if self.now() > tranche.milestone.latest {
            refuse(TreasuryError::TooLate);
        }
        if release.amount == 0 {
            refuse(TreasuryError::ZeroAmount);
        }
        if release.amount > tranche.left {
            refuse(TreasuryError::OverMilestone);
        }
        (escrow, tranche)
    }

    pub(crate) fn pay_release(&mut self, release: Release) {
        let (escrow, mut tranche) = self.pending(&release);
        if self.now() < tranche.milestone.earliest {
            refuse(TreasuryError::TooEarly);
        }
        self.only_approved(release);
        let Release { payee, amount, .. } = release;
        tranche.left = tranche.left.checked_sub(amount).or_refuse(TreasuryError::OverMilestone);
        tranche.paid = tranche.paid.checked_add(amount).or_refuse(TreasuryError::Overflow);
        tranche.releases = tranche.releases.checked_add(1).or_refuse(TreasuryError::Overflow);
        self.tranches.insert((release.escrow, release.milestone), &Leaf(tranche));
        self.unreserve(escrow.asset, amount);
        self.send(escrow.category, escrow.asset, payee, amount);
        self.env().emit_event(Released { escrow: release.escrow, payee, asset: escrow.asset, release });
    }

    pub(crate) fn free_lapsed(&mut self, escrow: EscrowId, milestone: MilestoneId) {
        let Escrow { asset, .. } = self.known_escrow(escrow);
        if self.now() <= self.known_tranche(escrow, milestone).milestone.latest {
            refuse(TreasuryError::NotLapsed);
        }
        let amount = self.free_rest(escrow, milestone, asset).or_refuse(TreasuryError::NothingLeft);
        self.env().emit_event(Lapsed { escrow, milestone, asset, amount });
    }

    pub(crate) fn free_unreleased(&mut self, escrow: EscrowId, milestone: Option<MilestoneId>) {
        let Escrow { asset, milestones, .. } = self.known_escrow(escrow);
        let which = match milestone {
            Some(one) => one..=one,
            None => 0..=milestones.saturating_sub(1),
        };
        let mut any = false;
        for milestone in which {
            if let Some(amount) = self.free_rest(escrow, milestone, asset) {
                any = true;
                self.env().emit_event(ClawedBack { escrow, milestone, asset, amount });
            }
        }
        if !any {
            refuse(TreasuryError::NothingLeft);
        }
    }

    /// Frees what a milestone has left, and says how much, if it is anything.
    fn free_rest(&mut self, escrow: EscrowId, milestone: MilestoneId, asset: Asset) -> Option<Balance> {
        let mut tranche = self.known_tranche(escrow, milestone);
        let amount = core::mem::take(&mut tranche.left);
        if amount == 0 {
            return None;
        }
        self.tranches.insert((escrow, milestone), &Leaf(tranche));
        self.unreserve(asset, amount);
        Some(amount)
    }
}
