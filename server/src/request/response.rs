//! What ports and handlers set of the response.

use super::{
    RequestContext,
    cookies::{self, Name},
    pending::{Attachment, PendingResponse},
    problems::chain,
};
use contract::Provider;
use domain::{
    AccountId, ProposalId,
    session::{ENDED_IS_KNOWN, Lifetime},
    token::Secret,
};
use http::{HeaderMap, HeaderValue, header};
use std::sync::{MutexGuard, PoisonError};
use store::Session;

impl RequestContext {
    /// Renews the token of the session after a proof was given in it. If that fails, the session keeps
    /// its old token: what the proof was for is already done.
    pub async fn renew_session(&self) {
        let Some(who) = &self.signed_in else {
            return;
        };
        match self.state.identity.renew_session(who).await {
            Ok(Some(token)) => self.set_session_cookie(&who.session, &token),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = chain(&error), "A session kept its token");
            }
        }
    }

    /// The response that is being prepared.
    pub fn response(&self) -> MutexGuard<'_, PendingResponse> {
        self.response.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets a cookie that holds a token.
    pub fn set_cookie(&self, name: &Name, token: &Secret) {
        let cookie = cookies::set(name, token.expose(), self.state.config.is_https());
        self.response().cookies.push(cookie);
    }

    /// Sets the cookie of a session. With "stay signed in" the browser keeps it for as long as the
    /// server knows why the session ended, so that the server can say so.
    pub fn set_session_cookie(&self, session: &Session, token: &Secret) {
        let now = self.state.identity.clock.now();
        let lifetime = Lifetime::of(&session.realm, session.stay);
        let known = session.created_at.plus(lifetime.absolute + ENDED_IS_KNOWN);
        let keep = session.stay.then(|| known.since(now));
        let https = self.state.config.is_https();
        let cookie = cookies::set_session(&session.realm, token, keep, https);
        self.response().cookies.push(cookie);
    }

    /// Ends this browser's session on purpose: removes its cookies and what the browser has stored of
    /// this origin.
    ///
    /// Not by `Clear-Site-Data: "cookies"`: that would take every cookie of the registrable domain,
    /// those of other tenants, of known devices, and of the organisation's other sites (decision 0011).
    pub fn leave(&self) {
        let realm = &self.tenant.realm;
        for name in [Name::Session, Name::SignIn, Name::Drafts, Name::Support] {
            self.clear_cookie(&name(realm.clone()));
        }
        self.response().leaves = true;
    }

    /// The same if this browser is signed in with `account`, whose sessions were just ended. The
    /// session of another account goes on; one that had ended before keeps its cookie, since what was
    /// typed in it waits for its owner.
    pub fn leave_if(&self, account: &AccountId) {
        if self
            .signed_in
            .as_ref()
            .is_some_and(|who| who.account.id == *account)
        {
            self.leave();
        }
    }

    /// Sets the cookie of the devices that this browser is.
    pub fn set_device_cookie(&self, tokens: &[Secret]) {
        let value: Vec<&str> = tokens.iter().map(Secret::expose).collect();
        let name = Name::Device(self.tenant.realm.clone());
        let cookie = cookies::set(&name, &value.join("."), self.state.config.is_https());
        self.response().cookies.push(cookie);
    }

    /// Keeps in the browser which proposal it wants to support.
    pub fn set_support_cookie(&self, proposal: &ProposalId) {
        let name = Name::Support(self.tenant.realm.clone());
        let cookie = cookies::set(&name, proposal.as_str(), self.state.config.is_https());
        self.response().cookies.push(cookie);
    }

    /// Removes a cookie.
    pub fn clear_cookie(&self, name: &Name) {
        let cookie = cookies::clear(name, self.state.config.is_https());
        self.response().cookies.push(cookie);
    }

    /// Adds the cookies that ports have set, and what goes with their removal.
    pub fn apply_cookies(&self, headers: &mut HeaderMap) {
        if self.response().leaves {
            let what = HeaderValue::from_static(r#""cache", "storage""#);
            headers.insert("clear-site-data", what);
        }
        for cookie in self.response().cookies.drain(..) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }

    /// Where a server function wants the browser to go.
    pub fn location(&self) -> Option<String> {
        self.response().location.clone()
    }

    /// The provider that a form leads to, and the address there.
    pub fn elsewhere(&self) -> Option<(Provider, String)> {
        self.response().elsewhere.clone()
    }

    /// Whether the answer is "too much at once", for how many seconds, and where to try again.
    pub fn overload(&self) -> Option<(u64, String)> {
        self.response().overload.clone()
    }

    /// The file that the answer is, if it is one.
    pub fn take_attachment(&self) -> Option<Attachment> {
        self.response().attachment.take()
    }

    /// The status that a server function wants its data to have.
    pub fn status(&self) -> Option<u16> {
        self.response().status
    }
}
