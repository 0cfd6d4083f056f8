//! What can be done, drawn by chance.

use super::model::{KEYS, PAYEES, Who};
use crate::{
    vault::{CLEARED, Manner, NATIVE, TOKENS},
    world::{BOB, CAROL, DAVE, id},
};
use drink::AccountId32;
use interfaces::{Balance, Millis, treasury::Category};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The number of nothing.
pub const NONE: usize = 99;

/// Which release: of which escrow and milestone; how much of what that has left, in halves; and whether it names another payee, or the nonce of the one before.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    pub escrow: usize,
    pub milestone: usize,
    pub halves: u128,
    pub wrong_payee: bool,
    pub used_nonce: bool,
}

/// What is done. Orders are the governor's, unless [`Step::Usurp`] sends them.
#[derive(Debug, Clone)]
pub enum Step {
    Pay(Category, Who, Balance),
    Usurp(Box<Step>),
    SetBudget(Category, Balance, bool, Option<u8>),
    OpenEscrow(Category, Vec<(Who, Balance, Millis, Millis)>),
    Release(Draw),
    Lapse(usize, usize),
    ClawBack(usize, Option<usize>),
    SetSigners(BTreeSet<Who>, u8),
    Approve(Who, Draw),
    Withdraw(Who, Draw),
    HandIn(Vec<Who>, Draw, bool),
    OpenStream(Category, Who, Balance, Millis, Millis),
    Claim(usize),
    StopStream(usize),
    Pause(bool),
    Unpause,
    Clear(Who, Option<u8>),
    Behave(Manner),
    Deposit(Balance),
    Donate(Balance),
    Wait(Millis),
    /// Whatever brings a milestone nearer to its release: left to chance alone, hardly any would be made.
    Further(usize, usize),
}

fn category() -> impl Strategy<Value = Category> {
    prop_oneof![6 => Just(NATIVE), 8 => Just(TOKENS), 4 => Just(CLEARED), 1 => Just(77)]
}

/// One that there is.
fn known() -> impl Strategy<Value = Category> {
    prop_oneof![Just(NATIVE), Just(TOKENS), Just(CLEARED)]
}

/// Counted from the latest backwards, and again from the latest after the first; rarely one that does not exist.
fn which() -> impl Strategy<Value = usize> {
    prop_oneof![20 => 0..5_usize, 1 => Just(NONE)]
}

fn amount() -> impl Strategy<Value = Balance> {
    prop_oneof![14 => 1..250_u128, 2 => 250..12_000_u128, 1 => Just(0)]
}

fn draw() -> impl Strategy<Value = Draw> {
    let halves = prop_oneof![6 => Just(2), 4 => Just(1), 1 => Just(0), 1 => Just(3)];
    let rarely = || prop::bool::weighted(0.06);
    (which(), which(), halves, rarely(), rarely()).prop_map(|(escrow, milestone, halves, wrong_payee, used_nonce)| {
        Draw { escrow, milestone, halves, wrong_payee, used_nonce }
    })
}

fn manner() -> impl Strategy<Value = Manner> {
    use Manner::{Bans, CallsBack, Denies, Honest, Mints, Pretends, Refuses, TakesFee, Traps};
    let crooked = [Refuses, Pretends, Denies, TakesFee, Mints, Traps, CallsBack];
    prop_oneof![4 => Just(Honest), 2 => (0..PAYEES).prop_map(|who| Bans(id(&payee(who)))), 3 => prop::sample::select(crooked.to_vec())]
}

fn order() -> impl Strategy<Value = Step> {
    let tier = || prop_oneof![3 => Just(None), 1 => (0..4_u8).prop_map(Some)];
    let steps = || prop::collection::vec((0..PAYEES, amount(), 0..1_500_u64, 0..9_000_u64), 0..4);
    let signers = || prop::collection::btree_set(0..KEYS, 1..=KEYS);
    prop_oneof![
        6 => (category(), 0..PAYEES, amount()).prop_map(|(category, payee, amount)| Step::Pay(category, payee, amount)),
        2 => (known(), prop_oneof![0..2_000_u128, Just(15_000)], any::<bool>(), tier())
            .prop_map(|(category, cap, carries, tier)| Step::SetBudget(category, cap, carries, tier)),
        8 => (category(), steps()).prop_map(|(category, steps)| Step::OpenEscrow(category, steps)),
        2 => (which(), prop::option::of(which())).prop_map(|(escrow, milestone)| Step::ClawBack(escrow, milestone)),
        1 => (signers(), 0..4_u8).prop_map(|(signers, threshold)| Step::SetSigners(signers, threshold)),
        5 => (category(), 0..PAYEES, amount(), 0..3_000_u64, 0..6_000_u64)
            .prop_map(|(category, payee, amount, from, length)| {
                Step::OpenStream(category, payee, amount, from, length)
            }),
        2 => which().prop_map(Step::StopStream),
        4 => Just(Step::Unpause),
    ]
}

pub fn step() -> impl Strategy<Value = Step> {
    let tier = prop_oneof![1 => Just(None), 4 => (1..4_u8).prop_map(Some)];
    let some = prop::collection::vec(0..KEYS, 0..4);
    prop_oneof![
        22 => order(),
        1 => order().prop_map(|order| Step::Usurp(Box::new(order))),
        3 => draw().prop_map(Step::Release),
        4 => (which(), which()).prop_map(|(escrow, milestone)| Step::Lapse(escrow, milestone)),
        4 => (0..KEYS, draw()).prop_map(|(who, draw)| Step::Approve(who, draw)),
        2 => (0..KEYS, draw()).prop_map(|(who, draw)| Step::Withdraw(who, draw)),
        3 => (some, draw(), prop::bool::weighted(0.1)).prop_map(|(who, draw, late)| Step::HandIn(who, draw, late)),
        6 => which().prop_map(Step::Claim),
        1 => prop::bool::weighted(0.7).prop_map(Step::Pause),
        4 => (0..PAYEES, tier).prop_map(|(who, tier)| Step::Clear(who, tier)),
        3 => manner().prop_map(Step::Behave),
        1 => (0..500_u128).prop_map(Step::Deposit),
        1 => (0..500_u128).prop_map(Step::Donate),
        6 => prop_oneof![4 => 1..1_500_u64, 1 => 1_500..30_000_u64].prop_map(Step::Wait),
        20 => (0..2_usize, 0..2_usize).prop_map(|(escrow, milestone)| Step::Further(escrow, milestone)),
    ]
}

/// Three people with money, and an account that was never there.
pub fn payee(who: Who) -> AccountId32 {
    [BOB, CAROL, DAVE, AccountId32::new([0x77; 32])][who].clone()
}
