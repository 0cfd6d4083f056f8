//! Who does what in the demo.

mod fee;
mod funding;

use crate::{
    Error, Result, clock,
    commands::{GENERAL, PAGE, call, count, for_a_year, payment, round_line},
    output::say,
    parse::{Account, Amount, Payment},
};
use ballot::{BasisPoints, Choice, Mechanism, OptionId, Ranking, Support};
use client::{
    Block, Chain, Contracts, Deployed, Message, Sent, Signer, development_account,
    messages::{Answer, governor, polls, registry, token, upgrade},
};
use interfaces::{
    AccountId, Millis, ProposalId,
    governor::{Call, Choosable, Kind, ProposalRequest, Rules},
    polls::Poll,
    token::Share,
    treasury::EscrowOpened,
};
use std::collections::BTreeMap;

/// What the treasury is asked to pay, in base units.
pub(super) const PAYOUT: u128 = 250_000_000_000_000;

/// Who votes.
pub(super) const VOTERS: [&str; 5] = ["Alice", "Bob", "Charlie", "Dave", "Eve"];

/// Who is paid; holds no tokens and sends nothing, so that its balance changes by the payout and nothing else.
pub(super) const PAYEE: &str = "Ferdie";

/// How far ahead a milestone lapses and a parameter changes.
const HOUR: Millis = 3_600_000;

/// People and their wallets: Charlie's and Dave's are one person's.
const PEOPLE: [(&str, u8); 4] = [("Alice", 1), ("Bob", 2), ("Charlie", 3), ("Dave", 3)];

/// Everybody and everything that takes part.
pub(super) struct Play<'a> {
    chain: &'a Chain,
    pub(super) contracts: &'a Contracts,
    pub(super) payee: Signer,
    voters: BTreeMap<&'static str, Signer>,
}

/// What was played.
pub(super) struct Round {
    /// All proposals, in order.
    pub(super) proposals: Vec<ProposalId>,
    /// That of the payout.
    pub(super) treasury: ProposalId,
    /// The last block in which something happened.
    pub(super) last: Block,
    /// What the payee received.
    pub(super) received: Option<u128>,
}

/// A proposal that was made.
struct Made {
    id: ProposalId,
    mechanism: Mechanism,
    rules: Rules,
}

impl<'a> Play<'a> {
    pub(super) fn new(chain: &'a Chain, contracts: &'a Contracts) -> Result<Self> {
        let mut voters = BTreeMap::new();
        for name in VOTERS {
            voters.insert(name, development_account(name)?);
        }
        Ok(Self { chain, contracts, payee: development_account(PAYEE)?, voters })
    }

    pub(super) async fn run(&self) -> Result<Round> {
        self.prepare().await?;
        let head = self.chain.head().await?;
        let before = self.chain.free_balance(&self.payee.account(), head.hash).await?;

        // Their polls run side by side.
        let payout = self.propose(Kind::TreasurySpending, self.payout()).await?;
        let change = self.propose(Kind::ParameterChange, self.more_credits().await?).await?;
        let upgrade = self.propose(Kind::ProtocolUpgrade, self.new_code()).await?;
        let market = self.propose(Kind::CommunityInitiative, markets()).await?;
        let grants = self.propose(Kind::CommunityInitiative, grants()).await?;
        // By then everything is executed, however slow the machine: the chain's clock is sent there.
        let later = self.chain.moment(head.hash).await?.saturating_add(HOUR);
        let funding = self.propose(Kind::TreasurySpending, self.funding(later)?).await?;
        let naming = self.propose(Kind::ParameterChange, self.naming()).await?;
        let fee = self.propose(Kind::ParameterChange, self.lower_fee(later)?).await?;
        let made = [&payout, &change, &upgrade, &market, &grants, &funding, &naming, &fee];
        for proposal in made {
            let opens = self.poll(proposal.id).await?.terms.snapshot;
            clock::until(self.chain, "voting opens", opens).await?;
        }
        self.vote_on_payout(payout.id).await?;
        for proposal in [change.id, upgrade.id, funding.id, naming.id, fee.id] {
            for (name, support) in [("Alice", Support::For), ("Bob", Support::For), ("Charlie", Support::Against)] {
                self.vote(name, proposal, Choice::Majority(support)).await?;
            }
        }
        self.vote_on_markets(market.id).await?;
        self.vote_on_grants(grants.id).await?;

        let mut queued = Vec::new();
        for proposal in made {
            let closes = self.poll(proposal.id).await?.closes;
            clock::until(self.chain, "voting ends", closes).await?;
            if proposal.mechanism.is_ranked() {
                self.count(proposal.id).await?;
            }
            let sent = self.govern("Alice", &governor::queue(proposal.id)).await?;
            step(&sent, &format!("proposal {} has passed and is queued", proposal.id));
            queued.push((proposal, sent.block));
        }
        let (mut paid, mut opened) = (head, None);
        let treasury = self.contracts.treasury.account;
        for (proposal, since) in queued {
            clock::pass(self.chain, "the delay passes", since, proposal.rules.execution_delay).await?;
            let executed = self.govern("Alice", &governor::execute(proposal.id)).await?;
            step(&executed, &format!("proposal {} is executed", proposal.id));
            paid = executed.block;
            opened = opened.or_else(|| executed.event::<EscrowOpened>(&treasury));
        }
        let after = self.chain.free_balance(&self.payee.account(), paid.hash).await?;
        let opened = opened.ok_or_else(|| impossible("no escrow was opened"))?;
        let paid = self.pay_milestone(&opened).await?;
        self.tell_fee(paid).await?;
        self.chain.advance(HOUR).await?;
        clock::until(self.chain, "an hour passes", later).await?;
        let last = self.lapse_milestone(&opened).await?;
        self.tell_fee(last).await?;
        let proposals = made.map(|made| made.id).to_vec();
        Ok(Round { proposals, treasury: payout.id, last, received: after.checked_sub(before) })
    }

    /// A delegation, and people for the quadratic vote.
    async fn prepare(&self) -> Result<()> {
        let whole = Share { to: self.account("Bob"), share: BasisPoints::new(BasisPoints::WHOLE).map_err(impossible)? };
        let sent = self.send("Eve", &self.contracts.token, &token::delegate(&[whole], None)).await?;
        step(&sent, "Eve lets Bob vote for her");
        let now = self.chain.moment(sent.block.hash).await?;
        for (name, person) in PEOPLE {
            let message = registry::attest(self.account(name), for_a_year([person; 32].into(), now));
            let sent = self.send("Alice", &self.contracts.registry, &message).await?;
            step(&sent, &format!("{name}'s wallet is attested to be person {person}'s"));
        }
        Ok(())
    }

    async fn propose(&self, kind: Kind, (mechanism, options): (Mechanism, Options)) -> Result<Made> {
        let rules = self.chain.contract(self.contracts.governor.account).ask(&governor::rules(kind)).await?;
        let (title, options) = options;
        let request = ProposalRequest {
            kind,
            mechanism,
            title: title.to_owned(),
            link: "https://forum.gaiaexchanges.example/t/1".into(),
            content_hash: client::blake2_256(title.as_bytes()).into(),
            options,
        };
        let sent = self.govern("Alice", &governor::propose(&request).paying(rules.deposit)).await?;
        let id = sent.answer;
        step(&sent, &format!("Alice proposes, to be decided by {}: {title}: proposal {id}", mechanism.as_str()));
        Ok(Made { id, mechanism, rules })
    }

    fn payout(&self) -> (Mechanism, Options) {
        let order = Payment { payee: Account(self.payee.account()), amount: Amount(PAYOUT) };
        let calls = vec![payment(self.contracts.treasury.account, GENERAL, &order)];
        majority("Pay Ferdie for the audit of the order book", calls)
    }

    /// Changes the rules for community initiatives.
    async fn more_credits(&self) -> Result<(Mechanism, Options)> {
        let kind = Kind::CommunityInitiative;
        let governing = self.contracts.governor.account;
        let rules = self.chain.contract(governing).ask(&governor::rules(kind)).await?;
        let rules = Rules { credits: 144, ..rules };
        Ok(majority("Give everybody 144 voice credits", vec![call(governing, &governor::set_rules(kind, &rules))]))
    }

    /// Lets the treasury run the newest code, which here is the one it has.
    fn new_code(&self) -> (Mechanism, Options) {
        let treasury = &self.contracts.treasury;
        let message = upgrade::upgrade(treasury.code_hash.0.into());
        majority("Let the treasury run the code of this release", vec![call(treasury.account, &message)])
    }

    /// Bob votes with what Eve delegated to him, until she votes herself.
    async fn vote_on_payout(&self, proposal: ProposalId) -> Result<()> {
        for (name, support) in
            VOTERS.into_iter().zip([Support::For, Support::For, Support::Against, Support::Abstain, Support::For])
        {
            self.vote(name, proposal, Choice::Majority(support)).await?;
            if name == "Bob" || name == "Eve" {
                let receipt = polls::receipt(proposal, self.account("Bob"));
                let receipt =
                    self.chain.contract(self.contracts.polls.account).ask(&receipt).await?.unwrap_or_default();
                say(format!("               Bob's vote counts with {}", receipt.power));
            }
        }
        Ok(())
    }

    async fn vote_on_markets(&self, proposal: ProposalId) -> Result<()> {
        let rankings: [(_, &[OptionId]); 4] =
            [("Alice", &[0, 1]), ("Bob", &[1, 2, 0]), ("Charlie", &[2, 1]), ("Dave", &[3, 2, 1])];
        for (name, ranking) in rankings {
            self.vote(name, proposal, Choice::Ranked(Ranking::new(ranking.to_vec()).map_err(impossible)?)).await?;
        }
        Ok(())
    }

    /// Charlie's and Dave's wallets buy votes from one budget.
    async fn vote_on_grants(&self, proposal: ProposalId) -> Result<()> {
        let votes: [(_, &[(OptionId, u32)]); 4] =
            [("Alice", &[(1, 7), (2, 5)]), ("Bob", &[(0, 3), (1, 3)]), ("Charlie", &[(0, 6)]), ("Dave", &[(0, 2)])];
        for (name, votes) in votes {
            self.vote(name, proposal, Choice::Quadratic(votes.to_vec())).await?;
        }
        match self.vote("Dave", proposal, Choice::Quadratic(vec![(0, 5)])).await {
            Err(Error::Chain(client::Error::Refused(refusal))) => {
                say(format!("               Dave is refused: {refusal}"))
            }
            other => other?,
        }
        Ok(())
    }

    async fn count(&self, proposal: ProposalId) -> Result<()> {
        let tell = |round: &_| say(format!("               {}", round_line(round)));
        let counted = count(self.chain, self.contracts, &self.voters["Alice"], proposal, PAGE, tell).await?;
        for sent in &counted.pages {
            step(sent, &format!("a page of proposal {proposal} is counted"));
        }
        Ok(())
    }

    async fn vote(&self, name: &str, proposal: ProposalId, choice: Choice) -> Result<()> {
        let sent = self.send(name, &self.contracts.polls, &polls::vote(proposal, &choice)).await?;
        step(&sent, &format!("{name} votes on proposal {proposal}: {}", said(&choice)));
        Ok(())
    }

    async fn poll(&self, proposal: ProposalId) -> Result<Poll> {
        let poll = self.chain.contract(self.contracts.polls.account).ask(&polls::poll(proposal)).await?;
        let poll = poll.map(|(poll, _)| poll);
        poll.ok_or_else(|| Error::Failed(format!("proposal {proposal} has no poll")))
    }

    async fn govern<R: Answer>(&self, name: &str, message: &Message<R>) -> Result<Sent<R::Done>> {
        self.send(name, &self.contracts.governor, message).await
    }

    async fn send<R: Answer>(&self, name: &str, contract: &Deployed, message: &Message<R>) -> Result<Sent<R::Done>> {
        Ok(self.chain.contract(contract.account).send(&self.voters[name], message).await?)
    }

    fn account(&self, name: &str) -> AccountId {
        AccountId::from(self.voters[name].account().0)
    }
}

/// The script itself is wrong.
fn impossible(error: impl std::fmt::Display) -> Error {
    Error::Failed(error.to_string())
}

/// A title, and what can be decided.
type Options = (&'static str, Vec<Choosable>);

fn majority(title: &'static str, calls: Vec<Call>) -> (Mechanism, Options) {
    (Mechanism::Majority, (title, vec![Choosable { title: title.to_owned(), calls }]))
}

fn markets() -> (Mechanism, Options) {
    (Mechanism::Ranked, ("Which market opens next?", decisions(&["DOT", "KSM", "ETH", "BTC"])))
}

fn grants() -> (Mechanism, Options) {
    (Mechanism::Quadratic, ("Whom do we help first?", decisions(&["The wiki", "The wallets", "The meetups"])))
}

/// Options where the decision is all.
fn decisions(titles: &[&str]) -> Vec<Choosable> {
    titles.iter().map(|title| Choosable { title: (*title).to_owned(), calls: Vec::new() }).collect()
}

fn said(choice: &Choice) -> String {
    match choice {
        Choice::Majority(support) => support.as_str().to_owned(),
        Choice::Ranked(ranking) => {
            ranking.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>().join(" before ")
        }
        Choice::Quadratic(votes) => {
            let votes = votes.iter().map(|(option, votes)| format!("{votes} votes for {option}"));
            votes.collect::<Vec<_>>().join(", ")
        }
        other => format!("{other:?}"),
    }
}

fn step<T>(sent: &Sent<T>, what: &str) {
    say(format!("  block {:>5}  {what}", sent.block.height));
}
