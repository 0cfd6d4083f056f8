//! The ledger: an entry for each thing that changed what the treasury holds of an asset, with what it holds after it.
//!
//! Of the native currency the chain itself says what the account holds after each block, and whatever the block's events
//! do not account for is an entry of its own, so that the balance is always the chain's. Of tokens there is what they say:
//! a token tells of a transfer, and where the treasury had ordered it, the treasury tells why right after, in the same
//! extrinsic. A token can say what it likes, and must not be able to stop the mirror: what it says beyond what there can
//! be is noted in the entry as excess, and counts for nothing.

use crate::{
    facts::Height,
    project::{Origin, Table},
};
use interfaces::{
    AccountId, Balance, Moment, ProposalId,
    token::Transfer,
    treasury::{Asset, Category, EscrowId, MilestoneId, StreamId},
};
use std::collections::HashMap;

/// What the treasury holds, and everything that changed that.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What it has of each asset. One that is missing was never there.
    pub assets: Table<Asset, Holding>,
    /// New entries.
    pub entries: Vec<Entry>,
    /// Positions of the block's entries of the native currency, whose balances are told at its end.
    native: Vec<usize>,
    /// Positions of the block's entries of what tokens said left the treasury and the treasury has not told why, by
    /// extrinsic and token.
    unexplained: HashMap<(Option<u32>, AccountId), Vec<usize>>,
}

/// What the treasury has of an asset.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// All of it.
    pub balance: Balance,
    /// What escrows and streams still owe.
    pub reserved: Balance,
    /// Whether a budget was ever set in it.
    pub budgeted: bool,
}

/// Something changed what the treasury holds.
#[derive(Debug)]
pub struct Entry {
    pub height: Height,
    pub moment: Moment,
    /// Where in the block.
    pub place: Place,
    pub asset: Asset,
    pub kind: EntryKind,
    /// Whether it came in; otherwise it went out.
    pub incoming: bool,
    pub amount: Balance,
    /// From whom or to whom, if that is known.
    pub counterparty: Option<AccountId>,
    /// What the treasury has of the asset after it.
    pub balance: Balance,
    /// What of the amount is not in the balance.
    pub excess: Balance,
    pub why: Why,
}

/// Where in a block an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before all events: they may have paid out of it.
    First,
    /// At the event of this position.
    Event(u32),
    /// After all events.
    Last,
}

/// What an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// Native currency was deposited by message.
    Deposit,
    /// A payment at once.
    Payment,
    /// A payment out of an escrow.
    Release,
    /// A payment of what had accrued in a stream.
    StreamClaim,
    /// Anything else: it came or went without a message of the treasury's.
    Transfer,
}

/// Why something left the treasury.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    /// Out of which budget.
    pub category: Option<Category>,
    /// Out of which escrow, and for which milestone.
    pub escrow: Option<(EscrowId, MilestoneId)>,
    /// Out of which stream.
    pub stream: Option<StreamId>,
    /// The proposal whose execution paid it, or opened the escrow or stream.
    pub proposal: Option<ProposalId>,
}

impl Ledger {
    /// What was known before a batch.
    pub fn known(assets: Table<Asset, Holding>) -> Self {
        Self { assets, ..Self::default() }
    }

    fn holding(&self, asset: Asset) -> Holding {
        self.assets.get(&asset).copied().unwrap_or_default()
    }

    fn has(&mut self, asset: Asset, balance: Balance) {
        self.assets.put(asset, Holding { balance, ..self.holding(asset) });
    }

    /// A budget was set in an asset.
    pub(super) fn budgeted(&mut self, asset: Asset) {
        self.assets.put(asset, Holding { budgeted: true, ..self.holding(asset) });
    }

    /// So much more is owed.
    pub(super) fn reserve(&mut self, asset: Asset, amount: Balance) -> Result<(), String> {
        let holding = self.holding(asset);
        let reserved = holding.reserved.checked_add(amount).ok_or("more was reserved than can be counted")?;
        self.assets.put(asset, Holding { reserved, ..holding });
        Ok(())
    }

    /// So much less is owed.
    pub(super) fn unreserve(&mut self, asset: Asset, amount: Balance) -> Result<(), String> {
        let holding = self.holding(asset);
        let reserved = holding.reserved.checked_sub(amount).ok_or("more was paid or freed than was reserved")?;
        self.assets.put(asset, Holding { reserved, ..holding });
        Ok(())
    }

    /// Native currency came in by message.
    pub(super) fn deposited(&mut self, origin: Origin, from: AccountId, amount: Balance) {
        let entry = Entry::new(origin, Asset::Native, EntryKind::Deposit, true, amount);
        self.enter(Entry { counterparty: Some(from), ..entry });
    }

    /// A token told of a transfer. One to oneself, of nothing, or between others changes nothing here.
    pub(super) fn moved(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        token: AccountId,
        treasury: AccountId,
        transfer: &Transfer,
    ) {
        if !crate::decode::moves(transfer, &treasury) {
            return;
        }
        let incoming = transfer.to == Some(treasury);
        let entry = Entry::new(origin, Asset::Token(token), EntryKind::Transfer, incoming, transfer.value);
        let counterparty = if incoming { transfer.from } else { transfer.to };
        let position = self.enter(Entry { counterparty, ..entry });
        if !incoming {
            self.unexplained.entry((extrinsic, token)).or_default().push(position);
        }
    }

    /// The treasury tells that it paid something. Answers with the positions of the entries that tell of it.
    pub(super) fn left(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        asset: Asset,
        kind: EntryKind,
        (payee, amount): (AccountId, Balance),
        why: Why,
    ) -> Vec<usize> {
        let told = match asset {
            Asset::Native => Vec::new(),
            Asset::Token(token) => self.explained((extrinsic, token), amount),
        };
        if told.is_empty() {
            let entry = Entry::new(origin, asset, kind, false, amount);
            return vec![self.enter(Entry { counterparty: Some(payee), why, ..entry })];
        }
        let single = told.len() == 1;
        for position in &told {
            let entry = &mut self.entries[*position];
            (entry.kind, entry.why) = (kind, why);
            // A token may share a payment out, to itself for example.
            if single {
                entry.counterparty = Some(payee);
            }
        }
        told
    }

    /// The latest of what left by a token's word, as many as come to this amount; nothing if none do.
    fn explained(&mut self, key: (Option<u32>, AccountId), amount: Balance) -> Vec<usize> {
        let Some(told) = self.unexplained.get_mut(&key) else { return Vec::new() };
        let mut sum: Balance = 0;
        for place in (0..told.len()).rev() {
            sum = sum.saturating_add(self.entries[told[place]].amount);
            if sum >= amount {
                return if sum == amount { told.split_off(place) } else { Vec::new() };
            }
        }
        Vec::new()
    }

    /// Adds an entry. Answers with its position.
    fn enter(&mut self, mut entry: Entry) -> usize {
        let position = self.entries.len();
        if entry.asset == Asset::Native {
            self.native.push(position);
        } else {
            let before = self.holding(entry.asset).balance;
            let (after, counted) = if entry.incoming {
                let after = before.saturating_add(entry.amount);
                (after, after.saturating_sub(before))
            } else {
                let after = before.saturating_sub(entry.amount);
                (after, before.saturating_sub(after))
            };
            entry.balance = after;
            entry.excess = entry.amount.saturating_sub(counted);
            self.has(entry.asset, after);
        }
        self.entries.push(entry);
        position
    }

    /// The block is over, and the treasury's account has so much of the native currency: what came and went besides the
    /// block's events follows, and with it the balance after each of them.
    pub(super) fn end_block(&mut self, height: Height, moment: Moment, free: Balance) -> Result<(), String> {
        self.unexplained.clear();
        let mut block = std::mem::take(&mut self.native);
        let mut balance = self.holding(Asset::Native).balance;
        let (mut plus, mut minus) = (balance, free);
        for entry in block.iter().map(|position| &self.entries[*position]) {
            let side = if entry.incoming { &mut plus } else { &mut minus };
            *side = side.checked_add(entry.amount).ok_or("the native currency exceeds what can be counted")?;
        }
        if plus != minus {
            let incoming = plus < minus;
            let (place, at) = if incoming { (Place::First, 0) } else { (Place::Last, block.len()) };
            block.insert(at, self.entries.len());
            let origin = Origin { height, index: 0, moment };
            let entry = Entry::new(origin, Asset::Native, EntryKind::Transfer, incoming, plus.abs_diff(minus));
            self.entries.push(Entry { place, ..entry });
        }
        if block.is_empty() {
            return Ok(());
        }
        for position in block {
            let entry = &mut self.entries[position];
            let after =
                if entry.incoming { balance.checked_add(entry.amount) } else { balance.checked_sub(entry.amount) };
            balance = after.ok_or_else(|| format!("more left the treasury in block {height} than it had"))?;
            entry.balance = balance;
        }
        self.has(Asset::Native, balance);
        Ok(())
    }
}

impl Entry {
    fn new(origin: Origin, asset: Asset, kind: EntryKind, incoming: bool, amount: Balance) -> Self {
        Self {
            height: origin.height,
            moment: origin.moment,
            place: Place::Event(origin.index),
            asset,
            kind,
            incoming,
            amount,
            counterparty: None,
            balance: 0,
            excess: 0,
            why: Why::default(),
        }
    }
}
