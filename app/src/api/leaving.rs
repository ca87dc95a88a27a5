//! One's own data, and leaving.

use super::{ApiError, Reply};
use crate::paths::{self, encode};
use contract::LeavingDone;
use leptos::prelude::*;

/// Takes the proof for everything that is stored about the person, and shows it.
#[server(name = ShowData, prefix = "/api", endpoint = "show_data")]
pub async fn show_data(
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::OWN_DATA);
    match reply.backend.give_proof(&proof).await {
        Ok(()) => reply.go(&page),
        Err(problem) => reply.back(&page, "", &[], problem).await,
    }
}

/// Answers with everything that is stored about the person, as a file.
#[server(name = DownloadData, prefix = "/api", endpoint = "download_data")]
pub async fn download_data(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.download_data().await {
        Ok(()) => Ok(()),
        Err(problem) => {
            let page = reply.own(paths::OWN_DATA);
            reply.back(&page, "", &[], problem).await
        }
    }
}

/// Has one's own account deleted in seven days.
#[server(name = DeleteAccount, prefix = "/api", endpoint = "delete_account")]
pub async fn delete_account(
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::DELETE);
    match reply.backend.delete_account(&proof).await {
        Ok(()) => reply.tell(&page, LeavingDone::Asked).await,
        Err(problem) => reply.back(&page, "", &[], problem).await,
    }
}

/// Keeps one's own account after all.
#[server(name = KeepAccount, prefix = "/api", endpoint = "keep_account")]
pub async fn keep_account(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.keep_account().await {
        Ok(()) => {
            reply
                .tell(&reply.own(paths::SETTINGS), LeavingDone::Stopped)
                .await
        }
        Err(problem) => {
            let page = reply.own(paths::DELETE);
            reply.back(&page, "", &[], problem).await
        }
    }
}

/// Keeps an account with a mailed link, which is consumed.
#[server(name = StopDeletion, prefix = "/api", endpoint = "stop_deletion")]
pub async fn stop_deletion(
    #[server(default)] token: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::STOP_DELETION);
    match reply.backend.stop_deletion(&token).await {
        Ok(()) => reply.tell(&page, LeavingDone::Stopped).await,
        Err(problem) => {
            let page = format!("{page}?token={}", encode(&token));
            reply.back(&page, "", &[], problem).await
        }
    }
}
