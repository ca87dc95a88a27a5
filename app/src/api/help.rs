//! "Was this article helpful?"

use super::{ApiError, Reply};
use crate::paths::{self, encode};
use contract::{Flash, HelpDone, Locale, VoteForm};
use leptos::prelude::*;

/// Yes or no.
#[server(name = SendVote, prefix = "/api", endpoint = "send_vote")]
pub async fn send_vote(
    #[server(default)] article: String,
    #[server(default)] helpful: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = format!(
        "{}#vote",
        reply.entrance(&paths::article(&encode(&article)))
    );
    let vote = VoteForm {
        article,
        locale: Locale::from_tag(&locale),
        helpful: helpful.clone(),
        comment: None,
    };
    match reply.backend.vote(vote).await {
        Ok(()) => {
            let typed = vec![("helpful".to_owned(), helpful)];
            let flash = Flash {
                done: Some(HelpDone::Voted.into()),
                typed,
                ..Flash::default()
            };
            reply.go_and_tell(&page, flash).await
        }
        Err(problem) => reply.back(&page, "vote", &[], problem).await,
    }
}

/// The comment that the reader adds to a vote.
#[server(name = SendComment, prefix = "/api", endpoint = "send_comment")]
pub async fn send_comment(
    #[server(default)] article: String,
    #[server(default)] helpful: String,
    #[server(default)] comment: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    let reply = Reply::new(&locale)?;
    let page = format!(
        "{}#vote",
        reply.entrance(&paths::article(&encode(&article)))
    );
    let vote = VoteForm {
        article,
        locale: Locale::from_tag(&locale),
        helpful: helpful.clone(),
        comment: Some(comment.clone()),
    };
    match reply.backend.vote(vote).await {
        Ok(()) => {
            let flash = Flash {
                done: Some(HelpDone::CommentSent.into()),
                ..Flash::default()
            };
            reply.go_and_tell(&page, flash).await
        }
        Err(problem) => {
            let typed = [("comment", comment.as_str()), ("helpful", helpful.as_str())];
            reply.back(&page, "comment", &typed, problem).await
        }
    }
}
