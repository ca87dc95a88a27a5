//! Hearing of new jobs that another process queued.
//!
//! PostgreSQL tells it (`LISTEN`, the trigger `jobs_notify`). SQLite cannot: there a worker looks
//! every half second.

use crate::{Store, connect::Pools};
use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use std::time::Duration;
use tokio::time::sleep;

/// The channel that the trigger of migration 0010 notifies.
const CHANNEL: &str = "jobs";
/// How long to wait before a lost connection is opened again.
const RECONNECT: Duration = Duration::from_secs(1);

/// Hears of jobs that were queued by any process.
#[derive(Debug)]
pub struct JobListener {
    /// A connection of its own, so that no request waits for it.
    pool: PgPool,
    listener: Option<PgListener>,
}

impl Store {
    /// A listener for new jobs; none on SQLite.
    pub fn job_listener(&self) -> Option<JobListener> {
        let Pools::Postgres(pool) = &self.pools else {
            return None;
        };
        let options = pool.connect_options().as_ref().clone();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options);
        Some(JobListener {
            pool,
            listener: None,
        })
    }
}

impl JobListener {
    /// Waits until jobs were queued, or may have been while there was no connection.
    pub async fn heard(&mut self) {
        loop {
            if let Some(listener) = &mut self.listener {
                if listener.recv().await.is_ok() {
                    return;
                }
                self.listener = None;
            } else if let Ok(listener) = self.connect().await {
                self.listener = Some(listener);
                return;
            } else {
                sleep(RECONNECT).await;
            }
        }
    }

    async fn connect(&self) -> Result<PgListener, sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(listener)
    }
}
