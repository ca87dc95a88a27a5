//! A server whose managers may sign in with Google and Microsoft, and the two test providers.

use super::{Engine, Manager, Person, Settings, TestServer, Visitor};
use contract::{Door, Locale, ProviderRefusal, RefusedBecause};
use http::Method;
use serde_json::{Value, json};
use std::ops::Deref;
use store::LinkedAccount;
use testkit::{
    FixedClock, OpenId, Page,
    openid::{CLIENT_ID, CLIENT_SECRET, Kind},
    wire::{Reply, Request},
};

/// A work or school tenant.
pub const TENANT: &str = "0a1b2c3d-0000-4000-8000-00000000000a";
/// Another one.
pub const OTHER_TENANT: &str = "0a1b2c3d-0000-4000-8000-00000000000b";
/// Whose personal accounts are.
pub const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A test server and its providers.
pub struct Stage {
    /// The running server.
    pub server: TestServer,
    /// A Google of our own.
    pub google: OpenId,
    /// A Microsoft of our own.
    pub microsoft: OpenId,
}

impl Deref for Stage {
    type Target = TestServer;

    fn deref(&self) -> &TestServer {
        &self.server
    }
}

/// Runs a test on a server with both providers.
pub async fn run(engine: Engine, settings: &[Settings], test: impl AsyncFnOnce(&Stage)) {
    let clock = FixedClock::default();
    let (google, microsoft, own) = start(&clock).await;
    let all = [own, settings.concat()].concat();
    let stage = Stage {
        server: TestServer::start_at(engine, &all, clock).await,
        google,
        microsoft,
    };
    test(&stage).await;
    stage.server.close().await;
}

/// Starts Google and Microsoft, with the settings of a server that uses them.
pub async fn start(clock: &FixedClock) -> (OpenId, OpenId, Vec<(&'static str, &'static str)>) {
    let google = OpenId::start(Kind::Google, clock).await;
    let microsoft = OpenId::start(Kind::Microsoft, clock).await;
    let settings = vec![
        ("BPART_GOOGLE_CLIENT_ID", CLIENT_ID),
        ("BPART_GOOGLE_CLIENT_SECRET", CLIENT_SECRET),
        ("BPART_GOOGLE_ISSUER", leaked(google.setting())),
        ("BPART_MICROSOFT_CLIENT_ID", CLIENT_ID),
        ("BPART_MICROSOFT_CLIENT_SECRET", CLIENT_SECRET),
        ("BPART_MICROSOFT_AUTHORITY", leaked(microsoft.setting())),
    ];
    (google, microsoft, settings)
}

/// Settings live as long as the test's process.
pub fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// As `both!`, with providers.
macro_rules! with_providers {
    ($($test:ident $(with $settings:ident)?),+ $(,)?) => {
        $crate::support::tests!($crate::support::providers::run, on_sqlite Sqlite: $($test $($settings)?),+);
        $crate::support::tests!($crate::support::providers::run, on_postgres Postgres: $($test $($settings)?),+);
    };
}

/// As `once!`, with providers.
macro_rules! once_with_providers {
    ($($test:ident $(with $settings:ident)?),+ $(,)?) => {
        $crate::support::tests!($crate::support::providers::run, once_with Sqlite: $($test $($settings)?),+);
    };
}
pub(crate) use {once_with_providers, with_providers};

/// What Google says of the owner of a Workspace address.
pub fn google_account(email: &str, subject: &str) -> Value {
    let (_, domain) = email.rsplit_once('@').unwrap();
    json!({ "sub": subject, "email": email, "email_verified": true, "hd": domain.to_lowercase() })
}

/// What Microsoft says of somebody in a tenant.
pub fn microsoft_account(tenant: &str, object: &str, email: &str) -> Value {
    json!({ "sub": format!("pairwise of {object}"), "tid": tenant, "oid": object, "email": email, "ver": "2.0" })
}

/// The provider's place in addresses.
fn name(provider: &OpenId) -> &'static str {
    match provider.kind {
        Kind::Google => "google",
        Kind::Microsoft => "microsoft",
    }
}

impl Stage {
    /// Presses "Sign in with …": where the browser is sent.
    pub async fn set_out(&self, visitor: &mut Visitor, provider: &OpenId) -> String {
        let path = format!("/auth/{}/start?locale=en", name(provider));
        let request = Request::new(Method::GET, &path).with("sec-fetch-site", "same-origin");
        let reply = visitor.exchange(request).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
        reply.header("location").to_owned()
    }

    /// Sets out, and agrees at the provider: the address that the browser is sent back to.
    pub async fn agree(&self, visitor: &mut Visitor, provider: &OpenId) -> String {
        let location = self.set_out(visitor, provider).await;
        provider.consent(&location)
    }

    /// The whole round trip of signing in.
    pub async fn through(&self, visitor: &mut Visitor, provider: &OpenId) -> Page {
        let back = self.agree(visitor, provider).await;
        come_back(visitor, &back).await
    }

    /// Signs in through a provider where nothing more is asked for.
    pub async fn in_through(&self, person: &Person, provider: &OpenId) -> Manager {
        let mut visitor = self.visitor();
        let page = self.through(&mut visitor, provider).await;
        assert_eq!(page.url, "/back-office", "{}", page.text());
        visitor.inside(person)
    }

    /// Presses "Link to …" on the settings page with a proof; where the browser is sent.
    pub async fn begin_link(&self, manager: &mut Manager, provider: &OpenId, proof: &str) -> Reply {
        let fields = [
            ("provider", name(provider)),
            ("proof", proof),
            ("door", &Door::BackOffice.tag()),
            ("locale", "en"),
        ];
        manager.post("/api/link_provider", &fields).await
    }

    /// The whole round trip of linking, with a password for proof.
    pub async fn link(&self, manager: &mut Manager, provider: &OpenId) -> Page {
        let proof = manager.person.password.clone();
        let reply = self.begin_link(manager, provider, &proof).await;
        let back = provider.consent(&leads_to(&reply));
        come_back(manager, &back).await
    }

    /// Unlinks it again.
    pub async fn unlink(&self, manager: &mut Manager, provider: &OpenId, proof: &str) -> Reply {
        let fields = [
            ("provider", name(provider)),
            ("proof", proof),
            ("door", &Door::BackOffice.tag()),
            ("locale", "en"),
        ];
        manager.post("/api/unlink_provider", &fields).await
    }

    /// What is linked to somebody.
    pub async fn linked(&self, person: &Person) -> Vec<LinkedAccount> {
        self.identity().linked_accounts(&person.id).await.unwrap()
    }

    /// How many accounts there are.
    pub async fn accounts(&self) -> usize {
        let store = &self.identity().store;
        let found = store.accounts(&domain::Realm::BackOffice, None, 999).await;
        found.unwrap().len()
    }
}

/// The browser comes back from another site.
pub async fn come_back(browser: &mut testkit::Browser, back: &str) -> Page {
    let request = Request::new(Method::GET, back).with("sec-fetch-site", "cross-site");
    browser.travel(request).await
}

/// Where the page between a form and a provider leads, by itself and by its link.
pub fn leads_to(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let refresh = reply.header("refresh");
    let (_, address) = refresh
        .split_once("url=")
        .unwrap_or_else(|| panic!("{}", reply.text()));
    assert!(reply.text().contains(&address.replace('&', "&amp;")));
    assert_eq!(reply.header("referrer-policy"), "strict-origin");
    address.to_owned()
}

/// Fails unless the page says this reason.
#[track_caller]
pub fn assert_turned_away(page: &Page, provider: contract::Provider, why: RefusedBecause) {
    let refusal = ProviderRefusal {
        provider,
        why,
        email: None,
        reference: String::new(),
    };
    let texts = app::locale::texts(Locale::En);
    let title = app::words::provider::title(texts, &refusal);
    let text = page.text();
    assert!(text.contains(&title), "“{title}” at {}: {text}", page.url);
}
