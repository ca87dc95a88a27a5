//! Linking and unlinking, from the settings.

use crate::{
    new_phone::remembered,
    support::{
        providers::{
            Stage, TENANT, assert_turned_away, come_back, google_account, leads_to,
            microsoft_account, with_providers,
        },
        words::{assert_refused, assert_says},
    },
};
use app::paths;
use contract::{Door, Problem, Provider, ProviderProblem, RefusedBecause};
use http::Method;
use testkit::wire::Request;

with_providers! {
    b28_b29_b36_linking_is_told_and_opens_the_door,
    b33_an_account_is_linked_once,
    b34_turning_back_changes_nothing,
    b35_b36_unlinking_closes_the_door_but_never_the_last_one,
    linking_asks_for_a_code_where_the_password_is_not_enough,
    linking_is_limited_before_a_provider_is_asked,
    linking_takes_a_proof_and_ends_the_other_sessions,
    only_the_session_that_asked_is_linked,
    whoever_is_not_signed_in_links_nothing,
}

/// Red when linking is not told on the page, in a mail and in the log of the account.
async fn b28_b29_b36_linking_is_told_and_opens_the_door(stage: &Stage) {
    for provider in [&stage.google, &stage.microsoft] {
        let mut manager = stage.manager().await;
        let person = manager.person.clone();
        provider.is(match provider.kind {
            testkit::openid::Kind::Google => google_account("other@mail.example", "a-subject"),
            testkit::openid::Kind::Microsoft => {
                microsoft_account(TENANT, "object-1", "other@mail.example")
            }
        });
        let page = stage.link(&mut manager, provider).await;
        assert_eq!(page.url, "/profile");
        let mail = stage.mail_to(&person.email).await;
        assert_eq!(mail.kind, "provider_linked");
        assert!(mail.text.contains("other@mail.example"), "{}", mail.text);
        assert!(mail.text.contains("/not-me"), "{}", mail.text);
        assert_eq!(stage.linked(&person).await.len(), 1);
        stage.in_through(&person, provider).await;
        // Once more: nothing is begun, and nobody is told anything.
        let reply = stage
            .begin_link(&mut manager, provider, &person.password)
            .await;
        assert_eq!(reply.status, 303, "another is linked");
    }
}

/// Red when one account at a provider opens two here.
async fn b33_an_account_is_linked_once(stage: &Stage) {
    stage
        .microsoft
        .is(microsoft_account(TENANT, "object-1", "a@b.example"));
    let mut first = stage.manager().await;
    stage.link(&mut first, &stage.microsoft).await;
    assert_eq!(
        stage.mail_to(&first.person.email).await.kind,
        "provider_linked"
    );

    let mut second = stage.manager().await;
    let page = stage.link(&mut second, &stage.microsoft).await;
    assert_eq!(page.url, "/profile");
    assert_turned_away(&page, Provider::Microsoft, RefusedBecause::LinkedElsewhere);
    assert!(stage.linked(&second.person).await.is_empty());
    assert!(second.is_in().await, "a refusal ends no session");
    stage.in_through(&first.person, &stage.microsoft).await;
}

/// Red when an error of the provider is an error of ours, or is told at the wrong page.
async fn b34_turning_back_changes_nothing(stage: &Stage) {
    let mut manager = stage.manager().await;
    let proof = manager.person.password.clone();
    let reply = stage
        .begin_link(&mut manager, &stage.microsoft, &proof)
        .await;
    let back = stage.microsoft.refuse(
        &leads_to(&reply),
        "access_denied",
        "AADSTS65004: User declined to consent to access the app.",
    );
    let page = come_back(&mut manager, &back).await;
    assert_eq!(page.url, "/profile");
    assert_turned_away(&page, Provider::Microsoft, RefusedBecause::Cancelled);
    assert!(!page.text_of("title").starts_with("Error"));
    assert!(stage.linked(&manager.person).await.is_empty());
}

/// Red when the last way in can be given away, or an unlinked account still opens.
async fn b35_b36_unlinking_closes_the_door_but_never_the_last_one(stage: &Stage) {
    stage
        .microsoft
        .is(microsoft_account(TENANT, "object-1", "a@b.example"));
    let mut manager = stage.manager().await;
    let person = manager.person.clone();
    stage.link(&mut manager, &stage.microsoft).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    let reply = stage
        .unlink(&mut manager, &stage.microsoft, &person.password)
        .await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let mail = stage.mail_to(&person.email).await;
    assert_eq!(mail.kind, "provider_unlinked");
    assert!(stage.linked(&person).await.is_empty());
    let page = stage.through(&mut stage.visitor(), &stage.microsoft).await;
    assert_turned_away(&page, Provider::Microsoft, RefusedBecause::NotLinked);

    // Without a password one of two links can go, and the other one cannot.
    stage.google.is(google_account("c@d.example", "a-subject"));
    stage.link(&mut manager, &stage.microsoft).await;
    stage.link(&mut manager, &stage.google).await;
    let identity = stage.identity();
    let mut tx = identity.store.begin().await.unwrap();
    let now = identity.clock.now();
    tx.clear_password(&person.id, now).await.unwrap();
    tx.commit().await.unwrap();
    stage.unlink(&mut manager, &stage.microsoft, "").await;
    stage.ignore_mail_to(&person.email).await;
    let left = stage.linked(&person).await;
    assert_eq!(left.len(), 1);
    let request = Request::new(Method::POST, "/api/unlink_provider").with_form(&[
        ("provider", "google"),
        ("proof", ""),
        ("door", &Door::BackOffice.tag()),
        ("locale", "en"),
    ]);
    let page = manager.travel(request).await;
    assert_refused(&page, &Problem::Provider(ProviderProblem::OnlyWayIn));
    assert_eq!(
        stage.linked(&person).await,
        left,
        "no mail tells of it either"
    );
    stage.in_through(&person, &stage.google).await;
}

/// Red when a link needs no proof, or leaves a thief in.
async fn linking_takes_a_proof_and_ends_the_other_sessions(stage: &Stage) {
    stage.google.is(google_account("a@b.example", "a-subject"));
    let mut manager = stage.manager().await;
    let person = manager.person.clone();
    let mut thief = stage.visitor().sign_in(&person).await;
    // The proof of signing in is over.
    stage.clock.advance_secs(6 * 60);
    for proof in ["", "five ships in a bottle"] {
        let reply = stage.begin_link(&mut thief, &stage.google, proof).await;
        assert_eq!(reply.status, 303, "{proof}");
        assert!(reply.header("refresh").is_empty());
    }
    assert!(thief.is_in().await);
    let page = stage.link(&mut manager, &stage.google).await;
    assert_eq!(page.url, "/profile", "{}", page.text());
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    assert!(manager.is_in().await);
    assert!(!thief.is_in().await);
}

/// Red when somebody who knows the password links an account with a second factor of his own, at a browser that is asked
/// for no code.
async fn linking_asks_for_a_code_where_the_password_is_not_enough(stage: &Stage) {
    let person = stage.secured().await;
    let mut manager = remembered(stage, &person).await;
    for proof in ["", &person.password] {
        let reply = stage
            .begin_link(&mut manager, &stage.microsoft, proof)
            .await;
        assert_eq!(reply.status, 303, "{proof}");
        assert!(reply.header("refresh").is_empty());
        let page = manager.open(&paths::provider(Provider::Microsoft)).await;
        assert_says(&page, "two_factor", "code_hint");
    }
    stage.clock.advance_secs(30);
    let code = person.code();
    let reply = stage
        .begin_link(&mut manager, &stage.microsoft, &code)
        .await;
    leads_to(&reply);
    stage.ignore_mail_to(&person.email).await;
}

/// Red when a provider is asked for its documents for somebody who is beyond the limit by network.
async fn linking_is_limited_before_a_provider_is_asked(stage: &Stage) {
    let mut manager = stage.manager().await;
    let mut neighbour = stage.visitor();
    for _ in 0..100 {
        stage.set_out(&mut neighbour, &stage.google).await;
    }
    let reply = stage.begin_link(&mut manager, &stage.microsoft, "").await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    assert!(reply.header("refresh").is_empty());
    let documents = "/common/v2.0/.well-known/openid-configuration";
    assert_eq!(stage.microsoft.asked(documents), 0);
    // A minute later she may.
    stage.clock.advance_secs(60);
    let proof = manager.person.password.clone();
    let reply = stage
        .begin_link(&mut manager, &stage.microsoft, &proof)
        .await;
    leads_to(&reply);
    assert_eq!(stage.microsoft.asked(documents), 1);
}

/// Red when the round trip of one session links to another (Keycloak CVE-2026-9087).
async fn only_the_session_that_asked_is_linked(stage: &Stage) {
    stage.google.is(google_account("a@b.example", "a-subject"));
    let mut manager = stage.manager().await;
    let person = manager.person.clone();
    let reply = stage
        .begin_link(&mut manager, &stage.google, &person.password)
        .await;
    let back = stage.google.consent(&leads_to(&reply));
    // She signs out and in again, in the same browser.
    let again = manager.sign_out().await.sign_in(&person).await;
    let mut again = again;
    let page = come_back(&mut again, &back).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::Expired);
    assert!(stage.linked(&person).await.is_empty());
    // Somebody else in the same browser.
    let reply = stage
        .begin_link(&mut again, &stage.google, &person.password)
        .await;
    let back = stage.google.consent(&leads_to(&reply));
    let other = stage.person().await;
    let mut other = again.sign_out().await.sign_in(&other).await;
    let page = come_back(&mut other, &back).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::Expired);
    assert!(stage.linked(&person).await.is_empty());
    assert!(stage.linked(&other.person).await.is_empty());
}

/// Red when the functions answer strangers, participants, or another site's form.
async fn whoever_is_not_signed_in_links_nothing(stage: &Stage) {
    let citizen = stage.participant("bellerive").await;
    let citizen = stage.visitor().sign_in(&citizen).await;
    for mut browser in [stage.visitor(), citizen.outside()] {
        for action in ["/api/link_provider", "/api/unlink_provider"] {
            let door = browser.door.tag();
            for door in [&Door::BackOffice.tag(), &door] {
                let fields = [
                    ("provider", "google"),
                    ("proof", "x"),
                    ("door", door),
                    ("locale", "en"),
                ];
                let reply = browser.post(action, &fields).await;
                assert!(reply.header("refresh").is_empty(), "{action} {door}");
                assert!(
                    !reply.status.is_success(),
                    "{action} {door}: {}",
                    reply.status
                );
                let request = Request::new(Method::POST, action).with_form(&fields);
                let foreign = request.with("sec-fetch-site", "cross-site");
                assert_eq!(browser.exchange(foreign).await.status, 403);
            }
        }
    }
}
