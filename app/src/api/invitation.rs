//! Setting up an account.

use super::{ApiError, Reply};
use crate::paths::{self, encode};
use contract::{Flash, SignInDone, SignInStep};
use leptos::prelude::*;

/// Chooses the first password and signs in; the link is consumed.
#[server(name = AcceptInvitation, prefix = "/api", endpoint = "accept_invitation")]
pub async fn accept_invitation(
    #[server(default)] token: String,
    #[server(default)] password: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.accept_invitation(&token, &password).await {
        Ok(accepted) => {
            let tell = |done: SignInDone| Flash::at_sign_in(done, accepted.email);
            match accepted.step {
                Some(SignInStep::In { .. }) => {
                    let done = tell(SignInDone::SetUpAndSignedIn);
                    reply.go_and_tell(&reply.home(), done).await
                }
                Some(SignInStep::Code) => reply.go(&reply.entrance(paths::CODE)),
                None => {
                    let done = tell(SignInDone::AccountSetUp);
                    reply.go_and_tell(paths::SIGN_IN, done).await
                }
            }
        }
        Err(problem) => {
            let page = format!("{}?token={}", paths::INVITATION, encode(&token));
            reply.back(&page, "invitation", &[], problem).await
        }
    }
}

/// Asks for a new set-up link in place of one that does not work any more.
#[server(name = RenewInvitation, prefix = "/api", endpoint = "renew_invitation")]
pub async fn renew_invitation(
    #[server(default)] token: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    match reply.backend.renew_invitation(&token).await {
        Ok(()) => reply.tell(paths::INVITATION, SignInDone::LinkAsked).await,
        Err(problem) => {
            let page = format!("{}?token={}", paths::INVITATION, encode(&token));
            reply.back(&page, "renew", &[], problem).await
        }
    }
}
