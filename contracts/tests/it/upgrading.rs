//! New code for contracts that are there already.

use crate::{
    booth::{ranked, ranking},
    message,
    world::{ALICE, BOB, CAROL, DAVE, GUARDIAN, STRANGER, TREASURY, World, call, chain, choosing, id, request},
};
use ballot::{Mechanism, Ranking};
use interfaces::{
    AccountId, Balance, Hash, ProposalId,
    governor::{Call, GovernorError, Kind, Parts, ProposalExecuted, limits},
    lifecycle::State,
    polls::Standing,
    registry::IdentityId,
    upgrade::{UpgradeError, Upgraded},
};

const UPGRADE: Kind = Kind::ProtocolUpgrade;

/// The order to run this code.
fn upgrade(target: AccountId, code_hash: Hash) -> Call {
    call(target, message!("Upgradable::upgrade", code_hash))
}

impl World {
    /// All contracts, by the names of their code. The governor is the last, as its own upgrade must be.
    fn contracts(&self) -> [(&'static str, AccountId); 9] {
        let [ledger, token, registry, relay, rankings, polls] = self.voting();
        let [treasury, settings] = [("treasury", self.treasury), ("settings", self.settings)];
        [ledger, token, registry, relay, rankings, polls, treasury, settings, ("governor", self.governor)]
    }

    /// The code that a contract runs, as the governor sees it.
    fn code_of(&mut self, contract: AccountId) -> Hash {
        let proposal = self.proposed(vec![call(contract, message!("anything"))]);
        let code_hash = self.calls(proposal, 0)[0].code_hash;
        self.cancel(&ALICE, proposal).expect("it is hers");
        self.settle(proposal).expect("it is over");
        code_hash
    }
}

#[test]
fn the_treasury_gets_new_code_and_goes_on() {
    let mut world = World::new();
    let heir = world.upload("heir");
    let order = upgrade(world.treasury, heir);
    let proposal = world.ready_as(UPGRADE, vec![order]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[Upgraded { code_hash: heir }]);
    assert_eq!((world.storage_version(world.treasury), world.code_of(world.treasury)), (2, heir));
    assert_eq!(world.holds(world.treasury), TREASURY);

    let pay = world.payment(&BOB, 500);
    assert_eq!(world.enact(Kind::TreasurySpending, vec![pay]), Ok(()), "it knows whom to follow");
    let payments: Option<u32> = world.ask(world.treasury, message!("payments"));
    assert_eq!((payments, world.holds(world.treasury)), (Some(1), TREASURY - 500));
}

#[test]
fn a_later_call_is_pinned_to_the_code_that_an_earlier_one_brings() {
    let mut world = World::new();
    let heir = world.upload("heir");
    let calls = vec![world.payment(&BOB, 1), upgrade(world.treasury, heir), world.payment(&BOB, 2)];
    let old = world.code_of(world.treasury);
    let proposal = world.ready_as(UPGRADE, calls);
    let pinned: Vec<_> = world.calls(proposal, 0).into_iter().map(|pinned| pinned.code_hash).collect();
    assert_eq!(pinned, [old, old, heir]);
    assert_eq!(world.execute(proposal), Ok(()));
    let payments: Option<u32> = world.ask(world.treasury, message!("payments"));
    assert_eq!((payments, world.holds(world.treasury)), (Some(1), TREASURY - 3));
}

/// The treasury refuses to become this, and all is as it was.
#[track_caller]
fn treasury_refuses(code: impl FnOnce(&mut World) -> Hash) {
    let mut world = World::new();
    let code_hash = code(&mut world);
    let before = world.code_of(world.treasury);
    let calls = vec![world.payment(&BOB, 5), upgrade(world.treasury, code_hash)];
    let proposal = world.ready_as(UPGRADE, calls);
    assert_eq!(world.execute(proposal), Err(GovernorError::CallFailed(1)));
    world.expect_events::<Upgraded>(&[]);
    assert_eq!((world.state(proposal), world.holds(world.treasury)), (Ok(State::Queued), TREASURY));
    assert_eq!((world.storage_version(world.treasury), world.code_of(world.treasury)), (1, before));
    let pay = world.payment(&BOB, 500);
    assert_eq!(world.enact(Kind::TreasurySpending, vec![pay]), Ok(()));
}

#[test]
fn the_treasury_refuses_code_that_cannot_read_what_it_stored() {
    treasury_refuses(|world| world.upload("misfit"));
}

#[test]
fn the_treasury_refuses_the_code_of_another_contract_of_the_same_version() {
    treasury_refuses(|world| world.upload("polls"));
}

#[test]
fn the_treasury_refuses_code_that_knows_nothing_of_upgrades() {
    treasury_refuses(|world| world.upload("chameleon"));
}

#[test]
fn the_treasury_refuses_code_that_was_never_uploaded() {
    treasury_refuses(|_| Hash::from([1; 32]));
}

#[test]
fn an_upgrade_after_which_the_treasury_answers_nothing_is_undone() {
    let mut world = World::new();
    // It takes over what is stored, but is no treasury.
    let successor = world.upload("successor");
    let order = upgrade(world.treasury, successor);
    assert_eq!(world.enact(UPGRADE, vec![order]), Err(GovernorError::TreasuryFailed));
    assert_eq!((world.storage_version(world.treasury), world.holds(world.treasury)), (1, TREASURY));
}

#[test]
fn without_a_ledger_that_answers_nothing_can_be_proposed() {
    let mut world = World::new();
    let successor = world.upload("successor");
    let order = upgrade(world.ledger, successor);
    assert_eq!(world.enact(UPGRADE, vec![order]), Ok(()));
    assert_eq!(world.propose(&ALICE, &request(UPGRADE, vec![])), Err(GovernorError::LedgerFailed));
}

#[test]
fn without_a_ballot_box_that_answers_nothing_goes_on() {
    let mut world = World::new();
    let successor = world.upload("successor");
    let order = upgrade(world.polls, successor);
    let proposal = world.proposed(vec![]);
    assert_eq!(world.enact(UPGRADE, vec![order]), Ok(()));
    assert_eq!(world.propose(&ALICE, &request(UPGRADE, vec![])), Err(GovernorError::PollsFailed));
    assert_eq!(world.state(proposal), Err(GovernorError::PollsFailed));
}

#[test]
fn the_governor_gets_new_code_and_goes_on() {
    let mut world = World::new();
    let parts = world.parts();
    let successor = world.upload("successor");
    let order = upgrade(world.governor, successor);
    world.proposed(vec![]);
    let proposal = world.ready_as(UPGRADE, vec![world.payment(&BOB, 9), order]);
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[Upgraded { code_hash: successor }]);
    world.expect_events(&[ProposalExecuted { proposal, executor: id(&STRANGER), spent: 9 }]);
    assert_eq!(world.storage_version(world.governor), 2);
    let inherited: Option<ProposalId> = world.ask(world.governor, message!("inherited"));
    assert_eq!(inherited, Some(2));
    assert_eq!(world.ask::<Option<Parts>>(world.governor, message!("parts")), Some(parts));
    assert_eq!(world.holds(world.treasury), TREASURY - 9);
}

/// The governor refuses to become this, and all is as it was.
#[track_caller]
fn governor_refuses(why: GovernorError, order: impl FnOnce(&mut World) -> Call) {
    let mut world = World::new();
    let order = order(&mut world);
    let calls = vec![world.payment(&BOB, 5), order];
    let before = world.code_of(world.governor);
    let proposal = world.ready_as(UPGRADE, calls);
    assert_eq!(world.execute(proposal), Err(why));
    world.expect_events::<ProposalExecuted>(&[]);
    assert_eq!((world.state(proposal), world.holds(world.treasury)), (Ok(State::Queued), TREASURY));
    assert_eq!((world.storage_version(world.governor), world.code_of(world.governor)), (1, before));
    assert_eq!(world.enact(Kind::CommunityInitiative, vec![]), Ok(()));
}

#[test]
fn the_governor_refuses_code_that_cannot_read_what_it_stored() {
    governor_refuses(GovernorError::Upgrade(UpgradeError::Incompatible), |world| {
        upgrade(world.governor, world.upload("misfit"))
    });
}

#[test]
fn the_governor_refuses_the_code_of_another_contract_of_the_same_version() {
    governor_refuses(GovernorError::Upgrade(UpgradeError::Incompatible), |world| {
        upgrade(world.governor, world.upload("polls"))
    });
}

#[test]
fn the_governor_refuses_code_that_knows_nothing_of_upgrades() {
    governor_refuses(GovernorError::Upgrade(UpgradeError::Incompatible), |world| {
        upgrade(world.governor, world.upload("chameleon"))
    });
}

#[test]
fn the_governor_refuses_code_that_was_never_uploaded() {
    governor_refuses(GovernorError::Upgrade(UpgradeError::UnknownCode), |world| {
        upgrade(world.governor, Hash::from([1; 32]))
    });
}

#[test]
fn the_governor_refuses_an_upgrade_that_is_none() {
    governor_refuses(GovernorError::CallFailed(1), |world| {
        call(world.governor, message!("Upgradable::upgrade", [1_u8; 31]))
    });
    governor_refuses(GovernorError::CallFailed(1), |world| {
        world.give(world.governor, 1);
        Call { value: 1, ..upgrade(world.governor, world.upload("successor")) }
    });
}

#[test]
fn nobody_upgrades_anything_by_message() {
    let mut world = World::new();
    let heir = world.upload("heir");
    for (_, contract) in world.contracts() {
        for person in [ALICE, GUARDIAN, STRANGER] {
            let refused: Result<(), UpgradeError> =
                world.send(&person, contract, message!("Upgradable::upgrade", heir));
            assert_eq!(refused, Err(UpgradeError::NotGoverned));
        }
        assert_eq!(world.storage_version(contract), 1);
    }
}

#[test]
fn anyone_may_ask_what_is_current_to_migrate_and_nothing_happens() {
    let mut world = World::new();
    for (_, contract) in world.contracts() {
        let migrated: Result<(), UpgradeError> = world.send(&STRANGER, contract, message!("Upgradable::migrate"));
        assert_eq!((migrated, world.storage_version(contract)), (Ok(()), 1));
    }
}

#[test]
fn what_counts_votes_gets_new_code_by_a_proposal() {
    let mut world = World::new();
    let successor = world.upload("successor");
    let orders = world.voting().map(|(_, contract)| upgrade(contract, successor));
    let proposal = world.ready_as(UPGRADE, orders.to_vec());
    assert_eq!(world.execute(proposal), Ok(()));
    world.expect_events(&[(); 6].map(|()| Upgraded { code_hash: successor }));
    assert_eq!(world.voting().map(|(_, contract)| world.storage_version(contract)), [2; 6]);
}

#[test]
fn all_that_was_stored_is_there_after_an_upgrade_and_everything_goes_on() {
    let mut world = World::new();
    world.attest(&BOB, 1).expect("the attestor may");
    world.vote_through(&CAROL, Some(&DAVE)).expect("Carol lets Dave vote");
    let counted = world.made(&choosing(Mechanism::Ranked, vec![vec![], vec![]]));
    world.decide(counted, &ranked(&[1, 0]));
    let codes = world.contracts().map(|(name, contract)| (contract, world.upload(name)));
    for codes in codes.chunks(limits::CALLS) {
        let orders = codes.iter().map(|(contract, code_hash)| upgrade(*contract, *code_hash));
        let proposal = world.ready_as(UPGRADE, orders.collect());
        assert_eq!(world.execute(proposal), Ok(()));
        let upgraded: Vec<_> = codes.iter().map(|(_, code_hash)| Upgraded { code_hash: *code_hash }).collect();
        world.expect_events(&upgraded);
        world.settle(proposal).expect("it is over");
    }

    let balance: Balance = world.ask(world.token, message!("PSP22::balance_of", id(&CAROL)));
    let name: Option<String> = world.ask(world.token, message!("PSP22Metadata::token_name"));
    assert_eq!((balance, name.as_deref()), (200, Some("Gaia")));
    let now = world.now();
    assert_eq!([CAROL, DAVE].map(|person| world.votes_at(&person, now - 1)), [0, 290].map(Ok));
    let identity: Option<IdentityId> = world.ask(world.registry, message!("Identities::identity_of", id(&BOB)));
    assert_eq!(identity, Some(Hash::from([1; 32])));
    assert_eq!(world.ask::<Hash>(world.relay, message!("Relay::chain")), chain());
    let kept: Vec<(Ranking, Balance)> = world.ask(world.rankings, message!("Rankings::chunk", counted, 0_u32));
    assert_eq!(kept, [(ranking(&[1, 0]), 700)]);
    assert_eq!(world.state(counted), Ok(State::Counting));

    assert_eq!(world.count(counted, 10), Ok(Standing::Decided { winner: Some(1), since: now }));
    assert_eq!(world.attest(&ALICE, 2), Ok(()));
    assert_eq!(world.transfer(&CAROL, &BOB, 100), Ok(()));
    let pay = world.payment(&BOB, 500);
    assert_eq!(world.enact(Kind::TreasurySpending, vec![pay]), Ok(()));
    assert_eq!(world.holds(world.treasury), TREASURY - 500);
}
