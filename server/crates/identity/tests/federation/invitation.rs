use crate::house::{House, PASSWORD, google, microsoft};
use domain::{AccountId, LinkedAccountId, Locale, Provider, provider::Claims, session::FirstStep};
use identity::{Client, CommonError, Error, EventKind, FlowAim, SignedIn};
use store::LinkedAccount;
use testkit::rows;

both!(
    an_invitation_is_accepted_with_a_provider,
    an_invitation_is_accepted_once,
    an_account_that_is_linked_elsewhere_leaves_the_link_alive,
    the_round_trip_of_an_invitation_brings_its_secret_back,
    a_dead_link_begins_nothing,
    nothing_from_before_survives_a_provider,
    nothing_from_before_survives_a_password,
);

async fn accept(house: &House, token: &str, claims: &Claims) -> Result<SignedIn, Error> {
    let client = Client::default();
    let progress = house.identity.set_up_with(token, claims, &client).await?;
    Ok(house.is_in(progress).await.unwrap())
}

/// Red when the address at the provider must be the invited one, or is not confirmed by it.
async fn an_invitation_is_accepted_with_a_provider(house: &House) {
    for (name, claims) in [("ada", microsoft("private")), ("bob", google("other"))] {
        let (id, token) = house.invited(name).await;
        let who = accept(house, &token, &claims).await.unwrap();
        assert_eq!(who.account.id, id);
        assert!(who.account.email_confirmed_at.is_some());
        assert_eq!(who.account.password_hash, None);
        let first = FirstStep::Provider(claims.subject.provider());
        assert_eq!(who.session.method.first, first);
        assert_eq!(house.lines(&id, EventKind::AccountSetUp).await, 1);
        assert_eq!(house.lines(&id, EventKind::ProviderLinked).await, 1);
        assert_eq!(house.enter(&claims).await.unwrap().account.id, id);
    }
    assert_eq!(house.mails("provider_linked").await.len(), 2);
}

async fn an_invitation_is_accepted_once(house: &House) {
    let (ada, token) = house.invited("ada").await;
    accept(house, &token, &microsoft("ada")).await.unwrap();
    let again = accept(house, &token, &microsoft("eve")).await;
    assert!(
        matches!(again, Err(Error::Common(CommonError::DeadLink))),
        "{again:?}"
    );
    let client = Client::default();
    let again = house
        .identity
        .set_up_account(&token, PASSWORD, &client)
        .await;
    assert!(
        matches!(again, Err(Error::Common(CommonError::DeadLink))),
        "{again:?}"
    );
    let guessed = accept(house, "guessed", &microsoft("eve")).await;
    assert!(
        matches!(guessed, Err(Error::Common(CommonError::DeadLink))),
        "{guessed:?}"
    );
    assert_eq!(house.linked(&ada).await, [Provider::Microsoft]);
}

/// Red when the link is used up although nothing came of it.
async fn an_account_that_is_linked_elsewhere_leaves_the_link_alive(house: &House) {
    house.manager_from("eve", Provider::Microsoft).await;
    let (ada, token) = house.invited("ada").await;
    let refused = accept(house, &token, &microsoft("eve")).await;
    assert!(
        matches!(refused, Err(Error::LinkedElsewhere)),
        "{refused:?}"
    );
    let account = house.identity.store.account(&ada).await.unwrap().unwrap();
    assert_eq!(account.email_confirmed_at, None);
    accept(house, &token, &microsoft("ada")).await.unwrap();
}

async fn the_round_trip_of_an_invitation_brings_its_secret_back(house: &House) {
    let (_, token) = house.invited("ada").await;
    let (provider, client) = (Provider::Microsoft, Client::default());
    let identity = &house.identity;
    let begun = identity
        .begin_invitation_flow(provider, &token, Locale::Fr, &client)
        .await
        .unwrap();
    let page = identity.setup_page(&token).await.unwrap();
    assert!(page.is_some(), "nothing is used up");
    let flow = identity
        .take_flow(provider, begun.state.expose(), &begun.browser)
        .await
        .unwrap();
    assert_eq!(flow.locale, Locale::Fr);
    assert!(!format!("{flow:?}").contains(&token));
    assert_eq!(flow.aim, FlowAim::Invitation { token });
}

async fn a_dead_link_begins_nothing(house: &House) {
    let (_, token) = house.invited("ada").await;
    accept(house, &token, &microsoft("ada")).await.unwrap();
    let (provider, client) = (Provider::Google, Client::default());
    let begun = house
        .identity
        .begin_invitation_flow(provider, &token, Locale::En, &client);
    assert!(matches!(
        begun.await,
        Err(Error::Common(CommonError::DeadLink))
    ));
}

/// What somebody may have put into an account before its owner came: an account of her own, a
/// session, and a round trip that is under way.
async fn trojan(house: &House, id: &AccountId, token: &str) {
    let now = domain::Clock::now(&house.clock);
    let mut tx = house.identity.store.begin().await.unwrap();
    let linked = LinkedAccount {
        id: LinkedAccountId::from("trojan".to_owned()),
        account_id: id.clone(),
        subject: microsoft("thief").subject,
        email: None,
        linked_at: now,
        last_used_at: None,
    };
    assert!(tx.insert_linked_account(&linked).await.unwrap());
    let mut session = rows::session("trojan", id, now);
    session.method.first = FirstStep::Provider(Provider::Microsoft);
    tx.insert_session(&session, &[7; 32]).await.unwrap();
    tx.commit().await.unwrap();
    let (provider, client) = (Provider::Google, Client::default());
    house
        .identity
        .begin_invitation_flow(provider, token, Locale::En, &client)
        .await
        .unwrap();
}

async fn nothing_is_left(house: &House, id: &AccountId) {
    let sessions = house.identity.store.sessions_of(id).await.unwrap();
    assert!(sessions.iter().all(|open| open.id.as_str() != "trojan"));
    assert_eq!(house.identity.store.stored_flows(id).await.unwrap(), []);
    let refused = house.enter(&microsoft("thief")).await;
    assert!(matches!(refused, Err(Error::NotLinked)), "{refused:?}");
}

/// Red when one of the five pre-hijacking attacks finds its way back in (USENIX Security 2022).
async fn nothing_from_before_survives_a_provider(house: &House) {
    let (ada, token) = house.invited("ada").await;
    trojan(house, &ada, &token).await;
    accept(house, &token, &google("ada")).await.unwrap();
    nothing_is_left(house, &ada).await;
    assert_eq!(house.linked(&ada).await, [Provider::Google]);
}

async fn nothing_from_before_survives_a_password(house: &House) {
    let (ada, token) = house.invited("ada").await;
    trojan(house, &ada, &token).await;
    let client = Client::default();
    let set_up = house.identity.set_up_account(&token, PASSWORD, &client);
    set_up.await.unwrap();
    nothing_is_left(house, &ada).await;
    house.sign_in("ada").await;
}
