//! The runner: looks for due jobs, begins as many as there is room for, and waits.

use crate::{
    Kind, Slots,
    slots::{Running, RunningJobs},
    work::Work,
};
use domain::{Clock, Duration, Timestamp, job::Priority};
use std::{collections::HashMap, pin::pin, sync::Arc};
use store::{DueJobs, LeasedJob, Store, StoreError};
use tokio::{
    sync::Notify,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until},
};

/// How often to look where the database tells of new jobs: for those that became due, and for those
/// that were queued while the connection was lost.
const LOOK: Duration = Duration::from_secs(1);
/// How often to look where another process may have queued something without being heard.
const POLL: Duration = Duration::from_millis(500);
/// How long to leave a database alone that does not answer.
const REST: Duration = Duration::from_secs(10);
/// Looking behind the jobs of a full destination walks over all of them. After a walk that found
/// nothing there is none for this many times as long as it took.
const WALK_SHARE: u32 = 20;

/// Does the jobs of its kinds, several at once.
pub struct Runner {
    store: Store,
    clock: Arc<dyn Clock>,
    wake: Arc<Notify>,
    kinds: Vec<Kind>,
    slots: Slots,
    tasks: JoinSet<Option<Timestamp>>,
    running: RunningJobs,
    /// The database did not answer: it is asked again then.
    resting_until: Option<Instant>,
    /// When to look behind full destinations again.
    next_walks: HashMap<(usize, Priority), Instant>,
}

impl Runner {
    /// A runner for these kinds; the first ones are looked for first. `wake` is notified after a
    /// commit that queued a job in this process.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        wake: Arc<Notify>,
        kinds: Vec<Kind>,
        slots: Slots,
    ) -> Self {
        Self {
            store,
            clock,
            wake,
            kinds,
            slots,
            tasks: JoinSet::new(),
            running: RunningJobs::default(),
            resting_until: None,
            next_walks: HashMap::new(),
        }
    }

    /// Does jobs until `stop` is done; those that run then are finished. Dropped, it cancels them:
    /// they are done again when their leases end.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let wake = Arc::clone(&self.wake);
        let listening = self.listen();
        let pace = if listening.is_empty() { POLL } else { LOOK };
        loop {
            self.look().await;
            let next = self.next_look(pace);
            tokio::select! {
                () = &mut stop => break,
                Some(ended) = self.tasks.join_next_with_id() => self.end(ended),
                () = wake.notified() => {}
                () = sleep_until(next) => {}
            }
        }
        self.finish().await;
    }

    /// Does everything that is due, and returns when nothing is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn run_due(&mut self) -> Result<(), StoreError> {
        loop {
            self.begin_due().await?;
            if self.tasks.is_empty() {
                return Ok(());
            }
            self.finish().await;
        }
    }

    /// Passes on what the database tells of new jobs; empty where it cannot.
    fn listen(&self) -> JoinSet<()> {
        let mut listening = JoinSet::new();
        if let Some(mut listener) = self.store.job_listener() {
            let wake = Arc::clone(&self.wake);
            listening.spawn(async move {
                loop {
                    listener.heard().await;
                    wake.notify_one();
                }
            });
        }
        listening
    }

    async fn look(&mut self) {
        if self
            .resting_until
            .is_some_and(|until| Instant::now() < until)
        {
            return;
        }
        self.resting_until = None;
        if let Err(error) = self.begin_due().await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "jobs unreachable");
            self.resting_until = Some(Instant::now() + REST);
        }
    }

    fn next_look(&self, pace: Duration) -> Instant {
        if let Some(until) = self.resting_until {
            return until;
        }
        let ticks = self.kinds.iter().filter_map(Kind::next_look);
        let own = Instant::now() + pace;
        ticks.min().map_or(own, |tick| tick.min(own))
    }

    /// Begins as many due jobs as there is room for, those first that somebody waits for.
    async fn begin_due(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut up = Vec::new();
        for (index, kind) in self.kinds.iter_mut().enumerate() {
            let (is_up, is_owed) = (kind.is_up(now), kind.take_owed(now));
            if is_up {
                kind.ensure(&self.store, &*self.clock).await?;
            }
            if is_up || is_owed {
                up.push(index);
            }
        }
        for priority in Priority::ALL {
            for &kind in &up {
                if self.kinds[kind].priorities.contains(&priority) {
                    while self.begin_some(kind, priority).await? {}
                }
            }
        }
        Ok(())
    }

    /// Begins due jobs of one kind and priority; true when others may be due: behind those whose
    /// destination is full now, or behind those that another process was quicker to take.
    async fn begin_some(&mut self, kind: usize, priority: Priority) -> Result<bool, StoreError> {
        let free = self.running.free(self.slots, priority);
        let full = self.running.full(self.slots, priority);
        if free == 0 {
            self.kinds[kind].owe();
            return Ok(false);
        }
        if !full.is_empty() && self.is_walked_enough(kind, priority) {
            return Ok(false);
        }
        let (now, looked) = (self.clock.now(), Instant::now());
        let due = DueJobs {
            kind: self.kinds[kind].name,
            priority,
            now,
            full: &full,
            limit: u32::try_from(free).unwrap_or(u32::MAX),
        };
        let due = self.store.due_jobs(due).await?;
        if due.is_empty() && !full.is_empty() {
            let next = looked + looked.elapsed() * WALK_SHARE;
            self.next_walks.insert((kind, priority), next);
        }
        let room = self.running.with_room(&due, self.slots, priority);
        if room.is_empty() {
            return Ok(false);
        }
        let lease = self.kinds[kind].lease;
        let leased = self.store.lease_jobs(&room, now, lease).await?;
        let is_all = leased.len() == due.len();
        for job in leased {
            let due = room.iter().find(|due| due.id == job.id);
            let running = Running {
                kind,
                priority,
                destination: due.and_then(|due| due.destination.clone()),
            };
            self.begin(running, job);
        }
        Ok(!is_all)
    }

    /// Whether the jobs of full destinations were passed over just now, and nothing was behind them.
    fn is_walked_enough(&self, kind: usize, priority: Priority) -> bool {
        let next = self.next_walks.get(&(kind, priority));
        next.is_some_and(|next| Instant::now() < *next)
    }

    fn begin(&mut self, running: Running, job: LeasedJob) {
        let kind = &self.kinds[running.kind];
        let work = Work {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            handler: Arc::clone(&kind.handler),
            lease: kind.lease,
        };
        let task = self.tasks.spawn(work.run(job));
        self.running.insert(task.id(), running);
    }

    /// Waits for the jobs that run.
    async fn finish(&mut self) {
        while let Some(ended) = self.tasks.join_next_with_id().await {
            self.end(ended);
        }
    }

    /// A job ended: its slot is free. One that panicked is due again when its lease ends.
    fn end(&mut self, ended: Result<(Id, Option<Timestamp>), JoinError>) {
        let (task, paused) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(%error, "a job panicked");
                (error.id(), None)
            }
        };
        if let Some(job) = self.running.remove(task)
            && let Some(until) = paused
        {
            self.kinds[job.kind].pause(until);
        }
    }
}
