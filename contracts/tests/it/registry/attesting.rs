//! Attesting identities and what becomes of it.

use super::{Bureau, GOVERNOR, OTHER, OTHERS, REASON, SOON, identity, short};
use crate::{
    asks::attest,
    world::{ALICE, ATTESTED_UNTIL, ATTESTOR, BOB, CAROL, DAVE, START, id},
};
use interfaces::{
    Hash, Moment,
    registry::{Attest, Attestation, Attested, Certified, Detached, Expired, RegistryError, Revoked, limits},
};

#[test]
fn who_is_attested_belongs_to_an_identity_and_is_cleared_for_its_tier() {
    let mut bureau = Bureau::new();
    assert_eq!((bureau.identity_of(&ALICE), bureau.attestation(1), bureau.is_cleared(&ALICE, 0)), (None, None, false));
    assert_eq!(bureau.attest(&ALICE, short(1, 2)), Ok(()));
    bureau.world.expect_events(&[Attested { account: id(&ALICE), identity: identity(1) }]);
    let Attest { identity: it, tier, expires, commitment } = short(1, 2);
    let attestor = id(&ATTESTOR);
    bureau.world.expect_events(&[Certified { identity: it, attestor, tier, expires, commitment }]);
    assert_eq!(bureau.attestation(1), Some(Attestation { attestor, tier, expires, commitment, counts: true }));
    assert_eq!(bureau.identity_of(&ALICE), Some(it));
    assert_eq!([0, 1, 2, 3].map(|tier| bureau.is_cleared(&ALICE, tier)), [true, true, true, false]);
}

#[test]
fn an_attestation_ends_with_its_last_moment() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest(&ALICE, short(1, 2)), Ok(()));
    bureau.world.at(SOON);
    assert!(bureau.is_cleared(&ALICE, 2));
    bureau.world.at(SOON + 1);
    assert!(!bureau.is_cleared(&ALICE, 0));
    bureau.world.wait(1);
    let known = [START - 1, START, SOON, SOON + 1].map(|moment| bureau.identity_at(&ALICE, moment));
    assert_eq!(known, [None, Some(identity(1)), Some(identity(1)), None].map(Ok));
    assert_eq!(bureau.identity_of(&ALICE), Some(identity(1)), "it belongs there still");
}

#[test]
fn an_end_must_be_in_the_future_and_not_too_far() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest(&BOB, attest(identity(2), 1)), Ok(()));
    let far = START + limits::VALIDITY;
    for expires in [0, START, far + 1, Moment::MAX] {
        let wrong = Attest { expires, ..short(1, 1) };
        assert_eq!(bureau.attest(&ALICE, wrong), Err(RegistryError::BadExpiry));
        assert_eq!(bureau.renew(&ATTESTOR, Attest { identity: identity(2), ..wrong }), Err(RegistryError::BadExpiry));
    }
    for (account, number, expires) in [(ALICE, 3, START + 1), (CAROL, 4, far)] {
        assert_eq!(bureau.attest(&account, Attest { expires, ..short(number, 1) }), Ok(()));
    }
}

#[test]
fn an_account_belongs_to_one_identity_at_a_time() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest(&ALICE, short(1, 1)), Ok(()));
    for number in [1, 2] {
        assert_eq!(bureau.attest(&ALICE, short(number, 1)), Err(RegistryError::AlreadyAttested));
    }
    assert_eq!(bureau.detach(&ALICE, &ALICE), Ok(()));
    assert_eq!(bureau.attest(&ALICE, short(2, 1)), Ok(()), "in the same block");
    bureau.world.wait(1);
    assert_eq!(bureau.identity_at(&ALICE, START), Ok(Some(identity(2))));
}

#[test]
fn another_account_comes_to_an_attested_identity_only_in_its_very_terms() {
    let mut bureau = Bureau::new();
    let terms = short(1, 2);
    assert_eq!(bureau.attest(&ALICE, terms), Ok(()));
    let others = [
        Attest { tier: 1, ..terms },
        Attest { tier: 3, ..terms },
        Attest { expires: SOON - 1, ..terms },
        Attest { expires: SOON + 1, ..terms },
        Attest { commitment: Hash::from([1; 32]), ..terms },
    ];
    for other in others {
        assert_eq!(bureau.attest(&BOB, other), Err(RegistryError::OtherTerms));
    }
    assert_eq!(bureau.attest_as(&OTHER, &BOB, terms), Ok(()), "by whoever may grant the tier");
    bureau.world.expect_events(&[Attested { account: id(&BOB), identity: identity(1) }]);
    bureau.world.expect_events::<Certified>(&[]);
    assert_eq!(bureau.attestation(1).map(|said| said.attestor), Some(id(&ATTESTOR)), "which changes nothing of it");
    bureau.world.wait(1);
    assert_eq!(bureau.population_at(START), Ok(1));
}

#[test]
fn renewal_changes_what_is_said_and_who_said_it() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest(&ALICE, short(1, 1)), Ok(()));
    let anew = Attest { expires: SOON + 7, commitment: Hash::from([1; 32]), ..short(1, 2) };
    assert_eq!(bureau.renew(&OTHER, anew), Ok(()));
    let Attest { identity, tier, expires, commitment } = anew;
    let attestor = id(&OTHER);
    bureau.world.expect_events(&[Certified { identity, attestor, tier, expires, commitment }]);
    assert_eq!(bureau.attestation(1), Some(Attestation { attestor, tier, expires, commitment, counts: true }));
    assert_eq!(
        bureau.revoke(&ATTESTOR, 1),
        Err(RegistryError::NotItsAttestor),
        "who said it before has no say any more"
    );
    bureau.world.at(SOON + 7);
    assert!(bureau.is_cleared(&ALICE, 2));
    assert_eq!(bureau.population_at(SOON), Ok(1));
}

#[test]
fn nobody_renews_what_was_never_attested() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.renew(&ATTESTOR, short(1, 1)), Err(RegistryError::NotAttested));
}

#[test]
fn nobody_lowers_what_one_could_not_have_granted() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest(&ALICE, short(1, 3)), Ok(()));
    let lower = Attest { expires: SOON + 10, ..short(1, 1) };
    assert_eq!(bureau.renew(&OTHER, lower), Err(RegistryError::WrongTier));
    bureau.world.at(SOON + 1);
    assert_eq!(bureau.renew(&OTHER, lower), Ok(()), "what has expired is nobody's");
    assert_eq!([1, 2].map(|tier| bureau.is_cleared(&ALICE, tier)), [true, false]);
}

#[test]
fn a_revoked_identity_is_none_until_it_is_attested_anew() {
    let mut bureau = Bureau::new();
    for (account, number) in [(ALICE, 1), (BOB, 1), (CAROL, 2)] {
        assert_eq!(bureau.attest(&account, attest(identity(number), 1)), Ok(()));
    }
    bureau.world.at(START + 10);
    assert_eq!(bureau.revoke(&ATTESTOR, 1), Ok(()));
    bureau.world.expect_events(&[Revoked { identity: identity(1), by: id(&ATTESTOR), reason: REASON }]);
    assert_eq!([&ALICE, &BOB, &CAROL].map(|account| bureau.is_cleared(account, 0)), [false, false, true]);
    assert_eq!(bureau.attestation(1).map(|said| said.counts), Some(false));
    assert_eq!(bureau.identity_of(&BOB), Some(identity(1)), "its accounts belong to it still");
    bureau.world.at(START + 20);
    assert_eq!(bureau.renew(&OTHER, short(1, 2)), Ok(()));
    bureau.world.at(START + 30);
    assert_eq!(bureau.revoke(&GOVERNOR, 1), Ok(()), "the governor revokes whoever attested");
    bureau.world.expect_events(&[Revoked { identity: identity(1), by: id(&GOVERNOR), reason: REASON }]);
    bureau.world.at(START + 40);
    assert_eq!(bureau.attest(&DAVE, short(1, 0)), Ok(()), "in whatever terms");
    bureau.world.at(START + 50);
    let moments = [START, START + 9, START + 10, START + 19, START + 20, START + 30, START + 40];
    let (one, none) = (Ok(Some(identity(1))), Ok(None));
    assert_eq!(moments.map(|moment| bureau.identity_at(&BOB, moment)), [one, one, none, none, one, none, one]);
    assert_eq!(moments.map(|moment| bureau.population_at(moment)), [2, 2, 1, 1, 2, 1, 2].map(Ok));
}

#[test]
fn nobody_else_revokes_and_nobody_twice() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.revoke(&GOVERNOR, 1), Err(RegistryError::NotAttested));
    assert_eq!(bureau.attest(&ALICE, short(1, 1)), Ok(()));
    for person in OTHERS.iter().chain([&OTHER]) {
        assert_eq!(bureau.revoke(person, 1), Err(RegistryError::NotItsAttestor));
    }
    assert_eq!(bureau.revoke(&ATTESTOR, 1), Ok(()));
    assert_eq!(bureau.revoke(&GOVERNOR, 1), Err(RegistryError::NotAttested));
    assert_eq!(bureau.expire(1), Err(RegistryError::NotAttested));
}

#[test]
fn an_expired_identity_counts_until_somebody_says_so() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.expire(1), Err(RegistryError::NotAttested));
    assert_eq!(bureau.attest(&ALICE, short(1, 1)), Ok(()));
    assert_eq!(bureau.attest(&BOB, short(2, 1)), Ok(()));
    bureau.world.at(SOON);
    assert_eq!(bureau.expire(1), Err(RegistryError::NotExpired));
    bureau.world.at(SOON + 10);
    assert_eq!(bureau.expire(1), Ok(()));
    bureau.world.expect_events(&[Expired { identity: identity(1) }]);
    assert_eq!(bureau.expire(1), Err(RegistryError::NotAttested));
    bureau.world.at(SOON + 20);
    for number in [1, 2] {
        let anew = Attest { expires: ATTESTED_UNTIL, ..short(number, 1) };
        assert_eq!(bureau.renew(&ATTESTOR, anew), Ok(()));
    }
    bureau.world.at(SOON + 30);
    let population = [SOON, SOON + 9, SOON + 10, SOON + 20].map(|moment| bureau.population_at(moment));
    assert_eq!(population, [2, 2, 1, 2].map(Ok));
    let moments = [SOON, SOON + 1, SOON + 19, SOON + 20];
    let (one, none) = (Ok(Some(identity(1))), Ok(None));
    assert_eq!(moments.map(|moment| bureau.identity_at(&ALICE, moment)), [one, none, none, one]);
}

#[test]
fn an_account_leaves_by_itself_or_by_the_attestor_and_by_nobody_else() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.detach(&ALICE, &ALICE), Err(RegistryError::NotAttested));
    for account in [ALICE, BOB] {
        assert_eq!(bureau.attest(&account, short(1, 1)), Ok(()));
    }
    for person in [BOB, CAROL, OTHER, GOVERNOR] {
        assert_eq!(bureau.detach(&person, &ALICE), Err(RegistryError::NotItsAttestor));
    }
    bureau.world.at(START + 10);
    for (by, account) in [(ALICE, ALICE), (ATTESTOR, BOB)] {
        assert_eq!(bureau.detach(&by, &account), Ok(()));
        bureau.world.expect_events(&[Detached { account: id(&account), identity: identity(1), by: id(&by) }]);
        assert_eq!((bureau.identity_of(&account), bureau.is_cleared(&account, 0)), (None, false));
    }
    bureau.world.at(START + 20);
    let alices = [START + 9, START + 10].map(|moment| bureau.identity_at(&ALICE, moment));
    assert_eq!(alices, [Some(identity(1)), None].map(Ok));
    assert_eq!(bureau.population_at(START + 10), Ok(1), "an identity is one without an account");
}

#[test]
fn only_the_past_is_known() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest(&ALICE, short(1, 1)), Ok(()));
    for moment in [START, START + 1, Moment::MAX] {
        assert_eq!(bureau.identity_at(&ALICE, moment), Err(RegistryError::NotYetPast));
        assert_eq!(bureau.population_at(moment), Err(RegistryError::NotYetPast));
    }
    assert_eq!((bureau.identity_at(&ALICE, START - 1), bureau.population_at(START - 1)), (Ok(None), Ok(0)));
}
