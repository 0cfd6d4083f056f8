//! Streams: what payees earn bit by bit.

use super::{EntryKind, Order, Ordered, Treasury, Why};
use crate::project::Origin;
use interfaces::{
    ProposalId,
    treasury::{Asset, Stream, StreamClaimed, StreamId, StreamOpened, StreamStopped},
};

/// A stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamRow {
    /// As the treasury keeps it.
    pub stream: Stream,
    /// When it was opened.
    pub opened: Ordered,
    /// The proposal whose execution stopped it.
    pub stopped_by: Option<ProposalId>,
}

impl Treasury {
    pub(super) fn stream_opened(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        event: &StreamOpened,
    ) -> Result<(), String> {
        let StreamOpened { stream: id, category, payee, asset, amount, begins, ends } = *event;
        if self.streams.get(&id).is_some() {
            return Err(format!("there is a stream {id} already"));
        }
        self.commit(origin, category, asset, amount)?;
        self.ledger.reserve(asset, amount)?;
        let stream = Stream { category, asset, payee, amount, begins, ends, claimed: 0, stopped: None };
        self.streams.put(id, StreamRow { stream, opened: Ordered::at(origin), stopped_by: None });
        self.orders.push(extrinsic, Order::Stream(id));
        Ok(())
    }

    pub(super) fn stream_claimed(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        event: &StreamClaimed,
    ) -> Result<(), String> {
        let StreamClaimed { stream: id, payee, asset, amount } = *event;
        let row = self.stream(id, asset)?;
        if row.stream.claimable_at(origin.moment) != amount {
            return Err(format!("something else was claimed of stream {id} than had accrued"));
        }
        row.stream.claimed = row.stream.claimed.saturating_add(amount);
        let (category, proposal) = (Some(row.stream.category), row.opened.proposal);
        self.ledger.unreserve(asset, amount)?;
        let why = Why { category, escrow: None, stream: Some(id), proposal };
        self.left(origin, extrinsic, asset, EntryKind::StreamClaim, (payee, amount), why);
        Ok(())
    }

    pub(super) fn stream_stopped(
        &mut self,
        origin: Origin,
        extrinsic: Option<u32>,
        event: &StreamStopped,
    ) -> Result<(), String> {
        let StreamStopped { stream: id, asset, amount } = *event;
        let row = self.stream(id, asset)?;
        let accrued = row.stream.accrued_at(origin.moment);
        if row.stream.stopped.is_some() || row.stream.amount.saturating_sub(accrued) != amount {
            return Err(format!("something else was freed of stream {id} than had not accrued"));
        }
        row.stream.stopped = Some(origin.moment);
        self.orders.push(extrinsic, Order::Stopped(id));
        self.ledger.unreserve(asset, amount)
    }

    /// A stream, to be changed.
    fn stream(&mut self, id: StreamId, asset: Asset) -> Result<&mut StreamRow, String> {
        let row = self.streams.get_mut(&id).ok_or_else(|| format!("there is no stream {id}"))?;
        if row.stream.asset == asset { Ok(row) } else { Err(format!("stream {id} is in another asset")) }
    }
}
