//! Signing in with Google and Microsoft: `OpenID` Connect with a code, a state, a nonce and PKCE
//! (RFC 9700).
//!
//! A flow begins with [`OpenId::published`], which discovers the provider, and sends the browser to
//! [`OpenId::address`]. It ends with [`OpenId::claims`], which exchanges the code for an ID token and
//! verifies it: [`token`]. The claims of a verified token are read by `google` and `microsoft`, since
//! the two give the same claims different meanings. Everything else ends in a [`Refused`], with the
//! reason for the user and the detail for the operator.
//!
//! No personal data is stored here: the state of a flow is in `identity`.

mod documents;
mod errors;
mod google;
mod http;
mod keys;
mod microsoft;
mod published;
mod token;

pub use published::Published;

use self::http::{Outgoing, TIME_OUT};
use crate::config::{
    issuer::{Accounts, Issuer},
    providers::{Application, ProviderSettings},
};
use contract::RefusedBecause;
use documents::Documents;
use domain::{
    Clock,
    provider::{Claims, Provider, Tenants},
    token::Secret,
};
use std::{future::Future, sync::Arc};
use token::{TokenError, TokenResponse};
use url::Url;

/// The scopes, and no more (B26): identity, address, name.
pub const SCOPES: [&str; 3] = ["openid", "email", "profile"];

/// Why a flow was refused.
#[derive(Debug)]
pub struct Refused {
    /// The reason for the user.
    pub why: RefusedBecause,
    /// The detail for the operator, without address, subject or token.
    pub detail: String,
    /// Whose accounts they are: the issuer or the tenant, when it is known.
    pub issuer: Option<String>,
}

impl Refused {
    /// A refusal without a known issuer.
    pub fn new(why: RefusedBecause, detail: impl Into<String>) -> Self {
        Self {
            why,
            detail: detail.into(),
            issuer: None,
        }
    }

    /// Refused by a use case: the token holds.
    pub fn known(why: RefusedBecause, detail: &str, issuer: String) -> Self {
        Self {
            issuer: Some(issuer),
            ..Self::new(why, detail)
        }
    }

    /// A token without a subject must not match every account without one (Keycloak CVE-2026-82968).
    fn nobody() -> Self {
        let detail = "the ID token names nobody, or no tenant";
        Self::new(RefusedBecause::NotTrusted, detail)
    }
}

/// A code that the browser brought back, and what its token must fit.
pub struct BroughtCode<'a> {
    /// To be changed for an ID token.
    pub code: &'a str,
    /// Who says that it sent the browser (RFC 9207); not every provider says it.
    pub iss: Option<&'a str>,
    /// What the token must repeat.
    pub nonce: &'a Secret,
    /// The proof that the round trip was begun here (RFC 7636).
    pub verifier: &'a Secret,
}

/// The providers that the operator has set up.
pub struct Providers {
    google: Option<OpenId>,
    microsoft: Option<OpenId>,
}

impl Providers {
    /// Nothing is sent yet. `origin` is our own.
    pub fn new(settings: &ProviderSettings, origin: &str, clock: &Arc<dyn Clock>) -> Self {
        let build = |provider: Provider, application: &Option<Application>| {
            let application = application.as_ref()?;
            // Each its own: a provider that does not answer must not use up what the other needs.
            let http = Arc::new(Outgoing::new());
            let issuer = application.issuer.clone();
            let documents = Documents::new(issuer, Arc::clone(&http), Arc::clone(clock));
            Some(OpenId {
                provider,
                application: application.clone(),
                tenants: settings.tenants.clone(),
                callback: format!("{origin}/auth/{}/callback", provider.as_str()),
                documents: Arc::new(documents),
                http,
                clock: Arc::clone(clock),
            })
        };
        Self {
            google: build(Provider::Google, &settings.google),
            microsoft: build(Provider::Microsoft, &settings.microsoft),
        }
    }

    /// Those that are set up, in the order of pages.
    pub fn configured(&self) -> Vec<Provider> {
        let google = self.google.as_ref().map(|_| Provider::Google);
        let microsoft = self.microsoft.as_ref().map(|_| Provider::Microsoft);
        google.into_iter().chain(microsoft).collect()
    }

    /// The one that is asked for, when it is set up.
    pub fn get(&self, provider: Provider) -> Option<&OpenId> {
        match provider {
            Provider::Google => self.google.as_ref(),
            Provider::Microsoft => self.microsoft.as_ref(),
        }
    }
}

/// One provider and our application there.
pub struct OpenId {
    /// Which one.
    pub provider: Provider,
    /// Our application there.
    pub application: Application,
    /// The one address that it sends people back to.
    pub callback: String,
    tenants: Tenants,
    documents: Arc<Documents>,
    http: Arc<Outgoing>,
    clock: Arc<dyn Clock>,
}

impl OpenId {
    /// Finds out where the provider is; it may be known from before.
    pub async fn published(&self) -> Result<Arc<Published>, Refused> {
        within(self.documents.published()).await
    }

    /// Where the browser is sent.
    ///
    /// The account chooser is always asked for (B08, B24): many people have more than one account.
    pub fn address(
        &self,
        published: &Published,
        state: &Secret,
        nonce: &Secret,
        verifier: &Secret,
        locale: &str,
    ) -> Url {
        let mut address = published.authorization_endpoint.clone();
        address
            .query_pairs_mut()
            .append_pair("client_id", &self.application.client_id)
            .append_pair("response_type", "code")
            // Not a form: a cookie that is `SameSite=Lax` comes along with a link only.
            .append_pair("response_mode", "query")
            .append_pair("redirect_uri", &self.callback)
            .append_pair("scope", &SCOPES.join(" "))
            .append_pair("state", state.expose())
            .append_pair("nonce", nonce.expose())
            .append_pair("code_challenge", &token::challenge(verifier))
            .append_pair("code_challenge_method", "S256")
            .append_pair("prompt", "select_account")
            .append_pair("ui_locales", locale);
        address
    }

    /// What an error means that the browser brought back in place of a code.
    pub async fn error(&self, error: &str, description: &str, iss: Option<&str>) -> Refused {
        match self.published().await {
            Ok(published) if !published.may_answer(iss) => foreign_answer(),
            _ => errors::of(self.provider, error, description),
        }
    }

    /// Changes the code for an ID token and checks that.
    pub async fn claims(&self, brought: BroughtCode<'_>) -> Result<Claims, Refused> {
        within(self.claims_in_time(brought)).await
    }

    async fn claims_in_time(&self, brought: BroughtCode<'_>) -> Result<Claims, Refused> {
        let published = self.documents.published().await?;
        if !published.may_answer(brought.iss) {
            return Err(foreign_answer());
        }
        let response = self.exchange(&published, &brought).await?;
        let checked = match self.check(&published, &response, &brought) {
            // The provider may have new keys since.
            Err(TokenError::UnknownKey) => {
                let again = self.documents.look_again(&published).await?;
                self.check(&again, &response, &brought)
            }
            checked => checked,
        };
        let verified =
            checked.map_err(|error| Refused::new(RefusedBecause::NotTrusted, error.to_string()))?;
        if brought.iss.is_some_and(|iss| iss != verified.issuer) {
            return Err(foreign_answer());
        }
        match self.provider {
            Provider::Google => google::claims(verified),
            Provider::Microsoft => microsoft::claims(verified, &self.tenants),
        }
    }

    fn check(
        &self,
        published: &Published,
        response: &TokenResponse,
        brought: &BroughtCode<'_>,
    ) -> Result<token::VerifiedClaims, TokenError> {
        let expected = token::Expected {
            client_id: &self.application.client_id,
            nonce: brought.nonce,
            code: brought.code,
            now: self.clock.now(),
        };
        token::check(published, response, &expected)
    }

    async fn exchange(
        &self,
        published: &Published,
        brought: &BroughtCode<'_>,
    ) -> Result<TokenResponse, Refused> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", brought.code),
            ("redirect_uri", &self.callback),
            ("client_id", &self.application.client_id),
            ("client_secret", self.application.client_secret.expose()),
            ("code_verifier", brought.verifier.expose()),
        ];
        let answer = self.http.post(&published.token_endpoint, &fields).await;
        let (status, body) = answer.map_err(|error| errors::unreachable(&error))?;
        token::token_response(self.provider, status, &body)
    }

    /// The page on which an administrator consents for the whole organisation.
    pub fn consent_url(&self) -> Option<String> {
        let Issuer::EachTenant(authority) = &self.application.issuer else {
            return None;
        };
        let tenant = match authority.accounts() {
            Accounts::All | Accounts::Organisations | Accounts::Personal => "organizations",
            Accounts::Tenant(tenant) | Accounts::Domain(tenant) => tenant,
        };
        let mut url = Url::parse(&format!("{}/adminconsent", authority.of(tenant))).ok()?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.application.client_id)
            .append_pair("scope", &SCOPES.join(" "))
            .append_pair("redirect_uri", &self.callback);
        Some(url.into())
    }
}

/// The answer of one provider brought to the address of another (mix-up, RFC 9700 section 4.4).
fn foreign_answer() -> Refused {
    let detail = "the browser brought back the answer of another issuer, or one that names none";
    Refused::new(RefusedBecause::NotTrusted, detail)
}

/// The time limit of a whole flow, however many requests it takes.
async fn within<T>(asked: impl Future<Output = Result<T, Refused>>) -> Result<T, Refused> {
    match tokio::time::timeout(TIME_OUT, asked).await {
        Ok(answer) => answer,
        Err(_elapsed) => Err(errors::unreachable(&http::Unreachable::TooSlow)),
    }
}
