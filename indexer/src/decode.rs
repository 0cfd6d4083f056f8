//! From an event's bytes to the type the contract emitted it as.

use crate::{config::Contracts, facts::RawEvent};
use ink::env::Event;
use interfaces::{
    AccountId, ProposalId,
    governor::{
        DraftSponsored, DraftWritten, GuardianSet, Installed, LiveLimitSet, ProposalCancelled, ProposalCreated,
        ProposalExecuted, ProposalQueued, ProposalSettled, ProposalVetoed, RulesSet,
    },
    polls::{
        ElectorateFixed, IdentityVoted, PollCounted, PollOpened, PollStopped, QuorumReached, VoteCast, VoteOverridden,
    },
    rankings::RoundCounted,
    registry::{
        Accredited, Attested, Certified, Detached, Disaccredited, Expired, Frozen, KeyPublished, KeyRevoked, Linked,
        Revoked, Unfrozen,
    },
    roles::{RoleGranted, RoleRevoked},
    settings::{
        Anchored, FlagSet, FlagSteered, ParameterDefined, ParameterRetired, ParameterSet, ReleaseApproved,
        ReleaseReported, ReleaseRevoked,
    },
    token::{Approval, DelegationChanged, Transfer},
    treasury::{
        self, ApprovalWithdrawn, BudgetSet, ClawedBack, Deposited, EscrowOpened, Lapsed, Paid, Paused, Released,
        SignersSet, StreamClaimed, StreamOpened, StreamStopped, Unpaused,
    },
    upgrade::Upgraded,
};
use scale::{Decode, DecodeAll};

/// An event of one of the projected contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractEvent {
    Token(TokenEvent),
    Registry(RegistryEvent),
    /// Of the governor, about a proposal.
    Proposal(ProposalEvent),
    /// Of the governor, about no proposal.
    Governor(GovernorEvent),
    Poll(PollEvent),
    Rankings(RankingsEvent),
    Treasury(TreasuryEvent),
    Settings(SettingsEvent),
    /// Of any of them.
    Upgraded(Upgraded),
    /// Of a token that is not ours: something came to the treasury or left it.
    Foreign(Transfer),
}

/// Events of one contract, and how to tell which of them one is.
macro_rules! events {
    ($(#[$attribute:meta])* $name:ident: $($event:ident),+ $(,)?) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($event($event)),+
        }

        impl $name {
            fn read(typed: Typed<'_>) -> Option<Result<Self, scale::Error>> {
                None$(.or_else(|| Some(typed.read()?.map(Self::$event))))+
            }

            #[cfg(test)]
            fn signatures() -> Vec<Option<[u8; 32]>> {
                vec![$($event::SIGNATURE_TOPIC),+]
            }
        }
    };
}

events! {
    /// An event of the token.
    TokenEvent: Transfer, Approval, DelegationChanged
}

events! {
    /// An event of the registry.
    RegistryEvent:
        Attested, Detached, Certified, Revoked, Expired, Linked, Accredited, Disaccredited, Frozen, Unfrozen, RoleGranted,
        RoleRevoked, KeyPublished, KeyRevoked
}

events! {
    /// An event of the governor that is about a proposal.
    ProposalEvent:
        DraftWritten, DraftSponsored, ProposalCreated, ProposalQueued, ProposalExecuted, ProposalCancelled,
        ProposalVetoed, ProposalSettled
}

events! {
    /// An event of the governor that is about no proposal.
    GovernorEvent: Installed, RulesSet, GuardianSet, LiveLimitSet
}

events! {
    /// An event of the ballot box.
    PollEvent:
        VoteCast, VoteOverridden, IdentityVoted, PollOpened, ElectorateFixed, QuorumReached, PollCounted, PollStopped
}

events! {
    /// An event of the rankings.
    RankingsEvent: RoundCounted
}

events! {
    /// An event of the treasury.
    TreasuryEvent:
        Paid, Deposited, BudgetSet, EscrowOpened, Released, Lapsed, ClawedBack, SignersSet, SignerApproved,
        ApprovalWithdrawn, StreamOpened, StreamClaimed, StreamStopped, Paused, Unpaused
}

events! {
    /// An event of the settings.
    SettingsEvent:
        ParameterDefined, ParameterSet, ParameterRetired, FlagSet, FlagSteered, ReleaseApproved, ReleaseReported,
        ReleaseRevoked, Anchored
}

/// A signer approves of a payment; that of a release of software has the same name.
type SignerApproved = treasury::ReleaseApproved;

impl ProposalEvent {
    /// Which proposal it is about.
    pub fn proposal(&self) -> ProposalId {
        match self {
            Self::DraftWritten(event) => event.proposal,
            Self::DraftSponsored(event) => event.proposal,
            Self::ProposalCreated(event) => event.proposal,
            Self::ProposalQueued(event) => event.proposal,
            Self::ProposalExecuted(event) => event.proposal,
            Self::ProposalCancelled(event) => event.proposal,
            Self::ProposalVetoed(event) => event.proposal,
            Self::ProposalSettled(event) => event.proposal,
        }
    }
}

impl PollEvent {
    /// Which poll it is about, and so which proposal.
    pub fn poll(&self) -> ProposalId {
        match self {
            Self::VoteCast(event) => event.poll,
            Self::VoteOverridden(event) => event.poll,
            Self::IdentityVoted(event) => event.poll,
            Self::PollOpened(event) => event.poll,
            Self::ElectorateFixed(event) => event.poll,
            Self::QuorumReached(event) => event.poll,
            Self::PollCounted(event) => event.poll,
            Self::PollStopped(event) => event.poll,
        }
    }
}

/// Reads an event with the types of the contract that emitted it. Nothing if that contract is not projected, unless it
/// tells of tokens that came to the treasury or left it: then the event is kept raw only.
///
/// # Errors
/// Why an event of a projected contract was not understood: it is kept raw, and noted.
pub fn decode(contracts: &Contracts, event: &RawEvent) -> Option<Result<ContractEvent, String>> {
    use ContractEvent as E;
    let Contracts { token, registry, governor, polls, rankings, treasury, settings, .. } = contracts;
    let emitter = &event.contract;
    if !contracts.each().any(|(_, contract)| contract == emitter) {
        return foreign(treasury, event).map(|transfer| Ok(E::Foreign(transfer)));
    }
    let Some(signature) = event.topics.first() else {
        return Some(Err("it has no topic that tells its type".to_owned()));
    };
    let typed = Typed { signature: signature.as_ref(), data: &event.data };
    let own = if emitter == token {
        TokenEvent::read(typed).map(|event| event.map(E::Token))
    } else if emitter == registry {
        RegistryEvent::read(typed).map(|event| event.map(E::Registry))
    } else if emitter == governor {
        let about_proposal = ProposalEvent::read(typed).map(|event| event.map(E::Proposal));
        about_proposal.or_else(|| Some(GovernorEvent::read(typed)?.map(E::Governor)))
    } else if emitter == polls {
        PollEvent::read(typed).map(|event| event.map(E::Poll))
    } else if emitter == rankings {
        RankingsEvent::read(typed).map(|event| event.map(E::Rankings))
    } else if emitter == treasury {
        TreasuryEvent::read(typed).map(|event| event.map(E::Treasury))
    } else if emitter == settings {
        SettingsEvent::read(typed).map(|event| event.map(E::Settings))
    } else {
        // What the ledger notes down, the token says.
        None
    };
    let known = own.or_else(|| Some(typed.read()?.map(E::Upgraded)));
    Some(match known {
        Some(event) => event.map_err(|error| format!("its fields cannot be read: {error}")),
        None => Err("its type is not known".to_owned()),
    })
}

/// What a contract that is not ours says of tokens that came to the treasury or left it. Others may call theirs the same
/// and mean something else: what cannot be read is no such event.
fn foreign(treasury: &AccountId, event: &RawEvent) -> Option<Transfer> {
    let typed = Typed { signature: event.topics.first()?.as_ref(), data: &event.data };
    typed.read::<Transfer>()?.ok().filter(|transfer| moves(transfer, treasury))
}

/// Whether tokens came to an account or left it.
pub fn moves(transfer: &Transfer, account: &AccountId) -> bool {
    transfer.value > 0 && (transfer.from.as_ref() == Some(account)) != (transfer.to.as_ref() == Some(account))
}

#[derive(Clone, Copy)]
struct Typed<'a> {
    signature: &'a [u8],
    data: &'a [u8],
}

impl Typed<'_> {
    /// The event as an `E`; nothing if its signature says that it is none. Bytes left over are an error: an event
    /// with fields that we do not know must not pass for one that we do.
    fn read<E: Event + Decode>(self) -> Option<Result<E, scale::Error>> {
        let is_this = E::SIGNATURE_TOPIC.is_some_and(|topic| topic == self.signature);
        is_this.then(|| E::decode_all(&mut &*self.data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ballot::irv::{Round, RoundOutcome};
    use interfaces::treasury::Asset;

    const CONTRACTS: Contracts = Contracts {
        token: AccountId([1; 32]),
        ledger: AccountId([2; 32]),
        registry: AccountId([3; 32]),
        governor: AccountId([4; 32]),
        polls: AccountId([5; 32]),
        rankings: AccountId([6; 32]),
        treasury: AccountId([7; 32]),
        settings: AccountId([8; 32]),
        relay: AccountId([10; 32]),
    };
    const STRANGER: AccountId = AccountId([9; 32]);

    fn raw<E: Event>(contract: AccountId, event: &E) -> RawEvent {
        let topics = E::SIGNATURE_TOPIC.map(Into::into).into_iter().collect();
        RawEvent { index: 0, extrinsic: None, contract, topics, data: event.encode() }
    }

    #[test]
    fn an_event_counts_only_from_its_own_contract() {
        let paid = Paid { category: 0, payee: AccountId([9; 32]), asset: Asset::Native, amount: 7 };
        let known = Some(Ok(ContractEvent::Treasury(TreasuryEvent::Paid(paid.clone()))));
        assert_eq!(decode(&CONTRACTS, &raw(CONTRACTS.treasury, &paid)), known);
        for (_, other) in CONTRACTS.each().filter(|(name, _)| *name != "treasury") {
            assert!(matches!(decode(&CONTRACTS, &raw(*other, &paid)), Some(Err(_))));
        }
        assert_eq!(decode(&CONTRACTS, &raw(STRANGER, &paid)), None);
    }

    #[test]
    fn a_foreign_token_is_heard_only_of_the_treasury() {
        let (treasury, other) = (Some(CONTRACTS.treasury), Some(AccountId([11; 32])));
        for (from, to, value, heard) in [
            (other, treasury, 5, true),
            (treasury, other, 5, true),
            (None, treasury, 5, true),
            (treasury, None, 5, true),
            (treasury, treasury, 5, false),
            (other, treasury, 0, false),
            (other, other, 5, false),
            (None, None, 5, false),
        ] {
            let transfer = Transfer { from, to, value };
            let expected = heard.then(|| Ok(ContractEvent::Foreign(transfer.clone())));
            assert_eq!(decode(&CONTRACTS, &raw(STRANGER, &transfer)), expected, "{transfer:?}");
        }
        let mut longer = raw(STRANGER, &Transfer { from: other, to: treasury, value: 5 });
        longer.data.push(0);
        assert_eq!(decode(&CONTRACTS, &longer), None, "somebody else's event of the same name");
    }

    #[test]
    fn a_round_counts_only_from_the_rankings() {
        let round = Round { number: 1, tallies: vec![(0, 7)], exhausted: 0, outcome: RoundOutcome::Elected(0) };
        let counted = RoundCounted { poll: 3, round };
        let known = Some(Ok(ContractEvent::Rankings(RankingsEvent::RoundCounted(counted.clone()))));
        assert_eq!(decode(&CONTRACTS, &raw(CONTRACTS.rankings, &counted)), known);
        assert!(matches!(decode(&CONTRACTS, &raw(CONTRACTS.polls, &counted)), Some(Err(_))));
    }

    #[test]
    fn every_contract_can_change_its_code() {
        let upgraded = Upgraded { code_hash: [8; 32].into() };
        for (_, contract) in CONTRACTS.each() {
            let known = Some(Ok(ContractEvent::Upgraded(upgraded.clone())));
            assert_eq!(decode(&CONTRACTS, &raw(*contract, &upgraded)), known);
        }
        assert_eq!(decode(&CONTRACTS, &raw(STRANGER, &upgraded)), None);
    }

    #[test]
    fn bytes_left_over_or_missing_are_not_understood() {
        let paid = Paid { category: 0, payee: AccountId([9; 32]), asset: Asset::Native, amount: 7 };
        let mut longer = raw(CONTRACTS.treasury, &paid);
        longer.data.push(0);
        let mut shorter = raw(CONTRACTS.treasury, &paid);
        shorter.data.pop();
        for event in [longer, shorter] {
            assert!(matches!(decode(&CONTRACTS, &event), Some(Err(_))));
        }
    }

    #[test]
    fn an_anonymous_event_is_not_understood() {
        let mut event = raw(CONTRACTS.token, &Transfer { from: None, to: None, value: 1 });
        event.topics.clear();
        assert!(matches!(decode(&CONTRACTS, &event), Some(Err(_))));
    }

    #[test]
    fn no_two_events_of_a_contract_share_a_signature() {
        for events in [
            TokenEvent::signatures(),
            RegistryEvent::signatures(),
            [ProposalEvent::signatures(), GovernorEvent::signatures()].concat(),
            PollEvent::signatures(),
            RankingsEvent::signatures(),
            TreasuryEvent::signatures(),
            SettingsEvent::signatures(),
        ] {
            let signatures = [events, vec![Upgraded::SIGNATURE_TOPIC]].concat().into_iter();
            let mut signatures: Vec<_> =
                signatures.map(|signature| signature.expect("no event is anonymous")).collect();
            signatures.sort_unstable();
            assert!(signatures.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
