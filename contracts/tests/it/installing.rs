//! Putting the governor together with its parts.

use crate::{
    message,
    world::{ALICE, BOB, HOLDERS, START, World, id, request, rules},
};
use interfaces::{
    AccountId,
    governor::{GovernorError, Guardian, GuardianSet, Installed, Kind, LiveLimitSet, Parts, Rules, RulesSet},
};
use scale::Encode;

/// A governor that was told nothing yet, in a world where everything else belongs to another.
fn bare() -> World {
    let mut world = World::new();
    world.governor = world.deploy("governor", World::constructor(rules()), 0);
    world
}

/// Parts of their own for the governor.
fn parts_for(world: &mut World) -> Parts {
    world.deploy_voting(&HOLDERS);
    world.deploy_governed();
    // What everybody holds counts only once it is past.
    world.wait(1);
    world.parts()
}

#[test]
fn the_first_rules_guardian_and_limit_are_announced() {
    let mut world = World::new();
    world.deploy("governor", World::constructor(rules()), 0);
    world.expect_events(&Kind::ALL.map(|kind| RulesSet { kind, rules: rules() }));
    assert_eq!(world.events::<GuardianSet>().len(), 1);
    world.expect_events(&[LiveLimitSet { limit: crate::world::LIVE_LIMIT }]);
}

#[test]
fn nothing_can_be_proposed_before_it_knows_its_parts() {
    let mut world = bare();
    let asked = request(Kind::TreasurySpending, vec![]);
    assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::BadParts));
    assert_eq!(world.draft(&ALICE, &asked), Err(GovernorError::BadParts));
    let parts = parts_for(&mut world);
    assert_eq!(world.install(&ALICE, parts), Ok(()));
    world.expect_events(&[Installed { parts }]);
    assert_eq!(world.ask::<Option<Parts>>(world.governor, message!("Governor::parts")), Some(parts));
    assert_eq!(world.propose(&ALICE, &asked), Ok(0));
}

#[test]
fn only_who_instantiated_it_can_tell_it() {
    let mut world = bare();
    let parts = parts_for(&mut world);
    assert_eq!(world.install(&BOB, parts), Err(GovernorError::BadParts));
    assert_eq!(world.install(&ALICE, parts), Ok(()));
}

#[test]
fn it_is_told_once() {
    let mut world = World::new();
    let parts = world.parts();
    assert_eq!(world.install(&ALICE, parts), Err(GovernorError::BadParts));
}

#[test]
fn parts_that_follow_another_governor_or_ask_another_ledger_are_refused() {
    let mut world = bare();
    let (others, governor) = (world.parts(), world.governor);
    let good = parts_for(&mut world);
    let registry = world.deploy_registry(id(&BOB));
    let rankings = world.deploy("rankings", message!("new", id(&BOB)), 0);
    let relay = world.deploy("relay", message!("new", id(&BOB), crate::world::chain()), 0);
    let no_ledger = world.treasury;
    let nobody = AccountId::from([0; 32]);
    let [own, another] = [(); 2].map(|()| world.deploy("rankings", message!("new", governor), 0));
    let (own_registry, own_relay) = (world.registry, world.relay);
    let mut on = |registry, rankings, relay| {
        world.deploy("polls", message!("new", governor, good.ledger, registry, rankings, relay), 0)
    };
    let strange_rankings = on(own_registry, rankings, own_relay);
    let strange_registry = on(registry, own, own_relay);
    let strange_relay = on(own_registry, another, relay);
    for bad in [
        Parts { polls: others.polls, ..good },
        Parts { polls: others.polls, ledger: others.ledger, ..good },
        Parts { polls: strange_registry, ..good },
        Parts { polls: strange_rankings, ..good },
        Parts { polls: strange_relay, ..good },
        Parts { treasury: others.treasury, ..good },
        Parts { ledger: others.ledger, ..good },
        Parts { ledger: others.ledger, polls: world.deploy_polls(others.ledger), ..good },
        Parts { ledger: no_ledger, polls: world.deploy_polls(no_ledger), ..good },
        Parts { ledger: id(&BOB), polls: world.deploy_polls(id(&BOB)), ..good },
        Parts { polls: nobody, ..good },
        Parts { treasury: nobody, ..good },
        Parts { settings: others.settings, ..good },
        Parts { settings: nobody, ..good },
        Parts { settings: good.treasury, ..good },
        Parts { polls: good.treasury, treasury: good.polls, ..good },
    ] {
        assert_eq!(world.install(&ALICE, bad), Err(GovernorError::BadParts), "{bad:?}");
    }
    assert_eq!(world.install(&ALICE, good), Ok(()));
}

/// What the constructor answers to rules like these, for one kind of four.
#[track_caller]
fn refused(constructor: Vec<u8>) {
    let answer = World::new().try_deploy("governor", constructor, 0);
    let refused: Result<(), GovernorError> = Err(GovernorError::BadRules);
    assert_eq!(answer, Err(Ok::<_, ink::primitives::LangError>(refused).encode()));
}

#[test]
fn rules_under_which_nothing_can_pass_are_refused_for_any_kind() {
    for number in 0..4 {
        let mut all = [rules(); 4];
        all[number] = Rules { voting_period: 0, ..rules() };
        refused(message!("new", all, None::<Guardian>, 1_u32));
    }
    refused(message!("new", [Rules { voting_delay: u64::MAX - START, ..rules() }; 4], None::<Guardian>, 1_u32));
    refused(message!("new", [rules(); 4], None::<Guardian>, 0_u32));
}
