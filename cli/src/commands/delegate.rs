//! `gaia delegate`, `gaia undelegate` and `gaia relay`.

use super::{Shared, Signing, acting::Acting, vote::Offline};
use crate::{
    Error, Result,
    parse::{AccountShare, Date},
    signed::{Ready, Signed},
};
use api::model::Time;
use clap::Args;
use client::{
    Deployed,
    messages::{relay, token},
};
use interfaces::{
    AccountId, Moment,
    token::{EPOCH, Share, SignedDelegation},
};
use std::path::PathBuf;

/// `gaia delegate`.
#[derive(Debug, Args)]
pub struct Delegate {
    /// A representative and its share of your tokens in per cent; what is left stays with you
    #[arg(value_name = "ACCOUNT=PERCENT", required = true)]
    shares: Vec<AccountShare>,
    /// When it ends by itself, like 2026-03-05; it can do so on Thursdays, at the beginning of the day in UTC
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia undelegate`.
#[derive(Debug, Args)]
pub struct Undelegate {
    #[command(flatten)]
    offline: Offline,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia relay`.
#[derive(Debug, Args)]
pub struct Relay {
    /// What gaia vote or gaia delegate printed with --sign-only
    file: PathBuf,
    #[command(flatten)]
    signing: Signing,
}

impl Delegate {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let ends = self.until.map(|Date(moment)| end(moment)).transpose()?;
        let share = |it: AccountShare| Share { to: AccountId::from(it.account.0.0), share: it.share.0 };
        let shares: Vec<_> = self.shares.into_iter().map(share).collect();
        order(shared, &self.signing, &self.offline, shares, ends, "delegated").await
    }
}

impl Undelegate {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        order(shared, &self.signing, &self.offline, Vec::new(), None, "delegation revoked").await
    }
}

async fn order(
    shared: &Shared,
    signing: &Signing,
    offline: &Offline,
    shares: Vec<Share>,
    ends: Option<Moment>,
    done: &str,
) -> Result<()> {
    let acting = Acting::new(shared, signing).await?;
    let (view, contract) = (acting.view().await?, &acting.contracts.token);
    if let Some(deadline) = offline.deadline(&acting, &view).await? {
        let delegator = acting.account();
        let nonce = view.ask(&contract.account, &token::nonce(delegator)).await?;
        let order = SignedDelegation { delegator, shares, ends, nonce, deadline };
        let account = AccountId::from(contract.account.0);
        shared.output().document(&Signed::delegation(&acting.signer, order, acting.chain.genesis_hash(), account));
        return Ok(());
    }
    let sent = acting.send(contract, &token::delegate(&shares, ends)).await?;
    acting.report(None, &sent, done);
    Ok(())
}

/// The end of a delegation, if one can be then.
fn end(moment: Moment) -> Result<Moment> {
    if moment.is_multiple_of(EPOCH) {
        return Ok(moment);
    }
    let before = moment - moment % EPOCH;
    let after = before.saturating_add(EPOCH);
    Err(Error::Usage(format!(
        "a delegation can end only at the beginning of a Thursday in UTC: give {} or {}",
        day(before),
        day(after)
    )))
}

fn day(moment: Moment) -> String {
    let time = Time::from_moment(moment).to_string();
    time.split_once('T').map_or(time.clone(), |(day, _)| day.to_owned())
}

impl Relay {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let ready = Signed::read(&self.file)?.ready()?;
        let acting = Acting::new(shared, &self.signing).await?;
        let contracts = &acting.contracts;
        let account_of = |contract: &Deployed| AccountId::from(contract.account.0);
        match ready {
            Ready::Vote(vote, signature) => {
                let message = relay::vote(account_of(&contracts.polls), &vote, &signature);
                let sent = acting.send(&contracts.relay, &message).await?;
                acting.report(Some(vote.poll), &sent, &format!("proposal {}: signed vote sent", vote.poll));
            }
            Ready::Delegation(order, signature) => {
                let message = relay::delegate(account_of(&contracts.token), &order, &signature);
                let sent = acting.send(&contracts.relay, &message).await?;
                acting.report(None, &sent, "signed delegation sent");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegation_ends_on_a_thursday() {
        let thursday = "2026-03-05".parse::<Date>().expect("a date").0;
        assert_eq!(end(thursday).ok(), Some(thursday));
        let error = end(thursday + 1).expect_err("no end");
        assert!(error.to_string().ends_with("give 2026-03-05 or 2026-03-12"), "{error}");
    }
}
