//! From an event's bytes to the type the contract emitted it as.

use crate::{config::Contracts, facts::RawEvent};
use ink::env::Event;
use interfaces::{
    governor::{ProposalCancelled, ProposalCreated, ProposalExecuted, ProposalQueued, VoteCast},
    token::{Approval, Transfer},
    treasury::{Deposited, Paid},
};
use scale::{Decode, DecodeAll};

/// An event of one of the projected contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractEvent {
    Transfer(Transfer),
    Approval(Approval),
    ProposalCreated(ProposalCreated),
    VoteCast(VoteCast),
    ProposalQueued(ProposalQueued),
    ProposalExecuted(ProposalExecuted),
    ProposalCancelled(ProposalCancelled),
    Deposited(Deposited),
    Paid(Paid),
}

/// What an event turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// Emitted by a contract that is not projected: kept raw only.
    Foreign,
    /// Understood.
    Known(ContractEvent),
    /// Emitted by a projected contract, but not understood, with the reason: kept raw, and noted.
    Unknown(String),
}

/// Reads an event with the types of the contract that emitted it.
pub fn decode(contracts: &Contracts, event: &RawEvent) -> Decoded {
    use ContractEvent as E;
    let contract = &event.contract;
    if ![contracts.token, contracts.governor, contracts.treasury].contains(contract) {
        return Decoded::Foreign;
    }
    let Some(signature) = event.topics.first() else {
        return Decoded::Unknown("it has no topic that tells its type".to_owned());
    };
    let typed = Typed { signature: signature.as_ref(), data: &event.data };
    let decoded = if *contract == contracts.token {
        typed.read(E::Transfer).or_else(|| typed.read(E::Approval))
    } else if *contract == contracts.governor {
        typed
            .read(E::VoteCast)
            .or_else(|| typed.read(E::ProposalCreated))
            .or_else(|| typed.read(E::ProposalQueued))
            .or_else(|| typed.read(E::ProposalExecuted))
            .or_else(|| typed.read(E::ProposalCancelled))
    } else {
        typed.read(E::Paid).or_else(|| typed.read(E::Deposited))
    };
    match decoded {
        Some(Ok(event)) => Decoded::Known(event),
        Some(Err(error)) => Decoded::Unknown(format!("its fields cannot be read: {error}")),
        None => Decoded::Unknown("its type is not known".to_owned()),
    }
}

struct Typed<'a> {
    signature: &'a [u8],
    data: &'a [u8],
}

impl Typed<'_> {
    /// The event as an `E`; nothing if its signature says that it is none. Bytes left over are an error: an event
    /// with fields that we do not know must not pass for one that we do.
    fn read<E: Event + Decode>(&self, wrap: fn(E) -> ContractEvent) -> Option<Result<ContractEvent, scale::Error>> {
        let is_this = E::SIGNATURE_TOPIC.is_some_and(|topic| topic == self.signature);
        is_this.then(|| E::decode_all(&mut &*self.data).map(wrap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interfaces::AccountId;

    const CONTRACTS: Contracts =
        Contracts { token: AccountId([1; 32]), governor: AccountId([2; 32]), treasury: AccountId([3; 32]) };

    fn raw<E: Event>(contract: AccountId, event: &E) -> RawEvent {
        let topics = E::SIGNATURE_TOPIC.map(Into::into).into_iter().collect();
        RawEvent { index: 0, extrinsic: None, contract, topics, data: event.encode() }
    }

    #[test]
    fn an_event_counts_only_from_its_own_contract() {
        let paid = Paid { payee: AccountId([9; 32]), amount: 7 };
        assert_eq!(
            decode(&CONTRACTS, &raw(CONTRACTS.treasury, &paid)),
            Decoded::Known(ContractEvent::Paid(paid.clone()))
        );
        assert!(matches!(decode(&CONTRACTS, &raw(CONTRACTS.token, &paid)), Decoded::Unknown(_)));
        assert_eq!(decode(&CONTRACTS, &raw(AccountId([4; 32]), &paid)), Decoded::Foreign);
    }

    #[test]
    fn bytes_left_over_or_missing_are_not_understood() {
        let paid = Paid { payee: AccountId([9; 32]), amount: 7 };
        let mut longer = raw(CONTRACTS.treasury, &paid);
        longer.data.push(0);
        let mut shorter = raw(CONTRACTS.treasury, &paid);
        shorter.data.pop();
        for event in [longer, shorter] {
            assert!(matches!(decode(&CONTRACTS, &event), Decoded::Unknown(_)));
        }
    }

    #[test]
    fn an_anonymous_event_is_not_understood() {
        let mut event = raw(CONTRACTS.token, &Transfer { from: None, to: None, value: 1 });
        event.topics.clear();
        assert!(matches!(decode(&CONTRACTS, &event), Decoded::Unknown(_)));
    }

    #[test]
    fn no_two_events_share_a_signature() {
        let mut signatures = [
            Transfer::SIGNATURE_TOPIC,
            Approval::SIGNATURE_TOPIC,
            ProposalCreated::SIGNATURE_TOPIC,
            VoteCast::SIGNATURE_TOPIC,
            ProposalQueued::SIGNATURE_TOPIC,
            ProposalExecuted::SIGNATURE_TOPIC,
            ProposalCancelled::SIGNATURE_TOPIC,
            Deposited::SIGNATURE_TOPIC,
            Paid::SIGNATURE_TOPIC,
        ]
        .map(|signature| signature.expect("no event is anonymous"));
        signatures.sort_unstable();
        assert!(signatures.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
