use crate::house::{House, google};
use domain::{Locale, Provider, token::Secret};
use identity::{BegunFlow, Client, CommonError, Error, FlowAim, NewFlow};

both!(
    a_round_trip_is_taken_once_in_its_browser,
    a_round_trip_is_over_after_ten_minutes,
    nothing_that_must_be_known_later_is_stored_in_clear,
    one_network_begins_so_many,
    a_lock_ends_what_was_begun_for_an_account,
);

async fn begin(house: &House) -> BegunFlow {
    let new = NewFlow {
        provider: Provider::Google,
        next: Some("/settings".to_owned()),
        locale: Locale::Fr,
    };
    let client = Client::default();
    house.identity.begin_flow(new, &client).await.unwrap()
}

async fn take(house: &House, begun: &BegunFlow) -> Result<identity::Flow, Error> {
    let (state, browser) = (begun.state.expose(), &begun.browser);
    house
        .identity
        .take_flow(Provider::Google, state, browser)
        .await
}

/// Red when a callback is answered twice, at the other provider's address, or in another browser.
async fn a_round_trip_is_taken_once_in_its_browser(house: &House) {
    let (begun, other) = (begin(house).await, begin(house).await);
    let identity = &house.identity;
    let state = begun.state.expose();
    for (provider, state, browser) in [
        (Provider::Microsoft, state, &begun.browser),
        (Provider::Google, state, &other.browser),
        (Provider::Google, other.state.expose(), &begun.browser),
        (Provider::Google, begun.nonce.expose(), &begun.browser),
        (Provider::Google, "", &begun.browser),
    ] {
        let refused = identity.take_flow(provider, state, browser).await;
        assert!(matches!(refused, Err(Error::NoFlow)), "{refused:?}");
    }
    let flow = take(house, &begun).await.unwrap();
    assert_eq!((flow.provider, flow.locale), (Provider::Google, Locale::Fr));
    let next = Some("/settings".to_owned());
    assert_eq!(flow.aim, FlowAim::SignIn { next });
    assert_eq!(flow.nonce.expose(), begun.nonce.expose());
    assert_eq!(flow.verifier.expose(), begun.verifier.expose());
    assert!(matches!(take(house, &begun).await, Err(Error::NoFlow)));
    assert!(take(house, &other).await.is_ok());
}

async fn a_round_trip_is_over_after_ten_minutes(house: &House) {
    let (early, late) = (begin(house).await, begin(house).await);
    house.clock.advance_secs(599);
    assert!(take(house, &early).await.is_ok());
    house.clock.advance_secs(1);
    assert!(matches!(take(house, &late).await, Err(Error::NoFlow)));
}

/// Red when a copy of the database would let somebody finish what was begun.
async fn nothing_that_must_be_known_later_is_stored_in_clear(house: &House) {
    let begun = begin(house).await;
    let secrets = [&begun.state, &begun.browser, &begun.nonce, &begun.verifier];
    let shape = |secret: &Secret| Secret::present(secret.expose()).is_some();
    assert!(secrets.iter().all(|secret| shape(secret)));
    for (number, secret) in secrets.iter().enumerate() {
        let others = &secrets[number + 1..];
        assert!(others.iter().all(|other| other.expose() != secret.expose()));
    }
    let shown = format!("{begun:?}");
    assert!(
        secrets
            .iter()
            .all(|secret| !shown.contains(secret.expose()))
    );
    let flow = take(house, &begun).await.unwrap();
    assert!(!format!("{flow:?}").contains("settings"));
}

async fn one_network_begins_so_many(house: &House) {
    for _ in 0..100 {
        begin(house).await;
    }
    let new = || NewFlow {
        provider: Provider::Google,
        next: None,
        locale: Locale::En,
    };
    let refused = house.identity.begin_flow(new(), &Client::default()).await;
    assert!(matches!(
        refused,
        Err(Error::Common(CommonError::TooManyTries { .. }))
    ));
    let elsewhere = Client {
        network: "203.0.113.7".to_owned(),
        ..Client::default()
    };
    assert!(house.identity.begin_flow(new(), &elsewhere).await.is_ok());
}

/// Red when a lock leaves a way to finish a link.
async fn a_lock_ends_what_was_begun_for_an_account(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    let (provider, client) = (Provider::Google, Client::default());
    let identity = &house.identity;
    let proof = identity
        .prove_unless_recent(&who, "", Client::none())
        .await
        .unwrap();
    let allowed = identity.allow_link(&client).await.unwrap();
    let place = (provider, Locale::En);
    let begun = identity
        .begin_link(&who, allowed, place, proof, &client)
        .await
        .unwrap();
    let taken = house.go_to(&who, Provider::Google).await.unwrap();
    assert_eq!(identity.store.stored_flows(&ada).await.unwrap().len(), 1);
    let account = identity.store.account(&ada).await.unwrap().unwrap();
    identity.set_locked(&account, true).await.unwrap();
    assert!(matches!(take(house, &begun).await, Err(Error::NoFlow)));
    let refused = identity.link(&who, &taken, &google("ada"), &client).await;
    assert!(
        matches!(refused, Err(Error::Common(CommonError::SessionEnded))),
        "{refused:?}"
    );
    assert_eq!(house.linked(&ada).await, []);
}
