use crate::{all_at_once, at, expire, migrated};
use domain::{
    Duration, JobId,
    job::{ATTEMPTS_IN_LANE, Priority},
};
use std::time::Instant;
use store::{DueJobs, Expired, LeasedJob, NewJob, PutBack, Store};

both!(
    jobs_are_leased_in_their_order_and_go_when_they_are_done,
    a_unique_job_is_queued_once,
    workers_at_once_get_each_job_once,
    the_lease_of_a_dead_worker_ends,
    behind_a_postponed_job_its_lane_waits,
    a_job_that_fails_and_fails_holds_nobody_back,
    dead_jobs_are_listed_retried_and_swept,
);

const LEASE: Duration = Duration::from_mins(1);

fn job(id: &str, seconds: i64) -> NewJob<'_> {
    NewJob {
        id: id.to_owned().into(),
        kind: "kind",
        payload: b"payload",
        priority: Priority::Notice,
        not_before: at(seconds),
        created_at: at(0),
        unique_key: None,
        lane: None,
        destination: None,
    }
}

async fn queue(store: &Store, job: NewJob<'_>) {
    assert!(store.insert_job(&job).await.unwrap());
}

async fn queue_in_lane(store: &Store, id: &str) {
    let lane = Some("lane".to_owned());
    queue(store, NewJob { lane, ..job(id, 0) }).await;
}

async fn lease(store: &Store, seconds: i64, limit: u32) -> Vec<LeasedJob> {
    let which = DueJobs {
        kind: "kind",
        priority: Priority::Notice,
        now: at(seconds),
        full: &[],
        limit,
    };
    let due = store.due_jobs(which).await.unwrap();
    store.lease_jobs(&due, at(seconds), LEASE).await.unwrap()
}

fn ids(jobs: &[LeasedJob]) -> Vec<&str> {
    jobs.iter().map(|job| job.id.as_str()).collect()
}

async fn put_back(store: &Store, job: &LeasedJob, seconds: i64) {
    let back = PutBack {
        not_before: at(seconds),
        attempts: job.attempts,
        error: Some("451"),
    };
    assert!(store.put_job_back(job, back).await.unwrap());
}

async fn jobs_are_leased_in_their_order_and_go_when_they_are_done(store: Store) {
    for (id, seconds) in [("c", 3), ("a", 2), ("b", 1), ("d", 90)] {
        queue(&store, job(id, seconds)).await;
    }
    assert!(lease(&store, 0, 9).await.is_empty(), "not before its time");
    let leased = lease(&store, 10, 2).await;
    assert_eq!(ids(&leased), ["b", "a"]);
    let first = &leased[0];
    let told = (first.attempts, first.payload.as_slice(), first.not_before);
    assert_eq!(told, (1, &b"payload"[..], at(1)));
    assert!(!first.is_unique && first.leased_until == at(70));
    let mut tx = store.begin().await.unwrap();
    assert!(tx.finish_job(first).await.unwrap());
    tx.rollback().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.finish_job(first).await.unwrap());
    assert!(!tx.finish_job(first).await.unwrap(), "it is gone");
    tx.commit().await.unwrap();
    put_back(&store, &leased[1], 20).await;
    assert!(
        !store.finish_job(&leased[1]).await.unwrap(),
        "not its lease"
    );
    assert_eq!(ids(&lease(&store, 20, 9).await), ["c", "a"]);
}

async fn a_unique_job_is_queued_once(store: Store) {
    let unique = |id| NewJob {
        unique_key: Some("sweep"),
        ..job(id, 0)
    };
    assert!(!store.has_job("sweep").await.unwrap());
    queue(&store, unique("a")).await;
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.insert_job(&unique("b")).await.unwrap());
    assert!(tx.has_job("sweep").await.unwrap());
    assert!(!tx.has_job("another").await.unwrap());
    tx.commit().await.unwrap();
    let leased = lease(&store, 1, 9).await;
    assert!(leased.len() == 1 && leased[0].is_unique);
    assert!(store.has_job("sweep").await.unwrap(), "it is being done");
    store.finish_job(&leased[0]).await.unwrap();
    assert!(!store.has_job("sweep").await.unwrap());
    queue(&store, unique("c")).await;
}

async fn workers_at_once_get_each_job_once(store: Store) {
    let names: Vec<String> = (1..=40).map(|number| format!("job-{number:02}")).collect();
    for name in &names {
        queue(&store, job(name, 0)).await;
    }
    let told = all_at_once(2, |_| {
        let store = store.clone();
        async move {
            let (mut mine, mut empty) = (Vec::new(), 0);
            // Both may have looked at the same jobs, and one of them got none.
            while empty < 3 {
                let leased = lease(&store, 100, 3).await;
                empty = if leased.is_empty() { empty + 1 } else { 0 };
                mine.extend(leased.into_iter().map(|job| job.id.to_string()));
            }
            mine
        }
    })
    .await;
    let mut all: Vec<String> = told.into_iter().flatten().collect();
    all.sort();
    assert_eq!(all, names);
}

async fn the_lease_of_a_dead_worker_ends(store: Store) {
    queue(&store, job("a", 0)).await;
    let lost = lease(&store, 10, 9).await;
    assert!(lease(&store, 69, 9).await.is_empty());
    let taken = lease(&store, 70, 9).await;
    assert_eq!(taken[0].attempts, 2);
    let back = PutBack {
        not_before: at(0),
        attempts: 0,
        error: None,
    };
    // Should it live after all, it changes nothing any more.
    assert!(!store.put_job_back(&lost[0], back).await.unwrap());
    assert!(!store.bury_job(&lost[0], "late", at(71)).await.unwrap());
    assert!(!store.finish_job(&lost[0]).await.unwrap());
    assert!(store.finish_job(&taken[0]).await.unwrap());
}

async fn behind_a_postponed_job_its_lane_waits(store: Store) {
    for id in ["a", "b", "c"] {
        queue_in_lane(&store, id).await;
    }
    queue(&store, job("d", 0)).await;
    let leased = lease(&store, 1, 9).await;
    assert_eq!(ids(&leased), ["a", "d"]);
    put_back(&store, &leased[0], 30).await;
    assert!(lease(&store, 29, 9).await.is_empty());
    let leased = lease(&store, 30, 9).await;
    assert_eq!(ids(&leased), ["a"]);
    store.finish_job(&leased[0]).await.unwrap();
    let leased = lease(&store, 31, 9).await;
    assert_eq!((leased[0].id.as_str(), leased[0].attempts), ("b", 1));
}

/// Red when a job that cannot be done keeps its lane closed for good.
async fn a_job_that_fails_and_fails_holds_nobody_back(store: Store) {
    queue_in_lane(&store, "a").await;
    queue_in_lane(&store, "b").await;
    for attempt in 1..=ATTEMPTS_IN_LANE {
        let leased = lease(&store, i64::from(attempt), 9).await;
        assert_eq!(ids(&leased), ["a"]);
        put_back(&store, &leased[0], i64::from(attempt) + 1).await;
    }
    assert_eq!(ids(&lease(&store, 99, 9).await), ["b", "a"]);
}

async fn dead_jobs_are_listed_retried_and_swept(store: Store) {
    for id in ["a", "b", "c"] {
        let unique_key = (id == "a").then_some("only");
        queue(
            &store,
            NewJob {
                unique_key,
                ..job(id, 0)
            },
        )
        .await;
    }
    for (number, job) in (1_i64..).zip(lease(&store, 1, 9).await) {
        let dead_at = at(10 * number);
        assert!(store.bury_job(&job, "550", dead_at).await.unwrap());
    }
    assert!(lease(&store, 999, 9).await.is_empty());
    let first = store.dead_jobs(None, 2).await.unwrap();
    assert_eq!((first[0].id.as_str(), first[1].id.as_str()), ("a", "b"));
    assert!(first[0].is_dead && first[0].last_error.as_deref() == Some("550"));
    let rest = store.dead_jobs(Some(&first[1]), 2).await.unwrap();
    assert_eq!((rest.len(), rest[0].id.as_str()), (1, "c"));
    let after = JobId::from("a".to_owned());
    assert_eq!(store.jobs(Some(&after), 9).await.unwrap().len(), 2);

    assert!(store.retry_job(&after, at(50)).await.unwrap());
    assert!(!store.retry_job(&after, at(50)).await.unwrap(), "it waits");
    let again = lease(&store, 50, 9).await;
    assert_eq!((again[0].id.as_str(), again[0].attempts), ("a", 1));
    assert_eq!(expire(&store, Expired::DeadJobs, 20).await, 0);
    assert_eq!(expire(&store, Expired::DeadJobs, 21).await, 1);
    assert_eq!(store.dead_jobs(None, 9).await.unwrap().len(), 1);
}

/// Red when the trigger is missing, or when the listener waits for the next look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_hears_of_a_job_within_100_ms_on_postgres() {
    let url = testkit::postgres::database().await;
    let (here, there) = (migrated(&url).await, migrated(&url).await);
    let mut listener = there.job_listener().unwrap();
    // It is connected when it has been heard once.
    listener.heard().await;
    for id in ["a", "b"] {
        let queued = Instant::now();
        queue(&here, job(id, 0)).await;
        listener.heard().await;
        let took = queued.elapsed();
        assert!(took < Duration::from_millis(100), "{took:?}");
    }
}

#[tokio::test]
async fn on_sqlite_there_is_nothing_to_hear() {
    let store = migrated("sqlite::memory:").await;
    assert!(store.job_listener().is_none());
}
