//! Printing: for people, or one JSON value for scripts. Progress and errors go to standard error, results to standard
//! output.

use crate::Error;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::{
    fmt,
    io::{self, Write},
    time::Duration,
};

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// For people.
    Text,
    /// One JSON value on standard output.
    Json,
}

impl Output {
    /// Prints a result.
    pub fn result<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) {
        match self {
            Self::Text => print(format_args!("{}", text(value))),
            // Straight to text: a JSON value in between could not hold an integer beyond 64 bits.
            Self::Json => match serde_json::to_string_pretty(value) {
                Ok(json) => print(format_args!("{json}")),
                Err(error) => eprintln!("error: the result cannot be written as JSON: {error}"),
            },
        }
    }

    /// Prints what is JSON for people too.
    pub fn document<T: Serialize>(self, value: &T) {
        Self::Json.result(value, |_| String::new());
    }

    /// Prints an error.
    pub fn error(self, error: &Error) {
        match self {
            Self::Text => eprintln!("error: {error}"),
            // The result, with every difference, has been printed already: one value is all there is.
            Self::Json if matches!(error, Error::Differs(_) | Error::NotWhole(_)) => eprintln!("error: {error}"),
            Self::Json => {
                print(format_args!("{}", serde_json::json!({ "error": error.code(), "detail": error.to_string() })));
            }
        }
    }
}

/// Prints a line on standard output. Whoever reads it may have read enough and gone; that is no failure.
fn print(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Says what is happening, on standard error.
pub fn say(line: impl AsRef<str>) {
    eprintln!("{}", line.as_ref());
}

/// A bar over milliseconds, for a wait of known length. Draws nothing where standard error is no terminal.
pub fn waiting(what: &str, length: Duration) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(length.as_millis()).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("  {msg} [{bar:40}] {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}

/// A bar over a number of things to do.
pub fn counting(length: usize) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    if let Ok(style) = ProgressStyle::with_template("  [{bar:40}] {pos} of {len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// A table with a heading, columns as wide as their widest cell.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<&str>| {
        let cells: Vec<_> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    let mut lines =
        vec![line(heading.to_vec()), widths.iter().map(|width| "─".repeat(*width)).collect::<Vec<_>>().join("  ")];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["votes".to_owned(), "12".to_owned()], vec!["x".to_owned(), "1".to_owned()]];
        assert_eq!(table(&["what", "n"], &rows), "what   n\n─────  ──\nvotes  12\nx      1");
    }
}
