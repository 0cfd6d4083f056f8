//! `gaia vote`.

use super::{Shared, Signing, acting::Acting};
use crate::{
    Error, Result,
    parse::{Chosen, Given, Percent, named},
    signed::Signed,
};
use ballot::{BasisPoints, Choice, InvalidChoice, OptionId, Ranking, Support, none_of_the_above};
use clap::Args;
use client::{View, messages::polls};
use interfaces::{AccountId, ProposalId, polls::SignedVote};
use std::num::NonZeroU32;

/// `gaia vote`.
#[derive(Debug, Args)]
pub struct Vote {
    /// The proposal's number
    proposal: ProposalId,
    #[command(flatten)]
    ballot: Ballot,
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    signing: Signing,
}

/// What a vote says. Options go by their numbers; "none of the above" also as none.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Ballot {
    /// In a majority vote: for, against or abstain
    #[arg(value_parser = named::<Support>)]
    support: Option<Support>,
    /// In an approval vote: the options approved, like 0,2
    #[arg(long, value_name = "OPTIONS", value_delimiter = ',')]
    approve: Vec<Chosen>,
    /// In a weighted vote: the share of each option in per cent, like 0=60,1=40
    #[arg(long, value_name = "OPTION=PERCENT,..", value_delimiter = ',')]
    weights: Vec<Given<Percent>>,
    /// In a quadratic vote: the votes for each option, like 0=3,1=2, which cost their square
    #[arg(long, value_name = "OPTION=VOTES,..", value_delimiter = ',')]
    quadratic: Vec<Given<u32>>,
    /// In a ranked vote: the options in order of preference, like 2,0,1
    #[arg(long, value_name = "OPTIONS", value_delimiter = ',')]
    rank: Vec<Chosen>,
}

/// Signing without sending.
#[derive(Debug, Args)]
pub struct Offline {
    /// Sign and print, for somebody else to send with gaia relay
    #[arg(long)]
    sign_only: bool,
    /// For how many minutes what is signed can be sent
    #[arg(long, value_name = "MINUTES", default_value = "60", requires = "sign_only")]
    valid: NonZeroU32,
}

impl Offline {
    /// If it is only to be signed: the last moment at which it can be sent.
    pub(super) async fn deadline(&self, acting: &Acting<'_>, view: &View) -> Result<Option<u64>> {
        if !self.sign_only {
            return Ok(None);
        }
        let now = acting.chain.moment(view.block().hash).await?;
        Ok(Some(now.saturating_add(u64::from(self.valid.get()) * 60_000)))
    }
}

impl Vote {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let (view, ballots) = (acting.view().await?, &acting.contracts.polls);
        let poll = view.ask(&ballots.account, &polls::poll(self.proposal)).await?;
        // Of what there is not, the ballot box says so itself.
        let choice = self.ballot.choice(poll.map_or(0, |(poll, _)| poll.terms.options))?;
        if let Some(deadline) = self.offline.deadline(&acting, &view).await? {
            let voter = acting.account();
            let receipt = view.ask(&ballots.account, &polls::receipt(self.proposal, voter)).await?;
            let nonce = receipt.unwrap_or_default().casts;
            let vote = SignedVote { poll: self.proposal, voter, choice, nonce, deadline };
            let contract = AccountId::from(ballots.account.0);
            let signed = Signed::vote(&acting.signer, vote, acting.chain.genesis_hash(), contract);
            shared.output().document(&signed);
            return Ok(());
        }
        let sent = acting.send(ballots, &polls::vote(self.proposal, &choice)).await?;
        acting.report(Some(self.proposal), &sent, &format!("proposal {}: voted", self.proposal));
        Ok(())
    }
}

impl Ballot {
    fn choice(self, options: u8) -> Result<Choice> {
        let number = |chosen| match chosen {
            Chosen::Number(option) => option,
            Chosen::None => none_of_the_above(options),
        };
        let wrong = |error: InvalidChoice| Error::Usage(error.to_string());
        if let Some(support) = self.support {
            return Ok(Choice::Majority(support));
        }
        if !self.approve.is_empty() {
            let approved = api::model::Choice::Approved(self.approve.into_iter().map(number).collect());
            return approved.try_into().map_err(wrong);
        }
        if !self.rank.is_empty() {
            let ranking = Ranking::new(self.rank.into_iter().map(number).collect()).map_err(wrong)?;
            return Ok(Choice::Ranked(ranking));
        }
        if !self.weights.is_empty() {
            let shares = self.weights.into_iter().map(|Given { option, what }| (number(option), what.0));
            let shares: Vec<(_, BasisPoints)> = ascending(shares).map_err(wrong)?;
            return Ok(Choice::Weighted(shares));
        }
        let votes = self.quadratic.into_iter().map(|Given { option, what }| (number(option), what));
        Ok(Choice::Quadratic(ascending(votes).map_err(wrong)?))
    }
}

/// People may name the options in any order, but each only once.
fn ascending<T>(given: impl Iterator<Item = (OptionId, T)>) -> Result<Vec<(OptionId, T)>, InvalidChoice> {
    let mut given: Vec<_> = given.collect();
    given.sort_by_key(|(option, _)| *option);
    match given.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(InvalidChoice::Repeated(pair[0].0)),
        None => Ok(given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        ballot: Ballot,
    }

    fn choice(line: &str) -> Result<Choice, String> {
        let line =
            Line::try_parse_from(format!("vote {line}").split_whitespace()).map_err(|error| error.to_string())?;
        line.ballot.choice(4).map_err(|error| error.to_string())
    }

    #[test]
    fn every_way_to_vote_can_be_typed() {
        let share = |points| BasisPoints::new(points).expect("a share");
        assert_eq!(choice("against"), Ok(Choice::Majority(Support::Against)));
        assert_eq!(choice("--approve none,0"), Ok(Choice::Approval(0b1001)));
        assert_eq!(choice("--weights 1=40,0=60"), Ok(Choice::Weighted(vec![(0, share(6_000)), (1, share(4_000))])));
        assert_eq!(choice("--quadratic 2=1,0=3"), Ok(Choice::Quadratic(vec![(0, 3), (2, 1)])));
        let ranking = Ranking::new(vec![2, 3, 1]).expect("a ranking");
        assert_eq!(choice("--rank 2,none,1"), Ok(Choice::Ranked(ranking)));
    }

    #[test]
    fn malformed_ballots_are_refused() {
        for (line, reason) in [
            ("", "required"),
            ("maybe", "unknown variant"),
            ("for --approve 1", "cannot be used with"),
            ("--approve 0,0", "option 0 is ranked twice"),
            ("--approve 32", "there is no option 32"),
            ("--weights 0=50,0=50", "twice"),
            ("--weights 0=101", "no share"),
            ("--quadratic 0=-1", "invalid digit"),
            ("--rank 1,1", "option 1 is ranked twice"),
        ] {
            let error = choice(line).expect_err("no ballot");
            assert!(error.contains(reason), "{line:?}: {error}");
        }
    }
}
