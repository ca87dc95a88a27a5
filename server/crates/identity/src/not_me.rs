//! "This was not me": the way out that every notice carries.
//!
//! The link proves access to the account's mailbox, which is enough for what makes an account safer and
//! for nothing else. So the button ends every session, removes the password and the links to
//! providers, removes a recent second factor, and sends a link for a new password in a *further* mail
//! to the account's address: a forwarded notice must not give access.
//!
//! An attacker causes several notices, and the owner may open any of them. The button of one voids all
//! the others, so it does what any of them could have done: whether the second factor is removed
//! depends on its age, whatever the notice was about.

use crate::{Client, Identity, Result, devices::delete_devices, token_hash};
use domain::{
    AccountId, Duration, Realm, Timestamp, calendar, paths,
    token::{Purpose, Secret},
};
use mail::{AccountSafe, Message};
use store::{Account, Token};
use unit_of_work::{Actor, Error as Common, EventKind, Holder, UnitOfWork, decode_pending};

/// How long a second factor can be removed by mail. After that a mailbox alone must not be enough.
const UNDO_FACTOR: Duration = Duration::from_hours(24);

/// What the page behind the link shows.
#[derive(Debug)]
pub struct NotMePage {
    /// The event of the notice, as [`EventKind::as_str`] names it.
    pub event: String,
    /// When that was.
    pub when: Timestamp,
    /// The address of the account.
    pub email: String,
}

/// An account that was secured.
#[derive(Debug)]
pub struct Secured {
    /// The account.
    pub account: AccountId,
    /// The address that the mail with the link for a new password goes to.
    pub email: String,
    /// Binds the short code of that mail to this browser.
    pub browser: Secret,
}

impl Identity {
    /// What a notice's link is about; `None` when it is dead. Nothing is consumed.
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

    /// Secures the account, and mails a link and a code for a new password.
    ///
    /// # Errors
    /// `DeadLink`, `TooManyTries`.
    pub async fn not_me(&self, realm: &Realm, token: &str, client: &Client) -> Result<Secured> {
        self.take_token_try(client).await?;
        let purpose = Purpose::NotMe;
        let found = self.linked(Holder::Of(realm), purpose, token).await?;
        let (_, account) = found.ok_or(Common::DeadLink)?;
        let mut work = self.begin(Actor::Owner, client).await?;
        let (token, account) = work.use_link(purpose, token, &account.id).await?;
        if !is_for(&token, &account) {
            return Err(Common::DeadLink.into());
        }
        let now = self.now();
        work.clear_password(&account.id, now).await?;
        // An attacker's browser must not stay a known device.
        delete_devices(&mut work, &account.id, None).await?;
        work.end_access(&account.id, None).await?;
        work.void_tokens(&account.id, purpose, now).await?;
        self.undo_factor(&mut work, &account, now).await?;
        self.unlink_silently(&mut work, &account).await?;
        let id = &account.id;
        self.stop_deletion(&mut work, &account).await?;
        work.log(id, EventKind::NotMe).await?;
        let browser = self.new_secret();
        self.mail_reset_link_after_attack(&mut work, &account, &browser)
            .await?;
        work.commit().await?;
        Ok(Secured {
            account: account.id,
            email: account.email,
            browser,
        })
    }

    /// Removes a second factor that was set up or replaced less than one day before `noticed`, and logs it; recovery codes
    /// are removed with it, or alone when they are of that age. The caller sends the mail.
    ///
    /// They may be the owner's, who can make new ones; an attacker's factor would lock the owner out, and
    /// an attacker's codes have replaced the owner's.
    pub(crate) async fn undo_factor(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        noticed: Timestamp,
    ) -> Result<()> {
        let id = &account.id;
        let is_young = |since: Timestamp| noticed.since(since) < UNDO_FACTOR;
        let codes = work.recovery_codes_made(id).await?;
        let factor = work.totp_factor(id).await?;
        let is_removed = factor.is_some_and(|factor| is_young(factor.confirmed_at));
        // Without a factor there is nothing that older codes could stand in for.
        if is_removed || codes.is_some_and(is_young) {
            work.delete_recovery_codes(id).await?;
        }
        if is_removed {
            work.delete_totp_factor(id).await?;
            work.log(id, EventKind::TwoFactorDisabled).await?;
        }
        Ok(())
    }

    async fn mail_reset_link_after_attack(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        browser: &Secret,
    ) -> Result<()> {
        let client = work.client();
        let page = match &client.project {
            Some(project) => {
                paths::of_project(&project.0.slug, &project.1.slug, paths::RESET_PASSWORD)
            }
            None => paths::RESET_PASSWORD.to_owned(),
        };
        let (token, link) = self.reset_token(work, account, &page).await?;
        let code = self.short_code(work, &token, &token_hash(browser)).await?;
        let place = client.project.as_ref().map(|project| {
            let name = project.1.name(account.locale);
            format!("{name} ({})", project.0.name)
        });
        let message = Message::AccountSafe(AccountSafe {
            name: account.name.clone(),
            place,
            link,
            code: Some(code),
            expires: calendar::moment(token.expires_at, account.locale),
            when: calendar::moment(self.now(), account.locale),
            device: client.device.clone(),
            network: client.network.clone(),
        });
        Ok(work.write_mail(account, &message).await?)
    }
}

fn event_of(token: &Token) -> &str {
    decode_pending(token.pending.as_deref().unwrap_or_default()).0
}

/// Whether the notice went to the current address of the account. One to an earlier address must not act:
/// the link for a new password would go to an attacker's mailbox, and the owner of the earlier address has
/// the mail that undoes the change.
fn is_for(token: &Token, account: &Account) -> bool {
    decode_pending(token.pending.as_deref().unwrap_or_default()).1 == account.email
}
