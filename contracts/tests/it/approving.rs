//! Signers, and their approvals on chain and off it.

use crate::{
    message,
    vault::{EARLIEST, Key, LATEST, NATIVE, Vault, ids, keys, milestone, release},
    world::{ALICE, BOB, CAROL, STRANGER, chain, id},
};
use interfaces::{
    AccountId, Hash, Moment,
    signed::Signature,
    treasury::{ApprovalWithdrawn, Release, ReleaseApproved, Signer, Signers, SignersSet, TreasuryError, limits},
};

/// Until when signatures are good in most tests.
const DEADLINE: Moment = EARLIEST + 10;

/// Bob can be paid 100, if 2 of 3 approve.
fn opened() -> (Vault, Vec<Key>, Release) {
    let (mut vault, signers) = Vault::signing();
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 100), milestone(&CAROL, 100)]), Ok(0));
    vault.world.at(EARLIEST);
    (vault, signers, release(&BOB, 100))
}

/// What each of them hands in.
fn signed(vault: &Vault, signers: &[Key], release: Release) -> Vec<(AccountId, Signature)> {
    let text = release.text(DEADLINE, &chain(), &vault.treasury);
    signers.iter().map(|key| (key.id(), key.sign(text.as_bytes()))).collect()
}

#[test]
fn governance_names_the_signers() {
    let (mut vault, signers) = (Vault::new(), keys(3));
    assert_eq!(vault.signers(), Signers::default());
    for (changes, kept) in [(1, &signers[..]), (2, &signers[1..])] {
        assert_eq!(vault.set_signers(&ids(kept), 2), Ok(()));
        let named = kept.iter().map(|key| Signer { account: key.id(), since: 0 }).collect();
        let expected = Signers { signers: named, threshold: 2, changes };
        vault.world.expect_events(&[SignersSet { signers: expected.clone() }]);
        assert_eq!(vault.signers(), expected);
    }
}

#[test]
fn nobody_else_names_signers() {
    let (mut vault, signers, _) = opened();
    for person in [ALICE, STRANGER, signers[0].account.clone()] {
        let set = message!("Signing::set_signers", vec![id(&person)], 1_u8);
        assert_eq!(vault.send::<Result<(), _>>(&person, set), Err(TreasuryError::NotGovernor));
    }
}

#[test]
fn signers_who_could_not_decide_are_refused() {
    let mut vault = Vault::new();
    let many = ids(&keys(17));
    let [one, two] = [many[0], many[1]];
    let bad: [(&[AccountId], u8); 7] =
        [(&[], 0), (&[], 1), (&[one], 0), (&[one, two], 3), (&[one, one], 1), (&[two, one], 1), (&many, 1)];
    for (accounts, threshold) in bad {
        assert_eq!(vault.set_signers(accounts, threshold), Err(TreasuryError::BadSigners));
    }
    let most = &many[..limits::SIGNERS];
    assert_eq!(vault.set_signers(most, 16), Ok(()));
}

#[test]
fn a_signer_approves_and_it_is_announced() {
    let (mut vault, signers, release) = opened();
    assert_eq!(vault.approve(&signers[1].account, release), Ok(()));
    vault.world.expect_events(&[ReleaseApproved { escrow: 0, signer: signers[1].id(), since: 0, release }]);
    assert_eq!(vault.approvals(release), [signers[1].id()]);
    assert_eq!(vault.approve(&signers[1].account, release), Err(TreasuryError::AlreadyApproved));
}

#[test]
fn a_signer_may_approve_before_the_earliest_date() {
    let (mut vault, signers, release) = opened();
    vault.world.at(EARLIEST - 1);
    assert_eq!(vault.approve(&signers[1].account, release), Ok(()));
}

#[test]
fn a_stranger_neither_approves_nor_withdraws() {
    let (mut vault, _, release) = opened();
    let refused = Err(TreasuryError::NotSigner(id(&STRANGER)));
    assert_eq!([vault.approve(&STRANGER, release), vault.withdraw(&STRANGER, release)], [refused; 2]);
}

#[test]
fn what_could_never_be_released_is_not_approved() {
    let (mut vault, signers, good) = opened();
    let bad = [
        (Release { escrow: 1, ..good }, TreasuryError::UnknownEscrow),
        (Release { milestone: 2, ..good }, TreasuryError::UnknownMilestone),
        (Release { payee: id(&ALICE), ..good }, TreasuryError::WrongPayee),
        (Release { nonce: 1, ..good }, TreasuryError::WrongNonce),
        (Release { amount: 101, ..good }, TreasuryError::OverMilestone),
        (Release { amount: 0, ..good }, TreasuryError::ZeroAmount),
    ];
    for (bad, error) in bad {
        assert_eq!(vault.approve(&signers[0].account, bad), Err(error));
        assert_eq!(vault.withdraw(&signers[0].account, bad), Err(error));
        let handed = signed(&vault, &signers, bad);
        assert_eq!(vault.hand_in(bad, DEADLINE, &handed), Err(error));
    }
    vault.world.at(LATEST + 1);
    assert_eq!(vault.approve(&signers[0].account, good), Err(TreasuryError::TooLate));
}

#[test]
fn an_approval_can_be_withdrawn_until_it_is_used() {
    let (mut vault, signers, release) = opened();
    for signer in &signers[..2] {
        assert_eq!(vault.approve(&signer.account, release), Ok(()));
    }
    let signer = &signers[0].account;
    assert_eq!(vault.withdraw(signer, release), Ok(()));
    vault.world.expect_events(&[ApprovalWithdrawn { escrow: 0, signer: id(signer), release }]);
    assert_eq!(vault.release(release), Err(TreasuryError::TooFewApprovals));
    assert_eq!(vault.withdraw(signer, release), Err(TreasuryError::AlreadyWithdrawn));
    assert_eq!(vault.approve(signer, release), Ok(()), "a signer can change its mind again");
    assert_eq!(vault.release(release), Ok(()));
    assert_eq!(vault.withdraw(signer, release), Err(TreasuryError::WrongNonce));
}

#[test]
fn a_removed_signers_approval_does_not_count() {
    let (mut vault, signers, release) = opened();
    for signer in &signers[..2] {
        assert_eq!(vault.approve(&signer.account, release), Ok(()));
    }
    assert_eq!(vault.set_signers(&ids(&signers[1..]), 2), Ok(()));
    assert_eq!(vault.approvals(release), [signers[1].id()], "the others' still do");
    assert_eq!(vault.release(release), Err(TreasuryError::TooFewApprovals));
    let removed = signers[0].id();
    assert_eq!(vault.approve(&signers[0].account, release), Err(TreasuryError::NotSigner(removed)));
    assert_eq!(vault.approve(&signers[2].account, release), Ok(()));
    assert_eq!(vault.release(release), Ok(()));
}

#[test]
fn an_approval_does_not_come_back_with_a_signer_who_is_named_again() {
    let (mut vault, signers, release) = opened();
    for signer in &signers[..2] {
        assert_eq!(vault.approve(&signer.account, release), Ok(()));
    }
    assert_eq!(vault.set_signers(&ids(&signers[1..]), 2), Ok(()));
    assert_eq!(vault.set_signers(&ids(&signers), 2), Ok(()));
    let since: Vec<_> = vault.signers().signers.iter().map(|signer| signer.since).collect();
    assert_eq!((since, vault.approvals(release)), (vec![2, 0, 0], vec![signers[1].id()]));
    assert_eq!(vault.release(release), Err(TreasuryError::TooFewApprovals));
    assert_eq!(vault.approve(&signers[0].account, release), Ok(()), "it can approve anew");
    assert_eq!(vault.release(release), Ok(()));
}

#[test]
fn a_raised_threshold_binds_what_was_approved_before() {
    let (mut vault, signers, release) = opened();
    for signer in &signers[..2] {
        assert_eq!(vault.approve(&signer.account, release), Ok(()));
    }
    assert_eq!(vault.set_signers(&ids(&signers), 3), Ok(()));
    assert_eq!(vault.release(release), Err(TreasuryError::TooFewApprovals));
    assert_eq!(vault.set_signers(&ids(&signers), 2), Ok(()));
    assert_eq!(vault.release(release), Ok(()));
}

#[test]
fn signatures_are_handed_in_together_in_any_order() {
    for backwards in [false, true] {
        let (mut vault, signers, release) = opened();
        let mut handed = signed(&vault, &signers[..2], release);
        if backwards {
            handed.reverse();
        }
        assert_eq!(vault.hand_in(release, DEADLINE, &handed), Ok(()));
        assert_eq!(vault.world.events::<ReleaseApproved>().len(), 2);
        assert_eq!(vault.approvals(release), ids(&signers[..2]));
        assert_eq!(vault.release(release), Ok(()));
    }
}

#[test]
fn one_approves_on_chain_and_another_off_it() {
    let (mut vault, signers, release) = opened();
    assert_eq!(vault.approve(&signers[2].account, release), Ok(()));
    let handed = signed(&vault, &signers[..1], release);
    assert_eq!(vault.hand_in(release, DEADLINE, &handed), Ok(()));
    assert_eq!(vault.release(release), Ok(()));
}

#[test]
fn handing_in_one_signature_early_does_not_spoil_the_others() {
    let (mut vault, signers, release) = opened();
    let handed = signed(&vault, &signers, release);
    assert_eq!(vault.hand_in(release, DEADLINE, &handed[1..2]), Ok(()));
    assert_eq!(vault.hand_in(release, DEADLINE, &handed), Ok(()));
    assert_eq!(vault.world.events::<ReleaseApproved>().len(), 2, "one was known");
}

#[test]
fn wallets_may_wrap_what_they_sign() {
    let (mut vault, signers, release) = opened();
    let text = release.text(DEADLINE, &chain(), &vault.treasury);
    let wrapped = [b"<Bytes>", text.as_bytes(), b"</Bytes>"].concat();
    assert_eq!(vault.hand_in(release, DEADLINE, &[(signers[0].id(), signers[0].sign(&wrapped))]), Ok(()));
}

/// These signatures are refused, and none of them counts.
#[track_caller]
fn refuses(vault: &mut Vault, release: Release, handed: &[(AccountId, Signature)], error: TreasuryError) {
    assert_eq!(vault.hand_in(release, DEADLINE, handed), Err(error));
    assert_eq!(vault.approvals(release), []);
}

#[test]
fn a_duplicated_signature_is_refused() {
    let (mut vault, signers, release) = opened();
    let one = signed(&vault, &signers[..1], release)[0];
    refuses(&mut vault, release, &[one, one], TreasuryError::SignedTwice(signers[0].id()));
}

#[test]
fn a_strangers_signature_is_refused() {
    let (mut vault, signers, release) = opened();
    let stranger = Key::new(99);
    let mut handed = signed(&vault, &signers[..1], release);
    handed.extend(signed(&vault, std::slice::from_ref(&stranger), release));
    refuses(&mut vault, release, &handed, TreasuryError::NotSigner(stranger.id()));
}

#[test]
fn a_signature_for_anything_else_is_refused() {
    let (mut vault, signers, good) = opened();
    let (treasury, signer) = (vault.treasury, &signers[0]);
    let texts = [
        Release { escrow: 1, ..good }.text(DEADLINE, &chain(), &treasury),
        Release { milestone: 1, ..good }.text(DEADLINE, &chain(), &treasury),
        Release { payee: id(&ALICE), ..good }.text(DEADLINE, &chain(), &treasury),
        Release { amount: 99, ..good }.text(DEADLINE, &chain(), &treasury),
        Release { nonce: 1, ..good }.text(DEADLINE, &chain(), &treasury),
        good.text(DEADLINE + 1, &chain(), &treasury),
        good.text(DEADLINE, &Hash::from([1; 32]), &treasury),
        good.text(DEADLINE, &chain(), &id(&ALICE)),
    ];
    for text in texts {
        let handed = [(signer.id(), signer.sign(text.as_bytes()))];
        refuses(&mut vault, good, &handed, TreasuryError::WrongSignature(signer.id()));
    }
    let others = signed(&vault, &signers[1..2], good)[0].1;
    refuses(&mut vault, good, &[(signer.id(), others)], TreasuryError::WrongSignature(signer.id()));
}

#[test]
fn a_late_signature_is_refused() {
    let (mut vault, signers, release) = opened();
    let handed = signed(&vault, &signers, release);
    vault.world.at(DEADLINE + 1);
    refuses(&mut vault, release, &handed, TreasuryError::DeadlinePassed);
    vault.world.at(DEADLINE);
    assert_eq!(vault.hand_in(release, DEADLINE, &handed), Ok(()));
}

#[test]
fn a_signature_is_not_good_for_the_next_release() {
    let (mut vault, signers, _) = opened();
    let part = release(&BOB, 50);
    let handed = signed(&vault, &signers, part);
    assert_eq!((vault.hand_in(part, DEADLINE, &handed), vault.release(part)), (Ok(()), Ok(())));
    assert_eq!(vault.hand_in(part, DEADLINE, &handed), Err(TreasuryError::WrongNonce));
    let next = Release { nonce: 1, ..part };
    refuses(&mut vault, next, &handed, TreasuryError::WrongSignature(signers[0].id()));
}

#[test]
fn a_removed_signers_signature_is_refused() {
    let (mut vault, signers, release) = opened();
    let handed = signed(&vault, &signers[..2], release);
    assert_eq!(vault.set_signers(&ids(&signers[1..]), 2), Ok(()));
    refuses(&mut vault, release, &handed, TreasuryError::NotSigner(signers[0].id()));
}

#[test]
fn what_was_withdrawn_on_chain_is_not_revived_by_an_older_signature() {
    let (mut vault, signers, release) = opened();
    let handed = signed(&vault, &signers[..2], release);
    assert_eq!(vault.withdraw(&signers[0].account, release), Ok(()), "also before it is handed in");
    refuses(&mut vault, release, &handed, TreasuryError::Withdrawn(signers[0].id()));
    assert_eq!(vault.set_signers(&ids(&signers[1..]), 2), Ok(()));
    assert_eq!(vault.set_signers(&ids(&signers), 2), Ok(()));
    refuses(&mut vault, release, &handed, TreasuryError::Withdrawn(signers[0].id()));
    assert_eq!(vault.approve(&signers[0].account, release), Ok(()));
    assert_eq!(vault.hand_in(release, DEADLINE, &handed), Ok(()));
}

#[test]
fn what_is_signed_can_be_read() {
    let release = Release { payee: [0xb0; 32].into(), ..release(&BOB, 25) };
    let text = String::from(release.text(1_700_000_000_000, &chain(), &[0x7e; 32].into()));
    let expected = format!(
        "Gaia release\nchain 0x{}\ncontract 0x{}\nescrow 0\nmilestone 0\npayee 0x{}\namount 25\nnonce 0\nuntil \
         1700000000000",
        "c4".repeat(32),
        "7e".repeat(32),
        "b0".repeat(32)
    );
    assert_eq!(text, expected);
}
