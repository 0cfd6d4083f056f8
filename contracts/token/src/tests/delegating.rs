//! Delegating, message by message.

use super::{alice, bob, books, caller, carol, clock, events, nobody, person, relay, token};
use interfaces::{
    AccountId, Balance, Hash, Moment,
    ledger::Standing,
    token::{Delegating, Delegation, DelegationChanged, DelegationError, EPOCH, PSP22, Share, SignedDelegation},
};

/// A moment within an epoch.
const NOW: Moment = 2_800 * EPOCH + 1_000;
/// The first moment at which a delegation can end.
const NEXT: Moment = 2_801 * EPOCH;

/// Shares in basis points.
pub fn shares(shares: &[(AccountId, u16)]) -> Vec<Share> {
    let share = |bps: u16| bps.try_into().expect("a share in a test is one");
    shares.iter().map(|(to, bps)| Share { to: *to, share: share(*bps) }).collect()
}

fn votes() -> [Balance; 3] {
    [alice(), bob(), carol()].map(books::votes)
}

/// Shares in basis points, and until when.
type Attempt<'a> = (&'a [(AccountId, u16)], Option<Moment>);

/// Something of all to Bob, until then.
fn to_bob(ends: Moment) -> Attempt<'static> {
    (Vec::leak(vec![(bob(), 1)]), Some(ends))
}

/// Alice attempts each of these, at [`NOW`].
#[track_caller]
fn assert_refused(with: DelegationError, attempts: &[Attempt<'_>]) {
    clock(NOW);
    let mut token = token();
    caller(alice());
    for (to, ends) in attempts {
        assert_eq!(token.delegate(shares(to), *ends), Err(with), "{ends:?}");
    }
    assert_eq!((token.delegation(alice()), votes()), (Delegation::default(), [100, 50, 0]));
    assert_eq!(events::<DelegationChanged>(), []);
}

#[ink::test]
fn a_share_votes_through_its_representative_and_the_rest_stays() {
    clock(NOW);
    let mut token = token();
    caller(alice());
    let to = shares(&[(bob(), 2_550), (carol(), 3_333)]);
    assert_eq!(token.delegate(to.clone(), None), Ok(()));
    assert_eq!(votes(), [42, 75, 33], "each part is rounded down, and what that leaves is Alice's");
    let said = DelegationChanged { delegator: alice(), shares: to.clone(), ends: None };
    assert_eq!(events::<DelegationChanged>(), [said]);
    assert_eq!(token.delegation(alice()), Delegation { shares: to, ends: None });
    clock(NOW + 1);
    let standing = Standing { power: 42, away: vec![(bob(), 25), (carol(), 33)] };
    assert_eq!(books::standing_at(alice(), NOW), standing);
    assert_eq!(books::standing_at(bob(), NOW), Standing { power: 75, away: vec![] });
    assert_eq!((books::supply_at(NOW), token.balance_of(alice())), (150, 100), "no token has moved");
}

#[ink::test]
fn delegating_again_replaces_and_no_shares_revoke() {
    clock(NOW);
    let mut token = token();
    caller(alice());
    assert_eq!(token.delegate(shares(&[(bob(), 10_000)]), Some(NEXT)), Ok(()));
    assert_eq!(votes(), [0, 150, 0]);
    assert_eq!(token.delegate(shares(&[(carol(), 5_000), (bob(), 1_000)]), None), Ok(()));
    assert_eq!(votes(), [40, 60, 50]);
    assert_eq!(token.delegate(vec![], None), Ok(()));
    assert_eq!(votes(), [100, 50, 0]);
    assert_eq!(token.delegation(alice()), Delegation::default());
}

#[ink::test]
fn an_end_needs_nobody_to_send_anything() {
    clock(NOW);
    let mut token = token();
    caller(alice());
    assert_eq!(token.delegate(shares(&[(bob(), 10_000)]), Some(NEXT)), Ok(()));
    clock(NEXT - 1);
    assert_eq!(votes(), [0, 150, 0]);
    clock(NEXT);
    assert_eq!(votes(), [100, 50, 0]);
    assert_eq!(token.delegation(alice()), Delegation::default());
    clock(NEXT + 1);
    assert_eq!(books::votes_at(bob(), NEXT - 1), 150, "what was, was");
    let over = Standing { power: 100, away: vec![] };
    assert_eq!((books::votes_at(bob(), NEXT), books::standing_at(alice(), NEXT)), (50, over));
}

#[ink::test]
fn what_was_received_is_not_passed_on() {
    clock(NOW);
    let mut token = token();
    caller(alice());
    assert_eq!(token.delegate(shares(&[(bob(), 10_000)]), None), Ok(()));
    caller(bob());
    assert_eq!(token.delegate(shares(&[(carol(), 10_000)]), None), Ok(()));
    assert_eq!(votes(), [0, 100, 50]);
}

#[ink::test]
fn a_ninth_representative_is_refused() {
    let nine: Vec<_> = (11..20).map(|number| (person(number), 1)).collect();
    assert_refused(DelegationError::TooManyShares, &[(&nine, None)]);
}

#[ink::test]
fn an_empty_share_is_refused() {
    assert_refused(DelegationError::EmptyShare, &[(&[(bob(), 1), (carol(), 0)], None)]);
}

#[ink::test]
fn a_share_for_oneself_is_refused() {
    assert_refused(DelegationError::ToOneself, &[(&[(bob(), 1), (alice(), 1)], None)]);
}

#[ink::test]
fn a_share_for_the_zero_account_is_refused() {
    assert_refused(DelegationError::ToNobody, &[(&[(nobody(), 1)], None)]);
}

#[ink::test]
fn a_representative_named_twice_is_refused() {
    assert_refused(DelegationError::NamedTwice, &[(&[(bob(), 1), (carol(), 1), (bob(), 1)], None)]);
}

#[ink::test]
fn more_than_the_whole_is_refused() {
    let most: Vec<_> = (11..19).map(|number| (person(number), 10_000)).collect();
    let little: &[_] = &[(bob(), 5_000), (carol(), 5_001)];
    assert_refused(DelegationError::OverTheWhole, &[(little, None), (&most, None)]);
}

#[ink::test]
fn an_end_in_the_past_is_refused() {
    assert_refused(DelegationError::EndsInPast, &[0, 2_800 * EPOCH, NOW].map(to_bob));
}

#[ink::test]
fn an_end_within_an_epoch_is_refused() {
    assert_refused(DelegationError::EndsWithinEpoch, &[NOW + 1, NEXT - 1, NEXT + 1].map(to_bob));
}

#[ink::test]
fn an_end_over_a_year_ahead_is_refused() {
    assert_refused(DelegationError::EndsTooLate, &[2_853 * EPOCH, Moment::MAX].map(to_bob));
}

#[ink::test]
fn the_first_and_the_last_end_are_taken() {
    clock(NOW);
    let mut token = token();
    caller(alice());
    for ends in [NEXT, 2_852 * EPOCH] {
        assert_eq!(token.delegate(shares(&[(bob(), 1)]), Some(ends)), Ok(()));
    }
    clock(NEXT);
    assert_eq!(token.delegate(shares(&[(bob(), 1)]), Some(2_853 * EPOCH)), Ok(()));
}

#[ink::test]
fn the_relay_delegates_for_others_in_the_order_of_their_nonces() {
    clock(NOW);
    let mut token = token();
    let mut to_bob = |nonce| token.delegate_for(alice(), shares(&[(bob(), 10_000)]), None, nonce);
    for person in [alice(), bob(), nobody()] {
        caller(person);
        assert_eq!(to_bob(0), Err(DelegationError::NotRelay));
    }
    caller(relay());
    assert_eq!(to_bob(1), Err(DelegationError::WrongNonce));
    assert_eq!(to_bob(0), Ok(()));
    assert_eq!(to_bob(0), Err(DelegationError::WrongNonce));
    assert_eq!((token.nonce(alice()), token.nonce(bob()), votes()), (1, 0, [0, 150, 0]));
    assert_eq!(token.delegate_for(alice(), vec![], None, 1), Ok(()));
    assert_eq!((token.nonce(alice()), votes()), (2, [100, 50, 0]));
    assert_eq!(token.relay(), relay());
}

#[ink::test]
fn what_is_signed_can_be_read() {
    let order = SignedDelegation {
        delegator: alice(),
        shares: shares(&[(bob(), 2_500), (carol(), 1)]),
        ends: Some(NEXT),
        nonce: 3,
        deadline: NOW,
    };
    let (chain, hex) = (Hash::from([0xc4; 32]), |digits: &str| digits.repeat(32));
    let expected = format!(
        "Gaia delegation\nchain 0x{}\ncontract 0x{}\nfrom 0x{}\nto 0x{}\nshare 2500\nto 0x{}\nshare 1\nends {NEXT}\n\
         nonce 3\nuntil {NOW}",
        hex("c4"),
        hex("09"),
        hex("01"),
        hex("02"),
        hex("03")
    );
    assert_eq!(String::from(order.text(&chain, &person(9))), expected);
    let lasting = SignedDelegation { ends: None, shares: vec![], ..order };
    assert!(!String::from(lasting.text(&chain, &person(9))).contains("ends"));
}
