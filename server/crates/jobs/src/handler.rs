//! What does the work.

use async_trait::async_trait;
use domain::{Timestamp, job};
use store::LeasedJob;

/// What became of a job. Reasons are shown to operators: they hold no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, and its row goes.
    Done,
    /// A recurring job is done, and due again then.
    Again(Timestamp),
    /// It failed, and is due again then.
    RetryAt(Timestamp, String),
    /// What all jobs of this kind need is out of order. This one is not to blame: it keeps its place
    /// and its count of attempts, and no job of its kind is begun in this process before then.
    Pause(Timestamp, String),
    /// It can never be done: an operator may look at it and retry it.
    Dead(String),
}

impl Outcome {
    /// A failure that is tried again after the usual pause for so many attempts.
    pub fn retry(job: &LeasedJob, now: Timestamp, reason: impl Into<String>) -> Self {
        Self::RetryAt(now.plus(job::pause(job.attempts)), reason.into())
    }
}

/// Does the jobs of one kind.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Does one job, and logs why it failed. It may be cancelled at any await when its time is up or
    /// the program stops; the job is done again later.
    async fn run(&self, job: &LeasedJob) -> Outcome;
}
