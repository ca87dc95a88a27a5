//! Linking an account at a provider to the user's account, from the settings: the second half, after
//! the provider has redirected back.
//!
//! The first half took a proof ([`Identity::begin_link`]) and wrote down in which session; only that
//! session can finish it (Zitadel CVE-2026-105207, Keycloak CVE-2026-9087). The address at the provider
//! is of no account: the link is explicit (promise B30).

use super::may_link;
use crate::{Client, Error, Flow, FlowAim, Identity, Result, SignedIn};
use domain::provider::Claims;
use unit_of_work::Actor;

impl Identity {
    /// Links the account at the provider to the user's account. Every other session ends, and the user is
    /// notified.
    ///
    /// # Errors
    /// [`Error::NoFlow`] in another session than the one that began it; [`Error::LinkedElsewhere`],
    /// [`Error::AnotherIsLinked`], `SessionEnded`.
    pub async fn link(
        &self,
        who: &SignedIn,
        flow: &Flow,
        claims: &Claims,
        client: &Client,
    ) -> Result<()> {
        let FlowAim::Link { session, account } = &flow.aim else {
            return Err(Error::NoFlow);
        };
        let own = *session == who.session.id && *account == who.account.id;
        if !own || flow.provider != claims.subject.provider() {
            return Err(Error::NoFlow);
        }
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        may_link(&account)?;
        let id = &account.id;
        let linked = work.linked_account(&claims.subject).await?;
        if linked.is_some_and(|linked| linked.account_id == *id) {
            // The flow was begun and finished twice: it is linked already.
            return Ok(());
        }
        work.end_sessions(id, Some(&who.session.id)).await?;
        self.bind(&mut work, &account, (claims, None)).await?;
        Ok(work.commit().await?)
    }
}
