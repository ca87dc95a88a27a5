//! Organisations, as an administrator manages them.

use crate::{Client, DrawnLogo, Identity, Result};
use domain::{
    DisplayName, Email, Locale, OrganisationId, ProjectId, Slug, calendar,
    organisation_text::OwnText, paths,
};
use mail::{Message, PolicyChanged};
use store::{Organisation, OrganisationText, Project};
use unit_of_work::{Actor, Change, Error as Common, OrganisationEvent, UnitOfWork};

/// A project to be created.
pub struct NewProject {
    /// Its part of URLs.
    pub slug: Slug,
    /// Its names in English and in French.
    pub names: [DisplayName; 2],
    /// What it is about, in English and in French: plain text, paragraphs separated by empty lines; may be empty.
    pub descriptions: [String; 2],
}

impl Identity {
    /// Creates an organisation, and logs it.
    ///
    /// # Errors
    /// `Store`, with a conflict when the slug is taken.
    pub async fn create_organisation(&self, slug: Slug, name: &DisplayName) -> Result<()> {
        let organisation = Organisation {
            id: OrganisationId::new(&*self.clock, &*self.entropy),
            slug,
            name: name.as_str().to_owned(),
            accepts_provider_factor: false,
            takes_part_first: false,
            colour: None,
            logo: None,
            sender_name: None,
            reply_to: None,
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
        let (old, new) = (yes(!accepts), yes(accepts));
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
        let (old, new) = (yes(!first), yes(first));
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

    /// Creates a project that everybody can read and that takes registrations and sign-ins, and logs it.
    ///
    /// # Errors
    /// `Store`, with a conflict when the slug is taken.
    pub async fn create_project(
        &self,
        organisation: &OrganisationId,
        new: NewProject,
    ) -> Result<()> {
        let [name_en, name_fr] = new.names.map(|name| name.as_str().to_owned());
        let [description_en, description_fr] = new.descriptions;
        let project = Project {
            id: ProjectId::new(&*self.clock, &*self.entropy),
            organisation_id: organisation.clone(),
            slug: new.slug,
            name_en,
            name_fr,
            description_en,
            description_fr,
            takes_registrations: true,
            takes_sign_ins: true,
            is_private: false,
        };
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        work.insert_project(&project).await?;
        let created = Change {
            field: "project",
            old: "",
            new: &project.slug,
        };
        let event = OrganisationEvent::ProjectCreated;
        work.log_organisation(organisation, event, Some(created))
            .await?;
        Ok(work.commit().await?)
    }

    /// Sets what a project lets people do, as `wanted` says it, and logs each change. Gives `false` when it is so already.
    ///
    /// # Errors
    /// `Store`.
    pub async fn set_project_access(&self, wanted: &Project) -> Result<bool> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let projects = work.projects(&wanted.organisation_id).await?;
        let present = projects.iter().find(|project| project.id == wanted.id);
        let present = present.ok_or(Common::NoOrganisation)?;
        let fields = [
            (
                "takes_registrations",
                present.takes_registrations,
                wanted.takes_registrations,
            ),
            (
                "takes_sign_ins",
                present.takes_sign_ins,
                wanted.takes_sign_ins,
            ),
            ("is_private", present.is_private, wanted.is_private),
        ];
        let changed = fields.iter().filter(|(_, old, new)| old != new);
        let mut any = false;
        for (field, old, new) in changed {
            any = true;
            let (old, new) = (
                format!("{} {}", wanted.slug, yes(*old)),
                format!("{} {}", wanted.slug, yes(*new)),
            );
            let change = Change {
                field,
                old: &old,
                new: &new,
            };
            let event = OrganisationEvent::ProjectChanged;
            work.log_organisation(&wanted.organisation_id, event, Some(change))
                .await?;
        }
        work.set_project_access(wanted).await?;
        work.commit().await?;
        Ok(any)
    }

    /// Puts addresses on the list of a private project, or takes them off it; logs how many, and gives that number.
    ///
    /// # Errors
    /// `Store`.
    pub async fn change_project_readers(
        &self,
        project: &Project,
        addresses: &[Email],
        allow: bool,
    ) -> Result<usize> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let mut changed = 0_usize;
        for address in addresses {
            let key = address.key();
            let is_news = if allow {
                work.insert_project_reader(&project.id, &key, self.now())
                    .await?
            } else {
                work.delete_project_reader(&project.id, &key).await?
            };
            changed += usize::from(is_news);
        }
        if changed > 0 {
            let (count, slug) = (changed.to_string(), &*project.slug);
            let (old, new) = if allow {
                (String::new(), format!("{slug} +{count}"))
            } else {
                (format!("{slug} -{count}"), String::new())
            };
            let change = Change {
                field: "project_readers",
                old: &old,
                new: &new,
            };
            let event = OrganisationEvent::ProjectChanged;
            work.log_organisation(&project.organisation_id, event, Some(change))
                .await?;
        }
        work.commit().await?;
        Ok(changed)
    }

    /// Sets the colour of an organisation and whom its mails are from, as `wanted` says it, and logs each change. Gives
    /// `false` when it is so already.
    ///
    /// # Errors
    /// `Store`.
    pub async fn set_organisation_look(&self, wanted: &Organisation) -> Result<bool> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let present = work.organisation(&wanted.id).await?;
        let present = present.ok_or(Common::NoOrganisation)?;
        let fields = [
            ("colour", &present.colour, &wanted.colour),
            ("sender_name", &present.sender_name, &wanted.sender_name),
            ("reply_to", &present.reply_to, &wanted.reply_to),
        ];
        let mut any = false;
        for (field, old, new) in fields.into_iter().filter(|(_, old, new)| old != new) {
            any = true;
            let (old, new) = (old.as_deref(), new.as_deref());
            let change = Change {
                field,
                old: old.unwrap_or_default(),
                new: new.unwrap_or_default(),
            };
            let event = OrganisationEvent::PolicyChanged;
            work.log_organisation(&wanted.id, event, Some(change))
                .await?;
        }
        work.set_organisation_look(wanted).await?;
        work.commit().await?;
        Ok(any)
    }

    /// Sets the logo of an organisation, or removes it; logs it. Gives `false` when it is so already.
    ///
    /// # Errors
    /// `Store`.
    pub async fn set_logo(
        &self,
        organisation: &OrganisationId,
        logo: Option<&DrawnLogo>,
    ) -> Result<bool> {
        let name = logo.map(|logo| logo.name.to_string());
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        let present = work.organisation(organisation).await?;
        let present = present.ok_or(Common::NoOrganisation)?.logo;
        if present == name {
            return Ok(false);
        }
        let file = logo.map(|logo| logo.content.as_slice());
        let named = name.as_deref().zip(file);
        work.set_logo(organisation, named).await?;
        let change = Change {
            field: "logo",
            old: present.as_deref().unwrap_or_default(),
            new: name.as_deref().unwrap_or_default(),
        };
        let event = OrganisationEvent::PolicyChanged;
        work.log_organisation(organisation, event, Some(change))
            .await?;
        work.commit().await?;
        Ok(true)
    }

    /// Sets what an organisation writes for a purpose in a language; an empty text removes it. Logs its purpose, its
    /// language and its length.
    ///
    /// # Errors
    /// `Store`.
    pub async fn set_organisation_text(
        &self,
        organisation: &OrganisationId,
        locale: Locale,
        text: &OwnText,
    ) -> Result<()> {
        let mut work = self.begin(Actor::CommandLine, Client::none()).await?;
        work.set_organisation_text(&OrganisationText {
            organisation_id: organisation.clone(),
            kind: text.kind(),
            locale,
            text: text.as_str().to_owned(),
            changed_at: self.now(),
        })
        .await?;
        let length = text.as_str().chars().count();
        let new = format!("{} {} {length}", text.kind().as_str(), locale.as_str());
        let change = Change {
            field: "text",
            old: "",
            new: &new,
        };
        let event = OrganisationEvent::PolicyChanged;
        work.log_organisation(organisation, event, Some(change))
            .await?;
        Ok(work.commit().await?)
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

const fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
