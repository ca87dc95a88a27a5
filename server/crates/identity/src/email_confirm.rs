//! Another address for one's own account, second half: the change is confirmed, or taken back.
//!
//! Both links work without a session, since they may be opened on another device, and both act in
//! one transaction that holds the account: the token is consumed, the address that it holds is
//! applied, and whatever the other side could still use dies.
//!
//! Whoever stole a session may change the address several times in a row. Every change gives the
//! address that it replaces an undo link of its own; a change leaves earlier links alone, and using
//! one makes the *later* ones worthless. So the earliest owner of the last 24 hours has the last
//! word, and nobody who came after her can take it away. Meanwhile her address is reserved: it
//! cannot be given to another account of the realm.

use crate::{
    Client, Error, Event, Identity, Result, SignedIn, activity::Change, email_change::EMAIL,
    links::Holder,
};
use domain::{
    Email, Realm, Timestamp, calendar,
    token::{Purpose, made_after},
};
use mail::{EmailNotice, EmailTold, EmailUndo, Message};
use store::{Account, Token, Tx};

/// The page that the mail to a replaced address leads to.
const UNDO: &str = domain::paths::UNDO_EMAIL;

impl Identity {
    /// The address that a link would make an account's: a new one to be confirmed, or a previous
    /// one to be taken back. `None` when the link is dead. Looking uses nothing up.
    pub async fn linked_email(
        &self,
        realm: &Realm,
        purpose: Purpose,
        token: &str,
    ) -> Result<Option<String>> {
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        Ok(found.and_then(|(token, _)| token.pending))
    }

    /// Makes the address of a link the account's, if it is the one that the page showed.
    ///
    /// All sessions of the account end but that of this browser. Gives whether this browser is
    /// signed in to the account.
    ///
    /// # Errors
    /// [`Error::DeadLink`], [`Error::AddressUnusable`], [`Error::TooManyTries`].
    pub async fn confirm_email(
        &self,
        realm: &Realm,
        token: &str,
        shown: &str,
        from: (Option<&SignedIn>, &Client),
    ) -> Result<bool> {
        let purpose = Purpose::EmailChange;
        let (own, client) = from;
        self.take_token_try(client).await?;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        let id = found.ok_or(Error::DeadLink)?.1.id;
        let keep = own
            .filter(|who| who.account.id == id)
            .map(|who| &who.session.id);
        let mut tx = self.store.begin().await?;
        let (used, account) = self.use_link(&mut tx, purpose, token, &id).await?;
        let new = pending_address(&used)?;
        if new.as_str() != shown {
            return Err(Error::DeadLink);
        }
        self.give_address(&mut tx, &account, &new).await?;
        self.close_other_ways(&mut tx, &id, keep).await?;
        let event = Event::EmailChanged;
        self.log_address(&mut tx, &account, &new, event, client)
            .await?;
        self.offer_undo(&mut tx, &account, &new, client).await?;
        let message = Message::EmailNew(EmailTold {
            name: account.name.clone(),
            email: new.as_str().to_owned(),
            link: self
                .own_link(&mut tx, &account, client, domain::paths::SETTINGS)
                .await?,
        });
        self.write_mail_to(&mut tx, &account, new.as_str(), &message)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(keep.is_some())
    }

    /// Gives an account its previous address back, and ends every session.
    ///
    /// # Errors
    /// [`Error::DeadLink`], [`Error::AddressUnusable`], [`Error::TooManyTries`].
    pub async fn undo_email(&self, realm: &Realm, token: &str, client: &Client) -> Result<()> {
        let purpose = Purpose::EmailUndo;
        self.take_token_try(client).await?;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        let id = found.ok_or(Error::DeadLink)?.1.id;
        let mut tx = self.store.begin().await?;
        let (used, account) = self.use_link(&mut tx, purpose, token, &id).await?;
        let previous = pending_address(&used)?;
        self.give_address(&mut tx, &account, &previous).await?;
        self.close_other_ways(&mut tx, &id, None).await?;
        self.drop_what_came_since(&mut tx, &account, used.created_at, client)
            .await?;
        self.unlink_silently(&mut tx, &account, client).await?;
        // What was mailed since then may have gone to whoever made the change.
        for purpose in [Purpose::EmailUndo, Purpose::NotMe] {
            tx.void_tokens_since(&id, purpose, used.created_at, self.now())
                .await?;
        }
        let event = Event::EmailChangeUndone;
        self.log_address(&mut tx, &account, &previous, event, client)
            .await?;
        self.tell_of_undo(&mut tx, &account, &previous, client)
            .await?;
        let restored = Account {
            email: previous.as_str().to_owned(),
            ..account
        };
        self.stop_deletion(&mut tx, &restored, Some(&id), client)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Writes the address, unless somebody has it or may still take it back. Why it cannot be used
    /// is not told.
    async fn give_address(&self, tx: &mut Tx, account: &Account, email: &Email) -> Result<()> {
        let now = self.now();
        let written = tx.set_email(&account.id, email, now).await;
        written.map_err(|error| {
            if error.is_conflict() {
                Error::AddressUnusable
            } else {
                error.into()
            }
        })?;
        if tx
            .address_is_reserved(&account.realm, &email.key(), &account.id, now)
            .await?
        {
            return Err(Error::AddressUnusable);
        }
        Ok(())
    }

    /// Whoever made the change may know the password, may have set up a second factor, and may be a known
    /// device: none of it opens the account any more, and the owner chooses a new password by mail.
    ///
    /// The factor may be older than the change, whose notices the owner could not use any more.
    async fn drop_what_came_since(
        &self,
        tx: &mut Tx,
        account: &Account,
        since: Timestamp,
        client: &Client,
    ) -> Result<()> {
        tx.clear_password(&account.id, self.now()).await?;
        tx.delete_devices(&account.id).await?;
        tx.delete_totp_enrolment(&account.id).await?;
        self.undo_factor(tx, account, since, client).await
    }

    /// Tells the replaced address, with the way back.
    async fn offer_undo(
        &self,
        tx: &mut Tx,
        account: &Account,
        new: &Email,
        client: &Client,
    ) -> Result<()> {
        let purpose = Purpose::EmailUndo;
        let newest = tx.newest_token(&account.id, purpose).await?;
        let token = self.new_token(account, purpose);
        let token = Token {
            pending: Some(account.email.clone()),
            created_at: made_after(newest, token.created_at),
            ..token
        };
        let secret = self.insert_link(tx, &token).await?;
        let page = format!("{UNDO}?token={}", secret.expose());
        let undo = self.own_link(tx, account, client, &page).await?;
        let message = Message::EmailChanged(EmailUndo {
            notice: self.notice_with(tx, account, client, (EMAIL, undo)).await?,
            email: new.as_str().to_owned(),
            expires: calendar::moment(token.expires_at, account.locale),
        });
        self.write_mail(tx, account, &message).await
    }

    /// Tells both addresses. The one that is left gets no way out: it may be that of a thief.
    async fn tell_of_undo(
        &self,
        tx: &mut Tx,
        account: &Account,
        previous: &Email,
        client: &Client,
    ) -> Result<()> {
        let event = Event::EmailChangeUndone;
        let restored = Account {
            email: previous.as_str().to_owned(),
            ..account.clone()
        };
        let message = Message::EmailRestored(EmailNotice {
            notice: self.notice(tx, &restored, client, event, EMAIL).await?,
            email: account.email.clone(),
        });
        self.write_mail_to(tx, account, previous.as_str(), &message)
            .await?;
        let message = Message::EmailLost(EmailTold {
            name: account.name.clone(),
            email: account.email.clone(),
            link: self
                .own_link(tx, account, client, domain::paths::SETTINGS)
                .await?,
        });
        self.write_mail(tx, account, &message).await
    }

    async fn log_address(
        &self,
        tx: &mut Tx,
        account: &Account,
        now: &Email,
        event: Event,
        client: &Client,
    ) -> Result<()> {
        let change = Change {
            field: "email",
            old: &account.email,
            new: now.as_str(),
        };
        self.log_change(tx, account, event, client, change).await
    }
}

fn pending_address(token: &Token) -> Result<Email> {
    let pending = token.pending.as_deref().unwrap_or_default();
    Email::parse(pending).map_err(|_| Error::Broken("a token holds no address"))
}
