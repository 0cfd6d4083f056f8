//! How each pallet is set up, and why.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{
        ConstBool, ConstU8, ConstU16, ConstU32, ConstU64, ConstU128, InstanceFilter, Nothing, Randomness,
        VariantCountOf,
    },
    weights::{
        ConstantMultiplier, IdentityFee, Weight,
        constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_SECOND},
    },
};
use frame_system::{EnsureSigned, limits::BlockLength, limits::BlockWeights, pallet_prelude::BlockNumberFor};
use scale_info::TypeInfo;
use sp_runtime::{
    FixedU128, Perbill,
    traits::{BlakeTwo256, One},
};
use sp_version::RuntimeVersion;

use crate::{
    AccountId, Balance, Balances, Block, Hash, MICRO, MILLI, Moment, Nonce, PalletInfo, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask, System, Timestamp, UNIT, VERSION,
};

/// Share of a block that ordinary transactions may fill; the rest is for operational ones.
const NORMAL_SHARE: Perbill = Perbill::from_percent(75);
/// Computation in one block: two seconds.
const BLOCK_REF_TIME: u64 = 2 * WEIGHT_REF_TIME_PER_SECOND;
/// Size of everything that one block reads from state.
const BLOCK_PROOF_SIZE: u64 = 5 * 1024 * 1024;
/// Encoded length of a block.
const BLOCK_LENGTH: u32 = 5 * 1024 * 1024;
/// Least balance of an account that exists.
const EXISTENTIAL_DEPOSIT: Balance = MILLI;

/// Deposit for `items` storage entries holding `bytes` altogether. Small, as on chains meant for contracts: the
/// 10 KiB of code and state of an average contract come to about a tenth of a GAIA.
const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * MILLI + bytes as Balance * 10 * MICRO
}

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    pub RuntimeBlockWeights: BlockWeights =
        BlockWeights::with_sensible_defaults(Weight::from_parts(BLOCK_REF_TIME, BLOCK_PROOF_SIZE), NORMAL_SHARE);
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |length| *length = NORMAL_SHARE * BLOCK_LENGTH)
        .build();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    // A signed transaction is valid for at most this many blocks. With a block per transaction the usual 256
    // would pass in seconds.
    type BlockHashCount = ConstU32<4096>;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type Hash = Hash;
    type DbWeight = RocksDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = GenericAddresses;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type MaxConsumers = ConstU32<16>;
}

/// The prefix of addresses that belong to no chain in particular, which every wallet shows by default.
pub type GenericAddresses = ConstU16<42>;

impl pallet_timestamp::Config for Runtime {
    type Moment = Moment;
    type OnTimestampSet = ();
    // Time only has to advance. Blocks come when there is something to put in them, several in a few
    // milliseconds if need be.
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

parameter_types! {
    pub FeeMultiplier: FixedU128 = FixedU128::one();
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = pallet_transaction_payment::FungibleAdapter<Balances, ()>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<{ 10 * MICRO }>>;
    // Constant, so that the same transaction costs the same in every run: fees are compared and tested.
    type FeeMultiplierUpdate = pallet_transaction_payment::ConstFeeMultiplier<FeeMultiplier>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = crate::OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = ConstU128<{ deposit(1, 88) }>;
    type DepositFactor = ConstU128<{ deposit(0, 32) }>;
    type MaxSignatories = ConstU32<100>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}

/// What a proxy may do for the account it stands for.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything the account itself may do.
    #[default]
    Any,
    /// Everything but moving native money directly. A contract call may still carry value.
    NonTransfer,
    /// Calls to contracts: voting, proposing, executing.
    Contracts,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            // Sudo could move money for anybody.
            Self::NonTransfer => !matches!(call, RuntimeCall::Balances(_) | RuntimeCall::Sudo(_)),
            Self::Contracts => matches!(call, RuntimeCall::Contracts(_) | RuntimeCall::Utility(_)),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::NonTransfer, _) => true,
            (Self::Contracts, other) => matches!(other, Self::Contracts),
        }
    }
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ConstU128<{ deposit(1, 8) }>;
    type ProxyDepositFactor = ConstU128<{ deposit(0, 33) }>;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = ConstU128<{ deposit(1, 16) }>;
    type AnnouncementDepositFactor = ConstU128<{ deposit(0, 68) }>;
    type BlockNumberProvider = System;
}

/// Stands where the contracts pallet still asks for a source of randomness. The pallet refuses every contract that
/// would use it, so this is never reached; if it were, it would say "known since genesis" rather than pretend.
pub struct NoRandomness;

impl Randomness<Hash, BlockNumberFor<Runtime>> for NoRandomness {
    fn random(_subject: &[u8]) -> (Hash, BlockNumberFor<Runtime>) {
        (Hash::zero(), 0)
    }
}

parameter_types! {
    pub ContractSchedule: pallet_contracts::Schedule<Runtime> = pallet_contracts::Schedule {
        limits: pallet_contracts::Limits {
            // What six contracts of `MaxCodeLen` on the call stack can need. The node grants as much.
            runtime_memory: 256 * 1024 * 1024,
            validator_runtime_memory: 1024 * 1024 * 1024,
            ..Default::default()
        },
        ..Default::default()
    };
    pub const DepositPerItem: Balance = deposit(1, 0);
    pub const DepositPerByte: Balance = deposit(0, 1);
    pub const DefaultDepositLimit: Balance = deposit(1024, 1024 * 1024);
    pub const CodeHashLockupDepositPercent: Perbill = Perbill::from_percent(30);
}

impl pallet_contracts::Config for Runtime {
    type Time = Timestamp;
    type Randomness = NoRandomness;
    type Currency = Balances;
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type RuntimeHoldReason = RuntimeHoldReason;
    // A contract moves money and calls contracts through its own host functions. It gets no way into the runtime's
    // calls, least of all sudo.
    type CallFilter = Nothing;
    type WeightPrice = pallet_transaction_payment::Pallet<Runtime>;
    type WeightInfo = pallet_contracts::weights::SubstrateWeight<Runtime>;
    type ChainExtension = ();
    type Schedule = ContractSchedule;
    // Six contracts deep: what public chains grant.
    type CallStack = [pallet_contracts::Frame<Runtime>; 5];
    type DepositPerByte = DepositPerByte;
    type DefaultDepositLimit = DefaultDepositLimit;
    type DepositPerItem = DepositPerItem;
    type CodeHashLockupDepositPercent = CodeHashLockupDepositPercent;
    type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
    type MaxCodeLen = ConstU32<{ 256 * 1024 }>;
    type MaxStorageKeyLen = ConstU32<128>;
    type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
    type MaxDelegateDependencies = ConstU32<32>;
    // A contract that needs an unstable host function is refused at upload, here as on a public chain.
    type UnsafeUnstableInterface = ConstBool<false>;
    type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
    type UploadOrigin = EnsureSigned<AccountId>;
    type InstantiateOrigin = EnsureSigned<AccountId>;
    type Migrations = ();
    type Debug = ();
    type Environment = ();
    type ApiVersion = ();
    type Xcm = ();
}

/// What each development account owns at genesis.
pub(crate) const ENDOWMENT: Balance = 1_000_000 * UNIT;
