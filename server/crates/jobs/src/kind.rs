//! The kinds of jobs that a runner does, and when it looks for them.

use crate::Handler;
use domain::{Clock, Duration, Timestamp, job::Priority};
use std::sync::Arc;
use store::{NewJob, Store, StoreError};
use tokio::time::Instant;

/// How long a job belongs to its worker, unless its kind says otherwise.
const LEASE: Duration = Duration::from_mins(1);

/// One kind of job.
pub struct Kind {
    pub(crate) name: &'static str,
    pub(crate) priorities: &'static [Priority],
    pub(crate) lease: Duration,
    pub(crate) handler: Arc<dyn Handler>,
    look: Look,
    /// Not looked for before this moment.
    next_look: Option<Instant>,
    /// Out of order until then.
    paused_until: Option<Timestamp>,
    /// Its tick came while no slot was free.
    is_owed: bool,
}

/// When a runner looks for the jobs of a kind.
#[derive(Debug, Clone, Copy)]
enum Look {
    /// Whenever it wakes up.
    Always,
    /// At a steady pace.
    Every(Duration),
    /// At a steady pace, for the one job of this kind, which is queued by itself.
    Recurring(Duration),
}

impl Kind {
    /// Jobs that are begun as soon as they are queued.
    pub fn prompt(name: &'static str, handler: Arc<dyn Handler>) -> Self {
        Self::new(name, &Priority::ALL, Look::Always, handler)
    }

    /// Jobs that somebody waits for and that are looked for at a steady pace only: when one is begun
    /// tells nothing about the request that queued it.
    pub fn on_tick(name: &'static str, every: Duration, handler: Arc<dyn Handler>) -> Self {
        Self::new(name, &[Priority::Waiting], Look::Every(every), handler)
    }

    /// One job for all processes, again and again. Its handler says when it is due again; each
    /// process looks at this pace.
    pub fn recurring(name: &'static str, every: Duration, handler: Arc<dyn Handler>) -> Self {
        Self::new(name, &[Priority::Notice], Look::Recurring(every), handler)
    }

    /// The same kind with another lease. A handler gets three quarters of it.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    fn new(
        name: &'static str,
        priorities: &'static [Priority],
        look: Look,
        handler: Arc<dyn Handler>,
    ) -> Self {
        Self {
            name,
            priorities,
            lease: LEASE,
            handler,
            look,
            next_look: None,
            paused_until: None,
            is_owed: false,
        }
    }

    /// Begins no job of this kind before then.
    pub(crate) fn pause(&mut self, until: Timestamp) {
        self.paused_until = self.paused_until.max(Some(until));
    }

    /// Whether it is time to look for jobs; plans the next time.
    pub(crate) fn is_up(&mut self, now: Timestamp) -> bool {
        let is_time = match self.look {
            Look::Always => true,
            Look::Every(every) | Look::Recurring(every) => self.tick(every),
        };
        is_time && !self.is_paused(now)
    }

    /// No slot was free: the look is made up for as soon as one is, before the kinds behind this one.
    pub(crate) fn owe(&mut self) {
        self.is_owed = true;
    }

    /// Whether a look is to be made up for; from now on it counts as made.
    pub(crate) fn take_owed(&mut self, now: Timestamp) -> bool {
        std::mem::take(&mut self.is_owed) && !self.is_paused(now)
    }

    fn is_paused(&self, now: Timestamp) -> bool {
        self.paused_until.is_some_and(|until| until > now)
    }

    /// Whether a tick has come. Missed ticks are left out; the pace stays.
    fn tick(&mut self, every: Duration) -> bool {
        let now = Instant::now();
        let planned = self.next_look.unwrap_or(now);
        if now < planned {
            return false;
        }
        let next = planned + every;
        self.next_look = Some(if next > now { next } else { now + every });
        true
    }

    /// Sees to it that the one job of a recurring kind is queued.
    pub(crate) async fn ensure(&self, store: &Store, clock: &dyn Clock) -> Result<(), StoreError> {
        let Look::Recurring(_) = self.look else {
            return Ok(());
        };
        let now = clock.now();
        let job = NewJob {
            id: self.name.to_owned().into(),
            kind: self.name,
            payload: &[],
            priority: Priority::Notice,
            not_before: now,
            created_at: now,
            unique_key: Some(self.name),
            lane: None,
            destination: None,
        };
        store.insert_job(&job).await.map(drop)
    }

    /// When to look again; none when the next waking is soon enough.
    pub(crate) fn next_look(&self) -> Option<Instant> {
        self.next_look
    }
}
