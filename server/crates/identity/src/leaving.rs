//! The deletion of an account: requested by its owner, due in seven days, cancellable until then.
//!
//! A thief of a session and a password must not be able to delete an account unnoticed. So a request
//! needs a new proof, every address of the account is notified with a link that cancels the deletion
//! without signing in, and every sign of an attack ("this was not me", an undone change of address, a
//! lock) cancels it too. `deletion.rs` deletes what is due.

use crate::{Client, Error, Identity, Proof, Result, SignedIn};
use domain::{
    AccountId, Email, Realm, Role, Subject, Timestamp, calendar, paths,
    retention::{self, COOLING_OFF},
    token::Purpose,
};
use mail::{DeletionAsked, Message};
use store::{Account, Membership};
use unit_of_work::{Actor, Error as Common, EventKind, Holder, UnitOfWork};

/// What the page shows before a deletion is requested, in numbers of the account.
#[derive(Debug)]
pub struct Leaving {
    /// When the account will be deleted, if that was asked for.
    pub due: Option<Timestamp>,
    /// The organisations that would be left without a manager: while there are any, the account cannot be
    /// deleted.
    pub alone_in: Vec<String>,
    /// How many organisations the account belongs to.
    pub organisations: u64,
    /// How many sessions are live, the one in use among them.
    pub sessions: u64,
    /// How many browsers are known.
    pub devices: u64,
    /// How many lines its log has.
    pub lines: u64,
    /// How many of its mails are stored, with or without their content.
    pub mails: u64,
    /// How many lines in other logs name the account as actor.
    pub deeds: u64,
}

/// What the page behind a stop link shows.
#[derive(Debug)]
pub struct StopPage {
    /// The address of the account.
    pub email: String,
    /// When it will be deleted.
    pub due: Timestamp,
}

impl Identity {
    /// What the deletion of the user's account would mean.
    pub async fn leaving(&self, who: &SignedIn) -> Result<Leaving> {
        let (id, store) = (&who.account.id, &self.store);
        let memberships = store.memberships(id).await?;
        let mut alone_in = Vec::new();
        for membership in memberships.iter().filter(|found| manages(found)) {
            let organisation = &membership.organisation;
            if !store.has_other_manager(&organisation.id, id).await? {
                alone_in.push(organisation.name.clone());
            }
        }
        let subject = Subject::Account(id.clone());
        let log = store.activity_chain(&subject, u64::MAX, 1).await?;
        let older = store.unchained_activity(&subject).await?.lines;
        Ok(Leaving {
            due: who.account.deletion_at,
            alone_in,
            organisations: count(&memberships),
            sessions: count(&self.sessions(who).await?),
            devices: count(&store.stored_devices(id).await?),
            lines: log.map_or(0, |(end, _)| end.lines) + older,
            mails: count(&store.stored_mails(id).await?),
            deeds: store.deeds(id).await?,
        })
    }

    /// Requests the deletion of the user's account in seven days. Every other session ends.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when that was asked for already, [`Error::LastManager`],
    /// [`Error::ProofRejected`], `SessionEnded`.
    pub async fn ask_deletion(&self, who: &SignedIn, proof: Proof, client: &Client) -> Result<()> {
        let id = &who.account.id;
        let (now, event) = (self.now(), EventKind::DeletionAsked);
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        proof.consume(&mut work, &account, who).await?;
        self.someone_stays(&mut work, id).await?;
        let due = now.plus(COOLING_OFF);
        if !work.set_deletion(id, due, now).await? {
            return Err(Error::Unchanged);
        }
        let keep = Some(&who.session.id);
        work.end_access(id, keep).await?;
        self.notify_of_deletion(&mut work, &account, due).await?;
        work.log(id, event).await?;
        Ok(work.commit().await?)
    }

    /// Cancels the deletion of the user's account.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when it is not to be deleted, `SessionEnded`.
    pub async fn keep_account(&self, who: &SignedIn, client: &Client) -> Result<()> {
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        self.stop_or_say_so(work, &account).await
    }

    /// Cancels the deletion of an account, for the operator.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when it is not to be deleted.
    pub async fn keep_account_of(&self, account: &Account) -> Result<()> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let account = work.lock_account(&account.id).await?;
        let account = account.ok_or(Common::NoAccount)?;
        self.stop_or_say_so(work, &account).await
    }

    /// The account of a stop link; `None` when it is dead. Nothing is consumed.
    pub async fn stop_page(&self, realm: &Realm, token: &str) -> Result<Option<StopPage>> {
        let purpose = Purpose::DeletionStop;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        Ok(found.and_then(|(_, account)| {
            Some(StopPage {
                due: account.deletion_at?,
                email: account.email,
            })
        }))
    }

    /// Cancels a deletion with a mailed link, which is consumed.
    ///
    /// # Errors
    /// `DeadLink`, `TooManyTries`.
    pub async fn stop_by_link(&self, realm: &Realm, token: &str, client: &Client) -> Result<()> {
        let purpose = Purpose::DeletionStop;
        self.take_token_try(client).await?;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        let (_, account) = found.ok_or(Common::DeadLink)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (_, account) = work.use_link(purpose, token, &account.id).await?;
        let done = self.stop_or_say_so(work, &account).await;
        done.map_err(|error| match error {
            Error::Unchanged => Common::DeadLink.into(),
            error => error,
        })
    }

    /// Cancels the deletion of an account that this transaction has locked, if one was requested: voids
    /// the links, logs it and notifies the owner. Called wherever an attack is possible.
    pub(crate) async fn stop_deletion(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<bool> {
        let (id, event, now) = (&account.id, EventKind::DeletionStopped, self.now());
        if !work.stop_deletion(id, now).await? {
            return Ok(false);
        }
        work.void_tokens(id, Purpose::DeletionStop, now).await?;
        work.notify(account, event, paths::SETTINGS, Message::DeletionStopped)
            .await?;
        Ok(true)
    }

    async fn stop_or_say_so(&self, mut work: UnitOfWork<'_>, account: &Account) -> Result<()> {
        if !self.stop_deletion(&mut work, account).await? {
            return Err(Error::Unchanged);
        }
        Ok(work.commit().await?)
    }

    /// Locks the organisations that an account manages, always in the same order, so that two last
    /// managers cannot both rely on the other one.
    ///
    /// They are read after the account is locked, so that a role given in between counts.
    async fn someone_stays(&self, work: &mut UnitOfWork<'_>, id: &AccountId) -> Result<()> {
        let memberships = work.memberships(id).await?;
        for membership in memberships.iter().filter(|found| manages(found)) {
            let organisation = &membership.organisation;
            work.lock_organisation(&organisation.id).await?;
            if !work.has_other_manager(&organisation.id, id).await? {
                return Err(Error::LastManager(organisation.name.clone()));
            }
        }
        Ok(())
    }

    /// Notifies every address of the account, each with a link of its own that cancels the deletion.
    async fn notify_of_deletion(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        due: Timestamp,
    ) -> Result<()> {
        for address in self.addresses(work, account).await? {
            let token = self.new_token(account, Purpose::DeletionStop);
            let secret = work.insert_link(&token).await?;
            let page = format!("{}?token={}", paths::STOP_DELETION, secret.expose());
            let stop = work.own_link(account, &page).await?;
            let previous = address != account.email;
            let notice = if previous {
                work.notice_with(account, paths::DELETE, stop.clone())
                    .await?
            } else {
                let event = EventKind::DeletionAsked;
                work.notice(account, event, paths::DELETE).await?
            };
            let message = Message::DeletionAsked(DeletionAsked {
                notice,
                due: calendar::moment(due, account.locale),
                stop,
                previous,
            });
            work.write_mail_to(account, &address, &message).await?;
        }
        Ok(())
    }

    /// The address of an account, and those that could be restored within the last 30 days: a thief may have changed
    /// the address and waited until the change could not be undone any more.
    pub(crate) async fn addresses(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
    ) -> Result<Vec<String>> {
        let since = self.now().minus(retention::TOKENS);
        let undo = work
            .live_tokens(&account.id, Purpose::EmailUndo, since)
            .await?;
        let mut addresses = vec![account.email.clone()];
        for pending in undo.into_iter().filter_map(|token| token.pending) {
            let new = |known: &String| key(known) != key(&pending);
            if addresses.iter().all(new) {
                addresses.push(pending);
            }
        }
        Ok(addresses)
    }
}

fn manages(membership: &Membership) -> bool {
    membership.role == Role::OrganisationManager
}

fn key(address: &str) -> Option<String> {
    Email::parse(address).ok().map(|email| email.key())
}

fn count<T>(rows: &[T]) -> u64 {
    rows.len() as u64
}
