//! Passwords: checked while typed, reset, changed.

use super::{ApiError, Reply};
use crate::paths::{self, encode};
use contract::{Flash, PasswordDone, PasswordResetForm, Problem, Verdict};
use leptos::prelude::*;

/// How a password stands; for the island under the field, never for a form. The page's token says
/// for whom it is.
#[server(name = JudgePassword, prefix = "/api", endpoint = "judge_password")]
pub async fn judge_password(
    #[server(default)] password: String,
    #[server(default)] token: String,
) -> Result<Verdict, ApiError> {
    let reply = Reply::new("")?;
    let verdict = reply.backend.judge_password(&password, &token).await;
    verdict.map_err(|problem| reply.refuse(problem))
}

/// Asks for a mail to choose a new password.
#[server(name = ForgotPassword, prefix = "/api", endpoint = "forgot_password")]
pub async fn forgot_password(
    #[server(default)] email: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.forgot_password(&email).await {
        Ok(()) => {
            let asked = Flash {
                done: Some(PasswordDone::ResetAsked.into()),
                typed: vec![("email".to_owned(), email)],
                ..Flash::default()
            };
            let page = reply.entrance(paths::RESET_SENT);
            reply.go_and_tell(&page, asked).await
        }
        Err(problem) => {
            let page = reply.entrance(paths::FORGOT_PASSWORD);
            reply
                .back(&page, "forgot", &[("email", &email)], problem)
                .await
        }
    }
}

/// Takes the short code of the mail.
#[server(name = GiveResetCode, prefix = "/api", endpoint = "give_reset_code")]
pub async fn give_reset_code(
    #[server(default)] code: String,
    #[server(default)] email: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.give_reset_code(&code).await {
        Ok(()) => reply.go(&reply.entrance(paths::RESET_PASSWORD)),
        Err(problem) => {
            let page = reply.entrance(paths::RESET_SENT);
            reply
                .back(&page, "code", &[("email", &email)], problem)
                .await
        }
    }
}

/// Sets the new password; the link is consumed.
#[server(name = ResetPassword, prefix = "/api", endpoint = "reset_password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] name: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.entrance(paths::RESET_PASSWORD);
    let page = if token.is_empty() {
        page
    } else {
        format!("{page}?token={}", encode(&token))
    };
    let typed = [("name", name.clone())];
    let form = PasswordResetForm {
        token,
        password,
        code,
        name,
    };
    match reply.backend.reset_password(form).await {
        Ok(email) => {
            let done = Flash::at_sign_in(PasswordDone::Reset, email);
            reply
                .go_and_tell(&reply.entrance(paths::SIGN_IN), done)
                .await
        }
        Err(problem) => {
            let typed = typed
                .each_ref()
                .map(|(field, typed)| (*field, typed.as_str()));
            reply.back(&page, "reset", &typed, problem).await
        }
    }
}

/// Changes one's own password.
#[server(name = ChangePassword, prefix = "/api", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] present: String,
    #[server(default)] password: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.change_password(&present, &password).await {
        Ok(()) => {
            let page = reply.own(paths::SETTINGS);
            reply.tell(&page, PasswordDone::Changed).await
        }
        Err(problem) => {
            let page = reply.own(paths::PASSWORD);
            reply.back(&page, "change", &[], problem).await
        }
    }
}

/// "This was not me": makes the account safe.
#[server(name = SayNotMe, prefix = "/api", endpoint = "say_not_me")]
pub async fn say_not_me(
    #[server(default)] token: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::NOT_ME);
    match reply.backend.say_not_me(&token).await {
        Ok(email) => {
            let done = Flash {
                done: Some(PasswordDone::MadeSafe.into()),
                typed: vec![("email".to_owned(), email)],
                ..Flash::default()
            };
            reply
                .go_and_tell(&reply.entrance(paths::RESET_SENT), done)
                .await
        }
        // The page of a dead link says so itself.
        Err(Problem::DeadLink) => reply.go(&format!("{page}?token={}", encode(&token))),
        Err(problem) => {
            let page = format!("{page}?token={}", encode(&token));
            reply.back(&page, "not_me", &[], problem).await
        }
    }
}
