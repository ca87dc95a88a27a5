//! A rotation of the keys: everything that an older key sealed or signed is the newest key's afterwards.
//!
//! Sealed values are sealed anew. Of a log only the end is signed anew: it covers the last line, which covers the one
//! before it, and so on, so that an older key can forge nothing that the newest has not signed. What lives for an hour at
//! most (a message for a page, what waits for the next session, a round trip to a provider) is left to expire.

use crate::{
    Identity, Result,
    codes::factor_place,
    deletion,
    devices::digest_place,
    forgotten_password::{code_place, request_place},
    second_factor::{enrolment_place, unsaved_place},
};
use domain::{AccountId, JobId, MailId, Subject};
use store::{Sealed, SealedRow};
use unit_of_work::{Anew, Error as Common, mail_place};

/// Rows that are read at once.
const PART: u32 = 200;

/// What a rotation has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Values that were sealed anew.
    pub sealed: u64,
    /// Logs whose end is the newest key's now.
    pub logs: u64,
    /// What an older key still stands for: a value that no key opens, or a log that is not as it was written.
    pub left: Vec<String>,
}

impl Identity {
    /// Seals and signs anew whatever the newest key has not made. It can be repeated.
    ///
    /// # Errors
    /// `Store`.
    pub async fn seal_and_sign_anew(&self) -> Result<Rotation> {
        let mut done = Rotation::default();
        for which in Sealed::ALL {
            self.seal_anew(which, &mut done).await?;
        }
        self.sign_logs_anew(&mut done).await?;
        self.sign_deletions_anew(&mut done).await?;
        Ok(done)
    }

    async fn seal_anew(&self, which: Sealed, done: &mut Rotation) -> Result<()> {
        let mut last = String::new();
        loop {
            let part = self.store.sealed(which, &last, PART).await?;
            let Some(end) = part.last() else {
                return Ok(());
            };
            last.clone_from(&end.key);
            let mut tx = self.store.begin().await?;
            for row in part
                .iter()
                .filter(|row| self.vault.is_outdated(&row.sealed))
            {
                let place = place(which, row);
                match self.vault.open(&place, &row.sealed) {
                    Some(plain) => {
                        tx.reseal(which, row, &self.seal(&place, &plain)).await?;
                        done.sealed += 1;
                    }
                    None => done.left.push(place),
                }
            }
            tx.commit().await?;
        }
    }

    async fn sign_logs_anew(&self, done: &mut Rotation) -> Result<()> {
        let mut last: Option<AccountId> = None;
        loop {
            let part = self.store.every_account(last.as_ref(), PART).await?;
            for account in &part {
                let chain = match self.check_activity(account).await {
                    Err(Common::NoAccount) => continue,
                    chain => chain?,
                };
                let subject = Subject::Account(account.id.clone());
                let signed = self.sign_end_anew(&subject, &chain).await?;
                done.count(&subject, signed);
            }
            match part.into_iter().next_back() {
                Some(account) => last = Some(account.id),
                None => break,
            }
        }
        for organisation in self.store.organisations().await? {
            let chain = self.check_organisation_activity(&organisation).await?;
            let subject = Subject::Organisation(organisation.id);
            let signed = self.sign_end_anew(&subject, &chain).await?;
            done.count(&subject, signed);
        }
        Ok(())
    }

    async fn sign_deletions_anew(&self, done: &mut Rotation) -> Result<()> {
        let mut last: Option<AccountId> = None;
        loop {
            let part = self.store.deletions(last.as_ref(), PART).await?;
            let Some(end) = part.last() else {
                return Ok(());
            };
            last = Some(end.account_id.clone());
            let mut tx = self.store.begin().await?;
            for record in part
                .iter()
                .filter(|record| self.vault.is_outdated(&record.tag))
            {
                if deletion::holds(&self.vault, record) && !self.vault.is_retired(&record.tag) {
                    let tag = self.vault.mac(&deletion::text(record));
                    tx.sign_deletion(&record.account_id, &tag).await?;
                } else {
                    done.left.push(format!("deletion:{}", record.account_id));
                }
            }
            tx.commit().await?;
        }
    }
}

impl Rotation {
    fn count(&mut self, subject: &Subject, signed: Anew) {
        match signed {
            Anew::Signed => self.logs += 1,
            Anew::Kept => {}
            Anew::Refused => {
                let log = format!("log:{}:{}", subject.kind(), subject.as_str());
                self.left.push(log);
            }
        }
    }
}

/// The place of use that a value was sealed for.
fn place(which: Sealed, row: &SealedRow) -> String {
    let account = || AccountId::from(row.key.clone());
    match which {
        Sealed::Factors => factor_place(&account()),
        Sealed::Enrolments => enrolment_place(&account()),
        Sealed::UnsavedCodes => unsaved_place(&account()),
        Sealed::Codes => code_place(&row.key),
        Sealed::Mails => mail_place(&MailId::from(row.key.clone())),
        Sealed::ResetRequests => request_place(&JobId::from(row.key.clone())),
        Sealed::Digests => digest_place(&JobId::from(row.key.clone())),
    }
}
