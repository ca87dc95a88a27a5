//! Accepting an invitation with an account at a provider.

use crate::support::{
    Visitor,
    providers::{
        Stage, TENANT, assert_turned_away, come_back, google_account, leads_to, microsoft_account,
        with_providers,
    },
};
use contract::{Door, Provider, RefusedBecause};
use domain::Locale;
use testkit::{OpenId, wire::Reply};

with_providers! {
    b18_b20_b21_the_holder_of_the_link_comes_in_with_either,
    b20_the_link_works_once_and_only_for_its_holder,
    b34_turning_back_uses_nothing_up,
}

/// The secret of an invitation's link.
pub fn token(link: &str) -> &str {
    link.rsplit_once('=').unwrap().1
}

/// Presses "Continue with …" on the page of an invitation.
pub async fn press(visitor: &mut Visitor, provider: &OpenId, token: &str) -> Reply {
    let name = match provider.kind {
        testkit::openid::Kind::Google => "google",
        testkit::openid::Kind::Microsoft => "microsoft",
    };
    let fields = [
        ("provider", name),
        ("token", token),
        ("door", &Door::BackOffice.tag()),
        ("locale", "en"),
    ];
    visitor.post("/api/accept_invitation_with", &fields).await
}

/// Red when the address at the provider must be that of the invitation, or the link is not used up.
async fn b18_b20_b21_the_holder_of_the_link_comes_in_with_either(stage: &Stage) {
    for provider in [&stage.google, &stage.microsoft] {
        let (person, link) = stage.invited(Locale::En, None).await;
        provider.is(match provider.kind {
            testkit::openid::Kind::Google => google_account("own@mail.example", "a-guest"),
            testkit::openid::Kind::Microsoft => {
                microsoft_account(TENANT, "object-9", "a@b.example")
            }
        });
        let mut visitor = stage.visitor();
        let reply = press(&mut visitor, provider, token(&link)).await;
        let page = come_back(&mut visitor, &provider.consent(&leads_to(&reply))).await;
        assert_eq!(page.url, "/back-office", "{}", page.text());
        assert!(visitor.is_in().await);
        assert_eq!(stage.linked(&person).await.len(), 1);
        stage.ignore_mail_to(&person.email).await;
        stage.in_through(&person, provider).await;
        // B20: once.
        let again = press(&mut stage.visitor(), provider, token(&link)).await;
        assert!(again.header("refresh").is_empty());
        // It is the only way in, and stays.
        let mut manager = stage.in_through(&person, provider).await;
        let reply = stage.unlink(&mut manager, provider, "").await;
        assert_eq!(reply.status, 303);
        assert_eq!(stage.linked(&person).await.len(), 1, "B35: the only way in");
    }
}

/// Red when two browsers with one link both get in, or a link that is over is not looked at again.
async fn b20_the_link_works_once_and_only_for_its_holder(stage: &Stage) {
    let (person, link) = stage.invited(Locale::En, None).await;
    let mut first = stage.visitor();
    let begun = press(&mut first, &stage.google, token(&link)).await;
    stage
        .google
        .is(google_account("first@mail.example", "first"));
    let back = stage.google.consent(&leads_to(&begun));
    // Meanwhile somebody with the same link was quicker.
    let mut second = stage.visitor();
    let begun = press(&mut second, &stage.microsoft, token(&link)).await;
    stage
        .microsoft
        .is(microsoft_account(TENANT, "second", "a@b.example"));
    let page = come_back(&mut second, &stage.microsoft.consent(&leads_to(&begun))).await;
    assert_eq!(page.url, "/back-office", "{}", page.text());
    let page = come_back(&mut first, &back).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::Expired);
    assert!(!first.is_in().await);
    assert_eq!(stage.linked(&person).await.len(), 1);
    stage.ignore_mail_to(&person.email).await;
    for rubbish in ["", "rubbish", "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"] {
        let reply = press(&mut stage.visitor(), &stage.google, rubbish).await;
        assert!(reply.header("refresh").is_empty(), "{rubbish}");
    }
}

/// Red when a link is used up by setting out.
async fn b34_turning_back_uses_nothing_up(stage: &Stage) {
    let (person, link) = stage.invited(Locale::En, None).await;
    let mut visitor = stage.visitor();
    let reply = press(&mut visitor, &stage.microsoft, token(&link)).await;
    let back = stage
        .microsoft
        .refuse(&leads_to(&reply), "access_denied", "");
    let page = come_back(&mut visitor, &back).await;
    assert_turned_away(&page, Provider::Microsoft, RefusedBecause::Cancelled);
    stage
        .microsoft
        .is(microsoft_account(TENANT, "object-1", "a@b.example"));
    let reply = press(&mut visitor, &stage.microsoft, token(&link)).await;
    let page = come_back(&mut visitor, &stage.microsoft.consent(&leads_to(&reply))).await;
    assert_eq!(page.url, "/back-office", "{}", page.text());
    stage.ignore_mail_to(&person.email).await;
}
