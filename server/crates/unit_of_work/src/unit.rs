//! One open transaction with its actor and origin.

use crate::{Actor, Client, Result, Services};
use std::ops::{Deref, DerefMut};
use store::Tx;

/// An open transaction that knows who acts and from where. Dropped without [`UnitOfWork::commit`], it
/// is rolled back.
///
/// It dereferences to [`Tx`], so every statement of the store is a method of it.
#[must_use = "a unit of work that is not committed is rolled back"]
pub struct UnitOfWork<'a> {
    pub(crate) services: &'a Services,
    pub(crate) actor: Actor,
    pub(crate) client: &'a Client,
    pub(crate) mail_queued: bool,
    tx: Tx,
}

impl Services {
    /// Opens a transaction in which `actor` acts, from `client`.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn begin<'a>(&'a self, actor: Actor, client: &'a Client) -> Result<UnitOfWork<'a>> {
        Ok(UnitOfWork {
            services: self,
            actor,
            client,
            mail_queued: false,
            tx: self.store.begin().await?,
        })
    }
}

impl<'a> UnitOfWork<'a> {
    /// The services that it was begun with.
    pub const fn services(&self) -> &'a Services {
        self.services
    }

    /// Where the request comes from.
    pub const fn client(&self) -> &'a Client {
        self.client
    }

    /// The same transaction with another origin: for a job that reads the origin from its row.
    pub fn with_client<'b>(self, client: &'b Client) -> UnitOfWork<'b>
    where
        'a: 'b,
    {
        UnitOfWork { client, ..self }
    }

    /// Commits, then wakes the mail worker if a mail was queued.
    ///
    /// # Errors
    /// [`crate::Error::Store`]; nothing was written then.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        if self.mail_queued {
            self.services.job_bell.notify_one();
        }
        Ok(())
    }

    /// Rolls back, and returns once the database has released its locks ([`Tx::rollback`]).
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn rollback(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}

impl Deref for UnitOfWork<'_> {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for UnitOfWork<'_> {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}
