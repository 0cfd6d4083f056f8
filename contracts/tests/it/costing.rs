//! What messages cost. `gaia bench vote` gives the figures on a chain; here are bounds that a change must not break.

use crate::{
    asks::{ABSTAIN, FOR},
    message,
    vault::{EARLIEST, NATIVE, Vault, milestone, release},
    world::{ALICE, BOB, CAROL, World, account, id, request, rules},
};
use drink::{AccountId32, Weight};
use interfaces::{
    governor::{Kind, Rules},
    treasury::Release,
};

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
    // The first vote asks for the supply, too.
    world.vote(&ALICE, proposal, FOR).expect("holders vote");
    let costs: Vec<_> = voters
        .iter()
        .map(|voter| world.weigh(voter, world.polls, message!("Polls::vote", proposal, ABSTAIN)))
        .collect();
    assert_eq!(world.majority(proposal), [0, 400, 40]);
    assert!(costs.windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
}

/// Alice proposes, takes back and settles: what each costs.
fn round(world: &mut World, number: u32) -> [Weight; 3] {
    let asked = request(Kind::TreasurySpending, vec![world.payment(&BOB, 1)]);
    [message!("Governor::propose", asked), message!("Governor::cancel", number), message!("Governor::settle", number)]
        .map(|message| world.weigh(&ALICE, world.governor, message).0)
}

#[test]
fn nothing_costs_more_for_the_proposals_that_there_are() {
    let mut world = World::under(Rules { deposit: 0, ..rules() });
    let costs: Vec<_> = (0..30).map(|number| round(&mut world, number)).collect();
    // The first round makes cells that the others find.
    assert!(costs[1..].windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
}

#[test]
fn no_payment_costs_more_for_the_escrows_and_streams_that_there_are() {
    let (mut vault, signers) = Vault::signing();
    let (governor, treasury) = (account(vault.world.governor), vault.treasury);
    vault.world.at(EARLIEST);
    let costs: Vec<_> = (0..20_u32)
        .map(|number| {
            let release = Release { escrow: number, ..release(&BOB, 5) };
            let sent = [
                (&governor, message!("Escrows::open_escrow", NATIVE, vec![milestone(&BOB, 5)])),
                (&signers[0].account, message!("Signing::approve", release)),
                (&signers[1].account, message!("Signing::approve", release)),
                (&BOB, message!("Escrows::release", release)),
                (&governor, message!("Streams::open_stream", NATIVE, id(&BOB), 5_u128, 0_u64, EARLIEST + 1)),
                (&BOB, message!("Streams::claim", number)),
            ];
            sent.map(|(who, message)| vault.world.weigh(who, treasury, message).0)
        })
        .collect();
    // The first ones make cells that the others find.
    assert!(costs[1..].windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
}
