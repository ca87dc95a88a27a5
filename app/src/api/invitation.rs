//! Setting up an account.

use super::{ApiError, Reply};
use crate::paths::{self, encode};
use contract::{Flash, SignInDone};
use leptos::prelude::*;

/// Chooses the first password; the link is consumed.
#[server(name = AcceptInvitation, prefix = "/api", endpoint = "accept_invitation")]
pub async fn accept_invitation(
    #[server(default)] token: String,
    #[server(default)] password: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.accept_invitation(&token, &password).await {
        Ok(()) => {
            let done = Flash {
                done: Some(SignInDone::AccountSetUp.into()),
                ..Flash::default()
            };
            reply.go_and_tell(paths::SIGN_IN, done).await
        }
        Err(problem) => {
            let page = format!("{}?token={}", paths::INVITATION, encode(&token));
            reply.back(&page, "invitation", &[], problem).await
        }
    }
}
