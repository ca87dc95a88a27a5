//! Judging a password while it is typed.

use super::{ApiError, Reply};
use contract::Verdict;
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
