//! Limits: a try is taken from a bucket before anything is checked.

use crate::{Client, Error, Result, Services, digest};
use data_encoding::HEXLOWER;
use domain::{
    AccountId, Email, Realm, Timestamp,
    limit::{Limit, MAILS_PER_ADDRESS, TOKENS_PER_NETWORK},
};
use std::net::Ipv6Addr;
use store::Tx;

/// The buckets that a request takes a try from: that of its network and, since a client with one /64 of IPv6 mostly has
/// many, those of the /56 and of the /48 around it. A household is given a /56 and a company a /48 (RFC 6177): these
/// allow four and sixteen times as much.
#[derive(Debug, Clone)]
pub struct NetworkBuckets(Vec<(String, Limit)>);

impl NetworkBuckets {
    /// The buckets of a network for one kind of request, e.g. `reset`.
    pub fn of(kind: &str, client: &Client, limit: Limit) -> Self {
        let key = |network: &str| format!("{kind}:network:{network}");
        let mut buckets = vec![(key(&client.network), limit)];
        let v6 = client.network.strip_suffix("/64");
        if let Some(address) = v6.and_then(|address| address.parse::<Ipv6Addr>().ok()) {
            for (bits, times) in [(56, 4), (48, 16)] {
                let around = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)));
                buckets.push((key(&format!("{around}/{bits}")), limit.times(times)));
            }
        }
        Self(buckets)
    }

    /// Takes a try from each bucket. After a refusal the transaction must be rolled back: what is refused for the sake of
    /// a network around this one costs this one nothing.
    ///
    /// # Errors
    /// [`Error::TooManyTries`] when one of them is empty, [`Error::Store`].
    pub async fn take(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        for (bucket, limit) in &self.0 {
            let granted = tx.take(bucket, *limit, now).await?;
            granted.map_err(|wait| Error::TooManyTries { wait })?;
        }
        Ok(())
    }

    /// Gives a try back to each bucket: it was no guess.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn give_back(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        for (bucket, limit) in &self.0 {
            tx.give_back(bucket, *limit, now).await?;
        }
        Ok(())
    }
}

impl Services {
    /// Takes a try from the buckets of a network.
    ///
    /// # Errors
    /// [`Error::TooManyTries`] when one of them is empty, [`Error::Store`].
    pub async fn take_network_try(&self, buckets: &NetworkBuckets) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let taken = buckets.take(&mut tx, self.now()).await;
        match taken {
            Ok(()) => tx.commit().await?,
            Err(_) => tx.rollback().await?,
        }
        taken
    }

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
        let buckets = NetworkBuckets::of("token", client, TOKENS_PER_NETWORK);
        self.take_network_try(&buckets).await
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

/// The bucket of supports that an account gives and takes back.
pub fn supports_bucket(account: &AccountId) -> String {
    format!("support:account:{account}")
}

/// A text as part of a key of limits: hashed, since it is personal data.
pub fn hashed(text: &str) -> String {
    HEXLOWER.encode(&digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(network: &str) -> Vec<(String, u32)> {
        let client = Client {
            network: network.to_owned(),
            ..Client::default()
        };
        let NetworkBuckets(buckets) = NetworkBuckets::of("reset", &client, Limit::new(30, 60));
        let key = |(key, limit): (String, Limit)| (key, limit.burst);
        buckets.into_iter().map(key).collect()
    }

    /// Red when a /48 full of networks has as many tries as it has networks.
    #[test]
    fn the_networks_around_a_network_are_counted_too() {
        assert_eq!(
            keys("2001:db8:1:23ff::/64"),
            [
                ("reset:network:2001:db8:1:23ff::/64".to_owned(), 30),
                ("reset:network:2001:db8:1:2300::/56".to_owned(), 120),
                ("reset:network:2001:db8:1::/48".to_owned(), 480),
            ]
        );
        assert_eq!(
            keys("203.0.113.5"),
            [("reset:network:203.0.113.5".to_owned(), 30)]
        );
    }
}
