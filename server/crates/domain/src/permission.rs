//! Who may do what: one table of role, action and target.
//!
//! A port asks it before it calls a use case; a use case that acts for a manager or an agent asks
//! again in its transaction, where the role is the present one. What the table does not list is
//! refused. `docs/permissions.md` is generated from it.

use crate::{OrganisationId, PlatformRole, Realm, account};

/// What a caller is while acting. An account of the back office can have several roles, one for
/// each organisation that it manages and one for the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Not signed in at the tenant of the request; half a sign-in included.
    Visitor,
    /// A citizen, signed in at the organisation of the account.
    Participant,
    /// A manager of the content of an organisation's projects.
    ContentManager,
    /// A manager of an organisation: people, projects, policies.
    OrganisationManager,
    /// A support agent of the platform.
    Agent,
    /// An administrator of the platform.
    Administrator,
    /// An operator at the command line of the server.
    CommandLine,
    /// The program itself: sweeps and jobs.
    System,
}

impl Role {
    /// Every role, in the order of the table's columns.
    pub const ALL: [Self; 8] = [
        Self::Visitor,
        Self::Participant,
        Self::ContentManager,
        Self::OrganisationManager,
        Self::Agent,
        Self::Administrator,
        Self::CommandLine,
        Self::System,
    ];

    /// The role of an account where no organisation is acted on. A manager counts as the one with
    /// fewer rights: only [`Manager`] says more.
    pub const fn of_account(realm: &Realm, platform: Option<PlatformRole>) -> Self {
        match (realm, platform) {
            (Realm::Organisation(_), _) => Self::Participant,
            (Realm::BackOffice, None) => Self::ContentManager,
            (Realm::BackOffice, Some(PlatformRole::Agent)) => Self::Agent,
            (Realm::BackOffice, Some(PlatformRole::Administrator)) => Self::Administrator,
        }
    }
}

/// A manager of one organisation: the role counts there and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The role in it.
    pub role: account::Role,
}

impl Manager {
    /// Asks the table for an action on an organisation or on something that belongs to it.
    ///
    /// # Errors
    /// [`Forbidden`], also when it is not the organisation of this manager.
    pub fn permit(
        &self,
        action: Action,
        organisation: &OrganisationId,
    ) -> Result<Permit, Forbidden> {
        if self.organisation != *organisation {
            return Err(Forbidden);
        }
        let role = match self.role {
            account::Role::ContentManager => Role::ContentManager,
            account::Role::OrganisationManager => Role::OrganisationManager,
        };
        let permit = Permit {
            action,
            target: Target::OwnOrganisation,
            organisation: Some(organisation.clone()),
        };
        permit.asked_by(role)
    }
}

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Reads the front page, the help, and the pages of organisations and projects.
    ReadPublicPages,
    /// Registers, signs in or out, and asks for a password reset.
    SignIn,
    /// Does what a mailed link is for, in the account that it was mailed to.
    UseMailedLink,
    /// Says whether an article helped.
    SendFeedback,
    /// Reads the mailbox and the building blocks of the demo.
    ReadDemo,
    /// Reads and changes an account: details, password, second factor, sessions, data, deletion.
    UseAccount,
    /// Takes part in a project of the organisation of the account.
    TakePart,
    /// Links an account at Google or Microsoft, or unlinks it.
    LinkProvider,
    /// Opens the back office.
    OpenBackOffice,
    /// Sees an organisation and its projects in the back office.
    SeeOrganisation,
    /// Reads what readers say about articles.
    ReadFeedback,
    /// Creates, lists, locks and unlocks accounts, resets a second factor.
    AdministerAccounts,
    /// Creates organisations and sets their policies.
    AdministerOrganisations,
    /// Verifies the activity log.
    VerifyActivityLog,
    /// Sends mails, deletes what is due and sweeps.
    RunJobs,
}

impl Action {
    /// Every action, in the order of the table's lines.
    pub const ALL: [Self; 15] = [
        Self::ReadPublicPages,
        Self::SignIn,
        Self::UseMailedLink,
        Self::SendFeedback,
        Self::ReadDemo,
        Self::UseAccount,
        Self::TakePart,
        Self::LinkProvider,
        Self::OpenBackOffice,
        Self::SeeOrganisation,
        Self::ReadFeedback,
        Self::AdministerAccounts,
        Self::AdministerOrganisations,
        Self::VerifyActivityLog,
        Self::RunJobs,
    ];
}

/// What it is done to, as seen from who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// What belongs to no account and no organisation.
    Site,
    /// The account of the caller; for a mailed link, the account that it was mailed to.
    OwnAccount,
    /// The account of somebody else.
    OtherAccount,
    /// An organisation of the caller.
    OwnOrganisation,
    /// An organisation that the caller has nothing to do with.
    OtherOrganisation,
    /// What belongs to the platform as a whole.
    Platform,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 6] = [
        Self::Site,
        Self::OwnAccount,
        Self::OtherAccount,
        Self::OwnOrganisation,
        Self::OtherOrganisation,
        Self::Platform,
    ];
}

/// Everybody with a browser.
const PEOPLE: &[Role] = &[
    Role::Visitor,
    Role::Participant,
    Role::ContentManager,
    Role::OrganisationManager,
    Role::Agent,
    Role::Administrator,
];
const SIGNED_IN: &[Role] = PEOPLE.split_at(1).1;
const BACK_OFFICE: &[Role] = PEOPLE.split_at(2).1;
const MANAGERS: &[Role] = &[Role::ContentManager, Role::OrganisationManager];
const AGENTS: &[Role] = &[Role::Agent, Role::Administrator];
const OPERATOR: &[Role] = &[Role::CommandLine];
const PROGRAM: &[Role] = &[Role::System];

/// The lines of an action: a target, and the roles that may do it to that target.
type Lines = &'static [(Target, &'static [Role])];

/// The table. An action without a line does not compile.
#[expect(
    clippy::match_same_arms,
    reason = "each line of a table stands for itself"
)]
const fn lines(action: Action) -> Lines {
    match action {
        Action::ReadPublicPages => &[(Target::Site, PEOPLE)],
        Action::SignIn => &[(Target::Site, PEOPLE)],
        Action::UseMailedLink => &[(Target::OwnAccount, PEOPLE)],
        Action::SendFeedback => &[(Target::Site, PEOPLE)],
        Action::ReadDemo => &[(Target::Site, PEOPLE)],
        Action::UseAccount => &[(Target::OwnAccount, SIGNED_IN)],
        Action::TakePart => &[(Target::OwnAccount, &[Role::Participant])],
        Action::LinkProvider => &[(Target::OwnAccount, BACK_OFFICE)],
        Action::OpenBackOffice => &[(Target::Site, BACK_OFFICE)],
        Action::SeeOrganisation => &[(Target::OwnOrganisation, MANAGERS)],
        Action::ReadFeedback => &[(Target::Platform, AGENTS)],
        Action::AdministerAccounts => &[(Target::OtherAccount, OPERATOR)],
        Action::AdministerOrganisations => &[(Target::OtherOrganisation, OPERATOR)],
        Action::VerifyActivityLog => &[(Target::Platform, OPERATOR)],
        Action::RunJobs => &[(Target::Platform, PROGRAM)],
    }
}

/// Whether the table allows an action.
pub fn allows(role: Role, action: Action, target: Target) -> bool {
    lines(action)
        .iter()
        .any(|(line, roles)| *line == target && roles.contains(&role))
}

/// What the table refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the role does not allow this action")]
pub struct Forbidden;

/// That the table allowed an action. A use case that acts for a manager or an agent takes one, so
/// that it cannot be called unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    action: Action,
    target: Target,
    /// Of which organisation, where the target is one.
    organisation: Option<OrganisationId>,
}

impl Permit {
    /// Asks the table for something that is no organisation: for those, [`Manager::permit`] asks.
    ///
    /// # Errors
    /// [`Forbidden`].
    pub fn ask(role: Role, action: Action, target: Target) -> Result<Self, Forbidden> {
        if target == Target::OwnOrganisation {
            return Err(Forbidden);
        }
        let permit = Self {
            action,
            target,
            organisation: None,
        };
        permit.asked_by(role)
    }

    fn asked_by(self, role: Role) -> Result<Self, Forbidden> {
        if allows(role, self.action, self.target) {
            Ok(self)
        } else {
            Err(Forbidden)
        }
    }

    /// Whether it is for this action in this organisation.
    pub fn is_for(&self, action: Action, organisation: &OrganisationId) -> bool {
        self.action == action && self.organisation.as_ref() == Some(organisation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when a manager may do something without an organisation that depends on the role in it:
    /// [`Role::of_account`] knows of none.
    #[test]
    fn roles_in_an_organisation_differ_only_in_an_organisation() {
        for action in Action::ALL {
            for target in Target::ALL {
                let [content, organisation] = [Role::ContentManager, Role::OrganisationManager]
                    .map(|role| allows(role, action, target));
                let of_organisation = matches!(
                    target,
                    Target::OwnOrganisation | Target::OtherOrganisation | Target::OtherAccount
                );
                assert!(content == organisation || of_organisation, "{action:?}");
            }
        }
    }

    /// Red when a role of one organisation is worth something in another.
    #[test]
    fn a_manager_of_one_organisation_is_nobody_in_another() {
        let manager = Manager {
            organisation: OrganisationId::from("bellerive".to_owned()),
            role: account::Role::OrganisationManager,
        };
        let other = OrganisationId::from("montclair".to_owned());
        let own = manager.permit(Action::SeeOrganisation, &manager.organisation);
        assert!(own.is_ok_and(|permit| {
            permit.is_for(Action::SeeOrganisation, &manager.organisation)
                && !permit.is_for(Action::SeeOrganisation, &other)
        }));
        let unnamed = Permit::ask(
            Role::OrganisationManager,
            Action::SeeOrganisation,
            Target::OwnOrganisation,
        );
        assert_eq!(unnamed, Err(Forbidden), "of which organisation?");
        assert_eq!(
            manager.permit(Action::SeeOrganisation, &other),
            Err(Forbidden)
        );
    }

    /// Red when what a caller has nothing to do with is within reach of a browser.
    #[test]
    fn nobody_with_a_browser_acts_on_others() {
        for action in Action::ALL {
            for role in PEOPLE {
                for target in [Target::OtherAccount, Target::OtherOrganisation] {
                    assert!(!allows(*role, action, target), "{role:?} {action:?}");
                }
            }
        }
    }
}
