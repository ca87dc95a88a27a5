//! Keeping and ending one's own sessions, and asking for codes again.

use super::{ApiError, Reply};
use crate::paths;
use contract::{Answer, SessionLeft, SessionsDone};
use leptos::prelude::*;

/// Keeps the session going: for the island that warns of its end.
#[server(name = KeepSession, prefix = "/api", endpoint = "keep_session")]
pub async fn keep_session(#[server(default)] locale: String) -> Result<SessionLeft, ApiError> {
    let reply = Reply::new(&locale)?;
    let left = reply.backend.session_left().await;
    if !reply.backend.wants_page() {
        return left.map_err(|problem| reply.refuse(problem));
    }
    // Posted as a form, it leads to the page of the sessions.
    let page = reply.own(paths::SESSIONS);
    match left {
        Ok(_) => reply.go(&page)?,
        Err(problem) => reply.back(&page, "", &[], problem).await?,
    }
    Ok(SessionLeft::default())
}

/// Takes the proof that comes before sessions are ended.
#[server(name = ProveForSessions, prefix = "/api", endpoint = "prove_for_sessions")]
pub async fn prove_for_sessions(
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::SESSIONS);
    match reply.backend.give_proof(&proof).await {
        Ok(()) => reply.go(&page),
        Err(problem) => reply.back(&page, "", &[], problem).await,
    }
}

/// Ends one session.
#[server(name = EndSession, prefix = "/api", endpoint = "end_session")]
pub async fn end_session(
    #[server(default)] id: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let done = reply.backend.end_session(&id).await;
    answer(&reply, done, SessionsDone::Ended).await
}

/// Ends all sessions but this one.
#[server(name = EndOtherSessions, prefix = "/api", endpoint = "end_other_sessions")]
pub async fn end_other_sessions(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let done = reply.backend.end_other_sessions().await;
    answer(&reply, done, SessionsDone::OthersEnded).await
}

/// Asks a device for codes again.
#[server(name = ForgetDevice, prefix = "/api", endpoint = "forget_device")]
pub async fn forget_device(
    #[server(default)] id: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let done = reply.backend.forget_device(&id).await;
    answer(&reply, done, SessionsDone::DeviceForgotten).await
}

async fn answer(reply: &Reply, answer: Answer<()>, done: SessionsDone) -> Result<(), ApiError> {
    let page = reply.own(paths::SESSIONS);
    match answer {
        Ok(()) => reply.tell(&page, done).await,
        Err(problem) => reply.back(&page, "", &[], problem).await,
    }
}
