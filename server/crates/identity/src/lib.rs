//! The use cases: signing in, second factors, sessions, accounts.
//!
//! Each file adds the methods of one subject to [`Identity`]. Start with [`sign_in`], then
//! [`second_factor`] and [`federation`]. A use case decides with the rules of `domain` and writes
//! through one [`unit_of_work::UnitOfWork`]: the change, its activity entry and its mail together.
//!
//! Deliberately absent: HTTP, cookies, words of the interface. Refusals are an enum.

mod accounts;
mod bounces;
mod breaches;
mod change_password;
mod code_attempts;
mod codes;
mod confirm_address;
mod deletion;
mod details;
mod devices;
mod domain_health;
mod drafts;
mod email_change;
mod email_confirm;
mod error;
mod federation;
mod forgotten_password;
mod funnel;
mod key_rotation;
mod leaving;
mod logos;
mod mail_domains;
mod not_me;
mod organisations;
mod own_activity;
mod own_data;
mod password_attempts;
mod passwords;
mod proof;
mod refused_tries;
mod registration;
mod registration_answer;
mod reset_password;
mod second_factor;
mod second_step;
mod sessions;
mod sign_in;
mod tries;
mod unconfirmed;

pub use accounts::{NewAccount, NewParticipant, SetupLink, SetupPage};
pub use bounces::Received;
pub use breaches::Breaches;
pub use confirm_address::{ConfirmationPage, Confirmed, DeadConfirmation};
pub use deletion::Deletions;
pub use devices::{DEVICES_OF_A_BROWSER, RememberedDevice, TELL_NEW_DEVICES};
pub use drafts::DRAFT_LIFETIME;
pub use email_change::EmailState;
pub use error::{Error, Result};
pub use federation::{BegunFlow, Flow, FlowAim, LinkAllowed, NewFlow};
pub use forgotten_password::ANSWER_RESET_REQUEST;
pub use funnel::StepCounts;
pub use key_rotation::Rotation;
pub use leaving::{Leaving, StopPage};
pub use logos::{DrawnLogo, LogoError};
pub use mail_domains::MailDomains;
pub use not_me::{NotMePage, Secured};
pub use organisations::NewProject;
pub use own_activity::{Change, OwnLine, ShownActor, Wanted};
pub use own_data::{Field, Group as DataGroup, Groups, OwnData, Record, Value};
pub use password_attempts::clear_passwords;
pub use passwords::strength_for;
pub use proof::Proof;
pub use registration::{
    ANSWER_REGISTRATION, MAILS_PER_REGISTRATION, NewRegistration, Suggestion, Waiting, WaitingMail,
};
pub use reset_password::{NewPassword, ResetPage};
pub use second_factor::{Enabled, Enrolling, FactorState, FirstCode};
pub use second_step::{GivenCode, PendingSignIn};
pub use sessions::EndedSession;
pub use sign_in::{Credentials, OpenedSession, Progress};
pub use unit_of_work::{
    Chain, Client, Cost, CostError, Error as CommonError, EventKind, Fault, Hasher, HasherError,
    NetworkBuckets, Services, Settings, SignedIn, Vault, VaultError, is_key_file_of, token_hash,
};

use std::{ops::Deref, sync::Arc};

/// The use cases of accounts and sign-in; cheap to share behind an [`Arc`].
///
/// It dereferences to the [`Services`] that all use cases share.
pub struct Identity {
    services: Arc<Services>,
    /// Asked about leaks when a password is set; none unless the operator names a service.
    breaches: Option<Arc<dyn Breaches>>,
    /// Asked whether domains take mail; none where the operator switched it off.
    mail_domains: Option<Arc<dyn MailDomains>>,
    familiar: mail_domains::FamiliarDomains,
    /// Refused tries that are not written yet.
    refused: refused_tries::RefusedTries,
}

impl Identity {
    /// The use cases over these services.
    pub fn new(
        services: Arc<Services>,
        breaches: Option<Arc<dyn Breaches>>,
        mail_domains: Option<Arc<dyn MailDomains>>,
    ) -> Self {
        Self {
            services,
            breaches,
            mail_domains,
            familiar: mail_domains::FamiliarDomains::default(),
            refused: refused_tries::RefusedTries::default(),
        }
    }
}

impl Identity {
    /// The services that all use cases share.
    pub fn services(&self) -> Arc<Services> {
        Arc::clone(&self.services)
    }
}

impl Deref for Identity {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}
