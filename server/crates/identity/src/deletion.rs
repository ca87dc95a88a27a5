//! Deleting the accounts whose time has come: a job, in as many processes as there are.
//!
//! One transaction for each account holds it, looks at the clock once more, removes what does not
//! refer to its row (mails, counted tries), removes the row with everything that does, notes that it
//! was deleted, and writes the last mail. Whoever comes second finds no account.

use crate::{Identity, Result, tries::buckets_of};
use domain::{
    AccountId, Realm, Role, Timestamp, calendar,
    chain::{self, Gone},
    retention::{COOLING_OFF, DELETIONS},
};
use mail::{AccountDeleted, Message};
use store::{Account, Deletion, Tx};
use subtle::ConstantTimeEq as _;

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
    /// cannot be deleted is logged and keeps nobody else waiting.
    ///
    /// # Errors
    /// [`Error::Store`] when the database does not answer.
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

    async fn delete_account(&self, id: &AccountId) -> Result<bool> {
        self.warn_of_empty_organisations(id).await?;
        let mut tx = self.store.begin().await?;
        tx.lock_account(id).await?;
        let Some(account) = tx.account(id).await? else {
            return Ok(false);
        };
        let now = self.now();
        let Some(due) = account.deletion_at.filter(|due| *due <= now) else {
            return Ok(false);
        };
        // Nobody writes a line any more; the one that this counts goes with the account.
        let Some(end) = tx.advance_activity(id).await? else {
            return Ok(false);
        };
        let addresses = self.addresses(&mut tx, &account).await?;
        self.forget_tries(&mut tx, &account).await?;
        tx.delete_mails_of(id).await?;
        if !tx.delete_account(id, now).await? {
            return Ok(false);
        }
        let asked = due.minus(COOLING_OFF);
        let record = self.record(&account, asked, end.lines);
        tx.insert_deletion(&record).await?;
        self.say_goodbye(&mut tx, &account, &addresses, asked)
            .await?;
        tx.commit().await?;
        self.ring_mail_bell();
        Ok(true)
    }

    /// Nothing that was counted for the account or its address outlives it.
    async fn forget_tries(&self, tx: &mut Tx, account: &Account) -> Result<()> {
        self.reset_guesses(tx, &account.realm, &account.email_key())
            .await?;
        self.reset_code_guesses(tx, &account.id).await?;
        for (_, bucket) in buckets_of(account) {
            tx.reset_limit(&bucket).await?;
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
        record.tag = self.vault.vouch(&text(&record));
        record
    }

    /// The last mail, to every address that the account had. It belongs to no account any more.
    async fn say_goodbye(
        &self,
        tx: &mut Tx,
        account: &Account,
        addresses: &[String],
        asked: Timestamp,
    ) -> Result<()> {
        let organisation = match &account.realm {
            Realm::BackOffice => None,
            Realm::Organisation(id) => tx.organisation(id).await?.map(|found| found.name),
        };
        let message = Message::AccountDeleted(AccountDeleted {
            name: account.name.clone(),
            organisation,
            asked: calendar::moment(asked, account.locale),
            days: DELETIONS.as_secs() / 86_400,
            link: self.page_address(account.locale, domain::paths::HELP),
        });
        for address in addresses {
            self.write_mail_to_stranger(tx, address, account.locale, &message)
                .await?;
        }
        Ok(())
    }

    /// Since she asked, the manager who was to stay may have been locked or have left: her right to
    /// leave does not end with that, but the operator must know.
    async fn warn_of_empty_organisations(&self, id: &AccountId) -> Result<()> {
        for membership in self.store.memberships(id).await? {
            let organisation = membership.organisation;
            let manages = membership.role == Role::OrganisationManager;
            if manages && !self.store.has_other_manager(&organisation.id, id).await? {
                tracing::warn!(organisation = organisation.slug, "The last manager leaves");
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
                let right = self.vault.vouch_like(&record.tag, &text(record));
                if !right.is_some_and(|right| right.ct_eq(&record.tag).into()) {
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

fn text(record: &Deletion) -> Vec<u8> {
    chain::gone_text(&Gone {
        account: &record.account_id,
        realm: &record.realm,
        asked_at: record.asked_at,
        deleted_at: record.deleted_at,
        lines: record.lines,
    })
}
