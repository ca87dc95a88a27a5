//! Which door a page belongs to: the back office, or the platform of one organisation.
//!
//! Signing in, forgotten passwords, the profile and the settings exist once and stand behind every
//! door; a page asks its [`Door`] for addresses and never writes one itself.

use crate::paths;
use serde::{Deserialize, Serialize};

/// A door: the entrance that a page and its accounts belong to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Door {
    /// The managers' site.
    #[default]
    BackOffice,
    /// The citizens' site of one organisation, entered through one of its projects.
    Platform(PlatformDoor),
}

/// The door of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformDoor {
    /// The organisation's place in addresses.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// The project's place in addresses.
    pub project: String,
    /// Its name in the page's language.
    pub project_name: String,
    /// Whether people can register here.
    pub takes_registrations: bool,
    /// Whether people can sign in here.
    pub takes_sign_ins: bool,
    /// The logo of the organisation; none when it has the platform's mark.
    pub logo: Option<Logo>,
    /// The colour of the organisation, `#` and six digits; none when it has the platform's.
    pub colour: Option<String>,
}

/// A picture, and the room that it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Its address.
    pub href: String,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Door {
    /// The address of a page of the entrance: sign-in, forgotten password.
    ///
    /// The platform has one entrance for each project, so that a user comes back to where they
    /// was: `/p/bellerive/quay/sign-in`.
    pub fn entrance(&self, path: &str) -> String {
        match self {
            Self::BackOffice => path.to_owned(),
            Self::Platform(door) => paths::of_project(&door.organisation, &door.project, path),
        }
    }

    /// The address of a page of one's own account, which is the organisation's:
    /// `/p/bellerive/settings`.
    pub fn own(&self, path: &str) -> String {
        match self {
            Self::BackOffice => path.to_owned(),
            Self::Platform(door) => paths::of_organisation(&door.organisation, path),
        }
    }

    /// Where a user goes after signing in without a requested page.
    pub fn home(&self) -> String {
        match self {
            Self::BackOffice => paths::BACK_OFFICE.to_owned(),
            Self::Platform(_) => self.entrance(""),
        }
    }

    /// What a form carries, so that its answer comes through the same door; empty for the back
    /// office.
    pub fn tag(&self) -> String {
        match self {
            Self::BackOffice => String::new(),
            Self::Platform(door) => format!("{}/{}", door.organisation, door.project),
        }
    }

    /// Whether this is the managers' site.
    pub const fn is_back_office(&self) -> bool {
        matches!(self, Self::BackOffice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_door_has_addresses_of_its_own() {
        let door = Door::Platform(PlatformDoor {
            organisation: "bellerive".to_owned(),
            organisation_name: "Bellerive".to_owned(),
            project: "quay".to_owned(),
            project_name: "A quay for everybody".to_owned(),
            takes_registrations: true,
            takes_sign_ins: true,
            logo: None,
            colour: None,
        });
        assert_eq!(door.entrance("/sign-in"), "/p/bellerive/quay/sign-in");
        assert_eq!(door.own("/settings"), "/p/bellerive/settings");
        assert_eq!(door.home(), "/p/bellerive/quay");
        assert_eq!(Door::BackOffice.entrance("/sign-in"), "/sign-in");
        assert_eq!(Door::BackOffice.own("/settings"), "/settings");
    }
}
