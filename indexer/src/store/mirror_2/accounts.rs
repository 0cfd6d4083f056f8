//! Tokens and delegations.

use crate::{
    error::Error,
    project::{Account, Accounts, Delegated, Needs, Table},
    store::columns::{
        Origins, account, stored_height, stored_moment, stored_place, stored_share, to_account, to_balance, to_moment,
        to_share, to_u64,
    },
};
use interfaces::{
    AccountId, Balance,
    token::{Delegation, Share},
};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the delegations that the batch changes or ends, the accounts whose power that moves, and the latest supply.
pub async fn load(connection: &mut PgConnection, needs: &Needs) -> Result<Accounts, Error> {
    let delegations = load_delegations(connection, needs).await?;
    let named = delegations.iter().flat_map(|(delegator, delegated)| {
        delegated.delegation.shares.iter().map(|share| &share.to).chain([delegator])
    });
    let whose: BTreeSet<_> = needs.accounts.iter().chain(named).collect();
    if whose.is_empty() {
        return Ok(Accounts::default());
    }
    let accounts = load_accounts(connection, &whose).await?;
    Ok(Accounts::known(accounts, delegations.into_iter().collect(), load_supply(connection).await?))
}

async fn load_delegations(
    connection: &mut PgConnection,
    needs: &Needs,
) -> Result<BTreeMap<AccountId, Delegated>, Error> {
    let delegators: Vec<_> = needs.accounts.iter().map(account).collect();
    let rows = sqlx::query!(
        "SELECT delegator, representative, share_bps, ends, height FROM mirror_2.delegations
         WHERE delegator = ANY($1::bytea[]) OR ends <= $2
         ORDER BY delegator, number",
        &delegators as _,
        stored_moment(needs.until),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading delegations"))?;
    let mut delegations = BTreeMap::new();
    for row in rows {
        let ends = row.ends.map(to_moment).transpose()?;
        let height = to_u64(row.height, "a block's height")?;
        let delegation = Delegation { shares: Vec::new(), ends };
        let delegated = delegations.entry(to_account(&row.delegator)?).or_insert(Delegated { delegation, height });
        let (to, share) = (to_account(&row.representative)?, to_share(row.share_bps)?);
        delegated.delegation.shares.push(Share { to, share });
    }
    Ok(delegations)
}

async fn load_accounts(
    connection: &mut PgConnection,
    whose: &BTreeSet<&AccountId>,
) -> Result<Table<AccountId, Account>, Error> {
    let whose: Vec<_> = whose.iter().map(|whose| account(whose)).collect();
    let rows = sqlx::query!(
        r#"SELECT account, balance::text AS "balance!", power::text AS "power!", height
           FROM mirror_2.accounts WHERE account = ANY($1::bytea[])"#,
        &whose as _,
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading accounts"))?;
    let known = rows.into_iter().map(|row| {
        let (balance, power) = (to_balance(&row.balance)?, to_balance(&row.power)?);
        Ok((to_account(&row.account)?, Account { balance, power, height: to_u64(row.height, "a block's height")? }))
    });
    known.collect()
}

async fn load_supply(connection: &mut PgConnection) -> Result<Balance, Error> {
    let latest =
        sqlx::query_scalar!(r#"SELECT supply::text AS "supply!" FROM mirror_2.supply ORDER BY since DESC LIMIT 1"#)
            .fetch_optional(connection)
            .await
            .map_err(Error::database("reading the supply"))?;
    latest.as_deref().map_or(Ok(0), to_balance)
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, accounts: &Accounts) -> Result<(), Error> {
    save_accounts(connection, &accounts.accounts).await?;
    save_delegations(connection, &accounts.delegations).await?;
    save_transfers(connection, accounts).await?;
    save_supply(connection, accounts).await
}

async fn save_accounts(connection: &mut PgConnection, table: &Table<AccountId, Account>) -> Result<(), Error> {
    let (whose, rows): (Vec<_>, Vec<&Account>) = table.changed().map(|(whose, row)| (account(whose), row)).unzip();
    if whose.is_empty() {
        return Ok(());
    }
    let balances: Vec<_> = rows.iter().map(|row| row.balance.to_string()).collect();
    let powers: Vec<_> = rows.iter().map(|row| row.power.to_string()).collect();
    let heights = rows.iter().map(|row| stored_height(row.height)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO mirror_2.accounts (account, balance, power, height)
         SELECT account, balance::numeric, power::numeric, height
         FROM unnest($1::bytea[], $2::text[], $3::text[], $4::bigint[]) AS changed (account, balance, power, height)
         ON CONFLICT (account) DO UPDATE
         SET balance = excluded.balance, power = excluded.power, height = excluded.height",
        &whose as _,
        &balances,
        &powers,
        &heights,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing accounts"))
}

/// A delegation replaces the one before it as a whole.
async fn save_delegations(connection: &mut PgConnection, table: &Table<AccountId, Delegated>) -> Result<(), Error> {
    let delegators: Vec<_> = table.touched().map(account).collect();
    if delegators.is_empty() {
        return Ok(());
    }
    sqlx::query!("DELETE FROM mirror_2.delegations WHERE delegator = ANY($1::bytea[])", &delegators as _)
        .execute(&mut *connection)
        .await
        .map_err(Error::database("ending delegations"))?;

    let (mut delegators, mut representatives, mut numbers, mut shares) = (vec![], vec![], vec![], vec![]);
    let (mut ends, mut heights) = (vec![], vec![]);
    for (delegator, Delegated { delegation, height }) in table.changed() {
        for (number, Share { to, share }) in delegation.shares.iter().enumerate() {
            delegators.push(account(delegator));
            representatives.push(account(to));
            numbers.push(stored_place(number)?);
            shares.push(stored_share(*share));
            ends.push(delegation.ends.map(stored_moment));
            heights.push(stored_height(*height)?);
        }
    }
    sqlx::query!(
        "INSERT INTO mirror_2.delegations (delegator, representative, number, share_bps, ends, height)
         SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::smallint[], $4::integer[], $5::bigint[], $6::bigint[])",
        &delegators as _,
        &representatives as _,
        &numbers,
        &shares,
        &ends as _,
        &heights,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing delegations"))
}

async fn save_transfers(connection: &mut PgConnection, accounts: &Accounts) -> Result<(), Error> {
    let rows = &accounts.transfers;
    if rows.is_empty() {
        return Ok(());
    }
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let senders: Vec<_> = rows.iter().map(|row| row.from.as_ref().map(account)).collect();
    let recipients: Vec<_> = rows.iter().map(|row| row.to.as_ref().map(account)).collect();
    let values: Vec<_> = rows.iter().map(|row| row.value.to_string()).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.transfers (height, index, moment, sender, recipient, value)
         SELECT height, index, moment, sender, recipient, value::numeric
         FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[])
              AS transfer (height, index, moment, sender, recipient, value)",
        &heights,
        &indices,
        &moments,
        &senders as _,
        &recipients as _,
        &values,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing transfers"))
}

async fn save_supply(connection: &mut PgConnection, accounts: &Accounts) -> Result<(), Error> {
    if accounts.supplies.is_empty() {
        return Ok(());
    }
    let moments: Vec<_> = accounts.supplies.keys().map(|since| stored_moment(*since)).collect();
    let supplies: Vec<_> = accounts.supplies.values().map(ToString::to_string).collect();
    // Two blocks can share a timestamp; the later one counts.
    sqlx::query!(
        "INSERT INTO mirror_2.supply (since, supply)
         SELECT since, supply::numeric FROM unnest($1::bigint[], $2::text[]) AS changed (since, supply)
         ON CONFLICT (since) DO UPDATE SET supply = excluded.supply",
        &moments,
        &supplies,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the supply"))
}
