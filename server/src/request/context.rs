//! One request: who is asking, from where, in which language, and what its answer will carry.

use super::{
    client,
    cookies::{self, Name},
    pending::PendingResponse,
    tenant::Tenant,
};
use crate::{AppState, edge::request_id::RequestId, header_text};
use axum::extract::ConnectInfo;
use contract::{Answer, Door, Locale, Moment, Problem, SessionLeft, Viewer};
use domain::{
    AccountId, ProposalId, Realm, Timestamp, calendar,
    permission::{Action, Role, Target, allows},
    session::WARNING,
    token::Secret,
};
use http::{header, request::Parts};
use identity::{Client, SignedIn};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, OnceLock},
};

/// What is known about one request, and what its response will carry.
pub struct RequestContext {
    /// What all requests share.
    pub state: Arc<AppState>,
    /// The language of the page or form.
    pub locale: Locale,
    /// Where the request comes from.
    pub client: Client,
    /// The tenant whose site it is for.
    pub tenant: Tenant,
    /// Who is signed in at that tenant.
    pub signed_in: Option<SignedIn>,
    /// Whether the request says that it came through a proxy.
    pub is_forwarded: bool,
    /// The account of the back office with which somebody looks at a page of a project.
    pub visitor: Option<AccountId>,
    /// Whether a browser posted a form.
    pub wants_html: bool,
    /// The cookie of a sign-in that waits for its second step.
    pub pending: Option<Secret>,
    /// The cookie of a session; it may have ended.
    pub session: Option<Secret>,
    /// The cookie of a registration that waits for the confirmation of its address.
    pub registration: Option<Secret>,
    /// The proposal that this browser wants to support.
    pub support: Option<ProposalId>,
    /// The cookie of a requested password reset.
    pub reset: Option<Secret>,
    /// The cookie of a reset link whose code was given in this browser.
    pub reset_link: Option<Secret>,
    /// The cookie of a reader of the help.
    pub reader: Option<Secret>,
    pub(super) id: Option<RequestId>,
    /// The keyed hash of the address that a form is about, for the log.
    pub(super) subject: OnceLock<String>,
    /// The tenant as pages know it.
    pub door: Door,
    pub(super) response: Mutex<PendingResponse>,
}

impl RequestContext {
    /// The context of a request for the page at `path` (without the prefix of a language).
    ///
    /// # Errors
    /// [`Problem::NotFound`] when the path names a tenant that does not exist.
    pub async fn for_page(
        state: Arc<AppState>,
        parts: &Parts,
        locale: Locale,
        path: &str,
    ) -> Answer<Self> {
        let mut context = Self::anonymous(state, parts, locale);
        let tenant = Tenant::of_path(&context.state.identity.store, path);
        let tenant = context.answer(tenant).await?;
        context.set_tenant(tenant.ok_or(Problem::NotFound)?);
        context.look_up(parts).await?;
        context.visitor = context.visitor(parts).await?;
        let project = context
            .signed_in
            .as_ref()
            .and_then(|who| who.session.project.clone());
        let tenant = context.tenant.clone();
        let tenant = tenant.through(&context.state.identity.store, project.as_deref());
        let tenant = context.answer(tenant).await?;
        context.set_tenant(tenant);
        Ok(context)
    }

    /// The context of a posted form; `tag` is the field that names its tenant.
    ///
    /// # Errors
    /// [`Problem::BadRequest`] when there is no such tenant.
    pub async fn for_form(
        state: Arc<AppState>,
        parts: &Parts,
        locale: Locale,
        tag: &str,
    ) -> Answer<Self> {
        let mut context = Self::anonymous(state, parts, locale);
        let tenant = Tenant::of_tag(&context.state.identity.store, tag);
        let tenant = context.answer(tenant).await?;
        context.set_tenant(tenant.ok_or(Problem::BadRequest)?);
        context.look_up(parts).await?;
        Ok(context)
    }

    fn set_tenant(&mut self, tenant: Tenant) {
        self.door = tenant.door(self.locale);
        self.client.project.clone_from(&tenant.project);
        self.tenant = tenant;
    }

    async fn look_up(&mut self, parts: &Parts) -> Answer<()> {
        let https = self.state.config.is_https();
        let realm = self.tenant.realm.clone();
        self.pending = cookies::token(&parts.headers, &Name::SignIn(realm.clone()), https);
        self.registration =
            cookies::token(&parts.headers, &Name::Registration(realm.clone()), https);
        let support = Name::Support(realm.clone());
        let support = cookies::read(&parts.headers, &support, https);
        self.support = support.and_then(ProposalId::presented);
        self.reset = cookies::token(&parts.headers, &Name::Reset(realm.clone()), https);
        self.reset_link = cookies::token(&parts.headers, &Name::ResetLink(realm.clone()), https);
        self.client.devices = cookies::tokens(&parts.headers, &Name::Device(realm.clone()), https);
        self.session = cookies::token(&parts.headers, &Name::Session(realm.clone()), https);
        if let Some(token) = &self.session {
            let found = self.state.identity.signed_in(&realm, token);
            self.signed_in = self.answer(found).await?;
        }
        Ok(())
    }

    /// With which account somebody who is not signed in here is signed in to the back office.
    async fn visitor(&self, parts: &Parts) -> Answer<Option<AccountId>> {
        let (https, back_office) = (self.state.config.is_https(), Realm::BackOffice);
        if self.signed_in.is_some() || self.tenant.realm == back_office {
            return Ok(None);
        }
        let name = Name::Session(back_office.clone());
        let Some(token) = cookies::token(&parts.headers, &name, https) else {
            return Ok(None);
        };
        let found = self.state.identity.signed_in(&back_office, &token);
        Ok(self.answer(found).await?.map(|who| who.account.id))
    }

    /// The context of a request whose user is not looked up, in the back office.
    pub fn anonymous(state: Arc<AppState>, parts: &Parts, locale: Locale) -> Self {
        let https = state.config.is_https();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let accept = header_text::first(&parts.headers, &header::ACCEPT);
        let id = parts.extensions.get::<RequestId>().copied();
        Self {
            client: Client {
                locale: Some(locale),
                ..client::of(&parts.headers, peer, &state.config)
            },
            signed_in: None,
            visitor: None,
            is_forwarded: client::is_forwarded(&parts.headers),
            // Only a request that asks for JSON gets data.
            wants_html: !accept.contains("application/json"),
            tenant: Tenant::back_office(),
            door: Door::BackOffice,
            pending: None,
            session: None,
            registration: None,
            support: None,
            reset: None,
            reset_link: None,
            reader: cookies::token(&parts.headers, &Name::Reader, https),
            id,
            subject: OnceLock::new(),
            response: Mutex::default(),
            state,
            locale,
        }
    }

    /// Whether the pages of the demo may be shown: to somebody at this machine alone. Behind a proxy, everybody's
    /// requests come from this machine.
    pub fn is_demo(&self) -> bool {
        self.state.config.has_mailbox() && !self.is_forwarded
    }

    /// Whether the browser sent the cookie of a session of this tenant.
    pub fn brought_session(&self) -> bool {
        self.session.is_some()
    }

    /// Whether the request brings something secret that a page may depend on: no copy of the page is kept then.
    pub fn is_personal(&self) -> bool {
        let secrets = [
            &self.session,
            &self.pending,
            &self.registration,
            &self.reset,
            &self.reset_link,
        ];
        self.visitor.is_some() || secrets.into_iter().any(Option::is_some)
    }

    /// The signed-in user, as pages know them.
    pub fn viewer(&self) -> Option<Viewer> {
        self.signed_in.as_ref().map(|who| Viewer {
            name: who.account.name.clone(),
            email: who.account.email.clone(),
            second_factor: who.account.second_factor,
            is_agent: self.may(Action::ReadFeedback, Target::Platform),
            leaves: who.account.deletion_at.map(|due| self.moment(due)),
            left: self.left(who),
        })
    }

    /// The role of the user at the tenant of the request.
    pub fn role(&self) -> Role {
        self.signed_in.as_ref().map_or(Role::Visitor, |who| {
            Role::of_account(&who.account.realm, who.account.platform_role)
        })
    }

    /// Whether the user may do this.
    pub fn may(&self, action: Action, target: Target) -> bool {
        allows(self.role(), action, target)
    }

    /// The signed-in user, if permitted to do this.
    ///
    /// # Errors
    /// [`Problem::SignInFirst`] when nobody is signed in; otherwise [`Problem::Forbidden`].
    pub fn permit(&self, action: Action, target: Target) -> Answer<&SignedIn> {
        let who = self.signed_in.as_ref().ok_or(Problem::SignInFirst)?;
        if self.may(action, target) {
            Ok(who)
        } else {
            Err(Problem::Forbidden)
        }
    }

    /// The signed-in user, on the own account.
    ///
    /// # Errors
    /// [`Problem::SignInFirst`].
    pub fn who(&self) -> Answer<&SignedIn> {
        self.permit(Action::UseAccount, Target::OwnAccount)
    }

    /// How long the session of a user lasts from now on.
    pub fn left(&self, who: &SignedIn) -> SessionLeft {
        let (idle, age) = who.left(self.state.identity.clock.now());
        SessionLeft {
            idle_s: idle.as_secs(),
            age_s: age.as_secs(),
            warning_s: WARNING.as_secs(),
        }
    }

    /// A time in the language of the request.
    pub fn moment(&self, at: Timestamp) -> Moment {
        Moment {
            text: calendar::moment(at, self.locale),
            machine: calendar::machine(at),
        }
    }

    /// A time of day, with the day when it is another one than today.
    pub fn time_lately(&self, at: Timestamp) -> Moment {
        let today = calendar::day_begins(self.state.identity.clock.now());
        if at < today {
            self.moment(at)
        } else {
            self.time(at)
        }
    }

    /// A time of day in the language of the request.
    pub fn time(&self, at: Timestamp) -> Moment {
        Moment {
            text: calendar::time(at, self.locale),
            machine: calendar::machine(at),
        }
    }

    /// A day in the language of the request.
    pub fn day(&self, at: Timestamp) -> Moment {
        Moment {
            text: calendar::day(at, self.locale),
            machine: calendar::machine(at),
        }
    }
}
