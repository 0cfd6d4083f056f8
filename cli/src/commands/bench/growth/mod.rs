//! `gaia bench growth`: what messages cost when there are few of what others can add to, and when there are many.

mod escrows;
mod identities;
mod parameters;
mod voters;

use super::stage::{Cost, Stage};
use crate::{
    Error, Result,
    commands::{Shared, contracts::Places},
    output::{say, table},
};
use clap::{Args, ValueEnum};
use client::{AccountId32, Message, Sent, Signer, messages::Answer};
use interfaces::AccountId;
use serde::Serialize;
use std::{collections::BTreeMap, num::NonZeroU32};

/// `gaia bench growth`.
#[derive(Debug, Args)]
pub struct Growth {
    #[command(flatten)]
    places: Places,
    /// How many there are when messages are measured, in ascending order
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "10,1000,100000")]
    sizes: Vec<NonZeroU32>,
    /// Of what there are that many; by default of each
    #[arg(long, value_name = "WHAT,WHAT", value_delimiter = ',', default_values_t = Kind::value_variants().to_vec())]
    of: Vec<Kind>,
}

/// Of what there can be many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Holders, voters and proposals
    Voters,
    /// Escrows
    Escrows,
    /// Identities
    Identities,
    /// Parameters
    Parameters,
}

impl Kind {
    /// What messages cost at each of these sizes, in ascending order.
    pub(super) async fn measure(self, stage: &Stage, sizes: &[u32]) -> Result<Costs> {
        match self {
            Self::Voters => self.sweep(stage, sizes, voters::Crowd::default()).await,
            Self::Escrows => self.sweep(stage, sizes, escrows::Escrows::new(stage).await?).await,
            Self::Identities => self.sweep(stage, sizes, identities::Identities::new(stage).await?).await,
            Self::Parameters => self.sweep(stage, sizes, parameters::Parameters::new(stage).await?).await,
        }
    }

    async fn sweep(self, stage: &Stage, sizes: &[u32], mut growing: impl Growing) -> Result<Costs> {
        let mut costs = Vec::new();
        for size in sizes {
            say(format!("{size} {self}"));
            costs.extend(growing.grow(stage, *size).await?);
        }
        Ok(costs)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.to_possible_value().as_ref().map_or("", |value| value.get_name()))
    }
}

/// What messages cost at each size.
#[derive(Debug, Serialize)]
struct Figures {
    sizes: Vec<u32>,
    /// By the message's name, one figure for each size.
    messages: BTreeMap<&'static str, Vec<Cost>>,
    /// The largest ratio of a message's `ref_time` or `proof_size` at the largest size to that at the smallest.
    largest_growth: f64,
}

/// What messages cost, by name.
pub(super) type Costs = Vec<(&'static str, Cost)>;

/// A number of things that grows, and messages that have to do with them.
trait Growing {
    /// Grows to this size, and measures what the next one's messages cost.
    async fn grow(&mut self, stage: &Stage, size: u32) -> Result<Costs>;
}

impl Growth {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        if !self.sizes.is_sorted() {
            return Err(Error::Usage("give --sizes in ascending order".to_owned()));
        }
        let stage = Stage::new(shared, &self.places).await?;
        let measured = self.measure(&stage).await;
        let figures = stage.end(measured).await?;
        shared.output().result(&figures, |figures| {
            let sizes: Vec<_> = figures.sizes.iter().map(u32::to_string).collect();
            let header: Vec<_> = std::iter::once("ref_time").chain(sizes.iter().map(String::as_str)).collect();
            let row = |(name, costs): (&&str, &Vec<Cost>)| {
                let costs = costs.iter().map(|cost| cost.ref_time.to_string());
                std::iter::once((*name).to_owned()).chain(costs).collect()
            };
            let rows: Vec<Vec<String>> = figures.messages.iter().map(row).collect();
            format!("{}\nlargest growth: {:.4}", table(&header, &rows), figures.largest_growth)
        });
        Ok(())
    }

    async fn measure(&self, stage: &Stage) -> Result<Figures> {
        let sizes: Vec<_> = self.sizes.iter().map(|size| size.get()).collect();
        let mut messages = BTreeMap::<_, Vec<_>>::new();
        for of in &self.of {
            for (name, cost) in of.measure(stage, &sizes).await? {
                messages.entry(name).or_default().push(cost);
            }
        }
        let ratio = |costs: &Vec<Cost>| {
            let (Some(first), Some(last)) = (costs.first(), costs.last()) else { return 1.0 };
            let times = last.ref_time as f64 / first.ref_time as f64;
            times.max(last.proof_size as f64 / first.proof_size as f64)
        };
        let largest_growth = messages.values().map(ratio).fold(0.0, f64::max);
        Ok(Figures { sizes, messages, largest_growth })
    }
}

fn id(signer: &Signer) -> AccountId {
    AccountId::from(signer.account().0)
}

/// Sends a message in a moment of its own: what is changed twice in one moment is written once, and costs less.
async fn send<R: Answer>(
    stage: &Stage,
    contract: &AccountId32,
    signer: &Signer,
    message: &Message<R>,
) -> Result<Sent<R::Done>> {
    stage.chain.transfer(&stage.alice, &stage.alice.account(), 1).await?;
    Ok(stage.chain.contract(*contract).send(signer, message).await?)
}

async fn cost<R: Answer>(stage: &Stage, contract: &AccountId32, signer: &Signer, message: &Message<R>) -> Result<Cost> {
    Ok((&send(stage, contract, signer, message).await?).into())
}
