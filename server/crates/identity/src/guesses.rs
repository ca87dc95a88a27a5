//! How many wrong passwords in a row: counted for each address, whether it exists or not, and apart
//! from that for each device that its owner was signed in with.

use crate::{Client, Error, Identity, Result, digest};
use data_encoding::HEXLOWER;
use domain::{
    DeviceId, Realm,
    guess::{PASSWORDS, Refused},
    limit::PASSWORD_PER_NETWORK,
};
use store::{Device, Tx};

/// The keys of devices begin with this.
const DEVICE: &str = "password:device:";

/// What a password try was granted from.
pub(crate) struct Tries {
    /// The bucket of the network; none for a known device, which strangers in the same network must
    /// not shut out.
    network: Option<String>,
    /// The count of consecutive wrong passwords.
    guesses: String,
}

impl Identity {
    /// Takes a try before a password is looked at.
    ///
    /// A known device of the owner has a count of its own (OWASP, "device cookies"): whatever
    /// strangers try, she gets in with it; and whoever stole its cookie has a hundred tries.
    pub(crate) async fn take_password_try(
        &self,
        realm: &Realm,
        email_key: &str,
        known: Option<&Device>,
        client: &Client,
    ) -> Result<Tries> {
        let tries = match known {
            Some(device) => Tries {
                network: None,
                guesses: device_guesses(&device.id),
            },
            None => Tries {
                network: Some(format!("password:network:{realm}:{}", client.network)),
                guesses: address_guesses(realm, email_key),
            },
        };
        let now = self.now();
        // Each by itself: a transaction over both would make all sign-ins of a network wait for
        // each other's second statement.
        if let Some(key) = &tries.network {
            self.take_try(key, PASSWORD_PER_NETWORK).await?;
        }
        let granted = self
            .store
            .register_attempt(&tries.guesses, &PASSWORDS, now)
            .await?;
        granted.map_err(|refused| match refused {
            Refused::Wait(wait) => Error::TooManyTries { wait },
            Refused::Closed => Error::ResetNeeded,
        })?;
        Ok(tries)
    }

    /// A try that was not judged, because the queue for hashing was full, does not count.
    pub(crate) async fn take_try_back(&self, tries: &Tries) -> Result<()> {
        if let Some(key) = &tries.network {
            self.store
                .give_back(key, PASSWORD_PER_NETWORK, self.now())
                .await?;
        }
        Ok(self.store.withdraw_attempt(&tries.guesses).await?)
    }

    /// Only the owner knows the password: her mistakes are forgotten. The network gets back just
    /// this try, or one's own success would hide guesses at others (allauth 65.8.1); and success
    /// with a known device leaves alone what strangers did to the address.
    pub(crate) async fn forgive(&self, tx: &mut Tx, tries: &Tries) -> Result<()> {
        if let Some(key) = &tries.network {
            tx.give_back(key, PASSWORD_PER_NETWORK, self.now()).await?;
        }
        Ok(tx.clear_attempts(&tries.guesses).await?)
    }

    /// Forgets every wrong password for an address and from the devices of its account: the password
    /// was chosen anew by somebody who reads the mail of that address.
    pub async fn reset_guesses(&self, tx: &mut Tx, realm: &Realm, email_key: &str) -> Result<()> {
        tx.clear_attempts(&address_guesses(realm, email_key))
            .await?;
        if let Some(account) = tx.account_by_email(realm, email_key).await? {
            tx.clear_attempts_of_devices(&account.id, DEVICE).await?;
        }
        Ok(())
    }
}

/// The key of an address holds its hash: it is personal data, and may be of somebody who has no
/// account.
pub(crate) fn address_guesses(realm: &Realm, email_key: &str) -> String {
    let hash = digest(&format!("{realm} {email_key}"));
    format!("password:address:{}", HEXLOWER.encode(&hash))
}

fn device_guesses(device: &DeviceId) -> String {
    format!("{DEVICE}{device}")
}
