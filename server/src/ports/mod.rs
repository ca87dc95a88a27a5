//! The contract's ports, implemented for one request.
//!
//! A [`Scope`] knows who is asking, from where and in which language. Each port checks what the
//! person may do, calls the use case, and turns its refusals into [`Problem`]s; nothing else is
//! decided here.

mod account;
mod activity;
mod desk;
mod details;
mod drafts;
mod help;
mod invitation;
mod leaving;
pub mod mailbox;
mod own_data;
mod password;
mod place;
mod platform;
mod responder;
mod sessions;
mod sign_in;
mod two_factor;

use crate::{
    AppState,
    http::{
        client,
        cookies::{self, Name},
        request::RequestId,
    },
};
use axum::extract::ConnectInfo;
use contract::{Answer, Door, Flash, Locale, Moment, Problem, Viewer};
use domain::{
    AccountId, Duration, PlatformRole, Realm, Timestamp, calendar, retention,
    session::{ENDED_IS_KNOWN, Lifetime},
    token::Secret,
};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use identity::{Client, SignedIn};
use place::Place;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::Session;

/// A message for the next page is kept for as long as somebody may take to get there.
pub const FLASH_LIFETIME: Duration = retention::FLASHES;

/// One request: who is asking, and what the answer will carry.
pub struct Scope {
    /// What all requests share.
    pub state: Arc<AppState>,
    /// The language of the page or form.
    pub locale: Locale,
    /// Where the request comes from.
    pub client: Client,
    /// The door that it came through.
    pub place: Place,
    /// Who is signed in at that door.
    pub signed_in: Option<SignedIn>,
    /// Whether a browser posted a form.
    pub wants_html: bool,
    pending: Option<Secret>,
    session: Option<Secret>,
    reset: Option<Secret>,
    reader: Option<Secret>,
    id: Option<RequestId>,
    door: Door,
    outgoing: Mutex<Outgoing>,
}

/// What the answer will carry.
#[derive(Default)]
struct Outgoing {
    cookies: Vec<HeaderValue>,
    location: Option<String>,
    overload: Option<(u64, String)>,
    status: Option<u16>,
    leaves: bool,
    attachment: Option<Attachment>,
}

/// A file that a form is answered with.
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its content: JSON.
    pub json: Vec<u8>,
}

impl Scope {
    /// Looks at a request for a page and finds out who is asking.
    ///
    /// # Errors
    /// [`Problem::NotFound`] when its address names a door that does not exist.
    pub async fn of_page(
        state: Arc<AppState>,
        parts: &Parts,
        locale: Locale,
        path: &str,
    ) -> Answer<Self> {
        let mut scope = Self::anonymous(state, parts, locale);
        let place = Place::of_path(&scope.state.identity.store, path).await;
        let place = place.map_err(|error| scope.store_problem(error))?;
        scope.stand(place.ok_or(Problem::NotFound)?);
        scope.look_up(parts).await?;
        let project = scope
            .signed_in
            .as_ref()
            .and_then(|who| who.session.project.clone());
        let place = scope.place.clone();
        let place = place.through(&scope.state.identity.store, project.as_deref());
        let place = place.await.map_err(|error| scope.store_problem(error))?;
        scope.stand(place);
        Ok(scope)
    }

    /// Looks at a posted form, which says itself which door it stands behind.
    ///
    /// # Errors
    /// [`Problem::BadRequest`] when there is no such door.
    pub async fn of_form(
        state: Arc<AppState>,
        parts: &Parts,
        locale: Locale,
        tag: &str,
    ) -> Answer<Self> {
        let mut scope = Self::anonymous(state, parts, locale);
        let place = Place::of_tag(&scope.state.identity.store, tag).await;
        let place = place.map_err(|error| scope.store_problem(error))?;
        scope.stand(place.ok_or(Problem::BadRequest)?);
        scope.look_up(parts).await?;
        Ok(scope)
    }

    fn stand(&mut self, place: Place) {
        self.door = place.door(self.locale);
        self.client.project.clone_from(&place.project);
        self.place = place;
    }

    async fn look_up(&mut self, parts: &Parts) -> Answer<()> {
        let https = self.state.config.is_https();
        let realm = self.place.realm.clone();
        self.pending = cookies::token(&parts.headers, &Name::SignIn(realm.clone()), https);
        self.reset = cookies::token(&parts.headers, &Name::Reset(realm.clone()), https);
        self.client.devices = cookies::tokens(&parts.headers, &Name::Device(realm.clone()), https);
        self.session = cookies::token(&parts.headers, &Name::Session(realm.clone()), https);
        if let Some(token) = &self.session {
            let found = self.state.identity.signed_in(&realm, token).await;
            self.signed_in = found.map_err(|error| self.problem(error))?;
        }
        Ok(())
    }

    /// A request whose sender is not looked up, at the back office's door.
    pub fn anonymous(state: Arc<AppState>, parts: &Parts, locale: Locale) -> Self {
        let https = state.config.is_https();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let accept = parts
            .headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        let id = parts.extensions.get::<RequestId>().copied();
        Self {
            client: client::of(&parts.headers, peer, &state.config),
            signed_in: None,
            // Whoever does not ask for data in so many words is answered like a browser.
            wants_html: !accept.is_some_and(|accept| accept.contains("application/json")),
            place: Place::back_office(),
            door: Door::BackOffice,
            pending: None,
            session: None,
            reset: None,
            reader: cookies::token(&parts.headers, &Name::Reader, https),
            id,
            outgoing: Mutex::default(),
            state,
            locale,
        }
    }

    /// Whether the browser brought the cookie of a session at this door.
    pub fn brought_session(&self) -> bool {
        self.session.is_some()
    }

    /// Who is looking, as pages see her.
    pub fn viewer(&self) -> Option<Viewer> {
        self.signed_in.as_ref().map(|who| Viewer {
            name: who.account.name.clone(),
            email: who.account.email.clone(),
            is_agent: is_agent(who),
            leaves: who.account.deletion_at.map(|due| self.moment(due)),
            left: self.left(who),
        })
    }

    /// Whoever is signed in, or the refusal.
    fn who(&self) -> Answer<&SignedIn> {
        self.signed_in.as_ref().ok_or(Problem::SignInFirst)
    }

    /// Whoever is signed in to the back office, or the refusal.
    fn manager(&self) -> Answer<&SignedIn> {
        let who = self.who()?;
        if who.account.realm == Realm::BackOffice {
            Ok(who)
        } else {
            Err(Problem::Forbidden)
        }
    }

    /// Support agents only.
    fn agent(&self) -> Answer<&SignedIn> {
        let who = self.manager()?;
        if is_agent(who) {
            Ok(who)
        } else {
            Err(Problem::Forbidden)
        }
    }

    /// A proof was given in this session: it goes on under a new token. What the proof was for has
    /// happened by now: if this fails, the session goes on under its old one.
    async fn renew_session(&self) {
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

    fn outgoing(&self) -> MutexGuard<'_, Outgoing> {
        self.outgoing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_cookie(&self, name: &Name, token: &Secret) {
        let cookie = cookies::set(name, token.expose(), self.state.config.is_https());
        self.outgoing().cookies.push(cookie);
    }

    /// The browser keeps the cookie of who stays signed in, and for as long as it is known why the
    /// session ended: that is the server's to say.
    fn set_session_cookie(&self, session: &Session, token: &Secret) {
        let now = self.state.identity.clock.now();
        let lifetime = Lifetime::of(&session.realm, session.stay);
        let known = session.created_at.plus(lifetime.absolute + ENDED_IS_KNOWN);
        let keep = session.stay.then(|| known.since(now));
        let https = self.state.config.is_https();
        let cookie = cookies::set_session(&session.realm, token, keep, https);
        self.outgoing().cookies.push(cookie);
    }

    /// This browser's session here is over on purpose: its cookies go, and whatever the browser has
    /// stored of this origin.
    ///
    /// Not by `Clear-Site-Data: "cookies"`: that would take every cookie of the registrable domain,
    /// those of other doors, of known devices, and of the town's other sites (decision 0011).
    fn leave(&self) {
        let realm = &self.place.realm;
        for name in [Name::Session, Name::SignIn, Name::Drafts] {
            self.clear_cookie(&name(realm.clone()));
        }
        self.outgoing().leaves = true;
    }

    /// The same for whoever is signed in here with this account, whose sessions were just ended.
    /// Somebody else's session goes on; and one that was over before keeps its cookie, since what was
    /// typed in it waits for its owner.
    fn leave_if(&self, account: &AccountId) {
        if self
            .signed_in
            .as_ref()
            .is_some_and(|who| who.account.id == *account)
        {
            self.leave();
        }
    }

    fn set_device_cookie(&self, tokens: &[Secret]) {
        let value: Vec<&str> = tokens.iter().map(Secret::expose).collect();
        let name = Name::Device(self.place.realm.clone());
        let cookie = cookies::set(&name, &value.join("."), self.state.config.is_https());
        self.outgoing().cookies.push(cookie);
    }

    fn clear_cookie(&self, name: &Name) {
        let cookie = cookies::clear(name, self.state.config.is_https());
        self.outgoing().cookies.push(cookie);
    }

    /// Adds the cookies that ports have set, and what goes with their removal.
    pub fn apply_cookies(&self, headers: &mut HeaderMap) {
        if self.outgoing().leaves {
            let what = HeaderValue::from_static(r#""cache", "storage""#);
            headers.insert("clear-site-data", what);
        }
        for cookie in self.outgoing().cookies.drain(..) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }

    /// Where a server function wants the browser to go.
    pub fn location(&self) -> Option<String> {
        self.outgoing().location.clone()
    }

    /// Whether the answer is "too much at once", for how many seconds, and where to try again.
    pub fn overload(&self) -> Option<(u64, String)> {
        self.outgoing().overload.clone()
    }

    /// The file that the answer is, if it is one.
    pub fn take_attachment(&self) -> Option<Attachment> {
        self.outgoing().attachment.take()
    }

    /// The status that a server function wants its data to have.
    pub fn status(&self) -> Option<u16> {
        self.outgoing().status
    }

    /// Takes the message that the last form left for this browser.
    pub async fn take_flash(&self, headers: &HeaderMap) -> Flash {
        let https = self.state.config.is_https();
        let Some(token) = cookies::token(headers, &Name::Flash, https) else {
            return Flash::default();
        };
        self.clear_cookie(&Name::Flash);
        self.open_flash(&token).await.unwrap_or_default()
    }

    fn domain_locale(&self) -> domain::Locale {
        match self.locale {
            Locale::En => domain::Locale::En,
            Locale::Fr => domain::Locale::Fr,
        }
    }

    fn moment(&self, at: Timestamp) -> Moment {
        Moment {
            text: calendar::moment(at, self.domain_locale()),
            machine: calendar::machine(at),
        }
    }

    fn day(&self, at: Timestamp) -> Moment {
        Moment {
            text: calendar::day(at, self.domain_locale()),
            machine: calendar::machine(at),
        }
    }

    /// Turns a refusal into its code; logs what broke, once, with the reference that the page
    /// shows.
    fn problem(&self, error: identity::Error) -> Problem {
        use domain::password::Weakness;
        use identity::Error as E;
        match error {
            E::BadCredentials | E::NoAccount => Problem::BadCredentials,
            E::Unconfirmed => Problem::Unconfirmed,
            E::CodeRejected => Problem::CodeRejected,
            E::NotACode => Problem::NotACode,
            E::WrongPassword => Problem::WrongPassword,
            E::ProofRejected => Problem::ProofRejected,
            E::TooManyTries { wait } => Problem::TooManyTries {
                wait_s: wait.as_secs().max(1),
            },
            E::Busy => Problem::Busy { wait_s: 2 },
            E::ResetNeeded => Problem::ResetNeeded,
            E::NoSignIn => Problem::SignInExpired,
            E::DeadLink => Problem::DeadLink,
            E::Weak(Weakness::TooShort { minimum }) => Problem::PasswordTooShort {
                minimum: u32::try_from(minimum).unwrap_or(u32::MAX),
            },
            E::Weak(Weakness::TooLong) => Problem::PasswordTooLong,
            E::Weak(Weakness::Personal) => Problem::PasswordPersonal,
            E::Weak(Weakness::Common) => Problem::PasswordCommon,
            E::Weak(Weakness::Leaked) => Problem::PasswordLeaked,
            E::Weak(Weakness::Guessable) => Problem::PasswordGuessable,
            E::NotEnrolling => Problem::NotEnrolling,
            E::ClockOff { seconds } => Problem::ClockOff { seconds },
            E::PasswordNeedsFactor => Problem::PasswordNeedsFactor {
                minimum: password::alone(),
            },
            E::Unchanged | E::Taken => Problem::Unchanged,
            E::SameAddress => Problem::SameAddress,
            E::AddressUnusable => Problem::AddressUnusable,
            E::LastManager(organisation) => Problem::LastManager { organisation },
            E::SessionEnded => Problem::SignInFirst,
            E::ProofNeeded => Problem::ProofNeeded,
            E::Store(error) if error.is_unavailable() => {
                tracing::error!(error = chain(&error), "The database does not answer");
                Problem::Busy { wait_s: 5 }
            }
            error @ (E::Store(_) | E::Broken(_)) => self.broken(&error),
        }
    }

    fn broken(&self, error: &dyn std::error::Error) -> Problem {
        let reference = self.id.map(|id| id.to_string()).unwrap_or_default();
        tracing::error!(
            error = chain(error),
            request.id = reference,
            "A request broke"
        );
        Problem::Broken { reference }
    }

    fn store_problem(&self, error: store::StoreError) -> Problem {
        self.problem(identity::Error::Store(error))
    }
}

fn is_agent(who: &SignedIn) -> bool {
    matches!(
        who.account.platform_role,
        Some(PlatformRole::Agent | PlatformRole::Administrator)
    )
}

/// An error and its causes on one line; no error of ours prints its own source.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
