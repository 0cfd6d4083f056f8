//! Every refusal as a sentence, for people. Host only: a contract answers with the typed error.

use crate::{
    governor::{GovernorError, limits},
    lifecycle::State,
    token::{PSP22Error, VotesError},
    treasury::TreasuryError,
};
use std::fmt::{Display, Formatter, Result};

impl State {
    /// The state's name, as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Succeeded => "succeeded",
            Self::Defeated => "defeated",
            Self::Queued => "queued",
            Self::Executed => "executed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
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
        match self {
            Self::UnknownProposal => f.write_str("there is no proposal of this number"),
            Self::WrongState(state) => {
                write!(f, "the proposal is {state}, and this cannot be done then")
            }
            Self::BelowProposalThreshold => f.write_str("the proposer holds less voting power than the threshold"),
            Self::BadTitle => write!(f, "the title must have 1 to {} bytes", limits::TITLE),
            Self::BadLink => write!(f, "the link must have at most {} bytes", limits::LINK),
            Self::BadCalls => write!(
                f,
                "a proposal must have 1 to {} calls with at most {} bytes of input together",
                limits::CALLS,
                limits::INPUT
            ),
            Self::TargetIsNotContract(target) => {
                write!(f, "call target 0x{} is not a contract", hex(target))
            }
            Self::AlreadyVoted => f.write_str("this account has already voted on this proposal"),
            Self::NoVotingPower => f.write_str("this account held no tokens at the proposal's snapshot"),
            Self::NotProposer => f.write_str("only the proposer can do this"),
            Self::TooEarly => f.write_str("the execution delay has not passed yet"),
            Self::CodeChanged(target) => {
                write!(f, "contract 0x{} runs other code than when this was proposed", hex(target))
            }
            Self::CallFailed(number) => {
                write!(f, "call {number} of the proposal failed, so none was made")
            }
            Self::BadRules => f.write_str(
                "nothing could pass under these rules: a period is 0, the approval is the whole, or a delay too long",
            ),
            Self::Overflow => f.write_str("a moment, number or sum is beyond what can be stored"),
            Self::TokenFailed => f.write_str("the token contract did not answer"),
            Self::Votes(error) => error.fmt(f),
        }
    }
}

impl Display for VotesError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NotYetPast => f.write_str("voting power is known only for moments before the present block"),
        }
    }
}

impl Display for TreasuryError {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::NotGovernor => "only the governor can order a payment",
            Self::ZeroAmount => "a payment of 0 is not a payment",
            Self::TransferFailed => "the treasury holds too little, or the payee cannot receive the amount",
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
