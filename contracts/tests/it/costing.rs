//! What messages cost. `gaia bench vote` gives the figures on a chain; here are the bounds that a change must not break.

use crate::{
    message,
    world::{ALICE, BOB, CAROL, World, id},
};
use ballot::Support;
use drink::AccountId32;

#[test]
fn a_vote_stores_no_more_than_it_must_and_runs_within_thrice_the_least() {
    let mut world = World::new();
    let proposal = world.opened(vec![world.payment(&BOB, 1)]);
    let baseline = world.deploy("baseline", message!("new"), 0);
    let (least, least_deposit) = world.weigh(&ALICE, baseline, message!("vote", proposal, Support::For));
    let (vote, deposit) = world.weigh(&ALICE, world.governor, message!("Governor::vote", proposal, Support::For));
    assert_eq!(deposit, least_deposit);
    // A vote runs two contracts' code, the governor's and the token's; loading that is most of the difference.
    assert!(vote.ref_time() < 3 * least.ref_time(), "{vote:?} is over thrice {least:?}");
}

#[test]
fn a_vote_costs_the_same_however_many_voted_before() {
    let mut world = World::new();
    let voters: Vec<_> = (1..=40).map(|number| AccountId32::new([number; 32])).collect();
    for voter in &voters {
        world.give(id(voter), 1_000_000);
        world.transfer(&CAROL, voter, 1).expect("Carol gives everyone a token");
    }
    world.wait(1);
    let proposal = world.opened(vec![world.payment(&BOB, 1)]);
    let costs: Vec<_> = voters
        .iter()
        .map(|voter| world.weigh(voter, world.governor, message!("Governor::vote", proposal, Support::Abstain)))
        .collect();
    assert_eq!(world.tally(proposal).abstain, 40);
    assert!(costs.windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
}
