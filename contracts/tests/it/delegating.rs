//! Voting through representatives: what they can vote with, and who can say so.

mod signed;

use crate::{
    message,
    world::{ALICE, BOB, CAROL, DAVE, ERIN, START, STRANGER, SUPPLY, World, id, share},
};
use ballot::{Choice, Support};
use drink::AccountId32;
use interfaces::{
    Balance, Moment,
    ledger::{Standing, VotesError},
    token::{Delegation, DelegationChanged, DelegationError, EPOCH, PSP22Error, Share},
};

/// The first moment at which a delegation made at the start can end.
const NEXT: Moment = (START / EPOCH + 1) * EPOCH;

/// Shares in basis points.
fn shares(shares: &[(&AccountId32, u16)]) -> Vec<Share> {
    shares.iter().map(|(to, bps)| Share { to: id(to), share: share(*bps) }).collect()
}

/// A person with this number.
fn person(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

impl World {
    fn delegate(
        &mut self,
        who: &AccountId32,
        to: &[(&AccountId32, u16)],
        ends: Option<Moment>,
    ) -> Result<(), DelegationError> {
        self.send(who, self.token, message!("Delegating::delegate", shares(to), ends))
    }

    /// Delegates everything, and has to succeed.
    fn entrust(&mut self, who: &AccountId32, to: &AccountId32) {
        self.delegate(who, &[(to, 10_000)], None).expect("nothing is wrong with it");
    }

    fn delegation(&mut self, who: &AccountId32) -> Delegation {
        self.send(&STRANGER, self.token, message!("Delegating::delegation", id(who)))
    }

    fn votes(&mut self, who: &AccountId32) -> Balance {
        self.send(&STRANGER, self.ledger, message!("Votes::votes", id(who)))
    }

    fn standing_at(&mut self, who: &AccountId32, moment: Moment) -> Result<Standing, VotesError> {
        self.send(&STRANGER, self.ledger, message!("Votes::standing_at", id(who), moment))
    }

    /// The voting power of the five holders, which is always that of all.
    #[track_caller]
    fn assert_votes(&mut self, expected: [Balance; 5]) {
        let votes = [ALICE, BOB, CAROL, DAVE, ERIN].map(|person| self.votes(&person));
        assert_eq!(votes, expected);
        assert_eq!(votes.iter().sum::<Balance>(), SUPPLY);
    }
}

#[test]
fn a_delegation_goes_out_and_comes_back() {
    let mut world = World::new();
    let to = [(&BOB, 5_000), (&CAROL, 2_501)];
    assert_eq!(world.delegate(&ALICE, &to, None), Ok(()));
    world.expect_events(&[DelegationChanged { delegator: id(&ALICE), shares: shares(&to), ends: None }]);
    world.assert_votes([100, 500, 300, 90, 10]);
    assert_eq!(world.delegation(&ALICE), Delegation { shares: shares(&to), ends: None });
    let delegated = world.now();
    world.wait(10);
    assert_eq!(world.delegate(&ALICE, &[], None), Ok(()));
    world.expect_events(&[DelegationChanged { delegator: id(&ALICE), shares: vec![], ends: None }]);
    world.assert_votes([400, 300, 200, 90, 10]);
    world.wait(1);
    let away = vec![(id(&BOB), 200), (id(&CAROL), 100)];
    assert_eq!(world.standing_at(&ALICE, delegated), Ok(Standing { power: 100, away }));
    assert_eq!(world.votes_at(&BOB, delegated), Ok(500));
    assert_eq!(world.votes_at(&BOB, delegated + 10), Ok(300));
}

#[test]
fn a_representative_votes_with_what_it_had_at_the_snapshot() {
    let mut world = World::new();
    world.delegate(&ALICE, &[(&BOB, 5_000)], None).expect("Alice delegates");
    world.wait(1);
    let proposal = world.opened(vec![world.payment(&ERIN, 1)]);
    world.delegate(&ALICE, &[], None).expect("Alice revokes, too late for this vote");
    world.vote(&BOB, proposal, Choice::Majority(Support::For)).expect("Bob votes");
    assert_eq!(world.receipt(proposal, &BOB).map(|receipt| receipt.power), Some(500));
}

#[test]
fn a_delegation_ends_without_a_transaction() {
    let mut world = World::new();
    assert_eq!(world.delegate(&ALICE, &[(&BOB, 10_000)], Some(NEXT)), Ok(()));
    world.at(NEXT - 1);
    world.assert_votes([0, 700, 200, 90, 10]);
    world.at(NEXT);
    world.assert_votes([400, 300, 200, 90, 10]);
    assert_eq!(world.delegation(&ALICE), Delegation::default());
    assert_eq!(world.votes_at(&BOB, NEXT - 1), Ok(700));
    world.wait(1);
    assert_eq!((world.votes_at(&ALICE, NEXT), world.votes_at(&BOB, NEXT)), (Ok(400), Ok(300)));
    world.transfer(&ALICE, &CAROL, 100).expect("Alice holds enough");
    world.assert_votes([300, 300, 300, 90, 10]);
}

#[test]
fn a_transfer_moves_the_power_of_both_sides_representatives_exactly() {
    let mut world = World::new();
    world.delegate(&ALICE, &[(&CAROL, 3_333), (&DAVE, 1)], Some(NEXT)).expect("Alice delegates");
    world.delegate(&BOB, &[(&ERIN, 5_000)], None).expect("Bob delegates");
    world.assert_votes([267, 150, 333, 90, 160]);
    world.transfer(&ALICE, &BOB, 7).expect("Alice holds enough");
    // Of 393 a third, rounded down, is 130; of 307 one half is 153.
    world.assert_votes([263, 154, 330, 90, 163]);
    world.at(NEXT);
    world.assert_votes([393, 154, 200, 90, 163]);
}

#[test]
fn a_representative_can_be_the_other_side_of_a_transfer() {
    let mut world = World::new();
    world.entrust(&ALICE, &BOB);
    world.transfer(&ALICE, &BOB, 50).expect("Alice holds enough");
    world.assert_votes([0, 700, 200, 90, 10]);
    world.delegate(&BOB, &[(&ALICE, 5_000)], None).expect("Bob delegates back");
    world.assert_votes([175, 525, 200, 90, 10]);
    world.transfer(&BOB, &ALICE, 150).expect("Bob holds enough");
    world.assert_votes([100, 600, 200, 90, 10]);
}

#[test]
fn both_sides_of_a_transfer_can_share_a_representative() {
    let mut world = World::new();
    world.entrust(&ALICE, &CAROL);
    world.delegate(&BOB, &[(&CAROL, 5_000)], Some(NEXT)).expect("Bob delegates");
    world.assert_votes([0, 150, 750, 90, 10]);
    world.transfer(&ALICE, &BOB, 100).expect("Alice holds enough");
    world.assert_votes([0, 200, 700, 90, 10]);
}

#[test]
fn tokens_bought_after_a_delegation_vote_through_it_from_then_on() {
    let mut world = World::new();
    world.entrust(&ERIN, &DAVE);
    world.wait(10);
    let before = world.now() - 1;
    world.transfer(&ALICE, &ERIN, 40).expect("Alice holds enough");
    world.assert_votes([360, 300, 200, 140, 0]);
    assert_eq!(world.votes_at(&DAVE, before), Ok(100), "not for what was decided before");
}

#[test]
fn burnt_tokens_leave_the_representative_and_the_supply() {
    let mut world = World::new();
    world.entrust(&ALICE, &BOB);
    let burnt: Result<(), PSP22Error> = world.send(&ALICE, world.token, message!("PSP22Burnable::burn", 100_u128));
    assert_eq!(burnt, Ok(()));
    world.wait(1);
    let now = world.now();
    assert_eq!((world.votes(&ALICE), world.votes(&BOB), world.supply_at(now - 1)), (0, 600, Ok(900)));
    assert_eq!(world.supply_at(START), Ok(1_000));
}

#[test]
fn a_refused_delegation_changes_nothing() {
    let mut world = World::new();
    world.entrust(&ALICE, &BOB);
    let refused = world.delegate(&ALICE, &[(&CAROL, 6_000), (&DAVE, 6_000)], None);
    assert_eq!(refused, Err(DelegationError::OverTheWhole));
    world.assert_votes([0, 700, 200, 90, 10]);
}

/// An attacker made the histories of others undecodable elsewhere, by some 680 small transfers.
#[test]
fn a_history_of_a_thousand_changes_still_costs_and_answers_the_same() {
    let mut world = World::new();
    world.entrust(&ALICE, &BOB);
    let transfer = |to: &AccountId32| message!("PSP22::transfer", id(to), 1_u128, Vec::<u8>::new());
    let changes = 1_000;
    let mut costs = vec![];
    for change in 1..=changes {
        world.at(START + change);
        let (from, to) = if change % 2 == 0 { (DAVE, ALICE) } else { (ALICE, DAVE) };
        costs.push(world.weigh(&from, world.token, transfer(&to)));
    }
    assert_eq!(costs[10], costs[usize::try_from(changes).expect("a small number") - 2]);
    world.at(START + changes + 1);
    for change in [1, 2, 500, 679, 680, 681, changes - 1, changes] {
        let sent = Balance::from(change % 2);
        assert_eq!(world.votes_at(&BOB, START + change), Ok(700 - sent), "after {change}");
        assert_eq!(world.votes_at(&DAVE, START + change), Ok(90 + sent), "after {change}");
    }
}

/// Whoever likes can delegate to anyone, and until whenever.
#[test]
fn dust_with_every_possible_end_costs_others_little_and_never_more() {
    let mut world = World::new();
    world.entrust(&ALICE, &BOB);
    let mut moment = START + 100;
    let mut pay = |world: &mut World| {
        moment += 1;
        world.at(moment);
        world.weigh(&ALICE, world.token, message!("PSP22::transfer", id(&CAROL), 1_u128, Vec::<u8>::new()))
    };
    pay(&mut world);
    let (clean, clean_deposit) = pay(&mut world);
    let dust = |world: &mut World, people: std::ops::Range<u8>| {
        for (epochs, number) in (0..).zip(people) {
            let thrower = person(number);
            world.give(id(&thrower), 1_000_000_000);
            world.transfer(&DAVE, &thrower, 1).expect("Dave holds enough");
            world.delegate(&thrower, &[(&BOB, 10_000)], Some(NEXT + epochs % 52 * EPOCH)).expect("it can be made");
        }
    };
    dust(&mut world, 1..53);
    pay(&mut world);
    let (dusty, dusty_deposit) = pay(&mut world);
    dust(&mut world, 53..90);
    pay(&mut world);
    let (worst, worst_deposit) = pay(&mut world);
    assert!(dusty.ref_time() < 2 * clean.ref_time(), "{dusty:?} is over twice {clean:?}");
    assert!(dusty.proof_size() < 2 * clean.proof_size(), "{dusty:?} is over twice {clean:?}");
    assert_eq!((worst, worst_deposit), (dusty, dusty_deposit), "no more ends, no more costs");
    assert!(dusty_deposit > clean_deposit);
    let powers = [0, 1, 26, 50, 51].map(|epochs| {
        world.at(NEXT + epochs * EPOCH);
        world.votes(&BOB)
    });
    // Of 400 Alice has sent 6. The second wave's 37 end with the first 37 of the first.
    let alices = 300 + 394;
    assert_eq!(powers, [87, 85, 35, 1, 0].map(|dust| alices + dust));
}
