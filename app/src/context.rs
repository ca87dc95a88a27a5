//! The context of one page: what the page gets, and what it gives back.

use crate::{components::Carry, i18n, locale};
use contract::{Answer, Backend, DemoAccount, Done, Door, Flash, Locale, StayOffer, Viewer};
use leptos::prelude::AnyView;
use std::{
    future::Future,
    ops::Deref,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// What every page shows or links to, decided by the operator and the build.
#[derive(Debug, Clone)]
pub struct Site {
    /// The platform's name.
    pub brand: String,
    /// Where people write to.
    pub support_email: String,
    /// The only origin that links are built from, without a slash at the end.
    pub public_url: String,
    /// Who can sign in during a demo (`bpart demo`); empty outside of it.
    pub demo: Vec<DemoAccount>,
    /// Who else can say who a manager is: those that the operator has set up, in the order of pages.
    pub providers: Vec<contract::Provider>,
    /// What "stay signed in" means in the back office, and at every other door.
    pub stay: [StayOffer; 2],
    /// Whether mails can be read here: no SMTP server is configured and the listener is on loopback.
    pub mailbox: bool,
    /// The files that a page loads.
    pub assets: Assets,
}

/// Addresses of the files that a page loads; their names change with their content.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The stylesheet.
    pub css: String,
    /// The font.
    pub font: String,
    /// The icon of the tab.
    pub icon: String,
    /// The glue that starts the islands.
    pub js: String,
    /// The islands.
    pub wasm: String,
}

/// What a page knows of its request. Cheap to clone: the children of a component own what they show.
#[derive(Clone)]
pub struct PageContext(Arc<ContextData>);

/// The content of a [`PageContext`], filled by the server.
pub struct ContextData {
    /// The language of the address.
    pub locale: Locale,
    /// The path without the language's prefix.
    pub path: String,
    /// The variable parts of the address, by name.
    pub params: Vec<(String, String)>,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// Whose door the page stands behind.
    pub door: Door,
    /// Who is signed in at that door.
    pub viewer: Option<Viewer>,
    /// Whether somebody who is signed in to the back office looks at the page of a project, as its visitors see it.
    pub is_visit: bool,
    /// Whether the browser brought the cookie of a session at that door; it may be over.
    pub knows_session: bool,
    /// What the last form left for this page.
    pub flash: Flash,
    /// The nonce of this response's content security policy.
    pub nonce: String,
    /// What the operator and the build decided.
    pub site: Arc<Site>,
    /// Every port, bound to this request.
    pub backend: Ports,
}

/// Every port, bound to one request, and whether the page used any of them.
///
/// A page knows nothing but its [`ContextData`]: no clock, no randomness, no other I/O. A page that
/// used no port depends on that data alone, and the server may cache it for requests with equal
/// data.
pub struct Ports {
    backend: Arc<dyn Backend>,
    used: AtomicBool,
}

impl Ports {
    /// The ports of a request.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self {
            backend,
            used: AtomicBool::new(false),
        }
    }

    /// Whether the page has reached for any port until now.
    pub fn were_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }
}

impl Deref for Ports {
    type Target = dyn Backend;

    fn deref(&self) -> &Self::Target {
        self.used.store(true, Ordering::Relaxed);
        &*self.backend
    }
}

impl From<ContextData> for PageContext {
    fn from(data: ContextData) -> Self {
        Self(Arc::new(data))
    }
}

impl Deref for PageContext {
    type Target = ContextData;

    fn deref(&self) -> &ContextData {
        &self.0
    }
}

impl ContextData {
    /// The texts of the page's language.
    pub fn texts(&self) -> i18n::Locale {
        locale::texts(self.locale)
    }

    /// The address of one of our pages in this page's language.
    pub fn href(&self, path: &str) -> String {
        locale::href(self.locale, path)
    }

    /// The address of a page of this door's entrance, in this page's language.
    pub fn entrance(&self, path: &str) -> String {
        self.href(&self.door.entrance(path))
    }

    /// The address of a page of one's own account, in this page's language.
    pub fn own(&self, path: &str) -> String {
        self.href(&self.door.own(path))
    }

    /// Who can sign in at this door during a demo.
    pub fn demo_accounts(&self) -> Vec<DemoAccount> {
        let here = match &self.door {
            Door::BackOffice => None,
            Door::Platform(door) => Some(door.organisation.as_str()),
        };
        let accounts = self.site.demo.iter();
        accounts
            .filter(|account| account.organisation.as_deref() == here)
            .cloned()
            .collect()
    }

    /// What "stay signed in" means at this door.
    pub fn stay_offer(&self) -> StayOffer {
        let [back_office, elsewhere] = self.site.stay;
        match self.door {
            Door::BackOffice => back_office,
            Door::Platform(_) => elsewhere,
        }
    }

    /// What the forms of this page bring back.
    pub fn carry(&self) -> Carry {
        Carry {
            locale: self.locale.as_str(),
            door: self.door.tag(),
        }
    }

    /// A variable part of the address; empty when the route has none of that name.
    pub fn param(&self, name: &str) -> &str {
        find(&self.params, name).unwrap_or_default()
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// Whether this is what the last form did.
    pub fn has_done(&self, done: impl Into<Done>) -> bool {
        self.flash.done == Some(done.into())
    }

    /// The flash if it belongs to this form of the page, otherwise an empty one.
    pub fn flash_of(&self, form: &str) -> Flash {
        if self.flash.form.as_deref() == Some(form) {
            self.flash.clone()
        } else {
            Flash::default()
        }
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut pairs = pairs.iter();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// What a page gives back: everything was loaded; rendering needs no waiting.
pub struct Page {
    /// The title, without the platform's name.
    pub title: String,
    /// Draws the content between header and footer.
    pub body: Box<dyn FnOnce() -> AnyView + Send>,
    /// The HTTP status.
    pub status: u16,
    /// Whether the content holds an island: only then a script is loaded.
    pub islands: bool,
    /// Whether the address holds a secret: then it is kept out of `Referer` altogether.
    pub secret_address: bool,
    /// One sentence for search engines and link previews.
    pub description: Option<String>,
    /// Whether the same page exists in the other language.
    pub translated: bool,
}

impl Page {
    /// A page with status 200, without islands.
    pub fn new<V>(title: impl Into<String>, body: impl FnOnce() -> V + Send + 'static) -> Self
    where
        V: leptos::prelude::IntoAny,
    {
        Self {
            title: title.into(),
            body: Box::new(move || body().into_any()),
            status: 200,
            islands: false,
            secret_address: false,
            description: None,
            translated: true,
        }
    }

    /// Loads the script that wakes the islands.
    #[must_use]
    pub fn with_islands(self) -> Self {
        Self {
            islands: true,
            ..self
        }
    }

    /// Sets the status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Keeps the address out of `Referer`.
    #[must_use]
    pub fn with_secret_address(self) -> Self {
        Self {
            secret_address: true,
            ..self
        }
    }

    /// Sets the description.
    #[must_use]
    pub fn with_description(self, description: impl Into<String>) -> Self {
        Self {
            description: Some(description.into()),
            ..self
        }
    }
}

/// What loading a page gives.
pub type PageFuture = Pin<Box<dyn Future<Output = Answer<Page>> + Send>>;
