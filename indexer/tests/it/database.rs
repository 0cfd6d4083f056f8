//! A database per test.

use crate::chain::Chain;
use indexer::{Contracts, DatabaseUrl, Deployment, Error, store::Store};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool, postgres::PgConnectOptions};
use std::{
    env, process,
    sync::atomic::{AtomicU32, Ordering},
};

pub const CONTRACTS: Contracts = crate::chain::CONTRACTS;

/// A database of a test's own, dropped with it.
pub struct Database {
    admin: PgConnectOptions,
    name: String,
    /// For looking at what was written.
    pub pool: PgPool,
}

impl Database {
    /// An empty database.
    pub async fn empty() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = env::var("GAIA_TEST_DATABASE")
            .expect("GAIA_TEST_DATABASE must be set to the postgres:// URL of a role that may create databases");
        let admin: PgConnectOptions = url.parse().expect("GAIA_TEST_DATABASE is a postgres:// URL");
        let name = format!("gaia_it_{}_{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut connection = admin.connect().await.expect("the server of GAIA_TEST_DATABASE answers");
        run(&mut connection, &format!("CREATE DATABASE {name}")).await;
        connection.close().await.expect("closes");
        let pool = PgPool::connect_lazy_with(admin.clone().database(&name));
        Self { admin, name, pool }
    }

    /// A database with the schema.
    pub async fn fresh() -> Self {
        let database = Self::empty().await;
        indexer::migrate(&database.url()).await.expect("migrates");
        database
    }

    /// Lets it mirror a chain and nothing else, written in batches of so many blocks.
    pub async fn fill(&self, chain: &Chain, size: usize) {
        // The last that were created first, for they can refer to the others.
        self.run(
            "DO $$ DECLARE it regclass; BEGIN
                 FOR it IN SELECT oid FROM pg_class
                           WHERE relkind = 'r' AND relnamespace IN ('raw'::regnamespace, 'mirror_2'::regnamespace)
                           ORDER BY oid DESC LOOP
                     EXECUTE 'DELETE FROM ' || it;
                 END LOOP;
             END $$",
        )
        .await;
        let mut store = self.store().await;
        for batch in chain.blocks.chunks(size) {
            store.write(batch).await.expect("writes");
        }
    }

    /// Its URL.
    pub fn url(&self) -> DatabaseUrl {
        self.text_url("").parse().expect("a URL")
    }

    /// Its URL, seen by somebody who has taken on `role`.
    pub fn url_as(&self, role: &str) -> DatabaseUrl {
        self.text_url(&format!("&options=-c%20role%3D{role}")).parse().expect("a URL")
    }

    /// Its URL as text.
    pub fn text_url(&self, parameters: &str) -> String {
        let admin = self.admin.to_url_lossy();
        let (base, _) = admin.as_str().split_once(admin.path()).expect("a URL has a path");
        format!("{base}/{}?{}{parameters}", self.name, admin.query().unwrap_or_default())
    }

    /// Runs a statement.
    pub async fn run(&self, sql: &str) {
        self.pool.execute(AssertSqlSafe(sql)).await.expect("the statement is right");
    }

    /// One value.
    pub async fn text(&self, sql: &str) -> String {
        let value: Option<String> =
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.pool).await.expect("the query is right");
        value.unwrap_or_else(|| "null".to_owned())
    }

    /// The rows of one column, with commas between them.
    pub async fn list(&self, sql: &str) -> String {
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&self.pool).await.expect("the query is right");
        rows.join(", ")
    }

    /// Every row of the mirror, for comparing.
    pub async fn dump(&self) -> Vec<(String, String)> {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT schemaname || '.' || tablename FROM pg_tables
             WHERE schemaname IN ('raw', 'mirror_2') AND tablename <> 'head' ORDER BY 1",
        )
        .fetch_all(&self.pool)
        .await
        .expect("the query is right");
        let mut dump = Vec::new();
        for table in tables {
            let rows = format!("SELECT string_agg(row::text, E'\\n' ORDER BY row::text) FROM {table} AS row");
            let rows = self.text(&rows).await;
            dump.push((table, rows));
        }
        dump
    }

    /// Opens the mirror of the test chain that begins at block 10.
    pub async fn store(&self) -> Store {
        self.try_store(&deployment()).await.expect("opens")
    }

    /// Opens the mirror of a deployment.
    pub async fn try_store(&self, deployment: &Deployment) -> Result<Store, Error> {
        Store::open(&self.url(), deployment, "Test").await
    }
}

/// A database that mirrors a chain.
pub async fn mirrored(chain: &Chain) -> Database {
    let database = Database::fresh().await;
    database.fill(chain, chain.blocks.len()).await;
    database
}

/// Where the test chain's contracts are.
pub fn deployment() -> Deployment {
    Deployment { genesis: [7; 32].into(), start: crate::chain::START, contracts: CONTRACTS }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // A runtime of its own, for the test's may be the one that is ending.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut connection = admin.connect().await.expect("the server answers");
                run(&mut connection, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        if dropped.join().is_err() {
            eprintln!("database {} is left behind", self.name);
        }
    }
}

async fn run(connection: &mut PgConnection, sql: &str) {
    connection.execute(AssertSqlSafe(sql)).await.expect("the statement is right");
}
