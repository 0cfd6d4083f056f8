//! The naive model: what everybody was paid, what every budget, escrow and stream still has, and who approves of what.

use crate::{
    vault::{CAP, CLEARED, Done, ENDOWMENT, NATIVE, PERIOD, TOKENS},
    world::START,
};
use interfaces::{
    Balance, Moment,
    treasury::{Category, TreasuryError, limits},
};
use std::collections::{BTreeMap, BTreeSet};

/// How many can be paid, and how many have keys.
pub const PAYEES: usize = 4;
pub const KEYS: usize = 5;

/// Someone who can be paid, or someone with a key.
pub type Who = usize;

/// 0 is the native currency, 1 the token.
pub type Asset = usize;

/// How the token takes orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Honest,
    /// Whatever it does instead.
    Crooked,
    /// Only this one is not paid.
    Bans(Who),
}

/// A category's budget in a period.
#[derive(Debug, Clone, Copy)]
pub struct Purse {
    pub asset: Asset,
    pub cap: Balance,
    pub carries: bool,
    pub tier: Option<u8>,
    pub left: Balance,
}

impl Purse {
    fn most(&self) -> Balance {
        if self.carries { self.cap * (limits::CARRIED + 1) } else { self.cap }
    }
}

/// A milestone, as it was decided and as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub payee: Who,
    pub amount: Balance,
    pub earliest: Moment,
    pub latest: Moment,
    pub paid: Balance,
    pub left: Balance,
    pub releases: u32,
}

/// An escrow.
#[derive(Debug)]
pub struct Escrow {
    pub category: Category,
    pub asset: Asset,
    pub steps: Vec<Step>,
}

/// A stream.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    category: Category,
    asset: Asset,
    payee: Who,
    amount: Balance,
    begins: Moment,
    ends: Moment,
    pub claimed: Balance,
    pub stopped: Option<Moment>,
}

impl Stream {
    fn accrued(&self, now: Moment) -> Balance {
        let until = self.stopped.unwrap_or(now).min(now).clamp(self.begins, self.ends);
        self.amount * Balance::from(until - self.begins) / Balance::from(self.ends - self.begins)
    }

    /// What it still owes or may come to owe.
    fn owed(&self) -> Balance {
        self.stopped.map_or(self.amount, |stopped| self.accrued(stopped)) - self.claimed
    }
}

/// A release: escrow, milestone, payee, amount and nonce.
pub type Release = (usize, usize, Who, Balance, u32);

/// Everything.
pub struct Model {
    pub now: Moment,
    pub held: [Balance; 2],
    pub paid: [[Balance; 2]; PAYEES],
    pub purses: BTreeMap<Category, Purse>,
    pub escrows: Vec<Escrow>,
    pub streams: Vec<Stream>,
    pub signers: BTreeSet<Who>,
    threshold: usize,
    pub approved: BTreeSet<(Release, Who)>,
    withdrawn: BTreeSet<(Release, Who)>,
    pub tiers: [Option<u8>; PAYEES],
    pub token: Token,
    pub paused: bool,
}

impl Model {
    pub fn new() -> Self {
        let purse = Purse { asset: 0, cap: CAP, carries: false, tier: None, left: CAP };
        let tokens = Purse { asset: 1, carries: true, ..purse };
        let cleared = Purse { tier: Some(2), ..purse };
        Self {
            now: START,
            held: [ENDOWMENT; 2],
            paid: [[0; 2]; PAYEES],
            purses: BTreeMap::from([(NATIVE, purse), (TOKENS, tokens), (CLEARED, cleared)]),
            escrows: vec![],
            streams: vec![],
            signers: BTreeSet::new(),
            threshold: 0,
            approved: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            tiers: [None; PAYEES],
            token: Token::Honest,
            paused: false,
        }
    }

    /// Time passes, one period after the other.
    pub fn wait(&mut self, time: u64) {
        let period = |now: Moment| (now - START) / PERIOD;
        for _ in period(self.now)..period(self.now + time) {
            for purse in self.purses.values_mut() {
                let carried = if purse.carries { purse.left } else { 0 };
                purse.left = (carried + purse.cap).min(purse.most());
            }
        }
        self.now += time;
    }

    /// What escrows and streams still owe.
    pub fn reserved(&self, asset: Asset) -> Balance {
        let escrows = self.escrows.iter().filter(|escrow| escrow.asset == asset);
        let steps: Balance = escrows.flat_map(|escrow| &escrow.steps).map(|step| step.left).sum();
        let streams = self.streams.iter().filter(|stream| stream.asset == asset);
        steps + streams.map(Stream::owed).sum::<Balance>()
    }

    pub fn set_budget(&mut self, category: Category, cap: Balance, carries: bool, tier: Option<u8>) -> Done {
        let purse = self.purses.get_mut(&category).expect("only known ones are changed");
        purse.left = (purse.left + cap).saturating_sub(purse.cap);
        (purse.cap, purse.carries, purse.tier) = (cap, carries, tier);
        purse.left = purse.left.min(purse.most());
        Ok(())
    }

    /// What can be committed, and in which asset.
    fn within(&self, category: Category, amount: Balance) -> Result<Asset, TreasuryError> {
        if amount == 0 {
            return Err(TreasuryError::ZeroAmount);
        }
        let purse = self.purses.get(&category).ok_or(TreasuryError::UnknownCategory)?;
        if amount > purse.left { Err(TreasuryError::OverBudget) } else { Ok(purse.asset) }
    }

    fn commit(&mut self, category: Category, amount: Balance) {
        self.purses.get_mut(&category).expect("it is known").left -= amount;
    }

    fn reserve(&mut self, category: Category, amount: Balance) -> Result<Asset, TreasuryError> {
        let asset = self.within(category, amount)?;
        if self.reserved(asset) + amount > self.held[asset] {
            return Err(TreasuryError::NotFree);
        }
        self.commit(category, amount);
        Ok(asset)
    }

    /// Whether money can go out; of what is reserved, all can but for what this one is paid from.
    fn sendable(&self, category: Category, asset: Asset, payee: Who, amount: Balance, own: bool) -> Done {
        let tier = self.purses[&category].tier;
        if self.paused {
            Err(TreasuryError::Paused)
        } else if tier.is_some_and(|tier| self.tiers[payee].is_none_or(|cleared| cleared < tier)) {
            Err(TreasuryError::NotCleared)
        } else if !own && self.reserved(asset) + amount > self.held[asset] {
            Err(TreasuryError::NotFree)
        } else if asset == 1 && (self.token == Token::Crooked || self.token == Token::Bans(payee)) {
            Err(TreasuryError::TokenFailed)
        } else {
            Ok(())
        }
    }

    fn send(&mut self, asset: Asset, payee: Who, amount: Balance) {
        self.held[asset] -= amount;
        self.paid[payee][asset] += amount;
    }

    pub fn pay(&mut self, category: Category, payee: Who, amount: Balance) -> Done {
        let asset = self.within(category, amount)?;
        self.sendable(category, asset, payee, amount, false)?;
        self.commit(category, amount);
        self.send(asset, payee, amount);
        Ok(())
    }

    pub fn open_escrow(&mut self, category: Category, steps: &[Step]) -> Result<u32, TreasuryError> {
        if steps.is_empty() {
            return Err(TreasuryError::BadMilestones);
        }
        if steps.iter().any(|step| step.amount == 0) {
            return Err(TreasuryError::ZeroAmount);
        }
        let asset = self.reserve(category, steps.iter().map(|step| step.amount).sum())?;
        self.escrows.push(Escrow { category, asset, steps: steps.to_vec() });
        Ok(u32::try_from(self.escrows.len() - 1).expect("they are few"))
    }

    fn step(&self, escrow: usize, milestone: usize) -> Result<Step, TreasuryError> {
        let escrow = self.escrows.get(escrow).ok_or(TreasuryError::UnknownEscrow)?;
        escrow.steps.get(milestone).copied().ok_or(TreasuryError::UnknownMilestone)
    }

    fn pending(&self, release: Release) -> Result<Step, TreasuryError> {
        let (escrow, milestone, payee, amount, nonce) = release;
        let step = self.step(escrow, milestone)?;
        if payee != step.payee {
            Err(TreasuryError::WrongPayee)
        } else if nonce != step.releases {
            Err(TreasuryError::WrongNonce)
        } else if self.now > step.latest {
            Err(TreasuryError::TooLate)
        } else if amount == 0 {
            Err(TreasuryError::ZeroAmount)
        } else if amount > step.left {
            Err(TreasuryError::OverMilestone)
        } else {
            Ok(step)
        }
    }

    pub fn release(&mut self, release: Release) -> Done {
        let (escrow, milestone, payee, amount, _) = release;
        let step = self.pending(release)?;
        if self.now < step.earliest {
            return Err(TreasuryError::TooEarly);
        }
        let approving = self.signers.iter().filter(|signer| self.approved.contains(&(release, **signer))).count();
        if self.signers.is_empty() || approving < self.threshold {
            return Err(TreasuryError::TooFewApprovals);
        }
        let Escrow { category, asset, .. } = self.escrows[escrow];
        self.sendable(category, asset, payee, amount, true)?;
        let step = &mut self.escrows[escrow].steps[milestone];
        step.left -= amount;
        step.paid += amount;
        step.releases += 1;
        self.send(asset, payee, amount);
        Ok(())
    }

    pub fn lapse(&mut self, escrow: usize, milestone: usize) -> Done {
        let step = self.step(escrow, milestone)?;
        if self.now <= step.latest {
            return Err(TreasuryError::NotLapsed);
        }
        self.take_back(escrow, milestone..milestone + 1)
    }

    pub fn claw_back(&mut self, escrow: usize, milestone: Option<usize>) -> Done {
        let count = self.escrows.get(escrow).ok_or(TreasuryError::UnknownEscrow)?.steps.len();
        match milestone {
            Some(milestone) if milestone >= count => Err(TreasuryError::UnknownMilestone),
            Some(milestone) => self.take_back(escrow, milestone..milestone + 1),
            None => self.take_back(escrow, 0..count),
        }
    }

    fn take_back(&mut self, escrow: usize, milestones: std::ops::Range<usize>) -> Done {
        let taken: Balance =
            self.escrows[escrow].steps[milestones].iter_mut().map(|step| std::mem::take(&mut step.left)).sum();
        if taken == 0 { Err(TreasuryError::NothingLeft) } else { Ok(()) }
    }

    pub fn set_signers(&mut self, signers: BTreeSet<Who>, threshold: usize) -> Done {
        if threshold == 0 || threshold > signers.len() {
            return Err(TreasuryError::BadSigners);
        }
        self.approved.retain(|(_, signer)| signers.contains(signer));
        (self.signers, self.threshold) = (signers, threshold);
        Ok(())
    }

    /// The next one to approve of a release, if more must.
    pub fn next_signer(&self, release: Release) -> Option<Who> {
        let approves = |signer: &Who| self.approved.contains(&(release, *signer));
        let (approving, others): (Vec<Who>, Vec<Who>) = self.signers.iter().copied().partition(approves);
        others.first().filter(|_| approving.len() < self.threshold).copied()
    }

    /// `stranger` is the answer to who is no signer.
    pub fn approve(&mut self, who: Who, release: Release, stranger: TreasuryError) -> Done {
        if !self.signers.contains(&who) {
            return Err(stranger);
        }
        self.pending(release)?;
        if !self.approved.insert((release, who)) {
            return Err(TreasuryError::AlreadyApproved);
        }
        self.withdrawn.remove(&(release, who));
        Ok(())
    }

    pub fn withdraw(&mut self, who: Who, release: Release, stranger: TreasuryError) -> Done {
        if !self.signers.contains(&who) {
            return Err(stranger);
        }
        self.pending(release)?;
        if !self.withdrawn.insert((release, who)) {
            return Err(TreasuryError::AlreadyWithdrawn);
        }
        self.approved.remove(&(release, who));
        Ok(())
    }

    /// Signatures of all these; what names an account is made by `name`.
    pub fn hand_in(
        &mut self,
        release: Release,
        late: bool,
        who: &[Who],
        name: impl Fn(Who) -> interfaces::AccountId,
    ) -> Done {
        if late {
            return Err(TreasuryError::DeadlinePassed);
        }
        self.pending(release)?;
        for (number, signer) in who.iter().enumerate() {
            if who[..number].contains(signer) {
                return Err(TreasuryError::SignedTwice(name(*signer)));
            }
            if !self.signers.contains(signer) {
                return Err(TreasuryError::NotSigner(name(*signer)));
            }
            if self.withdrawn.contains(&(release, *signer)) {
                return Err(TreasuryError::Withdrawn(name(*signer)));
            }
        }
        self.approved.extend(who.iter().map(|signer| (release, *signer)));
        Ok(())
    }

    pub fn open_stream(
        &mut self,
        category: Category,
        payee: Who,
        amount: Balance,
        begins: Moment,
        ends: Moment,
    ) -> Result<u32, TreasuryError> {
        if ends <= begins || ends <= self.now {
            return Err(TreasuryError::BadStream);
        }
        let asset = self.reserve(category, amount)?;
        self.streams.push(Stream { category, asset, payee, amount, begins, ends, claimed: 0, stopped: None });
        Ok(u32::try_from(self.streams.len() - 1).expect("they are few"))
    }

    pub fn claim(&mut self, stream: usize) -> Done {
        let known = *self.streams.get(stream).ok_or(TreasuryError::UnknownStream)?;
        let amount = known.accrued(self.now) - known.claimed;
        if amount == 0 {
            return Err(TreasuryError::NothingAccrued);
        }
        self.sendable(known.category, known.asset, known.payee, amount, true)?;
        self.streams[stream].claimed += amount;
        self.send(known.asset, known.payee, amount);
        Ok(())
    }

    pub fn stop_stream(&mut self, stream: usize) -> Done {
        let now = self.now;
        let known = self.streams.get_mut(stream).ok_or(TreasuryError::UnknownStream)?;
        if known.stopped.is_some() || known.accrued(now) == known.amount {
            return Err(TreasuryError::NothingLeft);
        }
        known.stopped = Some(now);
        Ok(())
    }

    pub fn pause(&mut self, guards: bool) -> Done {
        if !guards {
            return Err(TreasuryError::NotGuardian);
        }
        if std::mem::replace(&mut self.paused, true) { Err(TreasuryError::Paused) } else { Ok(()) }
    }

    pub fn unpause(&mut self) -> Done {
        if std::mem::take(&mut self.paused) { Ok(()) } else { Err(TreasuryError::NotPaused) }
    }
}
