//! Registering, and confirming the address.

use super::{ApiError, Reply};
use crate::{
    locale,
    paths::{self, encode},
};
use contract::{
    Confirmed, Flash, Problem, RegistrationDone, RegistrationForm, RegistrationProblem,
};
use leptos::prelude::*;

/// Registers, and leads to the page that waits for the mail.
#[server(name = Register, prefix = "/api", endpoint = "register")]
pub async fn register(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let form = RegistrationForm {
        name: name.clone(),
        email: email.clone(),
        password,
        next: next.clone(),
    };
    match reply.backend.register(form).await {
        Ok(()) => reply.go(&reply.entrance(paths::WAITING)),
        Err(problem) => {
            let mut page = reply.entrance(paths::REGISTER);
            if !next.is_empty() {
                page = format!("{page}?next={}", encode(&next));
            }
            let typed = [("name", name.as_str()), ("email", &email)];
            reply.back(&page, "register", &typed, problem).await
        }
    }
}

/// Has the mail sent once more that this browser waits for.
#[server(name = SendConfirmation, prefix = "/api", endpoint = "send_confirmation")]
pub async fn send_confirmation(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let sent = reply.backend.send_confirmation().await;
    waiting(&reply, sent, RegistrationDone::MailAsked, ("again", &[])).await
}

/// Corrects the address of the registration of this browser.
#[server(name = CorrectRegistration, prefix = "/api", endpoint = "correct_registration")]
pub async fn correct_registration(
    #[server(default)] email: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let corrected = reply.backend.correct_registration(&email).await;
    let form: (&str, &[(&str, &str)]) = ("correct", &[("email", &email)]);
    waiting(&reply, corrected, RegistrationDone::Corrected, form).await
}

/// Takes the code of the mail.
#[server(name = ConfirmByCode, prefix = "/api", endpoint = "confirm_by_code")]
pub async fn confirm_by_code(
    #[server(default)] code: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.confirm_by_code(&code).await {
        Ok(confirmed) => go_on(&reply, confirmed).await,
        Err(problem) => refused(&reply, problem, ("code", &[])).await,
    }
}

/// Confirms the address behind the link of the mail.
#[server(name = ConfirmAddress, prefix = "/api", endpoint = "confirm_address")]
pub async fn confirm_address(
    #[server(default)] token: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.confirm_address(&token).await {
        Ok(confirmed) => go_on(&reply, confirmed).await,
        Err(problem) => at_link(&reply, &token, problem).await,
    }
}

/// Says that the owner of the address did not register.
#[server(name = DenyRegistration, prefix = "/api", endpoint = "deny_registration")]
pub async fn deny_registration(
    #[server(default)] token: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.deny_registration(&token).await {
        Ok(()) => {
            let page = reply.entrance(paths::CONFIRM_ADDRESS);
            reply.tell(&page, RegistrationDone::Denied).await
        }
        Err(problem) => at_link(&reply, &token, problem).await,
    }
}

/// Has a new mail sent in place of a link that is too old.
#[server(name = RenewConfirmation, prefix = "/api", endpoint = "renew_confirmation")]
pub async fn renew_confirmation(
    #[server(default)] token: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.renew_confirmation(&token).await {
        Ok(()) => {
            let page = reply.entrance(paths::CONFIRM_ADDRESS);
            reply.tell(&page, RegistrationDone::LinkAsked).await
        }
        Err(problem) => at_link(&reply, &token, problem).await,
    }
}

/// Signed in, the wanted page says so; otherwise the sign-in page, which knows the address.
async fn go_on(reply: &Reply, confirmed: Confirmed) -> Result<(), ApiError> {
    if !confirmed.signed_in {
        let done = Flash::at_sign_in(RegistrationDone::Confirmed, confirmed.email);
        return reply
            .go_and_tell(&reply.entrance(paths::SIGN_IN), done)
            .await;
    }
    let next = confirmed.next.map(|next| locale::split(&next).1.to_owned());
    let page = next.unwrap_or_else(|| reply.home());
    reply
        .tell(&page, RegistrationDone::ConfirmedAndSignedIn)
        .await
}

/// Back to the page that waits, which says what was done or why not.
async fn waiting(
    reply: &Reply,
    result: Result<(), Problem>,
    done: RegistrationDone,
    form: (&str, &[(&str, &str)]),
) -> Result<(), ApiError> {
    match result {
        Ok(()) => reply.tell(&reply.entrance(paths::WAITING), done).await,
        Err(problem) => refused(reply, problem, form).await,
    }
}

async fn refused(
    reply: &Reply,
    problem: Problem,
    (form, typed): (&str, &[(&str, &str)]),
) -> Result<(), ApiError> {
    let page = if problem == Problem::Registration(RegistrationProblem::NotOpen) {
        paths::REGISTER
    } else {
        paths::WAITING
    };
    reply
        .back(&reply.entrance(page), form, typed, problem)
        .await
}

async fn at_link(reply: &Reply, token: &str, problem: Problem) -> Result<(), ApiError> {
    let page = reply.entrance(paths::CONFIRM_ADDRESS);
    let page = format!("{page}?token={}", encode(token));
    // The page of a dead link says so itself.
    if problem == Problem::DeadLink {
        return reply.go(&page);
    }
    reply.back(&page, "confirm_address", &[], problem).await
}
