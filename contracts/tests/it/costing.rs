//! What messages cost.

use crate::{
    message,
    world::{ALICE, BOB, STRANGER, World, id},
};
use ballot::Support;

#[test]
fn measure() {
    let mut world = World::new();
    let p = world.opened(vec![world.payment(&BOB, 1)]);
    for (w,s) in [(ALICE, Support::For), (BOB, Support::Against)] {
        let g = world.weigh(&w, world.governor, message!("Governor::vote", p, s));
        eprintln!("vote {g:?}");
    }
    let t = world.deploy("baseline", message!("new"), 0);
    for (w,s) in [(ALICE, Support::For), (BOB, Support::Against)] {
        let g = world.weigh(&w, t, message!("vote", p, s));
        eprintln!("base {g:?}");
    }
    let g = world.weigh(&BOB, world.token, message!("PSP22::transfer", id(&STRANGER), 1_u128, Vec::<u8>::new()));
    eprintln!("transfer {g:?}");
    let g = world.weigh(&BOB, world.token, message!("Votes::votes_at", id(&ALICE), 1_u64));
    eprintln!("votes_at {g:?}");
    let g = world.weigh(&BOB, world.governor, message!("Governor::token"));
    eprintln!("token {g:?}");
    let r = crate::world::request(vec![world.payment(&BOB, 1)]);
    let g = world.weigh(&ALICE, world.governor, message!("Governor::propose", r));
    eprintln!("propose {g:?}");
}
