//! Random sequences of all that can be done with a treasury, with tokens that cheat and payees that cannot be paid, on the
//! contract and on a naive model of it. Whatever the model says must be the answer, at every step; and after every step
//! what the treasury holds of every asset is what is free and what is reserved, what is reserved is what escrows and
//! streams still owe, budgets have what is left, and nobody was paid more or less than the model paid.
//!
//! `PROPTEST_CASES` says how many sequences.

mod model;
mod steps;

use crate::{
    message,
    vault::{Done, Key, Manner, NATIVE, TOKENS, Vault, budget, ids, keys, milestone},
    world::{GUARDIAN, STRANGER, id},
};
use interfaces::{
    Balance, Millis,
    treasury::{self, Budget, Category, Milestone, Payment, TreasuryError},
};
use model::{Model, PAYEES, Release, Token, Who};
use proptest::prelude::*;
use std::collections::BTreeSet;
use steps::{Draw, NONE, Step, payee, step};

/// Sequences in an ordinary run.
const CASES: u32 = 3;
/// Steps of a sequence, at least and at most.
const STEPS: std::ops::RangeInclusive<usize> = 50..=80;
/// Steps between two looks at everything.
const LOOK: usize = 20;

/// The contract, and what the model makes of it.
struct Machine {
    vault: Vault,
    keys: Vec<Key>,
    model: Model,
    /// What everybody had of the native currency before.
    before: [Balance; PAYEES],
}

impl Machine {
    fn new() -> Self {
        let (mut vault, keys) = (Vault::new(), keys(5));
        for key in &keys {
            vault.world.give(key.id(), 1_000_000_000_000);
        }
        vault.aim(message!("Treasury::balance"));
        let before = std::array::from_fn(|who| vault.world.money(id(&payee(who))));
        let mut machine = Self { vault, keys, model: Model::new(), before };
        machine.take(&Step::SetSigners(BTreeSet::from([0, 1, 2]), 2));
        for category in [NATIVE, TOKENS] {
            machine.take(&Step::OpenEscrow(category, vec![(0, 100, 0, 9_000), (1, 200, 1_000, 3_000)]));
            machine.take(&Step::OpenStream(category, 2, 300, 1_000, 5_000));
        }
        machine
    }

    /// The number of one among so many that is counted backwards.
    fn number(count: usize, which: usize) -> usize {
        if which == NONE { count } else { count - 1 - which % count }
    }

    /// A milestone of an escrow that may not exist.
    fn milestone(&self, escrow: usize, which: usize) -> usize {
        self.model.escrows.get(escrow).map_or(which, |escrow| Self::number(escrow.steps.len(), which))
    }

    fn escrow(&self, which: usize) -> usize {
        Self::number(self.model.escrows.len(), which)
    }

    fn drawn(&self, draw: Draw) -> Release {
        let Draw { escrow, milestone, halves, wrong_payee, used_nonce } = draw;
        let escrow = self.escrow(escrow);
        let milestone = self.milestone(escrow, milestone);
        let Some(step) = self.model.escrows.get(escrow).and_then(|escrow| escrow.steps.get(milestone)) else {
            return (escrow, milestone, 0, 1, 0);
        };
        let payee = (step.payee + usize::from(wrong_payee)) % PAYEES;
        let nonce = step.releases.saturating_sub(u32::from(used_nonce));
        (escrow, milestone, payee, step.left * halves / 2, nonce)
    }

    fn release(release: Release) -> treasury::Release {
        let (escrow, milestone, to, amount, nonce) = release;
        treasury::Release { escrow: small(escrow), milestone: tiny(milestone), payee: id(&payee(to)), amount, nonce }
    }

    fn milestones(&self, steps: &[(Who, Balance, Millis, Millis)]) -> (Vec<Milestone>, Vec<model::Step>) {
        let now = self.model.now;
        let both = steps.iter().map(|(who, amount, from, length)| {
            let (payee_, earliest, latest) = (*who, now + from, now + from + length);
            let step =
                model::Step { payee: payee_, amount: *amount, earliest, latest, paid: 0, left: *amount, releases: 0 };
            (Milestone { earliest, latest, ..milestone(&payee(payee_), *amount) }, step)
        });
        both.unzip()
    }

    /// The contract and the model give the same answer.
    fn take(&mut self, step: &Step) {
        let (answer, expected) = match step {
            Step::Usurp(order) => (self.usurp(order), Err(TreasuryError::NotGovernor)),
            Step::Pay(category, who, amount) => {
                (self.vault.pay(*category, &payee(*who), *amount), self.model.pay(*category, *who, *amount))
            }
            Step::SetBudget(category, cap, carries, tier) => (
                self.vault.set_budget(*category, self.budget(*category, *cap, *carries, *tier)),
                self.model.set_budget(*category, *cap, *carries, *tier),
            ),
            Step::OpenEscrow(category, steps) => {
                let (milestones, steps) = self.milestones(steps);
                let answer = self.vault.open_escrow(*category, &milestones);
                let expected = self.model.open_escrow(*category, &steps);
                assert_eq!(answer, expected);
                return;
            }
            Step::Release(draw) => {
                let release = self.drawn(*draw);
                (self.vault.release(Self::release(release)), self.model.release(release))
            }
            Step::Lapse(escrow, milestone) => {
                let escrow = self.escrow(*escrow);
                let milestone = self.milestone(escrow, *milestone);
                (self.vault.lapse(small(escrow), tiny(milestone)), self.model.lapse(escrow, milestone))
            }
            Step::ClawBack(escrow, milestone) => {
                let escrow = self.escrow(*escrow);
                let milestone = milestone.map(|which| self.milestone(escrow, which));
                let answer = self.vault.claw_back(small(escrow), milestone.map(tiny));
                (answer, self.model.claw_back(escrow, milestone))
            }
            Step::SetSigners(signers, threshold) => {
                let accounts: Vec<_> = signers.iter().map(|who| self.keys[*who].id()).collect();
                let expected = self.model.set_signers(signers.clone(), (*threshold).into());
                (self.vault.set_signers(&accounts, *threshold), expected)
            }
            Step::Approve(who, draw) => self.approve(*who, self.drawn(*draw)),
            Step::Withdraw(who, draw) => {
                let (release, signer) = (self.drawn(*draw), self.keys[*who].account.clone());
                let expected = self.model.withdraw(*who, release, TreasuryError::NotSigner(id(&signer)));
                (self.vault.withdraw(&signer, Self::release(release)), expected)
            }
            Step::HandIn(who, draw, late) => self.hand_in(who, self.drawn(*draw), *late),
            Step::OpenStream(category, who, amount, from, length) => {
                // It may have begun already.
                let begins = (self.model.now + from).saturating_sub(1_000);
                let ends = begins + length;
                let answer = self.vault.open_stream(*category, &payee(*who), *amount, begins, ends);
                assert_eq!(answer, self.model.open_stream(*category, *who, *amount, begins, ends));
                return;
            }
            Step::Claim(which) => {
                let stream = Self::number(self.model.streams.len(), *which);
                (self.vault.claim(small(stream)), self.model.claim(stream))
            }
            Step::StopStream(which) => {
                let stream = Self::number(self.model.streams.len(), *which);
                (self.vault.stop_stream(small(stream)), self.model.stop_stream(stream))
            }
            Step::Pause(guards) => {
                (self.vault.pause(if *guards { &GUARDIAN } else { &STRANGER }), self.model.pause(*guards))
            }
            Step::Unpause => (self.vault.unpause(), self.model.unpause()),
            Step::Further(escrow, milestone) => return self.further(*escrow, *milestone),
            other => return self.happen(other),
        };
        assert_eq!(answer, expected, "{step:?}");
    }

    /// What concerns the treasury without being asked of it, or cannot be refused.
    fn happen(&mut self, step: &Step) {
        match step {
            Step::Clear(who, tier) => {
                self.vault.clear(&payee(*who), *tier);
                self.model.tiers[*who] = *tier;
            }
            Step::Behave(manner) => {
                self.vault.behave(*manner);
                self.model.token = match manner {
                    Manner::Honest => Token::Honest,
                    Manner::Bans(banned) => {
                        Token::Bans((0..PAYEES).find(|who| id(&payee(*who)) == *banned).expect("it is a payee"))
                    }
                    _ => Token::Crooked,
                };
            }
            Step::Deposit(amount) => {
                let treasury = self.vault.treasury;
                let _: () = self.vault.world.pay(&STRANGER, treasury, message!("Treasury::deposit"), *amount);
                self.model.held[0] += amount;
            }
            Step::Donate(amount) => {
                let treasury = self.vault.treasury;
                self.vault.give_tokens(treasury, *amount);
                self.model.held[1] += amount;
            }
            Step::Wait(time) => {
                self.model.wait(*time);
                self.vault.world.at(self.model.now);
            }
            other => unreachable!("{other:?} is asked of the treasury"),
        }
    }

    fn budget(&self, category: Category, cap: Balance, carries: bool, tier: Option<u8>) -> Budget {
        let asset = if category == TOKENS { self.vault.tokens() } else { treasury::Asset::Native };
        Budget { cap, carries, tier, ..budget(asset) }
    }

    fn approve(&mut self, who: Who, release: Release) -> (Done, Done) {
        let signer = self.keys[who].account.clone();
        let expected = self.model.approve(who, release, TreasuryError::NotSigner(id(&signer)));
        (self.vault.approve(&signer, Self::release(release)), expected)
    }

    fn hand_in(&mut self, who: &[Who], release: Release, late: bool) -> (Done, Done) {
        let handed = Self::release(release);
        let deadline = if late { self.model.now - 1 } else { self.model.now };
        let text = handed.text(deadline, &crate::world::chain(), &self.vault.treasury);
        let signed: Vec<_> =
            who.iter().map(|who| (self.keys[*who].id(), self.keys[*who].sign(text.as_bytes()))).collect();
        let names = ids(&self.keys);
        let expected = self.model.hand_in(release, late, who, |who| names[who]);
        (self.vault.hand_in(handed, deadline, &signed), expected)
    }

    /// Someone else than the governor gives its order.
    fn usurp(&mut self, order: &Step) -> Done {
        let order = match order {
            Step::Pay(category, who, amount) => {
                message!("Treasury::pay", Payment { category: *category, payee: id(&payee(*who)), amount: *amount })
            }
            Step::SetBudget(category, cap, carries, tier) => {
                message!("Budgets::set_budget", category, self.budget(*category, *cap, *carries, *tier))
            }
            Step::OpenEscrow(category, steps) => {
                message!("Escrows::open_escrow", category, self.milestones(steps).0)
            }
            Step::ClawBack(escrow, _) => message!("Escrows::claw_back", small(self.escrow(*escrow)), None::<u8>),
            Step::SetSigners(..) => message!("Signing::set_signers", ids(&self.keys), 1_u8),
            Step::OpenStream(category, who, amount, from, length) => {
                let begins = self.model.now + from;
                message!("Streams::open_stream", category, id(&payee(*who)), amount, begins, begins + length)
            }
            Step::StopStream(_) => message!("Streams::stop_stream", 0_u32),
            _ => message!("Pausing::unpause"),
        };
        // A message that answers with a number refuses in the same bytes as one that does not.
        self.vault.send::<Done>(&STRANGER, order)
    }

    fn further(&mut self, escrow: usize, milestone: usize) {
        let draw = Draw { escrow, milestone, halves: 2, wrong_payee: false, used_nonce: false };
        let release = self.drawn(draw);
        let step = self.model.escrows[release.0].steps[release.1];
        if step.left == 0 || self.model.now > step.latest {
            self.take(&Step::Lapse(escrow, milestone));
        } else if let Some(signer) = self.model.next_signer(release) {
            let (answer, expected) = self.approve(signer, release);
            assert_eq!(answer, expected);
        } else if self.model.now < step.earliest {
            self.take(&Step::Wait(step.earliest - self.model.now));
        } else {
            self.take(&Step::Release(draw));
        }
    }

    /// The books are right, and nobody has what the model did not pay.
    fn check(&mut self) {
        let (vault, model) = (&mut self.vault, &self.model);
        for (number, asset) in [treasury::Asset::Native, vault.tokens()].into_iter().enumerate() {
            let (free, reserved) = vault.books(asset);
            assert_eq!(reserved, model.reserved(number));
            assert_eq!(free + reserved, model.held[number]);
        }
        // Apart from the existential deposit, it holds what it says.
        assert_eq!(vault.world.money(vault.treasury), model.held[0] + 1);
        for (category, purse) in &model.purses {
            assert_eq!(vault.left(*category), purse.left, "of category {category}");
        }
        for (who, before) in self.before.iter().enumerate() {
            assert_eq!(vault.world.money(id(&payee(who))) - before, model.paid[who][0]);
        }
    }

    /// All that can be asked is as the model has it.
    fn look(&mut self) {
        let (vault, model) = (&mut self.vault, &self.model);
        assert_eq!(vault.tokens_of(vault.treasury), model.held[1]);
        for (who, paid) in model.paid.iter().enumerate() {
            assert_eq!(vault.tokens_of(id(&payee(who))), paid[1]);
        }
        assert_eq!(vault.ask::<bool>(message!("Pausing::paused")), model.paused);
        for (number, escrow) in model.escrows.iter().enumerate() {
            for (milestone, step) in escrow.steps.iter().enumerate() {
                let known = vault.tranche(small(number), tiny(milestone)).expect("it was opened");
                assert_eq!((known.paid, known.left, known.releases), (step.paid, step.left, step.releases));
            }
        }
        for (number, stream) in model.streams.iter().enumerate() {
            let known = vault.stream(small(number));
            assert_eq!((known.claimed, known.stopped), (stream.claimed, stream.stopped));
        }
        let signers: Vec<_> = vault.signers().signers.iter().map(|signer| signer.account).collect();
        assert_eq!(signers, model.signers.iter().map(|who| self.keys[*who].id()).collect::<Vec<_>>());
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("there are few")
}

fn tiny(number: usize) -> u8 {
    u8::try_from(number).expect("there are few")
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_done_the_books_are_right(steps in prop::collection::vec(step(), STEPS)) {
        let mut machine = Machine::new();
        for (number, step) in steps.iter().enumerate() {
            machine.take(step);
            machine.check();
            if number % LOOK == 0 {
                machine.look();
            }
        }
        machine.look();
    }
}
