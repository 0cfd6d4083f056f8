//! `gaia propose`, `draft`, `edit` and `submit`: what a proposer hands in.

use super::{Shared, Signing, acting::Acting};
use crate::{
    Error, Result, orders,
    parse::{Hash, OfOption, Payment, RawCall, Target, named},
};
use ballot::{Mechanism, OptionId};
use clap::Args;
use client::{
    AccountId32, Contracts, Message, View,
    messages::{governor, treasury},
};
use interfaces::{
    AccountId, Balance, ProposalId,
    governor::{Call, Choosable, DraftWritten, Kind, ProposalCreated, ProposalRequest},
    treasury::{Category, Payment as Order},
};
use std::path::PathBuf;

/// `gaia propose` and `gaia draft`.
#[derive(Debug, Args)]
pub struct Propose {
    #[command(flatten)]
    text: Text,
    #[command(flatten)]
    signing: Signing,
}

/// `gaia edit`.
#[derive(Debug, Args)]
pub struct Edit {
    /// The draft's number
    proposal: ProposalId,
    #[command(flatten)]
    text: Text,
    #[command(flatten)]
    signing: Signing,
}

/// What is proposed.
#[derive(Debug, Args)]
struct Text {
    /// What is proposed, in one line
    #[arg(long)]
    title: String,
    /// What it is about: protocol_upgrade, treasury_spending, parameter_change or community_initiative
    #[arg(long, default_value = "treasury_spending", value_parser = named::<Kind>)]
    kind: Kind,
    /// How it is voted on: majority, approval, weighted, quadratic, ranked or condorcet
    #[arg(long, default_value = "majority", value_parser = named::<Mechanism>)]
    mechanism: Mechanism,
    /// Where it is discussed
    #[arg(long, default_value = "")]
    link: String,
    /// File with the proposal's full text, whose hash goes on chain
    #[arg(long, value_name = "FILE", conflicts_with = "content_hash")]
    text: Option<PathBuf>,
    /// BLAKE2b-256 of the proposal's full text, if not given by --text
    #[arg(long, value_name = "0xHASH")]
    content_hash: Option<Hash>,
    /// What can be decided, once for each option; "none of the above" comes by itself. A majority vote needs none
    #[arg(long = "option", value_name = "TITLE")]
    options: Vec<String>,
    /// A payment in base units of the native currency, in a vote with options with the number of the one that makes it;
    /// may be repeated
    #[arg(long = "pay", value_name = "[OPTION:]ACCOUNT=AMOUNT")]
    payments: Vec<OfOption<Payment>>,
    /// The category of spending out of whose budget the payments are made
    #[arg(long, value_name = "NUMBER", default_value_t = GENERAL)]
    category: Category,
    /// Any other call: token, ledger, registry, governor, polls, rankings, treasury or an account, and the message with
    /// its arguments
    #[arg(long = "call", value_name = "[OPTION:]CONTRACT=0xDATA")]
    calls: Vec<OfOption<RawCall>>,
    /// JSON file with what the contracts are ordered to do, after the payments and calls; docs/proposing.md has them all
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
}

/// The category of spending that has a budget from the beginning on the networks of the manifest.
pub const GENERAL: Category = 0;

/// The call that orders the treasury to make one payment.
pub fn payment(treasury: AccountId32, category: Category, payment: &Payment) -> Call {
    let payee = AccountId::from(payment.payee.0.0);
    call(treasury, &treasury::pay(Order { category, payee, amount: payment.amount.0 }))
}

/// A call of a message.
pub fn call<R>(target: AccountId32, message: &Message<R>) -> Call {
    let (selector, arguments) = message.data.split_at(4);
    let selector = selector.try_into().unwrap_or_default();
    Call { target: AccountId::from(target.0), selector, input: arguments.to_vec(), value: message.value }
}

/// The deposit that a new proposal of a kind needs.
pub async fn deposit(view: &View, contracts: &Contracts, kind: Kind) -> Result<Balance> {
    Ok(view.ask(&contracts.governor.account, &governor::rules(kind)).await?.deposit)
}

impl Propose {
    pub(super) async fn propose(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let request = self.text.request(&acting.contracts)?;
        let deposit = deposit(&acting.view().await?, &acting.contracts, request.kind).await?;
        let governor = &acting.contracts.governor;
        let sent = acting.send(governor, &governor::propose(&request).paying(deposit)).await?;
        // Not the dry run's answer: somebody else may have proposed in between.
        let made = sent.event(&governor.account).map(|made: ProposalCreated| made.proposal);
        let proposal = made.unwrap_or(sent.answer);
        acting.report(Some(proposal), &sent, &format!("proposal {proposal} made"));
        Ok(())
    }

    pub(super) async fn draft(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let request = self.text.request(&acting.contracts)?;
        let governor = &acting.contracts.governor;
        let sent = acting.send(governor, &governor::draft(&request)).await?;
        let written = sent.event(&governor.account).map(|written: DraftWritten| written.proposal);
        let proposal = written.unwrap_or(sent.answer);
        acting.report(Some(proposal), &sent, &format!("draft {proposal} written"));
        Ok(())
    }
}

impl Edit {
    pub(super) async fn run(self, shared: &Shared) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let request = self.text.request(&acting.contracts)?;
        let sent = acting.send(&acting.contracts.governor, &governor::edit(self.proposal, &request)).await?;
        acting.report(Some(self.proposal), &sent, &format!("draft {} written anew", self.proposal));
        Ok(())
    }
}

/// Turns a draft into a proposal.
pub(super) async fn submit(shared: &Shared, signing: &Signing, proposal: ProposalId) -> Result<()> {
    let acting = Acting::new(shared, signing).await?;
    let governor = &acting.contracts.governor;
    let kept = acting.view().await?.ask(&governor.account, &governor::proposal(proposal)).await?;
    // Of what there is not, the governor says so itself.
    let deposit = kept.map_or(0, |kept| kept.rules.deposit);
    let sent = acting.send(governor, &governor::submit(proposal).paying(deposit)).await?;
    acting.report(Some(proposal), &sent, &format!("proposal {proposal}: submitted"));
    Ok(())
}

impl Text {
    fn request(&self, contracts: &Contracts) -> Result<ProposalRequest> {
        let content_hash = self.content_hash()?.into();
        let Self { kind, mechanism, title, link, .. } = self;
        let (title, link) = (title.clone(), link.clone());
        Ok(ProposalRequest {
            kind: *kind,
            mechanism: *mechanism,
            title,
            link,
            content_hash,
            options: self.options(contracts)?,
        })
    }

    /// The hash of the full text.
    fn content_hash(&self) -> Result<[u8; 32]> {
        match (&self.text, self.content_hash) {
            (_, Some(Hash(hash))) => Ok(hash.0),
            (Some(path), None) => {
                let text = std::fs::read(path).map_err(Error::file("read", path))?;
                Ok(client::blake2_256(&text))
            }
            (None, None) => Ok(client::blake2_256(b"")),
        }
    }

    fn options(&self, contracts: &Contracts) -> Result<Vec<Choosable>> {
        let titles = match (self.mechanism, self.options.as_slice()) {
            (Mechanism::Majority, []) => std::slice::from_ref(&self.title),
            (Mechanism::Majority, [_, _, ..]) => {
                return Err(Error::Usage(
                    "a majority vote is for or against one thing: give at most one --option".into(),
                ));
            }
            (_, []) => return Err(Error::Usage("say what can be decided: --option \"TITLE\", once for each".into())),
            (_, titles) => titles,
        };
        let options = titles.iter().map(|title| Choosable { title: title.clone(), calls: Vec::new() });
        let mut options: Vec<_> = options.collect();
        for OfOption { option, what } in &self.payments {
            self.option(&mut options, *option)?.calls.push(payment(contracts.treasury.account, self.category, what));
        }
        for OfOption { option, what } in &self.calls {
            let call = Call {
                target: AccountId::from(target(&what.target, contracts)?.0),
                selector: what.selector,
                input: what.input.clone(),
                value: 0,
            };
            self.option(&mut options, *option)?.calls.push(call);
        }
        for order in self.orders.as_deref().map_or_else(|| Ok(Vec::new()), orders::read)? {
            let call = order.call(contracts, self.kind)?;
            self.option(&mut options, order.option)?.calls.push(call);
        }
        Ok(options)
    }

    /// The option that something belongs to.
    fn option<'o>(&self, options: &'o mut [Choosable], number: Option<OptionId>) -> Result<&'o mut Choosable> {
        let number = match (number, self.mechanism) {
            (Some(number), _) => number,
            (None, Mechanism::Majority) => 0,
            (None, _) => {
                return Err(Error::Usage(
                    "say which option does it: --pay OPTION:ACCOUNT=AMOUNT, or \"option\" in an order, from 0".into(),
                ));
            }
        };
        options
            .get_mut(usize::from(number))
            .ok_or_else(|| Error::Usage(format!("there is no option {number}: --option gives them, from 0")))
    }
}

fn target(target: &Target, contracts: &Contracts) -> Result<AccountId32> {
    match target {
        Target::Account(account) => Ok(account.0),
        Target::Ours(name) => {
            let found = contracts.each().find(|(known, _)| known == name).map(|(_, contract)| contract.account);
            found.ok_or_else(|| {
                let known = Contracts::NAMES.join(", ");
                Error::Usage(format!("there is no contract {name:?}; there are {known}"))
            })
        }
    }
}
