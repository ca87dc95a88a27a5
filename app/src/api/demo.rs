//! The demo.

use super::{ApiError, Reply};
use crate::paths;
use contract::{PlayedFate, Problem};
use leptos::prelude::*;

/// Plays what becomes of a mail, so that the page that waits for it shows it.
#[server(name = PlayMail, prefix = "/api", endpoint = "play_mail")]
pub async fn play_mail(
    #[server(default)] id: String,
    #[server(default)] fate: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let played = match PlayedFate::parse(&fate) {
        Some(fate) => reply.backend.play_mail(&id, fate).await,
        None => Err(Problem::BadRequest),
    };
    match played {
        Ok(()) => reply.go(&paths::mail(&id)),
        Err(problem) => reply.back(paths::MAILBOX, "play_mail", &[], problem).await,
    }
}
