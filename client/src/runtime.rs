//! The shapes of the runtime's own types that are exchanged, matched by field name against the chain's metadata.

use subxt::{
    PolkadotConfig,
    dynamic::Value,
    ext::{
        scale_decode::{self, DecodeAsType},
        scale_encode::{self, EncodeAsType},
        scale_value::{Composite, Primitive, ValueDef},
    },
};

pub(crate) type Online = subxt::OnlineClient<PolkadotConfig>;
pub(crate) type AtBlock = subxt::OnlineClientAtBlock<PolkadotConfig>;

/// Computation and proof size.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
#[encode_as_type(crate_path = "scale_encode")]
pub struct Weight {
    /// Computation, in picoseconds of the runtime's reference hardware.
    pub ref_time: u64,
    /// Size of the state proof, in bytes.
    pub proof_size: u64,
}

/// The part of `System.BlockWeights` that is of interest.
#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct BlockWeights {
    pub max_block: Weight,
}

/// What a dry run answers.
#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct ContractResult {
    pub gas_consumed: Weight,
    pub gas_required: Weight,
    pub storage_deposit: StorageDeposit,
    pub result: Result<ExecReturn, Value>,
}

/// What a dry-run instantiation answers.
#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct InstantiateResult {
    pub gas_required: Weight,
    pub storage_deposit: StorageDeposit,
    pub result: Result<InstantiateReturn, Value>,
}

#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct InstantiateReturn {
    pub result: ExecReturn,
    pub account_id: [u8; 32],
}

#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct ExecReturn {
    pub flags: ReturnFlags,
    pub data: Vec<u8>,
}

#[derive(Debug, Clone, Copy, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct ReturnFlags {
    pub bits: u32,
}

impl ReturnFlags {
    /// Whether the contract undid everything it did.
    pub fn reverted(self) -> bool {
        self.bits & 1 != 0
    }
}

#[derive(Debug, Clone, Copy, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) enum StorageDeposit {
    Refund(u128),
    Charge(u128),
}

impl StorageDeposit {
    /// What the caller has to put down; 0 where it gets back.
    pub fn charge(self) -> u128 {
        match self {
            Self::Charge(amount) => amount,
            Self::Refund(_) => 0,
        }
    }

    /// Put down (positive) or got back (negative).
    pub fn signed(self) -> i128 {
        match self {
            Self::Charge(amount) => i128::try_from(amount).unwrap_or(i128::MAX),
            Self::Refund(amount) => i128::try_from(amount).map_or(i128::MIN, |amount| -amount),
        }
    }
}

/// The part of `System.Account` that is of interest.
#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct AccountInfo {
    pub data: AccountData,
}

#[derive(Debug, DecodeAsType)]
#[decode_as_type(crate_path = "scale_decode")]
pub(crate) struct AccountData {
    pub free: u128,
}

/// A decoded dispatch error in words: `Contracts.ContractTrapped` for a pallet's error.
pub(crate) fn explain(at: &AtBlock, error: &Value) -> String {
    module_error(error)
        .and_then(|(pallet, index)| {
            let pallet = at.metadata_ref().pallet_by_error_index(pallet)?;
            let error = pallet.error_variant_by_index(index)?;
            let docs = error.docs.join(" ");
            Some(format!("{}.{} ({})", pallet.name(), error.name, docs.trim()))
        })
        .unwrap_or_else(|| error.to_string())
}

/// `(pallet index, error index)` of `Module { index, error: [..] }`.
fn module_error(error: &Value) -> Option<(u8, u8)> {
    let ValueDef::Variant(variant) = &error.value else { return None };
    if variant.name != "Module" {
        return None;
    }
    // `Module` wraps a struct with the two fields; look for them one level down too.
    let fields = match &variant.values {
        Composite::Named(fields) => fields,
        Composite::Unnamed(values) => match &values.first()?.value {
            ValueDef::Composite(Composite::Named(fields)) => fields,
            _ => return None,
        },
    };
    let field = |name| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value);
    Some((byte(field("index")?)?, first_byte(field("error")?)?))
}

fn first_byte(value: &Value) -> Option<u8> {
    match &value.value {
        ValueDef::Composite(Composite::Unnamed(values)) => first_byte(values.first()?),
        _ => byte(value),
    }
}

fn byte(value: &Value) -> Option<u8> {
    match value.value {
        ValueDef::Primitive(Primitive::U128(number)) => u8::try_from(number).ok(),
        _ => None,
    }
}
