//! What an attacker has kept, and whether it lets him in.

use super::{Attacker, HIS_PASSWORD};
use crate::support::{
    Person, Visitor,
    providers::{Stage, come_back},
};
use app::paths;
use contract::{Door, Provider};
use serde_json::Value;

/// One thing that he has kept.
pub(super) enum Kept {
    /// A password, for her address.
    Password(String),
    /// A browser that is signed in.
    Browser(Box<Visitor>),
    /// The secret of her invitation, on a page that is still open.
    Page(Box<Visitor>, String),
    /// A browser whose round trip wants nothing but the last step: where it is to come back to.
    RoundTrip(Box<Visitor>, String),
    /// An account at a provider: he signs in with it.
    Account(Provider, Value),
    /// A link that makes an address an account's.
    Link(String),
    /// Another account, which is his: hers is lost when it has her address.
    Own(Box<Person>),
}

/// Tries everything; whether anything let him in, or left something of his in her account.
pub(super) async fn try_all(
    stage: &Stage,
    owner: &Person,
    him: &Attacker,
    everything: &[Kept],
) -> bool {
    let mut inside = false;
    for kept in everything {
        inside |= kept.opens(stage, owner).await;
    }
    inside || him.is_in(stage, owner).await
}

/// Presses the button behind a link that confirms an address, where there is still one.
pub(super) async fn confirm(visitor: &mut Visitor, link: &str) {
    let page = visitor.open(link).await;
    if page.has_form("/api/confirm_email") {
        visitor.submit(page.form("/api/confirm_email")).await;
    }
}

impl Kept {
    async fn opens(&self, stage: &Stage, owner: &Person) -> bool {
        match self {
            Self::Password(password) => knows(stage, owner, password).await,
            Self::Browser(browser) => browser.clone().is_in().await,
            Self::Page(browser, token) => {
                let fields = [
                    ("token", token.as_str()),
                    ("password", HIS_PASSWORD),
                    ("door", &Door::BackOffice.tag()),
                    ("locale", "en"),
                ];
                let mut browser = browser.clone();
                browser.post("/api/accept_invitation", &fields).await;
                browser.is_in().await || knows(stage, owner, HIS_PASSWORD).await
            }
            Self::RoundTrip(browser, back) => {
                let mut browser = browser.clone();
                let page = come_back(&mut browser, back).await;
                page.url == paths::CODE || browser.is_in().await
            }
            Self::Account(provider, account) => {
                let provider = match provider {
                    Provider::Google => &stage.google,
                    Provider::Microsoft => &stage.microsoft,
                };
                provider.is(account.clone());
                let mut visitor = stage.visitor();
                let page = stage.through(&mut visitor, provider).await;
                page.url == paths::CODE || visitor.is_in().await
            }
            Self::Link(link) => {
                confirm(&mut stage.visitor(), link).await;
                // What it has done is seen in the accounts.
                false
            }
            Self::Own(person) => stage.account(person).await.email == owner.email,
        }
    }
}

/// Whether this password opens the account with her address, or gets as far as its code.
async fn knows(stage: &Stage, owner: &Person, password: &str) -> bool {
    let mut visitor = stage.visitor();
    let page = visitor.give_password(&owner.email, password).await;
    page.url == paths::CODE || visitor.is_in().await
}
