use crate::{all_at_once, at, expire, manager, sessions::signed_in, winners};
use domain::AccountId;
use store::{Expired, Store, UnsavedCodes};

both!(
    a_new_set_voids_the_old_one,
    fifty_use_one_recovery_code_at_once_and_one_is_in,
    sets_replaced_at_once_do_not_mix,
    unsaved_codes_belong_to_a_session_and_go_with_their_set,
);

async fn replace(store: &Store, account: &AccountId, parameters: &str, codes: &[u8]) {
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| vec![*code; 32]).collect();
    let mut tx = store.begin().await.unwrap();
    tx.replace_recovery_codes(account, parameters, &hashes, at(1))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn use_code(store: Store, account: AccountId, code: u8) -> bool {
    let mut tx = store.begin().await.unwrap();
    let good = tx
        .use_recovery_code(&account, &[code; 32], at(2))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    good
}

async fn a_new_set_voids_the_old_one(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    assert_eq!(store.recovery_parameters(&ada).await.unwrap(), None);
    replace(&store, &ada, "salt-1", &[1, 2, 3]).await;
    replace(&store, &bea, "salt-2", &[4]).await;
    assert!(store.has_recovery_code(&ada, &[2; 32]).await.unwrap());
    assert!(use_code(store.clone(), ada.clone(), 2).await);
    assert!(!use_code(store.clone(), ada.clone(), 2).await);
    assert!(!store.has_recovery_code(&ada, &[2; 32]).await.unwrap());
    assert!(!store.has_recovery_code(&ada, &[4; 32]).await.unwrap());
    assert!(
        !use_code(store.clone(), ada.clone(), 4).await,
        "another person’s code"
    );
    assert_eq!(store.recovery_codes_left(&ada).await.unwrap(), 2);
    replace(&store, &ada, "salt-3", &[5, 6, 7]).await;
    assert!(!use_code(store.clone(), ada.clone(), 1).await);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        tx.recovery_parameters(&ada).await.unwrap().as_deref(),
        Some("salt-3")
    );
    assert_eq!(tx.recovery_codes_left(&ada).await.unwrap(), 3);
    tx.delete_recovery_codes(&ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.recovery_parameters(&ada).await.unwrap(), None);
    assert_eq!(store.recovery_codes_left(&ada).await.unwrap(), 0);
    assert_eq!(store.recovery_codes_left(&bea).await.unwrap(), 1);
}

async fn fifty_use_one_recovery_code_at_once_and_one_is_in(store: Store) {
    let ada = manager(&store, "ada").await;
    replace(&store, &ada, "salt", &[1, 2]).await;
    let results = all_at_once(50, |_| use_code(store.clone(), ada.clone(), 1)).await;
    assert_eq!(winners(&results), 1);
    assert_eq!(store.recovery_codes_left(&ada).await.unwrap(), 1);
}

async fn sets_replaced_at_once_do_not_mix(store: Store) {
    let ada = manager(&store, "ada").await;
    all_at_once(8, |number| {
        let (store, ada) = (store.clone(), ada.clone());
        async move { replace(&store, &ada, &format!("salt-{number}"), &[7; 10]).await }
    })
    .await;
    assert_eq!(store.recovery_codes_left(&ada).await.unwrap(), 10);
}

async fn unsaved_codes_belong_to_a_session_and_go_with_their_set(store: Store) {
    let ada = manager(&store, "ada").await;
    let one = signed_in(&store, &ada, 1).await.id;
    let other = signed_in(&store, &ada, 2).await.id;
    replace(&store, &ada, "salt", &[1]).await;
    let found = async |session| {
        let found = store.unsaved_codes(&ada, session).await.unwrap();
        found.map(|found| found.sealed)
    };
    let put = async |session, sealed: &[u8]| {
        let mut tx = store.begin().await.unwrap();
        let new = UnsavedCodes {
            sealed: sealed.to_vec(),
            created_at: at(10),
        };
        tx.put_unsaved_codes(&ada, session, &new).await.unwrap();
        tx.commit().await.unwrap();
    };
    let delete = async |session| {
        let mut tx = store.begin().await.unwrap();
        tx.delete_unsaved_codes(&ada, session).await.unwrap();
        tx.commit().await.unwrap();
    };
    put(&one, b"first").await;
    put(&one, b"second").await;
    assert_eq!(found(&one).await.as_deref(), Some(&b"second"[..]));
    assert_eq!(found(&other).await, None);
    delete(&other).await;
    assert!(found(&one).await.is_some());
    delete(&one).await;
    assert_eq!(found(&one).await, None);
    // They are saved by the session that made them, and only while no newer ones are there.
    put(&one, b"saved").await;
    for (session, made, saved) in [
        (&other, 10, false),
        (&one, 9, false),
        (&one, 10, true),
        (&one, 10, false),
    ] {
        let mut tx = store.begin().await.unwrap();
        let done = tx.codes_saved(&ada, session, at(made)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(done, saved);
    }
    assert_eq!(found(&one).await, None);
    put(&one, b"old").await;
    assert_eq!(expire(&store, Expired::UnsavedCodes, 9).await, 0);
    assert_eq!(expire(&store, Expired::UnsavedCodes, 10).await, 1);
    put(&one, b"kept").await;
    for (keep, kept) in [(Some(&one), true), (Some(&other), false), (None, false)] {
        put(&one, b"kept").await;
        let mut tx = store.begin().await.unwrap();
        tx.delete_other_unsaved_codes(&ada, keep).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&one).await.is_some(), kept, "{keep:?}");
    }
    put(&other, b"third").await;
    assert_eq!(found(&other).await.as_deref(), Some(&b"third"[..]));
    let mut tx = store.begin().await.unwrap();
    tx.delete_recovery_codes(&ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&other).await, None);
}
