//! Escrows, from their opening to the last unit.

use crate::{
    message,
    vault::{CAP, CLEARED, EARLIEST, ENDOWMENT, Key, LATEST, Manner, NATIVE, TOKENS, Vault, milestone, release},
    world::{ALICE, BOB, CAROL, START, STRANGER, id},
};
use interfaces::treasury::{
    Asset, ClawedBack, Escrow, EscrowOpened, Lapsed, Milestone, Release, Released, Tranche, TreasuryError, limits,
};

/// Bob is to get 100, and Carol 200.
fn opened() -> (Vault, Vec<Key>) {
    let (mut vault, signers) = Vault::signing();
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 100), milestone(&CAROL, 200)]), Ok(0));
    (vault, signers)
}

/// As [`opened`], within the milestones' dates, and with enough approvals of a release of this much to Bob.
fn approved(amount: u128) -> Vault {
    let (mut vault, signers) = opened();
    approve(&mut vault, &signers, release(&BOB, amount));
    vault.world.at(EARLIEST);
    vault
}

/// Two of three approve.
fn approve(vault: &mut Vault, signers: &[Key], release: Release) {
    for signer in &signers[..2] {
        assert_eq!(vault.approve(&signer.account, release), Ok(()));
    }
}

#[test]
fn opening_one_reserves_the_sum_of_its_milestones() {
    let mut vault = Vault::new();
    let milestones = [milestone(&BOB, 100), milestone(&CAROL, 200)];
    for (number, category, asset) in [(0, NATIVE, Asset::Native), (1, TOKENS, vault.tokens())] {
        assert_eq!(vault.open_escrow(category, &milestones), Ok(number));
        let milestones = milestones.to_vec();
        vault.world.expect_events(&[EscrowOpened { escrow: number, category, asset, milestones }]);
        assert_eq!(vault.books(asset), (ENDOWMENT - 300, 300));
        let known: Option<Escrow> = vault.ask(message!("Escrows::escrow", number));
        assert_eq!(known, Some(Escrow { category, asset, milestones: 2 }));
    }
    let fresh = Tranche { milestone: milestones[1], paid: 0, left: 200, releases: 0 };
    assert_eq!((vault.tranche(0, 1), vault.tranche(0, 2), vault.tranche(2, 0)), (Some(fresh), None, None));
    assert_eq!(vault.ask::<u32>(message!("Escrows::escrow_count")), 2);
}

#[test]
fn only_the_governor_opens_one_or_claws_it_back() {
    let (mut vault, _) = opened();
    for person in [ALICE, BOB, STRANGER] {
        let open = message!("Escrows::open_escrow", NATIVE, vec![milestone(&BOB, 1)]);
        assert_eq!(vault.send::<Result<u32, _>>(&person, open), Err(TreasuryError::NotGovernor));
        let claw = message!("Escrows::claw_back", 0_u32, None::<u8>);
        assert_eq!(vault.send::<Result<(), _>>(&person, claw), Err(TreasuryError::NotGovernor));
    }
}

#[test]
fn it_has_at_least_one_milestone_and_not_too_many() {
    let mut vault = Vault::new();
    for count in [0, limits::MILESTONES + 1] {
        let milestones = vec![milestone(&BOB, 1); count];
        assert_eq!(vault.open_escrow(NATIVE, &milestones), Err(TreasuryError::BadMilestones));
    }
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 1); limits::MILESTONES]), Ok(0));
    assert_eq!(vault.claw_back(0, None), Ok(()), "all of them at once");
    assert_eq!(vault.world.events::<ClawedBack>().len(), limits::MILESTONES);
}

#[test]
fn milestones_that_nothing_could_be_released_for_are_refused() {
    let mut vault = Vault::new();
    let good = milestone(&BOB, 1);
    let bad = [
        (Milestone { amount: 0, ..good }, TreasuryError::ZeroAmount),
        (Milestone { earliest: 10, latest: 9, ..good }, TreasuryError::BadMilestones),
        (Milestone { earliest: LATEST + 1, ..good }, TreasuryError::BadMilestones),
        (Milestone { earliest: 0, latest: START - 1, ..good }, TreasuryError::BadMilestones),
    ];
    for (bad, error) in bad {
        assert_eq!(vault.open_escrow(NATIVE, &[good, bad]), Err(error));
    }
    assert_eq!((vault.tranche(0, 0), vault.reserved(Asset::Native)), (None, 0));
    assert_eq!(vault.open_escrow(NATIVE, &[Milestone { earliest: 0, latest: START, ..good }]), Ok(0));
}

#[test]
fn a_sum_beyond_what_can_be_counted_is_refused() {
    let mut vault = Vault::new();
    let milestones = [milestone(&BOB, u128::MAX), milestone(&BOB, 1)];
    assert_eq!(vault.open_escrow(NATIVE, &milestones), Err(TreasuryError::Overflow));
}

#[test]
fn more_than_is_free_cannot_be_reserved() {
    let (mut vault, _) = opened();
    let large = interfaces::treasury::Budget { cap: u128::MAX, ..crate::vault::budget(Asset::Native) };
    assert_eq!(vault.set_budget(NATIVE, large), Ok(()));
    for amount in [ENDOWMENT - 299, u128::MAX - 10_000] {
        assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, amount)]), Err(TreasuryError::NotFree));
        assert_eq!(vault.open_stream(NATIVE, &BOB, amount, START, u64::MAX), Err(TreasuryError::NotFree));
    }
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, ENDOWMENT - 300)]), Ok(1));
    assert_eq!(vault.books(Asset::Native), (0, ENDOWMENT));
}

#[test]
fn what_enough_signers_approve_is_released_by_anybody() {
    let mut vault = approved(100);
    let before = vault.has(&BOB, Asset::Native);
    assert_eq!(vault.release(release(&BOB, 100)), Ok(()));
    let released = Released { escrow: 0, payee: id(&BOB), asset: Asset::Native, release: release(&BOB, 100) };
    vault.world.expect_events(&[released]);
    assert_eq!(vault.has(&BOB, Asset::Native) - before, 100);
    assert_eq!((vault.books(Asset::Native), vault.money_of(0, 0)), ((ENDOWMENT - 300, 200), (100, 0)));
    assert_eq!(vault.left(NATIVE), CAP - 300, "it was counted when it was reserved");
}

#[test]
fn tokens_are_released_as_well() {
    let (mut vault, signers) = Vault::signing();
    assert_eq!(vault.open_escrow(TOKENS, &[milestone(&BOB, 100)]), Ok(0));
    approve(&mut vault, &signers, release(&BOB, 60));
    vault.world.at(EARLIEST);
    let tokens = vault.tokens();
    vault.aim(message!("Escrows::release", release(&BOB, 60)));
    for manner in [Manner::TakesFee, Manner::Pretends, Manner::Refuses, Manner::CallsBack] {
        vault.behave(manner);
        assert_eq!(vault.release(release(&BOB, 60)), Err(TreasuryError::TokenFailed));
        assert_eq!((vault.money_of(0, 0), vault.books(tokens)), ((0, 100), (ENDOWMENT - 100, 100)));
    }
    vault.behave(Manner::Honest);
    assert_eq!((vault.release(release(&BOB, 60)), vault.tokens_of(id(&BOB))), (Ok(()), 60));
    assert_eq!((vault.money_of(0, 0), vault.books(tokens)), ((60, 40), (ENDOWMENT - 100, 40)));
}

#[test]
fn a_milestone_is_released_in_parts() {
    let (mut vault, signers) = opened();
    vault.world.at(EARLIEST);
    for (nonce, amount, left) in [(0, 30, 70), (1, 30, 40), (2, 40, 0)] {
        let part = Release { nonce, ..release(&BOB, amount) };
        approve(&mut vault, &signers, part);
        assert_eq!(vault.release(part), Ok(()));
        assert_eq!(vault.money_of(0, 0), (100 - left, left));
    }
    let more = Release { nonce: 3, ..release(&BOB, 1) };
    assert_eq!(vault.release(more), Err(TreasuryError::OverMilestone));
}

#[test]
fn a_release_approved_by_fewer_than_must_is_refused() {
    let (mut vault, signers) = opened();
    vault.world.at(EARLIEST);
    assert_eq!(vault.release(release(&BOB, 100)), Err(TreasuryError::TooFewApprovals));
    assert_eq!(vault.approve(&signers[2].account, release(&BOB, 100)), Ok(()));
    assert_eq!(vault.release(release(&BOB, 100)), Err(TreasuryError::TooFewApprovals));
    assert_eq!(vault.money_of(0, 0), (0, 100));
}

#[test]
fn without_signers_nothing_is_released() {
    let mut vault = Vault::new();
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 100)]), Ok(0));
    vault.world.at(EARLIEST);
    assert_eq!(vault.release(release(&BOB, 100)), Err(TreasuryError::TooFewApprovals));
}

#[test]
fn approvals_are_for_one_release_only() {
    let mut vault = approved(60);
    let exact = release(&BOB, 60);
    let others = [
        (Release { milestone: 1, ..exact }, TreasuryError::WrongPayee),
        (Release { milestone: 1, payee: id(&CAROL), ..exact }, TreasuryError::TooFewApprovals),
        (Release { payee: id(&CAROL), ..exact }, TreasuryError::WrongPayee),
        (Release { amount: 59, ..exact }, TreasuryError::TooFewApprovals),
        (Release { amount: 61, ..exact }, TreasuryError::TooFewApprovals),
        (Release { amount: 101, ..exact }, TreasuryError::OverMilestone),
        (Release { amount: 0, ..exact }, TreasuryError::ZeroAmount),
        (Release { nonce: 1, ..exact }, TreasuryError::WrongNonce),
        (Release { escrow: 1, ..exact }, TreasuryError::UnknownEscrow),
        (Release { milestone: 2, ..exact }, TreasuryError::UnknownMilestone),
    ];
    for (other, error) in others {
        assert_eq!(vault.release(other), Err(error), "{other:?}");
    }
    assert_eq!(vault.release(exact), Ok(()));
}

#[test]
fn a_release_cannot_be_made_twice() {
    let mut vault = approved(50);
    assert_eq!(vault.release(release(&BOB, 50)), Ok(()));
    assert_eq!(vault.release(release(&BOB, 50)), Err(TreasuryError::WrongNonce));
    let next = Release { nonce: 1, ..release(&BOB, 50) };
    assert_eq!(vault.release(next), Err(TreasuryError::TooFewApprovals));
}

#[test]
fn a_release_is_made_from_the_earliest_to_the_latest_date() {
    for (moment, answer) in [
        (EARLIEST - 1, Err(TreasuryError::TooEarly)),
        (EARLIEST, Ok(())),
        (LATEST, Ok(())),
        (LATEST + 1, Err(TreasuryError::TooLate)),
    ] {
        let mut vault = approved(100);
        vault.world.at(moment);
        assert_eq!(vault.release(release(&BOB, 100)), answer);
    }
}

#[test]
fn a_payee_must_be_cleared_when_it_is_paid() {
    let (mut vault, signers) = Vault::signing();
    vault.clear(&BOB, Some(2));
    assert_eq!(vault.open_escrow(CLEARED, &[milestone(&BOB, 100)]), Ok(0));
    approve(&mut vault, &signers, release(&BOB, 100));
    vault.world.at(EARLIEST);
    vault.clear(&BOB, None);
    assert_eq!(vault.release(release(&BOB, 100)), Err(TreasuryError::NotCleared));
    assert_eq!(vault.money_of(0, 0), (0, 100));
    vault.clear(&BOB, Some(2));
    assert_eq!(vault.release(release(&BOB, 100)), Ok(()));
}

#[test]
fn what_the_budget_asks_of_payees_binds_what_was_reserved_before() {
    let mut vault = approved(100);
    let stricter = interfaces::treasury::Budget { tier: Some(1), ..crate::vault::budget(Asset::Native) };
    assert_eq!(vault.set_budget(NATIVE, stricter), Ok(()));
    assert_eq!(vault.release(release(&BOB, 100)), Err(TreasuryError::NotCleared));
}

#[test]
fn it_lapses_after_its_latest_date_and_no_earlier() {
    let (mut vault, _) = opened();
    vault.world.at(LATEST);
    assert_eq!(vault.lapse(0, 1), Err(TreasuryError::NotLapsed));
    vault.world.wait(1);
    assert_eq!(vault.lapse(0, 1), Ok(()));
    vault.world.expect_events(&[Lapsed { escrow: 0, milestone: 1, asset: Asset::Native, amount: 200 }]);
    assert_eq!((vault.books(Asset::Native), vault.money_of(0, 1)), ((ENDOWMENT - 100, 100), (0, 0)));
    assert_eq!(vault.lapse(0, 1), Err(TreasuryError::NothingLeft));
    assert_eq!(
        [vault.lapse(0, 2), vault.lapse(1, 0)],
        [Err(TreasuryError::UnknownMilestone), Err(TreasuryError::UnknownEscrow)]
    );
}

#[test]
fn what_was_released_in_part_lapses_in_part() {
    let mut vault = approved(60);
    assert_eq!(vault.release(release(&BOB, 60)), Ok(()));
    vault.world.at(LATEST + 1);
    assert_eq!(vault.lapse(0, 0), Ok(()));
    vault.world.expect_events(&[Lapsed { escrow: 0, milestone: 0, asset: Asset::Native, amount: 40 }]);
    assert_eq!(vault.money_of(0, 0), (60, 0));
}

#[test]
fn governance_claws_back_one_milestone_or_all() {
    let (mut vault, _) = opened();
    assert_eq!(vault.claw_back(0, Some(0)), Ok(()));
    vault.world.expect_events(&[ClawedBack { escrow: 0, milestone: 0, asset: Asset::Native, amount: 100 }]);
    assert_eq!(vault.books(Asset::Native), (ENDOWMENT - 200, 200));
    assert_eq!(vault.claw_back(0, Some(0)), Err(TreasuryError::NothingLeft));
    assert_eq!(vault.claw_back(0, None), Ok(()), "what is left of it");
    vault.world.expect_events(&[ClawedBack { escrow: 0, milestone: 1, asset: Asset::Native, amount: 200 }]);
    assert_eq!(vault.books(Asset::Native), (ENDOWMENT, 0));
    assert_eq!(
        [vault.claw_back(0, None), vault.claw_back(0, Some(2)), vault.claw_back(1, None)],
        [Err(TreasuryError::NothingLeft), Err(TreasuryError::UnknownMilestone), Err(TreasuryError::UnknownEscrow)]
    );
}

#[test]
fn what_is_clawed_back_cannot_be_released() {
    let mut vault = approved(100);
    assert_eq!(vault.claw_back(0, Some(0)), Ok(()));
    assert_eq!(vault.release(release(&BOB, 100)), Err(TreasuryError::OverMilestone));
}

#[test]
fn a_failed_release_keeps_its_approvals() {
    let (mut vault, signers) = Vault::signing();
    assert_eq!(vault.open_escrow(TOKENS, &[milestone(&BOB, 100)]), Ok(0));
    approve(&mut vault, &signers, release(&BOB, 100));
    vault.world.at(EARLIEST);
    vault.behave(Manner::Bans(id(&BOB)));
    assert_eq!(vault.release(release(&BOB, 100)), Err(TreasuryError::TokenFailed));
    assert_eq!(vault.approvals(release(&BOB, 100)).len(), 2);
    vault.behave(Manner::Honest);
    assert_eq!(vault.release(release(&BOB, 100)), Ok(()));
}
