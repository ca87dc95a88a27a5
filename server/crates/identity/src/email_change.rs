//! Another address for one's own account, first half: it is wanted, and a mail asks its reader.
//!
//! The new address is the pending value of the one live token of this purpose and stands nowhere
//! else, so that there is nothing that could be exchanged between asking and confirming (Devise
//! CVE-2026-32700). Whoever asks sees the same whether or not the address is somebody's: the page,
//! the notice to the present address, the log and the waiting token are the same; only the
//! mailbox of the wanted address knows which mail came.

use crate::{Client, Error, Event, Identity, Result, SignedIn, activity::Change, tries};
use domain::{
    Email, Realm, Timestamp, calendar,
    limit::{ADDRESS_WISHES_PER_ACCOUNT, MAILS_PER_ADDRESS, WISHES_PER_ADDRESS},
    session,
    token::Purpose,
};
use mail::{EmailConfirm, EmailNotice, EmailTold, Message};
use store::{Account, Token, Tx};

/// The page of the settings that is about the address.
pub(crate) const EMAIL: &str = domain::paths::EMAIL;
/// The page that the mail to a new address leads to.
const CONFIRM: &str = domain::paths::CONFIRM_EMAIL;
/// The address as its settings show it.
#[derive(Debug)]
pub struct EmailState {
    /// The address that is wanted and not confirmed, and until when it can be.
    pub pending: Option<(String, Timestamp)>,
    /// Whether a proof must be given with the next wish, the last one being too old.
    pub needs_proof: bool,
}

impl Identity {
    /// What is under way with the address of whoever is signed in.
    pub async fn email_state(&self, who: &SignedIn) -> Result<EmailState> {
        let found = self
            .store
            .live_token(&who.account.id, Purpose::EmailChange, self.now())
            .await?;
        Ok(EmailState {
            pending: found.and_then(|token| Some((token.pending?, token.expires_at))),
            needs_proof: !session::is_recent_proof(self.now(), who.session.proved_at),
        })
    }

    /// Asks for another address: mails a link there, and a notice to the present one.
    ///
    /// # Errors
    /// [`Error::SameAddress`], [`Error::ProofNeeded`], [`Error::ProofRejected`],
    /// [`Error::TooManyTries`], [`Error::SessionEnded`], [`Error::Busy`].
    pub async fn ask_for_email(
        &self,
        who: &SignedIn,
        wanted: &Email,
        proof: &str,
        client: &Client,
    ) -> Result<()> {
        if wanted.as_str() == who.account.email {
            return Err(Error::SameAddress);
        }
        let proof = self.prove_unless_recent(who, proof).await?;
        let wishes = tries::wishes(&who.account.id);
        self.take_try(&wishes, ADDRESS_WISHES_PER_ACCOUNT).await?;
        self.take_wish(&who.account.realm, wanted).await?;
        let mut tx = self.store.begin().await?;
        let account = self.hold_own(&mut tx, who).await?;
        self.spend(&mut tx, (&account, who), proof, client).await?;
        self.write_wish(&mut tx, &account, wanted, client).await?;
        self.tell_present_address(&mut tx, &account, wanted, client)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(())
    }

    /// Forgets the address that was wanted: its link is dead.
    ///
    /// # Errors
    /// [`Error::SessionEnded`].
    pub async fn withdraw_email(&self, who: &SignedIn, client: &Client) -> Result<()> {
        if self.email_state(who).await?.pending.is_none() {
            return Ok(());
        }
        let id = &who.account.id;
        let mut tx = self.store.begin().await?;
        self.hold_own(&mut tx, who).await?;
        tx.void_tokens(id, Purpose::EmailChange, self.now()).await?;
        self.log(&mut tx, id, Some(id), Event::EmailWithdrawn, client)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The one mail an hour that a wish may send to an address: one of those that anybody can have
    /// sent there, and not all of them, or wishes of strangers would keep its owner from a link for
    /// a new password. Taken whether or not the address is somebody's.
    async fn take_wish(&self, realm: &Realm, wanted: &Email) -> Result<()> {
        let bucket = tries::wishes_for(realm, &wanted.key());
        self.take_try(&bucket, WISHES_PER_ADDRESS).await?;
        let taken = self.take_mail(realm, wanted).await;
        if taken.is_err() {
            // Nothing is sent.
            let now = self.now();
            self.store
                .give_back(&bucket, WISHES_PER_ADDRESS, now)
                .await?;
        }
        taken
    }

    /// One of the few mails that anybody can have sent to an address. Taken whether or not the
    /// address is somebody's.
    pub(crate) async fn take_mail(&self, realm: &Realm, to: &Email) -> Result<()> {
        let bucket = tries::mails(realm, &to.key());
        self.take_try(&bucket, MAILS_PER_ADDRESS).await
    }

    /// The token, and the mail to the wanted address: its link, or to whom it belongs a word about
    /// it. The token of an address that is taken exists as well, and nobody knows its secret.
    async fn write_wish(
        &self,
        tx: &mut Tx,
        account: &Account,
        wanted: &Email,
        client: &Client,
    ) -> Result<()> {
        tx.void_tokens(&account.id, Purpose::EmailChange, self.now())
            .await?;
        let token = Token {
            pending: Some(wanted.as_str().to_owned()),
            ..self.new_token(account, Purpose::EmailChange)
        };
        let secret = self.insert_link(tx, &token).await?;
        let owner = tx.account_by_email(&account.realm, &wanted.key()).await?;
        // Another spelling of one's own address is not somebody else's.
        if let Some(owner) = owner.filter(|owner| owner.id != account.id) {
            let message = Message::EmailTaken(EmailTold {
                name: owner.name.clone(),
                email: owner.email.clone(),
                link: self
                    .own_link(tx, &owner, client, domain::paths::SETTINGS)
                    .await?,
            });
            return self.write_mail(tx, &owner, &message).await;
        }
        let page = format!("{CONFIRM}?token={}", secret.expose());
        let message = Message::EmailConfirm(EmailConfirm {
            name: account.name.clone(),
            email: wanted.as_str().to_owned(),
            link: self.own_link(tx, account, client, &page).await?,
            expires: calendar::moment(token.expires_at, account.locale),
        });
        self.write_mail_to(tx, account, wanted.as_str(), &message)
            .await
    }

    async fn tell_present_address(
        &self,
        tx: &mut Tx,
        account: &Account,
        wanted: &Email,
        client: &Client,
    ) -> Result<()> {
        let event = Event::EmailAsked;
        let message = Message::EmailAsked(EmailNotice {
            notice: self.notice(tx, account, client, event, EMAIL).await?,
            email: wanted.as_str().to_owned(),
        });
        self.write_mail(tx, account, &message).await?;
        let change = Change {
            field: "email",
            old: &account.email,
            new: wanted.as_str(),
        };
        self.log_change(tx, account, event, client, change).await
    }
}
