//! Signing in and out.

use super::{ApiError, Reply};
use crate::{
    locale,
    paths::{self, encode},
};
use contract::{CodeForm, Flash, Problem, SignInDone, SignInForm, SignInProblem, SignInStep};
use leptos::prelude::*;

/// Address and password.
#[server(name = SignIn, prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
    #[server(default)] stay: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let form = SignInForm {
        email: email.clone(),
        password,
        next: next.clone(),
        stay: stay == "true",
    };
    match reply.backend.sign_in(form).await {
        Ok(step) => go_on(&reply, step).await,
        Err(problem) => {
            let wanted = if next.is_empty() {
                String::new()
            } else {
                format!("?next={}", encode(&next))
            };
            let page = format!("{}{wanted}", reply.entrance(paths::SIGN_IN));
            // The next step may be a new password: the address need not be typed again there.
            if matches!(problem, Problem::SignIn(SignInProblem::BadCredentials)) {
                let forgotten = reply.entrance(paths::FORGOT_PASSWORD);
                reply.remember(&forgotten, &[("email", &email)]).await;
            }
            reply
                .back(
                    &page,
                    "sign_in",
                    &[("email", &email), ("stay", &stay)],
                    problem,
                )
                .await
        }
    }
}

/// The second step: a code, or a recovery code.
#[server(name = GiveCode, prefix = "/api", endpoint = "give_code")]
pub async fn give_code(
    #[server(default)] code: String,
    #[server(default)] remember: String,
    #[server(default)] form: String,
    #[server(default)] shown: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let code = CodeForm {
        code,
        shown,
        remember: remember == "true",
    };
    match reply.backend.give_code(code).await {
        Ok(step) => go_on(&reply, step).await,
        Err(problem @ Problem::SignIn(SignInProblem::Expired)) => {
            let page = reply.entrance(paths::SIGN_IN);
            reply.back(&page, "sign_in", &[], problem).await
        }
        Err(problem) => {
            let page = reply.entrance(paths::CODE);
            let typed = [("remember", remember.as_str())];
            reply.back(&page, &form, &typed, problem).await
        }
    }
}

/// Ends the session.
#[server(name = SignOut, prefix = "/api", endpoint = "sign_out")]
pub async fn sign_out(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.sign_out().await {
        Ok(()) => {
            reply
                .tell(&reply.entrance(paths::SIGN_IN), SignInDone::SignedOut)
                .await
        }
        Err(problem) => reply.back(&reply.home(), "", &[], problem).await,
    }
}

async fn go_on(reply: &Reply, step: SignInStep) -> Result<(), ApiError> {
    match step {
        SignInStep::Code => reply.go(&reply.entrance(paths::CODE)),
        // The wanted page may be of the other language than the form: it is taken as it was.
        // A user who lost the phone is shown what to do first.
        SignInStep::In {
            recovered: true, ..
        } => {
            let done = Flash {
                done: Some(SignInDone::RecoveryCodeUsed.into()),
                ..Flash::default()
            };
            reply.go_and_tell(&reply.home(), done).await
        }
        SignInStep::In {
            next: Some(next), ..
        } => {
            let (_, path) = locale::split(&next);
            reply.go(path)
        }
        SignInStep::In { next: None, .. } => reply.go(&reply.home()),
    }
}
