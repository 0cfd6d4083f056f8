//! The treasury: lets go of what it holds on the governor's order, at once, from escrows or in streams.
//!
//! This file is what the outside sees: storage and messages. What they do is told in the modules: [`books`] says what is
//! free, reserved and within a budget, [`paying`] is the only way out, [`escrows`], [`signing`] and [`streams`] are what
//! their names say, [`guarding`] knows who may do what.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod books;
mod escrows;
mod guarding;
mod paying;
mod signing;
mod streams;
#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod treasury {
    use ink::{
        prelude::vec::Vec,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, Moment,
        signed::Signature,
        treasury::{
            Allotment, Asset, Budget, Budgets, Category, Deposited, Escrow, EscrowId, Escrows, Milestone, MilestoneId,
            Pausing, Payment, Release, Signers, Signing, Stance, Stream, StreamId, Streams, Tranche, TreasuryError,
            Unpaused,
        },
        upgrade::{self, Stored, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("treasury", 1);

    /// A milestone of an escrow.
    type Step = (EscrowId, MilestoneId);

    /// What was said of, and who said it.
    type Statement = (Release, AccountId);

    /// The treasury. Of what it holds it keeps no count: that is its account's balance, so that no book can disagree with
    /// it. Nothing is in the root cell, which the code that is replaced by an upgrade writes last.
    #[ink(storage)]
    pub struct Treasury {
        /// Whose orders it follows.
        pub(crate) governor: Lazy<AccountId>,
        /// Who says whether payees are cleared.
        pub(crate) registry: Lazy<AccountId>,
        /// Hash of the genesis block of the chain that approvals are signed for.
        pub(crate) chain: Lazy<Hash>,
        /// Whether it pays nobody.
        pub(crate) paused: Lazy<bool>,
        /// What every category may spend, and has.
        pub(crate) budgets: Mapping<Category, Leaf<Allotment>>,
        /// What escrows and streams still owe of every asset.
        pub(crate) reserved: Mapping<Asset, Balance>,
        /// How many escrows there are.
        pub(crate) escrow_count: Lazy<EscrowId>,
        /// Every escrow.
        pub(crate) escrows: Mapping<EscrowId, Leaf<Escrow>>,
        /// The milestones of each.
        pub(crate) tranches: Mapping<Step, Leaf<Tranche>>,
        /// Who can approve of releases.
        pub(crate) signers: Lazy<Leaf<Signers>>,
        /// What each of them said of which.
        pub(crate) stances: Mapping<Statement, Leaf<Stance>>,
        /// How many streams there are.
        pub(crate) stream_count: Lazy<StreamId>,
        /// Every stream.
        pub(crate) streams: Mapping<StreamId, Leaf<Stream>>,
    }

    impl Treasury {
        /// A treasury that follows `governor`, asks `registry` who is cleared, takes approvals that are signed for the chain
        /// whose genesis block has the hash `chain`, and may spend by these budgets. The currency sent along is its first
        /// deposit. Without a budget nothing can be paid before a proposal sets one.
        ///
        /// # Errors
        /// [`TreasuryError::BadBudget`].
        #[ink(constructor, payable)]
        pub fn new(
            governor: AccountId,
            registry: AccountId,
            chain: Hash,
            budgets: Vec<(Category, Budget)>,
        ) -> Result<Self, TreasuryError> {
            let mut treasury = Self {
                governor: Lazy::new(),
                registry: Lazy::new(),
                chain: Lazy::new(),
                paused: Lazy::new(),
                budgets: Mapping::new(),
                reserved: Mapping::new(),
                escrow_count: Lazy::new(),
                escrows: Mapping::new(),
                tranches: Mapping::new(),
                signers: Lazy::new(),
                stances: Mapping::new(),
                stream_count: Lazy::new(),
                streams: Mapping::new(),
            };
            upgrade::mark(STORED);
            treasury.governor.set(&governor);
            treasury.registry.set(&registry);
            treasury.chain.set(&chain);
            for (category, budget) in budgets {
                treasury.put_budget(category, budget)?;
            }
            Ok(treasury)
        }
    }

    impl interfaces::treasury::Treasury for Treasury {
        #[ink(message)]
        fn pay(&mut self, payment: Payment) -> Result<(), TreasuryError> {
            self.only_governor();
            self.pay_at_once(payment);
            Ok(())
        }

        #[ink(message, payable)]
        fn deposit(&mut self) {
            let amount = self.env().transferred_value();
            if amount != 0 {
                self.env().emit_event(Deposited { from: self.env().caller(), amount });
            }
        }

        #[ink(message)]
        fn balance(&self) -> Balance {
            self.env().balance().saturating_sub(self.reserved(Asset::Native))
        }

        #[ink(message)]
        fn governor(&self) -> AccountId {
            self.governor.get().expect("the constructor sets it")
        }
    }

    impl Pausing for Treasury {
        #[ink(message)]
        fn pause(&mut self) -> Result<(), TreasuryError> {
            self.pause_as_guardian();
            Ok(())
        }

        #[ink(message)]
        fn unpause(&mut self) -> Result<(), TreasuryError> {
            self.only_governor();
            self.end_pause();
            self.env().emit_event(Unpaused {});
            Ok(())
        }

        #[ink(message)]
        fn paused(&self) -> bool {
            self.paused.get_or_default()
        }
    }

    impl Budgets for Treasury {
        #[ink(message)]
        fn set_budget(&mut self, category: Category, budget: Budget) -> Result<(), TreasuryError> {
            self.only_governor();
            self.put_budget(category, budget)
        }

        #[ink(message)]
        fn budget(&self, category: Category) -> Option<Budget> {
            self.budgets.get(category).map(|Leaf(allotment)| allotment.budget)
        }

        #[ink(message)]
        fn left(&self, category: Category) -> Balance {
            let now = self.env().block_timestamp();
            self.budgets.get(category).map_or(0, |Leaf(allotment)| allotment.left_at(now))
        }

        #[ink(message)]
        fn free(&self, asset: Asset) -> Result<Balance, TreasuryError> {
            let held = self.held(asset).ok_or(TreasuryError::TokenFailed)?;
            Ok(held.saturating_sub(self.reserved(asset)))
        }

        #[ink(message)]
        fn reserved(&self, asset: Asset) -> Balance {
            self.reserved.get(asset).unwrap_or_default()
        }

        #[ink(message)]
        fn registry(&self) -> AccountId {
            self.registry.get().expect("the constructor sets it")
        }
    }

    impl Escrows for Treasury {
        #[ink(message)]
        fn open_escrow(&mut self, category: Category, milestones: Vec<Milestone>) -> Result<EscrowId, TreasuryError> {
            self.only_governor();
            Ok(self.reserve_milestones(category, milestones))
        }

        #[ink(message)]
        fn release(&mut self, release: Release) -> Result<(), TreasuryError> {
            self.pay_release(release);
            Ok(())
        }

        #[ink(message)]
        fn lapse(&mut self, escrow: EscrowId, milestone: MilestoneId) -> Result<(), TreasuryError> {
            self.free_lapsed(escrow, milestone);
            Ok(())
        }

        #[ink(message)]
        fn claw_back(&mut self, escrow: EscrowId, milestone: Option<MilestoneId>) -> Result<(), TreasuryError> {
            self.only_governor();
            self.free_unreleased(escrow, milestone);
            Ok(())
        }

        #[ink(message)]
        fn escrow(&self, escrow: EscrowId) -> Option<Escrow> {
            self.escrows.get(escrow).map(|Leaf(escrow)| escrow)
        }

        #[ink(message)]
        fn tranche(&self, escrow: EscrowId, milestone: MilestoneId) -> Option<Tranche> {
            self.tranches.get((escrow, milestone)).map(|Leaf(tranche)| tranche)
        }

        #[ink(message)]
        fn escrow_count(&self) -> EscrowId {
            self.escrow_count.get_or_default()
        }
    }

    impl Signing for Treasury {
        #[ink(message)]
        fn set_signers(&mut self, accounts: Vec<AccountId>, threshold: u8) -> Result<(), TreasuryError> {
            self.only_governor();
            self.put_signers(&accounts, threshold);
            Ok(())
        }

        #[ink(message)]
        fn approve(&mut self, release: Release) -> Result<(), TreasuryError> {
            self.approve_as_caller(release);
            Ok(())
        }

        #[ink(message)]
        fn withdraw(&mut self, release: Release) -> Result<(), TreasuryError> {
            self.withdraw_as_caller(release);
            Ok(())
        }

        #[ink(message)]
        fn approve_signed(
            &mut self,
            release: Release,
            deadline: Moment,
            signatures: Vec<(AccountId, Signature)>,
        ) -> Result<(), TreasuryError> {
            self.hand_in(release, deadline, &signatures);
            Ok(())
        }

        #[ink(message)]
        fn signers(&self) -> Signers {
            self.signers.get().unwrap_or_default().0
        }

        #[ink(message)]
        fn approvals(&self, release: Release) -> Vec<AccountId> {
            self.approving(release, &self.signers())
        }
    }

    impl Streams for Treasury {
        #[ink(message)]
        fn open_stream(
            &mut self,
            category: Category,
            payee: AccountId,
            amount: Balance,
            begins: Moment,
            ends: Moment,
        ) -> Result<StreamId, TreasuryError> {
            self.only_governor();
            Ok(self.reserve_stream(category, payee, amount, begins, ends))
        }

        #[ink(message)]
        fn claim(&mut self, stream: StreamId) -> Result<(), TreasuryError> {
            self.pay_accrued(stream);
            Ok(())
        }

        #[ink(message)]
        fn stop_stream(&mut self, stream: StreamId) -> Result<(), TreasuryError> {
            self.only_governor();
            self.free_unaccrued(stream);
            Ok(())
        }

        #[ink(message)]
        fn stream(&self, stream: StreamId) -> Option<Stream> {
            self.streams.get(stream).map(|Leaf(stream)| stream)
        }

        #[ink(message)]
        fn stream_count(&self) -> StreamId {
            self.stream_count.get_or_default()
        }
    }

    impl upgrade::Upgradable for Treasury {
        #[ink(message)]
        fn upgrade(&mut self, code_hash: Hash) -> Result<(), UpgradeError> {
            upgrade::adopt(self.is_governed(), code_hash)
        }

        #[ink(message)]
        fn migrate(&mut self) -> Result<(), UpgradeError> {
            upgrade::expect(STORED)
        }

        #[ink(message)]
        fn storage_version(&self) -> u16 {
            upgrade::version()
        }
    }
}
