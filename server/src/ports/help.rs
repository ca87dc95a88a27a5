//! The help centre.

use super::RequestContext;
use crate::request::cookies::Name;
use ::help::{Article, Category, Hit};
use async_trait::async_trait;
use contract::{
    Answer, ArticleCard, ArticlePage, CategoryPage, ContentsEntry, Field, HelpPort, Locale,
    Problem, SearchHit, Snippet, VoteForm,
};
use domain::{limit::VOTES_PER_NETWORK, token::Secret};
use identity::{NetworkBuckets, token_hash};
use store::Vote;

/// The longest comment, in characters.
const MAX_COMMENT: usize = 2000;

#[async_trait]
impl HelpPort for RequestContext {
    fn categories(&self, locale: Locale) -> Vec<CategoryPage> {
        let categories = self.state.help.categories(locale);
        categories
            .map(|category| self.category_page(category))
            .collect()
    }

    fn category(&self, locale: Locale, slug: &str) -> Option<CategoryPage> {
        let category = self.state.help.category(locale, slug)?;
        Some(self.category_page(category))
    }

    fn article(&self, locale: Locale, slug: &str) -> Option<ArticlePage> {
        let article = self.state.help.article(locale, slug)?;
        let category = self.state.help.category(locale, &article.category)?;
        Some(article_page(article, category))
    }

    fn search(&self, locale: Locale, query: &str) -> Vec<SearchHit> {
        let hits = self.state.help.search(locale, query);
        hits.iter()
            .filter_map(|hit| self.hit(locale, hit))
            .collect()
    }

    async fn vote(&self, form: VoteForm) -> Answer<()> {
        let helpful = match form.helpful.as_str() {
            "yes" => true,
            "no" => false,
            _ => return Err(Problem::BadRequest),
        };
        let article = self.state.help.article(form.locale, &form.article);
        let article = article.ok_or(Problem::NotFound)?;
        let comment = form.comment.map(checked_comment).transpose()?;
        let vote = Vote {
            article: article.slug.clone(),
            locale: article.locale,
            version: article.version.clone(),
            helpful,
            comment,
            created_at: self.state.identity.clock.now(),
        };
        self.store_vote(vote).await
    }
}

impl RequestContext {
    fn category_page(&self, category: &Category) -> CategoryPage {
        CategoryPage {
            slug: category.slug.clone(),
            title: category.title.clone(),
            description: category.description.clone(),
            articles: self.state.help.articles_of(category).map(card).collect(),
        }
    }

    fn hit(&self, locale: Locale, hit: &Hit) -> Option<SearchHit> {
        let article = card(self.state.help.article(locale, &hit.slug)?);
        let pieces = hit.passage.pieces();
        let snippet = pieces.into_iter().map(|piece| Snippet {
            text: piece.text.to_owned(),
            hit: piece.marked,
        });
        Some(SearchHit {
            article,
            snippet: snippet.collect(),
        })
    }

    /// One vote per reader and version: the reader is a random cookie, of which only the hash is
    /// stored, so that votes stay anonymous.
    async fn store_vote(&self, vote: Vote) -> Answer<()> {
        let identity = &self.state.identity;
        let buckets = NetworkBuckets::of("vote", &self.client, VOTES_PER_NETWORK);
        self.answer(identity.take_network_try(&buckets)).await?;
        let reader = match &self.reader {
            Some(reader) => reader.clone(),
            None => Secret::generate(&*identity.entropy),
        };
        let stored = async {
            let mut tx = identity.store.begin().await?;
            tx.put_vote(&vote, &token_hash(&reader)).await?;
            tx.commit().await
        };
        self.answer(stored).await?;
        self.set_cookie(&Name::Reader, &reader);
        Ok(())
    }
}

fn checked_comment(comment: String) -> Answer<String> {
    let field = Field::Comment;
    // PostgreSQL stores no NUL character.
    let comment = comment.replace('\0', "");
    let comment = comment.trim();
    if comment.is_empty() {
        Err(Problem::Empty { field })
    } else if comment.chars().count() > MAX_COMMENT {
        Err(Problem::TooLong {
            field,
            limit: u32::try_from(MAX_COMMENT).unwrap_or(u32::MAX),
        })
    } else {
        Ok(comment.to_owned())
    }
}

fn card(article: &Article) -> ArticleCard {
    ArticleCard {
        slug: article.slug.clone(),
        title: article.title.clone(),
        summary: article.summary.clone(),
    }
}

fn article_page(article: &Article, category: &Category) -> ArticlePage {
    ArticlePage {
        slug: article.slug.clone(),
        title: article.title.clone(),
        summary: article.summary.clone(),
        category: (category.slug.clone(), category.title.clone()),
        html: article.html.clone(),
        contents: article
            .contents
            .iter()
            .map(|heading| ContentsEntry {
                id: heading.id.clone(),
                text: heading.text.clone(),
                sub: heading.level > 2,
            })
            .collect(),
        updated: article.updated.to_string(),
        updated_machine: article.updated.iso(),
        version: article.version.clone(),
        also_in: article.also_in.clone(),
    }
}
