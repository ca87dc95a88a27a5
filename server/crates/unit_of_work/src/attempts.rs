//! Counts of consecutive wrong attempts at one kind of secret, as `domain::guess` schedules them.
//!
//! An attempt is counted as wrong before it is checked, and a right one clears the count, so that the
//! count is exact under any number of parallel requests.

use crate::{Error, Result, Services, UnitOfWork};
use domain::{
    AccountId, DeviceId, Timestamp,
    guess::{Refused, Schedule},
};
use store::Tx;

/// One kind of secret that can be guessed, e.g. passwords.
#[derive(Debug, Clone, Copy)]
pub struct AttemptCounter {
    /// The start of its keys.
    pub name: &'static str,
    /// How the wait grows with the number of wrong attempts.
    pub schedule: &'static Schedule,
}

impl AttemptCounter {
    /// The key of a known device, which has a count of its own: attempts elsewhere do not lock its
    /// owner out there (OWASP, "device cookies").
    pub fn device_key(&self, device: &DeviceId) -> String {
        format!("{}{device}", self.device_prefix())
    }

    fn device_prefix(&self) -> String {
        format!("{}:device:", self.name)
    }

    /// Counts an attempt. Gives its number in the row, or `None` when no further one is allowed.
    ///
    /// # Errors
    /// [`Error::TooManyTries`], [`Error::Store`].
    pub async fn register(&self, services: &Services, key: &str) -> Result<Option<u32>> {
        let (store, now) = (&services.store, services.now());
        numbered(store.register_attempt(key, self.schedule, now).await?)
    }

    /// The same within a transaction. It is counted when the transaction commits, which it must after a refusal too if it
    /// has counted anything else.
    ///
    /// # Errors
    /// As [`AttemptCounter::register`].
    pub async fn register_within(
        &self,
        tx: &mut Tx,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<u32>> {
        numbered(tx.register_attempt(key, self.schedule, now).await?)
    }

    /// Clears the count of `key`, and those of all devices of `account`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn clear(
        &self,
        work: &mut UnitOfWork<'_>,
        key: &str,
        account: Option<&AccountId>,
    ) -> Result<()> {
        work.clear_attempts(key).await?;
        if let Some(account) = account {
            self.clear_devices(work, account, None).await?;
        }
        Ok(())
    }

    /// Clears the counts of all devices of `account` but one.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn clear_devices(
        &self,
        work: &mut UnitOfWork<'_>,
        account: &AccountId,
        keep: Option<&DeviceId>,
    ) -> Result<()> {
        let prefix = self.device_prefix();
        let cleared = work.clear_attempts_of_devices(account, &prefix, keep);
        Ok(cleared.await?)
    }
}

fn numbered(registered: std::result::Result<u32, Refused>) -> Result<Option<u32>> {
    match registered {
        Ok(number) => Ok(Some(number)),
        Err(Refused::Wait(wait)) => Err(Error::TooManyTries { wait }),
        Err(Refused::Closed) => Ok(None),
    }
}
