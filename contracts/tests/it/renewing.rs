//! New code for a ballot box that is there already.

use crate::{
    booth::{Booth, FOR, GOVERNOR},
    message,
    world::{ALICE, STRANGER, id},
};
use ballot::Mechanism;
use drink::AccountId32;
use interfaces::{
    AccountId, Hash,
    upgrade::{UpgradeError, Upgraded},
};

impl Booth {
    fn upgrade(&mut self, who: &AccountId32, code_hash: Hash) -> Result<(), UpgradeError> {
        self.world.send(who, self.polls, message!("Upgradable::upgrade", code_hash))
    }

    fn storage_version(&mut self) -> u16 {
        self.world.send(&STRANGER, self.polls, message!("Upgradable::storage_version"))
    }
}

#[test]
fn the_governor_gives_it_new_code_that_reads_what_the_old_one_stored() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    booth.voted(&ALICE, poll, FOR);
    assert_eq!(booth.storage_version(), 1);
    let code_hash = booth.world.upload("next_polls");
    assert_eq!(booth.upgrade(&GOVERNOR, code_hash), Ok(()));
    booth.world.expect_events(&[Upgraded { code_hash }]);
    assert_eq!(booth.storage_version(), 2);
    let governor: Option<AccountId> = booth.world.send(&STRANGER, booth.polls, message!("governor"));
    assert_eq!(governor, Some(id(&GOVERNOR)), "as the old code stored it");
    let turnout: Option<u128> = booth.world.send(&STRANGER, booth.polls, message!("turnout", poll));
    assert_eq!(turnout, Some(400));
}

#[test]
fn nobody_else_does() {
    let mut booth = Booth::new();
    let code_hash = booth.world.upload("next_polls");
    assert_eq!(booth.upgrade(&ALICE, code_hash), Err(UpgradeError::NotGoverned));
}

#[test]
fn code_that_cannot_read_what_is_stored_is_refused_and_changes_nothing() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    // Neither knows a thing of ballot boxes: one would not be one, the other knows nothing of upgrades.
    for other in ["chameleon", "baseline"] {
        let code_hash = booth.world.upload(other);
        assert_eq!(booth.upgrade(&GOVERNOR, code_hash), Err(UpgradeError::Incompatible), "{other}");
    }
    assert_eq!(booth.upgrade(&GOVERNOR, Hash::from([1; 32])), Err(UpgradeError::UnknownCode));
    assert_eq!(booth.storage_version(), 1);
    booth.voted(&ALICE, poll, FOR);
}

#[test]
fn what_is_stored_already_needs_no_migration() {
    let mut booth = Booth::new();
    let migrated: Result<(), UpgradeError> = booth.world.send(&STRANGER, booth.polls, message!("Upgradable::migrate"));
    assert_eq!((migrated, booth.storage_version()), (Ok(()), 1));
}
