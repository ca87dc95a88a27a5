//! "This was not me": the way out that every notice carries.
//!
//! Whoever opens the link can read the account's mail; that is proof enough for what makes an
//! account safer, and for nothing else. So the button signs everybody out, takes the password and
//! the links to providers away, undoes a second factor that a stranger set up, and lets a new
//! password be chosen by a *further* mail to the account's own address: a notice that somebody
//! passes on must not be a key.
//!
//! A stranger causes several notices, and nobody knows which one the owner opens. The button behind one
//! makes all the others worthless, so it does what any of them could have done: the rule for the second
//! factor is its age, whatever the notice told.

use crate::{Client, Error, Event, Identity, Result, links::Holder};
use domain::{AccountId, Duration, Realm, Timestamp, calendar, paths, token::Purpose};
use mail::{AccountSafe, Message};
use store::{Account, Token, Tx};

/// How long a second factor can be taken back by mail. After that it is no stranger's any more, or a
/// mailbox alone would be enough to remove it.
const UNDO_FACTOR: Duration = Duration::from_hours(24);

/// What the page behind the link shows.
#[derive(Debug)]
pub struct NotMePage {
    /// What the notice told, as [`Event::as_str`] names it.
    pub event: String,
    /// When that was.
    pub when: Timestamp,
    /// The address of the account.
    pub email: String,
}

impl Identity {
    /// What a notice's link is about; `None` when it is dead. Looking uses nothing up.
    pub async fn not_me_page(&self, realm: &Realm, token: &str) -> Result<Option<NotMePage>> {
        let found = self
            .linked(Holder::Of(realm), Purpose::NotMe, token)
            .await?;
        let found = found.filter(|(token, account)| is_for(token, account));
        Ok(found.map(|(token, account)| NotMePage {
            event: event_of(&token).to_owned(),
            when: token.created_at,
            email: account.email,
        }))
    }

    /// Makes the account safe again, and mails a link for a new password. Gives whose it is.
    ///
    /// # Errors
    /// [`Error::DeadLink`], [`Error::TooManyTries`].
    pub async fn not_me(&self, realm: &Realm, token: &str, client: &Client) -> Result<AccountId> {
        self.take_token_try(client).await?;
        let purpose = Purpose::NotMe;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        let (_, account) = found.ok_or(Error::DeadLink)?;
        let mut tx = self.store.begin().await?;
        let (token, account) = self.use_link(&mut tx, purpose, token, &account.id).await?;
        if !is_for(&token, &account) {
            return Err(Error::DeadLink);
        }
        let now = self.now();
        tx.clear_password(&account.id, now).await?;
        // A stranger's browser must not stay a known device.
        tx.delete_devices(&account.id).await?;
        self.close_other_ways(&mut tx, &account.id, None).await?;
        tx.void_tokens(&account.id, purpose, now).await?;
        self.undo_factor(&mut tx, &account, now, client).await?;
        self.unlink_silently(&mut tx, &account, client).await?;
        let id = &account.id;
        self.stop_deletion(&mut tx, &account, Some(id), client)
            .await?;
        self.log(&mut tx, id, Some(id), Event::NotMe, client)
            .await?;
        self.mail_way_back(&mut tx, &account, client).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(account.id)
    }

    /// Removes a second factor that was less than a day old when somebody noticed that the account was
    /// not hers alone, or came later, and writes it down; recovery codes of that age go with it, or alone.
    /// The mail is the caller's.
    ///
    /// They may be the owner's own, and then she makes them again; a stranger's factor would lock her out
    /// for good, and a stranger's codes had taken the place of hers.
    pub(crate) async fn undo_factor(
        &self,
        tx: &mut Tx,
        account: &Account,
        noticed: Timestamp,
        client: &Client,
    ) -> Result<()> {
        let id = &account.id;
        let is_young = |since: Timestamp| noticed.since(since) < UNDO_FACTOR;
        let codes = tx.recovery_codes_made(id).await?;
        if codes.is_some_and(is_young) {
            tx.delete_recovery_codes(id).await?;
        }
        let factor = tx.totp_factor(id).await?;
        if factor.is_some_and(|factor| is_young(factor.confirmed_at)) {
            tx.delete_totp_factor(id).await?;
            self.log(tx, id, Some(id), Event::TwoFactorDisabled, client)
                .await?;
        }
        Ok(())
    }

    async fn mail_way_back(&self, tx: &mut Tx, account: &Account, client: &Client) -> Result<()> {
        let page = match &client.project {
            Some(project) => {
                paths::of_project(&project.0.slug, &project.1.slug, paths::RESET_PASSWORD)
            }
            None => paths::RESET_PASSWORD.to_owned(),
        };
        let (token, link) = self.reset_token(tx, account, &page).await?;
        let place = client.project.as_ref().map(|project| {
            let name = project.1.name(account.locale);
            format!("{name} ({})", project.0.name)
        });
        let message = Message::AccountSafe(AccountSafe {
            name: account.name.clone(),
            place,
            link,
            expires: calendar::moment(token.expires_at, account.locale),
            when: calendar::moment(self.now(), account.locale),
            device: client.device.clone(),
            network: client.network.clone(),
        });
        self.write_mail(tx, account, &message).await
    }
}

/// What a notice's token remembers: its event, and the address that it was mailed to.
pub(crate) fn remember(event: Event, account: &Account) -> String {
    format!("{} {}", event.as_str(), account.email)
}

/// The event and the address that a token remembers.
pub(crate) fn told(pending: &str) -> (&str, &str) {
    pending.split_once(' ').unwrap_or((pending, ""))
}

fn event_of(token: &Token) -> &str {
    told(token.pending.as_deref().unwrap_or_default()).0
}

/// Whether the notice went to the address that the account has now. One to an earlier address is no
/// way in for whoever reads that mailbox, and could only send the way back to a stranger; its
/// owner has the mail that takes the change of address back.
fn is_for(token: &Token, account: &Account) -> bool {
    told(token.pending.as_deref().unwrap_or_default()).1 == account.email
}
