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
mod outgoing;
mod own_data;
mod password;
mod place;
mod platform;
mod problems;
mod providers;
mod refusals;
mod responder;
mod round_trip;
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
use contract::{Answer, Door, Locale, Moment, Problem, Viewer};
use domain::{Duration, PlatformRole, Realm, Timestamp, calendar, retention, token::Secret};
use http::{header, request::Parts};
use identity::{Client, SignedIn};
pub use outgoing::Attachment;
use outgoing::Outgoing;
use place::Place;
use problems::chain;
pub use round_trip::Callback;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

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
}

fn is_agent(who: &SignedIn) -> bool {
    matches!(
        who.account.platform_role,
        Some(PlatformRole::Agent | PlatformRole::Administrator)
    )
}
