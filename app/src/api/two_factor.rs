//! Two-factor authentication of one's own account.

use super::{ApiError, Reply};
use crate::{pages::settings::codes, paths};
use contract::{FirstCode, Locale, Problem, TwoFactorDone};
use leptos::prelude::*;

/// Shows the set-up screen with a new secret.
#[server(name = BeginTwoFactor, prefix = "/api", endpoint = "begin_two_factor")]
pub async fn begin_two_factor(
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.begin_two_factor(&proof).await {
        Ok(()) => reply.go(&reply.own(paths::TWO_FACTOR)),
        Err(problem) => refuse(&reply, "begin", problem).await,
    }
}

/// Leaves the set-up screen; nothing was enabled.
#[server(name = CancelTwoFactor, prefix = "/api", endpoint = "cancel_two_factor")]
pub async fn cancel_two_factor(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.cancel_two_factor().await {
        Ok(()) => reply.go(&reply.own(paths::SETTINGS)),
        Err(problem) => refuse(&reply, "", problem).await,
    }
}

/// Switches it on with the first code, or replaces the phone.
#[server(name = EnableTwoFactor, prefix = "/api", endpoint = "enable_two_factor")]
pub async fn enable_two_factor(
    #[server(default)] shown: String,
    #[server(default)] code: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let first = FirstCode {
        shown: &shown,
        code: &code,
    };
    match reply.backend.enable_two_factor(first).await {
        Ok(done) => tell(&reply, done).await,
        Err(problem) => refuse(&reply, "enable", problem).await,
    }
}

/// Switches it off.
#[server(name = DisableTwoFactor, prefix = "/api", endpoint = "disable_two_factor")]
pub async fn disable_two_factor(
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.disable_two_factor(&proof).await {
        Ok(()) => tell(&reply, TwoFactorDone::Off).await,
        Err(problem) => refuse(&reply, "disable", problem).await,
    }
}

/// Replaces the recovery codes.
#[server(name = RenewRecoveryCodes, prefix = "/api", endpoint = "renew_recovery_codes")]
pub async fn renew_recovery_codes(
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.renew_recovery_codes(&proof).await {
        Ok(()) => tell(&reply, TwoFactorDone::CodesMade).await,
        Err(problem) => refuse(&reply, "renew", problem).await,
    }
}

/// Answers with the recovery codes that are not saved yet, as a text file.
#[server(name = DownloadRecoveryCodes, prefix = "/api", endpoint = "download_recovery_codes")]
pub async fn download_recovery_codes(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.unsaved_codes().await {
        Ok(Some(unsaved)) => {
            let (name, text) = codes::file(Locale::from_tag(&locale), &unsaved);
            reply.backend.attach(name, text);
            Ok(())
        }
        Ok(None) => reply.go(&reply.own(paths::TWO_FACTOR)),
        Err(problem) => refuse(&reply, "", problem).await,
    }
}

/// The recovery codes are saved; the page does not show them again.
#[server(name = RecoveryCodesSaved, prefix = "/api", endpoint = "recovery_codes_saved")]
pub async fn recovery_codes_saved(
    #[server(default)] mark: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.recovery_codes_saved(&mark).await {
        Ok(true) => tell(&reply, TwoFactorDone::CodesSaved).await,
        // The page shows the newer ones.
        Ok(false) => reply.go(&reply.own(paths::TWO_FACTOR)),
        Err(problem) => refuse(&reply, "", problem).await,
    }
}

async fn tell(reply: &Reply, done: TwoFactorDone) -> Result<(), ApiError> {
    reply.tell(&reply.own(paths::TWO_FACTOR), done).await
}

async fn refuse(reply: &Reply, form: &str, problem: Problem) -> Result<(), ApiError> {
    let page = reply.own(paths::TWO_FACTOR);
    reply.back(&page, form, &[], problem).await
}
