//! `gaia identity`, `gaia roles` and `gaia keys`: what the mirror says.

use crate::{
    Error, Result,
    api::Api,
    commands::Shared,
    output::{Output, table},
    parse,
};
use api::{
    account::Account,
    model::{Answer, Hash, IdentityProfile, Page, Profile, PublishedKey, Tenure},
};
use clap::Args;
use interfaces::roles::Role;
use serde::{Serialize, de::DeserializeOwned};

/// `gaia identity`.
#[derive(Debug, Args)]
pub struct Identity {
    /// An identity as 0x and 64 digits, or an account that belongs to one
    #[arg(value_name = "ACCOUNT|0xID")]
    subject: parse::Subject,
}

/// `gaia roles`.
#[derive(Debug, Args)]
pub struct Roles {
    /// Only those of this account
    account: Option<parse::Account>,
    /// Also those whose time is over
    #[arg(long)]
    expired: bool,
}

/// `gaia keys`.
#[derive(Debug, Args)]
pub struct Keys {
    /// Only those of this log
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
}

impl Identity {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let api = shared.api()?;
        let identity = match self.subject {
            parse::Subject::Identity(identity) => Hash(identity.0.0),
            parse::Subject::Account(account) => {
                let account = Account::from(account.0.0);
                let Answer { data, .. } = api.one::<Profile>(&format!("/v1/accounts/{account}")).await?;
                data.identity.ok_or_else(|| Error::Failed(format!("{account} belongs to no identity")))?
            }
        };
        let Answer { data, .. } = api.one::<IdentityProfile>(&format!("/v1/identities/{identity}")).await?;
        shared.output().result(&data, identity_text);
        Ok(())
    }
}

fn identity_text(profile: &IdentityProfile) -> String {
    let IdentityProfile { identity, attestation, freeze, accounts, more_accounts, .. } = profile;
    let mut lines = vec![format!("identity {identity}")];
    lines.push(match attestation {
        Some(said) => format!(
            "{} at tier {} until {}, by {}; commitment {}",
            name(&said.state),
            said.tier,
            said.expires.time,
            said.attestor,
            said.commitment
        ),
        None => "never attested".to_owned(),
    });
    if let Some(freeze) = freeze {
        lines.push(format!("frozen since {} by {}, reason {}", freeze.time, freeze.by, freeze.reason));
    }
    for member in accounts {
        let how = member.linked_with.map_or("attested".to_owned(), |with| format!("linked with {with}"));
        let frozen = if member.frozen { ", frozen" } else { "" };
        lines.push(format!("account {}: {how}{frozen}", member.account));
    }
    if *more_accounts {
        lines.push("and more accounts, which the API lists".to_owned());
    }
    lines.join("\n")
}

impl Roles {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let account = self.account.map(|account| format!("&account={}", Account::from(account.0.0)));
        let expired = if self.expired { "&include=expired" } else { "" };
        let path = format!("/v1/roles?limit=200{}{expired}", account.unwrap_or_default());
        let roles = rows::<Tenure>(&shared.api()?, &path).await?;
        shared.output().result(&roles, |roles| {
            let row = |it: &Tenure| {
                let over = if it.valid { "" } else { " (over)" };
                vec![it.account.to_string(), name::<Role>(&it.role), format!("{}{over}", it.until.time)]
            };
            table(&["account", "role", "until"], &roles.iter().map(row).collect::<Vec<_>>())
        });
        Ok(())
    }
}

impl Keys {
    pub(in crate::commands) async fn run(self, shared: &Shared) -> Result<()> {
        let origin = self.origin.map(|origin| {
            let origin = interfaces::key::Key::new(origin);
            origin.map_err(|_| {
                Error::Usage("a log's origin has 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'".into())
            })
        });
        let origin = origin.transpose()?.map(|origin| format!("&origin={}", origin.as_str()));
        let path = format!("/v1/keys?limit=200{}", origin.unwrap_or_default());
        let keys = rows::<PublishedKey>(&shared.api()?, &path).await?;
        print_keys(shared.output(), &keys);
        Ok(())
    }
}

fn print_keys(output: Output, keys: &[PublishedKey]) {
    output.result(&keys, |keys| {
        let row = |it: &PublishedKey| {
            let state = match (it.valid, it.revoked) {
                (true, _) => "good",
                (false, true) => "revoked",
                (false, false) => "not good now",
            };
            let (from, until) = (it.from.time.to_string(), it.until.time.to_string());
            vec![
                it.number.to_string(),
                it.origin.clone(),
                it.holder.to_string(),
                it.key.to_string(),
                from,
                until,
                state.into(),
            ]
        };
        let rows: Vec<_> = keys.iter().map(row).collect();
        table(&["number", "origin", "holder", "key", "from", "until", "state"], &rows)
    });
}

/// All rows of a list.
async fn rows<T: DeserializeOwned>(api: &Api, path: &str) -> Result<Vec<T>> {
    let pages: Vec<Page<T>> = api.pages(path).await?;
    Ok(pages.into_iter().flat_map(|page| page.data).collect())
}

/// A value as JSON names it.
fn name<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().map(ToOwned::to_owned).unwrap_or_default()
}
