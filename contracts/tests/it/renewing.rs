//! New code for what counts votes, where the governor is an account that gives it at once.

use crate::{
    booth::{Booth, FOR, GOVERNOR, quadratic, ranked},
    message,
    world::{ALICE, BOB, STRANGER, id},
};
use ballot::Mechanism;
use drink::AccountId32;
use interfaces::{
    AccountId, Hash,
    polls::PollError,
    token::{DelegationError, PSP22Error},
    upgrade::{UpgradeError, Upgraded},
};

impl Booth {
    fn upgrade(&mut self, who: &AccountId32, contract: AccountId, code_hash: Hash) -> Result<(), UpgradeError> {
        self.world.send(who, contract, message!("Upgradable::upgrade", code_hash))
    }

    /// Gives a contract code that takes over what is stored, and answers nothing that the others ask.
    fn silence(&mut self, contract: AccountId) {
        let code_hash = self.world.upload("successor");
        assert_eq!(self.upgrade(&GOVERNOR, contract, code_hash), Ok(()));
    }
}

#[test]
fn the_governor_gives_the_ballot_box_new_code_that_reads_what_the_old_one_stored() {
    let mut booth = Booth::new();
    let (polls, poll) = (booth.world.polls, booth.open(Mechanism::Majority, 0));
    booth.voted(&ALICE, poll, FOR);
    assert_eq!(booth.world.storage_version(polls), 1);
    let code_hash = booth.world.upload("next_polls");
    assert_eq!(booth.upgrade(&GOVERNOR, polls, code_hash), Ok(()));
    booth.world.expect_events(&[Upgraded { code_hash }]);
    assert_eq!(booth.world.storage_version(polls), 2);
    let governor: Option<AccountId> = booth.world.ask(polls, message!("governor"));
    assert_eq!(governor, Some(id(&GOVERNOR)), "as the old code stored it");
    let turnout: Option<u128> = booth.world.ask(polls, message!("turnout", poll));
    assert_eq!(turnout, Some(400));
}

#[test]
fn nobody_else_does() {
    let mut booth = Booth::new();
    for (name, contract) in booth.world.voting() {
        let code_hash = booth.world.upload(name);
        assert_eq!(booth.upgrade(&ALICE, contract, code_hash), Err(UpgradeError::NotGoverned), "{name}");
    }
}

#[test]
fn code_that_cannot_read_what_is_stored_is_refused_and_changes_nothing() {
    let mut booth = Booth::new();
    let (polls, poll) = (booth.world.polls, booth.open(Mechanism::Majority, 0));
    // Neither knows a thing of ballot boxes: one would not be one, the other knows nothing of upgrades.
    for other in ["chameleon", "baseline"] {
        let code_hash = booth.world.upload(other);
        assert_eq!(booth.upgrade(&GOVERNOR, polls, code_hash), Err(UpgradeError::Incompatible), "{other}");
    }
    assert_eq!(booth.upgrade(&GOVERNOR, polls, Hash::from([1; 32])), Err(UpgradeError::UnknownCode));
    assert_eq!(booth.world.storage_version(polls), 1);
    booth.voted(&ALICE, poll, FOR);
}

#[test]
fn each_takes_its_own_code_and_no_other_contracts_of_the_same_version() {
    let mut booth = Booth::new();
    let codes = ["ledger", "token", "registry", "relay", "rankings", "polls", "governor", "treasury"]
        .map(|name| (name, booth.world.upload(name)));
    for (own, contract) in booth.world.voting() {
        for (name, code_hash) in codes {
            let expected = if name == own { Ok(()) } else { Err(UpgradeError::Incompatible) };
            assert_eq!(booth.upgrade(&GOVERNOR, contract, code_hash), expected, "{own} is offered {name}");
        }
        assert_eq!(booth.world.storage_version(contract), 1);
    }
}

#[test]
fn what_is_stored_already_needs_no_migration() {
    let mut booth = Booth::new();
    for (name, contract) in booth.world.voting() {
        let migrated: Result<(), UpgradeError> = booth.world.ask(contract, message!("Upgradable::migrate"));
        assert_eq!((migrated, booth.world.storage_version(contract)), (Ok(()), 1), "{name}");
    }
}

#[test]
fn without_a_ledger_that_answers_nobody_votes_delegates_or_pays() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Majority, 0);
    booth.silence(booth.world.ledger);
    assert_eq!(booth.vote(&ALICE, poll, FOR), Err(PollError::LedgerFailed));
    assert_eq!((booth.receipt(poll, &ALICE), booth.poll(poll).electorate), (None, None));
    assert_eq!(booth.world.vote_through(&ALICE, Some(&BOB)), Err(DelegationError::LedgerFailed));
    assert!(matches!(booth.world.transfer(&ALICE, &BOB, 1), Err(PSP22Error::Custom(_))));
    let question = message!("PSP22::balance_of", id(&ALICE));
    let answer = booth.world.try_send(&STRANGER, booth.world.token, question, 0);
    assert!(answer.is_err(), "to say 0 would be a lie");
}

#[test]
fn without_rankings_that_answer_nobody_ranks_and_nothing_is_counted() {
    let mut booth = Booth::new();
    let poll = booth.open(Mechanism::Ranked, 3);
    booth.voted(&ALICE, poll, ranked(&[0]));
    booth.silence(booth.world.rankings);
    assert_eq!(booth.vote(&BOB, poll, ranked(&[1])), Err(PollError::RankingsFailed));
    assert_eq!(booth.receipt(poll, &BOB), None);
    booth.close(poll);
    assert_eq!(booth.count(poll, 1), Err(PollError::RankingsFailed));

    let poll = booth.open(Mechanism::Majority, 0);
    booth.voted(&BOB, poll, FOR);
}

#[test]
fn without_a_registry_that_answers_no_person_votes() {
    let mut booth = Booth::new();
    booth.attest(&ALICE, 1);
    let poll = booth.open(Mechanism::Quadratic, 2);
    booth.silence(booth.world.registry);
    assert_eq!(booth.vote(&ALICE, poll, quadratic(&[(0, 1)])), Err(PollError::RegistryFailed));
}
