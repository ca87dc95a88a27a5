//! Who goes first, and who waits for whom.

use crate::house::{House, Told};
use domain::{
    Clock as _,
    job::{ATTEMPTS_IN_LANE, Priority},
};
use jobs::Outcome;
use std::time::{Duration, Instant};
use store::{DueJobs, NewJob, PutBack};
use tokio::time::sleep;

both!(
    bulk_and_notices_never_take_every_slot,
    a_slow_destination_delays_nobody_else,
    a_lane_keeps_its_order,
    a_lane_keeps_its_order_until_the_fifth_failure,
    a_lane_waits_for_the_whole_fifth_attempt,
    behind_a_bulk_somebody_who_waits_is_served_at_once,
);

/// Red when nothing is reserved, or when a notice waits behind bulk.
async fn bulk_and_notices_never_take_every_slot(house: House) {
    for number in 0..9 {
        let bulk = house.job(&format!("bulk-{number}"), Priority::Bulk);
        house.queue(bulk).await;
    }
    let handler = Told::shut();
    let runner = house.start(&handler);
    handler.began("bulk-3").await;
    for number in 0..9 {
        let notice = house.job(&format!("notice-{number}"), Priority::Notice);
        house.queue(notice).await;
    }
    handler.began("notice-0").await;
    for number in 0..3 {
        let id = format!("waiting-{number}");
        let queued = Instant::now();
        house.queue(house.job(&id, Priority::Waiting)).await;
        let waited = handler.began(&id).await - queued;
        assert!(waited < Duration::from_millis(400), "{waited:?}");
    }
    sleep(Duration::from_millis(100)).await;
    assert_eq!(handler.begun().len(), 8, "every slot is taken");
    handler.open_gate();
    house.until_empty().await;
    runner.stop().await;
}

/// Red when the cap counts nothing, or when the jobs behind those of a full destination are not seen.
async fn a_slow_destination_delays_nobody_else(house: House) {
    for number in 0..30 {
        let slow = NewJob {
            destination: Some("slow.example".to_owned()),
            ..house.job(&format!("a-{number:02}"), Priority::Bulk)
        };
        house.queue(slow).await;
    }
    for number in 0..5 {
        let quick = NewJob {
            destination: Some(format!("quick{number}.example")),
            ..house.job(&format!("b-{number}"), Priority::Bulk)
        };
        house.queue(quick).await;
    }
    let handler = Told::shut();
    let runner = house.start(&handler);
    handler.began("b-1").await;
    let slow = |ids: Vec<String>| ids.iter().filter(|id| id.starts_with('a')).count();
    assert_eq!(slow(handler.begun()), 2);
    // Who waits for a mail at the slow destination does not wait for its bulk.
    let waiting = NewJob {
        destination: Some("slow.example".to_owned()),
        ..house.job("waiting", Priority::Waiting)
    };
    house.queue(waiting).await;
    handler.began("waiting").await;
    assert_eq!(slow(handler.begun()), 2);
    handler.open_gate();
    house.until_empty().await;
    runner.stop().await;
}

/// Red when an attempt counts as failed from its beginning: two mails to one address were under way at once.
async fn a_lane_waits_for_the_whole_fifth_attempt(house: House) {
    for id in ["1", "2"] {
        let in_lane = NewJob {
            lane: Some("lane".to_owned()),
            ..house.job(id, Priority::Notice)
        };
        house.queue(in_lane).await;
    }
    let now = house.clock.now();
    let due = async || {
        let which = DueJobs {
            kind: crate::house::KIND,
            priority: Priority::Notice,
            now,
            full: &[],
            limit: 9,
        };
        house.store.due_jobs(which).await.unwrap()
    };
    for attempt in 1..=ATTEMPTS_IN_LANE {
        let first = due().await;
        let lease = Duration::from_mins(1);
        let leased = house
            .store
            .lease_jobs(&first[..1], now, lease)
            .await
            .unwrap();
        assert!(due().await.is_empty(), "attempt {attempt} is under way");
        let back = PutBack {
            not_before: now,
            attempts: attempt,
            error: None,
        };
        assert!(house.store.put_job_back(&leased[0], back).await.unwrap());
        let waiting = due().await.len();
        assert_eq!(waiting, if attempt < ATTEMPTS_IN_LANE { 1 } else { 2 });
    }
}

async fn a_lane_keeps_its_order(house: House) {
    let clock = house.clock.clone();
    let handler = Told::answering(1000, move |job| {
        if job.id.as_str() == "2" && job.attempts == 1 {
            Outcome::retry(job, clock.now(), "451")
        } else {
            Outcome::Done
        }
    });
    for number in 1..=4 {
        let in_lane = NewJob {
            lane: Some("lane".to_owned()),
            ..house.job(&number.to_string(), Priority::Notice)
        };
        house.queue(in_lane).await;
    }
    let kind = jobs::Kind::prompt(crate::house::KIND, handler.clone());
    let mut runner = house.runner(vec![kind], jobs::Slots::default());
    runner.run_due().await.unwrap();
    assert_eq!(handler.begun(), ["1", "2"]);
    house.clock.advance_secs(30);
    runner.run_due().await.unwrap();
    assert_eq!(handler.begun(), ["1", "2", "2", "3", "4"]);
    assert!(house.jobs().await.is_empty());
}

/// Red when a lane goes on after the second failure of its first job: mails to one address overtook each other. The five
/// failures are promised in docs/decisions/0014-jobs.md.
async fn a_lane_keeps_its_order_until_the_fifth_failure(house: House) {
    let clock = house.clock.clone();
    let handler = Told::answering(1000, move |job| {
        if job.id.as_str() == "1" {
            Outcome::retry(job, clock.now(), "451")
        } else {
            Outcome::Done
        }
    });
    for id in ["1", "2"] {
        let in_lane = NewJob {
            lane: Some("lane".to_owned()),
            ..house.job(id, Priority::Notice)
        };
        house.queue(in_lane).await;
    }
    let kind = jobs::Kind::prompt(crate::house::KIND, handler.clone());
    let mut runner = house.runner(vec![kind], jobs::Slots::default());
    for (failures, pause) in [(1, 30), (2, 60), (3, 120), (4, 240)] {
        runner.run_due().await.unwrap();
        assert_eq!(handler.begun(), vec!["1"; failures]);
        house.clock.advance_secs(pause);
    }
    runner.run_due().await.unwrap();
    assert_eq!(handler.begun(), ["1", "1", "1", "1", "1", "2"]);
}

/// Red when a job waits for its turn behind bulk that was queued before it.
async fn behind_a_bulk_somebody_who_waits_is_served_at_once(house: House) {
    let mut tx = house.store.begin().await.unwrap();
    for number in 0..500 {
        let bulk = NewJob {
            destination: Some(format!("{}.example", number % 7)),
            ..house.job(&format!("bulk-{number:03}"), Priority::Bulk)
        };
        tx.insert_job(&bulk).await.unwrap();
    }
    tx.commit().await.unwrap();
    let handler = Told::open();
    let runner = house.start(&handler);
    handler.began("bulk-000").await;
    let queued = Instant::now();
    house.queue(house.job("waiting", Priority::Waiting)).await;
    let waited = handler.began("waiting").await - queued;
    assert!(waited < Duration::from_millis(400), "{waited:?}");
    assert!(!house.jobs().await.is_empty(), "the bulk is not done yet");
    house.until_empty().await;
    runner.stop().await;
    assert_eq!(handler.begun().len(), 501, "each once");
}
