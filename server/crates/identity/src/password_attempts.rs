//! Consecutive wrong passwords: counted for each address, whether or not it has an account, and
//! separately for each known device.

use crate::{Client, Error, Identity, Result, tries};
use domain::{
    Realm,
    device::is_settled,
    guess::PASSWORDS,
    limit::{PASSWORD_PER_NETWORK, PASSWORDS_PER_DEVICE},
};
use store::{Device, Tx};
use unit_of_work::{AttemptCounter, Error as Common, Lane, NetworkBuckets, UnitOfWork, hashed};

pub(crate) const COUNTER: AttemptCounter = AttemptCounter {
    name: "password",
    schedule: &PASSWORDS,
};

/// What a password attempt was granted from.
pub(crate) struct PasswordAttempt {
    /// The buckets of the network; none for a known device, which others in the same network must not
    /// block.
    network: Option<NetworkBuckets>,
    /// The bucket of the known device.
    device: Option<String>,
    /// The queue in which its hash waits.
    lane: Lane,
    /// The key of the count of consecutive wrong passwords.
    key: String,
}

impl PasswordAttempt {
    /// The queue in which its hash waits: the reserved one for devices that the account has known for a day. Anybody with
    /// an account can make any number of younger ones.
    pub(crate) const fn lane(&self) -> Lane {
        self.lane
    }
}

impl Identity {
    /// Counts an attempt before the password is checked.
    ///
    /// A known device has a count of its own (OWASP, "device cookies"): attempts of others never
    /// block its owner there, and a stolen device cookie allows a hundred attempts.
    ///
    /// # Errors
    /// `Busy`, `TooManyTries`, [`Error::ResetNeeded`].
    pub(crate) async fn register_password(
        &self,
        realm: &Realm,
        email_key: &str,
        known: Option<&Device>,
        client: &Client,
    ) -> Result<PasswordAttempt> {
        let attempt = match known {
            Some(device) => PasswordAttempt {
                network: None,
                device: Some(tries::device_passwords(&device.id)),
                lane: if is_settled(self.now(), device.created_at) {
                    Lane::Reserved
                } else {
                    Lane::Public
                },
                key: COUNTER.device_key(&device.id),
            },
            None => PasswordAttempt {
                device: None,
                lane: Lane::Public,
                network: Some(NetworkBuckets::of(
                    &format!("password:{realm}"),
                    client,
                    PASSWORD_PER_NETWORK,
                )),
                key: address_key(realm, email_key),
            },
        };
        self.hasher.has_room(attempt.lane)?;
        let mut tx = self.store.begin().await?;
        if let Err(refused) = self.take_limits(&mut tx, &attempt).await {
            tx.rollback().await?;
            return Err(refused);
        }
        let (key, now) = (&attempt.key, self.now());
        let number = COUNTER.register_within(&mut tx, key, now).await;
        // What the count refuses has cost the network a try all the same.
        tx.commit().await?;
        number?.map(|_| attempt).ok_or(Error::ResetNeeded)
    }

    async fn take_limits(&self, tx: &mut Tx, attempt: &PasswordAttempt) -> Result<()> {
        if let Some(buckets) = &attempt.network {
            buckets.take(tx, self.now()).await?;
        }
        if let Some(bucket) = &attempt.device {
            let granted = tx.take(bucket, PASSWORDS_PER_DEVICE, self.now()).await?;
            granted.map_err(|wait| Common::TooManyTries { wait })?;
        }
        Ok(())
    }

    /// Withdraws an attempt that was not checked, because the hash queue was full.
    pub(crate) async fn withdraw_password(&self, attempt: &PasswordAttempt) -> Result<()> {
        let (mut tx, now) = (self.store.begin().await?, self.now());
        if let Some(buckets) = &attempt.network {
            buckets.give_back(&mut tx, now).await?;
        }
        if let Some(bucket) = &attempt.device {
            tx.give_back(bucket, PASSWORDS_PER_DEVICE, now).await?;
        }
        tx.withdraw_attempt(&attempt.key).await?;
        Ok(tx.commit().await?)
    }

    /// Takes an attempt back whose password was that of an unconfirmed address: no guess, and no proof either. The count of
    /// earlier wrong passwords stays, since somebody else may have an account with the address.
    pub(crate) async fn uncount_password(&self, attempt: &PasswordAttempt) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.withdraw_attempt(&attempt.key).await?;
        Ok(tx.commit().await?)
    }

    /// Clears the count after a right password with which nobody was signed in, e.g. because too many were before.
    pub(crate) async fn forgive_password(&self, attempt: &PasswordAttempt) -> Result<()> {
        Ok(self.store.clear_attempts(&attempt.key).await?)
    }
}

/// Clears the count after a right password. The network gets back only this attempt, or one right
/// password would hide attempts at other accounts (allauth 65.8.1); a right password on a known device
/// does not clear the count of the address.
pub(crate) async fn clear_password(
    work: &mut UnitOfWork<'_>,
    attempt: &PasswordAttempt,
) -> Result<()> {
    if let Some(buckets) = &attempt.network {
        let now = work.services().now();
        buckets.give_back(work, now).await?;
    }
    Ok(work.clear_attempts(&attempt.key).await?)
}

/// Clears every count of wrong passwords of an address and of its account's devices: the password was
/// chosen anew by mail.
pub async fn clear_passwords(
    work: &mut UnitOfWork<'_>,
    realm: &Realm,
    email_key: &str,
) -> Result<()> {
    let account = work.account_by_email(realm, email_key).await?;
    let id = account.as_ref().map(|account| &account.id);
    let key = address_key(realm, email_key);
    Ok(COUNTER.clear(work, &key, id).await?)
}

/// The key of an address. It is hashed: personal data, and perhaps of someone without an account.
pub(crate) fn address_key(realm: &Realm, email_key: &str) -> String {
    format!(
        "password:address:{}",
        hashed(&format!("{realm} {email_key}"))
    )
}
