//! Budgets.

use super::{CategoryNumber, NumberPlace};
use crate::{
    answer::Asked,
    db,
    model::{Amount, Answer, Budget, BudgetChange, Instant, Page},
    page::{EventPlace, Part, Row},
    params::{Parsed, Segment},
    problem::{Error, NoSuchNumber, Refusals},
    server::App,
};
use axum::response::Response;
use interfaces::{
    Moment,
    treasury::{self, Allotment},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(budgets)).routes(routes!(budget)).routes(routes!(history))
}

/// Place in the list of budgets.
type Place = NumberPlace<41>;

/// Place in the list of a category's budgets.
type ChangePlace = EventPlace<42>;

/// The budget of each category of spending, and what is left of it.
#[utoipa::path(
    get,
    path = "/v1/treasury/budgets",
    operation_id = "treasury_budgets",
    tag = "treasury",
    params(Part<Place>),
    responses((status = 200, description = "A part of the list", body = Page<Budget>), Refusals)
)]
async fn budgets(asked: Asked, Parsed(part): Parsed<Part<Place>>) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let now = snapshot.block.moment;
            let rows = sqlx::query_as!(
                BudgetRow,
                r#"SELECT category AS "category!", allotment AS "allotment!", height AS "height!", moment AS "moment!",
                    proposal
                FROM mirror.treasury_budgets WHERE category > $1 ORDER BY category LIMIT $2"#,
                // Beyond every category is after the last.
                part.cursor.map_or(-1, |place| i32::try_from(place.number).unwrap_or(i32::MAX)),
                part.limit.rows()
            )
            .fetch_all(snapshot.connection())
            .await?;
            Ok(rows.into_iter().map(|row| (row, now)).collect::<Vec<_>>())
        })
        .await
}

/// The budget of a category of spending, and what is left of it.
#[utoipa::path(
    get,
    path = "/v1/treasury/budgets/{category}",
    operation_id = "treasury_budget",
    tag = "treasury",
    params(CategoryNumber),
    responses((status = 200, description = "The budget", body = Answer<Budget>), NoSuchNumber, Refusals)
)]
async fn budget(
    asked: Asked,
    Segment(CategoryNumber(category)): Segment<CategoryNumber>,
    Parsed(()): Parsed<()>,
) -> Result<Response, Error> {
    asked
        .one(async |snapshot| {
            let row = sqlx::query_as!(
                BudgetRow,
                r#"SELECT category AS "category!", allotment AS "allotment!", height AS "height!", moment AS "moment!",
                    proposal
                FROM mirror.treasury_budgets WHERE category = $1"#,
                i32::from(category)
            )
            .fetch_optional(snapshot.connection())
            .await?;
            let row = row.ok_or_else(|| CategoryNumber::unknown(category))?;
            (row, snapshot.block.moment).read()
        })
        .await
}

/// Every budget that a category was given, the newest first.
#[utoipa::path(
    get,
    path = "/v1/treasury/budgets/{category}/history",
    operation_id = "treasury_budget_history",
    tag = "treasury",
    params(CategoryNumber, Part<ChangePlace>),
    responses((status = 200, description = "A part of the list", body = Page<BudgetChange>), NoSuchNumber, Refusals)
)]
async fn history(
    asked: Asked,
    Segment(CategoryNumber(category)): Segment<CategoryNumber>,
    Parsed(part): Parsed<Part<ChangePlace>>,
) -> Result<Response, Error> {
    asked
        .list(part, async |snapshot, part| {
            let ChangePlace { height, index } = part.cursor.unwrap_or(ChangePlace::FIRST);
            let rows = sqlx::query_as!(
                ChangeRow,
                r#"SELECT category AS "category!", budget AS "budget!", available::text AS "available!",
                    height AS "height!", index AS "index!", moment AS "moment!", proposal
                FROM mirror.treasury_budget_changes WHERE category = $4 AND (height, index) < ($1, $2)
                ORDER BY height DESC, index DESC LIMIT $3"#,
                height,
                index,
                part.limit.rows(),
                i32::from(category)
            )
            .fetch_all(snapshot.connection())
            .await?;
            // With a cursor there was one.
            if rows.is_empty() && part.cursor.is_none() {
                return Err(CategoryNumber::unknown(category));
            }
            Ok(rows)
        })
        .await
}

/// A budget as stored.
struct BudgetRow {
    category: i32,
    allotment: Vec<u8>,
    height: i64,
    moment: i64,
    proposal: Option<i64>,
}

/// With the moment at which it is asked what is left.
impl Row<Place> for (BudgetRow, Moment) {
    type Item = Budget;

    fn place(&self) -> Result<Place, Error> {
        Ok(Place { number: self.0.category.into() })
    }

    fn read(self) -> Result<Budget, Error> {
        let (row, now) = self;
        let Instant { time, moment } = db::instant(row.moment)?;
        let allotment: Allotment = db::scale(&row.allotment, "budget")?;
        Ok(Budget {
            category: row.category.try_into()?,
            terms: allotment.budget.into(),
            left: Amount(allotment.left_at(now)),
            proposal: row.proposal.map(TryInto::try_into).transpose()?,
            height: row.height.try_into()?,
            time,
            moment,
        })
    }
}

/// A change of a budget as stored.
struct ChangeRow {
    category: i32,
    budget: Vec<u8>,
    available: String,
    height: i64,
    index: i32,
    moment: i64,
    proposal: Option<i64>,
}

impl Row<ChangePlace> for ChangeRow {
    type Item = BudgetChange;

    fn place(&self) -> Result<ChangePlace, Error> {
        Ok(ChangePlace { height: self.height, index: self.index })
    }

    fn read(self) -> Result<BudgetChange, Error> {
        let Instant { time, moment } = db::instant(self.moment)?;
        let budget: treasury::Budget = db::scale(&self.budget, "budget")?;
        Ok(BudgetChange {
            category: self.category.try_into()?,
            terms: budget.into(),
            left: db::amount(&self.available)?,
            proposal: self.proposal.map(TryInto::try_into).transpose()?,
            height: self.height.try_into()?,
            time,
            moment,
        })
    }
}
