//! What a runner needs: a database, a clock that stands still, and handlers that do as they are told.

use async_trait::async_trait;
use domain::{Clock as _, job::Priority};
use jobs::{Handler, Kind, LeasedJob, Outcome, Runner, Slots};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use store::{ListedJob, NewJob, Store};
use testkit::FixedClock;
use tokio::{
    sync::{Notify, Semaphore, oneshot},
    task::JoinHandle,
    time::{sleep, timeout},
};

/// The kind of every job of these tests that is no other.
pub const KIND: &str = "kind";
/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A database and a clock.
pub struct House {
    pub store: Store,
    pub clock: FixedClock,
    pub wake: Arc<Notify>,
    url: String,
}

impl House {
    pub async fn sqlite() -> Self {
        Self::open("sqlite::memory:".to_owned()).await
    }

    pub async fn postgres() -> Self {
        Self::open(testkit::postgres::database().await).await
    }

    async fn open(url: String) -> Self {
        let store = Store::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        Self {
            store,
            clock: FixedClock::default(),
            wake: Arc::default(),
            url,
        }
    }

    /// The same house as another process has it. On SQLite both share the file.
    pub async fn another(&self) -> Self {
        let store = if self.url.starts_with("sqlite") {
            self.store.clone()
        } else {
            Store::connect(&self.url).await.unwrap()
        };
        Self {
            store,
            clock: self.clock.clone(),
            wake: Arc::default(),
            url: self.url.clone(),
        }
    }

    pub fn runner(&self, kinds: Vec<Kind>, slots: Slots) -> Runner {
        let clock = Arc::new(self.clock.clone());
        let wake = Arc::clone(&self.wake);
        Runner::new(self.store.clone(), clock, wake, kinds, slots)
    }

    /// Starts a runner of one kind with the usual slots.
    pub fn start(&self, handler: &Arc<Told>) -> Started {
        let handler = Arc::<Told>::clone(handler);
        self.start_kinds(vec![Kind::prompt(KIND, handler)])
    }

    pub fn start_kinds(&self, kinds: Vec<Kind>) -> Started {
        let runner = self.runner(kinds, Slots::default());
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(runner.run(async { drop(stopped.await) }));
        Started { stop, task }
    }

    pub fn job<'a>(&self, id: &str, priority: Priority) -> NewJob<'a> {
        NewJob {
            id: id.to_owned().into(),
            kind: KIND,
            payload: &[],
            priority,
            not_before: self.clock.now(),
            created_at: self.clock.now(),
            unique_key: None,
            lane: None,
            destination: None,
        }
    }

    /// Queues a job and rings for it.
    pub async fn queue(&self, job: NewJob<'_>) {
        assert!(self.store.insert_job(&job).await.unwrap());
        self.wake.notify_one();
    }

    pub async fn jobs(&self) -> Vec<ListedJob> {
        self.store.jobs(None, 1000).await.unwrap()
    }

    /// Waits until no job is left.
    pub async fn until_empty(&self) {
        timeout(PATIENCE, async {
            while !self.jobs().await.is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .unwrap();
    }
}

/// A runner that runs.
pub struct Started {
    stop: oneshot::Sender<()>,
    pub task: JoinHandle<()>,
}

impl Started {
    /// Stops it, and waits for the jobs that it has begun.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}

type Answer = Box<dyn Fn(&LeasedJob) -> Outcome + Send + Sync>;

/// A handler that notes what it begins, waits at a gate, and answers as it is told.
pub struct Told {
    begun: Mutex<Vec<(String, Instant)>>,
    gate: Semaphore,
    answer: Answer,
}

impl Told {
    /// Does every job at once.
    pub fn open() -> Arc<Self> {
        let told = Self::shut();
        told.open_gate();
        told
    }

    /// Holds every job at the gate.
    pub fn shut() -> Arc<Self> {
        Self::answering(0, |_| Outcome::Done)
    }

    /// Lets this many jobs through, and answers for them.
    pub fn answering(
        through: usize,
        answer: impl Fn(&LeasedJob) -> Outcome + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            begun: Mutex::default(),
            gate: Semaphore::new(through),
            answer: Box::new(answer),
        })
    }

    /// Lets everything through.
    pub fn open_gate(&self) {
        self.gate.add_permits(1_000_000);
    }

    /// The jobs that were begun, in their order.
    pub fn begun(&self) -> Vec<String> {
        let begun = self.begun.lock().unwrap();
        begun.iter().map(|(id, _)| id.clone()).collect()
    }

    /// When a job was begun; waits for it.
    pub async fn began(&self, id: &str) -> Instant {
        let find = || {
            let begun = self.begun.lock().unwrap();
            let found = begun.iter().find(|(begun, _)| begun == id);
            found.map(|(_, at)| *at)
        };
        timeout(PATIENCE, async {
            loop {
                if let Some(at) = find() {
                    return at;
                }
                sleep(Duration::from_millis(1)).await;
            }
        })
        .await
        .unwrap()
    }
}

#[async_trait]
impl Handler for Told {
    async fn run(&self, job: &LeasedJob) -> Outcome {
        let begun = (job.id.to_string(), Instant::now());
        self.begun.lock().unwrap().push(begun);
        self.gate.acquire().await.unwrap().forget();
        (self.answer)(job)
    }
}
