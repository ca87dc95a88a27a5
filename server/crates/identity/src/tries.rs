//! Tries: taken before anything is judged, given back when nothing was.

use crate::{Client, Error, Identity, Result};
use domain::limit::{Limit, TOKENS_PER_NETWORK};

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
