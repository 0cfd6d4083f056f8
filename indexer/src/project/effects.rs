//! What executions do: the treasury's payments, and changes of contracts' code. Deposits, which nobody orders, too.

use super::Origin;
use crate::decode::TreasuryEvent;
use interfaces::{AccountId, Balance, Hash, ProposalId, upgrade::Upgraded};
use std::collections::HashMap;

/// What happens in a batch.
#[derive(Debug, Default)]
pub struct Effects {
    /// New deposits and payments.
    pub movements: Vec<MovementRow>,
    /// New changes of code.
    pub upgrades: Vec<UpgradeRow>,
    /// What happened in each extrinsic of the block, and no execution has claimed yet.
    unclaimed: HashMap<Option<u32>, Vec<Effect>>,
    /// The latest execution in each extrinsic of the block, with the governor that told of it.
    executed: HashMap<Option<u32>, (AccountId, ProposalId)>,
}

/// Something that an execution can have done, by its position.
#[derive(Debug, Clone, Copy)]
enum Effect {
    Movement(usize),
    Upgrade(usize),
}

/// Currency came into the treasury by message, or left it.
#[derive(Debug)]
pub struct MovementRow {
    pub origin: Origin,
    /// Whether it came or left.
    pub kind: Movement,
    /// The depositor or the payee.
    pub account: AccountId,
    pub amount: Balance,
    /// The proposal whose execution made a payment.
    pub proposal: Option<ProposalId>,
}

/// Which way currency moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Into the treasury.
    Deposit,
    /// Out of it.
    Payment,
}

/// A contract changed its code.
#[derive(Debug)]
pub struct UpgradeRow {
    pub origin: Origin,
    pub contract: AccountId,
    pub code_hash: Hash,
    /// The proposal whose execution ordered it.
    pub proposal: Option<ProposalId>,
}

impl Effects {
    /// What follows from an event of the treasury.
    pub(super) fn apply(&mut self, origin: Origin, extrinsic: Option<u32>, event: TreasuryEvent) {
        let (kind, account, amount) = match event {
            TreasuryEvent::Deposited(event) => (Movement::Deposit, event.from, event.amount),
            TreasuryEvent::Paid(event) => (Movement::Payment, event.payee, event.amount),
            _ => return,
        };
        if kind == Movement::Payment {
            self.unclaimed.entry(extrinsic).or_default().push(Effect::Movement(self.movements.len()));
        }
        self.movements.push(MovementRow { origin, kind, account, amount, proposal: None });
    }

    /// A contract runs other code from now on.
    pub(super) fn upgraded(&mut self, origin: Origin, extrinsic: Option<u32>, contract: AccountId, event: &Upgraded) {
        // The governor gives itself other code last of all, after it has told of the execution.
        let own = self.executed.get(&extrinsic).filter(|(governor, _)| *governor == contract);
        let proposal = own.map(|(_, proposal)| *proposal);
        if proposal.is_none() {
            self.unclaimed.entry(extrinsic).or_default().push(Effect::Upgrade(self.upgrades.len()));
        }
        self.upgrades.push(UpgradeRow { origin, contract, code_hash: event.code_hash, proposal });
    }

    /// The governor told of an execution. It makes a proposal's calls before that, so what happened since the extrinsic's
    /// last execution was done by this one.
    pub(super) fn executed(&mut self, extrinsic: Option<u32>, governor: AccountId, proposal: ProposalId) {
        for effect in self.unclaimed.remove(&extrinsic).unwrap_or_default() {
            match effect {
                Effect::Movement(position) => self.movements[position].proposal = Some(proposal),
                Effect::Upgrade(position) => self.upgrades[position].proposal = Some(proposal),
            }
        }
        self.executed.insert(extrinsic, (governor, proposal));
    }

    /// The block is over: what nobody has claimed, nobody will.
    pub(super) fn end_block(&mut self) {
        self.unclaimed.clear();
        self.executed.clear();
    }
}
