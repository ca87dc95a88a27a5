use crate::{all_at_once, at, manager, sessions::signed_in, winners};
use domain::AccountId;
use store::{Store, TotpEnrolment, TotpFactor};

both!(
    an_enrolment_replaces_the_one_before,
    an_account_has_one_factor,
    a_phone_is_missing_after_a_recovery_code,
    fifty_use_one_code_at_once_and_one_is_in,
    an_older_step_is_refused,
);

fn factor(account: &AccountId) -> TotpFactor {
    TotpFactor {
        account_id: account.clone(),
        secret_sealed: vec![0, 1, 2, 255],
        confirmed_at: at(1),
        last_step: 100,
        last_used_at: at(1),
    }
}

async fn activate(store: &Store, account: &AccountId) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_totp_factor(&factor(account)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn use_step(store: Store, account: AccountId, step: i64) -> bool {
    let mut tx = store.begin().await.unwrap();
    let good = tx.use_totp_step(&account, step, at(step)).await.unwrap();
    tx.commit().await.unwrap();
    good
}

async fn an_enrolment_replaces_the_one_before(store: Store) {
    let ada = manager(&store, "ada").await;
    let enrolment = |session, secret: u8| TotpEnrolment {
        account_id: ada.clone(),
        session_id: session,
        secret_sealed: vec![secret],
        created_at: at(i64::from(secret)),
    };
    let first = enrolment(signed_in(&store, &ada, 1).await.id, 1);
    let second = enrolment(signed_in(&store, &ada, 2).await.id, 2);
    let mut tx = store.begin().await.unwrap();
    tx.put_totp_enrolment(&first).await.unwrap();
    assert_eq!(tx.totp_enrolment(&ada).await.unwrap(), Some(first));
    tx.put_totp_enrolment(&second).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.totp_enrolment(&ada).await.unwrap(), Some(second));
    let mut tx = store.begin().await.unwrap();
    tx.delete_totp_enrolment(&ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.totp_enrolment(&ada).await.unwrap(), None);
}

async fn an_account_has_one_factor(store: Store) {
    let ada = manager(&store, "ada").await;
    assert_eq!(store.totp_factor(&ada).await.unwrap(), None);
    activate(&store, &ada).await;
    assert_eq!(store.totp_factor(&ada).await.unwrap(), Some(factor(&ada)));
    assert!(store.account(&ada).await.unwrap().unwrap().second_factor);
    let mut tx = store.begin().await.unwrap();
    assert!(
        tx.insert_totp_factor(&factor(&ada))
            .await
            .unwrap_err()
            .is_conflict()
    );
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.delete_totp_factor(&ada).await.unwrap());
    assert!(!tx.delete_totp_factor(&ada).await.unwrap());
    assert_eq!(tx.totp_factor(&ada).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert!(!store.account(&ada).await.unwrap().unwrap().second_factor);
}

async fn fifty_use_one_code_at_once_and_one_is_in(store: Store) {
    let ada = manager(&store, "ada").await;
    activate(&store, &ada).await;
    let results = all_at_once(50, |_| use_step(store.clone(), ada.clone(), 101)).await;
    assert_eq!(winners(&results), 1);
}

async fn an_older_step_is_refused(store: Store) {
    let ada = manager(&store, "ada").await;
    activate(&store, &ada).await;
    assert!(!use_step(store.clone(), ada.clone(), 100).await);
    assert!(use_step(store.clone(), ada.clone(), 102).await);
    assert!(!use_step(store.clone(), ada.clone(), 101).await);
    let factor = store.totp_factor(&ada).await.unwrap().unwrap();
    assert_eq!((factor.last_step, factor.last_used_at), (102, at(102)));
    let bea = manager(&store, "bea").await;
    assert!(
        !use_step(store, bea, 101).await,
        "without a factor no code is good"
    );
}

async fn a_phone_is_missing_after_a_recovery_code(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    activate(&store, &ada).await;
    activate(&store, &bea).await;
    let mut tx = store.begin().await.unwrap();
    tx.replace_recovery_codes(&ada, "salt", &[vec![1; 32]], at(1))
        .await
        .unwrap();
    assert!(!tx.is_phone_missing(&ada).await.unwrap());
    assert!(tx.use_recovery_code(&ada, &[1; 32], at(150)).await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.is_phone_missing(&ada).await.unwrap());
    assert!(!store.is_phone_missing(&bea).await.unwrap());
    // New codes do not bring the phone back.
    let mut tx = store.begin().await.unwrap();
    tx.replace_recovery_codes(&ada, "salt", &[vec![2; 32]], at(160))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(store.is_phone_missing(&ada).await.unwrap());
    assert!(use_step(store.clone(), ada.clone(), 200).await);
    assert!(!store.is_phone_missing(&ada).await.unwrap());
}
