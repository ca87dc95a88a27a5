use crate::{all_at_once, at};
use domain::ResetRequestId;
use store::Store;

both!(
    a_wish_is_taken_once_and_oldest_first,
    a_wish_that_was_not_answered_comes_back,
    a_wish_that_nobody_can_answer_is_removed_alone,
);

fn wish(number: usize) -> ResetRequestId {
    ResetRequestId::from(format!("wish-{number:02}"))
}

async fn take(store: Store) -> Option<(ResetRequestId, Vec<u8>)> {
    let mut tx = store.begin().await.unwrap();
    let taken = tx.take_reset_request().await.unwrap();
    tx.commit().await.unwrap();
    taken
}

async fn a_wish_is_taken_once_and_oldest_first(store: Store) {
    assert_eq!(take(store.clone()).await, None);
    for number in 0..10 {
        store
            .insert_reset_request(&wish(number), b"sealed", at(0))
            .await
            .unwrap();
    }
    let first = take(store.clone()).await;
    assert_eq!(first, Some((wish(0), b"sealed".to_vec())));
    let mut rest: Vec<_> = all_at_once(9, |_| take(store.clone()))
        .await
        .into_iter()
        .flatten()
        .map(|(id, _)| id)
        .collect();
    while let Some((id, _)) = take(store.clone()).await {
        rest.push(id);
    }
    rest.sort();
    assert_eq!(rest, (1..10).map(wish).collect::<Vec<_>>(), "each once");
}

async fn a_wish_that_was_not_answered_comes_back(store: Store) {
    store
        .insert_reset_request(&wish(1), b"sealed", at(0))
        .await
        .unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.take_reset_request().await.unwrap().is_some());
    tx.rollback().await.unwrap();
    assert!(take(store.clone()).await.is_some());
}

async fn a_wish_that_nobody_can_answer_is_removed_alone(store: Store) {
    for number in 1..3 {
        store
            .insert_reset_request(&wish(number), b"sealed", at(0))
            .await
            .unwrap();
    }
    store.delete_reset_request(&wish(1)).await.unwrap();
    store.delete_reset_request(&wish(9)).await.unwrap();
    let next = take(store.clone()).await;
    assert_eq!(next, Some((wish(2), b"sealed".to_vec())));
}
