//! A change of address, first half: the request, and the mail that asks for confirmation.
//!
//! The new address is the pending value of the one live token of this purpose and stands nowhere
//! else, so that there is nothing that could be exchanged between asking and confirming (Devise
//! CVE-2026-32700). The answer is the same whether or not the address has an account: the page,
//! the notice to the present address, the log and the waiting token are the same; only the
//! mailbox of the wanted address knows which mail came.

use crate::{Client, Error, Identity, Result, SignedIn, tries, unconfirmed::is_unproved};
use domain::{
    Email, Realm, Timestamp, calendar,
    limit::{ADDRESS_WISHES_PER_ACCOUNT, WISHES_PER_ADDRESS},
    paths, session,
    token::Purpose,
};
use mail::{EmailConfirm, EmailNotice, EmailTold, Message};
use store::{Account, Token};
use unit_of_work::{Actor, Change, EventKind, UnitOfWork};

/// The address as its settings show it.
#[derive(Debug)]
pub struct EmailState {
    /// The address that is wanted and not confirmed, and until when it can be.
    pub pending: Option<(String, Timestamp)>,
    /// Whether the next request needs a proof, the last one being too old.
    pub needs_proof: bool,
}

impl Identity {
    /// The state of the user's address.
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
    /// `TooManyTries`, `SessionEnded`, `Busy`.
    pub async fn ask_for_email(
        &self,
        who: &SignedIn,
        wanted: &Email,
        proof: &str,
        client: &Client,
    ) -> Result<()> {
        let is_same = wanted.as_str() == who.account.email;
        if is_same && who.account.email_doubted_at.is_none() {
            return Err(Error::SameAddress);
        }
        let proof = self.prove_unless_recent(who, proof, client).await?;
        let bucket = tries::address_requests(&who.account.id);
        self.take_try(&bucket, ADDRESS_WISHES_PER_ACCOUNT).await?;
        self.take_address_mail(&who.account.realm, wanted).await?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let account = work.lock_own(who).await?;
        proof.consume(&mut work, &account, who).await?;
        self.write_request(&mut work, &account, wanted).await?;
        if !is_same {
            self.notify_current_address(&mut work, &account, wanted)
                .await?;
        }
        Ok(work.commit().await?)
    }

    /// Forgets the address that was wanted: its link is dead.
    ///
    /// # Errors
    /// `SessionEnded`.
    pub async fn withdraw_email(&self, who: &SignedIn, client: &Client) -> Result<()> {
        if self.email_state(who).await?.pending.is_none() {
            return Ok(());
        }
        let id = &who.account.id;
        let mut work = self.begin(Actor::Owner, client).await?;
        work.lock_own(who).await?;
        work.void_tokens(id, Purpose::EmailChange, self.now())
            .await?;
        work.log(id, EventKind::EmailWithdrawn).await?;
        Ok(work.commit().await?)
    }

    /// Takes the one mail an hour that requests for an address may cause. It is one of the mails that
    /// anyone can cause to be sent there, not all of them: otherwise strangers could block the mail for a
    /// new password. Taken whether or not the address has an account.
    async fn take_address_mail(&self, realm: &Realm, wanted: &Email) -> Result<()> {
        let bucket = tries::requests_for_address(realm, &wanted.key());
        self.take_try(&bucket, WISHES_PER_ADDRESS).await?;
        let taken = self.take_mail(realm, wanted).await;
        if taken.is_err() {
            // Nothing is sent.
            self.give_try_back(&bucket, WISHES_PER_ADDRESS).await?;
        }
        Ok(taken?)
    }

    /// The token, and the mail to the wanted address: the link, or a notice when the address belongs to
    /// another account. The token exists in that case too, but its secret is never sent.
    async fn write_request(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        wanted: &Email,
    ) -> Result<()> {
        work.void_tokens(&account.id, Purpose::EmailChange, self.now())
            .await?;
        let token = Token {
            pending: Some(wanted.as_str().to_owned()),
            ..self.new_token(account, Purpose::EmailChange)
        };
        let secret = work.insert_link(&token).await?;
        let owner = work.account_by_email(&account.realm, &wanted.key()).await?;
        // Another spelling of the account's own address is not taken.
        let owner = owner.filter(|owner| owner.id != account.id && !is_unproved(owner));
        if let Some(owner) = owner {
            let message = Message::EmailTaken(EmailTold {
                name: owner.name.clone(),
                email: owner.email.clone(),
                link: work.own_link(&owner, paths::SETTINGS).await?,
            });
            return Ok(work.write_mail(&owner, &message).await?);
        }
        let page = format!("{}?token={}", paths::CONFIRM_EMAIL, secret.expose());
        let message = Message::EmailConfirm(EmailConfirm {
            name: account.name.clone(),
            email: wanted.as_str().to_owned(),
            link: work.own_link(account, &page).await?,
            expires: calendar::moment(token.expires_at, account.locale),
        });
        Ok(work
            .write_mail_to(account, wanted.as_str(), &message)
            .await?)
    }

    async fn notify_current_address(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        wanted: &Email,
    ) -> Result<()> {
        let event = EventKind::EmailAsked;
        let message = Message::EmailAsked(EmailNotice {
            notice: work.notice(account, event, paths::EMAIL).await?,
            email: wanted.as_str().to_owned(),
        });
        work.write_mail(account, &message).await?;
        let change = Change {
            field: "email",
            old: &account.email,
            new: wanted.as_str(),
        };
        Ok(work.log_change(&account.id, event, change).await?)
    }
}
