//! Random sequences of what people can do, on the contracts and on a naive model of them that keeps everything and
//! computes everything anew. Whatever the model says must be the answer, at every step; and at every few steps all that
//! can be asked must be as the model has it.
//!
//! What this shows besides: no vote, queueing or execution without a proposal; no two of executed, cancelled, vetoed;
//! no vote counted twice, with whatever delegations; tallies that only votes move; deadlines that move once, and on;
//! nothing executed before its delay or after its window; nothing that is over changes; the treasury loses only what
//! was executed and gains only forfeited deposits; the governor holds just the deposits; only proposals change its
//! settings.
//!
//! `PROPTEST_CASES` says how many sequences.

mod model;

use crate::{
    message,
    world::{ALICE, BOB, CAROL, DAVE, ERIN, GUARDIAN, SUPPLY, World, call, id, request},
};
use ballot::{Choice, Support, Tally};
use drink::AccountId32;
use interfaces::{
    Balance, Millis,
    governor::{Kind, ProposalRequest},
    lifecycle::State,
};
use model::{Action, Model, PEOPLE, Who};
use proptest::prelude::*;

/// Sequences in an ordinary run.
const CASES: u32 = 8;
/// Steps of a sequence, at least and at most.
const STEPS: std::ops::RangeInclusive<usize> = 50..=80;
/// Steps between two looks at everything.
const LOOK: usize = 25;

/// What somebody does. A proposal is counted from the latest, 0, backwards; one beyond the first does not exist.
#[derive(Debug, Clone, Copy)]
enum Step {
    Propose(Who, Action),
    Vote(Who, usize, Support),
    Delegate(Who, Option<Who>),
    Transfer(Who, Who, Balance),
    Queue(usize),
    Execute(usize),
    Cancel(Option<Who>, usize),
    Veto(Option<Who>, usize, bool),
    Settle(usize),
    Wait(Millis),
    /// The clock goes to when the proposal's state next changes by itself.
    Await(usize),
    /// Whatever brings the proposal further: left to chance alone, hardly any would be executed.
    Further(usize),
}

fn who() -> impl Strategy<Value = Who> {
    0..PEOPLE
}

/// Mostly the latest proposals, and sometimes one that does not exist.
fn which() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..2_usize, 3 => 2..5_usize, 1 => Just(usize::MAX)]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![4 => (1..500_000_u128).prop_map(Action::Pay), 1 => (0..5_u32).prop_map(Action::Limit)]
}

fn support() -> impl Strategy<Value = Support> {
    prop_oneof![4 => Just(Support::For), 2 => Just(Support::Against), 1 => Just(Support::Abstain)]
}

/// A person, or the guardian.
fn anyone() -> impl Strategy<Value = Option<Who>> {
    prop_oneof![who().prop_map(Some), Just(None)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (who(), action()).prop_map(|(who, action)| Step::Propose(who, action)),
        9 => (who(), which(), support()).prop_map(|(who, which, support)| Step::Vote(who, which, support)),
        2 => (who(), prop::option::of(who())).prop_map(|(who, to)| Step::Delegate(who, to)),
        2 => (who(), who(), 0..450_u128).prop_map(|(from, to, amount)| Step::Transfer(from, to, amount)),
        2 => which().prop_map(Step::Queue),
        2 => which().prop_map(Step::Execute),
        1 => (anyone(), which()).prop_map(|(who, which)| Step::Cancel(who, which)),
        1 => (anyone(), which(), any::<bool>()).prop_map(|(who, which, abuse)| Step::Veto(who, which, abuse)),
        3 => which().prop_map(Step::Settle),
        2 => (1..4_000_u64).prop_map(Step::Wait),
        3 => which().prop_map(Step::Await),
        30 => which().prop_map(Step::Further),
    ]
}

fn person(who: Who) -> AccountId32 {
    [ALICE, BOB, CAROL, DAVE, ERIN][who].clone()
}

fn person_or_guardian(who: Option<Who>) -> AccountId32 {
    who.map_or(GUARDIAN, person)
}

/// The contracts, and what the model makes of them.
struct Machine {
    world: World,
    model: Model,
}

impl Machine {
    fn new() -> Self {
        let mut world = World::under(model::rules());
        let now = world.now();
        Self { world, model: Model::new(now) }
    }

    fn request(&self, action: Action) -> ProposalRequest {
        match action {
            Action::Pay(amount) => request(Kind::TreasurySpending, vec![self.world.payment(&BOB, amount)]),
            Action::Limit(limit) => {
                let set = call(self.world.governor, message!("Governor::set_live_limit", limit));
                request(Kind::ParameterChange, vec![set])
            }
        }
    }

    /// The contracts and the model give the same answer.
    fn take(&mut self, step: Step) {
        let (world, model) = (&mut self.world, &mut self.model);
        match step {
            Step::Propose(who, action) => {
                let request = self.request(action);
                assert_eq!(self.world.propose(&person(who), &request), self.model.propose(who, action));
            }
            Step::Vote(who, which, support) => {
                let poll = model.number(which);
                let choice = Choice::Majority(support);
                assert_eq!(world.vote(&person(who), poll, choice), model.vote(who, poll, support));
            }
            Step::Delegate(who, to) => {
                let answer = world.vote_through(&person(who), to.map(person).as_ref());
                assert_eq!(answer, model.delegate(who, to));
            }
            Step::Transfer(from, to, amount) => {
                assert_eq!(world.transfer(&person(from), &person(to), amount), model.transfer(from, to, amount));
            }
            Step::Queue(which) => {
                let proposal = model.number(which);
                assert_eq!(world.queue(proposal), model.queue(proposal));
            }
            Step::Execute(which) => {
                let proposal = model.number(which);
                assert_eq!(world.execute(proposal), model.execute(proposal));
            }
            Step::Cancel(who, which) => {
                let proposal = model.number(which);
                assert_eq!(world.cancel(&person_or_guardian(who), proposal), model.cancel(who, proposal));
            }
            Step::Veto(who, which, abuse) => {
                let proposal = model.number(which);
                assert_eq!(world.veto(&person_or_guardian(who), proposal, abuse), model.veto(who, proposal, abuse));
            }
            Step::Settle(which) => {
                let proposal = model.number(which);
                assert_eq!(world.settle(proposal), model.settle(proposal));
            }
            Step::Wait(time) => self.go_to(self.model.now + time),
            Step::Await(which) => self.go_to(self.model.next_moment(self.model.number(which))),
            Step::Further(which) => self.take(self.further(which)),
        }
    }

    /// What brings a proposal nearer to its execution.
    fn further(&self, which: usize) -> Step {
        let model = &self.model;
        let proposal = model.number(which);
        match model.state(proposal) {
            Ok(State::Active) => match model.next_supporter(proposal) {
                Some(who) => Step::Vote(who, which, Support::For),
                None => Step::Await(which),
            },
            Ok(State::Succeeded) => Step::Queue(which),
            Ok(State::Queued) if model.is_ready(proposal) => Step::Execute(which),
            Ok(state) if state.is_final() => Step::Settle(which),
            _ => Step::Await(which),
        }
    }

    fn go_to(&mut self, moment: interfaces::Moment) {
        self.world.at(moment);
        self.model.now = moment;
    }

    /// All that can be asked is as the model has it.
    fn look(&mut self) {
        let (world, model) = (&mut self.world, &self.model);
        let mut held = 0;
        for (number, expected) in (0..).zip(&model.proposals) {
            assert_eq!(world.state(number), model.state(number));
            let known = world.proposal(number);
            assert_eq!(known.proposer, id(&person(expected.proposer)));
            assert_eq!(
                (known.progress, known.deposit, known.settled),
                (expected.progress, expected.deposit, expected.settled)
            );
            held += known.deposit;
            let poll = world.poll(number);
            assert_eq!(
                (poll.terms.snapshot, poll.closes, poll.quorum_reached),
                (expected.snapshot, expected.closes, expected.quorum_reached)
            );
            assert_eq!(world.tally(number), Tally::Majority(model.tally(expected)));
        }
        assert_eq!((world.money(world.governor), world.holds(world.treasury)), (held + 1, model.treasury));
        let limit: u32 = world.ask(world.governor, message!("Governor::live_limit"));
        assert_eq!((limit, world.spent(Kind::TreasurySpending, model.now)), (model.limit, model.spent_now()));
        let just_before = model.now - 1;
        let votes = [0, 1, 2, 3, 4].map(|who| world.votes_at(&person(who), just_before).expect("it is past"));
        assert_eq!(votes, [0, 1, 2, 3, 4].map(|who| model.power(who, just_before)));
        assert_eq!(votes.iter().sum::<Balance>(), SUPPLY);
        for who in 0..PEOPLE {
            assert_eq!(world.live(&person(who)), model.live[who]);
        }
    }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_people_do_the_contracts_do_what_the_model_does(steps in prop::collection::vec(step(), STEPS)) {
        let mut machine = Machine::new();
        for (number, step) in steps.into_iter().enumerate() {
            machine.take(step);
            if number % LOOK == 0 {
                machine.look();
            }
        }
        machine.look();
    }
}
