//! Linking and unlinking an account at a provider, and accepting an invitation with one.
//!
//! Where it works, the port has already answered with the page that leads to the provider. A proof is
//! never among what is shown again.

use super::{ApiError, Reply};
use crate::{
    pages::settings::provider::FORM,
    paths::{self, encode},
};
use contract::{Field, Problem, ProofProblem, Provider, ProviderDone, ProviderProblem};
use leptos::prelude::*;

/// Begins to link an account.
#[server(name = LinkProvider, prefix = "/api", endpoint = "link_provider")]
pub async fn link_provider(
    #[server(default)] provider: String,
    #[server(default)] proof: String,
    #[server(default)] form: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let Some(provider) = Provider::parse(&provider) else {
        return unknown(&reply).await;
    };
    let page = reply.own(&paths::provider(provider));
    match reply.backend.link_provider(provider, &proof).await {
        Ok(()) => Ok(()),
        // The button of the overview has no field for a proof: its page asks, and reports no error.
        Err(problem) if form != FORM && wants_proof(&problem) && reply.backend.wants_page() => {
            reply.go(&page)
        }
        Err(problem @ Problem::Provider(ProviderProblem::Refused(_))) => {
            reply
                .back(&reply.own(paths::PROFILE), &form, &[], problem)
                .await
        }
        Err(problem) => reply.back(&page, &form, &[], problem).await,
    }
}

/// Unlinks an account.
#[server(name = UnlinkProvider, prefix = "/api", endpoint = "unlink_provider")]
pub async fn unlink_provider(
    #[server(default)] provider: String,
    #[server(default)] proof: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let Some(provider) = Provider::parse(&provider) else {
        return unknown(&reply).await;
    };
    match reply.backend.unlink_provider(provider, &proof).await {
        Ok(()) => {
            let page = reply.own(paths::PROFILE);
            reply.tell(&page, ProviderDone::Unlinked(provider)).await
        }
        Err(problem) => {
            let page = reply.own(&paths::provider(provider));
            reply.back(&page, FORM, &[], problem).await
        }
    }
}

/// Begins to accept an invitation with an account at a provider.
#[server(name = AcceptInvitationWith, prefix = "/api", endpoint = "accept_invitation_with")]
pub async fn accept_invitation_with(
    #[server(default)] token: String,
    #[server(default)] provider: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = format!("{}?token={}", paths::INVITATION, encode(&token));
    let done = match Provider::parse(&provider) {
        Some(provider) => reply.backend.accept_invitation_with(provider, &token).await,
        None => Err(Problem::BadRequest),
    };
    match done {
        Ok(()) => Ok(()),
        Err(problem) => reply.back(&page, "invitation_with", &[], problem).await,
    }
}

const fn wants_proof(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::Proof(ProofProblem::Needed)
            | Problem::Empty {
                field: Field::Proof
            }
    )
}

async fn unknown(reply: &Reply) -> Result<(), ApiError> {
    let page = reply.own(paths::SETTINGS);
    reply.back(&page, "", &[], Problem::BadRequest).await
}
