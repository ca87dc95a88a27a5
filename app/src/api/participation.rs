//! Taking part.

use super::{ApiError, Reply};
use crate::paths::{self, encode};
use contract::{ParticipationDone, Problem};
use leptos::prelude::*;

/// Supports a proposal. Who is not signed in is led to an account, and the support is given then.
#[server(name = SupportProposal, prefix = "/api", endpoint = "support_proposal")]
pub async fn support_proposal(
    #[server(default)] proposal: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.entrance(&paths::proposal(&proposal));
    match reply.backend.support(&proposal).await {
        Ok(done @ ParticipationDone::ConfirmFirst) => {
            reply.tell(&reply.entrance(paths::WAITING), done).await
        }
        Ok(done) => reply.tell(&page, done).await,
        // Managers have no account to make, and take part nowhere.
        Err(Problem::SignInFirst)
            if reply.backend.wants_page() && !reply.backend.door().is_back_office() =>
        {
            let register = reply.entrance(paths::REGISTER);
            let register = format!("{register}?next={}", encode(&page));
            reply
                .tell(&register, ParticipationDone::AccountNeeded)
                .await
        }
        Err(problem) => reply.back(&page, "support", &[], problem).await,
    }
}

/// Takes a support back.
#[server(name = WithdrawSupport, prefix = "/api", endpoint = "withdraw_support")]
pub async fn withdraw_support(
    #[server(default)] proposal: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = reply.entrance(&paths::proposal(&proposal));
    match reply.backend.withdraw_support(&proposal).await {
        Ok(()) => reply.tell(&page, ParticipationDone::Withdrawn).await,
        Err(problem) => reply.back(&page, "support", &[], problem).await,
    }
}
