//! `organisations`, `projects` and `memberships`: the towns, what they ask their citizens, and who
//! looks after it.

use crate::{
    Row, Store, StoreError, Tx,
    conn::{Record, all, execute, optional, statements, store_and_tx},
};
use domain::{AccountId, Locale, OrganisationId, ProjectId, Role, Timestamp};

/// A town or another organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its identifier.
    pub id: OrganisationId,
    /// Its place in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether a provider's own second factor is enough for who works here.
    pub accepts_provider_factor: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A project of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its identifier.
    pub id: ProjectId,
    /// Whose it is.
    pub organisation_id: OrganisationId,
    /// Its place in addresses, unique in the organisation.
    pub slug: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in French.
    pub name_fr: String,
    /// What it is about, in English: plain text, paragraphs set apart by empty lines; may be empty.
    pub description_en: String,
    /// The same in French.
    pub description_fr: String,
}

impl Project {
    /// The name in one language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.name_en,
            Locale::Fr => &self.name_fr,
        }
    }

    /// What it is about, in one language.
    pub fn description(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.description_en,
            Locale::Fr => &self.description_fr,
        }
    }
}

/// What somebody is in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub organisation: Organisation,
    /// What she may do there.
    pub role: Role,
}

statements! {
    INSERT_ORGANISATION =
        "insert into organisations (id, slug, name, accepts_provider_factor, created_at)
        values ($1, $2, $3, $4, $5)";
    INSERT_PROJECT =
        "insert into projects
            (id, organisation_id, slug, name_en, name_fr, description_en, description_fr)
        values ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_MEMBERSHIP =
        "insert into memberships (account_id, organisation_id, role, created_at)
        values ($1, $2, $3, $4)";
    ORGANISATION_BY_SLUG =
        "select id, slug, name, accepts_provider_factor, created_at from organisations
        where slug = $1";
    ORGANISATION =
        "select id, slug, name, accepts_provider_factor, created_at from organisations
        where id = $1";
    ORGANISATIONS =
        "select id, slug, name, accepts_provider_factor, created_at from organisations
        order by slug";
    ALL_PROJECTS =
        "select id, organisation_id, slug, name_en, name_fr, description_en, description_fr
        from projects
        order by organisation_id, slug";
    MEMBERSHIPS =
        "select o.id, o.slug, o.name, o.accepts_provider_factor, o.created_at, m.role
        from memberships m join organisations o on o.id = m.organisation_id
        where m.account_id = $1
        order by o.slug";
    SET_ACCEPTS_PROVIDER_FACTOR =
        "update organisations set accepts_provider_factor = $2
        where id = $1 and accepts_provider_factor <> $2";
    PROJECTS =
        "select id, organisation_id, slug, name_en, name_fr, description_en, description_fr
        from projects
        where organisation_id = $1
        order by slug";
}

impl Organisation {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?.into(),
            slug: row.text("slug")?,
            name: row.text("name")?,
            accepts_provider_factor: row.flag("accepts_provider_factor")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Record for Organisation {
    fn read(row: Row) -> Result<Self, StoreError> {
        Self::from_row(&row)
    }
}

impl Record for Membership {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation: Organisation::from_row(&row)?,
            role: row.parsed("role", Role::parse)?,
        })
    }
}

impl Record for Project {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?.into(),
            organisation_id: row.text("organisation_id")?.into(),
            slug: row.text("slug")?,
            name_en: row.text("name_en")?,
            name_fr: row.text("name_fr")?,
            description_en: row.text("description_en")?,
            description_fr: row.text("description_fr")?,
        })
    }
}

store_and_tx! { reader:
    /// The organisation with this place in addresses.
    fn organisation_by_slug(conn, slug: &str) -> Option<Organisation> {
        optional!(conn, ORGANISATION_BY_SLUG, slug)
    }

    /// The organisation with this id.
    fn organisation(conn, id: &OrganisationId) -> Option<Organisation> {
        optional!(conn, ORGANISATION, id.as_str())
    }
}

store_and_tx! { reader:
    /// The organisations that an account belongs to, by slug.
    fn memberships(conn, account: &AccountId) -> Vec<Membership> {
        all!(conn, MEMBERSHIPS, account.as_str())
    }
}

impl Store {
    /// Every organisation, by slug.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        all!(self.reader().await?.conn(), ORGANISATIONS)
    }

    /// The projects of every organisation, by slug.
    pub async fn all_projects(&self) -> Result<Vec<Project>, StoreError> {
        all!(self.reader().await?.conn(), ALL_PROJECTS)
    }

    /// The projects of an organisation, by slug.
    pub async fn projects(&self, id: &OrganisationId) -> Result<Vec<Project>, StoreError> {
        all!(self.reader().await?.conn(), PROJECTS, id.as_str())
    }
}

impl Tx {
    /// Makes an organisation; a conflict when the slug is taken.
    pub async fn insert_organisation(&mut self, new: &Organisation) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_ORGANISATION,
            new.id.as_str(),
            new.slug.as_str(),
            new.name.as_str(),
            new.accepts_provider_factor,
            new.created_at.as_millis(),
        )
        .map(drop)
    }

    /// Decides whether a provider's own second factor is enough for who works in an organisation;
    /// false when it is so already.
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

    /// Makes a project; a conflict when the organisation has one of the same slug.
    pub async fn insert_project(&mut self, new: &Project) -> Result<(), StoreError> {
        execute!(
            self.conn(),
            INSERT_PROJECT,
            new.id.as_str(),
            new.organisation_id.as_str(),
            new.slug.as_str(),
            new.name_en.as_str(),
            new.name_fr.as_str(),
            new.description_en.as_str(),
            new.description_fr.as_str(),
        )
        .map(drop)
    }

    /// Gives somebody a role in an organisation; a conflict when she has one.
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
