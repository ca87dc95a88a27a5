//! The second factor after a provider: as after a password, unless everybody agrees that it need not.

use crate::support::{
    Person,
    providers::{Stage, TENANT, google_account, microsoft_account, with_providers},
};
use domain::{OrganisationId, Role};
use serde_json::{Value, json};
use store::Organisation;

with_providers! {
    the_code_is_asked_for_after_either,
    a_remembered_browser_is_not_asked,
    the_policy_is_every_organisations_to_decide with ONE_TENANT,
    a_tenant_that_nobody_named_does_not_stand_for_the_code,
    a_link_that_is_gone_closes_the_sign_in_that_it_began,
}

/// Binds both; all mails are read.
async fn bound(stage: &Stage, person: &Person) {
    stage.google.is(google_account(&person.email, "hers"));
    stage
        .microsoft
        .is(microsoft_account(TENANT, "object-1", "a@b.example"));
    let mut manager = stage.visitor().sign_in(person).await;
    for provider in [&stage.google, &stage.microsoft] {
        stage.link(&mut manager, provider).await;
        assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    }
    // The next code is another one.
    stage.clock.advance_secs(30);
}

/// Red when a provider stands for both steps.
async fn the_code_is_asked_for_after_either(stage: &Stage) {
    let person = stage.secured().await;
    bound(stage, &person).await;
    for provider in [&stage.google, &stage.microsoft] {
        let mut visitor = stage.visitor();
        let page = stage.through(&mut visitor, provider).await;
        assert_eq!(page.url, "/sign-in/code", "{}", page.text());
        assert!(!visitor.is_in().await);
        let page = visitor.give_code(&person.code()).await;
        assert_eq!(page.url, "/back-office", "{}", page.text());
        stage.clock.advance_secs(30);
    }
}

/// Red when a remembered device is remembered for passwords only.
async fn a_remembered_browser_is_not_asked(stage: &Stage) {
    let person = stage.secured().await;
    bound(stage, &person).await;
    let mut visitor = stage.visitor();
    stage.through(&mut visitor, &stage.google).await;
    visitor.give_code_to_be_remembered(&person.code()).await;
    let mut visitor = visitor.inside(&person).sign_out().await;
    let page = stage.through(&mut visitor, &stage.microsoft).await;
    assert_eq!(page.url, "/back-office", "{}", page.text());
}

async fn organisation(stage: &Stage, person: &Person, slug: &str) -> OrganisationId {
    let identity = stage.identity();
    let (clock, entropy) = (&*identity.clock, &*identity.entropy);
    let id = OrganisationId::new(clock, entropy);
    let mut tx = identity.store.begin().await.unwrap();
    tx.insert_organisation(&Organisation {
        id: id.clone(),
        slug: slug.to_owned().into(),
        name: slug.to_owned(),
        accepts_provider_factor: false,
        takes_part_first: false,
        colour: None,
        logo: None,
        sender_name: None,
        reply_to: None,
        created_at: clock.now(),
    })
    .await
    .unwrap();
    let role = Role::OrganisationManager;
    tx.insert_membership(&person.id, &id, role, clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn accept(stage: &Stage, id: &OrganisationId, accepts: bool) {
    let mut tx = stage.identity().store.begin().await.unwrap();
    tx.set_accepts_provider_factor(id, accepts).await.unwrap();
    tx.commit().await.unwrap();
}

/// Red when one organisation decides for another, or Google for any, or nobody asks for `amr`.
async fn the_policy_is_every_organisations_to_decide(stage: &Stage) {
    let person = stage.secured().await;
    let organisations = [
        organisation(stage, &person, "bellerive").await,
        organisation(stage, &person, "montclair").await,
    ];
    bound(stage, &person).await;
    let with = |methods: Value| {
        let mut account = microsoft_account(TENANT, "object-1", "a@b.example");
        account["amr"] = methods;
        stage.microsoft.is(account);
        let mut account = google_account(&person.email, "hers");
        account["amr"] = json!(["pwd", "mfa"]);
        stage.google.is(account);
    };
    let mfa = json!(["pwd", "mfa"]);
    for (accepted, methods, asked) in [
        ([false, false], &mfa, true),
        ([true, false], &mfa, true),
        ([true, true], &json!(["pwd"]), true),
        ([true, true], &json!(null), true),
        ([true, true], &json!([]), true),
        ([true, true], &mfa, false),
    ] {
        for (organisation, accepts) in organisations.iter().zip(accepted) {
            accept(stage, organisation, accepts).await;
        }
        with(methods.clone());
        for (provider, asked) in [(&stage.microsoft, asked), (&stage.google, true)] {
            let page = stage.through(&mut stage.visitor(), provider).await;
            let wanted = if asked {
                "/sign-in/code"
            } else {
                "/back-office"
            };
            assert_eq!(page.url, wanted, "{accepted:?} {methods}");
        }
    }
}

/// Red when somebody who administers a tenant of his own can say that a code was asked for there.
async fn a_tenant_that_nobody_named_does_not_stand_for_the_code(stage: &Stage) {
    let person = stage.secured().await;
    let bellerive = organisation(stage, &person, "bellerive").await;
    accept(stage, &bellerive, true).await;
    bound(stage, &person).await;
    let mut account = microsoft_account(TENANT, "object-1", "a@b.example");
    account["amr"] = json!(["pwd", "mfa"]);
    stage.microsoft.is(account);
    let page = stage.through(&mut stage.visitor(), &stage.microsoft).await;
    assert_eq!(page.url, "/sign-in/code", "{}", page.text());
}

/// Red when a begun sign-in outlives the link that it was begun with.
async fn a_link_that_is_gone_closes_the_sign_in_that_it_began(stage: &Stage) {
    let person = stage.secured().await;
    bound(stage, &person).await;
    let mut visitor = stage.visitor();
    let page = stage.through(&mut visitor, &stage.google).await;
    assert_eq!(page.url, "/sign-in/code");
    let mut manager = stage.visitor().sign_in(&person).await;
    stage.unlink(&mut manager, &stage.google, "").await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_unlinked");
    stage.clock.advance_secs(30);
    let page = visitor.open("/sign-in/code").await;
    assert_ne!(page.url, "/sign-in/code", "{}", page.text());
    assert!(!visitor.is_in().await);
}
