//! What was typed when a session had ended: kept with it, and given to the next one of its owner.

use super::RequestContext;
use crate::request::cookies::{self, Name};
use contract::{Answer, Done, Flash};
use http::HeaderMap;
use identity::{EndedSession, OpenedSession};

impl RequestContext {
    /// The session that this browser had at this door and that is over.
    pub(super) async fn ended(&self) -> Answer<Option<EndedSession>> {
        let (None, Some(token)) = (&self.signed_in, &self.session) else {
            return Ok(None);
        };
        let identity = &self.state.identity;
        self.answer(identity.ended_session(&self.tenant.realm, token))
            .await
    }

    /// Keeps what was typed on a page; false when this browser had no session that is over, or when it
    /// was too much to keep.
    pub(super) async fn keep_typed(
        &self,
        page: &str,
        form: &str,
        typed: &[(String, String)],
    ) -> bool {
        let Ok(Some(ended)) = self.ended().await else {
            return false;
        };
        if typed.iter().all(|(_, text)| text.is_empty()) {
            return true;
        }
        let flash = Flash {
            form: Some(form.to_owned()),
            typed: typed.to_vec(),
            done: Some(Done::TextReturned),
            ..Flash::default()
        };
        let plain = serde_json::to_vec(&flash).unwrap_or_default();
        let kept = self.state.identity.keep_draft(&ended, page, &plain).await;
        kept.unwrap_or_else(|error| {
            tracing::error!(error = super::chain(&error), "A draft could not be kept");
            false
        })
    }

    /// Gives what was typed in the session that this browser had before to the one that was opened.
    pub(super) async fn hand_over(&self, opened: &OpenedSession) -> Answer<()> {
        let Some(ended) = self.ended().await? else {
            return Ok(());
        };
        let moving = self.state.identity.move_drafts(&ended, opened);
        if self.answer(moving).await? {
            let name = Name::Drafts(self.tenant.realm.clone());
            let cookie = cookies::set(&name, "1", self.state.config.is_https());
            self.response().cookies.push(cookie);
        }
        Ok(())
    }

    /// Takes what was typed on this page before the last session ended. Looked for only where the
    /// browser says that there is something.
    pub async fn take_draft(&self, headers: &HeaderMap, page: &str) -> Flash {
        let name = Name::Drafts(self.tenant.realm.clone());
        let waits = cookies::read(headers, &name, self.state.config.is_https());
        let (Some(who), Some(_)) = (&self.signed_in, waits) else {
            return Flash::default();
        };
        let found = self.state.identity.take_draft(who, page).await;
        let plain = found.ok().flatten().unwrap_or_default();
        serde_json::from_slice(&plain).unwrap_or_default()
    }
}
