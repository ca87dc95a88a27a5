use crate::{all_at_once, at, expire, hash, manager, winners};
use domain::{
    AccountId, OrganisationId, Provider, Realm, SignInId, session::FirstStep,
    sign_in::FirstStepProof,
};
use store::{Expired, SignIn, Store};
use testkit::rows;

both!(
    a_sign_in_is_found_until_it_is_finished,
    wrong_codes_are_counted,
    fifty_finish_at_once_and_one_does,
    sign_ins_are_swept,
);

async fn begin(store: &Store, account_id: &AccountId, number: u8) -> SignIn {
    let sign_in = SignIn {
        proof: FirstStepProof {
            first: FirstStep::Provider(Provider::Microsoft),
            since: at(-100),
        },
        next: Some("/settings".to_owned()),
        stay: true,
        ..rows::sign_in(
            &format!("sign-in-{number}"),
            account_id,
            at(i64::from(number)),
        )
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_sign_in(&sign_in, &hash(number)).await.unwrap();
    tx.commit().await.unwrap();
    sign_in
}

async fn find(store: &Store, number: u8) -> Option<SignIn> {
    store
        .sign_in_by_token(&Realm::BackOffice, &hash(number))
        .await
        .unwrap()
}

async fn a_sign_in_is_found_until_it_is_finished(store: Store) {
    let ada = manager(&store, "ada").await;
    let sign_in = begin(&store, &ada, 1).await;
    assert_eq!(find(&store, 1).await, Some(sign_in.clone()));
    let organisation = Realm::Organisation(OrganisationId::from("town".to_owned()));
    assert_eq!(
        store
            .sign_in_by_token(&organisation, &hash(1))
            .await
            .unwrap(),
        None
    );
    let mut tx = store.begin().await.unwrap();
    assert!(tx.finish_sign_in(&sign_in.id, at(5)).await.unwrap());
    assert_eq!(
        tx.sign_in_by_token(&Realm::BackOffice, &hash(1))
            .await
            .unwrap(),
        None
    );
    tx.commit().await.unwrap();
    assert_eq!(find(&store, 1).await, None);
}

async fn wrong_codes_are_counted(store: Store) {
    let ada = manager(&store, "ada").await;
    let sign_in = begin(&store, &ada, 1).await;
    let mut counts = all_at_once(10, |_| {
        let (store, id) = (store.clone(), sign_in.id.clone());
        async move {
            let mut tx = store.begin().await.unwrap();
            let count = tx.count_wrong_code(&id).await.unwrap();
            tx.commit().await.unwrap();
            count
        }
    })
    .await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=10).collect::<Vec<_>>());
    assert_eq!(find(&store, 1).await.unwrap().wrong_codes, 10);
    let mut tx = store.begin().await.unwrap();
    let gone = SignInId::from("gone".to_owned());
    assert_eq!(tx.count_wrong_code(&gone).await.unwrap(), u32::MAX);
}

async fn fifty_finish_at_once_and_one_does(store: Store) {
    let ada = manager(&store, "ada").await;
    let sign_in = begin(&store, &ada, 1).await;
    let results = all_at_once(50, |_| {
        let (store, id) = (store.clone(), sign_in.id.clone());
        async move {
            let mut tx = store.begin().await.unwrap();
            let finished = tx.finish_sign_in(&id, at(5)).await.unwrap();
            tx.commit().await.unwrap();
            finished
        }
    })
    .await;
    assert_eq!(winners(&results), 1);
}

async fn sign_ins_are_swept(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    for number in [1, 2] {
        begin(&store, &ada, number).await;
    }
    begin(&store, &bea, 3).await;
    assert_eq!(expire(&store, Expired::SignIns, 2).await, 1);
    let mut tx = store.begin().await.unwrap();
    tx.delete_sign_ins(&ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(expire(&store, Expired::SignIns, 3).await, 0);
    assert!(find(&store, 2).await.is_none() && find(&store, 3).await.is_some());
}
