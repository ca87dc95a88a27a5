//! Google and Microsoft: signing in with an account there, and linking one to an account here.
//!
//! Whoever speaks with a provider checks everything that comes back (`server::providers`), and hands over
//! [`Claims`]; what is made of them is decided here, by the rules of `domain::provider`. A round trip
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

use crate::{Client, Error, Event, Identity, Result, activity::Change};
use domain::{
    AccountId, LinkedAccountId, Provider, Timestamp,
    permission::{Action, Forbidden, Permit, Role, Target},
    provider::Claims,
};
use mail::{Message, ProviderNotice};
use store::{Account, LinkedAccount, Tx};

/// The page that lists the accounts that are linked.
const SETTINGS: &str = domain::paths::SETTINGS;
const NOT_A_LINK: Error = Error::Broken("an event is not about the account of a provider");

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

    /// Links an account at a provider to one that this transaction holds, writes it down and tells
    /// its owner. `used` is when somebody signed in with it, if that is what links it.
    ///
    /// # Errors
    /// [`Error::LinkedElsewhere`], [`Error::AnotherIsLinked`].
    async fn bind(
        &self,
        tx: &mut Tx,
        account: &Account,
        (claims, used): (&Claims, Option<Timestamp>),
        client: &Client,
    ) -> Result<LinkedAccount> {
        let new = LinkedAccount {
            id: LinkedAccountId::new(&*self.clock, &*self.entropy),
            account_id: account.id.clone(),
            subject: claims.subject.clone(),
            email: claims.shown_email().map(str::to_owned),
            linked_at: self.now(),
            last_used_at: used,
        };
        if !tx.insert_linked_account(&new).await? {
            let found = tx.linked_account(&claims.subject).await?;
            let elsewhere = found.is_some_and(|found| found.account_id != account.id);
            return Err(if elsewhere {
                Error::LinkedElsewhere
            } else {
                Error::AnotherIsLinked
            });
        }
        let event = Event::ProviderLinked;
        self.tell_of_link(tx, account, (event, &new), client)
            .await?;
        Ok(new)
    }

    /// Writes the line and the mail of a link that was made or undone.
    async fn tell_of_link(
        &self,
        tx: &mut Tx,
        account: &Account,
        (event, link): (Event, &LinkedAccount),
        client: &Client,
    ) -> Result<()> {
        let notice = ProviderNotice {
            notice: self.notice(tx, account, client, event, SETTINGS).await?,
            provider: link.subject.provider().name().to_owned(),
            email: link.email.clone(),
            again: returns(account, link),
        };
        let message = match event {
            Event::ProviderLinked => Message::ProviderLinked(notice),
            Event::ProviderUnlinked => Message::ProviderUnlinked(notice),
            _ => return Err(NOT_A_LINK),
        };
        self.write_mail(tx, account, &message).await?;
        self.log_link(tx, account, (event, link), client).await
    }

    /// Writes the line alone.
    async fn log_link(
        &self,
        tx: &mut Tx,
        account: &Account,
        (event, link): (Event, &LinkedAccount),
        client: &Client,
    ) -> Result<()> {
        let email = link.email.as_deref().unwrap_or_default();
        let (old, new) = match event {
            Event::ProviderLinked => ("", email),
            Event::ProviderUnlinked => (email, ""),
            _ => return Err(NOT_A_LINK),
        };
        let field = field_of(link.subject.provider());
        let change = Change { field, old, new };
        self.log_change(tx, account, event, client, change).await
    }
}

/// Whether signing in with an account that was unlinked links it again, its address being the one
/// that Google vouches for.
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
