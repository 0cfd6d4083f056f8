//! The governor: proposals from their making to their execution.
//!
//! This file is what the outside sees: storage and messages. What they do is told in the modules: [`checks`] says what
//! is refused at first sight, [`drafts`] and [`making`] lead to a poll, [`stopping`] and [`executing`] away from it;
//! [`money`] watches what is spent, [`admin`] is how the governor changes itself, [`asking`] talks to its parts.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod admin;
mod asking;
mod checks;
mod drafts;
mod executing;
mod making;
mod money;
mod stopping;
#[cfg(test)]
mod tests;

#[ink::contract]
#[expect(unsafe_code, reason = "what ink! generates to dispatch messages")]
mod governor {
    use ballot::OptionId;
    use ink::{
        prelude::vec::Vec,
        storage::{Lazy, Mapping},
    };
    use interfaces::{
        Leaf, Millis, Moment, ProposalId,
        governor::{
            Draft, GovernorError, Guardian, Installed, Kind, Parts, PinnedCall, Proposal, ProposalRequest, Rules,
        },
        lifecycle::State,
        upgrade::{self, Stored, UpgradeError},
    };

    /// What is stored.
    const STORED: Stored = Stored::of("governor", 1);

    /// Which draft was sponsored, in which revision, and by whom.
    type Sponsorship = (ProposalId, u32, AccountId);

    /// An option of a proposal.
    type Chosen = (ProposalId, OptionId);

    /// A kind of proposals, the length of its periods, and the number of one.
    pub(crate) type Period = (Kind, Millis, u64);

    /// The governor. Each field is a cell of its own or many, and none is in the root cell: the code that executes an
    /// upgrade of the governor itself writes the root cell last, after the new code has seen what is stored.
    #[ink(storage)]
    pub struct Governor {
        /// Who may say what the governor is made of.
        installer: Lazy<AccountId>,
        /// What it is made of, once it was told.
        pub(crate) parts: Lazy<Leaf<Parts>>,
        /// Who may stop proposals.
        pub(crate) guardian: Lazy<Leaf<Option<Guardian>>>,
        /// How many live proposals an account may have.
        pub(crate) live_limit: Lazy<u32>,
        /// How many proposals and drafts there are.
        pub(crate) count: Lazy<ProposalId>,
        /// All deposits together.
        pub(crate) held: Lazy<Balance>,
        /// The rules for new proposals of each kind.
        pub(crate) rules: Mapping<Kind, Leaf<Rules>>,
        /// How many live proposals and drafts each account has.
        pub(crate) live: Mapping<AccountId, u32>,
        /// Every proposal and draft.
        pub(crate) proposals: Mapping<ProposalId, Leaf<Proposal>>,
        /// What each draft says.
        pub(crate) drafts: Mapping<ProposalId, Leaf<Draft>>,
        /// Who sponsored which revision of which draft.
        pub(crate) sponsors: Mapping<Sponsorship, ()>,
        /// What each option of each proposal does.
        pub(crate) calls: Mapping<Chosen, Vec<PinnedCall>>,
        /// Which proposals were vetoed as abuse.
        pub(crate) abuses: Mapping<ProposalId, ()>,
        /// What each kind has spent in each period.
        pub(crate) spent: Mapping<Period, Balance>,
    }

    impl Governor {
        /// A governor with rules for each [`Kind`], in the order of the kinds. Whoever instantiates it has to tell it
        /// its parts, which are told the governor's address first.
        ///
        /// # Errors
        /// [`GovernorError::BadRules`].
        #[ink(constructor)]
        pub fn new(rules: [Rules; 4], guardian: Option<Guardian>, live_limit: u32) -> Result<Self, GovernorError> {
            let mut governor = Self {
                installer: Lazy::new(),
                parts: Lazy::new(),
                guardian: Lazy::new(),
                live_limit: Lazy::new(),
                count: Lazy::new(),
                held: Lazy::new(),
                rules: Mapping::new(),
                live: Mapping::new(),
                proposals: Mapping::new(),
                drafts: Mapping::new(),
                sponsors: Mapping::new(),
                calls: Mapping::new(),
                abuses: Mapping::new(),
                spent: Mapping::new(),
            };
            upgrade::mark(STORED);
            governor.installer.set(&Self::env().caller());
            for (kind, rules) in Kind::ALL.into_iter().zip(rules) {
                governor.change_rules(kind, rules)?;
            }
            governor.change_guardian(guardian);
            governor.change_live_limit(live_limit)?;
            Ok(governor)
        }
    }

    impl interfaces::governor::Governor for Governor {
        #[ink(message)]
        fn install(&mut self, parts: Parts) -> Result<(), GovernorError> {
            let installer = self.installer.get() == Some(self.env().caller());
            if !installer || self.parts.get().is_some() || !self.fits(&parts) {
                return Err(GovernorError::BadParts);
            }
            self.parts.set(&Leaf(parts));
            self.env().emit_event(Installed { parts });
            Ok(())
        }

        #[ink(message, payable)]
        fn propose(&mut self, request: ProposalRequest) -> Result<ProposalId, GovernorError> {
            Ok(self.make_at_once(request))
        }

        #[ink(message)]
        fn draft(&mut self, request: ProposalRequest) -> Result<ProposalId, GovernorError> {
            Ok(self.write_draft(request))
        }

        #[ink(message)]
        fn edit(&mut self, proposal: ProposalId, request: ProposalRequest) -> Result<(), GovernorError> {
            self.edit_draft(proposal, request);
            Ok(())
        }

        #[ink(message)]
        fn sponsor(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            self.sponsor_draft(proposal);
            Ok(())
        }

        #[ink(message, payable)]
        fn submit(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            self.submit_draft(proposal);
            Ok(())
        }

        #[ink(message)]
        fn queue(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            self.queue_passed(proposal);
            Ok(())
        }

        #[ink(message)]
        fn execute(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            self.execute_queued(proposal);
            Ok(())
        }

        #[ink(message)]
        fn cancel(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            self.take_back(proposal);
            Ok(())
        }

        #[ink(message)]
        fn veto(&mut self, proposal: ProposalId, abuse: bool) -> Result<(), GovernorError> {
            self.veto_as_guardian(proposal, abuse);
            Ok(())
        }

        #[ink(message)]
        fn settle(&mut self, proposal: ProposalId) -> Result<(), GovernorError> {
            self.settle_final(proposal);
            Ok(())
        }

        // A proposal that changes the governor does not come this way: nothing enters the governor while it executes.
        #[ink(message)]
        fn set_rules(&mut self, _kind: Kind, _rules: Rules) -> Result<(), GovernorError> {
            Err(GovernorError::NotGoverned)
        }

        #[ink(message)]
        fn set_guardian(&mut self, _guardian: Option<Guardian>) -> Result<(), GovernorError> {
            Err(GovernorError::NotGoverned)
        }

        #[ink(message)]
        fn set_live_limit(&mut self, _limit: u32) -> Result<(), GovernorError> {
            Err(GovernorError::NotGoverned)
        }

        #[ink(message)]
        fn rules(&self, kind: Kind) -> Rules {
            self.present_rules(kind)
        }

        #[ink(message)]
        fn guardian(&self) -> Option<Guardian> {
            self.guardian.get().and_then(|Leaf(guardian)| guardian)
        }

        #[ink(message)]
        fn live_limit(&self) -> u32 {
            self.live_limit.get_or_default()
        }

        #[ink(message)]
        fn parts(&self) -> Option<Parts> {
            self.parts.get().map(|Leaf(parts)| parts)
        }

        #[ink(message)]
        fn proposal_count(&self) -> ProposalId {
            self.count.get_or_default()
        }

        #[ink(message)]
        fn live(&self, account: AccountId) -> u32 {
            self.live.get(account).unwrap_or_default()
        }

        #[ink(message)]
        fn proposal(&self, proposal: ProposalId) -> Option<Proposal> {
            self.found(proposal)
        }

        #[ink(message)]
        fn draft_of(&self, proposal: ProposalId) -> Option<Draft> {
            self.drafts.get(proposal).map(|Leaf(draft)| draft)
        }

        #[ink(message)]
        fn calls(&self, proposal: ProposalId, option: OptionId) -> Vec<PinnedCall> {
            self.calls.get((proposal, option)).unwrap_or_default()
        }

        #[ink(message)]
        fn state(&self, proposal: ProposalId) -> Result<State, GovernorError> {
            Ok(self.state_of(proposal, &self.known(proposal)))
        }

        #[ink(message)]
        fn spent(&self, kind: Kind, moment: Moment) -> Balance {
            self.spent_at(kind, moment)
        }
    }

    impl interfaces::upgrade::Upgradable for Governor {
        // As with the settings: see [`crate::admin`].
        #[ink(message)]
        fn upgrade(&mut self, _code_hash: Hash) -> Result<(), UpgradeError> {
            Err(UpgradeError::NotGoverned)
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
