//! Budgets. How much is left of one after how many periods is told, and tested, in `interfaces`.

use crate::{
    message,
    vault::{CAP, NATIVE, PERIOD, TOKENS, Vault, budget, milestone},
    world::{ALICE, BOB, START, STRANGER, World, call, id, request},
};
use interfaces::{
    governor::{GovernorError, Kind},
    treasury::{Asset, Budget, BudgetSet, TreasuryError},
};

#[test]
fn only_the_governor_sets_one() {
    let mut vault = Vault::new();
    for person in [ALICE, STRANGER] {
        let set = message!("Budgets::set_budget", NATIVE, budget(Asset::Native));
        assert_eq!(vault.send::<Result<(), _>>(&person, set), Err(TreasuryError::NotGovernor));
    }
}

#[test]
fn it_is_announced_when_it_is_set_and_when_the_treasury_is_made() {
    let mut vault = Vault::new();
    let changed = Budget { cap: CAP + 1, ..budget(Asset::Native) };
    assert_eq!(vault.set_budget(NATIVE, changed), Ok(()));
    vault.world.expect_events(&[BudgetSet { category: NATIVE, budget: changed, left: CAP + 1 }]);
    assert_eq!(vault.ask::<Option<Budget>>(message!("Budgets::budget", NATIVE)), Some(changed));
    let world = &mut vault.world;
    world.reset_events();
    world.deploy("treasury", world.treasury_for(world.governor), 1);
    assert_eq!(world.events::<BudgetSet>().len(), 1);
}

#[test]
fn one_without_periods_is_refused() {
    let mut vault = Vault::new();
    let endless = Budget { period: 0, ..budget(Asset::Native) };
    assert_eq!(vault.set_budget(NATIVE, endless), Err(TreasuryError::BadBudget));
    let world = &mut vault.world;
    let constructor = message!("new", world.governor, world.registry, crate::world::chain(), vec![(NATIVE, endless)]);
    assert!(world.try_deploy("treasury", constructor, 1).is_err());
}

#[test]
fn everything_that_is_committed_counts() {
    let mut vault = Vault::new();
    assert_eq!(vault.pay(NATIVE, &BOB, 100), Ok(()));
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 200), milestone(&ALICE, 300)]), Ok(0));
    assert_eq!(vault.open_stream(NATIVE, &BOB, 400, START, START + 10), Ok(0));
    assert_eq!(vault.left(NATIVE), 0);
    assert_eq!(vault.pay(NATIVE, &BOB, 1), Err(TreasuryError::OverBudget));
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 1)]), Err(TreasuryError::OverBudget));
    assert_eq!(vault.open_stream(NATIVE, &BOB, 1, START, START + 10), Err(TreasuryError::OverBudget));
    assert_eq!(vault.left(TOKENS), CAP, "every category has its own");
}

#[test]
fn what_comes_back_does_not_fill_it_again() {
    let mut vault = Vault::new();
    assert_eq!(vault.open_escrow(NATIVE, &[milestone(&BOB, 600)]), Ok(0));
    assert_eq!(vault.open_stream(NATIVE, &BOB, 400, START, START + 10), Ok(0));
    assert_eq!((vault.claw_back(0, None), vault.stop_stream(0)), (Ok(()), Ok(())));
    assert_eq!((vault.left(NATIVE), vault.reserved(Asset::Native)), (0, 0));
    assert_eq!(vault.pay(NATIVE, &BOB, 1), Err(TreasuryError::OverBudget));
}

#[test]
fn the_next_period_has_its_cap_and_what_is_carried() {
    let mut vault = Vault::new();
    assert_eq!((vault.pay(NATIVE, &BOB, 400), vault.pay(TOKENS, &BOB, 400)), (Ok(()), Ok(())));
    vault.world.at(START + PERIOD - 1);
    assert_eq!((vault.left(NATIVE), vault.left(TOKENS)), (600, 600));
    vault.world.wait(1);
    assert_eq!((vault.left(NATIVE), vault.left(TOKENS)), (CAP, CAP + 600));
    assert_eq!(vault.pay(NATIVE, &BOB, CAP + 1), Err(TreasuryError::OverBudget));
    assert_eq!(vault.pay(TOKENS, &BOB, CAP + 600), Ok(()));
}

#[test]
fn before_it_begins_nothing_is_spent() {
    let mut vault = Vault::new();
    let later = Budget { begins: START + 5, ..budget(Asset::Native) };
    assert_eq!(vault.set_budget(9, later), Ok(()));
    assert_eq!((vault.left(9), vault.pay(9, &BOB, 1)), (0, Err(TreasuryError::OverBudget)));
    vault.world.at(START + 5);
    assert_eq!((vault.left(9), vault.pay(9, &BOB, 1)), (CAP, Ok(())));
}

#[test]
fn a_lower_cap_binds_the_period_under_way() {
    let mut vault = Vault::new();
    assert_eq!(vault.pay(NATIVE, &BOB, 400), Ok(()));
    assert_eq!(vault.set_budget(NATIVE, Budget { cap: 450, ..budget(Asset::Native) }), Ok(()));
    assert_eq!(vault.left(NATIVE), 50);
    assert_eq!(vault.set_budget(NATIVE, Budget { cap: 0, ..budget(Asset::Native) }), Ok(()));
    assert_eq!(vault.left(NATIVE), 0);
}

#[test]
fn opening_an_escrow_or_a_stream_counts_as_spending_by_the_proposal() {
    let mut world = World::under(interfaces::governor::Rules { spend_cap: 100, ..crate::world::rules() });
    let now = world.now();
    let step = interfaces::treasury::Milestone { latest: u64::MAX, ..milestone(&BOB, 101) };
    let too_much = [
        message!("Escrows::open_escrow", crate::world::GENERAL, vec![step]),
        message!("Streams::open_stream", crate::world::GENERAL, id(&BOB), 101_u128, now, u64::MAX),
    ];
    for order in too_much {
        let order = call(world.treasury, order);
        assert_eq!(world.enact(Kind::TreasurySpending, vec![order]), Err(GovernorError::SpendCap));
    }
    let enough = message!("Streams::open_stream", crate::world::GENERAL, id(&BOB), 100_u128, now, u64::MAX);
    let enough = call(world.treasury, enough);
    assert_eq!(world.enact(Kind::TreasurySpending, vec![enough]), Ok(()));
    let now = world.now();
    assert_eq!(world.spent(Kind::TreasurySpending, now), 100);
}

#[test]
fn a_proposal_to_spend_sets_neither_budgets_nor_signers() {
    let mut world = World::new();
    let settings = [
        message!("Budgets::set_budget", NATIVE, budget(Asset::Native)),
        message!("Signing::set_signers", vec![id(&ALICE)], 1_u8),
    ];
    for setting in settings {
        let setting = call(world.treasury, setting);
        for kind in [Kind::TreasurySpending, Kind::CommunityInitiative] {
            let asked = request(kind, vec![setting.clone()]);
            assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::WrongKind));
        }
        assert_eq!(world.enact(Kind::ParameterChange, vec![setting]), Ok(()));
    }
}
