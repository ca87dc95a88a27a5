use crate::{all_at_once, at, database::Folder, expire, hash, manager, migrated};
use domain::{
    DeviceId, Duration, Timestamp,
    guess::{Count, PASSWORDS, Refused, Schedule},
    limit::Limit,
};
use proptest::prelude::*;
use store::{Device, Expired, Store};
use tokio::runtime::Runtime;

both!(
    of_two_hundred_at_once_exactly_ten_pass,
    a_try_is_taken_back,
    a_number_is_told_once,
    guesses_are_forgotten,
    guesses_of_devices_are_forgotten,
    old_guesses_are_swept,
);

async fn guess(store: &Store, key: &str, seconds: i64) -> Result<(), Refused> {
    let results = store
        .register_attempt(key, &PASSWORDS, at(seconds))
        .await
        .unwrap();
    results.map(drop)
}

const fn minutes(minutes: u64) -> Result<(), Refused> {
    Err(Refused::Wait(Duration::from_mins(minutes)))
}

async fn of_two_hundred_at_once_exactly_ten_pass(store: Store) {
    for (now, expected) in [(0, 10), (59, 0), (60, 1), (119, 0), (100_000, 1)] {
        let results = all_at_once(200, |_| {
            let store = store.clone();
            async move { guess(&store, "ada", now).await.is_ok() }
        })
        .await;
        assert_eq!(crate::winners(&results), expected, "{now} s");
    }
}

async fn a_try_is_taken_back(store: Store) {
    for _ in 0..10 {
        guess(&store, "ada", 0).await.unwrap();
    }
    assert_eq!(guess(&store, "ada", 0).await, minutes(1));
    store.withdraw_attempt("ada").await.unwrap();
    assert_eq!(guess(&store, "ada", 0).await, Ok(()));
    assert_eq!(guess(&store, "ada", 0).await, minutes(1));
    // One that had waited for its turn gets it at once.
    assert_eq!(guess(&store, "ada", 60).await, Ok(()));
    let mut tx = store.begin().await.unwrap();
    tx.withdraw_attempt("ada").await.unwrap();
    assert!(
        tx.register_attempt("ada", &PASSWORDS, at(61))
            .await
            .unwrap()
            .is_ok()
    );
    tx.commit().await.unwrap();
    for _ in 0..20 {
        store.withdraw_attempt("bea").await.unwrap();
    }
    assert_eq!(guess(&store, "bea", 0).await, Ok(()));
    for _ in 0..20 {
        store.withdraw_attempt("bea").await.unwrap();
    }
    let results = all_at_once(20, |_| {
        let store = store.clone();
        async move { guess(&store, "bea", 0).await.is_ok() }
    })
    .await;
    assert_eq!(
        crate::winners(&results),
        10,
        "a count is never below nothing"
    );
}

/// Red when two may tell of one number, or of a count that was taken away.
async fn a_number_is_told_once(store: Store) {
    assert!(
        !store.mark_attempts_notified("ada", 5).await.unwrap(),
        "no count"
    );
    for _ in 0..6 {
        guess(&store, "ada", 0).await.unwrap();
    }
    for wrong in [5, 10] {
        let results = all_at_once(50, |_| {
            let store = store.clone();
            async move { store.mark_attempts_notified("ada", wrong).await.unwrap() }
        })
        .await;
        assert_eq!(crate::winners(&results), 1, "{wrong}");
    }
    assert!(
        !store.mark_attempts_notified("ada", 5).await.unwrap(),
        "told before"
    );
    store.clear_attempts("ada").await.unwrap();
    assert!(!store.mark_attempts_notified("ada", 20).await.unwrap());
    guess(&store, "ada", 0).await.unwrap();
    assert!(
        store.mark_attempts_notified("ada", 5).await.unwrap(),
        "a new row of tries"
    );
}

async fn guesses_are_forgotten(store: Store) {
    for key in ["ada", "bea"] {
        for _ in 0..10 {
            guess(&store, key, 0).await.unwrap();
        }
    }
    let mut tx = store.begin().await.unwrap();
    tx.clear_attempts("ada").await.unwrap();
    tx.commit().await.unwrap();
    store.clear_attempts("nobody").await.unwrap();
    assert_eq!(guess(&store, "ada", 0).await, Ok(()));
    assert_eq!(guess(&store, "bea", 0).await, minutes(1));
}

async fn guesses_of_devices_are_forgotten(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let mut tx = store.begin().await.unwrap();
    for (number, account) in [(1, &ada), (2, &ada), (3, &bea)] {
        let device = Device {
            id: DeviceId::from(number.to_string()),
            account_id: account.clone(),
            created_at: at(0),
            last_seen_at: at(0),
            remembered_until: None,
            network: String::new(),
            user_agent: String::new(),
        };
        tx.insert_device(&device, &hash(number)).await.unwrap();
    }
    tx.commit().await.unwrap();
    for key in ["device:1", "device:2", "device:3", "other:1"] {
        for _ in 0..10 {
            guess(&store, key, 0).await.unwrap();
        }
    }
    let kept = DeviceId::from("2".to_owned());
    for keep in [Some(&kept), None] {
        store
            .clear_attempts_of_devices(&ada, "device:", keep)
            .await
            .unwrap();
        let waits = keep.map_or(Ok(()), |_| minutes(1));
        assert_eq!(guess(&store, "device:2", 0).await, waits);
    }
    assert_eq!(guess(&store, "device:1", 0).await, Ok(()));
    assert_eq!(guess(&store, "device:3", 0).await, minutes(1));
    assert_eq!(guess(&store, "other:1", 0).await, minutes(1));
    // Buckets of devices are filled likewise.
    let once = Limit::new(1, 60);
    let keys = ["device:1", "device:2", "device:3", "other:1"];
    for key in keys {
        assert!(store.take(key, once, at(0)).await.unwrap().is_ok());
    }
    for (keep, expected) in [
        (Some(&kept), [true, false, false, false]),
        (None, [true, true, false, false]),
    ] {
        let reset = store.reset_limits_of_devices(&ada, "device:", keep);
        reset.await.unwrap();
        let mut full = Vec::new();
        for key in keys {
            full.push(store.take(key, once, at(0)).await.unwrap().is_ok());
        }
        assert_eq!(full, expected);
    }
}

async fn old_guesses_are_swept(store: Store) {
    guess(&store, "ada", 0).await.unwrap();
    guess(&store, "bea", 100).await.unwrap();
    let few = Schedule {
        most: 2,
        ..PASSWORDS
    };
    for _ in 0..2 {
        store
            .register_attempt("eve", &few, at(0))
            .await
            .unwrap()
            .unwrap();
    }
    let counts = Expired::Attempts { most: 2 };
    for (time, gone) in [(0, 0), (100, 1), (101, 1)] {
        assert_eq!(expire(&store, counts, time).await, gone);
    }
    let closed = store.register_attempt("eve", &few, at(1000)).await.unwrap();
    assert_eq!(closed, Err(Refused::Closed), "time alone opens nothing");
    // Save on a device: it is forgotten after a time, and its count with it.
    for _ in 0..2 {
        store
            .register_attempt("password:device:1", &few, at(1000))
            .await
            .unwrap()
            .unwrap();
    }
    let on_devices = Expired::AttemptsOnDevices { most: 2 };
    for (time, gone) in [(1000, 0), (1001, 1), (2000, 0)] {
        assert_eq!(expire(&store, on_devices, time).await, gone);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_guesses_of_one_file() {
    let folder = Folder::new("guesses");
    let stores = [
        migrated(&folder.url("a.db")).await,
        migrated(&folder.url("a.db")).await,
    ];
    let results = all_at_once(100, |number| {
        let store = stores[number % 2].clone();
        async move { guess(&store, "ada", 0).await.is_ok() }
    })
    .await;
    assert_eq!(crate::winners(&results), 10);
}

/// The rule in SQL is the rule of the domain, step by step, clocks that go back included.
fn the_same_as_the_domain(store: &Store, runtime: &Runtime) {
    let config = ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let steps = prop::collection::vec(-20_i64..100, 1..60);
    proptest!(config, |(most in 0_u32..30, from in 1_u32..4, wait in 0_u64..40, steps in steps)| {
        let grown = |number: u32| (from * number, Duration::from_secs(wait * u64::from(number)));
        let schedule = Schedule { steps: [grown(1), grown(2), grown(3), grown(4)], most };
        runtime.block_on(store.clear_attempts("ada")).unwrap();
        let (mut now, mut count): (Timestamp, Option<Count>) = (at(0), None);
        for step in steps {
            now = Timestamp::from_millis(now.as_millis() + step * 1000);
            let expected = schedule.take(count, now);
            count = expected.ok().or(count);
            let results = runtime.block_on(store.register_attempt("ada", &schedule, now)).unwrap();
            prop_assert_eq!(results, expected.map(|count| count.wrong));
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
