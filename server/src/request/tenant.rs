//! The tenant of a request: the back office, or an organisation (through one of its projects).

use app::{paths, routes::ROUTES};
use contract::{Door, Locale, PlatformDoor};
use domain::{Logo, Realm};
use std::sync::Arc;
use store::{Organisation, Project, Store, StoreError};

/// A tenant, found in the database.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Whose accounts it is for.
    pub realm: Realm,
    /// The organisation and the project; none at the back office's.
    pub project: Option<Arc<(Organisation, Project)>>,
    /// Whether the address names the organisation alone, so that the project may be another one.
    pub any_project: bool,
}

impl Tenant {
    /// The back office, and every page that belongs to no tenant.
    pub const fn back_office() -> Self {
        Self {
            realm: Realm::BackOffice,
            project: None,
            any_project: false,
        }
    }

    /// The tenant of a page's path, given without the language's prefix; `None` when the path names
    /// an organisation or a project that does not exist.
    pub async fn of_path(store: &Store, path: &str) -> Result<Option<Self>, StoreError> {
        let mut parts = path
            .strip_prefix(paths::PLATFORM)
            .unwrap_or_default()
            .split('/');
        match (parts.next(), parts.next()) {
            (Some("") | None, _) => Ok(Some(Self::back_office())),
            (Some(organisation), None) => find(store, organisation, None).await,
            (Some(organisation), Some(room)) => {
                find(store, organisation, (!is_own_room(room)).then_some(room)).await
            }
        }
    }

    /// The tenant that a form names; an empty tag is the back office.
    pub async fn of_tag(store: &Store, tag: &str) -> Result<Option<Self>, StoreError> {
        match tag.split_once('/') {
            _ if tag.is_empty() => Ok(Some(Self::back_office())),
            Some((organisation, project)) => find(store, organisation, Some(project)).await,
            None => Ok(None),
        }
    }

    /// The same organisation through another of its projects; unchanged when there is
    /// no such project, or when the address names one.
    pub async fn through(self, store: &Store, slug: Option<&str>) -> Result<Self, StoreError> {
        let (true, Some(slug), Some(project)) = (self.any_project, slug, &self.project) else {
            return Ok(self);
        };
        let found = find(store, &project.0.slug, Some(slug)).await?;
        Ok(found.unwrap_or(self))
    }

    /// The tenant as pages know it, named in their language.
    pub fn door(&self, locale: Locale) -> Door {
        let Some(found) = &self.project else {
            return Door::BackOffice;
        };
        let (organisation, project) = &**found;
        Door::Platform(PlatformDoor {
            organisation: organisation.slug.to_string(),
            organisation_name: organisation.name.clone(),
            project: project.slug.to_string(),
            project_name: name(project, locale),
            takes_registrations: project.takes_registrations,
            takes_sign_ins: project.takes_sign_ins,
            logo: logo(organisation),
            colour: organisation.colour.clone(),
        })
    }
}

/// Whether the table of routes has pages of the own account under this name, so that it names no
/// project.
fn is_own_room(room: &str) -> bool {
    let of_organisation = paths::of_organisation("{organisation}", "/");
    let rooms = ROUTES.iter().filter_map(|route| {
        let below = route.path.strip_prefix(of_organisation.as_str())?;
        below.split('/').next()
    });
    rooms.into_iter().any(|own| own == room)
}

/// The logo of an organisation, as pages show it.
pub fn logo(organisation: &Organisation) -> Option<contract::Logo> {
    let logo = Logo::parse(organisation.logo.as_deref()?)?;
    Some(contract::Logo {
        href: format!("/logos/{logo}.png"),
        width: logo.width,
        height: logo.height,
    })
}

/// A project's name in the language of a page.
pub fn name(project: &Project, locale: Locale) -> String {
    match locale {
        Locale::En => project.name_en.clone(),
        Locale::Fr => project.name_fr.clone(),
    }
}

async fn find(
    store: &Store,
    organisation: &str,
    project: Option<&str>,
) -> Result<Option<Tenant>, StoreError> {
    // The rule for ids: no slug has other characters.
    if !domain::is_presentable(organisation) {
        return Ok(None);
    }
    let Some(organisation) = store.organisation_by_slug(organisation).await? else {
        return Ok(None);
    };
    let projects = store.projects(&organisation.id).await?;
    let found = match project {
        Some(slug) => projects.into_iter().find(|project| *project.slug == *slug),
        None => projects.into_iter().next(),
    };
    Ok(found.map(|found| Tenant {
        realm: Realm::Organisation(organisation.id.clone()),
        project: Some(Arc::new((organisation, found))),
        any_project: project.is_none(),
    }))
}
