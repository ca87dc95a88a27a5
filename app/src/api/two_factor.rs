//! Two-factor authentication of one's own account.

use super::{ApiError, Reply};
use crate::paths;
use contract::{FirstCode, Flash, Problem, TwoFactorDone};
use leptos::prelude::*;

/// Shows the set-up screen with a new secret.
#[server(name = BeginTwoFactor, prefix = "/api", endpoint = "begin_two_factor")]
pub async fn begin_two_factor(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.begin_two_factor().await {
        Ok(()) => reply.go(&reply.own(paths::TWO_FACTOR)),
        Err(problem) => refuse(&reply, "", problem).await,
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

/// Switches it on with the first code.
#[server(name = EnableTwoFactor, prefix = "/api", endpoint = "enable_two_factor")]
pub async fn enable_two_factor(
    #[server(default)] shown: String,
    #[server(default)] code: String,
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let first = FirstCode {
        shown: &shown,
        code: &code,
        proof: &proof,
    };
    match reply.backend.enable_two_factor(first).await {
        Ok(codes) => tell(&reply, TwoFactorDone::On, codes).await,
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
        Ok(()) => tell(&reply, TwoFactorDone::Off, Vec::new()).await,
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
        Ok(codes) => tell(&reply, TwoFactorDone::CodesMade, codes).await,
        Err(problem) => refuse(&reply, "renew", problem).await,
    }
}

async fn tell(reply: &Reply, done: TwoFactorDone, codes: Vec<String>) -> Result<(), ApiError> {
    let flash = Flash {
        done: Some(done.into()),
        codes,
        ..Flash::default()
    };
    reply
        .go_and_tell(&reply.own(paths::TWO_FACTOR), flash)
        .await
}

async fn refuse(reply: &Reply, form: &str, problem: Problem) -> Result<(), ApiError> {
    let page = reply.own(paths::TWO_FACTOR);
    reply.back(&page, form, &[], problem).await
}
