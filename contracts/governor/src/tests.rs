use crate::governor::Governor;
use ballot::{BasisPoints, Mechanism, Thresholds};
use ink::env::{DefaultEnvironment, test};
use interfaces::{
    AccountId,
    governor::{Governor as Messages, GovernorError, Guardian, Kind, Mechanisms, Parts, Rules},
    upgrade::{Upgradable, UpgradeError},
};

fn share(bps: u16) -> BasisPoints {
    BasisPoints::new(bps).expect("a share in a test is one")
}

fn rules() -> Rules {
    Rules {
        mechanisms: Mechanisms::ALL,
        proposal_threshold: 1,
        deposit: 0,
        voting_delay: 0,
        voting_period: 10,
        freeze: 10,
        extension: 10,
        thresholds: Thresholds { quorum: share(0), approval: share(5_000), plurality: share(0) },
        credits: 1,
        execution_delay: 0,
        execution_window: 1,
        spend_cap: 0,
        period_cap: 0,
        period: 1,
        guarded: false,
    }
}

fn governor(rules: Rules, guardian: Option<Guardian>, live_limit: u32) -> Result<Governor, GovernorError> {
    Governor::new([rules; 4], guardian, live_limit)
}

fn account(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

#[ink::test]
fn it_keeps_what_it_was_given() {
    let guardian = Some(Guardian { account: account(7), until: 9 });
    let each = [1, 2, 3, 4].map(|deposit| Rules { deposit, ..rules() });
    let governor = Governor::new(each, guardian, 3).expect("the rules can be used");
    assert_eq!(Kind::ALL.map(|kind| governor.rules(kind)), each);
    assert_eq!((governor.guardian(), governor.live_limit(), governor.parts()), (guardian, 3, None));
    assert_eq!((governor.proposal_count(), governor.storage_version()), (0, 1));
}

#[ink::test]
fn rules_at_the_bounds_can_be_used() {
    let majority_only = Mechanisms::from_iter([Mechanism::Majority]);
    for good in [rules(), Rules { mechanisms: majority_only, credits: 0, ..rules() }] {
        assert!(governor(good, None, 1).is_ok(), "{good:?}");
    }
}

#[ink::test]
fn rules_under_which_nothing_can_pass_are_refused() {
    let shares =
        |approval, plurality| Thresholds { quorum: share(0), approval: share(approval), plurality: share(plurality) };
    for bad in [
        Rules { voting_period: 0, ..rules() },
        Rules { execution_window: 0, ..rules() },
        Rules { period: 0, ..rules() },
        Rules { thresholds: shares(10_000, 0), ..rules() },
        Rules { thresholds: shares(4_999, 0), ..rules() },
        Rules { thresholds: shares(5_000, 10_000), ..rules() },
        Rules { mechanisms: Mechanisms(0), ..rules() },
        Rules { mechanisms: Mechanisms(1 << 6), ..rules() },
        Rules { freeze: 11, ..rules() },
        Rules { extension: 11, ..rules() },
        Rules { credits: 0, ..rules() },
        Rules { voting_delay: u64::MAX, ..rules() },
        Rules { execution_delay: u64::MAX, ..rules() },
        Rules { execution_window: u64::MAX / 2, ..rules() },
    ] {
        assert_eq!(governor(bad, None, 1).err(), Some(GovernorError::BadRules), "{bad:?}");
    }
}

#[ink::test]
fn a_limit_of_no_live_proposals_is_refused() {
    assert_eq!(governor(rules(), None, 0).err(), Some(GovernorError::BadRules));
}

#[ink::test]
fn only_who_instantiated_it_tells_it_its_parts() {
    let mut governor = governor(rules(), None, 1).expect("the rules can be used");
    let people = test::default_accounts::<DefaultEnvironment>();
    test::set_caller::<DefaultEnvironment>(people.bob);
    let parts = Parts { ledger: account(1), polls: account(2), treasury: account(3), settings: account(4) };
    assert_eq!(governor.install(parts), Err(GovernorError::BadParts));
}

/// Why a message is refused. Off chain a refusal cannot undo anything, so it panics.
fn why<T>(message: impl FnOnce() -> T) -> GovernorError {
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(message)).err();
    *refused.and_then(|refusal| refusal.downcast().ok()).expect("it is refused")
}

#[ink::test]
fn what_was_never_proposed_is_unknown() {
    let mut governor = governor(rules(), None, 1).expect("the rules can be used");
    type Message = fn(&mut Governor) -> Result<(), GovernorError>;
    let messages: [Message; 7] = [
        |governor| governor.submit(0),
        |governor| governor.sponsor(0),
        |governor| governor.queue(0),
        |governor| governor.execute(7),
        |governor| governor.cancel(7),
        |governor| governor.veto(7, true),
        |governor| governor.settle(7),
    ];
    for message in messages {
        assert_eq!(why(|| message(&mut governor)), GovernorError::UnknownProposal);
    }
    assert_eq!((governor.proposal(0), governor.draft_of(0), governor.calls(0, 0)), (None, None, vec![]));
}

#[ink::test]
fn nobody_changes_it_by_message() {
    let mut governor = governor(rules(), None, 1).expect("the rules can be used");
    let refused = Err(GovernorError::NotGoverned);
    assert_eq!(governor.set_rules(Kind::ParameterChange, rules()), refused);
    assert_eq!([governor.set_guardian(None), governor.set_live_limit(2)], [refused; 2]);
    assert_eq!(governor.upgrade([1; 32].into()), Err(UpgradeError::NotGoverned));
    assert_eq!(governor.migrate(), Ok(()));
}
