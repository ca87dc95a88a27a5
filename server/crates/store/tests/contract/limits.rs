use crate::{all_at_once, at, database::Folder, expire, migrated};
use domain::{Duration, Timestamp, limit::Limit};
use proptest::prelude::*;
use store::{Expired, Store};
use tokio::runtime::Runtime;

const LIMIT: Limit = Limit::new(5, 180);

both!(
    of_two_hundred_at_once_exactly_the_burst_passes,
    a_try_is_given_back_but_a_bucket_never_overflows,
    limits_are_reset_and_swept,
    a_bucket_without_tries_is_always_empty,
);

async fn takes(store: &Store, key: &str, seconds: i64) -> Result<(), Duration> {
    store.take(key, LIMIT, at(seconds)).await.unwrap()
}

async fn of_two_hundred_at_once_exactly_the_burst_passes(store: Store) {
    for (now, expected) in [(0, 5), (359, 1), (100_000, 5)] {
        let results = all_at_once(200, |_| {
            let store = store.clone();
            async move { takes(&store, "code:ada", now).await.is_ok() }
        })
        .await;
        assert_eq!(crate::winners(&results), expected, "{now} s");
    }
}

async fn a_try_is_given_back_but_a_bucket_never_overflows(store: Store) {
    for _ in 0..5 {
        takes(&store, "a", 0).await.unwrap();
    }
    store.give_back("a", LIMIT, at(0)).await.unwrap();
    assert_eq!(takes(&store, "a", 0).await, Ok(()));
    assert!(takes(&store, "a", 0).await.is_err());
    for _ in 0..20 {
        store.give_back("a", LIMIT, at(10)).await.unwrap();
    }
    store.give_back("unknown", LIMIT, at(10)).await.unwrap();
    for _ in 0..5 {
        assert_eq!(takes(&store, "a", 10).await, Ok(()));
    }
    assert!(takes(&store, "a", 10).await.is_err());
}

async fn limits_are_reset_and_swept(store: Store) {
    for key in ["a", "b", "c"] {
        for _ in 0..5 {
            takes(&store, key, 0).await.unwrap();
        }
    }
    store.reset_limit("a").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.reset_limit("b").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(expire(&store, Expired::Limits, 899).await, 0);
    assert!(takes(&store, "a", 0).await.is_ok() && takes(&store, "b", 0).await.is_ok());
    assert!(takes(&store, "c", 0).await.is_err());
    assert_eq!(expire(&store, Expired::Limits, 900).await, 3);
}

async fn a_bucket_without_tries_is_always_empty(store: Store) {
    let none = Limit::new(0, 60);
    let results = store.take("a", none, at(0)).await.unwrap();
    assert_eq!(results, Err(Duration::from_mins(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_limits_of_one_file() {
    let folder = Folder::new("limits");
    let stores = [
        migrated(&folder.url("a.db")).await,
        migrated(&folder.url("a.db")).await,
    ];
    let results = all_at_once(100, |number| {
        let store = stores[number % 2].clone();
        async move { takes(&store, "a", 0).await.is_ok() }
    })
    .await;
    assert_eq!(crate::winners(&results), 5);
}

/// The rule in SQL is the rule of the domain, step by step, clocks that go back included.
fn the_same_as_the_domain(store: &Store, runtime: &Runtime) {
    let config = ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let steps = prop::collection::vec((-5_i64..200, any::<bool>()), 1..40);
    proptest!(config, |(burst in 0_u32..6, period in 1_u64..90, steps in steps)| {
        let (key, limit) = ("a", Limit::new(burst, period));
        runtime.block_on(store.reset_limit(key)).unwrap();
        let (mut now, mut tat): (Timestamp, Option<Timestamp>) = (at(0), None);
        for (wait, give_back) in steps {
            now = Timestamp::from_millis(now.as_millis() + wait * 1000);
            let expected = limit.take(tat, now);
            tat = expected.ok().or(tat);
            let results = runtime.block_on(store.take(key, limit, now)).unwrap();
            prop_assert_eq!(results, expected.map(drop));
            if give_back {
                runtime.block_on(store.give_back(key, limit, now)).unwrap();
                tat = tat.map(|tat| if tat > now { tat.minus(limit.period) } else { tat });
            }
        }
    });
}

#[test]
fn sqlite_counts_as_the_domain_does() {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(crate::sqlite());
    the_same_as_the_domain(&store, &runtime);
}

#[test]
fn postgres_counts_as_the_domain_does() {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(crate::postgres());
    the_same_as_the_domain(&store, &runtime);
}
