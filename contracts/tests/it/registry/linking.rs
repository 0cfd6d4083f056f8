//! Linking accounts by signatures, and every way in which they must not be used.

use super::{Bureau, Done, SOON, identity, short};
use crate::{
    message,
    vault::Key,
    world::{ATTESTOR, START, chain, id},
};
use drink::AccountId32;
use interfaces::{
    Hash, Moment,
    registry::{Attested, Link, Linked, RegistryError},
    signed::Signature,
};

/// A registry in which the second of these belongs to identity 1.
fn attested() -> (Bureau, [Key; 3]) {
    let (mut bureau, keys) = (Bureau::new(), [1, 2, 3].map(Key::new));
    assert_eq!(bureau.attest(&keys[1].account, short(1, 1)), Ok(()));
    (bureau, keys)
}

/// The first link of an account.
fn first(account: &Key, with: &Key) -> Link {
    Link { account: account.id(), with: with.id(), nonce: 0, deadline: START + 100 }
}

impl Bureau {
    fn nonce(&mut self, account: &Key) -> u32 {
        self.ask(message!("Links::nonce", account.id()))
    }

    fn send_link(&mut self, link: Link, one: Signature, other: Signature) -> Done {
        self.ask(message!("Links::link", link, one, other))
    }

    fn leave(&mut self, account: &AccountId32) {
        self.world.give(id(account), 1_000_000_000_000);
        assert_eq!(self.detach(account, account), Ok(()));
    }
}

#[test]
fn an_account_joins_the_identity_of_another_when_both_have_signed() {
    let (mut bureau, [account, with, _]) = attested();
    let link = first(&account, &with);
    assert_eq!(bureau.link(link, &account, &with), Ok(()));
    bureau.world.expect_events(&[Attested { account: link.account, identity: identity(1) }]);
    bureau.world.expect_events(&[Linked { account: link.account, with: link.with, identity: identity(1), nonce: 0 }]);
    assert_eq!((bureau.identity_of(&account.account), bureau.nonce(&account)), (Some(identity(1)), 1));
    assert_eq!((bureau.is_cleared(&account.account, 1), bureau.nonce(&with)), (true, 0));
    bureau.world.wait(1);
    assert_eq!(bureau.population_at(START), Ok(1), "it is the same identity");
}

#[test]
fn what_was_signed_once_is_no_good_after_the_two_have_parted() {
    let (mut bureau, [account, with, _]) = attested();
    let link = first(&account, &with);
    assert_eq!(bureau.link(link, &account, &with), Ok(()));
    assert_eq!(bureau.link(link, &account, &with), Err(RegistryError::WrongNonce));
    bureau.leave(&account.account);
    assert_eq!(bureau.identity_of(&account.account), None);
    for nonce in [0, 2, u32::MAX] {
        let again = Link { nonce, ..link };
        assert_eq!(bureau.link(again, &account, &with), Err(RegistryError::WrongNonce));
    }
    assert_eq!(bureau.link(Link { nonce: 1, ..link }, &account, &with), Ok(()));
    assert_eq!(bureau.nonce(&account), 2);
}

#[test]
fn a_link_is_taken_until_its_deadline() {
    let (mut bureau, [account, with, _]) = attested();
    let link = first(&account, &with);
    bureau.world.at(link.deadline + 1);
    assert_eq!(bureau.link(link, &account, &with), Err(RegistryError::DeadlinePassed));
    bureau.world.at(link.deadline);
    assert_eq!(bureau.link(link, &account, &with), Ok(()));
}

#[test]
fn both_must_have_signed() {
    let (mut bureau, [account, with, other]) = attested();
    let link = first(&account, &with);
    for (one, two) in [(&with, &with), (&account, &account), (&with, &account), (&other, &with), (&account, &other)] {
        assert_eq!(bureau.link(link, one, two), Err(RegistryError::WrongSignature));
    }
    assert_eq!((bureau.identity_of(&account.account), bureau.nonce(&account)), (None, 0));
}

#[test]
fn nothing_that_was_signed_can_be_changed() {
    let (mut bureau, [account, with, other]) = attested();
    assert_eq!(bureau.attest(&other.account, short(2, 1)), Ok(()));
    let link = first(&account, &with);
    let text = link.text(&chain(), &bureau.registry);
    let signatures = [&account, &with].map(|key| key.sign(text.as_bytes()));
    let changed = [
        Link { with: other.id(), ..link },
        Link { account: id(&ATTESTOR), ..link },
        Link { deadline: Moment::MAX, ..link },
    ];
    for link in changed {
        assert_eq!(bureau.send_link(link, signatures[0], signatures[1]), Err(RegistryError::WrongSignature));
    }
    assert_eq!(bureau.send_link(link, signatures[0], signatures[1]), Ok(()), "it is good as it was signed");
}

#[test]
fn a_link_for_another_chain_or_registry_is_refused() {
    let (mut bureau, [account, with, _]) = attested();
    let link = first(&account, &with);
    let elsewhere = [
        link.text(&Hash::from([1; 32]), &bureau.registry),
        link.text(&chain(), &bureau.world.deploy_registry(link.with)),
    ];
    for text in elsewhere {
        let [one, two] = [&account, &with].map(|key| key.sign(text.as_bytes()));
        assert_eq!(bureau.send_link(link, one, two), Err(RegistryError::WrongSignature));
    }
}

#[test]
fn nobody_joins_who_belongs_to_somebody_already() {
    let (mut bureau, [account, with, other]) = attested();
    assert_eq!(bureau.attest(&account.account, short(2, 1)), Ok(()));
    assert_eq!(bureau.link(first(&account, &with), &account, &with), Err(RegistryError::AlreadyAttested));
    assert_eq!(bureau.link(first(&with, &with), &with, &with), Err(RegistryError::AlreadyAttested));
    assert_eq!(bureau.link(first(&other, &account), &other, &account), Ok(()));
    assert_eq!(bureau.nonce(&account), 0, "what is refused counts for nothing");
}

#[test]
fn nobody_joins_who_is_not_attested() {
    let (mut bureau, [account, with, other]) = attested();
    let (link, late) = (first(&account, &with), Link { deadline: Moment::MAX, ..first(&account, &with) });
    assert_eq!(bureau.link(first(&account, &other), &account, &other), Err(RegistryError::NotAttested));
    assert_eq!(bureau.link(first(&account, &account), &account, &account), Err(RegistryError::NotAttested));
    assert_eq!(bureau.revoke(&ATTESTOR, 1), Ok(()));
    assert_eq!(bureau.link(link, &account, &with), Err(RegistryError::NotAttested));
    assert_eq!(bureau.renew(&ATTESTOR, short(1, 1)), Ok(()));
    bureau.world.at(SOON + 1);
    assert_eq!(bureau.link(late, &account, &with), Err(RegistryError::NotAttested));
    bureau.world.at(SOON);
    assert_eq!(bureau.link(late, &account, &with), Ok(()));
}
