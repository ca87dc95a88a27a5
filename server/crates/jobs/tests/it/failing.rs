//! What becomes of a job that is not done.

use crate::house::{House, KIND, Told};
use domain::{Clock as _, Duration, job::Priority};
use jobs::{Kind, Outcome, Slots};
use store::{NewJob, SEND_MAIL};
use tokio::time::sleep;

both!(
    a_job_is_tried_again_after_ever_longer_pauses,
    a_dead_job_is_kept_and_can_be_retried,
    a_dead_job_without_its_mail_is_not_retried,
    trouble_that_is_no_jobs_fault_costs_no_attempt,
    a_recurring_job_is_never_given_up,
    nothing_runs_longer_than_its_lease,
    a_job_that_panics_comes_back,
    running_jobs_are_finished_before_the_stop,
);

async fn a_job_is_tried_again_after_ever_longer_pauses(house: House) {
    let clock = house.clock.clone();
    let handler = Told::answering(1000, move |job| Outcome::retry(job, clock.now(), "451"));
    house.queue(house.job("job", Priority::Notice)).await;
    let mut runner = house.runner(vec![Kind::prompt(KIND, handler.clone())], Slots::default());
    for (seconds, begun) in [(0, 1), (29, 1), (1, 2), (59, 2), (1, 3)] {
        house.clock.advance_secs(seconds);
        runner.run_due().await.unwrap();
        assert_eq!(handler.begun().len(), begun, "after {seconds} s");
    }
    let job = &house.jobs().await[0];
    assert_eq!((job.attempts, job.last_error.as_deref()), (3, Some("451")));
}

async fn a_dead_job_is_kept_and_can_be_retried(house: House) {
    let handler = Told::answering(1000, |_| Outcome::Dead("550".to_owned()));
    house.queue(house.job("job", Priority::Notice)).await;
    let mut runner = house.runner(vec![Kind::prompt(KIND, handler.clone())], Slots::default());
    runner.run_due().await.unwrap();
    house.clock.advance_secs(100_000);
    runner.run_due().await.unwrap();
    assert_eq!(handler.begun().len(), 1);
    let dead = house.store.dead_jobs(None, 9).await.unwrap();
    assert_eq!(dead[0].last_error.as_deref(), Some("550"));
    let now = house.clock.now();
    assert!(house.store.retry_job(&dead[0].id, now).await.unwrap());
    runner.run_due().await.unwrap();
    assert_eq!(handler.begun().len(), 2);
}

/// Red when a job is queued again whose mail was swept: it would be done without sending anything.
async fn a_dead_job_without_its_mail_is_not_retried(house: House) {
    let handler = Told::answering(1000, |_| Outcome::Dead("550".to_owned()));
    let mail = NewJob {
        kind: SEND_MAIL,
        ..house.job("mail", Priority::Notice)
    };
    house.queue(mail).await;
    let mut runner = house.runner(vec![Kind::prompt(SEND_MAIL, handler)], Slots::default());
    runner.run_due().await.unwrap();
    let job = &house.jobs().await[0];
    assert!(job.is_dead);
    assert!(
        !house
            .store
            .retry_job(&job.id, house.clock.now())
            .await
            .unwrap()
    );
    assert!(house.jobs().await[0].is_dead);
}

/// Red when a server that is down is asked with every job, or always with the same one, which may be what upsets it.
async fn trouble_that_is_no_jobs_fault_costs_no_attempt(house: House) {
    let clock = house.clock.clone();
    let broken = house.clock.now().plus(Duration::from_mins(3));
    let handler = Told::answering(1000, move |_| {
        if clock.now() < broken {
            Outcome::Pause(clock.now().plus(Duration::from_mins(1)), "down".to_owned())
        } else {
            Outcome::Done
        }
    });
    let one = Slots {
        all: 1,
        ..Slots::default()
    };
    for id in ["a", "b", "c"] {
        house.queue(house.job(id, Priority::Notice)).await;
    }
    let mut runner = house.runner(vec![Kind::prompt(KIND, handler.clone())], one);
    for _ in 0..3 {
        runner.run_due().await.unwrap();
        house.clock.advance_secs(59);
        runner.run_due().await.unwrap();
        house.clock.advance_secs(1);
    }
    assert_eq!(handler.begun(), ["a", "b", "c"]);
    assert!(house.jobs().await.iter().all(|job| job.attempts == 0));
    runner.run_due().await.unwrap();
    assert_eq!(handler.begun()[3..], ["a", "b", "c"]);
}

/// Red when the one job of a kind can be given up: its work would never be done again.
async fn a_recurring_job_is_never_given_up(house: House) {
    let handler = Told::answering(1000, |_| Outcome::Dead("broken".to_owned()));
    let kind = Kind::recurring("often", Duration::from_millis(1), handler.clone());
    let mut runner = house.runner(vec![kind], Slots::default());
    runner.run_due().await.unwrap();
    let job = &house.jobs().await[0];
    assert_eq!(
        (job.is_dead, job.last_error.as_deref()),
        (false, Some("broken"))
    );
}

async fn nothing_runs_longer_than_its_lease(house: House) {
    let handler = Told::shut();
    house.queue(house.job("job", Priority::Notice)).await;
    let kind = Kind::prompt(KIND, handler.clone()).with_lease(Duration::from_millis(200));
    let mut runner = house.runner(vec![kind], Slots::default());
    runner.run_due().await.unwrap();
    let job = &house.jobs().await[0];
    assert_eq!(job.last_error.as_deref(), Some("timed out"));
    assert_eq!(job.leased_until, None);
}

async fn a_job_that_panics_comes_back(house: House) {
    let handler = Told::answering(1000, |job| {
        assert!(job.attempts > 1, "this panic belongs to the test");
        Outcome::Done
    });
    house.queue(house.job("job", Priority::Notice)).await;
    let mut runner = house.runner(vec![Kind::prompt(KIND, handler.clone())], Slots::default());
    runner.run_due().await.unwrap();
    assert_eq!(house.jobs().await.len(), 1);
    house.clock.advance_secs(60);
    runner.run_due().await.unwrap();
    assert!(house.jobs().await.is_empty());
}

async fn running_jobs_are_finished_before_the_stop(house: House) {
    let handler = Told::shut();
    for number in 0..7 {
        let job = house.job(&number.to_string(), Priority::Notice);
        house.queue(job).await;
    }
    let runner = house.start(&handler);
    handler.began("4").await;
    let stopping = tokio::spawn(runner.stop());
    sleep(Duration::from_millis(50)).await;
    assert!(!stopping.is_finished());
    handler.open_gate();
    stopping.await.unwrap();
    assert_eq!(house.jobs().await.len(), 2, "nothing new is begun");
}
