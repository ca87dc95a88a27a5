//! Tries: taken before anything is judged, given back when nothing was.

use crate::{Client, Error, Identity, Result, digest};
use data_encoding::HEXLOWER;
use domain::{
    AccountId, Realm,
    limit::{Limit, TOKENS_PER_NETWORK},
};
use store::Account;

impl Identity {
    /// Takes a try from a bucket.
    ///
    /// # Errors
    /// [`Error::TooManyTries`] when it is empty.
    pub(crate) async fn take_try(&self, bucket: &str, limit: Limit) -> Result<()> {
        let granted = self.store.take(bucket, limit, self.now()).await?;
        granted.map_err(|wait| Error::TooManyTries { wait })
    }

    /// Takes a try, then judges. Nothing was judged when the queue for hashing was full: such a try
    /// does not count, or overload would shut people out.
    ///
    /// # Errors
    /// [`Error::TooManyTries`], and what judging says.
    pub(crate) async fn judge_within<T>(
        &self,
        bucket: &str,
        limit: Limit,
        judging: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        self.take_try(bucket, limit).await?;
        let judged = judging.await;
        if matches!(judged, Err(Error::Busy)) {
            self.store.give_back(bucket, limit, self.now()).await?;
        }
        judged
    }

    /// Tokens cannot be guessed; the limit spares the database whoever tries.
    pub(crate) async fn take_token_try(&self, client: &Client) -> Result<()> {
        let bucket = format!("token:network:{}", client.network);
        self.take_try(&bucket, TOKENS_PER_NETWORK).await
    }
}

/// The bucket of proofs of an account.
pub(crate) fn proofs(account: &AccountId) -> String {
    format!("proof:account:{account}")
}

/// The bucket of wishes of an account for another address.
pub(crate) fn wishes(account: &AccountId) -> String {
    format!("email:account:{account}")
}

/// The bucket of files of one's own data.
pub(crate) fn files(account: &AccountId) -> String {
    format!("data:account:{account}")
}

/// The bucket of mails that anybody can have sent to an address.
///
/// Each realm has its own: wishes at the door of one town must not close the way back at another,
/// or to the back office.
pub(crate) fn mails(realm: &Realm, email_key: &str) -> String {
    let hash = HEXLOWER.encode(&digest(email_key));
    format!("mail:address:{realm}:{hash}")
}

/// The bucket of wishes of anybody for an address.
pub(crate) fn wishes_for(realm: &Realm, email_key: &str) -> String {
    let hash = HEXLOWER.encode(&digest(email_key));
    format!("email:address:{realm}:{hash}")
}

/// Every bucket that is an account's own, with a name for it.
pub(crate) fn buckets_of(account: &Account) -> [(&'static str, String); 5] {
    [
        ("proofs", proofs(&account.id)),
        ("address_wishes", wishes(&account.id)),
        ("data_files", files(&account.id)),
        ("mails", mails(&account.realm, &account.email_key())),
        (
            "wishes_for_address",
            wishes_for(&account.realm, &account.email_key()),
        ),
    ]
}
