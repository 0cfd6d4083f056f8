//! `gaia freeze` and `gaia unfreeze`.

use crate::{
    Result,
    commands::{Shared, Signing, acting::Acting},
    parse,
};
use clap::Args;
use client::{Message, messages::registry as messages};
use interfaces::registry::{Reason, RegistryError, Subject};

/// `gaia freeze`.
#[derive(Debug, Args)]
pub struct Freeze {
    #[command(flatten)]
    order: Order,
}

/// `gaia unfreeze`.
#[derive(Debug, Args)]
pub struct Unfreeze {
    #[command(flatten)]
    order: Order,
}

/// What an officer decides about whom, and why.
#[derive(Debug, Args)]
struct Order {
    /// An account, or an identity as 0x and 64 digits
    #[arg(value_name = "ACCOUNT|0xID")]
    subject: parse::Subject,
    /// Why: a code whose meaning the record off chain tells
    #[arg(long, value_name = "CODE")]
    reason: Reason,
    #[command(flatten)]
    signing: Signing,
}

/// As the registry takes it.
pub(super) fn subject(subject: parse::Subject) -> Subject {
    match subject {
        parse::Subject::Account(account) => Subject::Account(account.0.0.into()),
        parse::Subject::Identity(identity) => Subject::Identity(identity.0.0.into()),
    }
}

impl Freeze {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        self.order.send(shared, messages::freeze, "frozen").await
    }
}

impl Unfreeze {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        self.order.send(shared, messages::unfreeze, "frozen no more").await
    }
}

impl Order {
    async fn send(
        self,
        shared: &Shared,
        message: fn(Subject, Reason) -> Message<Result<(), RegistryError>>,
        done: &str,
    ) -> Result<()> {
        let acting = Acting::new(shared, &self.signing).await?;
        let sent = acting.send(&acting.contracts.registry, &message(subject(self.subject), self.reason)).await?;
        let whom = match self.subject {
            parse::Subject::Account(account) => account.0.to_string(),
            parse::Subject::Identity(identity) => format!("{:?}", identity.0),
        };
        acting.report(None, &sent, &format!("{whom} {done}"));
        Ok(())
    }
}
