//! Organisations, as an administrator manages them.

use crate::{Client, Identity, Result};
use domain::{DisplayName, OrganisationId, calendar, paths};
use mail::{Message, PolicyChanged};
use store::Organisation;
use unit_of_work::{Actor, Change, Error as Common, OrganisationEvent, UnitOfWork};

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
            takes_part_first: false,
            created_at: self.now(),
        };
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        work.insert_organisation(&organisation).await?;
        let event = OrganisationEvent::Created;
        work.log_organisation(&organisation.id, event, None).await?;
        Ok(work.commit().await?)
    }

    /// Sets whether a provider's second factor is enough for the managers of an organisation, logs it
    /// and tells the organisation managers by mail. Gives `false` when it is so already.
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
        self.tell_managers(&mut work, organisation, accepts).await?;
        work.commit().await?;
        Ok(true)
    }

    /// Sets whether somebody may take part in an organisation before the address is confirmed, and logs it. Gives `false`
    /// when it is so already.
    ///
    /// # Errors
    /// `Store`.
    pub async fn set_takes_part_first(
        &self,
        organisation: &OrganisationId,
        first: bool,
    ) -> Result<bool> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        if !work.set_takes_part_first(organisation, first).await? {
            return Ok(false);
        }
        let (old, new) = if first { ("no", "yes") } else { ("yes", "no") };
        let change = Change {
            field: "takes_part_first",
            old,
            new,
        };
        let event = OrganisationEvent::PolicyChanged;
        work.log_organisation(organisation, event, Some(change))
            .await?;
        work.commit().await?;
        Ok(true)
    }

    /// Tells the organisation's managers that the policy was changed: it makes their own sign-ins weaker or stronger.
    async fn tell_managers(
        &self,
        work: &mut UnitOfWork<'_>,
        organisation: &OrganisationId,
        accepts_provider_factor: bool,
    ) -> Result<()> {
        let found = work.organisation(organisation).await?;
        let name = found.ok_or(Common::NoOrganisation)?.name;
        for manager in work.organisation_managers(organisation).await? {
            let message = Message::PolicyChanged(PolicyChanged {
                name: manager.name.clone(),
                organisation: name.clone(),
                accepts_provider_factor,
                when: calendar::moment(self.now(), manager.locale),
                link: self.page_address(manager.locale, paths::HELP),
            });
            work.write_mail(&manager, &message).await?;
        }
        Ok(())
    }
}
