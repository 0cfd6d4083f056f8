//! Who may attest, and how much.

use super::{Bureau, GOVERNOR, OTHER, SOON, identity, short, some};
use crate::{
    asks::attest,
    message,
    world::{ALICE, ATTESTOR, BOB, CAROL, DAVE, ERIN, START, STRANGER, World, account, call, chain, id},
};
use interfaces::{
    Moment,
    governor::Kind,
    registry::{Accreditation, Accredited, Attestation, DAY, Disaccredited, RegistryError, Tiers},
};

#[test]
fn the_first_attestors_are_announced() {
    let mut world = World::empty();
    let attestors = vec![(id(&ALICE), some()), (id(&BOB), Accreditation { tiers: Tiers(8), daily_cap: 1 })];
    let registry = world.deploy("registry", message!("new", id(&GOVERNOR), &attestors, chain()), 0);
    let expected: Vec<_> = attestors.iter().map(|(attestor, accreditation)| (*attestor, *accreditation)).collect();
    let announced = expected
        .iter()
        .map(|(attestor, accreditation)| Accredited { attestor: *attestor, accreditation: *accreditation });
    world.expect_events(&announced.collect::<Vec<_>>());
    for (attestor, accreditation) in expected {
        let known: Option<Accreditation> = world.ask(registry, message!("Attestors::accreditation", attestor));
        assert_eq!(known, Some(accreditation));
    }
    let follows =
        (world.ask(registry, message!("Registry::governor")), world.ask(registry, message!("Registry::chain")));
    assert_eq!(follows, (id(&GOVERNOR), chain()));
}

#[test]
fn the_governor_accredits_and_ends_it() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.accredit(&ALICE, some()), Ok(()));
    bureau.world.expect_events(&[Accredited { attestor: id(&ALICE), accreditation: some() }]);
    assert_eq!(bureau.attest_as(&ALICE, &CAROL, short(1, 1)), Ok(()));
    assert_eq!(bureau.disaccredit(&ALICE), Ok(()));
    bureau.world.expect_events(&[Disaccredited { attestor: id(&ALICE) }]);
    assert_eq!(bureau.ask::<Option<Accreditation>>(message!("Attestors::accreditation", id(&ALICE))), None);
    assert_eq!(bureau.attest_as(&ALICE, &DAVE, short(2, 1)), Err(RegistryError::NotAttestor));
    assert_eq!(bureau.disaccredit(&ALICE), Err(RegistryError::NotAttestor));
    assert!(bureau.is_cleared(&CAROL, 1), "what was attested stays");
}

#[test]
fn nobody_else_accredits() {
    let mut bureau = Bureau::new();
    bureau.only_governor(&message!("Attestors::accredit", id(&ALICE), some()));
    bureau.only_governor(&message!("Attestors::disaccredit", id(&OTHER)));
}

#[test]
fn a_passed_proposal_accredits() {
    let mut world = World::new();
    let order = call(world.registry, message!("Attestors::accredit", id(&BOB), some()));
    let proposal = world.ready_as(Kind::ParameterChange, vec![order]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[Accredited { attestor: id(&BOB), accreditation: some() }]);
}

#[test]
fn whose_accreditation_has_ended_neither_revokes_nor_detaches_what_it_attested() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest_as(&OTHER, &CAROL, short(1, 1)), Ok(()));
    assert_eq!(bureau.disaccredit(&OTHER), Ok(()));
    assert_eq!(bureau.revoke(&OTHER, 1), Err(RegistryError::NotItsAttestor));
    assert_eq!(bureau.detach(&OTHER, &CAROL), Err(RegistryError::NotItsAttestor));
    assert_eq!(bureau.accredit(&OTHER, some()), Ok(()));
    assert_eq!([bureau.detach(&OTHER, &CAROL), bureau.revoke(&OTHER, 1)], [Ok(()); 2]);
}

#[test]
fn who_is_no_attestor_neither_attests_nor_renews() {
    let mut bureau = Bureau::new();
    assert_eq!(bureau.attest(&CAROL, short(1, 1)), Ok(()));
    let (account, alice) = (account(bureau.registry), attest(identity(2), 1));
    for person in [ALICE, STRANGER, GOVERNOR] {
        assert_eq!(bureau.attest_as(&person, &account, alice), Err(RegistryError::NotAttestor));
        assert_eq!(bureau.renew(&person, short(1, 1)), Err(RegistryError::NotAttestor));
    }
}

#[test]
fn a_tier_that_the_attestor_may_not_grant_is_refused() {
    let mut bureau = Bureau::new();
    for tier in [3, 15, 16, 255] {
        assert_eq!(bureau.attest_as(&OTHER, &CAROL, short(1, tier)), Err(RegistryError::WrongTier));
    }
    for tier in [16, 255] {
        assert_eq!(bureau.attest(&CAROL, short(1, tier)), Err(RegistryError::WrongTier), "there is no such tier");
    }
    assert_eq!(bureau.attest(&CAROL, short(1, 15)), Ok(()));
}

#[test]
fn a_day_has_as_many_attestations_and_renewals_as_the_cap() {
    let mut bureau = Bureau::new();
    let midnight: Moment = START / DAY * DAY + DAY;
    bureau.world.at(midnight - 1);
    let lasting = |number| attest(identity(number), 1);
    assert_eq!(bureau.attest_as(&OTHER, &ALICE, lasting(1)), Ok(()));
    assert_eq!(bureau.attest_as(&OTHER, &BOB, lasting(1)), Ok(()));
    assert_eq!(bureau.attest_as(&OTHER, &BOB, lasting(1)), Err(RegistryError::AlreadyAttested));
    assert_eq!(bureau.left_today(&OTHER), 1, "what is refused is not counted");
    assert_eq!(bureau.renew(&OTHER, lasting(1)), Ok(()));
    assert_eq!(bureau.left_today(&OTHER), 0);
    assert_eq!(bureau.renew(&OTHER, lasting(1)), Err(RegistryError::CapReached));
    assert_eq!(bureau.attest_as(&OTHER, &CAROL, lasting(2)), Err(RegistryError::CapReached));
    assert_eq!(bureau.attest(&CAROL, lasting(3)), Ok(()), "everybody has a cap of one's own");
    bureau.world.at(midnight);
    assert_eq!(bureau.left_today(&OTHER), 3);
    assert_eq!(bureau.attest_as(&OTHER, &DAVE, lasting(2)), Ok(()));
    assert_eq!((bureau.left_today(&OTHER), bureau.left_today(&ERIN)), (2, 0));
}

#[test]
fn another_accreditation_on_the_same_day_does_not_begin_the_day_anew() {
    let mut bureau = Bureau::new();
    assert_eq!([1, 2].map(|_| bureau.attest_as(&OTHER, &ALICE, short(1, 1)).is_ok()), [true, false]);
    assert_eq!(bureau.accredit(&OTHER, Accreditation { daily_cap: 1, ..some() }), Ok(()));
    assert_eq!(bureau.attest_as(&OTHER, &BOB, short(2, 1)), Err(RegistryError::CapReached));
    assert_eq!(bureau.accredit(&OTHER, Accreditation { daily_cap: 2, ..some() }), Ok(()));
    assert_eq!((bureau.left_today(&OTHER), bureau.left_today(&ATTESTOR)), (1, u32::MAX));
    assert_eq!(bureau.attest_as(&OTHER, &BOB, short(2, 1)), Ok(()));
    let attestor = id(&OTHER);
    let known =
        Some(Attestation { attestor, tier: 1, expires: SOON, commitment: short(2, 1).commitment, counts: true });
    assert_eq!(bureau.attestation(2), known);
}
