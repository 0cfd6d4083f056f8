//! What executions do to contracts: changes of their code. What they do to the treasury is told there.

use super::{Origin, unclaimed::Unclaimed};
use interfaces::{AccountId, Hash, ProposalId, upgrade::Upgraded};
use std::collections::HashMap;

/// What happens in a batch.
#[derive(Debug, Default)]
pub struct Effects {
    /// New changes of code.
    pub upgrades: Vec<UpgradeRow>,
    /// Those that no execution has claimed yet, by their positions.
    unclaimed: Unclaimed<usize>,
    /// The latest execution in each extrinsic of the block, with the governor that told of it.
    executed: HashMap<Option<u32>, (AccountId, ProposalId)>,
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
    /// A contract runs other code from now on.
    pub(super) fn upgraded(&mut self, origin: Origin, extrinsic: Option<u32>, contract: AccountId, event: &Upgraded) {
        // The governor gives itself other code last of all, after it has told of the execution.
        let own = self.executed.get(&extrinsic).filter(|(governor, _)| *governor == contract);
        let proposal = own.map(|(_, proposal)| *proposal);
        if proposal.is_none() {
            self.unclaimed.push(extrinsic, self.upgrades.len());
        }
        self.upgrades.push(UpgradeRow { origin, contract, code_hash: event.code_hash, proposal });
    }

    /// The governor told of an execution.
    pub(super) fn executed(&mut self, extrinsic: Option<u32>, governor: AccountId, proposal: ProposalId) {
        for position in self.unclaimed.claim(extrinsic) {
            self.upgrades[position].proposal = Some(proposal);
        }
        self.executed.insert(extrinsic, (governor, proposal));
    }

    /// The block is over.
    pub(super) fn end_block(&mut self) {
        self.unclaimed.end_block();
        self.executed.clear();
    }
}
