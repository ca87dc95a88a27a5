//! Organisations, as an administrator manages them.

use crate::{Client, Identity, Result};
use domain::{DisplayName, OrganisationId};
use store::Organisation;
use unit_of_work::{Actor, Change, OrganisationEvent};

impl Identity {
    /// Creates an organisation, and logs it.
    ///
    /// # Errors
    /// `Store`, with a conflict when the slug is taken.
    pub async fn create_organisation(&self, slug: String, name: &DisplayName) -> Result<()> {
        let organisation = Organisation {
            id: OrganisationId::new(&*self.clock, &*self.entropy),
            slug,
            name: name.as_str().to_owned(),
            accepts_provider_factor: false,
            created_at: self.now(),
        };
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        work.insert_organisation(&organisation).await?;
        let event = OrganisationEvent::Created;
        work.log_organisation(&organisation.id, event, None).await?;
        Ok(work.commit().await?)
    }

    /// Sets whether a provider's second factor is enough for the managers of an organisation, and logs
    /// it. Gives `false` when it is so already.
    ///
    /// # Errors
    /// `Store`.
    pub async fn set_accepts_provider_factor(
        &self,
        organisation: &OrganisationId,
        accepts: bool,
    ) -> Result<bool> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let changed = work.set_accepts_provider_factor(organisation, accepts);
        if !changed.await? {
            return Ok(false);
        }
        let (old, new) = if accepts {
            ("no", "yes")
        } else {
            ("yes", "no")
        };
        let change = Change {
            field: "accepts_provider_factor",
            old,
            new,
        };
        let event = OrganisationEvent::PolicyChanged;
        work.log_organisation(organisation, event, Some(change))
            .await?;
        work.commit().await?;
        Ok(true)
    }
}
