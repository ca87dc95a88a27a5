//! The demo's mailbox: reads the outbox, where mails stay without a mail server.

use super::RequestContext;
use crate::{AppState, edge::headers::MAIL_POLICY, request::client};
use async_trait::async_trait;
use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::{Html, IntoResponse as _, Response},
};
use contract::{Answer, MailRow, MailView, MailboxPort, PlayedFate, Problem};
use domain::{MailId, MailState, Timestamp};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use mail::{Message, Rendered, Seal};
use std::sync::Arc;
use store::{MailFate, QueuedMail};

/// How many mails the list shows.
const LATEST: u32 = 200;

#[async_trait]
impl MailboxPort for RequestContext {
    async fn mails(&self) -> Answer<Vec<MailRow>> {
        self.must_have_mailbox()?;
        let mails = self
            .answer(self.state.identity.store.mailbox(LATEST))
            .await?;
        let row = |mail: &QueuedMail| Some(self.row(mail, render(&self.state, mail)?.subject));
        Ok(mails.iter().filter_map(row).collect())
    }

    async fn mail(&self, id: &str) -> Answer<MailView> {
        self.must_have_mailbox()?;
        let id = MailId::presented(id).ok_or(Problem::NotFound)?;
        let mail = self
            .answer(self.state.identity.store.mail_by_id(&id))
            .await?
            .ok_or(Problem::NotFound)?;
        let rendered = render(&self.state, &mail).ok_or(Problem::NotFound)?;
        let from = mail::from_address(self.state.config.mail_from.as_deref(), &self.state.sender);
        Ok(MailView {
            row: self.row(&mail, rendered.subject),
            from: from
                .map(|from| mail::from_of(&mail, &from).to_string())
                .unwrap_or_default(),
            text: rendered.text,
            is_waited_for: self.is_waited_for(&id).await?,
        })
    }

    async fn play_mail(&self, id: &str, fate: PlayedFate) -> Answer<()> {
        self.must_have_mailbox()?;
        let id = MailId::presented(id).ok_or(Problem::NotFound)?;
        if !self.is_waited_for(&id).await? {
            return Err(Problem::NotFound);
        }
        let identity = &self.state.identity;
        let fate = played(fate, identity.clock.now());
        self.answer(identity.store.play_mail(&id, &fate)).await
    }
}

/// What the row of a mail says after such a fate, in the words of the mail worker.
fn played(fate: PlayedFate, now: Timestamp) -> MailFate {
    let queued = MailFate {
        state: MailState::Queued,
        last_error: None,
        created_at: now,
        finished_at: None,
        bounced_at: None,
        bounced_with: None,
    };
    let taken = MailFate {
        state: MailState::Sent,
        finished_at: Some(now),
        ..queued.clone()
    };
    let back = |with: String| MailFate {
        bounced_at: Some(now),
        bounced_with: Some(with),
        ..taken.clone()
    };
    match fate {
        PlayedFate::Taken => taken.clone(),
        PlayedFate::Late => MailFate {
            last_error: Some("postponed with 450 4.2.0".to_owned()),
            ..queued
        },
        PlayedFate::Refused => MailFate {
            state: MailState::Failed,
            last_error: Some("refused with 550 5.1.1".to_owned()),
            finished_at: Some(now),
            ..queued
        },
        PlayedFate::Bounced => back(format!("{}550 5.1.1", mail::BOUNCED)),
        PlayedFate::Filtered => back(mail::CHALLENGED.to_owned()),
    }
}

impl RequestContext {
    /// Whether it is the mail of a registration.
    async fn is_waited_for(&self, id: &MailId) -> Answer<bool> {
        let store = &self.state.identity.store;
        self.answer(store.is_registration_mail(id)).await
    }

    fn must_have_mailbox(&self) -> Answer<()> {
        if self.is_demo() {
            Ok(())
        } else {
            Err(Problem::NotFound)
        }
    }

    fn row(&self, mail: &QueuedMail, subject: String) -> MailRow {
        MailRow {
            id: mail.id.to_string(),
            to: mail.recipient.clone(),
            subject,
            at: self.moment(mail.created_at),
            locale: mail.locale,
        }
    }
}

fn render(state: &AppState, mail: &QueuedMail) -> Option<Rendered> {
    let plain = Seal::open(&*state.identity.vault, &mail.id, &mail.sealed)?;
    mail::render(&Message::from_json(&plain)?, mail.locale, &state.sender).ok()
}

/// `GET /mailbox-html/{id}`: a mail as a mail program would show it, with a policy of its own.
pub async fn as_html(
    State(state): State<Arc<AppState>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let id = id.ok().and_then(|Path(id)| MailId::presented(&id));
    let is_demo = state.config.has_mailbox() && !client::is_forwarded(&headers);
    let Some(id) = id.filter(|_| is_demo) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let found = state.identity.store.mail_by_id(&id).await;
    let rendered = found.ok().flatten().and_then(|mail| render(&state, &mail));
    let Some(rendered) = rendered else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Html(rendered.html).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(MAIL_POLICY),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}
