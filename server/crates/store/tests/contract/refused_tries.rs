use crate::{at, expire, id, manager};
use store::{Expired, RefusedDay, Store};

both!(refused_tries_add_up_by_day_and_go_with_time_and_account,);

async fn add(store: &Store, name: &str, day: i64, tries: u32) {
    let mut tx = store.begin().await.unwrap();
    tx.add_refused_tries(&id(name), at(day), tries)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn refused_tries_add_up_by_day_and_go_with_time_and_account(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    for (name, day, tries) in [("ada", 1, 2), ("ada", 1, 3), ("ada", 2, 1), ("bea", 1, 7)] {
        add(&store, name, day, tries).await;
    }
    // Of an account that is gone nothing is counted.
    add(&store, "nobody", 1, 1).await;
    let day = |day, tries| RefusedDay {
        day: at(day),
        tries,
    };
    let found = store.refused_tries(&ada).await.unwrap();
    assert_eq!(found, [day(2, 1), day(1, 5)]);
    assert_eq!(store.refused_tries(&bea).await.unwrap(), [day(1, 7)]);
    assert_eq!(expire(&store, Expired::RefusedTries, 2).await, 2);
    assert_eq!(store.refused_tries(&ada).await.unwrap(), [day(2, 1)]);
}
