use crate::house::{House, PASSWORD, google, microsoft};
use domain::{Locale, Provider};
use identity::{Client, CommonError, Error, EventKind};
use mail::Message;

both!(
    what_was_linked_opens_the_account,
    what_is_linked_elsewhere_is_not_linked_twice,
    linking_is_told_and_signs_everybody_else_out,
    another_account_of_the_provider_is_refused_before_the_proof_is_used,
    a_link_is_finished_in_the_session_that_began_it,
    what_comes_back_from_the_other_provider_links_nothing,
    a_session_that_ended_meanwhile_links_nothing,
);

/// Red when a link from the settings does not open the account, whatever its address.
async fn what_was_linked_opens_the_account(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    let private = microsoft("ada.private");
    house.link(&who, &private).await.unwrap();
    assert_eq!(house.enter(&private).await.unwrap().account.id, ada);
    assert_eq!(house.linked(&ada).await, [Provider::Microsoft]);
    // Finished a second time it is linked as it is, and told once.
    let again = house.link(&who, &private).await;
    assert!(matches!(again, Err(Error::AnotherIsLinked)), "{again:?}");
    assert_eq!(house.lines(&ada, EventKind::ProviderLinked).await, 1);
}

async fn what_is_linked_elsewhere_is_not_linked_twice(house: &House) {
    let (ada, eve) = (house.manager("ada").await, house.manager("eve").await);
    let who = house.sign_in("ada").await;
    house.link(&who, &microsoft("shared")).await.unwrap();
    let other = house.sign_in("eve").await;
    let third = house.sign_in("eve").await;
    let refused = house.link(&other, &microsoft("shared")).await;
    assert!(
        matches!(refused, Err(Error::LinkedElsewhere)),
        "{refused:?}"
    );
    assert_eq!(house.linked(&eve).await, []);
    assert!(house.is_still_in(&third).await, "nothing changed");
    assert_eq!(
        house.enter(&microsoft("shared")).await.unwrap().account.id,
        ada
    );
}

/// Red when a stranger's session outlives a link, or the owner is not told whom she must suspect.
async fn linking_is_told_and_signs_everybody_else_out(house: &House) {
    let ada = house.manager("ada").await;
    let (stranger, who) = (house.sign_in("ada").await, house.sign_in("ada").await);
    house.link(&who, &google("private")).await.unwrap();
    assert!(!house.is_still_in(&stranger).await);
    assert!(house.is_still_in(&who).await);
    let mails = house.mails("provider_linked").await;
    let [Message::ProviderLinked(notice)] = mails.as_slice() else {
        panic!("one mail: {mails:?}");
    };
    assert_eq!(notice.provider, "Google");
    assert_eq!(notice.email.as_deref(), Some("private@gmail.com"));
    let lines = house.identity.store.activity(&ada, 100).await.unwrap();
    let line = lines.iter().find(|line| line.kind == "provider_linked");
    let details = &line.unwrap().details;
    assert!(details.contains("linked_google") && details.contains("private@gmail.com"));
}

async fn another_account_of_the_provider_is_refused_before_the_proof_is_used(house: &House) {
    house.manager("ada").await;
    let who = house.sign_in("ada").await;
    house.link(&who, &google("first")).await.unwrap();
    let identity = &house.identity;
    let proof = identity
        .prove(&who, PASSWORD, Client::none())
        .await
        .unwrap();
    let (provider, client) = (Provider::Google, Client::default());
    let allowed = identity.allow_link(&client).await.unwrap();
    let place = (provider, Locale::En);
    let begun = identity.begin_link(&who, allowed, place, proof, &client);
    assert!(matches!(begun.await, Err(Error::AnotherIsLinked)));
    // Both begun while nothing was linked: the second to come back is too late.
    let (one, two) = (
        house.go_to(&who, Provider::Microsoft).await,
        house.go_to(&who, Provider::Microsoft).await,
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    identity
        .link(&who, &one, &microsoft("one"), &client)
        .await
        .unwrap();
    let again = identity.link(&who, &two, &microsoft("two"), &client).await;
    assert!(matches!(again, Err(Error::AnotherIsLinked)), "{again:?}");
}

/// Red when a flow of one person, or of one session, links in another (Keycloak CVE-2026-9087).
async fn a_link_is_finished_in_the_session_that_began_it(house: &House) {
    let ada = house.manager("ada").await;
    let eve = house.manager("eve").await;
    let (who, other) = (house.sign_in("ada").await, house.sign_in("ada").await);
    let stranger = house.sign_in("eve").await;
    let client = Client::default();
    for wrong in [&other, &stranger] {
        let flow = house.go_to(&who, Provider::Microsoft).await.unwrap();
        let claims = microsoft("ada");
        let refused = house.identity.link(wrong, &flow, &claims, &client);
        assert!(matches!(refused.await, Err(Error::NoFlow)));
    }
    assert_eq!(house.linked(&ada).await, []);
    assert_eq!(house.linked(&eve).await, []);
}

async fn what_comes_back_from_the_other_provider_links_nothing(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    let flow = house.go_to(&who, Provider::Microsoft).await.unwrap();
    let client = Client::default();
    let claims = google("ada");
    let refused = house.identity.link(&who, &flow, &claims, &client);
    assert!(matches!(refused.await, Err(Error::NoFlow)));
    assert_eq!(house.linked(&ada).await, []);
}

async fn a_session_that_ended_meanwhile_links_nothing(house: &House) {
    let ada = house.manager("ada").await;
    let who = house.sign_in("ada").await;
    let flow = house.go_to(&who, Provider::Google).await.unwrap();
    let client = Client::default();
    house.identity.sign_out(&who, &client).await.unwrap();
    let claims = google("ada");
    let refused = house.identity.link(&who, &flow, &claims, &client);
    assert!(matches!(
        refused.await,
        Err(Error::Common(CommonError::SessionEnded))
    ));
    assert_eq!(house.linked(&ada).await, []);
}
