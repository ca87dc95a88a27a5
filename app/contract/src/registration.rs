//! Registering on the platform, and confirming the address.

use crate::{Answer, MailCause, Moment};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What is typed on the page for registering.
pub struct RegistrationForm {
    /// The name that others see.
    pub name: String,
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// Where to go afterwards; anything but a path of this site is ignored.
    pub next: String,
}

/// What the page shows that waits for the confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The address.
    pub email: String,
    /// Where its mail stands.
    pub mail: WaitingMail,
    /// How many further mails can be asked for.
    pub mails_left: u32,
    /// Seconds until the next one can be asked for.
    pub wait_s: u64,
    /// Whether the address was confirmed with it, in whichever browser.
    pub confirmed: bool,
    /// When the owner of the address said that they did not register.
    pub denied_at: Option<Moment>,
    /// Addresses that may be meant instead.
    pub suggestion: Option<Suggestion>,
    /// Names this state: another one when any of it has changed.
    pub version: String,
    /// The titles of the proposals whose support waits for the confirmation.
    pub supports: Vec<String>,
}

/// Why an address is doubted, and which may be meant instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its domain.
    pub domain: String,
    /// Whether the domain exists; then it takes no mail.
    pub exists: bool,
    /// The addresses, one or two.
    pub emails: Vec<String>,
}

/// Where the mail of a registration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitingMail {
    /// None was asked for yet.
    None,
    /// It was written so long ago that what became of it is not known any more.
    Forgotten,
    /// It is being written, or waits for its turn.
    Queued,
    /// It was not taken, and is tried again.
    Postponed(MailCause),
    /// A mail server took it.
    Sent {
        /// Which one.
        by: String,
        /// When.
        at: Moment,
    },
    /// A mail server refused it, or it was given up.
    Refused {
        /// Which one.
        by: String,
        /// Why.
        cause: MailCause,
        /// When.
        at: Moment,
    },
    /// A mail server took it and sent it back, or holds it.
    Returned {
        /// Why.
        cause: MailCause,
        /// When.
        at: Moment,
    },
}

/// What the page behind the link of the mail shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// The link works.
    Open(OpenConfirmation),
    /// The address was confirmed with it.
    Confirmed,
    /// It is too old, and a new one can be sent.
    Renewable,
    /// It is dead.
    Dead,
}

/// A registration that its link can confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenConfirmation {
    /// The address to confirm.
    pub email: String,
    /// The name that was registered.
    pub name: String,
    /// When it was registered.
    pub when: Moment,
    /// With which browser and system.
    pub device: String,
    /// Whether the button signs in too: it was registered in this browser.
    pub signs_in: bool,
}

/// An address that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The address.
    pub email: String,
    /// Whether the user is signed in now.
    pub signed_in: bool,
    /// The page that was wanted before registering: a path of this site.
    pub next: Option<String>,
}

/// What was done about a registration, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationDone {
    /// Another mail was asked for.
    MailAsked,
    /// The address was corrected, and a mail goes there.
    Corrected,
    /// The address was confirmed; now sign in.
    Confirmed,
    /// The address was confirmed, and the user is signed in.
    ConfirmedAndSignedIn,
    /// The owner of the address did not register.
    Denied,
    /// A new link was asked for.
    LinkAsked,
}

/// Registering, and confirming the address. What it says never depends on whether an address has an account.
#[async_trait]
pub trait RegistrationPort: Send + Sync {
    /// The least number of characters of a new password here.
    fn registration_minimum(&self) -> u32;

    /// Registers: from then on this browser waits for the confirmation.
    async fn register(&self, form: RegistrationForm) -> Answer<()>;

    /// What this browser waits for; `None` when nothing was registered in it of late.
    async fn waiting(&self) -> Answer<Option<Waiting>>;

    /// Has the mail sent that this browser waits for, once more. Refuses with [`crate::RegistrationProblem`].
    async fn send_confirmation(&self) -> Answer<()>;

    /// Corrects the address of the registration of this browser; the mail goes to the new one.
    async fn correct_registration(&self, email: &str) -> Answer<()>;

    /// Confirms by the code of the mail, and signs in.
    async fn confirm_by_code(&self, code: &str) -> Answer<Confirmed>;

    /// Reads the link of the mail and consumes nothing.
    async fn confirmation(&self, token: &str) -> Answer<Confirmation>;

    /// Confirms the address, and signs in the browser that registered.
    async fn confirm_address(&self, token: &str) -> Answer<Confirmed>;

    /// Says that the owner of the address did not register.
    async fn deny_registration(&self, token: &str) -> Answer<()>;

    /// Has a new mail sent in place of a link that is too old.
    async fn renew_confirmation(&self, token: &str) -> Answer<()>;
}
