//! A change of address, second half: it is confirmed, or undone.
//!
//! Both links work without a session, since they may be opened on another device, and both act in
//! one transaction that locks the account: the token is consumed, its address is applied, and what the
//! other side could still use is voided.
//!
//! A thief of a session may change the address several times in a row. Every change gives the
//! address that it replaces an undo link of its own; a change leaves earlier links alone, and using
//! one voids the *later* ones. So the earliest owner of the last seven days decides, and later ones cannot
//! prevent it. Until then that address is reserved: it cannot be given to another account of the realm.

use crate::{
    Client, Error, Identity, Result, SignedIn, devices::delete_devices, unconfirmed::is_unproved,
};
use domain::{
    Email, Realm, Timestamp, calendar, paths,
    token::{Purpose, made_after},
};
use mail::{EmailNotice, EmailTold, EmailUndo, Message};
use store::{Account, Token};
use unit_of_work::{Actor, Change, Error as Common, EventKind, Holder, UnitOfWork};

impl Identity {
    /// The address that a link would apply: a new one to be confirmed, or a previous one to be restored.
    /// `None` when the link is dead. Nothing is consumed.
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
    /// `DeadLink`, [`Error::AddressUnusable`], `TooManyTries`.
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
        let (linked, account) = found.ok_or(Common::DeadLink)?;
        // Only who has the mail to an address may free it.
        if pending_address(&linked)?.as_str() != shown {
            return Err(Common::DeadLink.into());
        }
        let id = account.id;
        let keep = own
            .filter(|who| who.account.id == id)
            .map(|who| &who.session.id);
        self.free_address(realm, shown).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (used, account) = work.use_link(purpose, token, &id).await?;
        let new = pending_address(&used)?;
        if new.as_str() != shown {
            return Err(Common::DeadLink.into());
        }
        self.give_address(&mut work, &account, &new).await?;
        work.end_access(&id, keep).await?;
        if new.as_str() == account.email {
            // It was doubted.
            work.log(&id, EventKind::AddressConfirmed).await?;
        } else {
            self.tell_of_change(&mut work, &account, &new).await?;
        }
        work.commit().await?;
        Ok(keep.is_some())
    }

    /// Logs a change of address, and tells both addresses. A doubted one gets no link to undo it: somebody else may read it.
    async fn tell_of_change(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        new: &Email,
    ) -> Result<()> {
        self.log_address(work, account, new, EventKind::EmailChanged)
            .await?;
        if account.email_doubted_at.is_none() {
            self.offer_undo(work, account, new).await?;
        }
        let message = Message::EmailNew(EmailTold {
            name: account.name.clone(),
            email: new.as_str().to_owned(),
            link: work.own_link(account, paths::SETTINGS).await?,
        });
        Ok(work.write_mail_to(account, new.as_str(), &message).await?)
    }

    /// Gives an account its previous address back, and ends every session. Gives that address.
    ///
    /// # Errors
    /// `DeadLink`, [`Error::AddressUnusable`], `TooManyTries`.
    pub async fn undo_email(&self, realm: &Realm, token: &str, client: &Client) -> Result<String> {
        let purpose = Purpose::EmailUndo;
        self.take_token_try(client).await?;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        let id = found.ok_or(Common::DeadLink)?.1.id;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (used, account) = work.use_link(purpose, token, &id).await?;
        let previous = pending_address(&used)?;
        self.give_address(&mut work, &account, &previous).await?;
        work.end_access(&id, None).await?;
        self.remove_access_since(&mut work, &account, used.created_at)
            .await?;
        self.unlink_silently(&mut work, &account).await?;
        // What was mailed since then may have gone to the attacker.
        for purpose in [Purpose::EmailUndo, Purpose::NotMe] {
            work.void_tokens_since(&id, purpose, used.created_at, self.now())
                .await?;
        }
        let event = EventKind::EmailChangeUndone;
        self.log_address(&mut work, &account, &previous, event)
            .await?;
        self.notify_of_undo(&mut work, &account, &previous).await?;
        let restored = Account {
            email: previous.as_str().to_owned(),
            ..account
        };
        self.stop_deletion(&mut work, &restored).await?;
        work.commit().await?;
        Ok(restored.email)
    }

    /// Deletes an account that somebody registered with this address and never confirmed: who opens the link of a mail to the
    /// address has its mailbox.
    async fn free_address(&self, realm: &Realm, email: &str) -> Result<()> {
        let key = domain::email_key(email);
        let found = self.store.account_by_email(realm, &key).await?;
        let Some(found) = found.filter(is_unproved) else {
            return Ok(());
        };
        let (mut work, now) = (self.begin(Actor::System, Client::none()).await?, self.now());
        let held = work.lock_account(&found.id).await?;
        if held.is_some_and(|held| is_unproved(&held)) {
            work.stop_deletion(&found.id, now).await?;
            work.set_deletion(&found.id, now, now).await?;
            work.commit().await?;
            self.delete_account(&found.id).await?;
        }
        Ok(())
    }

    /// Sets the address, unless it is taken or reserved for another account. The reason is not told.
    async fn give_address(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        email: &Email,
    ) -> Result<()> {
        let now = self.now();
        let written = work.set_email(&account.id, email, now).await;
        written.map_err(|error| {
            if error.is_conflict() {
                Error::AddressUnusable
            } else {
                error.into()
            }
        })?;
        if work
            .address_is_reserved(&account.realm, &email.key(), &account.id, now)
            .await?
        {
            return Err(Error::AddressUnusable);
        }
        if let Realm::Organisation(organisation) = &account.realm {
            work.move_readings(organisation, &account.email_key(), &email.key())
                .await?;
        }
        Ok(())
    }

    /// Removes what the author of the change may know or have set up: the password, a second factor, known
    /// devices. The owner chooses a new password by mail.
    ///
    /// The factor may be older than the change: its notices went to an address that the owner has lost.
    async fn remove_access_since(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        since: Timestamp,
    ) -> Result<()> {
        work.clear_password(&account.id, self.now()).await?;
        delete_devices(work, &account.id, None).await?;
        work.delete_totp_enrolment(&account.id).await?;
        self.undo_factor(work, account, since).await
    }

    /// Notifies the replaced address, with a link to undo the change.
    async fn offer_undo(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        new: &Email,
    ) -> Result<()> {
        let purpose = Purpose::EmailUndo;
        let newest = work.newest_token(&account.id, purpose).await?;
        let token = self.new_token(account, purpose);
        let token = Token {
            pending: Some(account.email.clone()),
            created_at: made_after(newest, token.created_at),
            ..token
        };
        let secret = work.insert_link(&token).await?;
        let page = format!("{}?token={}", paths::UNDO_EMAIL, secret.expose());
        let undo = work.own_link(account, &page).await?;
        let message = Message::EmailChanged(EmailUndo {
            notice: work.notice_with(account, paths::EMAIL, undo).await?,
            email: new.as_str().to_owned(),
            expires: calendar::moment(token.expires_at, account.locale),
        });
        Ok(work.write_mail(account, &message).await?)
    }

    /// Notifies both addresses. The mail to the one that is left has no link to act: it may be an attacker's.
    async fn notify_of_undo(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        previous: &Email,
    ) -> Result<()> {
        let event = EventKind::EmailChangeUndone;
        let restored = Account {
            email: previous.as_str().to_owned(),
            ..account.clone()
        };
        let message = Message::EmailRestored(EmailNotice {
            notice: work.notice(&restored, event, paths::EMAIL).await?,
            email: account.email.clone(),
        });
        work.write_mail_to(account, previous.as_str(), &message)
            .await?;
        let message = Message::EmailLost(EmailTold {
            name: account.name.clone(),
            email: account.email.clone(),
            link: work.own_link(account, paths::SETTINGS).await?,
        });
        Ok(work.write_mail(account, &message).await?)
    }

    async fn log_address(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        now: &Email,
        event: EventKind,
    ) -> Result<()> {
        let change = Change {
            field: "email",
            old: &account.email,
            new: now.as_str(),
        };
        Ok(work.log_change(&account.id, event, change).await?)
    }
}

fn pending_address(token: &Token) -> Result<Email> {
    let pending = token.pending.as_deref().unwrap_or_default();
    Email::parse(pending).map_err(|_| Common::Broken("a token holds no address").into())
}
