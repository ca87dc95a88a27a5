//! How forms are answered.

use super::{Attachment, RequestContext};
use crate::request::cookies::{self, Name};
use async_trait::async_trait;
use contract::{Door, Flash, Responder};
use domain::{limit::FLASHES_PER_NETWORK, retention, token::Secret};
use http::HeaderMap;
use identity::{CommonError, NetworkBuckets, token_hash};

/// The place of use of a flash in the vault: sealed, since it may hold what a user typed.
const PLACE: &str = "flash";

#[async_trait]
impl Responder for RequestContext {
    async fn keep(&self, page: &str, flash: Flash) {
        let identity = &self.state.identity;
        let token = Secret::generate(&*identity.entropy);
        let plain = serde_json::to_vec(&flash).unwrap_or_default();
        let sealed = identity.vault.seal(PLACE, &plain, &*identity.entropy);
        let now = identity.clock.now();
        // Forms without a session must not fill the database.
        let buckets = NetworkBuckets::of("flash", &self.client, FLASHES_PER_NETWORK);
        let kept = async {
            let mut tx = identity.store.begin().await?;
            if self.signed_in.is_none() {
                buckets.take(&mut tx, now).await?;
            }
            let expires = now.plus(retention::FLASHES);
            tx.put_flash(&token_hash(&token), &sealed, expires).await?;
            tx.commit().await?;
            Ok(())
        };
        let kept: Result<(), CommonError> = kept.await;
        match kept {
            Ok(()) => self.set_cookie(&Name::flash(page), &token),
            // The form was answered; only the words about it are lost.
            Err(CommonError::TooManyTries { .. }) => {
                tracing::debug!("A network has left too many messages");
            }
            Err(error) => {
                tracing::error!(error = super::chain(&error), "A flash could not be kept");
            }
        }
    }

    async fn keep_draft(&self, page: &str, form: &str, typed: &[(String, String)]) -> bool {
        self.keep_typed(page, form, typed).await
    }

    fn see_other(&self, path: &str) {
        self.response().location = Some(path.to_owned());
    }

    fn overloaded(&self, wait_s: u64, path: &str) {
        self.response().overload = Some((wait_s, path.to_owned()));
    }

    fn attach(&self, name: String, text: String) {
        self.response().attachment = Some(Attachment {
            name,
            kind: "text/plain; charset=utf-8",
            content: text.into_bytes(),
        });
    }

    fn door(&self) -> &Door {
        &self.door
    }

    fn status(&self, status: u16) {
        self.response().status = Some(status);
    }

    fn wants_page(&self) -> bool {
        self.wants_html
    }
}

impl RequestContext {
    /// Takes the message that a form of this browser left for the page with this path.
    pub async fn take_flash(&self, headers: &HeaderMap, page: &str) -> Flash {
        let https = self.state.config.is_https();
        let name = Name::flash(page);
        let Some(token) = cookies::token(headers, &name, https) else {
            return Flash::default();
        };
        self.clear_cookie(&name);
        self.open_flash(&token).await.unwrap_or_default()
    }

    /// Reads a flash and removes it; one that cannot be read is none.
    async fn open_flash(&self, token: &Secret) -> Option<Flash> {
        let identity = &self.state.identity;
        let found = identity
            .store
            .take_flash(&token_hash(token), identity.clock.now())
            .await;
        let sealed = found.ok().flatten()?;
        let plain = identity.vault.open(PLACE, &sealed)?;
        serde_json::from_slice(&plain).ok()
    }
}

#[cfg(test)]
mod tests {
    use contract::{Done, Flash};

    /// Red when what was stored before problems had areas breaks a page. A draft lives for days and
    /// must open; a flash lives for minutes and may be lost.
    #[test]
    fn stored_drafts_open_and_stored_flashes_do_no_harm() {
        let draft = r#"{"problem":null,"form":"comment","typed":[["comment","half a"]],
            "done":"text_returned","codes":[]}"#;
        let draft: Flash = serde_json::from_str(draft).expect("a stored draft");
        assert_eq!(draft.done, Some(Done::TextReturned));
        assert_eq!(draft.typed("comment").as_deref(), Some("half a"));
        let flash = r#"{"problem":"bad_credentials","form":null,"typed":[],"done":null}"#;
        assert!(serde_json::from_str::<Flash>(flash).is_err());
    }
}
