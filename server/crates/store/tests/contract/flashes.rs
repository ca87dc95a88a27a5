use crate::{all_at_once, at, expire, hash};
use store::{Expired, Store};

both!(a_flash_is_read_once, a_late_flash_is_none);

async fn put(store: &Store, number: u8, sealed: &[u8]) {
    let mut tx = store.begin().await.unwrap();
    tx.put_flash(&hash(number), sealed, at(60)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_flash_is_read_once(store: Store) {
    put(&store, 1, b"first").await;
    put(&store, 1, b"second").await;
    assert_eq!(store.take_flash(&hash(2), at(0)).await.unwrap(), None);
    let results = all_at_once(20, |_| {
        let store = store.clone();
        async move { store.take_flash(&hash(1), at(0)).await.unwrap() }
    })
    .await;
    let read: Vec<Vec<u8>> = results.into_iter().flatten().collect();
    assert_eq!(read, [b"second"]);
}

async fn a_late_flash_is_none(store: Store) {
    for number in [1, 2, 3] {
        put(&store, number, b"late").await;
    }
    assert_eq!(store.take_flash(&hash(1), at(60)).await.unwrap(), None);
    assert_eq!(expire(&store, Expired::Flashes, 59).await, 0);
    assert_eq!(expire(&store, Expired::Flashes, 60).await, 2);
}
