//! The ledger as a table for accountants.
//!
//! It is sent as it is read, page by page, with no connection to the database kept in between: entries never change, so
//! those up to a block are the same whenever they are read.

use super::books::{EntryRow, entries};
use crate::{
    db::Database,
    model::{Asset, LedgerEntry},
    page::{EventPlace, Row},
    problem::{Error, Unreadable},
};
use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};

/// How many rows are read at a time.
const ROWS: u16 = 1_000;

/// The header.
const HEADER: &str = "height,index,time,moment,asset,kind,direction,amount,counterparty,balance_before,balance,excess,\
                      category,escrow,milestone,stream,proposal\r\n";

/// Where to go on reading.
#[derive(Debug, Clone)]
struct Reader {
    database: Database,
    /// The last block of the table.
    last: i64,
    asset: Option<Asset>,
    /// The last row that was read.
    after: (i64, i32),
}

/// The ledger up to a block.
///
/// # Errors
/// Those of the database; once something is sent, an error breaks the answer off.
pub(super) async fn ledger(database: Database, height: u64, asset: Option<Asset>) -> Result<Response, Error> {
    let reader = Reader { database, last: height.try_into()?, asset, after: (-1, i32::MAX) };
    // Whatever is wrong mostly shows here, and then there is an answer that says so.
    let (text, next) = reader.read().await?;
    let rest = stream::try_unfold(next, async |next| match next {
        Some(reader) => reader.read().await.map(Some),
        None => Ok(None),
    });
    let parts = stream::iter([Ok::<_, Error>(HEADER.to_owned()), Ok(text)]).chain(rest);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"treasury-ledger.csv\""),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

impl Reader {
    /// The next rows, and where to go on after them if there may be more.
    async fn read(self) -> Result<(String, Option<Self>), Error> {
        let rows = self.rows().await?;
        let next = match rows.last() {
            Some(last) if rows.len() == usize::from(ROWS) => {
                let EventPlace { height, index } = last.place()?;
                Some(Self { after: (height, index), ..self })
            }
            _ => None,
        };
        let lines = rows.into_iter().map(|row| line(&row.read()?)).collect::<Result<String, Error>>()?;
        Ok((lines, next))
    }

    async fn rows(&self) -> Result<Vec<EntryRow>, Error> {
        let mut snapshot = self.database.snapshot().await?;
        let ((height, index), last, connection) = (self.after, self.last, snapshot.connection());
        let found = match self.asset.as_ref().map(Asset::stored) {
            None => entries!(
                connection,
                "(height, index) > ($1, $2) AND height <= $3 ORDER BY height, index LIMIT $4",
                height,
                index,
                last,
                i64::from(ROWS)
            ),
            Some(asset) => entries!(
                connection,
                "asset = $5 AND (height, index) > ($1, $2) AND height <= $3 ORDER BY height, index LIMIT $4",
                height,
                index,
                last,
                i64::from(ROWS),
                asset
            ),
        };
        Ok(found?)
    }
}

/// A row of the table.
fn line(entry: &LedgerEntry) -> Result<String, Error> {
    fn or_empty(value: Option<impl ToString>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let before = entry.balance_before().ok_or(Unreadable("balance"))?;
    let cells = [
        entry.height.to_string(),
        or_empty(entry.index),
        entry.time.to_string(),
        entry.moment.to_string(),
        entry.asset.to_string(),
        or_empty(crate::model::name_of(&entry.kind)),
        or_empty(crate::model::name_of(&entry.direction)),
        entry.amount.to_string(),
        or_empty(entry.counterparty),
        before.to_string(),
        entry.balance.to_string(),
        entry.excess.to_string(),
        or_empty(entry.category),
        or_empty(entry.escrow),
        or_empty(entry.milestone),
        or_empty(entry.stream),
        or_empty(entry.proposal),
    ];
    Ok(format!("{}\r\n", cells.map(|cell| field(&cell)).join(",")))
}

/// A field: quoted where it must be (RFC 4180), and never such that a spreadsheet takes it for a formula. Nothing that is
/// written today needs either; whatever is added tomorrow goes through here too.
fn field(text: &str) -> String {
    let guarded = match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    };
    if guarded.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_what_was_written_and_no_formula() {
        for (text, written) in [
            ("", ""),
            ("12", "12"),
            ("native", "native"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
        ] {
            assert_eq!(field(text), written, "{text}");
        }
    }

    #[test]
    fn the_header_names_as_many_columns_as_a_row_has() {
        let entry: LedgerEntry = serde_json::from_value(serde_json::json!({
            "asset": "native", "kind": "transfer", "direction": "in", "amount": "5", "counterparty": null,
            "balance": "7", "excess": "0", "category": null, "escrow": null, "milestone": null, "stream": null,
            "proposal": null, "height": 1, "index": null, "time": "1970-01-01T00:00:00.000Z", "moment": 0,
        }))
        .expect("an entry");
        let line = line(&entry).expect("a line");
        assert_eq!(line, "1,,1970-01-01T00:00:00.000Z,0,native,transfer,in,5,,2,7,0,,,,,\r\n");
        assert_eq!(HEADER.split(',').count(), line.split(',').count());
    }
}
