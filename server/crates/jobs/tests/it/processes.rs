//! Several processes on one database, and when a runner looks.

use crate::house::{House, KIND, Told};
use domain::{Clock as _, Duration, job::Priority};
use jobs::{Kind, Outcome};
use std::time::Instant;
use store::NewJob;
use tokio::time::sleep;

both!(
    the_jobs_of_a_killed_worker_come_back,
    a_recurring_job_is_done_by_one_process,
    on_a_tick_nothing_is_begun_because_it_was_queued,
    a_tick_without_a_free_slot_is_made_up_for,
);

async fn the_jobs_of_a_killed_worker_come_back(house: House) {
    let (killed, other) = (Told::shut(), Told::open());
    house.queue(house.job("job", Priority::Notice)).await;
    let runner = house.start(&killed);
    killed.began("job").await;
    runner.task.abort();
    let there = house.another().await;
    let kind = Kind::prompt(KIND, other.clone());
    let mut runner = there.runner(vec![kind], jobs::Slots::default());
    house.clock.advance_secs(59);
    runner.run_due().await.unwrap();
    assert!(other.begun().is_empty(), "the lease still runs");
    house.clock.advance_secs(1);
    runner.run_due().await.unwrap();
    assert_eq!(other.begun(), ["job"]);
    assert!(house.jobs().await.is_empty());
}

async fn a_recurring_job_is_done_by_one_process(house: House) {
    let clock = house.clock.clone();
    let hour = Duration::from_hours(1);
    let handler = Told::answering(1000, move |_| Outcome::Again(clock.now().plus(hour)));
    let kind = || Kind::recurring("often", Duration::from_millis(50), handler.clone());
    let there = house.another().await;
    let runners = [
        house.start_kinds(vec![kind()]),
        there.start_kinds(vec![kind()]),
    ];
    handler.began("often").await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(handler.begun(), ["often"]);
    house.clock.advance(hour);
    sleep(Duration::from_millis(400)).await;
    assert_eq!(handler.begun(), ["often", "often"]);
    for runner in runners {
        runner.stop().await;
    }
    assert_eq!(house.jobs().await.len(), 1);
}

async fn queue_for_a_tick(house: &House, id: &str) {
    let ticked = NewJob {
        kind: "ticked",
        ..house.job(id, Priority::Waiting)
    };
    house.queue(ticked).await;
}

/// Red when the bell makes a runner look: then the time of a mail would tell of the request.
async fn on_a_tick_nothing_is_begun_because_it_was_queued(house: House) {
    let tick = Duration::from_millis(600);
    let (prompt, ticked) = (Told::open(), Told::open());
    let started = Instant::now();
    let runner = house.start_kinds(vec![
        Kind::on_tick("ticked", tick, ticked.clone()),
        Kind::prompt(KIND, prompt.clone()),
    ]);
    // The first tick is the start; it has passed when a job was begun.
    house.queue(house.job("first", Priority::Waiting)).await;
    prompt.began("first").await;
    queue_for_a_tick(&house, "slow").await;
    house.queue(house.job("prompt", Priority::Waiting)).await;
    prompt.began("prompt").await;
    let waited = ticked.began("slow").await - started;
    assert!(waited + Duration::from_millis(50) >= tick, "{waited:?}");
    runner.stop().await;
}

/// Red when a tick that met no free slot is spent: behind a long queue of mails, no reset was answered.
async fn a_tick_without_a_free_slot_is_made_up_for(house: House) {
    let tick = Duration::from_secs(2);
    let (prompt, ticked) = (Told::shut(), Told::open());
    let kinds = vec![
        Kind::on_tick("ticked", tick, ticked.clone()),
        Kind::prompt(KIND, prompt.clone()),
    ];
    let one = jobs::Slots {
        all: 1,
        notices: 1,
        bulk: 1,
        per_destination: 1,
    };
    let runner = tokio::spawn(house.runner(kinds, one).run(std::future::pending()));
    house.queue(house.job("first", Priority::Waiting)).await;
    prompt.began("first").await;
    queue_for_a_tick(&house, "slow").await;
    house.queue(house.job("second", Priority::Waiting)).await;
    sleep(tick + Duration::from_millis(300)).await;
    assert!(ticked.begun().is_empty(), "there is no slot");
    let freed = Instant::now();
    prompt.open_gate();
    let waited = ticked.began("slow").await - freed;
    assert!(waited < Duration::from_secs(1), "{waited:?}");
    runner.abort();
}

/// How long another process takes to begin a job that is queued here.
async fn heard_after(house: House) -> Duration {
    let there = house.another().await;
    let handler = Told::open();
    let runner = there.start(&handler);
    house.queue(house.job("first", Priority::Waiting)).await;
    handler.began("first").await;
    sleep(Duration::from_millis(100)).await;
    let queued = Instant::now();
    // Only the bell of this process is rung.
    house.queue(house.job("second", Priority::Waiting)).await;
    let heard = handler.began("second").await - queued;
    runner.stop().await;
    heard
}

/// Red when only the next look finds what another process queued.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_another_process_begins_within_100_ms() {
    let heard = heard_after(House::postgres().await).await;
    assert!(heard < Duration::from_millis(100), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_another_process_begins_within_half_a_second() {
    let heard = heard_after(House::sqlite().await).await;
    assert!(heard < Duration::from_millis(700), "{heard:?}");
}
