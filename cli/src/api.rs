//! Reading the API.

use crate::{Error, Result};
use api::model::{Answer, Page, Problem, Status};
use serde::de::DeserializeOwned;
use std::time::{Duration, Instant};

/// A client of the read API.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    base: String,
}

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

impl Api {
    /// The API at `base`, like `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// [`Error::BadApiUrl`].
    pub fn new(base: &str) -> Result<Self> {
        let bad = || Error::BadApiUrl(base.to_owned());
        if !base.starts_with("http://") {
            return Err(bad());
        }
        let http = reqwest::Client::builder().timeout(PATIENCE).build().map_err(|_| bad())?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned() })
    }

    /// Where it is.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `GET` of one thing.
    ///
    /// # Errors
    /// If nobody answers, or with a problem.
    pub async fn one<T: DeserializeOwned>(&self, path: &str) -> Result<Answer<T>> {
        self.get(path).await
    }

    /// `GET` of all pages of a list. `path` may hold a query.
    ///
    /// # Errors
    /// If nobody answers, or with a problem.
    pub async fn pages<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<Page<T>>> {
        let mut pages: Vec<Page<T>> = Vec::new();
        loop {
            let page: Page<T> = match pages.last().and_then(|page| page.next_cursor.as_deref()) {
                None if pages.is_empty() => self.get(path).await?,
                None => return Ok(pages),
                Some(cursor) => {
                    let mark = if path.contains('?') { '&' } else { '?' };
                    self.get(&format!("{path}{mark}cursor={cursor}")).await?
                }
            };
            pages.push(page);
        }
    }

    /// `GET` of any JSON.
    ///
    /// # Errors
    /// If nobody answers, or with a problem.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let url = format!("{}{path}", self.base);
        let response = self
            .http
            .get(&url)
            .send()
            .await
            .map_err(|error| Error::ApiUnreachable { url: self.base.clone(), reason: cause(&error) })?;
        let status = response.status();
        let body = response
            .bytes()
            .await
            .map_err(|error| Error::ApiUnreachable { url: self.base.clone(), reason: cause(&error) })?;
        let foreign = |error: serde_json::Error| Error::NotOurApi { url: url.clone(), reason: error.to_string() };
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(foreign);
        }
        let problem: Problem = serde_json::from_slice(&body)
            .map_err(|_| Error::NotOurApi { url: url.clone(), reason: format!("it answers {status}") })?;
        Err(Error::ApiRefused { url, detail: problem.detail })
    }

    /// `GET` of a file, written to `to` as it comes.
    ///
    /// # Errors
    /// If nobody answers, with a problem, or if it cannot be written.
    pub async fn copy(&self, path: &str, to: &mut impl std::io::Write) -> Result<()> {
        let url = format!("{}{path}", self.base);
        let unreachable =
            |error: reqwest::Error| Error::ApiUnreachable { url: self.base.clone(), reason: cause(&error) };
        let mut response = self.http.get(&url).send().await.map_err(unreachable)?;
        let status = response.status();
        if !status.is_success() {
            let body = response.bytes().await.map_err(unreachable)?;
            let problem: Problem = serde_json::from_slice(&body)
                .map_err(|_| Error::NotOurApi { url: url.clone(), reason: format!("it answers {status}") })?;
            return Err(Error::ApiRefused { url, detail: problem.detail });
        }
        while let Some(part) = response.chunk().await.map_err(unreachable)? {
            // Whoever reads it may have read enough and gone; that is no failure.
            if to.write_all(&part).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// `GET` of all pages of a list, all of one block if they can be had so. A mirror that moves on between two pages
    /// makes it start again, a few times; the second answer tells whether it ever held still.
    ///
    /// # Errors
    /// If nobody answers, or with a problem.
    pub async fn pages_of_one_block<T: DeserializeOwned>(&self, path: &str) -> Result<(Vec<Page<T>>, bool)> {
        const TRIES: usize = 5;
        let mut pages = self.pages(path).await?;
        for _ in 1..TRIES {
            if of_one_block(&pages) {
                break;
            }
            pages = self.pages(path).await?;
        }
        let steady = of_one_block(&pages);
        Ok((pages, steady))
    }

    /// Waits until the mirror has a block.
    ///
    /// # Errors
    /// If nobody answers, or the mirror does not follow.
    pub async fn mirrored(&self, block: client::Block) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            let status: Answer<Status> = self.one("/v1/status").await?;
            if status.block.height >= block.height {
                return Ok(());
            }
            if Instant::now() > end {
                let what = format!("mirroring of block {}", block.height);
                return Err(Error::TooLate { what, seconds: PATIENCE.as_secs() });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn of_one_block<T>(pages: &[Page<T>]) -> bool {
    pages.windows(2).all(|pair| pair[0].block.hash == pair[1].block.hash)
}

/// The innermost reason, which is the one that says something.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_url_is_refused() {
        for base in ["", "foo", "ws://127.0.0.1:1", "127.0.0.1:8080"] {
            assert!(matches!(Api::new(base), Err(Error::BadApiUrl(_))), "{base:?}");
        }
    }
}
