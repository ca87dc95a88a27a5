use crate::{all_at_once, at, manager, winners};
use domain::AccountId;
use store::Store;

both!(
    a_new_set_voids_the_old_one,
    fifty_use_one_recovery_code_at_once_and_one_is_in,
    sets_replaced_at_once_do_not_mix,
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
