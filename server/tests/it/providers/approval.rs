//! An administrator who was asked by Microsoft to approve the site for her whole organisation, and
//! comes back to an address that anybody could type.

use crate::support::providers::{
    Stage, TENANT, assert_turned_away, come_back, google_account, microsoft_account,
    once_with_providers, with_providers,
};
use contract::{Provider, RefusedBecause};
use http::Method;
use testkit::wire::Request;

with_providers! {
    who_approved_is_told_so_and_nothing_changes,
}

once_with_providers! {
    who_did_not_approve_is_told_so,
    nothing_else_is_an_approval,
}

const BACK: &str = "/auth/microsoft/callback";

/// Opens an address of Microsoft's answer as a stranger: the page that she is led to, and its text.
async fn led_to(stage: &Stage, query: &str) -> (String, String) {
    let mut visitor = stage.visitor();
    let request = Request::new(Method::GET, &format!("{BACK}?{query}"));
    let reply = visitor
        .exchange(request.with("sec-fetch-site", "cross-site"))
        .await;
    assert_eq!(reply.status, 303, "{query}");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert!(reply.set_cookies().is_empty(), "{query}: {reply:?}");
    let page = visitor.open(reply.header("location")).await;
    assert!(!visitor.is_in().await, "{query}");
    let text = page.text();
    for planted in ["planted", TENANT] {
        assert!(!text.contains(planted), "{query}: {text}");
    }
    (page.url, text)
}

/// Red when she meets the page of a round trip that is over, when the address is believed or repeated,
/// or when it ends a round trip that is under way.
async fn who_approved_is_told_so_and_nothing_changes(stage: &Stage) {
    for query in [
        format!("admin_consent=True&tenant={TENANT}&scope=openid+planted"),
        format!("admin_consent=true&tenant={TENANT}&state="),
    ] {
        let (url, text) = led_to(stage, &query).await;
        assert_eq!(url, "/sign-in/approved", "{query}");
        assert!(text.contains("has given its approval"), "{text}");
    }

    // In the browser of somebody who is under way, and of somebody who is in.
    let mut manager = stage.manager().await;
    let person = manager.person.clone();
    stage
        .microsoft
        .is(microsoft_account(TENANT, "object-1", "a@b.example"));
    stage.link(&mut manager, &stage.microsoft).await;
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
    let approved = format!("{BACK}?admin_consent=True&tenant={TENANT}");
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, &stage.microsoft).await;
    for browser in [&mut *visitor, &mut *manager] {
        assert_eq!(come_back(browser, &approved).await.url, "/sign-in/approved");
    }
    assert_eq!(come_back(&mut visitor, &back).await.url, "/back-office");
    assert!(manager.is_in().await);
    assert_eq!(stage.linked(&person).await.len(), 1);
}

/// Red when an approval that was not given is called one, or the words of the address are shown.
async fn who_did_not_approve_is_told_so(stage: &Stage) {
    for query in [
        "error=permission_denied&error_description=planted",
        "error=access_denied&error_description=AADSTS65004%3A+planted&admin_consent=True&tenant=planted",
        "admin_consent=True&error=planted",
        "admin_consent=True&error=&error=planted",
    ] {
        let (url, text) = led_to(stage, query).await;
        assert_eq!(url, "/sign-in/not-approved", "{query}");
        assert!(text.contains("The approval was not given"), "{text}");
    }
}

/// Red when a round trip of ours, or another provider's, ends on these pages.
async fn nothing_else_is_an_approval(stage: &Stage) {
    for query in [
        "",
        "admin_consent=False",
        "admin_consent=True&state=nobodys",
        "admin_consent=True&state=nobodys&state=twice",
        "admin_consent=True&code=nobodys",
        "error=access_denied&state=nobodys",
    ] {
        let page = come_back(&mut stage.visitor(), &format!("{BACK}?{query}")).await;
        assert_turned_away(&page, Provider::Microsoft, RefusedBecause::Expired);
    }
    stage.google.is(google_account("a@b.example", "hers"));
    let google = "/auth/google/callback?admin_consent=True";
    let page = come_back(&mut stage.visitor(), google).await;
    assert_turned_away(&page, Provider::Google, RefusedBecause::Expired);
}
