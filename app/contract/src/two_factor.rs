//! Two-factor authentication of one's own account.

use crate::{Answer, Moment};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// The second factor as the settings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwoFactorState {
    /// There is none.
    Off {
        /// Whether a proof is needed to set one up.
        needs_proof: bool,
    },
    /// An authenticator application is set up.
    On {
        /// Since when.
        since: Moment,
        /// When a code was last accepted.
        last_used: Moment,
        /// How many recovery codes are left.
        recovery_codes_left: u32,
        /// Whether a recovery code was used after the last code: the phone may be lost.
        phone_missing: bool,
        /// Whether the password is a proof here; if not, only a code or a recovery code is.
        takes_password: bool,
        /// The least number of characters of the password that must be chosen before it can be
        /// switched off; none when the present one is good enough to stand alone.
        longer_password: Option<u32>,
    },
}

/// What was done about the second factor, told on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorDone {
    /// It is on; the page shows the recovery codes that came with it.
    On,
    /// Another phone replaces the one before.
    PhoneReplaced,
    /// It is off.
    Off,
    /// New recovery codes replace the old ones.
    CodesMade,
    /// The recovery codes are saved.
    CodesSaved,
}

/// What is needed to set up an authenticator application.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The QR code as SVG.
    pub qr_svg: String,
    /// The same secret in groups of four characters.
    pub secret_text: String,
    /// The `otpauth:` address, for an application on the same phone.
    pub otpauth_url: String,
    /// Whether it replaces the phone that is set up.
    pub replaces: bool,
    /// The address of the account, as the application will label it.
    pub email: String,
    /// Tells this set-up from another one.
    pub mark: String,
}

/// Recovery codes that were made in this session and not saved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsavedCodes {
    /// The codes, in groups of four characters.
    pub codes: Vec<String>,
    /// The site that they sign in to: its name and its address.
    pub site: String,
    /// The address of the account.
    pub email: String,
    /// The day on which they were made.
    pub made: Moment,
    /// Tells them from the ones that another tab may have made since.
    pub mark: String,
}

/// What is typed to confirm a set-up.
#[derive(Clone, Copy)]
pub struct FirstCode<'a> {
    /// The [`Enrolment::mark`] of the page.
    pub shown: &'a str,
    /// The code.
    pub code: &'a str,
}

/// On, off, and new recovery codes. Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait TwoFactorPort: Send + Sync {
    /// Whether it is on.
    async fn two_factor(&self) -> Answer<TwoFactorState>;

    /// What is being set up in this session.
    async fn enrolment(&self) -> Answer<Option<Enrolment>>;

    /// Generates a secret to set up, also in place of the one that is set up. The proof may be empty where
    /// [`TwoFactorState::Off`] needs none.
    async fn begin_two_factor(&self, proof: &str) -> Answer<()>;

    /// Discards the secret that was being set up.
    async fn cancel_two_factor(&self) -> Answer<()>;

    /// Enables it with the first code, and makes the recovery codes; or replaces the phone. Gives which of the two.
    async fn enable_two_factor(&self, first: FirstCode<'_>) -> Answer<TwoFactorDone>;

    /// Disables it. Refuses with [`CodeProblem::PasswordNeedsFactor`] as long as the password
    /// is too short to stand alone.
    async fn disable_two_factor(&self, proof: &str) -> Answer<()>;

    /// Replaces the recovery codes.
    async fn renew_recovery_codes(&self, proof: &str) -> Answer<()>;

    /// The recovery codes that were made in this session, until they are saved.
    async fn unsaved_codes(&self) -> Answer<Option<UnsavedCodes>>;

    /// Those with this [`UnsavedCodes::mark`] are saved, and not shown again; false when newer ones are shown.
    async fn recovery_codes_saved(&self, mark: &str) -> Answer<bool>;
}
