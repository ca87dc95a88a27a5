//! The way out and the way back.

use crate::support::{
    TestServer, once,
    providers::{Stage, google_account, once_with_providers, with_providers},
};
use http::Method;
use testkit::wire::Request;

with_providers! {
    b40_a_round_trip_is_one_browsers_and_taken_once,
    the_way_back_leads_where_she_wanted_to_go,
    setting_out_is_limited,
}

once_with_providers! {
    the_cookie_is_of_this_host_alone with HTTPS,
    everything_is_swept_away,
}

once! {
    without_settings_there_is_no_such_address,
}

/// Red when a callback that two bring at once lets both in.
async fn b40_a_round_trip_is_one_browsers_and_taken_once(stage: &Stage) {
    let person = stage.person().await;
    stage.google.is(google_account(&person.email, "hers"));
    let mut visitor = stage.visitor();
    let back = stage.agree(&mut visitor, &stage.google).await;
    let bring = |mut browser: crate::support::Visitor, back: String| async move {
        browser.open(&back).await.url
    };
    let twice = [bring(visitor.clone(), back.clone()), bring(visitor, back)];
    let mut urls = crate::support::all_at_once(twice).await;
    urls.sort();
    assert_eq!(urls, ["/back-office", "/sign-in/provider"]);
    assert_eq!(stage.mail_to(&person.email).await.kind, "provider_linked");
}

/// Red when an address of another site, or the wrong language, is where she lands.
async fn the_way_back_leads_where_she_wanted_to_go(stage: &Stage) {
    let person = stage.person().await;
    stage.google.is(google_account(&person.email, "hers"));
    for (query, lands) in [
        ("next=/settings&locale=en", "/settings"),
        ("next=/settings&locale=fr", "/fr/settings"),
        ("next=/fr/settings&locale=en", "/settings"),
        ("next=//evil.example&locale=en", "/back-office"),
        ("next=https://evil.example/&locale=en", "/back-office"),
        ("next=/settings&next=/profile&locale=en", "/back-office"),
        ("", "/back-office"),
    ] {
        let mut visitor = stage.visitor();
        let start = format!("/auth/google/start?{query}");
        let reply = visitor.exchange(Request::new(Method::GET, &start)).await;
        let back = stage.google.consent(reply.header("location"));
        let request = Request::new(Method::GET, &back).with("sec-fetch-site", "cross-site");
        let reply = visitor.exchange(request).await;
        assert_eq!(reply.header("location"), lands, "{query}");
    }
    stage.ignore_mail_to(&person.email).await;
}

/// Red when strangers can fill the table of flows, or make us ask providers without a limit.
async fn setting_out_is_limited(stage: &Stage) {
    let mut visitor = stage.visitor();
    let mut sent = 0;
    for _ in 0..110 {
        let request = Request::new(Method::GET, "/auth/google/start?locale=en");
        let reply = visitor.exchange(request).await;
        if reply.header("location").starts_with("http") {
            sent += 1;
        } else {
            assert_eq!(reply.header("location"), "/sign-in");
        }
    }
    assert_eq!(sent, 100);
    // Nor is a provider asked for its documents on their behalf.
    let request = Request::new(Method::GET, "/auth/microsoft/start?locale=en");
    let reply = visitor.exchange(request).await;
    assert_eq!(reply.header("location"), "/sign-in");
    let documents = "/common/v2.0/.well-known/openid-configuration";
    assert_eq!(stage.microsoft.asked(documents), 0);
}

/// Red when another host can plant the cookie, or a script can read it.
async fn the_cookie_is_of_this_host_alone(stage: &Stage) {
    let mut visitor = stage.visitor();
    let request = Request::new(Method::GET, "/auth/google/start?locale=en");
    let reply = visitor.exchange(request).await;
    let cookies = reply.set_cookies();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    assert!(cookies[0].starts_with("__Host-google="), "{cookies:?}");
    for word in [
        "; Path=/",
        "; HttpOnly",
        "; SameSite=Lax",
        "; Secure",
        "; Max-Age=600",
    ] {
        assert!(cookies[0].contains(word), "{word} in {cookies:?}");
    }
    let location = reply.header("location");
    let back = stage.google.consent(location);
    stage
        .google
        .is(google_account("nobody@town.example", "nobody"));
    let request = Request::new(Method::GET, &back).with("sec-fetch-site", "cross-site");
    let reply = visitor.exchange(request).await;
    let gone = |cookie: &&&str| cookie.starts_with("__Host-google=;");
    assert!(
        reply.set_cookies().iter().find(gone).is_some(),
        "{:?}",
        reply.set_cookies()
    );
}

/// Red when a round trip that nobody finished stays.
async fn everything_is_swept_away(stage: &Stage) {
    let mut visitor = stage.visitor();
    stage.set_out(&mut visitor, &stage.google).await;
    let store = &stage.identity().store;
    let sweep = || server::sweep::sweep_once(store, domain::Clock::now(&stage.clock), false);
    assert_eq!(sweep().await.unwrap(), 0);
    stage.clock.advance_secs(600);
    assert!(sweep().await.unwrap() >= 1);
}

/// Red when a provider that nobody set up has addresses.
async fn without_settings_there_is_no_such_address(server: &TestServer) {
    for path in [
        "/auth/google/start",
        "/auth/google/callback?code=x&state=y",
        "/auth/microsoft/start",
        "/auth/microsoft/callback",
        "/auth/microsoft/callback?admin_consent=True",
        "/sign-in/approved",
        "/sign-in/not-approved",
        "/auth/facebook/start",
    ] {
        let page = server.visitor().open(path).await;
        assert_eq!(page.status, 404, "{path}");
    }
}
