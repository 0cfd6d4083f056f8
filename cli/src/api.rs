//! Reading the API.

use crate::{Error, Result};
use api::model::{Answer, Page, Problem};
use serde::de::DeserializeOwned;

/// A client of the read API.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    base: String,
}

impl Api {
    /// The API at `base`, like `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Self {
        Self { http: reqwest::Client::new(), base: base.trim_end_matches('/').to_owned() }
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
        let unreachable =
            |error: reqwest::Error| Error::ApiUnreachable { url: url.clone(), reason: error.without_url().to_string() };
        let response = self.http.get(&url).send().await.map_err(unreachable)?;
        let status = response.status();
        if status.is_success() {
            return response.json().await.map_err(unreachable);
        }
        let problem = response.json::<Problem>().await.map(|problem| problem.detail);
        Err(Error::ApiRefused { url, detail: problem.unwrap_or_else(|_| status.to_string()) })
    }
}
