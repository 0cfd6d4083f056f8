//! What is done most costs the same however many there are.

use super::{Bureau, GOVERNOR, REASON};
use crate::{
    asks::attest,
    message,
    world::{ALICE, ATTESTOR, BOB, CAROL, DAVE, id},
};
use drink::{AccountId32, Weight};
use interfaces::{AccountId, Hash, Moment, registry::Attest, roles::Role};

/// How many identities and roles there are more before the cost is measured a second time.
const MANY: u32 = 1_000;

fn numbered(number: u32) -> [u8; 32] {
    let mut bytes = [9; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    bytes
}

/// What it costs to attest the first account of a new identity, to renew and to revoke it, and to grant a role.
fn costs(bureau: &mut Bureau, number: u32, account: &AccountId32) -> [Weight; 4] {
    bureau.world.wait(1);
    let it = attest(Hash::from(numbered(number)), 1);
    let Attest { identity, tier, expires, commitment } = it;
    let registry = bureau.registry;
    [
        (ATTESTOR, message!("Identities::attest", id(account), it)),
        (ATTESTOR, message!("Identities::renew", identity, tier, expires, commitment)),
        (ATTESTOR, message!("Identities::revoke", identity, REASON)),
        (GOVERNOR, message!("Roles::grant_role", id(account), Role::Auditor, Moment::MAX)),
    ]
    .map(|(who, message)| bureau.world.weigh(&who, registry, message).0)
}

#[test]
fn attesting_renewing_revoking_and_granting_cost_the_same_however_many_there_are() {
    let mut bureau = Bureau::new();
    // The very first are cheaper: there is no population before them, nor an attestor at work.
    for (number, account) in [(MANY, ALICE), (MANY + 1, BOB)] {
        costs(&mut bureau, number, &account);
    }
    let few = costs(&mut bureau, MANY + 2, &CAROL);
    for number in 0..MANY {
        let bytes = numbered(number);
        bureau.world.wait(1);
        assert_eq!(bureau.attest(&AccountId32::new(bytes), attest(Hash::from(bytes), 1)), Ok(()));
        let grant = message!("Roles::grant_role", AccountId::from(bytes), Role::Auditor, Moment::MAX);
        assert_eq!(bureau.send::<super::Done>(&GOVERNOR, grant), Ok(()));
    }
    let many = costs(&mut bureau, MANY + 3, &DAVE);
    println!("attest, renew, revoke, grant among 3: {few:?}, among {}: {many:?}", MANY + 3);
    assert_eq!(few, many);
}
