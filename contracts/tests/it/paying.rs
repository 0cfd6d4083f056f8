//! The treasury's payments, in the native currency and in tokens.

use crate::{
    message,
    vault::{CLEARED, ENDOWMENT, Manner, NATIVE, TOKENS, Vault, budget, milestone},
    world::{ALICE, BOB, CAROL, GENERAL, START, STRANGER, TREASURY, World, account, chain, id},
};
use drink::AccountId32;
use interfaces::{
    token::PSP22Error,
    treasury::{Asset, Budget, Deposited, Paid, Payment, TreasuryError},
};

/// When streams end here.
const END: u64 = START + 100;

#[test]
fn strangers_are_refused() {
    let mut world = World::new();
    for person in [ALICE, STRANGER] {
        let order = message!("Treasury::pay", Payment { category: GENERAL, payee: id(&BOB), amount: 1 });
        let answer: Result<(), _> = world.send(&person, world.treasury, order);
        assert_eq!(answer, Err(TreasuryError::NotGovernor));
    }
    assert_eq!(world.holds(world.treasury), TREASURY);
}

#[test]
fn a_payment_arrives_and_is_announced() {
    let mut vault = Vault::new();
    for (category, asset) in [(NATIVE, Asset::Native), (TOKENS, vault.tokens())] {
        let before = vault.has(&BOB, asset);
        assert_eq!(vault.pay(category, &BOB, 300), Ok(()));
        vault.world.expect_events(&[Paid { category, payee: id(&BOB), asset, amount: 300 }]);
        assert_eq!((vault.has(&BOB, asset) - before, vault.books(asset)), (300, (ENDOWMENT - 300, 0)));
        assert_eq!(vault.left(category), 700);
    }
}

#[test]
fn a_payment_of_nothing_is_refused() {
    assert_eq!(Vault::new().pay(NATIVE, &BOB, 0), Err(TreasuryError::ZeroAmount));
}

#[test]
fn a_payment_from_no_budget_is_refused() {
    assert_eq!(Vault::new().pay(77, &BOB, 1), Err(TreasuryError::UnknownCategory));
}

#[test]
fn more_than_is_free_is_refused() {
    let mut vault = Vault::new();
    for category in [NATIVE, TOKENS] {
        let generous = Budget {
            cap: u128::MAX,
            ..vault.ask::<Option<_>>(message!("Budgets::budget", category)).expect("it has a budget")
        };
        assert_eq!(vault.set_budget(category, generous), Ok(()));
        for amount in [ENDOWMENT + 1, u128::MAX] {
            assert_eq!(vault.pay(category, &BOB, amount), Err(TreasuryError::NotFree));
        }
        assert_eq!(vault.pay(category, &BOB, ENDOWMENT), Ok(()));
        assert_eq!(vault.books(generous.asset), (0, 0));
    }
}

#[test]
fn neither_itself_nor_nobody_is_paid() {
    let mut vault = Vault::new();
    for payee in [account(vault.treasury), AccountId32::new([0; 32])] {
        assert_eq!(vault.pay(NATIVE, &payee, 1), Err(TreasuryError::BadPayee));
        assert_eq!(vault.open_stream(NATIVE, &payee, 1, 0, u64::MAX), Err(TreasuryError::BadPayee));
        let step = milestone(&payee, 1);
        assert_eq!(vault.open_escrow(NATIVE, &[step]), Err(TreasuryError::BadPayee));
    }
}

#[test]
fn anyone_can_deposit() {
    let mut vault = Vault::new();
    let _: () = vault.world.pay(&STRANGER, vault.treasury, message!("Treasury::deposit"), 70);
    vault.world.expect_events(&[Deposited { from: id(&STRANGER), amount: 70 }]);
    let _: () = vault.ask(message!("Treasury::deposit"));
    vault.world.expect_events::<Deposited>(&[]);
    assert_eq!(vault.books(Asset::Native), (ENDOWMENT + 70, 0));
}

#[test]
fn what_comes_in_unasked_is_free() {
    let mut vault = Vault::new();
    vault.world.give(vault.treasury, 5);
    vault.give_tokens(vault.treasury, 6);
    assert_eq!((vault.books(Asset::Native), vault.books(vault.tokens())), ((ENDOWMENT + 5, 0), (ENDOWMENT + 6, 0)));
}

#[test]
fn a_payee_that_is_a_contract_is_paid_without_running_its_code() {
    let mut vault = Vault::new();
    // None of its messages takes money, and none is called.
    let payee = account(vault.world.registry);
    let before = vault.has(&payee, Asset::Native);
    assert_eq!(vault.pay(NATIVE, &payee, 9), Ok(()));
    assert_eq!(vault.has(&payee, Asset::Native) - before, 9);
}

#[test]
fn a_token_that_does_not_move_exactly_the_amount_is_refused() {
    let mut vault = Vault::new();
    let tokens = vault.tokens();
    let crooked = [
        Manner::Refuses,
        Manner::Pretends,
        Manner::Denies,
        Manner::TakesFee,
        Manner::Mints,
        Manner::Traps,
        Manner::Bans(id(&BOB)),
    ];
    for manner in crooked {
        vault.behave(manner);
        assert_eq!(vault.pay(TOKENS, &BOB, 10), Err(TreasuryError::TokenFailed), "{manner:?}");
        vault.world.expect_events::<Paid>(&[]);
        assert_eq!((vault.books(tokens), vault.left(TOKENS)), ((ENDOWMENT, 0), 1_000), "{manner:?}");
        assert_eq!(vault.tokens_of(id(&BOB)), 0, "{manner:?}");
    }
    assert_eq!(vault.pay(TOKENS, &CAROL, 10), Ok(()), "who is not banned is paid");
}

#[test]
fn a_token_that_does_not_answer_is_refused() {
    let mut vault = Vault::new();
    vault.behave(Manner::Hides);
    assert_eq!(vault.pay(TOKENS, &BOB, 10), Err(TreasuryError::TokenFailed));
    let tokens = vault.tokens();
    assert_eq!(vault.free(tokens), Err(TreasuryError::TokenFailed));
    let nobody = Asset::Token(id(&BOB));
    assert_eq!(vault.set_budget(7, budget(nobody)), Ok(()));
    assert_eq!(vault.pay(7, &CAROL, 10), Err(TreasuryError::TokenFailed));
    assert_eq!(vault.open_stream(7, &CAROL, 10, 0, u64::MAX), Err(TreasuryError::TokenFailed));
}

#[test]
fn a_token_that_calls_back_is_refused() {
    let mut vault = Vault::new();
    vault.give_tokens(id(&BOB), 30);
    vault.behave(Manner::CallsBack);
    let tokens = vault.tokens();
    for message in [message!("Streams::claim", 0_u32), message!("Treasury::deposit"), message!("Treasury::balance")] {
        vault.aim(message);
        assert_eq!(vault.pay(TOKENS, &CAROL, 10), Err(TreasuryError::TokenFailed));
        assert_eq!((vault.books(tokens), vault.left(TOKENS)), ((ENDOWMENT, 0), 1_000));

        // It is answered when the treasury is not in the midst of a payment.
        let transfer = message!("PSP22::transfer", id(&CAROL), 10_u128, Vec::<u8>::new());
        let sent: Result<(), PSP22Error> = vault.world.send(&BOB, vault.token, transfer);
        assert_eq!((sent, vault.let_in()), (Ok(()), 1));
    }
}

#[test]
fn what_others_are_owed_is_not_touched_when_a_token_takes_from_the_treasury() {
    let mut vault = Vault::new();
    assert_eq!(vault.open_stream(TOKENS, &BOB, 900, 0, END), Ok(0));
    let _: () = vault.world.send(&STRANGER, vault.token, message!("confiscate", vault.treasury, ENDOWMENT - 950));
    let tokens = vault.tokens();
    assert_eq!(vault.books(tokens), (50, 900));
    assert_eq!(vault.pay(TOKENS, &CAROL, 51), Err(TreasuryError::NotFree));
    assert_eq!(vault.pay(TOKENS, &CAROL, 50), Ok(()));
    let _: () = vault.world.send(&STRANGER, vault.token, message!("confiscate", vault.treasury, 1_u128));
    assert_eq!(vault.books(tokens), (0, 900));
    vault.world.at(END);
    assert_eq!(vault.claim(0), Err(TreasuryError::NotFree), "it would be paid out of what others are owed");
    vault.give_tokens(vault.treasury, 1);
    assert_eq!(vault.claim(0), Ok(()));
}

#[test]
fn only_who_is_cleared_for_the_budgets_tier_is_paid() {
    let mut vault = Vault::new();
    assert_eq!(vault.pay(CLEARED, &BOB, 1), Err(TreasuryError::NotCleared));
    vault.clear(&BOB, Some(1));
    assert_eq!(vault.pay(CLEARED, &BOB, 1), Err(TreasuryError::NotCleared));
    vault.clear(&BOB, Some(2));
    assert_eq!(vault.pay(CLEARED, &BOB, 1), Ok(()));
    vault.clear(&BOB, None);
    assert_eq!(vault.pay(CLEARED, &BOB, 1), Err(TreasuryError::NotCleared));
}

#[test]
fn without_a_registry_that_answers_nobody_is_cleared() {
    let mut vault = Vault::new();
    let asking = Budget { tier: Some(0), ..budget(Asset::Native) };
    let world = &mut vault.world;
    let constructor = message!("new", world.governor, id(&BOB), chain(), vec![(NATIVE, asking)]);
    vault.treasury = world.deploy("treasury", constructor, ENDOWMENT);
    assert_eq!(vault.pay(NATIVE, &BOB, 1), Err(TreasuryError::RegistryFailed));
}
