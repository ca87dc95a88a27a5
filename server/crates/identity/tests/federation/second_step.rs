use crate::house::{House, google, microsoft};
use domain::{
    Provider, Realm,
    provider::Claims,
    session::{FirstStep, SecondStep},
    token::Secret,
};
use identity::{Client, Error, GivenCode, OpenedSession, Progress};

both!(
    a_code_is_asked_for_after_a_provider_too,
    a_remembered_browser_is_spared_the_code,
    microsofts_own_factor_counts_where_every_organisation_says_so,
    a_sign_in_is_void_when_its_link_is_gone,
    five_wrong_codes_end_a_sign_in_from_a_provider,
);

async fn code_needed(house: &House, claims: &Claims, client: &Client) -> Option<Secret> {
    let progress = house.identity.sign_in_with(claims, None, client).await;
    match progress.unwrap() {
        Progress::CodeNeeded(token) => Some(token),
        _ => None,
    }
}

async fn give(
    house: &House,
    token: &Secret,
    typed: &str,
    client: &Client,
) -> Result<OpenedSession, Error> {
    let code = GivenCode {
        typed,
        remember: true,
    };
    let realm = Realm::BackOffice;
    house.identity.give_code(&realm, token, code, client).await
}

/// Red when a first step alone opens a session of an account that has a second factor (Zitadel
/// CVE-2025-64103).
async fn a_code_is_asked_for_after_a_provider_too(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    house.link(&who, &microsoft("ada")).await.unwrap();
    let phone = house.telephone(&ada).await;
    let client = Client::default();
    for claims in [google("ada"), microsoft("ada")] {
        house.clock.advance_secs(60);
        let token = code_needed(house, &claims, &client).await.unwrap();
        let opened = give(house, &token, &phone.code(), &client).await.unwrap();
        let method = opened.session.method;
        assert_eq!(method.first, FirstStep::Provider(claims.subject.provider()));
        assert_eq!(method.second, Some(SecondStep::Code));
    }
}

async fn a_remembered_browser_is_spared_the_code(house: &House) {
    let ada = house.manager("ada").await;
    let phone = house.telephone(&ada).await;
    let stranger = Client::default();
    let token = code_needed(house, &google("ada"), &stranger).await.unwrap();
    let opened = give(house, &token, &phone.code(), &stranger).await.unwrap();
    let devices = opened.devices;
    let known = Client {
        devices,
        ..Client::default()
    };
    assert!(code_needed(house, &google("ada"), &known).await.is_none());
    assert!(
        code_needed(house, &google("ada"), &stranger)
            .await
            .is_some()
    );
    let sessions = house.identity.store.sessions_of(&ada).await.unwrap();
    let seconds: Vec<_> = sessions
        .iter()
        .map(|session| session.method.second)
        .collect();
    assert!(seconds.contains(&Some(SecondStep::RememberedDevice)));
}

/// Red when one organisation of several decides for all, when a factor counts that Microsoft did not ask
/// for, or when Google's does.
async fn microsofts_own_factor_counts_where_every_organisation_says_so(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    house.link(&who, &microsoft("ada")).await.unwrap();
    house.telephone(&ada).await;
    let client = Client::default();
    let with = |claims: Claims| Claims {
        second_factor: true,
        ..claims
    };
    let factor = with(microsoft("ada"));
    assert!(
        code_needed(house, &factor, &client).await.is_some(),
        "no organisation"
    );
    house.joins(&ada, "east", true).await;
    assert!(code_needed(house, &factor, &client).await.is_none());
    let sessions = house.identity.store.sessions_of(&ada).await.unwrap();
    let own = Some(SecondStep::ProvidersOwn);
    assert!(sessions.iter().any(|session| session.method.second == own));
    let without = microsoft("ada");
    assert!(code_needed(house, &without, &client).await.is_some());
    let other = with(google("ada"));
    assert!(code_needed(house, &other, &client).await.is_some());
    house.joins(&ada, "west", false).await;
    assert!(code_needed(house, &factor, &client).await.is_some());
}

/// Red when a code finishes what was begun with an account that is linked no longer.
async fn a_sign_in_is_void_when_its_link_is_gone(house: &House) {
    let ada = house.manager("ada").await;
    house.enter(&google("ada")).await.unwrap();
    let phone = house.telephone(&ada).await;
    let client = Client::default();
    let token = code_needed(house, &google("ada"), &client).await.unwrap();
    // Behind the back of the use cases, which would remove the begun sign-in as well.
    let mut tx = house.identity.store.begin().await.unwrap();
    let gone = tx.delete_linked_account(&ada, Provider::Google).await;
    assert!(gone.unwrap().is_some());
    tx.commit().await.unwrap();
    let realm = Realm::BackOffice;
    let pending = house.identity.pending_sign_in(&realm, &token).await;
    assert!(pending.unwrap().is_none());
    let refused = give(house, &token, &phone.code(), &client).await;
    assert!(matches!(refused, Err(Error::NoSignIn)), "{refused:?}");
}

async fn five_wrong_codes_end_a_sign_in_from_a_provider(house: &House) {
    let ada = house.manager("ada").await;
    let phone = house.telephone(&ada).await;
    let client = Client::default();
    let token = code_needed(house, &google("ada"), &client).await.unwrap();
    let wrong = phone.off_by(90 * 60).code();
    for _ in 0..4 {
        let refused = give(house, &token, &wrong, &client).await;
        assert!(matches!(refused, Err(Error::CodeRejected)), "{refused:?}");
    }
    let refused = give(house, &token, &wrong, &client).await;
    assert!(matches!(refused, Err(Error::NoSignIn)), "{refused:?}");
}
