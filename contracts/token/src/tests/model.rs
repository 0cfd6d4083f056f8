//! Power through time, against a model that knows no history: it keeps a copy of everything for every moment at which
//! anything was done, and adds up.

use super::{
    books::{standing_at, supply_at, votes, votes_at},
    caller, clock, created,
    delegating::shares,
    person,
};
use crate::token::Token;
use ink::env::{DefaultEnvironment, test};
use interfaces::{
    AccountId, Balance, Moment,
    ledger::Standing,
    token::{Delegating, EPOCH, PSP22, PSP22Burnable},
};
use proptest::prelude::*;
use std::array;

const PEOPLE: usize = 6;
const BEGIN: Moment = 2_800 * EPOCH + 123_456;

/// Shares in basis points, and until when.
type Delegated = (Vec<(usize, u16)>, Option<Moment>);

/// All there is.
#[derive(Debug, Clone, Default, PartialEq)]
struct State {
    balances: [Balance; PEOPLE],
    delegated: [Delegated; PEOPLE],
}

impl State {
    /// What everyone has delegated away.
    fn away(&self, moment: Moment) -> [Vec<(usize, Balance)>; PEOPLE] {
        array::from_fn(|person| {
            let (shares, ends) = &self.delegated[person];
            let shares = shares.iter().filter(|_| ends.is_none_or(|ends| moment < ends));
            shares.map(|(to, bps)| (*to, self.balances[person] * Balance::from(*bps) / 10_000)).collect()
        })
    }

    /// What everyone votes with.
    fn powers(&self, moment: Moment) -> [Balance; PEOPLE] {
        let mut powers = self.balances;
        for (person, away) in self.away(moment).into_iter().enumerate() {
            for (to, part) in away {
                powers[person] -= part;
                powers[to] += part;
            }
        }
        powers
    }

    fn supply(&self) -> Balance {
        self.balances.iter().sum()
    }
}

#[derive(Debug, Clone)]
enum Act {
    Transfer { to: usize, value: Balance },
    Burn { value: Balance },
    Delegate { to: Vec<(usize, u16)>, epochs: Option<u64> },
}

/// Someone does something, after a pause.
#[derive(Debug, Clone)]
struct Step {
    pause: Moment,
    who: usize,
    act: Act,
}

fn step() -> impl Strategy<Value = Step> {
    let pause = prop_oneof![3 => Just(0), 4 => 1..EPOCH / 3, 1 => EPOCH..3 * EPOCH];
    let person = 0..PEOPLE;
    let share = prop_oneof![Just(1_u16), Just(3_333), Just(5_000), 1..=10_000_u16];
    let act = prop_oneof![
        6 => (person.clone(), 0..400_u128).prop_map(|(to, value)| Act::Transfer { to, value }),
        1 => (0..30_u128).prop_map(|value| Act::Burn { value }),
        4 => (prop::collection::vec((person.clone(), share), 0..4), prop::option::of(1..6_u64))
            .prop_map(|(to, epochs)| Act::Delegate { to, epochs }),
    ];
    (pause, person, act).prop_map(|(pause, who, act)| Step { pause, who, act })
}

/// Does it to both; whether it was done.
fn both(token: &mut Token, state: &mut State, who: usize, act: Act, now: Moment) -> bool {
    let (balances, id) = (&mut state.balances, |person: usize| account(person));
    caller(id(who));
    match act {
        Act::Transfer { to, value } => {
            let can = to == who || balances[who] >= value;
            assert_eq!(token.transfer(id(to), value, vec![]).is_ok(), can);
            if can && to != who {
                balances[who] -= value;
                balances[to] += value;
            }
            can
        }
        Act::Burn { value } => {
            let can = balances[who] >= value;
            assert_eq!(token.burn(value).is_ok(), can);
            if can {
                balances[who] -= value;
            }
            can
        }
        Act::Delegate { to, epochs } => {
            let ends = epochs.map(|epochs| (now / EPOCH + epochs) * EPOCH);
            let named_once = (0..PEOPLE).all(|person| to.iter().filter(|(to, _)| *to == person).count() < 2);
            let whole: u32 = to.iter().map(|(_, bps)| u32::from(*bps)).sum();
            let can = named_once && whole <= 10_000 && to.iter().all(|(to, _)| *to != who);
            let given: Vec<_> = to.iter().map(|(to, bps)| (id(*to), *bps)).collect();
            assert_eq!(token.delegate(shares(&given), ends).is_ok(), can);
            if can {
                state.delegated[who] = (to, ends);
            }
            can
        }
    }
}

fn account(number: usize) -> AccountId {
    person(u8::try_from(number + 1).expect("there are few people"))
}

/// Everyone's power and delegation, and that all power is the supply.
fn check(state: &State, moment: Moment) {
    let powers = state.powers(moment);
    for (person, (power, away)) in powers.into_iter().zip(state.away(moment)).enumerate() {
        let away = away.into_iter().map(|(to, part)| (account(to), part)).collect();
        assert_eq!(standing_at(account(person), moment), Standing { power, away }, "{person} at {moment}");
    }
    let supply = state.supply();
    assert_eq!((supply_at(moment), powers.iter().sum()), (supply, supply), "at {moment}");
}

/// The same for one person's power alone.
fn glance(state: &State, moment: Moment) {
    let person = usize::try_from(moment).expect("64 bits") % PEOPLE;
    assert_eq!(votes_at(account(person), moment), state.powers(moment)[person], "{person} at {moment}");
}

/// Everything about a time in which nothing was done.
fn look_back(state: &State, since: Moment, until: Moment) {
    check(state, since);
    glance(state, until - 1);
    // Within it only the end of an epoch changes anything.
    for end in (since / EPOCH + 1..until.div_ceil(EPOCH)).map(|epoch| epoch * EPOCH) {
        glance(state, end - 1);
        check(state, end);
    }
}

proptest! {
    /// Whatever is done in whatever order, every past moment answers as the model does, and all power is the supply.
    /// The 256 cases that are run unless another number is asked for are over 100,000 operations.
    #[test]
    fn power_is_what_it_was_and_all_of_it_is_the_supply(steps in prop::collection::vec(step(), 395..410)) {
        test::run_test::<DefaultEnvironment, _>(|_| {
            clock(BEGIN);
            let balances = [1_000, 700, 501, 300, 99, 1];
            let holders: Vec<_> = (0..).map(account).zip(balances).collect();
            let mut token = created(&holders).expect("the holders are in order");
            let (mut now, mut state) = (BEGIN, State { balances, ..State::default() });
            let mut past = vec![];
            for Step { pause, who, act } in steps {
                if pause != 0 {
                    clock(now + pause);
                    look_back(&state, now, now + pause);
                    past.push((now, state.clone()));
                    now += pause;
                }
                both(&mut token, &mut state, who, act, now);
                assert_eq!(votes(account(who)), state.powers(now)[who]);
                assert_eq!(token.balance_of(account(who)), state.balances[who]);
            }
            clock(now + 10 * EPOCH);
            look_back(&state, now, now + 8 * EPOCH);
            // Looked at as soon as it was past, and again when it is long past.
            past.iter().step_by(3).for_each(|(since, state)| glance(state, *since));
            Ok(())
        })
        .expect("the test environment works");
    }
}
