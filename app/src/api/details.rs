//! One's own details: name, language of mails, e-mail address.

use super::{ApiError, Reply};
use crate::paths::{self, encode};
use contract::{DetailsDone, Flash};
use leptos::prelude::*;

/// Changes what the person is called.
#[server(name = ChangeName, prefix = "/api", endpoint = "change_name")]
pub async fn change_name(
    #[server(default)] name: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.change_name(&name).await {
        Ok(()) => {
            reply
                .tell(&reply.own(paths::SETTINGS), DetailsDone::NameChanged)
                .await
        }
        Err(problem) => {
            let page = reply.own(paths::NAME);
            reply.back(&page, "", &[("name", &name)], problem).await
        }
    }
}

/// Changes the language of the person's mails.
#[server(name = ChangeMailLanguage, prefix = "/api", endpoint = "change_mail_language")]
pub async fn change_mail_language(
    #[server(default)] mail_language: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.change_mail_language(&mail_language).await {
        Ok(()) => {
            reply
                .tell(&reply.own(paths::SETTINGS), DetailsDone::LanguageChanged)
                .await
        }
        Err(problem) => {
            let page = reply.own(paths::MAIL_LANGUAGE);
            let typed = [("mail_language", mail_language.as_str())];
            reply.back(&page, "", &typed, problem).await
        }
    }
}

/// Asks for another address.
#[server(name = AskForEmail, prefix = "/api", endpoint = "ask_for_email")]
pub async fn ask_for_email(
    #[server(default)] email: String,
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::EMAIL);
    match reply.backend.ask_for_email(&email, &proof).await {
        Ok(()) => reply.tell(&page, DetailsDone::EmailAsked).await,
        Err(problem) => reply.back(&page, "", &[("email", &email)], problem).await,
    }
}

/// Withdraws the requested change of address.
#[server(name = WithdrawEmail, prefix = "/api", endpoint = "withdraw_email")]
pub async fn withdraw_email(#[server(default)] locale: String) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::EMAIL);
    match reply.backend.withdraw_email().await {
        Ok(()) => reply.tell(&page, DetailsDone::EmailWithdrawn).await,
        Err(problem) => reply.back(&page, "", &[], problem).await,
    }
}

/// Confirms a new address with its mailed link, which is consumed.
#[server(name = ConfirmEmail, prefix = "/api", endpoint = "confirm_email")]
pub async fn confirm_email(
    #[server(default)] token: String,
    #[server(default)] email: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.confirm_email(&token, &email).await {
        Ok(true) => {
            reply
                .tell(&reply.own(paths::SETTINGS), DetailsDone::EmailChanged)
                .await
        }
        Ok(false) => {
            let done = Flash::at_sign_in(DetailsDone::EmailChanged, email);
            reply
                .go_and_tell(&reply.entrance(paths::SIGN_IN), done)
                .await
        }
        Err(problem) => {
            let page = reply.own(paths::CONFIRM_EMAIL);
            let page = format!("{page}?token={}", encode(&token));
            reply.back(&page, "", &[], problem).await
        }
    }
}

/// Takes a change of address back with the link that was mailed to the previous one.
#[server(name = UndoEmail, prefix = "/api", endpoint = "undo_email")]
pub async fn undo_email(
    #[server(default)] token: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.own(paths::UNDO_EMAIL);
    match reply.backend.undo_email(&token).await {
        Ok(email) => {
            let done = Flash {
                done: Some(DetailsDone::EmailUndone.into()),
                typed: vec![("email".to_owned(), email)],
                ..Flash::default()
            };
            reply.go_and_tell(&page, done).await
        }
        Err(problem) => {
            let page = format!("{page}?token={}", encode(&token));
            reply.back(&page, "", &[], problem).await
        }
    }
}
