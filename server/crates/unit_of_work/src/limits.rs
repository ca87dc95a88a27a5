//! Limits: a try is taken from a bucket before anything is checked.

use crate::{Client, Error, Result, Services, digest};
use data_encoding::HEXLOWER;
use domain::{
    Email, Realm,
    limit::{Limit, MAILS_PER_ADDRESS, TOKENS_PER_NETWORK},
};

impl Services {
    /// Takes a try from a bucket.
    ///
    /// # Errors
    /// [`Error::TooManyTries`] when it is empty, [`Error::Store`].
    pub async fn take_try(&self, bucket: &str, limit: Limit) -> Result<()> {
        let granted = self.store.take(bucket, limit, self.now()).await?;
        granted.map_err(|wait| Error::TooManyTries { wait })
    }

    /// Gives a try back to its bucket: nothing was checked.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn give_try_back(&self, bucket: &str, limit: Limit) -> Result<()> {
        Ok(self.store.give_back(bucket, limit, self.now()).await?)
    }

    /// Takes a try for a mailed link. Its token cannot be guessed; the limit spares the database.
    ///
    /// # Errors
    /// [`Error::TooManyTries`], [`Error::Store`].
    pub async fn take_token_try(&self, client: &Client) -> Result<()> {
        let bucket = format!("token:network:{}", client.network);
        self.take_try(&bucket, TOKENS_PER_NETWORK).await
    }

    /// Takes one of the few mails that anyone can cause to be sent to an address, whether or not the
    /// address has an account.
    ///
    /// # Errors
    /// [`Error::TooManyTries`], [`Error::Store`].
    pub async fn take_mail(&self, realm: &Realm, to: &Email) -> Result<()> {
        let bucket = mails_bucket(realm, &to.key());
        self.take_try(&bucket, MAILS_PER_ADDRESS).await
    }
}

/// The bucket of mails that anyone can cause to be sent to an address.
///
/// Each realm has its own: requests in one organisation must not block a password reset in another,
/// or in the back office.
pub fn mails_bucket(realm: &Realm, email_key: &str) -> String {
    format!("mail:address:{realm}:{}", hashed(email_key))
}

/// A text as part of a key of limits: hashed, since it is personal data.
pub fn hashed(text: &str) -> String {
    HEXLOWER.encode(&digest(text))
}
