use crate::{all_at_once, at, expire, manager, sessions::signed_in};
use domain::SessionId;
use store::{Expired, Session, SessionKind, Store};

both!(
    a_draft_is_taken_once,
    a_late_draft_is_none,
    drafts_go_to_the_next_session_of_the_same_account,
    drafts_are_counted_and_thrown_away,
    drafts_go_with_their_session,
);

const NAME: &str = "/settings/name";
const EMAIL: &str = "/settings/email";

async fn put(store: &Store, session: &Session, page: &str, sealed: &[u8]) {
    let mut tx = store.begin().await.unwrap();
    let put = tx.put_draft(&session.id, page, sealed, at(60));
    put.await.unwrap();
    tx.commit().await.unwrap();
}

async fn take(store: &Store, session: &Session, page: &str, now: i64) -> Option<Vec<u8>> {
    let taken = store.take_draft(&session.id, page, at(now)).await;
    taken.unwrap()
}

async fn count(store: &Store, session: &Session, but: &str, now: i64) -> u32 {
    let counted = store.count_drafts(&session.id, but, at(now)).await;
    counted.unwrap()
}

async fn a_draft_is_taken_once(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    put(&store, &session, NAME, b"first").await;
    put(&store, &session, NAME, b"second").await;
    assert_eq!(take(&store, &session, EMAIL, 0).await, None);
    let results = all_at_once(20, |_| {
        let (store, session) = (store.clone(), session.clone());
        async move { take(&store, &session, NAME, 0).await }
    })
    .await;
    let read: Vec<Vec<u8>> = results.into_iter().flatten().collect();
    assert_eq!(read, [b"second"]);
}

async fn a_late_draft_is_none(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    for page in [NAME, EMAIL] {
        put(&store, &session, page, b"late").await;
    }
    assert_eq!(take(&store, &session, NAME, 60).await, None);
    assert_eq!(expire(&store, Expired::Drafts, 59).await, 0);
    assert_eq!(expire(&store, Expired::Drafts, 60).await, 1);
}

/// Red when the accounts are not compared.
async fn drafts_go_to_the_next_session_of_the_same_account(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let old = signed_in(&store, &ada, 1).await;
    let strange = signed_in(&store, &bea, 2).await;
    let new = signed_in(&store, &ada, 3).await;
    put(&store, &old, NAME, b"a name").await;
    put(&store, &old, EMAIL, b"an address").await;
    let mut tx = store.begin().await.unwrap();
    let nobody = SessionId::from("nobody".to_owned());
    for to in [&strange.id, &nobody] {
        assert_eq!(tx.move_drafts(&old.id, to, at(0)).await.unwrap(), 0);
    }
    let late = tx.move_drafts(&old.id, &new.id, at(60)).await;
    assert_eq!(late.unwrap(), 0);
    let moved = tx.move_drafts(&old.id, &new.id, at(59)).await;
    assert_eq!(moved.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(take(&store, &old, NAME, 0).await, None);
    assert_eq!(take(&store, &strange, NAME, 0).await, None);
    let taken = take(&store, &new, NAME, 59).await;
    assert_eq!(taken.as_deref(), Some(b"a name".as_slice()));
}

async fn drafts_are_counted_and_thrown_away(store: Store) {
    let ada = manager(&store, "ada").await;
    let (one, two) = (
        signed_in(&store, &ada, 1).await,
        signed_in(&store, &ada, 2).await,
    );
    for page in [NAME, EMAIL] {
        put(&store, &one, page, b"text").await;
    }
    put(&store, &two, NAME, b"text").await;
    assert_eq!(count(&store, &one, "", 0).await, 2);
    assert_eq!(count(&store, &one, NAME, 0).await, 1);
    assert_eq!(count(&store, &one, "", 60).await, 0);
    let mut tx = store.begin().await.unwrap();
    tx.delete_drafts(&one.id).await.unwrap();
    assert_eq!(tx.count_drafts(&one.id, "", at(0)).await.unwrap(), 0);
    assert_eq!(tx.count_drafts(&two.id, "", at(0)).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

async fn drafts_go_with_their_session(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    put(&store, &session, NAME, b"text").await;
    let kind = SessionKind {
        back_office: true,
        stay: true,
    };
    assert_eq!(expire(&store, Expired::SessionsByAge(kind), 1).await, 1);
    assert_eq!(count(&store, &session, "", 0).await, 0);
}
