use crate::{all_at_once, at, expire, manager};
use domain::{Duration, Locale, MailId};
use store::{Expired, NewMail, QueuedMail, Store};

const LEASE: Duration = Duration::from_mins(1);

both!(
    mails_are_leased_in_order_and_forgotten_when_sent,
    a_mail_belongs_to_its_change,
    workers_at_once_get_each_mail_once,
    a_failed_mail_waits_and_is_given_up,
    the_lease_of_a_dead_worker_ends,
    mails_are_swept,
);

fn mail_id(number: u8) -> MailId {
    MailId::from(format!("mail-{number:03}"))
}

async fn queue(store: &Store, number: u8) -> MailId {
    let mut tx = store.begin().await.unwrap();
    tx.insert_mail(&NewMail {
        id: mail_id(number),
        account_id: None,
        recipient: "Ada@town.example".to_owned(),
        locale: Locale::Fr,
        kind: "two_factor_enabled",
        sealed: vec![number],
        created_at: at(i64::from(number)),
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    mail_id(number)
}

async fn lease(store: &Store, seconds: i64, limit: u32) -> Vec<QueuedMail> {
    store.lease_mails(at(seconds), LEASE, limit).await.unwrap()
}

async fn mails_are_leased_in_order_and_forgotten_when_sent(store: Store) {
    for number in [3, 1, 2] {
        queue(&store, number).await;
    }
    assert_eq!(store.oldest_queued_mail().await.unwrap(), Some(at(1)));
    assert!(lease(&store, 0, 9).await.is_empty(), "not before its time");
    let leased = lease(&store, 10, 2).await;
    let expected = |number: u8, attempts| QueuedMail {
        id: mail_id(number),
        recipient: "Ada@town.example".to_owned(),
        locale: Locale::Fr,
        kind: "two_factor_enabled".to_owned(),
        sealed: vec![number],
        attempts,
        created_at: at(i64::from(number)),
    };
    assert_eq!(leased, [expected(1, 1), expected(2, 1)]);
    store.mark_mail_sent(&mail_id(1), at(11)).await.unwrap();
    assert_eq!(
        store.mailbox(9).await.unwrap(),
        [expected(3, 0), expected(2, 1)]
    );
    assert_eq!(store.mailbox(1).await.unwrap(), [expected(3, 0)]);
    assert_eq!(store.mail_by_id(&mail_id(1)).await.unwrap(), None);
    assert_eq!(
        store.mail_by_id(&mail_id(2)).await.unwrap(),
        Some(expected(2, 1))
    );
    assert_eq!(store.oldest_queued_mail().await.unwrap(), Some(at(2)));
    assert!(!format!("{leased:?}").contains("Ada@"));
}

async fn a_mail_belongs_to_its_change(store: Store) {
    let ada = manager(&store, "ada").await;
    let mut tx = store.begin().await.unwrap();
    let mail = NewMail {
        id: mail_id(1),
        account_id: Some(ada),
        recipient: "ada@town.example".to_owned(),
        locale: Locale::En,
        kind: "account_setup",
        sealed: vec![1],
        created_at: at(0),
    };
    tx.insert_mail(&mail).await.unwrap();
    drop(tx);
    assert!(store.mailbox(9).await.unwrap().is_empty());
    assert_eq!(store.oldest_queued_mail().await.unwrap(), None);
}

async fn workers_at_once_get_each_mail_once(store: Store) {
    for number in 1..=40 {
        queue(&store, number).await;
    }
    let results = all_at_once(2, |_| {
        let store = store.clone();
        async move {
            let mut mine = Vec::new();
            loop {
                let leased = lease(&store, 100, 3).await;
                if leased.is_empty() {
                    return mine;
                }
                mine.extend(leased.into_iter().map(|mail| mail.id));
            }
        }
    })
    .await;
    let mut all: Vec<MailId> = results.into_iter().flatten().collect();
    all.sort();
    assert_eq!(all, (1..=40).map(mail_id).collect::<Vec<_>>());
}

async fn a_failed_mail_waits_and_is_given_up(store: Store) {
    let id = queue(&store, 1).await;
    lease(&store, 10, 9).await;
    store
        .mark_mail_failed(&id, Some(at(100)), "451 greylisted", at(11))
        .await
        .unwrap();
    assert!(lease(&store, 99, 9).await.is_empty());
    assert_eq!(lease(&store, 100, 9).await[0].attempts, 2);
    store
        .mark_mail_failed(&id, None, "550 no such mailbox", at(101))
        .await
        .unwrap();
    assert!(lease(&store, 10_000, 9).await.is_empty());
    assert_eq!(store.oldest_queued_mail().await.unwrap(), None);
    assert!(
        store.mail_by_id(&id).await.unwrap().is_some(),
        "somebody may want to look"
    );
}

async fn the_lease_of_a_dead_worker_ends(store: Store) {
    queue(&store, 1).await;
    assert_eq!(lease(&store, 10, 9).await.len(), 1);
    assert!(lease(&store, 69, 9).await.is_empty());
    assert_eq!(lease(&store, 70, 9).await.len(), 1);
}

async fn mails_are_swept(store: Store) {
    for number in [1, 2, 3] {
        queue(&store, number).await;
    }
    store.mark_mail_sent(&mail_id(1), at(10)).await.unwrap();
    store
        .mark_mail_failed(&mail_id(3), None, "550", at(10))
        .await
        .unwrap();
    assert_eq!(expire(&store, Expired::Mails, 3).await, 1);
    assert_eq!(expire(&store, Expired::Mails, 4).await, 1);
    assert_eq!(
        store.mailbox(9).await.unwrap().len(),
        1,
        "what waits is never swept"
    );
}
