//! A story of the contracts, told as events and counted as plainly as can be.

use crate::chain::{Chain, ballot, election, person, proposal, rules, share};
use ballot::{Choice, Mechanism, OptionId, Ranking, Support, Tally, quadratic::IdentityVotes};
use interfaces::{
    Balance, Moment, ProposalId,
    governor::{ProposalCancelled, ProposalQueued},
    lifecycle::{Progress, State},
    polls::{
        ElectorateFixed, IdentityVoted, Poll, PollCounted, PollStopped, QuorumReached, Stage, Standing, VoteOverridden,
    },
    token::{DelegationChanged, Share, Transfer},
};
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
};

/// How many people there are.
pub const PEOPLE: usize = 5;

/// What can happen in a block.
#[derive(Debug, Clone)]
pub enum Step {
    Mint(usize, u32),
    Burn(usize, u32),
    Move(usize, usize, u32),
    Delegate(usize, Vec<(usize, u16)>, Option<u16>),
    Propose(Mechanism),
    Vote(usize, usize, u32),
    Override(usize, usize, usize, u32),
    Queue(usize),
    Cancel(usize),
    Count(usize, u32),
    Wait(u16),
}

/// Any step.
pub fn step() -> impl Strategy<Value = Step> {
    let mechanism = prop::sample::select(vec![
        Mechanism::Majority,
        Mechanism::Approval,
        Mechanism::Weighted,
        Mechanism::Quadratic,
        Mechanism::Ranked,
        Mechanism::Condorcet,
    ]);
    let shares = prop::collection::vec((0..PEOPLE, 1..5_000u16), 0..3);
    let number = 0..8usize;
    prop_oneof![
        2 => (0..PEOPLE, any::<u32>()).prop_map(|(to, value)| Step::Mint(to, value)),
        1 => (0..PEOPLE, any::<u32>()).prop_map(|(from, value)| Step::Burn(from, value)),
        2 => (0..PEOPLE, 0..PEOPLE, any::<u32>()).prop_map(|(from, to, value)| Step::Move(from, to, value)),
        3 => (0..PEOPLE, shares, prop::option::of(1..900u16))
            .prop_map(|(from, shares, ends)| Step::Delegate(from, shares, ends)),
        2 => mechanism.prop_map(Step::Propose),
        6 => (number.clone(), 0..PEOPLE, any::<u32>()).prop_map(|(poll, who, what)| Step::Vote(poll, who, what)),
        2 => (number.clone(), 0..PEOPLE, 0..PEOPLE, any::<u32>())
            .prop_map(|(poll, from, by, power)| Step::Override(poll, from, by, power)),
        1 => number.clone().prop_map(Step::Queue),
        1 => number.clone().prop_map(Step::Cancel),
        1 => (number, any::<u32>()).prop_map(|(poll, winner)| Step::Count(poll, winner)),
        3 => (0..900u16).prop_map(Step::Wait),
    ]
}

/// What has happened.
#[derive(Default)]
pub struct Naive {
    now: Moment,
    balances: [Balance; PEOPLE],
    delegations: [Given; PEOPLE],
    proposals: Vec<Story>,
}

/// The shares that somebody gave to others, and until when.
type Given = (Vec<(usize, u16)>, Option<Moment>);

/// What has happened to a proposal.
struct Story {
    poll: Poll,
    progress: Progress,
    votes: BTreeMap<usize, (Choice, Balance)>,
    overrides: BTreeSet<(usize, usize)>,
}

impl Story {
    /// Everybody's vote, counted from the beginning.
    fn tally(&self) -> Tally {
        let terms = self.poll.terms;
        let mut tally = Tally::new(terms.mechanism, terms.options);
        let mut rankings = BTreeSet::new();
        for (choice, power) in self.votes.values().filter(|(_, power)| *power > 0) {
            tally.add(choice, *power).expect("fits");
            if let Choice::Ranked(ranking) = choice {
                rankings.insert(ranking.clone());
            }
        }
        for identity in 0..PEOPLE {
            tally.replace_identity(&IdentityVotes::default(), &self.identity_votes(identity)).ok();
        }
        if let Tally::Rankings(tally) = &mut tally {
            tally.distinct = u32::try_from(rankings.len()).expect("few");
        }
        tally
    }

    /// What the wallets of an identity vote together.
    fn identity_votes(&self, identity: usize) -> IdentityVotes {
        let mut votes = IdentityVotes::default();
        for (choice, _) in self.votes.iter().filter(|(voter, _)| identity_of(**voter) == identity).map(|(_, vote)| vote)
        {
            if let Choice::Quadratic(new) = choice {
                votes.replace(&[], new, u32::MAX).expect("within the budget");
            }
        }
        votes
    }

    fn standing(&self, now: Moment) -> Standing {
        self.poll.standing(&self.tally(), now)
    }

    fn state(&self, now: Moment) -> State {
        let standing = || Ok::<_, Infallible>(self.standing(now));
        let Ok(state) = State::of(self.progress, rules().execution_window, now, standing);
        state
    }
}

/// The people are wallets of two identities.
fn identity_of(voter: usize) -> usize {
    voter % 2
}

/// Some ballot of a poll with three options.
fn choice(mechanism: Mechanism, seed: u32) -> Choice {
    let first = OptionId::try_from(seed % 3).expect("few");
    let second = (first + 1 + OptionId::try_from(seed / 3 % 2).expect("few")) % 3;
    match mechanism {
        Mechanism::Majority => Choice::Majority([Support::Against, Support::For, Support::Abstain][usize::from(first)]),
        Mechanism::Approval => Choice::Approval(1 + seed % 7),
        Mechanism::Weighted => {
            let points = u16::try_from(1 + seed % 9_999).expect("a share");
            let mut shares = vec![(first, share(points)), (second, share(10_000 - points))];
            shares.sort_unstable();
            Choice::Weighted(shares)
        }
        Mechanism::Quadratic => Choice::Quadratic(vec![(first, 1 + seed % 5)]),
        Mechanism::Ranked | Mechanism::Condorcet => {
            let length = 1 + usize::from(seed % 5 > 1);
            Choice::Ranked(Ranking::new([first, second][..length].to_vec()).expect("a ranking"))
        }
    }
}

fn id(number: usize) -> ProposalId {
    ProposalId::try_from(number).expect("few proposals")
}

fn who(number: usize) -> u8 {
    u8::try_from(number).expect("few people")
}

impl Naive {
    /// Plays the steps, a block each, and counts along.
    pub fn play(steps: &[Step]) -> (Chain, Self) {
        let (mut chain, mut naive) = (Chain::new(), Self { now: 1_000, ..Self::default() });
        for step in steps {
            naive.now += 10;
            if let Step::Wait(time) = step {
                naive.now += Moment::from(*time);
            }
            chain.block(naive.now, |block| naive.step(step, block));
        }
        (chain, naive)
    }

    fn step(&mut self, step: &Step, block: &mut crate::chain::Events) {
        let now = self.now;
        let transfer = |from: Option<usize>, to: Option<usize>, value| {
            let account = |number: usize| person(who(number));
            Transfer { from: from.map(account), to: to.map(account), value }
        };
        match *step {
            Step::Wait(_) => {}
            Step::Mint(to, value) => {
                self.balances[to] += Balance::from(value);
                block.token(&transfer(None, Some(to), value.into()));
            }
            Step::Burn(from, value) => {
                let value = self.balances[from].min(value.into());
                self.balances[from] -= value;
                block.token(&transfer(Some(from), None, value));
            }
            Step::Move(from, to, value) => {
                let value = self.balances[from].min(value.into());
                self.balances[from] -= value;
                self.balances[to] += value;
                block.token(&transfer(Some(from), Some(to), value));
            }
            Step::Delegate(from, ref shares, ends) => {
                let shares: BTreeMap<_, _> = shares.iter().copied().filter(|(to, _)| *to != from).collect();
                let ends = ends.map(|time| now + Moment::from(time));
                let named = shares.iter().map(|(to, points)| Share { to: person(who(*to)), share: share(*points) });
                block.token(&DelegationChanged { delegator: person(who(from)), shares: named.collect(), ends });
                self.delegations[from] = (shares.into_iter().collect(), ends);
            }
            Step::Propose(mechanism) => {
                let number = id(self.proposals.len());
                let event = match mechanism {
                    Mechanism::Majority => proposal(number, now),
                    _ => election(number, now, mechanism, 2),
                };
                block.propose(&event);
                let poll = Poll::opened(event.poll).expect("it ends");
                let (votes, overrides) = (BTreeMap::new(), BTreeSet::new());
                self.proposals.push(Story { poll, progress: Progress::Proposed, votes, overrides });
            }
            Step::Vote(poll, voter, seed) => self.vote(poll, voter, seed, block),
            Step::Override(poll, representative, holder, power) => {
                self.overrides(poll, representative, holder, power.into(), block);
            }
            Step::Queue(number) => {
                let Some(story) = self.proposals.get_mut(number) else { return };
                if let (State::Succeeded, Standing::Decided { winner: Some(option), .. }) =
                    (story.state(now), story.standing(now))
                {
                    let (ready_at, expires_at) = (now + 100, now + 1_000);
                    story.progress = Progress::Queued { option, ready_at, expires_at };
                    block.governor(&ProposalQueued { proposal: id(number), option, ready_at, expires_at });
                }
            }
            Step::Cancel(number) => {
                let Some(story) = self.proposals.get_mut(number) else { return };
                if story.state(now) == State::Pending {
                    (story.progress, story.poll.stage) = (Progress::Cancelled, Stage::Stopped);
                    block.polls(&PollStopped { poll: id(number) });
                    block.governor(&ProposalCancelled { proposal: id(number), by: person(0) });
                }
            }
            Step::Count(number, seed) => {
                let Some(story) = self.proposals.get_mut(number) else { return };
                if story.standing(now) == Standing::Counting {
                    let winner = OptionId::try_from(seed % 2).ok().filter(|_| seed % 5 > 0);
                    story.poll.stage = Stage::Counted { winner, at: now };
                    block.polls(&PollCounted { poll: id(number), winner });
                }
            }
        }
    }

    fn vote(&mut self, number: usize, voter: usize, seed: u32, block: &mut crate::chain::Events) {
        let (now, supply, power) = (self.now, self.balances.iter().sum(), self.power(voter));
        let Some(story) = self.proposals.get_mut(number) else { return };
        let mechanism = story.poll.terms.mechanism;
        let electorate = if mechanism == Mechanism::Quadratic { 15 } else { supply };
        // Who changes a vote does so with the power it has; that of a new one is whatever the token says.
        let power = match story.votes.get(&voter) {
            _ if mechanism == Mechanism::Quadratic => 0,
            Some((_, power)) => *power,
            None => power,
        };
        if story.standing(now) != Standing::Open || (power == 0 && mechanism != Mechanism::Quadratic) {
            return;
        }
        if story.poll.electorate.is_none() {
            story.poll.electorate = Some(electorate);
            block.polls(&ElectorateFixed { poll: id(number), electorate });
        }
        let choice = choice(mechanism, seed);
        story.votes.insert(voter, (choice.clone(), power));
        if mechanism == Mechanism::Quadratic {
            let identity = identity_of(voter);
            let votes = story.identity_votes(identity);
            let cost = votes.cost();
            block.polls(&IdentityVoted { poll: id(number), identity: [who(identity); 32].into(), votes, cost });
        }
        block.polls(&ballot(id(number), who(voter), choice, power));
        if !story.poll.quorum_reached && story.poll.has_quorum(&story.tally()) {
            story.poll.quorum_reached = true;
            story.poll.closes = story.poll.closes.max(now + story.poll.terms.extension);
            block.polls(&QuorumReached { poll: id(number), closes: story.poll.closes });
        }
    }

    fn overrides(
        &mut self,
        number: usize,
        representative: usize,
        holder: usize,
        power: Balance,
        block: &mut crate::chain::Events,
    ) {
        let now = self.now;
        let Some(story) = self.proposals.get_mut(number) else { return };
        let quadratic = story.poll.terms.mechanism == Mechanism::Quadratic;
        if quadratic || story.standing(now) != Standing::Open || !story.overrides.insert((representative, holder)) {
            return;
        }
        let mut lost = power;
        if let Some((_, power)) = story.votes.get_mut(&representative) {
            lost = lost.min(*power);
            *power -= lost;
        }
        let (representative, holder) = (person(who(representative)), person(who(holder)));
        block.polls(&VoteOverridden { poll: id(number), representative, holder, power: lost });
    }

    /// What an account votes with now.
    fn power(&self, account: usize) -> Balance {
        let part = |from: usize, points: u16| self.balances[from] * Balance::from(points) / 10_000;
        let in_force = |from: usize| {
            let (shares, ends) = &self.delegations[from];
            shares.iter().filter(move |_| ends.is_none_or(|ends| self.now < ends))
        };
        let away: Balance = in_force(account).map(|(_, points)| part(account, *points)).sum();
        let received = (0..PEOPLE).flat_map(|from| in_force(from).map(move |share| (from, share)));
        let received = received.filter(|(_, (to, _))| *to == account).map(|(from, (_, points))| part(from, *points));
        self.balances[account] - away + received.sum::<Balance>()
    }

    /// Each account that has anything: its tokens and its power.
    pub fn accounts(&self) -> String {
        let accounts = (0..PEOPLE).map(|account| (account, self.balances[account], self.power(account)));
        let some = accounts.filter(|(_, balance, power)| *balance > 0 || *power > 0);
        some.map(|(account, balance, power)| format!("{account} {balance} {power}")).collect::<Vec<_>>().join(", ")
    }

    /// Each proposal: its state, the end of voting, what of it was voted, and what was decided.
    pub fn proposals(&self) -> String {
        let line = |(number, story): (usize, &Story)| {
            let tally = story.tally();
            let winner = match story.standing(self.now) {
                Standing::Decided { winner: Some(winner), .. } => format!(" {winner}"),
                _ => String::new(),
            };
            let (per_option, distinct) = match &tally {
                Tally::Majority(majority) => (vec![majority.in_favour, majority.against, majority.abstain], 0),
                Tally::Plurality(tally) => (tally.per_option.clone(), 0),
                Tally::Rankings(tally) => (vec![0; usize::from(tally.options)], tally.distinct),
            };
            let per_option = per_option.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
            let (turnout, backing, voters) = (tally.turnout(), tally.backing(), story.votes.len());
            let (state, closes) = (story.state(self.now), story.poll.closes);
            format!("{number} {state} {closes} {per_option} {turnout} {backing} {voters} {distinct}{winner}")
        };
        self.proposals.iter().enumerate().map(line).collect::<Vec<_>>().join(", ")
    }
}
