//! Google and Microsoft: signing in with an account there, and linking one to an account here.
//!
//! `server::providers` speaks with a provider, verifies everything that comes back, and passes on
//! [`Claims`]; what follows from them is decided here, by the rules of `domain::provider`. A round trip
//! is a *flow*: begun in one browser, for one purpose, taken once ([`flows`]). It ends in one of
//! three use cases: [`sign_in`], [`link`], [`invitation`]; [`unlink`] takes a link back.
//!
//! Only the back office knows providers: participants have a password (promise B39). Nothing here
//! makes an account, and an address opens one in one case only ([`domain::sign_in::opens_by_address`]).

mod flows;
mod invitation;
mod link;
mod sign_in;
mod unlink;

pub use flows::{BegunFlow, Flow, FlowAim, LinkAllowed, NewFlow};

use crate::{Error, Identity, Result};
use domain::{
    AccountId, LinkedAccountId, Provider, Timestamp, paths,
    permission::{Action, Forbidden, Permit, Role, Target},
    provider::Claims,
};
use mail::{Message, ProviderNotice};
use store::{Account, LinkedAccount};
use unit_of_work::{Change, Error as Common, EventKind, UnitOfWork};

const NOT_A_LINK: Error = Error::Common(Common::Broken(
    "an event is not about the account of a provider",
));

/// Asks the table of permissions in the transaction that locked the account; the port asked before.
fn may_link(account: &Account) -> Result<Permit> {
    let role = Role::of_account(&account.realm, account.platform_role);
    let permit = Permit::ask(role, Action::LinkProvider, Target::OwnAccount);
    permit.map_err(|Forbidden| Error::NoFlow)
}

impl Identity {
    /// The accounts at providers that open an account.
    pub async fn linked_accounts(&self, account: &AccountId) -> Result<Vec<LinkedAccount>> {
        Ok(self.store.linked_accounts(account).await?)
    }

    /// Links an account at a provider to one that this transaction has locked, logs it and notifies the
    /// owner. `used` is the time of the sign-in, when a sign-in links it.
    ///
    /// # Errors
    /// [`Error::LinkedElsewhere`], [`Error::AnotherIsLinked`].
    async fn bind(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        (claims, used): (&Claims, Option<Timestamp>),
    ) -> Result<LinkedAccount> {
        let new = LinkedAccount {
            id: LinkedAccountId::new(&*self.clock, &*self.entropy),
            account_id: account.id.clone(),
            subject: claims.subject.clone(),
            email: claims.shown_email().map(str::to_owned),
            linked_at: self.now(),
            last_used_at: used,
        };
        if !work.insert_linked_account(&new).await? {
            let found = work.linked_account(&claims.subject).await?;
            let elsewhere = found.is_some_and(|found| found.account_id != account.id);
            return Err(if elsewhere {
                Error::LinkedElsewhere
            } else {
                Error::AnotherIsLinked
            });
        }
        let event = EventKind::ProviderLinked;
        self.notify_of_link(work, account, (event, &new)).await?;
        Ok(new)
    }

    /// Logs a link that was made or removed, and notifies the owner.
    async fn notify_of_link(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        (event, link): (EventKind, &LinkedAccount),
    ) -> Result<()> {
        let notice = ProviderNotice {
            notice: work.notice(account, event, paths::SETTINGS).await?,
            provider: link.subject.provider().name().to_owned(),
            email: link.email.clone(),
            again: returns(account, link),
        };
        let message = match event {
            EventKind::ProviderLinked => Message::ProviderLinked(notice),
            EventKind::ProviderUnlinked => Message::ProviderUnlinked(notice),
            _ => return Err(NOT_A_LINK),
        };
        work.write_mail(account, &message).await?;
        self.log_link(work, account, (event, link)).await
    }

    /// Only logs it.
    async fn log_link(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        (event, link): (EventKind, &LinkedAccount),
    ) -> Result<()> {
        let email = link.email.as_deref().unwrap_or_default();
        let (old, new) = match event {
            EventKind::ProviderLinked => ("", email),
            EventKind::ProviderUnlinked => (email, ""),
            _ => return Err(NOT_A_LINK),
        };
        let field = field_of(link.subject.provider());
        let change = Change { field, old, new };
        Ok(work.log_change(&account.id, event, change).await?)
    }
}

/// Whether signing in with an account that was unlinked links it again, its address being the one
/// that Google has verified.
fn returns(account: &Account, link: &LinkedAccount) -> bool {
    let same = |email: &String| domain::email_key(email) == account.email_key();
    link.subject.provider() == Provider::Google && link.email.as_ref().is_some_and(same)
}

/// What the log calls the account of a provider.
const fn field_of(provider: Provider) -> &'static str {
    match provider {
        Provider::Google => "linked_google",
        Provider::Microsoft => "linked_microsoft",
    }
}
