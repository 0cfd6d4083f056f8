//! Streams.

use crate::treasury::Treasury;
use ink::codegen::Env;
use interfaces::{
    AccountId, Balance, Leaf, Moment,
    refusal::{OrRefuse, refuse},
    treasury::{Category, Stream, StreamClaimed, StreamId, StreamOpened, StreamStopped, TreasuryError},
};

impl Treasury {
    pub(crate) fn reserve_stream(
        &mut self,
        category: Category,
        payee: AccountId,
        amount: Balance,
        begins: Moment,
        ends: Moment,
    ) -> StreamId {
        self.only_payable(payee);
        if ends <= begins || ends <= self.now() {
            refuse(TreasuryError::BadStream);
        }
        let asset = self.reserve(category, amount);
        let id = self.stream_count.get_or_default();
        let stream = Stream { category, asset, payee, amount, begins, ends, claimed: 0, stopped: None };
        self.streams.insert(id, &Leaf(stream));
        self.stream_count.set(&id.checked_add(1).or_refuse(TreasuryError::Overflow));
        self.env().emit_event(StreamOpened { stream: id, category, payee, asset, amount, begins, ends });
        id
    }

    fn known_stream(&self, stream: StreamId) -> Stream {
        let Leaf(stream) = self.streams.get(stream).or_refuse(TreasuryError::UnknownStream);
        stream
    }

    pub(crate) fn pay_accrued(&mut self, id: StreamId) {
        let mut stream = self.known_stream(id);
        let Stream { category, asset, payee, .. } = stream;
        let amount = stream.claimable_at(self.now());
        if amount == 0 {
            refuse(TreasuryError::NothingAccrued);
        }
        stream.claimed = stream.claimed.checked_add(amount).or_refuse(TreasuryError::Overflow);
        self.streams.insert(id, &Leaf(stream));
        self.unreserve(asset, amount);
        self.send(category, asset, payee, amount);
        self.env().emit_event(StreamClaimed { stream: id, payee, asset, amount });
    }

    pub(crate) fn free_unaccrued(&mut self, id: StreamId) {
        let mut stream = self.known_stream(id);
        let (now, asset) = (self.now(), stream.asset);
        let amount = stream.amount.saturating_sub(stream.accrued_at(now));
        if amount == 0 || stream.stopped.is_some() {
            refuse(TreasuryError::NothingLeft);
        }
        stream.stopped = Some(now);
        self.streams.insert(id, &Leaf(stream));
        self.unreserve(asset, amount);
        self.env().emit_event(StreamStopped { stream: id, asset, amount });
    }
}
