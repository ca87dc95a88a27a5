//! How a server function answers a form, without naming HTTP.

use crate::{
    DetailsDone, Door, HelpDone, LeavingDone, ParticipationDone, PasswordDone, Problem,
    ProviderDone, RegistrationDone, SessionsDone, SignInDone, TwoFactorDone,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What was done, told once on the next page: in the words of its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// Signing in.
    SignIn(SignInDone),
    /// Registering.
    Registration(RegistrationDone),
    /// Taking part.
    Participation(ParticipationDone),
    /// Passwords.
    Password(PasswordDone),
    /// The second factor.
    TwoFactor(TwoFactorDone),
    /// Google and Microsoft.
    Provider(ProviderDone),
    /// Sessions and devices.
    Sessions(SessionsDone),
    /// The details of one's own account.
    Details(DetailsDone),
    /// Deleting one's own account.
    Leaving(LeavingDone),
    /// The help.
    Help(HelpDone),
    /// Nothing yet: what was typed before the last session ended is there again. Drafts are stored
    /// with this name.
    TextReturned,
}

/// Lets a server function say what was done in the words of its area.
macro_rules! areas {
    ($($area:ident($done:ident),)+) => {
        $(impl From<$done> for Done {
            fn from(done: $done) -> Self {
                Self::$area(done)
            }
        })+
    };
}

areas! {
    SignIn(SignInDone),
    Registration(RegistrationDone),
    Participation(ParticipationDone),
    Password(PasswordDone),
    TwoFactor(TwoFactorDone),
    Provider(ProviderDone),
    Sessions(SessionsDone),
    Details(DetailsDone),
    Leaving(LeavingDone),
    Help(HelpDone),
}

/// A message for one page of this browser: kept on the server, encrypted, read once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// What went wrong.
    pub problem: Option<Problem>,
    /// Which form it was, when a page has several.
    pub form: Option<String>,
    /// What was typed, secrets excepted: field name and text.
    pub typed: Vec<(String, String)>,
    /// What was done.
    pub done: Option<Done>,
}

impl Flash {
    /// For the sign-in page: what was done, and the address that the person signs in with.
    pub fn at_sign_in(done: impl Into<Done>, email: String) -> Self {
        Self {
            done: Some(done.into()),
            form: Some("sign_in".to_owned()),
            typed: vec![("email".to_owned(), email)],
            ..Self::default()
        }
    }

    /// What was typed into a field.
    pub fn typed(&self, field: &str) -> Option<String> {
        let mut typed = self.typed.iter();
        typed
            .find(|(name, _)| name == field)
            .map(|(_, text)| text.clone())
    }
}

/// The answer to a form.
#[async_trait]
pub trait Responder: Send + Sync {
    /// Keeps a message for this browser's next visit to the page with this path; no other page shows it.
    async fn keep(&self, page: &str, flash: Flash);

    /// When the form came with a session that was over: keeps what was typed on that page, secrets
    /// excepted, for the next session of the same person in this browser. False when there was no
    /// such session: without one nothing is kept.
    async fn keep_draft(&self, page: &str, form: &str, typed: &[(String, String)]) -> bool;

    /// Sends the browser to a path of this site with 303 See Other.
    fn see_other(&self, path: &str);

    /// Answers 503 with `Retry-After` and a calm page that leads back to `path`.
    fn overloaded(&self, wait_s: u64, path: &str);

    /// Answers with a text file for the browser to save.
    fn attach(&self, name: String, text: String);

    /// The door that the form stands behind.
    fn door(&self) -> &Door;
    /// Gives the answer to a script this HTTP status.
    fn status(&self, status: u16);

    /// Whether a browser posted a form, rather than a script calling for data.
    fn wants_page(&self) -> bool;
}
