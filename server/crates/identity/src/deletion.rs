//! Deleting the accounts whose time has come: one recurring job, done by one process at a time.
//!
//! One transaction for each account locks it, checks the date again, deletes what does not refer to its
//! row (mails, counted attempts), deletes the row with everything that does, records the deletion, and
//! queues the last mail. A second process finds no account.

use crate::{
    Client, Identity, Result,
    code_attempts::{Counted, clear_counts},
    devices::delete_devices,
    password_attempts::clear_passwords,
    tries::buckets_of,
};
use domain::{
    AccountId, Realm, Role, Subject, Timestamp, calendar,
    chain::{self, Gone},
    paths,
    retention::{COOLING_OFF, DELETIONS},
};
use mail::{AccountDeleted, Message};
use store::{Account, Deletion};
use subtle::ConstantTimeEq as _;
use unit_of_work::{Actor, UnitOfWork, Vault};

/// Accounts that one run looks at; the next run takes the rest.
const PART: u32 = 200;

/// What a check of the records of deletions found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deletions {
    /// How many there are.
    pub records: u64,
    /// The accounts whose record is not as it was written.
    pub altered: Vec<AccountId>,
}

impl Identity {
    /// Deletes every account whose time has come; says how many this process deleted. One that
    /// cannot be deleted is logged and does not delay the others.
    ///
    /// # Errors
    /// `Store` when the database does not answer.
    pub async fn delete_due_accounts(&self) -> Result<u64> {
        let mut deleted = 0;
        for id in self.store.due_deletions(self.now(), PART).await? {
            match self.delete_account(&id).await {
                Ok(done) => deleted += u64::from(done),
                Err(error) => {
                    tracing::error!(account.id = %id, %error, "An account could not be deleted");
                }
            }
        }
        Ok(deleted)
    }

    /// Deletes an account that is due; false when it is not, or not any more.
    pub(crate) async fn delete_account(&self, id: &AccountId) -> Result<bool> {
        self.warn_of_empty_organisations(id).await?;
        let mut work = self.begin(Actor::System, Client::none()).await?;
        let Some(account) = work.lock_account(id).await? else {
            return Ok(false);
        };
        let now = self.now();
        let Some(due) = account.deletion_at.filter(|due| *due <= now) else {
            return Ok(false);
        };
        // The log is deleted with the account; this only reads and locks its end.
        let Some(end) = work.advance_activity(&Subject::Account(id.clone())).await? else {
            return Ok(false);
        };
        let addresses = self.addresses(&mut work, &account).await?;
        // What was counted for an address stays where somebody else may be its owner: a stranger must not clear it.
        if account.email_confirmed_at.is_some() {
            self.forget_tries(&mut work, &account).await?;
        }
        if account.email_confirmed_at.is_some() {
            work.delete_mails_of(id).await?;
        } else {
            // Its address was corrected, or never confirmed: what became of its mails is counted for a week.
            work.release_mails_of(id).await?;
        }
        if !work.delete_account(id, now).await? {
            return Ok(false);
        }
        // Nobody asked for the deletion of an account that was registered and never confirmed, and its address may belong to
        // somebody else: no mail goes there.
        let is_confirmed = account.email_confirmed_at.is_some();
        let asked = if is_confirmed {
            due.minus(COOLING_OFF)
        } else {
            account.created_at
        };
        let record = self.record(&account, asked, end.lines);
        work.insert_deletion(&record).await?;
        if is_confirmed {
            self.say_goodbye(&mut work, &account, &addresses, asked)
                .await?;
        }
        work.commit().await?;
        Ok(true)
    }

    /// Nothing that was counted for the account or its address outlives it.
    async fn forget_tries(&self, work: &mut UnitOfWork<'_>, account: &Account) -> Result<()> {
        delete_devices(work, &account.id, None).await?;
        clear_passwords(work, &account.realm, &account.email_key()).await?;
        clear_counts(work, &account.id, &Counted::ALL).await?;
        work.delete_registrations_of_address(&account.realm, &account.email_key())
            .await?;
        if let Realm::Organisation(organisation) = &account.realm {
            work.delete_readings(organisation, &account.email_key())
                .await?;
        }
        for (_, bucket) in buckets_of(account) {
            work.reset_limit(&bucket).await?;
        }
        Ok(())
    }

    fn record(&self, account: &Account, asked_at: Timestamp, lines: u64) -> Deletion {
        let mut record = Deletion {
            account_id: account.id.clone(),
            realm: account.realm.clone(),
            asked_at,
            deleted_at: self.now(),
            lines,
            tag: Vec::new(),
        };
        record.tag = self.vault.mac(&text(&record));
        record
    }

    /// The last mail, to every address that the account had. It belongs to no account any more.
    async fn say_goodbye(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &Account,
        addresses: &[String],
        asked: Timestamp,
    ) -> Result<()> {
        let organisation = match &account.realm {
            Realm::BackOffice => None,
            Realm::Organisation(id) => work.organisation(id).await?.map(|found| found.name),
        };
        let message = Message::AccountDeleted(AccountDeleted {
            name: account.name.clone(),
            organisation,
            asked: calendar::moment(asked, account.locale),
            days: DELETIONS.as_secs() / 86_400,
            link: self.page_address(account.locale, paths::HELP),
        });
        for address in addresses {
            work.write_mail_to_stranger(&account.realm, address, account.locale, &message)
                .await?;
        }
        Ok(())
    }

    /// The other manager of an organisation may have been locked or have left since the deletion was
    /// requested. The right to leave remains, but the operator must know.
    async fn warn_of_empty_organisations(&self, id: &AccountId) -> Result<()> {
        for membership in self.store.memberships(id).await? {
            let organisation = membership.organisation;
            let manages = membership.role == Role::OrganisationManager;
            if manages && !self.store.has_other_manager(&organisation.id, id).await? {
                tracing::warn!(organisation = %organisation.slug, "The last manager leaves");
            }
        }
        Ok(())
    }

    /// Checks that every record of a deletion is as it was written.
    pub async fn check_deletions(&self) -> Result<Deletions> {
        let mut found = Deletions::default();
        let mut last: Option<AccountId> = None;
        loop {
            let part = self.store.deletions(last.as_ref(), PART).await?;
            for record in &part {
                found.records += 1;
                if !holds(&self.vault, record) || self.vault.is_retired(&record.tag) {
                    found.altered.push(record.account_id.clone());
                }
            }
            match part.into_iter().next_back() {
                Some(record) => last = Some(record.account_id),
                None => return Ok(found),
            }
        }
    }
}

/// Whether a record is as it was written, with whichever key.
pub(crate) fn holds(vault: &Vault, record: &Deletion) -> bool {
    let right = vault.mac_with_key_of(&record.tag, &text(record));
    right.is_some_and(|right| right.ct_eq(&record.tag).into())
}

/// What the tag of a record covers.
pub(crate) fn text(record: &Deletion) -> Vec<u8> {
    chain::gone_text(&Gone {
        account: &record.account_id,
        realm: &record.realm,
        asked_at: record.asked_at,
        deleted_at: record.deleted_at,
        lines: record.lines,
    })
}
