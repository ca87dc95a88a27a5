//! What was typed into a form that came when its session had ended.
//!
//! It belongs to the ended session, and through it to the account: it goes to the next session that
//! this account opens in the same browser, and is read by that one. Only a browser that was signed in can
//! store a draft, and the size and number are limited.

use crate::{EndedSession, Identity, OpenedSession, Result, SignedIn};
use domain::{AccountId, Duration};
use zeroize::Zeroizing;

/// Long enough to sign in again, by way of a forgotten password too.
pub const DRAFT_LIFETIME: Duration = domain::retention::DRAFTS;
/// The largest draft, in bytes before it is sealed.
const MOST_BYTES: usize = 32 * 1024;
/// A session leaves drafts of so many pages at most.
const MOST_PAGES: u32 = 8;

impl Identity {
    /// Keeps what was typed on a page; says whether it was kept.
    pub async fn keep_draft(&self, ended: &EndedSession, page: &str, typed: &[u8]) -> Result<bool> {
        if typed.len() > MOST_BYTES {
            return Ok(false);
        }
        let (session, now) = (&ended.session, self.now());
        let place = place(&session.account_id);
        let sealed = self.seal(&place, typed);
        let mut tx = self.store.begin().await?;
        tx.lock_account(&session.account_id).await?;
        if tx.count_drafts(&session.id, page, now).await? >= MOST_PAGES {
            return Ok(false);
        }
        let expires = now.plus(DRAFT_LIFETIME);
        tx.put_draft(&session.id, page, &sealed, expires).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether anything that was typed in an ended session is kept.
    pub async fn has_drafts(&self, ended: &EndedSession) -> Result<bool> {
        let (session, now) = (&ended.session.id, self.now());
        Ok(self.store.count_drafts(session, "", now).await? > 0)
    }

    /// Gives the drafts of an ended session to the one that followed it in the same browser; says
    /// whether there were any. Another account gets none.
    pub async fn move_drafts(&self, from: &EndedSession, to: &OpenedSession) -> Result<bool> {
        let (from, to) = (&from.session, &to.session);
        if from.account_id != to.account_id {
            return Ok(false);
        }
        let mut tx = self.store.begin().await?;
        let moved = tx.move_drafts(&from.id, &to.id, self.now()).await?;
        tx.commit().await?;
        Ok(moved > 0)
    }

    /// Takes what was typed on a page before the last session ended: once.
    pub async fn take_draft(
        &self,
        who: &SignedIn,
        page: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let session = &who.session.id;
        let sealed = self.store.take_draft(session, page, self.now()).await?;
        Ok(sealed.and_then(|sealed| self.vault.open(&place(&who.account.id), &sealed)))
    }
}

/// The place of use in the vault: what was sealed for one account opens for no other.
fn place(account: &AccountId) -> String {
    format!("draft:{account}")
}
