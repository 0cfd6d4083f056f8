//! Values that are names. They are the same in JSON and in the database.

use super::{EntryKind, EscrowState, TieBreak};
use ballot::{Mechanism, Support};
use interfaces::{governor::Kind, lifecycle::State, roles::Role};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// Every kind of proposal.
pub const KINDS: [Kind; 4] =
    [Kind::ProtocolUpgrade, Kind::TreasurySpending, Kind::ParameterChange, Kind::CommunityInitiative];

/// Every way to vote.
pub const MECHANISMS: [Mechanism; 6] = [
    Mechanism::Majority,
    Mechanism::Approval,
    Mechanism::Weighted,
    Mechanism::Quadratic,
    Mechanism::Ranked,
    Mechanism::Condorcet,
];

/// Every state of a proposal, in the order of its life.
pub const STATES: [State; 11] = [
    State::Draft,
    State::Pending,
    State::Active,
    State::Counting,
    State::Succeeded,
    State::Defeated,
    State::Queued,
    State::Executed,
    State::Expired,
    State::Cancelled,
    State::Vetoed,
];

/// Every answer that a majority vote knows.
pub const SUPPORTS: [Support; 3] = [Support::For, Support::Against, Support::Abstain];

/// Everything that breaks a tie.
pub const TIE_BREAKS: [TieBreak; 2] = [TieBreak::EarlierRound, TieBreak::Index];

/// Everything that changes what the treasury has.
pub const ENTRY_KINDS: [EntryKind; 5] =
    [EntryKind::Deposit, EntryKind::Payment, EntryKind::Release, EntryKind::StreamClaim, EntryKind::Transfer];

/// Every state of an escrow.
pub const ESCROW_STATES: [EscrowState; 2] = [EscrowState::Open, EscrowState::Done];

/// Every role.
pub const ROLES: [Role; 5] =
    [Role::ComplianceOfficer, Role::Auditor, Role::Operator, Role::TreasurySigner, Role::ServiceKey];

/// How a value of an enum is written; nothing if it is more than a name.
pub(crate) fn name_of<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(ToOwned::to_owned)
}

/// Describes the names of an enum that is not defined here.
macro_rules! described {
    ($($(#[$docs:meta])* $schema:ident: $name:literal, $description:literal, $values:ident;)+) => {$(
        $(#[$docs])*
        #[derive(Debug)]
        pub struct $schema;

        impl PartialSchema for $schema {
            fn schema() -> RefOr<Schema> {
                let names = $values.iter().filter_map(name_of);
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some($description))
                    .enum_values(Some(names))
                    .into()
            }
        }

        impl ToSchema for $schema {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    )+};
}

described! {
    /// How a kind of proposal is written, for the API's description.
    KindName: "Kind", "What a proposal is about.", KINDS;
    /// How a way to vote is written, for the API's description.
    MechanismName: "Mechanism", "How a proposal is voted on.", MECHANISMS;
    /// How a proposal's state is written, for the API's description.
    StateName: "State", "State of a proposal.", STATES;
    /// How a role is written, for the API's description.
    RoleName: "Role", "What an account may do for the organisation.", ROLES;
    /// How a majority vote's answer is written, for the API's description.
    SupportName: "Support", "What a majority vote says.", SUPPORTS;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        FROZEN_KINDS, FrozenKind, IDENTITY_STATES, IdentityState, REGISTRY_EVENT_KINDS, RegistryEventKind,
    };

    /// Whether a value's name reads back as the value, for one list after the other.
    macro_rules! listed {
        ($($test:ident: $values:ident, $variants:pat,)+) => {$(
            #[test]
            fn $test() {
                for value in $values {
                    // A new variant fails to compile here, and then belongs into the list.
                    match value {
                        $variants => {}
                    }
                    let name = name_of(&value).expect("a name");
                    assert_eq!(serde_json::from_value(name.into()).ok(), Some(value));
                }
            }
        )+};
    }

    listed! {
        every_kind_is_listed: KINDS,
            Kind::ProtocolUpgrade | Kind::TreasurySpending | Kind::ParameterChange | Kind::CommunityInitiative,
        every_mechanism_is_listed: MECHANISMS,
            Mechanism::Majority | Mechanism::Approval | Mechanism::Weighted | Mechanism::Quadratic
                | Mechanism::Ranked | Mechanism::Condorcet,
        every_state_is_listed: STATES,
            State::Draft | State::Pending | State::Active | State::Counting | State::Succeeded | State::Defeated
                | State::Queued | State::Executed | State::Expired | State::Cancelled | State::Vetoed,
        every_answer_is_listed: SUPPORTS, Support::For | Support::Against | Support::Abstain,
        every_tie_break_is_listed: TIE_BREAKS, TieBreak::EarlierRound | TieBreak::Index,
        every_kind_of_entry_is_listed: ENTRY_KINDS,
            EntryKind::Deposit | EntryKind::Payment | EntryKind::Release | EntryKind::StreamClaim
                | EntryKind::Transfer,
        every_state_of_an_escrow_is_listed: ESCROW_STATES, EscrowState::Open | EscrowState::Done,
        every_role_is_listed: ROLES,
            Role::ComplianceOfficer | Role::Auditor | Role::Operator | Role::TreasurySigner | Role::ServiceKey,
        every_state_of_an_identity_is_listed: IDENTITY_STATES,
            IdentityState::Attested | IdentityState::Expired | IdentityState::Revoked,
        every_kind_of_freeze_is_listed: FROZEN_KINDS, FrozenKind::Account | FrozenKind::Identity,
        every_event_of_the_registry_is_listed: REGISTRY_EVENT_KINDS,
            RegistryEventKind::Attested | RegistryEventKind::Linked | RegistryEventKind::Detached
                | RegistryEventKind::Certified | RegistryEventKind::Revoked | RegistryEventKind::Expired
                | RegistryEventKind::Frozen | RegistryEventKind::Unfrozen | RegistryEventKind::Accredited
                | RegistryEventKind::Disaccredited | RegistryEventKind::RoleGranted | RegistryEventKind::RoleRevoked
                | RegistryEventKind::KeyPublished | RegistryEventKind::KeyRevoked,
    }
}
