//! `article_votes`: whether an article helped; one vote of each reader for each version of the text in
//! one language. The hash does not identify the reader.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{all, execute, statements},
    row::{record, select},
};
use domain::{Locale, Timestamp};

record! {
    /// A reader's vote on an article.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Vote from vote of article_votes {
        /// The article's slug.
        pub article: String,
        /// The language that it was read in.
        pub locale: Locale,
        /// The version of that language's text.
        pub version: String,
        /// Whether it helped.
        pub helpful: bool,
        /// The reader's comment.
        pub comment: Option<String>,
        /// When the reader last voted.
        pub created_at: Timestamp,
    }
}

statements! {
    PUT_VOTE =
        "insert into article_votes (article, locale, version, reader_hash, helpful, comment,
            created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (article, locale, version, reader_hash) do update
        set helpful = excluded.helpful,
            comment = coalesce(excluded.comment, article_votes.comment),
            created_at = excluded.created_at";
    VOTES =
        select!(vote, "from article_votes order by created_at desc, article, locale limit $1");
    VOTE_COUNTS =
        "select article, locale, count(*) filter (where helpful) as helpful,
            count(*) filter (where not helpful) as unhelpful
        from article_votes
        group by article, locale
        order by article, locale";
}

impl Store {
    /// The newest votes, newest first.
    pub async fn votes(&self, limit: u32) -> Result<Vec<Vote>, StoreError> {
        all!(self.reader().await?.conn(), VOTES, i64::from(limit))
    }

    /// For each article and language, how many readers it helped and how many it did not, over
    /// all versions.
    pub async fn vote_counts(&self) -> Result<Vec<(String, Locale, u64, u64)>, StoreError> {
        let rows: Vec<Row> = all!(self.reader().await?.conn(), VOTE_COUNTS)?;
        let count = |row: &Row| {
            Ok((
                row.get("article")?,
                row.get("locale")?,
                row.get("helpful")?,
                row.get("unhelpful")?,
            ))
        };
        rows.iter().map(count).collect()
    }
}

impl Tx {
    /// Counts a reader's vote, in place of an earlier one; an earlier comment stays unless there
    /// is a new one.
    pub async fn put_vote(
        &mut self,
        vote: &Vote,
        reader_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            PUT_VOTE,
            vote.article.as_str(),
            vote.locale.as_str(),
            vote.version.as_str(),
            reader_hash.as_slice(),
            vote.helpful,
            vote.comment.as_deref(),
            vote.created_at.as_millis(),
        )
        .map(drop)
    }
}
