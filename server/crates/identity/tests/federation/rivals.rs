//! Several at once: whatever may happen once has one winner.

use crate::house::{House, PASSWORD, google, microsoft};
use domain::{Locale, Provider};
use identity::{Client, CommonError, Error, EventKind, NewFlow};
use std::sync::Arc;

both!(
    two_callbacks_with_one_state_have_one_winner,
    two_accounts_that_link_one_subject_have_one_winner,
    two_accounts_of_a_provider_have_one_winner,
    two_first_times_bind_once,
    two_who_accept_one_invitation_have_one_winner,
    linking_beside_the_deletion_of_the_account_leaves_nothing,
);

/// Lets everybody go at once, and gives what each was told.
async fn at_once<T, F>(callers: Vec<F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let running: Vec<_> = callers.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::new();
    for caller in running {
        results.push(caller.await.unwrap());
    }
    results
}

async fn two_callbacks_with_one_state_have_one_winner(house: &House) {
    let (provider, client) = (Provider::Google, Client::default());
    let new = NewFlow {
        provider,
        next: None,
        locale: Locale::En,
    };
    let begun = Arc::new(house.identity.begin_flow(new, &client).await.unwrap());
    let callers = (0..8).map(|_| {
        let (identity, begun) = (Arc::clone(&house.identity), Arc::clone(&begun));
        async move {
            let (state, browser) = (begun.state.expose(), &begun.browser);
            identity.take_flow(provider, state, browser).await.is_ok()
        }
    });
    let results = at_once(callers.collect()).await;
    assert_eq!(results.iter().filter(|won| **won).count(), 1);
}

async fn two_accounts_that_link_one_subject_have_one_winner(house: &House) {
    let mut callers = Vec::new();
    for name in ["ada", "bob", "eve"] {
        house.manager(name).await;
        let who = house.sign_in(name).await;
        let flow = house.go_to(&who, Provider::Microsoft).await.unwrap();
        let identity = Arc::clone(&house.identity);
        callers.push(async move {
            let (claims, client) = (microsoft("shared"), Client::default());
            identity.link(&who, &flow, &claims, &client).await
        });
    }
    let results = at_once(callers).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let refused = results
        .iter()
        .filter(|result| matches!(result, Err(Error::LinkedElsewhere)));
    assert_eq!(refused.count(), 2, "{results:?}");
}

async fn two_accounts_of_a_provider_have_one_winner(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    let mut callers = Vec::new();
    let mut flows = Vec::new();
    for name in ["one", "two"] {
        flows.push((name, house.go_to(&who, Provider::Microsoft).await.unwrap()));
    }
    for (name, flow) in flows {
        let (identity, who) = (Arc::clone(&house.identity), who.clone());
        callers.push(async move {
            let (claims, client) = (microsoft(name), Client::default());
            identity.link(&who, &flow, &claims, &client).await.is_ok()
        });
    }
    let results = at_once(callers).await;
    assert_eq!(results.iter().filter(|won| **won).count(), 1);
    assert_eq!(house.linked(&ada).await, [Provider::Microsoft]);
    assert_eq!(house.lines(&ada, EventKind::ProviderLinked).await, 1);
}

/// Red when one of two browsers that come back together is turned away, or both are told of.
async fn two_first_times_bind_once(house: &House) {
    let ada = house.manager("ada").await;
    let callers = (0..4).map(|_| {
        let identity = Arc::clone(&house.identity);
        async move {
            let (claims, client) = (google("ada"), Client::default());
            identity.sign_in_with(&claims, None, &client).await.is_ok()
        }
    });
    assert_eq!(at_once(callers.collect()).await, [true; 4]);
    assert_eq!(house.linked(&ada).await, [Provider::Google]);
    assert_eq!(house.lines(&ada, EventKind::ProviderLinked).await, 1);
}

async fn two_who_accept_one_invitation_have_one_winner(house: &House) {
    let (ada, token) = house.invited("ada").await;
    let callers = ["one", "two", "three"].map(|name| {
        let (identity, token) = (Arc::clone(&house.identity), token.clone());
        async move {
            let (claims, client) = (microsoft(name), Client::default());
            identity.set_up_with(&token, &claims, &client).await.is_ok()
        }
    });
    let results = at_once(callers.into()).await;
    assert_eq!(results.iter().filter(|won| **won).count(), 1);
    assert_eq!(house.linked(&ada).await, [Provider::Microsoft]);
}

/// Red when a link is written for an account that is gone, or keeps it from going.
async fn linking_beside_the_deletion_of_the_account_leaves_nothing(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    let client = Client::default();
    let proof = house
        .identity
        .prove(&who, PASSWORD, Client::none())
        .await
        .unwrap();
    house
        .identity
        .ask_deletion(&who, proof, &client)
        .await
        .unwrap();
    house.clock.advance_secs(7 * 24 * 3600);
    let who = house.sign_in("ada").await;
    let flow = house.go_to(&who, Provider::Microsoft).await.unwrap();
    let identity = Arc::clone(&house.identity);
    let linking = tokio::spawn(async move {
        let claims = microsoft("ada");
        identity.link(&who, &flow, &claims, &client).await
    });
    let identity = Arc::clone(&house.identity);
    let deleting = tokio::spawn(async move { identity.delete_due_accounts().await });
    let linked = linking.await.unwrap();
    assert!(
        matches!(
            linked,
            Ok(()) | Err(Error::Common(CommonError::SessionEnded))
        ),
        "{linked:?}"
    );
    assert_eq!(deleting.await.unwrap().unwrap(), 1);
    assert_eq!(house.linked(&ada).await, []);
    // Whoever it was is nobody's any more.
    let refused = house.enter(&microsoft("ada")).await;
    assert!(matches!(refused, Err(Error::NotLinked)), "{refused:?}");
}
