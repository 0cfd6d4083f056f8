//! The token off chain.
#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

mod books;
mod delegating;
mod model;

use crate::token::Token;
use books::{supply_at, votes};
use ink::{
    env::{DefaultEnvironment, Event, test},
    reflect::DispatchableMessageInfo,
    scale::Decode,
};
use interfaces::{
    AccountId, Balance, Moment,
    token::{Approval, PSP22, PSP22Burnable, PSP22Error, PSP22Metadata, Transfer},
};

fn alice() -> AccountId {
    person(1)
}

fn bob() -> AccountId {
    person(2)
}

fn carol() -> AccountId {
    person(3)
}

fn nobody() -> AccountId {
    person(0)
}

fn relay() -> AccountId {
    person(22)
}

fn person(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

fn created(holders: &[(AccountId, Balance)]) -> Result<Token, PSP22Error> {
    Token::new(person(20), person(21), relay(), Some("Gaia".into()), Some("GAIA".into()), 12, holders.to_vec())
}

/// Alice holds 100 tokens, Bob 50.
fn token() -> Token {
    created(&[(alice(), 100), (bob(), 50)]).expect("the holders are in order")
}

fn caller(person: AccountId) {
    test::set_caller::<DefaultEnvironment>(person);
}

fn clock(moment: Moment) {
    test::set_block_timestamp::<DefaultEnvironment>(moment);
}

/// The events of this kind, since the test began.
fn events<E: Event + Decode>() -> Vec<E> {
    let signature = E::SIGNATURE_TOPIC.expect("no event here is anonymous");
    let of_kind =
        test::recorded_events().filter(|event| event.topics.first().is_some_and(|topic| topic[..] == signature));
    of_kind.map(|event| E::decode(&mut &event.data[..]).expect("an event is of its signature's type")).collect()
}

#[ink::test]
fn selectors_are_the_standards() {
    // That these compile says that the token answers to the selector; the name says with which message.
    macro_rules! assert_answers {
        ($($selector:literal: $name:literal,)*) => {$(
            assert_eq!(<Token as DispatchableMessageInfo<$selector>>::LABEL, $name);
            assert_eq!(<Token as DispatchableMessageInfo<$selector>>::SELECTOR, u32::to_be_bytes($selector));
        )*};
    }
    assert_answers! {
        0x162d_f8c2: "PSP22::total_supply",
        0x6568_382f: "PSP22::balance_of",
        0x4d47_d921: "PSP22::allowance",
        0xdb20_f9f5: "PSP22::transfer",
        0x54b3_c76e: "PSP22::transfer_from",
        0xb20f_1bbd: "PSP22::approve",
        0x96d6_b57a: "PSP22::increase_allowance",
        0xfecb_57d5: "PSP22::decrease_allowance",
        0x3d26_1bd4: "PSP22Metadata::token_name",
        0x3420_5be5: "PSP22Metadata::token_symbol",
        0x7271_b782: "PSP22Metadata::token_decimals",
        0x7a9d_a510: "PSP22Burnable::burn",
    }
}

#[ink::test]
fn the_supply_is_what_the_holders_were_given() {
    clock(7);
    let token = token();
    assert_eq!(token.total_supply(), 150);
    assert_eq!((token.balance_of(alice()), votes(bob()), token.balance_of(carol())), (100, 50, 0));
    assert_eq!(token.token_name().as_deref(), Some("Gaia"));
    assert_eq!(token.token_symbol().as_deref(), Some("GAIA"));
    assert_eq!(token.token_decimals(), 12);
    let minted = |to, value| Transfer { from: None, to: Some(to), value };
    assert_eq!(events::<Transfer>(), [minted(alice(), 100), minted(bob(), 50)]);
}

#[ink::test]
fn holders_out_of_order_are_refused() {
    assert!(matches!(created(&[(alice(), 1), (alice(), 2)]), Err(PSP22Error::Custom(_))));
    assert!(matches!(created(&[(bob(), 0)]), Err(PSP22Error::Custom(_))));
    assert!(matches!(created(&[(bob(), 1), (carol(), Balance::MAX)]), Err(PSP22Error::Custom(_))));
    assert!(matches!(created(&[(nobody(), 1)]), Err(PSP22Error::ZeroRecipientAddress)));
}

#[ink::test]
fn a_transfer_moves_tokens_and_says_so() {
    let mut token = token();
    caller(alice());
    assert_eq!(token.transfer(carol(), 30, vec![1, 2]), Ok(()));
    assert_eq!((token.balance_of(alice()), token.balance_of(carol()), token.total_supply()), (70, 30, 150));
    assert_eq!(events::<Transfer>().pop(), Some(Transfer { from: Some(alice()), to: Some(carol()), value: 30 }));
    assert_eq!(token.transfer(carol(), 71, vec![]), Err(PSP22Error::InsufficientBalance));
    assert_eq!(token.transfer(nobody(), 1, vec![]), Err(PSP22Error::ZeroRecipientAddress));
}

#[ink::test]
fn sending_nothing_or_to_oneself_does_nothing_and_says_nothing() {
    let mut token = token();
    let before = events::<Transfer>().len();
    caller(alice());
    for (to, value) in [(bob(), 0), (alice(), 10), (alice(), 1_000)] {
        assert_eq!(token.transfer(to, value, vec![]), Ok(()));
        assert_eq!(token.transfer_from(alice(), to, 0, vec![]), Ok(()));
    }
    caller(carol());
    assert_eq!(token.transfer_from(alice(), bob(), 0, vec![]), Ok(()));
    assert_eq!(token.transfer_from(alice(), alice(), 5, vec![]), Ok(()));
    assert_eq!((token.balance_of(alice()), token.balance_of(bob())), (100, 50));
    assert_eq!(events::<Transfer>().len(), before);
    assert_eq!(events::<Approval>(), []);
}

#[ink::test]
fn a_spender_is_held_to_its_allowance() {
    let mut token = token();
    caller(alice());
    assert_eq!(token.approve(carol(), 40), Ok(()));
    caller(carol());
    assert_eq!(token.transfer_from(alice(), bob(), 41, vec![]), Err(PSP22Error::InsufficientAllowance));
    assert_eq!(token.transfer_from(alice(), bob(), 25, vec![]), Ok(()));
    assert_eq!((token.allowance(alice(), carol()), token.balance_of(bob())), (15, 75));
    let approval = |amount| Approval { owner: alice(), spender: carol(), amount };
    assert_eq!(events::<Approval>(), [approval(40), approval(15)]);
    assert_eq!(events::<Transfer>().pop(), Some(Transfer { from: Some(alice()), to: Some(bob()), value: 25 }));
}

#[ink::test]
fn ones_own_tokens_need_no_allowance() {
    let mut token = token();
    caller(alice());
    assert_eq!(token.transfer_from(alice(), bob(), 60, vec![]), Ok(()));
    assert_eq!(token.approve(alice(), 5), Ok(()));
    assert_eq!(token.allowance(alice(), alice()), 0);
    assert_eq!(events::<Approval>(), []);
}

#[ink::test]
fn an_allowance_grows_and_shrinks_within_bounds() {
    let mut token = token();
    caller(alice());
    assert_eq!(token.increase_allowance(bob(), 10), Ok(()));
    assert_eq!(token.increase_allowance(bob(), 5), Ok(()));
    assert_eq!(token.decrease_allowance(bob(), 12), Ok(()));
    assert_eq!(token.allowance(alice(), bob()), 3);
    assert_eq!(events::<Approval>().len(), 3);
    assert_eq!(token.increase_allowance(bob(), 0), Ok(()));
    assert_eq!(token.decrease_allowance(bob(), 0), Ok(()));
    assert_eq!(events::<Approval>().len(), 3, "no change, no event");
    assert_eq!(token.decrease_allowance(bob(), 4), Err(PSP22Error::InsufficientAllowance));
    assert!(matches!(token.increase_allowance(bob(), Balance::MAX), Err(PSP22Error::Custom(_))));
    assert_eq!(token.approve(nobody(), 1), Err(PSP22Error::ZeroRecipientAddress));
}

#[ink::test]
fn what_is_burnt_is_nobodys() {
    clock(10);
    let mut token = token();
    clock(20);
    caller(alice());
    assert_eq!(token.burn(30), Ok(()));
    assert_eq!(events::<Transfer>().pop(), Some(Transfer { from: Some(alice()), to: None, value: 30 }));
    assert_eq!((token.balance_of(alice()), votes(alice()), token.total_supply()), (70, 70, 120));
    assert_eq!(token.burn(71), Err(PSP22Error::InsufficientBalance));
    let before = events::<Transfer>().len();
    assert_eq!(token.burn(0), Ok(()));
    assert_eq!(events::<Transfer>().len(), before);
    clock(21);
    assert_eq!((supply_at(19), supply_at(20)), (150, 120));
}
