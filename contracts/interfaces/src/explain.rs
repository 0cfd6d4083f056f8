//! Every refusal as a sentence, for people. Host only: a contract answers with the typed error.

use crate::{
    governor::{GovernorError, Kind, limits},
    ledger::{LedgerError, VotesError},
    lifecycle::State,
    polls::{PollError, Standing},
    rankings::RankingsError,
    registry::{self, RegistryError},
    settings::{self, SettingsError, Stage},
    token::{DelegationError, EPOCHS_AHEAD, PSP22Error, REPRESENTATIVES},
    treasury::{self, TreasuryError},
    upgrade::UpgradeError,
};
use std::fmt::{Display, Formatter, Result};

impl State {
    /// The state's name, as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Counting => "counting",
            Self::Succeeded => "succeeded",
            Self::Defeated => "defeated",
            Self::Queued => "queued",
            Self::Executed => "executed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Vetoed => "vetoed",
        }
    }
}

impl Display for State {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.as_str())
    }
}

impl Display for GovernorError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::UnknownProposal => "there is no proposal of this number",
            Self::WrongState(state) => return write!(f, "the proposal is {state}, and this cannot be done then"),
            Self::BelowProposalThreshold => "the proposer and its sponsors have less voting power than the threshold",
            Self::WrongDeposit => "the deposit sent along is not the one that proposals of this kind ask for",
            Self::TooManyProposals => {
                "the account has as many live proposals as it may have; settle those that are over"
            }
            Self::BadTitle => return write!(f, "a title must have 1 to {} bytes", limits::TITLE),
            Self::BadLink => return write!(f, "the link must have at most {} bytes", limits::LINK),
            Self::BadOptions => {
                return write!(f, "a majority vote has one option, any other 1 to {} proposed ones", limits::OPTIONS);
            }
            Self::BadCalls => {
                return write!(
                    f,
                    "an option can have {} calls and all together {}, with {} bytes of input; an upgrade of the \
                     governor itself must be the last",
                    limits::CALLS,
                    limits::ALL_CALLS,
                    limits::INPUT
                );
            }
            Self::WrongKind => "upgrades and settings are for proposals of their own kind, and polls for none",
            Self::ForeignKind => "a call of the settings names another kind of proposal than its own",
            Self::MechanismNotAllowed => "proposals of this kind are not voted on in this way",
            Self::TargetIsNotContract(target) => return write!(f, "call target 0x{} is not a contract", hex(target)),
            Self::NotProposer => "only the proposer can do this",
            Self::OwnDraft => "nobody sponsors their own draft: their power counts anyway",
            Self::AlreadySponsored => "this account already sponsors the draft as it stands",
            Self::NoVotingPower => "this account had no voting power when the draft was written",
            Self::TooEarly => "the execution delay has not passed yet",
            Self::CodeChanged(target) => {
                return write!(f, "contract 0x{} runs other code than when this was proposed", hex(target));
            }
            Self::CallFailed(number) => return write!(f, "call {number} of the proposal failed, so none was made"),
            Self::SpendCap => {
                "the calls would take more money than this kind of proposal may spend, at once or in this period, or \
                 take deposits"
            }
            Self::BadRules => {
                "nothing could pass under these rules: a period or limit is 0, a share is the whole or a majority less \
                 than half, no way of voting is allowed, or a delay too long"
            }
            Self::NotGuardian => {
                "the caller is not the guardian, its time is over, or proposals of this kind are not guarded"
            }
            Self::NotGoverned => "only a proposal can do this",
            Self::BadParts => "the governor cannot be told these parts, or was not told any yet",
            Self::AlreadySettled => "the proposal is settled already",
            Self::TransferFailed => "the deposit cannot be paid out",
            Self::Overflow => "a moment, number or sum is beyond what can be stored",
            Self::LedgerFailed => "the ledger did not answer",
            Self::Votes(error) => return error.fmt(f),
            Self::PollsFailed => "the ballot box did not answer",
            Self::Polls(error) => return error.fmt(f),
            Self::TreasuryFailed => "the treasury did not answer",
            Self::Upgrade(error) => return error.fmt(f),
        })
    }
}

impl Display for VotesError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NotYetPast => f.write_str("voting power is known only for moments before the present block"),
        }
    }
}

impl Display for DelegationError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::TooManyShares => return write!(f, "a delegation has at most {REPRESENTATIVES} representatives"),
            Self::EmptyShare => "a share of 0 cannot be delegated",
            Self::ToOneself => "nobody delegates to oneself: what is not delegated is one's own to vote with",
            Self::ToNobody => "the zero account cannot be a representative",
            Self::NamedTwice => "a representative is named twice; give it one share",
            Self::OverTheWhole => "the shares together are more than the whole",
            Self::EndsInPast => "the delegation would end now or in the past",
            Self::EndsTooLate => {
                return write!(f, "the delegation would end more than {EPOCHS_AHEAD} weeks from now");
            }
            Self::EndsWithinEpoch => "a delegation can end only when a week since the Unix epoch is full",
            Self::DeadlinePassed => "the signed delegation came after its deadline",
            Self::WrongNonce => "the signed delegation is not the delegator's next one; it may have been sent already",
            Self::WrongSignature => "the signature is not the delegator's for this delegation, token and chain",
            Self::Overflow => "a number or sum is beyond what can be stored",
            Self::LedgerFailed => "the ledger did not answer",
            Self::NotRelay => "only the relay can delegate for somebody else",
            Self::TokenFailed => "what the delegation is for did not answer as a token does",
        })
    }
}

impl Display for LedgerError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::NotToken => "only the token can change the ledger",
            Self::AlreadyServing => "the ledger is kept for another token already; deploy one of its own",
            Self::InsufficientBalance => "the account holds fewer tokens than that",
            Self::Overflow => "a number or sum is beyond what can be stored",
        })
    }
}

impl Display for RankingsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::NotPolls => "only the ballot box can change or count rankings",
            Self::AlreadyServing => "the rankings are kept for another ballot box already; deploy some of its own",
            Self::TooManyOptions => "there are more options than can be counted",
            Self::Overflow => "a number or sum is beyond what can be stored, or more is taken away than there is",
        })
    }
}

impl Display for RegistryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::NotGovernor => "only the governor can do this",
            Self::NotAttestor => "only an accredited attestor can do this",
            Self::WrongTier => "the attestor may not grant this tier, or not the one that the identity has",
            Self::CapReached => "the attestor has attested and renewed as often as it may today",
            Self::BadExpiry => {
                return write!(
                    f,
                    "the end must be in the future and not before the beginning, and an attestation's at most {} days ahead",
                    registry::limits::VALIDITY / registry::DAY
                );
            }
            Self::AlreadyAttested => "the account belongs to an identity already; detach it first",
            Self::OtherTerms => "the identity is attested with another tier, end or commitment; renew it first",
            Self::NotAttested => "the account belongs to no identity, or the identity is not attested",
            Self::NotItsAttestor => {
                "only the accredited attestor who last attested the identity can do this; or the governor, who can \
                 revoke, and the account itself, which can leave"
            }
            Self::NotExpired => "the attestation has not expired",
            Self::NotOfficer => "only a compliance officer can do this",
            Self::AlreadyFrozen => "the account or identity is frozen already",
            Self::NotFrozen => "the account or identity is not frozen",
            Self::Frozen => "no account can leave a frozen identity",
            Self::DeadlinePassed => "the signed link came after its deadline",
            Self::WrongNonce => "the account was linked since this was signed; sign again",
            Self::WrongSignature => "a signature is not the account's for this link, contract and chain",
            Self::NoRole => "the account does not have the role",
            Self::UnknownKey => "there is no signing key of this number",
            Self::KeyOver => "the signing key's time is over already",
            Self::TooManyKeys => {
                return write!(
                    f,
                    "an account can hold at most {} keys of an origin whose time is not over",
                    registry::limits::KEYS
                );
            }
            Self::NotYetPast => "identities are known only for moments before the present block",
            Self::OverBudget => "the identity's votes, from all accounts together, cost more than its voice credits",
            Self::Overflow => "a number is beyond what can be stored",
        })
    }
}

impl Standing {
    /// The standing's name, as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Open => "open",
            Self::Counting => "counting",
            Self::Decided { .. } => "decided",
            Self::Stopped => "stopped",
        }
    }
}

impl Display for Standing {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.as_str())
    }
}

impl Display for PollError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::UnknownPoll => "there is no poll of this number",
            Self::WrongStanding(standing) => {
                return write!(f, "the poll is {standing}, and this cannot be done then");
            }
            Self::NotGovernor => "only the governor can do this",
            Self::AlreadyOpened => "there is a poll of this number already",
            Self::BadTerms => "no poll can be held like this: too few or too many options, or no end",
            Self::BadChoice(invalid) => return invalid.fmt(f),
            Self::NoVotingPower => {
                "this account had no voting power at the poll's snapshot, or those it represents have all voted themselves"
            }
            Self::NoIdentity => "this account belonged to no verified person at the poll's snapshot",
            Self::OverBudget => "the person's votes, from all wallets together, cost more than the voice credits",
            Self::Frozen => "so near the end, votes can no longer be changed",
            Self::BadSignature => "the signature is not the voter's for this vote, contract and chain",
            Self::WrongNonce => "the voter has voted since this was signed, or it was sent already; sign again",
            Self::TooLate => "the signed vote came after its deadline",
            Self::EmptyPage => "a page of 0 rankings counts nothing",
            Self::Overflow => "a moment, number or sum is beyond what can be stored",
            Self::LedgerFailed => "the ledger did not answer",
            Self::RegistryFailed => "the registry contract did not answer",
            Self::RankingsFailed => "the contract that keeps the rankings did not answer, or serves another ballot box",
            Self::NotRelay => "only the relay can vote for somebody else",
            Self::BallotBoxFailed => "what the vote is for did not answer as a ballot box does",
        })
    }
}

impl Stage {
    /// The stage's name, as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Running { .. } => "running",
            Self::Completed => "completed",
            Self::RolledBack => "rolled back",
            Self::Revoked => "revoked",
        }
    }
}

impl Display for SettingsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        use settings::limits;
        f.write_str(match self {
            Self::NotGovernor => "only the governor can order that",
            Self::WrongKind(Kind::ProtocolUpgrade) => "only a protocol upgrade may order that",
            Self::WrongKind(Kind::TreasurySpending) => "only a proposal of treasury spending may order that",
            Self::WrongKind(Kind::ParameterChange) => "only a parameter change may order that",
            Self::WrongKind(Kind::CommunityInitiative) => "only a community initiative may order that",
            Self::NotOperator => "only an operator can do this",
            Self::RegistryFailed => "the registry contract did not answer",
            Self::Unknown => "there is no parameter, flag or release of this name or number",
            Self::BadBounds => {
                return write!(
                    f,
                    "bounds need a least value that is not above the greatest, texts of at most {} bytes, and at most \
                     {} decimals",
                    limits::TEXT,
                    limits::DECIMALS
                );
            }
            Self::BadNote => return write!(f, "a lifetime note must have at most {} bytes", limits::NOTE),
            Self::WrongType => "the parameter is of another type",
            Self::OutOfBounds => "the value is not within the parameter's bounds",
            Self::Retired => "the parameter is retired",
            Self::NotScheduled => "no change of the parameter is to come",
            Self::NotYetPast => "values are known only for moments before the present block",
            Self::BadBody => return write!(f, "the body of a flag must have 1 to {} bytes", limits::BODY),
            Self::AboveCeiling => "the exposure would be above the flag's ceiling, which only a proposal can raise",
            Self::Killed => "the flag is killed; revive it first",
            Self::NotKilled => "the flag is not killed",
            Self::BadStrategy => {
                return write!(
                    f,
                    "a canary release has 1 to {} steps, and at most {} thresholds of at most {} decimals",
                    limits::STEPS,
                    limits::THRESHOLDS,
                    limits::DECIMALS
                );
            }
            Self::BadExpiry => "the release would have expired already",
            Self::WrongStage(stage) => {
                return write!(f, "the release is {}, and this cannot be done then", stage.as_str());
            }
            Self::Expired => "the release has expired",
            Self::TooEarly => "the release's present step must be held for longer",
            Self::NoKey => "only an account that holds a valid key of the origin can anchor its log",
            Self::NothingNew => "this was anchored already, or the log is empty",
            Self::Shrinks => "a larger log was anchored already, and a log only grows",
            Self::Forks => "a log of this size with another root was anchored already",
            Self::Overflow => "a number is beyond what can be stored",
        })
    }
}

impl Display for UpgradeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::NotGoverned => "only governance can change a contract's code",
            Self::UnknownCode => "no code of this hash is on the chain",
            Self::Incompatible => "the new code cannot read what the contract has stored",
        })
    }
}

impl Display for TreasuryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::NotGovernor => "only the governor can order this",
            Self::NotGuardian => "only the guardian can do this, and only until its time is over",
            Self::NotSigner(account) => return write!(f, "0x{} is not among the signers", hex(account)),
            Self::Paused => "the treasury is paused and pays nobody",
            Self::NotPaused => "the treasury is not paused",
            Self::ZeroAmount => "an amount of 0 is not an amount",
            Self::BadPayee => "neither the treasury itself nor the zero account can be paid",
            Self::NotCleared => "the payee is not cleared for the tier that the budget asks for",
            Self::RegistryFailed => "the registry contract did not answer",
            Self::NotFree => "less than that is free in the treasury",
            Self::TransferFailed => "the payee's account cannot receive the amount",
            Self::TokenFailed => "the token did not answer, or did not move exactly this amount",
            Self::UnknownCategory => "this category of spending has no budget",
            Self::BadBudget => "a budget's periods must be longer than 0",
            Self::OverBudget => "more than is left of the budget in this period, or its first period has not begun",
            Self::UnknownEscrow => "there is no escrow of this number",
            Self::UnknownMilestone => "the escrow has no milestone of this number",
            Self::BadMilestones => {
                return write!(
                    f,
                    "an escrow has 1 to {} milestones, and none ends before it begins or in the past",
                    treasury::limits::MILESTONES
                );
            }
            Self::WrongPayee => "the milestone is another payee's",
            Self::WrongNonce => "this release was made already, or another of the milestone came before it",
            Self::TooEarly => "the milestone's earliest date has not come",
            Self::TooLate => "the milestone's latest date is past",
            Self::NotLapsed => "the milestone's latest date is not past",
            Self::OverMilestone => "the milestone has less than that left",
            Self::NothingLeft => "nothing is left that could become free",
            Self::TooFewApprovals => "fewer signers approve of this release than must",
            Self::AlreadyApproved => "the signer approves of this release already",
            Self::AlreadyWithdrawn => "the signer has withdrawn from this release already",
            Self::BadSigners => {
                return write!(
                    f,
                    "there must be 1 to {} different signers in ascending order, and a threshold of 1 to as many",
                    treasury::limits::SIGNERS
                );
            }
            Self::DeadlinePassed => "the signed approvals came after their deadline",
            Self::SignedTwice(account) => return write!(f, "0x{} is named twice among the signatures", hex(account)),
            Self::WrongSignature(account) => {
                return write!(f, "the signature is not 0x{}'s for this release, contract and chain", hex(account));
            }
            Self::Withdrawn(account) => {
                return write!(f, "0x{} withdrew from this release, and can only approve on chain again", hex(account));
            }
            Self::UnknownStream => "there is no stream of this number",
            Self::BadStream => "a stream must end after it begins, and in the future",
            Self::NothingAccrued => "nothing has accrued that was not claimed already",
            Self::Overflow => "a number or sum is beyond what can be stored",
        })
    }
}

impl Display for PSP22Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Custom(reason) => f.write_str(reason),
            Self::InsufficientBalance => f.write_str("the account holds fewer tokens than that"),
            Self::InsufficientAllowance => f.write_str("the spender is allowed fewer tokens than that"),
            Self::ZeroRecipientAddress => f.write_str("tokens cannot be sent to the zero account"),
            Self::ZeroSenderAddress => f.write_str("tokens cannot be sent from the zero account"),
            Self::SafeTransferCheckFailed(reason) => {
                write!(f, "the recipient refused the tokens: {reason}")
            }
        }
    }
}

fn hex(account: &crate::AccountId) -> String {
    let bytes: &[u8] = account.as_ref();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
