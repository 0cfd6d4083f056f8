//! Stopping all payments.

use crate::{
    message,
    vault::{EARLIEST, NATIVE, Vault, keys, milestone, release},
    world::{ALICE, BOB, GUARDED_UNTIL, GUARDIAN, START, STRANGER, account, id},
};
use interfaces::treasury::{Paused, TreasuryError, Unpaused};

#[test]
fn the_guardian_pauses_and_governance_ends_it() {
    let mut vault = Vault::new();
    assert_eq!(vault.pause(&GUARDIAN), Ok(()));
    vault.world.expect_events(&[Paused { guardian: id(&GUARDIAN) }]);
    assert!(vault.ask::<bool>(message!("Pausing::paused")));
    assert_eq!(vault.pause(&GUARDIAN), Err(TreasuryError::Paused));
    assert_eq!(vault.unpause(), Ok(()));
    vault.world.expect_events(&[Unpaused {}]);
    assert!(!vault.ask::<bool>(message!("Pausing::paused")));
    assert_eq!(vault.unpause(), Err(TreasuryError::NotPaused));
}

#[test]
fn nobody_else_pauses() {
    let mut vault = Vault::new();
    for person in [ALICE, STRANGER, account(vault.world.governor)] {
        assert_eq!(vault.pause(&person), Err(TreasuryError::NotGuardian));
    }
}

#[test]
fn the_guardians_power_ends() {
    let mut vault = Vault::new();
    vault.world.at(GUARDED_UNTIL + 1);
    assert_eq!(vault.pause(&GUARDIAN), Err(TreasuryError::NotGuardian));
    vault.world.at(GUARDED_UNTIL);
    assert_eq!(vault.pause(&GUARDIAN), Ok(()));
}

#[test]
fn where_nobody_says_who_the_guardian_is_nobody_pauses() {
    let mut vault = Vault::new();
    vault.treasury = vault.world.deploy("treasury", vault.world.treasury_for(id(&ALICE)), 1);
    assert_eq!(vault.pause(&ALICE), Err(TreasuryError::NotGuardian));
}

#[test]
fn only_governance_ends_a_pause() {
    let mut vault = Vault::new();
    assert_eq!(vault.pause(&GUARDIAN), Ok(()));
    for person in [GUARDIAN, STRANGER] {
        let answer: Result<(), _> = vault.send(&person, message!("Pausing::unpause"));
        assert_eq!(answer, Err(TreasuryError::NotGovernor));
    }
}

#[test]
fn while_paused_nothing_leaves_and_the_rest_goes_on() {
    let (mut vault, signers) = Vault::signing();
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 100)]), Ok(0));
    assert_eq!(vault.open_stream(NATIVE, &BOB, 100, START, START + 10), Ok(0));
    assert_eq!(vault.pause(&GUARDIAN), Ok(()));
    for signer in &signers[..2] {
        assert_eq!(vault.approve(&signer.account, release(&BOB, 60)), Ok(()));
    }
    assert_eq!(vault.withdraw(&signers[0].account, release(&BOB, 60)), Ok(()));
    assert_eq!(vault.approve(&signers[0].account, release(&BOB, 60)), Ok(()));
    let _: () = vault.world.pay(&STRANGER, vault.treasury, message!("Treasury::deposit"), 70);
    vault.world.at(EARLIEST);
    let refused = Err(TreasuryError::Paused);
    assert_eq!([vault.pay(NATIVE, &BOB, 1), vault.release(release(&BOB, 60)), vault.claim(0)], [refused; 3]);
    assert_eq!(vault.unpause(), Ok(()));
    assert_eq!([vault.pay(NATIVE, &BOB, 1), vault.release(release(&BOB, 60)), vault.claim(0)], [Ok(()); 3]);
}

#[test]
fn what_lapses_or_is_taken_back_does_so_while_paused() {
    let mut vault = Vault::new();
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 10), milestone(&BOB, 20)]), Ok(0));
    assert_eq!(vault.open_stream(NATIVE, &BOB, 100, START, u64::MAX), Ok(0));
    assert_eq!(vault.pause(&GUARDIAN), Ok(()));
    vault.world.at(crate::vault::LATEST + 1);
    assert_eq!([vault.lapse(0, 0), vault.claw_back(0, Some(1)), vault.stop_stream(0)], [Ok(()); 3]);
    assert_eq!(vault.set_signers(&crate::vault::ids(&keys(1)), 1), Ok(()));
}
