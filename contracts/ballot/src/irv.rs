//! Instant runoff: round by round the weakest option goes out, until one has a majority.
//!
//! A ballot counts for its first option that is still in, and is exhausted when none is. An option is elected by
//! strictly more than half of what counts in a round. Otherwise the option with fewest votes goes out. Of several
//! with equally few, the one that had fewest in the latest earlier round in which they differed goes out, else the one
//! with the highest number.
//!
//! The count reads all rankings once in each round, in pages as small as one likes, and can be stored between any two.

use crate::{OptionId, OptionSet, Power, TallyError, TooManyOptions};
use alloc::vec::Vec;
use core::cell::Cell;
use scale::{Decode, Encode};

#[cfg(test)]
mod model;
mod round;

pub use round::{CountResult, Round, RoundOutcome, Rules, TieBreak};

/// A count in progress.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct InstantRunoff {
    rules: Rules,
    round: u16,
    next: u32,
    continuing: OptionSet,
    /// The options that are in, in the order in which they go out if this round makes no difference between them. A
    /// stable sort by each round's tallies keeps it, and stands for the history of all rounds. Options with the same
    /// history share a class.
    order: Vec<(OptionId, u8)>,
    /// Of the present round, per option.
    tallies: Vec<Power>,
    exhausted: Power,
    result: Option<CountResult>,
}

/// Where an option stands at the end of a round.
#[derive(Clone, Copy)]
struct Standing {
    option: OptionId,
    class: u8,
    tally: Power,
}

impl InstantRunoff {
    /// A count that has not begun.
    ///
    /// # Errors
    /// If there are more options than an [`OptionSet`] holds.
    pub fn new(options: u8, rules: Rules) -> Result<Self, TooManyOptions> {
        if options > OptionSet::CAPACITY {
            return Err(TooManyOptions(options));
        }
        Ok(Self {
            rules,
            round: 1,
            next: 0,
            continuing: OptionSet::first(options),
            order: (0..options).rev().map(|option| (option, 0)).collect(),
            tallies: alloc::vec![0; usize::from(options)],
            exhausted: 0,
            result: None,
        })
    }

    /// The number of the ranking to be counted next, or 0 if a round is to begin.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// The present round: 1, 2, and so on.
    pub fn round(&self) -> u16 {
        self.round
    }

    /// What the count found, once it is finished.
    pub fn result(&self) -> Option<CountResult> {
        self.result
    }

    /// Counts `page`, which begins with ranking number [`Self::next`] of `distinct`. Closes the round with the last
    /// ranking. Does nothing once the count is finished.
    ///
    /// # Errors
    /// [`TallyError::Overflow`]; then the count is of no more use.
    pub fn advance<R: AsRef<[OptionId]>>(
        &mut self,
        distinct: u32,
        page: &[(R, Power)],
    ) -> Result<Option<Round>, TallyError> {
        for (ranking, weight) in page {
            if self.next < distinct {
                self.count(ranking.as_ref(), *weight)?;
            }
        }
        if self.next < distinct || self.result.is_some() {
            return Ok(None);
        }
        self.close_round().map(Some)
    }

    /// Counts one ranking in the present round. Does nothing once the count is finished.
    ///
    /// # Errors
    /// [`TallyError::Overflow`], and then nothing was counted.
    pub fn count(&mut self, ranking: &[OptionId], weight: Power) -> Result<(), TallyError> {
        if self.result.is_some() {
            return Ok(());
        }
        let first = ranking.iter().find(|option| self.continuing.contains(**option));
        let tally = first.and_then(|option| self.tallies.get_mut(usize::from(*option)));
        let tally = tally.unwrap_or(&mut self.exhausted);
        *tally = tally.checked_add(weight).ok_or(TallyError::Overflow)?;
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    /// Ends the present round, after all rankings were counted in it. Of a finished count, shows the last round again.
    ///
    /// # Errors
    /// [`TallyError::Overflow`], and then the round is not closed.
    pub fn close_round(&mut self) -> Result<Round, TallyError> {
        let (mut tallies, mut weight, mut continuing) = (Vec::new(), 0, self.continuing);
        while let Some(option) = continuing.pop_first() {
            let tally = self.tally(option);
            weight = tally.checked_add(weight).ok_or(TallyError::Overflow)?;
            tallies.push((option, tally));
        }
        let standings = self.standings();
        let outcome = self.outcome(&standings, weight);
        let round = Round { number: self.round, tallies, exhausted: self.exhausted, outcome };
        match &round.outcome {
            RoundOutcome::Eliminated { options, .. } => self.begin_round(&standings, options),
            RoundOutcome::Elected(option) => self.result = Some(CountResult::Winner(*option)),
            RoundOutcome::Nobody => self.result = Some(CountResult::NoWinner),
        }
        Ok(round)
    }

    fn tally(&self, option: OptionId) -> Power {
        self.tallies.get(usize::from(option)).copied().unwrap_or_default()
    }

    /// The options that are in, the weakest first.
    fn standings(&self) -> Vec<Standing> {
        let standing =
            |(option, class): &(OptionId, u8)| Standing { option: *option, class: *class, tally: self.tally(*option) };
        let mut standings: Vec<_> = self.order.iter().map(standing).collect();
        // Bubbles: stable, and a fraction of the code of the standard sort. There are few options.
        let cells = Cell::from_mut(standings.as_mut_slice()).as_slice_of_cells();
        for _ in cells {
            for pair in cells.windows(2) {
                let [lower, upper] = pair else { continue };
                let (weaker, stronger) = (upper.get(), lower.get());
                if weaker.tally < stronger.tally {
                    lower.set(weaker);
                    upper.set(stronger);
                }
            }
        }
        standings
    }

    fn outcome(&self, standings: &[Standing], weight: Power) -> RoundOutcome {
        let ([lowest, others @ ..], Some(leader)) = (standings, standings.last()) else { return RoundOutcome::Nobody };
        if weight == 0 {
            return RoundOutcome::Nobody;
        }
        if let Some(option) = self.rules.first_out
            && self.continuing.contains(option)
            && self.tally(option) > 0
        {
            return RoundOutcome::Eliminated { options: alloc::vec![option], tie: TieBreak::None };
        }
        if leader.tally > weight / 2 {
            return RoundOutcome::Elected(leader.option);
        }
        let batch = if self.rules.batch { hopeless(standings) } else { 0 };
        if batch > 0 {
            let options = standings.iter().take(batch).map(|standing| standing.option).collect();
            return RoundOutcome::Eliminated { options, tie: TieBreak::None };
        }
        let tie = match others.first() {
            Some(second) if second.tally > lowest.tally => TieBreak::None,
            Some(second) if second.class != lowest.class => TieBreak::EarlierRound,
            Some(_) => TieBreak::Index,
            None => TieBreak::None,
        };
        RoundOutcome::Eliminated { options: alloc::vec![lowest.option], tie }
    }

    fn begin_round(&mut self, standings: &[Standing], eliminated: &[OptionId]) {
        for option in eliminated {
            self.continuing.remove(*option);
        }
        self.order.clear();
        let (mut class, mut last) = (0u8, None);
        for standing in standings.iter().filter(|standing| self.continuing.contains(standing.option)) {
            let history = (standing.tally, standing.class);
            if last.is_some_and(|last| last != history) {
                class = class.saturating_add(1);
            }
            self.order.push((standing.option, class));
            last = Some(history);
        }
        self.tallies.fill(0);
        self.exhausted = 0;
        self.next = 0;
        self.round = self.round.saturating_add(1);
    }
}

/// How many of the weakest options have together less than the next one. Never all of them.
fn hopeless(standings: &[Standing]) -> usize {
    let (mut most, mut sum) = (0, 0);
    for (below, standing) in standings.iter().enumerate() {
        if sum < standing.tally {
            most = below;
        }
        sum = standing.tally.saturating_add(sum);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use RoundOutcome::{Elected, Eliminated, Nobody};

    fn rounds(options: u8, rules: Rules, ballots: &[(&[OptionId], Power)]) -> Vec<RoundOutcome> {
        let mut count = InstantRunoff::new(options, rules).expect("few options");
        let mut outcomes = vec![];
        while count.result().is_none() {
            let round = count.advance(u32::try_from(ballots.len()).expect("few"), ballots).expect("no overflow");
            outcomes.push(round.expect("all rankings are counted").outcome);
        }
        outcomes
    }

    fn out(option: OptionId, tie: TieBreak) -> RoundOutcome {
        Eliminated { options: vec![option], tie }
    }

    #[test]
    fn half_of_the_votes_are_no_majority() {
        let tied: [(&[_], _); 2] = [(&[0], 5), (&[1], 5)];
        assert_eq!(rounds(2, Rules::default(), &tied), [out(1, TieBreak::Index), Elected(0)]);
        assert_eq!(rounds(2, Rules::default(), &[(&[0], 5), (&[1], 6)]), [Elected(1)]);
    }

    #[test]
    fn a_majority_is_of_the_ballots_that_still_count() {
        let ballots: [(&[_], _); 3] = [(&[0], 4), (&[1], 3), (&[2], 3)];
        assert_eq!(rounds(3, Rules::default(), &ballots), [out(2, TieBreak::Index), Elected(0)]);
    }

    #[test]
    fn votes_go_to_the_next_option_that_is_in() {
        let ballots: [(&[_], _); 3] = [(&[0], 4), (&[1], 3), (&[2, 1], 2)];
        assert_eq!(rounds(3, Rules::default(), &ballots), [out(2, TieBreak::None), Elected(1)]);
    }

    #[test]
    fn nobody_is_elected_without_votes() {
        assert_eq!(rounds(3, Rules::default(), &[]), [Nobody]);
        assert_eq!(rounds(3, Rules::default(), &[(&[0], 0), (&[], 7), (&[3], 7)]), [Nobody]);
        assert_eq!(rounds(0, Rules::default(), &[]), [Nobody]);
        assert_eq!(rounds(1, Rules::default(), &[(&[0], 1)]), [Elected(0)]);
    }

    #[test]
    fn a_tie_is_broken_by_the_latest_round_that_differed() {
        // 1 and 2 are level in round 3, but 1 was behind before; 3 and 4 never differed.
        let ballots: [(&[_], _); 5] = [(&[0], 9), (&[1], 4), (&[2], 5), (&[3, 1], 1), (&[4], 1)];
        let expected = [out(4, TieBreak::Index), out(3, TieBreak::None), out(1, TieBreak::EarlierRound), Elected(0)];
        assert_eq!(rounds(5, Rules::default(), &ballots), expected);
    }

    #[test]
    fn a_batch_is_as_large_as_it_can_be() {
        let rules = Rules { batch: true, first_out: None };
        let ballots: [(&[_], _); 5] = [(&[0], 20), (&[1], 19), (&[2, 1], 3), (&[3, 1], 3), (&[4, 1], 1)];
        let expected = [Eliminated { options: vec![4, 3, 2], tie: TieBreak::None }, Elected(1)];
        assert_eq!(rounds(5, rules, &ballots), expected);
        let level: [(&[_], _); 3] = [(&[0], 2), (&[1], 1), (&[2, 1], 1)];
        assert_eq!(rounds(3, rules, &level), [out(2, TieBreak::Index), out(1, TieBreak::EarlierRound), Elected(0)]);
    }

    #[test]
    fn the_option_that_goes_first_goes_even_with_a_majority() {
        let rules = Rules { batch: true, first_out: Some(2) };
        let ballots: [(&[_], _); 3] = [(&[0], 2), (&[1], 1), (&[2, 1], 5)];
        assert_eq!(rounds(3, rules, &ballots), [out(2, TieBreak::None), Elected(1)]);
        let ballots: [(&[_], _); 3] = [(&[0], 9), (&[1], 1), (&[2, 1], 5)];
        assert_eq!(rounds(3, rules, &ballots), [out(2, TieBreak::None), Elected(0)]);
        assert_eq!(rounds(3, rules, &[(&[0], 9), (&[1], 1)]), [Elected(0)]);
    }

    #[test]
    fn a_finished_count_shows_its_last_round_again() {
        let mut count = InstantRunoff::new(2, Rules::default()).expect("few options");
        let round = count.advance(1, &[([0], 1)]).expect("no overflow");
        let finished = count.clone();
        count.count(&[1], 5).expect("ignored");
        assert_eq!(count.advance(1, &[([1], 5)]), Ok(None));
        assert_eq!(count.close_round().ok(), round);
        assert_eq!((count.result(), &count), (Some(CountResult::Winner(0)), &finished));
    }

    #[test]
    fn a_sum_that_does_not_fit_is_an_error() {
        let mut count = InstantRunoff::new(2, Rules::default()).expect("few options");
        count.count(&[0], Power::MAX).expect("fits");
        assert_eq!(count.count(&[0], 1), Err(TallyError::Overflow));
        count.count(&[1], 1).expect("fits");
        assert_eq!(count.close_round(), Err(TallyError::Overflow));
    }

    #[test]
    fn a_count_is_small() {
        let size = |options| InstantRunoff::new(options, Rules::default()).map(|count| count.encoded_size());
        assert!(size(32).is_ok_and(|size| size < 650));
        assert!(size(128).is_ok_and(|size| size < 2_400));
        assert_eq!(size(129), Err(TooManyOptions(129)));
    }
}
