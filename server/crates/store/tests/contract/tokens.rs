use crate::{all_at_once, at, expire, hash, manager, winners};
use domain::{AccountId, OrganisationId, Realm, token::Purpose};
use store::{Expired, Store, Token};
use testkit::rows;

const SETUP: Purpose = Purpose::AccountSetup;
const UNDO: Purpose = Purpose::EmailUndo;

both!(
    a_token_is_shown_and_consumed_once,
    fifty_consume_one_token_at_once_and_one_does,
    an_expired_or_void_token_is_worth_nothing,
    old_tokens_are_swept,
    tokens_that_stopped_working_early_are_swept_as_early,
    a_short_code_is_exchanged_once_by_the_browser_that_asked,
    the_live_token_is_the_newest_that_can_be_consumed,
    tokens_are_made_void_from_a_moment_on,
    tokens_are_made_void_by_what_they_confirm,
    an_address_that_can_be_taken_back_is_reserved,
);

async fn mail(store: &Store, account: &AccountId, number: u8) -> Token {
    let token = Token {
        expires_at: at(i64::from(number) * 100),
        pending: Some("new@town.example".to_owned()),
        ..rows::token(&format!("token-{number}"), SETUP, account, at(0))
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_token(&token, &hash(number)).await.unwrap();
    tx.commit().await.unwrap();
    token
}

async fn consume(store: Store, number: u8, seconds: i64) -> Option<Token> {
    let mut tx = store.begin().await.unwrap();
    let token = tx
        .consume_token(SETUP, &hash(number), at(seconds))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    token
}

async fn a_token_is_shown_and_consumed_once(store: Store) {
    let ada = manager(&store, "ada").await;
    let token = mail(&store, &ada, 1).await;
    for _ in 0..2 {
        let shown = store.token(SETUP, &hash(1)).await.unwrap();
        assert_eq!(
            shown,
            Some((token.clone(), false)),
            "looking uses nothing up"
        );
    }
    assert_eq!(consume(store.clone(), 1, 50).await, Some(token.clone()));
    assert_eq!(consume(store.clone(), 1, 50).await, None);
    assert_eq!(
        store.token(SETUP, &hash(1)).await.unwrap(),
        Some((token.clone(), true))
    );
    assert_eq!(store.token(SETUP, &hash(2)).await.unwrap(), None);
    assert!(!format!("{token:?}").contains("new@"));
}

async fn fifty_consume_one_token_at_once_and_one_does(store: Store) {
    let ada = manager(&store, "ada").await;
    mail(&store, &ada, 1).await;
    let results = all_at_once(50, |_| {
        let store = store.clone();
        async move { consume(store, 1, 50).await.is_some() }
    })
    .await;
    assert_eq!(winners(&results), 1);
}

async fn an_expired_or_void_token_is_worth_nothing(store: Store) {
    let ada = manager(&store, "ada").await;
    mail(&store, &ada, 1).await;
    assert_eq!(
        consume(store.clone(), 1, 100).await,
        None,
        "it lives up to its end, not at it"
    );
    assert!(consume(store.clone(), 1, 99).await.is_some());
    mail(&store, &ada, 2).await;
    let mut tx = store.begin().await.unwrap();
    tx.void_tokens(&ada, SETUP, at(3)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(consume(store.clone(), 2, 50).await, None);
    assert_eq!(store.token(SETUP, &hash(2)).await.unwrap(), None);
    let used = store.token(SETUP, &hash(1)).await.unwrap();
    assert!(used.unwrap().1, "what was used stays used");
}

async fn tokens_are_made_void_by_what_they_confirm(store: Store) {
    let ada = manager(&store, "ada").await;
    mail(&store, &ada, 1).await;
    for (pending, is_found) in [("other", true), ("new@town.example", false)] {
        let mut tx = store.begin().await.unwrap();
        tx.void_pending_tokens(&ada, SETUP, pending, at(3))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let found = store.token(SETUP, &hash(1)).await.unwrap();
        assert_eq!(found.is_some(), is_found, "{pending}");
    }
}

async fn old_tokens_are_swept(store: Store) {
    let ada = manager(&store, "ada").await;
    for number in [1, 2, 3] {
        mail(&store, &ada, number).await;
    }
    assert_eq!(expire(&store, Expired::TokensExpired, 200).await, 1);
    assert_eq!(expire(&store, Expired::TokensExpired, 201).await, 1);
    assert!(store.token(SETUP, &hash(3)).await.unwrap().is_some());
}

/// Red when only the time that a token would have had counts.
async fn tokens_that_stopped_working_early_are_swept_as_early(store: Store) {
    let ada = manager(&store, "ada").await;
    mail(&store, &ada, 1).await;
    assert!(consume(store.clone(), 1, 50).await.is_some());
    mail(&store, &ada, 2).await;
    let mut tx = store.begin().await.unwrap();
    tx.void_tokens(&ada, SETUP, at(60)).await.unwrap();
    tx.commit().await.unwrap();
    mail(&store, &ada, 3).await;
    for (before, gone) in [(50, 0), (51, 1), (60, 0), (61, 1)] {
        let removed = expire(&store, Expired::TokensConsumed, before).await
            + expire(&store, Expired::TokensVoid, before).await;
        assert_eq!(removed, gone, "before {before}");
    }
    assert!(store.token(SETUP, &hash(3)).await.unwrap().is_some());
}

async fn a_short_code_is_exchanged_once_by_the_browser_that_asked(store: Store) {
    let ada = manager(&store, "ada").await;
    let token = mail(&store, &ada, 1).await;
    assert_eq!(
        store
            .token_of_request(SETUP, &hash(9), at(1))
            .await
            .unwrap(),
        None
    );
    let mut tx = store.begin().await.unwrap();
    tx.set_token_code(&token.id, b"sealed", &hash(9))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let found = store
        .token_of_request(SETUP, &hash(9), at(1))
        .await
        .unwrap();
    assert_eq!(found, Some((token.clone(), b"sealed".to_vec())));
    assert_eq!(
        store
            .token_of_request(SETUP, &hash(8), at(1))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .token_of_request(Purpose::NotMe, &hash(9), at(1))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .token_of_request(SETUP, &hash(9), at(100))
            .await
            .unwrap(),
        None
    );

    let exchange = |number: usize| {
        let (store, id) = (store.clone(), token.id.clone());
        async move {
            let mut tx = store.begin().await.unwrap();
            let new = hash(50 + u8::try_from(number).unwrap());
            let won = tx.exchange_token_code(&id, &new, at(1)).await.unwrap();
            tx.commit().await.unwrap();
            won
        }
    };
    let results = all_at_once(20, exchange).await;
    assert_eq!(winners(&results), 1);
    assert_eq!(
        store
            .token_of_request(SETUP, &hash(9), at(1))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store.token(SETUP, &hash(1)).await.unwrap(),
        None,
        "the link is another one"
    );
    let winner = u8::try_from(results.iter().position(|won| *won).unwrap()).unwrap();
    assert!(
        store
            .token(SETUP, &hash(50 + winner))
            .await
            .unwrap()
            .is_some()
    );
}

/// A token of another purpose, made at this second.
async fn make(store: &Store, account: &AccountId, number: u8, purpose: Purpose, seconds: i64) {
    let token = Token {
        expires_at: at(seconds + 100),
        pending: Some("Old@Town.example".to_owned()),
        ..rows::token(&format!("token-{number}"), purpose, account, at(seconds))
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_token(&token, &hash(number)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn the_live_token_is_the_newest_that_can_be_consumed(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    let live = async |seconds| {
        let found = store.live_token(&ada, UNDO, at(seconds)).await.unwrap();
        found.map(|token| token.id.to_string())
    };
    assert_eq!(live(1).await, None);
    make(&store, &ada, 1, UNDO, 1).await;
    make(&store, &ada, 2, UNDO, 2).await;
    make(&store, &ada, 3, SETUP, 3).await;
    make(&store, &bea, 4, UNDO, 4).await;
    assert_eq!(live(4).await.as_deref(), Some("token-2"));
    assert_eq!(live(102).await, None);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.newest_token(&ada, UNDO).await.unwrap(), Some(at(2)));
    let used = tx.consume_token(UNDO, &hash(2), at(5)).await.unwrap();
    assert!(used.is_some());
    assert_eq!(tx.newest_token(&ada, UNDO).await.unwrap(), Some(at(2)));
    assert_eq!(tx.newest_token(&ada, Purpose::NotMe).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(live(5).await.as_deref(), Some("token-1"));
}

async fn tokens_are_made_void_from_a_moment_on(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    for number in 1..=3 {
        make(&store, &ada, number, UNDO, i64::from(number)).await;
    }
    make(&store, &bea, 4, UNDO, 4).await;
    make(&store, &ada, 5, SETUP, 5).await;
    let mut tx = store.begin().await.unwrap();
    tx.void_tokens_since(&ada, UNDO, at(2), at(9))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for (number, purpose, lives) in [
        (1, UNDO, true),
        (2, UNDO, false),
        (3, UNDO, false),
        (4, UNDO, true),
        (5, SETUP, true),
    ] {
        let found = store.token(purpose, &hash(number)).await.unwrap();
        assert_eq!(found.is_some(), lives, "{number}");
    }
}

async fn an_address_that_can_be_taken_back_is_reserved(store: Store) {
    let (ada, bea) = (manager(&store, "ada").await, manager(&store, "bea").await);
    make(&store, &ada, 1, UNDO, 1).await;
    make(&store, &ada, 2, Purpose::EmailChange, 1).await;
    let reserved = async |realm: Realm, key: &str, own: &AccountId, seconds| {
        let mut tx = store.begin().await.unwrap();
        let reserved = tx
            .address_is_reserved(&realm, key, own, at(seconds))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        reserved
    };
    let (house, key) = (Realm::BackOffice, "old@town.example");
    assert!(reserved(house.clone(), key, &bea, 2).await);
    assert!(!reserved(house.clone(), key, &ada, 2).await, "not from her");
    assert!(
        !reserved(house.clone(), key, &bea, 101).await,
        "not for ever"
    );
    assert!(!reserved(house.clone(), "new@town.example", &bea, 2).await);
    let organisation = Realm::Organisation(OrganisationId::from("a".to_owned()));
    assert!(!reserved(organisation, key, &bea, 2).await, "not elsewhere");
    let mut tx = store.begin().await.unwrap();
    tx.void_tokens(&ada, UNDO, at(3)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!reserved(house, key, &bea, 4).await);
}
