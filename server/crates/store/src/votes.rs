//! `article_votes`: whether an article helped; one vote of each reader for each version of the
//! text in one language. Who the reader is cannot be read from the hash.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{Record, all, execute, statements, store_and_tx},
};
use domain::{Locale, Timestamp};

/// What a reader said of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// The article's slug.
    pub article: String,
    /// The language that it was read in.
    pub locale: Locale,
    /// The version of that language's text.
    pub version: String,
    /// Whether it helped.
    pub helpful: bool,
    /// What else the reader wrote.
    pub comment: Option<String>,
    /// When she last said so.
    pub created_at: Timestamp,
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
        "select article, locale, version, helpful, comment, created_at from article_votes
        order by created_at desc, article, locale
        limit $1";
    VOTE_COUNTS =
        "select article, locale, count(*) filter (where helpful) as helpful,
            count(*) filter (where not helpful) as unhelpful
        from article_votes
        group by article, locale
        order by article, locale";
    DELETE_OLD_VOTES = "delete from article_votes where created_at < $1";
}

impl Record for Vote {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            article: row.text("article")?,
            locale: row.parsed("locale", Locale::parse)?,
            version: row.text("version")?,
            helpful: row.flag("helpful")?,
            comment: row.maybe_text("comment")?,
            created_at: row.time("created_at")?,
        })
    }
}

/// Article, language, and how many readers were helped and not helped.
type VoteCount = (String, Locale, u64, u64);

impl Record for VoteCount {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok((
            row.text("article")?,
            row.parsed("locale", Locale::parse)?,
            row.count("helpful")?,
            row.count("unhelpful")?,
        ))
    }
}

store_and_tx! { writer:
    /// Removes the votes that were given before this time.
    fn delete_old_votes(conn, before: Timestamp) -> u64 {
        execute!(conn, DELETE_OLD_VOTES, before.as_millis())
    }
}

impl Store {
    /// The newest votes, newest first.
    pub async fn votes(&self, limit: u32) -> Result<Vec<Vote>, StoreError> {
        all!(self.reader().await?.conn(), VOTES, i64::from(limit))
    }

    /// For each article and language, how many readers it helped and how many it did not, over
    /// all versions.
    pub async fn vote_counts(&self) -> Result<Vec<(String, Locale, u64, u64)>, StoreError> {
        all!(self.reader().await?.conn(), VOTE_COUNTS)
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
