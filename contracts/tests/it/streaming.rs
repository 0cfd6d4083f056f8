//! Streams. How much accrues by when is told, and tested, in `interfaces`.

use crate::{
    message,
    vault::{CLEARED, ENDOWMENT, Manner, NATIVE, TOKENS, Vault},
    world::{ALICE, BOB, START, STRANGER, id},
};
use interfaces::treasury::{Asset, Stream, StreamClaimed, StreamOpened, StreamStopped, TreasuryError};

/// When the streams here end.
const END: u64 = START + 100;

/// Bob earns 50 in 100 milliseconds.
fn opened() -> Vault {
    let mut vault = Vault::new();
    assert_eq!(vault.open_stream(NATIVE, &BOB, 50, START, END), Ok(0));
    vault
}

#[test]
fn opening_one_reserves_all_of_it() {
    let mut vault = Vault::new();
    for (number, category, asset) in [(0, NATIVE, Asset::Native), (1, TOKENS, vault.tokens())] {
        assert_eq!(vault.open_stream(category, &BOB, 50, START, END), Ok(number));
        let (payee, amount, begins, ends) = (id(&BOB), 50, START, END);
        vault.world.expect_events(&[StreamOpened { stream: number, category, payee, asset, amount, begins, ends }]);
        assert_eq!(vault.books(asset), (ENDOWMENT - 50, 50));
        let known = Stream { category, asset, payee, amount, begins, ends, claimed: 0, stopped: None };
        assert_eq!(vault.stream(number), known);
    }
    assert_eq!(vault.ask::<u32>(message!("Streams::stream_count")), 2);
    assert_eq!(vault.ask::<Option<Stream>>(message!("Streams::stream", 2_u32)), None);
}

#[test]
fn only_the_governor_opens_or_stops_one() {
    let mut vault = opened();
    for person in [ALICE, BOB, STRANGER] {
        let open = message!("Streams::open_stream", NATIVE, id(&BOB), 1_u128, START, END);
        assert_eq!(vault.send::<Result<u32, _>>(&person, open), Err(TreasuryError::NotGovernor));
        let stop = message!("Streams::stop_stream", 0_u32);
        assert_eq!(vault.send::<Result<(), _>>(&person, stop), Err(TreasuryError::NotGovernor));
    }
}

#[test]
fn one_that_could_not_run_is_refused() {
    let mut vault = opened();
    for (begins, ends) in [(START, START), (END, START + 1), (0, START), (0, 0)] {
        assert_eq!(vault.open_stream(NATIVE, &BOB, 1, begins, ends), Err(TreasuryError::BadStream));
    }
    assert_eq!(vault.open_stream(NATIVE, &BOB, 0, START, END), Err(TreasuryError::ZeroAmount));
    assert_eq!(vault.open_stream(77, &BOB, 1, START, END), Err(TreasuryError::UnknownCategory));
    assert_eq!(vault.open_stream(NATIVE, &BOB, 1, 0, START + 1), Ok(1), "it may have begun");
}

#[test]
fn what_has_accrued_is_claimed_by_anybody_for_the_payee() {
    let mut vault = opened();
    let before = vault.has(&BOB, Asset::Native);
    assert_eq!(vault.claim(0), Err(TreasuryError::NothingAccrued));
    for (moment, amount, all) in [(START + 3, 1, 1), (START + 61, 29, 30), (END, 20, 50)] {
        vault.world.at(moment);
        assert_eq!(vault.claim(0), Ok(()));
        vault.world.expect_events(&[StreamClaimed { stream: 0, payee: id(&BOB), asset: Asset::Native, amount }]);
        assert_eq!(vault.claim(0), Err(TreasuryError::NothingAccrued), "once");
        assert_eq!(vault.has(&BOB, Asset::Native) - before, all);
        assert_eq!(vault.books(Asset::Native), (ENDOWMENT - 50, 50 - all));
    }
    vault.world.at(u64::MAX);
    assert_eq!(vault.claim(0), Err(TreasuryError::NothingAccrued));
}

#[test]
fn one_that_is_not_there_is_neither_claimed_nor_stopped() {
    let mut vault = opened();
    assert_eq!([vault.claim(1), vault.stop_stream(1)], [Err(TreasuryError::UnknownStream); 2]);
}

#[test]
fn when_it_is_stopped_what_has_accrued_is_safe() {
    let mut vault = opened();
    vault.world.at(START + 20);
    assert_eq!(vault.claim(0), Ok(()));
    vault.world.at(START + 60);
    assert_eq!(vault.stop_stream(0), Ok(()));
    vault.world.expect_events(&[StreamStopped { stream: 0, asset: Asset::Native, amount: 20 }]);
    assert_eq!(vault.books(Asset::Native), (ENDOWMENT - 30, 20));
    assert_eq!(vault.stop_stream(0), Err(TreasuryError::NothingLeft));
    vault.world.at(END);
    assert_eq!((vault.claim(0), vault.stream(0).claimed), (Ok(()), 30));
    assert_eq!(vault.books(Asset::Native), (ENDOWMENT - 30, 0));
    assert_eq!(vault.claim(0), Err(TreasuryError::NothingAccrued));
}

#[test]
fn stopped_before_it_begins_all_of_it_is_free() {
    let mut vault = Vault::new();
    assert_eq!(vault.open_stream(NATIVE, &BOB, 50, START + 10, END), Ok(0));
    assert_eq!(vault.stop_stream(0), Ok(()));
    vault.world.at(END);
    assert_eq!((vault.claim(0), vault.books(Asset::Native)), (Err(TreasuryError::NothingAccrued), (ENDOWMENT, 0)));
}

#[test]
fn once_all_has_accrued_there_is_nothing_to_stop() {
    let mut vault = opened();
    vault.world.at(END);
    assert_eq!(vault.stop_stream(0), Err(TreasuryError::NothingLeft));
    assert_eq!(vault.claim(0), Ok(()));
}

#[test]
fn a_payee_must_be_cleared_when_it_claims() {
    let mut vault = Vault::new();
    assert_eq!(vault.open_stream(CLEARED, &BOB, 50, START, END), Ok(0));
    vault.world.at(END);
    assert_eq!(vault.claim(0), Err(TreasuryError::NotCleared));
    vault.clear(&BOB, Some(3));
    assert_eq!(vault.claim(0), Ok(()));
}

#[test]
fn a_claim_of_tokens_that_fails_leaves_what_accrued() {
    let mut vault = Vault::new();
    assert_eq!(vault.open_stream(TOKENS, &BOB, 50, START, END), Ok(0));
    vault.world.at(END);
    vault.aim(message!("Streams::claim", 0_u32));
    for manner in [Manner::Bans(id(&BOB)), Manner::TakesFee, Manner::Pretends, Manner::Traps, Manner::CallsBack] {
        vault.behave(manner);
        assert_eq!((vault.claim(0), vault.stream(0).claimed), (Err(TreasuryError::TokenFailed), 0));
    }
    vault.behave(Manner::Honest);
    assert_eq!((vault.claim(0), vault.tokens_of(id(&BOB))), (Ok(()), 50));
}
