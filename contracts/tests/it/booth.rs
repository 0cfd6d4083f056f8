//! A ballot box by itself: its governor is an account that opens polls as it likes.

use crate::{
    message,
    world::{HOLDERS, START, World, id, share},
};
use ballot::{Choice, Mechanism, OptionId, Plurality, Ranking, Support, Tally, Thresholds};
use drink::AccountId32;
use interfaces::{
    Balance, ProposalId,
    polls::{Poll, PollError, PollTerms, Receipt, Standing},
    rankings::CHUNK,
    token::{DelegationError, Share},
};

/// Opens and stops polls.
pub const GOVERNOR: AccountId32 = AccountId32::new([0x60; 32]);

/// A vote in a majority poll.
pub const FOR: Choice = Choice::Majority(Support::For);
/// The other one.
pub const AGAINST: Choice = Choice::Majority(Support::Against);

/// A choice of these shares.
pub fn weighted(shares: &[(OptionId, u16)]) -> Choice {
    Choice::Weighted(shares.iter().map(|(option, bps)| (*option, share(*bps))).collect())
}

/// A choice of these votes.
pub fn quadratic(votes: &[(OptionId, u32)]) -> Choice {
    Choice::Quadratic(votes.to_vec())
}

/// A ranking.
pub fn ranking(options: &[OptionId]) -> Ranking {
    Ranking::new(options.to_vec()).expect("a ranking in a test is one")
}

/// A choice of this ranking.
pub fn ranked(options: &[OptionId]) -> Choice {
    Choice::Ranked(ranking(options))
}

/// A person with this number.
pub fn person(number: u16) -> AccountId32 {
    let mut account = [0x77; 32];
    account[..2].copy_from_slice(&number.to_be_bytes());
    AccountId32::new(account)
}

/// The ballot box, and the contracts that it asks, on a chain.
pub struct Booth {
    pub world: World,
    /// The next poll's number.
    next: ProposalId,
}

impl Booth {
    /// With the holders that every world has.
    pub fn new() -> Self {
        Self::with(&HOLDERS)
    }

    /// With these holders.
    pub fn with(holders: &[(AccountId32, Balance)]) -> Self {
        let mut world = World::empty();
        for person in holders.iter().map(|(person, _)| person).chain([&GOVERNOR]) {
            world.give(id(person), 1_000_000_000_000);
        }
        world.governor = id(&GOVERNOR);
        world.deploy_voting(holders);
        world.at(START + 1);
        Self { world, next: 0 }
    }

    /// What a poll is held by, if a test does not say otherwise: it begins one second from now and goes on for ten.
    pub fn terms(&mut self, mechanism: Mechanism, options: u8) -> PollTerms {
        PollTerms {
            mechanism,
            options,
            snapshot: self.world.now() + 1_000,
            period: 10_000,
            freeze: 2_000,
            extension: 3_000,
            thresholds: Thresholds { quorum: share(2_000), approval: share(5_000), plurality: share(0) },
            credits: 100,
        }
    }

    /// Opens a poll, and waits for its voting to begin.
    pub fn open(&mut self, mechanism: Mechanism, options: u8) -> ProposalId {
        let terms = self.terms(mechanism, options);
        self.open_under(terms)
    }

    /// Opens a poll under these terms, and waits for its voting to begin.
    pub fn open_under(&mut self, terms: PollTerms) -> ProposalId {
        let poll = self.next;
        assert_eq!(self.try_open(&GOVERNOR, poll, terms), Ok(()));
        self.next += 1;
        self.world.at(terms.snapshot + 1);
        poll
    }

    pub fn try_open(&mut self, who: &AccountId32, poll: ProposalId, terms: PollTerms) -> Result<(), PollError> {
        self.world.send(who, self.world.polls, message!("Polls::open", poll, terms))
    }

    pub fn stop(&mut self, who: &AccountId32, poll: ProposalId) -> Result<(), PollError> {
        self.world.send(who, self.world.polls, message!("Polls::stop", poll))
    }

    pub fn vote(&mut self, who: &AccountId32, poll: ProposalId, choice: Choice) -> Result<(), PollError> {
        self.world.vote(who, poll, choice)
    }

    /// Votes, and has to succeed.
    #[track_caller]
    pub fn voted(&mut self, who: &AccountId32, poll: ProposalId, choice: Choice) {
        assert_eq!(self.vote(who, poll, choice), Ok(()));
    }

    pub fn count(&mut self, poll: ProposalId, rankings: u32) -> Result<Standing, PollError> {
        self.world.count(poll, rankings)
    }

    pub fn poll(&mut self, poll: ProposalId) -> Poll {
        self.world.poll(poll)
    }

    pub fn standing(&mut self, poll: ProposalId) -> Standing {
        self.world.standing(poll).expect("the poll was opened")
    }

    pub fn tally(&mut self, poll: ProposalId) -> Tally {
        self.world.tally(poll)
    }

    /// For, against, abstain.
    pub fn sides(&mut self, poll: ProposalId) -> [Balance; 3] {
        match self.tally(poll) {
            Tally::Majority(tally) => [tally.in_favour, tally.against, tally.abstain],
            other => panic!("{other:?} is not of a majority vote"),
        }
    }

    /// The count of options that have votes each.
    pub fn plurality(&mut self, poll: ProposalId) -> Plurality {
        match self.tally(poll) {
            Tally::Plurality(tally) => tally,
            other => panic!("{other:?} does not count options"),
        }
    }

    pub fn receipt(&mut self, poll: ProposalId, who: &AccountId32) -> Option<Receipt> {
        self.world.receipt(poll, who)
    }

    /// The power with which a vote counts.
    pub fn power(&mut self, poll: ProposalId, who: &AccountId32) -> Balance {
        self.receipt(poll, who).map_or(0, |receipt| receipt.power)
    }

    /// How often somebody voted.
    pub fn casts(&mut self, poll: ProposalId, who: &AccountId32) -> u32 {
        self.receipt(poll, who).map_or(0, |receipt| receipt.casts)
    }

    /// All rankings, chunk by chunk.
    pub fn rankings(&mut self, poll: ProposalId) -> Vec<(Ranking, Balance)> {
        let mut all = vec![];
        for chunk in 0_u32.. {
            let some: Vec<_> = self.world.ask(self.world.rankings, message!("Rankings::chunk", poll, chunk));
            let full = some.len() == usize::try_from(CHUNK).expect("a small number");
            all.extend(some);
            if !full {
                break;
            }
        }
        all
    }

    pub fn transfer(&mut self, from: &AccountId32, to: &AccountId32, value: Balance) {
        assert_eq!(self.world.transfer(from, to, value), Ok(()));
    }

    pub fn delegate(&mut self, who: &AccountId32, to: &[(&AccountId32, u16)]) {
        let shares: Vec<_> = to.iter().map(|(to, bps)| Share { to: id(to), share: share(*bps) }).collect();
        let no_end = None::<u64>;
        let done: Result<(), DelegationError> =
            self.world.send(who, self.world.token, message!("Delegating::delegate", shares, no_end));
        assert_eq!(done, Ok(()));
    }

    /// Lets an account belong to the person of this number.
    pub fn attest(&mut self, account: &AccountId32, person: u8) {
        assert_eq!(self.world.attest(account, person), Ok(()));
    }

    /// Goes to the last moment of voting.
    pub fn last_moment(&mut self, poll: ProposalId) {
        let closes = self.poll(poll).closes;
        self.world.at(closes);
    }

    /// Goes to the first moment after voting.
    pub fn close(&mut self, poll: ProposalId) {
        self.last_moment(poll);
        self.world.wait(1);
    }

    /// What is decided when voting is over.
    pub fn decided(&mut self, poll: ProposalId) -> Option<OptionId> {
        self.close(poll);
        match self.standing(poll) {
            Standing::Decided { winner, .. } => winner,
            other => panic!("the poll is {other}"),
        }
    }

    /// The count is that of the receipts: every vote is in it with its power, and nothing else.
    #[track_caller]
    pub fn assert_counted(&mut self, poll: ProposalId, voters: &[AccountId32]) {
        let terms = self.poll(poll).terms;
        let mut expected = Tally::new(terms.mechanism, terms.options);
        let mut rankings = std::collections::BTreeMap::new();
        for voter in voters {
            let Some(Receipt { choice: Some(choice), power, .. }) = self.receipt(poll, voter) else { continue };
            expected.add(&choice, power).expect("what was voted can be counted");
            if let Choice::Ranked(ranking) = choice
                && power > 0
            {
                *rankings.entry(ranking).or_insert(0) += power;
            }
        }
        if let Tally::Rankings(expected) = &mut expected {
            expected.distinct = u32::try_from(rankings.len()).expect("few rankings");
        }
        assert_eq!(self.tally(poll), expected);
        let mut kept = self.rankings(poll);
        kept.sort();
        assert_eq!(kept, rankings.into_iter().collect::<Vec<_>>());
    }
}
