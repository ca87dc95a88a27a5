//! `organisations`, their `projects`, and `memberships`: the accounts that manage them.

use crate::{
    Store, StoreError, Tx,
    conn::{all, execute, optional, statements, store_and_tx, value},
    row::{record, select},
};
use domain::{AccountId, Locale, OrganisationId, ProjectId, Role, Slug, Timestamp};

record! {
    /// An organisation, a town for instance: one tenant of the platform.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Organisation from organisation of organisations {
        /// Its identifier.
        pub id: OrganisationId,
        /// Its part of URLs.
        pub slug: Slug,
        /// Its name.
        pub name: String,
        /// Whether a provider's own second factor is enough for its managers.
        pub accepts_provider_factor: bool,
        /// Whether somebody may take part before the address is confirmed: what was done waits for that.
        pub takes_part_first: bool,
        /// Its colour, as [`domain::colour::Colour`] writes it; the platform's own without one.
        pub colour: Option<String>,
        /// The name of its logo, as [`domain::Logo`] writes it.
        pub logo: Option<String>,
        /// Whom its mails are from; the platform without one.
        pub sender_name: Option<String>,
        /// The address that answers to its mails go to; the support of the platform without one.
        pub reply_to: Option<String>,
        /// When it was created.
        pub created_at: Timestamp,
    }
}

record! {
    /// A project of an organisation.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Project from project of projects {
        /// Its identifier.
        pub id: ProjectId,
        /// Its organisation.
        pub organisation_id: OrganisationId,
        /// Its part of URLs, unique in the organisation.
        pub slug: Slug,
        /// Its name in English.
        pub name_en: String,
        /// Its name in French.
        pub name_fr: String,
        /// Its description in English: plain text, paragraphs separated by empty lines; may be empty.
        pub description_en: String,
        /// The same in French.
        pub description_fr: String,
        /// Whether people can register there.
        pub takes_registrations: bool,
        /// Whether people can sign in there.
        pub takes_sign_ins: bool,
        /// Whether only those of its list can read it.
        pub is_private: bool,
    }
}

impl Project {
    /// The name in one language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.name_en,
            Locale::Fr => &self.name_fr,
        }
    }

    /// The description in one language.
    pub fn description(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.description_en,
            Locale::Fr => &self.description_fr,
        }
    }
}

record! {
    /// A private project that an address may read, and since when.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ReadableProject {
        /// Since when it is on the list.
        pub listed_at: Timestamp,
        /// The project.
        pub project: Project = [] with Project::from_row,
    }
}

record! {
    /// An account's role in an organisation.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Membership from membership of memberships {
        /// What the account may do there.
        pub role: Role,
        /// The organisation.
        pub organisation: Organisation = [] with Organisation::from_row,
    }
}

statements! {
    INSERT_ORGANISATION =
        "insert into organisations
            (id, slug, name, accepts_provider_factor, takes_part_first, colour, logo, sender_name, reply_to,
            created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    INSERT_PROJECT =
        "insert into projects
            (id, organisation_id, slug, name_en, name_fr, description_en, description_fr,
            takes_registrations, takes_sign_ins, is_private)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    INSERT_MEMBERSHIP =
        "insert into memberships (account_id, organisation_id, role, created_at)
        values ($1, $2, $3, $4)";
    ORGANISATION_BY_SLUG =
        select!(organisation, "from organisations
        where slug = $1");
    ORGANISATION =
        select!(organisation, "from organisations
        where id = $1");
    ORGANISATIONS =
        select!(organisation, "from organisations
        order by slug");
    ALL_PROJECTS =
        select!(project, "from projects
        order by organisation_id, slug");
    MEMBERSHIPS =
        concat!("select ", membership!(), ", ", organisation!(), "
        from memberships join organisations on organisations.id = memberships.organisation_id
        where memberships.account_id = $1
        order by organisations.slug");
    SET_ORGANISATION_LOOK =
        "update organisations set colour = $2, sender_name = $3, reply_to = $4 where id = $1";
    SET_TAKES_PART_FIRST =
        "update organisations set takes_part_first = $2
        where id = $1 and takes_part_first <> $2";
    SET_ACCEPTS_PROVIDER_FACTOR =
        "update organisations set accepts_provider_factor = $2
        where id = $1 and accepts_provider_factor <> $2";
    SET_PROJECT_ACCESS =
        "update projects set takes_registrations = $2, takes_sign_ins = $3, is_private = $4
        where id = $1";
    INSERT_PROJECT_READER =
        "insert into project_readers (project_id, email_key, created_at) values ($1, $2, $3)
        on conflict do nothing";
    DELETE_PROJECT_READER =
        "delete from project_readers where project_id = $1 and email_key = $2";
    DELETE_READINGS =
        "delete from project_readers
        where email_key = $2 and project_id in (select id from projects where organisation_id = $1)";
    MOVE_READINGS =
        "update project_readers set email_key = $3
        where email_key = $2
            and project_id in (select id from projects where organisation_id = $1)
            and not exists (select 1 from project_readers as present
                where present.project_id = project_readers.project_id and present.email_key = $3)";
    READABLE_PROJECTS =
        select!(project, ", project_readers.created_at as listed_at
        from project_readers join projects on projects.id = project_readers.project_id
        where project_readers.email_key = $2 and projects.organisation_id = $1
        order by projects.slug");
    IS_PROJECT_READER =
        "select exists (select 1 from project_readers
            where project_id = $1 and email_key = $2) as present";
    PROJECTS =
        select!(project, "from projects
        where organisation_id = $1
        order by slug");
}

store_and_tx! { reader:
    /// The organisation with this slug.
    fn organisation_by_slug(conn, slug: &str) -> Option<Organisation> {
        optional!(conn, ORGANISATION_BY_SLUG, slug)
    }

    /// The organisation with this id.
    fn organisation(conn, id: &OrganisationId) -> Option<Organisation> {
        optional!(conn, ORGANISATION, id.as_str())
    }
}

store_and_tx! { reader:
    /// The projects of an organisation, by slug.
    fn projects(conn, id: &OrganisationId) -> Vec<Project> {
        all!(conn, PROJECTS, id.as_str())
    }

    /// Whether an address is on the list of a private project.
    fn is_project_reader(conn, project: &ProjectId, email_key: &str) -> bool {
        value!(conn, IS_PROJECT_READER, "present", project.as_str(), email_key)
            .map(|found| found == Some(true))
    }

    /// The organisations that an account belongs to, by slug.
    fn memberships(conn, account: &AccountId) -> Vec<Membership> {
        all!(conn, MEMBERSHIPS, account.as_str())
    }
}

impl Store {
    /// The private projects of an organisation whose list has this address, by slug.
    pub async fn readable_projects(
        &self,
        organisation: &OrganisationId,
        email_key: &str,
    ) -> Result<Vec<ReadableProject>, StoreError> {
        let mut held = self.reader().await?;
        all!(
            held.conn(),
            READABLE_PROJECTS,
            organisation.as_str(),
            email_key
        )
    }

    /// Every organisation, by slug.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        all!(self.reader().await?.conn(), ORGANISATIONS)
    }

    /// The projects of every organisation, by slug.
    pub async fn all_projects(&self) -> Result<Vec<Project>, StoreError> {
        all!(self.reader().await?.conn(), ALL_PROJECTS)
    }
}

impl Tx {
    /// Inserts an organisation.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken.
    pub async fn insert_organisation(&mut self, new: &Organisation) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_ORGANISATION,
            new.id.as_str(),
            &*new.slug,
            new.name.as_str(),
            new.accepts_provider_factor,
            new.takes_part_first,
            new.colour.as_deref(),
            new.logo.as_deref(),
            new.sender_name.as_deref(),
            new.reply_to.as_deref(),
            new.created_at.as_millis(),
        )
        .map(drop)
    }

    /// Sets whether a provider's own second factor is enough for the managers of an organisation;
    /// false when it is set so already.
    pub async fn set_accepts_provider_factor(
        &mut self,
        id: &OrganisationId,
        accepts: bool,
    ) -> Result<bool, StoreError> {
        Ok(execute!(
            self.conn(),
            SET_ACCEPTS_PROVIDER_FACTOR,
            id.as_str(),
            accepts
        )? == 1)
    }

    /// Sets whether somebody may take part in an organisation before the address is confirmed; false when it is set so
    /// already.
    pub async fn set_takes_part_first(
        &mut self,
        id: &OrganisationId,
        first: bool,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self.conn(), SET_TAKES_PART_FIRST, id.as_str(), first)? == 1)
    }

    /// Sets the colour of an organisation, and whom its mails are from, as `changed` says it.
    pub async fn set_organisation_look(
        &mut self,
        changed: &Organisation,
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            SET_ORGANISATION_LOOK,
            changed.id.as_str(),
            changed.colour.as_deref(),
            changed.sender_name.as_deref(),
            changed.reply_to.as_deref()
        )
        .map(drop)
    }

    /// Inserts a project.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the organisation has one of the same slug.
    pub async fn insert_project(&mut self, new: &Project) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_PROJECT,
            new.id.as_str(),
            new.organisation_id.as_str(),
            &*new.slug,
            new.name_en.as_str(),
            new.name_fr.as_str(),
            new.description_en.as_str(),
            new.description_fr.as_str(),
            new.takes_registrations,
            new.takes_sign_ins,
            new.is_private,
        )
        .map(drop)
    }

    /// Sets what a project lets people do, as `changed` says it.
    pub async fn set_project_access(&mut self, changed: &Project) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            SET_PROJECT_ACCESS,
            changed.id.as_str(),
            changed.takes_registrations,
            changed.takes_sign_ins,
            changed.is_private
        )
        .map(drop)
    }

    /// Puts an address on the list of a private project; false when it is there already.
    pub async fn insert_project_reader(
        &mut self,
        project: &ProjectId,
        email_key: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let (project, at) = (project.as_str(), at.as_millis());
        Ok(execute!(self.conn(), INSERT_PROJECT_READER, project, email_key, at)? == 1)
    }

    /// Takes an address off the list of a private project; false when it is not there.
    pub async fn delete_project_reader(
        &mut self,
        project: &ProjectId,
        email_key: &str,
    ) -> Result<bool, StoreError> {
        let project = project.as_str();
        Ok(execute!(self.conn(), DELETE_PROJECT_READER, project, email_key)? == 1)
    }

    /// Takes an address off every list of an organisation.
    pub async fn delete_readings(
        &mut self,
        organisation: &OrganisationId,
        email_key: &str,
    ) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            DELETE_READINGS,
            organisation.as_str(),
            email_key
        )
        .map(drop)
    }

    /// Puts another address of the same person in place of one on every list of an organisation.
    pub async fn move_readings(
        &mut self,
        organisation: &OrganisationId,
        from: &str,
        to: &str,
    ) -> Result<(), StoreError> {
        let organisation = organisation.as_str();
        execute!(self.conn(), MOVE_READINGS, organisation, from, to)?;
        execute!(self.conn(), DELETE_READINGS, organisation, from).map(drop)
    }

    /// Gives an account a role in an organisation.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it has one.
    pub async fn insert_membership(
        &mut self,
        account: &AccountId,
        organisation: &OrganisationId,
        role: Role,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (account, organisation) = (account.as_str(), organisation.as_str());
        let (role, at) = (role.as_str(), at.as_millis());
        execute!(
            self.conn(),
            INSERT_MEMBERSHIP,
            account,
            organisation,
            role,
            at
        )
        .map(drop)
    }
}
