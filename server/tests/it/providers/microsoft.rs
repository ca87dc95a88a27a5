//! Microsoft: a person is an object of a tenant, and an address is nothing.

use crate::support::providers::{
    OTHER_TENANT, PERSONAL, Stage, TENANT, assert_turned_away, microsoft_account, with_providers,
};
use contract::{Provider, RefusedBecause};
use serde_json::json;

with_providers! {
    b19_b30_b31_tenant_and_object_are_who_she_is,
    b32_an_account_that_nobody_linked_opens_nothing,
    personal_accounts_come_in_only_where_the_operator_says_so,
    only_the_tenants_of_the_setting_come_in with ONE_TENANT,
}

const WHY: Provider = Provider::Microsoft;

/// Red when the address or the pairwise subject stands for the person.
async fn b19_b30_b31_tenant_and_object_are_who_she_is(stage: &Stage) {
    let mut manager = stage.manager().await;
    let person = manager.person.clone();
    // B30: the address is another one.
    let microsoft = &stage.microsoft;
    microsoft.is(microsoft_account(
        TENANT,
        "object-1",
        "her.name@elsewhere.example",
    ));
    let page = stage.link(&mut manager, microsoft).await;
    assert_eq!(page.url, "/profile", "{}", page.text());
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    stage.in_through(&person, microsoft).await;

    // A new address and another subject, of the same object: still she.
    let mut same = microsoft_account(TENANT, "object-1", "new.name@elsewhere.example");
    same["sub"] = json!("as another application knows her");
    microsoft.is(same);
    stage.in_through(&person, microsoft).await;

    // The same object in another tenant, and another object with her addresses: somebody else.
    for (tenant, object) in [(OTHER_TENANT, "object-1"), (TENANT, "object-2")] {
        for email in ["her.name@elsewhere.example", person.email.as_str()] {
            microsoft.is(microsoft_account(tenant, object, email));
            let mut visitor = stage.visitor();
            let page = stage.through(&mut visitor, microsoft).await;
            assert_turned_away(&page, WHY, RefusedBecause::NotLinked);
            assert!(!visitor.is_in().await);
        }
    }
}

/// Red when an address opens an account ("nOAuth"), verified or not.
async fn b32_an_account_that_nobody_linked_opens_nothing(stage: &Stage) {
    let person = stage.person().await;
    for verified in [json!(null), json!(true)] {
        let mut account = microsoft_account(TENANT, "object-1", &person.email);
        account["email_verified"] = verified.clone();
        account["xms_edov"] = verified;
        account["preferred_username"] = json!(person.email);
        stage.microsoft.is(account);
        let mut visitor = stage.visitor();
        let page = stage.through(&mut visitor, &stage.microsoft).await;
        assert_turned_away(&page, WHY, RefusedBecause::NotLinked);
        assert!(!visitor.is_in().await);
    }
    assert!(stage.linked(&person).await.is_empty());
}

/// Red when the tenant of personal accounts is one like any other.
async fn personal_accounts_come_in_only_where_the_operator_says_so(stage: &Stage) {
    stage.microsoft.is(microsoft_account(
        PERSONAL,
        "object-1",
        "me@outlook.example",
    ));
    let mut visitor = stage.visitor();
    let page = stage.through(&mut visitor, &stage.microsoft).await;
    assert_turned_away(&page, WHY, RefusedBecause::PersonalNotAllowed);
    // Nor is one linked.
    let mut manager = stage.manager().await;
    let page = stage.link(&mut manager, &stage.microsoft).await;
    assert_eq!(page.url, "/profile");
    assert_turned_away(&page, WHY, RefusedBecause::PersonalNotAllowed);
    assert!(stage.linked(&manager.person).await.is_empty());
}

/// Red when a tenant that is not named comes in.
async fn only_the_tenants_of_the_setting_come_in(stage: &Stage) {
    let mut manager = stage.manager().await;
    let person = manager.person.clone();
    stage
        .microsoft
        .is(microsoft_account(OTHER_TENANT, "object-1", "a@b.example"));
    let page = stage.link(&mut manager, &stage.microsoft).await;
    assert_turned_away(&page, WHY, RefusedBecause::TenantNotAllowed);
    assert!(stage.linked(&person).await.is_empty());
    stage
        .microsoft
        .is(microsoft_account(TENANT, "object-1", "a@b.example"));
    stage.link(&mut manager, &stage.microsoft).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
}
