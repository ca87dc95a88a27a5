//! Two-factor authentication of one's own account.

use crate::{Answer, Moment};
use async_trait::async_trait;

/// The second factor as the settings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwoFactorState {
    /// There is none.
    Off,
    /// An authenticator application is set up.
    On {
        /// Since when.
        since: Moment,
        /// When a code was last accepted.
        last_used: Moment,
        /// How many recovery codes are left.
        recovery_codes_left: u32,
        /// The least number of characters of the password that must be chosen before it can be
        /// switched off; none when the present one is good enough to stand alone.
        longer_password: Option<u32>,
    },
}

/// What is needed to set up an authenticator application.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The QR code as SVG.
    pub qr_svg: String,
    /// The same secret in groups of four characters.
    pub secret_text: String,
    /// The `otpauth:` address, for an application on the same telephone.
    pub otpauth_url: String,
    /// Whether the password must be given with the code.
    pub needs_proof: bool,
    /// The address of the account, as the application will label it.
    pub email: String,
}

/// On, off, and new recovery codes. Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait TwoFactorPort: Send + Sync {
    /// Whether it is on.
    async fn two_factor(&self) -> Answer<TwoFactorState>;

    /// What is being set up in this session.
    async fn enrolment(&self) -> Answer<Option<Enrolment>>;

    /// Draws a secret to set up.
    async fn begin_two_factor(&self) -> Answer<()>;

    /// Forgets the secret that was being set up.
    async fn cancel_two_factor(&self) -> Answer<()>;

    /// Switches it on with the first code; gives the recovery codes.
    async fn enable_two_factor(&self, code: &str, proof: &str) -> Answer<Vec<String>>;

    /// Switches it off. Refuses with [`crate::Problem::PasswordNeedsFactor`] as long as the password
    /// is too short to stand alone.
    async fn disable_two_factor(&self, proof: &str) -> Answer<()>;

    /// Replaces the recovery codes and gives the new ones.
    async fn renew_recovery_codes(&self, proof: &str) -> Answer<Vec<String>>;
}
