//! Parameters.

use super::{stored_key, stored_keys, to_key};
use crate::{
    error::Error,
    project::{
        Origin,
        settings::{Parameter, ParameterAction, ParameterRow, Parameters},
    },
    store::columns::{Origins, kind, to_moment, to_scale, to_u32, to_u64},
};
use interfaces::key::Key;
use scale::Encode;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Reads these parameters.
pub async fn load(connection: &mut PgConnection, keys: &BTreeSet<Key>) -> Result<Parameters, Error> {
    if keys.is_empty() {
        return Ok(Parameters::default());
    }
    let rows = sqlx::query!(
        "SELECT key, definition, course, height, index, moment FROM mirror_2.parameters WHERE key = ANY($1)",
        &stored_keys(keys),
    )
    .fetch_all(connection)
    .await
    .map_err(Error::database("reading parameters"))?;
    let known = rows.into_iter().map(|row| {
        let origin = Origin {
            height: to_u64(row.height, "a block's height")?,
            index: to_u32(row.index.into(), "an event's position")?,
            moment: to_moment(row.moment)?,
        };
        let parameter = Parameter {
            definition: to_scale(&row.definition, "a parameter's definition")?,
            course: to_scale(&row.course, "a parameter's course")?,
            origin,
        };
        Ok((to_key(row.key)?, parameter))
    });
    Ok(Parameters { parameters: known.collect::<Result<_, Error>>()?, history: Vec::new() })
}

/// Writes what changed.
pub async fn save(connection: &mut PgConnection, parameters: &Parameters) -> Result<(), Error> {
    save_parameters(connection, parameters).await?;
    save_history(connection, &parameters.history).await
}

async fn save_parameters(connection: &mut PgConnection, parameters: &Parameters) -> Result<(), Error> {
    let (keys, rows): (Vec<_>, Vec<_>) =
        parameters.parameters.changed().map(|(key, row)| (stored_key(key), row)).unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let owners: Vec<_> = rows.iter().map(|row| kind(row.definition.owner)).collect();
    let definitions: Vec<_> = rows.iter().map(|row| row.definition.encode()).collect();
    let courses: Vec<_> = rows.iter().map(|row| row.course.encode()).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    sqlx::query!(
        "INSERT INTO mirror_2.parameters (key, owner, definition, course, height, index, moment)
         SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::bigint[], $6::integer[], $7::bigint[])
         ON CONFLICT (key) DO UPDATE
         SET owner = excluded.owner, definition = excluded.definition, course = excluded.course,
             height = excluded.height, index = excluded.index, moment = excluded.moment",
        &keys,
        &owners as _,
        &definitions,
        &courses,
        &heights,
        &indices,
        &moments,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing parameters"))
}

async fn save_history(connection: &mut PgConnection, rows: &[ParameterRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = rows.iter().map(|row| stored_key(&row.key)).collect();
    let Origins { heights, indices, moments } = Origins::of(rows.iter().map(|row| &row.origin))?;
    let actions: Vec<_> = rows.iter().map(|row| action(row.action)).collect();
    let definitions: Vec<_> = rows.iter().map(|row| row.definition.as_ref().map(Encode::encode)).collect();
    let courses: Vec<_> = rows.iter().map(|row| row.course.encode()).collect();
    let proposals: Vec<_> = rows.iter().map(|row| row.proposal.map(i64::from)).collect();
    sqlx::query!(
        "INSERT INTO mirror_2.parameter_history (key, height, index, moment, action, definition, course, proposal)
         SELECT * FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::bytea[],
                              $7::bytea[], $8::bigint[])",
        &keys,
        &heights,
        &indices,
        &moments,
        &actions as _,
        &definitions as _,
        &courses,
        &proposals as _,
    )
    .execute(connection)
    .await
    .map(drop)
    .map_err(Error::database("writing the history of parameters"))
}

fn action(action: ParameterAction) -> &'static str {
    match action {
        ParameterAction::Define => "define",
        ParameterAction::Set => "set",
        ParameterAction::Schedule => "schedule",
        ParameterAction::Cancel => "cancel",
        ParameterAction::Retire => "retire",
    }
}
