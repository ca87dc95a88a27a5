//! `jobs`: everything that is done later, by whichever process comes to it first.
//!
//! A job is queued in the transaction that wants it. A worker looks for jobs that are due, takes
//! them with a lease, and reports what became of each: done (the row goes), to be tried again, or
//! dead (an operator lists and retries those). While a lease runs, the job is due at its end: so one
//! index finds what is due, and the jobs of a worker that died come back by themselves.

use crate::{
    Store, StoreError,
    conn::{all, execute, optional, redacted_debug, statements, store_and_tx, value},
    row::{record, select},
};
use domain::{
    Duration, JobId, Timestamp,
    job::{ATTEMPTS_IN_LANE, Priority},
};

/// The kind of job that sends a mail; its id and its payload are the mail's id.
pub const SEND_MAIL: &str = "send_mail";

/// How many destinations [`Store::due_jobs`] can leave out.
pub const LEFT_OUT: usize = 4;

/// A job to be queued.
#[derive(Clone, PartialEq, Eq)]
pub struct NewJob<'a> {
    /// Its identifier. Jobs of one lane are done in the order of their identifiers.
    pub id: JobId,
    /// What is to be done.
    pub kind: &'a str,
    /// With what; sealed by the caller where it is personal.
    pub payload: &'a [u8],
    /// Whether it goes before others.
    pub priority: Priority,
    /// When it is due.
    pub not_before: Timestamp,
    /// Now.
    pub created_at: Timestamp,
    /// Where there may be only one such job at a time: its name.
    pub unique_key: Option<&'a str>,
    /// Jobs of one lane are done one after the other. Never personal data in clear.
    pub lane: Option<String>,
    /// What only a few jobs may burden at once, for instance the recipient's mail domain.
    pub destination: Option<String>,
}

redacted_debug!(NewJob<'_> { id, kind, priority, not_before });

/// Which due jobs a worker looks for.
#[derive(Debug, Clone, Copy)]
pub struct DueJobs<'a> {
    /// Of this kind,
    pub kind: &'a str,
    /// of this class,
    pub priority: Priority,
    /// due now,
    pub now: Timestamp,
    /// not for these destinations (at most [`LEFT_OUT`]),
    pub full: &'a [String],
    /// and so many.
    pub limit: u32,
}

record! {
    /// A job that is due.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct DueJob from due_job of jobs {
        /// Its identifier.
        pub id: JobId,
        /// What it burdens.
        pub destination: Option<String>,
        /// Since when it is due: its place among the others.
        pub not_before: Timestamp,
    }
}

record! {
    /// A job that a worker has taken.
    #[derive(Clone, PartialEq, Eq)]
    pub struct LeasedJob {
        /// Its identifier.
        pub id: JobId,
        /// What is to be done.
        pub kind: String,
        /// With what.
        pub payload: Vec<u8>,
        /// How often it was begun, this time included.
        pub attempts: u32,
        /// When it was queued.
        pub created_at: Timestamp,
        /// Whether there is only one such job at a time.
        pub is_unique: bool,
        /// Since when it was due.
        pub not_before: Timestamp,
        /// Until when it belongs to this worker; tells this lease from every other of the job.
        pub leased_until: Timestamp,
    }
}

redacted_debug!(LeasedJob { id, kind, attempts });

/// How a job goes back to the queue.
#[derive(Debug, Clone, Copy)]
pub struct PutBack<'a> {
    /// When it is due again.
    pub not_before: Timestamp,
    /// How many attempts count.
    pub attempts: u32,
    /// What went wrong; no personal data.
    pub error: Option<&'a str>,
}

record! {
    /// A job as an operator sees it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ListedJob from listed_job of jobs {
        /// Its identifier.
        pub id: JobId,
        /// What is to be done.
        pub kind: String,
        /// Whether it goes before others.
        pub priority: Priority,
        /// Whether it was given up.
        pub is_dead: bool = [],
        /// When it is due, when its lease ends, or when it was given up.
        pub not_before: Timestamp,
        /// Until when a worker has it.
        pub leased_until: Option<Timestamp>,
        /// How often it was begun.
        pub attempts: u32,
        /// What went wrong the last time.
        pub last_error: Option<String>,
        /// What it burdens.
        pub destination: Option<String>,
    }
}

statements! {
    INSERT_JOB =
        "insert into jobs (id, kind, payload, priority, state, not_before, attempts, created_at,
            unique_key, lane, destination)
        values ($1, $2, $3, $4, 'queued', $5, 0, $6, $7, $8, $9)
        on conflict do nothing";
    /// Behind an earlier job of its lane a job waits, unless that one is of a later class or failed
    /// so often that it holds nobody back any more. An attempt counts from its beginning.
    DUE_JOBS =
        select!(due_job, "from jobs
        where state = 'queued' and kind = $1 and priority = $2 and not_before <= $3
            and (destination is null or destination not in ($4, $5, $6, $7))
            and not exists (
                select 1 from jobs as earlier
                where earlier.state = 'queued' and earlier.lane = jobs.lane
                    and earlier.id < jobs.id and earlier.priority <= jobs.priority
                    and (earlier.attempts < $8
                        or (earlier.attempts = $8 and earlier.leased_until > $3))
            )
        order by not_before, id
        limit $9");
    LEASE_JOB =
        "update jobs set leased_until = $2, not_before = $2, attempts = attempts + 1
        where id = $1 and state = 'queued' and not_before <= $3
        returning id, kind, payload, attempts, created_at, unique_key is not null as is_unique,
            not_before, leased_until";
    HAS_JOB = "select exists (select 1 from jobs where unique_key = $1) as present";
    FINISH_JOB = "delete from jobs where id = $1 and leased_until = $2";
    PUT_JOB_BACK =
        "update jobs set leased_until = null, not_before = $3, attempts = $4, last_error = $5
        where id = $1 and leased_until = $2 and state = 'queued'";
    BURY_JOB =
        "update jobs set leased_until = null, not_before = $3, last_error = $4, state = 'dead',
            unique_key = null
        where id = $1 and leased_until = $2 and state = 'queued'";
    JOBS = select!(listed_job, ", state = 'dead' as is_dead from jobs
        where id > $1 order by id limit $2");
    DEAD_JOBS = select!(listed_job, ", state = 'dead' as is_dead from jobs
        where state = 'dead' and (not_before > $1 or (not_before = $1 and id > $2))
        order by not_before, id limit $3");
    RETRY_JOB =
        "update jobs set state = 'queued', not_before = $2, attempts = 0
        where id = $1 and state = 'dead'
            and (kind <> $3 or exists (select 1 from outbox where outbox.id = jobs.id))";
    /// The mail of a job that was given up is no longer to be sent, so that it is swept like every other.
    FAIL_MAIL =
        "update outbox set state = 'failed', finished_at = $2
        where id = $1 and state = 'queued'";
    /// The mail of a retried job waits again.
    RETRY_MAIL =
        "update outbox set state = 'queued', finished_at = null
        where id = $1 and state = 'failed'";
}

store_and_tx! { writer:
    /// Queues a job; false when there is one of its unique name already.
    fn insert_job(conn, job: &NewJob<'_>) -> bool {
        let inserted = execute!(
            conn,
            INSERT_JOB,
            job.id.as_str(),
            job.kind,
            job.payload,
            job.priority.as_number(),
            job.not_before.as_millis(),
            job.created_at.as_millis(),
            job.unique_key,
            job.lane.as_deref(),
            job.destination.as_deref(),
        )?;
        Ok(inserted == 1)
    }

    /// Removes a job that is done; false when the lease was lost to another worker.
    fn finish_job(conn, job: &LeasedJob) -> bool {
        let until = job.leased_until.as_millis();
        Ok(execute!(conn, FINISH_JOB, job.id.as_str(), until)? == 1)
    }
}

store_and_tx! { reader:
    /// Whether a job of this unique name waits or is done just now.
    fn has_job(conn, unique_key: &str) -> bool {
        let present = value!(conn, HAS_JOB, "present", unique_key)?;
        Ok(present.unwrap_or_default())
    }
}

impl Store {
    /// Jobs that are due and that no earlier job of their lane holds back, in their order.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn due_jobs(&self, which: DueJobs<'_>) -> Result<Vec<DueJob>, StoreError> {
        let full = |index: usize| which.full.get(index).map_or("", String::as_str);
        all!(
            self.reader().await?.conn(),
            DUE_JOBS,
            which.kind,
            which.priority.as_number(),
            which.now.as_millis(),
            full(0),
            full(1),
            full(2),
            full(3),
            i64::from(ATTEMPTS_IN_LANE),
            i64::from(which.limit)
        )
    }

    /// Takes these jobs until `now` plus `lease`; those that another worker took meanwhile are
    /// missing in the answer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn lease_jobs(
        &self,
        due: &[DueJob],
        now: Timestamp,
        lease: Duration,
    ) -> Result<Vec<LeasedJob>, StoreError> {
        let until = now.plus(lease).as_millis();
        // Two workers lock the same rows in the same order.
        let mut due: Vec<&DueJob> = due.iter().collect();
        due.sort_by(|a, b| a.id.cmp(&b.id));
        let mut tx = self.begin().await?;
        let mut leased = Vec::with_capacity(due.len());
        for job in due {
            let (conn, now) = (tx.conn(), now.as_millis());
            let taken: Option<LeasedJob> = optional!(conn, LEASE_JOB, job.id.as_str(), until, now)?;
            leased.extend(taken.map(|taken| LeasedJob {
                not_before: job.not_before,
                ..taken
            }));
        }
        tx.commit().await?;
        leased.sort_by(|a, b| (a.not_before, &a.id).cmp(&(b.not_before, &b.id)));
        Ok(leased)
    }

    /// Puts a job back into the queue; false when the lease was lost to another worker.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn put_job_back(
        &self,
        job: &LeasedJob,
        back: PutBack<'_>,
    ) -> Result<bool, StoreError> {
        let done = execute!(
            self.writer().await?.conn(),
            PUT_JOB_BACK,
            job.id.as_str(),
            job.leased_until.as_millis(),
            back.not_before.as_millis(),
            i64::from(back.attempts),
            back.error
        )?;
        Ok(done == 1)
    }

    /// Gives a job up, and the mail that it sends; false when the lease was lost to another worker.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn bury_job(
        &self,
        job: &LeasedJob,
        reason: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (id, now) = (job.id.as_str(), now.as_millis());
        let mut tx = self.begin().await?;
        let until = job.leased_until.as_millis();
        let done = execute!(tx.conn(), BURY_JOB, id, until, now, reason)? == 1;
        if done {
            execute!(tx.conn(), FAIL_MAIL, id, now)?;
        }
        tx.commit().await?;
        Ok(done)
    }

    /// Every job in the order of its identifier, a part at a time: those after this one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn jobs(
        &self,
        after: Option<&JobId>,
        limit: u32,
    ) -> Result<Vec<ListedJob>, StoreError> {
        let after = after.map_or("", JobId::as_str);
        let mut reader = self.reader().await?;
        all!(reader.conn(), JOBS, after, i64::from(limit))
    }

    /// The jobs that were given up, the longest dead first, a part at a time: those after this one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn dead_jobs(
        &self,
        after: Option<&ListedJob>,
        limit: u32,
    ) -> Result<Vec<ListedJob>, StoreError> {
        let (since, id) = after.map_or((i64::MIN, ""), |job| {
            (job.not_before.as_millis(), job.id.as_str())
        });
        let mut reader = self.reader().await?;
        all!(reader.conn(), DEAD_JOBS, since, id, i64::from(limit))
    }

    /// Queues a job again that was given up, and the mail that it sends; false when there is no such
    /// job, or when its mail was removed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn retry_job(&self, id: &JobId, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let found = execute!(
            tx.conn(),
            RETRY_JOB,
            id.as_str(),
            now.as_millis(),
            SEND_MAIL
        )? == 1;
        if found {
            execute!(tx.conn(), RETRY_MAIL, id.as_str())?;
        }
        tx.commit().await?;
        Ok(found)
    }
}
