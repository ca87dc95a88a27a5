//! The sessions and devices of one's own account.

use super::RequestContext;
use crate::request::tenant;
use async_trait::async_trait;
use contract::{
    Answer, Problem, RememberedRow, SessionLeft, SessionRow, Sessions, SessionsPort, Span,
};
use domain::{
    DeviceId, Duration, SessionId,
    session::{Lifetime, is_recent_proof},
};
use identity::{RememberedDevice, SignedIn};
use store::{Project, Session};

/// The seconds of a day.
const DAY_S: u64 = 24 * 3600;

#[async_trait]
impl SessionsPort for RequestContext {
    async fn sessions(&self) -> Answer<Sessions> {
        let who = self.who()?;
        let identity = &self.state.identity;
        let sessions = self.answer(identity.sessions(who)).await?;
        let remembered = self
            .answer(identity.remembered_devices(who, &self.client))
            .await?;
        let projects = self.projects().await?;
        let (now, proved) = (identity.clock.now(), who.session.proved_at);
        Ok(Sessions {
            needs_proof: !is_recent_proof(now, proved),
            sessions: sessions
                .into_iter()
                .map(|session| self.session_row(who, &projects, session))
                .collect(),
            remembered: remembered
                .into_iter()
                .map(|found| self.remembered_row(found))
                .collect(),
        })
    }

    async fn session_left(&self) -> Answer<SessionLeft> {
        Ok(self.left(self.who()?))
    }

    async fn end_session(&self, id: &str) -> Answer<()> {
        let who = self.who()?;
        let id = SessionId::presented(id).ok_or(Problem::Unchanged)?;
        let identity = &self.state.identity;
        self.answer(identity.end_session(who, &id, &self.client))
            .await
    }

    async fn end_other_sessions(&self) -> Answer<()> {
        let who = self.who()?;
        let identity = &self.state.identity;
        self.answer(identity.end_other_sessions(who, &self.client))
            .await
    }

    async fn forget_device(&self, id: &str) -> Answer<()> {
        let who = self.who()?;
        let id = DeviceId::presented(id).ok_or(Problem::Unchanged)?;
        let identity = &self.state.identity;
        self.answer(identity.forget_device(who, &id, &self.client))
            .await
    }
}

impl RequestContext {
    /// The projects of the door's organisation; none in the back office.
    async fn projects(&self) -> Answer<Vec<Project>> {
        let Some(here) = &self.tenant.project else {
            return Ok(Vec::new());
        };
        self.answer(self.state.identity.store.projects(&here.0.id))
            .await
    }

    fn session_row(&self, who: &SignedIn, projects: &[Project], session: Session) -> SessionRow {
        let project = session
            .project
            .and_then(|slug| projects.iter().find(|project| *project.slug == *slug));
        let lifetime = Lifetime::of(&session.realm, session.stay);
        SessionRow {
            this_one: session.id == who.session.id,
            id: session.id.to_string(),
            device: session.user_agent,
            method: session.method,
            network: session.network,
            project: project.map(|project| tenant::name(project, self.locale)),
            began: self.moment(session.created_at),
            last_seen: self.moment(session.last_seen_at),
            ends: self.moment(session.created_at.plus(lifetime.absolute)),
            idle: span(lifetime.idle),
            stay: session.stay,
        }
    }

    fn remembered_row(&self, found: RememberedDevice) -> RememberedRow {
        let device = found.device;
        RememberedRow {
            this_one: found.this_one,
            id: device.id.to_string(),
            last_seen: self.moment(device.last_seen_at),
            until: self.moment(device.remembered_until.unwrap_or(device.last_seen_at)),
            device: device.user_agent,
            network: device.network,
        }
    }
}

/// A length of time as it is said: two days and more in days.
pub(super) fn span(length: Duration) -> Span {
    let seconds = length.as_secs();
    if seconds >= 2 * DAY_S && seconds.is_multiple_of(DAY_S) {
        Span::Days(seconds / DAY_S)
    } else {
        Span::Hours(seconds / 3600)
    }
}
