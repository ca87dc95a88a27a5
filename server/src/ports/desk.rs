//! The support desk: what readers say.

use super::RequestContext;
use async_trait::async_trait;
use contract::{Answer, DeskPort, VoteCount, VoteRow};
use domain::permission::{Action, Target};

/// How many votes the page shows.
const LATEST: u32 = 100;

#[async_trait]
impl DeskPort for RequestContext {
    async fn vote_counts(&self) -> Answer<Vec<VoteCount>> {
        self.permit(Action::ReadFeedback, Target::Platform)?;
        let counts = self.answer(self.state.identity.store.vote_counts()).await?;
        let count = |(article, locale, helpful, unhelpful)| VoteCount {
            article,
            locale,
            helpful,
            unhelpful,
        };
        Ok(counts.into_iter().map(count).collect())
    }

    async fn votes(&self) -> Answer<Vec<VoteRow>> {
        self.permit(Action::ReadFeedback, Target::Platform)?;
        let votes = self.answer(self.state.identity.store.votes(LATEST)).await?;
        let row = |vote: store::Vote| VoteRow {
            at: self.moment(vote.created_at),
            article: vote.article,
            locale: vote.locale,
            version: vote.version,
            helpful: vote.helpful,
            comment: vote.comment,
        };
        Ok(votes.into_iter().map(row).collect())
    }
}
