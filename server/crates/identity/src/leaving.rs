//! Leaving: one's account is to be deleted, in seven days, and until then it can be kept.
//!
//! Whoever stole a session and a password must not be able to destroy an account unseen: asking
//! takes a proof however recent the last one is, every address of the account is told, each with a
//! link that stops it without signing in, and whatever says that somebody else had her hands in the
//! account ("this was not me", a change of address that is taken back, a lock) stops it too. What is
//! deleted is deleted by `deletion.rs`.

use crate::{Client, Error, Event, Identity, Proof, Result, SignedIn, links::Holder};
use domain::{
    AccountId, Email, Realm, Role, Timestamp, calendar,
    retention::{self, COOLING_OFF},
    token::Purpose,
};
use mail::{DeletionAsked, Message};
use store::{Account, Membership, Tx};

/// The page of the settings that is about leaving.
pub(crate) const LEAVE: &str = domain::paths::DELETE;
/// The page that the mail leads to.
const STOP: &str = domain::paths::STOP_DELETION;

/// What the page shows before somebody leaves: the numbers are her own.
#[derive(Debug)]
pub struct Leaving {
    /// When the account will be deleted, if that was asked for.
    pub due: Option<Timestamp>,
    /// The organisations that would be left without a manager: as long as there are any, she cannot
    /// leave.
    pub alone_in: Vec<String>,
    /// How many organisations she belongs to.
    pub organisations: u64,
    /// How many sessions are live, the one in use among them.
    pub sessions: u64,
    /// How many browsers are known.
    pub devices: u64,
    /// How many lines her log has.
    pub lines: u64,
    /// How many mails to her are stored, with or without their content.
    pub mails: u64,
    /// How many lines in the logs of others name her.
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
    /// What leaving would mean for whoever is signed in.
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
        let log = store.activity_chain(id, u64::MAX, 1).await?;
        let older = store.unchained_activity(id).await?.lines;
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

    /// Has one's own account deleted in seven days. Everybody else is signed out of it.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when that was asked for already, [`Error::LastManager`],
    /// [`Error::ProofRejected`], [`Error::SessionEnded`].
    pub async fn ask_deletion(&self, who: &SignedIn, proof: Proof, client: &Client) -> Result<()> {
        let id = &who.account.id;
        let (now, event) = (self.now(), Event::DeletionAsked);
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        self.spend(&mut tx, (&account, who), proof, client).await?;
        self.someone_stays(&mut tx, id).await?;
        let due = now.plus(COOLING_OFF);
        if !tx.set_deletion(id, due, now).await? {
            return Err(Error::Unchanged);
        }
        let keep = Some(&who.session.id);
        self.close_other_ways(&mut tx, id, keep).await?;
        self.tell_of_deletion(&mut tx, &account, due, client)
            .await?;
        self.log(&mut tx, id, Some(id), event, client).await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Keeps one's own account after all.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when it is not to be deleted, [`Error::SessionEnded`].
    pub async fn keep_account(&self, who: &SignedIn, client: &Client) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        let id = Some(&account.id);
        self.stop_or_say_so(tx, &account, id, client).await
    }

    /// Keeps somebody's account after all: for the operator.
    ///
    /// # Errors
    /// [`Error::Unchanged`] when it is not to be deleted.
    pub async fn keep_account_of(&self, account: &Account) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.lock_account(&account.id).await?;
        let account = tx.account(&account.id).await?.ok_or(Error::NoAccount)?;
        let nobody = Client::default();
        self.stop_or_say_so(tx, &account, None, &nobody).await
    }

    /// The account that a stop link would keep; `None` when it is dead. Looking uses nothing up.
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

    /// Keeps an account with a mailed link, which is used up.
    ///
    /// # Errors
    /// [`Error::DeadLink`], [`Error::TooManyTries`].
    pub async fn stop_by_link(&self, realm: &Realm, token: &str, client: &Client) -> Result<()> {
        let purpose = Purpose::DeletionStop;
        self.take_token_try(client).await?;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        let (_, account) = found.ok_or(Error::DeadLink)?;
        let mut tx = self.store.begin().await?;
        let (_, account) = self.use_link(&mut tx, purpose, token, &account.id).await?;
        let id = Some(&account.id);
        let done = self.stop_or_say_so(tx, &account, id, client).await;
        done.map_err(|error| match error {
            Error::Unchanged => Error::DeadLink,
            error => error,
        })
    }

    /// Keeps an account that this transaction holds, if it was to be deleted: the links die, the log
    /// and a mail say so. To be called wherever somebody else may have had her hands in it.
    pub(crate) async fn stop_deletion(
        &self,
        tx: &mut Tx,
        account: &Account,
        actor: Option<&AccountId>,
        client: &Client,
    ) -> Result<bool> {
        let (id, event, now) = (&account.id, Event::DeletionStopped, self.now());
        if !tx.stop_deletion(id, now).await? {
            return Ok(false);
        }
        tx.void_tokens(id, Purpose::DeletionStop, now).await?;
        let notice = self
            .notice(tx, account, client, event, domain::paths::SETTINGS)
            .await?;
        self.write_mail(tx, account, &Message::DeletionStopped(notice))
            .await?;
        self.log(tx, id, actor, event, client).await?;
        Ok(true)
    }

    async fn stop_or_say_so(
        &self,
        mut tx: Tx,
        account: &Account,
        actor: Option<&AccountId>,
        client: &Client,
    ) -> Result<()> {
        if !self.stop_deletion(&mut tx, account, actor, client).await? {
            return Err(Error::Unchanged);
        }
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Holds the organisations that somebody manages, in one order, so that two of the last managers
    /// cannot both see the other one stay.
    ///
    /// They are looked up once the account is held, so that a role counts that was given meanwhile.
    async fn someone_stays(&self, tx: &mut Tx, id: &AccountId) -> Result<()> {
        let memberships = tx.memberships(id).await?;
        for membership in memberships.iter().filter(|found| manages(found)) {
            let organisation = &membership.organisation;
            tx.lock_organisation(&organisation.id).await?;
            if !tx.has_other_manager(&organisation.id, id).await? {
                return Err(Error::LastManager(organisation.name.clone()));
            }
        }
        Ok(())
    }

    /// Tells every address of the account, each with a link of its own that stops it.
    async fn tell_of_deletion(
        &self,
        tx: &mut Tx,
        account: &Account,
        due: Timestamp,
        client: &Client,
    ) -> Result<()> {
        for address in self.addresses(tx, account).await? {
            let token = self.new_token(account, Purpose::DeletionStop);
            let secret = self.insert_link(tx, &token).await?;
            let page = format!("{STOP}?token={}", secret.expose());
            let stop = self.own_link(tx, account, client, &page).await?;
            let previous = address != account.email;
            let notice = if previous {
                let way_out = (LEAVE, stop.clone());
                self.notice_with(tx, account, client, way_out).await?
            } else {
                let event = Event::DeletionAsked;
                self.notice(tx, account, client, event, LEAVE).await?
            };
            let message = Message::DeletionAsked(DeletionAsked {
                notice,
                due: calendar::moment(due, account.locale),
                stop,
                previous,
            });
            self.write_mail_to(tx, account, &address, &message).await?;
        }
        Ok(())
    }

    /// The address of an account, and those that it had in the last 30 days: whoever stole the
    /// account may have changed it, and waited until nobody could take that back any more.
    pub(crate) async fn addresses(&self, tx: &mut Tx, account: &Account) -> Result<Vec<String>> {
        let since = self.now().minus(retention::TOKENS);
        let undo = tx
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
