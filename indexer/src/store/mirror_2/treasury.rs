//! The treasury.

mod books;
mod escrows;
mod signing;
mod streams;

use crate::{
    error::Error,
    facts::Height,
    project::{Needs, Ordered, Treasury},
    store::columns::{stored_height, stored_moment, to_moment, to_proposal, to_u64},
};
use sqlx::PgConnection;

/// Reads what the batch changes.
pub async fn load(connection: &mut PgConnection, needs: &Needs) -> Result<Treasury, Error> {
    let assets = books::load_assets(connection, &needs.assets).await?;
    let budgets = books::load_budgets(connection, &needs.categories).await?;
    let escrows = escrows::load_escrows(connection, &needs.escrows).await?;
    let milestones = escrows::load_milestones(connection, &needs.escrows).await?;
    let streams = streams::load(connection, &needs.streams).await?;
    Ok(Treasury::known(assets, budgets, escrows, milestones, streams))
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, treasury: &Treasury) -> Result<(), Error> {
    books::save(connection, treasury).await?;
    escrows::save(connection, treasury).await?;
    signing::save(connection, treasury).await?;
    streams::save(connection, &treasury.streams).await
}

/// When things were ordered, column by column.
#[derive(Default)]
struct Orders {
    heights: Vec<i64>,
    moments: Vec<i64>,
    proposals: Vec<Option<i64>>,
}

impl Orders {
    /// The columns of these, in their order.
    fn of<'a>(orders: impl Iterator<Item = &'a Ordered>) -> Result<Self, Error> {
        let mut columns = Self::default();
        for Ordered { height, moment, proposal } in orders {
            columns.heights.push(stored_height(*height)?);
            columns.moments.push(stored_moment(*moment));
            columns.proposals.push(proposal.map(i64::from));
        }
        Ok(columns)
    }
}

/// When something was ordered, as it was stored.
fn ordered(height: i64, moment: i64, proposal: Option<i64>) -> Result<Ordered, Error> {
    let height: Height = to_u64(height, "a block's height")?;
    Ok(Ordered { height, moment: to_moment(moment)?, proposal: proposal.map(to_proposal).transpose()? })
}
