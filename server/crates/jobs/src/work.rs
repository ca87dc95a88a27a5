//! One job, from its handler to what is written about it.

use crate::{Handler, Outcome};
use domain::{Clock, Duration, Timestamp, job::MOST_ATTEMPTS};
use std::sync::Arc;
use store::{LeasedJob, PutBack, Store, StoreError};
use tokio::time::timeout;

/// What a job needs.
pub(crate) struct Work {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handler: Arc<dyn Handler>,
    pub(crate) lease: Duration,
}

impl Work {
    /// Does one job; says until when its kind is to rest, if it is.
    pub(crate) async fn run(self, job: LeasedJob) -> Option<Timestamp> {
        let outcome = self.outcome(&job).await;
        let written = match self.write(&job, &outcome).await {
            Ok(written) => written,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(job.id = %job.id, job.kind, error, "job done, but not written down");
                return None;
            }
        };
        if !written && outcome != Outcome::Done {
            tracing::warn!(job.id = %job.id, job.kind, "the lease of a job ended before the job");
        }
        match outcome {
            Outcome::Pause(until, _) => Some(until),
            _ => None,
        }
    }

    /// Nothing runs longer than its lease, when another worker may begin it.
    async fn outcome(&self, job: &LeasedJob) -> Outcome {
        if job.attempts > MOST_ATTEMPTS && !job.is_unique {
            tracing::error!(job.id = %job.id, job.kind, job.attempts, "job given up");
            return Outcome::Dead("tried too often".to_owned());
        }
        let ran = timeout(self.lease / 4 * 3, self.handler.run(job)).await;
        let outcome = ran.unwrap_or_else(|_elapsed| {
            tracing::warn!(job.id = %job.id, job.kind, job.attempts, "job timed out");
            Outcome::retry(job, self.clock.now(), "timed out")
        });
        match outcome {
            // The one job of its kind is never given up: nothing would do its work any more.
            Outcome::Dead(reason) if job.is_unique => Outcome::retry(job, self.clock.now(), reason),
            outcome => outcome,
        }
    }

    /// Writes the outcome down; false when the lease was lost.
    async fn write(&self, job: &LeasedJob, outcome: &Outcome) -> Result<bool, StoreError> {
        let back = match outcome {
            Outcome::Done => return self.store.finish_job(job).await,
            Outcome::Dead(reason) => {
                return self.store.bury_job(job, reason, self.clock.now()).await;
            }
            Outcome::Again(at) => PutBack {
                not_before: *at,
                attempts: 0,
                error: None,
            },
            Outcome::RetryAt(at, reason) => PutBack {
                not_before: *at,
                attempts: job.attempts,
                error: Some(reason),
            },
            // Behind those that wait: it may be this job that upsets the server.
            Outcome::Pause(until, reason) => PutBack {
                not_before: *until,
                attempts: job.attempts.saturating_sub(1),
                error: Some(reason),
            },
        };
        self.store.put_job_back(job, back).await
    }
}
