use crate::{at, expire, hash, manager};
use domain::{
    AccountId, OrganisationId, Realm, SessionId,
    session::{FirstStep, Method, SecondStep},
};
use store::{Expired, Session, SessionKind, Store};
use testkit::rows;

both!(
    a_session_is_found_by_its_token_in_its_realm_only,
    a_session_is_seen_and_proved,
    a_session_ends_once,
    a_renewed_session_leaves_its_old_token_behind,
    a_session_is_ended_by_its_owner_only,
    every_method_can_be_stored,
    other_sessions_end_together,
    dead_sessions_are_swept,
    what_somebody_ended_is_swept_by_its_end,
    an_ended_session_is_not_open,
    a_session_that_ended_can_be_looked_up,
);

fn session(name: &str, account_id: &AccountId) -> Session {
    Session {
        method: Method {
            first: FirstStep::Password,
            second: Some(SecondStep::Code),
        },
        project: Some("quay".to_owned()),
        stay: true,
        ..rows::session(name, account_id, at(0))
    }
}

/// Makes a session whose token is the hash of its number.
pub(crate) async fn signed_in(store: &Store, account: &AccountId, number: u8) -> Session {
    let session = session(&format!("session-{number}"), account);
    let mut tx = store.begin().await.unwrap();
    tx.insert_session(&session, &hash(number)).await.unwrap();
    tx.commit().await.unwrap();
    session
}

async fn find(store: &Store, number: u8) -> Option<Session> {
    store
        .session_by_token(&Realm::BackOffice, &hash(number))
        .await
        .unwrap()
}

async fn a_session_is_found_by_its_token_in_its_realm_only(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    assert_eq!(find(&store, 1).await, Some(session.clone()));
    assert_eq!(find(&store, 2).await, None);
    let organisation = Realm::Organisation(OrganisationId::from("town".to_owned()));
    assert_eq!(
        store
            .session_by_token(&organisation, &hash(1))
            .await
            .unwrap(),
        None
    );
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        tx.session_by_token(&Realm::BackOffice, &hash(1))
            .await
            .unwrap()
            .as_ref(),
        Some(&session)
    );
    let copy = Session {
        id: SessionId::from("copy".to_owned()),
        ..session
    };
    assert!(
        tx.insert_session(&copy, &hash(1))
            .await
            .unwrap_err()
            .is_conflict()
    );
}

async fn a_session_is_seen_and_proved(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    let mut tx = store.begin().await.unwrap();
    tx.touch_session(&session.id, at(60)).await.unwrap();
    tx.touch_session(&session.id, at(30)).await.unwrap();
    tx.set_session_proved(&session.id, at(90)).await.unwrap();
    tx.commit().await.unwrap();
    let session = find(&store, 1).await.unwrap();
    assert_eq!((session.last_seen_at, session.proved_at), (at(60), at(90)));
}

async fn a_renewed_session_leaves_its_old_token_behind(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.renew_session(&session.id, &hash(2)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(find(&store, 1).await, None);
    assert_eq!(find(&store, 2).await, Some(session.clone()));
    let mut tx = store.begin().await.unwrap();
    tx.revoke_session(&session.id, at(1)).await.unwrap();
    assert!(!tx.renew_session(&session.id, &hash(3)).await.unwrap());
}

async fn a_session_ends_once(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.revoke_session(&session.id, at(1)).await.unwrap());
    assert!(!tx.revoke_session(&session.id, at(2)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(find(&store, 1).await, None);
}

async fn a_session_is_ended_by_its_owner_only(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let first = signed_in(&store, &ada, 1).await;
    let second = signed_in(&store, &ada, 2).await;
    signed_in(&store, &bea, 3).await;
    let mut tx = store.begin().await.unwrap();
    tx.touch_session(&second.id, at(60)).await.unwrap();
    assert!(!tx.revoke_session_of(&bea, &first.id, at(1)).await.unwrap());
    tx.commit().await.unwrap();
    let ids = |sessions: Vec<Session>| -> Vec<String> {
        let ids = sessions.iter().map(|session| session.id.to_string());
        ids.collect()
    };
    let listed = store.sessions_of(&ada).await.unwrap();
    assert_eq!(
        ids(listed),
        ["session-2", "session-1"],
        "the last used first"
    );
    let mut tx = store.begin().await.unwrap();
    assert!(tx.revoke_session_of(&ada, &first.id, at(1)).await.unwrap());
    assert!(!tx.revoke_session_of(&ada, &first.id, at(1)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(ids(store.sessions_of(&ada).await.unwrap()), ["session-2"]);
    assert!(find(&store, 1).await.is_none() && find(&store, 3).await.is_some());
}

async fn every_method_can_be_stored(store: Store) {
    let ada = manager(&store, "ada").await;
    let seconds = SecondStep::ALL.map(Some).into_iter().chain([None]);
    let methods = seconds.flat_map(|second| FirstStep::ALL.map(|first| Method { first, second }));
    for (number, method) in (1..).zip(methods) {
        let session = Session {
            method,
            ..session(&format!("session-{number}"), &ada)
        };
        let mut tx = store.begin().await.unwrap();
        tx.insert_session(&session, &hash(number)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find(&store, number).await, Some(session));
    }
}

async fn other_sessions_end_together(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let kept = signed_in(&store, &ada, 1).await;
    for number in [2, 3] {
        signed_in(&store, &ada, number).await;
    }
    signed_in(&store, &bea, 4).await;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        tx.revoke_other_sessions(&ada, Some(&kept.id), at(1))
            .await
            .unwrap(),
        2
    );
    tx.commit().await.unwrap();
    assert!(find(&store, 1).await.is_some() && find(&store, 4).await.is_some());
    assert!(find(&store, 2).await.is_none() && find(&store, 3).await.is_none());
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        tx.revoke_other_sessions(&ada, None, at(2)).await.unwrap(),
        1
    );
    tx.commit().await.unwrap();
    assert!(find(&store, 1).await.is_none() && find(&store, 4).await.is_some());
}

/// Makes a session of a realm, with or without the choice to stay.
async fn of_realm(store: &Store, realm: &Realm, stay: bool, number: u8) {
    let ada = AccountId::from("ada".to_owned());
    let session = Session {
        realm: realm.clone(),
        stay,
        ..session(&format!("session-{number}"), &ada)
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_session(&session, &hash(number)).await.unwrap();
    tx.commit().await.unwrap();
}

/// Red when all sessions are swept by the limits of one kind.
async fn dead_sessions_are_swept(store: Store) {
    let ada = manager(&store, "ada").await;
    let organisation = Realm::Organisation(OrganisationId::from("town".to_owned()));
    let kinds = [
        (Realm::BackOffice, false),
        (Realm::BackOffice, true),
        (organisation.clone(), false),
        (organisation, true),
    ];
    for (number, (realm, stay)) in (1..).zip(&kinds) {
        of_realm(&store, realm, *stay, number).await;
    }
    for (left, (realm, stay)) in (0..4_usize).rev().zip(&kinds) {
        let back_office = *realm == Realm::BackOffice;
        let sweep = async |created, seen| {
            let kind = SessionKind {
                back_office,
                stay: *stay,
            };
            expire(&store, Expired::SessionsByAge(kind), created).await
                + expire(&store, Expired::SessionsByUse(kind), seen).await
        };
        assert_eq!(sweep(0, 0).await, 0, "not yet");
        let seen = i64::from(left % 2 == 0);
        assert_eq!(sweep(1 - seen, seen).await, 1, "by age, or unused");
        assert_eq!(store.sessions_of(&ada).await.unwrap().len(), left);
    }
    let kind = SessionKind {
        back_office: true,
        stay: true,
    };
    assert_eq!(expire(&store, Expired::SessionsByUse(kind), 9).await, 0);
}

/// Red when a session that nobody ended goes too, or one that was ended a moment ago.
async fn what_somebody_ended_is_swept_by_its_end(store: Store) {
    let ada = manager(&store, "ada").await;
    for number in 1..=3 {
        signed_in(&store, &ada, number).await;
    }
    let ended = signed_in(&store, &ada, 4).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.revoke_session(&ended.id, at(5)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(expire(&store, Expired::SessionsRevoked, 5).await, 0);
    assert_eq!(expire(&store, Expired::SessionsRevoked, 6).await, 1);
    assert_eq!(expire(&store, Expired::SessionsRevoked, 9).await, 0);
    assert_eq!(store.sessions_of(&ada).await.unwrap().len(), 3);
}

/// Red when a session is not found any more once it was revoked, or in any realm.
async fn a_session_that_ended_can_be_looked_up(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    let organisation = Realm::Organisation(OrganisationId::from("town".to_owned()));
    let look = async |realm: &Realm, number: u8| {
        let found = store.any_session_by_token(realm, &hash(number)).await;
        found
            .unwrap()
            .map(|found| (found.session, found.revoked_at))
    };
    let found = look(&Realm::BackOffice, 1).await;
    assert_eq!(found, Some((session.clone(), None)));
    let mut tx = store.begin().await.unwrap();
    tx.revoke_session(&session.id, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    let found = look(&Realm::BackOffice, 1).await;
    assert_eq!(found, Some((session, Some(at(5)))));
    assert_eq!(look(&organisation, 1).await, None);
    assert_eq!(look(&Realm::BackOffice, 2).await, None);
}

async fn an_ended_session_is_not_open(store: Store) {
    let ada = manager(&store, "ada").await;
    let session = signed_in(&store, &ada, 1).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.is_session_open(&session.id).await.unwrap());
    tx.revoke_session(&session.id, at(1)).await.unwrap();
    assert!(!tx.is_session_open(&session.id).await.unwrap());
    tx.commit().await.unwrap();
}
