//! The governor vouches for the kind of proposal that an order comes from.

use super::{CHANGE, key, percent};
use crate::{
    message,
    world::{ALICE, World, call, request, rules, share},
};
use interfaces::{
    Hash,
    governor::{Call, GovernorError, Kind},
    settings::{Definition, FlagOrder, ParameterDefined, ParameterSet, Release, ReleaseApproved, Strategy, Value},
    upgrade::Upgraded,
};

/// Every order to the settings, as one that comes from this kind of proposal.
fn orders(world: &World, kind: Kind) -> Vec<Call> {
    let flag = FlagOrder { owner: kind, ceiling: share(1), exposure: share(0), body: "{}".into() };
    let release = Release {
        component: key("api"),
        digest: Hash::from([1; 32]),
        strategy: Strategy::BlueGreen,
        expires: u64::MAX,
    };
    let messages = [
        message!("Parameters::define", kind, key("fee"), percent(), Value::Integer(5)),
        message!("Parameters::set", kind, key("fee"), Value::Integer(6), None::<u64>),
        message!("Parameters::cancel", kind, key("fee")),
        message!("Parameters::retire", kind, key("fee")),
        message!("Flags::set_flag", kind, key("search"), flag),
        message!("Releases::approve_release", kind, release),
        message!("Releases::revoke", kind, 0_u32),
    ];
    messages.into_iter().map(|message| call(world.settings, message)).collect()
}

#[test]
fn no_proposal_names_another_kind_than_its_own() {
    let mut world = World::new();
    for kind in Kind::ALL {
        for other in Kind::ALL.into_iter().filter(|other| *other != kind) {
            for order in orders(&world, other) {
                let asked = request(kind, vec![order]);
                assert_eq!(world.propose(&ALICE, &asked), Err(GovernorError::ForeignKind), "{kind:?} as {other:?}");
                assert_eq!(world.draft(&ALICE, &asked), Err(GovernorError::ForeignKind));
            }
        }
    }
}

#[test]
fn nor_among_calls_that_name_its_own_nor_none_at_all() {
    let mut world = World::new();
    let mut calls = orders(&world, CHANGE);
    calls.truncate(2);
    calls.push(orders(&world, Kind::ProtocolUpgrade).swap_remove(1));
    assert_eq!(world.propose(&ALICE, &request(CHANGE, calls)), Err(GovernorError::ForeignKind));
    let empty = call(world.settings, message!("Parameters::parameter_count"));
    for kind in Kind::ALL {
        assert_eq!(world.propose(&ALICE, &request(kind, vec![empty.clone()])), Err(GovernorError::ForeignKind));
    }
}

#[test]
fn a_draft_that_is_edited_is_looked_at_again() {
    let mut world = World::new();
    let draft = world.draft(&ALICE, &request(CHANGE, orders(&world, CHANGE))).expect("it names its own kind");
    let foreign = request(CHANGE, orders(&world, Kind::CommunityInitiative));
    assert_eq!(world.edit(&ALICE, draft, &foreign), Err(GovernorError::ForeignKind));
    assert_eq!(world.submit(&ALICE, draft, rules().deposit), Ok(()));
}

#[test]
fn a_passed_proposal_defines_and_its_owners_kind_sets() {
    let mut world = World::new();
    let owned = Definition { owner: Kind::CommunityInitiative, ..percent() };
    let define = message!("Parameters::define", CHANGE, key("fee"), &owned, Value::Integer(5));
    let define = call(world.settings, define);
    let proposal = world.ready_as(CHANGE, vec![define]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[ParameterDefined { key: key("fee"), definition: owned, value: Value::Integer(5) }]);
    world.settle(proposal).expect("it is over");

    let set = |kind: Kind| message!("Parameters::set", kind, key("fee"), Value::Integer(6), None::<u64>);
    let own = call(world.settings, set(CHANGE));
    assert_eq!(world.enact(CHANGE, vec![own]), Err(GovernorError::CallFailed(0)), "it owns it no longer");
    let owners = call(world.settings, set(Kind::CommunityInitiative));
    let proposal = world.ready_as(Kind::CommunityInitiative, vec![owners]);
    assert_eq!(world.execute(proposal), Ok(()));
    assert_eq!(world.events::<ParameterSet>().len(), 1);
    let value: Option<Value> = world.ask(world.settings, message!("Parameters::value", key("fee")));
    assert_eq!(value, Some(Value::Integer(6)));
}

#[test]
fn a_passed_upgrade_approves_a_release_and_renews_the_settings() {
    let mut world = World::new();
    let code_hash = world.upload("settings");
    let mut calls = orders(&world, Kind::ProtocolUpgrade);
    let release = calls.swap_remove(5);
    let renew = call(world.settings, message!("Upgradable::upgrade", code_hash));
    let proposal = world.ready_as(Kind::ProtocolUpgrade, vec![release, renew]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[Upgraded { code_hash }]);
    assert_eq!(world.events::<ReleaseApproved>().len(), 1);
}

#[test]
fn contracts_that_are_not_the_settings_may_be_told_of_any_kind() {
    let mut world = World::new();
    let set = message!("Parameters::define", CHANGE, key("fee"), percent(), Value::Integer(5));
    let elsewhere = call(world.treasury, set.clone());
    assert!(world.propose(&ALICE, &request(Kind::CommunityInitiative, vec![elsewhere])).is_ok());
    let here = call(world.settings, set);
    assert_eq!(world.enact(CHANGE, vec![here]), Ok(()));
    let value: Option<Value> = world.ask(world.settings, message!("Parameters::value", key("fee")));
    assert_eq!(value, Some(Value::Integer(5)));
}
